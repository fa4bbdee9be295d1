"""Attempts, what counts of them, what people change, second looks: the trail, and what grading makes of it."""

import datetime as dt
import json
import os
import pwd
import sqlite3
from collections.abc import Callable

import pytest

from visionquiz import gradebook, inbound, jobs
from visionquiz.cli import main
from visionquiz.course import Course
from visionquiz.gradebook import HandScore
from visionquiz.learning import choose_next
from visionquiz.nbgrader_plugin import collect_quiz
from visionquiz.notebook import dump_notebook, fill_answers
from visionquiz.rights import erase_person, export_person
from visionquiz.submission import REASON_LIMIT, read_submission, receipt_code

pytestmark = pytest.mark.nbgrader

QUIZ = "vision-check"

GOOD = {
    "state": "Keep every home running, and leave everyone clear about what happens next.",
    "explain": "Water comes back first, paperwork later, and nobody is left guessing what happens next and when.",
}
POOR = {"state": "Something with water.", "explain": "No idea, sorry."}


@pytest.fixture
def course(course_until: Callable[[str], Course]) -> Course:
    return course_until("submitted")


def hand_in(course: Course, person: str, answers: dict[str, str], when: str, change=None) -> None:
    """As `nbgrader submit` leaves it in the exchange."""
    notebook = fill_answers(json.loads(course.notebook("release", QUIZ).read_text()), answers)
    if change:
        change(notebook)
    folder = course.exchange / "hollowmere" / "inbound" / f"{person}+{QUIZ}+{when} UTC+abc"
    folder.mkdir()
    (folder / f"{QUIZ}.ipynb").write_text(dump_notebook(notebook))
    (folder / "timestamp.txt").write_text(f"{when} UTC")


def ask(course: Course, person: str, told: object, when: str = "2027-03-01 10:00:00.000000") -> None:
    folder = course.exchange / "hollowmere" / "inbound" / f"{person}+{QUIZ}.second-look+{when} UTC+abc"
    folder.mkdir()
    (folder / "second-look.json").write_text(told if isinstance(told, str) else json.dumps(told))


def ask_and_hand_in_again(course: Course) -> str:
    """Somebody who was graded asks for a second look and hands in other answers; all of it graded. Returns who."""
    jobs.grade_quiz(course, QUIZ)
    person = course.submissions(QUIZ)[0]
    ask(course, person, {"format": 1, "question": "explain", "reason": "Look-at-this-again"})
    hand_in(course, person, {"state": "Second-thoughts"}, "2027-03-01 10:00:00.000000")
    collect_quiz(course, QUIZ)
    jobs.grade_quiz(course, QUIZ)
    return person


def let_count(course: Course, policy: str) -> None:
    path = course.quiz_file(QUIZ)
    path.write_text(f'counts = "{policy}"\n{path.read_text()}')


def scores(course: Course, person: str) -> dict[str, gradebook.Score]:
    return {one.question: one for one in gradebook.read_scores(course.database, QUIZ) if one.person == person}


def events(course: Course, person: str) -> list[gradebook.Event]:
    return gradebook.read_trail(course.database, person, QUIZ).get(QUIZ, [])


@pytest.mark.parametrize(("policy", "counted"), [("latest", POOR), ("first", POOR), ("best", GOOD)])
def test_which_of_several_attempts_counts(course, policy, counted):
    let_count(course, policy)
    # Good in the middle, so that only 'best' takes it. All three lie in the exchange before anything is collected.
    for month, answers in ((1, POOR), (2, GOOD), (3, POOR | {"state": "Water!"})):
        hand_in(course, "newcomer", answers, f"2027-0{month}-01 10:00:00.000000")
    collect_quiz(course, QUIZ)
    jobs.grade_quiz(course, QUIZ)
    level = scores(course, "newcomer")["state"]
    assert (level.score == level.points) == (counted is GOOD)
    shown = read_submission(course.notebook("autograded", QUIZ, "newcomer").parent, jobs_quiz(course), "newcomer")
    assert shown.answers["state"] == (counted["state"] if policy != "latest" else "Water!")
    assert len([one for one in events(course, "newcomer") if one.kind == "attempt"]) == 3
    handed_in = shown.submitted
    assert handed_in == dt.datetime(2027, {"latest": 3, "first": 1, "best": 2}[policy], 1, 10)


