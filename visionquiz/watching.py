"""Somebody who watches a session's room: the trainer's desk and the wall both read it this way."""

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

    def __init__(self, store: Store, lessons: Sequence[Lesson] = ()) -> None:
        self.store = store
        self.lessons = {one.id: one for one in lessons}
        self.activities: dict[str, Activity] = {one.id: one for lesson in lessons for one in lesson.activities}
        titles = {one.id: (lesson.title, one.title) for lesson in lessons for one in lesson.activities}
        self.titles: dict[str, tuple[str, str]] = {**titles, **WORKBENCH}
        """Of an activity: the title of its lesson, and its own."""
        self.known: dict[int, Contribution] = {}
        """What was contributed so far, by id."""
        self.here: tuple[Participant, ...] = ()
        self._seen = 0

    def revision(self) -> int:
        """Grows with every change in the room."""
        return self.store.revision()

    def look(self) -> None:
        """Bring `known` and `here` up to date. Of contributions, only what has changed is read."""
        for one in self.store.read(since=self._seen):
            self.known[one.id] = one
            self._seen = max(self._seen, one.revision)
        self.here = tuple(self.store.participants())

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
