"""Which meaning points reach people who explain a draft in their own words."""

from collections.abc import Sequence
from dataclasses import dataclass

from visionquiz.grading import Grade
from visionquiz.stats import wilson_interval
from visionquiz.vision import MeaningPoint

__all__ = ["MeaningTrial", "PointReach"]


@dataclass(frozen=True, kw_only=True)
class PointReach:
    """How many people said one meaning point."""

    point: str
    text: str
    hits: int
    """People who said it."""
    contradicted: int
    """People who said the opposite."""
    n: int
    interval: tuple[float, float]
    """95 % of ``hits / n``. Wilson (1927)."""


@dataclass(frozen=True, kw_only=True)
class MeaningTrial:
    """A draft that people explain, and what it is meant to say."""

    id: str
    points: tuple[MeaningPoint, ...]

    def reach(self, grades: Sequence[Grade]) -> tuple[PointReach, ...]:
        """Per meaning point how many said it, in their order; empty where nobody was asked.

        `grades` are those of the answers to `explain`, a blank one among them.
        """
        verdicts = [{one.part: one.verdict for one in grade.judgements} for grade in grades]
        if not verdicts:
            return ()
        found = []
        for point in self.points:
            hits = sum(said.get(point.id) == "covered" for said in verdicts)
            found.append(
                PointReach(
                    point=point.id,
                    text=point.text,
                    hits=hits,
                    contradicted=sum(said.get(point.id) == "contradicted" for said in verdicts),
                    n=len(verdicts),
                    interval=wilson_interval(hits, len(verdicts)),
                )
            )
        return tuple(found)

    def scores(self, grades: Sequence[Grade]) -> tuple[float, ...]:
        """Per answer the share of meaning points that it says, 0..1: what `compare_drafts` compares two drafts by."""
        known = {point.id for point in self.points}
        return tuple(
            sum(one.part in known and one.verdict == "covered" for one in grade.judgements) / max(1, len(known))
            for grade in grades
        )
