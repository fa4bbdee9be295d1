"""nbgrader's gradebook, read and written in SQL: one transaction for a whole check instead of seconds per person.

The tables and their meaning are nbgrader's (0.9); we add one of our own, `answers_graded`, which remembers which answer
a grade was given for. Importing nbgrader for this would cost seconds at every start, so its tables are named here; a
test compares what we write with what `nbgrader autograde` writes.
"""

import contextlib
import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from visionquiz.errors import CourseError
from visionquiz.grading import Grade
from visionquiz.roster import Person

__all__ = [
    "GradedSubmission",
    "Score",
    "copy_assignment",
    "erase",
    "read_comments",
    "read_person",
    "read_scores",
    "use_wal",
    "write_grades",
    "write_people",
]

_meta = sa.MetaData()


def _table(name: str, /, **columns: Any) -> sa.Table:
    return sa.Table(name, _meta, *(sa.Column(key, kind) for key, kind in columns.items()))


course = _table("course", id=sa.String)
assignment = _table("assignment", id=sa.String, name=sa.String, duedate=sa.DateTime, course_id=sa.String)
notebook = _table("notebook", id=sa.String, name=sa.String, assignment_id=sa.String, kernelspec=sa.String)
base_cell = _table("base_cell", id=sa.String, name=sa.String, notebook_id=sa.String, type=sa.String)
# nbgrader stores these two enumerations as text on SQLite and as types of their own on PostgreSQL.
_cell_type = sa.Enum("code", "markdown", name="grade_cell_type")
_source_type = sa.Enum("code", "markdown", name="source_cell_type")
grade_cells = _table("grade_cells", id=sa.String, max_score=sa.Float, cell_type=_cell_type)
solution_cells = _table("solution_cells", id=sa.String)
source_cell = _table(
    "source_cell",
    id=sa.String,
    name=sa.String,
    cell_type=_source_type,
    locked=sa.Boolean,
    source=sa.Text,
    checksum=sa.String,
    notebook_id=sa.String,
)
student = _table("student", id=sa.String, first_name=sa.String, last_name=sa.String, email=sa.String)
submitted_assignment = _table(
    "submitted_assignment", id=sa.String, assignment_id=sa.String, student_id=sa.String, timestamp=sa.DateTime
)
submitted_notebook = _table(
    "submitted_notebook", id=sa.String, notebook_id=sa.String, assignment_id=sa.String, flagged=sa.Boolean
)
grade = _table(
    "grade",
    id=sa.String,
    cell_id=sa.String,
    notebook_id=sa.String,
    auto_score=sa.Float,
    manual_score=sa.Float,
    extra_credit=sa.Float,
    needs_manual_grade=sa.Boolean,
)
comment = _table(
    "comment", id=sa.String, cell_id=sa.String, notebook_id=sa.String, auto_comment=sa.Text, manual_comment=sa.Text
)

