"""What employees send is hostile here."""

import contextlib
import datetime as dt
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from visionquiz.errors import SubmissionError
from visionquiz.notebook import dump_notebook, fill_answers, write_quiz
from visionquiz.submission import ANSWER_LIMIT, CELL_LIMIT, NOTEBOOK_LIMIT, read_submission, receipt_code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "submitted" / "mia" / "vision-check"
    path.mkdir(parents=True)
    return path


@pytest.fixture
def notebook(vision, quiz):
    return fill_answers(write_quiz(quiz, vision), {"state": "Keep homes running", "explain": "Say what is next"})


@pytest.fixture
def hand_in(folder, notebook, quiz):
    def write(change=None, text=None, stamp="2026-12-01 10:00:00.123456 UTC"):
        if change:
            change(notebook)
        (folder / "vision-check.ipynb").write_text(dump_notebook(notebook) if text is None else text, encoding="utf-8")
        if stamp is not None:
            (folder / "timestamp.txt").write_text(stamp)
        return read_submission(folder, quiz, "mia")

    return write


def cell(notebook, ident):
    return next(cell for cell in notebook["cells"] if cell["id"] == ident)


def test_answers_and_time_are_read(hand_in, quiz):
    submission = hand_in()
    assert submission.answers["state"] == "Keep homes running"
    assert submission.answers["contribute"] == ""
    assert set(submission.answers) == {question.id for question in quiz.questions}
    assert submission.submitted is not None
    assert submission.submitted.isoformat() == "2026-12-01T10:00:00.123456"
    assert submission.lost == ()


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-12-01 10:00:00.000000 CET", None),
        ("2026-12-01 10:00:00+02:00", "2026-12-01T08:00:00"),
        ("yesterday", None),
        ("9" * 150, None),
        ("x" * 1000, None),
        (None, None),
    ],
)
def test_a_damaged_time_is_no_time(hand_in, stamp, expected):
    found = hand_in(stamp=stamp).submitted
    assert (found and found.isoformat()) == expected


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda nb: nb.update(nbformat=3), "format 4"),
        (lambda nb: nb.update(cells={}), "format 4"),
        (lambda nb: nb["cells"].extend([{"cell_type": "raw"}] * CELL_LIMIT), "at most 1,000"),
        (lambda nb: nb.update(cells=[]), "right notebook"),
        (lambda nb: nb["cells"].append(cell(nb, "state") | {"source": "Another one"}), "twice with different texts"),
        (lambda nb: cell(nb, "state").update(source=["x", 3]), "is not text"),
        (lambda nb: cell(nb, "state").update(source={"a": 1}), "is not text"),
        (lambda nb: cell(nb, "state").update(source="x" * (ANSWER_LIMIT + 1)), "20,001 characters"),
    ],
)
def test_what_cannot_be_graded_fairly_is_refused_with_the_reason(hand_in, change, says):
    with pytest.raises(SubmissionError, match=says) as caught:
        hand_in(change)
    assert caught.value.person == "mia"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "3",
        '"x"',
        "[" * 100_000,
        '{"nbformat": 4}',
        '{"nbformat": 4, "cells": [3, null, {}]}',
        '{"nbformat": 4, "cells": [{"metadata": {"nbgrader": 3}}, {"metadata": 1}]}',
    ],
    ids=range(9),
)
def test_no_damaged_file_is_fatal(hand_in, text):
    with pytest.raises(SubmissionError):
        hand_in(text=text)


def test_a_file_that_is_too_large_is_not_read(hand_in):
    with pytest.raises(SubmissionError, match="at most 5 MB"):
        hand_in(text="x" * (NOTEBOOK_LIMIT + 1))


def test_a_lost_cell_is_named_and_blank(hand_in):
    submission = hand_in(lambda nb: nb["cells"].remove(cell(nb, "explain")))
    assert submission.lost == ("explain",)
    assert submission.answers["explain"] == ""


def test_an_answer_that_was_copied_whole_counts_once(hand_in):
    def twice(nb):
        nb["cells"].append(dict(cell(nb, "state")))
        nb["cells"].append(cell(nb, "explain") | {"source": ""})

    submission = hand_in(twice)
    assert submission.answers["state"] == "Keep homes running"
    assert submission.answers["explain"] == "Say what is next"


