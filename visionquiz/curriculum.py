"""What the lessons say and ask: one TOML file beside each lesson, as types. A trainer may change every word of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from visionquiz.errors import InputError, Problem
from visionquiz.reading import Section, read_toml
from visionquiz.vision import Option, Vision

__all__ = [
    "BREAK", "KINDS", "WORKSHOP", "Activity", "Ask", "Bin", "Card", "Lesson", "Note", "Part", "Round", "fill_lesson",
    "load_lesson", "plan_workshop", "read_lesson",
]  # fmt: skip

_T = TypeVar("_T")

KINDS: dict[str, tuple[str, ...]] = {
    "say": ("asks",),
    "sort": ("bins", "cards"),
    "mark": ("bins", "cards"),
    "order": ("cards",),
    "pick": ("cards", "bins"),
    "merge": ("asks",),
    "choose": ("rounds",),
    "scenarios": (),
    "watch": (),
    "sides": ("bins", "cards"),
    "themes": ("asks",),
    "repair": ("cards", "asks"),
    "tests": ("cards", "bins", "rounds"),
    "trial": ("cards",),
    "explain": (),
    "contribute": (),
    "practice": (),
    "graded": (),
    "plan": ("bins", "cards"),
    "goal": ("cards", "asks"),
    "huddle": ("cards",),
}
"""Kinds of activities, and the parts that each cannot do without."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """What only the trainer reads: `minutes` is how long this part takes in a room, 0 where it does not say."""

    id: str
    text: str
    minutes: int = 0
    ask: tuple[str, ...] = ()
    """Questions to put to the room."""
    usual: tuple[str, ...] = ()
    """What people usually say."""
    pitfalls: tuple[str, ...] = ()
    optional: bool = False
    """Whether this part is for rooms that have time left: it counts in no plan."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Something that a person answers in own words."""

    id: str
    text: str
    hint: str = ""
    samples: tuple[str, ...] = ()
    """What invented people say to it: for whoever is alone, and for a rehearsal."""


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A place where cards go, a criterion that they are held against, or a question on which they take sides."""

    id: str
    label: str
    hint: str = ""
    least: int = 0
    """How many cards it takes at least, and at most (0: as many as there are)."""
    most: int = 0


@dataclass(frozen=True, kw_only=True)
class Card:
    """Something that is sorted, marked, put in order or picked; a side that can be taken; a draft to repair."""

    id: str
    text: str
    by: str = ""
    """Who said it; ``""`` for nobody in particular."""
    source: str = ""
    """Where it was published."""
    bins: tuple[str, ...] = ()
    """Ids of the bins where it may lie; of the criteria that it meets; of the question that it answers."""
    partly: tuple[str, ...] = ()
    """Ids of the criteria that it meets in part."""
    slips: tuple[str, ...] = ()
    """Ids of the bins where people often put it by mistake, or of the criteria on which readers differ. Invented
    people do so.
    """
    why: str = ""
    """The reason, shown once somebody has decided."""
    minutes: int = 0
    """How long a step takes; 0 where it is no step."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """One question with choices. The option with the most points is right, or best."""

    id: str
    text: str
    options: tuple[Option, ...]

    @property
    def best(self) -> int:
        """The points of the best option."""
        return max(option.points for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Something that the room does together; `kind` says what, and which of the parts it has."""

    id: str
    kind: str
    title: str
    prompt: str
    asks: tuple[Ask, ...] = ()
    bins: tuple[Bin, ...] = ()
    cards: tuple[Card, ...] = ()
    rounds: tuple[Round, ...] = ()
    after: str = ""
    """What to take from it, shown once it is done."""
    takes: str = ""
    """Id of the earlier activity whose words this one works with; ``""`` for none."""
    minutes: int = 0
    """How long it takes alone; 0 where it does not say."""
    optional: bool = False
    """Whether it is for those who have time left: it does not count in the lesson's minutes."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson: activities, a knowledge check, two lines to take along, and notes for the trainer."""

    id: str
    title: str
    minutes: int
    """How long it takes alone, without what is optional."""
    summary: tuple[str, ...]
    activities: tuple[Activity, ...]
    notes: tuple[Note, ...]
    check: tuple[Round, ...]

    @property
    def minutes_in_room(self) -> int:
        """How long it takes in a room, by the trainer's notes, without what is optional; 0 where they do not say."""
        return sum(one.minutes for one in self.notes if not one.optional)

    @property
    def minutes_more(self) -> int:
        """How long its optional activities take alone."""
        return sum(one.minutes for one in self.activities if one.optional)

    def activity(self, ident: str) -> Activity:
        """The activity with this id. Raises `KeyError`."""
        return {one.id: one for one in self.activities}[ident]

    def note(self, ident: str) -> Note:
        """The trainer's note with this id. Raises `KeyError`."""
        return {one.id: one for one in self.notes}[ident]


