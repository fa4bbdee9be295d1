"""What do I do about it? An action, what the customer gets from it, and the meaning point that it serves."""

from html import escape

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.grading import LEVELS, Grade
from visionquiz.line_of_sight import (
    Lack,
    Sight,
    check_contribution,
    find_copied,
    join_contribution,
    see_roles,
)
from visionquiz.submission import storable
from visionquiz.views import charts
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._explain import READING, lesson_reason
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["LIMIT", "MENU", "ContributeView"]

LIMIT = 600
"""Characters of each part; a sentence has a hundred."""

MENU = """
.vql .vqf-short textarea { min-height: 4.5rem; }
"""

SURE = 0.7

PARTS = {
    ("personal", "I"): (True, "It is your own action."),
    ("personal", "we"): (False, "It is about your whole team, and not about you."),
    ("personal", "none"): (False, "It does not say who does it."),
    ("concrete", "yes"): (True, "Others could watch you do it."),
    ("concrete", "half"): (False, "It is half concrete. What exactly would others see?"),
    ("concrete", "no"): (False, "Nobody could see whether you did it."),
    ("fits_role", "yes"): (True, "It fits the role."),
    ("fits_role", "no"): (False, "It sounds like another job's task."),
    ("linked", "clear"): (True, "It serves the vision."),
    ("linked", "weak"): (False, "Its tie to the vision is loose. What does the customer get?"),
    ("linked", "no"): (False, "Nothing in it points to the vision."),
    ("against", "yes"): (False, "It seems to work against the vision."),
}
"""What the grader found, as a learner reads it."""


class ContributeView(ActivityView):
    """Three boxes and a role. The room sees roles and meaning points, never what was typed."""

    def build(self) -> list[widgets.Widget]:
        vision = self.classroom.vision
        self.role = widgets.Dropdown(
            description="My role", options=[("Choose your role", ""), *((one.title, one.id) for one in vision.roles)]
        )
        self.action = widgets.Textarea(description="1. What I do", placeholder="I …", rows=2)
        self.result = widgets.Textarea(description="2. What the customer gets from it", placeholder="so that …", rows=2)
        self.point = widgets.Dropdown(
            description="3. The meaning point that it serves",
            options=[("Choose a meaning point", ""), *((one.text, one.id) for one in vision.meaning)],
        )
        for box in (self.action, self.result):
            box.add_class("vqf-short")
        self.button = widgets.Button(description="Put it together", button_style="primary")
        self.button.on_click(lambda _: self.contribute())
        self.stand = widgets.Button(description="My partner and I say that it counts")
        self.stand.layout.display = "none"
        self.stand.on_click(lambda _: self._count())
        self.status, self.told, self.examples, self.figures = (widgets.HTML() for _ in range(4))
        return [
            style(charts.CSS + MENU),
            page(self.role, self.action, self.result, self.point, row(self.button)),
            self.status,
            self.told,
            row(self.stand),
            self.examples,
            self.figures,
        ]

    def contribute(self) -> None:
        """Say what is missing, or put the parts together and have them graded."""
        self.stand.layout.display = "none"
        action, result = (storable(box.value).strip() for box in (self.action, self.result))
        if not self.role.value:
            self.status.value = alert("Choose your role first: what serves the vision differs from job to job.")
            return
        long = [box.description for box, text in ((self.action, action), (self.result, result)) if len(text) > LIMIT]
        if long:
            self.status.value = alert(f"“{long[0]}” is too long. Say it in at most {LIMIT} characters.")
            return
        lacks = check_contribution(action, result, self.point.value, self.classroom.vision)
        self._show_examples()
        missing = [one for one in lacks if one.sure]
        if missing:
            self.status.value = _draw_lacks(missing)
            self.told.value = ""
            return
        text = join_contribution(action, result)
        self.status.value = note(READING)
        self.button.disabled = True
        try:
            grade = self.classroom.judge("contribute", text, self.role.value)
        except VisionQuizError as error:
            self.status.value = alert(f"It could not be graded: {error}. Try again.")
            return
        finally:
            self.button.disabled = False
        copied = find_copied(text, self.classroom.vision)
        self.status.value = _draw_verdict(grade, copied.title if copied else "")
        self.told.value = self._draw_sentence(text) + _draw_parts(grade) + _draw_questions(lacks)
        self._given = {"role": self.role.value, "point": self.point.value}
        if not copied and grade.level:
            self._count()
        elif not copied:
            self.stand.layout.display = None

    def _count(self) -> None:
        """Put the contribution into the room's table."""
        if self.share(self._given, slot=f"{self._given['role']}.{self._given['point']}"[:120]):
            self.stand.layout.display = "none"
            self.finish()

    def _draw_sentence(self, text: str) -> str:
        chosen = next(one.text for one in self.classroom.vision.meaning if one.id == self.point.value)
        return (
            f'<h4>Your contribution</h4><div class="typed" dir="auto">{escape(text)}</div>'
            f"<p>It serves: <strong>{escape(chosen)}</strong></p>"
        )

    def _show_examples(self) -> None:
        role = self.classroom.vision.role(self.role.value)
        if role is None or not role.contributions:
            self.examples.value = ""
            return
        lines = "".join(f"<li>{escape(one)}</li>" for one in role.contributions)
        self.examples.value = (
            f"<details><summary>What others in this role may do: {escape(role.title)}</summary><ul>{lines}</ul>"
            "<p>These are examples from your company's own file. Yours has to be yours.</p></details>"
        )

    def refresh(self) -> None:
        room = self.classroom.room
        if not self.may_look:
            self.figures.value = ""
            return
        bodies = [one.body for one in room.shown(self.activity.id)]
        sight = see_roles(bodies, self.classroom.vision)
        self.figures.value = self._draw_sight(sight)

    def _draw_sight(self, sight: Sight) -> str:
        from visionquiz.grading.meaning import read_meaning

        vision = self.classroom.vision
        if not sight.contributions:
            return note("No contribution is here yet. The table comes up by itself.")
        names = [name[:1].upper() + name[1:] for name in read_meaning(vision).names]
        rows = [
            charts.HeatRow(label=role.title, values=[sight.counts[role.id][point.id] for point in vision.meaning])
            for role in vision.roles
        ]
        high = max(max(row.values()) for row in sight.counts.values())
        many = "1 contribution" if sight.contributions == 1 else f"{sight.contributions} contributions"
        says = f"{many}, as people say themselves which meaning point they serve."
        if sight.orphans:
            named = "; ".join(f"“{text}”" for text in sight.orphans)
            says += f" Nobody serves this so far: {named}."
        if sight.idle:
            says += f" Nothing yet from: {', '.join(sight.idle)}."
        who = "Invented people and you" if self.classroom.room.alone else "The room"
        return charts.heat(
            f"{who}: who serves which meaning point", names, rows, says=says, number=charts.plain, high=high
        )


