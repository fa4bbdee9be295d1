"""Somebody explains the vision without its words; the grader says at once what came across."""

from html import escape

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.grading import LEVELS, Grade
from visionquiz.grading.guards import LOOK
from visionquiz.own_words import Borrowed, PointHeard, count_heard, find_borrowed, hear_points
from visionquiz.submission import storable
from visionquiz.text import READ_LIMIT
from visionquiz.views import charts
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["READING", "ExplainView", "lesson_reason", "marked"]

READING = "Reading what you wrote. The first time this takes some seconds."

CSS = """
.vql .typed mark { background: none; color: inherit; text-decoration: underline wavy .1em var(--vq-bad);
  text-underline-offset: .25em; }
"""

HEADS = {
    "covered": ("right", "This came across"),
    "hinted": ("soft", "Hinted at; say a little more"),
    "missing": ("soft", "Not heard yet"),
    "contradicted": ("other", "This seems to say the opposite of it"),
}


class ExplainView(ActivityView):
    """A box for an explanation. The text is for the learner alone; the room learns which points came across."""

    def build(self) -> list[widgets.Widget]:
        self.box = widgets.Textarea(
            description="What does it ask of us? Explain it in your own words.",
            placeholder="As you would say it to somebody who starts here tomorrow.",
            rows=5,
        )
        self.button = widgets.Button(description="See what came across", button_style="primary")
        self.button.on_click(lambda _: self.explain())
        self.status, self.result, self.figures = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.attempts: list[Grade] = []
        self._heard: set[str] = set()
        statement = f'<p class="statement">{escape(self.classroom.vision.statement)}</p>'
        return [
            style(charts.CSS + CSS),
            widgets.HTML(statement),
            page(self.box, row(self.button)),
            self.status,
            self.result,
            self.figures,
        ]

    def explain(self) -> None:
        """Have what stands in the box graded, and say what became of it."""
        text = storable(self.box.value)[:READ_LIMIT]
        if not text.strip():
            self.status.value = alert("There is nothing in the box yet. Two or three sentences are enough.")
            return
        self.button.disabled = True
        self.status.value = note(READING)
        try:
            grade = self.classroom.judge("explain", text, "")
        except VisionQuizError as error:
            self.status.value = alert(f"It could not be graded: {error}. Try again.")
            return
        finally:
            self.button.disabled = False
        vision = self.classroom.vision
        points = hear_points(grade, text, vision)
        borrowed = find_borrowed(text, vision.statement)
        self.status.value = self._draw_verdict(grade, points)
        self.result.value = _draw_words(text, borrowed) + _draw_points(points)
        self.attempts.append(grade)
        self._heard = {one.id for one in points if one.verdict == "covered"}
        self.button.description = "See what comes across now"
        self.share({"level": grade.level, "points": {one.id: one.verdict for one in points}})
        self.finish()

    def _draw_verdict(self, grade: Grade, points: tuple[PointHeard, ...]) -> str:
        level = LEVELS[grade.level or 0].capitalize()
        told = f"<strong>{level}.</strong> {escape(lesson_reason(grade))}"
        if self.attempts:
            before = self.attempts[-1].level or 0
            new = [one.text for one in points if one.verdict == "covered" and one.id not in self._heard]
            way = "One step on" if (grade.level or 0) > before else "As far as before"
            if (grade.level or 0) < before:
                way = "Less came across than before"
            told += f"<br>{way} (before: {LEVELS[before]})."
            listed = "".join(f"<li>{escape(text)}</li>" for text in new)
            told += f" New:<ul>{listed}</ul>" if new else ""
        if grade.review:
            told += " The grader is not sure of this one; in a check, a person may look at it."
        if (grade.level or 0) < 3:
            told += " Change your text in the box and look again."
        return f'<div class="note" role="status">{told}</div>'

    def refresh(self) -> None:
        room = self.classroom.room
        if not self.may_look:
            self.figures.value = ""
            return
        bodies = [one.body for one in room.shown(self.activity.id)]
        counts, people = count_heard(bodies, self.classroom.vision)
        if not people:
            self.figures.value = note("Nobody has explained it yet. What came across shows here.")
            return
        who = "Invented people and you" if room.alone else "The room"
        marks = [
            charts.Bar(label=point.text, value=counts[point.id] / people, note=f"{counts[point.id]} of {people}")
            for point in self.classroom.vision.meaning
        ]
        title = f"{who}: what came across in {people} {'explanation' if people == 1 else 'explanations'}"
        self.figures.value = charts.bars(title, marks, says=_most_and_least(marks), number=charts.percent, top=1.0)


def lesson_reason(grade: Grade) -> str:
    """The reason for a grade without the promise that a person looks at it: in a lesson nobody does."""
    return grade.reason.removesuffix(LOOK)


def _most_and_least(marks: list[charts.Bar]) -> str:
    ordered = sorted(marks, key=lambda mark: -(mark.value or 0.0))
    most, least = ordered[0], ordered[-1]
    if most.value == least.value:
        return "Every point came across as often as the others."
    return f"Most often: “{most.label}” ({most.note}). Least often: “{least.label}” ({least.note})."


def marked(text: str, borrowed: Borrowed) -> str:
    """What was typed, as HTML, with the statement's words underlined."""
    parts, at = [], 0
    for word in borrowed.words:
        shown = escape(text[word.start : word.end])
        parts += [escape(text[at : word.start]), f'<mark title="a word of the statement">{shown}</mark>']
        at = word.end
    return f'<div class="typed" dir="auto">{"".join(parts)}{escape(text[at:])}</div>'


def _draw_words(text: str, borrowed: Borrowed) -> str:
    taken = list(dict.fromkeys(word.plain for word in borrowed.words))
    if not taken:
        return f"<h4>Your words</h4>{marked(text, borrowed)}<p>No word of the statement is in it.</p>"
    one = len(borrowed.words) == 1
    many = (
        f"{len(borrowed.words)} of your {borrowed.telling} telling words (all but small ones) {'is' if one else 'are'}"
    )
    much = " Can you say it without them?" if borrowed.share >= 0.25 else " That is hard to avoid."
    named = escape(", ".join(taken[:20]))
    return (
        f"<h4>Your words</h4>{marked(text, borrowed)}"
        f"<p>{many} the statement's own (underlined): <em>{named}</em>.{much}</p>"
    )


def _draw_points(points: tuple[PointHeard, ...]) -> str:
    if not points:
        return ""
    groups = []
    for verdict, (look, head) in HEADS.items():
        lines = "".join(_draw_point(one) for one in points if one.verdict == verdict)
        if lines:
            groups.append(f'<p><strong class="{look}">{head}</strong></p><ul>{lines}</ul>')
    return f"<h4>What the vision means, point by point</h4>{''.join(groups)}"


def _draw_point(one: PointHeard) -> str:
    by = f' <span class="soft">by “{escape(one.quote)}”</span>' if one.quote and one.verdict != "missing" else ""
    doubt = "" if one.sure else ' <span class="soft">(the grader is not sure)</span>'
    return f"<li>{escape(one.text)}{by}{doubt}</li>"
