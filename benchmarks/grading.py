"""How fast `visionquiz grade` is beside stock nbgrader, what it takes beside the model, how it is with very many.

`python -m benchmarks.grading` prints all of it; `--only peer` and so on a part. What is timed against something is
timed in the same run, in turn.
"""

import argparse
import contextlib
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.__main__ import PYTHON, run, show
from visionquiz.course import Course, open_course
from visionquiz.notebook import dump_notebook, fill_answers, read_answers
from visionquiz.serve import start_lab

QUIZ = "vision-check"
VISIONQUIZ = (PYTHON, "-m", "visionquiz")

PLAIN = """
c = get_config()
c.CourseDirectory.course_id = "plain"
"""
"""A configuration that leaves everything as nbgrader has it, so that each notebook is run in a kernel of its own."""

VARIATIONS = 40
"""Of each text, so that there are more texts than the grader remembers, and 10,000 submissions take minutes."""

TIMED = """
import json, sys, time
from visionquiz import cli, jobs
from visionquiz.grading import free_text
from visionquiz.grading.encoder import Encoder
taken = {"model": 0.0, "loading": 0.0, "grader": 0.0, "gradebook": 0.0}
def timed(name, call):
    def inner(*args, **options):
        before = time.perf_counter()
        try:
            return call(*args, **options)
        finally:
            taken[name] += time.perf_counter() - before
    return inner
Encoder.read = timed("model", Encoder.read)
free_text.load_encoder = timed("loading", free_text.load_encoder)
jobs.grade_answers = timed("grader", jobs.grade_answers)
jobs._write_batch = timed("gradebook", jobs._write_batch)
code = cli.main(sys.argv[1:])
print("taken", json.dumps(taken))
sys.exit(code)
"""
"""Grades as the command does and tells how many seconds went where."""


def make_course(folder: Path, people: int, until: str) -> Course:
    """A demo course of so many people."""
    run(*VISIONQUIZ, "demo", str(folder), "--people", str(people), "--until", until)
    return open_course(folder)


def keep(course: Course, count: int) -> None:
    """Take away all submissions but the first `count`."""
    for name in course.submissions(QUIZ)[count:]:
        shutil.rmtree(course.root / "submitted" / name)


