"""The gradebook's tables, nbgrader's and ours, and transactions on them.

nbgrader's tables and their meaning are those of nbgrader 0.9. Importing nbgrader for them would cost seconds at every
start, so they are named here; a test compares what we write with what `nbgrader autograde` writes.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from visionquiz.errors import CourseError

__all__ = ["find_notebook", "has_ours", "prepare", "transaction", "use_wal", "vacuum"]

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

_ours = sa.MetaData()

answers_graded = sa.Table(
    "visionquiz_answer_graded",
    _ours,
    sa.Column("grade_id", sa.String(32), primary_key=True),
    sa.Column("answer_sha256", sa.String(64), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("parts", sa.Text),
)
"""The answer that a row of `grade` was given for (as a hash: the text itself stays in the notebook), and the verdicts
on its parts (see `visionquiz.parts`); NULL where it was graded before these were kept."""

# The trail. Rows are added and, but for erasure, neither changed nor removed.
attempts = sa.Table(
    "visionquiz_attempt",
    _ours,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("quiz", sa.String(128), nullable=False),
    sa.Column("person", sa.String(128), nullable=False, index=True),
    sa.Column("submitted", sa.DateTime),
    sa.Column("answers_sha256", sa.String(64), nullable=False),
    sa.Column("receipt", sa.String(9), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
"""What a person handed in, each time; `submitted` by nbgrader's time stamp, `at` when we first read it."""

