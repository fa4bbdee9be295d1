"""Can they explain it? Which meaning points come across, in own words, and whether the core idea is right.

The model says what became of each point; stems that an answer shares with a point tell which of its clauses to show.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from visionquiz.grading import Answer, Evidence, Judgement
from visionquiz.grading.calibration import Scale
from visionquiz.grading.encoder import HEADS, POINT_LABELS, Opinion
from visionquiz.grading.guards import (
    EVERYDAY,
    Reading,
    Verdict,
    is_keyword_list,
    listed,
    read_answer,
    saturate,
    sign_common,
)
from visionquiz.grading.recall import read_statement
from visionquiz.grading.signs import sign_opinion
from visionquiz.text import Clause, Reference, content, likeness, stems_of, words
from visionquiz.vision import MeaningPoint, Vision

__all__ = ["Meaning", "grade_explain", "judge_points", "read_meaning", "sign_meaning"]

_SHOWN = 0.25
"""From this closeness on, a clause is shown as what carried a meaning point that the model found covered or hinted."""

_AGAINST = 0.6
"""From this probability of a contradiction on, a grade of 2 or 3 goes to a person."""

_PARROTED = 0.8
"""From this share of statement and question words on, an explanation only repeats."""

_TOLD = 0.7
"""From this probability on, an employee is told what became of a meaning point. Chosen on fold 1; on fold 0, 93 % of
what it calls missing is right then (n 1,349), 87 % of what came across (290), 65 % of what is contradicted (26)."""

_ASKED = stems_of("mean means meaning vision statement explain customer service word words say")
"""Stems of the question itself."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Meaning:
    """The meaning points of a vision, ready to be compared with answers."""

    points: Reference
    """One bag per meaning point, in order."""
    every: Reference
    """Everything that the vision says, in one bag."""
    names: tuple[str, ...]
    """A short name per point, for the reason."""


@functools.lru_cache(maxsize=64)
def read_meaning(vision: Vision) -> Meaning:
    """The meaning of a vision, prepared once."""
    statement = read_statement(vision).stems
    bags = [_stems(" . ".join((point.text, *point.phrasings))) for point in vision.meaning]
    everything = statement.union(_stems(vision.core_idea), *bags)
    return Meaning(
        points=Reference(bags=tuple({one: _point_weight(one, bags, statement) for one in sorted(bag)} for bag in bags)),
        every=Reference(bags=(dict.fromkeys(sorted(everything), 1.0),)),
        names=tuple(_name_point(point, statement) for point in vision.meaning),
    )


def sign_meaning(answer: Answer, vision: Vision, opinion: Opinion) -> dict[str, float]:
    """The signs of an explanation, each 0..1."""
    reading, statement = read_answer(answer.text), read_statement(vision)
    repeated = [
        one for one in reading.stems if one in _ASKED or any(likeness(one, other) >= 0.9 for other in statement.stems)
    ]
    return {
        **sign_opinion("explain", opinion),
        "statement": _statement_said(statement.stems, reading.stems),
        "repeated": len(repeated) / len(reading.stems) if reading.stems else 0.0,
        **sign_common(reading, answer.text, statement=statement.stems, vision=read_meaning(vision).every),
    }


def grade_explain(answer: Answer, vision: Vision, opinion: Opinion, scale: Scale) -> Verdict:
    """Level 0..3 by the rubric for `explain`: how much of the meaning came across in own words."""
    reading = read_answer(answer.text)
    signs = sign_meaning(answer, vision, opinion)
    if signs["repeated"] >= _PARROTED:
        reason = "This repeats the vision; say in your own words what it asks of us."
        return Verdict(level=0, levels=(0.9, 0.1, 0.0, 0.0), reason=reason, sure=True, evidence=_parroted(reading))
    level, levels = scale.judge(signs)
    judgements = judge_points(answer, vision, opinion)
    guards = []
    if is_keyword_list(reading.words):
        guards.append("keyword-list")
    if level >= 2 and max(signs["contradicted"], signs["core-wrong"]) >= _AGAINST:
        guards.append("contradiction")
    if not vision.core_idea.strip():
        guards.append("core-unknown")
    return Verdict(
        level=level,
        levels=levels,
        reason=_explain(level, judgements, read_meaning(vision).names),
        guards=tuple(guards),
        judgements=judgements,
        evidence=tuple(span for one in judgements for span in one.evidence),
    )


def judge_points(answer: Answer, vision: Vision, opinion: Opinion) -> tuple[Judgement, ...]:
    """What became of each meaning point, in the order of the vision, with the clauses that carry it; then the core."""
    windows = tuple(read_answer(answer.text).windows(2))
    table = [read_meaning(vision).points.support(_stems_in(window)) for window in windows]
    found = []
    for number, (point, chances) in enumerate(zip(vision.meaning, opinion.points, strict=False)):
        place = max(range(4), key=chances.__getitem__)
        verdict = POINT_LABELS[place]
        spans: tuple[Evidence, ...] = ()
        best = max(range(len(windows)), key=lambda at: (table[at][number], -at), default=0)
        if verdict != "missing" and windows and saturate(table[best][number] / 1.6) >= _SHOWN:
            start, end = windows[best][0].start, windows[best][-1].end
            spans = (Evidence(start=start, end=end, counts_as=point.id),)
        found.append(Judgement(part=point.id, verdict=verdict, chance=round(chances[place], 3), evidence=spans))
    for part in ("core", "own_words"):
        chances = opinion.heads[part]
        place = max(range(len(chances)), key=chances.__getitem__)
        found.append(Judgement(part=part, verdict=HEADS[part][place], chance=round(chances[place], 3)))
    return tuple(found)


def _explain(level: int, judgements: Sequence[Judgement], names: Sequence[str]) -> str:
    """Which ideas came across and what is missing, by the short names of the meaning points; only what is fairly sure.

    To be told that something is missing which one did say is worse than not to be told.
    """
    by_verdict: dict[str, list[str]] = {}
    for name, one in zip(names, judgements, strict=False):
        if one.chance >= _TOLD:
            by_verdict.setdefault(one.verdict, []).append(f"“{name}”")
    there, missing = by_verdict.get("covered", []), by_verdict.get("missing", [])
    turned = by_verdict.get("contradicted", [])
    rest = f" Still missing: {listed(missing[:3])}." if missing and level < 3 else ""
    rest = f" This seems to say the opposite of {listed(turned[:2])}." if turned and level < 2 else rest
    named = f": {listed(there)}" if there else ""
    if level == 0:
        return f"What the vision means did not come across yet.{rest}"
    if level == 1:
        return f"You are on the right track{named}.{rest or ' Say more of what the vision asks of us.'}"
    if level == 2:
        return f"You explain the heart of it in your own words{named}.{rest or ' There is a little more to it.'}"
    return f"You explain the vision well and in your own words{named}."


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


def _parroted(reading: Reading) -> tuple[Evidence, ...]:
    return tuple(Evidence(start=clause.start, end=clause.end, counts_as="parroting") for clause in reading.clauses)
