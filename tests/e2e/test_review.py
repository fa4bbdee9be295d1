"""A trainer looks at what is left, by keyboard, in a real JupyterLab; what is in the gradebook then."""

import json
import shutil
import sqlite3
import time
import urllib.parse
import urllib.request

import pytest

from visionquiz import gradebook, reviewing
from visionquiz.course import open_course
from visionquiz.serve import start_lab

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.nbgrader, pytest.mark.xdist_group("browser")]

QUIZ = "vision-check"
ATTACK = "Water first <img src=x onerror='window.pwned = 1'> مرحبا بالعملاء & \"clear\""


@pytest.fixture(scope="module")
def served(demos, tmp_path_factory, adapt_theme):
    root = tmp_path_factory.mktemp("review") / "course"
    shutil.copytree(demos("graded").root, root)
    course = open_course(root)
    notebook = reviewing.write_notebook(course, QUIZ)
    with pytest.MonkeyPatch.context() as patch:
        # Settings of its own, not those of whoever runs the tests; light or dark as the browser asks for.
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path_factory.mktemp("settings")))
        with start_lab(course, notebook=notebook.name) as server:
            adapt_theme(server)
            yield course, server


@pytest.fixture
def clean(served):
    """What the gradebook and the notebook hold, put back afterwards: each test begins at the same answers."""
    course, _ = served
    kept = course.root.with_name("kept")
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(course.root, kept, ignore=shutil.ignore_patterns("logs"))
    yield
    for name in ("gradebook.db", "gradebook.db-wal", "gradebook.db-shm"):
        (course.root / name).unlink(missing_ok=True)
    shutil.copytree(kept, course.root, dirs_exist_ok=True)


def row_of(course, person, question):
    """Manual score, mark and manual comment, straight from nbgrader's tables."""
    book = sqlite3.connect(course.gradebook)
    found = book.execute(
        """select g.manual_score, g.needs_manual_grade, c.manual_comment
        from grade g join submitted_notebook sn on sn.id = g.notebook_id
        join submitted_assignment sa on sa.id = sn.assignment_id join base_cell b on b.id = g.cell_id
        join base_cell s on s.name = b.name and s.type = 'SolutionCell' and s.notebook_id = b.notebook_id
        join comment c on c.cell_id = s.id and c.notebook_id = sn.id
        where sa.student_id = ? and b.name = ?""",
        (person, question),
    ).fetchone()
    book.close()
    return found


def rows_of(course, group):
    return {row_of(course, case.person, case.question.id) for case in group.cases}


@pytest.fixture
def open_review(visit, run_until):
    def start(server, **options):
        page = visit.open(server.url + "&reset", **options)
        page.wait_for_selector(".jp-MarkdownOutput >> text=Answers for you to look at")
        run_until(page, ".vqr >> text=/^Answer 1 of/")
        return page

    return start


def box(page):
    return page.locator(".vqr .vqr-keys input")


def press(page, key, until):
    page.keyboard.press(key)
    try:
        page.locator(f".vqr >> text=/{until}/").first.wait_for(timeout=20_000)
    except Exception:
        print(page.inner_text(".vqr"))
        raise
    page.wait_for_function("document.querySelector('.vqr .vqr-keys input').value === ''")


def test_three_by_keyboard_one_taken_back(served, clean, visit, open_review, screenshot):
    course, server = served
    groups = reviewing.group_cases(reviewing.read_cases(course, QUIZ))
    first, second, third = groups[:3]
    assert rows_of(course, first) | rows_of(course, second) | rows_of(course, third) == {(None, 1, None)}
    page = open_review(server)
    page.wait_for_function("document.activeElement === document.querySelector('.vqr .vqr-keys input')")
    shown = page.inner_text(".vqr")
    assert f"Answer 1 of {len(groups)}, {len(groups) - 1} left" in shown
    assert "All that the grader thinks of it" in shown
    screenshot(page, "review-desktop", full_page=True)
    assert not any(case.person in shown for group in groups for case in group.cases)
    press(page, "3", f"^Answer 2 of {len(groups)}")
    press(page, "c", "Comment for the employee")
    page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
    page.keyboard.type("Say whom it helps.")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement === document.querySelector('.vqr .vqr-keys input')")
    press(page, "1", f"^Answer 3 of {len(groups)}")
    press(page, "0", f"^Answer 4 of {len(groups)}")
    assert rows_of(course, first) == {(3.0, 0, None)}
    assert rows_of(course, second) == {(1.0, 0, "Say whom it helps.")}
    assert rows_of(course, third) == {(0.0, 0, None)}
    press(page, "u", f"^Answer 3 of {len(groups)}")
    page.locator(".vqr >> text=Undone").wait_for()
    assert rows_of(course, third) == {(None, 1, None)}
    assert rows_of(course, second) == {(1.0, 0, "Say whom it helps.")}
    # A click leaves the keyboard in the box: a letter typed on a button would be JupyterLab's.
    page.get_by_role("button", name="Skip").click()
    page.locator(".vqr >> text=Skipped").wait_for()
    page.wait_for_function("document.activeElement === document.querySelector('.vqr .vqr-keys input')")
    assert page.locator(".jp-Cell").count() == 2
    who = {event.who for event in gradebook.read_trail(course.database, first.first.person, QUIZ)[QUIZ] if event.who}
    assert who == {reviewing.trainer_login()}
    assert visit.errors == []
    assert visit.foreign == []


