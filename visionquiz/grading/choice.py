"""Scenarios: the trainer's published key, points of the chosen option over points of the best one.

There is no agreed way to key situational judgement items (Bergman et al. 2006), so the key is the trainer's own and
is shown to people afterwards with its reasons.
"""

from visionquiz.grading import Answer, Grade
from visionquiz.vision import Vision

__all__ = ["grade_choice"]


def grade_choice(answer: Answer, vision: Vision) -> Grade:
    """The share of the best option's points. A choice that cannot be read gets 0 and goes to a person."""
    scenario = vision.scenario(answer.scenario)
    if not answer.text.strip():
        return Grade(id=answer.id, share=0.0, level=None, confidence=1.0, review=False, reason="No response.")
    if scenario is None or answer.option is None:
        reason = "It is not clear which situation or which letter was chosen. A person will look at this."
        return Grade(id=answer.id, share=0.0, level=None, confidence=0.0, review=True, reason=reason)
    option = scenario.options[answer.option]
    return Grade(
        id=answer.id,
        share=option.points / scenario.best,
        level=None,
        confidence=1.0,
        review=False,
        reason=f"{scenario.title}: {option.why}",
    )
