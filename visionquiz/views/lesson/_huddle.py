"""A card for a huddle of five minutes on one meaning point, to print."""

import base64
from html import escape

import ipywidgets as widgets

from visionquiz.views import charts
from visionquiz.views._parts import alert, page, row, style
from visionquiz.views.lesson._contribute import MENU
from visionquiz.views.lesson._frame import ActivityView
from visionquiz.vision import MeaningPoint

__all__ = ["HuddleView"]

CSS = """
.vql .huddle { border: 2px solid var(--vq-line); border-radius: .5rem; padding: .8rem 1.1rem; margin: .8rem 0; }
.vql .huddle li { margin: .4rem 0; }
"""

PRINT = (
    "<style>.huddle { font: 1.2rem/1.5 system-ui, 'DejaVu Sans', sans-serif; } .huddle li { margin: .6rem 0; } "
    ".statement { font-size: 1.5rem; font-weight: 650; }</style>"
)


class HuddleView(ActivityView):
    """A menu of the company's meaning points, and the card of the one that was chosen."""

    def build(self) -> list[widgets.Widget]:
        self.points = {one.id: one for one in self.classroom.vision.meaning}
        self.menu = widgets.Dropdown(
            description="What the huddle is about",
            options=[("Choose a meaning point", ""), *((one.text, one.id) for one in self.points.values())],
        )
        self.button = widgets.Button(description="Make the card", button_style="primary")
        self.button.on_click(lambda _: self.make())
        self.card, self.figures = widgets.HTML(), widgets.HTML()
        return [style(charts.CSS + MENU + CSS), page(self.menu, row(self.button)), self.card, self.figures]

    def make(self) -> None:
        """Draw the card of the point that was chosen, with a file of it to print."""
        point = self.points.get(self.menu.value)
        if point is None:
            self.card.value = alert(
                "Choose first what the huddle is about. One meaning point is enough for five minutes."
            )
            return
        body = self._draw(point)
        whole = charts.chart_page("Five minutes on our vision", PRINT, body)
        link = "data:text/html;base64," + base64.b64encode(whole.encode()).decode("ascii")
        self.card.value = (
            f'<div role="status">{body}</div><p><a download="huddle-{escape(point.id)}.html" href="{link}">'
            "Keep this card as a file to print</a></p>"
        )
        if self.share({"point": point.id}):
            self.finish()

    def _draw(self, point: MeaningPoint) -> str:
        vision = self.classroom.vision
        steps = "".join(
            f"<li>{escape(step.text)}{f' <em>({escape(step.by)})</em>' if step.by else ''}</li>"
            for step in self.activity.cards
        )
        wrong = "".join(f"<li>{escape(one)}</li>" for one in point.misreadings)
        mind = f"<p>It does not mean:</p><ul>{wrong}</ul>" if wrong else ""
        return (
            f'<div class="huddle"><p>{escape(vision.company)}</p><p class="statement">{escape(vision.statement)}</p>'
            f"<p>Today: <strong>{escape(point.text)}</strong></p><ol>{steps}</ol>{mind}</div>"
        )

    def refresh(self) -> None:
        room = self.classroom.room
        if room.alone or not self.may_look:
            self.figures.value = ""
            return
        chosen = [one.body.get("point") for one in room.shown(self.activity.id)]
        marks = [charts.Bar(label=one.text, value=chosen.count(one.id)) for one in self.points.values()]
        if any(mark.value for mark in marks):
            self.figures.value = charts.bars("What the room's huddles are about", marks)
