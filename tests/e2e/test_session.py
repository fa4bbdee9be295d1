"""A session in two real browsers: a learner's words wait on the trainer's desk, and come up on the wall."""

import time

import pytest

from visionquiz.kit import kit_path
from visionquiz.serve import start_lessons, start_session

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

VISION = kit_path("assessments") / "hollowmere" / "vision.toml"
ODD = "They ring back <img src=x onerror=document.title='ran'>, ask Ben"


@pytest.fixture
def room():
    with start_session(VISION) as session:
        yield session


def join(page, room, name):
    page.get_by_label("The code that your trainer shows").fill(room.code.lower())
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join").press("Enter")
    page.get_by_role("link", name="1. A vision points everyone the same way").click()
    page.get_by_label("Great service is").wait_for()


def test_a_contribution_is_looked_at_and_shown(room, visit, axe, screenshot):
    learner = visit.open(room.join, width=390)
    screenshot(learner, "session-join")
    axe(learner, "main")
    learner.get_by_label("The code that your trainer shows").fill("BBB BBB")
    learner.get_by_role("button", name="Join").click()
    learner.get_by_text("That is not the code").wait_for()
    join(learner, room, "Ada <i>Okafor</i>")
    assert learner.get_by_label("Show the notes for trainers").count() == 0, "notes are for the trainer"

    desk = visit.open(room.desk)
    desk.get_by_text("Nothing is waiting").wait_for()
    second_desk = visit.open(room.desk)
    second_desk.get_by_text("Nothing is waiting").wait_for()
    wall = visit.open(room.trainer.url)
    wall.get_by_text(room.code).wait_for()
    axe(wall, "main")
    screenshot(wall, "session-wall-list", full_page=True)
    wall.get_by_role("link", name="1. A vision points everyone the same way").click()
    wall.get_by_text("Nobody else's words are here yet").wait_for()

    learner.get_by_label("Great service is").fill(ODD)
    learner.get_by_role("button", name="Share it").press("Enter")
    learner.get_by_text("Others see it once your trainer has looked at it").wait_for()
    desk.get_by_text("1 waiting; look at 1 of them first").wait_for(timeout=5_000)
    assert desk.get_by_text("HTML").first.is_visible()
    second_desk.get_by_text("1 waiting").wait_for(timeout=5_000)
    assert wall.get_by_text("ring back").count() == 0, "nothing is shown that nobody has looked at"
    axe(desk, ".vqdesk")
    screenshot(desk, "session-desk", full_page=True)

    desk.get_by_role("button", name="Show", exact=True).press("Enter")
    start = time.monotonic()
    wall.get_by_text("They ring back").wait_for(timeout=10_000)
    taken = time.monotonic() - start
    assert taken < 2, f"it took {taken:.1f} s until it was on the wall"
    desk.get_by_text("Nothing is waiting").wait_for()
    second_desk.get_by_text("Nothing is waiting").wait_for()
    axe(wall, ".vql")
    screenshot(wall, "session-wall")

    # Comes back, the seat and the words are there.
    learner.goto("about:blank")
    learner.goto(room.join)
    learner.get_by_role("link", name="1. A vision points everyone the same way").click()
    box = learner.get_by_label("Great service is")
    box.wait_for()
    assert box.input_value() == ODD
    learner.get_by_text("You are here as Ada <i>Okafor</i>").wait_for()
    desk.get_by_text("1 have joined").wait_for()
    screenshot(learner, "session-learner", full_page=True)

    # Taken back by the other trainer, gone from the wall.
    second_desk.get_by_label("Shown", exact=True).check()
    second_desk.get_by_role("button", name="Do not show").click()
    wall.get_by_text("They ring back").wait_for(state="detached", timeout=10_000)
    assert {one.title() for one in (learner, desk, wall)} & {"ran"} == set()
    assert visit.foreign == []
    assert visit.errors == []


@pytest.mark.parametrize(("name", "width", "dark"), [("phone", 390, False), ("dark", 1200, True)])
def test_somebody_who_knows_nothing_of_jupyter_does_lesson_1(
    tmp_path, visit, axe, screenshot, monkeypatch, name, width, dark
):
    with start_lessons(VISION, tmp_path) as server:
        page = visit.open(server.url, width=width, dark=dark)
        axe(page, "main")
        page.get_by_text("For trainers: lessons 1 to 6 as one workshop, 120 minutes").click()
        page.get_by_role("row", name="0:50 10 A break").wait_for()
        page.get_by_role("link", name="6. Test the draft about 15 minutes, 4 more if you have time").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
        screenshot(page, f"lessons-{name}", full_page=True)
        page.get_by_role("link", name="1. A vision points everyone the same way").click()
        page.get_by_label("Great service is").fill("Ringing back")
        page.get_by_role("button", name="Share it").press("Enter")
        page.get_by_text("Invented people said").wait_for()
        assert page.get_by_role("link", name="Next lesson").count() == 1
        axe(page, "#rendered_cells")
        assert page.locator(".jupyter-widgets-error-widget").count() == 0, "every widget is drawn"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
        screenshot(page, f"lessons-{name}-1", full_page=True)
        page.get_by_role("link", name="All lessons").last.click()
        page.get_by_text("Choose a lesson").wait_for()
        assert visit.foreign == []
        assert visit.errors == []
