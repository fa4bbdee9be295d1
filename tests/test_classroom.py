"""Who is in a lesson, whose vision it speaks of, and what the room sees."""

import pytest

from visionquiz import classroom
from visionquiz.classroom import Seat, SharedRoom, SoloRoom, enter_lesson, find_vision, list_lessons
from visionquiz.errors import VisionQuizError
from visionquiz.kit import kit_path
from visionquiz.store import Store

LESSON = "why-a-vision"


def test_somebody_alone_has_the_notes_and_what_invented_people_say(tmp_path):
    found = enter_lesson(LESSON, tmp_path, {})
    assert found.room.alone
    assert found.shows_notes
    said = found.room.shown("define")
    assert len(said) >= 5
    assert all(one.author.startswith("invented") for one in said)
    found.room.share("define", {"text": "mine"}, slot="great-service", typed=True)
    assert found.room.mine("define") == {"great-service": {"text": "mine"}}


def test_a_learner_in_a_session_sees_no_notes_and_is_noted_as_here(store, tmp_path):
    environ = {"VISIONQUIZ_ROOM": store.url, "VISIONQUIZ_SEAT": "p1", "VISIONQUIZ_SEAT_NAME": "Ada"}
    found = enter_lesson(LESSON, tmp_path, environ)
    assert not found.room.alone
    assert not found.shows_notes
    assert [(one.name, one.place) for one in store.participants()] == [("Ada", LESSON)]
    assert enter_lesson(LESSON, tmp_path, {**environ, "VISIONQUIZ_TRAINER": "1"}).shows_notes
    assert len(store.participants()) == 1, "the trainer is no participant"


def test_typed_words_wait_for_the_trainer_and_choices_do_not(store):
    ada, bea = SharedRoom(store, Seat(id="ada")), SharedRoom(store, Seat(id="bea"))
    trainer = SharedRoom(store, Seat(id="t", trainer=True))
    ada.share("define", {"text": "<b>rude</b>"}, typed=True)
    ada.share("decide", {"choice": 1}, slot="q1")
    assert bea.shown("define") == []
    assert list(ada.mine("define")) == [""], "one's own words are there for oneself"
    assert len(bea.shown("decide")) == 1
    store.moderate([one.id for one in store.read("define")], "shown")
    assert len(bea.shown("define")) == 1
    trainer.share("define", {"text": "from the front"}, typed=True)
    assert len(bea.shown("define")) == 2


def test_whoever_comes_back_finds_their_own_words(store):
    SharedRoom(store, Seat(id="ada")).share("define", {"text": "one"}, slot="great-service", typed=True)
    again = SharedRoom(Store(store.url), Seat(id="ada"))
    assert again.mine("define") == {"great-service": {"text": "one"}}


def test_a_solo_room_replaces_what_was_said_before():
    room = SoloRoom(Seat())
    room.share("define", {"text": "one"})
    before = room.revision()
    room.share("define", {"text": "two"})
    assert room.mine("define") == {"": {"text": "two"}}
    assert room.revision() > before


def test_lessons_speak_of_the_nearest_vision(tmp_path):
    assert find_vision(tmp_path, {}) == kit_path("assessments") / "hollowmere" / "vision.toml"
    own = tmp_path / "acme" / "vision.toml"
    own.parent.mkdir()
    own.write_text((kit_path("assessments") / "dunmarrow" / "vision.toml").read_text(encoding="utf-8"))
    (own.parent / "lessons").mkdir()
    assert find_vision(own.parent / "lessons", {}) == own
    assert find_vision(tmp_path, {classroom.VISION: str(own)}) == own
    assert enter_lesson(LESSON, own.parent, {}).vision.company.startswith("Dunmarrow")


def test_a_lesson_that_is_not_there_is_said(tmp_path):
    with pytest.raises(VisionQuizError, match="no lesson 'dancing'"):
        enter_lesson("dancing", tmp_path, {})


def test_the_grader_answers_at_once(tmp_path):
    found = enter_lesson(LESSON, tmp_path, {})
    assert found.judge("state", found.vision.statement, "").level == 3


def test_lessons_are_listed_in_order():
    assert list_lessons()[0].stem == LESSON
