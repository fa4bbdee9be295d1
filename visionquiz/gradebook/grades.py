"""Grades: written into nbgrader's own rows, many people in one transaction, and read from there."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visionquiz.errors import CourseError
from visionquiz.gradebook.tables import (
    answers_graded,
    assignment,
    attempts,
    base_cell,
    comment,
    find_notebook,
    grade,
    grade_cells,
    hands,
    has_ours,
    has_parts,
    judgements,
    notebook,
    prepare,
    student,
    submitted_assignment,
    submitted_notebook,
    transaction,
)
from visionquiz.gradebook.trail import SELF, Attempt, record_answers, record_attempts, still_open
from visionquiz.grading import Grade
from visionquiz.parts import keep_parts
from visionquiz.roster import Person

__all__ = [
    "GradedSubmission",
    "HandScore",
    "Score",
    "read_comments",
    "read_scores",
    "read_verdicts",
    "read_wanted",
    "scan_scores",
    "select_grades",
    "write_grades",
    "write_people",
    "write_scores",
]

ARCHIVED = "other answers were handed in"
"""Why a score that a person gave does not count any more."""

SCANNED = 500
"""People read at a time where there may be very many."""


@dataclass(frozen=True, kw_only=True)
class GradedSubmission:
    """The grades of one person's submission, by question id, with the answers that they are for."""

    person: str
    submitted: dt.datetime | None
    answers: Mapping[str, str]
    grades: Mapping[str, Grade]
    attempts: Sequence[Attempt] = ()
    """Everything the person handed in for this check, for the trail."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """One answer's standing in the gradebook."""

    person: str
    question: str
    points: float
    """The most that can be had."""
    score: float
    """What counts: a person's score where there is one, else the grader's."""
    review: bool
    """Whether a person should look before it counts."""
    manual: bool
    """Whether a person gave the score."""
    auto: float | None = None
    """What the grader gave, whoever gave `score`; None where it gave nothing."""
    given: float | None = None
    """What a person gave, without extra credit; None where nobody gave anything."""


def write_people(url: str, people: Iterable[Person]) -> None:
    """Enter the roster into the class list, so that formgrader shows names. Nobody is removed."""
    with transaction(url, write=True) as connection:
        known = {row.id for row in connection.execute(sa.select(student.c.id))}
        rows = []
        for person in people:
            first, _, last = person.name.partition(" ")
            rows.append({"key": person.person, "first_name": first, "last_name": last, "email": person.email or None})
        values: dict[str, Any] = {name: sa.bindparam(name) for name in ("first_name", "last_name", "email")}
        new = [row for row in rows if row["key"] not in known]
        old = [row for row in rows if row["key"] in known]
        if new:
            connection.execute(sa.insert(student).values(id=sa.bindparam("key"), **values), new)
        if old:
            connection.execute(sa.update(student).where(student.c.id == sa.bindparam("key")).values(**values), old)


@dataclass(frozen=True, kw_only=True)
class HandScore:
    """What a person gives for an answer."""

    person: str
    question: str
    score: float | None
    """Points; None takes back what was given by hand, so that the grader's score counts."""
    comment: str | None = None
    """For the employee; None leaves what is there."""
    review: bool = False
    """Whether a person should still look at it."""
    answer: str | None = None
    """To the second look that was asked for; ``""`` takes back the last answer, None leaves all as it is."""


def write_grades(url: str, quiz: str, graded: Iterable[GradedSubmission], *, model: str, now: dt.datetime) -> None:
    """Enter grades and reasons into nbgrader's own rows and into the trail, all in one transaction.

    What a person wrote (manual score, extra credit, manual comment) stands for as long as the answer is the same. Where
    other answers were handed in, it goes to the trail, the grader's score counts, and the answer is marked for a look.
    `model` says which grader it was; `now` is UTC without a zone.
    """
    found = list(graded)
    with transaction(url, write=True) as connection:
        prepare(connection)
        connection.execute(sa.insert(hands).values(who=SELF, why=ARCHIVED))
        _Writer(connection, quiz, {one.person for one in found}).write(found)
        connection.execute(sa.delete(hands))
        record_attempts(connection, quiz, {one.person: one.attempts for one in found}, model, now)