def _draw_lacks(lacks: list[Lack]) -> str:
    heads = {
        "action": "1. What I do",
        "result": "2. What the customer gets",
        "point": "3. The meaning point that it serves",
    }
    lines = "".join(f"<li><strong>{heads[one.part]}:</strong> {escape(one.why)}</li>" for one in lacks)
    head = "One part is missing" if len(lacks) == 1 else f"{len(lacks)} parts are missing"
    return f'<div class="wrong" role="alert">{head}:<ul>{lines}</ul></div>'


def _draw_verdict(grade: Grade, copied: str) -> str:
    if copied:
        told = (
            f"<strong>Somebody else's.</strong> This is nearly word for word an example that your company published "
            f"for the role {escape(copied)}. A good one, but it does not count in the table. What do you do?"
        )
        return f'<div class="note" role="status">{told}</div>'
    told = f"<strong>{LEVELS[grade.level or 0].capitalize()}.</strong> {escape(lesson_reason(grade))}"
    if not grade.level:
        told += (
            "<br>It is not in the table yet. Change it and put it together again. The grader makes mistakes now and "
            "then: if your partner can see how it serves the vision, press the button below."
        )
    elif grade.level < 3:
        told += "<br>It is in the table now. You can make it better and put it together again."
    return f'<div class="note" role="status">{told}</div>'


def _draw_parts(grade: Grade) -> str:
    lines = []
    for one in grade.judgements:
        good, text = PARTS.get((one.part, one.verdict), (True, ""))
        if text and one.chance >= SURE:
            lines.append(f'<li class="{"right" if good else "other"}">{escape(text)}</li>')
    if not lines:
        return ""
    return f'<p>What the grader is fairly sure of:</p><ul class="found">{"".join(lines)}</ul>'


def _draw_questions(lacks: tuple[Lack, ...]) -> str:
    return "".join(f"<p>A question: {escape(one.why)}</p>" for one in lacks if not one.sure)
