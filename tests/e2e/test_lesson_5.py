"""Lesson 5 in a real JupyterLab: plan the two hours, choose the people, draft alone, merge two drafts."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

RIGHT = ("purpose", "voices", "alone", "pairs", "wall", "top-two", "tests", "words", "stakeholders")


def order_of(page):
    return page.locator(".vqb-card[data-card]").evaluate_all("all => all.map(one => one.dataset.card)")


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, screenshot):
    page = open_lesson("05-write-it-in-two-hours")

    # The plan, wrongly, then rightly, by keyboard alone.
    page.get_by_role("button", name="That is my order").press("Enter")
    page.get_by_text("too early or too late: read why").wait_for()
    screenshot(page, "lesson-5-order-wrong")
    for place, step in enumerate(RIGHT):
        while (at := order_of(page).index(step)) > place:
            page.locator(f".vqb-card[data-card='{step}'] button[aria-label^='Move up']").press("Enter")
            page.wait_for_function(
                "([step, at]) => [...document.querySelectorAll('.vqb-card[data-card]')]"
                ".findIndex(one => one.dataset.card === step) === at - 1",
                arg=[step, at],
            )
    page.get_by_role("button", name="That is my order").press("Enter")
    page.get_by_text("All 9 steps come in time.").wait_for()
    page.get_by_text("120 minutes in all").wait_for()

    # Executives alone, then people of the front line.
    for name in ("Amara", "Bruno", "Celia", "Dario", "Esther"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="That is my team").click()
    page.get_by_text("This team meets 0 of 8 rules.").wait_for()
    page.get_by_text("Executives on their own miss the daily work.").first.wait_for()
    for name in ("Bruno", "Celia", "Dario", "Esther"):
        page.get_by_label(name).uncheck()
    for name in ("Farid", "Greta", "Ines", "Kim", "Mona", "Nils", "Oya"):
        page.get_by_label(name).press("Space")
    page.get_by_role("button", name="That is my team").press("Enter")
    page.get_by_text("This team meets all 8 rules.").wait_for()

    page.get_by_text("Write and share your own draft above first.").wait_for()
    page.get_by_label("On our best day").fill("You get an honest answer <img src=x onerror=document.title='ran'>")
    page.get_by_role("button", name="Share it").press("Enter")
    page.get_by_label("First draft").wait_for()
    page.get_by_label("Second draft").select_option(label="You get a straight answer, whoever you happen to meet.")
    page.locator(".pair mark", has_text="answer").first.wait_for()
    page.get_by_label("The merged draft").fill("You get a straight answer, whoever you happen to meet.")
    page.get_by_role("button", name="Share the merged draft").press("Enter")
    page.get_by_role("alert").get_by_text("one of the two drafts as it was").wait_for()
    page.get_by_label("The merged draft").fill("An honest answer, straight away.")
    page.get_by_role("button", name="Share the merged draft").press("Enter")
    page.get_by_text("Shared: 5 words").wait_for()
    page.get_by_text("What invented pairs made").wait_for()

    for question, wrong, right in (
        ("Eight people have a workshop", 0, 1),
        ("A company invites six directors", 0, 1),
        ("Two drafts have the same number", 0, 2),
        ("Two hours are too few", 1, 0),
    ):
        choose(page, question, wrong).get_by_text("Not this one.").wait_for()
        choose(page, question, right).get_by_text("Right.").wait_for()
    page.get_by_text("4 of 4 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    for number, activity in enumerate(("Plan the two hours", "Choose the people", "Make one of two"), 1):
        page.get_by_role("heading", name=activity).evaluate("one => one.scrollIntoView()")
        screenshot(page, f"lesson-5-{number}")
    assert page.title() != "ran"
    assert visit.foreign == []
    assert visit.errors == []


def test_it_fits_a_phone(open_lesson, axe, screenshot):
    page = open_lesson("05-write-it-in-two-hours", width=390)
    page.get_by_label("On our best day").fill("You get an honest answer.")
    page.get_by_role("button", name="Share it").click()
    page.get_by_label("Second draft").wait_for()
    page.get_by_role("button", name="That is my team").click()
    page.get_by_text("This team meets").wait_for()
    assert page.evaluate(
        "() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"
    )
    axe(page, ".vql")
    for number, activity in enumerate(("Plan the two hours", "Choose the people", "Make one of two"), 1):
        page.get_by_role("heading", name=activity).evaluate("one => one.scrollIntoView()")
        screenshot(page, f"lesson-5-phone-{number}")
