"""The gradebook on a PostgreSQL server: the same jobs, the same rows, and graders that work at once."""

import shutil
import subprocess
import sys

import pytest
import sqlalchemy as sa

from visionquiz import gradebook, jobs
from visionquiz.cli import main
from visionquiz.course import open_course
from visionquiz.gradebook import HandScore
from visionquiz.nbgrader_plugin import collect_quiz, release_quiz

pytestmark = [pytest.mark.database, pytest.mark.nbgrader, pytest.mark.xdist_group("database")]

QUIZ = "vision-check"

GRADER = """
import sys
from pathlib import Path
from visionquiz import jobs
from visionquiz.course import open_course

course = open_course(Path(sys.argv[1]))
vision = course.load_vision()
quiz = course.load_quiz("vision-check", vision)
release = jobs.read_release(course, quiz, vision)
print("ready", flush=True)
sys.stdin.readline()
for name in course.submissions(quiz.id):
    graded = list(jobs.grade_submissions(course, quiz, vision, release, {name: None}, {}))
    jobs.write_grades(course, course.database, quiz, graded)
"""
"""Grades one by one, past the lock of the course folder, as a second machine would."""


@pytest.fixture
def moved(demos, postgres, tmp_path):
    """The demo course that nobody has graded yet, with its gradebook on the server instead."""
    server = sa.create_engine(f"{postgres}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("drop database if exists course")
        connection.exec_driver_sql("create database course")
    server.dispose()
    shutil.copytree(demos("submitted").root, tmp_path / "course")
    course = open_course(tmp_path / "course")
    for path in (course.gradebook, *course.root.glob("gradebook.db-*")):
        path.unlink(missing_ok=True)
    course.database_file.write_text(f"{postgres}/course\n")
    vision = course.load_vision()
    release_quiz(course, course.load_quiz(QUIZ, vision), vision, course.load_roster(vision))
    return course


def standing(course):
    return [
        (one.person, one.question, one.points, one.score, one.review, one.manual)
        for one in gradebook.read_scores(course.database, QUIZ)
    ]


def rows(course, table):
    engine = sa.create_engine(course.database)
    with engine.connect() as connection:
        count = connection.exec_driver_sql(f"select count(*) from {table}").scalar()
    engine.dispose()
    return count


def test_the_whole_job_gives_what_it_gives_in_a_file(moved, demos, tmp_path, capsys):
    assert not moved.gradebook.exists()
    for command in (["collect", QUIZ], ["grade", QUIZ], ["feedback", QUIZ], ["publish"]):
        assert main([*command, "--course", str(moved.root)]) == 0, capsys.readouterr().err
    assert standing(moved) == standing(demos("graded"))
    assert not moved.gradebook.exists(), "and nothing made a file of it"
    files = []
    for number, course in enumerate((moved, demos("graded"))):
        files.append(tmp_path / f"{number}.csv")
        assert main(["export", QUIZ, "--answers", "--course", str(course.root), "--out", str(files[-1])]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    before = standing(moved)
    vision = moved.load_vision()
    release_quiz(moved, moved.load_quiz(QUIZ, vision), vision, moved.load_roster(vision))
    assert standing(moved) == before, "released again unchanged, it keeps its grades"


def test_a_server_from_before_parts_were_kept_gets_them_when_graded_again(moved):
    jobs.grade_quiz(moved, QUIZ)
    kept = gradebook.read_verdicts(moved.database, QUIZ)
    engine = sa.create_engine(moved.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("alter table visionquiz_answer_graded drop column parts")
    engine.dispose()
    assert gradebook.read_verdicts(moved.database, QUIZ) == {}
    jobs.grade_quiz(moved, QUIZ)
    assert gradebook.read_verdicts(moved.database, QUIZ) == kept
    assert kept


def test_the_trail_notes_what_somebody_changes_by_other_means(moved):
    jobs.grade_quiz(moved, QUIZ)
    jobs.grade_quiz(moved, QUIZ)
    person = moved.submissions(QUIZ)[0]
    given = HandScore(person=person, question="state", score=1.5, comment="Seen.")
    gradebook.write_scores(moved.database, QUIZ, [given], who="trainer", why="a second reading")
    engine = sa.create_engine(moved.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("update grade set extra_credit = 0.5 where manual_score is not null")
    engine.dispose()
    found = gradebook.read_trail(moved.database, person, QUIZ)[QUIZ]
    assert [(one.kind, one.who, one.old, one.new, one.why) for one in found[7:]] == [
        ("score", "trainer", "", "1.5", "a second reading"),
        ("words", "trainer", "", "Seen.", "a second reading"),
        ("extra", "", "", "0.5", ""),
    ]
    jobs.grade_quiz(moved, QUIZ)
    (score,) = [
        one for one in gradebook.read_scores(moved.database, QUIZ) if (one.person, one.question) == (person, "state")
    ]
    assert (score.score, score.manual, score.review) == (2.0, True, False)


def test_two_graders_at_once_write_every_row_once(moved):
    both = [
        subprocess.Popen([sys.executable, "-c", GRADER, str(moved.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout.readline() == b"ready\n"
    for process in both:
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    people = len(moved.submissions(QUIZ))
    for table, per_person in (("submitted_assignment", 1), ("grade", 6), ("comment", 6), ("visionquiz_attempt", 1)):
        assert rows(moved, table) == people * per_person, table
    assert rows(moved, "visionquiz_hand") == 0


def test_erasing_leaves_nothing_on_the_server(moved):
    collect_quiz(moved, QUIZ)
    jobs.grade_quiz(moved, QUIZ)
    person = moved.submissions(QUIZ)[0]
    assert main(["person", "erase", person, "--yes", "--course", str(moved.root)]) == 0
    assert all(one[0] != person for one in standing(moved))
    engine = sa.create_engine(moved.database)
    with engine.connect() as connection:
        for table in ("visionquiz_attempt", "visionquiz_change", "visionquiz_second_look"):
            query = f"select count(*) from {table} where person = %(person)s"
            assert connection.exec_driver_sql(query, {"person": person}).scalar() == 0
    engine.dispose()


def test_an_address_that_is_none_is_refused(course_until, capsys):
    course = course_until("submitted")
    course.database_file.write_text("my database\n")
    assert main(["grade", QUIZ, "--course", str(course.root)]) == 2
    assert "gradebook.url does not hold the address of a database" in capsys.readouterr().err


def test_a_server_that_does_not_answer_is_said_so(course_until, capsys):
    from visionquiz.serve import free_port

    course = course_until("submitted")
    course.database_file.write_text(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/course\n")
    assert main(["grade", QUIZ, "--course", str(course.root)]) == 2
    assert "the gradebook cannot be used" in capsys.readouterr().err
