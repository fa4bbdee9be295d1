"""Can they explain it? Which meaning points come across, in own words, clause by clause.

A point is looked for by the stems of its text and phrasings; words that several points share count less, and so do
everyday words and the statement's own, since whoever explains has to leave the statement behind.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visionquiz.grading import Answer, Evidence, Grade
from visionquiz.grading.guards import (
    EVERYDAY,
    Reading,
    Scale,
    grade_blank,
    grade_empty,
    is_keyword_list,
    listed,
    read_answer,
    saturate,
    settle,
    sign_common,
)
from visionquiz.grading.recall import read_statement
from visionquiz.text import NEGATIONS, SMALL_WORDS, Clause, Reference, content, likeness, stems_of, words
from visionquiz.vision import MeaningPoint, Vision

__all__ = ["Meaning", "Support", "grade_explain", "read_meaning", "sign_meaning", "support_points"]

# Fitted on the 42 invented organisations of the training corpus (answers labelled by their writers, length balanced),
# whole organisations held out while choosing the signs. Neither company of tests/data took part.
_SCALE = Scale(
    weights={
        "best-point": 0.87,
        "second-point": 1.32,
        "third-point": 1.06,
        "own-words-near": 1.2,
        "own-ideas": 0.45,
        "statement": -2.36,
        "misread": -0.91,
        "noise": -4.46,
        "dont-know": -4.46,
        "business": -3.44,
        "praise": -1.0,
    },
    cuts=(-0.02, 1.48, 2.87),
)

_COVERED = 0.4
"""From this support on, a meaning point counts, and is named, as come across."""

_PARROTED = 0.8
"""From this share of statement and question words on, an explanation only repeats."""

_ASKED = stems_of("mean means meaning vision statement explain customer service word words say")
"""Stems of the question itself."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Meaning:
    """The meaning points of a vision, ready to be compared with answers."""

    points: Reference
    """One bag per meaning point, in order."""
    misreadings: Reference
    """One bag per misreading, its weights adding up to 1."""
    every: Reference
    """Everything that the vision says, in one bag."""
    names: tuple[str, ...]
    """A short name per point, for the reason."""
    negated: frozenset[str]
    """Stems that the vision itself puts beside a negation."""


@dataclass(frozen=True, kw_only=True)
class Support:
    """How far one meaning point came across."""

    point: MeaningPoint
    name: str
    share: float
    """0..1, saturating."""
    window: tuple[Clause, ...]
    """The clauses that say it best."""
    negated: bool
    """Whether a word of the point stands behind a negation that the vision does not have."""


@functools.lru_cache(maxsize=64)
def read_meaning(vision: Vision) -> Meaning:
    """The meaning of a vision, prepared once."""
    statement = read_statement(vision).stems
    bags = [_stems(" . ".join((point.text, *point.phrasings))) for point in vision.meaning]
    core = _stems(vision.core_idea)
    everything = statement.union(core, *bags)
    return Meaning(
        points=Reference(bags=tuple({one: _point_weight(one, bags, statement) for one in sorted(bag)} for bag in bags)),
        misreadings=Reference(
            bags=tuple(
                dict.fromkeys(sorted(found), 1 / len(found))
                for point in vision.meaning
                for text in point.misreadings
                if (found := _stems(text))
            )
        ),
        every=Reference(bags=(dict.fromkeys(sorted(everything), 1.0),)),
        names=tuple(_name_point(point, statement) for point in vision.meaning),
        negated=frozenset(_negated_stems(vision)),
    )


def support_points(reading: Reading, vision: Vision) -> tuple[Support, ...]:
    """How far each meaning point came across, in the order of the vision."""
    meaning = read_meaning(vision)
    windows = tuple(reading.windows())
    table = [meaning.points.support(_stems_in(window)) for window in windows]
    found = []
    for number, point in enumerate(vision.meaning):
        best = max(range(len(windows)), key=lambda place: (table[place][number], -place))
        found.append(
            Support(
                point=point,
                name=meaning.names[number],
                share=saturate(table[best][number] / 1.6),
                window=windows[best],
                negated=_is_negated(windows[best], meaning.points.bags[number], meaning.negated),
            )
        )
    return tuple(found)


def sign_meaning(answer: Answer, vision: Vision) -> tuple[dict[str, float], tuple[Support, ...]]:
    """The signs of an explanation (each 0..1) and the support of each meaning point."""
    reading, meaning, statement = read_answer(answer.text), read_meaning(vision), read_statement(vision)
    supports = support_points(reading, vision)
    best = [*sorted((support.share for support in supports), reverse=True), 0.0, 0.0]
    repeated = [
        one for one in reading.stems if one in _ASKED or any(likeness(one, other) >= 0.9 for other in statement.stems)
    ]
    own = [one for one in reading.stems if one not in repeated]
    near = [meaning.every.nearest(one) for one in own]
    misread = [meaning.misreadings.support(_stems_in(window)) for window in reading.windows()]
    signs = {
        "best-point": best[0],
        "second-point": best[1],
        "third-point": best[2],
        "own-words-near": sum(worth > 0 for worth in near) / max(1, len(reading.stems)),
        "own-ideas": saturate(sum(near) / 4),
        "misread": min(1.0, max(max(table, default=0.0) for table in misread)),
        "statement": _statement_said(statement.stems, reading.stems),
        "repeated": len(repeated) / len(reading.stems) if reading.stems else 0.0,
        **sign_common(reading, answer.text, statement=statement.stems, vision=meaning.every),
    }
    return signs, supports


