"""Whether people decide better in a scenario when they have read the draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visionquiz.grading import Grade
from visionquiz.trials.assignment import assign_arm
from visionquiz.trials.comparison import Comparison, compare_pair

__all__ = ["DecisionTrial", "mean_share"]

WITH, WITHOUT = "with", "without"


@dataclass(frozen=True, kw_only=True)
class DecisionTrial:
    """Scenarios that half the people meet after reading the draft, and half without it."""

    id: str
    scenarios: tuple[str, ...]
    """Ids of scenarios of the vision; everybody gets all of them."""
    seed: int = 1

    def assign(self, person: str, taken: Mapping[str, str]) -> str:
        """``with`` or ``without``; see `assign_arm`."""
        return assign_arm((WITH, WITHOUT), person, taken, seed=self.seed)

    def compare(self, scores: Mapping[str, float], taken: Mapping[str, str]) -> Comparison:
        """Those who read the draft against those who did not, given each person's score (0..1) and arm.

        Who has no score is left out: missing is not zero. Raises `TrialError` for a score outside 0..1.
        """
        arms = {arm: [score for person, score in scores.items() if taken.get(person) == arm] for arm in (WITH, WITHOUT)}
        return compare_pair(arms[WITH], arms[WITHOUT])


def mean_share(grades: Sequence[Grade]) -> float | None:
    """One person's score in a decision trial: the mean share of the points, 0..1; None where nothing was answered."""
    return sum(grade.share for grade in grades) / len(grades) if grades else None