class _Writer:
    """Collects the rows of one transaction, then writes them table by table."""

    def __init__(self, connection: sa.Connection, quiz: str, people: set[str]) -> None:
        self.connection = connection
        self.assignment, self.notebook = find_notebook(connection, quiz)
        cells = connection.execute(
            sa.select(base_cell.c.id, base_cell.c.name, base_cell.c.type).where(
                base_cell.c.notebook_id == self.notebook
            )
        ).all()
        self.grade_cells = {row.name: row.id for row in cells if row.type == "GradeCell"}
        self.solution_cells = {row.name: row.id for row in cells if row.type == "SolutionCell"}
        query = sa.select(base_cell.c.name, grade_cells.c.max_score).join(
            grade_cells, grade_cells.c.id == base_cell.c.id
        )
        self.points: dict[str, float] = {
            row.name: row.max_score for row in connection.execute(query.where(base_cell.c.notebook_id == self.notebook))
        }
        known = sa.select(student.c.id).where(student.c.id.in_(people))
        self.students = set(connection.execute(known).scalars())
        mine = sa.select(submitted_assignment).where(
            submitted_assignment.c.assignment_id == self.assignment, submitted_assignment.c.student_id.in_(people)
        )
        self.submissions = {row.student_id: row for row in connection.execute(mine)}
        handed_in = [row.id for row in self.submissions.values()]
        taken = sa.select(submitted_notebook).where(
            submitted_notebook.c.notebook_id == self.notebook, submitted_notebook.c.assignment_id.in_(handed_in)
        )
        self.notebooks = {row.assignment_id: row.id for row in connection.execute(taken)}
        within = list(self.notebooks.values())
        self.grades = {
            (row.notebook_id, row.cell_id): row
            for row in connection.execute(sa.select(grade).where(grade.c.notebook_id.in_(within)))
        }
        self.comments = {
            (row.notebook_id, row.cell_id): row
            for row in connection.execute(sa.select(comment).where(comment.c.notebook_id.in_(within)))
        }
        before = sa.select(answers_graded.c.grade_id, answers_graded.c.answer_sha256)
        before = before.join(grade, grade.c.id == answers_graded.c.grade_id)
        self.hashes = {
            row.grade_id: row.answer_sha256 for row in connection.execute(before.where(grade.c.notebook_id.in_(within)))
        }
        self.open = still_open(connection, quiz, people)
        self.new: dict[sa.Table, list[dict[str, Any]]] = {}
        self.changed: dict[tuple[sa.Table, tuple[str, ...]], list[dict[str, Any]]] = {}

    def write(self, graded: list[GradedSubmission]) -> None:
        for submission in graded:
            self._add(submission)
        parents_first = (student, submitted_assignment, submitted_notebook, grade, comment, answers_graded)
        for table in parents_first:
            if self.new.get(table):
                self.connection.execute(sa.insert(table), self.new[table])
        for (table, names), rows in self.changed.items():
            key = next(iter(table.columns))
            values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
            self.connection.execute(sa.update(table).where(key == sa.bindparam("key")).values(**values), rows)

    def _insert(self, table: sa.Table, **row: Any) -> None:
        self.new.setdefault(table, []).append(row)

    def _update(self, table: sa.Table, key: str, **row: Any) -> None:
        self.changed.setdefault((table, tuple(row)), []).append({"key": key, **row})

    def _add(self, submission: GradedSubmission) -> None:
        if submission.person not in self.students:
            self.students.add(submission.person)
            self._insert(student, id=submission.person)
        found = self.submissions.get(submission.person)
        if found is None:
            submission_id = _id()
            self._insert(
                submitted_assignment,
                id=submission_id,
                assignment_id=self.assignment,
                student_id=submission.person,
                timestamp=submission.submitted,
            )
        else:
            submission_id = found.id
            if submission.submitted is not None:
                self._update(submitted_assignment, submission_id, timestamp=submission.submitted)
        notebook_id = self.notebooks.get(submission_id)
        if notebook_id is None:
            notebook_id = _id()
            self._insert(
                submitted_notebook,
                id=notebook_id,
                notebook_id=self.notebook,
                assignment_id=submission_id,
                flagged=False,
            )
        for question, result in submission.grades.items():
            wanted = (submission.person, question) in self.open
            self._add_grade(notebook_id, question, result, submission.answers[question], wanted=wanted)

    def _add_grade(self, notebook_id: str, question: str, result: Grade, answer: str, *, wanted: bool) -> None:
        """`wanted` says that a person has yet to look, whatever the grader thinks."""
        score = result.share * self.points[question]
        digest = hashlib.sha256(answer.encode()).hexdigest()
        cell = self.grade_cells[question]
        found = self.grades.get((notebook_id, cell))
        said = self.comments.get((notebook_id, self.solution_cells[question]))
        review = result.review or wanted
        archive = False
        if found is None:
            grade_id = _id()
            self._insert(
                grade,
                id=grade_id,
                cell_id=cell,
                notebook_id=notebook_id,
                auto_score=score,
                needs_manual_grade=review,
            )
        else:
            grade_id = found.id
            by_hand = found.manual_score is not None or found.extra_credit or (said and said.manual_comment)
            archive = bool(by_hand) and self.hashes.get(grade_id, digest) != digest
            if archive:
                gone = {"manual_score": None, "extra_credit": None}
                self._update(grade, grade_id, auto_score=score, needs_manual_grade=True, **gone)
            else:
                if found.manual_score is not None:
                    # Stays marked until the person gives a score again: formgrader takes the mark away then.
                    review = found.needs_manual_grade
                self._update(grade, grade_id, auto_score=score, needs_manual_grade=review)
        graded = {"answer_sha256": digest, "confidence": result.confidence, "parts": keep_parts(result)}
        if grade_id in self.hashes:
            self._update(answers_graded, grade_id, **graded)
        else:
            self._insert(answers_graded, grade_id=grade_id, **graded)
        if said is None:
            cell = self.solution_cells[question]
            self._insert(comment, id=_id(), cell_id=cell, notebook_id=notebook_id, auto_comment=result.reason)
        elif archive:
            self._update(comment, said.id, auto_comment=result.reason, manual_comment=None)
        else:
            self._update(comment, said.id, auto_comment=result.reason)


