"""Where a workshop's data lives: a SQLite file, or a PostgreSQL server by URL. Several people use it at once.

Every process (one kernel per person) holds a `Store` of its own on the same database. Whoever wants to know whether
anything happened asks for the `revision`, which grows by one with every change.
"""

import contextlib
import datetime as dt
import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visionquiz.errors import StoreError
from visionquiz.submission import storable

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = [
    "BODY_LIMIT", "DOCUMENT_LIMIT", "SLOT_LIMIT", "STATES", "Contribution", "Document", "Participant", "Store",
    "store_url",
]  # fmt: skip

BODY_LIMIT = 20_000
"""Characters of one contribution, as JSON; a long text to say in a room has a few hundred."""

DOCUMENT_LIMIT = 5_000_000
"""Characters of one document, as JSON; a thousand ideas have some two hundred thousand."""

SLOT_LIMIT = 200
"""Contributions that one person may make to one activity."""

STATES = ("waiting", "shown", "hidden")
"""Of a contribution: until a trainer has looked at it, for everybody to see, and not to be shown."""


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What somebody gave to an activity."""

    id: int
    activity: str
    author: str
    """An id that stands for a person in the room; a name only where the trainer works with a roster."""
    slot: str
    """Which of this author's contributions to the activity it is; ``""`` where there is one only."""
    body: Mapping[str, Any]
    state: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class Document:
    """What the room makes together, such as one draft."""

    kind: str
    id: str
    body: Mapping[str, Any]
    revision: int


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody who has joined."""

    id: str
    name: str
    team: str
    place: str
    """The lesson that was opened last."""
    seen: dt.datetime


def store_url(where: str | Path) -> str:
    """The URL of a store: a path becomes one of a SQLite file, a URL stays as it is."""
    text = str(where)
    return text if "://" in text else f"sqlite:///{Path(text).absolute()}"


@functools.cache
def _tables() -> "tuple[sa.MetaData, sa.Table, sa.Table, sa.Table, sa.Table]":
    import sqlalchemy as sa

    meta = sa.MetaData()
    workshop = sa.Table(
        "visionquiz_workshop",
        meta,
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    contribution = sa.Table(
        "visionquiz_contribution",
        meta,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("workshop", sa.String(64), nullable=False),
        sa.Column("activity", sa.String(100), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("slot", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.UniqueConstraint("workshop", "activity", "author", "slot"),
    )
    participant = sa.Table(
        "visionquiz_participant",
        meta,
        sa.Column("workshop", sa.String(64), primary_key=True),
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("team", sa.String(200), nullable=False),
        sa.Column("place", sa.String(100), nullable=False),
        sa.Column("seen", sa.String(40), nullable=False),
    )
    document = sa.Table(
        "visionquiz_document",
        meta,
        sa.Column("workshop", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    return meta, workshop, contribution, participant, document


class Store:
    """One workshop's data. Raises `StoreError` where the database cannot be used, saying what to do.

    With `start` false it must be there: nothing is made where there is none.
    """

    def __init__(self, url: str, workshop: str = "workshop", *, start: bool = True) -> None:
        import sqlalchemy as sa

        self.url, self.workshop = url, workshop
        _, self._workshops, self._contributions, self._participants, self._documents = _tables()
        is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"connect_args": {"timeout": 20}} if is_sqlite else {"pool_pre_ping": True}
        try:
            self._engine = sa.create_engine(url, **options)
        except (sa.exc.ArgumentError, ImportError) as error:
            raise StoreError(
                f"'{url}' is no address of a database; expected a path or postgresql+psycopg://"
            ) from error
        if is_sqlite:
            _prepare_sqlite(self._engine, start=start)
        if not start:
            self._require()
            return
        with self._open(write=True) as connection:
            _tables()[0].create_all(connection)
            there = connection.scalar(sa.select(self._workshops.c.id).where(self._workshops.c.id == workshop))
            if there is None:
                with contextlib.suppress(sa.exc.IntegrityError), connection.begin_nested():
                    connection.execute(self._workshops.insert().values(id=workshop, revision=0))

    @contextlib.contextmanager
    def _open(self, *, write: bool = False) -> "Iterator[sa.Connection]":
        import sqlalchemy as sa

        try:
            with self._engine.execution_options(writes=write).begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise StoreError(f"the workshop's data cannot be reached: {error.orig}") from error

    def _require(self) -> None:
        import sqlalchemy as sa

        file = self._engine.url.database or ""
        # SQLite would make the file.
        if self._engine.dialect.name == "sqlite" and not Path(file).is_file():
            raise StoreError(f"there is no workshop: {file} is no file")
        with self._open() as connection:
            if all(sa.inspect(connection).has_table(table.name) for table in _tables()[1:]):
                return
        self.close()
        raise StoreError(f"there is no workshop in {Path(file).name if file else 'that database'}")

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _next_revision(self, connection: "sa.Connection") -> int:
        """The number of the change that is being made; writers wait for one another here."""
        import sqlalchemy as sa

        table = self._workshops
        connection.execute(table.update().where(table.c.id == self.workshop).values(revision=table.c.revision + 1))
        return int(connection.scalar(sa.select(table.c.revision).where(table.c.id == self.workshop)) or 0)

    def revision(self) -> int:
        """How many changes there were; the same number means that nothing has changed."""
        import sqlalchemy as sa

        with self._open() as connection:
            table = self._workshops
            return int(connection.scalar(sa.select(table.c.revision).where(table.c.id == self.workshop)) or 0)

    def contribute(
        self, activity: str, author: str, body: Mapping[str, Any], *, slot: str = "", state: str = "shown"
    ) -> None:
        """Keep what `author` gives to `activity`, in place of what was given before in the same `slot`.

        Raises `StoreError` where it is too long, or too many.
        """
        import sqlalchemy as sa

        text = storable(json.dumps(body, ensure_ascii=False))
        if len(text) > BODY_LIMIT:
            raise StoreError(f"this is too long: at most {BODY_LIMIT:,} characters can be shared at once")
        if state not in STATES:
            raise ValueError(state)
        table = self._contributions
        mine = sa.and_(
            table.c.workshop == self.workshop, table.c.activity == activity[:100], table.c.author == author[:100]
        )
        with self._open(write=True) as connection:
            revision = self._next_revision(connection)
            values = {"body": text, "state": state, "revision": revision}
            if connection.execute(table.update().where(mine, table.c.slot == slot[:100]).values(values)).rowcount:
                return
            count = connection.scalar(sa.select(sa.func.count()).select_from(table).where(mine)) or 0
            if count >= SLOT_LIMIT:
                raise StoreError(f"you have shared {count} things here; more are not taken")
            connection.execute(
                table.insert().values(
                    workshop=self.workshop, activity=activity[:100], author=author[:100], slot=slot[:100], **values
                )
            )

    def read(self, activity: str | None = None, *, since: int = 0) -> list[Contribution]:
        """What was contributed (to one activity), changed after revision `since`, oldest first."""
        import sqlalchemy as sa

        table = self._contributions
        found = sa.select(table).where(table.c.workshop == self.workshop, table.c.revision > since)
        if activity is not None:
            found = found.where(table.c.activity == activity)
        with self._open() as connection:
            rows = connection.execute(found.order_by(table.c.id)).all()
        return [
            Contribution(
                id=row.id,
                activity=row.activity,
                author=row.author,
                slot=row.slot,
                body=json.loads(row.body),
                state=row.state,
                revision=row.revision,
            )
            for row in rows
        ]

    def moderate(self, ids: Sequence[int], state: str) -> None:
        """Show or hide contributions."""
        if state not in STATES:
            raise ValueError(state)
        table = self._contributions
        with self._open(write=True) as connection:
            revision = self._next_revision(connection)
            connection.execute(
                table.update()
                .where(table.c.workshop == self.workshop, table.c.id.in_(list(ids)))
                .values(state=state, revision=revision)
            )

    def documents(self, kind: str, *, since: int = 0) -> list[Document]:
        """The room's documents of a kind that changed after revision `since`, by id."""
        import sqlalchemy as sa

        table = self._documents
        wanted = sa.and_(table.c.workshop == self.workshop, table.c.kind == kind, table.c.revision > since)
        with self._open() as connection:
            rows = connection.execute(sa.select(table).where(wanted).order_by(table.c.id)).all()
        return [Document(kind=row.kind, id=row.id, body=json.loads(row.body), revision=row.revision) for row in rows]

    def document(self, kind: str, ident: str = "") -> Mapping[str, Any] | None:
        """One document of the room; None where there is none yet."""
        import sqlalchemy as sa

        with self._open() as connection:
            text = connection.scalar(sa.select(self._documents.c.body).where(self._is_document(kind, ident)))
        return None if text is None else json.loads(text)

    def change(
        self, kind: str, ident: str, make: Callable[[Mapping[str, Any] | None], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """Change one document of the room, or start it: `make` gets what it is now (None: not there yet).

        Nobody else changes anything between what `make` gets and what it gives, so that nothing is lost when several
        people work on one document. Where `make` raises, nothing is changed. Returns the document as it is then.
        Raises `StoreError` where it is too long.
        """
        import sqlalchemy as sa

        key = self._is_document(kind, ident)
        with self._open(write=True) as connection:
            # Writers wait for one another here, so the number comes first.
            revision = self._next_revision(connection)
            before = connection.scalar(sa.select(self._documents.c.body).where(key))
            body = make(None if before is None else json.loads(before))
            text = storable(json.dumps(body, ensure_ascii=False))
            if len(text) > DOCUMENT_LIMIT:
                raise StoreError(f"this is too much: at most {DOCUMENT_LIMIT:,} characters are kept in one place")
            if before is None:
                values = {"workshop": self.workshop, "kind": kind, "id": ident}
                connection.execute(self._documents.insert().values(**values, body=text, revision=revision))
            elif text != before:
                connection.execute(self._documents.update().where(key).values(body=text, revision=revision))
        return json.loads(text)  # type: ignore[no-any-return]

    def _is_document(self, kind: str, ident: str) -> "sa.ColumnElement[bool]":
        import sqlalchemy as sa

        table = self._documents
        return sa.and_(table.c.workshop == self.workshop, table.c.kind == kind, table.c.id == ident)

    def join(self, person: str, *, name: str, team: str = "", place: str = "", now: dt.datetime) -> None:
        """Note that somebody is here, and where."""
        table = self._participants
        key = (table.c.workshop == self.workshop) & (table.c.id == person[:100])
        values = {
            "name": storable(name)[:200],
            "team": storable(team)[:200],
            "place": place[:100],
            "seen": now.astimezone(dt.UTC).isoformat(),
        }
        with self._open(write=True) as connection:
            self._next_revision(connection)
            if not connection.execute(table.update().where(key).values(values)).rowcount:
                connection.execute(table.insert().values(workshop=self.workshop, id=person[:100], **values))

    def participants(self) -> list[Participant]:
        """Who has joined, by name."""
        import sqlalchemy as sa

        table = self._participants
        chosen = sa.select(table).where(table.c.workshop == self.workshop).order_by(table.c.name, table.c.id)
        with self._open() as connection:
            rows = connection.execute(chosen).all()
        return [
            Participant(
                id=row.id, name=row.name, team=row.team, place=row.place, seen=dt.datetime.fromisoformat(row.seen)
            )
            for row in rows
        ]

    def erase(self) -> None:
        """Remove everything about this workshop."""
        with self._open(write=True) as connection:
            for table in (self._contributions, self._participants, self._documents):
                connection.execute(table.delete().where(table.c.workshop == self.workshop))
            self._next_revision(connection)


def _prepare_sqlite(engine: "sa.Engine", *, start: bool) -> None:
    """Readers do not wait for writers, and a writer that waits gets its turn instead of an error.

    A file remembers its journal; without `start` it keeps the one that it has, since it may be somebody else's.
    """
    import sqlalchemy as sa

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        if start:
            connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=normal")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("begin immediate" if writes else "begin")
