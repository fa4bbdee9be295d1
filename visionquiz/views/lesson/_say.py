"""Everybody says something in own words; then the room sees how far apart it is."""

from html import escape

import ipywidgets as widgets

from visionquiz.spread import measure_spread
from visionquiz.store import Contribution
from visionquiz.views import charts
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["LIMIT", "SayView"]

LIMIT = 1_000
"""Characters; a sentence or two have two hundred."""

MOST = 60
"""Contributions that are listed; the figures know them all."""


class SayView(ActivityView):
    """A box for each question. What others said shows once one has said something oneself."""

    def build(self) -> list[widgets.Widget]:
        self.boxes: dict[str, widgets.Textarea] = {}
        self.sent: dict[str, widgets.HTML] = {}
        self.others: dict[str, widgets.HTML] = {}
        mine = self.classroom.room.mine(self.activity.id)
        shown: list[widgets.Widget] = [style(charts.CSS)]
        for ask in self.activity.asks:
            before = mine.get(ask.id, {}).get("text", "")
            box = widgets.Textarea(description=ask.text, placeholder=ask.hint, rows=3, value=str(before)[:LIMIT])
            button = widgets.Button(description="Share it", button_style="primary")
            button.on_click(lambda _, ident=ask.id: self.say(ident))
            self.boxes[ask.id], self.sent[ask.id], self.others[ask.id] = box, widgets.HTML(), widgets.HTML()
            shown.append(page(box, row(button), self.sent[ask.id], self.others[ask.id]))
        return shown

    def say(self, ask: str) -> None:
        """Share what stands in the box of a question."""
        text = self.boxes[ask].value.strip()
        if not text:
            self.sent[ask].value = alert("There is nothing in the box yet. A few words are enough.")
            return
        if len(text) > LIMIT:
            self.sent[ask].value = alert(f"This has {len(text):,} characters. Say it in at most {LIMIT:,}.")
            return
        if not self.share({"ask": ask, "text": text}, slot=ask, typed=True):
            return
        waits = not self.classroom.room.alone and not self.classroom.room.seat.trainer
        later = " Others see it once your trainer has looked at it." if waits else ""
        self.sent[ask].value = note(f"Shared.{later} You can change it and share it again.")
        if set(self.classroom.room.mine(self.activity.id)) >= set(self.boxes):
            self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        mine = room.mine(self.activity.id)
        shown = room.shown(self.activity.id)
        for ask, place in self.others.items():
            said = [one for one in shown if one.body.get("ask") == ask and isinstance(one.body.get("text"), str)]
            place.value = self._draw(said) if ask in mine or room.seat.trainer else ""

    def _draw(self, said: list[Contribution]) -> str:
        alone = self.classroom.room.alone
        others = [one for one in said if one.author != self.classroom.room.seat.id]
        if not others:
            return note("Nobody else's words are here yet. They come up by themselves.")
        who = "Invented people said" if alone else "What the room said"
        listed = "".join(f"<li>{escape(str(one.body['text'])[:LIMIT])}</li>" for one in others[-MOST:])
        more = f"<p>and {len(others) - MOST} more</p>" if len(others) > MOST else ""
        return f"<h4>{who}</h4><ul>{listed}</ul>{more}{self._draw_spread([str(one.body['text']) for one in said])}"

    def _draw_spread(self, texts: list[str]) -> str:
        found = measure_spread(texts)
        if found.texts < 3:
            return ""
        says = (
            f"{found.texts} answers use {found.telling} telling words, not counting small ones such as “the”; "
            f"{found.alone} of these stand in one answer only. In {found.strangers} of {found.pairs} pairs, two people "
            "have no telling word in common."
        )
        marks = [charts.Bar(label=word, value=count) for word, count in found.common]
        if not marks:
            return note(f"{says} No word is in more than one answer.")
        return charts.bars("Words that more than one answer has", marks, says=says, top=found.texts)