def jobs_quiz(course: Course):
    return course.load_quiz(QUIZ, course.load_vision())


def test_the_trail_knows_the_code_of_the_receipt(course):
    hand_in(course, "newcomer", GOOD, "2027-02-01 10:00:00.000000")
    collect_quiz(course, QUIZ)
    jobs.grade_quiz(course, QUIZ)
    sent = read_submission(course.notebook("submitted", QUIZ, "newcomer").parent, jobs_quiz(course), "newcomer")
    code = receipt_code("newcomer", QUIZ, dt.datetime(2027, 2, 1, 10), sent.answers)
    assert code in {one.new for one in events(course, "newcomer") if one.kind == "attempt"}


def test_grading_again_adds_nothing_to_the_trail(course):
    jobs.grade_quiz(course, QUIZ)
    person = course.submissions(QUIZ)[0]
    before = events(course, person)
    assert [one.kind for one in before] == ["attempt"] + ["judgement"] * 6
    assert all("model " in one.model for one in before[1:])
    jobs.grade_quiz(course, QUIZ)
    assert events(course, person) == before


def test_other_answers_archive_what_a_person_gave_and_ask_for_a_look(course):
    jobs.grade_quiz(course, QUIZ)
    person = course.submissions(QUIZ)[0]
    gradebook.write_scores(
        course.database, QUIZ, [HandScore(person=person, question="state", score=2.5, comment="Fine.")], who="trainer"
    )
    hand_in(course, person, {"state": "Something quite different."}, "2027-03-01 10:00:00.000000")
    assert collect_quiz(course, QUIZ).updated == (person,)
    for _ in range(2):
        jobs.grade_quiz(course, QUIZ)
        found = scores(course, person)["state"]
        assert not found.manual
        assert found.review, "until somebody has looked"
    assert gradebook.read_comments(course.database, QUIZ)[person, "state"][1] == ""
    changed = [one for one in events(course, person) if one.kind in ("score", "words")]
    assert [(one.kind, one.who, one.old, one.new) for one in changed] == [
        ("score", "trainer", "", "2.5"),
        ("words", "trainer", "", "Fine."),
        ("score", "visionquiz", "2.5", ""),
        ("words", "visionquiz", "Fine.", ""),
    ]
    gradebook.write_scores(
        course.database, QUIZ, [HandScore(person=person, question="state", score=1.0)], who="trainer"
    )
    jobs.grade_quiz(course, QUIZ)
    found = scores(course, person)["state"]
    assert (found.score, found.manual, found.review) == (1.0, True, False)


def test_what_somebody_changes_in_formgrader_is_noted_without_a_name(course):
    jobs.grade_quiz(course, QUIZ)
    with sqlite3.connect(course.gradebook) as database:
        database.execute("update grade set manual_score = 1.0, needs_manual_grade = 0")
        database.execute("update grade set needs_manual_grade = 1")  # no change of a score
    database.close()
    person = course.submissions(QUIZ)[0]
    changed = [one for one in events(course, person) if one.kind == "score"]
    assert {one.question for one in changed} == {question.id for question in jobs_quiz(course).questions}
    assert {(one.who, one.old, one.new) for one in changed} == {("", "", "1.0")}
    assert all(abs((one.at - dt.datetime.now(dt.UTC).replace(tzinfo=None)).total_seconds()) < 60 for one in changed)


def test_a_second_look_is_marked_answered_and_shown(course, tmp_path):
    jobs.grade_quiz(course, QUIZ)
    person = next(one for one in course.submissions(QUIZ) if not scores(course, one)["explain"].review)
    ask(course, person, {"format": 1, "question": "explain", "reason": "I meant the <b>callers</b>."})
    assert collect_quiz(course, QUIZ).looks == 1
    assert collect_quiz(course, QUIZ).looks == 0, "it is entered once"
    jobs.grade_quiz(course, QUIZ)
    assert scores(course, person)["explain"].review
    (look,) = gradebook.read_looks(course.database, QUIZ)
    assert (look.person, look.question, look.reason, look.answer) == (
        person,
        "explain",
        "I meant the <b>callers</b>.",
        "",
    )
    gradebook.write_scores(
        course.database, QUIZ, [HandScore(person=person, question="explain", score=3.0)], who="trainer"
    )
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    gradebook.answer_looks(course.database, QUIZ, {(person, "explain"): "You are right."}, who="trainer", now=now)
    jobs.grade_quiz(course, QUIZ)
    assert not scores(course, person)["explain"].review
    kinds = [(one.kind, one.who) for one in events(course, person) if one.kind in ("asked", "score", "answered")]
    assert kinds == [("asked", person), ("score", "trainer"), ("answered", "trainer")]
    jobs.stage_feedback(course, QUIZ, Course(tmp_path), finished=False)
    page = (tmp_path / "feedback" / person / QUIZ / f"{QUIZ}.html").read_text()
    assert "I meant the &lt;b&gt;callers&lt;/b&gt;." in page
    assert "You are right." in page


