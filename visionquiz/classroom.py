"""Where a lesson takes place: who is here, whose vision it speaks of, and what the room has said.

Somebody alone has a room to themselves, with what invented people say; in a session everybody shares one store.
"""

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from visionquiz.curriculum import Lesson, fill_lesson, load_lesson
from visionquiz.errors import CourseError
from visionquiz.grading import Answer, Grade, Kind
from visionquiz.invented import invent_doings
from visionquiz.kit import kit_path
from visionquiz.naming import invent_names
from visionquiz.opinions import invent_opinions
from visionquiz.store import ADDRESS_FILE, Contribution, Store, read_address_file
from visionquiz.themes import Embed
from visionquiz.vision import Vision, load_vision

__all__ = [
    "CODE",
    "FOLDER",
    "JOIN",
    "ROOM",
    "SEAT",
    "SEAT_NAME",
    "SEAT_TEAM",
    "TRAINER",
    "VISION",
    "Classroom",
    "Judge",
    "Room",
    "Seat",
    "SharedRoom",
    "SoloRoom",
    "embed_texts",
    "enter_lesson",
    "fill_room",
    "find_vision",
    "list_lessons",
    "open_room",
    "own_folder",
    "own_seat",
    "sample_answers",
]  # fmt: skip

ROOM, VISION = "VISIONQUIZ_ROOM", "VISIONQUIZ_VISION"
"""Environment variables: the address of the session's store, or the path of a file ``*.url`` that holds it; and the
path of the vision that lessons speak of.
"""

FOLDER = "VISIONQUIZ_FOLDER"
"""Environment variable: the folder of this learner's own files, where it is not the one that the notebook lies in."""

SEAT, SEAT_NAME, SEAT_TEAM, TRAINER = (
    "VISIONQUIZ_SEAT", "VISIONQUIZ_SEAT_NAME", "VISIONQUIZ_SEAT_TEAM", "VISIONQUIZ_TRAINER",
)  # fmt: skip
"""Who is at work: an id, a name, a team; and whether it is the trainer (``1``). The session's server sets them."""

JOIN, CODE, BEGAN = "VISIONQUIZ_JOIN", "VISIONQUIZ_CODE", "VISIONQUIZ_BEGAN"
"""The address and the code with which learners join; the session's server sets them for the trainer's pages alone."""


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Who is at work in a lesson."""

    id: str = "me"
    name: str = ""
    team: str = ""
    trainer: bool = False


class Room(Protocol):
    """What people share in a lesson. Every method may raise `StoreError`, which says in words what to do."""

    seat: Seat
    alone: bool

    def share(self, activity: str, body: Mapping[str, Any], *, slot: str = "", typed: bool = False) -> None:
        """Give something to an activity, in place of what was given in this slot. What was `typed` waits for the
        trainer before others see it.
        """

    def mine(self, activity: str) -> dict[str, Mapping[str, Any]]:
        """What this seat has given, by slot."""

    def shown(self, activity: str) -> list[Contribution]:
        """What everybody may see, this seat's own included, oldest first."""

    def revision(self) -> int:
        """Grows with every change."""


