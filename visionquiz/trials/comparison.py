"""Whether people do better with one draft than with another, how sure that is, and how many people it takes.

Scores of recall are shares with a heap at 0 or at 1, and trials are small: a t test is not to be trusted there. So the
scores are dealt out to the drafts anew in every way, or in several thousand ways, and what was found is held against
what chance makes of these very scores. The figure that is compared is the difference of two means over its standard
error, which keeps the test right where one draft's scores spread more than the other's (Janssen 1997; Chung and Romano
2013). A figure that chance reaches exactly counts half, the mid-p of Lancaster (1961): with few people and many equal
scores the test would otherwise raise far fewer false alarms than it may, and miss differences. With more than two
drafts every pair is held against the largest figure that any pair gets by chance, so that more drafts make no more
false alarms (Westfall and Young 1993). The interval holds the differences that the same test does not rule out, so
that it and the verdict never part.

Simulated, drafts that are remembered equally well seem to differ in 3 to 5 of 100 trials. Where only their means are
equal, one draft splits people into all and nothing, and fewer than 20 read it, it may be about 10 of 100.
"""

import functools
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from visionquiz.errors import TrialError

__all__ = [
    "FEWEST",
    "PEOPLE_LIMIT",
    "Comparison",
    "Power",
    "Summary",
    "compare_drafts",
    "compare_pair",
    "people_needed",
    "power_table",
]

FEWEST = 4
"""People per draft below which no verdict is given: three against three can be dealt out in 20 ways only, and the most
unequal of them comes up by chance in 2 of 20."""

PEOPLE_LIMIT = 5_000
"""People in one comparison."""

ALPHA = 0.05
POWER = 0.8
WORTH = 0.2
"""The difference that a team would choose a draft for: one word of weight in five."""

_DEALS = 5_000
"""Up to so many ways of dealing out, all are tried; otherwise as many by chance, always the same ones, so that the same
scores get the same verdict again."""

_GRAIN = 0.1**2
"""Added to each draft's variance. Scores go in steps of about a word in ten; four equal ones do not mean that the fifth
would be equal too."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The scores of one draft."""

    draft: str
    n: int
    mean: float
    """0..1; NaN where nobody was asked."""
    spread: float
    """Standard deviation; NaN for fewer than two people."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two drafts held against each other."""

    better: Summary
    """The one with the higher mean; at a tie, the one named first."""
    other: Summary
    difference: float
    """``better.mean - other.mean``, 0..1; NaN where one of them has no scores."""
    interval: tuple[float, float]
    """95 % of it, within -1..1; over all pairs together where there are more than two drafts."""
    p: float
    """The mid-p: how often chance alone makes a difference as large as this one, 0..1; 1 where too few were asked."""
    drafts: int
    """How many drafts were compared with one another."""

    @property
    def enough(self) -> bool:
        """Whether there are enough people to say anything."""
        return min(self.better.n, self.other.n) >= FEWEST

    @property
    def differs(self) -> bool:
        """Whether the difference is larger than chance explains: 0 lies outside the interval."""
        return self.enough and self.interval[0] > 0

    @property
    def needed(self) -> int:
        """People per draft that show a difference of `WORTH` four times in five, at the spread of these scores.

        It does not start from the difference that was found: that would say no more than p does (Hoenig and Heisey
        2001).
        """
        spreads = [one.spread for one in (self.better, self.other) if not math.isnan(one.spread)]
        spread = math.sqrt(sum(one**2 for one in spreads) / len(spreads)) if spreads else _USUAL
        return people_needed(WORTH, max(spread, 0.15), drafts=self.drafts)


@dataclass(frozen=True, kw_only=True)
class Power:
    """How many people it takes to see a difference."""

    difference: float
    spread: float
    per_draft: int


_USUAL = 0.3
"""A usual standard deviation of recall scores: that of the rated answers in the tests is about this."""


def compare_drafts(scores: Mapping[str, Sequence[float]]) -> tuple[Comparison, ...]:
    """Every pair of drafts, those that are furthest apart first, given the scores (0..1) of each draft's people.

    Raises `TrialError` for fewer than two drafts, a score that is no number from 0 to 1, or above `PEOPLE_LIMIT`.

    >>> found, = compare_drafts({"a": [1, 0.9, 1, 0.8, 1], "b": [0.2, 0.1, 0, 0.3, 0.2]})
    >>> found.better.draft, found.differs, round(found.difference, 2), round(found.p, 3)
    ('a', True, 0.78, 0.004)
    """
    _check(scores)
    names = list(scores)
    summaries = {name: _summarise(name, scores[name]) for name in names}
    judged = [name for name in names if len(scores[name]) >= FEWEST]
    tested = _test_pairs([scores[name] for name in judged]) if len(judged) > 1 else {}
    found = []
    for one, other in itertools.combinations(names, 2):
        # Nobody asked: NaN, and so not better.
        first, second = sorted((summaries[one], summaries[other]), key=lambda summary: -_or_less(summary.mean))
        half, p = math.inf, 1.0
        if one in judged and other in judged:
            half, p = tested[judged.index(one), judged.index(other)]
        difference = first.mean - second.mean
        # Rounded, so that a figure that chance reaches exactly does not seem to lie above it.
        low, high = round(max(-1.0, difference - half), 6), round(min(1.0, difference + half), 6)
        found.append(
            Comparison(
                better=first,
                other=second,
                difference=difference,
                interval=(-1.0, 1.0) if math.isnan(difference) else (low, high),
                p=p,
                drafts=len(names),
            )
        )
    return tuple(sorted(found, key=lambda pair: (pair.p, -_or_less(pair.difference))))


