"""Each lesson in a dark JupyterLab on a phone: every part can be read, and nothing sticks out."""

import pytest

from visionquiz.classroom import list_lessons
from visionquiz.curriculum import load_lesson
from visionquiz.kit import kit_path

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

NAMES = sorted(path.stem for path in kit_path("notebooks").glob("[0-9][0-9]-*.md") if not path.stem.startswith("00"))
LESSONS = {lesson.id: lesson for lesson in map(load_lesson, list_lessons())}

STICKS_OUT = """
() => [...document.querySelectorAll(".vql")].filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => one.textContent.slice(0, 80))
"""


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_read_in_the_dark_on_a_phone(open_lesson, visit, axe, bring, screenshot, name):
    lesson = LESSONS[name[3:]]
    page = open_lesson(name, width=390, dark=True)
    page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    page.get_by_label("Show the notes for trainers").check()
    page.get_by_text(lesson.notes[-1].text[:60]).wait_for()
    # A right and a wrong choice, and what is said of them.
    first, second = lesson.check[:2]
    for asked, right in ((first, True), (second, False)):
        box = page.locator(".vql .vql-round", has=page.get_by_role("radiogroup", name=asked.text[:60]))
        number = next(n for n, one in enumerate(asked.options) if (one.points == asked.best) is right)
        box.get_by_role("radio").nth(number).check()
        box.get_by_role("button", name="That is my choice").click()
        box.get_by_text("Right." if right else "Not this one.").wait_for()
    assert page.evaluate(STICKS_OUT) == []
    axe(page, ".vql")
    for number, activity in enumerate(lesson.activities, 1):
        bring(page, page.get_by_role("heading", name=activity.title, exact=True))
        screenshot(page, f"lesson-{name[:2]}-dark-{number}")
    bring(page, page.get_by_role("heading", name="Check yourself"))
    screenshot(page, f"lesson-{name[:2]}-dark-check")
    assert visit.foreign == []
    assert visit.errors == []
