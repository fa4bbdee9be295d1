"""What employees send is hostile here."""

import datetime as dt
import json
import os
import re
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
