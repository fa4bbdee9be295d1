"""Drafts of a statement: who wrote what, where each came from, and two people at work on one at the same time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from visionquiz.errors import VisionQuizError

__all__ = [
    "DRAFT_LIMIT",
    "Draft",
    "DraftError",
    "Edit",
    "align_words",
    "edit_draft",
    "merge_texts",
    "trace_ancestors",
]

DRAFT_LIMIT = 600
"""Characters of a draft; published visions have 20 to 200."""

HISTORY_LIMIT = 1_000
"""Edits that are kept of one draft; the oldest but the first go."""

_WORD = 1_000
"""What a word weighs beside a space between words."""

_LARGEST = 1_000_000
"""Cells of a table; two drafts of the largest size have a third of it."""

SAME_EDIT = 60.0
"""Seconds within which what one person types is one edit."""


class DraftError(VisionQuizError):
    """What cannot be done with a draft, in words for whoever tried."""


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What a draft said after somebody worked on it."""

    who: str
    """Id of a person in the room."""
    text: str
    when: float
    """Seconds since 1970."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One draft of the statement."""

    id: str
    text: str = ""
    made: str = "alone"
    """How it came to be: ``alone``, in a ``pair``, or ``merged`` from others on the wall."""
    authors: tuple[str, ...] = ()
    """Ids of everybody who has typed into it, and of those who were to."""
    parents: tuple[str, ...] = ()
    """Ids of the drafts that it was made from."""
    history: tuple[Edit, ...] = ()
    on_wall: bool = False
    """Whether everybody may read it."""


def merge_texts(base: str, mine: str, theirs: str) -> str:
    """What two people made of `base` at the same time: every word that either typed is there, and what either took
    out is gone. Where both typed in one place, mine comes first.

    >>> merge_texts("Keep homes warm.", "Keep all homes warm.", "Keep homes warm, always.")
    'Keep all homes warm, always.'
    >>> merge_texts("We care.", "We listen.", "We help.")
    'We listen. help.'
    """
    words, mine_words, theirs_words = (re.findall(r"\s+|\S+", text) for text in (base, mine, theirs))
    gone, typed = _changes(words, mine_words)
    gone_too, typed_too = _changes(words, theirs_words)
    merged: list[str] = []

    def put(pieces: Sequence[str]) -> None:
        for piece in pieces:
            if merged and not (merged[-1][-1].isspace() or piece[0].isspace()):
                merged.append(" ")  # two words never become one, whatever was taken out between them
            merged.append(piece)

    def made(gone: set[int], typed: Mapping[int, Sequence[str]], places: range) -> str:
        return "".join(
            piece
            for place in places
            for piece in (*typed.get(place, ()), *(() if place in gone else words[place : place + 1]))
        )

    place = 0
    while place <= len(words):
        end = place
        while end in gone or end in gone_too:
            end += 1
        if end > place:
            here = range(place, end)
            common = _put_together("".join(words[place:end]), made(gone, typed, here), made(gone_too, typed_too, here))
            if common:
                put([common])
                place = end
                continue
        one, other = typed.get(place, ()), typed_too.get(place, ())
        if place in gone and place not in gone_too:
            one, other = other, one  # what was put before a word stays before what is made of that word
        put(one)
        if one != other:
            put(other)
        if place < len(words) and place not in gone | gone_too:
            put(words[place : place + 1])
        place += 1
    return "".join(merged)


def _put_together(base: str, mine: str, theirs: str) -> str:
    """What two people made of a few words by only putting letters in, each at places of their own: they have a word in
    common that both are making, as where somebody types right before a word that somebody else is typing. ``""`` if it
    was not so.

    >>> _put_together("whil", "the whil", "while Bea")
    'the while Bea'
    """
    gone, typed = _changes(list(base), list(mine))
    gone_too, typed_too = _changes(list(base), list(theirs))
    if gone or gone_too or not typed or not typed_too:
        return ""
    found = []
    for place in range(len(base) + 1):
        one, other = "".join(typed.get(place, ())), "".join(typed_too.get(place, ()))
        if one and other and one != other:
            first = _goes_first(one, other, base[:place][-1:], base[place : place + 1])
            if first is None:
                return ""
            one, other = (one, other) if first else (other, one)
        found.append(one + (other if other != one else "") + base[place : place + 1])
    return "".join(found)