WORKSHOP = 6
"""The first so many lessons are taught together, in one workshop."""


BREAK = (3, 10)
"""After which of these lessons the room has a break, and how many minutes it takes."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a workshop, or its break: `start` is when it begins, in minutes from the beginning of the workshop."""

    start: int
    minutes: int
    lesson: Lesson | None = None
    """``None`` for the break, and so is `note`."""
    note: Note | None = None


def plan_workshop(lessons: Sequence[Lesson]) -> tuple[Part, ...]:
    """The parts of the first `WORKSHOP` lessons one after another, as the trainer's notes say how long each takes, with
    a break in the middle. What is optional is left out.
    """
    parts, start = [], 0
    for number, lesson in enumerate(lessons[:WORKSHOP], 1):
        for note in lesson.notes:
            if not note.optional:
                parts.append(Part(start=start, minutes=note.minutes, lesson=lesson, note=note))
                start += note.minutes
        if number == BREAK[0] and number < min(WORKSHOP, len(lessons)):
            parts.append(Part(start=start, minutes=BREAK[1]))
            start += BREAK[1]
    return tuple(parts)


def load_lesson(path: Path) -> Lesson:
    """The lesson described in a file. Raises `InputError` with every mistake in it."""
    lesson, problems = read_lesson(path)
    if problems:
        raise InputError(problems)
    return lesson


def fill_lesson(lesson: Lesson, vision: Vision) -> Lesson:
    """The lesson with ``{company}`` and ``{statement}`` in its texts replaced by those of a vision."""
    return _fill(lesson, {"{company}": vision.company, "{statement}": vision.statement})


def _fill(part: _T, words: dict[str, str]) -> _T:
    found: Any = part
    if isinstance(part, str):
        # In one pass: a company's name may look like a placeholder, too.
        found = re.sub("|".join(map(re.escape, words)), lambda match: words[match[0]], part)
    elif isinstance(part, tuple):
        found = tuple(_fill(one, words) for one in part)
    elif is_dataclass(part) and not isinstance(part, type):
        found = replace(part, **{one.name: _fill(getattr(part, one.name), words) for one in fields(part)})
    filled: _T = found
    return filled


def read_lesson(path: Path) -> tuple[Lesson, list[Problem]]:
    """The lesson as far as it can be read, and every mistake in the file."""
    top = read_toml(path)
    lesson = Lesson(
        id=top.ident("id", example="why-a-vision"),
        title=top.text("title", example="A vision points everyone the same way"),
        minutes=top.whole("minutes", low=5, high=60, default=15),
        summary=top.texts("summary", example="A vision is a shared picture of good service."),
        activities=tuple(_read_activities(top)),
        notes=tuple(_read_notes(top)),
        check=tuple(_read_rounds(top, "check")),
    )
    if len(lesson.summary) != 2:
        top.note("summary", f"has {len(lesson.summary)} lines; expected two")
    if not lesson.check:
        top.note("check", "is missing; expected one or more sections [[check]]")
    top.finish()
    return lesson, top.problems


