"""The wall: what the whole room may see of itself, and that it changes nothing."""

import datetime as dt
import re

import pytest

from visionquiz.classroom import CODE, JOIN, ROOM, TRAINER, Seat, SharedRoom, list_lessons
from visionquiz.curriculum import load_lesson
from visionquiz.errors import StoreError
from visionquiz.naming import NamedTheme, write_names
from visionquiz.store import Store, store_url
from visionquiz.views import lesson as lesson_views
from visionquiz.wall import LONG, MOST, SAID_KINDS, Place, Step, Team, Wall, open_wall
from visionquiz.workshop import IDEA

NOW = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)


@pytest.fixture
def wall(store):
    reader = Store(store.url, read_only=True)
    yield Wall(reader, [load_lesson(path) for path in list_lessons()])
    reader.close()


def join(store, ident, name="", team="", place="why-a-vision"):
    store.join(ident, name=name, team=team, place=place, now=NOW)


def say(store, text, author="ada", activity="define", slot="", state="shown"):
    store.contribute(activity, author, {"ask": "great-service", "text": text}, slot=slot, state=state)


def texts(wall):
    return [one.text for one in wall.look().said]


def test_who_is_here_and_where(store, wall):
    assert wall.look().people == 0
    join(store, "ada", "Ada Okafor")
    join(store, "ben", "ben \u202e Li", place="which-is-which")
    join(store, "x")
    join(store, "y", "\u200b ", place="workbench")
    join(store, "z", "Zoe", place="nowhere-known")
    scene = wall.look()
    assert (scene.people, scene.unnamed) == (5, 2)
    assert scene.places == (
        Place(title="A vision points everyone the same way", people=2, names=("Ada Okafor",)),
        Place(title="Know which statement is which", people=1, names=("ben Li",)),
        Place(title="nowhere-known", people=1, names=("Zoe",)),
        Place(title="The workbench", people=1, names=()),
    )


@pytest.mark.parametrize("name", ["Arse Wenger", "Ben <b>", "www.example.com", "ring 020 7946 0958", "a@b.example"])
def test_what_may_be_no_name_is_counted_and_not_shown(store, wall, name):
    join(store, "ada", "Ada Okafor")
    join(store, "ben", name)
    scene = wall.look()
    assert (scene.people, scene.unnamed, scene.places[0].names) == (2, 1, ("Ada Okafor",))


def test_who_was_here_last_time_is_not_here_now(store):
    join(store, "ada", "Ada")
    store.join("ben", name="Ben", place="why-a-vision", now=NOW + dt.timedelta(hours=2))
    scene = Wall(store, began=NOW + dt.timedelta(hours=1)).look()
    assert (scene.people, scene.places[0].names) == (1, ("Ben",))


@pytest.mark.parametrize("state", ["waiting", "hidden"])
def test_nothing_shows_that_was_not_let_through(store, wall, state):
    join(store, "ada", "Ada")
    say(store, "Ringing back", state=state)
    assert texts(wall) == []
    assert "Ringing" not in str(wall.look())
    store.moderate([store.read()[0].id], "shown")
    assert texts(wall) == ["Ringing back"]
    store.moderate([store.read()[0].id], state)
    assert texts(wall) == []
    assert "Ringing" not in str(wall.look())


def test_changed_words_wait_again(store, wall):
    say(store, "Ringing back")
    assert texts(wall) == ["Ringing back"]
    say(store, "Something rude", state="waiting")
    assert texts(wall) == []


def test_nobody_learns_who_wrote_it(store, wall):
    join(store, "ada-ident", "Ada Okafor")
    say(store, "Ringing back", author="ada-ident")
    (said,) = wall.look().said
    assert (said.activity, said.text) == ("What is great service?", "Ringing back")
    assert "ada-ident" not in str(wall.look())


def test_what_the_room_does_not_read_elsewhere_is_not_read_here(store, wall):
    """A recall of a draft is shared without waiting, since it is counted and never shown."""
    room = SharedRoom(store, Seat(id="ada"))
    room.share("trial", {"ask": "a", "text": "Restore the water first"}, slot="recall")
    room.share("decide", {"choice": 1, "text": "Smuggled in"})
    store.contribute("unheard-of", "ada", {"text": "Of nobody's lesson"})
    assert texts(wall) == []


def test_kinds_whose_words_are_read_are_those_whose_words_wait():
    from importlib.resources import files

    typed = set()
    for path in files(lesson_views).iterdir():
        found = re.fullmatch(r"_(\w+)\.py", path.name)
        if found and re.search(r"self\.share\([^\n]*typed=", path.read_text(encoding="utf-8")):
            typed.add(found[1])
    assert typed == SAID_KINDS


