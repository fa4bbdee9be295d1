"""How often English words are used and how many syllables they have: words.txt, read when first asked for.

The file is made by ``training/word_list.py`` and has a licence of its own: see words.LICENSE beside it.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["RAREST", "Entry", "look_up", "syllables", "zipf"]

RAREST = 2.9
"""The Zipf frequency given to a word that is not listed: used less than once in a million words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one word."""

    zipf: float
    syllables: int | None


def look_up(plain: str) -> Entry | None:
    """A word's entry, or None if it is not listed. ``plain`` is in small letters; a possessive counts as its word."""
    listed = _listed()
    return listed.get(plain.removesuffix("'s")) or listed.get(plain)


def zipf(plain: str) -> float:
    """The Zipf frequency of a word: base-10 logarithm of how often it comes up in a billion words.

    3 is once in a million. From `RAREST` for words that are not listed to 7.7 for ``the``. Van Heuven and others
    (2014); data from wordfreq, Speer (2022).

    >>> zipf("help"), zipf("stewardship")
    (5.75, 3.22)
    """
    entry = look_up(plain)
    return entry.zipf if entry else RAREST


def syllables(plain: str) -> int:
    """How many syllables a word has, at least 1.

    From the CMU Pronouncing Dictionary where it is listed. Otherwise groups of vowels are counted, less a silent e: of
    100 listed words that gets 83 right.

    >>> syllables("adventure"), syllables("business"), syllables("brilliantest")
    (3, 2, 3)
    """
    entry = look_up(plain)
    return entry.syllables if entry and entry.syllables else _guess(plain)


def _guess(plain: str) -> int:
    groups = len(_VOWELS.findall(plain[:40]))
    silent = plain.endswith("e") and not plain.endswith("le")
    return max(1, groups - silent)


@functools.lru_cache(maxsize=1)
def _listed() -> Mapping[str, Entry]:
    text = files("visionquiz.statement").joinpath("words.txt").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        word, hundredths, spoken = line.split(" ")
        found[word] = Entry(int(hundredths) / 100, None if spoken == "-" else int(spoken))
    return found


_VOWELS = re.compile("[aeiouy]+")