def _goes_first(one: str, other: str, before: str, after: str) -> bool | None:
    """Whether of two things that were put in between two characters, `one` goes before the other: what goes on with a
    word stays at it. None where both do.
    """
    if before.strip() and one[0].isspace() != other[0].isspace():
        return other[0].isspace()
    if after.strip() and one[-1].isspace() != other[-1].isspace():
        return one[-1].isspace()
    return None if one.strip() and other.strip() else True


def align_words(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Which words of `old` are still there in `new`, as pairs of their places in both, in order: as many as can be
    without one passing another.

    >>> align_words("keep all homes warm".split(), "always keep homes warm".split())
    ((0, 1), (2, 2), (3, 3))
    """
    # Words that only one of them has are left out first: what remains is often the same.
    both = set(old) & set(new)
    left, right = ([place for place, word in enumerate(text) if word in both] for text in (old, new))
    gone, typed = _changes([old[place] for place in left], [new[place] for place in right])
    pairs, at = [], 0
    for number, place in enumerate(left):
        at += len(typed.get(number, ()))
        if number not in gone:
            pairs.append((place, right[at]))
            at += 1
    return tuple(pairs)


def _changes(words: list[str], new: list[str]) -> tuple[set[int], dict[int, list[str]]]:
    """Which words were taken out, and what was typed before which. The fewest words that explain the new text.

    Spaces weigh next to nothing: a word must not count as taken out because more spaces fit another way, or it would be
    there twice once somebody else has typed on in it.
    """
    start, most = 0, min(len(words), len(new))
    while start < most and words[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and words[-1 - end] == new[-1 - end]:
        end += 1
    old, now = words[start : len(words) - end], new[start : len(new) - end]
    if len(old) * len(now) > _LARGEST:
        return set(range(start, start + len(old))), {start: now}
    # The heaviest row of words that both have in this order, from each place to the end (Wagner and Fischer 1974).
    table = [[0] * (len(now) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        below, row, weight = table[i + 1], table[i], 1 if old[i].isspace() else _WORD
        for j in reversed(range(len(now))):
            if old[i] == now[j]:
                row[j] = below[j + 1] + weight
            else:  # without max(), which would take half of the time
                row[j] = below[j] if below[j] > row[j + 1] else row[j + 1]
    gone: set[int] = set()
    typed: dict[int, list[str]] = {}
    i = j = at = 0
    while i < len(old) or j < len(now):
        if i < len(old) and j < len(now) and old[i] == now[j]:
            i, j = i + 1, j + 1
            at = i
        elif j == len(now) or (i < len(old) and table[i + 1][j] >= table[i][j + 1]):
            gone.add(start + i)
            i += 1
        else:
            typed.setdefault(start + at, []).append(now[j])
            j += 1
    return gone, typed


def edit_draft(draft: Draft, *, base: str, text: str, who: str, when: float) -> Draft:
    """The draft after somebody who saw `base` made `text` of it, while others may have changed it, too.

    Raises `DraftError` where it becomes too long.
    """
    text = merge_texts(base, text, draft.text)
    if len(text) > DRAFT_LIMIT:
        raise DraftError(
            f"a draft has at most {DRAFT_LIMIT} characters, and this would be {len(text):,}; make it shorter first"
        )
    if text == draft.text:
        return draft
    edits = draft.history
    if len(edits) > 1 and edits[-1].who == who and when - edits[-1].when < SAME_EDIT:
        edits = edits[:-1]
    edits = (*edits[:1], *edits[1:][-HISTORY_LIMIT:], Edit(who=who, text=text, when=when))
    authors = draft.authors if who in draft.authors else (*draft.authors, who)
    return replace(draft, text=text, authors=authors, history=edits)


def trace_ancestors(draft: Draft, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The drafts that this one was made from, and those that they were made from, nearest first, each once."""
    known = {one.id: one for one in drafts}
    found: dict[str, Draft] = {}
    waiting = list(draft.parents)
    while waiting:
        ident = waiting.pop(0)
        if ident in known and ident not in found and ident != draft.id:
            found[ident] = known[ident]
            waiting += known[ident].parents
    return tuple(found.values())
