"""The desk: the folder where one person answers one check. What is typed is kept here until it is handed in.

Everything in the folder can be changed by its owner, so it is read within limits; nothing that is in it stops the
form from opening.
"""

import asyncio
import base64
import contextlib
import datetime as dt
import getpass
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from visionquiz.errors import DeskError, SubmissionError
from visionquiz.notebook import fill_answers, read_letter, release_of
from visionquiz.paper import Paper, read_paper
from visionquiz.quiz import Question, Quiz
from visionquiz.receipt import Receipt, parse_receipt, receipt_html
from visionquiz.roster import PERSON
from visionquiz.submission import (
    ANSWER_LIMIT,
    LOOK,
    LOOK_FILE,
    REASON_LIMIT,
    feedback_name,
    read_answer_cells,
    read_notebook,
    read_plain_file,
    read_secret,
    read_submission,
    receipt_code,
    storable,
)
from visionquiz.writing import replace_file, say_why

__all__ = [
    "DRAFT_FILE",
    "DRAFT_FILE_LIMIT",
    "DRAFT_LIMIT",
    "Counter",
    "Desk",
    "Draft",
    "Taker",
    "ask_second_look",
    "choose_answers",
    "fill_paper",
    "hand_in_apart",
    "keep_receipt",
    "list_receipts",
    "load_draft",
    "merge_cells",
    "open_desk",
    "read_back",
    "read_cells",
    "read_feedback",
    "save_draft",
    "write_counter",
]

DRAFT_FILE = "answers.json"

COUNTER_FILE = ".handing-in.json"

FORMAT = 1
"""Of these two files, and of a request for a second look."""

DRAFT_LIMIT = 5 * ANSWER_LIMIT
"""Characters of one answer that are kept. What is over `ANSWER_LIMIT` cannot be handed in, but is not lost either."""

DRAFT_FILE_LIMIT = 20_000_000
"""Bytes of a draft. 20 answers of `DRAFT_LIMIT` have 8 million at most."""

PAGE_LIMIT = 5_000_000
"""Bytes of a feedback page."""

SEND_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class Taker:
    """Who answers. ``role`` is a role id of the check, or ``""`` where nobody said."""

    person: str
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where one person answers one check."""

    folder: Path
    quiz: str
    paper: Paper
    taker: Taker


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody has answered so far."""

    answers: Mapping[str, str] = field(default_factory=dict)
    """What an answer cell would hold, by question id."""
    role: str = ""
    """The role that the person chose; ``""`` before, and where it is known anyway."""
    saved: dt.datetime | None = None
    """UTC."""
    cells: Mapping[str, str] = field(default_factory=dict)
    """What the notebook's own boxes said when the person last chose between them and the form."""


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where a desk hands in. The form cannot ask nbgrader itself: to import it takes seconds."""

    exchange: Path
    """The course's folder in nbgrader's exchange, with ``inbound`` and ``feedback``."""
    cache: Path
    """The folder of the course in nbgrader's own copies of what was handed in."""


def open_desk(quiz: str, folder: Path | None = None, env: Mapping[str, str] = os.environ) -> Desk:
    """The desk in `folder` (default: here), by the notebook that lies there.

    Who answers is said by `visionquiz take` or by JupyterHub; otherwise it is who is logged in. Raises `DeskError`
    where the notebook cannot be read.
    """
    place = (folder or Path.cwd()).absolute()
    try:
        notebook = read_notebook(place, quiz, "you")
    except SubmissionError as error:
        raise DeskError(
            f"the form cannot read {quiz}.ipynb: {error.reason.partition(';')[0]}. Ask your trainer for a fresh copy, "
            "and keep the two files in one folder: your answers are in answers.json"
        ) from None
    paper = read_paper(notebook)
    if paper.quiz != quiz:
        raise DeskError(f"this is the check '{paper.quiz}', not '{quiz}'; ask your trainer for a fresh copy")
    return Desk(folder=place, quiz=quiz, paper=paper, taker=_who_answers(paper, env))