@pytest.mark.parametrize(
    "change",
    [
        {"cell_type": "code", "outputs": []},
        {"cell_type": "raw"},
        {"id": "other"},
        {"source": ["Keep ", "homes running"]},
    ],
)
def test_what_kind_of_cell_it_became_does_not_matter(hand_in, change):
    assert hand_in(lambda nb: cell(nb, "state").update(change)).answers["state"] == "Keep homes running"


def test_locked_text_points_and_flags_are_not_read(hand_in):
    def tamper(nb):
        cell(nb, "state")["metadata"]["nbgrader"].update(points=1000, grade=False, locked=True)
        nb["metadata"]["kernelspec"] = {"name": "bash", "argv": ["rm"]}

    assert hand_in(tamper).answers["state"] == "Keep homes running"


def test_half_a_character_pair_becomes_a_question_mark(hand_in, notebook):
    cell(notebook, "state")["source"] = "Keep \ud83d homes\0"
    submission = hand_in(text=json.dumps(notebook))
    assert submission.answers["state"] == "Keep ? homes"


def test_links_are_not_followed(folder, quiz, tmp_path, notebook):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(dump_notebook(notebook))
    (folder / "vision-check.ipynb").symlink_to(secret)
    with pytest.raises(SubmissionError, match="cannot be read"):
        read_submission(folder, quiz, "mia")


def test_a_linked_folder_is_not_followed(folder, quiz, tmp_path, notebook):
    (folder / "vision-check.ipynb").write_text(dump_notebook(notebook))
    other = folder.parent.parent / "eve"
    other.mkdir()
    (other / "vision-check").symlink_to(folder)
    with pytest.raises(SubmissionError, match="is a link"):
        read_submission(other / "vision-check", quiz, "eve")


def test_a_pipe_does_not_hang_the_grader(folder, quiz):
    os.mkfifo(folder / "vision-check.ipynb")
    with pytest.raises(SubmissionError, match="not a plain file"):
        read_submission(folder, quiz, "mia")


def test_a_missing_notebook_is_refused(folder, quiz):
    with pytest.raises(SubmissionError, match=r"no vision-check\.ipynb"):
        read_submission(folder, quiz, "mia")


@pytest.mark.parametrize(
    "stamp", ["9999-12-31 23:59:59 -1400", "2026-01-01 10:00:00 +99:99", "0001-01-01 00:00:00 +1400"]
)
def test_an_impossible_time_is_no_time(hand_in, stamp):
    assert hand_in(stamp=stamp).submitted is None


@pytest.mark.parametrize("name", ["vision-check.ipynb", "timestamp.txt"])
def test_a_folder_in_place_of_a_file_stops_nobody_else(hand_in, folder, quiz, name):
    hand_in()
    (folder / name).unlink()
    (folder / name).mkdir()
    if name == "timestamp.txt":
        assert read_submission(folder, quiz, "mia").submitted is None
    else:
        with pytest.raises(SubmissionError, match="not a plain file"):
            read_submission(folder, quiz, "mia")


@pytest.mark.parametrize("person", ["\udcff\udcfe", "mia\nGraded 99 submissions", "\x1b[2J", ".."])
def test_a_folder_that_is_no_name_is_refused_and_printed_harmlessly(folder, quiz, person):
    with pytest.raises(SubmissionError) as refused:
        read_submission(folder, quiz, person)
    assert str(refused.value).isascii()
    assert str(refused.value).isprintable()


def test_a_receipts_code_depends_on_who_what_and_when():
    moment = dt.datetime(2026, 11, 2, 9, 30, 5, 123456)
    code = receipt_code("ada", "check", moment, {"state": "Clear water.", "explain": "We say so."})
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code)
    assert code == receipt_code("ada", "check", moment, {"explain": "We say so.", "state": "Clear water."})
    others = {
        receipt_code("bo", "check", moment, {"state": "Clear water.", "explain": "We say so."}),
        receipt_code("ada", "check-2", moment, {"state": "Clear water.", "explain": "We say so."}),
        receipt_code("ada", "check", moment + dt.timedelta(microseconds=1), {"state": "Clear water.", "explain": "We"}),
        receipt_code("ada", "check", None, {"state": "Clear water.", "explain": "We say so."}),
        receipt_code("ada", "check", moment, {"state": "Clear water.", "explain": "We say so"}),
    }
    assert len(others | {code}) == 6


