"""An employee takes a check: from the link that `visionquiz take` prints to the answer of a second look."""

import contextlib
import json
import re
import signal
import sqlite3
import time
import urllib.parse

import pytest

from visionquiz import gradebook, reviewing
from visionquiz.cli import main
from visionquiz.nbgrader_plugin import collect_quiz, make_desk
from visionquiz.serve import start_desk, start_lab
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
    with contextlib.ExitStack() as stack:

        def start(person):
            desk = make_desk(course, QUIZ, person)
            taker = Taker(person=person.person, name=person.name, role=person.role)
            return stack.enter_context(start_desk(desk, QUIZ, taker))

        yield start


LOST = "The form lost its connection"


def press_run(page):
    page.locator("[data-command='notebook:run-cell-and-select-next']").first.click()


def press_run_again(page):
    """Click on the place of the form, then on Run, as the notebook says, once nothing runs any more."""
    page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']").first.wait_for(state="attached")
    page.locator(".vqf h2").first.click()
    press_run(page)


@pytest.fixture
def open_form(visit, run_until):
    def start(server, **options):
        page = visit.open(server.url, **options)
        page.wait_for_selector(".jp-MarkdownOutput >> text=What is our customer service vision?")
        run_until(page, ".vqf textarea:visible")
        return page

    return start


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


def test_an_employees_whole_way(course, people, desk_of, visit, open_form, run_until, kernels_of, screenshot, axe):
    person = people[0]
    server = desk_of(person)
    desk = course.desk(person.person, QUIZ)
    page = open_form(server)
    assert person.name in page.inner_text(".vqf")
    stated = "Keep every home running 💧 and <b>tell</b> them what's next"
    visible_box(page).click()
    page.keyboard.type(stated)
    wait_saved(page, desk, "state", stated)
    screenshot(page, "take-form")

    (process,) = kernels_of(server)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    # JupyterLab starts a new one by itself and says so.
    page.locator(".jp-Dialog button").last.click()
    # Whoever types on into the dead form is told, and can still copy what was typed.
    visible_box(page).click()
    page.keyboard.press("End")
    page.keyboard.type(" soon")
    page.get_by_role("alert").get_by_text(LOST).wait_for()
    assert visible_box(page).input_value().startswith(f"{stated} ")
    assert visible_box(page).evaluate("box => box.readOnly")
    assert page.locator(".vqf button:enabled").count() == 0
    screenshot(page, "take-lost")
    axe(page)
    press_run_again(page)
    page.wait_for_function("document.querySelector('.vqf textarea')?.value.includes('💧')")
    assert page.get_by_text(LOST).count() == 0
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
    axe(page)

    page.get_by_role("button", name="Review and hand in").click()
    page.locator(".vqf >> text=This is what will be sent").wait_for()
    told = page.inner_text(".vqf")
    assert stated in told
    assert explained in told
    assert "Not answered: question 3, 5, 6." in told
    screenshot(page, "take-review", full_page=True)
    axe(page)
    page.get_by_role("button", name="Hand in now").click()
    code = page.locator(".vqf .code")
    code.wait_for()
    shown = code.inner_text()
    screenshot(page, "take-receipt")
    axe(page)
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

    # The trainer: graded, one score given in formgrader, pages returned.
    there = ["--course", str(course.root)]
    assert main(["grade", QUIZ, *there]) == 0
    assert standing(course, person, "explain")["manual"] is None
    with start_lab(course) as lab:
        give_score_in_formgrader(visit, lab, course, person, "explain", "1.5")
    assert main(["feedback", QUIZ, *there]) == 0

    # The employee: feedback is there, and a second look is asked for.
    press_run_again(page)
    page.get_by_text("Your feedback is here").click()
    returned = page.frame_locator("iframe[title='Your feedback']")
    returned.get_by_text("1.5 of 3 points, given by your trainer").wait_for()
    assert returned.get_by_text(stated).is_visible()
    screenshot(page, "take-feedback", full_page=True)
    axe(page)
    page.get_by_role("radio", name=re.compile("What does it mean")).check()
    page.get_by_label(re.compile("^Why")).fill("I said what comes first, and for whom.")
    page.get_by_role("button", name="Ask for a second look").click()
    page.locator(".vqf >> text=Sent. Your trainer will look at this answer again.").wait_for()

    # The trainer: it comes first in the review and is answered.
    assert main(["collect", QUIZ, *there]) == 0
    assert standing(course, person, "explain")["review"]
    notebook = reviewing.write_notebook(course, QUIZ)
    with start_lab(course, notebook=notebook.name) as lab:
        answer_in_review(
            visit, run_until, lab, "I said what comes first, and for whom.", "You are right, that is what it means."
        )
        wait_for(page, lambda: standing(course, person, "explain")["manual"] == 3.0)
    assert not standing(course, person, "explain")["review"]
    assert main(["feedback", QUIZ, *there]) == 0

    # The employee reads the answer, and the trail knows it all.
    press_run_again(page)
    page.get_by_text("Your feedback is here").click()
    returned = page.frame_locator("iframe[title='Your feedback']")
    returned.get_by_text("You are right, that is what it means.").wait_for()
    returned.get_by_text("Fully (3 of 3 points), given by your trainer").wait_for()
    trail = gradebook.read_trail(course.database, person.person, QUIZ)[QUIZ]
    assert next(event.new for event in trail if event.kind == "attempt") == shown
    after = [(event.kind, event.who, event.new) for event in trail if event.question == "explain"]
    assert after == [
        ("judgement", "", after[0][2]),
        ("score", "", "1.5"),
        ("asked", person.person, ""),
        ("score", reviewing.trainer_login(), "3.0"),
        ("answered", reviewing.trainer_login(), ""),
    ]
    assert visit.foreign == []
    assert visit.errors == []


