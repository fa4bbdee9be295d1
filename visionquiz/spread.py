"""How far apart people are when they say in their own words what something means."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from visionquiz.text import content, words

__all__ = ["Spread", "measure_spread"]

MOST = 200
"""Texts that are compared; a room has thirty."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What texts have in common, by their telling words: all but small words and negations, compared by their stems."""

    texts: int
    """How many said anything."""
    telling: int
    """Different telling words in all."""
    alone: int
    """Of these, words that only one text has."""
    pairs: int
    """Pairs of texts."""
    strangers: int
    """Of these, pairs without any telling word in common."""
    common: tuple[tuple[str, int], ...]
    """The words that most texts have, as most people spelt them, with the number of texts; two or more each."""


def measure_spread(texts: Sequence[str], *, most: int = 8) -> Spread:
    """How much the texts have in common. A word counts once per text, whatever its ending.

    >>> measure_spread(["They ring back", "Ringing back on time", "A smile"]).strangers
    2
    """
    said: list[frozenset[str]] = []
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts[:MOST]:
        found = content(words(text[:2_000]))
        for word in found:
            spelt[word.stem][word.plain] += 1
        if found:
            said.append(frozenset(word.stem for word in found))
    counts = Counter(itertools.chain.from_iterable(said))
    pairs = list(itertools.combinations(said, 2))
    frequent = sorted((stem for stem, count in counts.items() if count > 1), key=lambda stem: (-counts[stem], stem))
    return Spread(
        texts=len(said),
        telling=len(counts),
        alone=sum(count == 1 for count in counts.values()),
        pairs=len(pairs),
        strangers=sum(not one & other for one, other in pairs),
        common=tuple((spelt[stem].most_common(1)[0][0], counts[stem]) for stem in frequent[:most]),
    )
