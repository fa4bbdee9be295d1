"""The free-text grader: what this project exists for.

`grade_answers` takes answers and a vision and returns one `Grade` per answer, in order. A grade never depends on the
other answers that are graded with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from visionquiz.vision import Vision

if TYPE_CHECKING:
    from visionquiz.grading.calibration import Shifts

__all__ = ["LEVELS", "Answer", "Evidence", "Grade", "Judgement", "Kind", "grade_answers"]

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
class Judgement:
    """What became of one part that the rubric asks for."""

    part: str
    """A meaning point id, of a contribution after `parts.SERVES`; a name of `encoder.HEADS` such as ``core``; or a
    word: of the statement, or an intrusion of the answer."""
    verdict: str
    """Of a point: covered, hinted, missing, contradicted. Of a word: recalled, paraphrased, missing, changed,
    intrusion. Of a point that a contribution may serve: yes, no. Of the other parts: the labels of `encoder.HEADS`."""
    chance: float
    """0..1: how sure the grader is of the verdict."""
    evidence: tuple[Evidence, ...] = ()


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
    """True where a person should look before the grade counts: for `doubt`, or because one of the `guards` spoke."""
    reason: str
    """One or two plain sentences for the employee."""
    levels: tuple[float, ...] = ()
    """For free text: the probability of each level, 0 to 3."""
    doubt: bool = False
    """Whether the level is among the most doubtful; how many may be so is the trainer's budget."""
    guards: tuple[str, ...] = ()
    """What else asks for a person, such as ``talk`` or ``contradiction``."""
    judgements: tuple[Judgement, ...] = ()
    """Part by part, in the order of the vision."""
    evidence: tuple[Evidence, ...] = ()


def grade_answers(
    answers: Iterable[Answer],
    vision: Vision,
    *,
    budget: float = 0.15,
    learned: "Mapping[str, Shifts] | None" = None,
) -> list[Grade]:
    """One grade per answer, in order. Blank answers get nothing, without doubt.

    `budget` (0..1) is the share of answers that may go to a person because their level is in doubt. `learned` moves,
    by the id of the answer, the cut points to where a trainer's own grades put them.
    """
    from visionquiz.grading.choice import grade_choice
    from visionquiz.grading.shared import grade_free_text

    asked = list(answers)
    written = grade_free_text([answer for answer in asked if answer.kind != "scenario"], vision, budget, learned or {})
    graded = iter(written)
    return [grade_choice(answer, vision) if answer.kind == "scenario" else next(graded) for answer in asked]
