"""The edge to nbgrader, with nbgrader's own converters, exchange and gradebook."""

import asyncio
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from visionquiz import jobs, nbgrader_plugin
from visionquiz.cli import main
from visionquiz.errors import CourseError, DeskError
from visionquiz.nbgrader_plugin import (
    collect_quiz,
    make_desk,
    release_quiz,
    return_feedback,
    safe_markdown,
)
from visionquiz.notebook import dump_notebook, fill_answers, find_key
from visionquiz.receipt import parse_receipt
from visionquiz.rights import erase_person
from visionquiz.submission import read_submission, receipt_code
from visionquiz.taking import (
    Draft,
    hand_in_apart,
    list_receipts,
    load_draft,
    open_desk,
    read_feedback,
    save_draft,
)

pytestmark = [pytest.mark.nbgrader, pytest.mark.xdist_group("nbgrader")]

ROWS = """
    select sa.student_id, st.first_name, st.last_name, sa.timestamp, sa.extension, sn.flagged,
           sn.late_submission_penalty, b.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade,
           c.auto_comment, c.manual_comment
    from grade g
    join submitted_notebook sn on sn.id = g.notebook_id
    join submitted_assignment sa on sa.id = sn.assignment_id
    join student st on st.id = sa.student_id
    join base_cell b on b.id = g.cell_id
    join base_cell s on s.name = b.name and s.notebook_id = b.notebook_id and s.type = 'SolutionCell'
    join comment c on c.cell_id = s.id and c.notebook_id = sn.id
    order by 1, 8
"""


def rows(course):
    """Everything that nbgrader keeps about grades, without the random ids."""
    with sqlite3.connect(course.gradebook) as database:
        found = database.execute(ROWS).fetchall()
    database.close()
    return found


def sql(course, statement, *values):
    with sqlite3.connect(course.gradebook) as database:
        found = database.execute(statement, values).fetchall()
    database.close()
    return found


def nbgrader(course, *arguments):
    """Run the real program as a trainer would, in the course folder."""
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )


def load(course):
    vision = course.load_vision()
    return vision, course.load_roster(vision), course.load_quiz("vision-check", vision)


def release(course):
    vision, people, quiz = load(course)
    return release_quiz(course, quiz, vision, people)


def snapshot(course):
    """Every file of the course with its bytes, but for the lock."""
    return {
        path.relative_to(course.root): path.read_bytes()
        for path in course.root.rglob("*")
        if path.is_file() and path.suffix not in (".lock", ".db-wal", ".db-shm")
    }


def test_a_release_is_nbgraders_own_and_listed(course_until):
    course = course_until("released")
    listed = nbgrader(course, "list")
    assert "hollowmere vision-check" in listed.stdout + listed.stderr
    names = {row[0] for row in sql(course, "select name from base_cell where type = 'GradeCell'")}
    assert names == {"state", "explain", "contribute", "decide-1", "decide-2", "decide-3"}
    assert sql(course, "select name, duedate, course_id from assignment") == [
        ("vision-check", "2026-12-18 17:00:00.000000", "hollowmere")
    ]
    assert sql(course, "select count(*) from student") == [(40,)]
    assert sql(course, "select version_num from alembic_version"), "nbgrader db upgrade needs it"


def test_the_released_notebook_keeps_our_texts_and_no_key(course_until):
    course = course_until("released")
    vision, _, quiz = load(course)
    for path in (course.notebook("release", quiz.id), *course.exchange.glob("*/outbound/*/*.ipynb")):
        notebook = json.loads(path.read_text())
        assert find_key(notebook, vision) == []
        source = json.loads(course.notebook("source", quiz.id).read_text())
        assert ["".join(c["source"]) for c in notebook["cells"]] == [c["source"] for c in source["cells"]]
        for cell in notebook["cells"]:
            assert cell["metadata"]["deletable"] is False


def test_releasing_again_changes_nothing(course_until):
    course = course_until("graded")
    before = rows(course)
    release(course)
    assert rows(course) == before


