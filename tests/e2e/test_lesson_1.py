"""Lesson 1 in a real JupyterLab: say what great service is, see the spread, decide, check oneself."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]


def test_a_learner_goes_through_it(open_lesson, visit, axe, bring, screenshot):
    page = open_lesson("01-why-a-vision")
    bring(page, page.get_by_role("heading", name="1. A vision points everyone the same way"))
    screenshot(page, "lesson-1-start")

    page.get_by_role("button", name="Share it").click()
    page.get_by_role("alert").get_by_text("There is nothing in the box yet").wait_for()
    assert page.get_by_text("Invented people said").count() == 0, "nobody reads others before they have written"
    page.get_by_label("Great service is").fill("They ring back, <img src=x onerror=document.title='ran'> always")
    page.get_by_role("button", name="Share it").press("Enter")
    page.get_by_text("Invented people said").wait_for()
    page.get_by_text("telling words").first.wait_for()
    page.locator(".vql >> text=This is what a company without a vision looks like").wait_for()

    # Done wrongly, then rightly.
    letter = page.locator(".vql .widget-vbox", has=page.get_by_text("Billing has a new letter")).last
    letter.get_by_role("radio").first.check()
    letter.get_by_role("button", name="That is my choice").click()
    letter.get_by_text("Poor. It protects the company").wait_for()
    letter.get_by_role("radio").nth(1).check()
    letter.get_by_role("button", name="That is my choice").click()
    letter.get_by_text("Best. Three short sentences").wait_for()

    for question, choice in (
        ("What is a customer service vision?", 0),
        ("In one credit union", 1),
        ("When do you need", 1),
    ):
        box = page.locator(".vql .widget-vbox", has=page.get_by_text(question)).last
        box.get_by_role("radio").nth(choice).check()
        box.get_by_role("button", name="That is my choice").click()
        box.get_by_text("Right.").wait_for()
    page.get_by_text("3 of 3 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    bring(page, page.get_by_role("heading", name="What is great service?"))
    screenshot(page, "lesson-1-said")
    bring(page, page.get_by_role("heading", name="Check yourself"))
    screenshot(page, "lesson-1-done")

    # The trainer's notes come with one switch.
    assert (
        page.get_by_text("Let everybody write before anybody speaks").count() == 0
        or not page.get_by_text("Let everybody write before anybody speaks").is_visible()
    )
    page.get_by_label("Show the notes for trainers").check()
    page.get_by_text("Let everybody write before anybody speaks").wait_for()
    assert page.title() != "ran"
    assert visit.foreign == []
    assert visit.errors == []


@pytest.mark.parametrize(("name", "width", "dark"), [("phone", 390, False), ("dark", 1200, True)])
def test_it_fits_the_screen(open_lesson, axe, bring, screenshot, name, width, dark):
    page = open_lesson("01-why-a-vision", width=width, dark=dark)
    page.get_by_label("Great service is").fill("Ringing back")
    page.get_by_role("button", name="Share it").click()
    page.get_by_text("Invented people said").wait_for()
    assert page.evaluate(
        """() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"""
    )
    axe(page, ".vql")
    bring(page, page.get_by_role("heading", name="Invented people said"))
    screenshot(page, f"lesson-1-{name}")
