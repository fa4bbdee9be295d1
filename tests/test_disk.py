"""A disk that is full and folders that may not be written to: what is said, and that the course is as it was."""

import contextlib
import json
import os
import resource
import sqlite3
import subprocess
import sys

import pytest

from visionquiz.notebook import dump_notebook, fill_answers

pytestmark = pytest.mark.nbgrader


def run(ordinary, course, *arguments, most=None):
    """A command run as an ordinary user, for whom the disk is full at `most` bytes in one file."""

    def limit():
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.run(
        [*ordinary, sys.executable, "-m", "visionquiz", *arguments, "--course", str(course.root)],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


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
def closed(path):
    """Nobody may write to `path` in this block, its owner neither."""
    mode = path.stat().st_mode
    path.chmod(mode & 0o555)
    try:
        yield
    finally:
        path.chmod(mode)


@pytest.mark.parametrize("command", ["grade", "collect", "release"])
@pytest.mark.parametrize("most", ["nothing", "the gradebook"])
def test_a_full_disk_is_said_so_and_leaves_the_course_as_it_was(course_until, ordinary, command, most):
    course = course_until("submitted")
    release = json.loads(course.notebook("release", "vision-check").read_text())
    for person in course.submissions("vision-check"):
        # Short, so that the gradebook is the first file that becomes too large.
        typed = dump_notebook(fill_answers(release, {"state": "We get the water back."}))
        course.notebook("submitted", "vision-check", person).write_text(typed)
    before = stored(course)
    size = {"nothing": 100, "the gradebook": course.gradebook.stat().st_size}[most]
    done = run(ordinary, course, command, "vision-check", most=size)
    if (command, most) == ("collect", "the gradebook"):
        assert done.returncode == 0, "it writes no file as large as that"
    else:
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert "full" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert stored(course) == before
    assert not list(course.root.glob(".visionquiz-*"))
    if command == "grade":
        assert run(ordinary, course, command, "vision-check").returncode == 0


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (".", ".visionquiz.lock: Permission denied"),
        ("gradebook.db", "the gradebook cannot be used: attempt to write a readonly database; you may not write to it"),
        ("autograded", "autograded cannot be written to, so nothing was changed; ask its owner for the right to"),
    ],
)
def test_what_may_not_be_written_to_is_named_and_nothing_is_changed(course_until, ordinary, name, says):
    course = course_until("submitted")
    (course.root / "autograded").mkdir()
    before = stored(course)
    with closed(course.root / name):
        done = run(ordinary, course, "grade", "vision-check")
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.endswith(f"{says}\n")
    assert stored(course) == before
    assert run(ordinary, course, "grade", "vision-check").returncode == 0


def test_what_one_may_not_read_is_refused_alone(course_until, ordinary):
    course = course_until("submitted")
    person, *others = course.submissions("vision-check")
    course.notebook("submitted", "vision-check", person).chmod(0)
    done = run(ordinary, course, "grade", "vision-check")
    assert done.returncode == 3
    assert f"Refused: {person}: vision-check.ipynb cannot be read (Permission denied); ask for it again" in done.stderr
    assert f"Graded {len(others)} submissions" in done.stdout


def test_the_tests_above_run_without_roots_rights(tmp_path, ordinary):
    tmp_path.chmod(0o555)
    done = subprocess.run([*ordinary, "touch", str(tmp_path / "x")], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert os.listdir(tmp_path) == []  # noqa: PTH208  # as the other user would see it
