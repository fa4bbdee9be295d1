"""A scene is played and others watch: could they see that the vision was lived, point by point?"""

from collections import Counter
from html import escape

import ipywidgets as widgets

from visionquiz.views import charts
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["ANSWERS", "WatchView"]

ANSWERS = {"yes": "Yes, I saw or heard it", "no": "No, it was missing", "uncalled": "It was not called for"}


class WatchView(ActivityView):
    """One question a meaning point of the company's vision. Each scene that is sent in counts in the room's figures."""

    def build(self) -> list[widgets.Widget]:
        self.marks = {
            point.id: widgets.RadioButtons(
                description=point.text, options=[(text, ident) for ident, text in ANSWERS.items()], value=None
            )
            for point in self.classroom.vision.meaning
        }
        self.send = widgets.Button(description="Send what I saw", button_style="primary")
        self.another = widgets.Button(description="Watch another scene")
        self.send.on_click(lambda _: self.send_in())
        self.another.on_click(lambda _: self._clear())
        self.another.layout.display = "none"
        self.sent, self.figures = widgets.HTML(), widgets.HTML()
        self._scenes = len(self.classroom.room.mine(self.activity.id))
        boxes = page(*self.marks.values())
        return [style(charts.CSS), boxes, row(self.send, self.another), self.sent, self.figures]

    def send_in(self) -> None:
        """Share what was seen in this scene."""
        left = sum(mark.value is None for mark in self.marks.values())
        if left:
            what = "one line has" if left == 1 else f"{left} lines have"
            self.sent.value = alert(f"{what.capitalize()} no answer yet.")
            return
        if not self.share({"seen": {ident: mark.value for ident, mark in self.marks.items()}}, slot=str(self._scenes)):
            return
        self._scenes += 1
        missing = [point.text for point in self.classroom.vision.meaning if self.marks[point.id].value == "no"]
        lines = "".join(f"<li>{escape(text)}</li>" for text in missing)
        self.sent.value = (
            f'<div class="note" role="status">Sent. Tell the person who played what was missing, and let them play it '
            f"once more:<ul>{lines}</ul></div>"
            if missing
            else note(
                "Sent. Now tell the person you watched: which sentence of theirs would you like to hear more often?"
            )
        )
        self._lock(True)
        self.finish()

    def _lock(self, locked: bool) -> None:
        for mark in self.marks.values():
            mark.disabled = locked
        self.send.disabled = locked
        self.another.layout.display = None if locked else "none"

    def _clear(self) -> None:
        for mark in self.marks.values():
            mark.value = None
        self.sent.value = ""
        self._lock(False)

    def refresh(self) -> None:
        room = self.classroom.room
        if not self.may_look:
            self.figures.value = ""
            return
        seen: dict[str, Counter[str]] = {ident: Counter() for ident in self.marks}
        scenes = 0
        for one in room.shown(self.activity.id):
            marks = one.body.get("seen")
            if not isinstance(marks, dict):
                continue
            scenes += 1
            for ident, value in marks.items():
                if ident in seen and isinstance(value, str) and value in ANSWERS:
                    seen[ident][value] += 1
        shares = []
        for point in self.classroom.vision.meaning:
            called = seen[point.id]["yes"] + seen[point.id]["no"]
            share = seen[point.id]["yes"] / called if called else None
            of = f"in {seen[point.id]['yes']} of {called}" if called else "in no scene called for"
            shares.append(charts.Bar(label=point.text, value=share, note=of))
        if scenes:
            watched = f"{scenes} {'scene' if scenes == 1 else 'scenes'}"
            called_for = [one for one in shares if one.value is not None]
            least = min(called_for, key=lambda one: one.value or 0.0, default=None)
            says = f"Seen least: “{least.label}” ({least.note})." if least else "None of it was called for."
            self.figures.value = charts.bars(
                f"What was seen in {watched}", shares, says=says, number=charts.percent, top=1.0
            )
