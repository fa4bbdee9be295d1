"""Lesson 8 in a real JupyterLab: one contribution in three parts, and who serves which meaning point."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, screenshot, vision):
    page = open_lesson("08-my-part")
    together = page.get_by_role("button", name="Put it together")
    together.click()
    page.get_by_text("Choose your role first").wait_for()
    page.get_by_role("combobox", name="My role").select_option(label=vision.roles[0].title)
    page.get_by_role("textbox", name="1. What I do").fill("We always do our best")
    together.click()
    page.get_by_text("3 parts are missing").wait_for()
    page.get_by_text("This is about your whole team.").wait_for()
    page.get_by_role("textbox", name="1. What I do").fill(
        "I write down the promised time and ring the caller back before it, even if there is no news"
    )
    page.get_by_role("textbox", name="2. What the customer gets from it").fill(
        "they never have to ring us again to ask"
    )
    page.get_by_role("combobox", name="3. The meaning point").select_option(label=vision.meaning[-1].text)
    together.click()
    page.get_by_text("ring the caller back before it, even if there is no news, so that they never").wait_for()
    page.get_by_text("Invented people and you: who serves which meaning point").wait_for()
    page.get_by_text("Look at the table.").wait_for()
    together.scroll_into_view_if_needed()
    screenshot(page, "lesson-8-contribute")
    page.get_by_text("Look at the table.").scroll_into_view_if_needed()
    screenshot(page, "lesson-8-table")

    checks = (("Which of these is a whole", 0, 1), ("An accountant says", 0, 1), ("In the table, one", 0, 2))
    for question, wrong, right in checks:
        choose(page, question, wrong).get_by_text("Not this one.").wait_for()
        choose(page, question, right).get_by_text("Right.").wait_for()
    page.get_by_text("3 of 3 right. You are through this lesson.").wait_for()
    page.get_by_text("There is no check here yet.").wait_for()
    axe(page, ".vql")
    assert visit.foreign == []
    assert visit.errors == []


def test_it_fits_a_phone(open_lesson, axe, screenshot, vision):
    page = open_lesson("08-my-part", width=390)
    page.get_by_role("combobox", name="My role").select_option(label=vision.roles[0].title)
    page.get_by_role("button", name="Put it together").click()
    page.get_by_text("3 parts are missing").wait_for()
    assert page.evaluate(
        "() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"
    )
    axe(page, ".vql")
    page.get_by_role("button", name="Put it together").scroll_into_view_if_needed()
    screenshot(page, "lesson-8-phone")
