"""Statistics of agreement and of samples, in plain Python, each with its source."""

import math
import random
from collections.abc import Sequence

__all__ = [
    "alpha_interval",
    "auc",
    "auc_interval",
    "calibration_error",
    "correlation",
    "correlation_interval",
    "cronbach_alpha",
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
    return correlation(_ranks(one), _ranks(other))


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Product-moment correlation of two equally long lists, -1..1; 0 where one of them does not vary. Pearson (1896).

    >>> correlation([1, 2, 3], [2, 4, 6]), correlation([1, 1], [1, 2])
    (1.0, 0.0)
    """
    count = len(one)
    if not count or min(one) == max(one) or min(other) == max(other):
        return 0.0
    middle, middle_other = sum(one) / count, sum(other) / count
    together = sum((a - middle) * (b - middle_other) for a, b in zip(one, other, strict=True))
    apart = sum((a - middle) ** 2 for a in one) * sum((b - middle_other) ** 2 for b in other)
    return max(-1.0, min(1.0, together / math.sqrt(apart)))


def correlation_interval(r: float, n: int, *, ranks: bool = False) -> tuple[float, float]:
    """The 95 % interval of a correlation of `n` pairs, ``(low, high)`` within -1..1; NaN for fewer than four pairs.

    By Fisher's z (1921); for a rank correlation with the standard error of Bonett and Wright (2000). Of points in few
    levels it is an approximation.

    >>> low, high = correlation_interval(0.5, 30)
    >>> round(low, 3), round(high, 3)
    (0.17, 0.729)
    """
    if n < 4:
        return (math.nan, math.nan)
    if abs(r) >= 1:
        return (r, r)
    reach = 1.959964 * math.sqrt((1 + (r * r / 2 if ranks else 0)) / (n - 3))
    return math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach)


def cronbach_alpha(rows: Sequence[Sequence[float]]) -> float:
    """How consistently a check's parts measure one thing: 1 is perfect, 0 is nothing in common, and it may be below 0.

    A row per person with a figure per part. k / (k - 1) times (1 - sum of the parts' variances / variance of the
    total); a lower bound of the reliability of the total. NaN for fewer than two parts or people, or where the total
    does not vary. Cronbach (1951).

    >>> round(cronbach_alpha([(1, 2), (2, 2), (3, 4)]), 3)
    0.923
    """
    parts = len(rows[0]) if rows else 0
    if parts < 2 or len(rows) < 2:
        return math.nan
    whole = _variance([sum(row) for row in rows])
    return parts / (parts - 1) * (1 - sum(map(_variance, zip(*rows, strict=True))) / whole) if whole else math.nan


def alpha_interval(rows: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The 95 % interval of `cronbach_alpha`, ``(low, high)``, below 1; NaN where alpha is, or is 1.

    Without an assumption on how the figures are distributed, which levels 0 to 3 would break: from what each person
    moves alpha (Maydeu-Olivares, Coffman and Hartmann 2007), on the scale of ln(1 - alpha) (Bonett 2002).
    """
    alpha = cronbach_alpha(rows)
    if not alpha < 1:
        return (math.nan, math.nan)
    count, parts = len(rows), len(rows[0])
    middles = [sum(column) / count for column in zip(*rows, strict=True)]
    within = [sum((value - middle) ** 2 for value, middle in zip(row, middles, strict=True)) for row in rows]
    total = [(sum(row) - sum(middles)) ** 2 for row in rows]
    whole, ratio = sum(total) / count, sum(within) / sum(total)
    moves = [parts / (parts - 1) * (one - ratio * other) / whole for one, other in zip(within, total, strict=True)]
    reach = 1.959964 * math.sqrt(sum(move**2 for move in moves)) / count / (1 - alpha)
    return 1 - (1 - alpha) * math.exp(reach), 1 - (1 - alpha) * math.exp(-reach)


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
