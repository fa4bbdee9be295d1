"""Statistics of agreement and of samples, in plain Python, each with its source."""

import math
import random
from collections.abc import Sequence

__all__ = [
    "auc",
    "auc_interval",
    "calibration_error",
    "difference_interval",
    "kappa_interval",
    "rank_correlation",
    "weighted_kappa",
    "wilson_interval",
]


def weighted_kappa(one: Sequence[float], other: Sequence[float]) -> float:
    """Quadratic weighted kappa of two equally long lists of levels: 1 is perfect, 0 is chance, NaN if neither varies.

    1 - (mean squared difference) / (the same if the two were independent). Halves are allowed, since squared
    differences need no categories. Cohen (1968).

    >>> weighted_kappa([0, 1, 2, 3], [0, 1, 2, 3]), weighted_kappa([0, 3], [3, 0])
    (1.0, -1.0)
    """
    count = len(one)
    if not count:
        return math.nan
    observed = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / count
    mean_one, mean_other = sum(one) / count, sum(other) / count
    # E[(a - b)^2] of independent draws = var(a) + var(b) + (difference of means)^2
    expected = (
        sum((a - mean_one) ** 2 for a in one) / count
        + sum((b - mean_other) ** 2 for b in other) / count
        + (mean_one - mean_other) ** 2
    )
    return 1 - observed / expected if expected else math.nan


def kappa_interval(
    one: Sequence[float], other: Sequence[float], *, rounds: int = 1000, seed: int = 1
) -> tuple[float, float]:
    """The 95 % percentile interval of `weighted_kappa` over resampled answers, ``(low, high)``. Efron (1979)."""
    chance = random.Random(seed)
    places = range(len(one))
    drawn = [chance.choices(places, k=len(one)) for _ in range(rounds)]
    kappas = sorted(
        kappa
        for draw in drawn
        if not math.isnan(kappa := weighted_kappa([one[i] for i in draw], [other[i] for i in draw]))
    )
    if not kappas:
        return (math.nan, math.nan)
    return kappas[int(0.025 * len(kappas))], kappas[max(0, int(0.975 * len(kappas)) - 1)]


def auc(high: Sequence[float], low: Sequence[float]) -> float:
    """The area under the ROC curve, 0..1: how often a value of `high` is above one of `low`, a tie counting half.

    .5 is a coin; NaN if either list is empty. Equal to Mann and Whitney's U over the number of pairs. Hanley and
    McNeil (1982).

    >>> auc([3, 2], [1, 2])
    0.875
    """
    if not high or not low:
        return math.nan
    return sum(_wins(value, low) for value in high) / len(high)


def auc_interval(high: Sequence[float], low: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of `auc`, ``(low, high)`` within 0..1; NaN unless both lists have two values or more.

    From the variance of each value's share of wins. DeLong, DeLong and Clarke-Pearson (1988).
    """
    if len(high) < 2 or len(low) < 2:
        return (math.nan, math.nan)
    area = auc(high, low)
    ups = [_wins(value, low) for value in high]
    downs = [1 - _wins(value, high) for value in low]
    spread = 1.959964 * math.sqrt(_variance(ups) / len(ups) + _variance(downs) / len(downs))
    return max(0.0, area - spread), min(1.0, area + spread)


def _wins(value: float, others: Sequence[float]) -> float:
    """The share of others below a value, a tie counting half."""
    return sum((value > other) + (value == other) / 2 for other in others) / len(others)


def _variance(values: Sequence[float]) -> float:
    """The sample variance, of two values or more."""
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values) / (len(values) - 1)


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Rank correlation of two equally long lists, -1..1; 0 where one of them does not vary. Spearman (1904).

    Ties get the mean of their ranks.

    >>> rank_correlation([1, 2, 3], [10, 20, 15]), rank_correlation([1, 1], [1, 2])
    (0.5, 0.0)
    """
    ranks = [_ranks(one), _ranks(other)]
    middle = (len(one) + 1) / 2
    moments = [
        sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
        for first, second in ((ranks[0], ranks[1]), (ranks[0], ranks[0]), (ranks[1], ranks[1]))
    ]
    return moments[0] / math.sqrt(moments[1] * moments[2]) if moments[1] and moments[2] else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2 + 1
        start = end + 1
    return ranks


def wilson_interval(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion, ``(low, high)`` in 0..1. Raises `ValueError` if `n` is 0. Wilson (1927).

    >>> low, high = wilson_interval(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if n <= 0:
        raise ValueError("an interval needs at least one observation")
    z = 1.959964
    share = hits / n
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (
        max(0.0, (share + z * z / (2 * n) - spread) / (1 + z * z / n)),
        min(1.0, (share + z * z / (2 * n) + spread) / (1 + z * z / n)),
    )


def difference_interval(one: tuple[float, float, int], other: tuple[float, float, int]) -> tuple[float, float]:
    """The 95 % interval of the second mean less the first, ``(low, high)``; each is (mean, standard deviation, n).

    For two samples whose spreads may differ (Welch 1947), with the t quantile by its expansion around the normal one
    (Abramowitz and Stegun 1964, 26.7.5). People who are in both make it too wide, never too narrow, as long as they
    do not do worse the better they did before. NaN where one has fewer than two people.

    >>> low, high = difference_interval((0.5, 0.2, 20), (0.7, 0.2, 20))
    >>> round(low, 3), round(high, 3)
    (0.072, 0.328)
    """
    (mean, spread, count), (mean_after, spread_after, count_after) = one, other
    if count < 2 or count_after < 2:
        return (math.nan, math.nan)
    part, part_after = spread**2 / count, spread_after**2 / count_after
    error = math.sqrt(part + part_after)
    change = mean_after - mean
    if not error:
        return (change, change)
    freedom = (part + part_after) ** 2 / (part**2 / (count - 1) + part_after**2 / (count_after - 1))
    reach = _t_quantile(freedom) * error
    return change - reach, change + reach


def _t_quantile(freedom: float) -> float:
    """Of Student's t, the point below which 97.5 % lie; from four degrees of freedom on right to .01."""
    z = 1.959964
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))


def calibration_error(chances: Sequence[float], hits: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error, 0..1: how far stated chances lie from the share that came true, weighted by bin.

    Naeini, Cooper and Hauskrecht (2015), with bins of equal width. 0 where there is nothing to compare.

    >>> calibration_error([0.9, 0.9, 0.9, 0.9], [True, True, True, False])
    0.15
    """
    found: dict[int, list[tuple[float, bool]]] = {}
    for chance, hit in zip(chances, hits, strict=True):
        found.setdefault(min(bins - 1, int(chance * bins)), []).append((chance, hit))
    total = sum(abs(sum(chance for chance, _ in part) - sum(hit for _, hit in part)) for part in found.values())
    return round(total / len(chances), 4) if chances else 0.0
