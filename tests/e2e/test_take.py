"""An employee takes a check: from the link that `visionquiz take` prints to the receipt, in Chromium."""

import json
import re
import signal
import time
import urllib.parse
import urllib.request

import psutil
import pytest

from visionquiz.nbgrader_plugin import collect_quiz, make_desk
from visionquiz.serve import start_desk
from visionquiz.submission import read_submission, receipt_code
from visionquiz.taking import Taker

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.nbgrader, pytest.mark.xdist_group("browser")]

QUIZ = "vision-check"


@pytest.fixture(scope="module")
def course(demos, tmp_path_factory):
    import shutil

    from visionquiz.course import open_course

    root = tmp_path_factory.mktemp("take") / "course"
    shutil.copytree(demos("released").root, root)
    return open_course(root)


@pytest.fixture(scope="module")
def people(course):
    return course.load_roster(course.load_vision())


@pytest.fixture
def desk_of(course):
    """Opens the desk of a person as `visionquiz take` does, and closes it."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def start(person):
            desk = make_desk(course, QUIZ, person)
            taker = Taker(person=person.person, name=person.name, role=person.role)
            return stack.enter_context(start_desk(desk, QUIZ, taker))

        yield start


def press_run(page):
    page.locator("[data-command='notebook:run-cell-and-select-next']").first.click()


def press_run_again(page):
    """Click on the place of the form, then on Run, as the notebook says."""
    page.locator(".vqf h2").first.click()
    press_run(page)


def open_form(visit, server, **options):
    page = visit.open(server.url, **options)
    page.wait_for_selector(".jp-MarkdownOutput >> text=What is our customer service vision?")
    # The page says that it is idle before it is connected too, and what is run then is lost.
    page.wait_for_function(
        """() => document.querySelector('.jp-Toolbar-kernelName')?.textContent.includes('Python')
            && document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"""
    )
    press_run(page)
    page.locator(".vqf textarea").first.wait_for()
    return page


def kernel_of(server):
    """The process that runs the form: the child of the server that runs ipykernel on the kernel that it lists."""
    parts = urllib.parse.urlsplit(server.url)
    token = urllib.parse.parse_qs(parts.query)["token"][0]
    request = urllib.request.Request(
        f"{parts.scheme}://{parts.netloc}/api/kernels", headers={"Authorization": f"token {token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        (kernel,) = json.load(answer)
    below = psutil.Process(server.process.pid).children(recursive=True)
    (process,) = [one for one in below if any(kernel["id"] in part for part in one.cmdline())]
    return process


def visible_box(page):
    return page.locator(".vqf textarea:visible").first


def wait_saved(page, desk, ident, text):
    page.locator(".vqf >> text=/^Saved at/").wait_for()
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if json.loads((desk / "answers.json").read_text())["answers"].get(ident) == text:
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    pytest.fail(f"'{ident}' was not saved")


def test_from_the_link_to_the_receipt_with_a_crash_in_between(course, people, desk_of, visit, screenshot):
    person = people[0]
    server = desk_of(person)
    desk = course.desk(person.person, QUIZ)
    page = open_form(visit, server)
    assert person.name in page.inner_text(".vqf")
    stated = "Keep every home running 💧 and <b>tell</b> them what's next"
    visible_box(page).click()
    page.keyboard.type(stated)
    wait_saved(page, desk, "state", stated)
    screenshot(page, "take-form")

    process = kernel_of(server)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    # JupyterLab starts a new one by itself and says so.
    page.locator(".jp-Dialog button").last.click()
    press_run_again(page)
    page.wait_for_function("document.querySelector('.vqf textarea')?.value.includes('💧')")
    assert visible_box(page).input_value() == stated

    # By keyboard alone: on to the next question, which then has the keyboard.
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement?.tagName === 'TEXTAREA'")
    assert page.get_by_label(re.compile("What does it mean")).evaluate("box => box === document.activeElement")
    explained = "Water first, and nobody is left guessing."
    page.keyboard.type(explained)
    wait_saved(page, desk, "explain", explained)
    for _ in range(2):
        page.get_by_role("button", name="Next").click()
    page.locator(".vqf input[type=radio]:visible").first.focus()
    for key in ("Space", "Tab", "Space"):
        page.keyboard.press(key)
    # JupyterLab's own keys must do nothing at a desk: this one would add a box to the notebook.
    boxes = page.locator(".jp-Cell").count()
    page.keyboard.press("b")
    assert page.locator(".vqf input[type=radio]:visible").nth(1).evaluate("one => one === document.activeElement")
    assert page.locator(".jp-Cell").count() == boxes
    page.locator(".vqf >> text=3 answered").wait_for()
    screenshot(page, "take-choice")

    page.get_by_role("button", name="Review and hand in").click()
    page.locator(".vqf >> text=This is what will be sent").wait_for()
    told = page.inner_text(".vqf")
    assert stated in told
    assert explained in told
    assert "Not answered: question 3, 5, 6." in told
    screenshot(page, "take-review", full_page=True)
    page.get_by_role("button", name="Hand in now").click()
    code = page.locator(".vqf .code")
    code.wait_for()
    shown = code.inner_text()
    screenshot(page, "take-receipt")
    assert visit.foreign == []
    assert visit.errors == []

    assert collect_quiz(course, QUIZ).new == (person.person,)
    folder = course.notebook("submitted", QUIZ, person.person).parent
    quiz = course.load_quiz(QUIZ, course.load_vision())
    sent = read_submission(folder, quiz, person.person)
    assert sent.answers["state"] == stated
    assert sent.answers["explain"] == explained
    assert re.fullmatch(r"[\w-]+ B", sent.answers["decide-1"])
    assert receipt_code(person.person, QUIZ, sent.submitted, sent.answers) == shown
    assert not (folder / "answers.json").exists()

    # Whoever comes back is told.
    press_run_again(page)
    page.locator(f".vqf >> text=/You handed this in on .*{shown}/").wait_for()


@pytest.mark.parametrize(("name", "width", "dark"), [("take-phone", 390, False), ("take-dark", 1200, True)])
def test_the_form_fits_the_screen(people, desk_of, visit, screenshot, name, width, dark):
    page = open_form(visit, desk_of(people[1]), width=width, dark=dark)
    screenshot(page, name)
    page.get_by_label("All questions on one page").check()
    page.wait_for_function("[...document.querySelectorAll('.vqf textarea')].every(box => box.checkVisibility())")
    form = page.locator(".vqf")
    assert form.evaluate("form => form.scrollWidth <= form.clientWidth"), "nothing to scroll sideways"
    assert (
        form.evaluate(
            """form => [...form.querySelectorAll('*')].filter(one => one.checkVisibility()
            && one.getBoundingClientRect().right > form.getBoundingClientRect().right + 6).length"""
        )
        == 0
    )
    assert form.locator("textarea").first.evaluate("box => parseFloat(getComputedStyle(box).fontSize)") >= 18
    form.locator("input[type=radio]:visible").first.scroll_into_view_if_needed()
    screenshot(page, f"{name}-choice")
    ink, paper = form.locator("textarea").first.evaluate(
        """box => { const shown = getComputedStyle(box); return [shown.color, shown.backgroundColor].map(
            colour => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)) }"""
    )
    assert (ink > paper) is dark
    assert visit.errors == []
