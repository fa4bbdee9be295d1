"""A learner fades the statement by keyboard, recalls it, and comes back the next day, in a real JupyterLab."""

import datetime as dt
import re
import shutil
import signal

import nbformat
import pytest

from visionquiz.course import new_course
from visionquiz.kit import kit_path
from visionquiz.practice import Practice, fade_steps, fade_words
from visionquiz.serve import start_lab

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

FIRST_DAY = dt.datetime(2026, 11, 28, 16, 5, tzinfo=dt.UTC)
"""A Saturday."""

CELL = """\
import datetime as dt
from pathlib import Path
from visionquiz import load_vision
from visionquiz.views.practice import {show}
{show}(load_vision(Path("vision.toml")), now=lambda: dt.datetime.fromisoformat("{now}"))
"""


def write_lesson(folder, name, show, now):
    cell = nbformat.v4.new_code_cell(CELL.format(show=show, now=now.isoformat()))
    after = nbformat.v4.new_markdown_cell("What comes next in the lesson.")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = nbformat.v4.new_notebook(cells=[cell, after], metadata={"kernelspec": kernel})
    nbformat.write(book, folder / name)


@pytest.fixture(scope="module")
def served(tmp_path_factory, adapt_theme):
    course = new_course(tmp_path_factory.mktemp("practice") / "acme")
    shutil.copy(kit_path("assessments") / "hollowmere" / "vision.toml", course.root / "vision.toml")
    write_lesson(course.root, "learn.ipynb", "show_fading", FIRST_DAY)
    write_lesson(course.root, "next-day.ipynb", "show_today", FIRST_DAY + dt.timedelta(hours=17))
    write_lesson(course.root, "same-day.ipynb", "show_today", FIRST_DAY)
    with pytest.MonkeyPatch.context() as patch:
        # Settings of its own, not those of whoever runs the tests; light or dark as the browser asks for.
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path_factory.mktemp("settings")))
        with start_lab(course, notebook="learn.ipynb") as server:
            adapt_theme(server)
            yield course, server


@pytest.fixture
def open_lesson(served, visit, run_until):
    def start(name, selector, **options):
        page = visit.open(served[1].url.replace("learn.ipynb", name) + "&reset", **options)
        page.wait_for_selector(".jp-CodeCell")
        run_until(page, selector)
        return page

    return start


@pytest.fixture(autouse=True)
def no_practice_yet(served):
    (served[0].root / "practice.json").unlink(missing_ok=True)


def tab_to(page, name, key="Tab"):
    """Press Tab until a button has the keyboard, as who has no mouse does."""
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
        page.keyboard.press(key)
    pytest.fail(f"no way to '{name}' by keyboard")


def focused(page, script):
    page.wait_for_function(f"(() => {{ const here = document.activeElement; return {script}; }})()")


def overflows(page):
    """Whether something in the form is wider than the form."""
    return page.evaluate(
        """() => { const form = document.querySelector('.vqf'); const edge = form.getBoundingClientRect().right + 1;
        return [...form.querySelectorAll('*')].filter(one => !one.closest('.unseen') && one.offsetParent
            && one.getBoundingClientRect().right > edge).map(one => one.outerHTML.slice(0, 100)) }"""
    )


