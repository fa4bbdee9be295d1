"""Practice that makes a vision stick: words that fade, and recalls that come back spread over days.

Cloze is a warm-up and certifies nothing: only recalls from memory are kept. When one comes back is worked out by FSRS
with the parameters that it comes with. They were fitted to flash cards, so the days are a planning aid and no more.
"""

import datetime as dt
import hashlib
import json
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from visionquiz.grading import Answer, Grade, grade_answers
from visionquiz.text import NEGATIONS, SMALL_WORDS, likeness, sounds_like, words
from visionquiz.vision import Vision

if TYPE_CHECKING:
    from fsrs import Rating

__all__ = [
    "FADES",
    "RECALLS",
    "FadedWord",
    "Item",
    "Plan",
    "Practice",
    "Recall",
    "add_recall",
    "fade_steps",
    "fade_words",
    "grade_recall",
    "is_same_word",
    "plan_next",
    "practice_items",
]

FADES = 5
"""Steps from everything shown to nothing; a statement of fewer words has one step per word."""

FORMAT = 1
"""Of what `Practice.to_json` writes."""

RECALLS = 2_000
"""Recalls that a history keeps; the oldest go first. Three a day are two years."""

JSON_LIMIT = 1_000_000
"""Characters of a history that are read. `RECALLS` recalls have 200,000."""

ITEMS_A_DAY = 3
"""What is asked on one day. It is meant to be short."""

RETENTION = 0.9
"""The chance of recalling it at which it should come back: FSRS's own default."""

LONGEST = 180
"""Days. Whoever recalled it five times in a row is still asked twice a year."""


@dataclass(frozen=True, kw_only=True)
class FadedWord:
    """One word of the statement, ``statement[start:end]``, and whether it is hidden."""

    start: int
    end: int
    text: str
    hidden: bool


def fade_steps(statement: str) -> int:
    """How many steps `fade_words` takes until nothing is shown: 1 to `FADES`; 0 where there is no word."""
    return min(FADES, len(words(statement)))


def fade_words(statement: str, step: int, seed: int) -> tuple[FadedWord, ...]:
    """The words of a statement in their order, some of them hidden.

    At step 0 all are shown, at `fade_steps` none; with the same seed each step hides what the last one hid, and more.
    The words that tell something go first, and the small ones last. So the words that matter are recalled in most
    steps, and the small ones carry the sentence meanwhile; on their own, small words can be guessed from grammar.

    >>> [" ".join("_" if w.hidden else w.text for w in fade_words("We fix it for good", s, seed=1)) for s in (0, 2, 5)]
    ['We fix it for good', 'We _ it for _', '_ _ _ _ _']
    """
    found = words(statement)
    steps = fade_steps(statement)
    hidden = math.ceil(len(found) * min(max(step, 0), steps) / steps) if steps else 0
    draw = random.Random(str(seed))
    by_chance = [draw.random() for _ in found]
    small = [word.plain in SMALL_WORDS and word.plain not in NEGATIONS for word in found]
    order = sorted(range(len(found)), key=lambda place: (small[place], by_chance[place]))
    gone = set(order[:hidden])
    return tuple(
        FadedWord(start=word.start, end=word.end, text=statement[word.start : word.end], hidden=place in gone)
        for place, word in enumerate(found)
    )


