"""The trail: what a person handed in, what the grader thought of it, what people changed, and second looks.

Rows are added and, but for erasure, neither changed nor removed. What people change, in formgrader or here, is noted by
triggers of the database (`tables.prepare`), so that nobody can forget to.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from visionquiz.gradebook.tables import (
    assignment,
    attempts,
    base_cell,
    changes,
    grade,
    has_ours,
    judgements,
    looks,
    prepare,
    submitted_assignment,
    submitted_notebook,
    transaction,
)
from visionquiz.grading import Grade

__all__ = [
    "SELF",
    "Attempt",
    "Event",
    "SecondLook",
    "answer_looks",
    "read_attempts",
    "read_looks",
    "read_trail",
    "record_answers",
    "record_attempts",
    "still_open",
    "write_looks",
]

SELF = "visionquiz"
"""Who changed something where no person did."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One time that a person handed in a check."""

    submitted: dt.datetime | None
    """UTC without a zone; None where the time stamp cannot be read."""
    answers_sha256: str
    receipt: str
    grades: Mapping[str, Grade]
    """What the grader thought, by question; empty where it was not asked, since another attempt counts."""


@dataclass(frozen=True, kw_only=True)
class SecondLook:
    """An employee's wish that a person looks at an answer again, and what became of it."""

    person: str
    question: str
    asked: dt.datetime
    """UTC without a zone."""
    reason: str
    noted: dt.datetime = dt.datetime.min
    """When it was entered; `asked` is what the employee's side says."""
    answer: str = ""
    """Empty as long as nobody has answered."""
    who: str = ""
    """Who answered."""
    answered: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened to a person's answers."""

    at: dt.datetime
    """UTC without a zone."""
    kind: str
    """``attempt``, ``judgement``, ``score``, ``extra``, ``words``, ``asked`` or ``answered``."""
    question: str = ""
    """Empty for an attempt, which is about all of them."""
    who: str = ""
    """Empty where it is not known: formgrader does not say."""
    old: str = ""
    new: str = ""
    """A score, a comment, a share of the points, or a receipt."""
    why: str = ""
    """A reason; of an attempt, the time stamp it was handed in with."""
    model: str = ""


def record_attempts(
    connection: sa.Connection, quiz: str, found: Mapping[str, Sequence[Attempt]], model: str, now: dt.datetime
) -> None:
    """Add attempts that are not in the trail yet, and judgements that differ from the last ones."""
    mine = sa.select(attempts).where(attempts.c.quiz == quiz, attempts.c.person.in_(list(found)))
    known = {(row.person, row.submitted, row.answers_sha256): row.id for row in connection.execute(mine)}
    last: dict[tuple[str, str], Any] = {}
    said = sa.select(judgements).where(judgements.c.attempt_id.in_(list(known.values())))
    for earlier in connection.execute(said.order_by(judgements.c.at)):
        last[earlier.attempt_id, earlier.question] = earlier
    new: list[dict[str, Any]] = []
    judged: list[dict[str, Any]] = []
    for person, handed_in in found.items():
        for attempt in handed_in:
            key = person, attempt.submitted, attempt.answers_sha256
            if key not in known:
                known[key] = _id()
                new.append(
                    {
                        "id": known[key],
                        "quiz": quiz,
                        "person": person,
                        "submitted": attempt.submitted,
                        "answers_sha256": attempt.answers_sha256,
                        "receipt": attempt.receipt,
                        "at": now,
                    }
                )
            for question, one in attempt.grades.items():
                row = {
                    "share": one.share,
                    "confidence": round(one.confidence, 4),
                    "review": one.review,
                    "guards": " ".join(one.guards),
                    "reason": one.reason,
                    "model": model,
                }
                before = last.get((known[key], question))
                if before is None or any(getattr(before, name) != value for name, value in row.items()):
                    judged.append({"id": _id(), "attempt_id": known[key], "question": question, "at": now, **row})
    for table, added in ((attempts, new), (judgements, judged)):
        if added:
            connection.execute(sa.insert(table), added)


def still_open(connection: sa.Connection, quiz: str, people: Iterable[str]) -> set[tuple[str, str]]:
    """(person, question) of answers that a person has yet to look at whatever the grader thinks of them.

    A score was archived because other answers came, or a second look was asked for, and nobody has given a score since.
    One that was taken back again was never given.
    """
    wanted = list(people)
    mine = changes.c.quiz == quiz, changes.c.person.in_(wanted), changes.c.what == "score"
    found, archived = set(), set()
    scored: dict[tuple[str, str], dt.datetime] = {}
    for row in connection.execute(sa.select(changes).where(*mine).order_by(changes.c.id)):
        key = row.person, row.question
        if row.who == SELF:
            found.add(key)
            archived.add(key)
        elif row.new is None:
            found |= {key} & archived
            scored.pop(key, None)
        else:
            found.discard(key)
            scored[key] = row.at
    for look in _looks(connection, quiz, wanted):
        key = look.person, look.question
        if not look.answer and scored.get(key, dt.datetime.min) <= look.noted:
            found.add(key)
    return found


def read_attempts(url: str, quiz: str) -> dict[str, list[str]]:
    """The answers that were graded or passed over, as hashes (`submission.digest_answers`), by person."""
    with transaction(url, write=False) as connection:
        found: dict[str, list[str]] = {}
        if has_ours(connection):
            query = sa.select(attempts.c.person, attempts.c.answers_sha256).where(attempts.c.quiz == quiz)
            for person, digest in connection.execute(query):
                found.setdefault(person, []).append(digest)
        return found