class SoloRoom:
    """A room for one: what is shared is kept as long as the notebook is open. `others` is what invented people say."""

    def __init__(self, seat: Seat, others: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> None:
        self.seat, self.alone = seat, True
        self._kept: list[Contribution] = []
        self._revision = 0
        for activity, bodies in (others or {}).items():
            for number, body in enumerate(bodies, 1):
                self._add(activity, f"invented-{number}", "", body)

    def _add(self, activity: str, author: str, slot: str, body: Mapping[str, Any]) -> None:
        self._revision += 1
        key = (activity, author, slot)
        kept = [one for one in self._kept if (one.activity, one.author, one.slot) != key]
        new = Contribution(
            id=self._revision, activity=activity, author=author, slot=slot, body=dict(body), state="shown",
            revision=self._revision,
        )  # fmt: skip
        self._kept = [*kept, new]

    def share(self, activity: str, body: Mapping[str, Any], *, slot: str = "", typed: bool = False) -> None:  # noqa: ARG002
        self._add(activity, self.seat.id, slot, body)

    def mine(self, activity: str) -> dict[str, Mapping[str, Any]]:
        return {one.slot: one.body for one in self.shown(activity) if one.author == self.seat.id}

    def shown(self, activity: str) -> list[Contribution]:
        return [one for one in self._kept if one.activity == activity]

    def revision(self) -> int:
        return self._revision


class SharedRoom:
    """The room of a session: one store for all. The trainer looks at typed words before they are shown."""

    def __init__(self, store: Store, seat: Seat) -> None:
        self.store, self.seat, self.alone = store, seat, False

    def share(self, activity: str, body: Mapping[str, Any], *, slot: str = "", typed: bool = False) -> None:
        waits = typed and not self.seat.trainer
        self.store.contribute(activity, self.seat.id, body, slot=slot, state="waiting" if waits else "shown")

    def mine(self, activity: str) -> dict[str, Mapping[str, Any]]:
        return {one.slot: one.body for one in self.store.read(activity) if one.author == self.seat.id}

    def shown(self, activity: str) -> list[Contribution]:
        return [one for one in self.store.read(activity) if one.state == "shown"]

    def revision(self) -> int:
        return self.store.revision()


Judge = Callable[[Kind, str, str], Grade]
"""What an answer is worth, by kind of question, text and role id."""


def embed_texts(texts: Sequence[str], *, question: str) -> Any:
    """Where texts stand in meaning; the first call loads the model, which takes some seconds."""
    from visionquiz.grading.shared import embed

    return embed(texts, question=question)


@dataclass(frozen=True, kw_only=True)
class Classroom:
    """All that a lesson is handed."""

    lesson: Lesson
    vision: Vision
    room: Room
    judge: Judge
    embed: Embed = embed_texts
    folder: Path = field(default_factory=Path)
    """Where this learner's own files are kept."""
    following: tuple[str, str] | None = None
    """Title and file of the lesson after this one; None after the last."""
    home: str = ""
    """Address of the list of lessons, where lessons are pages; ``""`` in JupyterLab."""

    @property
    def shows_notes(self) -> bool:
        """Whether the trainer's notes may be asked for: by the trainer, and by whoever is alone."""
        return self.room.alone or self.room.seat.trainer


def session_began(environ: Mapping[str, str] = os.environ) -> dt.datetime | None:
    """When the session that runs began; None without one."""
    return dt.datetime.fromisoformat(environ[BEGAN]) if environ.get(BEGAN) else None


def own_seat(environ: Mapping[str, str] = os.environ) -> Seat:
    """Who the session's server says is at work."""
    return Seat(
        id=environ.get(SEAT) or "me",
        name=environ.get(SEAT_NAME, ""),
        team=environ.get(SEAT_TEAM, ""),
        trainer=environ.get(TRAINER) == "1",
    )


def open_room(environ: Mapping[str, str] = os.environ, *, read_only: bool = False) -> Store:
    """The store of the session that runs. Raises `StoreError` where it cannot be used."""
    where = environ[ROOM]
    is_file = where.endswith(ADDRESS_FILE) and "://" not in where
    return Store(read_address_file(Path(where)) if is_file else where, read_only=read_only)


def own_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where this learner's own files are kept."""
    return Path(environ.get(FOLDER) or Path.cwd())


def find_vision(folder: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The ``vision.toml`` that lessons speak of: the one that was named, the nearest one from `folder` upwards, or the
    invented company of the demo.
    """
    if environ.get(VISION):
        return Path(environ[VISION])
    for place in (folder.absolute(), *folder.absolute().parents):
        if (place / "vision.toml").is_file():
            return place / "vision.toml"
    return kit_path("assessments") / "hollowmere" / "vision.toml"


def is_invented(vision: Path) -> bool:
    """Whether a ``vision.toml`` is that of an invented company, which comes with the program."""
    return vision.resolve().is_relative_to(kit_path("assessments").resolve())


def list_lessons() -> list[Path]:
    """The lessons' files, in the order in which they are taught."""
    known = {load_lesson(path).id: path for path in (kit_path("notebooks") / "lessons").glob("*.toml")}
    order = sorted(path.stem for path in kit_path("notebooks").glob("[0-9][0-9]-*.md"))
    return [known[name[3:]] for name in order if name[3:] in known]


def enter_lesson(ident: str, folder: Path | None = None, environ: Mapping[str, str] = os.environ) -> Classroom:
    """The classroom of a lesson, as the environment says. Raises `VisionQuizError` in words."""
    path = kit_path("notebooks") / "lessons" / f"{ident}.toml"
    if not path.is_file():
        raise CourseError(f"there is no lesson '{ident}'; install visionquiz again")
    folder = folder or own_folder(environ)
    vision = load_vision(find_vision(folder, environ))
    lesson = fill_lesson(load_lesson(path), vision)
    seat = own_seat(environ)
    room: Room
    if environ.get(ROOM):
        store = open_room(environ)
        room = SharedRoom(store, seat)
        if not seat.trainer:
            store.join(seat.id, name=seat.name, team=seat.team, place=lesson.id, now=dt.datetime.now(dt.UTC))
    else:
        room = SoloRoom(replace(seat, trainer=False), fill_room(lesson, vision))

    def judge(kind: Kind, text: str, role: str) -> Grade:
        from visionquiz.grading import grade_answers

        (grade,) = grade_answers([Answer(id=kind, kind=kind, text=text, role=role)], vision)
        return grade

    return Classroom(
        lesson=lesson, vision=vision, room=room, judge=judge, folder=folder, following=_find_following(ident),
        home=environ.get("VOILA_BASE_URL", ""),
    )  # fmt: skip


def _find_following(ident: str) -> tuple[str, str] | None:
    """Title and file of the lesson that is taught after this one."""
    paths = list_lessons()
    idents = [load_lesson(path).id for path in paths]
    if ident not in idents or ident == idents[-1]:
        return None
    after = load_lesson(paths[idents.index(ident) + 1])
    (notebook,) = kit_path("notebooks").glob(f"[0-9][0-9]-{after.id}.md")
    return after.title, notebook.with_suffix(".ipynb").name


def fill_room(lesson: Lesson, vision: Vision) -> dict[str, list[Mapping[str, Any]]]:
    """What invented people say to what is asked in a lesson, and what they do in it, by activity."""
    return {
        activity.id: [
            *({"ask": ask.id, "text": text} for ask in activity.asks for text in ask.samples),
            *invent_opinions(activity),
            *invent_doings(activity, vision),
            *invent_names(activity),
        ]
        for activity in lesson.activities
    }


def sample_answers() -> dict[str, tuple[str, ...]]:
    """What invented people answer to the questions that a team asks before it writes, by question."""
    lesson = load_lesson(kit_path("notebooks") / "lessons" / "ask-everyone.toml")
    return {ask.text: ask.samples for activity in lesson.activities for ask in activity.asks if ask.samples}