def compare_pair(with_it: Sequence[float], without: Sequence[float]) -> Comparison:
    """Two groups of people, named ``with`` and ``without``; see `compare_drafts`."""
    return compare_drafts({"with": with_it, "without": without})[0]


def people_needed(difference: float, spread: float, *, drafts: int = 2) -> int:
    """People per draft who show a difference of means four times in five, at this standard deviation of the scores.

    Raises `ValueError` unless difference and spread are above 0. The normal formula with Guenther's correction for an
    estimated spread (Guenther 1981), for all pairs of `drafts` at once by Bonferroni; never fewer than `FEWEST`.

    >>> people_needed(0.2, 0.3), people_needed(0.1, 0.3)
    (37, 143)
    """
    if not (difference > 0 and spread > 0):
        raise ValueError("a difference and a spread are above 0")
    normal = NormalDist()
    critical = normal.inv_cdf(1 - ALPHA / 2 / math.comb(max(drafts, 2), 2))
    exact = 2 * (spread / difference) ** 2 * (critical + normal.inv_cdf(POWER)) ** 2 + critical**2 / 4
    return max(FEWEST, math.ceil(exact))


def power_table(
    spreads: Sequence[float] = (0.2, 0.3, 0.4), differences: Sequence[float] = (0.1, 0.2, 0.3), *, drafts: int = 2
) -> tuple[Power, ...]:
    """People per draft for each difference and each spread of the scores, at 80 % power; see `people_needed`."""
    return tuple(
        Power(difference=difference, spread=spread, per_draft=people_needed(difference, spread, drafts=drafts))
        for difference in differences
        for spread in spreads
    )


def _check(scores: Mapping[str, Sequence[float]]) -> None:
    if len(scores) < 2:
        raise TrialError("A comparison needs two drafts or more.")
    people = sum(map(len, scores.values()))
    if people > PEOPLE_LIMIT:
        raise TrialError(f"{people:,} scores are more than one comparison takes, {PEOPLE_LIMIT:,}.")
    for name, values in scores.items():
        if not all(0 <= value <= 1 for value in values):
            raise TrialError(f"Draft {name} has a score that is no number from 0 to 1.")


def _or_less(value: float) -> float:
    return -1.0 if math.isnan(value) else value


def _summarise(name: str, values: Sequence[float]) -> Summary:
    n = len(values)
    mean = math.fsum(values) / n if n else math.nan
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1)) if n > 1 else math.nan
    return Summary(draft=name, n=n, mean=mean, spread=spread)


def _test_pairs(groups: Sequence[Sequence[float]]) -> dict[tuple[int, int], tuple[float, float]]:
    """By pair of groups: half the width of the interval, and p."""
    import numpy as np

    values = np.array([value for group in groups for value in group], dtype=np.float64)
    # Differences do not change, and small numbers lose less by rounding.
    values -= values.mean()
    sizes = tuple(map(len, groups))
    pairs = list(itertools.combinations(range(len(sizes)), 2))
    means, errors = _moments(values, sizes)
    shape = (len(pairs), means.shape[1])
    figures, widths = np.empty(shape), np.empty(shape)
    for row, (one, other) in enumerate(pairs):
        widths[row] = np.sqrt(errors[one] + errors[other])
        figures[row] = np.abs(means[one] - means[other]) / widths[row]
    # What rounding alone sets apart is equal.
    largest = np.round(figures.max(axis=0), 9)
    seen = np.round(figures[:, 0], 9)
    ordered = np.sort(largest)
    # The largest figure that is not ruled out: its mid-p is above 5 %.
    below, upto = np.searchsorted(ordered, ordered, "left"), np.searchsorted(ordered, ordered, "right")
    chances = 1 - (below + upto) / 2 / len(ordered)
    bound = ordered[chances > ALPHA].max()
    found = {}
    for row, pair in enumerate(pairs):
        mid = (float((largest > seen[row]).mean()) + float((largest >= seen[row]).mean())) / 2
        found[pair] = float(bound * widths[row, 0]), mid
    return found


def _moments(values: Any, sizes: tuple[int, ...]) -> tuple[Any, Any]:
    """Per group and deal: the mean, and the square of its standard error. The first deal is as it was."""
    import numpy as np

    n = np.array(sizes, dtype=np.float64)[:, None]
    both = np.stack([values, values**2], axis=1)
    dealt = [mine @ both for mine in _deals(sizes)]
    # Who is in no other group is in the last one.
    sums = np.stack([*dealt, both.sum(axis=0) - sum(dealt)])
    means = sums[..., 0] / n
    squares = np.maximum(sums[..., 1] - n * means**2, 0)
    return means, (squares / (n - 1) + _GRAIN) / n


@functools.lru_cache(maxsize=2)
def _deals(sizes: tuple[int, ...]) -> Any:
    """Ways in which people could have been dealt out to groups of these sizes, the first as they were.

    Per group but the last a matrix, by way and person: 1 where that person is in the group, else 0.
    """
    import numpy as np

    people = sum(sizes)
    own = np.repeat(np.arange(len(sizes), dtype=np.int8), sizes)
    if len(sizes) == 2 and math.comb(people, sizes[0]) <= _DEALS:
        deals = np.ones((math.comb(people, sizes[0]), people), dtype=np.int8)
        for row, chosen in enumerate(itertools.combinations(range(people), sizes[0])):
            deals[row, list(chosen)] = 0
    else:
        # A large trial needs fewer of them: its figures vary less.
        rows = max(999, min(_DEALS - 1, 1_000_000 // people))
        others = np.random.default_rng(1).permuted(np.tile(own, (rows, 1)), axis=1)
        deals = np.concatenate([own[None, :], others])
    return [(deals == number).astype(np.float64) for number in range(len(sizes) - 1)]