def test_a_release_that_gives_the_answer_away_is_refused_and_leaves_no_trace(course_until):
    course = course_until("released")
    text = course.vision_file.read_text()
    statement = course.load_vision().statement
    vision = course.load_vision()
    shown = vision.scenarios[0]
    for scenario in vision.scenarios:
        text = text.replace(scenario.situation, f"{scenario.situation} {statement}")
    assert shown.situation + " " + statement in text
    course.vision_file.write_text(text)
    before = snapshot(course)
    with pytest.raises(CourseError, match="contains the statement"):
        release(course)
    assert snapshot(course) == before


def test_a_changed_check_can_be_released_again_until_somebody_answered(course_until):
    course = course_until("released")
    file = course.quiz_file("vision-check")
    file.write_text(file.read_text().replace("seed = 2026", "seed = 2027"))
    release(course)

    course = course_until("submitted")
    file = course.quiz_file("vision-check")
    file.write_text(file.read_text().replace("seed = 2026", "seed = 2027"))
    with pytest.raises(CourseError, match="35 people have answered 'vision-check' as it was released"):
        release(course)


def test_questions_that_changed_since_the_release_are_not_graded(course_until):
    course = course_until("submitted")
    file = course.quiz_file("vision-check")
    file.write_text(file.read_text().replace("seed = 2026", "seed = 2027"))
    with pytest.raises(CourseError, match="could be misread"):
        jobs.grade_quiz(course, "vision-check")
    assert rows(course) == []


@pytest.mark.parametrize("broken", ["", "c = 1\n1/0\n", "from visionquiz.nbgrader_plugin import nothing\n"])
def test_a_broken_configuration_is_named(course_until, broken):
    course = course_until("released")
    (course.root / "nbgrader_config.py").write_text(broken)
    before = snapshot(course)
    if broken:
        with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be used"):
            release(course)
    else:
        with pytest.raises(CourseError):
            release(course)
    assert snapshot(course) == before


@pytest.fixture
def employee(tmp_path, monkeypatch):
    """A folder of an employee who can reach the course's exchange."""

    def reach(course):
        home = tmp_path / "employee"
        home.mkdir()
        settings = ["c = get_config()", "c.CourseDirectory.course_id = 'hollowmere'"]
        settings.append(f"c.Exchange.root = {str(course.exchange)!r}")
        (home / "nbgrader_config.py").write_text("\n".join(settings), encoding="utf-8")
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
        return type(course)(home)

    return reach


def hand_in(employee, person, answers):
    """Fetch the check, type, submit: with nbgrader's own commands."""
    mine = employee.root / "vision-check" / "vision-check.ipynb"
    if not mine.exists():
        nbgrader(employee, "fetch_assignment", "vision-check")
    mine.write_text(dump_notebook(fill_answers(json.loads(mine.read_text()), answers)))
    nbgrader(employee, "submit", "vision-check", f"--CourseDirectory.student_id={person}")


def test_what_nbgrader_submit_hands_in_is_collected(course_until, employee):
    course = course_until("released")
    vision, people, quiz = load(course)
    hand_in(employee(course), people[3].person, {"state": vision.statement})
    report = collect_quiz(course, quiz.id)
    assert report.new == (people[3].person,)
    assert jobs.grade_quiz(course, quiz.id).graded == 1
    scores = {row[7]: (row[8], row[11], row[12]) for row in rows(course)}
    assert scores["state"][:2] == (3.0, 0)
    assert scores["explain"] == (0.0, 0, "No response."), "handed in and blank is 0"


def test_an_employee_fetches_the_page_and_nobody_elses(course_until, employee):
    course = course_until("graded")
    vision, people, quiz = load(course)
    absent = next(person for person in people if not course.notebook("submitted", quiz.id, person.person).exists())
    me = employee(course)
    hand_in(me, absent.person, {"state": vision.statement, "explain": "<script>alert('mine')</script>"})
    collect_quiz(course, quiz.id)
    jobs.grade_quiz(course, quiz.id)
    report = return_feedback(course, quiz.id, finished=False)
    assert report.left == ()
    assert absent.person in report.people
    assert len(report.people) == len(course.submissions(quiz.id))
    nbgrader(me, "fetch_feedback", quiz.id)
    (page,) = me.root.rglob("*.html")
    text = page.read_text()
    assert absent.name in text
    assert vision.statement in text
    assert "<script" not in text
    assert "&lt;script&gt;alert(&#x27;mine&#x27;)" in text
    returned = list((course.exchange / "hollowmere" / "feedback").iterdir())
    assert len(returned) == len(report.people)
    assert not (course.exchange / "hollowmere" / "feedback").stat().st_mode & 0o044, "its files cannot be listed"


