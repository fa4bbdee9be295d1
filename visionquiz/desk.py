"""The trainer's desk in a session: who is here, what waits to be shown, and what a trainer should look at first."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from visionquiz.classroom import ROOM, list_lessons, open_room, own_seat, session_began
from visionquiz.curriculum import Lesson, load_lesson
from visionquiz.errors import StoreError
from visionquiz.moderation import Flag, check_words, words_of
from visionquiz.store import Contribution, Participant, Store
from visionquiz.watching import Watcher

__all__ = ["Desk", "Entry", "Sight", "Tally", "open_desk"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something that somebody typed, as a trainer reads it."""

    id: int
    who: str
    activity: str
    """The activity's title; its id where no lesson knows it."""
    text: str
    state: str
    flags: tuple[Flag, ...]
    revision: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How far the room is with an activity: people who have given something, and what waits."""

    lesson: str
    activity: str
    people: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Sight:
    """All that the desk shows at one moment."""

    here: tuple[Participant, ...]
    entries: tuple[Entry, ...]
    """What was typed, oldest first."""
    tallies: tuple[Tally, ...]
    """By activity, in the order of the lessons; only activities to which somebody has given something."""
    doubles: tuple[str, ...]
    """Names under which more than one browser is here."""

    def waiting(self) -> tuple[Entry, ...]:
        """What nobody has looked at yet."""
        return tuple(one for one in self.entries if one.state == "waiting")


class Desk:
    """A trainer's desk on a session's store. Several may be open at once: what one decides, all see.

    Every method may raise `StoreError`, which says in words what to do.
    """

    alone = False

    def __init__(self, store: Store, lessons: Sequence[Lesson] = (), *, began: dt.datetime | None = None) -> None:
        self._store, self._watcher = store, Watcher(store, lessons, began=began)
        self._order = {ident: place for place, ident in enumerate(self._watcher.titles)}
        self._names: dict[str, str] = {}
        self._entries: dict[int, Entry] = {}

    def revision(self) -> int:
        """Grows with every change in the room."""
        return self._watcher.revision()

    def look(self) -> Sight:
        """What there is to see now. Only what has changed since the last look is read."""
        self._watcher.look()
        here = self._watcher.here
        self._take_names({one.id: one.name for one in here})
        return Sight(
            here=here,
            entries=tuple(self._list_entries()),
            tallies=tuple(self._count()),
            doubles=find_doubles(here),
        )

    def decide(self, ids: Iterable[int], state: str) -> int:
        """Show contributions to the room (``shown``) or not (``hidden``), as they were when the desk looked last.

        Returns how many have become something else in between, and stay as they are: nobody has read them.
        """
        chosen = list(ids)
        return len(chosen) - self._store.moderate(chosen, state, as_of=self._watcher.seen) if chosen else 0

    def lesson_title(self, ident: str) -> str:
        """What a lesson is called; its id where it is not known."""
        return self._watcher.lesson_title(ident)

    def _take_names(self, names: dict[str, str]) -> None:
        """Read those entries anew for which other names make a difference: who wrote it, and whom it may name."""
        changed = set(names.items()) ^ set(self._names.items())
        people, parts = {ident for ident, _ in changed}, {part for _, name in changed for part in name.split()}
        for ident, entry in list(self._entries.items()) if changed else ():
            if self._watcher.known[ident].author in people or any(part in entry.text for part in parts):
                del self._entries[ident]
        self._names = names

    def _list_entries(self) -> Iterable[Entry]:
        by_name = sorted((name, ident) for ident, name in self._names.items() if name)
        for ident, one in sorted(self._watcher.known.items()):
            entry = self._entries.get(ident)
            if entry is None or entry.revision != one.revision:
                others = [name for name, person in by_name if person != one.author]
                entry = self._entries[ident] = self._read(one, self._names.get(one.author) or "somebody", others)
            # What is shown and has no words is a choice or a sort; what waits must not be overlooked.
            if entry.text or one.state != "shown":
                yield entry

    def _read(self, one: Contribution, who: str, others: Sequence[str]) -> Entry:
        text = words_of(one.body, all_of_it=one.state != "shown")
        return Entry(
            id=one.id,
            who=who,
            activity=self._watcher.titles.get(one.activity, ("", one.activity))[1],
            text=text or ("" if one.state == "shown" else "(no words)"),
            state=one.state,
            flags=check_words(text, names=others),
            revision=one.revision,
        )

    def _count(self) -> Iterable[Tally]:
        people = self._watcher.givers()
        waiting = Counter(one.activity for one in self._watcher.known.values() if one.state == "waiting")
        for ident in sorted(people, key=lambda one: (self._order.get(one, len(self._order)), one)):
            lesson, activity = self._watcher.titles.get(ident, ("", ident))
            yield Tally(lesson=lesson, activity=activity, people=len(people[ident]), waiting=waiting[ident])


def find_doubles(here: Iterable[Participant]) -> tuple[str, ...]:
    """Names under which more than one browser has joined, in alphabetical order."""
    counts = Counter(one.name.strip().casefold() for one in here if one.name.strip())
    spelt = {one.name.strip().casefold(): one.name.strip() for one in here}
    return tuple(sorted(spelt[name] for name, count in counts.items() if count > 1))


def open_desk(environ: Mapping[str, str] = os.environ) -> Desk:
    """The desk of the session that runs, for its trainer. Raises `StoreError` for anybody else."""
    if not environ.get(ROOM) or not own_seat(environ).trainer:
        raise StoreError("this page belongs to a session's trainer; start one with: visionquiz session start")
    lessons = [load_lesson(path) for path in list_lessons()]
    return Desk(open_room(environ), lessons, began=session_began(environ))
