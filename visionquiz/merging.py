"""Two drafts made into one: the words that they share, and what of each is left in the merged one."""

from collections.abc import Iterator
from dataclasses import dataclass

from visionquiz.text import Word, content, words

__all__ = ["Merged", "check_merge", "find_common"]

GLUED = 0.9
"""A merged draft with this share of the words of both, or more, was not merged but put one after the other."""

_LOST = "Nothing is left of what only the {} draft said. Take one thought of it in; which would its author miss most?"


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What became of two drafts in a merged one, by their telling words (compared by stem; see `visionquiz.text`)."""

    kept_one: int
    """Telling words of the first draft that are left, of how many."""
    of_one: int
    kept_other: int
    of_other: int
    new: int
    """Telling words that neither had."""
    length: int
    """Words in all."""
    fault: str
    """Why this is no merged draft yet, in words for whoever wrote it; ``""`` if it is one."""


def find_common(draft: str, other: str) -> tuple[tuple[int, int], ...]:
    """Where words stand in `draft` that `other` has too, whatever their ending; small words are left out.

    >>> find_common("We keep homes warm.", "Every home is safe.")
    ((8, 13),)
    """
    there = set(_stems(other))
    return tuple((word.start, word.end) for word in content(words(draft)) if word.stem in there)


def check_merge(one: str, other: str, merged: str) -> Merged:
    """How much of each draft the merged one keeps. Any texts are welcome.

    >>> check_merge("Fix it the same day.", "Tell people the truth.", "Fix it, and tell the truth.").fault
    ''
    """
    first, second, found = set(_stems(one)), set(_stems(other)), set(_stems(merged))
    length = len(words(merged))
    kept_one, kept_other = len(first & found), len(second & found)
    fault = ""
    if not length:
        fault = "There is nothing in the box yet. Start with the draft that is shorter."
    elif _plain(merged) in (_plain(one), _plain(other)):
        fault = "This is one of the two drafts as it was. Which thought of the other one would you miss?"
    elif first | second <= found and length >= GLUED * (len(words(one)) + len(words(other))):
        fault = "Here both drafts stand one after the other. Make one sentence, and leave out what it can do without."
    elif first - second and not (first - second) & found:
        fault = _LOST.format("first")
    elif second - first and not (second - first) & found:
        fault = _LOST.format("second")
    return Merged(
        kept_one=kept_one,
        of_one=len(first),
        kept_other=kept_other,
        of_other=len(second),
        new=len(found - first - second),
        length=length,
        fault=fault,
    )


def _stems(text: str) -> Iterator[str]:
    return (word.stem for word in content(words(text)))


def _plain(text: str) -> list[str]:
    found: tuple[Word, ...] = words(text)
    return [word.plain for word in found]
