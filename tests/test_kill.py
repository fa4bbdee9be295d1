"""Whenever `visionquiz grade` ends, by SIGKILL too, every submission is graded or as it was before."""

import collections
import concurrent.futures
import contextlib
import functools
import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import pytest

from visionquiz import gradebook, jobs
from visionquiz.course import Course, open_course
from visionquiz.nbgrader_plugin import make_demo
from visionquiz.notebook import dump_notebook, fill_answers

pytestmark = [pytest.mark.nbgrader, pytest.mark.xdist_group("kill")]

KILLS = 50
"""Of a course graded for the first time, of one graded again after new answers, and of what the last kill left."""

TEXTS = (
    {"state": "We get the water back first, and we tell people what is next.", "explain": ""},
    {"state": "", "explain": "It is about the water: it has to be back before we do the forms."},
    {"state": "Keep all of the homes running.", "explain": "We tell people what we know, and when we do not know."},
)
"""What people typed. The model reads each text once in a process: here grading is quick, and most of it is writing."""

PLACE = """
    from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id
    join notebook k on k.id = n.notebook_id
"""

ROWS = {
    "submission": "select student_id, timestamp, extension from submitted_assignment",
    "notebook": f"select s.student_id, k.name, n.flagged, n.late_submission_penalty {PLACE}",
    "grade": f"""
        select s.student_id, b.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade,
               h.answer_sha256, h.confidence {PLACE}
        join grade g on g.notebook_id = n.id join base_cell b on b.id = g.cell_id
        left join visionquiz_answer_graded h on h.grade_id = g.id
    """,
    "comment": f"""
        select s.student_id, b.name, c.auto_comment, c.manual_comment {PLACE}
        join comment c on c.notebook_id = n.id join base_cell b on b.id = c.cell_id
    """,
    "attempt": "select person, quiz, submitted, answers_sha256, receipt from visionquiz_attempt",
    "judgement": """
        select a.person, a.answers_sha256, j.question, j.share, j.confidence, j.review, j.guards, j.reason, j.model
        from visionquiz_judgement j join visionquiz_attempt a on a.id = j.attempt_id
    """,
    "change": "select person, quiz, question, what, old, new, who, why from visionquiz_change",
}
"""Everything that is stored of a person's submission, the person first, without ids and the time of entry."""

COUNTED = {
    "submission": "submitted_assignment",
    "notebook": "submitted_notebook",
    "grade": "grade",
    "comment": "comment",
    "attempt": "visionquiz_attempt",
    "judgement": "visionquiz_judgement",
    "change": "visionquiz_change",
}


def read_rows(course):
    """By person, their rows of all tables, sorted. Nothing may lie in a table that belongs to nobody."""
    found = collections.defaultdict(list)
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert database.execute("pragma foreign_key_check").fetchall() == []
        tables = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
        ours = "visionquiz_attempt" in tables
        for what, query in ROWS.items():
            if not ours:
                if "visionquiz_" in query and what != "grade":
                    continue
                query = query.replace("h.answer_sha256, h.confidence", "null, null").replace(
                    "left join visionquiz_answer_graded h on h.grade_id = g.id", ""
                )
            rows = database.execute(query).fetchall()
            assert database.execute(f"select count(*) from {COUNTED[what]}").fetchone() == (len(rows),)
            for person, *row in rows:
                found[person].append((what, *row))
        if ours:
            hashed = database.execute("select count(*) from visionquiz_answer_graded").fetchone()
            assert hashed == database.execute("select count(*) from grade").fetchone()
            assert database.execute("select count(*) from visionquiz_hand").fetchone() == (0,)
    return {person: sorted(rows, key=repr) for person, rows in found.items()}


