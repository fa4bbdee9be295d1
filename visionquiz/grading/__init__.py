"""The free-text grader: what this project exists for.

`grade_answers` takes answers and a vision and returns one `Grade` per answer, in order. A grade never depends on the
other answers that are graded with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from visionquiz.vision import Vision

__all__ = ["LEVELS", "Answer", "Evidence", "Grade", "Kind", "grade_answers"]

Kind = Literal["state", "explain", "contribute", "scenario"]

LEVELS = ("not yet", "partly", "mostly", "fully")
"""The names of levels 0 to 3 of a free-text answer."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one person wrote, or chose, for one question."""

    id: str
    kind: Kind
    text: str
    """For a scenario: what the answer cell says, such as ``no-estimate B``."""
    role: str = ""
    """Role id of the person; empty where it is not known."""
    scenario: str = ""
    """For kind ``scenario``: the id of the scenario that was answered; empty where it cannot be told."""
    option: int | None = None
    """For kind ``scenario``: the index of the option chosen in ``Scenario.options``; None where it cannot be told."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A stretch of the answer as it was typed, ``text[start:end]``, and what it was counted as."""

    start: int
    end: int
    counts_as: str
    """A meaning point id, ``statement``, ``action``, ``first-person`` or the name of a guard."""


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What one answer is worth, why, and whether a person should look."""

    id: str
    share: float
    """0..1 of the question's points; ``level / 3`` for free text, points / best points for a scenario."""
    level: int | None
    """0..3 for free text; None for a scenario."""
    confidence: float
    """0..1: how sure the grader is that a fair trainer would give this level."""
    review: bool
    """True where a person should look before the grade counts."""
    reason: str
    """One or two plain sentences for the employee."""
    evidence: tuple[Evidence, ...] = field(default=())


def grade_answers(answers: Iterable[Answer], vision: Vision) -> list[Grade]:
    """One grade per answer, in order. Blank answers get nothing, without doubt."""
    from visionquiz.grading import choice, contribution, meaning, recall

    graders = {
        "state": recall.grade_state,
        "explain": meaning.grade_explain,
        "contribute": contribution.grade_contribute,
        "scenario": choice.grade_choice,
    }
    return [graders[answer.kind](answer, vision) for answer in answers]
