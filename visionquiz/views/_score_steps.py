"""What to do on Monday: three steps with the figure that each follows from, and a card for five minutes together."""

from collections.abc import Sequence

from visionquiz.next_steps import NextStep
from visionquiz.summaries import Summary
from visionquiz.views._chart_parts import text

__all__ = ["draw_card", "draw_steps"]


def draw_steps(steps: Sequence[NextStep]) -> str:
    """The steps as a numbered list; a sentence where there are none."""
    if not steps:
        return "<p>Nothing stands out: keep talking about the vision, and check again in some months.</p>"
    items = "".join(f"<li><strong>{text(step.title)}</strong><span>{text(step.why)}</span></li>" for step in steps)
    return f'<ol class="steps">{items}</ol>'


def draw_card(summary: Summary, steps: Sequence[NextStep]) -> str:
    """A card for a huddle of five minutes about the first meaning point of the steps; ``""`` where none is of one.

    On paper it has a page of its own.
    """
    asked = next((step.point for step in steps if step.point), "")
    point = next((part for column in summary.columns for part in column.parts if asked and part.id == asked), None)
    if point is None:
        return ""
    return (
        '<section class="card" aria-labelledby="huddle"><h3 id="huddle">A card for five minutes together</h3>'
        f"<p>Our vision: {text(summary.statement)}</p><p>A part of what it means:</p>"
        f"<blockquote>{text(point.label)}</blockquote><ol>"
        "<li><strong>One minute.</strong> Read it aloud. What does it ask of us, in other words?</li>"
        "<li><strong>Two minutes.</strong> When did a customer get this from us in the last days? When not, and what "
        "was in the way?</li>"
        "<li><strong>Two minutes.</strong> Each says one thing that they will do today, beginning with “I”. Nobody "
        "comments.</li></ol></section>"
    )
