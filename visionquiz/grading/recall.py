"""Can they state it? The answer is aligned with the statement word by word, and its ideas are looked for in any order.

The alignment is local (Smith and Waterman 1981): talk before and after the statement costs nothing. Words of weight
count more than small ones, a misspelt word counts nearly in full, a word near in meaning for a part.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from visionquiz.grading import Answer, Grade
from visionquiz.grading.guards import (
    EVERYDAY,
    Scale,
    grade_blank,
    listed,
    merged,
    read_answer,
    saturate,
    settle,
    sign_common,
)
from visionquiz.text import (
    NEGATIONS,
    SMALL_WORDS,
    Reference,
    Word,
    clauses,
    content,
    likeness,
    sounds_like,
    stems_of,
    words,
)
from visionquiz.vision import Vision

__all__ = ["Alignment", "Statement", "align", "grade_state", "read_statement", "sign_recall"]

# Fitted on the 42 invented organisations of the training corpus (answers labelled by their writers, length balanced),
# whole organisations held out while choosing the signs. Neither company of tests/data took part.
_SCALE = Scale(
    weights={
        "mean-idea": 2.04,
        "least-idea": 1.26,
        "verbatim": 1.93,
        "near-meaning": 2.33,
        "turned": -2.39,
        "changed": -1.04,
        "noise": -4.11,
        "dont-know": -3.67,
        "business": -3.23,
        "praise": -1.19,
    },
    cuts=(1.18, 2.95, 5.1),
)

_FOUND = 0.55
"""From this share of its weight on, an idea of the statement counts as said."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """One word of the statement."""

    plain: str
    stem: str
    weight: float
    """.12 for a small word, .6 for an everyday word, .8 for a negation, 1 for any other."""
    negates: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Statement:
    """A vision's statement, ready to be compared with answers."""

    terms: tuple[Term, ...]
    ideas: tuple[tuple[Term, ...], ...]
    """The statement cut at its marks and joining words; a statement in one piece is cut in the middle."""
    reference: Reference
    """One bag per idea."""
    core: Reference
    """The statement, the core idea and the meaning points, one bag."""
    stems: frozenset[str]
    """Stems of its content words."""


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """How an answer lies against the statement."""

    exact: float
    """0..1: share of the statement's weight that is there in the same order, misspellings allowed."""
    changed: int
    """Content words of the statement that stand replaced by something unlike."""
    turned: bool
    """Whether a negation was lost or put in inside the aligned stretch."""
    altered: bool
    """Whether a word that decides the sense (a content word, ``our`` or ``their``, ``on`` or ``off``) is not there."""
    matched: tuple[Word, ...]
    """The words of the answer that were matched."""


@functools.lru_cache(maxsize=64)
def read_statement(vision: Vision) -> Statement:
    """The statement of a vision, prepared once."""
    terms = tuple(_weigh(word) for word in words(vision.statement))
    ideas = [
        heavy
        for clause in clauses(vision.statement)
        if (heavy := tuple(term for term in map(_weigh, clause.words) if term.weight > 0.5))
    ]
    if len(ideas) == 1 and len(ideas[0]) >= 4:
        half = len(ideas[0]) // 2
        ideas = [ideas[0][:half], ideas[0][half:]]
    background = " . ".join([vision.statement, vision.core_idea, *(point.text for point in vision.meaning)])
    return Statement(
        terms=terms,
        ideas=tuple(ideas),
        reference=Reference(bags=tuple(map(_bag, ideas))),
        core=Reference(bags=({word.stem: 1.0 for word in content(words(background))},)),
        stems=frozenset(word.stem for word in content(words(vision.statement))),
    )


def align(terms: Sequence[Term], found: Sequence[Word]) -> Alignment:
    """The best local alignment of the statement's words with the answer's words. Time grows with the product."""
    rows, columns = len(terms), len(found)
    score = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    step = [[0] * (columns + 1) for _ in range(rows + 1)]
    best, row, column = 0.0, 0, 0
    small = [word.plain in SMALL_WORDS for word in found]
    for i, term in enumerate(terms, start=1):
        above, here, steps = score[i - 1], score[i], step[i]
        skip = 0.3 * term.weight
        for j, word in enumerate(found, start=1):
            alike = _likeness(term, word)
            paired = above[j - 1] + (
                term.weight * alike if alike else -0.3 * max(term.weight, 0.1 if small[j - 1] else 0.6)
            )
            missed = above[j] - skip
            extra = here[j - 1] - (0.05 if small[j - 1] else 0.3)
            top = max(paired, missed, extra)
            if top > 0:
                here[j] = top
                steps[j] = 1 if top == paired else 2 if top == missed else 3
                if top > best:
                    best, row, column = top, i, j
    return _trace(terms, found, step, row, column)


def _trace(
    terms: Sequence[Term], found: Sequence[Word], step: Sequence[Sequence[int]], row: int, column: int
) -> Alignment:
    exact, changed, turned = 0.0, 0, False
    matched: list[Word] = []
    kept: set[int] = set()
    while row and column and step[row][column]:
        move, term, word = step[row][column], terms[row - 1], found[column - 1]
        if move == 1:
            alike = _likeness(term, word)
            if alike:
                matched.append(word)
                kept.add(row - 1)
            if alike >= 0.9:
                exact += term.weight
            elif not alike and term.negates:
                turned = True
            elif not alike and term.weight > 0.5 and word.plain not in SMALL_WORDS:
                changed += 1
            row, column = row - 1, column - 1
        elif move == 2:
            turned = turned or term.negates
            row -= 1
        else:
            turned = turned or word.plain in NEGATIONS
            column -= 1
    total = sum(term.weight for term in terms)
    return Alignment(
        exact=exact / total if total else 0.0,
        changed=changed,
        turned=turned,
        altered=any(
            place not in kept and (term.weight > 0.5 or term.stem in _DECISIVE) for place, term in enumerate(terms)
        ),
        matched=tuple(reversed(matched)),
    )


