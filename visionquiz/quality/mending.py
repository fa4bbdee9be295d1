"""What a trainer should mend first: at most three items, each with the figure that it follows from, the worst first.

The order is this kit's own: a key that may be wrong comes before an item that tells little, and that before cues and
idle options. Limits are rules of thumb of item writing: a discrimination below .2 (Ebel 1965), options that fewer than
5 % choose (Haladyna and Downing 1993).
"""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from visionquiz.quality.figures import ENOUGH, POOR, Item, Option, Quality
from visionquiz.stats import wilson_interval

__all__ = ["Mend", "mend_first"]

MOST = 3
"""Items that are named: who is told ten things mends none."""

EASY, HARD = 0.95, 0.1
"""Where nearly everybody gets an item, or nearly nobody, it tells little about anybody."""

GRADES = 20
"""Answers graded by hand from which on agreement is judged, as when cut points are learnt from them."""

AGREED = 0.6
"""Where people probably give the grader's level less often than this, it should learn first."""


@dataclass(frozen=True, kw_only=True)
class Mend:
    """An item to mend, what to do, and the figure that it follows from."""

    item: str
    """Its label."""
    title: str
    why: str
    weight: float
    """How much it matters, beside the others of the check."""


def mend_first(quality: Quality) -> tuple[Mend, ...]:
    """At most `MOST`, the worst first; of each item what is worst about it. Empty where nothing stands out."""
    worst = [
        max(found, key=lambda one: one.weight)
        for item in quality.items
        if (found := [*_of_key(item), *_of_difficulty(item), *_of_options(item), *_of_length(item, quality)])
    ]
    found = sorted([*worst, *_of_grader(quality)], key=lambda one: -one.weight)
    first: dict[str, Mend] = {}
    for one in found:
        first.setdefault(one.item, one)
    return tuple(first.values())[:MOST]


def _of_key(item: Item) -> Iterator[Mend]:
    """A wrong option that clearly wins, or people who do well elsewhere and no better here."""
    best = max((one.people for one in item.options if one.worth == 1), default=0)
    for rival in item.rivals:
        if wilson_interval(rival.people, rival.people + best)[0] > 0.5:
            yield Mend(
                item=item.label,
                title="Look at the key: a weaker option is chosen most",
                why=f"{rival.people} people chose {_quote(rival)}, which gives {rival.worth:.0%} of the points; {best} "
                "chose the best one. Either the key is wrong, or this is what to talk about.",
                weight=2 + (rival.people - best) / item.people,
            )
    value, high = item.discrimination.value, item.discrimination.high
    if not item.hardly_tells or value is None or high is None:
        return
    link = f"Its link with the rest of the check is {item.discrimination.told}"
    if high < 0:
        yield Mend(
            item=item.label,
            title="Look at the key and the wording",
            why=f"{link}: those who do well elsewhere do worse here.",
            weight=3 - value,
        )
    else:
        scenario = item.kind == "scenario"
        yield Mend(
            item=item.label,
            title="Make it tell people apart, or leave it out" if scenario else "Look at some answers of each level",
            why=f"{link}: those who do well elsewhere do hardly better here.",
            weight=1 + POOR - value,
        )


def _of_difficulty(item: Item) -> Iterator[Mend]:
    if item.mean is None or item.people < ENOUGH:
        return
    if item.mean >= EASY:
        why = f"People have {item.mean:.0%} of its points: it tells little about anybody."
        yield Mend(item=item.label, title="Make it harder, or leave it out", why=why, weight=0.4 + item.mean - EASY)
    if item.mean <= HARD:
        why = f"People have {item.mean:.0%} of its points. Is it clear what is asked for, and was it taught?"
        yield Mend(item=item.label, title="Make it easier, or teach it first", why=why, weight=0.9 + HARD - item.mean)


def _of_options(item: Item) -> Iterator[Mend]:
    """Wrong options that nobody falls for."""
    idle = item.idle
    if idle:
        chosen = sum(one.people for one in item.options)
        named = " and ".join(f"{_quote(one)} ({one.people} of {chosen})" for one in idle)
        yield Mend(
            item=item.label,
            title="Give it wrong options that somebody would choose",
            why=f"Hardly anybody chose {named}: the choice is between fewer options than it seems.",
            weight=0.3 + 0.1 * len(idle),
        )


def _of_length(item: Item, quality: Quality) -> Iterator[Mend]:
    if item.kind == "scenario" and item.id in quality.cues.longest:
        yield Mend(
            item=item.label,
            title="Shorten the best option, or lengthen another",
            why="The best option is clearly the longest, so it can be found without knowing the vision.",
            weight=0.7,
        )


def _of_grader(quality: Quality) -> Iterator[Mend]:
    """Questions at which grader and people often differ."""
    for item in quality.of_kind("written"):
        rows = [row for row in quality.agreement if row.question == item.id]
        grades, same = sum(row.grades for row in rows), sum(row.same for row in rows)
        if grades >= GRADES and same < AGREED * grades:
            yield Mend(
                item=item.label,
                title=f"Let the grader learn from yours: visionquiz calibrate {quality.quiz}",
                why=f"You gave the grader’s level to {same} of {grades} answers that you graded.",
                weight=1 + AGREED - same / grades,
            )


def _quote(option: Option) -> str:
    return f"“{textwrap.shorten(option.label, 70, placeholder='…')}”"