@pytest.mark.parametrize(
    "told",
    [
        "no json",
        "[" * 100_000,
        [],
        {"question": "explain"},
        {"question": "explain", "reason": " "},
        {"question": "explain", "reason": 3},
        {"question": "explain", "reason": "x" * (REASON_LIMIT + 1)},
        {"question": "nothing", "reason": "Please."},
        {"question": ["explain"], "reason": "Please."},
    ],
)
def test_a_second_look_that_cannot_be_read_is_refused_by_name(course, told):
    ask(course, "newcomer", told)
    report = collect_quiz(course, QUIZ)
    assert [error.person.startswith("newcomer+") for error in report.screened.refused] == [True]
    assert report.looks == 0


def test_the_trail_is_printed_and_goes_with_the_person(course, capsys):
    person = ask_and_hand_in_again(course)
    assert main(["trail", person, QUIZ, "--course", str(course.root)]) == 0
    told = capsys.readouterr().out
    assert "handed in, receipt" in told
    assert "asks for a second look: Look-at-this-again" in told
    assert "now  state: " in told
    exported = export_person(course, person, dt.datetime(2027, 1, 1))
    assert {one["kind"] for one in exported["trail"][QUIZ]} == {"attempt", "judgement", "asked"}
    erase_person(course, person)
    left = [
        path.relative_to(course.root)
        for path in course.root.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in (b"Look-at-this-again", b"Second-thoughts"))
    ]
    assert left == []
    assert events(course, person) == []
    assert not list((course.root / "attempts").glob(f"{person}*"))
    assert main(["trail", person, QUIZ, "--course", str(course.root)]) == 0
    assert "Nothing of" in capsys.readouterr().out


def test_what_comes_from_anothers_account_is_refused_where_the_person_has_one(course, capsys, monkeypatch):
    for person in ("daemon", "newcomer"):  # the first is an account on every Unix, the second on none
        hand_in(course, person, GOOD, "2027-02-01 10:00:00.000000")
    # The trainer has another account than who handed these in.
    account = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setattr(inbound.os, "getuid", lambda: 4_000_000)
    assert main(["collect", QUIZ, "--course", str(course.root)]) == 3
    said = capsys.readouterr().err
    assert f"handed in from the account of {account}, and daemon has one of their own" in said
    assert f"newcomer (by {account})" in said
    assert "newcomer" in course.submissions(QUIZ)
    assert "daemon" not in course.submissions(QUIZ)


def test_what_was_asked_and_handed_in_earlier_goes_with_the_check(course):
    person = ask_and_hand_in_again(course)
    desk = course.desk(person, QUIZ)
    desk.mkdir(parents=True)
    (desk / "answers.json").write_text("Second-thoughts")
    assert main(["expire", QUIZ, "--yes", "--course", str(course.root)]) == 0
    for path in course.root.rglob("*"):
        if path.is_file():
            assert not {word for word in (b"Look-at-this-again", b"Second-thoughts") if word in path.read_bytes()}, path
    assert not list((course.exchange / "hollowmere" / "inbound").iterdir())
    assert gradebook.read_looks(course.database, QUIZ) == []


def test_what_teaches_the_grader_is_the_attempt_that_counts(course):
    let_count(course, "first")
    hand_in(course, "newcomer", {"explain": "What was said at first."}, "2027-01-01 10:00:00.000000")
    hand_in(course, "newcomer", {"explain": "Another text, later."}, "2027-02-01 10:00:00.000000")
    collect_quiz(course, QUIZ)
    jobs.grade_quiz(course, QUIZ)
    texts = {one.text for one in choose_next(course, QUIZ, 1000) if one.person == "newcomer"}
    assert "What was said at first." in texts
    assert "Another text, later." not in texts
