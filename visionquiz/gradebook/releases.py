"""A release is made in a copy of the gradebook; this brings what nbgrader wrote there into the real one."""

from typing import Any

import sqlalchemy as sa

from visionquiz.gradebook.tables import (
    assignment,
    base_cell,
    course,
    grade_cells,
    notebook,
    solution_cells,
    source_cell,
    transaction,
)

__all__ = ["copy_assignment"]


def copy_assignment(source: str, target: str, quiz: str) -> None:
    """Take over the rows of one assignment from another gradebook, in one transaction.

    A release is made in a copy of the gradebook; this brings what nbgrader wrote there into the real one.
    """
    with transaction(source, write=False) as connection:
        wanted = _assignment_rows(connection, quiz)
    with transaction(target, write=True) as connection:
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
