"""Tests of a draft that a room answers by choosing: what somebody answered, and how often each draft passes."""

from collections.abc import Mapping, Sequence
from typing import Any

from visionquiz.curriculum import Round

__all__ = ["FEWEST", "find_failed", "read_answers", "share_passed"]

FEWEST = 3
"""Tests that somebody runs on a draft: one test alone says little, because each looks at another side."""


def read_answers(body: Mapping[str, Any], tests: Sequence[Round]) -> dict[str, int]:
    """Which choice somebody made in which test, of those that there are. What a browser sent is anything."""
    sent = body.get("answers")
    if not isinstance(sent, Mapping):
        return {}
    return {
        test.id: choice
        for test in tests
        if isinstance(choice := sent.get(test.id), int)
        and not isinstance(choice, bool)
        and 0 <= choice < len(test.options)
    }


def share_passed(given: Sequence[Mapping[str, int]], tests: Sequence[Round]) -> tuple[float | None, ...]:
    """By test, how far a draft passes it, 0..1: the mean of the points chosen, of those of the best choice. None where
    nobody has run that test.
    """
    found: list[float | None] = []
    for test in tests:
        points = [test.options[one[test.id]].points for one in given if test.id in one]
        found.append(sum(points) / len(points) / (test.best or 1) if points else None)
    return tuple(found)


def find_failed(answers: Mapping[str, int], tests: Sequence[Round]) -> tuple[str, ...]:
    """Ids of the tests in which the choice has no points."""
    return tuple(test.id for test in tests if test.id in answers and test.options[answers[test.id]].points == 0)
