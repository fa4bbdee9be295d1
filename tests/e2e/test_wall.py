"""The wall of a session in a real browser: what is let through comes up by itself, and a full room fits on it."""

import datetime as dt

import pytest

from visionquiz.classroom import list_lessons
from visionquiz.curriculum import load_lesson
from visionquiz.demo import invent_people, load_staff
from visionquiz.kit import kit_path
from visionquiz.rehearsal import plan_rehearsal, play
from visionquiz.serve import start_session
from visionquiz.store import Store
from visionquiz.vision import load_vision

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

VISION = kit_path("assessments") / "hollowmere" / "vision.toml"
ODD = "They ring back <img src=x onerror=document.title='ran'>"

CUT = """() => [...document.querySelectorAll('.vqwall :is(.body > *, h2, .bar, .door, .head)')]
    .filter(one => one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2)
    .map(one => `${one.className}: ${one.textContent.slice(0, 60)}`)"""
"""What of the wall is cut off. Of what was said, whole contributions are out of sight; that is meant."""

SMALLEST = """() => Math.min(...[...document.querySelectorAll('.vqwall *')]
    .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .filter(one => one.getClientRects().length && one.tagName !== 'STYLE')
    .map(one => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.fixture
def room():
    with start_session(VISION) as session:
        yield session


@pytest.fixture
def store(room):
    one = Store(room.store)
    yield one
    one.close()


def join(store, ident, **given):
    store.join(ident, **given, now=dt.datetime.now(dt.UTC))


def fill(store, number, lessons=1):
    """Invented people join, contribute to the first lessons, and are let through."""
    people = invent_people(load_staff("hollowmere"), number, 1)
    taught = [load_lesson(path) for path in list_lessons()][:lessons]
    play(store, plan_rehearsal(taught, load_vision(VISION), people, 1), lambda _: False)
    store.moderate([one.id for one in store.read() if one.state == "waiting"], "shown")


def fits(page):
    """Nothing to scroll, and nothing cut off."""
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT) == []
    assert page.evaluate(SMALLEST) >= 24


def test_what_is_let_through_comes_up_and_nothing_else(room, store, visit, axe, screenshot):
    wall = visit.open(room.wall, width=1920, height=1080)
    wall.get_by_text("have joined").wait_for()
    assert wall.get_by_role("status").inner_text().split() == ["0", "have", "joined"]
    assert wall.get_by_text(room.code).is_visible()
    assert wall.get_by_text(room.join).is_visible()
    fits(wall)
    axe(wall, ".vqwall")
    screenshot(wall, "wall-empty")
    desk = visit.open(room.desk)

    join(store, "ada", name="Ada <3 Okafor", team="North", place="why-a-vision")
    join(store, "x", name="", team="North", place="which-is-which")
    wall.get_by_text("Ada <3 Okafor").wait_for(timeout=10_000)
    for slot, text in (("great-service", ODD), ("b", "Hidden away"), ("c", "Left waiting")):
        store.contribute("define", "ada", {"ask": "great-service", "text": text}, slot=slot, state="waiting")
    wall.get_by_text("1 of 2").last.wait_for(timeout=10_000)
    desk.get_by_text("3 waiting").wait_for()
    assert wall.get_by_text("They ring back").count() == 0, "nobody has looked at it"

    entry = desk.locator(".entry", has=desk.get_by_text("They ring back"))
    entry.get_by_role("button", name="Show", exact=True).click()
    desk.locator(".entry", has=desk.get_by_text("Hidden away")).get_by_role("button", name="Do not show").click()
    wall.get_by_text(ODD).wait_for(timeout=10_000)
    assert wall.get_by_text(room.code).is_visible()
    fits(wall)
    axe(wall, ".vqwall")
    screenshot(wall, "wall-first")
    said = wall.locator(".vqwall").inner_text()
    assert "Hidden away" not in said
    assert "Left waiting" not in said
    assert wall.locator(".said").inner_text().count("Ada") == 0, "not who wrote it"

    # Taken back.
    desk.get_by_label("Shown", exact=True).check()
    entry.get_by_role("button", name="Do not show").click()
    wall.get_by_text("They ring back").wait_for(state="detached", timeout=10_000)
    assert wall.title() != "ran"
    assert visit.foreign == []
    assert visit.errors == []

    front = visit.open(room.trainer.url)
    assert front.get_by_role("link", name="the live wall").get_attribute("href") == "voila/render/wall.ipynb"
    learner = visit.open(room.join)
    assert "wall.ipynb" not in learner.content()


def test_two_hundred_people_fit_on_a_projector(room, store, visit, axe, screenshot):
    fill(store, 200)
    wall = visit.open(room.wall, width=1920, height=1080)
    wall.get_by_text("have joined").wait_for()
    assert wall.get_by_role("status").inner_text().split() == ["200", "have", "joined"]
    assert wall.get_by_text("Field repair").is_visible()
    fits(wall)
    assert wall.locator(".said li").first.is_visible()
    axe(wall, ".vqwall")
    screenshot(wall, "wall-1920")
    for width, height, name in ((1280, 720, "wall-720"), (3840, 2160, "wall-2160")):
        wall.set_viewport_size({"width": width, "height": height})
        fits(wall)
        screenshot(wall, name)
    dark = visit.open(room.wall, width=1920, height=1080, dark=True)
    dark.get_by_text("have joined").wait_for()
    fits(dark)
    axe(dark, ".vqwall")
    screenshot(dark, "wall-dark")
    phone = visit.open(room.wall, width=390, height=844)
    phone.get_by_text("have joined").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(phone, ".vqwall")
    screenshot(phone, "wall-phone", full_page=True)
    # In every lesson at once, and in more teams than there is room for.
    places = [load_lesson(path).id for path in list_lessons()]
    for number, one in enumerate(store.participants()):
        team = f"Division/Team number {number % 40:02}"
        store.join(
            one.id, name=one.name, team=team, place=places[number % 20 % len(places)], now=dt.datetime.now(dt.UTC)
        )
    for width, height in ((1920, 1080), (1280, 720)):
        wall.set_viewport_size({"width": width, "height": height})
        wall.get_by_text("Team number 00").wait_for(timeout=10_000)
        fits(wall)
        screenshot(wall, f"wall-everywhere-{height}")
    assert visit.foreign == []
    assert visit.errors == []


def test_the_names_of_a_room_of_thirty_fit(room, store, visit, screenshot):
    fill(store, 30, lessons=2)
    for number, one in enumerate(store.participants()):
        place = "which-is-which" if number % 6 else "why-a-vision"
        name = one.name.removesuffix(" (invented)") if number % 9 else ""
        join(store, one.id, name=name, team=one.team, place=place)
    wall = visit.open(room.wall, width=1920, height=1080)
    wall.get_by_text("have joined").wait_for()
    store.join(
        "long",
        name="A name that goes on and on, as long as the door lets it be it",
        place="my-part",
        now=dt.datetime.now(dt.UTC),
    )
    wall.get_by_text("A name that goes on").wait_for(timeout=10_000)
    for one in store.participants():
        assert not one.name or wall.get_by_text(one.name, exact=True).first.is_visible()
    fits(wall)
    screenshot(wall, "wall-names")
    wall.set_viewport_size({"width": 1280, "height": 720})
    fits(wall)
    screenshot(wall, "wall-names-720")
