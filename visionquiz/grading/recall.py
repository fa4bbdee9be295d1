"""Can they state it? The answer is aligned with the statement word by word, and its ideas are looked for in any order.

The alignment is local (Smith and Waterman 1981): talk before and after the statement costs nothing. Words of weight
count more than small ones, a misspelt word counts nearly in full, a word near in meaning for a part.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visionquiz.grading import Answer, Evidence, Judgement
from visionquiz.grading.calibration import Scale
from visionquiz.grading.encoder import Opinion
from visionquiz.grading.guards import (
    EVERYDAY,
    Verdict,
    listed,
    merged,
    read_answer,
    sign_common,
)
from visionquiz.grading.signs import sign_opinion
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

__all__ = ["Alignment", "Statement", "align", "grade_state", "judge_words", "read_statement", "sign_recall"]

_HEARD = 0.75
"""From this probability on, a word of which nothing was typed is taken to be said in other words."""

_UNSAID = 0.6
"""Below this mean probability of its words, an idea is not taken as said. On organisations that the network had not
learnt from, 3 of 3 full levels with such an idea were at most partly right."""

_FOUND = 0.55
"""From this share of its weight on, an idea of the statement counts as said."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """One word of the statement, at ``statement[start:end]``."""

    start: int
    end: int
    plain: str
    stem: str
    weight: float
    """.12 for a small word, .6 for an everyday word, .8 for a negation, 1 for any other."""
    negates: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Statement:
    """A vision's statement, ready to be compared with answers."""

    terms: tuple[Term, ...]
    weight: float
    """The sum of its words' weights."""
    spans: tuple[tuple[tuple[int, int], ...], ...]
    """(start, end) of the words that carry each idea: the statement cut at its marks and joining words, in the middle
    where it is in one piece."""
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
    pairs: Mapping[int, tuple[Word, float]]
    """By place in the statement: the word of the answer that stands for it, and how like it is, 0..1."""

    @property
    def matched(self) -> tuple[Word, ...]:
        """The words of the answer that are like a word of the statement, in order."""
        return tuple(word for _, (word, alike) in sorted(self.pairs.items()) if alike)


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
        weight=sum(term.weight for term in terms),
        spans=tuple(tuple((term.start, term.end) for term in idea) for idea in ideas),
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
    pairs: dict[int, tuple[Word, float]] = {}
    while row and column and step[row][column]:
        move, term, word = step[row][column], terms[row - 1], found[column - 1]
        if move == 1:
            alike = _likeness(term, word)
            pairs[row - 1] = (word, alike)
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
            not pairs.get(place, (None, 0.0))[1] and (term.weight > 0.5 or term.stem in _DECISIVE)
            for place, term in enumerate(terms)
        ),
        pairs=pairs,
    )


def sign_recall(answer: Answer, vision: Vision, opinion: Opinion) -> tuple[dict[str, float], Alignment]:
    """The signs of a recalled statement (each 0..1), and the alignment."""
    statement, reading = read_statement(vision), read_answer(answer.text)
    aligned = align(statement.terms, reading.words)
    close = aligned.exact > 0.4
    signs = {
        **sign_opinion("state", opinion, statement.spans),
        "verbatim": aligned.exact**3,
        "changed": float(close and aligned.changed > 0),
        "turned": float(close and aligned.turned),
        **sign_common(reading, answer.text, statement=statement.stems, vision=statement.core),
    }
    return signs, aligned


def grade_state(answer: Answer, vision: Vision, opinion: Opinion, scale: Scale) -> Verdict:
    """Level 0..3 by the rubric for `state`: word for word 3, every main idea 2, some 1, none 0."""
    signs, aligned = sign_recall(answer, vision, opinion)
    level, levels = scale.judge(signs)
    if aligned.exact >= 0.9 and not aligned.altered and not aligned.turned:
        level, levels = 3, (0.0, 0.01, 0.04, 0.95)
    judgements = judge_words(answer, vision, opinion)
    said = _places_said(judgements, read_statement(vision))
    if level == 3 and (min(said, default=1.0) == 0 or signs["least-said"] < _UNSAID):
        # One idea was hardly heard: that is partly, and the reason says which is missing.
        level = 1
    # A negation lost or put in may turn everything round, or belong to the talk around it ("not sure, but ...").
    guards = ("turned-round",) if level >= 2 and aligned.turned else ()
    return Verdict(
        level=level,
        levels=levels,
        reason=_explain(level, said),
        guards=guards,
        judgements=judgements,
        evidence=tuple(merged(aligned.matched, counts_as="statement")),
    )