def test_themes_and_ideas_of_the_workbench_are_words_too(store, wall):
    themes = write_names([NamedTheme(name="Billing", size=3), NamedTheme(name="Promises kept", size=2)])
    (activity,) = (one.id for path in list_lessons() for one in load_lesson(path).activities if one.kind == "themes")
    store.contribute(activity, "ada", themes)
    store.contribute(IDEA, "random", {"text": "One number to call", "question": "What would you change?"})
    assert texts(wall) == ["One number to call", "Billing, Promises kept"]


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": ["x"]}, {"text": " \u200b\n"}, {"themes": [1, {}]}])
def test_what_has_no_words_is_passed_over(store, wall, body):
    store.contribute("define", "ada", body)
    assert texts(wall) == []


def test_the_newest_come_first_and_long_ones_are_cut(store, wall):
    for number in range(MOST + 5):
        say(store, f"Text {number}", slot=str(number), state="waiting")
    first, *others = [one.id for one in store.read()]
    store.moderate(others, "shown")
    store.moderate([first], "shown")
    scene = wall.look()
    assert [one.text for one in scene.said] == ["Text 0", *(f"Text {one}" for one in range(MOST + 4, 5, -1))]
    assert scene.through == MOST + 5
    say(store, "word " * 200)
    assert len(texts(wall)[0]) <= LONG
    assert texts(wall)[0].endswith("…")


def test_teams_by_who_has_given_something_whatever_became_of_it(store, wall):
    for ident, team in (("ada", "North"), ("ben", "North"), ("eve", "South"), ("x", "")):
        join(store, ident, team=team)
    assert wall.look().teams == (
        Team(name="North", joined=2, gave=0), Team(name="South", joined=1, gave=0), Team(name="", joined=1, gave=0),
    )  # fmt: skip
    say(store, "Ringing back", "ada", state="waiting")
    store.contribute("decide", "ada", {"choice": 1}, slot="wet-cellar")
    store.contribute("decide", "x", {"choice": 1}, slot="wet-cellar")
    store.contribute("decide", "somebody-else", {"choice": 1}, slot="wet-cellar")
    assert [(one.name, one.gave, one.joined) for one in wall.look().teams] == [
        ("North", 1, 2), ("South", 0, 1), ("", 1, 1)
    ]  # fmt: skip


def test_without_teams_there_is_no_list_of_them(store, wall):
    join(store, "ada")
    assert wall.look().teams == ()


def test_how_far_the_lesson_is_in_which_most_people_are(store, wall):
    assert (wall.look().lesson, wall.look().steps) == ("", ())
    for ident in ("ada", "ben", "eve"):
        join(store, ident)
    join(store, "x", place="which-is-which")
    say(store, "Ringing back", "ada", state="waiting")
    say(store, "Twice", "ada", slot="b", state="hidden")
    say(store, "Gone", "trainer-1")
    scene = wall.look()
    assert scene.lesson == "A vision points everyone the same way"
    assert scene.steps == (
        Step(title="What is great service?", people=1), Step(title="The decision it would change", people=0),
    )  # fmt: skip
    join(store, "ada", place="which-is-which")
    assert wall.look().lesson == "Know which statement is which", "of two, the later one"
    for ident in ("ada", "ben", "eve", "x"):
        join(store, ident, place="workbench")
    assert [one.title for one in wall.look().steps] == ["Marks on the wall"]


def test_it_reads_what_is_new_only(store, wall, monkeypatch):
    say(store, "Ringing back")
    assert texts(wall) == ["Ringing back"]
    asked = []
    reader = wall._watcher.store
    read = reader.read
    monkeypatch.setattr(reader, "read", lambda *_, since=0: asked.append(since) or read(since=since))
    say(store, "A smile", slot="b")
    assert texts(wall) == ["A smile", "Ringing back"]
    assert asked == [1]


@pytest.mark.parametrize("trainer", ["", "0"])
def test_nobody_but_the_trainer_has_a_wall(store, trainer):
    with pytest.raises(StoreError, match="belongs to a session's trainer"):
        open_wall({ROOM: store.url, TRAINER: trainer})
    with pytest.raises(StoreError, match="belongs to a session's trainer"):
        open_wall({TRAINER: "1"})


def test_it_is_opened_for_reading_alone(store, tmp_path):
    with pytest.raises(StoreError, match="there is no workshop"):
        open_wall({ROOM: store_url(tmp_path / "none.db"), TRAINER: "1"})
    wall = open_wall({ROOM: store.url, TRAINER: "1", JOIN: "http://10.0.0.1/", CODE: "KPT-4X7"})
    assert (wall.door.address, wall.door.code) == ("http://10.0.0.1/", "KPT-4X7")
    assert wall.look().people == 0
    with pytest.raises(StoreError, match="readonly"):
        wall._watcher.store.contribute("define", "ada", {"text": "x"})
    wall._watcher.store.close()
