"""What invented people do in an activity, for whoever is alone or rehearses: mostly right, with slips people make."""

from collections.abc import Callable, Mapping
from typing import Any

from visionquiz.curriculum import Activity
from visionquiz.line_of_sight import invent_contributions
from visionquiz.own_words import invent_explanations
from visionquiz.upkeep import invent_plans, read_phases
from visionquiz.vision import Vision

__all__ = ["PEOPLE", "invent_doings"]

PEOPLE = 8
"""Invented people who put things in order, choose a team or test a draft."""


def invent_doings(activity: Activity, vision: Vision) -> list[Mapping[str, Any]]:
    """What invented people send, as a browser would; none for kinds in which they do nothing."""
    match activity.kind:
        case "explain":
            return invent_explanations(vision)
        case "contribute":
            return invent_contributions(vision)
        case "plan":
            return invent_plans(activity.cards, read_phases(activity.bins))
    invent = _INVENT.get(activity.kind)
    return [body for person in range(PEOPLE) for body in invent(activity, person)] if invent else []


def _order(activity: Activity, person: int) -> list[dict[str, Any]]:
    """Three of eight are right; each of the others moved one step two places ahead."""
    steps = [card.id for card in activity.cards]
    if person % 8 > 2 and len(steps) > 2:
        place = 2 + (3 * person) % (len(steps) - 2)
        steps.insert(place - 2, steps.pop(place))
    return [{"order": steps}]


def _pick(activity: Activity, person: int) -> list[dict[str, Any]]:
    """Eight people each: every second one to begin with, others in turn."""
    people = [card.id for card in activity.cards]
    turned = people[person:] + people[:person]
    return [{"picked": sorted((turned[::2] + turned[1::2])[:8])}]


def _test(activity: Activity, person: int) -> list[dict[str, Any]]:
    """Four tests a draft. A draft's card names the tests that catch it; two of eight people miss that, or see more."""
    found = []
    for number, card in enumerate(activity.cards):
        answers = {}
        for place, test in enumerate(activity.rounds):
            if (place + person) % 3 == 2:
                continue
            caught = (test.id in card.bins) != ((3 * person + place + number) % PEOPLE < 2)
            ranked = sorted(range(len(test.options)), key=lambda one: test.options[one].points)
            answers[test.id] = ranked[0 if caught else -1]
        found.append({"draft": card.id, "answers": answers})
    return found


_INVENT: Mapping[str, Callable[[Activity, int], list[dict[str, Any]]]] = {
    "order": _order,
    "pick": _pick,
    "tests": _test,
}
