"""Where a workshop's data lives: a SQLite file, or a PostgreSQL server by URL. Several people use it at once.

Every process (one kernel per person) holds a `Store` of its own on the same database. Whoever wants to know whether
anything happened asks for the `revision`, which grows by one with every change.
"""

import contextlib
import datetime as dt
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visionquiz.errors import StoreError
from visionquiz.submission import storable

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = [
    "ADDRESS_FILE", "BODY_LIMIT", "DOCUMENT_LIMIT", "SLOT_LIMIT", "STATES", "Content", "Contribution", "Document",
    "Participant", "Store", "hide_password", "make_store_file", "read_address", "read_address_file", "store_url",
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


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that a store keeps of one workshop, at one moment."""

    contributions: tuple[Contribution, ...] = ()
    """Oldest first."""
    documents: tuple[Document, ...] = ()
    """By kind and id."""
    participants: tuple[Participant, ...] = ()


ADDRESS_FILE = ".url"
"""Ends the name of a file that holds the address of a server."""

_EXPECTED = "expected a path, or an address such as postgresql://user@host/name"


def read_address(where: str) -> Path | str:
    """Where a workshop is kept, as somebody says it on a command line: the path of a file, or a server's URL.

    ``*.url`` is a file that holds the URL. Raises `StoreError` for what is neither, and for a URL with a password:
    other people of the machine can read what is on a command line.
    """
    if "://" in where:
        url = _check_url(where, f"'{hide_password(where)}'")
        if url != hide_password(url):
            raise StoreError(
                "other people of this machine can read a password on a command line; write the address into a file "
                f"that only you can read, such as workshop{ADDRESS_FILE}, and name that file instead"
            )
        return url
    return read_address_file(Path(where)) if where.endswith(ADDRESS_FILE) else Path(where)


def read_address_file(path: Path) -> str:
    """The server's URL that a file holds. Raises `StoreError` where it holds none, or others could read a password."""
    try:
        with path.open(encoding="utf-8") as file:
            text, mode = file.read(4_096).strip(), path.stat().st_mode
    except (OSError, UnicodeDecodeError):
        raise StoreError(f"{path} cannot be read; expected a file with the address of a database server") from None
    url = _check_url(text, str(path))
    if url != hide_password(url) and mode & 0o077:
        raise StoreError(f"{path} holds a password and others can read it; run: chmod 600 {path}")
    return url


def _check_url(text: str, called: str) -> str:
    found = re.fullmatch(r"postgres(?:ql)?(?:\+psycopg)?(://[^\s/][^\s]*)", text)
    if not found:
        raise StoreError(f"{called} is no address of a database server; {_EXPECTED}")
    return f"postgresql+psycopg{found[1]}"


def hide_password(url: str) -> str:
    """An address of a database as it may be shown."""
    url = re.sub(r"(://[^:@/?]*):.*@", r"\1:***@", url)
    return re.sub(r"(?i)([?&](?:ssl)?password=)[^&]*", r"\1***", url)


def make_store_file(path: Path) -> None:
    """An empty file for a store, which only its owner can read, where there is none yet.

    Raises `StoreError` where there is no folder to put it into.
    """
    if not path.absolute().parent.is_dir():
        raise StoreError(f"there is no folder {path.absolute().parent} to keep it in; make it first")
    if not path.exists():
        path.touch(mode=0o600)


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

    With `start` false it must be there: nothing is made where there is none. With `read_only` it must be there, too,
    and the database itself refuses to change anything.
    """

    def __init__(self, url: str, workshop: str = "workshop", *, start: bool = True, read_only: bool = False) -> None:
        import sqlalchemy as sa

        self.url, self.workshop, self.read_only = url, workshop, read_only
        start = start and not read_only
        _, self._workshops, self._contributions, self._participants, self._documents = _tables()
        is_sqlite = url.startswith("sqlite")
        # Every open page is a process with a pool of its own, and a server as it is set up takes a hundred connections.
        options: dict[str, Any] = (
            {"connect_args": {"timeout": 20}} if is_sqlite else {"pool_pre_ping": True, "pool_size": 1}
        )
        if url.startswith("postgresql"):
            options["connect_args"] = {"connect_timeout": 10}
        try:
            self._engine = sa.create_engine(url, **options)
        except (sa.exc.ArgumentError, ImportError) as error:
            raise StoreError(
                f"'{hide_password(url)}' is no address of a database; expected a path or postgresql+psycopg://"
            ) from error
        if is_sqlite:
            _prepare_sqlite(self._engine, start=start, read_only=read_only)
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
    def _open(self, *, write: bool = False, snapshot: bool = False) -> "Iterator[sa.Connection]":
        """A transaction; with `snapshot`, all that it reads is of one moment, as it always is in a file."""
        import sqlalchemy as sa

        options: dict[str, Any] = {"writes": write}
        if self._engine.dialect.name == "postgresql":
            if snapshot:
                options["isolation_level"] = "REPEATABLE READ"
            if self.read_only:
                options["postgresql_readonly"] = True
        try:
            with self._engine.execution_options(**options).begin() as connection:
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

        text = _write_body(body)
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
        return [_contribution(row) for row in rows]

    def moderate(self, ids: Sequence[int], state: str, *, as_of: int | None = None) -> int:
        """Show or hide contributions; with `as_of`, those that have not changed after this revision. Returns how many.

        Somebody may write something else while a trainer decides on what they wrote before.
        """
        if state not in STATES:
            raise ValueError(state)
        table = self._contributions
        with self._open(write=True) as connection:
            revision = self._next_revision(connection)
            chosen = table.update().where(table.c.workshop == self.workshop, table.c.id.in_(list(ids)))
            if as_of is not None:
                chosen = chosen.where(table.c.revision <= as_of)
            return connection.execute(chosen.values(state=state, revision=revision)).rowcount

    def documents(self, kind: str, *, since: int = 0) -> list[Document]:
        """The room's documents of a kind that changed after revision `since`, by id."""
        import sqlalchemy as sa

        table = self._documents
        wanted = sa.and_(table.c.workshop == self.workshop, table.c.kind == kind, table.c.revision > since)
        with self._open() as connection:
            rows = connection.execute(sa.select(table).where(wanted).order_by(table.c.id)).all()
        return [_document(row) for row in rows]

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
            text = _write_document(body)
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
        return [_participant(row) for row in rows]

    def dump(self) -> Content:
        """All of it, at one moment."""
        import sqlalchemy as sa

        contributions, documents, people = self._contributions, self._documents, self._participants
        with self._open(snapshot=True) as connection:

            def rows(table: "sa.Table", *order: "sa.ColumnElement[Any]") -> "Sequence[sa.Row[Any]]":
                mine = table.c.workshop == self.workshop
                return connection.execute(sa.select(table).where(mine).order_by(*order)).all()

            return Content(
                contributions=tuple(map(_contribution, rows(contributions, contributions.c.id))),
                documents=tuple(map(_document, rows(documents, documents.c.kind, documents.c.id))),
                participants=tuple(map(_participant, rows(people, people.c.name, people.c.id))),
            )

    def is_empty(self) -> bool:
        """Whether nothing is kept yet."""
        with self._open() as connection:
            return self._is_empty(connection)

    def _is_empty(self, connection: "sa.Connection") -> bool:
        import sqlalchemy as sa

        tables = (self._contributions, self._documents, self._participants)
        found = (sa.select(sa.literal(1)).where(table.c.workshop == self.workshop).limit(1) for table in tables)
        return all(connection.scalar(one) is None for one in found)

    def load(
        self,
        content: Content,
        *,
        replace: bool = False,
        settle: Callable[[Document, Mapping[int, int]], Document] = lambda document, _: document,
    ) -> None:
        """Keep all of this at once, or nothing of it where anything goes wrong.

        Contributions get ids of their own, in the order given; `settle` is given each document and the new ids by the
        old ones. Raises `StoreError` where something is kept already, unless it is to `replace` that, or where a part
        is too long.
        """
        contributions, documents, people = self._contributions, self._documents, self._participants
        with self._open(write=True) as connection:
            revision = self._next_revision(connection)
            if replace:
                self._empty(connection)
            elif not self._is_empty(connection):
                raise StoreError("a workshop is kept there already")
            ids: dict[int, int] = {}
            for one in content.contributions:
                values = {name: getattr(one, name) for name in ("activity", "author", "slot", "state")}
                values |= {"workshop": self.workshop, "body": _write_body(one.body), "revision": revision}
                made = connection.execute(contributions.insert().values(values)).inserted_primary_key
                ids[one.id] = made[0] if made else 0
            for document in (settle(one, ids) for one in content.documents):
                values = {"workshop": self.workshop, "kind": document.kind, "id": document.id, "revision": revision}
                connection.execute(documents.insert().values(**values, body=_write_document(document.body)))
            for person in content.participants:
                values = {name: getattr(person, name) for name in ("id", "name", "team", "place")}
                values |= {"workshop": self.workshop, "seen": person.seen.astimezone(dt.UTC).isoformat()}
                connection.execute(people.insert().values(values))

    def erase(self) -> None:
        """Remove everything about this workshop."""
        with self._open(write=True) as connection:
            self._empty(connection)
            self._next_revision(connection)

    def _empty(self, connection: "sa.Connection") -> None:
        for table in (self._contributions, self._participants, self._documents):
            connection.execute(table.delete().where(table.c.workshop == self.workshop))


def _write_body(body: Mapping[str, Any]) -> str:
    text = storable(json.dumps(body, ensure_ascii=False))
    if len(text) > BODY_LIMIT:
        raise StoreError(f"this is too long: at most {BODY_LIMIT:,} characters can be shared at once")
    return text


def _write_document(body: Mapping[str, Any]) -> str:
    text = storable(json.dumps(body, ensure_ascii=False))
    if len(text) > DOCUMENT_LIMIT:
        raise StoreError(f"this is too much: at most {DOCUMENT_LIMIT:,} characters are kept in one place")
    return text


def _contribution(row: Any) -> Contribution:
    names = ("id", "activity", "author", "slot", "state", "revision")
    return Contribution(body=json.loads(row.body), **{name: getattr(row, name) for name in names})


def _document(row: Any) -> Document:
    return Document(kind=row.kind, id=row.id, body=json.loads(row.body), revision=row.revision)


def _participant(row: Any) -> Participant:
    return Participant(
        id=row.id, name=row.name, team=row.team, place=row.place, seen=dt.datetime.fromisoformat(row.seen)
    )


def _prepare_sqlite(engine: "sa.Engine", *, start: bool, read_only: bool) -> None:
    """Readers do not wait for writers, and a writer that waits gets its turn instead of an error.

    A file remembers its journal; without `start` it keeps the one that it has, since it may be somebody else's.
    """
    import sqlalchemy as sa

    if read_only:

        @sa.event.listens_for(engine, "do_connect")
        def _read_only(_: Any, __: Any, where: list[Any], options: dict[str, Any]) -> None:
            where[0], options["uri"] = f"{Path(where[0]).absolute().as_uri()}?mode=ro", True

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        if start:
            connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=normal")
        if read_only:
            connection.execute("pragma query_only=on")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("begin immediate" if writes else "begin")
