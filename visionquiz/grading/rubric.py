"""The rubric as arithmetic: from the parts of an answer to the probabilities of its four levels.

The parts are uncertain, so each comes as probabilities, and they are taken as independent.
"""

import math
from collections.abc import Mapping, Sequence

__all__ = ["Levels", "contribute_levels", "expected", "explain_levels", "state_levels"]

Levels = tuple[float, float, float, float]
"""The probabilities of levels 0 to 3; they add up to 1."""

MOST_POINTS = 0.6
"""From this share of the meaning points on, an explanation covers most of them."""


def state_levels(ideas: Sequence[Sequence[float]]) -> Levels:
    """Levels of a recalled statement from its ideas, each (there, paraphrased, missing, changed).

    Every idea in its own wording is 3, every idea said is 2, some said is 1, none is 0.

    >>> state_levels([(1, 0, 0, 0), (0, 1, 0, 0)])
    (0, 0, 1, 0)
    """
    verbatim = math.prod(there for there, _, _, _ in ideas)
    said = math.prod(there + put for there, put, _, _ in ideas)
    none = math.prod(missing + changed for _, _, missing, changed in ideas)
    return (none, 1 - said - none, said - verbatim, verbatim)


def explain_levels(points: Sequence[Sequence[float]], core: Sequence[float], own_words: float) -> Levels:
    """Levels of an explanation from its points and its core, and the probability that it is in own words.

    A point is (covered, ...), the core (right, vague, wrong, missing).

    >>> explain_levels([(1.0,), (1.0,), (0.0,)], (1, 0, 0, 0), 1.0)
    (0.0, 0.0, 0.0, 1.0)
    >>> explain_levels([(1.0,), (1.0,), (0.0,), (0.0,)], (1, 0, 0, 0), 1.0)
    (0.0, 0.0, 1.0, 0.0)
    """
    levels = [0.0, 0.0, 0.0, 0.0]
    for count, chance in enumerate(_counts([point[0] for point in points])):
        most = count >= 2 and count >= MOST_POINTS * len(points)
        for place, weight in enumerate(core):
            if place == 0:
                level = 3 if most else 2 if count else 1
            elif place == 1:
                level = 1
            else:
                level = 1 if count else 0
            levels[level] += chance * weight * own_words
    # Repeated words show no understanding, unless something of one's own goes with them.
    levels[1] += (1 - own_words) * (core[0] + core[1])
    levels[0] += (1 - own_words) * (core[2] + core[3])
    return (levels[0], levels[1], levels[2], levels[3])


def contribute_levels(parts: Mapping[str, Sequence[float]]) -> Levels:
    """Levels of a contribution from `personal`, `concrete`, `fits_role`, `linked` and `against`, as in `HEADS`.

    >>> sure = {"personal": (1, 0, 0), "concrete": (1, 0, 0), "fits_role": (1, 0, 0), "against": (1, 0)}
    >>> contribute_levels({**sure, "linked": (1, 0, 0)})[3], contribute_levels({**sure, "linked": (0, 1, 0)})[2]
    (1, 1)
    """
    mine, ours, nobody = parts["personal"]
    seen, half, vague = parts["concrete"]
    clear, weak, none = parts["linked"]
    serves = parts["against"][0] * (1 - parts["fits_role"][1])
    three = mine * seen * clear
    two = mine * (seen * (weak + none) + half * clear)
    one = mine * (half * (weak + none) + vague) + ours + nobody * (seen + half)
    # Good will without any job in it ("I do my best") is something, unless nothing ties it to work here at all.
    loose = mine * vague * none * parts["fits_role"][2]
    return (
        1 - serves * (three + two + one - loose),
        serves * (one - loose),
        serves * two,
        serves * three,
    )


def expected(levels: Sequence[float]) -> float:
    """The expected level, 0..3.

    >>> expected((0.5, 0.0, 0.0, 0.5))
    1.5
    """
    return sum(level * chance for level, chance in enumerate(levels))


def _counts(chances: Sequence[float]) -> list[float]:
    """The distribution of how many of independent events happen (Poisson binomial; Wang 1993)."""
    found = [1.0]
    for chance in chances:
        happens, fails = [0.0, *(chance * had for had in found)], [*((1 - chance) * had for had in found), 0.0]
        found = [one + other for one, other in zip(happens, fails, strict=True)]
    return found
