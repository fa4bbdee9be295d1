"""One contribution in three parts, and the table of the room."""

import shutil
from dataclasses import replace

import pytest

from visionquiz.classroom import Seat, SharedRoom, enter_lesson
from visionquiz.errors import VisionQuizError
from visionquiz.grading import Grade, Judgement
from visionquiz.kit import kit_path
from visionquiz.store import Store, store_url
from visionquiz.views.lesson import make_activity

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def judging(level, role="adviser"):
    def judge(kind, text, given):
        assert (kind, given) == ("contribute", role)
        return Grade(
            id="contribute", share=level / 3, level=level, confidence=0.9, review=True,
            reason="So it goes. A person will look at this.",
            judgements=(
                Judgement(part="personal", verdict="I", chance=0.9),
                Judgement(part="concrete", verdict="half", chance=0.9),
                Judgement(part="linked", verdict="no", chance=0.5),
            ),
        )  # fmt: skip

    return judge


@pytest.fixture
def enter(tmp_path):
    def make(judge=None, environ=None):
        found = enter_lesson("my-part", tmp_path, environ or {})
        return make_activity(replace(found, judge=judge) if judge else found, "contribute")

    return make


def fill(view, action, result, point="next-step", role="adviser"):
    view.role.value, view.action.value, view.result.value, view.point.value = role, action, result, point
    view.contribute()


def test_a_role_comes_first_and_examples_only_after_a_try(enter):
    view = enter()
    view.contribute()
    assert "Choose your role first" in view.status.value
    assert view.examples.value == ""
    fill(view, "", "", "")
    assert "3 parts are missing" in view.status.value
    assert view.classroom.vision.role("adviser").contributions[0] in view.examples.value
    assert view.classroom.room.mine("contribute") == {}
    assert view.figures.value == ""


def test_the_missing_part_is_named_then_the_sentence_is_graded(enter):
    view = enter(judging(2))
    fill(view, "I ring back before six", "we save money")
    assert "One part is missing" in view.status.value
    assert "This is what the company gets" in view.status.value
    assert view.told.value == ""
    fill(view, f"I ring back {EVIL}", "the caller knows who comes")
    assert "Mostly." in view.status.value
    assert "A person will look" not in view.status.value, "in a lesson nobody does"
    assert "so that the caller knows who comes." in view.told.value
    assert "<script" not in view.told.value
    assert "It is your own action" in view.told.value
    assert "half concrete" in view.told.value
    assert "Nothing in it points" not in view.told.value, "what the grader is not sure of is not said"
    assert view.classroom.room.mine("contribute") == {"adviser.next-step": {"role": "adviser", "point": "next-step"}}
    assert "Invented people and you" in view.figures.value
    assert view.after.value


def test_a_published_example_does_not_count(enter):
    view = enter(judging(3))
    example = view.classroom.vision.role("adviser").contributions[0]
    fill(view, example, "everybody knows it")
    assert "Somebody else's" in view.status.value
    assert "Contact centre adviser" in view.status.value
    assert view.classroom.room.mine("contribute") == {}
    assert view.stand.layout.display == "none"


def test_two_people_may_overrule_the_grader(enter):
    view = enter(judging(0))
    fill(view, "I put a sign into the street", "neighbours know when")
    assert "Not yet." in view.status.value
    assert view.classroom.room.mine("contribute") == {}
    assert view.stand.layout.display is None
    view.stand.click()
    assert len(view.classroom.room.mine("contribute")) == 1
    assert view.stand.layout.display == "none"


def test_what_cannot_be_seen_is_asked_about_and_not_refused(enter):
    view = enter(judging(1))
    fill(view, "I care a lot", "the customer is at ease")
    assert "A question: Could somebody watch you do it?" in view.told.value


def test_a_huge_text_and_a_grader_that_fails_are_said(enter):
    def judge(*_):
        raise VisionQuizError("the model is damaged")

    view = enter(judge)
    fill(view, "I ring " * 200, "the caller knows")
    assert "at most 600 characters" in view.status.value
    fill(view, "I ring back", "the caller knows")
    assert "could not be graded: the model is damaged" in view.status.value
    assert not view.button.disabled


def test_the_grader_itself_likes_a_whole_contribution(enter):
    view = enter()
    fill(view, "I write down the promised time and ring the caller back before it, even if there is no news",
         "they never have to ring us again to ask", "say-so")  # fmt: skip
    assert "Fully." in view.status.value or "Mostly." in view.status.value


def test_the_room_sees_roles_and_points_and_no_texts(tmp_path, enter):
    store = Store(store_url(tmp_path / "room.db"))
    environ = {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_SEAT": "ada"}
    ada, wall = enter(judging(2), environ), enter(environ={**environ, "VISIONQUIZ_TRAINER": "1"})
    assert "No contribution is here yet" in wall.figures.value
    fill(ada, "I ring back my secret caller", "the caller knows who comes")
    for body in ({"role": EVIL, "point": "say-so"}, {"role": ["adviser"]}, {}):
        SharedRoom(store, Seat(id=f"evil{len(body)}")).share("contribute", body)
    wall.refresh()
    assert "1 contribution, as people say themselves" in wall.figures.value
    assert "Nobody serves this so far" in wall.figures.value
    assert "Nothing yet from: Field repair technician" in wall.figures.value
    assert "<script" not in wall.figures.value
    assert all("secret" not in str(one.body) for one in store.read("contribute"))
    store.close()


def test_another_company_has_its_own_roles(tmp_path, enter):
    shutil.copyfile(kit_path("assessments") / "dunmarrow" / "vision.toml", tmp_path / "vision.toml")
    view = enter()
    titles = [title for title, _ in view.role.options[1:]]
    assert titles == [role.title for role in view.classroom.vision.roles]
    assert "Field repair technician" not in titles
