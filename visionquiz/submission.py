"""What employees send is untrusted: read it within limits, execute nothing, and refuse by name what cannot be graded.

Only the answer cells that the check asked for are read; whatever else is in the notebook or the folder is ignored.
"""

import datetime as dt
import hashlib
import json
import os
import stat
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visionquiz.errors import SubmissionError
from visionquiz.grading import Answer
from visionquiz.notebook import answer_text, read_choice, release_of
from visionquiz.quiz import Quiz
from visionquiz.roster import PERSON
from visionquiz.vision import Vision

__all__ = [
    "ANSWER_LIMIT",
    "FEEDBACK_KEY",
    "Submission",
    "answers_of",
    "digest_answers",
    "feedback_name",
    "parse_moment",
    "read_answer_cells",
    "read_notebook",
    "read_plain_file",
    "read_secret",
    "read_submission",
    "receipt_code",
    "storable",
]

FEEDBACK_KEY = "submission_secret.txt"
"""What `nbgrader submit` writes beside the notebook, so that only its owner finds the feedback."""

LOOK = ".second-look"
"""After the check's name where a folder in the exchange asks for a second look; no check's name has a dot in it."""

LOOK_FILE = "second-look.json"

REASON_LIMIT = 2_000
"""Characters in which somebody says why an answer should be looked at again."""

NOTEBOOK_LIMIT = 5_000_000
"""Bytes. A check with ten long answers has 20,000."""

CELL_LIMIT = 1_000
"""Cells in one notebook. nbgrader itself accepts 20,000 and then needs half a gigabyte."""

ANSWER_LIMIT = 20_000
"""Characters in one answer: about eight pages."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What one person handed in for one check."""

    person: str
    submitted: dt.datetime | None
    """UTC without a zone, as nbgrader keeps it; None where the time stamp is missing or damaged."""
    answers: Mapping[str, str]
    """What was typed, by question id; blank is ``""``."""
    release: str = ""
    """The fingerprint of the release that was answered; ``""`` where the notebook carries none."""
    lost: tuple[str, ...] = ()
    """Question ids whose answer cell is not in the notebook any more. Their answer is blank."""


def read_submission(folder: Path, quiz: Quiz, person: str) -> Submission:
    """The answers in ``submitted/<person>/<quiz>``. Raises `SubmissionError` where they cannot be graded fairly."""
    if not PERSON.fullmatch(person):
        raise SubmissionError(
            ascii(person), "this is no name of a person, so the folder is not opened; remove it from submitted/"
        )
    notebook = read_notebook(folder, quiz.id, person)
    answers: dict[str, str] = {}
    for ident, text in read_answer_cells(notebook, quiz, person):
        earlier = answers.get(ident, "")
        if earlier and text and earlier != text:
            raise SubmissionError(
                person, f"the answer to '{ident}' is there twice with different texts; ask which one counts"
            )
        answers[ident] = text or earlier
    asked = [question.id for question in quiz.questions]
    lost = tuple(ident for ident in asked if ident not in answers)
    if len(lost) == len(asked):
        raise SubmissionError(
            person, "no answer cell of this check is in the notebook; is it the right notebook? Ask for it again"
        )
    return Submission(
        person=person,
        submitted=_read_time(folder / "timestamp.txt", person),
        answers={ident: answers.get(ident, "") for ident in asked},
        release=release_of(notebook),
        lost=lost,
    )


def read_notebook(folder: Path, quiz: str, person: str) -> Any:
    """What is in the notebook of a submission: any JSON value. Raises `SubmissionError` where it cannot be read."""
    try:
        return json.loads(read_plain_file(folder / f"{quiz}.ipynb", NOTEBOOK_LIMIT, person))
    except (ValueError, RecursionError):
        raise SubmissionError(
            person, "the notebook is damaged (it is not JSON); ask for it to be opened, saved and submitted again"
        ) from None


def read_answer_cells(notebook: Any, quiz: Quiz, person: str) -> list[tuple[str, str]]:
    """The answers in a notebook that may hold anything, by question id. Raises `SubmissionError`."""
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
        raise SubmissionError(
            person,
            "this is not a notebook of format 4; ask for it to be opened in JupyterLab, saved and submitted again",
        )
    if len(notebook["cells"]) > CELL_LIMIT:
        raise SubmissionError(
            person,
            f"the notebook has {len(notebook['cells']):,} cells; at most {CELL_LIMIT:,} are read. "
            "Ask for the answers in the notebook that was released",
        )
    asked = {question.id for question in quiz.questions}
    found = []
    for cell in notebook["cells"]:
        meta = cell.get("metadata") if isinstance(cell, dict) else None
        meta = meta.get("nbgrader") if isinstance(meta, dict) else None
        ident = meta.get("grade_id") if isinstance(meta, dict) else None
        if not isinstance(ident, str) or ident not in asked:
            continue
        source = cell.get("source", "")
        if not isinstance(source, str) and not (
            isinstance(source, list) and all(isinstance(line, str) for line in source)
        ):
            raise SubmissionError(person, f"the answer to '{ident}' is not text; ask for it to be submitted again")
        text = answer_text(cell)
        if len(text) > ANSWER_LIMIT:
            raise SubmissionError(
                person,
                f"the answer to '{ident}' has {len(text):,} characters; at most {ANSWER_LIMIT:,} are read. "
                "Ask for a shorter one",
            )
        found.append((ident, storable(text)))
    return found