def test_what_a_trainer_wrote_is_on_the_page_and_pages_can_be_returned_again(course_until):
    course = course_until("graded")
    _, _, quiz = load(course)
    person = course.submissions(quiz.id)[0]
    page = course.root / "feedback" / person / quiz.id / f"{quiz.id}.html"
    return_feedback(course, quiz.id, finished=False)
    assert "Your trainer says" not in page.read_text()
    mine = """(select g.id from grade g join submitted_notebook n on n.id = g.notebook_id
               join submitted_assignment s on s.id = n.assignment_id
               join base_cell b on b.id = g.cell_id where s.student_id = ? and b.name = 'explain')"""
    sql(course, f"update grade set manual_score = 2, needs_manual_grade = 0 where id in {mine}", person)
    sql(
        course,
        """update comment set manual_comment = 'Well seen, <b>Ana</b>' where id in
           (select c.id from comment c join submitted_notebook n on n.id = c.notebook_id
            join submitted_assignment s on s.id = n.assignment_id
            join base_cell b on b.id = c.cell_id where s.student_id = ? and b.name = 'explain')""",
        person,
    )
    return_feedback(course, quiz.id, finished=False)
    text = page.read_text()
    assert "Well seen, &lt;b&gt;Ana&lt;/b&gt;" in text
    assert "Mostly (2 of 3 points), given by your trainer" in text


def test_only_those_without_an_open_answer_get_a_page_if_the_trainer_wants(course_until):
    course = course_until("graded")
    _, _, quiz = load(course)
    report = return_feedback(course, quiz.id, finished=True)
    waiting = {row[0] for row in rows(course) if row[11]}
    assert waiting
    assert report.held == len(waiting)
    assert waiting.isdisjoint(report.people)
    assert {path.name for path in (course.root / "feedback").iterdir()} == set(report.people)


def test_a_page_that_nobody_alone_could_fetch_is_left_for_the_trainer_to_pass_on(course_until):
    course = course_until("graded")
    _, _, quiz = load(course)
    lost, one, other, *rest = course.submissions(quiz.id)
    keys = [
        course.notebook("submitted", quiz.id, name).with_name("submission_secret.txt") for name in (lost, one, other)
    ]
    keys[0].unlink()
    shutil.copyfile(*keys[1:])
    report = return_feedback(course, quiz.id, finished=False)
    assert set(report.people) == {lost, one, other, *rest}
    assert set(report.secrets) == set(rest)
    assert len(list((course.exchange / "hollowmere" / "feedback").iterdir())) == len(rest)
    assert (course.root / "feedback" / lost / quiz.id / f"{quiz.id}.html").is_file()


def test_answers_that_were_not_graded_get_no_page_and_stop_nobody(course_until):
    course = course_until("graded")
    _, _, quiz = load(course)
    newer, *rest = course.submissions(quiz.id)
    path = course.notebook("submitted", quiz.id, newer)
    path.write_text(dump_notebook(fill_answers(json.loads(path.read_text()), {"explain": "Something else."})))
    report = return_feedback(course, quiz.id, finished=False)
    assert set(report.people) == set(rest)
    (error,) = report.left
    assert (error.person, error.reason) == (
        newer,
        "other answers were handed in since the grading; first: visionquiz grade vision-check",
    )


def test_there_is_no_feedback_before_grading(course_until):
    course = course_until("submitted")
    with pytest.raises(CourseError, match="first: visionquiz grade vision-check"):
        return_feedback(course, "vision-check", finished=False)


def test_a_newer_submission_takes_the_place_of_an_older_one(course_until):
    course = course_until("submitted")
    quiz = load(course)[2]
    assert collect_quiz(course, quiz.id).new == ()
    old = sorted((course.exchange / "hollowmere" / "inbound").iterdir())[0]
    person = old.name.partition("+")[0]
    newer = old.with_name(f"{person}+vision-check+2026-12-18 16:59:59.000000 UTC+abc")
    shutil.copytree(old, newer)
    (newer / "timestamp.txt").write_text("2026-12-18 16:59:59.000000 UTC")
    report = collect_quiz(course, quiz.id)
    assert report.updated == (person,)
    stamp = course.notebook("submitted", quiz.id, person).with_name("timestamp.txt").read_text()
    assert stamp.startswith("2026-12-18 16:59:59")


