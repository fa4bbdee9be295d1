"""Lesson 7 in a real JupyterLab: explain without the statement's words, recall it, find the check."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

GOOD = (
    "Get the water on first and do the forms later. Babies and sick people come early. No codes. "
    "Say who comes and when, and if you do not know yet, admit it and ring back."
)


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, bring, screenshot, vision):
    page = open_lesson("07-say-what-it-means")
    box = page.get_by_role("textbox", name="Explain it in your own words")
    page.get_by_role("button", name="See what came across").click()
    page.get_by_text("There is nothing in the box yet.").wait_for()
    box.fill(vision.statement)
    page.get_by_role("button", name="See what came across").click()
    page.get_by_text("Can you say it without them?").wait_for()
    box.fill(GOOD)
    page.get_by_role("button", name="See what comes across now").click()
    page.get_by_text("One step on").wait_for()
    page.get_by_text("This came across").wait_for()
    page.get_by_text("Invented people and you: what came across").wait_for()
    bring(page, page.get_by_role("button", name="See what comes across now"))
    screenshot(page, "lesson-7-explain")

    page.get_by_role("button", name="Write it from memory").click()
    # The page has two such boxes: this one, once it is there, and today's recall.
    recalls = page.get_by_role("textbox", name=f"vision of {vision.company}? Write it from memory")
    recalls.nth(1).wait_for()
    recalls.first.fill(vision.statement)
    page.get_by_role("button", name="Check", exact=True).first.click()
    page.get_by_text("You got it back without looking.").wait_for()

    checks = (("A colleague recites", 0, 1), ("Which of these explains", 1, 2), ("You have ten minutes", 0, 1))
    for question, wrong, right in checks:
        choose(page, question, wrong).get_by_text("Not this one.").wait_for()
        choose(page, question, right).get_by_text("Right.").wait_for()
    page.get_by_text("3 of 3 right. You are through this lesson.").wait_for()
    page.get_by_text("There is no check here yet.").wait_for()
    axe(page, ".vql")
    assert visit.foreign == []
    assert visit.errors == []


def test_a_released_check_is_one_link_away(open_lesson, lesson_folder, screenshot):
    import json
    import shutil

    from visionquiz.kit import kit_path

    made = [lesson_folder / "vision.toml", lesson_folder / "release"]
    try:
        shutil.copyfile(kit_path("assessments") / "hollowmere" / "vision.toml", made[0])
        (made[1] / "first-check").mkdir(parents=True)
        notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (made[1] / "first-check" / "first-check.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        page = open_lesson("07-say-what-it-means")
        page.get_by_text("The check is open.").scroll_into_view_if_needed()
        screenshot(page, "lesson-7-check")
        page.get_by_role("link", name="Open “first-check”").click()
        page.wait_for_function("() => document.body.innerText.includes('first-check.ipynb')")
    finally:
        made[0].unlink(missing_ok=True)
        shutil.rmtree(made[1], ignore_errors=True)


def test_it_fits_a_phone(open_lesson, axe, bring, screenshot):
    page = open_lesson("07-say-what-it-means", width=390)
    assert page.evaluate(
        "() => [...document.querySelectorAll('.vql')].every(view => view.scrollWidth <= view.clientWidth + 1)"
    )
    axe(page, ".vql")
    bring(page, page.get_by_role("heading", name="Explain it without its words"))
    screenshot(page, "lesson-7-phone")