def write_text(folder, text):
    (folder / "vision-check.ipynb").write_bytes(text if isinstance(text, bytes) else text.encode())


def changed(change):
    """Hands in the notebook after a change."""

    def make(folder, notebook):
        change(notebook)
        # Not ensure_ascii=False: half a character can be written as an escape only.
        write_text(folder, json.dumps(notebook))

    return make


def renamed(names):
    """Hands in the notebook with other grade ids; None for any other."""

    def change(notebook):
        for one in notebook["cells"]:
            about = one["metadata"]["nbgrader"]
            if about["grade"]:
                about["grade_id"] = one["id"] = names.get(about["grade_id"], names.get(None, about["grade_id"]))

    return changed(change)


def in_place(name, put):
    """Hands in the notebook and puts something else in the place of one file."""

    def make(folder, notebook):
        write_text(folder, dump_notebook(notebook))
        (folder / name).unlink(missing_ok=True)
        put(folder / name)

    return make


def linked_folder(folder, notebook):
    real = folder.parents[2] / f"real {folder.parent.name}"
    real.mkdir()
    write_text(real, dump_notebook(notebook))
    folder.rmdir()
    folder.symlink_to(real)


def planted(folder, notebook):
    """Programs under names that Python, Jupyter and nbgrader look for."""
    write_text(folder, dump_notebook(notebook))
    program = f"open({str(folder / 'executed')!r}, 'w').close()"
    (folder / "nbgrader").mkdir()
    for name in ("nbgrader_config", "jupyter_config", "sitecustomize", "visionquiz", "json", "nbgrader/__init__"):
        (folder / f"{name}.py").write_text(program)


def add_code(notebook):
    notebook["metadata"]["kernelspec"] = {"name": "bash", "argv": ["touch", "executed"], "display_name": "x"}
    source = "open('executed', 'w').close()"
    notebook["cells"].insert(0, {"cell_type": "code", "id": "x", "metadata": {}, "source": source, "outputs": []})


def truncated(size):
    def put(path):
        path.touch()
        os.truncate(path, size)

    return put


