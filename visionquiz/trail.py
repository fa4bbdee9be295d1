"""What happened to a person's answers, as lines to read: handed in, graded, changed by a person, looked at again."""

from collections.abc import Iterator, Sequence

from visionquiz.gradebook import Event, Score
from visionquiz.gradebook.trail import SELF

__all__ = ["print_trail"]


def print_trail(events: Sequence[Event], scores: Sequence[Score]) -> Iterator[str]:
    """One line per event, the earliest first, then how each answer stands. `scores` are the person's own."""
    points = {score.question: score.points for score in scores}
    for event in events:
        place = f"{event.question}: " if event.question else ""
        yield f"{event.at:%Y-%m-%d %H:%M:%S} UTC  {place}{_say(event, points.get(event.question, 0.0))}"
    for score in scores:
        by = "a person" if score.manual else "the grader"
        left = "; a person has yet to look" if score.review else ""
        yield f"now  {score.question}: {score.score:.3g} of {score.points:g} points by {by}{left}"


def _say(event: Event, points: float) -> str:
    who = event.who or "somebody in formgrader"
    why = f" ({event.why})" if event.why else ""
    if event.kind == "attempt":
        said = f", dated {event.why} UTC" if event.why else ", without a date"
        return f"handed in, receipt {event.new}{said}"
    if event.kind == "judgement":
        return f"the grader gives {float(event.new) * points:.3g} of {points:g} points: {event.why} [{event.model}]"
    if event.kind == "asked":
        return f"{event.who} asks for a second look: {event.why}"
    if event.kind == "answered":
        return f"{event.who} answers: {event.why}"
    name = {"score": "score", "extra": "extra credit", "words": "comment"}[event.kind]
    old, new = event.old or "none", event.new or "none"
    if event.who == SELF:
        return f"{name} {old} does not count any more{why}"
    return f"{who} changes the {name} from {old} to {new}{why}"