judgements = sa.Table(
    "visionquiz_judgement",
    _ours,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("attempt_id", sa.String(32), nullable=False, index=True),
    sa.Column("question", sa.String(128), nullable=False),
    sa.Column("share", sa.Float, nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("review", sa.Boolean, nullable=False),
    sa.Column("guards", sa.String(200), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("model", sa.String(100), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
"""What the grader thought of an answer, and which grader; a new row only where it thinks otherwise than before."""

changes = sa.Table(
    "visionquiz_change",
    _ours,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("quiz", sa.String(128), nullable=False),
    sa.Column("person", sa.String(128), nullable=False, index=True),
    sa.Column("question", sa.String(128), nullable=False),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("old", sa.Text),
    sa.Column("new", sa.Text),
    sa.Column("who", sa.String(128)),
    sa.Column("why", sa.Text),
    sa.Column("at", sa.DateTime, nullable=False),
)
"""What a person changed: score, extra credit or comment. Triggers write it, so that formgrader's changes are in it."""

hands = sa.Table("visionquiz_hand", _ours, sa.Column("who", sa.String(128)), sa.Column("why", sa.Text))
"""Who is at work and why: a row that lives as long as a transaction of ours. The triggers copy it."""

looks = sa.Table(
    "visionquiz_second_look",
    _ours,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("quiz", sa.String(128), nullable=False),
    sa.Column("person", sa.String(128), nullable=False, index=True),
    sa.Column("question", sa.String(128), nullable=False),
    sa.Column("asked", sa.DateTime, nullable=False),
    sa.Column("who", sa.String(128), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
"""A second look that was asked for, and what was answered: rows of the same `asked`, by whom and when."""

BUSY = 10_000
"""Milliseconds to wait for another program that writes to a SQLite gradebook."""

_PLACE = """
from submitted_notebook n join submitted_assignment s on s.id = n.assignment_id
join assignment a on a.id = s.assignment_id join base_cell b on b.id = new.cell_id
left join visionquiz_hand h on 1 = 1 where n.id = new.notebook_id"""

_WATCHED = (
    ("score", "grade", "manual_score"),
    ("extra", "grade", "extra_credit"),
    ("words", "comment", "manual_comment"),
)
"""What people change in formgrader: what we call it, and its table and column."""


def prepare(connection: sa.Connection) -> None:
    """Make our tables, columns and triggers where they are missing."""
    sqlite = connection.dialect.name == "sqlite"
    if has_ours(connection) and not has_parts(connection):
        # Two who grade on a server may both get here; in a file one waits for the other.
        unless = "" if sqlite else "if not exists "
        connection.exec_driver_sql(f"alter table {answers_graded.name} add column {unless}parts text")
    if has_ours(connection) and not sqlite:
        return  # to make a trigger again would shut formgrader out for as long as the transaction lasts
    _ours.create_all(connection)
    columns = "insert into visionquiz_change (quiz, person, question, what, old, new, who, why, at)"
    for what, table, column in _WATCHED:
        name = f"visionquiz_{what}_changed"
        values = f"a.name, s.student_id, b.name, '{what}', {{old}}, {{new}}, h.who, h.why, {{now}} {_PLACE}"
        if sqlite:
            row = values.format(old=f"old.{column}", new=f"new.{column}", now="strftime('%Y-%m-%d %H:%M:%f000', 'now')")
            connection.exec_driver_sql(
                f"create trigger if not exists {name} after update of {column} on {table} "
                f"when old.{column} is not new.{column} begin {columns} select {row}; end"
            )
        else:
            row = values.format(old=f"old.{column}::text", new=f"new.{column}::text", now="now() at time zone 'utc'")
            connection.exec_driver_sql(
                f"create or replace function {name}() returns trigger language plpgsql as "
                f"$$ begin {columns} select {row}; return null; end $$"
            )
            connection.exec_driver_sql(
                f"create or replace trigger {name} after update of {column} on {table} for each row "
                f"when (old.{column} is distinct from new.{column}) execute function {name}()"
            )


def has_ours(connection: sa.Connection) -> bool:
    """Whether our tables are there: not before something was graded, and read only makes none."""
    return sa.inspect(connection).has_table(looks.name)


def has_parts(connection: sa.Connection) -> bool:
    """Whether verdicts on parts are kept: not before something was graded by a version that does."""
    inspector = sa.inspect(connection)
    if not inspector.has_table(answers_graded.name):
        return False
    return any(column["name"] == "parts" for column in inspector.get_columns(answers_graded.name))


@contextlib.contextmanager
def transaction(url: str, *, write: bool) -> Iterator[sa.Connection]:
    """All of the block or nothing of it. One writer of ours at a time; readers see what was there when they began.

    Raises `CourseError` where the database cannot be used.
    """
    sqlite = url.startswith("sqlite")
    engine = sa.create_engine(
        _open_only(url, write=write), isolation_level=None if sqlite or write else "REPEATABLE READ"
    )
    if sqlite:
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
            if write and not sqlite:
                connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('visionquiz'))")
            yield connection
    except sa.exc.OperationalError as error:
        raise CourseError(f"the gradebook cannot be used: {error.orig}; {_explain(str(error.orig))}") from None
    except sa.exc.DatabaseError as error:
        raise CourseError(
            f"the gradebook cannot be used: {error.orig}. Put back a copy of it, or move it away and release again"
        ) from None
    finally:
        engine.dispose()


def _explain(said: str) -> str:
    """What stands behind something that the database said."""
    if "readonly" in said:
        return "you may not write to it"
    if "disk" in said:
        return "is the disk full? Make room, then try again"
    return "is another program writing to it?"


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


def vacuum(url: str) -> None:
    """Remove what was deleted or overwritten for good: SQLite keeps it in free pages of the file, and in its log.

    Raises `CourseError` where that cannot be done now; the rows are gone all the same.
    """
    if url.startswith("sqlite"):
        engine = sa.create_engine(_open_only(url, write=True), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for order in (f"busy_timeout = {BUSY}", "secure_delete = ON"):
                    connection.exec_driver_sql(f"PRAGMA {order}")
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except sa.exc.DatabaseError as error:
            raise CourseError(
                f"the gradebook's file still holds traces of what was erased: {error.orig}; "
                f"{_explain(str(error.orig))} Then give the same command again"
            ) from None
        finally:
            engine.dispose()


def find_notebook(connection: sa.Connection, quiz: str) -> tuple[str, str]:
    """The ids of the assignment and of its notebook, both named `quiz`. Raises `CourseError` where it is not there."""
    missing = f"the check '{quiz}' is not in the gradebook; release it first: visionquiz release {quiz}"
    if not sa.inspect(connection).has_table("assignment"):
        raise CourseError(missing)
    query = (
        sa.select(assignment.c.id, notebook.c.id)
        .join(notebook, notebook.c.assignment_id == assignment.c.id)
        .where(assignment.c.name == quiz, notebook.c.name == quiz)
    )
    found = connection.execute(query).first()
    if found is None:
        raise CourseError(missing)
    return found[0], found[1]
