"""From signs to a level with honest probabilities, and when to ask a person.

The weights, cut points and thresholds are fitted on organisations that the model never saw (`training/fit.py`) and are
constants here, so a level never depends on who else answered.
"""

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from visionquiz.grading.encoder import MODEL, check_model
from visionquiz.grading.rubric import Levels

__all__ = ["BUDGET", "Scale", "expected_cost", "load_scales"]

BUDGET = 0.15
"""The share of answers that may go to a person for doubt, unless the trainer sets another."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Turns signs (each 0..1) into a level: a proportional odds model (McCullagh 1980) with fixed cut points."""

    weights: Mapping[str, float]
    cuts: tuple[float, float, float]
    """The scores from which level 1, 2 and 3 are more likely than not."""
    costs: tuple[float, ...]
    """The expected cost that the doubtful 1 %, 2 %, ... 100 % of answers reach, from the most doubtful on."""

    def levels(self, signs: Mapping[str, float]) -> Levels:
        """The probabilities of levels 0 to 3."""
        score = sum(weight * signs[name] for name, weight in self.weights.items())
        one, two, three = (1 / (1 + math.exp(min(500.0, cut - score))) for cut in self.cuts)
        return (1 - one, one - two, two - three, three)

    def judge(self, signs: Mapping[str, float]) -> tuple[int, Levels]:
        """The level with the least expected squared error, and the probabilities of all four."""
        levels = self.levels(signs)
        return min(range(4), key=lambda level: expected_cost(levels, level)), levels

    def doubts(self, levels: Levels, level: int, budget: float = BUDGET) -> bool:
        """Whether a grade is among the most doubtful `budget` (0..1) of what people commonly answer."""
        place = round(budget * len(self.costs)) - 1
        return place >= 0 and expected_cost(levels, level) >= self.costs[min(place, len(self.costs) - 1)]


def expected_cost(levels: Levels, level: int) -> float:
    """The expected squared distance of `level` from the level that a fair trainer would give.

    >>> expected_cost((0.5, 0.5, 0.0, 0.0), 0), expected_cost((0.5, 0.0, 0.0, 0.5), 0)
    (0.5, 4.5)
    """
    return sum(chance * (level - other) ** 2 for other, chance in enumerate(levels))


@functools.lru_cache(maxsize=1)
def load_scales() -> dict[str, Scale]:
    """The fitted scale of each free-text question, by its kind."""
    check_model(MODEL)
    found = json.loads((MODEL / "scales.json").read_text(encoding="utf-8"))
    return {
        kind: Scale(weights=scale["weights"], cuts=tuple(scale["cuts"]), costs=tuple(scale["costs"]))
        for kind, scale in found.items()
    }