def sign_recall(answer: Answer, vision: Vision) -> tuple[dict[str, float], Alignment, tuple[float, ...]]:
    """The signs of a recalled statement (each 0..1), the alignment, and how far each idea was said (0..1)."""
    statement, reading = read_statement(vision), read_answer(answer.text)
    aligned = align(statement.terms, reading.words)
    negated = any(word.plain in NEGATIONS for word in reading.words)
    said = _ideas_said(statement, reading.stems, negated=negated)
    close = aligned.exact > 0.4
    signs = {
        "verbatim": aligned.exact**3,
        "least-idea": min(said, default=0.0),
        "mean-idea": sum(said) / len(said) if said else 0.0,
        "near-meaning": saturate(sum(statement.core.nearest(one) for one in reading.stems) / 3),
        "changed": float(close and aligned.changed > 0),
        "turned": float(close and aligned.turned),
        **sign_common(reading, answer.text, statement=statement.stems, vision=statement.core),
    }
    return signs, aligned, said


def grade_state(answer: Answer, vision: Vision) -> Grade:
    """Level 0..3 by the rubric for `state`: word for word 3, every main idea 2, some 1, none 0."""
    if blank := grade_blank(answer):
        return blank
    signs, aligned, said = sign_recall(answer, vision)
    doubts = []
    level, confidence = _SCALE.judge(signs)
    if aligned.exact >= 0.9 and not aligned.altered and not aligned.turned:
        level, confidence = 3, 0.95
    elif level == 3 and aligned.altered:
        # One word can turn it round ("our farewell" for "their farewell"), and a synonym looks just the same from here.
        doubts.append("altered")
    elif signs["turned"]:
        doubts.append("turned-round")
        level = min(level, 2)
    if level == 3 and _count_negations(answer) != sum(term.negates for term in read_statement(vision).terms):
        # "Never keep every home running", but also "I am not sure, I think it is ...": a person tells them apart.
        doubts.append("negation")
    if aligned.exact > 0.4 and not min(said, default=1.0):
        # Part of the statement in its own wording, and another part not at all.
        level = min(level, 1)
    evidence = merged(aligned.matched, counts_as="statement")
    return settle(
        answer, level=level, confidence=confidence, reason=_explain(level, said), doubts=doubts, evidence=evidence
    )


def _count_negations(answer: Answer) -> int:
    return sum(word.plain in NEGATIONS for word in read_answer(answer.text).words)


def _explain(level: int, said: Sequence[float]) -> str:
    """What came across, by position, so that the reason does not give the statement away."""
    if level == 3:
        return "You know the vision: every part of it is there."
    there = [_PLACES[place] for place, share in enumerate(said[:6]) if share >= _FOUND]
    missing = [_PLACES[place] for place, share in enumerate(said[:6]) if share < _FOUND]
    if level == 0:
        return "The vision did not come across yet; have another look at its wording and try again."
    if level == 2:
        if missing and there:
            return f"You know what the vision is about; the {listed(missing)} part could be closer to its wording."
        return "You know what the vision is about; only the exact wording differs."
    if there and missing:
        return f"You have the {listed(there)} part of it; the {listed(missing)} part is still missing or different."
    return "Something of the vision is there; at least one of its main ideas is still missing or different."


def _ideas_said(statement: Statement, stems: Sequence[str], *, negated: bool) -> tuple[float, ...]:
    """Per idea, the share (0..1) of its weight that these stems say; a negation counts where the answer has any."""
    shares = []
    for idea, got in zip(statement.ideas, statement.reference.support(stems), strict=True):
        turns = sum(term.weight for term in idea if term.negates)
        weight = turns + sum(_bag(idea).values())
        shares.append((got + (turns if negated else 0.0)) / weight if weight else 0.0)
    return tuple(shares)


def _bag(idea: Sequence[Term]) -> dict[str, float]:
    return {term.stem: term.weight for term in idea if not term.negates}


def _weigh(word: Word) -> Term:
    negates = word.plain in NEGATIONS
    if negates:
        weight = 0.8
    elif word.plain in SMALL_WORDS:
        weight = 0.12
    else:
        weight = 0.6 if word.stem in EVERYDAY else 1.0
    return Term(plain=word.plain, stem=word.stem, weight=weight, negates=negates)


def _likeness(term: Term, word: Word) -> float:
    """As `likeness`; one negation is as good as another, and never like anything else."""
    negates = word.plain in NEGATIONS
    if term.negates or negates:
        return float(term.negates and negates)
    alike = likeness(term.stem, word.stem)
    if alike >= 0.9:
        return alike
    return 0.9 if likeness(term.plain, word.plain) == 0.9 or sounds_like(term.plain, word.plain) else alike


_DECISIVE = stems_of("he her his i it its me my off on our ours she their them they up us we you your")
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
