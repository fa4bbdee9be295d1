"""Answers that say the same in nearly the same letters, so that one decision of a person can stand for all of them.

Two answers that are wrongly taken for one cost somebody a fair grade, two that are not cost the trainer a key: where it
is not sure, they stay apart. Only slips of the pen, marks and articles may differ, never a negation or a number.
"""

import re
import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from visionquiz.text import NEGATIONS, READ_LIMIT, normalise, stem, words

__all__ = ["group_alike"]

LIKE = 95.0
"""Of 100: how much of two answers must be the same letters in the same order."""

SLIP = 5
"""Letters from which on a word with one wrong letter is the same word. Shorter ones have too many neighbours."""

_FILLERS = frozenset({"a", "an", "and", "the", "that"})
_NEGATIONS = frozenset(word.replace("'", "") for word in NEGATIONS)
_MARKS = re.compile(r"[\w\s.,;:!'\"“”„«»()…–—-]+")
_NUMBER = re.compile(r"\d(?:[^\w\s]*\d)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """An answer as it is compared."""

    letters: str
    told: str
    """The words, without articles and marks."""
    words: tuple[str, ...]
    block: Hashable
    """Answers of different blocks are not alike."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Groups that could be alike, each with its first answer."""

    told: list[str] = field(default_factory=list)
    firsts: list[_Said] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)


def group_alike(texts: Sequence[str]) -> list[list[int]]:
    """The places of texts that say the same, in groups, by their first text; each text is in one group.

    A text joins the first group whose first text it is like, so that no chain of small steps leads anywhere.

    >>> group_alike(["We ring every customer back.", "we ring evrey customer back", "We never ring customers back."])
    [[0, 1], [2]]
    """
    groups: list[list[int]] = []
    blocks: dict[Hashable, _Block] = {}
    for place, text in enumerate(texts):
        said = _read(text)
        block = blocks.setdefault(said.block, _Block())
        near = process.extract(said.told, block.told, scorer=fuzz.ratio, score_cutoff=LIKE, limit=None)
        for found in sorted(index for _, _, index in near):
            if _is_alike(block.firsts[found], said):
                block.groups[found].append(place)
                break
        else:
            groups.append([place])
            block.told.append(said.told)
            block.firsts.append(said)
            block.groups.append(groups[-1])
    return groups


def _read(text: str) -> _Said:
    letters = normalise(text)
    signs = _MARKS.sub("", letters)
    plain = re.sub(r"[“”„«»…–—]", "", letters)
    if len(text) > READ_LIMIT or "<" in signs or "&" in signs or not plain.isascii():
        # What nobody would read as English words: here the very same letters only, accents too.
        same = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        return _Said(letters=same, told=same, words=(), block=same)
    told = [_word(word.plain, word.stem) for word in words(text)]
    kept = tuple(word for word in told if word not in _FILLERS)
    negations = tuple(word for word in kept if word in _NEGATIONS)
    # The first letter of a word is nearly always right, so whatever is alike has the same first letters.
    block = "".join(word[0] for word in kept), negations, tuple(_NUMBER.findall(letters)), signs
    return _Said(letters=" ".join(letters.split()), told=" ".join(kept), words=kept, block=block)


def _word(plain: str, stemmed: str) -> str:
    return stemmed if stemmed.isdigit() else plain.replace("'", "")


def _is_alike(one: _Said, other: _Said) -> bool:
    """Whether two answers of one block, whose words are nearly the same letters, are alike."""
    if one.letters == other.letters:
        return True
    return bool(one.words) and all(map(_is_same_word, one.words, other.words))


def _is_same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if one.isdigit() or other.isdigit():
        return False
    return OSA.distance(one, other) <= 1 and (min(len(one), len(other)) >= SLIP or stem(one) == stem(other))