def _who_answers(paper: Paper, env: Mapping[str, str]) -> Taker:
    person = env.get("VISIONQUIZ_PERSON") or env.get("JUPYTERHUB_USER") or getpass.getuser()
    if not PERSON.fullmatch(person):
        raise DeskError(
            f"you are logged in as {person!a}, and that name has characters that a check cannot be handed in "
            "under; ask your trainer for a link of your own"
        )
    role = env.get("VISIONQUIZ_ROLE", "")
    known = {one.id for one in paper.roles}
    return Taker(person=person, name=env.get("VISIONQUIZ_NAME") or person, role=role if role in known else "")


def load_draft(desk: Desk) -> tuple[Draft, str]:
    """What was saved, and ``""``; or an empty draft and a message, where what is there had to be set aside."""
    path = desk.folder / DRAFT_FILE
    if not os.path.lexists(path):
        return Draft(), ""
    try:
        return _parse_draft(read_plain_file(path, DRAFT_FILE_LIMIT, desk.taker.person)), ""
    except (SubmissionError, ValueError, RecursionError):
        aside = f"answers-damaged-{secrets.token_hex(4)}.json"
        with contextlib.suppress(OSError):
            path.rename(desk.folder / aside)
        return Draft(), (
            f"Your saved answers could not be read: the file {DRAFT_FILE} is damaged. It was kept as {aside}; "
            "your trainer may be able to read it. What you type from now on is saved as usual."
        )


def _parse_draft(data: bytes) -> Draft:
    """Raises `ValueError` where it is not what `save_draft` writes."""
    told = json.loads(data)
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise ValueError("format")
    role, saved = told.get("role"), told.get("saved")
    if not isinstance(role, str) or not isinstance(saved, str):
        raise ValueError("role and saved")
    return Draft(
        answers=_texts(told.get("answers")),
        role=role[:200],
        saved=dt.datetime.fromisoformat(saved).astimezone(dt.UTC),
        cells=_texts(told.get("cells")),
    )


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError("texts")
    return {ident: storable(text)[:DRAFT_LIMIT] for ident, text in value.items()}


def save_draft(desk: Desk, draft: Draft) -> None:
    """Put the draft in the place of the former one, all of it or nothing, readable by its owner only.

    Raises `DeskError` that says why in words; the former draft is untouched then.
    """
    saved = draft.saved or dt.datetime.now(dt.UTC)
    told = {
        "format": FORMAT,
        "quiz": desk.quiz,
        "person": desk.taker.person,
        "role": draft.role,
        "saved": saved.isoformat(),
        "answers": dict(draft.answers),
        "cells": dict(draft.cells),
    }
    data = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    if len(data) > DRAFT_FILE_LIMIT:
        raise DeskError("your answers are too long to be kept; shorten the longest")
    try:
        replace_file(desk.folder / DRAFT_FILE, data)
    except OSError as error:
        raise DeskError(say_why(error)) from None


def read_cells(desk: Desk) -> dict[str, str]:
    """What was typed into the notebook's own boxes, by question id; nothing where they cannot be read."""
    quiz, person = _quiz_of(desk.paper), desk.taker.person
    typed: dict[str, str] = {}
    with contextlib.suppress(SubmissionError):
        for ident, text in read_answer_cells(read_notebook(desk.folder, desk.quiz, person), quiz, person):
            typed[ident] = typed.get(ident) or text
    return typed


def merge_cells(draft: Draft, cells: Mapping[str, str], paper: Paper, role: str) -> tuple[Draft, dict[str, str]]:
    """The draft with what stands in the notebook's boxes where it has nothing, and the texts that differ from it.

    A text that the person has chosen against before does not differ any more.
    """
    answers, seen, differing = dict(draft.answers), dict(draft.cells), {}
    for asked in paper.questions:
        typed = cells.get(asked.id, "")
        mine = answers.get(asked.id, "")
        if not typed or typed == seen.get(asked.id):
            continue
        if not mine.strip() or _means(asked.id, mine, paper, role) == _means(asked.id, typed, paper, role):
            answers[asked.id] = mine if mine.strip() else typed
            seen[asked.id] = typed
        else:
            differing[asked.id] = typed
    return replace(draft, answers=answers, cells=seen), differing


