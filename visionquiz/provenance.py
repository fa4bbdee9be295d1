"""Where the words of a statement come from: the edit that first brought each into the line of drafts that led to it,
and the ideas that had said it.

An edit is what the history shows. An idea is weaker: it is evidence that somebody had said the word, not proof that the
word was taken from there. Ideas have no author and no time.
"""

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from visionquiz.drafts import Draft, align_words, trace_ancestors
from visionquiz.ideas import Idea
from visionquiz.text import SMALL_WORDS, Word, content, words
from visionquiz.themes import Theme, Themes

__all__ = [
    "FEWEST", "Heard", "Share", "Summary", "ThemeHeard", "WordOrigin", "choose_names", "summarise", "trace_words",
    "wind_back",
]  # fmt: skip

FEWEST = 5
"""People in a workshop below which nobody is named, whatever they agreed on."""

MOST_IDEAS = 3
"""Ideas that are given for one word."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """An idea that says a word, at ``idea.text[start:end]``."""

    idea: Idea
    start: int
    end: int
    same: bool
    """Whether it is the same word; otherwise one of the same stem."""


@dataclass(frozen=True, kw_only=True)
class WordOrigin:
    """Where one word comes from."""

    word: Word
    """Where it stands in the text, and how it is compared."""
    telling: bool
    """Whether it carries meaning (see `visionquiz.text.content`). Ideas are looked for such words only."""
    draft: str
    """Id of the draft that first had it."""
    edit: int | None
    """Which edit of that draft's history brought it; None where the history does not say."""
    who: str
    """Id of who made that edit; ``""`` where the history does not say. Nobody may see it: see `choose_names`."""
    ideas: tuple[Heard, ...] = ()
    """Up to `MOST_IDEAS` that say it, best first: the same word before another of its stem, then those that share more
    telling words with the text, then those that more people said.
    """
    said_by: int = 0
    """How many ideas say it in all."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """How much of a statement one draft brought."""

    draft: Draft
    words: int
    """Telling words."""
    share: float
    """Of all telling words, above 0 to 1."""


@dataclass(frozen=True, kw_only=True)
class ThemeHeard:
    """How many ideas of a theme have a telling word in a statement."""

    theme: Theme
    heard: int
    ideas: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the words of a statement come to."""

    words: int
    """Telling words."""
    shares: tuple[Share, ...]
    """By draft, the largest first; the shares add up to 1 where there is a telling word."""
    heard: int
    """Ideas that have at least one telling word in the statement, whatever its ending."""
    ideas: int
    themes: tuple[ThemeHeard, ...] = ()
    """In the order of the themes."""


def trace_words(draft: Draft, drafts: Sequence[Draft], ideas: Sequence[Idea] = ()) -> tuple[WordOrigin, ...]:
    """Where each word of a draft's text comes from, in the order of the text.

    A word was carried over from one edit to the next if it stayed in its place among the others (`align_words`; marks
    and capitals do not count) or moved together with another telling word beside it; a single word that stands
    elsewhere was typed anew. It was not new if it had been taken out of the draft and was put back. In the same way it
    was carried over from a draft to one that was made of it, if the older one had it by then; a stretch of nothing but
    small words does not count. Of several older drafts the one counts that shares the longest stretch around the word,
    then the one in which it is older.

    `drafts` holds its ancestors; what is missing of them is not looked at. That ideas say a word is evidence that it
    had been said, not proof that it came from there.
    """
    found = words(draft.text)
    telling = frozenset(content(found))
    heard = _hear(telling, ideas)
    origins = []
    for word, birth in zip(found, _trace(draft, drafts), strict=True):
        best, count = heard[word.plain] if word in telling else ((), 0)
        one = WordOrigin(word=word, telling=word in telling, draft=birth.draft, edit=birth.edit, who=birth.who)
        origins.append(replace(one, ideas=best, said_by=count))
    return tuple(origins)