def test_a_submission_says_when_it_was_handed_in_or_its_folder_does_or_it_counts_as_the_first(course_until):
    course = course_until("submitted")
    quiz = load(course)[2]
    old = sorted((course.exchange / "hollowmere" / "inbound").iterdir())[0]
    person = old.name.partition("+")[0]
    present = course.notebook("submitted", quiz.id, person).parent
    (present / "timestamp.txt").unlink()  # put there by hand
    newer = old.with_name(f"{person}+vision-check+2026-12-18 16:59:59.000000 UTC+abc")
    shutil.copytree(old, newer)
    (newer / "timestamp.txt").write_text("yesterday or so")
    assert collect_quiz(course, quiz.id).updated == (person,)
    assert (present / "timestamp.txt").read_text().startswith("2026-12-18 16:59:59")
    assert collect_quiz(course, quiz.id).updated == ()


def test_a_bad_folder_in_the_exchange_stops_nobody_else(course_until, tmp_path):
    course = course_until("submitted")
    quiz = load(course)[2]
    people = course.submissions(quiz.id)
    shutil.rmtree(course.root / "submitted")
    inbound = course.exchange / "hollowmere" / "inbound"
    when = "+vision-check+2026-12-18 16:59:59.000000 UTC+0abc"
    secret = tmp_path / "secret"
    secret.write_text("only the trainer can read this")
    good = next(inbound.glob(f"{people[0]}+*"))

    def add(name):
        folder = inbound / f"{name}{when}"
        shutil.copytree(good, folder)
        return folder, folder / "vision-check.ipynb"

    (inbound / "untimely+vision-check+soon").mkdir()
    (inbound / "timeless+vision-check").mkdir()
    (inbound / f"no person{when}").mkdir()
    (inbound / f"file{when}").write_text("no folder")
    (inbound / f"link{when}").symlink_to(good)
    (inbound / f"dangling{when}").symlink_to(tmp_path / "nowhere")
    (inbound / f"empty{when}").mkdir()
    _, notebook = add("pipe")
    notebook.unlink()
    os.mkfifo(notebook)
    for name, target in (("spy", secret), ("lost", tmp_path / "nowhere"), ("copycat", good / notebook.name)):
        _, notebook = add(name)
        notebook.unlink()
        notebook.symlink_to(target)
    folder, _ = add("clock")
    (folder / "timestamp.txt").unlink()
    (folder / "timestamp.txt").symlink_to(secret)
    _, notebook = add("nested")
    notebook.unlink()
    notebook.mkdir()
    _, notebook = add("huge")
    os.truncate(notebook, 200_000_000)
    refused = {path.name for path in inbound.iterdir() if path.name.partition("+")[0] not in people}
    assert len(refused) == 14
    # What else lies about is left there, and hinders nobody.
    folder, _ = add("more")
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to(secret)
    with open(folder / "film", "wb") as film:
        film.truncate(200_000_000)
    (folder / "submission_secret.txt").write_text("abc")
    (inbound / "mia+other+soon").mkdir()
    (inbound / ".DS_Store").write_text("")

    report = collect_quiz(course, quiz.id)
    assert {error.person for error in report.screened.refused} == refused
    assert all("ask for it to be submitted again" in error.reason for error in report.screened.refused)
    assert set(report.new) == {*people, "more"}
    assert {path.name for path in (course.root / "submitted" / "more" / quiz.id).iterdir()} == {
        "vision-check.ipynb",
        "timestamp.txt",
        "submission_secret.txt",
    }
    assert not any(path.is_symlink() for path in (course.root / "submitted").rglob("*"))


def test_what_was_handed_in_anew_needs_no_attention_any_more(course_until):
    course = course_until("submitted")
    inbound = course.exchange / "hollowmere" / "inbound"
    good = sorted(inbound.iterdir())[0]
    person = good.name.partition("+")[0]
    earlier = inbound / f"{person}+vision-check+2026-01-01 10:00:00.000000 UTC+abc"
    later = inbound / f"{person}+vision-check+2027-01-01 10:00:00.000000 UTC+abc"
    earlier.mkdir()
    later.mkdir()
    assert [error.person for error in collect_quiz(course, "vision-check").screened.refused] == [later.name]


