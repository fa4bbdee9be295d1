"""The yes or no test: whoever watches a call says whether the vision was lived in it."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from visionquiz.stats import kappa_interval, weighted_kappa, wilson_interval

__all__ = ["Agreement", "Observation", "Observed", "sum_observations"]


@dataclass(frozen=True, kw_only=True)
class Observation:
    """What one observer saw in one call, visit or email."""

    contact: str
    observer: str
    lived: bool


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far two observers of the same contacts agree."""

    contacts: int
    """Contacts that both watched."""
    same: int
    kappa: float
    """1 perfect, 0 chance; NaN where both said the same of everything. Cohen (1960)."""
    interval: tuple[float, float]
    """95 % of kappa; NaN twice where it cannot be told."""
    observers: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Observed:
    """All observations of one draft."""

    contacts: int
    lived: int
    """Contacts of which every observer said yes."""
    split: int
    """Contacts of which one said yes and another no: is the draft plain enough to be seen?"""
    interval: tuple[float, float]
    """95 % of ``lived / contacts``; 0 to 1 where nothing was observed. Wilson (1927)."""
    agreements: tuple[Agreement, ...]
    """Every two observers who watched a contact together, those with most contacts first."""


def sum_observations(observations: Sequence[Observation]) -> Observed:
    """How often the vision was lived, and whether two observers see the same. The last word of each observer counts."""
    seen: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for one in observations:
        seen[one.contact][one.observer] = one.lived
    pairs: defaultdict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for said in seen.values():
        for first, second in combinations(sorted(said), 2):
            pairs[first, second].append((said[first], said[second]))
    lived = sum(all(said.values()) for said in seen.values())
    return Observed(
        contacts=len(seen),
        lived=lived,
        split=sum(len(set(said.values())) > 1 for said in seen.values()),
        interval=wilson_interval(lived, len(seen)) if seen else (0.0, 1.0),
        agreements=tuple(
            _agree(names, both) for names, both in sorted(pairs.items(), key=lambda item: (-len(item[1]), item[0]))
        ),
    )


def _agree(observers: tuple[str, str], both: Sequence[tuple[bool, bool]]) -> Agreement:
    one, other = [float(first) for first, _ in both], [float(second) for _, second in both]
    # Of two answers there is one distance only, so that the weighted kappa is Cohen's first.
    kappa = weighted_kappa(one, other)
    return Agreement(
        contacts=len(both),
        same=sum(first == second for first, second in both),
        kappa=kappa,
        interval=(math.nan, math.nan) if math.isnan(kappa) else kappa_interval(one, other),
        observers=observers,
    )
