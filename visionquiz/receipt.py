"""What an employee gets for handing in: when, a code, and what was sent, as data and as a page to keep."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from visionquiz.errors import DeskError
from visionquiz.feedback import CSS, PAGE
from visionquiz.notebook import read_letter
from visionquiz.paper import Paper

__all__ = ["Receipt", "answers_html", "dump_receipt", "moment_text", "parse_receipt", "receipt_html"]

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What was handed in, when, and the code that tells it from any other."""

    person: str
    quiz: str
    submitted: dt.datetime
    """UTC without a zone, as nbgrader keeps it."""
    code: str
    answers: Mapping[str, str]
    """As they were read back from what was sent, by question id."""
    folder: Path | None = None
    """nbgrader's own copy of the attempt; None where it is not known."""


def dump_receipt(receipt: Receipt) -> str:
    """A receipt as one line of JSON."""
    told = {
        "format": FORMAT,
        "person": receipt.person,
        "quiz": receipt.quiz,
        "submitted": receipt.submitted.isoformat(),
        "code": receipt.code,
        "answers": dict(receipt.answers),
    }
    return json.dumps(told)


def parse_receipt(text: str) -> Receipt:
    """What `dump_receipt` wrote. Raises `DeskError`."""
    try:
        told = json.loads(text)
        return Receipt(
            person=told["person"],
            quiz=told["quiz"],
            submitted=dt.datetime.fromisoformat(told["submitted"]),
            code=told["code"],
            answers=told["answers"],
        )
    except (ValueError, KeyError, TypeError):
        raise DeskError("it was sent, but no receipt came back; ask your trainer whether it arrived") from None


def moment_text(submitted: dt.datetime, zone: dt.tzinfo | None = None) -> str:
    """When something was handed in, here and in UTC: ``30 November 2026 at 11:42 (10:42:31 UTC)``.

    `submitted` is UTC without a zone; `zone` None is that of this machine.
    """
    moment = submitted.replace(tzinfo=dt.UTC)
    here = moment.astimezone(zone)
    if here.utcoffset() == dt.timedelta(0):
        return f"{moment.day} {moment:%B %Y} at {moment:%H:%M:%S} UTC"
    there = "" if here.date() == moment.date() else f"{moment.day} {moment:%B}, "
    return f"{here.day} {here:%B %Y} at {here:%H:%M:%S} ({there}{moment:%H:%M:%S} UTC)"


def receipt_html(receipt: Receipt, paper: Paper, name: str) -> str:
    """The receipt as a whole HTML file without scripts, pictures or links."""
    body = "\n".join(
        [
            f"<h1>Handed in: {escape(paper.title)}</h1>",
            f'<p class="soft">{escape(paper.company)}. Answers of {escape(name)}.</p>',
            f"<p>Received on {moment_text(receipt.submitted)}.</p>",
            f'<p>Your receipt code: <strong class="level">{escape(receipt.code)}</strong></p>',
            '<p class="soft">Keep this page. With this code your trainer can check that exactly these answers '
            "arrived.</p>",
            *answers_html(paper, receipt.answers),
        ]
    )
    return PAGE.format(title=escape(f"{paper.title}: receipt {receipt.code}"), css=CSS, body=body)


def answers_html(paper: Paper, answers: Mapping[str, str]) -> Iterator[str]:
    """What is sent, question by question, as pieces of HTML; blank answers are named."""
    for number, asked in enumerate(paper.questions, 1):
        text = answers.get(asked.id, "").strip()
        yield f"<section><h2>{number}. {escape(asked.prompt)}</h2>"
        here = {situation.id: situation for situation in asked.situations}
        ident, letter = read_letter(text, {one.id: one.options for one in asked.situations}, "") if here else ("", "")
        if letter:
            situation = here[ident]
            yield f"<p><strong>{escape(situation.title)}.</strong> {escape(situation.situation)}</p>"
            text = f"{letter}: {situation.options[letter]}"
        if text:
            said = "You chose:" if letter else "You wrote:"
            yield f'<p class="soft">{said}</p><div class="typed">{escape(text)}</div></section>'
        else:
            yield '<p class="blank">You left this empty.</p></section>'