def test_autograde_writes_the_rows_that_visionquiz_grade_writes(course_until):
    course = course_until("submitted")
    twin = type(course)(course.root.with_name("twin"))
    shutil.copytree(course.root, twin.root)
    jobs.grade_quiz(course, "vision-check")
    nbgrader(twin, "autograde", "vision-check")
    ours, theirs = rows(course), rows(twin)
    assert len(ours) == 35 * 6
    assert ours == theirs
    # And once more over each other's work.
    nbgrader(course, "autograde", "vision-check", "--force")
    jobs.grade_quiz(twin, "vision-check")
    assert rows(course) == rows(twin) == ours


def test_penalties_for_handing_in_late_are_those_of_autograde(course_until):
    course = course_until("submitted")
    with open(course.root / "nbgrader_config.py", "a", encoding="utf-8") as file:
        file.write("\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
    sql(course, "update assignment set duedate = '2026-12-10 00:00:00.000000'")
    twin = type(course)(course.root.with_name("twin"))
    shutil.copytree(course.root, twin.root)
    assert main(["grade", "vision-check", "--course", str(course.root)]) == 0
    nbgrader(twin, "autograde", "vision-check")
    assert rows(course) == rows(twin)
    late = [row[6] for row in rows(course) if row[6]]
    assert 0 < len(late) < 35 * 6
    # Once the date is put off, the penalty goes.
    sql(course, "update assignment set duedate = '2027-12-10 00:00:00.000000'")
    assert main(["grade", "vision-check", "--course", str(course.root)]) == 0
    assert not any(row[6] for row in rows(course))


def test_autograde_goes_on_after_a_submission_that_is_refused(course_until):
    course = course_until("submitted")
    person = course.submissions("vision-check")[0]
    course.notebook("submitted", "vision-check", person).write_text("no notebook")
    report = jobs.grade_quiz(course, "vision-check")
    assert [error.person for error in report.refused] == [person]
    assert report.graded == 34
    assert person not in {row[0] for row in rows(course)}


def test_other_assignments_of_the_course_are_graded_as_ever(course_until):
    """A trainer's own assignment beside our checks keeps nbgrader's behaviour."""
    import nbformat

    course = course_until("released")
    cell = nbformat.v4.new_markdown_cell("Your thoughts?", id="thoughts")
    cell.metadata["nbgrader"] = {
        "grade": True,
        "solution": True,
        "locked": False,
        "task": False,
        "schema_version": 3,
        "grade_id": "thoughts",
        "points": 4,
    }
    notebook = nbformat.v4.new_notebook(cells=[cell])
    source = course.notebook("source", "own")
    source.parent.mkdir(parents=True)
    nbformat.write(notebook, source)
    nbgrader(course, "generate_assignment", "own")
    handed_in = course.notebook("submitted", "own", "mia")
    handed_in.parent.mkdir(parents=True)
    text = course.notebook("release", "own").read_text().replace("Your thoughts?", "Mine.")
    handed_in.write_text(text)
    nbgrader(course, "autograde", "own")
    ((_, _, _, _, _, _, _, name, auto, manual, _, review, *_),) = rows(course)
    assert (name, auto, manual, review) == ("thoughts", None, None, 1)


class TestExchangeElsewhere:
    """One exchange for many accounts and courses, as on a Hub: the course's own files name it."""

    @pytest.fixture
    def course(self, course_until, tmp_path):
        course = course_until("submitted")
        with open(course.root / "nbgrader_config.py", "a") as file:
            file.write(f"c.Exchange.root = {str(tmp_path / 'shared')!r}\n")
        return course

    @pytest.fixture
    def shared(self, course, tmp_path):
        """What was handed in lies there now, and somebody has answered another course's check of the same name."""
        shared = shutil.move(course.exchange, tmp_path / "shared")
        person = course.submissions("vision-check")[0]
        (sent,) = shared.glob(f"hollowmere/inbound/{person}+*")
        shutil.copytree(sent, shared / "another" / "inbound" / sent.name)
        return shared

    def test_what_was_handed_in_there_counts_and_can_be_erased_and_another_course_is_left_alone(self, course, shared):
        person, *others = course.submissions("vision-check")
        shutil.rmtree(course.root / "submitted")
        assert collect_quiz(course, "vision-check").new == (person, *others)
        shutil.rmtree(course.root / "submitted")
        (file := course.quiz_file("vision-check")).write_text(file.read_text().replace("seed = ", "seed = 1"))
        with pytest.raises(CourseError, match=f"{len(others) + 1} people have answered"):
            release(course)
        erase_person(course, person)
        (left,) = shared.glob(f"*/inbound/{person}+*")
        assert left.parent.parent.name == "another"
        assert len(list(shared.glob("hollowmere/inbound/*"))) == len(others)

    def test_what_was_handed_in_before_is_not_lost_from_sight(self, course, tmp_path):
        (tmp_path / "shared").mkdir()
        with pytest.raises(CourseError, match=r"the exchange is .*shared, and .*hollowmere is from before; move it"):
            collect_quiz(course, "vision-check")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        '<iframe src="https://example.org"></iframe>',
        "<svg onload=alert(1)>",
        "![x](https://example.org/track.png)",
        '<form action="https://example.org"><input></form>',
        "<style>*{display:none}</style>",
        '<b style="position:fixed">x</b>',
        '<base href="https://example.org">',
    ],
)
def test_nothing_an_answer_holds_runs_or_loads_in_the_trainers_browser(attack):
    shown = safe_markdown(f"before {attack} after").lower()
    for danger in (
        "<script",
        "onerror",
        "javascript:",
        "data:text",
        "<iframe",
        "<svg",
        "<img",
        "<form",
        "<style",
        "style=",
        "<base",
    ):
        assert danger not in shown
    assert "before" in shown