def grade_explain(answer: Answer, vision: Vision) -> Grade:
    """Level 0..3 by the rubric for `explain`: how much of the meaning came across in own words."""
    if blank := grade_blank(answer) or grade_empty(answer):
        return blank
    reading = read_answer(answer.text)
    signs, supports = sign_meaning(answer, vision)
    doubts = []
    level, confidence = _SCALE.judge(signs)
    if signs["repeated"] >= _PARROTED:
        reason = "This repeats the vision; say in your own words what it asks of us."
        return settle(answer, level=0, confidence=0.9, reason=reason, evidence=_parroted(reading))
    if not signs["own-ideas"]:
        # Not a word of the vision's world: no credit without evidence, and a person in case it was put another way.
        level = 0
        if not (signs["noise"] or signs["dont-know"]):
            doubts.append("nothing-found")
    if not any(support.share >= _COVERED for support in supports):
        level = min(level, 1)
    if is_keyword_list(reading.words):
        doubts.append("keyword-list")
    if any(support.negated and support.share >= _COVERED for support in supports):
        # Such rules find few real contradictions and flag some right answers (measured: 3 % each), so a person decides.
        doubts.append("contradiction")
        level = min(level, 2)
    if level == 3 and any(word.plain in _TURNS for word in reading.words):
        # Right things first and the opposite after "but" looks like a full answer from here.
        doubts.append("turn")
    if signs["misread"] >= 0.75:
        doubts.append("misreading")
    if not vision.core_idea.strip():
        doubts.append("core-unknown")
    evidence = [
        Evidence(start=clause.start, end=clause.end, counts_as=support.point.id)
        for support in supports
        if support.share >= _COVERED
        for clause in support.window
    ]
    return settle(
        answer,
        level=level,
        confidence=confidence,
        reason=_explain(level, supports),
        doubts=doubts,
        evidence=evidence,
    )


def _explain(level: int, supports: Sequence[Support]) -> str:
    """Which ideas came across and what is missing, by the short names of the meaning points."""
    ranked = sorted(supports, key=lambda support: -support.share)
    there = [support.name for support in ranked if support.share >= _COVERED]
    missing = [support.name for support in ranked if support.share < _COVERED]
    rest = f" Still missing: {listed(missing[:3])}." if missing else ""
    if level == 0:
        return f"What the vision means did not come across yet.{rest}"
    named = f": {listed(there)}" if there else ""
    if level == 1:
        return f"You are going the right way{named}.{rest}"
    if level == 2:
        return f"You explain the heart of it in your own words{named}.{rest}"
    return f"You explain the vision well and in your own words{named}.{rest}"


def _name_point(point: MeaningPoint, statement: frozenset[str]) -> str:
    """A few words for a meaning point: its id where that speaks and is not the statement's wording, else its text."""
    name = point.id.replace("-", " ").replace("_", " ").casefold()
    spoken = [part for part in name.split() if part.isalpha() and len(part) > 1]
    if len(spoken) >= 2 and not stems_of(name) <= statement:
        return name
    first = words(point.text)[:7]
    short = point.text[first[0].start : first[-1].end] if first else name
    return short[:1].lower() + short[1:]


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in content(words(text)))


def _stems_in(window: Sequence[Clause]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.stem for clause in window for word in content(clause.words)))


def _point_weight(one: str, bags: Sequence[frozenset[str]], statement: frozenset[str]) -> float:
    """Less for everyday words, for words of the statement and for words that several points share."""
    shared = sum(any(likeness(one, other) >= 0.9 for other in bag) for bag in bags)
    told = any(likeness(one, other) >= 0.9 for other in statement)
    weight = (0.4 if one in EVERYDAY else 1.0) * (0.6 if told else 1.0)
    return weight / math.sqrt(max(1, shared))


def _statement_said(statement: frozenset[str], stems: Sequence[str]) -> float:
    """The share, 0..1, of the statement's content words that an answer uses."""
    said = sum(any(likeness(one, other) >= 0.9 for other in stems) for one in statement)
    return said / len(statement) if statement else 0.0


def _negated_stems(vision: Vision) -> set[str]:
    """Stems that stand within three words of a negation anywhere in the vision's own texts."""
    texts = [vision.statement, vision.core_idea]
    for point in vision.meaning:
        texts += [point.text, *point.phrasings]
    found: set[str] = set()
    for text in texts:
        every = words(text)
        for place, word in enumerate(every):
            if word.plain in NEGATIONS:
                found.update(near.stem for near in every[max(0, place - 3) : place + 4])
    return found


def _is_negated(window: Sequence[Clause], bag: Mapping[str, float], negated: frozenset[str]) -> bool:
    """Whether a negation stands right before a word of the point that the vision never negates."""
    return any(
        word.plain in NEGATIONS
        and word.plain not in _EXEMPT
        and any(
            near.plain not in SMALL_WORDS and near.stem not in negated and bag.get(near.stem, 0.0) >= 0.5
            for near in clause.words[place + 1 : place + 3]
        )
        for clause in window
        for place, word in enumerate(clause.words)
    )


def _parroted(reading: Reading) -> list[Evidence]:
    return [Evidence(start=clause.start, end=clause.end, counts_as="parroting") for clause in reading.clauses]


_TURNS = frozenset({"although", "but", "except", "however", "neither", "though", "unless"})

# "Nobody waits" and "without a fuss" seldom turn a point round; "we don't test" does.
_EXEMPT = frozenset({"nobody", "none", "noone", "nothing", "without", "no"})
