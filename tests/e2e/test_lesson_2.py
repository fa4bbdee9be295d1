"""Lesson 2 in a real JupyterLab: sort by menu and by mouse, decide after one customer, take sides, check oneself."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

PLACES = {
    "google": "Mission", "overlook": "Customer service vision", "southwest": "Company vision", "john-robert": "Purpose",
    "zappos": "Value", "nyc-finance": "Mission", "oxfam": "Company vision", "lexus": "Customer service vision",
    "fedex-purpose": "Purpose", "hyatt": "Purpose", "clio": "Mission",
}  # fmt: skip


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, screenshot):
    page = open_lesson("02-which-is-which", height=7000)
    screenshot(page, "lesson-2-start")
    card = page.locator
    decide = page.get_by_role("button", name="That is how I sort them")
    decide.click()
    page.get_by_text("12 cards have no place yet").wait_for()

    # By keyboard: the menu of a card; one card wrongly at first. One card by mouse.
    page.locator("[data-card=google] select").focus()
    page.keyboard.press("End")
    page.locator("[data-bin=service] [data-card=google]").wait_for()
    for ident, label in PLACES.items():
        if ident != "google":
            page.locator(f"[data-card={ident}] select").select_option(label=label)
    card("[data-card=rei]").drag_to(card("[data-bin=service] h4"))
    page.locator("[data-bin=service] [data-card=rei]").wait_for()
    assert page.get_by_text("Where the room disagrees").count() == 0, "others show only once one has decided"
    decide.press("Enter")
    page.get_by_text("11 of 12 lie where they may").wait_for()
    page.get_by_text("Rather “Mission”.").wait_for()
    page.get_by_text("You disagree most on").wait_for()
    screenshot(page, "lesson-2-sorted")
    card("[data-card=google] select").select_option(label="Mission")
    decide.click()
    page.get_by_text("12 of 12 lie where they may").wait_for()

    choose(page, "The purpose: “To inspire", 0).get_by_text("Not this one.").first.wait_for()
    choose(page, "The purpose: “To inspire", 2).get_by_text("Right.").first.wait_for()
    choose(page, "The service vision: “Creating", 0).get_by_text("Right.").first.wait_for()
    choose(page, "The next latte is right", 1).get_by_text("Right.").first.wait_for()
    choose(page, "And at Hollowmere Water?", 2).get_by_text("Right.").first.wait_for()
    page.get_by_text("3 of 4 at the first try").wait_for()

    for question in ("How many statements", "Should customers see"):
        box = page.locator(".vql .widget-vbox", has=page.get_by_text(question)).last
        box.get_by_role("radio").first.check()
        box.get_by_role("button", name="I take this side").click()
        box.get_by_text("(your side)").wait_for()
    page.get_by_text("Both disputes end in the same question").wait_for()

    for question, number in (
        ("We promote learning", 0), ("A world where everyone", 2), ("Our goal is simply stated", 1),
        ("The Coca-Cola Company exists", 0), ("I will make every FedEx", 2), ("Create magical moments", 1),
        ("We will refer patrons", 0), ("In every personal contact", 2),
    ):  # fmt: skip
        choose(page, question, number).get_by_text("Right.").first.wait_for()
    page.get_by_text("8 of 8 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    screenshot(page, "lesson-2-done")
    assert visit.foreign == []
    assert visit.errors == []


def test_it_fits_a_phone(open_lesson, axe, screenshot):
    page = open_lesson("02-which-is-which", width=390)
    for ident, label in {**PLACES, "rei": "Mission"}.items():
        page.locator(f"[data-card={ident}] select").select_option(label=label)
    page.get_by_role("button", name="That is how I sort them").click()
    page.get_by_text("12 of 12 lie where they may").wait_for()
    assert page.evaluate(
        """() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"""
    )
    axe(page, ".vql")
    page.locator("[data-card=google]").scroll_into_view_if_needed()
    screenshot(page, "lesson-2-phone")
    page.get_by_text("Where the room disagrees").scroll_into_view_if_needed()
    screenshot(page, "lesson-2-phone-room")