def summarise(
    origins: Sequence[WordOrigin],
    drafts: Sequence[Draft],
    ideas: Sequence[Idea] = (),
    themes: Themes | None = None,
) -> Summary:
    """The share of telling words by draft, and how many ideas have a word in the text, also by theme.

    All ideas count, not only those that `trace_words` gives with a word. Ideas that a theme has and `ideas` has not are
    left out.
    """
    telling = [one for one in origins if one.telling]
    counts = Counter(one.draft for one in telling)
    shares = [
        Share(draft=draft, words=counts[draft.id], share=counts[draft.id] / len(telling))
        for draft in {one.id: one for one in drafts}.values()
        if counts[draft.id]
    ]
    stems = {one.word.stem for one in telling}
    heard = {idea.id: any(word.stem in stems for word in content(words(idea.text))) for idea in ideas}
    by_theme = []
    for theme in themes.themes if themes else ():
        there = [heard[ident] for ident in theme.ideas if ident in heard]
        by_theme.append(ThemeHeard(theme=theme, heard=sum(there), ideas=len(there)))
    return Summary(
        words=len(telling),
        shares=tuple(sorted(shares, key=lambda one: -one.words)),
        heard=sum(heard.values()),
        ideas=len(heard),
        themes=tuple(by_theme),
    )


def choose_names(people: Mapping[str, str], *, anonymous: bool) -> Mapping[str, str]:
    """Who may be named as the author of words, by id: everybody or nobody.

    `people` are those who have joined. Nobody is named in an anonymous workshop or where fewer than `FEWEST` have
    joined. Who is not among the names is "one of you"; ideas have no author at all.

    >>> choose_names({"a": "Ada", "b": "Bea"}, anonymous=False)
    {}
    """
    if anonymous or len(people) < FEWEST:
        return {}
    return {ident: name for ident, name in people.items() if name.strip()}


def wind_back(draft: Draft, text: str) -> Draft:
    """The draft as it was when it said `text`, such as when it was put to the vote.

    Where its history does not have that text, all of the history is kept, and words that are only in the text have an
    edit of None.
    """
    if draft.text == text:
        return draft
    said = [one.text for one in draft.history]
    kept = len(said) - said[::-1].index(text) if text in said else len(said)
    return replace(draft, text=text, history=draft.history[:kept])


@dataclass(frozen=True, kw_only=True)
class _Birth:
    """When a word first came up."""

    draft: str
    edit: int | None
    who: str
    when: float


class _Line:
    """What one draft said, version by version, as plain words; and the version in which each word came up."""

    def __init__(self, draft: Draft) -> None:
        self.parents, edits = dict.fromkeys(draft.parents), draft.history
        self._texts = [one.text for one in edits]
        self.births = [
            _Birth(draft=draft.id, edit=number, who=one.who, when=one.when) for number, one in enumerate(edits)
        ]
        if not edits or edits[-1].text != draft.text:
            # Nobody knows when this was typed: after the last edit, or at any time.
            self._texts.append(draft.text)
            when = edits[-1].when if edits else -math.inf
            self.births.append(_Birth(draft=draft.id, edit=None, who="", when=when))
        self.last = len(self.births) - 1

    @cached_property
    def words(self) -> list[list[str]]:
        return [[word.plain for word in words(text)] for text in self._texts]

    @cached_property
    def born(self) -> list[list[int]]:
        born: list[list[int]] = []
        seen: dict[str, int] = {}
        for number, now in enumerate(self.words):
            found = [number] * len(now)
            if number:
                for run in _find_stretches(self.words[number - 1], now):
                    for old, new in run:
                        found[new] = born[-1][old]
                # What was taken out and is back: as it stood when one of these words was last there.
                fresh = {word for word, since in zip(now, found, strict=True) if since == number} - SMALL_WORDS
                last = max((seen[one] for one in fresh if seen.get(one, number) < number - 1), default=None)
                if last is not None:
                    for run in _find_stretches(self.words[last], now):
                        for old, new in run:
                            if found[new] == number:
                                found[new] = born[last][old]
            born.append(found)
            seen.update(dict.fromkeys(now, number))
        return born

    def said_by(self, when: float) -> int | None:
        """The last version that was there at a time; None if there was none yet."""
        return next((one for one in reversed(range(len(self.births))) if self.births[one].when <= when), None)


Stretch = list[tuple[int, int]]
"""Words that follow each other in two texts, as pairs of their places."""


