"""A scene is watched: point by point, in the company's own words."""

import pytest

from visionquiz.classroom import Seat, SharedRoom, enter_lesson
from visionquiz.store import Store, store_url
from visionquiz.views.lesson import make_activity


@pytest.fixture
def alone(tmp_path):
    return make_activity(enter_lesson("decide-with-it", tmp_path, {}), "scene")


def answer(view, value):
    for mark in view.marks.values():
        mark.value = value


def test_every_point_of_the_vision_is_watched_for(alone):
    assert [mark.description for mark in alone.marks.values()] == [one.text for one in alone.classroom.vision.meaning]


def test_lines_without_an_answer_are_counted(alone):
    alone.send_in()
    assert f"{len(alone.marks)} lines have no answer yet" in alone.sent.value
    answer(alone, "yes")
    next(iter(alone.marks.values())).value = None
    alone.send_in()
    assert "One line has no answer yet" in alone.sent.value
    assert alone.classroom.room.mine("scene") == {}


def test_what_was_missing_is_named_and_a_second_scene_counts_too(alone):
    answer(alone, "yes")
    first = alone.classroom.vision.meaning[0]
    alone.marks[first.id].value = "no"
    alone.send_in()
    assert first.text in alone.sent.value
    assert "in 0 of 1" in alone.figures.value
    assert all(mark.disabled for mark in alone.marks.values())
    alone.another.click()
    answer(alone, "yes")
    alone.send_in()
    assert "would you like to hear more often" in alone.sent.value
    assert "What was seen in 2 scenes" in alone.figures.value
    assert "in 1 of 2" in alone.figures.value


def test_what_was_not_called_for_is_no_failure(alone):
    answer(alone, "uncalled")
    alone.send_in()
    assert "in no scene called for" in alone.figures.value


@pytest.mark.parametrize("body", [{}, {"seen": "x"}, {"seen": {"ghost": "yes"}}, {"seen": {"water-first": ["yes"]}}])
def test_odd_contributions_are_passed_over(tmp_path, body):
    store = Store(store_url(tmp_path / "room.db"))
    SharedRoom(store, Seat(id="evil")).share("scene", body)
    wall = make_activity(
        enter_lesson("decide-with-it", tmp_path, {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_TRAINER": "1"}), "scene"
    )
    assert "yes" not in wall.figures.value
    store.close()


def test_the_situations_are_the_companys_own(tmp_path):
    view = make_activity(enter_lesson("decide-with-it", tmp_path, {}), "situations")
    assert 1 <= len(view.boxes) <= 8
    box = view.boxes[0]
    poor = next(index for index, one in enumerate(box.asked.options) if one.points == 0)
    box.radios.value = poor
    box.decide.click()
    assert "Poor" in box.verdict.value
    assert "Try another one" in box.verdict.value
