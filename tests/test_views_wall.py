"""The wall as a page: what it draws of a scene, and that it keeps itself up to date."""

import asyncio
import datetime as dt
import re

import pytest

from visionquiz.classroom import list_lessons
from visionquiz.curriculum import load_lesson
from visionquiz.demo import invent_people, load_staff
from visionquiz.errors import StoreError
from visionquiz.rehearsal import plan_rehearsal
from visionquiz.store import Content, Contribution, Participant, Store
from visionquiz.views._live import EVERY
from visionquiz.views.wall import WallView, draw_wall
from visionquiz.wall import Door, Place, Said, Scene, Step, Team, Wall, open_wall

NOW = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)
DOOR = Door(address="http://192.168.1.20:8000/", code="KPT-4X7")


class Still:
    """A wall that shows one scene."""

    alone = True

    def __init__(self, scene, door=DOOR):
        self.scene, self.door = scene, door

    def look(self):
        return self.scene

    def revision(self):
        return 1


def drawn(scene, read_page, door=DOOR):
    view = WallView(Still(scene, door))
    html = "".join(one.value for one in (view.message, view.count, view.door, view.left, view.right, view.said))
    return view, html, " ".join(" ".join(read_page(html).text).split())


def place(people, names=0, title="A vision points everyone the same way"):
    return Place(title=title, people=people, names=tuple(f"Person Number {one}" for one in range(names)))


SCENE = Scene(
    people=3,
    unnamed=1,
    places=(Place(title="A <b> lesson", people=3, names=("<script>x</script>", "Ada")),),
    teams=(Team(name="North/<i>Repair", joined=2, gave=1), Team(name="", joined=1, gave=0)),
    lesson="A <b> lesson",
    steps=(Step(title="What is <u>it?", people=2),),
    said=(Said(activity="What is <u>it?", text="<img src=x onerror=alert(1)>"),),
    through=1,
)


def test_everything_is_there_and_markup_is_text(read_page):
    _, html, text = drawn(SCENE, read_page)
    assert not re.search("<(script|img|b> lesson|i>Repair|u>)", html)
    for told in (
        "3 have joined 1 without a name",
        "Join at http://192.168.1.20:8000/ with the code KPT-4X7",
        "A <b> lesson 3",
        "<script>x</script>",
        "What is <u>it? 2 of 3",
        "<i>Repair 1 of 2",
        "Without a team 0 of 1",
        "<img src=x onerror=alert(1)>",
    ):
        assert told in text


def test_only_the_count_is_announced(read_page):
    _, html, _ = drawn(SCENE, read_page)
    assert re.findall('role="[a-z]+"', html) == ['role="status"']
    assert "aria-live" not in html


@pytest.mark.parametrize(("people", "told"), [(0, "0 have joined"), (1, "1 has joined"), (2, "2 have joined")])
def test_the_count(people, told, read_page):
    assert told in drawn(Scene(people=people), read_page)[2]


def test_an_empty_room_reads_how_to_join(read_page):
    view, html, text = drawn(Scene(), read_page)
    assert "KPT-4X7" in text
    assert "door big" in html
    assert "empty" in view._dom_classes
    view, _, text = drawn(Scene(), read_page, door=Door())
    assert "Nobody has joined yet." in text
    assert "code" not in text
    view.wall.scene = SCENE
    view.refresh()
    assert "empty" not in view._dom_classes


def test_before_anything_is_let_through_the_room_reads_what_will_be(read_page):
    _, html, text = drawn(Scene(people=1, places=(place(1, 1),)), read_page)
    assert "What you write shows here once your trainer has let it through." in text
    assert html.count("KPT-4X7") == 1


def test_names_stand_as_long_as_they_fit_and_then_counts_do(read_page):
    few = drawn(Scene(people=8, places=(place(8, 8),)), read_page)[1]
    some = drawn(Scene(people=30, places=(place(30, 30),)), read_page)[1]
    many = drawn(Scene(people=200, places=(place(200, 200),)), read_page)[1]
    assert few.count("Person Number") == 8
    assert "small-only" not in few
    assert some.count("Person Number") == 30
    assert "small-only" in some, "a small screen counts"
    assert "Person Number" not in many
    assert ">200</b>" in many