def _means(ident: str, text: str, paper: Paper, role: str) -> tuple[str, str]:
    """What tells two answers apart: the text, or what was chosen."""
    asked = next(one for one in paper.questions if one.id == ident)
    here = {situation.id: situation.options for situation in asked.situations}
    mine = asked.situation_for(role) if here else None
    chosen = read_letter(text, here, mine.id if mine else "") if here else ("", "")
    return chosen if chosen[1] else ("", text.strip())


def choose_answers(desk: Desk) -> dict[str, str]:
    """What would be handed in now: the draft, and where it has nothing the notebook's boxes. Raises `DeskError`."""
    draft, message = load_draft(desk)
    if message:
        raise DeskError(message)
    merged, _ = merge_cells(draft, read_cells(desk), desk.paper, desk.taker.role or draft.role)
    asked = {question.id for question in desk.paper.questions}
    answers = {ident: text for ident, text in merged.answers.items() if ident in asked}
    for ident, text in answers.items():
        if len(text.strip()) > ANSWER_LIMIT:
            raise DeskError(
                f"the answer to '{ident}' has {len(text):,} characters; at most {ANSWER_LIMIT:,} can be handed in, so "
                "make it shorter"
            )
    return answers


def fill_paper(desk: Desk, answers: Mapping[str, str], released: Path) -> Any:
    """The notebook to send: a fresh copy of the released one with `answers` typed in.

    Where the released one cannot be read, the one in the desk. Raises `DeskError` where the two ask different things.
    """
    try:
        fresh = read_notebook(released.parent, desk.quiz, desk.taker.person)
    except SubmissionError:
        return _fill_own(desk, answers)
    if release_of(fresh) != desk.paper.release:
        raise DeskError(
            "the check was changed after you got it, so your answers may fit other questions. They are kept. Ask your "
            f"trainer; to go on, rename {desk.quiz}.ipynb, get the check again and press Run: your answers are in it"
        )
    return fill_answers(fresh, answers)


def _fill_own(desk: Desk, answers: Mapping[str, str]) -> Any:
    own = read_notebook(desk.folder, desk.quiz, desk.taker.person)
    asked = {question.id for question in desk.paper.questions}
    try:
        filled = fill_answers(own, answers)
        for cell in filled["cells"]:
            ident = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if ident in asked and not answers.get(ident, "").strip():
                cell["source"] = ""  # what stands in the box is not what the person chose to send
    except (KeyError, TypeError, AttributeError):
        raise DeskError(f"{desk.quiz}.ipynb is damaged; ask your trainer for a fresh copy") from None
    return filled


def keep_receipt(desk: Desk, receipt: Receipt) -> Path:
    """Write the receipt as a page beside the draft, readable by its owner only. Returns where it is."""
    path = desk.folder / f"receipt-{receipt.submitted:%Y-%m-%d-%H%M%S}-{receipt.code}.html"
    replace_file(path, receipt_html(receipt, desk.paper, desk.taker.name).encode())
    return path


def read_back(folder: Path, paper: Paper, person: str) -> Receipt:
    """The receipt of an attempt, from its files. Raises `SubmissionError` where they cannot be read."""
    sent = read_submission(folder, _quiz_of(paper), person)
    if sent.submitted is None:
        raise SubmissionError(person, "the time stamp of what was handed in is damaged")
    return Receipt(
        person=person,
        quiz=paper.quiz,
        submitted=sent.submitted,
        code=receipt_code(person, paper.quiz, sent.submitted, sent.answers),
        answers=sent.answers,
        folder=folder,
    )


def _quiz_of(paper: Paper) -> Quiz:
    """The check as far as employees know it: what reads a submission needs the ids only."""
    asked = [Question(id=one.id, kind=one.kind, points=0, prompt=one.prompt, column=one.id) for one in paper.questions]
    return Quiz(id=paper.quiz, title=paper.title, questions=tuple(asked), seed=0)


