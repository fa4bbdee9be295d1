"""How a vision is kept alive: a plan for some months, and what such a plan lacks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visionquiz.curriculum import Bin, Card

__all__ = [
    "HABITS", "TOPICS", "Entry", "Gap", "Laid", "Phase", "check_plan", "count_plans", "invent_plans", "lay_plan",
    "read_phases", "read_topic",
]  # fmt: skip

TOPICS: Mapping[str, str] = {
    "goals": "Goals",
    "hiring": "Hiring",
    "training": "Training",
    "empowerment": "Authority, tools and resources",
    "leaders": "Messages from leaders",
    "huddle": "Huddles",
    "stories": "Stories",
    "recheck": "Re-check",
}
"""What a plan can be about. The id of a card begins with its topic, such as ``recheck-30``."""

HABITS = frozenset({"leaders", "huddle", "stories"})
"""Topics that go on once they have begun."""

_WORK = frozenset({"goals", "hiring", "training", "empowerment"})
"""Topics that change how people work; the others are talk, which is needed too."""

CROWD = 6
"""From so many new things in one phase on, a plan is asked whether it can be done."""


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of the plan, both days included, the first day being 1."""

    id: str
    label: str
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A card that lies in a phase."""

    card: str
    text: str
    topic: str
    """A key of `TOPICS`, or ``""`` for something else."""
    phase: Phase


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that a plan lacks, and why it matters."""

    id: str
    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A card as it lies on the line of time, both days included."""

    card: str
    text: str
    first: int
    last: int


def read_phases(bins: Sequence[Bin], days: int = 90) -> tuple[Phase, ...]:
    """The phases that bins stand for. The id ``day-8-30`` says from when to when; without it `days` are shared out.

    >>> [(one.first, one.last) for one in read_phases([Bin(id="day-1-7", label="A"), Bin(id="later", label="B")])]
    [(1, 7), (46, 90)]
    """
    found = []
    for place, one in enumerate(bins):
        match = re.fullmatch(r"day-(\d{1,4})-(\d{1,4})", one.id)
        first, last = map(int, match.groups()) if match else (0, 0)
        if not 1 <= first <= last:
            first, last = days * place // len(bins) + 1, days * (place + 1) // len(bins)
        found.append(Phase(id=one.id, label=one.label, first=first, last=last))
    return tuple(found)


def read_topic(card: str) -> str:
    """The topic of a card by its id; ``""`` where it names none.

    >>> read_topic("recheck-30"), read_topic("own-1")
    ('recheck', '')
    """
    topic = card.partition("-")[0]
    return topic if topic in TOPICS else ""


def check_plan(entries: Sequence[Entry]) -> tuple[Gap, ...]:
    """What a plan lacks, most important first; nothing where nothing is missing that can be told from its cards."""
    if not entries:
        return (
            Gap(id="empty", what="Nothing is in the plan yet.", why="Begin with the three cards that you would miss."),
        )
    topics = {one.topic for one in entries}
    found = [*_check_rechecks(entries)]
    if "leaders" not in topics:
        why = (
            "Nothing in it is done by leaders. People follow what is praised and asked about; where that is something "
            "else, the vision loses."
        )
        found.append(Gap(id="leaders", what="There is nothing for leaders.", why=why))
    phases = {one.phase.id for one in entries}
    if len(entries) >= 3 and len(phases) == 1:
        when = entries[0].phase.label
        why = "One burst is a project, and projects end. Spread it: what comes back is what stays."
        found.append(Gap(id="burst", what=f"Everything lies in one place: {when}.", why=why))
    if not topics & {"huddle", "stories"}:
        why = "Training ends. Five minutes a day or a story a week bring it back when no one is training."
        found.append(Gap(id="habit", what="No huddle and no story keeps it going.", why=why))
    if not topics & _WORK:
        why = (
            "It only talks about the vision. Something in the work has to change too: a goal, who is hired, what is "
            "trained, or what people may decide."
        )
        found.append(Gap(id="talk", what="Nothing in the work changes.", why=why))
    for phase in dict.fromkeys(one.phase for one in entries):
        new = sum(one.phase == phase for one in entries)
        if new >= CROWD and len(phases) > 1:
            why = "Can the same people do all of this beside their work? Move what can wait."
            found.append(Gap(id=f"crowd-{phase.id}", what=f"{new} new things begin in “{phase.label}”.", why=why))
    return tuple(found)


def _check_rechecks(entries: Sequence[Entry]) -> list[Gap]:
    days = [one.last for one in lay_plan(entries) if read_topic(one.card) == "recheck"]
    days += [one.phase.last for one in entries if one.topic == "recheck" and read_topic(one.card) != "recheck"]
    if not days:
        why = "Without asking again, nobody knows whether people can still say it and what it means to them."
        return [Gap(id="recheck", what="There is no re-check.", why=why)]
    found = []
    if min(days) > 30:
        why = "By then a misunderstanding has had weeks to settle. Ask some people early, too."
        found.append(Gap(id="recheck-early", what=f"The first re-check is on day {min(days)}.", why=why))
    if max(days) < 60:
        why = "That shows what people learnt. Whether it lasts shows later, such as on day 90."
        found.append(Gap(id="recheck-late", what=f"The last re-check is on day {max(days)}.", why=why))
    told = [one.phase.first for one in entries if one.topic in {"training", "huddle", "leaders"}]
    if told and min(told) > min(days):
        why = "It would find out what nobody has been told."
        found.append(Gap(id="recheck-first", what="People are asked before anybody has explained it.", why=why))
    return found


def lay_plan(entries: Sequence[Entry], days: int = 90) -> tuple[Laid, ...]:
    """The cards on the line of time, the earliest first. A habit goes on to the last day; a re-check is on the day that
    its id names, if that is in its phase, else at the phase's end; anything else takes its phase.
    """
    found = []
    for one in entries:
        first, last = one.phase.first, one.phase.last
        if one.topic in HABITS:
            last = max(days, last)
        elif one.topic == "recheck":
            named = re.fullmatch(r"recheck-(\d{1,4})", one.card)
            day = int(named[1]) if named and first <= int(named[1]) <= last else last
            first = last = day
        found.append(Laid(card=one.card, text=one.text, first=first, last=last))
    return tuple(sorted(found, key=lambda laid: (laid.first, laid.last)))


def count_plans(
    bodies: Sequence[Mapping[str, Any]], cards: Sequence[Card], phases: Sequence[Phase]
) -> tuple[dict[str, dict[str, int]], int]:
    """How many plans have each card in each phase (by card id, then phase id), and how many plans there are.

    `bodies` are what browsers sent: whatever is no plan is passed over.
    """
    counts = {card.id: {phase.id: 0 for phase in phases} for card in cards}
    plans = 0
    for body in bodies:
        places = body.get("places")
        if not isinstance(places, dict):
            continue
        plans += 1
        for card, row in counts.items():
            phase = places.get(card)
            if isinstance(phase, str) and phase in row:
                row[phase] += 1
    return counts, plans


def invent_plans(cards: Sequence[Card], phases: Sequence[Phase], people: int = 6) -> list[Mapping[str, Any]]:
    """How invented people lay a plan: where a card may lie, and every fourth card is left out by each of them."""
    found: list[Mapping[str, Any]] = []
    for person in range(people):
        places = {}
        for turn, card in enumerate(cards):
            choice = card.bins or tuple(phase.id for phase in phases)
            if (person + turn) % 4:
                places[card.id] = choice[person % len(choice)]
        found.append({"places": places})
    return found
