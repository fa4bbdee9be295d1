"""What people in a room think: where they put cards, how they mark them, which side they take.

What a browser sent is anything at all. The functions that read it keep what is known and never raise.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visionquiz.curriculum import Activity, Bin, Card

__all__ = [
    "MARKS", "Shares", "Verdict", "compare_marks", "count_places", "invent_opinions", "judge_place", "read_marked",
    "read_marks", "read_places", "share_agreed",
]  # fmt: skip

MARKS = {"yes": "Yes", "partly": "Partly", "no": "No"}
"""How far a statement meets a criterion."""

PEOPLE = 8
"""Invented people in the room of somebody who is alone."""

SLIP = 3
"""How many of them slip where people often do."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a card lies where it may, a word or two for that, and why."""

    good: bool
    head: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Where the room put one thing: counts by place, and of how many people."""

    counts: Counter[str]

    @property
    def people(self) -> int:
        """How many gave it a place."""
        return self.counts.total()

    def share(self, places: Iterable[str]) -> float | None:
        """The share of people, 0 to 1, who chose one of these places; None where nobody chose any."""
        return sum(self.counts[place] for place in set(places)) / self.people if self.people else None


def judge_place(card: Card, place: str, bins: Sequence[Bin]) -> Verdict:
    """What to tell somebody who put a card there. A card that may lie in several places is in dispute, and both are
    accepted.
    """
    names = {one.id: one.label for one in bins}
    others = _either([names[ident] for ident in card.bins if ident != place])
    if place in card.bins:
        return Verdict(good=True, head=f"Yes, and others say {others}." if others else "Yes.", why=card.why)
    return Verdict(good=False, head=f"Rather {others}.", why=card.why)


def _either(names: Sequence[str]) -> str:
    return " or ".join(f"“{name}”" for name in names)


def read_places(body: Mapping[str, Any], things: Iterable[str], places: Iterable[str]) -> dict[str, str]:
    """Where somebody put what, of the `things` and `places` that there are."""
    sent, known = body.get("places"), set(places)
    if not isinstance(sent, Mapping):
        return {}
    return {
        thing: place
        for thing in things
        if isinstance(place := sent.get(thing), str) and place in known
    }  # fmt: skip


def read_marks(body: Mapping[str, Any], cards: Iterable[str], criteria: Sequence[str]) -> dict[str, dict[str, str]]:
    """How somebody marked which card, by card and criterion; only cards that are marked on every criterion."""
    sent = body.get("marks")
    if not isinstance(sent, Mapping):
        return {}
    found = {}
    for card in cards:
        given = sent.get(card)
        if not isinstance(given, Mapping):
            continue
        marks = {one: mark for one in criteria if isinstance(mark := given.get(one), str) and mark in MARKS}
        if len(marks) == len(criteria):
            found[card] = marks
    return found


def count_places(given: Iterable[Mapping[str, str]], things: Iterable[str]) -> dict[str, Shares]:
    """Where people put each thing."""
    everything = list(given)
    return {thing: Shares(counts=Counter(one[thing] for one in everything if thing in one)) for thing in things}


def read_marked(card: Card, criteria: Sequence[Bin]) -> dict[str, str]:
    """The marks that come with a card, by criterion."""
    return {
        one.id: "yes" if one.id in card.bins else "partly" if one.id in card.partly else "no" for one in criteria
    }  # fmt: skip


def compare_marks(mine: Mapping[str, str], card: Card, criteria: Sequence[Bin]) -> tuple[Bin, ...]:
    """The criteria on which somebody's marks differ from those that come with the card."""
    marked = read_marked(card, criteria)
    return tuple(one for one in criteria if mine.get(one.id) != marked[one.id])


def share_agreed(
    given: Iterable[Mapping[str, Mapping[str, str]]], card: Card, criteria: Sequence[Bin]
) -> tuple[float | None, ...]:
    """The share of people, 0 to 1, who gave a card the mark that comes with it, by criterion; None for nobody."""
    people = [one[card.id] for one in given if card.id in one]
    marked = read_marked(card, criteria)
    return tuple(
        sum(one[criterion.id] == marked[criterion.id] for one in people) / len(people) if people else None
        for criterion in criteria
    )


def invent_opinions(activity: Activity) -> list[dict[str, Any]]:
    """What `PEOPLE` invented people think, one body each, as their browsers would send it; none for other kinds."""
    invent = _INVENT.get(activity.kind)
    return [invent(activity, person) for person in range(PEOPLE)] if invent else []


def _slips(person: int, place: int) -> bool:
    """Whether this one of them errs here: for every place it is `SLIP` of them, and not always the same ones."""
    return (3 * person + place) % PEOPLE < SLIP


def _sort(activity: Activity, person: int) -> dict[str, Any]:
    places = {}
    for number, card in enumerate(activity.cards):
        wrong = card.slips and _slips(person, number)
        among = card.slips if wrong else card.bins
        if among:
            places[card.id] = among[(person + number) % len(among)]
    return {"places": places}


def _mark(activity: Activity, person: int) -> dict[str, Any]:
    near = {"yes": "partly", "partly": "yes" if person % 2 else "no", "no": "partly"}
    marks = {}
    for number, card in enumerate(activity.cards):
        marked = read_marked(card, activity.bins)
        marks[card.id] = {
            one: near[mark] if one in card.slips and _slips(person, number + place) else mark
            for place, (one, mark) in enumerate(marked.items())
        }
    return {"marks": marks}


def _take_sides(activity: Activity, person: int) -> dict[str, Any]:
    places = {}
    for number, question in enumerate(activity.bins):
        sides = [card.id for card in activity.cards if question.id in card.bins]
        if sides:
            first, *others = sides
            places[question.id] = others[person % len(others)] if others and _slips(person, number) else first
    return {"places": places}


_INVENT: Mapping[str, Callable[[Activity, int], dict[str, Any]]] = {
    "sort": _sort,
    "mark": _mark,
    "sides": _take_sides,
}