def write_counter(folder: Path, counter: Counter) -> None:
    """Note in a desk where it hands in."""
    told = {"format": FORMAT, "exchange": str(counter.exchange), "cache": str(counter.cache)}
    replace_file(folder / COUNTER_FILE, json.dumps(told).encode())


def _read_counter(desk: Desk) -> Counter | None:
    try:
        told = json.loads(read_plain_file(desk.folder / COUNTER_FILE, 20_000, desk.taker.person))
        return Counter(exchange=Path(told["exchange"]), cache=Path(told["cache"]))
    except (SubmissionError, ValueError, KeyError, TypeError, RecursionError):
        return None


def list_receipts(desk: Desk) -> tuple[Receipt, ...]:
    """What was handed in from here, the newest last, by nbgrader's own copies; those that cannot be read are not."""
    counter = _read_counter(desk)
    found = []
    for folder in counter.cache.glob(f"{desk.taker.person}+{desk.quiz}+*") if counter else ():
        with contextlib.suppress(SubmissionError):
            found.append(read_back(folder, desk.paper, desk.taker.person))
    return tuple(sorted(found, key=lambda receipt: receipt.submitted))


def read_feedback(desk: Desk, receipts: tuple[Receipt, ...]) -> tuple[Receipt, str] | None:
    """The newest attempt that feedback was returned for, and the page; None where there is none yet."""
    counter = _read_counter(desk)
    for receipt in reversed(receipts if counter else ()):
        secret = read_secret(receipt.folder, desk.taker.person) if receipt.folder else ""
        if secret and counter:
            page = counter.exchange / "feedback" / feedback_name(secret, desk.quiz)
            with contextlib.suppress(SubmissionError):
                return receipt, read_plain_file(page, PAGE_LIMIT, desk.taker.person).decode("utf-8", "replace")
    return None


def ask_second_look(desk: Desk, question: str, reason: str, now: dt.datetime) -> None:
    """Ask the trainer to look at one answer again, by a folder in the exchange. Raises `DeskError`.

    Its modes are those of a submission: the trainer, who may be somebody else, must be able to take it away.
    """
    if question not in {one.id for one in desk.paper.questions}:
        raise DeskError("choose the question first")
    told = storable(reason).strip()
    if not told or len(told) > REASON_LIMIT:
        raise DeskError(f"say why, in at most {REASON_LIMIT:,} characters")
    counter = _read_counter(desk)
    if counter is None:
        raise DeskError("nothing was handed in from here yet")
    moment = f"{now.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    random = base64.urlsafe_b64encode(os.urandom(9)).decode("ascii")
    inbound = counter.exchange / "inbound"
    # Made under another name first, so that nobody collects half of it.
    draft = inbound / f".{secrets.token_hex(12)}"
    try:
        draft.mkdir()
        draft.chmod(0o777)
        file = draft / LOOK_FILE
        file.write_text(json.dumps({"format": FORMAT, "question": question, "reason": told}), encoding="utf-8")
        file.chmod(0o644)
        draft.rename(inbound / f"{desk.taker.person}+{desk.quiz}{LOOK}+{moment}+{random}")
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise DeskError(say_why(error)) from None


async def hand_in_apart(desk: Desk) -> Receipt:
    """Hand in what the desk holds, by `visionquiz hand-in` in a process of its own. Raises `DeskError`.

    nbgrader takes seconds to import and to send. In the process that draws the form, nothing could be typed, shown or
    saved meanwhile; and views import no nbgrader.
    """
    return await asyncio.to_thread(_run_hand_in, desk)


def _run_hand_in(desk: Desk) -> Receipt:
    # -P: a file in the desk that happens to be named like a module must not take its place.
    command = [sys.executable, "-P", "-m", "visionquiz", "hand-in", desk.quiz, "--json"]
    try:
        done = subprocess.run(  # noqa: S603  # our own program, arguments as a list
            command, cwd=desk.folder, capture_output=True, timeout=SEND_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise DeskError("it took too long") from None
    except OSError as error:
        raise DeskError(say_why(error)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise DeskError(said[-1].removeprefix("visionquiz: ") if said else "the program ended without a message")
    return parse_receipt(done.stdout.decode("utf-8", "replace"))
