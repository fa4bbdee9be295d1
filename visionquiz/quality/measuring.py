"""How well a check measures, from everybody's results as plain data.

Difficulty is the mean share of the points, discrimination the correlation of an item with the rest of the check (item
and rest are kept apart, else an item would correlate with itself). How both are read follows Ebel (1965, Measuring
Educational Achievement) and Haladyna and Rodriguez (2013, Developing and Validating Test Items).
"""

import datetime as dt
import hashlib
import json
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from visionquiz.grading import LEVELS
from visionquiz.items import check_scenarios, longest_best
from visionquiz.quality.agreement import HandGraded, agree_by_level, agree_by_sureness
from visionquiz.quality.figures import ENOUGH, Cues, Estimate, Item, Option, Quality, Reliability, ReviewLoad
from visionquiz.quiz import Question, Quiz, pick_scenarios
from visionquiz.results import columns_of
from visionquiz.stats import (
    alpha_interval,
    correlation,
    correlation_interval,
    cronbach_alpha,
    rank_correlation,
)
from visionquiz.vision import Scenario, Vision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Key", "measure_quality"]

Key = tuple[str, str]
"""A person and the id of a question."""

REASONS = ("guard", "doubt", "drawn", "wished")
"""Why a person was asked to look at an answer; see `ReviewLoad`."""

PEOPLE, PARTS = 50, 3
"""What alpha needs at least: below, its interval is too wide to tell a good check from a bad one."""


def measure_quality(
    frame: "pd.DataFrame",
    quiz: Quiz,
    vision: Vision,
    *,
    now: dt.datetime,
    chosen: Mapping[Key, int | None],
    words: Mapping[Key, int],
    looks: Mapping[Key, str],
    graded: Iterable[HandGraded],
) -> Quality:
    """The quality of a check from its tidy results (`results.tidy_results`), over everybody who answered.

    `chosen` is the place of the option that a person chose in a scenario question (None where it cannot be told),
    `words` how many words a free-text answer has, `looks` why a person was asked to look at an answer (one of
    `REASONS`), `graded` what grader and person both gave a level.
    """
    rows = list(frame[frame["share"].notna()].itertuples(index=False))
    rest = _Rest(rows, quiz)
    met = pick_scenarios(quiz, vision)
    by_question: defaultdict[str, list[Any]] = defaultdict(list)
    by_scenario: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_question[row.question].append(row)
        # Somebody without a role that is known met one of several situations; nobody can tell which.
        if row.kind == "scenario" and row.role in met[row.question]:
            by_scenario[met[row.question][row.role].id].append(row)
    asked = {scenario.id for slot in met.values() for scenario in slot.values()}
    scenarios = [scenario for scenario in vision.scenarios if scenario.id in asked]
    labels = {column.id: column.label for column in columns_of(quiz)}
    written = [question for question in quiz.questions if question.kind != "scenario"]
    graded = list(graded)
    return Quality(
        quiz=quiz.id,
        title=quiz.title,
        company=vision.company,
        published=now,
        people=len({row.person for row in rows}),
        items=(
            *(_measure_text(one, labels[one.column], by_question[one.id], rest, words, vision) for one in written),
            *(_measure_scenario(one, by_scenario[one.id], rest, chosen) for one in scenarios),
        ),
        reliability=_measure_reliability(rows, rest.complete, labels),
        agreement=tuple(agree_by_level(graded)),
        bands=tuple(agree_by_sureness(graded)),
        load=tuple(_count_load(ident, label, rows, looks) for ident, label in labels.items()),
        cues=_find_cues(scenarios, vision),
    )


class _Rest:
    """What each person got for all of a check but one answer, as a share of the points; of those who have all."""

    def __init__(self, rows: Sequence[Any], quiz: Quiz) -> None:
        count = Counter(row.person for row in rows)
        self.complete = frozenset(person for person, answers in count.items() if answers == len(quiz.questions))
        self.points = sum(question.points for question in quiz.questions)
        self.scores: defaultdict[str, float] = defaultdict(float)
        for row in rows:
            self.scores[row.person] += row.score

    def without(self, row: Any) -> float:
        return float((self.scores[row.person] - row.score) / (self.points - row.points))

    def correlate(self, rows: Sequence[Any]) -> Estimate:
        """The correlation of an item with the rest of the check (item-rest, "corrected item-total" correlation)."""
        told = [row for row in rows if row.person in self.complete and row.points < self.points]
        return _estimate([row.share for row in told], [self.without(row) for row in told])


