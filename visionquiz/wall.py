"""The wall of a session: what the whole room may see of itself, for a projector.

It reads and never writes. What somebody typed is on it once the trainer has let it through, and not before; who typed
it is never on it. Names at the door come up by themselves, but for those that would make a trainer look twice.
"""

import datetime as dt
import functools
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from visionquiz.classroom import CODE, JOIN, ROOM, list_lessons, open_room, own_seat, session_began
from visionquiz.curriculum import Lesson, load_lesson
from visionquiz.errors import StoreError
from visionquiz.moderation import check_words, one_line
from visionquiz.naming import read_names
from visionquiz.store import Contribution, Participant, Store
from visionquiz.watching import Watcher
from visionquiz.workshop import DOT, IDEA

__all__ = ["SAID_KINDS", "Door", "Place", "Said", "Scene", "Step", "Team", "Wall", "open_wall"]

SAID_KINDS = frozenset({"say", "themes", "merge", "repair", "tests", "goal"})
"""Kinds of activities whose words wait for the trainer, and which the room reads once they are let through.

What is written in the others is nobody else's to read: a recall of a draft counts without waiting, as numbers.
"""

MOST = 20
"""Contributions that a scene holds: more than a projector has room for."""

LONG = 280
"""Characters of a contribution on the wall; the rest is read on one's own screen."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """How to join: what learners type. Both are ``""`` where the page is not told."""

    address: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A lesson in which somebody is."""

    title: str
    people: int
    names: tuple[str, ...]
    """Of those who gave one, by the alphabet."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """How many of a team have joined, and how many of these have given something."""

    name: str
    """``""`` for people without a team."""
    joined: int
    gave: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """An activity of the lesson in which most people are, and how many have given something to it."""

    title: str
    people: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """A contribution that the trainer has let through."""

    activity: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Scene:
    """All that the wall shows at one moment."""

    people: int = 0
    unnamed: int = 0
    """Of these, how many gave no name."""
    places: tuple[Place, ...] = ()
    """In the order of the lessons."""
    teams: tuple[Team, ...] = ()
    """By the alphabet; none where nobody has a team."""
    lesson: str = ""
    """The title of the lesson in which most people are."""
    steps: tuple[Step, ...] = ()
    said: tuple[Said, ...] = ()
    """At most `MOST`, the newest first."""
    through: int = 0
    """How many contributions were let through."""


class Wall:
    """The wall on a session's store. Every method may raise `StoreError`, which says in words what to do."""

    alone = False

    def __init__(
        self,
        store: Store,
        lessons: Sequence[Lesson] = (),
        *,
        door: Door | None = None,
        began: dt.datetime | None = None,
    ) -> None:
        self.door = door or Door()
        self._watcher = Watcher(store, lessons, began=began)
        self._words: dict[int, tuple[int, str]] = {}

    def revision(self) -> int:
        """Grows with every change in the room."""
        return self._watcher.revision()

    def look(self) -> Scene:
        """What there is to see now. Only what has changed since the last look is read."""
        self._watcher.look()
        here, givers = self._watcher.here, self._watcher.givers()
        through = [one for one in self._watcher.known.values() if one.state == "shown" and self._read(one)]
        newest = sorted(through, key=lambda one: (one.revision, one.id), reverse=True)
        present = self._find_present(here)
        return Scene(
            people=len(here),
            unnamed=sum(not _name(one) for one in here),
            places=tuple(self._list_places(here)),
            teams=tuple(_list_teams(here, givers)),
            lesson=self._watcher.lesson_title(present) if present else "",
            steps=tuple(self._list_steps(present, here, givers)),
            said=tuple(
                Said(activity=self._watcher.titles[one.activity][1], text=self._read(one)) for one in newest[:MOST]
            ),
            through=len(through),
        )

    def _read(self, one: Contribution) -> str:
        """The words that the room reads, ``""`` for none; worked out once for each change."""
        revision, words = self._words.get(one.id, (0, ""))
        if revision != one.revision:
            activity = self._watcher.activities.get(one.activity)
            is_said = one.activity == IDEA or (activity is not None and activity.kind in SAID_KINDS)
            words = _find_words(one) if is_said else ""
            self._words[one.id] = one.revision, words
        return words

    def _order(self, place: str) -> tuple[int, str]:
        """The place of a lesson among all; what is no lesson comes last."""
        order = list(self._watcher.lessons)
        return (order.index(place) if place in order else len(order), place)

    def _list_places(self, here: Sequence[Participant]) -> Iterable[Place]:
        for place in sorted({one.place for one in here}, key=self._order):
            inside = [one for one in here if one.place == place]
            names = sorted(filter(None, map(_name, inside)), key=str.casefold)
            yield Place(title=self._watcher.lesson_title(place), people=len(inside), names=tuple(names))

    def _find_present(self, here: Sequence[Participant]) -> str:
        """The lesson in which most people are; of two, the later one."""
        counts = Counter(one.place for one in here)
        return max(counts, key=lambda place: (counts[place], self._order(place)), default="")

    def _list_steps(self, present: str, here: Sequence[Participant], givers: Mapping[str, set[str]]) -> Iterable[Step]:
        people = {one.id for one in here}
        lesson = self._watcher.lessons.get(present)
        # Nothing says whose an idea is, so that people cannot be counted there.
        steps = [one.id for one in lesson.activities] if lesson else [DOT] if present == "workbench" else []
        for ident in steps:
            yield Step(title=self._watcher.titles[ident][1], people=len(givers.get(ident, set()) & people))


@functools.lru_cache(maxsize=2_000)
def _fit_for_a_wall(name: str) -> str:
    return "" if check_words(name) else name


def _name(one: Participant) -> str:
    """The name that somebody gave at the door; none where they may have typed anything but a name."""
    return _fit_for_a_wall(one_line(one.name))


def _list_teams(here: Sequence[Participant], givers: Mapping[str, set[str]]) -> Iterable[Team]:
    gave = set().union(*givers.values())
    teams = sorted({one.team for one in here}, key=lambda team: (not team, team.casefold()))
    if not any(teams):
        return
    for team in teams:
        inside = [one.id for one in here if one.team == team]
        yield Team(name=team, joined=len(inside), gave=len(gave.intersection(inside)))


def _find_words(one: Contribution) -> str:
    """What is to be read in a contribution. What a browser sent is anything."""
    text = one.body.get("text")
    if not isinstance(text, str):
        text = ", ".join(named.name for named in read_names(one.body))
    text = one_line(text)
    return text if len(text) <= LONG else f"{text[: LONG - 1].rstrip()}…"


def open_wall(environ: Mapping[str, str] = os.environ) -> Wall:
    """The wall of the session that runs, for its trainer's projector. Raises `StoreError` for anybody else."""
    if not environ.get(ROOM) or not own_seat(environ).trainer:
        raise StoreError("this page belongs to a session's trainer; start one with: visionquiz session start")
    return Wall(
        open_room(environ, read_only=True),
        [load_lesson(path) for path in list_lessons()],
        door=Door(address=environ.get(JOIN, ""), code=environ.get(CODE, "")),
        began=session_began(environ),
    )