def test_fading_by_keyboard_a_wrong_and_a_right_recall_and_the_next_day(served, vision, visit, open_lesson, screenshot):
    course, _ = served
    page = open_lesson("learn.ipynb", ".vqf .vqf-fading .line")
    # Run has moved on to the next cell; the form is before it.
    tab_to(page, "Fade more", key="Shift+Tab")
    steps = fade_steps(vision.statement)
    for step in range(1, steps + 1):
        tab_to(page, "Fade more")
        page.keyboard.press("Space")
        page.locator(f".vqf >> text=/^Step {step} of {steps}/").wait_for()
        hidden = [word.text for word in fade_words(vision.statement, step, FIRST_DAY.toordinal()) if word.hidden]
        for number, word in enumerate(hidden, 1):
            focused(page, f"here.ariaLabel === 'Hidden word {number} of {len(hidden)}'")
            page.keyboard.type(word)
            if step == 3:
                screenshot(page, "practice-fading", full_page=True)
            page.keyboard.press("Enter")
        page.locator(".vqf >> text=/(words are|word is) right/").wait_for()
        focused(page, "here.tagName === 'BUTTON'")
    tab_to(page, "Now from memory")
    page.keyboard.press("Space")
    focused(page, "here.tagName === 'TEXTAREA'")
    page.keyboard.type("Keep every house running quickly <img src=x onerror='window.pwned = 1'>")
    tab_to(page, "Check")
    page.keyboard.press("Space")
    page.locator(".vqf >> text=It comes back tomorrow, Sunday 29 November").wait_for()
    shown = page.inner_text(".vqf")
    assert "“home” (you wrote “house”)" in shown
    assert re.search("Missing: .*“next”", shown)
    screenshot(page, "practice-wrong", full_page=True)
    focused(page, "here.textContent.trim() === 'Try again from memory'")
    page.keyboard.press("Space")
    focused(page, "here.tagName === 'TEXTAREA' && here.value === ''")
    page.keyboard.type(vision.statement)
    tab_to(page, "Check")
    page.keyboard.press("Space")
    page.locator(".vqf >> text=All 12 words are as they stand.").wait_for()
    screenshot(page, "practice-right", full_page=True)
    kept, why = Practice.from_json((course.root / "practice.json").read_text())
    assert why == ""
    wrong, right = kept.recalls
    assert (wrong.level < 2, right.level) == (True, 3)
    page = open_lesson("next-day.ipynb", ".vqf >> text=Today's recall")
    page.locator(".vqf textarea").focus()
    screenshot(page, "practice-today", full_page=True)
    page.keyboard.type(vision.statement)
    tab_to(page, "Check")
    page.keyboard.press("Space")
    page.locator(".vqf >> text=/It comes back in \\d+ days, on/").wait_for()
    assert page.evaluate("window.pwned") is None
    assert visit.errors == []
    assert visit.foreign == []


def test_a_press_reads_the_last_word_that_was_typed_while_the_kernel_was_busy(
    served, vision, visit, open_lesson, kernels_of
):
    page = open_lesson("next-day.ipynb", ".vqf >> text=Today's recall")
    kernels = kernels_of(served[1])
    assert kernels
    page.locator(".vqf textarea").focus()
    for process in kernels:
        process.send_signal(signal.SIGSTOP)
    try:
        page.keyboard.type(vision.statement)
        page.get_by_role("button", name="Check", exact=True).click()
    finally:
        for process in kernels:
            process.send_signal(signal.SIGCONT)
    page.locator(".vqf >> text=All 12 words are as they stand.").wait_for()
    assert visit.errors == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1200, 390])
def test_it_fits_a_desk_and_a_phone(served, open_lesson, screenshot, width, dark):
    name = f"{width}-{'dark' if dark else 'light'}"
    page = open_lesson("learn.ipynb", ".vqf .vqf-fading .line", width=width, dark=dark, height=1400)
    for step in (1, 2, 3):
        page.get_by_role("button", name="Fade more").click()
        page.locator(f".vqf >> text=/^Step {step} of/").wait_for()
    boxes = page.locator(".vqf-fading input")
    boxes.nth(0).fill("Kep")
    boxes.nth(1).fill("harbour")
    boxes.nth(2).focus()
    page.locator(".vqf-fading input.other").wait_for()
    assert overflows(page) == []
    screenshot(page, f"practice-fading-{name}", full_page=True)
    page.get_by_role("button", name="Write it from memory").click()
    page.locator(".vqf textarea").fill("Keep each house running quickly, leave everyone sure of what comes")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator(".vqf >> text=It comes back").wait_for()
    assert overflows(page) == []
    screenshot(page, f"practice-words-{name}", full_page=True)
    page = open_lesson("same-day.ipynb", ".vqf >> text=Nothing today", width=width, dark=dark)
    assert overflows(page) == []
    screenshot(page, f"practice-nothing-{name}", full_page=True)
