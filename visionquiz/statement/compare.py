"""Where a draft lies among the 86 published statements, and which of them share words with it."""

import functools
import math
from collections import Counter
from collections.abc import Mapping

from visionquiz.statement.card import Figure, Neighbour
from visionquiz.statement.measures import (
    count_syllables,
    place_among,
    rare_words,
    rarest,
    reading_ease,
    show_grade,
)
from visionquiz.statement.published import PublishedStatement, load_published
from visionquiz.statement.wording import Draft, read_draft
from visionquiz.text import content

__all__ = ["find_neighbours", "place_draft"]


def place_draft(draft: Draft) -> tuple[Figure, ...]:
    """The figures of a draft that has words, each with its place among the published statements."""
    from statistics import quantiles  # 5 ms to import

    drafts = _drafts()
    lengths, eases, rarities = _measured()
    words, ease = len(draft.words), reading_ease(draft)
    serving = [len(read.words) for one, read in zip(load_published(), drafts, strict=True) if one.serves]
    low, _, high = (round(value) for value in quantiles(serving, method="inclusive"))
    shorter, same, longer = place_among(words, lengths)
    easier = sum(other > ease for other in eases)
    rare = rare_words(draft)
    commoner = sum(other > rare[0][1] for other in rarities) if rare else 0
    figures = [
        Figure(
            measure="words",
            label="Words",
            shown=str(words),
            place=f"Of {len(drafts)} published statements {shorter} are shorter, {same} as long, {longer} longer. Half "
            f"of those that say how customers are served have {low} to {high}.",
        ),
        Figure(
            measure="ease",
            label="Reading ease",
            shown=f"{ease:.0f} (school grade {show_grade(draft)}; syllables: {count_syllables(draft)})",
            place=f"{easier} of {len(drafts)} are easier by this formula, which says little about single sentences.",
        ),
    ]
    if rare:
        word, value = rare[0]
        shown = draft.text[word.start : word.end]
        figures.append(
            Figure(
                measure="rarest",
                label="Rarest word",
                shown=f"{shown} ({_often(value)})",
                place=f"In {commoner} of {len(drafts)} the rarest word is more common than that.",
            )
        )
    return tuple(figures)


def find_neighbours(draft: Draft, most: int = 3) -> tuple[Neighbour, ...]:
    """The published statements most like a draft, the nearest first; none where no word that matters is shared.

    Likeness is the cosine of the stems that carry meaning, each weighted by how few of the published statements have
    it (tf-idf; Spärck Jones 1972). One that is word for word the draft comes first and is marked.
    """
    weights, bags = _weights()
    bag = Counter(word.stem for word in content(draft.words))
    own = {stem: count * weights.get(stem, math.log(len(bags) + 1)) for stem, count in bag.items()}
    plain = [word.plain for word in draft.words]
    shown = {word.stem: draft.text[word.start : word.end] for word in reversed(draft.words)}
    ranked = []
    for place, (published, other) in enumerate(zip(load_published(), bags, strict=True)):
        same = [word.plain for word in _drafts()[place].words] == plain
        shared = sorted(own.keys() & other.keys(), key=lambda stem: (-own[stem], stem))
        likeness = sum(own[stem] * other[stem] for stem in shared) / (_norm(own) * _norm(other) or 1.0)
        if shared or same:
            ranked.append((not same, -likeness, place, _neighbour(published, [shown[stem] for stem in shared], same)))
    ranked.sort(key=lambda found: found[:3])
    return tuple(neighbour for *_, neighbour in ranked[:most])


def _neighbour(published: PublishedStatement, shared: list[str], same: bool) -> Neighbour:
    return Neighbour(
        company=published.company,
        statement=published.statement,
        kind=published.kind,
        source=published.source,
        shared=tuple(shared),
        same=same,
    )


@functools.lru_cache(maxsize=1)
def _drafts() -> tuple[Draft, ...]:
    return tuple(read_draft(one.statement) for one in load_published())


@functools.lru_cache(maxsize=1)
def _measured() -> tuple[list[int], list[float], list[float]]:
    """Words, reading ease and frequency of the rarest word of every published statement."""
    drafts = _drafts()
    lengths = [len(draft.words) for draft in drafts]
    return lengths, [reading_ease(draft) for draft in drafts], [rarest(draft) for draft in drafts]


@functools.lru_cache(maxsize=1)
def _weights() -> tuple[Mapping[str, float], tuple[Mapping[str, float], ...]]:
    """How much each stem weighs, and the weighted stems of every published statement."""
    counted = [Counter(word.stem for word in content(draft.words)) for draft in _drafts()]
    inside = Counter(stem for counts in counted for stem in counts)
    weights = {stem: math.log((len(counted) + 1) / number) for stem, number in inside.items()}
    return weights, tuple({stem: number * weights[stem] for stem, number in counts.items()} for counts in counted)


def _norm(bag: Mapping[str, float]) -> float:
    return math.sqrt(sum(value * value for value in bag.values()))


def _often(zipf: float) -> str:
    times = 10 ** (zipf - 3)
    if times < 1:
        return "less than once in a million words"
    return f"about {times:.0f} times in a million words" if times >= 1.5 else "about once in a million words"
