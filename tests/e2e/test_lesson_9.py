"""Lesson 9 in a real JupyterLab: decide in the company's situations, play a scene and watch it."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, screenshot, vision):
    page = open_lesson("09-decide-with-it")
    situation = vision.scenarios[0]
    points = [option.points for option in situation.options]
    choose(page, situation.situation[:60], points.index(0)).get_by_text("Poor.").wait_for()
    choose(page, situation.situation[:60], points.index(2)).get_by_text("Best.").wait_for()

    page.get_by_role("button", name="Send what I saw").click()
    page.get_by_text(f"{len(vision.meaning)} lines have no answer yet.").wait_for()
    for number, point in enumerate(vision.meaning):
        lines = page.get_by_role("radiogroup", name=point.text)
        lines.get_by_role("radio").nth(1 if number == 0 else 0).check()
    page.get_by_role("button", name="Send what I saw").click()
    page.get_by_text("Tell the person who played what was missing").wait_for()
    page.get_by_text("What was seen in 1 scene").wait_for()
    page.get_by_role("button", name="Watch another scene").click()
    screenshot(page, "lesson-9-watch")

    for question, wrong, right in (
        ("A customer asks", 0, 1),
        ("Two good answers", 0, 1),
        ("Your team is praised", 0, 1),
    ):
        choose(page, question, wrong).get_by_text("Not this one.").wait_for()
        choose(page, question, right).get_by_text("Right.").wait_for()
    page.get_by_text("3 of 3 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    assert visit.foreign == []
    assert visit.errors == []


def test_it_fits_a_phone(open_lesson, axe, bring, screenshot):
    page = open_lesson("09-decide-with-it", width=390)
    assert page.evaluate(
        "() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"
    )
    axe(page, ".vql")
    bring(page, page.get_by_role("heading", name="Play it, and watch"))
    screenshot(page, "lesson-9-phone")