def write_scores(url: str, quiz: str, given: Iterable[HandScore], *, who: str, why: str = "") -> None:
    """Enter what a person gives, as formgrader does, all in one transaction; the trail says who it was and why.

    No second look is answered without the score that goes with the answer.
    Raises `CourseError` where an answer was never graded.
    """
    found = list(given)
    with transaction(url, write=True) as connection:
        prepare(connection)
        _, notebook_id = find_notebook(connection, quiz)
        connection.execute(sa.insert(hands).values(who=who, why=why or None))
        place = select_grades(submitted_assignment.c.student_id, base_cell.c.name, grade.c.id, grade.c.notebook_id)
        place = place.where(submitted_notebook.c.notebook_id == notebook_id)
        for one in found:
            mine = place.where(submitted_assignment.c.student_id == one.person, base_cell.c.name == one.question)
            row = connection.execute(mine).first()
            if row is None:
                raise CourseError(
                    f"the answer of {one.person} to '{one.question}' was never graded; grade the check first"
                )
            changed = {"manual_score": one.score, "needs_manual_grade": one.review}
            connection.execute(sa.update(grade).where(grade.c.id == row.id).values(**changed))
            if one.comment is not None:
                cell = sa.select(base_cell.c.id).where(
                    base_cell.c.notebook_id == notebook_id,
                    base_cell.c.name == one.question,
                    base_cell.c.type == "SolutionCell",
                )
                where = (comment.c.notebook_id == row.notebook_id, comment.c.cell_id.in_(cell))
                connection.execute(sa.update(comment).where(*where).values(manual_comment=one.comment or None))
        connection.execute(sa.delete(hands))
        answers = {(one.person, one.question): one.answer for one in found if one.answer is not None}
        record_answers(connection, quiz, answers, who=who, now=dt.datetime.now(dt.UTC).replace(tzinfo=None))


