"""Which meaning point an answer is about: how near its words come to the words of each point, half-way up the model.

Words near in meaning are near each other there (CONTRIBUTING), whatever the sentence around them is worth. Each word
looks for its nearest on the other side, both ways round, as in BERTScore (Zhang and others 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from visionquiz.grading.guards import EVERYDAY
from visionquiz.text import content, words

__all__ = ["Told", "compare_words", "find_told", "name_words", "read_told"]

_EVERYDAY = 0.4
"""What a word counts that nearly every company's answers share."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A telling word of a text: its (start, end) among the text's pieces, and what it counts."""

    start: int
    end: int
    weight: float


def find_told(text: str, offsets: Sequence[tuple[int, int]]) -> tuple[Told, ...]:
    """The telling words of a text; `offsets` are the (start, end) characters of its pieces.

    >>> find_told("we ring back", [(0, 2), (3, 7), (8, 12)])
    (Told(start=1, end=2, weight=1.0), Told(start=2, end=3, weight=0.4))
    """
    found, first = [], 0
    for word in content(words(text)):
        while first < len(offsets) and offsets[first][1] <= word.start:
            first += 1
        last = first
        while last < len(offsets) and offsets[last][0] < word.end:
            last += 1
        if first < last:
            found.append(Told(start=first, end=last, weight=_EVERYDAY if word.stem in EVERYDAY else 1.0))
    return tuple(found)


def name_words(ident: str) -> str:
    """An id as words: where a trainer wrote one that speaks, it says what the point is about in the fewest.

    >>> name_words("plain-next_step")
    'plain next step'
    """
    return ident.replace("-", " ").replace("_", " ")


def read_told(pieces: Any, told: Sequence[Told]) -> Any:
    """A row of length 1 for each telling word; `pieces` are those of the text as the model has them half-way up."""
    import numpy as np

    rows = np.array([pieces[word.start : word.end].mean(axis=0) for word in told], np.float32)
    rows = rows.reshape(len(told), pieces.shape[1])
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def compare_words(rows: Any, weights: Sequence[float], points: Sequence[Any]) -> tuple[float, ...]:
    """How near an answer's words come to each point's, about 0..2; both as `read_told` gives them.

    A point without a telling word is near nothing.
    """
    import numpy as np

    found = []
    for point in points:
        likeness = rows @ point.T
        near = likeness.max(axis=0).mean() + np.average(likeness.max(axis=1), weights=weights) if len(point) else 0.0
        found.append(float(near))
    return tuple(found)
