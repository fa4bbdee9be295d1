"""What figures of a check's quality mean, in a sentence each, for somebody who is no statistician."""

import math
from collections.abc import Callable

from visionquiz.quality import ENOUGH, FAIR, POOR, Item, Reliability

__all__ = ["across", "difficulty_in_words", "discrimination_in_words", "length_in_words", "reliability_in_words"]

HARDNESS = (
    (0.95, "Nearly everybody has it: it tells little. Ask something harder."),
    (0.85, "Easy: good to begin with."),
    (0.5, "Neither easy nor hard: keep it."),
    (0.3, "Rather hard: see what people lack, and teach that."),
    (0.1, "Hard: was it taught, and is it clear what is asked for?"),
    (0.0, "Nearly nobody has it: look at the wording, and whether it was taught."),
)
"""From which mean share of the points on, and what that says."""

LINKS = (
    (0.4, "It tells people apart very well: keep it."),
    (FAIR, "It tells people apart well: keep it."),
    (-1.0, "It tells people apart a little."),
)
"""The same for an item's link with the rest, where it is sure enough. Limits by Ebel (1965)."""

TRUST = (
    (0.9, "That is very good: even single people can be compared by it."),
    (0.7, "That is enough to compare groups; do not decide anything about single people by it."),
    (0.5, "That is enough for the mean of many people, not to compare single ones. More questions would help."),
    (
        -math.inf,
        "So the parts measure different things, or they are too few: read each by itself, and do not rank people.",
    ),
)
"""The same for alpha; limits after Nunnally (1978)."""

CLEAR = 0.3
"""A rank correlation of words and points from which on length is worth a look."""


def across(low: float, high: float, *, number: Callable[[float], str]) -> str:
    """An interval in words."""
    return f"{number(low)} to {number(high)}"


def difficulty_in_words(item: Item) -> str:
    """How hard an item is, and what to do about it."""
    if item.mean is None:
        return "Nobody has answered it yet."
    return _said(HARDNESS, item.mean) if item.people >= ENOUGH else "Too few people to tell."


def discrimination_in_words(item: Item) -> str:
    """How far an item's points go with those of the rest, and what to do; why that is not known, where it is not."""
    found = item.discrimination
    if found.value is None or found.low is None or found.high is None:
        return f"Not known: {found.why}."
    said = _said(LINKS, found.value)
    if found.high < 0:
        said = "Those who do well elsewhere do worse here: look at the key and the wording."
    elif item.hardly_tells:
        other = "mend it, or leave it out" if item.kind == "scenario" else "look at some answers of each level"
        said = f"It hardly tells people apart: {other}."
    elif found.low < POOR:
        said = "It is not sure yet what that says: wait for more people before you change it."
    return f"Link {found.told}. {said}"


def length_in_words(item: Item) -> str:
    """Whether longer answers get more points."""
    found = item.length
    if found is None or found.value is None or found.low is None or found.high is None:
        return f"Not known: {found.why if found else 'nobody wrote anything'}."
    link = f"Link {found.told}"
    if found.low <= 0 <= found.high:
        return f"{link}: length makes no clear difference, as it should be."
    if found.value < 0:
        return f"{link}: shorter answers get more. Look at long ones with few points: do they say too much else?"
    if found.value < CLEAR:
        return f"{link}: longer answers get a little more, which is natural: they say more."
    return f"{link}: longer answers get more. Look at some long ones with full points: do they say it, or just a lot?"


def reliability_in_words(found: Reliability) -> str:
    """Alpha and the error of one person's result; why alpha is not told, where it is not."""
    alpha = found.alpha
    if alpha.value is None:
        return f"It is not known: {alpha.why}."
    error = ""
    if found.error is not None:
        error = (
            f" A person’s result is right to about {found.error * 100:.0f} points up or down in two cases of three, so "
            "smaller differences between two people say nothing."
        )
    return f"Cronbach’s alpha is {alpha.told} (1 is perfect). {_said(TRUST, alpha.value)}{error}"


def _said(limits: tuple[tuple[float, str], ...], value: float) -> str:
    return next((said for limit, said in limits if value >= limit), limits[-1][1])
