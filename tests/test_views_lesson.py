"""What lessons draw, by setting what people set."""

import contextlib

import pytest
import traitlets

from visionquiz.classroom import Seat, SharedRoom
from visionquiz.errors import StoreError
from visionquiz.views import lesson
from visionquiz.views._board import Board
from visionquiz.views.lesson._frame import AWAY
from visionquiz.views.lesson._kinds import VIEWS, find_view

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def begun(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lesson, "_open", {})
    return lesson.begin("why-a-vision")


def test_parts_without_a_lesson_say_what_to_run(monkeypatch):
    monkeypatch.setattr(lesson, "_open", {})
    for part in (lesson.do("define"), lesson.check(), lesson.end()):
        assert "Run the first cell of this lesson first" in part.children[1].value


def test_a_lesson_that_is_not_there_is_said_on_the_page(monkeypatch):
    monkeypatch.setattr(lesson, "_open", {})
    assert "no lesson" in lesson.begin("dancing").children[1].value


def test_every_kind_has_its_view():
    for kind in VIEWS:
        assert find_view(kind).__name__ == VIEWS[kind][1]


def test_others_words_come_only_after_ones_own(begun):
    view = lesson.do("define")
    assert view.others["great-service"].value == ""
    view.say("great-service")
    assert "nothing in the box" in view.sent["great-service"].value
    view.boxes["great-service"].value = "x" * 1001
    view.say("great-service")
    assert "at most 1,000" in view.sent["great-service"].value
    assert view.others["great-service"].value == ""
    view.boxes["great-service"].value = f"They ring back {EVIL}"
    view.say("great-service")
    assert "Invented people said" in view.others["great-service"].value
    assert "telling words" in view.others["great-service"].value
    assert "<script" not in view.others["great-service"].value
    assert view.after.value


def test_a_choice_gives_its_reason_and_can_be_mended(begun):
    view = lesson.do("decide")
    box = view.boxes[0]
    assert box.decide.disabled
    box.radios.value = 0
    box.decide.click()
    assert "Poor" in box.verdict.value
    assert "Try another one" in box.verdict.value
    box.radios.value = 1
    assert box.verdict.value == "", "an old reason must not stand beside a new choice"
    box.decide.click()
    assert "Best" in box.verdict.value
    # What counts for the room is the first choice.
    assert view.classroom.room.mine("decide")[box.asked.id] == {"choice": 0}
    view.boxes[1].radios.value = 1
    view.boxes[1].decide.click()
    assert "1 of 2 at the first try" in view.after.value


def test_the_check_is_done_once_everything_is_right(begun):
    view = lesson.check()
    for box, wrong in zip(view.boxes, (1, 0, 0), strict=True):
        box.radios.value = wrong
        box.decide.click()
        assert "Not this one" in box.verdict.value
    assert "0 of 3 right" in view.progress.value
    for box in view.boxes:
        box.radios.value = next(i for i, one in enumerate(box.asked.options) if one.points == box.asked.best)
        box.decide.click()
    assert "3 of 3 right" in view.progress.value
    assert view.classroom.room.mine("check") == {}, "nobody else sees a knowledge check"


def test_notes_follow_the_switch(begun):
    view = lesson.note("opening")
    assert view.layout.display == "none"
    assert AWAY in view._dom_classes, "the cell is hidden with it"
    begun.notes.value = True
    assert view.layout.display is None
    assert AWAY not in view._dom_classes


def test_what_is_optional_says_so_and_is_counted_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lesson, "_open", {})
    head = lesson.begin("test-the-draft")
    assert "About 15 minutes alone (4 more if you have time), 20 in a room." in head.children[1].value
    assert "(4 minutes, if you have time)" in lesson.note("match").children[1].value
    assert "(2 minutes)" in lesson.note("opening").children[1].value
    assert "If you have time" in lesson.do("match").children[1].value
    assert "If you have time" not in lesson.do("tests").children[1].value


@pytest.fixture
def room(enter, monkeypatch):
    monkeypatch.setattr(lesson, "_open", {})

    def view_of(seat, activity, *, trainer=False):
        return lesson.make_activity(enter("why-a-vision", seat, trainer=trainer), activity)

    view_of.store = enter.store
    return view_of


def test_a_learner_gets_no_notes_in_a_session(room, monkeypatch, tmp_path):
    monkeypatch.setenv("VISIONQUIZ_ROOM", room.store.url)
    monkeypatch.setenv("VISIONQUIZ_SEAT", "p1")
    head = lesson.begin("why-a-vision")
    assert head.notes not in head.children
    assert AWAY in lesson.note("opening")._dom_classes
    assert not hasattr(lesson.note("opening"), "children"), "the note's words do not reach the browser"


def test_the_room_sees_what_the_trainer_lets_through(room):
    ada, wall = room("ada", "define"), room("t", "define", trainer=True)
    ada.boxes["great-service"].value = f"Ringing back {EVIL}"
    ada.say("great-service")
    assert "Others see it once your trainer has looked at it" in ada.sent["great-service"].value
    wall.refresh()
    assert "Ringing back" not in wall.others["great-service"].value
    room.store.moderate([one.id for one in room.store.read("define")], "shown")
    wall.refresh()
    assert "Ringing back" in wall.others["great-service"].value
    assert "<script" not in wall.others["great-service"].value


@pytest.mark.parametrize(
    "body", [{"choice": "x"}, {"choice": 99}, {"choice": -1}, {"choice": None}, {}, {"choice": [1]}]
)
def test_odd_contributions_are_passed_over(room, body):
    one = room("ada", "decide")
    SharedRoom(room.store, Seat(id="evil")).share("decide", body, slot="wet-cellar")
    SharedRoom(room.store, Seat(id="bea")).share("decide", {"choice": 2}, slot="wet-cellar")
    one.boxes[0].radios.value = 1
    one.boxes[0].decide.click()
    one.refresh()
    assert "What 2 people chose first: A: 0, B: 1, C: 1." in one.boxes[0].verdict.value


@pytest.mark.parametrize(
    "body", [{"ask": "great-service", "text": 5}, {"ask": "great-service"}, {"text": "x"}, {"ask": []}]
)
def test_odd_words_are_passed_over(room, body):
    SharedRoom(room.store, Seat(id="evil")).share("define", body)
    wall = room("t", "define", trainer=True)
    assert "Nobody else" in wall.others["great-service"].value


def test_a_full_store_is_said_and_the_text_stays(room):
    ada = room("ada", "define")
    ada.boxes["great-service"].value = "kept"
    room.store.close()
    ada.classroom.room.store.contribute = lambda *_, **__: (_ for _ in ()).throw(StoreError("the disk is full"))
    ada.say("great-service")
    assert "It was not kept: the disk is full" in ada.message.value
    assert ada.boxes["great-service"].value == "kept"


@pytest.mark.parametrize(
    "sent",
    [None, "x", [["a"]], [["a", "nowhere"]], [["ghost", "good"]], [[1, 2]], [["a", "good", "more"]], [{"a": "good"}]],
)
def test_a_board_takes_only_cards_in_places_that_there_are(sent):
    from visionquiz.curriculum import Bin, Card

    board = Board([Card(id="a", text="A"), Card(id="b", text="B")], [Bin(id="good", label="Good")], tray="Cards")
    board.set_state({"placed": [["b", "good"]]})
    assert board.places == {"b": "good"}
    with contextlib.suppress(traitlets.TraitError):  # what is no list at all
        board.set_state({"placed": sent})
    assert set(board.places) <= {"a", "b"}
    assert set(board.places.values()) <= {"good"}
    assert sorted(board.order) == ["a", "b"]
