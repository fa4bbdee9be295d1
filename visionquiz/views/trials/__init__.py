"""Tests of drafts with people: the trainer begins them and sees what came of them, everybody else takes part."""

import time
from collections.abc import Callable

from visionquiz.piloting import DraftTests, Explain, grade_explanations
from visionquiz.views.trials._lead import LeadView
from visionquiz.views.trials._short import tell_tests
from visionquiz.views.trials._take import AnswerForm, TakeView
from visionquiz.vision import Vision
from visionquiz.workshop import Workshop

__all__ = ["AnswerForm", "LeadView", "TakeView", "draw_tests", "tell_tests"]


def draw_tests(
    workshop: Workshop, *, vision: Vision, explain: Explain | None = None, clock: Callable[[], float] = time.time
) -> LeadView | TakeView:
    """What the person at this seat sees of the tests: the trainer's part, or the form of whoever takes part.

    The drafts on the wall can be tested. `explain` grades explanations; without it the grader does, loaded when it is
    first needed. Call ``refresh()`` after changes; it leaves alone what somebody is at work on.
    """
    tests = DraftTests(workshop.store, workshop.seat, clock=clock)
    if not workshop.seat.trainer:
        return TakeView(tests)
    return LeadView(
        tests,
        wall=lambda: [one for one in workshop.drafts() if one.on_wall],
        vision=vision,
        explain=explain or grade_explanations(vision),
    )
