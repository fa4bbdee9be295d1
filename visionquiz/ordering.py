"""Steps that somebody put in order, held against the order that works."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["EARLY", "LATE", "RIGHT", "judge_order", "read_order"]

RIGHT, EARLY, LATE = "right", "early", "late"


def judge_order(right: Sequence[str], given: Sequence[str]) -> dict[str, str]:
    """By step, in the order given: `RIGHT`, `EARLY` or `LATE`. Both hold the same steps, each once.

    As many steps as can be are right: the longest run that goes up (Schensted 1961), not the steps that have the right
    number. Whoever put the first step last has one step to move, though every number is off by one.

    >>> judge_order("abcd", "bcda")
    {'b': 'right', 'c': 'right', 'd': 'right', 'a': 'late'}
    """
    rank = {step: place for place, step in enumerate(right)}
    runs: list[tuple[str, ...]] = []
    for place, step in enumerate(given):
        before = [runs[other] for other in range(place) if rank[given[other]] < rank[step]]
        runs.append((*max(before, key=len, default=()), step))
    kept = max(runs, key=len, default=())
    found = {}
    for place, step in enumerate(given):
        late = any(rank[other] > rank[step] for other in given[:place] if other in kept)
        found[step] = RIGHT if step in kept else LATE if late else EARLY
    return found


def read_order(body: Mapping[str, Any], steps: Sequence[str]) -> tuple[str, ...]:
    """The order that somebody sent; ``()`` where it does not hold each step once. What a browser sent is anything."""
    sent = body.get("order")
    if not isinstance(sent, list) or not all(isinstance(one, str) for one in sent):
        return ()
    return tuple(sent) if sorted(sent) == sorted(steps) else ()
