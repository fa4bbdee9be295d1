"""A disk that is full and folders that may not be written to: what is said, and that the course is as it was."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys

import pytest

pytestmark = pytest.mark.nbgrader

QUIZ = "vision-check"


@pytest.fixture
def course(course_until):
    """A course in which ten people have handed in."""
    found = course_until("submitted")
    for person in found.submissions(QUIZ)[10:]:
        shutil.rmtree(found.root / "submitted" / person)
    return found


@pytest.fixture
def run(ordinary):
    """Runs a command as an ordinary user, with `left` bytes on the disk that the course lies on."""

    def run(course, *arguments, left=None):
        return subprocess.run(
            [*ordinary(course.root, left), sys.executable, "-m", "visionquiz", *arguments, "--course", course.root],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )

    return run


def stored(course):
    """Everything in the gradebook, and every other file of the course."""
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        rows = list(database.iterdump())
    files = {
        path.relative_to(course.root): path.read_bytes()
        for path in course.root.rglob("*")
        if path.is_file() and not path.name.startswith(("gradebook.db", ".visionquiz.lock"))
    }
    return rows, files


@contextlib.contextmanager
def closed(*paths):
    """Nobody may write to these in this block, their owner neither."""
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & 0o555)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.parametrize(
    ("command", "left", "says"),
    [
        ("grade", 0, "No space left on device"),
        ("grade", 100_000, "No space left on device"),  # in the midst of formgrader's copies
        ("grade", 400_000, "the gradebook cannot be used: database or disk is full"),
        ("collect", 400_000, "No space left on device"),
        ("release", 100_000, "no copy of"),
        ("release", 300_000, "nbgrader could not build the check"),
    ],
)
def test_a_full_disk_is_said_so_and_leaves_the_course_as_it_was(course, run, command, left, says):
    before = stored(course)
    done = run(course, command, QUIZ, left=left)
    assert done.returncode == 2, done.stderr
    (said,) = done.stderr.splitlines()
    assert says in said
    assert said.endswith("is the disk full? Make room, then try again")
    assert stored(course) == before
    assert not list(course.root.glob(".visionquiz-*"))
    if command == "grade":
        assert run(course, command, QUIZ).returncode == 0


@pytest.mark.parametrize(
    ("command", "name", "says"),
    [
        ("grade", ".", ".visionquiz.lock: Permission denied"),
        ("grade", "gradebook.db", "the gradebook cannot be used: attempt to write a readonly database; you may not"),
        ("grade", "autograded", "autograded cannot be written to, so nothing was changed; ask its owner for the right"),
        ("collect", "submitted", "Permission denied"),
        ("release", "source", "source cannot be written to, so nothing was changed; ask its owner for the right"),
    ],
)
def test_what_may_not_be_written_to_is_named_and_nothing_is_changed(course, run, command, name, says):
    (course.root / "autograded").mkdir()
    if command == "collect":
        shutil.rmtree(course.root / "submitted" / course.submissions(QUIZ)[0])
    before = stored(course)
    with closed(course.root / name):
        done = run(course, command, QUIZ)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert stored(course) == before
    if command == "grade":
        assert run(course, command, QUIZ).returncode == 0


def test_what_one_may_not_read_is_refused_alone(course, run):
    person, *others = course.submissions(QUIZ)
    course.notebook("submitted", QUIZ, person).chmod(0)
    done = run(course, "grade", QUIZ)
    assert done.returncode == 3
    assert f"Refused: {person}: vision-check.ipynb cannot be read (Permission denied); ask for it again" in done.stderr
    assert f"Graded {len(others)} submissions" in done.stdout


def test_what_one_may_not_remove_is_named_and_the_rest_goes(course, run):
    person = course.submissions(QUIZ)[0]
    inbound = course.exchange / "hollowmere" / "inbound"
    (sent,) = inbound.glob(f"{person}+*")
    with closed(inbound):
        done = run(course, "person", "erase", person, "--yes")
    assert done.returncode == 3, done.stderr
    assert f"Could not be removed: {sent}; ask its owner" in done.stderr
    assert sent.is_dir()
    assert person not in course.submissions(QUIZ)
    assert run(course, "person", "erase", person, "--yes").returncode == 0
    assert not sent.exists()


def test_a_course_that_one_may_only_read_is_read_without_a_trace(course_until, run):
    course = course_until("graded")
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        database.execute("pragma wal_checkpoint(truncate)")
    for log in course.root.glob("gradebook.db-*"):
        log.unlink()
    with closed(course.root, *course.root.rglob("*")):
        done = run(course, "summary", QUIZ)
    assert done.returncode == 0, done.stderr
    assert not list(course.root.glob("gradebook.db-*"))
    assert done.stdout == run(course, "summary", QUIZ).stdout


def test_the_tests_above_run_as_an_ordinary_user(tmp_path, ordinary):
    tmp_path.chmod(0o555)
    program = f"id -u; touch {tmp_path}/x; cat /etc/shadow; ls /root"
    told = subprocess.run([*ordinary(tmp_path), "sh", "-c", program], capture_output=True, text=True, check=False)
    assert int(told.stdout.split()[0]) > 0
    assert told.stderr.count("Permission denied") >= 2
    assert not list(tmp_path.iterdir())
