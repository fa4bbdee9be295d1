"""Lesson 3 in a real JupyterLab: mark six statements, take sides, repair a draft, check oneself."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

MARKS = {
    "New York": "yyyypy", "Citi": "yynnpn", "Clio": "pnpypy", "Princeton": "ypyypy", "Albertsons": "nnpnnn",
    "FedEx": "yyppyn",
}  # fmt: skip
CRITERIA = ("Simple", "Memorable", "About customers", "Observable", "Motivating", "Specific")
WORDS = {"y": "Yes", "p": "Partly", "n": "No"}


def mark(page, marks):
    for criterion, sign in zip(CRITERIA, marks, strict=True):
        group = page.get_by_role("group", name=criterion)
        group.get_by_role("radio", name=WORDS[sign], exact=True).check()
    page.get_by_role("button", name="Compare with the marked set").click()


def test_a_learner_goes_through_it(open_lesson, visit, axe, screenshot):
    page = open_lesson("03-what-makes-it-strong", height=7000)
    screenshot(page, "lesson-3-start")
    page.get_by_role("button", name="Compare with the marked set").click()
    page.get_by_text("Still without a mark").wait_for()
    # By keyboard, and otherwise than the marked set at first.
    page.get_by_role("group", name="Simple").get_by_role("radio", name="Yes").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("group", name="Simple").get_by_role("radio", name="Partly").is_checked()
    mark(page, "nyyypy")
    page.get_by_text("the same mark on 5 of 6").wait_for()
    page.get_by_text("you say no, the marked set says yes").wait_for()
    for number, (who, marks) in enumerate(MARKS.items()):
        if number:
            page.get_by_role("button", name="Next statement").click()
        page.get_by_text(f"Statement {number + 1} of 6, {who}").wait_for()
        mark(page, marks)
        page.get_by_text("the same mark on 6 of 6").wait_for()
    page.get_by_text("No statement gets a yes throughout").wait_for()
    screenshot(page, "lesson-3-marked")

    for question in ("Is a shorter vision", "Which words work better"):
        box = page.locator(".vql .widget-vbox", has=page.get_by_text(question)).last
        box.get_by_role("radio").nth(1).check()
        box.get_by_role("button", name="I take this side").click()
        box.get_by_text("(your side)").wait_for()

    page.get_by_role("button", name="Compare with the old draft").click()
    page.get_by_text("There is nothing in the box yet").wait_for()
    page.get_by_label("Your draft").fill("The best solutions <img src=x onerror=document.title='ran'> in the country.")
    page.get_by_role("button", name="Compare with the old draft").click()
    page.get_by_text("Claims of rank").first.wait_for()
    assert page.get_by_text("Invented people wrote").count() == 0
    page.get_by_label("Your draft").fill("We tell every customer what happens next, in plain words.")
    page.get_by_role("button", name="Share it").press("Enter")
    page.get_by_text("Invented people wrote").wait_for()
    page.get_by_text("What no text measure can tell").first.wait_for()

    for question, number in (
        ("We will look after you", 0), ("service delivery excellence", 1), ("To leverage the unique", 2),
        ("At American Express", 0), ("What can no count of words", 1),
    ):  # fmt: skip
        box = page.locator(".vql .widget-vbox", has=page.get_by_text(question)).last
        box.get_by_role("radio").nth(number).check()
        box.get_by_role("button", name="That is my choice").click()
        box.get_by_text("Right.").wait_for()
    page.get_by_text("5 of 5 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    screenshot(page, "lesson-3-done")
    assert page.title() != "ran"
    assert visit.foreign == []
    assert visit.errors == []


def test_it_fits_a_phone(open_lesson, axe, bring, screenshot):
    page = open_lesson("03-what-makes-it-strong", width=390)
    mark(page, "nyyypy")
    page.get_by_text("the same mark on 5 of 6").wait_for()
    page.get_by_label("Your draft").fill("We tell every customer what happens next, in plain words.")
    page.get_by_role("button", name="Share it").click()
    page.get_by_text("Invented people wrote").wait_for()
    assert page.evaluate(
        """() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"""
    )
    axe(page, ".vql")
    bring(page, page.get_by_role("heading", name="Mark six real statements"))
    screenshot(page, "lesson-3-phone")
    bring(page, page.get_by_text("Claims of rank").first)
    screenshot(page, "lesson-3-phone-repair")