def _read_activities(top: Section) -> Iterator[Activity]:
    seen: set[str] = set()
    for one in top.sections("activities", required=True):
        ident = one.ident("id", example="define")
        one.unique("id", ident, seen)
        bins = tuple(_read_bins(one))
        activity = Activity(
            id=ident,
            kind=one.text("kind", example="sort"),
            title=one.text("title", example="What is great service?"),
            prompt=one.text("prompt", example="Write down what great service means to you."),
            asks=tuple(_read_asks(one)),
            bins=bins,
            cards=tuple(_read_cards(one, tuple(found.id for found in bins))),
            rounds=tuple(_read_rounds(one, "rounds")),
            after=one.text("after", example="No two of you said the same.", required=False),
            takes=one.text("takes", example="define", required=False),
            minutes=one.whole("minutes", low=0, high=60, default=0),
            optional=one.flag("optional", default=False),
        )
        if activity.takes and activity.takes not in seen - {ident}:
            one.note("takes", f"there is no earlier activity '{activity.takes}'")
        if activity.kind == "merge" and not activity.takes:
            one.note("takes", "is missing; expected the id of the activity that collects the drafts")
        if activity.kind == "themes" and not activity.takes:
            one.note("takes", "is missing; expected the id of the activity that collects the answers")
        if activity.kind not in KINDS:
            one.note("kind", f"there is no kind '{activity.kind}'; known are: {', '.join(KINDS)}")
        for part in KINDS.get(activity.kind, ()):
            if not getattr(activity, part):
                one.note(part, f"is missing; an activity of kind '{activity.kind}' needs [[activities.{part}]]")
        yield activity


def _read_asks(section: Section) -> Iterator[Ask]:
    seen: set[str] = set()
    for one in section.sections("asks"):
        ident = one.ident("id", example="great-service")
        one.unique("id", ident, seen)
        yield Ask(
            id=ident,
            text=one.text("text", example="What is great service?"),
            hint=one.text("hint", example="One sentence is enough.", required=False),
            samples=one.texts("samples", example="That somebody rings back when they said they would."),
        )


def _read_bins(section: Section) -> Iterator[Bin]:
    seen: set[str] = set()
    for one in section.sections("bins"):
        ident = one.ident("id", example="mission")
        one.unique("id", ident, seen)
        yield Bin(
            id=ident,
            label=one.text("label", example="Mission"),
            hint=one.text("hint", example="What we do", required=False),
            least=one.whole("least", low=0, high=99, default=0),
            most=one.whole("most", low=0, high=99, default=0),
        )


def _read_cards(section: Section, bins: tuple[str, ...]) -> Iterator[Card]:
    seen: set[str] = set()
    example = bins[0] if bins else "mission"
    for one in section.sections("cards"):
        ident = one.ident("id", example="card-1")
        one.unique("id", ident, seen)
        yield Card(
            id=ident,
            text=one.text("text", example="Read what everybody said"),
            by=one.text("by", example="Hollowmere Water", required=False),
            source=one.text("source", example="https://example.org/vision", required=False),
            bins=one.references("bins", bins, what="bin", example=example),
            partly=one.references("partly", bins, what="bin", example=example),
            slips=one.references("slips", bins, what="bin", example=example),
            why=one.text("why", example="It says what the company does.", required=False),
            minutes=one.whole("minutes", low=0, high=480, default=0),
        )


def _read_rounds(section: Section, key: str) -> Iterator[Round]:
    seen: set[str] = set()
    for one in section.sections(key):
        ident = one.ident("id", example="q1")
        one.unique("id", ident, seen)
        options = tuple(
            Option(
                text=option.text("text", example="A shared picture of good service"),
                points=option.whole("points", low=0, high=2, default=0),
                why=option.text("why", example="It says where, not how."),
            )
            for option in one.sections("options", required=True)
        )
        if len(options) < 2 or sum(option.points == max(o.points for o in options) for option in options) != 1:
            one.note("options", "expected two or more options, exactly one of them with the most points")
        yield Round(id=ident, text=one.text("text", example="What is a vision?"), options=options)


def _read_notes(top: Section) -> Iterator[Note]:
    seen: set[str] = set()
    for one in top.sections("notes", required=True):
        ident = one.ident("id", example="opening")
        one.unique("id", ident, seen)
        yield Note(
            id=ident,
            text=one.text("text", example="Let everybody write before anybody speaks."),
            minutes=one.whole("minutes", low=0, high=60, default=0),
            ask=one.texts("ask", example="Which of these would change what you do tomorrow?"),
            usual=one.texts("usual", example="Being friendly."),
            pitfalls=one.texts("pitfalls", example="Do not say who is right."),
            optional=one.flag("optional", default=False),
        )
