"""Explaining without the statement's words, practice, and the way to the check."""

import shutil
from dataclasses import replace

import pytest

from visionquiz.classroom import Seat, SharedRoom, enter_lesson
from visionquiz.errors import VisionQuizError
from visionquiz.grading import Grade, Judgement
from visionquiz.kit import kit_path
from visionquiz.store import Store, store_url
from visionquiz.views.lesson import make_activity

LESSON = "say-what-it-means"
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
GOOD = (
    "Get the water on first and do the forms later. Babies and sick people come early. No codes. "
    "Say who comes and when, and if you do not know yet, admit it and ring back."
)


def enter(folder, environ=None, judge=None):
    found = enter_lesson(LESSON, folder, environ or {})
    return replace(found, judge=judge) if judge else found


def grades(*levels):
    """A grader that gives these levels one after the other; the first point comes across from level 2 on."""
    left = list(levels)

    def judge(kind, text, role):
        assert (kind, role) == ("explain", "")
        level = left.pop(0)
        verdict = "covered" if level >= 2 else "missing"
        return Grade(
            id="explain", share=level / 3, level=level, confidence=0.9, review=False, reason="So it goes.",
            judgements=(Judgement(part="water-first", verdict=verdict, chance=0.9),),
        )  # fmt: skip

    return judge


def test_nothing_in_the_box_is_said_and_nothing_is_shared(tmp_path):
    view = make_activity(enter(tmp_path), "explain")
    for text in ("", "  \n ", "\x00"):
        view.box.value = text
        view.explain()
        assert "nothing in the box" in view.status.value
    assert view.classroom.room.mine("explain") == {}
    assert view.figures.value == ""


def test_repeating_is_told_and_a_second_try_says_what_is_new(tmp_path):
    view = make_activity(enter(tmp_path, judge=grades(0, 2, 1)), "explain")
    view.box.value = f"Keep every home running {EVIL}"
    view.explain()
    assert "Not yet." in view.status.value
    assert "Change your text" in view.status.value
    assert '<mark title="a word of the statement">home</mark>' in view.result.value
    assert "3 of your" in view.result.value
    assert "Can you say it without them?" in view.result.value
    assert "<script" not in view.result.value
    assert "Not heard yet" in view.result.value
    view.box.value = "The taps work again before anybody fills in a form."
    view.explain()
    assert "One step on (before: not yet)" in view.status.value
    assert "New:<ul><li>Getting and keeping water flowing" in view.status.value
    assert "No word of the statement is in it" in view.result.value
    assert "This came across" in view.result.value
    view.explain()
    assert "Less came across than before" in view.status.value
    assert view.after.value


def test_the_grader_itself_tells_a_repetition_from_an_explanation(tmp_path):
    view = make_activity(enter(tmp_path), "explain")
    view.box.value = view.classroom.vision.statement
    view.explain()
    assert "Not yet." in view.status.value
    view.box.value = GOOD
    view.explain()
    assert view.attempts[1].level >= 2
    assert "Invented people and you" in view.figures.value
    assert "9 explanations" in view.figures.value


def test_a_grader_that_fails_is_said_and_the_text_stays(tmp_path):
    def judge(*_):
        raise VisionQuizError("the model is damaged")

    view = make_activity(enter(tmp_path, judge=judge), "explain")
    view.box.value = "kept"
    view.explain()
    assert "could not be graded: the model is damaged" in view.status.value
    assert view.box.value == "kept"
    assert not view.button.disabled