def write_looks(url: str, quiz: str, asked: Iterable[SecondLook], now: dt.datetime) -> int:
    """Enter second looks that employees ask for, and mark the answers; returns how many are new.

    One that is in the trail already is not entered again.
    """
    with transaction(url, write=True) as connection:
        prepare(connection)
        wanted = list(asked)
        known = {
            (look.person, look.question, look.asked)
            for look in _looks(connection, quiz, sorted({look.person for look in wanted}))
        }
        new = [look for look in wanted if (look.person, look.question, look.asked) not in known]
        for look in new:
            row = {"person": look.person, "question": look.question, "asked": look.asked, "who": look.person}
            connection.execute(sa.insert(looks).values(id=_id(), quiz=quiz, text=look.reason, at=now, **row))
            submission = (
                sa.select(submitted_notebook.c.id)
                .join(submitted_assignment, submitted_assignment.c.id == submitted_notebook.c.assignment_id)
                .join(assignment, assignment.c.id == submitted_assignment.c.assignment_id)
                .where(assignment.c.name == quiz, submitted_assignment.c.student_id == look.person)
            )
            cell = sa.select(base_cell.c.id).where(base_cell.c.name == look.question)
            where = grade.c.notebook_id.in_(submission), grade.c.cell_id.in_(cell)
            connection.execute(sa.update(grade).where(*where).values(needs_manual_grade=True))
        return len(new)


def answer_looks(url: str, quiz: str, answers: Mapping[tuple[str, str], str], *, who: str, now: dt.datetime) -> None:
    """Answer the open second looks of these (person, question) in words."""
    with transaction(url, write=True) as connection:
        prepare(connection)
        record_answers(connection, quiz, {key: text for key, text in answers.items() if text}, who=who, now=now)


def record_answers(
    connection: sa.Connection, quiz: str, answers: Mapping[tuple[str, str], str], *, who: str, now: dt.datetime
) -> None:
    """Add answers to open second looks; ``""`` takes back what was answered last, so that they are open again."""
    if not answers:
        return
    asked: dict[tuple[str, str], list[SecondLook]] = {}
    for look in _looks(connection, quiz, sorted({person for person, _ in answers})):
        asked.setdefault((look.person, look.question), []).append(look)
    for key, text in answers.items():
        mine = asked.get(key, [])
        last = max((look.answered for look in mine if look.answered), default=None)
        for look in mine:
            if look.answered == (None if text else last) and (text or last):
                row = {"person": look.person, "question": look.question, "asked": look.asked, "who": who}
                connection.execute(sa.insert(looks).values(id=_id(), quiz=quiz, text=text, at=now, **row))


def read_looks(url: str, quiz: str) -> list[SecondLook]:
    """Every second look that was asked for in a check, the earliest first."""
    with transaction(url, write=False) as connection:
        return _looks(connection, quiz, None) if has_ours(connection) else []


def _looks(connection: sa.Connection, quiz: str, people: Sequence[str] | None) -> list[SecondLook]:
    query = sa.select(looks).where(looks.c.quiz == quiz)
    if people is not None:
        query = query.where(looks.c.person.in_(people))
    found: dict[tuple[str, str, dt.datetime], SecondLook] = {}
    for row in connection.execute(query.order_by(looks.c.asked, looks.c.at)):
        key = row.person, row.question, row.asked
        if key in found:
            # An empty text takes the answer back.
            done = {"who": row.who, "answered": row.at} if row.text else {"who": "", "answered": None}
            found[key] = replace(found[key], answer=row.text, **done)
        else:
            one = {"person": row.person, "question": row.question, "asked": row.asked}
            found[key] = SecondLook(**one, reason=row.text, noted=row.at)
    return list(found.values())


def read_trail(url: str, person: str, quiz: str | None = None) -> dict[str, list[Event]]:
    """Everything that happened to a person's answers, in order, by check."""
    with transaction(url, write=False) as connection:
        if not has_ours(connection):
            return {}
        found: dict[str, list[Event]] = {}

        def select(table: sa.Table, *columns: Any) -> Any:
            query = sa.select(table, *columns).where(attempts.c.person == person)
            return query if quiz is None else query.where(attempts.c.quiz == quiz)

        for row in connection.execute(select(attempts)):
            handed_in = f"{row.submitted:%Y-%m-%d %H:%M:%S}" if row.submitted else ""
            found.setdefault(row.quiz, []).append(Event(at=row.at, kind="attempt", new=row.receipt, why=handed_in))
        joined = select(judgements, attempts.c.quiz).join(attempts, attempts.c.id == judgements.c.attempt_id)
        for row in connection.execute(joined):
            one = Event(
                at=row.at, kind="judgement", question=row.question, new=repr(row.share), why=row.reason, model=row.model
            )
            found.setdefault(row.quiz, []).append(one)
        for table in (changes, looks):
            query = sa.select(table).where(table.c.person == person)
            if quiz is not None:
                query = query.where(table.c.quiz == quiz)
            for row in connection.execute(query):
                found.setdefault(row.quiz, []).append(_event(row))
        for events in found.values():
            # The sort is stable: what has the same time stays in the order attempt, judgement, change, look.
            events.sort(key=lambda event: event.at)
        return found


def _event(row: Any) -> Event:
    if hasattr(row, "asked"):
        kind = "asked" if row.who == row.person else "answered"
        return Event(at=row.at, kind=kind, question=row.question, who=row.who, why=row.text)
    return Event(
        at=row.at,
        kind=row.what,
        question=row.question,
        who=row.who or "",
        old=row.old or "",
        new=row.new or "",
        why=row.why or "",
    )


def _id() -> str:
    return uuid.uuid4().hex
