"""The three free-text questions: what needs no model is settled first, the rest is read by it in one go."""

from collections.abc import Callable, Sequence

from visionquiz.grading import Answer, Grade
from visionquiz.grading.calibration import load_scales
from visionquiz.grading.contribution import grade_contribute
from visionquiz.grading.encoder import Opinion, load_encoder
from visionquiz.grading.guards import Verdict, finish, settle_empty
from visionquiz.grading.meaning import grade_explain
from visionquiz.grading.recall import grade_state
from visionquiz.vision import Vision

__all__ = ["grade_free_text"]

GRADERS: dict[str, Callable[[Answer, Vision, Opinion], Verdict]] = {
    "state": grade_state,
    "explain": grade_explain,
    "contribute": grade_contribute,
}


def grade_free_text(answers: Sequence[Answer], vision: Vision, budget: float) -> list[Grade]:
    """One grade per answer, in order; none depends on the others."""
    empty = {place: grade for place, answer in enumerate(answers) if (grade := settle_empty(answer))}
    told = [answer for place, answer in enumerate(answers) if place not in empty]
    # Without a single sentence to read, the model is not even loaded.
    opinions = iter(load_encoder().read(told, vision) if told else ())
    scales = load_scales() if told else {}
    grades = []
    for place, answer in enumerate(answers):
        if place in empty:
            grades.append(empty[place])
            continue
        verdict = GRADERS[answer.kind](answer, vision, next(opinions))
        grades.append(finish(answer, verdict, scales[answer.kind], budget))
    return grades
