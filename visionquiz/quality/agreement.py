"""How far people and grader agree, on answers that both gave a level."""

from collections.abc import Iterable
from dataclasses import dataclass

from visionquiz.grading import LEVELS
from visionquiz.stats import wilson_interval

__all__ = ["AgreementRow", "Band", "HandGraded", "agree_by_level", "agree_by_sureness"]

SURE = ((0.0, "grader less than 60% sure"), (0.6, "grader 60 to 80% sure"), (0.8, "grader 80% sure or more"))
"""Where the bands of the grader's confidence begin."""

DRAWN = "drawn at random"


@dataclass(frozen=True, kw_only=True)
class HandGraded:
    """A free-text answer that a person graded, by levels 0..3."""

    question: str
    grader: int
    person: int
    sure: float | None = None
    """0..1: the grader's confidence, where it is known."""
    drawn: bool = False
    """Whether a person was asked to look by chance alone."""


@dataclass(frozen=True, kw_only=True)
class AgreementRow:
    """How people graded what the grader put at one level."""

    question: str
    level: str
    grades: int
    same: int
    mean: float
    """The level, 0..3, that people gave on average."""

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share that people put at the same level, 95 %."""
        return wilson_interval(self.same, self.grades)


@dataclass(frozen=True, kw_only=True)
class Band:
    """How often people gave the grader's level, where it was about as sure."""

    label: str
    grades: int
    same: int
    said: float | None = None
    """The mean of the grader's confidence; None where it is not known of all."""

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share that people put at the same level, 95 %."""
        return wilson_interval(self.same, self.grades)


def agree_by_level(graded: Iterable[HandGraded]) -> list[AgreementRow]:
    """By question and the grader's level, those that were given."""
    groups: dict[tuple[str, int], list[int]] = {}
    for one in graded:
        groups.setdefault((one.question, one.grader), []).append(one.person)
    return [
        AgreementRow(
            question=question,
            level=LEVELS[level],
            grades=len(given),
            same=given.count(level),
            mean=sum(given) / len(given),
        )
        for (question, level), given in sorted(groups.items())
    ]


def agree_by_sureness(graded: Iterable[HandGraded]) -> list[Band]:
    """By how sure the grader was, over all questions; then, once more, those that were drawn at random.

    Only these tell how the grader does where it has no doubt: people mostly see what it doubts.
    """
    found = list(graded)
    ends = [begin for begin, _ in SURE[1:]] + [float("inf")]
    groups = [
        (label, [one for one in found if one.sure is not None and begin <= one.sure < end])
        for (begin, label), end in zip(SURE, ends, strict=True)
    ]
    groups.append((DRAWN, [one for one in found if one.drawn]))
    return [_band(label, those) for label, those in groups if those]


def _band(label: str, graded: list[HandGraded]) -> Band:
    sure = [one.sure for one in graded if one.sure is not None]
    return Band(
        label=label,
        grades=len(graded),
        same=sum(one.grader == one.person for one in graded),
        said=round(sum(sure) / len(sure), 4) if len(sure) == len(graded) else None,
    )