def test_a_form_that_nobody_answers_locks_its_boxes_and_opens_them_again(
    course, people, desk_of, visit, open_form, kernels_of
):
    server = desk_of(people[2])
    desk = course.desk(people[2].person, QUIZ)
    page = open_form(server)
    (process,) = kernels_of(server)
    process.send_signal(signal.SIGSTOP)
    try:
        visible_box(page).click()
        page.keyboard.type("Every home")
        page.get_by_role("alert").get_by_text(LOST).wait_for()
        assert visible_box(page).evaluate("box => box.readOnly")
        assert page.locator(".vqf button:enabled").count() == 0
    finally:
        process.send_signal(signal.SIGCONT)
    page.get_by_text(LOST).wait_for(state="hidden")
    wait_saved(page, desk, "state", "Every home")
    visible_box(page).click()
    page.keyboard.press("End")
    page.keyboard.type(" running")
    wait_saved(page, desk, "state", "Every home running")
    assert page.get_by_role("button", name="Next").is_enabled()
    assert page.get_by_role("button", name="Back").is_disabled()
    assert visit.errors == []


def standing(course, person, question):
    """Score by hand and mark of one answer, straight from nbgrader's tables, and the notebook that it is in."""
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        found = database.execute(
            """select n.id, g.manual_score, g.needs_manual_grade from grade g join base_cell b on b.id = g.cell_id
            join submitted_notebook n on n.id = g.notebook_id
            join submitted_assignment s on s.id = n.assignment_id where s.student_id = ? and b.name = ?""",
            (person.person, question),
        ).fetchone()
    return dict(zip(("notebook", "manual", "review"), found, strict=True))


def wait_for(page, condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        page.evaluate("new Promise(requestAnimationFrame)")


def give_score_in_formgrader(visit, lab, course, person, question, score):
    """As a trainer does: open the submission, type the score, leave the box."""
    parts = urllib.parse.urlsplit(lab.url)
    token = urllib.parse.parse_qs(parts.query)["token"][0]
    path = urllib.parse.quote(f"/formgrader/submissions/{standing(course, person, question)['notebook']}/", safe="")
    page = visit.open(f"{parts.scheme}://{parts.netloc}/login?next={path}&token={token}")
    box = page.locator(f"#{question}")
    box.wait_for()
    # Until the grades have been fetched nobody listens to the boxes.
    page.locator(f"#{question}[placeholder]").wait_for()
    box.fill(score)
    box.press("Tab")
    wait_for(page, lambda: standing(course, person, question)["manual"] == float(score))
    page.close()


def answer_in_review(visit, run_until, lab, reason, answer):
    """The first that is shown is the second look; answer it in words and give the highest level."""
    page = visit.open(lab.url + "&reset")
    page.wait_for_selector(".jp-MarkdownOutput >> text=Answers for you to look at")
    run_until(page, f".vqr >> text={reason}")
    page.locator(".vqr textarea").fill(answer)
    page.locator(".vqr textarea").press("Tab")
    page.wait_for_function("document.activeElement === document.querySelector('.vqr .vqr-keys input')")
    page.keyboard.press("3")


@pytest.mark.parametrize(("name", "width", "dark"), [("take-phone", 390, False), ("take-dark", 1200, True)])
def test_the_form_fits_the_screen(people, desk_of, visit, open_form, screenshot, axe, name, width, dark):
    page = open_form(desk_of(people[1]), width=width, dark=dark)
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
    axe(page)
    ink, paper = form.locator("textarea").first.evaluate(
        """box => { const shown = getComputedStyle(box); return [shown.color, shown.backgroundColor].map(
            colour => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)) }"""
    )
    assert (ink > paper) is dark
    assert visit.errors == []