def _id() -> str:
    return uuid.uuid4().hex


def select_grades(*columns: Any) -> Any:
    """A query of the scores of every answer, with the answer's submission, check and question to choose from."""
    return (
        sa.select(
            grade_cells.c.max_score,
            grade.c.auto_score,
            grade.c.manual_score,
            grade.c.extra_credit,
            grade.c.needs_manual_grade,
            *columns,
        )
        .select_from(grade)
        .join(submitted_notebook, submitted_notebook.c.id == grade.c.notebook_id)
        .join(submitted_assignment, submitted_assignment.c.id == submitted_notebook.c.assignment_id)
        .join(assignment, assignment.c.id == submitted_assignment.c.assignment_id)
        .join(base_cell, base_cell.c.id == grade.c.cell_id)
        .join(grade_cells, grade_cells.c.id == base_cell.c.id)
    )


def read_scores(url: str, quiz: str) -> list[Score]:
    """Every grade of a check, by person and question. People who handed in nothing have none."""
    with transaction(url, write=False) as connection:
        _, notebook_id = find_notebook(connection, quiz)
        return [score for score, _ in _scores(connection, notebook_id)]


def read_verdicts(url: str, quiz: str) -> dict[tuple[str, str], str]:
    """The verdicts on the parts of each answer, by person and question id, as `visionquiz.parts` keeps them.

    What was graded before they were kept is not there.
    """
    with transaction(url, write=False) as connection:
        _, notebook_id = find_notebook(connection, quiz)
        if not has_parts(connection):
            return {}
        query = select_grades(submitted_assignment.c.student_id, base_cell.c.name, answers_graded.c.parts)
        query = query.join(answers_graded, answers_graded.c.grade_id == grade.c.id)
        query = query.where(submitted_notebook.c.notebook_id == notebook_id, answers_graded.c.parts.is_not(None))
        return {(row.student_id, row.name): row.parts for row in connection.execute(query)}


def read_wanted(url: str, quiz: str) -> dict[tuple[str, str], frozenset[str]]:
    """The answers that the grader wanted a person to look at, by person and question id, whether or not one did since:
    the names of the guards that spoke, none where it was in doubt. What was graded without a trail is not there.
    """
    with transaction(url, write=False) as connection:
        _, notebook_id = find_notebook(connection, quiz)
        if not has_ours(connection):
            return {}
        query = select_grades(submitted_assignment.c.student_id, base_cell.c.name)
        query = query.where(submitted_notebook.c.notebook_id == notebook_id, grade.c.auto_score.is_not(None))
        counts = {(row.student_id, row.name): row.auto_score / row.max_score for row in connection.execute(query)}
        columns = [attempts.c.person, *(judgements.c[name] for name in ("question", "share", "review", "guards"))]
        said = sa.select(*columns).join(attempts, attempts.c.id == judgements.c.attempt_id)
        said = said.where(attempts.c.quiz == quiz).order_by(judgements.c.at, attempts.c.submitted)
        found = {}
        for row in connection.execute(said):
            # Of several attempts each has its judgements; the one that counts is the last with this share.
            key = row.person, row.question
            if key in counts and abs(counts[key] - row.share) < 1e-9:
                found[key] = frozenset(row.guards.split()) if row.review else None
        return {key: guards for key, guards in found.items() if guards is not None}