def test_the_room_sees_points_and_no_texts(tmp_path):
    store = Store(store_url(tmp_path / "room.db"))
    environ = {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_SEAT": "ada"}
    ada = make_activity(enter(tmp_path, environ, grades(2)), "explain")
    wall = make_activity(enter(tmp_path, {**environ, "VISIONQUIZ_TRAINER": "1", "VISIONQUIZ_SEAT": "t"}), "explain")
    assert "Nobody has explained it yet" in wall.figures.value
    ada.box.value = "My own secret words"
    ada.explain()
    SharedRoom(store, Seat(id="evil")).share("explain", {"points": {"water-first": EVIL}, "level": EVIL})
    SharedRoom(store, Seat(id="odd")).share("explain", {"points": [1]})
    wall.refresh()
    assert "The room: what came across in 2 explanations" in wall.figures.value
    assert "1 of 2" in wall.figures.value
    assert "<script" not in wall.figures.value
    assert all("secret" not in str(one.body) for one in store.read("explain"))
    store.close()


def test_another_company_is_explained_in_its_own_points(tmp_path):
    shutil.copyfile(kit_path("assessments") / "dunmarrow" / "vision.toml", tmp_path / "vision.toml")
    view = make_activity(enter(tmp_path, judge=grades(1)), "explain")
    assert view.classroom.vision.company.startswith("Dunmarrow")
    view.box.value = "Something"
    view.explain()
    assert view.classroom.vision.meaning[0].text[:20] in view.figures.value


def test_a_recall_is_kept_by_the_learner_and_counts_in_the_room(tmp_path):
    view = make_activity(enter(tmp_path), "practice")
    view.fading.skip.click()
    view.fading.recall.pass_.click()
    assert view.classroom.room.mine("practice") == {"": {"level": 0}}
    view.fading.recall.again.click()
    view.fading.recall.text.value = view.classroom.vision.statement
    view.fading.recall.check.click()
    assert view.classroom.room.mine("practice") == {"": {"level": 3}}
    assert view.after.value
    assert (tmp_path / "practice.json").is_file()


@pytest.mark.parametrize("body", [{}, {"level": "3"}, {"level": True}, {"level": 9}, {"level": [3]}])
def test_odd_recalls_are_passed_over(tmp_path, body):
    store = Store(store_url(tmp_path / "room.db"))
    SharedRoom(store, Seat(id="evil")).share("practice", body)
    SharedRoom(store, Seat(id="ada")).share("practice", {"level": 2})
    environ = {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_TRAINER": "1"}
    wall = make_activity(enter(tmp_path, environ), "practice")
    assert "The room: 1 recall<" in wall.figures.value
    store.close()


def test_the_way_to_the_check_is_told_as_it_is(tmp_path):
    view = make_activity(enter(tmp_path), "graded")
    assert "visionquiz new NAME" in view.place.value
    assert view.links.outputs == ()
    shutil.copyfile(kit_path("assessments") / "hollowmere" / "vision.toml", tmp_path / "vision.toml")
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "quizzes" / "first.toml").write_text(f'title = "First {EVIL} [x](y)"', encoding="utf-8")
    view.again.click()
    assert "visionquiz release first" in view.place.value
    (tmp_path / "release" / "first").mkdir(parents=True)
    (tmp_path / "release" / "first" / "first.ipynb").write_text("{}", encoding="utf-8")
    view.again.click()
    assert "The check is open" in view.place.value
    assert "visionquiz take first --as PERSON" in view.place.value
    assert "<script" not in view.place.value
    (shown,) = view.links.outputs
    markdown = shown["data"]["text/markdown"]
    assert markdown.endswith("](release/first/first.ipynb)")
    assert "<" not in markdown
    assert markdown.count("](") == 1
    view.done.click()
    assert view.after.value
    assert view.done.disabled


def test_in_a_session_a_learner_asks_the_trainer_and_the_room_counts(tmp_path):
    store = Store(store_url(tmp_path / "room.db"))
    environ = {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_SEAT": "ada"}
    ada = make_activity(enter(tmp_path, environ), "graded")
    assert "Your trainer says when the check is open" in ada.place.value
    assert str(tmp_path) not in ada.place.value
    SharedRoom(store, Seat(id="evil")).share("graded", {"handed": "yes"})
    ada.done.click()
    assert "1 person says" in ada.room.value
    store.close()


def test_markup_before_between_and_after_marked_words_is_harmless(vision):
    from visionquiz.own_words import find_borrowed
    from visionquiz.views.lesson._explain import marked

    text = f"{EVIL} home {EVIL} home {EVIL}"
    shown = marked(text, find_borrowed(text, vision.statement))
    assert shown.count(">home</mark>") == 2
    assert "<script" not in shown
    assert "<img" not in shown
