"""Lesson 6 in a real JupyterLab: test drafts, recall one of two, lay flaws into tests."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]


def answer(page, question, number):
    page.get_by_role("radiogroup", name=question).get_by_role("radio").nth(number).check()


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, screenshot, vision):
    page = open_lesson("06-test-the-draft")

    # Too few tests, then enough; the rival's name takes the place of the company's.
    page.get_by_label("Larkfield Home: We strive").check()
    page.get_by_text("Northgate: We strive to offer").wait_for()
    answer(page, "Here it stands with a rival's name", 2)
    page.get_by_text("It describes the trade and not you").wait_for()
    page.get_by_role("button", name="Send these answers").click()
    page.get_by_role("alert").get_by_text("at least 3 tests on a draft; so far it is 1").wait_for()
    answer(page, "Name something that people", 2)
    answer(page, "Think of one call", 1)
    page.get_by_role("button", name="Send these answers").press("Enter")
    page.get_by_text("It does not pass: What it rules out, Another name.").wait_for()
    page.get_by_text("What you and invented people found").wait_for()
    page.get_by_label("Another draft that I type").check()
    page.get_by_label("Your draft").fill("You know when we come <img src=x onerror=document.title='ran'>")
    page.get_by_label("The rival's name").fill("Elmstead")
    page.get_by_text("Elmstead: You know when we come").wait_for()

    # Read one draft, do something else, write down nothing of it; then see what others remember.
    page.get_by_role("button", name="Take part").press("Enter")
    page.get_by_role("button", name="I have read it").press("Enter")
    page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_label("What did the statement say?").fill("We come when we said")
    page.get_by_role("button", name="Hand in").press("Enter")
    page.get_by_text("no difference yet").first.wait_for()
    page.get_by_text("All but you are invented people.").wait_for()

    # Flaws into tests: one wrong, then right, by menu.
    places = {
        "two-watchers": "yes-no", "lost-sofa": "failure", "counter": "on-the-spot", "nothing-forbidden": "rules-out",
        "rival-website": "task", "same-letter": "task", "hope": "yes-no", "on-the-minute": "failure",
    }  # fmt: skip
    for card, place in places.items():
        page.locator(f".vqb-card[data-card='{card}'] select").select_option(place)
        page.locator(f".vqb-bin[data-bin='{place}'] [data-card='{card}']").wait_for()
    page.get_by_role("button", name="That is how I sort them").click()
    page.get_by_text("7 of 8 lie where they may").wait_for()
    page.locator(".vqb-card[data-card='rival-website'] select").select_option("swap")
    page.locator(".vqb-bin[data-bin='swap'] [data-card='rival-website']").wait_for()
    page.get_by_role("button", name="That is how I sort them").press("Enter")
    page.get_by_text("8 of 8 lie where they may").wait_for()

    for question, wrong, right in (
        ("We are passionate about", 1, 0),
        ("Ten people took part", 0, 2),
        ("A manager has watched", 0, 1),
        ("A draft passes the swapped name", 0, 1),
    ):
        choose(page, question, wrong).get_by_text("Not this one.").wait_for()
        choose(page, question, right).get_by_text("Right.").wait_for()
    page.get_by_text("4 of 4 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    for number, activity in enumerate(
        ("Put a draft to the test", "Which one stays in mind?", "Which test caught it?"), 1
    ):
        page.get_by_role("heading", name=activity).evaluate("one => one.scrollIntoView()")
        screenshot(page, f"lesson-6-{number}")
    assert page.title() != "ran"
    assert visit.foreign == []
    assert visit.errors == []


def test_it_fits_a_phone(open_lesson, axe, screenshot):
    page = open_lesson("06-test-the-draft", width=390)
    page.get_by_label("Larkfield Home: We strive").check()
    for question in ("Here it stands", "Name something", "Think of one call"):
        answer(page, question, 2)
    page.get_by_role("button", name="Send these answers").click()
    page.get_by_text("What you and invented people found").wait_for()
    page.get_by_role("button", name="Take part").click()
    page.get_by_role("button", name="I have read it").wait_for()
    assert page.evaluate(
        "() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"
    )
    axe(page, ".vql")
    for number, activity in enumerate(
        ("Put a draft to the test", "Which one stays in mind?", "Which test caught it?"), 1
    ):
        page.get_by_role("heading", name=activity).evaluate("one => one.scrollIntoView()")
        screenshot(page, f"lesson-6-phone-{number}")