def scan_scores(url: str, quiz: str, listed: Sequence[str]) -> Iterator[tuple[str, list[tuple[Score, float | None]]]]:
    """Every person's grades, each with the grader's confidence in 0..1 where it is known, a few people in memory.

    The people `listed` come first, in that order, those who handed in nothing with an empty list; then whoever else
    was graded, by name. All of it is as it was at one moment.
    """
    with transaction(url, write=False) as connection:
        _, notebook_id = find_notebook(connection, quiz)
        known = set(listed)
        graded = sa.select(submitted_assignment.c.student_id).distinct()
        graded = graded.join(submitted_notebook, submitted_notebook.c.assignment_id == submitted_assignment.c.id)
        graded = graded.where(submitted_notebook.c.notebook_id == notebook_id)
        strangers = sorted(person for person in connection.execute(graded).scalars() if person not in known)
        for names in (listed, strangers):
            for start in range(0, len(names), SCANNED):
                found: dict[str, list[tuple[Score, float | None]]] = {n: [] for n in names[start : start + SCANNED]}
                for score, confidence in _scores(connection, notebook_id, list(found), confidence=has_ours(connection)):
                    found[score.person].append((score, confidence))
                yield from found.items()


def _scores(
    connection: sa.Connection, notebook_id: str, people: Sequence[str] | None = None, *, confidence: bool = False
) -> Iterator[tuple[Score, float | None]]:
    """The grades of these people, by default of all, with the grader's confidence if that is asked for."""
    columns = [submitted_assignment.c.student_id, base_cell.c.name]
    query = select_grades(*columns, answers_graded.c.confidence if confidence else sa.null())
    if confidence:
        query = query.outerjoin(answers_graded, answers_graded.c.grade_id == grade.c.id)
    query = query.where(submitted_notebook.c.notebook_id == notebook_id).order_by(*columns)
    if people is not None:
        # Step by step and by nbgrader's own indexes: in one query, SQLite reads the grades of everybody each time.
        mine = (
            sa.select(submitted_notebook.c.id)
            .join(submitted_assignment, submitted_assignment.c.id == submitted_notebook.c.assignment_id)
            .join(notebook, notebook.c.assignment_id == submitted_assignment.c.assignment_id)
            .where(notebook.c.id == notebook_id, submitted_assignment.c.student_id.in_(people))
            .where(submitted_notebook.c.notebook_id == notebook_id)
        )
        cells = sa.select(base_cell.c.id).where(base_cell.c.notebook_id == notebook_id)
        within = [list(connection.execute(one).scalars()) for one in (cells, mine)]
        query = query.where(grade.c.cell_id.in_(within[0]), grade.c.notebook_id.in_(within[1]))
    for points, auto, manual, extra, review, person, question, sure in connection.execute(query):
        given = manual if manual is not None else auto
        if given is None:
            continue  # nbgrader made the row and then could not grade it: missing is not zero
        yield (
            Score(
                person=person,
                question=question,
                points=points,
                score=given + (extra or 0.0),
                review=bool(review),
                manual=manual is not None,
                auto=auto,
                given=manual,
            ),
            sure,
        )


def read_comments(url: str, quiz: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The grader's reason and the trainer's comment, each ``""`` where there is none, by person and question id."""
    with transaction(url, write=False) as connection:
        _, notebook_id = find_notebook(connection, quiz)
        query = (
            sa.select(
                submitted_assignment.c.student_id, base_cell.c.name, comment.c.auto_comment, comment.c.manual_comment
            )
            .select_from(comment)
            .join(submitted_notebook, submitted_notebook.c.id == comment.c.notebook_id)
            .join(submitted_assignment, submitted_assignment.c.id == submitted_notebook.c.assignment_id)
            .join(base_cell, base_cell.c.id == comment.c.cell_id)
            .where(submitted_notebook.c.notebook_id == notebook_id)
        )
        return {
            (person, question): (auto or "", (manual or "").strip())
            for person, question, auto, manual in connection.execute(query)
        }
