"""What became of the parts of people's answers, as drawings: the statement's words, the meaning points, and what makes
a contribution.
"""

from collections.abc import Sequence

from visionquiz.parts import Part
from visionquiz.summaries import Column, Group, Summary, share_of
from visionquiz.views import charts
from visionquiz.views._chart_parts import chart, percent, text

__all__ = ["draw_contributions", "draw_points", "draw_words"]

KNOWN = ("recalled", "paraphrased")
"""A word is known where it is there, or another one with its meaning."""

CONTRIBUTIONS = (
    ("personal", ("I",), "Says what they do themselves"),
    ("concrete", ("yes",), "Names something that others could see"),
    ("fits_role", ("yes",), "Fits their job"),
    ("linked", ("clear",), "Clearly serves the vision"),
)
"""The parts of a contribution: which verdicts are wanted, and what they mean."""


def draw_words(summary: Summary, group: Group, column: Column) -> str:
    """The statement, each word the stronger in colour the more people knew it; ``""`` where that is not known."""
    shares = [share_of(group, column, part.id, *KNOWN) for part in column.parts]
    if not shares or None in shares:
        return ""
    known = [share or 0.0 for share in shares]
    items = "".join(
        f'<li style="--heat:{share:.3f}"><span class="word">{text(word)}</span>'
        f'<span class="share">{percent(share)}</span></li>'
        for word, share in zip(_as_written(summary.statement, column.parts), known, strict=True)
    )
    best = max(range(len(known)), key=known.__getitem__)
    least = min(range(len(known)), key=known.__getitem__)
    says = (
        f"How many knew each word, or another one with its meaning. Most: “{column.parts[best].label}”, "
        f"{percent(known[best])}. Fewest: “{column.parts[least].label}”, {percent(known[least])}."
    )
    if known[best] == known[least]:
        says = f"Every word was known by {percent(known[best])}."
    return chart("The statement, word by word", says, f'<ol class="words">{items}</ol>', len(known))


def draw_points(group: Group, column: Column) -> str:
    """The meaning points, with what people said of each; ``""`` where that is not known."""
    points = [part for part in column.parts if part.label]
    marks = [
        charts.Stack(
            label=point.label,
            shares=[share_of(group, column, point.id, one) or 0.0 for one in ("covered", "hinted", "contradicted")],
        )
        for point in points
        if column.id in group.parts
    ]
    if not marks:
        return ""
    names = ("said it", "hinted at it", "seem to say the opposite")
    least = min(marks, key=lambda mark: (mark.shares or (0.0,))[0])
    says = (
        "What came across of each point, as the grader reads the answers. Least of all: "
        f"“{least.label}”, {percent((least.shares or (0.0,))[0])}."
    )
    return charts.stacks("What people say it means", names, marks, says=says, rest="did not speak of it")


def draw_contributions(group: Group, column: Column) -> str:
    """What people's contributions have of what makes one; ``""`` where that is not known."""
    marks = [
        charts.Bar(label=label, value=share)
        for part, verdicts, label in CONTRIBUTIONS
        if (share := share_of(group, column, part, *verdicts)) is not None
    ]
    return charts.bars("What people say they do", marks, number=percent, top=1.0) if marks else ""


def _as_written(statement: str, parts: Sequence[Part]) -> list[str]:
    """The words as they stand in the statement, with the signs behind them."""
    found, at = [], 0
    ends = []
    for part in parts:
        start = statement.find(part.label, at)
        if start < 0:
            return [part.label for part in parts]
        ends.append((start, start + len(part.label)))
        at = start + len(part.label)
    for place, (start, end) in enumerate(ends):
        following = ends[place + 1][0] if place + 1 < len(ends) else len(statement)
        found.append(statement[start:end] + statement[end:following].rstrip())
    return found
