"""From signs to a level with honest probabilities, and when to ask a person.

The weights, cut points and thresholds are fitted on organisations that the model never saw (`training/fit.py`) and are
constants here, so a level never depends on who else answered.
"""

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from visionquiz.grading.encoder import MODEL, check_model
from visionquiz.grading.rubric import Levels

__all__ = ["BUDGET", "Scale", "Shifts", "expected_cost", "learn_shifts", "load_scales"]

BUDGET = 0.15
"""The share of answers that may go to a person for doubt, unless the trainer sets another."""


POWER = 1.5
"""Of the distance between levels. At 2, which weighted kappa asks for, an answer that is either nothing or all gets a
level in between that nobody would give it; at 1, more worthless answers get much. Chosen on fold 1."""

LEAST_CHANCE = 1e-4
"""No expert can rule a level out."""

Shifts = tuple[float, float, float]
"""How far a trainer's cut points lie above the general ones, on the scale's own units (log odds)."""

COMMON, SINGLE = 0.5, 0.2
"""Standard deviations that are expected of a trainer's severity as a whole, and of each cut besides: small, so that
few grades move little."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Turns signs (each 0..1) into a level: a proportional odds model (McCullagh 1980) with fixed cut points, times the
    probabilities of experts who judge the level themselves, each to the power of how far it is trusted (Hinton 2002).

    The first says how much there is; the experts can say "all or nothing", which no single score can.
    """

    weights: Mapping[str, float]
    cuts: tuple[float, float, float]
    """The scores from which level 1, 2 and 3 are more likely than not, as far as no expert knows better."""
    costs: tuple[float, ...]
    """The expected cost that the doubtful 1 %, 2 %, ... 100 % of answers reach, from the most doubtful on."""
    trust: Mapping[str, float] = field(default_factory=dict)
    """By the name of an expert, whose probabilities are the signs ``<name>-0`` to ``<name>-3``."""

    def shifted(self, shifts: Shifts) -> "Scale":
        """The same scale with a trainer's own cut points, kept in order."""
        one, two, three = (cut + shift for cut, shift in zip(self.cuts, shifts, strict=True))
        return replace(self, cuts=(one, max(one, two), max(one, two, three)))

    def levels(self, signs: Mapping[str, float]) -> Levels:
        """The probabilities of levels 0 to 3."""
        score = sum(weight * signs[name] for name, weight in self.weights.items())
        one, two, three = (1 / (1 + math.exp(min(500.0, cut - score))) for cut in self.cuts)
        found = [1 - one, one - two, two - three, three]
        for name, power in self.trust.items():
            said = (max(LEAST_CHANCE, signs[f"{name}-{level}"]) for level in range(4))
            found = [chance * one**power for chance, one in zip(found, said, strict=True)]
        total = sum(found)
        if not total > 0:
            return (1 - one, one - two, two - three, three)
        zero, first, second, third = (chance / total for chance in found)
        return (zero, first, second, third)

    def weigh(self, signs: Mapping[str, float]) -> list[float]:
        """The signs as far as they move the level, in log odds: answers that are near each other here are alike."""
        said = (
            power * math.log(max(LEAST_CHANCE, signs[f"{name}-{level}"]))
            for name, power in self.trust.items()
            for level in range(4)
        )
        return [*(weight * signs[name] for name, weight in self.weights.items()), *said]

    def judge(self, signs: Mapping[str, float]) -> tuple[int, Levels]:
        """The level with the least expected cost, and the probabilities of all four."""
        levels = self.levels(signs)
        return min(range(4), key=lambda level: expected_cost(levels, level)), levels

    def doubts(self, levels: Levels, level: int, budget: float = BUDGET) -> bool:
        """Whether a grade is among the most doubtful `budget` (0..1) of what people commonly answer."""
        place = round(budget * len(self.costs)) - 1
        return place >= 0 and expected_cost(levels, level) >= self.costs[min(place, len(self.costs) - 1)]


def expected_cost(levels: Sequence[float], level: int) -> float:
    """What `level` is expected to cost: the distance from the level that a fair trainer would give, to the power 1.5.

    Two levels off are nearly three times as bad as one.

    >>> expected_cost((0.5, 0.5, 0.0, 0.0), 0), round(expected_cost((0.5, 0.0, 0.0, 0.5), 0), 2)
    (0.5, 2.6)
    """
    return sum(chance * math.pow(abs(level - other), POWER) for other, chance in enumerate(levels))


def learn_shifts(scale: Scale, signs: Sequence[Mapping[str, float]], levels: Sequence[int]) -> Shifts:
    """How a trainer who gave these levels (0..3) to answers with these signs sets the cut points.

    The most probable shifts under a normal prior (see `COMMON`, `SINGLE`), by coordinate descent: without grades they
    are 0, and one grade more can only move them a little.
    """

    def cost(shifts: Shifts) -> float:
        moved = scale.shifted(shifts)
        chances = (moved.levels(row)[level] for row, level in zip(signs, levels, strict=True))
        mean = sum(shifts) / 3
        # The prior of a common part and a part of each cut, the common part taken out.
        spread = sum((shift - mean) ** 2 for shift in shifts) / (2 * SINGLE**2)
        return spread + mean**2 / (2 * (COMMON**2 + SINGLE**2 / 3)) - sum(math.log(max(1e-9, one)) for one in chances)

    best: Shifts = (0.0, 0.0, 0.0)
    least = cost(best)
    directions = ((1, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1))
    for step in (0.4, 0.2, 0.1, 0.05, 0.02):
        moved = True
        while moved:
            moved = False
            for direction in directions:
                for sign in (step, -step):
                    one, two, three = (shift + sign * part for shift, part in zip(best, direction, strict=True))
                    if (found := cost((one, two, three))) < least - 1e-9:
                        best, least, moved = (one, two, three), found, True
    return (round(best[0], 3), round(best[1], 3), round(best[2], 3))


@functools.lru_cache(maxsize=1)
def load_scales() -> dict[str, Scale]:
    """The fitted scale of each free-text question, by its kind."""
    check_model(MODEL)
    found = json.loads((MODEL / "scales.json").read_text(encoding="utf-8"))
    return {
        kind: Scale(**{**scale, "cuts": tuple(scale["cuts"]), "costs": tuple(scale["costs"])})
        for kind, scale in found.items()
    }