def test_a_saved_notebook_holds_no_answer(served, clean, visit, open_review):
    course, server = served
    groups = reviewing.group_cases(reviewing.read_cases(course, QUIZ))
    page = open_review(server)
    page.locator("[data-command='docmanager:save']").first.click()
    end = time.monotonic() + 60
    while "Press Run to see" not in (saved := (course.root / "review.ipynb").read_text()) and time.monotonic() < end:
        page.evaluate("new Promise(requestAnimationFrame)")
    assert json.loads(saved)["cells"][0]["outputs"], "the view itself was saved"
    assert set(json.loads(saved)["metadata"]) == {"kernelspec", "language_info", "visionquiz"}
    kept = "".join(path.read_text() for path in (course.root / ".ipynb_checkpoints").glob("review*"))
    for group in groups:
        for case in group.cases:
            assert case.text[:30] not in saved + kept
            assert case.person not in saved + kept


def test_what_people_typed_runs_nowhere_and_a_second_look_is_answered(
    served, clean, visit, open_review, screenshot, axe
):
    import datetime as dt

    course, server = served
    people = course.submissions(QUIZ)
    path = course.notebook("submitted", QUIZ, people[0])
    notebook = json.loads(path.read_text())
    next(cell for cell in notebook["cells"] if cell["id"] == "explain")["source"] = ATTACK
    path.write_text(json.dumps(notebook))
    from visionquiz import jobs

    jobs.grade_quiz(course, QUIZ)
    now = dt.datetime(2024, 1, 1, 9)
    looks = [
        gradebook.SecondLook(person=people[0], question="explain", asked=now, reason=ATTACK),
        gradebook.SecondLook(
            person=people[1], question="decide-1", asked=now + dt.timedelta(hours=1), reason="The van was empty."
        ),
    ]
    gradebook.write_looks(course.database, QUIZ, looks, now)
    page = open_review(server)
    assert page.locator(".vqr .typed").inner_text().startswith("Water first")
    assert "<img src=x" in page.locator(".vqr .typed").inner_text()
    assert page.locator(".vqr .asked p").inner_text() == ATTACK
    press(page, "2", "Write your answer to the employee first")
    page.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
    page.keyboard.type("You named the order, so it is all there.")
    screenshot(page, "review-second-look", full_page=True)
    axe(page)
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement === document.querySelector('.vqr .vqr-keys input')")
    press(page, "3", "^Answer 2 of")  # not the same key: one that is held down counts once
    assert row_of(course, people[0], "explain") == (3.0, 0, None)
    assert gradebook.read_looks(course.database, QUIZ)[0].answer == "You named the order, so it is all there."
    page.locator(".vqr >> text=/^Chosen: /").wait_for()
    screenshot(page, "review-situation", full_page=True)
    assert page.evaluate("window.pwned") is None
    assert visit.errors == []


@pytest.mark.parametrize(("name", "width", "dark"), [("review-phone", 390, False), ("review-dark", 1200, True)])
def test_it_fits_the_screen(served, clean, visit, open_review, screenshot, axe, name, width, dark):
    _course, server = served
    page = open_review(server, width=width, dark=dark)
    view = page.locator(".vqr").first
    screenshot(page, name)
    assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1"), "nothing to scroll sideways"
    buttons = page.locator(".vqr button:visible")
    assert buttons.count() >= 6
    for place in range(buttons.count()):
        assert buttons.nth(place).bounding_box()["height"] >= 40
    buttons.first.scroll_into_view_if_needed()
    screenshot(page, f"{name}-buttons")
    axe(page)


def test_the_address_opens_the_notebook(served):
    assert urllib.parse.urlsplit(served[1].url).path == "/doc/tree/review.ipynb"