def is_same_word(word: str, typed: str) -> bool:
    """Whether what was typed is that word: capitals, spelling and the form of the word do not matter, sense does.

    >>> is_same_word("running", "runing"), is_same_word("home", "house"), is_same_word("never", "ever")
    (True, False, False)
    """
    meant, given = words(word), words(typed)
    if len(meant) != 1 or len(given) != 1:
        return False
    one, other = meant[0], given[0]
    if one.plain == other.plain:
        return True
    if one.plain in NEGATIONS or other.plain in NEGATIONS:
        return False
    # Small words are too short to be misspelt: "to" is not "too", "our" not "your".
    if one.plain in SMALL_WORDS or other.plain in SMALL_WORDS:
        return one.stem == other.stem
    return likeness(one.stem, other.stem) >= 0.9 or sounds_like(one.plain, other.plain)


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something of a vision to recall from memory."""

    id: str
    """Names what is to be recalled, not only its kind: a statement that has changed is another item."""
    kind: Literal["state", "explain"]
    prompt: str
    answer: str
    """What is shown once it was recalled."""
    point: str = ""
    """For `explain`: the id of the meaning point."""


def practice_items(vision: Vision) -> tuple[Item, ...]:
    """The statement, then each meaning point in own words. A point is asked for by its id, as a trainer named it."""
    statement = Item(
        id=_name_item("state", vision.statement),
        kind="state",
        prompt=f"What is the customer service vision of {vision.company}? Write it from memory.",
        answer=vision.statement,
    )
    points = (
        Item(
            id=_name_item("explain", point.text),
            kind="explain",
            prompt=f"Our vision means {len(vision.meaning)} things. What does number {number}, "
            f"“{point.id.replace('-', ' ').replace('_', ' ')}”, ask of us? Say it in your own words.",
            answer=point.text,
            point=point.id,
        )
        for number, point in enumerate(vision.meaning, 1)
    )
    return (statement, *points)


def _name_item(kind: str, text: str) -> str:
    return f"{kind}-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:12]}"


@dataclass(frozen=True, kw_only=True, order=True)
class Recall:
    """One recall from memory. What was written is not kept."""

    moment: dt.datetime
    """With the zone of the place where it happened: the day counts that it was there."""
    item: str
    """The id of an `Item`."""
    level: int
    """0..3, as the grader gave it."""


@dataclass(frozen=True, kw_only=True)
class Practice:
    """What one learner has recalled so far, the oldest first."""

    recalls: tuple[Recall, ...] = ()

    def to_json(self) -> str:
        """The history as text; `from_json` reads it."""
        told = [{"item": one.item, "moment": one.moment.isoformat(), "level": one.level} for one in self.recalls]
        return json.dumps({"format": FORMAT, "recalls": told}, indent=1)

    @staticmethod
    def from_json(text: str) -> "tuple[Practice, str]":
        """The history, and ``""``; an empty one and what is wrong where the text is not what `to_json` writes."""
        if len(text) > JSON_LIMIT:
            return Practice(), f"it has {len(text):,} characters; at most {JSON_LIMIT:,} are read"
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            return Practice(), "it is damaged (it is not JSON)"
        if not isinstance(told, dict) or not isinstance(told.get("recalls"), list):
            return Practice(), "it is not a practice history"
        if told.get("format") != FORMAT:
            return Practice(), "it was written by another version of visionquiz"
        try:
            return _in_order([_read_recall(one) for one in told["recalls"]]), ""
        except (ValueError, TypeError, KeyError, OverflowError):
            return Practice(), "one of its recalls is damaged"


def _read_recall(told: Any) -> Recall:
    """Raises `ValueError`, `TypeError`, `KeyError` or `OverflowError` where it is none."""
    item, level, moment = told["item"], told["level"], dt.datetime.fromisoformat(told["moment"])
    if not isinstance(item, str) or not 0 < len(item) <= 100 or type(level) is not int or not 0 <= level <= 3:
        raise ValueError("recall")
    if moment.tzinfo is None or not 2000 <= moment.year < 3000:
        raise ValueError("moment")
    return Recall(item=item, level=level, moment=moment)


def _in_order(recalls: Iterable[Recall]) -> Practice:
    return Practice(recalls=tuple(sorted(recalls)[-RECALLS:]))


def grade_recall(item: Item, text: str, vision: Vision) -> Grade:
    """What a recall is worth at once, for practice: nobody will look at it, so the reason does not say so.

    A meaning point is graded as if the vision meant nothing else.
    """
    from visionquiz.grading.guards import LOOK

    points = tuple(point for point in vision.meaning if point.id == item.point)
    asked = replace(vision, meaning=points) if points else vision
    (grade,) = grade_answers([Answer(id=item.id, kind=item.kind, text=text)], asked)
    return replace(grade, reason=grade.reason.removesuffix(LOOK))


def add_recall(practice: Practice, grade: Grade, now: dt.datetime) -> Practice:
    """The history with one more recall, of the item that `grade.id` names. `now` carries the learner's time zone.

    Raises `ValueError` for a grade without a level and for a moment without a zone.
    """
    if grade.level is None:
        raise ValueError("a choice is no recall: it has no level")
    if now.tzinfo is None:
        raise ValueError("the moment has no time zone")
    return _in_order([*practice.recalls, Recall(item=grade.id, level=grade.level, moment=now)])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What comes back when."""

    due: tuple[Item, ...]
    """What to recall today, what has waited longest first."""
    next_day: dt.date | None
    """The first day after today on which something is due; None where nothing is."""
    days: Mapping[str, dt.date]
    """The day on which each item is due, by id; today or earlier where it is due. Items that wait for their first turn
    have none."""