HOSTILE = {
    "cell duplicated": (changed(lambda nb: nb["cells"].append(dict(cell(nb, "state")))), None),
    "cell duplicated with another text": (
        changed(lambda nb: nb["cells"].append(cell(nb, "state") | {"source": "Another one"})),
        "twice with different texts; ask which",
    ),
    "cell deleted": (changed(lambda nb: nb["cells"].remove(cell(nb, "state"))), None),
    "all cells deleted": (changed(lambda nb: nb["cells"].clear()), "right notebook"),
    "cell retyped as code": (changed(lambda nb: cell(nb, "state").update(cell_type="code", outputs=[])), None),
    "cells renumbered": (renamed({"state": "explain", "explain": "state"}), None),
    "cells renumbered to one": (renamed({None: "state"}), "twice with different texts"),
    "cells renumbered to none": (renamed({None: "state-2"}), "right notebook"),
    "cells turned round": (changed(lambda nb: nb["cells"].reverse()), None),
    "half a character": (changed(lambda nb: cell(nb, "state").update(source="Keep \ud83d homes\0")), None),
    "answer of 32 MB": (changed(lambda nb: cell(nb, "state").update(source="x" * 32_000_000)), "at most 5 MB"),
    "answer of 30 pages": (changed(lambda nb: cell(nb, "state").update(source="x " * 40_000)), "at most 20,000"),
    "20,000 cells": (changed(lambda nb: nb["cells"].extend([{"cell_type": "raw"}] * 20_000)), "at most 1,000"),
    "a million lists": (lambda folder, nb: write_text(folder, f"[{'[],' * 1_600_000}0]"), "format 4"),
    "nbformat 3": (changed(lambda nb: nb.update(nbformat=3)), "format 4"),
    "nbformat 99": (changed(lambda nb: nb.update(nbformat=99)), "format 4"),
    "nbformat missing": (changed(lambda nb: nb.pop("nbformat")), "format 4"),
    "nbformat_minor 99": (changed(lambda nb: nb.update(nbformat_minor=99)), None),
    "schema 99": (
        changed(lambda nb: [one["metadata"]["nbgrader"].update(schema_version=99) for one in nb["cells"]]),
        None,
    ),
    "schema missing": (
        changed(lambda nb: [one["metadata"]["nbgrader"].pop("schema_version") for one in nb["cells"]]),
        None,
    ),
    "metadata missing": (changed(lambda nb: [one.pop("metadata") for one in nb["cells"]]), "right notebook"),
    "deep JSON": (lambda folder, nb: write_text(folder, "[" * 1_000_000), "not JSON"),
    "deep metadata": (
        lambda folder, nb: write_text(folder, json.dumps(nb)[:-1] + ', "x": ' + '{"x": ' * 90_000 + "1" + "}" * 90_001),
        "not JSON",
    ),
    "number of 10,000 digits": (lambda folder, nb: write_text(folder, "9" * 10_000), "not JSON"),
    "kernel of R": (changed(lambda nb: nb["metadata"].update(kernelspec={"name": "ir", "language": "R"})), None),
    "kernel missing": (changed(lambda nb: nb["metadata"].pop("kernelspec")), None),
    "kernel that runs a program": (changed(add_code), None),
    "planted programs": (planted, None),
    "linked notebook": (in_place("vision-check.ipynb", lambda path: path.symlink_to("/etc/passwd")), "cannot be read"),
    "linked folder": (linked_folder, "is a link"),
    "pipe": (in_place("vision-check.ipynb", os.mkfifo), "not a plain file"),
    "folder for a notebook": (in_place("vision-check.ipynb", Path.mkdir), "not a plain file"),
    "no notebook": (lambda folder, nb: None, "there is no vision-check.ipynb"),
    "empty notebook": (lambda folder, nb: write_text(folder, ""), "not JSON"),
    "notebook of a terabyte": (in_place("vision-check.ipynb", truncated(10**12)), "at most 5 MB"),
    "not UTF-8": (lambda folder, nb: write_text(folder, b'{"nbformat": 4, "cells": [], "x": "\xff"}'), "not JSON"),
    "byte order mark": (lambda folder, nb: write_text(folder, "\ufeff" + json.dumps(nb)), None),
    "UTF-16": (lambda folder, nb: write_text(folder, json.dumps(nb).encode("utf-16")), None),
    "time of 10,000 digits": (in_place("timestamp.txt", lambda path: path.write_text("9" * 10_000)), None),
    "time in the year 99999": (in_place("timestamp.txt", lambda path: path.write_text("99999-01-01 10:00 UTC")), None),
    "time that is a pipe": (in_place("timestamp.txt", os.mkfifo), None),
    "time that is a folder": (in_place("timestamp.txt", Path.mkdir), None),
    "time that is a link": (in_place("timestamp.txt", lambda path: path.symlink_to("/etc/passwd")), None),
    "time of a terabyte": (in_place("timestamp.txt", truncated(10**12)), None),
}
"""How to hand in something odd, and of what the refusal speaks; None where it is graded."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_submission_is_graded_by_its_answers_or_refused_with_the_reason(folder, notebook, quiz, name):
    make, says = HOSTILE[name]
    make(folder, notebook)
    if says:
        with pytest.raises(SubmissionError, match=says) as caught:
            read_submission(folder, quiz, "mia")
        assert re.search(r"\bask\b|remove", caught.value.reason, re.IGNORECASE), "it says what to do"
    else:
        submission = read_submission(folder, quiz, "mia")
        assert submission.submitted is None
        typed = {"Keep homes running", "Say what is next", "Keep ? homes", ""}
        assert set(submission.answers.values()) <= typed
        assert any(submission.answers.values())
    assert not (folder / "executed").exists()


@pytest.mark.nbgrader
class TestCourse:
    """All of them at once, in a course with ten honest people."""

    @pytest.fixture
    def honest(self, course_until):
        """A course in which ten people have handed in, collected by the command below."""
        course = course_until("submitted")
        for person in course.submissions("vision-check")[10:]:
            for folder in (course.exchange / "hollowmere" / "inbound").glob(f"{person}+*"):
                shutil.rmtree(folder)
        shutil.rmtree(course.root / "submitted")
        return course

    def run(self, ordinary, course, *arguments):
        """Exit code, what was said, seconds, and the peak of memory in MB, of a command run as an ordinary user."""
        start = time.monotonic()
        out = course.root.with_name("said.txt")
        with open(out, "w") as file:
            command = [sys.executable, "-m", "visionquiz", *arguments, "vision-check", "--course", str(course.root)]
            process = subprocess.Popen([*ordinary(course.root), *command], stdout=file, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, out.read_text(), time.monotonic() - start, usage.ru_maxrss / 1024

    def scores(self, course):
        query = """
            select s.student_id, b.name, g.auto_score, g.needs_manual_grade, c.auto_comment
            from grade g join submitted_notebook n on n.id = g.notebook_id
            join submitted_assignment s on s.id = n.assignment_id join base_cell b on b.id = g.cell_id
            join base_cell d on d.name = b.name and d.notebook_id = b.notebook_id and d.type = 'SolutionCell'
            join comment c on c.notebook_id = n.id and c.cell_id = d.id
        """
        found = {}
        with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
            for person, *row in database.execute(query):
                found.setdefault(person, set()).add(tuple(row))
        return found

    def test_hostile_people_change_nothing_for_honest_ones(self, honest, ordinary, notebook):
        twin = type(honest)(honest.root.with_name("hostile"))
        shutil.copytree(honest.root, twin.root)
        assert self.run(ordinary, honest, "collect")[0] == 0
        code, _, alone, light = self.run(ordinary, honest, "grade")
        assert code == 0
        wanted = self.scores(honest)
        assert len(wanted) == 10

        inbound = twin.exchange / "hollowmere" / "inbound"
        text = json.dumps(notebook)
        people, refused = set(), set()
        for name, (make, says) in HOSTILE.items():
            person = re.sub(r"\W+", "-", name)
            people |= {f"left-{person}", f"sent-{person}"}
            sent = inbound / f"sent-{person}+vision-check+2026-12-10 10:00:00.000000 UTC+0abc"
            left = twin.root / "submitted" / f"left-{person}" / "vision-check"
            for folder in (sent, left):
                folder.mkdir(parents=True)
                make(folder, json.loads(text))
            if says:
                refused |= {f"left-{person}", f"sent-{person}"}
        if os.geteuid() == 0:
            os.chown(next(inbound.glob("sent-cell-deleted+*")), 1, 1)
        code, said, collecting, _ = self.run(ordinary, twin, "collect")
        assert code == 3, said
        assert "Traceback" not in said
        foreign = said.partition("somebody else's account: ")[2].partition(".")[0]
        assert foreign.startswith("sent-cell-deleted (by ") == (os.geteuid() == 0)
        code, graded, grading, heavy = self.run(ordinary, twin, "grade")
        assert code == 3, graded
        assert "Traceback" not in graded

        lines = [line for line in (said + graded).splitlines() if line.startswith("Refused: ")]
        named = {re.split(r"[:+]", line.removeprefix("Refused: "))[0] for line in lines}
        assert refused <= named
        assert all(re.search(r"\bask\b|remove", line, re.IGNORECASE) for line in lines), "each says what to do"
        found = self.scores(twin)
        assert {person: found[person] for person in wanted} == wanted
        assert set(found) == (set(wanted) | people) - named
        assert not list(twin.root.rglob("executed"))
        assert not (twin.root / "executed").exists()
        # One notebook of a million lists is 130 MB in memory, and so would be each.
        assert grading + collecting < 2 * alone + 60
        assert heavy < light + 200