def test_plain_markdown_still_looks_like_it():
    shown = safe_markdown("**bold** and\n\n- a\n- b\n\n[link](https://example.org)")
    assert "<strong>bold</strong>" in shown
    assert shown.count("<li>") == 2
    assert 'href="https://example.org"' in shown


class TestHandIn:
    """What an employee hands in from a desk is an nbgrader submission like any other."""

    @pytest.fixture
    def course(self, course_until):
        return course_until("released")

    @pytest.fixture
    def desk(self, course):
        person = load(course)[1][0]
        env = {"VISIONQUIZ_PERSON": person.person, "VISIONQUIZ_ROLE": person.role}
        desk = open_desk("vision-check", make_desk(course, "vision-check", person), env)
        save_draft(desk, Draft(answers={"state": "Keep the water on.", "explain": "Water first \N{DROPLET}"}))
        return desk

    def inbound(self, course):
        return sorted(course.exchange.glob("*/inbound/*"))

    def test_it_is_collected_under_the_person_with_the_code_of_the_receipt(self, course, desk):
        receipt = nbgrader_plugin.hand_in(desk)
        (folder,) = self.inbound(course)
        assert sorted(path.name for path in folder.iterdir()) == [
            "submission_secret.txt", "timestamp.txt", "vision-check.ipynb",
        ]  # fmt: skip
        assert stat.S_IMODE(folder.stat().st_mode) == 0o777
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o644}
        assert collect_quiz(course, "vision-check").new == (desk.taker.person,)
        collected = course.notebook("submitted", "vision-check", desk.taker.person).parent
        sent = read_submission(collected, load(course)[2], desk.taker.person)
        assert sent.answers["explain"] == "Water first \N{DROPLET}"
        assert sent.release == desk.paper.release
        assert receipt.code == receipt_code(sent.person, "vision-check", sent.submitted, sent.answers)
        assert [one.code for one in list_receipts(desk)] == [receipt.code]
        (page,) = desk.folder.glob("receipt-*.html")
        assert receipt.code in page.read_text(encoding="utf-8")

    def test_a_later_one_takes_the_place_of_an_earlier_one(self, course, desk):
        nbgrader_plugin.hand_in(desk)
        save_draft(desk, Draft(answers={"state": "Better."}))
        second = nbgrader_plugin.hand_in(desk)
        collect_quiz(course, "vision-check")
        collected = course.notebook("submitted", "vision-check", desk.taker.person).parent
        assert read_submission(collected, load(course)[2], desk.taker.person).answers["state"] == "Better."
        assert list_receipts(desk)[-1].code == second.code

    def test_the_command_and_the_form_do_the_same(self, course, desk, monkeypatch, capsys):
        monkeypatch.setenv("VISIONQUIZ_PERSON", desk.taker.person)
        assert asyncio.run(hand_in_apart(desk)).answers["state"] == "Keep the water on."
        monkeypatch.chdir(desk.folder)
        assert main(["hand-in", "vision-check", "--json"]) == 0
        assert parse_receipt(capsys.readouterr().out).answers["state"] == "Keep the water on."
        assert main(["hand-in", "vision-check"]) == 0
        assert f"as {desk.taker.person}" in capsys.readouterr().out
        assert len(self.inbound(course)) == 3

    def test_a_disk_that_is_full_half_way_leaves_nothing_and_keeps_the_draft(self, course, desk, ordinary):
        before = load_draft(desk)
        there = ["env", f"--chdir={desk.folder}", f"VISIONQUIZ_PERSON={desk.taker.person}"]
        command = [*ordinary(course.root, 12_000), *there, sys.executable, "-m", "visionquiz", "hand-in", desk.quiz]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (2, "visionquiz: nbgrader could not take it: the disk is full\n")
        assert self.inbound(course) == []
        assert load_draft(desk) == before
        assert list_receipts(desk) == ()

    def test_the_folder_above_says_the_course_where_an_account_has_several(self, course, tmp_path):
        home = tmp_path / "home"
        shutil.copytree(course.exchange / "hollowmere" / "outbound", home / "hollowmere")
        settings = (
            f"c = get_config()\nc.Exchange.root = {str(course.exchange)!r}\nc.Exchange.path_includes_course = True\n"
        )
        (home / "hollowmere" / "nbgrader_config.py").write_text(settings)
        desk = open_desk("vision-check", home / "hollowmere" / "vision-check", {"JUPYTERHUB_USER": "mia"})
        nbgrader_plugin.hand_in(desk)
        (folder,) = self.inbound(course)
        assert folder.name.startswith("mia+vision-check+")

    def test_an_exchange_that_is_closed_is_named(self, course, desk):
        shutil.rmtree(next(course.exchange.glob("*/inbound")))
        with pytest.raises(DeskError, match="Inbound directory doesn't exist"):
            nbgrader_plugin.hand_in(desk)

    def test_nbgraders_own_submit_hands_in_as_the_person_and_sends_no_draft(self, course, desk):
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run(
            [sys.executable, "-m", "nbgrader", "submit", "vision-check"],
            cwd=desk.folder.parent, env=env, check=True, capture_output=True,
        )  # fmt: skip
        (folder,) = self.inbound(course)
        assert folder.name.startswith(f"{desk.taker.person}+vision-check+")
        assert not [path.name for path in folder.iterdir() if "answers" in path.name or path.name.startswith(".")]
        assert len(list_receipts(desk)) == 1

    def test_feedback_comes_back_to_the_desk(self, course, desk):
        nbgrader_plugin.hand_in(desk)
        collect_quiz(course, "vision-check")
        jobs.grade_quiz(course, "vision-check")
        assert read_feedback(desk, list_receipts(desk)) is None
        return_feedback(course, "vision-check", finished=False)
        receipt, page = read_feedback(desk, list_receipts(desk))
        assert receipt.code == list_receipts(desk)[-1].code
        assert "Keep the water on." in page

    def test_a_desk_is_its_owners_and_what_is_there_is_kept(self, course, desk):
        notebook = desk.folder / "vision-check.ipynb"
        notebook.write_text("mine")
        person = load(course)[1][0]
        assert make_desk(course, "vision-check", person) == desk.folder
        assert notebook.read_text() == "mine"
        for folder in (desk.folder, desk.folder.parent, desk.folder.parent.parent):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_there_is_no_desk_for_what_is_not_released(self, starter):
        vision = starter.load_vision()
        with pytest.raises(CourseError, match="not released yet"):
            make_desk(starter, "first-check", starter.load_roster(vision)[0])