def plan_next(practice: Practice, now: dt.datetime, items: Sequence[Item]) -> Plan:
    """What is due on the day of `now`, and when the next recall comes.

    At most `ITEMS_A_DAY` items are asked on a day, and one of them at most for the first time. Of several recalls of an
    item on one day the first counts: after it the text was on the screen, and a second one tells little of memory.

    The days are those of FSRS 6 without fuzz and without steps within a day (py-fsrs 6.3.2): for a statement that is
    recalled word for word each time 2, 11, 46 and 163 days. They widen because that is practical: for what is
    remembered in the end, widening and equal distances do not differ (Latimier, Peyre and Ramus 2021: g = 0.03).
    """
    today = now.date()
    past = [one for one in practice.recalls if one.moment.date() <= today]
    done = {one.item for one in past if one.moment.date() == today} & {item.id for item in items}
    seen = {one.item for one in past}
    begun = any(item.id in done and _first_day(past, item.id) == today for item in items)
    days = {item.id: _due_day(past, item.id) for item in items if item.id in seen}
    waiting = sorted(
        (item for item in items if days.get(item.id, dt.date.max) <= today), key=lambda item: days[item.id]
    )
    fresh = [item for item in items if item.id not in seen]
    room = max(0, ITEMS_A_DAY - len(done))
    due = [*waiting, *(fresh[:1] if not begun else [])][:room]
    later = [day for ident, day in days.items() if day > today]
    left = len(waiting) + len(fresh) > len(due)
    return Plan(
        due=tuple(due),
        next_day=today + dt.timedelta(days=1) if left else min(later, default=None),
        days=days,
    )


def _first_day(recalls: Sequence[Recall], item: str) -> dt.date:
    return min(one.moment.date() for one in recalls if one.item == item)


def _due_day(recalls: Sequence[Recall], item: str) -> dt.date:
    """The day on which an item that was recalled before comes back."""
    from fsrs import Card, Scheduler

    # Days and not hours: who practised at four in the afternoon may be asked at nine.
    scheduler = Scheduler(
        desired_retention=RETENTION,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,
    )
    first: dict[dt.date, int] = {}
    for one in recalls:
        if one.item == item:
            first.setdefault(one.moment.date(), one.level)
    card = Card(card_id=1)
    for day, level in sorted(first.items()):
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        card, _ = scheduler.review_card(card, _rate(level), noon)
    due: dt.date = card.due.date()
    return due


def _rate(level: int) -> "Rating":
    """The level of a recall as FSRS counts it. Its ``Hard`` is "remembered with serious difficulty" (py-fsrs), so a
    statement of which a main idea was missing (0 and 1) is ``Again``, forgotten. ``Easy`` says how little effort it
    took, which a text does not show.
    """
    from fsrs import Rating

    return (Rating.Again, Rating.Again, Rating.Hard, Rating.Good)[level]