def _find_stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """What two texts have in common: first in the same order, then stretches of two telling words or more that stand
    elsewhere, as when somebody puts the second half of a sentence first.
    """
    left, right = [*range(len(old))], [*range(len(new))]
    fewest = 0
    while True:
        pairs = [
            (left[one], right[other]) for one, other in align_words([old[n] for n in left], [new[n] for n in right])
        ]
        found = [run for run in _cut(pairs) if _count_telling(old, run) >= fewest]
        if not found:
            return
        yield from found
        taken = [pair for run in found for pair in run]
        gone, used = {one for one, _ in taken}, {other for _, other in taken}
        left, right = [n for n in left if n not in gone], [n for n in right if n not in used]
        fewest = 2
        if min(len(left), len(right)) < fewest:
            return


def _cut(pairs: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    run: Stretch = []
    for pair in pairs:
        if run and pair != (run[-1][0] + 1, run[-1][1] + 1):
            yield run
            run = []
        run.append(pair)
    if run:
        yield run


def _count_telling(old: Sequence[str], run: Stretch) -> int:
    return sum(old[place] not in SMALL_WORDS for place, _ in run)


def _trace(draft: Draft, drafts: Sequence[Draft]) -> list[_Birth]:
    """The birth of each word of a draft's text."""
    lines = {one.id: _Line(one) for one in _order(draft, drafts)}
    rank = {ident: number for number, ident in enumerate(lines)}
    last = lines[draft.id].last
    # Newest first: which versions of which drafts have to be known, and what was there when their words came up.
    needed: dict[str, set[int]] = {ident: set() for ident in lines}
    needed[draft.id].add(last)
    before: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for ident, line in lines.items():
        parents = [one for one in line.parents if rank.get(one, -1) > rank[ident]]
        for birth in {since for number in needed[ident] for since in line.born[number]}:
            made = line.births[birth]
            until = made.when if made.edit is not None else math.inf
            there = [(one, version) for one in parents if (version := lines[one].said_by(until)) is not None]
            before[ident, birth] = there
            for one, version in there:
                needed[one].add(version)
    # Oldest first: the births of all words of these versions.
    births: dict[tuple[str, int], list[_Birth]] = {}
    for ident in reversed(lines):
        line = lines[ident]
        for number in needed[ident]:
            found = [line.births[since] for since in line.born[number]]
            carried: dict[int, list[tuple[int, _Birth]]] = {}
            for source in {one: None for since in set(line.born[number]) for one in before[ident, since]}:
                older = lines[source[0]].words[source[1]]
                for run in _find_stretches(older, line.words[number]):
                    # Small words alone are in any two texts.
                    for old, new in run if _count_telling(older, run) else ():
                        if source in before[ident, line.born[number][new]]:
                            carried.setdefault(new, []).append((-len(run), births[source][old]))
            for place, ways in carried.items():
                found[place] = min(ways, key=lambda way: (way[0], way[1].when))[1]
            births[ident, number] = found
    return births[draft.id, last]


def _order(draft: Draft, drafts: Sequence[Draft]) -> list[Draft]:
    """The draft and its ancestors, each before all that it was made from."""
    family = {one.id: one for one in (draft, *trace_ancestors(draft, drafts))}
    made_from = {
        ident: [parent for parent in one.parents if parent in family and parent != ident]
        for ident, one in family.items()
    }
    try:
        oldest_first = list(TopologicalSorter(made_from).static_order())
    except CycleError:  # no workshop makes drafts in a circle, but a damaged one must not stop the page
        return list(family.values())
    return [family[ident] for ident in reversed(oldest_first)]


def _hear(telling: Iterable[Word], ideas: Sequence[Idea]) -> dict[str, tuple[tuple[Heard, ...], int]]:
    """By plain word of a text: the ideas that say it, best first, and how many do in all."""
    asked = {word.plain: word.stem for word in telling}
    said: dict[str, list[tuple[Idea, list[Word], int]]] = {stem: [] for stem in asked.values()}
    for idea in ideas:
        here: dict[str, list[Word]] = {}
        for word in content(words(idea.text)):
            if word.stem in said:
                here.setdefault(word.stem, []).append(word)
        for stem, there in here.items():
            said[stem].append((idea, there, len(here)))
    found = {}
    for plain, stem in asked.items():
        ways = [
            (not same, -shared, -idea.count, number, Heard(idea=idea, start=best.start, end=best.end, same=same))
            for number, (idea, there, shared) in enumerate(said[stem])
            for best in (next((word for word in there if word.plain == plain), there[0]),)
            for same in (best.plain == plain,)
        ]
        found[plain] = tuple(way[4] for way in heapq.nsmallest(MOST_IDEAS, ways)), len(ways)
    return found
