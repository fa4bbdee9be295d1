"""Weak scenario items: cues that let people find the best option without knowing the vision.

The cues are the classic ones of item writing (Haladyna, Downing and Rodriguez 2002, guidelines 24 and 28): the key is
longer than the distractors, always stands in the same place, or absolutes give an option away.
"""

import re
from collections.abc import Iterable

from visionquiz.errors import Problem
from visionquiz.vision import Scenario, Vision

__all__ = ["check_scenarios", "longest_best"]

LONGER = 1.2
"""A best option this many times as long as the next longest is a cue that a reader can see."""

ABSOLUTES = re.compile(
    r"\b(all|always|completely|every|everybody|everyone|everything|guaranteed|impossible|must|never|no one|nobody|none"
    r"|nothing|only)\b",
    re.IGNORECASE,
)


def check_scenarios(vision: Vision, file: str = "vision.toml") -> list[Problem]:
    """Warnings about items that give themselves away and about meaning points that no scenario tests."""

    def warn(place: str, message: str) -> Problem:
        return Problem(file=file, place=place, message=message, severity="warning")

    scenarios = vision.scenarios
    found = []
    longest = longest_best(scenarios)
    if longest:
        found.append(
            warn(
                "scenarios",
                f"the best option is clearly the longest in {len(longest)} of {len(scenarios)} "
                f"({', '.join(longest)}); shorten it or lengthen another, or people pick by length",
            )
        )
    places = {scenario.options.index(max(scenario.options, key=lambda option: option.points)) for scenario in scenarios}
    if len(scenarios) >= 3 and len(places) == 1:
        found.append(
            warn(
                "scenarios",
                f"the best option stands in place {places.pop() + 1} in all {len(scenarios)}; "
                "vary the place (the check shuffles options, other uses may not)",
            )
        )
    for scenario in scenarios:
        words = _absolutes(option.text for option in scenario.options)
        if words:
            found.append(
                warn(
                    f"scenarios: {scenario.id}",
                    f"options use absolutes ({', '.join(words)}); people learn to avoid or pick such options unread",
                )
            )
    tested = {point for scenario in scenarios for point in scenario.meaning}
    untested = [point.id for point in vision.meaning if point.id not in tested]
    if scenarios and untested:
        found.append(
            warn(
                "scenarios",
                f"no scenario tests {', '.join(untested)}; name the meaning points a scenario tests in its 'meaning'",
            )
        )
    return found


def longest_best(scenarios: Iterable[Scenario]) -> list[str]:
    """The ids of those whose best option is clearly the longest."""
    return [scenario.id for scenario in scenarios if _best_is_longest(scenario)]


def _best_is_longest(scenario: Scenario) -> bool:
    lengths = [len(option.text) for option in scenario.options if option.points < scenario.best]
    best = max(len(option.text) for option in scenario.options if option.points == scenario.best)
    return best >= LONGER * max(lengths)


def _absolutes(texts: Iterable[str]) -> list[str]:
    return sorted({found.lower() for text in texts for found in ABSOLUTES.findall(text)})
