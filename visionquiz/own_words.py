"""An explanation in own words: what of it is the statement's wording, and which meaning points it brought across."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from visionquiz.grading import Grade
from visionquiz.text import Word, content, words
from visionquiz.vision import Vision

__all__ = ["VERDICTS", "Borrowed", "PointHeard", "count_heard", "find_borrowed", "hear_points", "invent_explanations"]

VERDICTS = ("covered", "hinted", "missing", "contradicted")
"""What can become of a meaning point (see `grading.Judgement`)."""

SURE = 0.7
"""From this probability on, a learner is told what became of a point without a word of doubt, as in the reasons."""

PEOPLE = 8
"""Invented people who explain for somebody who is alone."""


@dataclass(frozen=True, kw_only=True)
class Borrowed:
    """The words of an explanation that stand in the statement too, small words aside and whatever their ending."""

    words: tuple[Word, ...]
    telling: int
    """All words of the explanation that are not small ones."""

    @property
    def share(self) -> float:
        """0..1: how much of what tells something is borrowed; 0 for an empty text."""
        return len(self.words) / self.telling if self.telling else 0.0


def find_borrowed(text: str, statement: str) -> Borrowed:
    """Which telling words of a text are the statement's own.

    >>> [word.plain for word in find_borrowed("We keep the taps on in each home", "Keep every home running").words]
    ['keep', 'home']
    """
    said = content(words(text))
    known = {word.stem for word in content(words(statement))}
    return Borrowed(words=tuple(word for word in said if word.stem in known), telling=len(said))


@dataclass(frozen=True, kw_only=True)
class PointHeard:
    """What became of one meaning point in an explanation."""

    id: str
    text: str
    verdict: str
    """One of `VERDICTS`."""
    sure: bool
    quote: str
    """What in the explanation carried it; ``""`` where nothing can be shown."""


def hear_points(grade: Grade, text: str, vision: Vision) -> tuple[PointHeard, ...]:
    """What became of each meaning point, in the order of the vision; nothing where the grader did not look at them."""
    told = {one.part: one for one in grade.judgements}
    return tuple(
        PointHeard(
            id=point.id,
            text=point.text,
            verdict=told[point.id].verdict,
            sure=told[point.id].chance >= SURE,
            quote=" … ".join(" ".join(text[one.start : one.end].split()) for one in told[point.id].evidence[:1]),
        )
        for point in vision.meaning
        if point.id in told and told[point.id].verdict in VERDICTS
    )


def count_heard(bodies: list[Mapping[str, Any]], vision: Vision) -> tuple[dict[str, int], int]:
    """In how many explanations each meaning point came across, and how many explanations there are.

    `bodies` are what browsers sent: whatever is no explanation is passed over.
    """
    counts = {point.id: 0 for point in vision.meaning}
    people = 0
    for body in bodies:
        points = body.get("points")
        if not isinstance(points, dict):
            continue
        people += 1
        for ident in counts:
            counts[ident] += points.get(ident) == "covered"
    return counts, people


def invent_explanations(vision: Vision) -> list[Mapping[str, Any]]:
    """What `PEOPLE` invented people brought across: nearly all of them the first point, few the last, as it goes with
    whatever is read from top to bottom. A missing point is hinted at by every third of them.
    """
    many = len(vision.meaning)
    found: list[Mapping[str, Any]] = []
    for person in range(PEOPLE):
        points = {}
        for place, point in enumerate(vision.meaning):
            reach = PEOPLE - 1 - place * (PEOPLE - 2) // max(1, many)
            turn = (person * 3 + place) % PEOPLE
            points[point.id] = "covered" if turn < reach else "hinted" if turn % 3 == 0 else "missing"
        found.append({"points": points})
    return found
