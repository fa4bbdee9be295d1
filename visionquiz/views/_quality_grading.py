"""What the trainer's page says of grading: whether grader and people agree, and how much people are asked to see."""

from visionquiz.quality import Quality
from visionquiz.stats import wilson_interval
from visionquiz.views import charts
from visionquiz.views._chart_parts import text
from visionquiz.views._quality_table import Cell, draw_table
from visionquiz.views._quality_words import across

__all__ = ["draw_agreement", "draw_load"]


def draw_agreement(quality: Quality) -> str:
    """How often people gave the grader's level, by how sure it was and by the level."""
    head = "<h3>Whether the grader and people agree</h3>"
    if not quality.agreement:
        return (
            f"{head}<p>Nobody has graded an answer by hand yet, so it is not known. Look at the answers that "
            f"wait, those drawn at random above all: <code>visionquiz review {text(quality.quiz)}</code>.</p>"
        )
    labels = {item.id: item.label for item in quality.items}
    order = {ident: place for place, ident in enumerate(labels)}
    bands = [(band.label, (*_same(band.same, band.grades, band.interval), _said(band.said))) for band in quality.bands]
    rows = [
        (
            f"{labels.get(row.question, row.question)}: {row.level}",
            (*_same(row.same, row.grades, row.interval), (f"{row.mean:.1f}", "Your mean level")),
        )
        # The sort is stable: levels stay as they are.
        for row in sorted(quality.agreement, key=lambda row: order.get(row.question, len(order)))
    ]
    grades, same = sum(row.grades for row in quality.agreement), sum(row.same for row in quality.agreement)
    between = across(*wilson_interval(same, grades), number=charts.percent)
    heads = ("Graded by hand", "The same level", "Probably")
    return (
        f"{head}<p>People gave the grader’s level to {same:,} of {grades:,} answers that both graded "
        f"({same / grades:.0%}, probably {between}). People mostly see what the grader doubts, so it does better than "
        "that as a rule; those drawn at random tell how it does where it has no doubt. Where it is sure and yet often "
        "wrong, let it learn from your grades: "
        f"<code>visionquiz calibrate {text(quality.quiz)}</code>.</p>"
        + (draw_table("By how sure the grader was", ("Answers", *heads, "How sure it was"), bands) if bands else "")
        + "<p>By the grader’s level (0 is not yet, 3 is fully): where your mean lies clearly below it, the grader is "
        "too mild there; where it lies above, too strict.</p>"
        + draw_table("By the grader’s level", ("The grader said", *heads, "Your mean level"), rows)
    )


def _same(same: int, grades: int, interval: tuple[float, float]) -> tuple[Cell, ...]:
    return (
        (f"{grades:,}", "Graded by hand"),
        (f"{same / grades:.0%}", "The same level"),
        (across(*interval, number=charts.percent), "Probably"),
    )


def _said(share: float | None) -> Cell:
    return ("–" if share is None else f"{share:.0%}", "How sure it was")


def draw_load(quality: Quality) -> str:
    """How many answers went to a person, why, and how many wait."""
    load = quality.load
    answers, asked = sum(one.answers for one in load), sum(one.asked for one in load)
    waiting = sum(one.waiting for one in load)
    rows = [
        (
            one.label,
            (
                (f"{one.answers:,}", "Answers"),
                (f"{one.asked:,}", "For a person"),
                (f"{one.guard:,}", "Stopped"),
                (f"{one.doubt:,}", "In doubt"),
                (f"{one.drawn:,}", "Drawn"),
                (f"{one.wished:,}", "Asked for"),
                *([(f"{one.unknown:,}", "Not known")] if any(other.unknown for other in load) else []),
                (f"{one.waiting:,}", "Waiting"),
                (f"{one.by_hand:,}", "Graded by hand"),
            ),
        )
        for one in load
    ]
    heads = ["Question", *(label for _, label in rows[0][1])] if rows else []
    share = f"{asked / answers:.0%}" if answers else "0%"
    shows = f"<code>visionquiz review {text(quality.quiz)}</code> shows"
    rest = f"{waiting:,} still wait; {shows} them." if waiting else "None waits."
    return (
        f"<h3>How much you are asked to look at</h3><p>{asked:,} of {answers:,} answers ({share}) went to a person. "
        f"{rest} Stopped: something was odd, such as a contradiction. In doubt: the level was. Drawn: by chance, to "
        "see how the grader does. Asked for: by the employee. If it is too much, lower <code>doubt</code> in the "
        "check’s file; to know more of the grader, raise <code>audit</code>.</p>"
        + draw_table("Review load", heads, rows)
    )
