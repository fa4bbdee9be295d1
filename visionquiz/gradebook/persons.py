"""Everything in the gradebook about one person, to hand over or to erase."""

from typing import Any

import sqlalchemy as sa

from visionquiz.gradebook.grades import select_grades
from visionquiz.gradebook.tables import (
    answers_graded,
    assignment,
    attempts,
    base_cell,
    changes,
    comment,
    grade,
    has_ours,
    has_parts,
    judgements,
    looks,
    student,
    submitted_assignment,
    submitted_notebook,
    transaction,
    vacuum,
)

__all__ = ["erase", "read_person"]


def read_person(url: str, person: str) -> list[dict[str, Any]]:
    """Every graded answer of one person, in all checks, as plain data."""
    with transaction(url, write=False) as connection:
        query = (
            select_grades(
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
        read = dict[tuple[str, str], str]()
        if has_parts(connection):
            kept = sa.select(grade.c.notebook_id, base_cell.c.name, answers_graded.c.parts)
            kept = kept.join(grade, grade.c.id == answers_graded.c.grade_id)
            kept = kept.join(base_cell, base_cell.c.id == grade.c.cell_id)
            kept = kept.where(grade.c.notebook_id.in_({row.notebook_id for row in rows}))
            read = {(where, name): parts for where, name, parts in connection.execute(kept) if parts}
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
                    "grader's reading of its parts": read.get((row.notebook_id, row.question)),
                    "trainer's comment": remark,
                }
            )
        return found


def erase(url: str, *, person: str | None = None, quiz: str | None = None) -> None:
    """Remove every row about one person's answers, or about everybody's to one check, and what SQLite would keep."""
    with transaction(url, write=True) as connection:
        submissions = sa.select(submitted_assignment.c.id)
        if person is not None:
            submissions = submissions.where(submitted_assignment.c.student_id == person)
        if quiz is not None:
            named = sa.select(assignment.c.id).where(assignment.c.name == quiz)
            submissions = submissions.where(submitted_assignment.c.assignment_id.in_(named))
        notebooks = sa.select(submitted_notebook.c.id).where(submitted_notebook.c.assignment_id.in_(submissions))
        grades = sa.select(grade.c.id).where(grade.c.notebook_id.in_(notebooks))
        if has_ours(connection):
            connection.execute(sa.delete(answers_graded).where(answers_graded.c.grade_id.in_(grades)))
            _erase_trail(connection, person, quiz)
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
    vacuum(url)


def _erase_trail(connection: sa.Connection, person: str | None, quiz: str | None) -> None:
    def mine(table: sa.Table) -> list[Any]:
        return [table.c[name] == value for name, value in (("person", person), ("quiz", quiz)) if value is not None]

    gone = sa.select(attempts.c.id).where(*mine(attempts))
    connection.execute(sa.delete(judgements).where(judgements.c.attempt_id.in_(gone)))
    for table in (attempts, changes, looks):
        connection.execute(sa.delete(table).where(*mine(table)))
