"""The three free-text questions: what needs no model is settled first, the rest is read by it in one go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from visionquiz.grading import Answer, Grade
from visionquiz.grading.calibration import Scale, Shifts, load_scales
from visionquiz.grading.contribution import grade_contribute, sign_contribution
from visionquiz.grading.encoder import Opinion, load_encoder
from visionquiz.grading.guards import Verdict, finish, settle_empty, without_talk
from visionquiz.grading.meaning import grade_explain, sign_meaning
from visionquiz.grading.recall import grade_state, sign_recall
from visionquiz.vision import Vision

__all__ = ["grade_free_text", "sign_answers"]

GRADERS: Mapping[str, Callable[[Answer, Vision, Opinion, Scale], Verdict]] = {
    "state": grade_state,
    "explain": grade_explain,
    "contribute": grade_contribute,
}

SIGNS: Mapping[str, Callable[[Answer, Vision, Opinion], Mapping[str, float]]] = {
    "state": lambda answer, vision, opinion: sign_recall(answer, vision, opinion)[0],
    "explain": sign_meaning,
    "contribute": sign_contribution,
}


def grade_free_text(
    answers: Sequence[Answer], vision: Vision, budget: float, learned: Mapping[str, Shifts]
) -> list[Grade]:
    """One grade per answer, in order; none depends on the others."""
    empty = {place: grade for place, answer in enumerate(answers) if (grade := settle_empty(answer))}
    told = [answer for place, answer in enumerate(answers) if place not in empty]
    if not told:
        # Without a single sentence to read, the model is not even loaded.
        return list(empty.values())
    opinions = iter(_opinions(told, vision))
    scales = load_scales()
    grades = []
    for place, answer in enumerate(answers):
        if place in empty:
            grades.append(empty[place])
            continue
        scale = scales[answer.kind]
        if answer.id in learned:
            scale = scale.shifted(learned[answer.id])
        verdict = GRADERS[answer.kind](answer, vision, next(opinions), scale)
        grades.append(finish(answer, verdict, scale, budget))
    return grades


def sign_answers(answers: Sequence[Answer], vision: Vision) -> list[Mapping[str, float] | None]:
    """The signs of each free-text answer, in order; None where nothing is said."""
    told = [answer for answer in answers if not settle_empty(answer)]
    opinions = iter(_opinions(told, vision) if told else ())
    return [None if settle_empty(answer) else SIGNS[answer.kind](answer, vision, next(opinions)) for answer in answers]


def _opinions(answers: Sequence[Answer], vision: Vision) -> list[Opinion]:
    """What the model thinks of each answer; what talks to the grader is not shown to it, so it can earn nothing."""
    return load_encoder().read([replace(answer, text=without_talk(answer.text)) for answer in answers], vision)
