"""The vision card as everybody meets it: under the list of lessons, and as a poster in a file."""

import pytest

from visionquiz.cli import main
from visionquiz.course import new_course
from visionquiz.kit import kit_path
from visionquiz.serve import start_lessons
from visionquiz.vision import load_vision

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

VISION = kit_path("assessments") / "hollowmere" / "vision.toml"


def test_the_card_is_found_under_the_lessons_and_shows_the_part_of_a_role(tmp_path, visit, axe, screenshot):
    vision = load_vision(VISION)
    with start_lessons(VISION, tmp_path) as server:
        for width, dark in ((1200, False), (390, True)):
            page = visit.open(server.url, width=width, dark=dark)
            page.get_by_role("link", name="The vision", exact=True).click()
            page.get_by_text(vision.statement).wait_for()
            page.get_by_text("What would you do?").wait_for()
            assert page.get_by_role("heading", level=1).count() == 1
            page.get_by_label("Whose part?").select_option(vision.roles[0].title)
            page.get_by_role("heading", name=vision.roles[1].title).wait_for(state="detached")
            axe(page, "body")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
            screenshot(page, f"vision-card-{width}", full_page=True)
    assert vision.core_idea not in page.content()
    assert (visit.errors, visit.foreign) == ([], [])


def test_the_poster_opens_from_its_file_and_prints_on_paper(tmp_path, visit, axe, screenshot):
    course = new_course(tmp_path / "acme")
    assert main(["poster", "--course", str(course.root), "--out", str(tmp_path / "poster.html")]) == 0
    page = visit.open((tmp_path / "poster.html").as_uri(), width=390)
    axe(page, "main")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(page, "poster-390", full_page=True)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dots an inch
    screenshot(page, "poster-print")
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    assert (visit.errors, visit.foreign) == ([], [])