def judge_words(answer: Answer, vision: Vision, opinion: Opinion) -> tuple[Judgement, ...]:
    """What became of each word of the statement, in its order, and behind them the intrusions.

    A word is ``recalled`` where the answer has it, misspelt or not; ``paraphrased`` where a word near in meaning stands
    for it, or where the model hears its whole idea in other words; ``changed`` where something unlike stands in its
    place; else ``missing``. An ``intrusion`` is a word of the answer, inside the stretch that recalls the statement,
    that the statement has not.
    """
    statement, reading = read_statement(vision), read_answer(answer.text)
    pairs = align(statement.terms, reading.words).pairs
    chances = {start: row for start, _, row in opinion.words}
    found: list[Judgement] = []
    for place, term in enumerate(statement.terms):
        word, alike = pairs.get(place, (None, 0.0))
        if alike < 0.9:
            # Said elsewhere, out of order, counts just as well; small words are everywhere and prove nothing.
            loose = next((one for one in reading.words if term.weight > 0.5 and _likeness(term, one) >= 0.9), None)
            word, alike = (loose, 0.9) if loose else (word, alike)
        idea = next((span for span in statement.spans if (term.start, term.end) in span), ())
        kept = any((other.start, other.end) in idea for at, other in enumerate(statement.terms) if _kept(pairs.get(at)))
        there, put, _, turned = chances.get(term.start, (0.0, 0.0, 1.0, 0.0))
        verdict, chance = "missing", 1 - there - put
        if word and alike >= 0.9:
            verdict, chance = "recalled", alike
        elif word and alike:
            verdict, chance = "paraphrased", alike
        elif word or (turned > 0.5 and not kept):
            verdict, chance = "changed", max(turned, 0.5)
        elif there + put > _HEARD and not kept:
            verdict, chance, word = "paraphrased", there + put, None
        spans = (Evidence(start=word.start, end=word.end, counts_as="statement"),) if word else ()
        found.append(Judgement(part=term.plain, verdict=verdict, chance=round(chance, 3), evidence=spans))
    return (*found, *_intrusions(statement, reading.words, pairs))


def _kept(pair: tuple[Word, float] | None) -> bool:
    return pair is not None and pair[1] >= 0.9


def _intrusions(
    statement: Statement, typed: Sequence[Word], pairs: Mapping[int, tuple[Word, float]]
) -> tuple[Judgement, ...]:
    kept = [word for word, alike in pairs.values() if alike]
    if sum(statement.terms[place].weight for place, (_, alike) in pairs.items() if alike) < 0.4 * statement.weight:
        return ()
    meant = content(tuple(typed))
    first, last = min(word.start for word in kept), max(word.end for word in kept)
    return tuple(
        Judgement(
            part=word.plain,
            verdict="intrusion",
            chance=1.0,
            evidence=(Evidence(start=word.start, end=word.end, counts_as="intrusion"),),
        )
        for word in typed
        if (word in meant or word.plain in NEGATIONS)
        and first <= word.start < last
        and word not in kept
        and (word.plain in NEGATIONS or not any(_likeness(term, word) for term in statement.terms))
    )


def _places_said(judgements: Sequence[Judgement], statement: Statement) -> list[float]:
    """Per idea, the share (0..1) of its words that were recalled or paraphrased."""
    verdicts = {term.start: one.verdict for term, one in zip(statement.terms, judgements, strict=False)}
    return [
        sum(verdicts[start] in ("recalled", "paraphrased") for start, _ in idea) / len(idea) for idea in statement.spans
    ]


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
            return f"You know what the vision is about; {_parts(missing)} could be closer to its wording."
        return "You know what the vision is about; only the exact wording differs."
    if there and missing:
        verb = "is" if len(missing) == 1 else "are"
        return f"You have {_parts(there)} of it; {_parts(missing)} {verb} still missing or different."
    return "Something of the vision is there; at least one of its main ideas is still missing or different."


def _parts(places: Sequence[str]) -> str:
    return f"the {listed(places)} part{'s' if len(places) > 1 else ''}"


def _weigh(word: Word) -> Term:
    negates = word.plain in NEGATIONS
    if negates:
        weight = 0.8
    elif word.plain in SMALL_WORDS:
        weight = 0.12
    else:
        weight = 0.6 if word.stem in EVERYDAY else 1.0
    return Term(start=word.start, end=word.end, plain=word.plain, stem=word.stem, weight=weight, negates=negates)


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
