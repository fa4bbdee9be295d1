"""What stands in a workshop's file: its parts, in the order in which somebody reads them.

People are called ``person 1``, ``person 2`` and so on wherever they occur; who that is stands under ``people``, if at
all. In answers to tests they are ``reader 1`` and so on, which says nothing of which person that is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from visionquiz.ballot import Option
from visionquiz.drafts import Edit
from visionquiz.ideas import Idea
from visionquiz.piloting import DraftTest
from visionquiz.proposal import Proposal

__all__ = [
    "ALONE", "FILE_LIMIT", "FORMAT", "HISTORY_LIMIT", "PEOPLE_LIMIT", "PERSON", "READER", "ROOM_IDEA", "STEPS_LIMIT",
    "VERSION", "FileAnswer", "FileDraft", "FileGift", "FileIdea", "FilePaper", "FilePerson", "FileStage", "FileTest",
    "FileVote", "WorkshopFile", "map_themes",
]  # fmt: skip

FORMAT, VERSION = "visionquiz workshop", 1

FILE_LIMIT = 50_000_000
"""Bytes of a file; a workshop of two hours has some hundred thousand."""

PEOPLE_LIMIT = 10_000
STEPS_LIMIT = 20_000
"""Edits of themes, and ideas in them."""

HISTORY_LIMIT = 1_002
"""Edits of one draft: the first one, those that are kept, the last one."""

ALONE = "me"
"""Whoever works alone, outside a session. It names nobody, so it stays; that person can go on with the workshop."""

PERSON = re.compile(r"person [1-9][0-9]{0,4}")
READER = re.compile(r"reader [1-9][0-9]{0,4}")
ROOM_IDEA = re.compile(r"room-([1-9][0-9]{0,8})")
"""The id of an idea that was given in the room, as themes name it."""


@dataclass(frozen=True, kw_only=True)
class FileStage:
    """Where the workshop stands."""

    name: str
    until: str = ""
    anonymous: bool = True


@dataclass(frozen=True, kw_only=True)
class FileDraft:
    """One draft."""

    id: str
    text: str
    on_wall: bool = False
    dots: tuple[str, ...] = ()
    """Who could live with it."""
    made: str = "alone"
    authors: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    history: tuple[Edit, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FilePaper:
    """What was voted, and how often; not by whom."""

    choice: tuple[str, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class FileVote:
    """A vote that is closed."""

    id: str
    question: str
    method: Literal["approval", "ranked"]
    options: tuple[Option, ...]
    papers: tuple[FilePaper, ...] | None = None
    """None where so few voted that counts are not shown."""
    outcome: tuple[str, ...] | None = None
    """What won, in place of the papers."""
    quorum: int | None = None
    voters: tuple[str, ...]
    voted: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileIdea:
    """An idea from the room."""

    id: str
    text: str
    question: str = ""


@dataclass(frozen=True, kw_only=True)
class FileAnswer:
    """One answer to a test."""

    who: str
    arm: str
    occasion: Literal["now", "later"]
    body: dict[str, Any]
    when: float


@dataclass(frozen=True, kw_only=True)
class FileTest:
    """A test of drafts with all that came of it."""

    test: DraftTest
    answers: tuple[FileAnswer, ...] = ()
    arms: dict[str, str] = field(default_factory=dict)
    read: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileGift:
    """What somebody gave to an activity of a lesson."""

    person: str
    slot: str = ""
    state: Literal["waiting", "shown", "hidden"]
    body: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class FilePerson:
    """Somebody who occurs in the file. `id`, `name` and `team` only where it holds names."""

    person: str
    id: str | None = None
    name: str | None = None
    team: str | None = None
    place: str | None = None
    seen: str | None = None
    """None for whoever has not joined, such as the trainer."""


@dataclass(frozen=True, kw_only=True)
class WorkshopFile:
    """The whole file."""

    format: str = FORMAT
    version: int = VERSION
    summary: Mapping[str, Any] = field(default_factory=dict)
    """For people; what it says follows from the rest, and is not read back."""
    names: bool = False
    stage: FileStage | None = None
    vote: FileVote | None = None
    meaning: Mapping[str, Proposal] = field(default_factory=dict)
    """What the room says that a draft means, by the draft's id."""
    drafts: tuple[FileDraft, ...] = ()
    ideas: Mapping[str, tuple[FileIdea, ...]] = field(default_factory=dict)
    """By state."""
    survey: tuple[Idea, ...] = ()
    themes: Mapping[str, Any] | None = None
    """The first themes and every edit since then."""
    tests: tuple[FileTest, ...] = ()
    lessons: Mapping[str, tuple[FileGift, ...]] = field(default_factory=dict)
    """By activity, oldest first."""
    people: tuple[FilePerson, ...] = ()


def map_themes(
    body: Mapping[str, Any], *, who: Callable[[str], str], idea: Callable[[int], int | None]
) -> dict[str, Any]:
    """Themes as the store keeps them, with other names of people and other numbers of the room's ideas."""

    def swap(ident: str) -> str:
        found = ROOM_IDEA.fullmatch(ident)
        number = idea(int(found[1])) if found else None
        return ident if number is None else f"room-{number}"

    def step(one: Mapping[str, Any]) -> dict[str, Any]:
        return {"edit": {**one["edit"], "ideas": list(map(swap, one["edit"]["ideas"]))}, "who": who(one["who"])}

    first = body["first"]
    themes = [{**one, "ideas": list(map(swap, one["ideas"]))} for one in first["themes"]]
    return {
        "first": {**first, "themes": themes},
        "steps": list(map(step, body["steps"])),
        "undone": list(map(step, body["undone"])),
    }
