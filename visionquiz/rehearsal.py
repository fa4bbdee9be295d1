"""What invented people do in an activity, for whoever is alone: mostly right, with slips that people really make."""

from collections.abc import Callable, Mapping
from typing import Any

from visionquiz.curriculum import Activity

__all__ = ["PEOPLE", "rehearse"]

PEOPLE = 8
"""Invented people in the room of somebody who is alone."""


def rehearse(activity: Activity) -> list[dict[str, Any]]:
    """What each of `PEOPLE` invented people sends, as a browser would; none for kinds in which they do nothing."""
    invent = _INVENT.get(activity.kind)
    return [invent(activity, person) for person in range(PEOPLE)] if invent else []


def _order(activity: Activity, person: int) -> dict[str, Any]:
    """Three of eight are right; each of the others moved one step two places ahead."""
    steps = [card.id for card in activity.cards]
    if person % 8 > 2 and len(steps) > 2:
        place = 2 + (3 * person) % (len(steps) - 2)
        steps.insert(place - 2, steps.pop(place))
    return {"order": steps}


def _pick(activity: Activity, person: int) -> dict[str, Any]:
    """Eight people each: every second one to begin with, others in turn."""
    people = [card.id for card in activity.cards]
    turned = people[person:] + people[:person]
    return {"picked": sorted((turned[::2] + turned[1::2])[:8])}


_INVENT: Mapping[str, Callable[[Activity, int], dict[str, Any]]] = {"order": _order, "pick": _pick}