def read_shown(course):
    """What formgrader shows beside the gradebook, by path."""
    root = course.root / "autograded"
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def type_answers(course, shift):
    """Everybody hands in one of the `TEXTS`; with another `shift`, others than before."""
    release = json.loads(course.notebook("release", "vision-check").read_text())
    for number, person in enumerate(course.submissions("vision-check"), shift):
        notebook = course.notebook("submitted", "vision-check", person)
        notebook.write_text(dump_notebook(fill_answers(release, TEXTS[number % len(TEXTS)])))


def grade(course, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "visionquiz", "grade", "vision-check", "--course", str(course.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def grade_whole(course):
    with grade(course) as process:
        said = process.stdout.read()
    assert process.returncode == 0, said


@dataclass(frozen=True)
class Start:
    """A course before it is graded, and what an undisturbed run makes of it."""

    course: Course
    before: dict
    after: dict
    shown: dict

    def reset(self, course):
        """Make `course` as this one; what people handed in is copied too."""
        shutil.rmtree(course.root, ignore_errors=True)
        shutil.copytree(self.course.root, course.root)


def run_undisturbed(course):
    done = Course(course.root.with_name(course.root.name + "-done"))
    shutil.copytree(course.root, done.root)
    grade_whole(done)
    return Start(course, read_rows(course), read_rows(done), read_shown(done))


@pytest.fixture(scope="module")
def ungraded(tmp_path_factory):
    """122 submissions, three batches, never graded."""
    course = make_demo(
        tmp_path_factory.mktemp("kill") / "first",
        organisation="hollowmere",
        people=140,
        seed=7,
        until="submitted",
        replace=False,
        tell=lambda text: None,
    )
    shutil.rmtree(course.exchange)
    type_answers(course, 0)
    assert 2 * jobs.BATCH < len(course.submissions("vision-check")) < 3 * jobs.BATCH
    return run_undisturbed(course)


@pytest.fixture(scope="module")
def graded_before(ungraded, tmp_path_factory):
    """Graded, every fourth by hand too, and then all handed in other answers."""
    course = Course(tmp_path_factory.mktemp("kill") / "again")
    ungraded.reset(course)
    grade_whole(course)
    by_hand = [
        gradebook.HandScore(person=person, question="explain", score=2.0, comment="Well seen.")
        for person in course.submissions("vision-check")[::4]
    ]
    gradebook.write_scores(course.database, "vision-check", by_hand, who="trainer")
    type_answers(course, 1)
    return run_undisturbed(course)


class Watch:
    """Follows a process that grades by what it leaves on the disk: a staging folder, then the log, for each batch.

    To be made right after the process, which takes a second before it makes anything.
    """

    def __init__(self, course, process):
        self.process = process
        self.root = course.root
        self.old = set(course.root.iterdir())
        self.log = course.gradebook.with_name("gradebook.db-wal")

    def batch(self, number):
        """Wait for the moment in which the batch `number`, from 1 on, begins to be put in place; False at the end."""
        seen = set()
        while len(seen) < number and not self.ended():
            seen |= set(self.root.glob(".visionquiz-*")) - self.old
        return self.process.poll() is None

    def ended(self):
        """Whether the process has, after a moment in which it may."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.001)
        return self.process.returncode is not None

    def writing(self):
        """Wait for the moment in which the next transaction writes."""
        while not self.ended():
            with contextlib.suppress(FileNotFoundError):
                if self.log.stat().st_size:
                    return


def spin(seconds):
    """Wait a moment too short to sleep for."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def measure(course):
    """Seconds from the first staging folder to the end of a whole run."""
    with grade(course) as process:
        assert Watch(course, process).batch(1)
        start = time.perf_counter()
        process.wait()
        return time.perf_counter() - start


def test_fifty_kills_at_random_moments_leave_every_submission_before_or_after(ungraded, graded_before, tmp_path):
    seed = int(os.environ.get("VISIONQUIZ_SEED", 0)) or random.randrange(10**6)
    print(f"VISIONQUIZ_SEED={seed}")
    rng = random.Random(seed)
    course = Course(tmp_path / "course")
    ungraded.reset(course)
    lasts = measure(course)
    landed = collections.Counter()
    start, left = ungraded, None
    for number in range(KILLS):
        # As the last kill left it: only where there is still something to grade.
        if number % 3 < 2 or left == start.after:
            start = (ungraded, graded_before)[number % 2]
            start.reset(course)
            before = start.before
        else:
            before = left
        with grade(course) as process:
            watch = Watch(course, process)
            if number % 2:
                watch.batch(1)
                spin(rng.uniform(-0.05, 1) * lasts)
            else:
                watch.batch(rng.randint(1, 3))
                watch.writing()
                spin(rng.uniform(0, 0.02))
            process.kill()
        landed["inside a transaction"] += watch.log.is_file() and watch.log.stat().st_size > 0
        left = read_rows(course)
        torn = [
            person
            for person in start.after
            if left.get(person, []) not in (before.get(person, []), start.after[person])
        ]
        assert torn == []
        assert set(left) <= set(start.after)
        changed = sum(left.get(person) != before.get(person) for person in start.after)
        whole = sum(before.get(person) != rows for person, rows in start.after.items())
        landed["before" if not changed else "between" if changed < whole else "after"] += 1
        if number % 10 == 9:
            grade_whole(course)
            left = read_rows(course)
            assert left == start.after
            assert read_shown(course) == start.shown
            assert not list(course.root.glob(".visionquiz-*")), "what a killed run left goes with the next"
    print(dict(landed))
    assert landed["before"] >= 5
    assert landed["between"] >= 10
    assert landed["after"] >= 1
    assert landed["inside a transaction"] >= 5


def test_a_second_grader_is_told_that_another_is_at_work(ungraded, tmp_path):
    course = Course(tmp_path / "course")
    ungraded.reset(course)
    with grade(course) as first:
        Watch(course, first).batch(1)
        first.send_signal(signal.SIGSTOP)
        with grade(course) as second:
            said = second.stdout.read()
        first.send_signal(signal.SIGCONT)
    assert second.returncode == 2
    assert "another visionquiz command is at work" in said
    assert first.returncode == 0
    assert read_rows(course) == ungraded.after
    assert read_shown(course) == ungraded.shown


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_writing_grades_at_once_doubles_and_corrupts_nothing(ungraded, tmp_path, kind):
    """The button of formgrader knows nothing of our lock, so the database must stand this alone."""
    course = Course(tmp_path / "course")
    ungraded.reset(course)
    vision = course.load_vision()
    quiz = course.load_quiz("vision-check", vision)
    people = {person.person: person for person in course.load_roster(vision)}
    wanted = {name: people[name] for name in course.submissions("vision-check")}
    release = jobs.read_release(course, quiz, vision)
    graded = list(jobs.grade_submissions(course, quiz, vision, release, wanted, {}))
    write = functools.partial(jobs.write_grades, course, course.database, quiz)
    if kind == "threads":
        ready = threading.Barrier(4)
        pool = concurrent.futures.ThreadPoolExecutor(4, initializer=ready.wait)
    else:
        context = multiprocessing.get_context("spawn")
        ready = context.Barrier(2)
        pool = concurrent.futures.ProcessPoolExecutor(2, mp_context=context, initializer=ready.wait)
    with pool:
        # From both ends, so that both want to enter the same people.
        for done in [pool.submit(write, part) for part in (graded, graded[::-1], graded[40:], graded[:80])]:
            done.result()
    assert read_rows(course) == ungraded.after


def test_a_course_is_opened_by_the_next_command_after_a_kill(ungraded, tmp_path):
    """The lock goes with the process that held it."""
    course = Course(tmp_path / "course")
    ungraded.reset(course)
    with grade(course) as process:
        Watch(course, process).batch(1)
        process.kill()
    with open_course(course.root).lock():
        assert not list(course.root.glob(".visionquiz-*"))