def storable(text: str) -> str:
    """The text without what cannot be kept: half of a character pair (a cut emoji) by no database, NUL by few."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def read_plain_file(path: Path, limit: int, person: str) -> bytes:
    """The bytes of a plain file; raises `SubmissionError` where there is none.

    A link could make us read, and show, somebody else's file.
    """
    try:
        if path.parent.is_symlink() or path.parent.parent.is_symlink():
            raise SubmissionError(
                person, f"{path.parent.name} is a link, not a folder; remove it and ask for the answers again"
            )
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SubmissionError(person, f"there is no {path.name} in the submission; ask for it again") from None
    except OSError as error:
        raise SubmissionError(person, f"{path.name} cannot be read ({error.strerror}); ask for it again") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        os.close(handle)
        raise SubmissionError(person, f"{path.name} is not a plain file; ask for it again")
    with open(handle, "rb") as file:
        if status.st_size > limit:
            raise SubmissionError(
                person,
                f"{path.name} has {status.st_size / 1e6:.1f} MB; at most {limit / 1e6:g} MB are read. Ask for it "
                "without pictures or other additions",
            )
        return file.read(limit + 1)


def _read_time(path: Path, person: str) -> dt.datetime | None:
    try:
        return parse_moment(read_plain_file(path, 200, person).decode("ascii"))
    except (SubmissionError, UnicodeDecodeError):
        return None


def parse_moment(text: str) -> dt.datetime | None:
    """A time as nbgrader writes it, in UTC without a zone. The employee can write it: what is no time gives None."""
    from dateutil import parser, tz

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", parser.UnknownTimezoneWarning)
            moment: dt.datetime = parser.parse(text.strip(), tzinfos={"UTC": tz.UTC})
        return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except Exception:  # what dateutil raises is not written down
        return None


def digest_answers(answers: Mapping[str, str]) -> str:
    """Tells one set of answers from another: a SHA-256 in hexadecimal of what was typed, by question."""
    return hashlib.sha256(json.dumps(sorted(answers.items()), ensure_ascii=False).encode()).hexdigest()


def receipt_code(person: str, quiz: str, submitted: dt.datetime | None, answers: Mapping[str, str]) -> str:
    """What a receipt says and the trail knows: eight letters and digits, ``K7QF-2M9D``, easy to read out.

    The same for whoever has the same answers, person and time; another answer or time makes another code. `submitted`
    is UTC without a zone. The alphabet leaves out I, L, O and U, which are mistaken for others (Crockford's base 32).
    """
    moment = submitted.isoformat(timespec="microseconds") if submitted else ""
    told = json.dumps([person, quiz, moment, digest_answers(answers)])
    number = int.from_bytes(hashlib.sha256(told.encode()).digest()[:5], "big")
    letters = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[number >> 5 * place & 31] for place in range(7, -1, -1))
    return f"{letters[:4]}-{letters[4:]}"


def read_secret(folder: Path, person: str) -> str:
    """By what nbgrader finds the feedback to a submission; ``""`` where there is none, or none that can be used."""
    try:
        text = read_plain_file(folder / FEEDBACK_KEY, 1_000, person).decode("utf-8")
    except (SubmissionError, UnicodeDecodeError):
        return ""
    return text if text.strip() else ""


def feedback_name(secret: str, quiz: str) -> str:
    """The name under which nbgrader looks for somebody's feedback in the exchange."""
    # What nbgrader.utils.notebook_hash makes; who cannot guess the secret cannot guess the name.
    return f"{hashlib.md5((secret + quiz).encode(), usedforsecurity=False).hexdigest()}.html"


def answers_of(submission: Submission, role: str, quiz: Quiz, vision: Vision) -> Iterator[Answer]:
    """A submission as answers to grade."""
    for question in quiz.questions:
        text = submission.answers[question.id]
        scenario, option = "", None
        if question.kind == "scenario" and text:
            scenario, option = read_choice(text, question, role, quiz, vision)
        yield Answer(id=question.id, kind=question.kind, text=text, role=role, scenario=scenario, option=option)