def _estimate(one: Sequence[float], other: Sequence[float], *, ranks: bool = False) -> Estimate:
    people = len(one)
    if people < ENOUGH:
        why = f"it takes {ENOUGH} people who answered, and there {'is' if people == 1 else 'are'} {people or 'none'}"
        return Estimate(people=people, why=why)
    if min(one) == max(one) or min(other) == max(other):
        return Estimate(people=people, why="everybody got the same, so nothing can be compared")
    r = rank_correlation(one, other) if ranks else correlation(one, other)
    low, high = correlation_interval(r, people, ranks=ranks)
    return Estimate(value=_round(r), low=_round(low), high=_round(high), people=people)


def _measure_text(
    question: Question, label: str, rows: Sequence[Any], rest: _Rest, words: Mapping[Key, int], vision: Vision
) -> Item:
    levels = Counter(min(3, max(0, round(3 * row.share))) for row in rows)
    said = [(count, row.share) for row in rows if (count := words.get((row.person, row.question), 0))]
    meaning = [point.text for point in vision.meaning] if question.kind == "explain" else []
    return Item(
        id=question.id,
        kind=question.kind,
        label=label,
        wording=_digest(question.prompt, vision.statement, *meaning),
        people=len(rows),
        **_difficulty(rows),
        discrimination=rest.correlate(rows),
        options=tuple(
            Option(label=name, worth=_round(level / 3), people=levels[level]) for level, name in enumerate(LEVELS)
        ),
        words=statistics.median(count for count, _ in said) if said else None,
        length=_estimate([count for count, _ in said], [share for _, share in said], ranks=True),
    )


def _measure_scenario(scenario: Scenario, rows: Sequence[Any], rest: _Rest, chosen: Mapping[Key, int | None]) -> Item:
    picked = Counter(chosen.get((row.person, row.question)) for row in rows)
    options = [(option.text, option.points / scenario.best) for option in scenario.options]
    return Item(
        id=scenario.id,
        kind="scenario",
        label=scenario.title,
        wording=_digest(scenario.situation, *(f"{worth} {text}" for text, worth in options)),
        people=len(rows),
        **_difficulty(rows),
        discrimination=rest.correlate(rows),
        options=tuple(
            Option(label=text, worth=_round(worth), people=picked[place]) for place, (text, worth) in enumerate(options)
        ),
        blank=picked[None],
    )


def _difficulty(rows: Sequence[Any]) -> dict[str, Any]:
    shares = [row.share for row in rows]
    return {
        "mean": _round(statistics.fmean(shares)) if shares else None,
        "spread": _round(statistics.stdev(shares)) if len(shares) > 1 else None,
    }


def _measure_reliability(rows: Sequence[Any], complete: frozenset[str], labels: Mapping[str, str]) -> Reliability:
    """Alpha and not omega: with three or four parts there is no factor model to be fitted, and alpha is its bound."""
    shares: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row.person in complete:
            shares[row.person][row.column].append(row.share)
    table = [[statistics.fmean(own[column]) for column in labels] for own in shares.values()]
    people, why = len(table), ""
    if len(labels) < PARTS:
        why = f"it takes {PARTS} parts that can be compared, and this check has {len(labels)}"
    elif people < PEOPLE:
        why = f"it takes {PEOPLE} people who answered everything, and there are {people or 'none'}"
    elif math.isnan(alpha := cronbach_alpha(table)):
        why = "everybody got the same in total, so nothing can be compared"
    else:
        low, high = (alpha, alpha) if alpha == 1 else alpha_interval(table)
        spread = statistics.stdev(statistics.fmean(row) for row in table)
        return Reliability(
            parts=tuple(labels.values()),
            alpha=Estimate(value=_round(alpha), low=_round(low), high=_round(high), people=people),
            error=_round(spread * math.sqrt(1 - alpha)),
        )
    return Reliability(parts=tuple(labels.values()), alpha=Estimate(people=people, why=why))


def _count_load(column: str, label: str, rows: Sequence[Any], looks: Mapping[Key, str]) -> ReviewLoad:
    own = [row for row in rows if row.column == column]
    why = Counter(looks.get((row.person, row.question), "unknown" if row.review else "") for row in own)
    return ReviewLoad(
        question=column,
        label=label,
        answers=len(own),
        **{reason: why[reason] for reason in (*REASONS, "unknown")},
        waiting=sum(bool(row.review) for row in own),
        by_hand=sum(bool(row.manual) for row in own),
    )


def _find_cues(scenarios: Sequence[Scenario], vision: Vision) -> Cues:
    """Of the scenarios that this check asks; what they leave untested is a question of the vision, not of cues."""
    found = check_scenarios(replace(vision, scenarios=tuple(scenarios), meaning=()))
    return Cues(
        scenarios=len(scenarios),
        longest=tuple(longest_best(scenarios)),
        warnings=tuple(f"{one.place}: {one.message}" for one in found),
    )


def _digest(*said: str) -> str:
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _round(value: float) -> float:
    return round(float(value), 4)
