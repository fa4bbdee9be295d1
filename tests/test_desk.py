"""The trainer's desk: what it sees of a room, and that several may look at once."""

import datetime as dt

import pytest

from visionquiz.classroom import ROOM, TRAINER, list_lessons
from visionquiz.curriculum import load_lesson
from visionquiz.desk import Desk, find_doubles, open_desk
from visionquiz.errors import StoreError
from visionquiz.store import Store, store_url

NOW = dt.datetime(2026, 11, 29, 10, tzinfo=dt.UTC)


@pytest.fixture
def store(tmp_path):
    one = Store(store_url(tmp_path / "room.db"))
    one.join("ada", name="Ada Okafor", team="North", place="why-a-vision", now=NOW)
    one.join("ben", name="Ben Li", place="why-a-vision", now=NOW)
    yield one
    one.close()


@pytest.fixture
def desk(store):
    return Desk(store, [load_lesson(path) for path in list_lessons()])


def test_what_was_typed_is_seen_with_who_where_and_flags(store, desk):
    store.contribute("define", "ada", {"ask": "great-service", "text": "Ask Ben <b>"}, slot="x", state="waiting")
    store.contribute("decide", "ben", {"choice": 1}, slot="wet-cellar")
    (entry,) = desk.look().entries
    assert (entry.who, entry.activity, entry.text, entry.state) == (
        "Ada Okafor",
        "What is great service?",
        "Ask Ben <b>",
        "waiting",
    )
    assert [flag.kind for flag in entry.flags] == ["name", "markup"]
    assert [(one.activity, one.people, one.waiting) for one in desk.look().tallies] == [
        ("What is great service?", 1, 1),
        ("The decision it would change", 1, 0),
    ]


def test_ones_own_name_is_no_flag(store, desk):
    store.contribute("define", "ben", {"text": "Ben rings back"}, state="waiting")
    assert desk.look().entries[0].flags == ()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "(no words)"),
        ({"word": "friendly"}, "friendly"),
        ({"n": [1, None, {"a": True}]}, "(no words)"),
        ({"text": "\u202e\u200b"}, "(no words)"),
    ],
)
def test_nothing_that_waits_is_overlooked(store, desk, body, text):
    store.contribute("unheard-of", "nobody", body, state="waiting")
    (entry,) = desk.look().waiting()
    assert entry.text == text
    assert (entry.who, entry.activity) == ("somebody", "unheard-of")


def test_what_one_trainer_decides_the_other_sees(store, desk):
    other = Desk(store)
    store.contribute("define", "ada", {"text": "Ringing back"}, state="waiting")
    (entry,) = desk.look().waiting()
    assert other.look().waiting()
    desk.decide([entry.id], "shown")
    assert other.look().waiting() == ()
    assert [one.state for one in other.look().entries] == ["shown"]
    other.decide([entry.id], "hidden")
    assert [one.state for one in desk.look().entries] == ["hidden"]
    desk.decide([], "shown")


def test_changed_words_wait_again(store, desk):
    store.contribute("define", "ada", {"text": "Ringing back"}, slot="x", state="waiting")
    desk.decide([desk.look().entries[0].id], "shown")
    store.contribute("define", "ada", {"text": "Something rude"}, slot="x", state="waiting")
    (entry,) = desk.look().waiting()
    assert entry.text == "Something rude"


def test_what_became_something_else_meanwhile_is_not_let_through(store, desk):
    store.contribute("define", "ada", {"text": "Ringing back"}, slot="x", state="waiting")
    (entry,) = desk.look().entries
    store.contribute("define", "ada", {"text": "Something rude"}, slot="x", state="waiting")
    assert desk.decide([entry.id], "shown") == 1
    assert desk.look().entries[0].state == "waiting"
    assert desk.decide([entry.id], "shown") == 0
    assert desk.look().entries[0].state == "shown"


def test_two_browsers_under_one_name_are_told(store, desk):
    store.join("eve", name="ada okafor ", place="why-a-vision", now=NOW)
    store.join("x", name="", now=NOW)
    store.join("y", name="", now=NOW)
    assert find_doubles(desk.look().here) in (("Ada Okafor",), ("ada okafor",))


def test_whoever_joins_later_is_named_in_what_was_said_before(store, desk):
    store.contribute("define", "ada", {"text": "Ask Chidi"}, state="waiting")
    store.contribute("define", "x", {"text": "Ringing back"}, state="waiting")
    assert [one.flags for one in desk.look().entries] == [(), ()]
    assert desk.look().entries[1].who == "somebody"
    store.join("chidi", name="Chidi Obi", place="why-a-vision", now=NOW)
    store.join("x", name="Xenia", place="why-a-vision", now=NOW)
    one, other = desk.look().entries
    assert [flag.word for flag in one.flags] == ["Chidi"]
    assert (other.who, other.flags) == ("Xenia", ())
    store.join("chidi", name="", place="why-a-vision", now=NOW)
    assert desk.look().entries[0].flags == ()


@pytest.mark.parametrize("trainer", ["", "0"])
def test_nobody_but_the_trainer_has_a_desk(tmp_path, trainer):
    with pytest.raises(StoreError, match="belongs to a session's trainer"):
        open_desk({ROOM: store_url(tmp_path / "room.db"), TRAINER: trainer})
    with pytest.raises(StoreError):
        open_desk({TRAINER: "1"})
    assert open_desk({ROOM: store_url(tmp_path / "room.db"), TRAINER: "1"}).look().entries == ()