def measure_peer(folder: Path, count: int) -> None:
    """Grading with the model against nbgrader as it comes, which runs every notebook."""
    course = make_course(folder / "ours", count * 6 // 5, "submitted")
    keep(course, count)
    plain = folder / "plain"
    shutil.copytree(course.root, plain)
    (plain / "nbgrader_config.py").write_text(PLAIN, encoding="utf-8")
    seconds = [run(*VISIONQUIZ, "grade", QUIZ, "--course", str(course.root)) for _ in range(3)]
    peer = run(PYTHON, "-m", "nbgrader", "autograde", QUIZ, cwd=plain)
    ours = statistics.median([*seconds, run(*VISIONQUIZ, "grade", QUIZ, "--course", str(course.root))])
    show(f"visionquiz grade, {count} submissions", f"{ours:.1f} s", f"nbgrader autograde as it comes: {peer:.0f} s")
    show("  times faster (asked: 8)", f"{peer / ours:.1f}")


def measure_share(folder: Path, count: int) -> None:
    """What grading takes beyond the model's own work, medians of three.

    No two people write the same, as it is outside of a demo: of texts that are the same, the model reads one.
    """
    course = make_course(folder / "share", count // 10 * 2, "submitted")
    multiply(course, count, variations=count)
    keep(course, count)
    runs = []
    for _ in range(3):
        command = [PYTHON, "-c", TIMED, "grade", QUIZ, "--course", str(course.root)]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        # Python's own start and end are counted.
        whole = time.perf_counter() - start
        runs.append({"all": whole, **json.loads(done.stdout.rpartition("taken ")[2])})
    share = {name: statistics.median(one[name] / one["all"] for one in runs) for name in runs[0]}
    rubric = share["grader"] - share["model"] - share["loading"]
    start = 1 - share["grader"] - share["gradebook"]
    show(f"grade, {count} submissions: beside grading (asked: 15 %)", f"{1 - share['grader']:.1%}")
    where = f"loading it {share['loading']:.0%}, rubric and guards {rubric:.0%}, "
    where += f"gradebook and files {share['gradebook']:.0%}, start and reading {start:.0%}"
    show("  beside the model alone", f"{1 - share['model']:.1%}", where)


def measure_many(folder: Path, count: int) -> None:
    """Time and peak of memory for very many submissions."""
    course = make_course(folder / "many", 500, "submitted")
    multiply(course, count)
    start = time.perf_counter()
    with subprocess.Popen(
        [*VISIONQUIZ, "grade", QUIZ, "--course", str(course.root)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"visionquiz grade ended with {process.returncode}")
    seconds = time.perf_counter() - start
    peer = f"{seconds:.0f} s, {count / seconds:.0f} submissions a second"
    show(f"grade, {count:,} submissions: memory (asked: 1,024 MB)", f"{usage.ru_maxrss / 1024:.0f} MB", peer)


def multiply(course: Course, count: int, variations: int = VARIATIONS) -> None:
    """Hand in the same again under other names, each text in so many variations, until there are `count` of them."""
    release = json.loads(course.notebook("release", QUIZ).read_text(encoding="utf-8"))
    names = course.submissions(QUIZ)
    texts = [read_answers(json.loads(course.notebook("submitted", QUIZ, name).read_text())) for name in names]
    for number, typed in enumerate(itertools.islice(itertools.cycle(texts), count - len(names))):
        varied = {
            question: f"{text} Part {number % variations + 1}." if text and not question.startswith("decide") else text
            for question, text in typed.items()
        }
        path = course.notebook("submitted", QUIZ, f"person-{number}")
        path.parent.mkdir(parents=True)
        path.write_text(dump_notebook(fill_answers(release, varied)), encoding="utf-8")
        path.with_name("timestamp.txt").write_text("2026-12-10 10:00:00.000000 UTC", encoding="ascii")


def measure_formgrader(folder: Path, people: int) -> None:
    """How long a trainer waits for the list of submissions, with many people beside few."""
    pages = {"page": f"formgrader/manage_submissions/{QUIZ}", "list": f"formgrader/api/submissions/{QUIZ}"}
    taken = {}
    for size in (people, 40):
        with opened(make_course(folder / f"formgrader-{size}", size, "graded")) as get:
            for name, page in pages.items():
                seconds = []
                for _ in range(3):
                    start = time.perf_counter()
                    get(page)
                    seconds.append(time.perf_counter() - start)
                taken[name, size] = statistics.median(seconds)
    for name in pages:
        many, few = (f"{1000 * taken[name, size]:.0f} ms" for size in (people, 40))
        show(f"formgrader at {people:,} people, its {name} of submissions", many, f"of 40 people {few}")


@contextlib.contextmanager
def opened(course: Course) -> Iterator[Callable[[str], bytes]]:
    """Fetches pages of JupyterLab on a course."""
    with start_lab(course) as lab:
        found = urllib.parse.urlsplit(lab.url)
        token = urllib.parse.parse_qs(found.query)["token"][0]

        def get(page: str) -> bytes:
            asked = urllib.request.Request(  # noqa: S310  # loopback
                f"{found.scheme}://{found.netloc}/{page}", headers={"Authorization": f"token {token}"}
            )
            with urllib.request.urlopen(asked, timeout=300) as answer:  # noqa: S310
                body: bytes = answer.read()
                return body

        yield get


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast and how light grading is.")
    parser.add_argument("--only", choices=("peer", "share", "many", "formgrader"), help="only this part")
    only = parser.parse_args().only
    parts: dict[str, Callable[[Path], None]] = {
        "peer": lambda folder: measure_peer(folder, 200),
        "share": lambda folder: measure_share(folder, 200),
        "many": lambda folder: measure_many(folder, 10_000),
        "formgrader": lambda folder: measure_formgrader(folder, 2_000),
    }
    for name, measure in parts.items():
        if only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                measure(Path(folder))


if __name__ == "__main__":
    main()