answers_graded = sa.Table(
    "visionquiz_answer_graded",
    _meta,
    sa.Column("grade_id", sa.String(32), primary_key=True),
    sa.Column("answer_sha256", sa.String(64), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
)
"""Ours: the answer that a row of `grade` was given for (as a hash: the text itself stays in the notebook)."""


BUSY = 10_000
"""Milliseconds to wait for another program that writes to a SQLite gradebook."""


@dataclass(frozen=True, kw_only=True)
class GradedSubmission:
    """The grades of one person's submission, by question id, with the answers that they are for."""

    person: str
    submitted: dt.datetime | None
    answers: Mapping[str, str]
    grades: Mapping[str, Grade]


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


@contextlib.contextmanager
def _transaction(url: str, *, write: bool) -> Iterator[sa.Connection]:
    engine = sa.create_engine(_open_only(url, write=write))
    if url.startswith("sqlite"):
        # The driver opens transactions only at the first write: two graders could then both work from old rows.
        @sa.event.listens_for(engine, "connect")
        def _no_implicit_begin(connection: Any, _: Any) -> None:
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout = {BUSY}")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    try:
        with engine.begin() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        why = "you may not write to it" if "readonly" in str(error.orig) else "is another program writing to it?"
        raise CourseError(f"the gradebook cannot be used: {error.orig}; {why}") from None
    except sa.exc.DatabaseError as error:
        raise CourseError(
            f"the gradebook cannot be used: {error.orig}. Put back a copy of it, or move it away and release again"
        ) from None
    finally:
        engine.dispose()


def _open_only(url: str, *, write: bool) -> str:
    """The address of a SQLite file that is there: it is never created, and readers cannot write."""
    path = sa.make_url(url).database
    if not url.startswith("sqlite") or not path:
        return url
    if not Path(path).is_file():
        raise CourseError(
            f"there is no gradebook in {Path(path).parent}; release a check first: visionquiz release QUIZ"
        )
    mode = "rw" if write else "ro"
    log = Path(f"{path}-wal")
    if not write and not os.access(Path(path).parent, os.W_OK) and not (log.is_file() and log.stat().st_size):
        # Where nothing can be written, nobody writes: then SQLite can do without the files it would make to be sure.
        mode = "ro&immutable=1"
    return f"sqlite:///file:{quote(path)}?mode={mode}&uri=true"


def use_wal(url: str) -> None:
    """Let people read a SQLite gradebook while a grader writes to it (write-ahead log, kept in the file)."""
    if url.startswith("sqlite"):
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        engine.dispose()


def _id() -> str:
    return uuid.uuid4().hex


def _one(connection: sa.Connection, query: Any, missing: str) -> Any:
    row = connection.execute(query).first()
    if row is None:
        raise CourseError(missing)
    return row[0]


def _find_notebook(connection: sa.Connection, quiz: str) -> tuple[str, str]:
    """The ids of the assignment and of its notebook, both named `quiz`."""
    missing = f"the check '{quiz}' is not in the gradebook; release it first: visionquiz release {quiz}"
    if not sa.inspect(connection).has_table("assignment"):
        raise CourseError(missing)
    found = _one(connection, sa.select(assignment.c.id).where(assignment.c.name == quiz), missing)
    query = sa.select(notebook.c.id).where(notebook.c.assignment_id == found, notebook.c.name == quiz)
    return found, _one(connection, query, missing)


def write_people(url: str, people: Iterable[Person]) -> None:
    """Enter the roster into the class list, so that formgrader shows names. Nobody is removed."""
    with _transaction(url, write=True) as connection:
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


def write_grades(url: str, quiz: str, graded: Iterable[GradedSubmission]) -> None:
    """Enter grades and reasons into nbgrader's own rows, all in one transaction.

    What a person wrote (manual score, extra credit, manual comment) is never touched. A manual score stays in force;
    where the answer behind it has changed since, it is marked for a second look.
    """
    with _transaction(url, write=True) as connection:
        answers_graded.create(connection, checkfirst=True)
        _Writer(connection, quiz).write(list(graded))


class _Writer:
    """Collects the rows of one transaction, then writes them table by table."""

    def __init__(self, connection: sa.Connection, quiz: str) -> None:
        self.connection = connection
        self.assignment, self.notebook = _find_notebook(connection, quiz)
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
        self.students = set(connection.execute(sa.select(student.c.id)).scalars())
        mine = sa.select(submitted_assignment).where(submitted_assignment.c.assignment_id == self.assignment)
        self.submissions = {row.student_id: row for row in connection.execute(mine)}
        taken = sa.select(submitted_notebook).where(submitted_notebook.c.notebook_id == self.notebook)
        self.notebooks = {row.assignment_id: row.id for row in connection.execute(taken)}
        within = sa.select(submitted_notebook.c.id).where(submitted_notebook.c.notebook_id == self.notebook)
        self.grades = {
            (row.notebook_id, row.cell_id): row
            for row in connection.execute(sa.select(grade).where(grade.c.notebook_id.in_(within)))
        }
        self.comments = {
            (row.notebook_id, row.cell_id): row.id
            for row in connection.execute(sa.select(comment).where(comment.c.notebook_id.in_(within)))
        }
        known = sa.select(answers_graded).join(grade, grade.c.id == answers_graded.c.grade_id)
        self.hashes = {
            row.grade_id: row.answer_sha256 for row in connection.execute(known.where(grade.c.notebook_id.in_(within)))
        }
        self.new: dict[sa.Table, list[dict[str, Any]]] = {}
        self.changed: dict[sa.Table, list[dict[str, Any]]] = {}

    def write(self, graded: list[GradedSubmission]) -> None:
        for submission in graded:
            self._add(submission)
        parents_first = (student, submitted_assignment, submitted_notebook, grade, comment, answers_graded)
        for table in parents_first:
            if self.new.get(table):
                self.connection.execute(sa.insert(table), self.new[table])
        for table, rows in self.changed.items():
            key = next(iter(table.columns))
            values: dict[str, Any] = {name: sa.bindparam(name) for name in rows[0] if name != "key"}
            self.connection.execute(sa.update(table).where(key == sa.bindparam("key")).values(**values), rows)

    def _insert(self, table: sa.Table, **row: Any) -> None:
        self.new.setdefault(table, []).append(row)

    def _update(self, table: sa.Table, key: str, **row: Any) -> None:
        self.changed.setdefault(table, []).append({"key": key, **row})

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
            self._add_grade(notebook_id, question, result, submission.answers[question])

    def _add_grade(self, notebook_id: str, question: str, result: Grade, answer: str) -> None:
        score = result.share * self.points[question]
        digest = hashlib.sha256(answer.encode()).hexdigest()
        cell = self.grade_cells[question]
        found = self.grades.get((notebook_id, cell))
        if found is None:
            grade_id = _id()
            self._insert(
                grade,
                id=grade_id,
                cell_id=cell,
                notebook_id=notebook_id,
                auto_score=score,
                needs_manual_grade=result.review,
            )
        else:
            grade_id = found.id
            review = result.review
            if found.manual_score is not None:
                # Stays marked until the person gives a score again: formgrader takes the mark away then.
                review = found.needs_manual_grade or self.hashes.get(grade_id, digest) != digest
            self._update(grade, grade_id, auto_score=score, needs_manual_grade=review)
        if grade_id in self.hashes:
            self._update(answers_graded, grade_id, answer_sha256=digest, confidence=result.confidence)
        else:
            self._insert(answers_graded, grade_id=grade_id, answer_sha256=digest, confidence=result.confidence)
        cell = self.solution_cells[question]
        comment_id = self.comments.get((notebook_id, cell))
        if comment_id is None:
            self._insert(comment, id=_id(), cell_id=cell, notebook_id=notebook_id, auto_comment=result.reason)
        else:
            self._update(comment, comment_id, auto_comment=result.reason)


def _select_grades(*columns: Any) -> Any:
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
    with _transaction(url, write=False) as connection:
        _, notebook_id = _find_notebook(connection, quiz)
        query = (
            _select_grades(submitted_assignment.c.student_id, base_cell.c.name)
            .where(submitted_notebook.c.notebook_id == notebook_id)
            .order_by(submitted_assignment.c.student_id, base_cell.c.name)
        )
        found = []
        for points, auto, manual, extra, review, person, question in connection.execute(query):
            given = manual if manual is not None else auto
            if given is None:
                continue  # nbgrader made the row and then could not grade it: missing is not zero
            found.append(
                Score(
                    person=person,
                    question=question,
                    points=points,
                    score=given + (extra or 0.0),
                    review=bool(review),
                    manual=manual is not None,
                    auto=auto,
                )
            )
        return found


def read_comments(url: str, quiz: str) -> dict[tuple[str, str], tuple[str, str]]:
    """The grader's reason and the trainer's comment, each ``""`` where there is none, by person and question id."""
    with _transaction(url, write=False) as connection:
        _, notebook_id = _find_notebook(connection, quiz)
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


def read_person(url: str, person: str) -> list[dict[str, Any]]:
    """Every graded answer of one person, in all checks, as plain data."""
    with _transaction(url, write=False) as connection:
        query = (
            _select_grades(
                assignment.c.name.label("check"),
                base_cell.c.name.label("question"),
                submitted_assignment.c.timestamp,
                grade.c.notebook_id,
            )
            .where(submitted_assignment.c.student_id == person)
            .order_by(assignment.c.name, base_cell.c.name)
        )
        rows = connection.execute(query).all()
        words = (
            sa.select(comment.c.notebook_id, base_cell.c.name, comment.c.auto_comment, comment.c.manual_comment)
            .join(base_cell, base_cell.c.id == comment.c.cell_id)
            .where(comment.c.notebook_id.in_({row.notebook_id for row in rows}))
        )
        said = {(where, name): (auto, manual) for where, name, auto, manual in connection.execute(words)}
        found = []
        for row in rows:
            reason, remark = said.get((row.notebook_id, row.question), (None, None))
            found.append(
                {
                    "check": row.check,
                    "question": row.question,
                    "handed in": row.timestamp and f"{row.timestamp:%Y-%m-%d %H:%M} UTC",
                    "points": row.max_score,
                    "grader's score": row.auto_score,
                    "trainer's score": row.manual_score,
                    "extra credit": row.extra_credit,
                    "a person will look": bool(row.needs_manual_grade),
                    "grader's reason": reason,
                    "trainer's comment": remark,
                }
            )
        return found


def erase(url: str, *, person: str | None = None, quiz: str | None = None) -> None:
    """Remove every row about one person's answers, or about everybody's to one check, and what SQLite would keep."""
    with _transaction(url, write=True) as connection:
        submissions = sa.select(submitted_assignment.c.id)
        if person is not None:
            submissions = submissions.where(submitted_assignment.c.student_id == person)
        if quiz is not None:
            named = sa.select(assignment.c.id).where(assignment.c.name == quiz)
            submissions = submissions.where(submitted_assignment.c.assignment_id.in_(named))
        notebooks = sa.select(submitted_notebook.c.id).where(submitted_notebook.c.assignment_id.in_(submissions))
        grades = sa.select(grade.c.id).where(grade.c.notebook_id.in_(notebooks))
        if sa.inspect(connection).has_table(answers_graded.name):
            connection.execute(sa.delete(answers_graded).where(answers_graded.c.grade_id.in_(grades)))
        for table in (grade, comment):
            connection.execute(sa.delete(table).where(table.c.notebook_id.in_(notebooks)))
        connection.execute(sa.delete(submitted_notebook).where(submitted_notebook.c.assignment_id.in_(submissions)))
        gone = list(connection.execute(submissions).scalars())
        connection.execute(
            sa.delete(submitted_assignment).where(submitted_assignment.c.id == sa.bindparam("key")),
            [{"key": one} for one in gone] or [{"key": ""}],
        )
        if person is not None:
            connection.execute(sa.delete(student).where(student.c.id == person))
    if url.startswith("sqlite"):
        # What was deleted or overwritten stays in free pages of the file, and in its log, until both are written anew.
        engine = sa.create_engine(_open_only(url, write=True), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for order in (f"busy_timeout = {BUSY}", "secure_delete = ON"):
                connection.exec_driver_sql(f"PRAGMA {order}")
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()


def copy_assignment(source: str, target: str, quiz: str) -> None:
    """Take over the rows of one assignment from another gradebook, in one transaction.

    A release is made in a copy of the gradebook; this brings what nbgrader wrote there into the real one.
    """
    with _transaction(source, write=False) as connection:
        wanted = _assignment_rows(connection, quiz)
    with _transaction(target, write=True) as connection:
        present = _assignment_rows(connection, quiz)
        for table in reversed(list(wanted)):
            keep = {row["id"] for row in wanted[table]}
            gone = [row["id"] for row in present[table] if row["id"] not in keep]
            if gone and table is not course:
                connection.execute(
                    sa.delete(table).where(table.c.id == sa.bindparam("key")), [{"key": i} for i in gone]
                )
        for table, rows in wanted.items():
            known = {row["id"] for row in present[table]}
            for row in rows:
                if row["id"] in known:
                    connection.execute(sa.update(table).where(table.c.id == row["id"]).values(**row))
                else:
                    connection.execute(sa.insert(table).values(**row))


def _assignment_rows(connection: sa.Connection, quiz: str) -> dict[sa.Table, list[dict[str, Any]]]:
    """All rows that describe an assignment, parents first."""
    assignments = sa.select(assignment.c.id).where(assignment.c.name == quiz)
    notebooks = sa.select(notebook.c.id).where(notebook.c.assignment_id.in_(assignments))
    cells = sa.select(base_cell.c.id).where(base_cell.c.notebook_id.in_(notebooks))
    queries = {
        course: sa.select(course),
        assignment: sa.select(assignment).where(assignment.c.name == quiz),
        notebook: sa.select(notebook).where(notebook.c.id.in_(notebooks)),
        base_cell: sa.select(base_cell).where(base_cell.c.id.in_(cells)),
        grade_cells: sa.select(grade_cells).where(grade_cells.c.id.in_(cells)),
        solution_cells: sa.select(solution_cells).where(solution_cells.c.id.in_(cells)),
        source_cell: sa.select(source_cell).where(source_cell.c.notebook_id.in_(notebooks)),
    }
    return {table: [dict(row._mapping) for row in connection.execute(query)] for table, query in queries.items()}
