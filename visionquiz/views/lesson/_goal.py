"""A goal that pulls against the vision is rewritten."""

from html import escape

import ipywidgets as widgets

from visionquiz.service_goals import CANNOT_TELL, GoalRemark, check_goal
from visionquiz.submission import storable
from visionquiz.views._parts import alert, page, row
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["LIMIT", "GoalView"]

LIMIT = 300
"""Characters of a goal."""

MOST = 30
"""Goals of others that are listed."""


class GoalView(ActivityView):
    """The old goal, a box for a better one, what its words show, and then what others wrote."""

    def build(self) -> list[widgets.Widget]:
        self.goal, self.ask = self.activity.cards[0], self.activity.asks[0]
        before = self.classroom.room.mine(self.activity.id).get("", {}).get("text", "")
        self.box = widgets.Textarea(
            description=self.ask.text, placeholder=self.ask.hint, rows=2, value=str(before)[:LIMIT]
        )
        self.button = widgets.Button(description="Look at my goal", button_style="primary")
        self.button.on_click(lambda _: self.repair())
        self.result, self.others = widgets.HTML(), widgets.HTML()
        old = f"<p>The goal as it is: <strong>“{escape(self.goal.text)}”</strong></p>"
        return [widgets.HTML(old), page(self.box, row(self.button)), self.result, self.others]

    def repair(self) -> None:
        """Say what the words of the new goal show; share it once nothing is missing."""
        text = " ".join(storable(self.box.value).split())
        if len(text) > LIMIT:
            self.result.value = alert(f"A goal that long is forgotten. Say it in at most {LIMIT} characters.")
            return
        remarks = check_goal(self.goal.text, text)
        if len(remarks) == 1:
            self.result.value = alert(remarks[0].text)
            return
        whole = all(one.found is not False for one in remarks)
        self.result.value = _draw_remarks(remarks, whole, self.goal.why)
        if whole and self.share({"ask": self.ask.id, "text": text}, typed=True):
            self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        if not self.may_look:
            self.others.value = ""
            return
        said = [
            str(one.body["text"])[:LIMIT]
            for one in room.shown(self.activity.id)
            if one.author != room.seat.id and isinstance(one.body.get("text"), str) and one.body["text"].strip()
        ]
        if not said:
            self.others.value = ""
            return
        who = "Invented people wrote" if room.alone else "What the room wrote"
        lines = "".join(f"<li>{escape(text)}</li>" for text in said[-MOST:])
        self.others.value = f"<h4>{who}</h4><ul>{lines}</ul>"


def _draw_remarks(remarks: tuple[GoalRemark, ...], whole: bool, why: str) -> str:
    looks = {True: ("right", ""), False: ("other", ""), None: ("soft", "A question: ")}
    lines = "".join(
        f'<li class="{looks[one.found][0]}">{looks[one.found][1]}{escape(one.text)}</li>' for one in remarks
    )
    asks = "".join(f"<li>{escape(one)}</li>" for one in CANNOT_TELL)
    head = (
        "Its words have what a goal of this kind needs." if whole else "Something is missing. Change it and look again."
    )
    because = f"<p>Why the old goal pulls the other way: {escape(why)}</p>" if whole and why else ""
    return (
        f'<div class="note" role="status"><strong>{head}</strong><ul class="found">{lines}</ul></div>'
        f"<p>Only words were looked at. Ask your partner what no program can tell:</p><ul>{asks}</ul>{because}"
    )
