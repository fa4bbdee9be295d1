import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from visionquiz.cli import main
from visionquiz.errors import CourseError
from visionquiz.grading.calibration import Scale, learn_shifts
from visionquiz.learning import LEAST, agreement, calibrate, choose_next, read_learned, undo

QUIZ = "vision-check"
NOW = dt.datetime(2026, 12, 20, 9, tzinfo=dt.UTC)
SCALE = Scale(weights={"sign": 10.0}, cuts=(2.5, 5.0, 7.5), costs=(1.0,) * 100)
EVENLY = [{"sign": place / 40} for place in range(41)]


def judged(scale):
    return [scale.judge(row)[0] for row in EVENLY]


def test_without_grades_nothing_moves():
    assert learn_shifts(SCALE, [], []) == (0.0, 0.0, 0.0)


def test_a_trainer_who_grades_as_the_scale_does_moves_it_little():
    shifts = learn_shifts(SCALE, EVENLY, judged(SCALE))
    assert max(map(abs, shifts)) < 0.2


@pytest.mark.parametrize("severity", [0.75, -0.75])
def test_a_severe_trainer_raises_the_cuts_and_a_mild_one_lowers_them(severity):
    other = SCALE.shifted((severity,) * 3)
    shifts = learn_shifts(SCALE, EVENLY * 3, judged(other) * 3)
    assert all(shift * severity > 0 for shift in shifts)
    assert sum(shifts) / 3 == pytest.approx(severity, abs=0.5)


def test_few_grades_move_less_than_many():
    other = judged(SCALE.shifted((0.75,) * 3))
    few = learn_shifts(SCALE, EVENLY[::8], other[::8])
    many = learn_shifts(SCALE, EVENLY * 4, other * 4)
    assert abs(sum(few)) < abs(sum(many))


def test_shifted_cuts_stay_in_order():
    assert SCALE.shifted((9.0, 0.0, 0.0)).cuts == (11.5, 11.5, 11.5)


def grade_by_hand(course, question, change, limit=1000):
    """Give every answer to a question a manual score: the grader's level, changed."""
    with sqlite3.connect(course.gradebook) as book:
        rows = book.execute(
            """select g.id, g.auto_score from grade g join base_cell b on b.id = g.cell_id
            where b.name = ? order by g.id limit ?""",
            (question, limit),
        ).fetchall()
        for ident, auto in rows:
            book.execute("update grade set manual_score = ? where id = ?", (change(auto), ident))
    return len(rows)


@pytest.mark.nbgrader
def test_too_few_grades_teach_nothing(course_until):
    course = course_until("graded")
    with pytest.raises(CourseError, match="by hand"):
        calibrate(course, QUIZ, NOW)
    grade_by_hand(course, "explain", lambda auto: auto, limit=LEAST - 1)
    lessons = {lesson.question: lesson for lesson in calibrate(course, QUIZ, NOW)}
    assert lessons["explain"].shifts is None
    assert lessons["explain"].grades < LEAST
    assert read_learned(course, QUIZ) == {}


@pytest.mark.nbgrader
def test_what_a_severe_trainer_teaches_is_used_and_can_be_taken_back(course_until):
    course = course_until("graded")
    count = grade_by_hand(course, "explain", lambda auto: max(0.0, auto - 2))
    assert count >= LEAST
    lesson = next(one for one in calibrate(course, QUIZ, NOW) if one.question == "explain")
    assert lesson.after >= lesson.before
    assert sum(lesson.shifts) > 0
    assert read_learned(course, QUIZ) == {"explain": lesson.shifts}
    assert undo(course, QUIZ) == 0
    assert read_learned(course, QUIZ) == {}
    with pytest.raises(CourseError, match="nothing to take back"):
        undo(course, QUIZ)


@pytest.mark.nbgrader
def test_grading_again_uses_what_was_learnt(course_until):
    from visionquiz.jobs import grade_quiz

    course = course_until("graded")
    path = course.quiz_file(QUIZ).with_suffix(".calibration.json")

    def total():
        with sqlite3.connect(course.gradebook) as book:
            return book.execute(
                "select sum(auto_score) from grade g join base_cell b on b.id = g.cell_id where b.name = 'explain'"
            ).fetchone()[0]

    before = total()
    version = {"made": "2026-12-20T09:00:00+00:00", "grades": {"explain": 30}, "shifts": {"explain": [3.0, 3.0, 3.0]}}
    path.write_text(json.dumps({"versions": [version], "use": 1}), encoding="utf-8")
    grade_quiz(course, QUIZ)
    assert total() < before


@pytest.mark.nbgrader
@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"versions": [], "use": 3}', '{"versions": [{"shifts": {"a": [1]}}]}']
)
def test_a_damaged_calibration_is_refused_with_a_remedy(course_until, text):
    course = course_until("graded")
    course.quiz_file(QUIZ).with_suffix(".calibration.json").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match="visionquiz calibrate"):
        read_learned(course, QUIZ)


@pytest.mark.nbgrader
def test_agreement_is_counted_by_level(course_until):
    course = course_until("graded")
    with pytest.raises(CourseError, match="by hand"):
        agreement(course, QUIZ)
    count = grade_by_hand(course, "state", lambda auto: auto)
    rows = agreement(course, QUIZ)
    assert {row.question for row in rows} == {"state"}
    assert sum(row.grades for row in rows) == count
    assert all(row.same == row.grades for row in rows)
    assert all(row.interval[0] < 1 and row.interval[1] == pytest.approx(1) for row in rows)


@pytest.mark.nbgrader
def test_what_to_grade_next_is_chosen_per_question_and_never_twice(course_until, capsys):
    course = course_until("graded")
    chosen = choose_next(course, QUIZ, 4)
    by_question = {}
    for one in chosen:
        by_question.setdefault(one.question, []).append(one)
    assert {name: len(found) for name, found in by_question.items()} == {"state": 4, "explain": 4, "contribute": 4}
    assert len({(one.person, one.question) for one in chosen}) == len(chosen)
    assert all(one.text.strip() and " of 3, " in one.reason for one in chosen)

    with sqlite3.connect(course.gradebook) as book:
        book.execute(
            """update grade set manual_score = 1 where id in (
                select g.id from grade g join base_cell b on b.id = g.cell_id where b.name = 'explain'
            )"""
        )
    assert "explain" not in {one.question for one in choose_next(course, QUIZ, 4)}

    assert main(["next", QUIZ, "--course", str(course.root), "--count", "1"]) == 0
    told = capsys.readouterr().out
    assert f"visionquiz calibrate {QUIZ}" in told
    assert chosen[0].person in told
    # A terminal that knows few letters: what people typed must not end in a traceback.
    command = [sys.executable, "-m", "visionquiz", "next", QUIZ, "--course", str(course.root)]
    plain = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=True)
    assert plain.stdout.isascii()


@pytest.mark.nbgrader
def test_nothing_to_choose_from_is_said(course_until):
    with pytest.raises(CourseError, match="first: visionquiz grade"):
        choose_next(course_until("submitted"), QUIZ, 4)
