"""Lesson 10 in a real JupyterLab: plan ninety days, find and mend a goal, make a card for a huddle."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

CARDS = {
    "Leaders say what they changed": "Week 1",
    "Each team explains it in its own words": "Week 1",
    "Re-check, day 7": "Week 1",
    "A five-minute huddle": "Weeks 2 to 4",
    "Re-check, day 30": "Weeks 2 to 4",
    "Mend one goal": "Second month",
    "Re-check, day 90": "Third month",
}


def lay(page, card, place):
    menu = page.get_by_role("combobox", name=f"Where does this go: {card}")
    menu.focus()
    menu.select_option(label=place)
    page.get_by_text(f"Now in {place}.").wait_for()


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, bring, screenshot, vision):
    page = open_lesson("10-keep-it-alive")
    look = page.get_by_role("button", name="Look at my plan")
    look.click()
    page.get_by_text("Nothing is in the plan yet.").wait_for()
    lay(page, "Each team explains it in its own words", "Week 1")
    lay(page, "One question for job interviews", "Week 1")
    look.click()
    page.get_by_text("There is no re-check.").wait_for()
    page.get_by_text("Think again.").wait_for()
    lay(page, "One question for job interviews", "Third month")
    for card, place in CARDS.items():
        lay(page, card, place)
    page.get_by_role("textbox", name="A card of my own").fill("Read one letter of thanks aloud")
    page.get_by_role("combobox", name="What it is about").select_option(label="Stories")
    page.get_by_role("button", name="Add this card").click()
    lay(page, "Read one letter of thanks aloud", "Second month")
    look.click()
    page.get_by_text("Nothing is missing that can be told").wait_for()
    page.get_by_text("Read one letter of thanks aloud").last.wait_for()
    bring(page, page.get_by_role("heading", name="Plan ninety days"))
    screenshot(page, "lesson-10-board")
    bring(page, page.get_by_text("My ninety days"))
    screenshot(page, "lesson-10-plan")

    choose(page, "The contact centre", 0).get_by_text("Not this one.").wait_for()
    choose(page, "The contact centre", 1).get_by_text("Right.").wait_for()

    goal = page.get_by_role("textbox", name="A goal that fits the vision")
    goal.fill("More profit")
    page.get_by_role("button", name="Look at my goal").click()
    page.get_by_text("It names nobody who is served.").wait_for()
    goal.fill("9 of 10 callers can say what happens next")
    page.get_by_role("button", name="Look at my goal").click()
    page.get_by_text("Its words have what a goal of this kind needs.").wait_for()
    page.get_by_text("Invented people wrote").wait_for()
    page.get_by_role("button", name="Look at my goal").scroll_into_view_if_needed()
    screenshot(page, "lesson-10-goal")

    page.get_by_role("button", name="Make the card").click()
    page.get_by_text("Choose first what the huddle is about.").wait_for()
    page.get_by_role("combobox", name="What the huddle is about").select_option(label=vision.meaning[0].text)
    page.get_by_role("button", name="Make the card").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Keep this card as a file to print").click()
    assert vision.meaning[0].id in downloading.value.suggested_filename
    page.get_by_role("button", name="Make the card").scroll_into_view_if_needed()
    screenshot(page, "lesson-10-huddle")

    checks = (("A company puts its whole plan", 0, 1), ("Why re-check on days", 0, 1), ("The vision promises", 1, 0))
    for question, wrong, right in (*checks, ("After ninety days", 0, 1)):
        choose(page, question, wrong).get_by_text("Not this one.").wait_for()
        choose(page, question, right).get_by_text("Right.").wait_for()
    page.get_by_text("4 of 4 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    assert visit.foreign == []
    assert visit.errors == []


def test_it_fits_a_phone(open_lesson, axe, bring, screenshot):
    page = open_lesson("10-keep-it-alive", width=390)
    lay(page, "Each team explains it in its own words", "Week 1")
    page.get_by_role("button", name="Look at my plan").click()
    page.get_by_text("There is no re-check.").wait_for()
    assert page.evaluate(
        "() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"
    )
    axe(page, ".vql")
    bring(page, page.get_by_text("My ninety days"))
    screenshot(page, "lesson-10-phone")