def test_what_finds_no_room_is_counted(read_page):
    teams = tuple(Team(name=f"Team {number:02}", joined=5, gave=2) for number in range(40))
    _, html, text = drawn(Scene(people=200, places=(place(200),), teams=teams), read_page)
    shown = len(re.findall(r"Team \d\d", text))
    assert 10 < shown < 40
    assert f'large-only">and {40 - shown} more' in html
    small = 40 - int(re.search(r'small-only">and (\d+) more', html)[1])
    assert 0 < small < shown
    assert html.count('<li class="large-only"><div') == shown - small


def test_one_long_name_takes_no_room_from_the_others(read_page):
    names = (*(f"Person {one}" for one in range(30)), "A name that goes on and on, as long as the door lets it be it")
    room = (Place(title="A lesson", people=31, names=names),)
    assert "as long as the door" in drawn(Scene(people=31, places=room), read_page)[1]


def test_of_many_places_the_fullest_show(read_page):
    places = tuple(place(one + 1, title=f"Lesson {one:02} with a title that is rather long") for one in range(30))
    text = drawn(Scene(people=465, places=places), read_page)[2]
    assert text.index("Lesson 29") < text.index("Lesson 28")
    assert "Lesson 00" not in text


def test_teams_of_one_name_in_two_divisions_are_told_apart(read_page):
    teams = tuple(Team(name=one, joined=1, gave=1) for one in ("East/Repair", "West/Repair", "West/Billing"))
    text = drawn(Scene(people=3, places=(place(3),), teams=teams), read_page)[2]
    assert text.index("Billing") < text.index("East/Repair") < text.index("West/Repair")
    assert "West/Billing" not in text


def test_it_comes_up_by_itself_and_a_store_that_fails_is_told(store, draw_in_browser, monkeypatch):
    wall = Wall(Store(store.url, read_only=True), [load_lesson(path) for path in list_lessons()])

    async def watch():
        view = WallView(wall)
        draw_in_browser(view)
        store.join("ada", name="Ada", place="why-a-vision", now=NOW)
        store.contribute("define", "ada", {"ask": "great-service", "text": "Ringing back"})
        start = asyncio.get_running_loop().time()
        while "Ringing back" not in view.said.value or "Ada" not in view.left.value:
            assert asyncio.get_running_loop().time() - start < 2
            await asyncio.sleep(EVERY / 10)
        view.live.stop()
        return view

    view = asyncio.run(watch())

    def fail():
        raise StoreError("the disk is <gone>")

    monkeypatch.setattr(wall, "look", fail)
    view.refresh()
    assert "the disk is &lt;gone&gt;. This page tries again by itself." in view.message.value
    assert "Ringing back" in view.said.value, "what was there stays"
    monkeypatch.undo()
    view.refresh()
    assert view.message.value == ""


def test_what_stays_the_same_is_not_sent_again(store):
    wall = Wall(Store(store.url, read_only=True))
    store.join("ada", name="Ada", now=NOW)
    view = WallView(wall)
    changed = []
    for name in ("message", "count", "door", "said", "left", "right"):
        getattr(view, name).observe(lambda _, name=name: changed.append(name), "value")
    store.contribute("define", "ada", {"text": "Waits"}, state="waiting")
    view.refresh()
    assert changed == []


def test_a_room_of_two_hundred_is_a_small_page(store, vision):
    lessons = [load_lesson(path) for path in list_lessons()]
    acts = plan_rehearsal(lessons, vision, invent_people(load_staff("hollowmere"), 200, 1), 1)
    people = {act.person: act for act in acts}.values()
    given = [act for act in acts if act.activity]
    store.load(
        Content(
            contributions=tuple(
                Contribution(
                    id=number, activity=one.activity, author=one.person, slot=one.slot, body=one.body, state="shown",
                    revision=0,
                )
                for number, one in enumerate(given)
            ),
            participants=tuple(
                Participant(id=one.person, name=one.name, team=one.team, place=one.lesson, seen=NOW) for one in people
            ),
        )
    )  # fmt: skip
    view = WallView(Wall(Store(store.url, read_only=True), lessons))
    assert ">200</b>" in view.count.value
    parts = (view.message, view.count, view.door, view.said, view.left, view.right)
    assert sum(len(one.value.encode()) for one in parts) < 60_000


def test_whoever_is_no_trainer_reads_why_there_is_no_wall():
    shown = draw_wall(lambda: open_wall({}))
    assert "belongs to a session&#x27;s trainer" in shown.children[-1].value
