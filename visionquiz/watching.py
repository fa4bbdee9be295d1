"""Somebody who watches a session's room: the trainer's desk and the wall both read it this way."""

import datetime as dt
from collections.abc import Mapping, Sequence

from visionquiz.curriculum import Activity, Lesson
from visionquiz.store import Contribution, Participant, Store
from visionquiz.workshop import DOT, IDEA

__all__ = ["WORKBENCH", "Watcher"]

WORKBENCH: Mapping[str, tuple[str, str]] = {
    IDEA: ("The workbench", "Ideas for the vision"),
    DOT: ("The workbench", "Marks on the wall"),
}
"""What is given at the workbench: where, and what it is called."""


class Watcher:
    """Reads what has changed in a room since it last looked, and knows what lessons and activities are called.

    Every method that reads may raise `StoreError`, which says in words what to do.
    """

    def __init__(self, store: Store, lessons: Sequence[Lesson] = (), *, began: dt.datetime | None = None) -> None:
        self.store = store
        self._began = began
        self.lessons = {one.id: one for one in lessons}
        self.activities: dict[str, Activity] = {one.id: one for lesson in lessons for one in lesson.activities}
        titles = {one.id: (lesson.title, one.title) for lesson in lessons for one in lesson.activities}
        self.titles: dict[str, tuple[str, str]] = {**titles, **WORKBENCH}
        """Of an activity: the title of its lesson, and its own."""
        self.known: dict[int, Contribution] = {}
        """What was contributed so far, by id."""
        self.here: tuple[Participant, ...] = ()
        """Who has been seen since the session began (`began`): a room that is gone on with
        knows everybody of last time, too."""
        self.seen = 0
        """The revision up to which the room is known."""

    def revision(self) -> int:
        """Grows with every change in the room."""
        return self.store.revision()

    def look(self) -> None:
        """Bring `known` and `here` up to date. Of contributions, only what has changed is read."""
        for one in self.store.read(since=self.seen):
            self.known[one.id] = one
            self.seen = max(self.seen, one.revision)
        self.here = tuple(one for one in self.store.participants() if self._began is None or one.seen >= self._began)

    def lesson_title(self, ident: str) -> str:
        """What a lesson is called; its id where it is not known."""
        if ident == "workbench":
            return "The workbench"
        return self.lessons[ident].title if ident in self.lessons else ident

    def givers(self) -> dict[str, set[str]]:
        """Who has given something, whatever has become of it, by activity."""
        found: dict[str, set[str]] = {}
        for one in self.known.values():
            found.setdefault(one.activity, set()).add(one.author)
        return found
