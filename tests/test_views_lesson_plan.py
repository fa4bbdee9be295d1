"""The plan, the goal that is mended, and the card for a huddle."""

import base64
import re
import shutil

import pytest

from visionquiz.classroom import Seat, SharedRoom, enter_lesson
from visionquiz.kit import kit_path
from visionquiz.views.lesson import make_activity
from visionquiz.views.lesson._plan import MOST_OWN

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def enter(tmp_path):
    return lambda activity, environ=None: make_activity(
        enter_lesson("keep-it-alive", tmp_path, environ or {}), activity
    )


def trainer(store):
    return {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_TRAINER": "1"}


WHOLE = [
    ["leaders", "day-1-7"], ["training", "day-1-7"], ["huddle", "day-8-30"], ["goals", "day-31-60"],
    ["recheck-7", "day-1-7"], ["recheck-30", "day-8-30"], ["recheck-90", "day-61-90"],
]  # fmt: skip


def test_an_empty_plan_is_not_shared(enter):
    view = enter("plan")
    view.check()
    assert "Nothing is in the plan yet" in view.result.value
    assert view.classroom.room.mine("plan") == {}
    assert view.figures.value == ""


def test_a_plan_of_one_burst_is_told_what_it_lacks_and_a_whole_one_is_done(enter):
    view = enter("plan")
    view.board.placed = [["training", "day-1-7"], ["huddle", "day-1-7"], ["hiring", "day-1-7"]]
    view.check()
    for told in ("There is no re-check", "There is nothing for leaders", "Everything lies in one place: Week 1"):
        assert told in view.result.value
    assert view.board.remarks["hiring"]["head"] == "Think again."
    assert view.board.remarks["training"]["head"] == "A good place."
    assert view.after.value == ""
    assert "Invented people and you" in view.figures.value
    view.board.placed = WHOLE
    view.check()
    assert "Nothing is missing that can be told" in view.result.value
    assert "7 cards, from day 1 to day 90." in view.result.value
    assert "day 8 to 90" in view.result.value, "a habit goes on"
    assert view.after.value
    assert view.classroom.room.mine("plan")[""]["places"]["huddle"] == "day-8-30"


def test_a_card_of_ones_own_is_laid_drawn_and_kept_to_oneself(enter):
    view = enter("plan")
    view.add.click()
    assert "Write on the card first" in view.added.value
    view.text.value = "x" * 121
    view.add.click()
    assert "at most 120" in view.added.value
    view.text.value, view.topic.value = f"The boss {EVIL}", "leaders"
    view.add.click()
    view.board.placed = [*WHOLE[1:], ["own-1", "day-1-7"]]
    view.check()
    assert "Nothing is missing that can be told" in view.result.value
    assert "The boss" in view.result.value
    assert "<script" not in view.result.value
    assert "own-1" not in view.classroom.room.mine("plan")[""]["places"]
    for _ in range(MOST_OWN):
        view.text.value = "another"
        view.add.click()
    assert "are enough" in view.added.value
    assert len(view.own) == MOST_OWN


@pytest.mark.parametrize("body", [{}, {"places": EVIL}, {"places": {"leaders": EVIL}}, {"places": [1]}])
def test_odd_plans_are_passed_over(enter, store, body):
    SharedRoom(store, Seat(id="evil")).share("plan", body)
    SharedRoom(store, Seat(id="ada")).share("plan", {"places": dict(WHOLE)})
    wall = enter("plan", trainer(store))
    assert "The room: what" in wall.figures.value
    assert "In no plan so far" in wall.figures.value
    assert "<script" not in wall.figures.value


def test_the_goal_that_pulls_the_other_way_is_found(enter):
    view = enter("goals")
    box = view.boxes[0]
    box.radios.value = 0
    box.decide.click()
    assert "Not this one" in box.verdict.value
    box.radios.value = 1
    box.decide.click()
    assert "Right" in box.verdict.value


def test_a_goal_is_mended_only_when_it_is_changed_and_names_who_gets_what(enter):
    view = enter("repair")
    for text, told in (
        ("", "Nothing is written yet"),
        (view.goal.text, "This is the old goal"),
        ("x " * 200, "at most 300"),
        ("More profit", "names nobody who is served"),
    ):
        view.box.value = text
        view.repair()
        assert told in view.result.value
        assert view.classroom.room.mine("repair") == {}
    view.box.value = f"9 of 10 callers know what comes next {EVIL}"
    view.repair()
    assert "Its words have what a goal of this kind needs" in view.result.value
    assert "Could somebody reach it without serving anybody?" in view.result.value
    assert view.goal.why[:20] in view.result.value
    assert "Invented people wrote" in view.others.value
    assert "<script" not in view.result.value + view.others.value
    assert view.after.value


def test_goals_of_others_wait_for_the_trainer_and_are_harmless(enter, store):
    SharedRoom(store, Seat(id="evil")).share("repair", {"text": EVIL}, typed=True)
    SharedRoom(store, Seat(id="odd")).share("repair", {"text": 5})
    ada = enter("repair", {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_SEAT": "ada"})
    ada.box.value = "Every caller knows what happens next"
    ada.repair()
    assert [one.state for one in store.read("repair") if one.author == "ada"] == ["waiting"]
    wall = enter("repair", trainer(store))
    assert wall.others.value == ""
    store.moderate([one.id for one in store.read("repair")], "shown")
    wall.refresh()
    assert "What the room wrote" in wall.others.value
    assert "<script" not in wall.others.value


def test_a_huddle_card_is_about_one_point_of_ones_own_vision_and_can_be_printed(tmp_path, enter):
    shutil.copyfile(kit_path("assessments") / "dunmarrow" / "vision.toml", tmp_path / "vision.toml")
    view = enter("huddle")
    view.make()
    assert "Choose first" in view.card.value
    assert view.classroom.room.mine("huddle") == {}
    vision = view.classroom.vision
    view.menu.value = vision.meaning[1].id
    view.make()
    assert vision.statement in view.card.value.replace("&#x27;", "'")
    link = re.search(r'href="data:text/html;base64,([^"]+)"', view.card.value)
    page = base64.b64decode(link[1]).decode()
    assert "half a minute" in page
    assert "http" not in re.sub(r"<!doctype.*?<main>", "", page, flags=re.DOTALL), "it asks nothing of other machines"
    assert view.classroom.room.mine("huddle") == {"": {"point": vision.meaning[1].id}}
    assert view.after.value


def test_the_room_sees_what_its_huddles_are_about(enter, store):
    for seat, point in (("a", "say-so"), ("b", EVIL), ("c", ["say-so"])):
        SharedRoom(store, Seat(id=seat)).share("huddle", {"point": point})
    wall = enter("huddle", trainer(store))
    assert "huddles are about" in wall.figures.value
    assert "<script" not in wall.figures.value
