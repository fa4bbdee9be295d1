"""Facts in dispute: everybody takes a side, reads the reasons of both, and sees how the room is split."""

from html import escape

import ipywidgets as widgets

from visionquiz.curriculum import Bin
from visionquiz.opinions import count_places, read_places
from visionquiz.views import charts
from visionquiz.views._parts import page, row, style
from visionquiz.views.lesson._frame import ActivityView
from visionquiz.views.lesson._sources import cite

__all__ = ["SidesView"]


class SidesView(ActivityView):
    """The questions are the activity's bins, the sides its cards. No side is right; whoever has taken one may change
    it. Reasons and shares show once somebody has taken a side.
    """

    def build(self) -> list[widgets.Widget]:
        questions, cards = self.activity.bins, self.activity.cards
        self.sides = {one.id: [card for card in cards if one.id in card.bins] for one in questions}
        self._questions = [one.id for one in questions if self.sides[one.id]]
        before = read_places(
            self.classroom.room.mine(self.activity.id).get("", {}), self._questions, [card.id for card in cards]
        )
        self.taken = {
            question: side for question, side in before.items() if side in [card.id for card in self.sides[question]]
        }
        self.radios: dict[str, widgets.RadioButtons] = {}
        self.buttons: dict[str, widgets.Button] = {}
        self.told: dict[str, widgets.HTML] = {}
        boxes: list[widgets.Widget] = [style(charts.CSS)]
        for one in questions:
            options = [(card.text, card.id) for card in self.sides[one.id]]
            if not options:
                continue
            # The description names the group of radio buttons, for screen readers too.
            radios = widgets.RadioButtons(description=one.label, options=options, value=self.taken.get(one.id))
            button = widgets.Button(description="I take this side", disabled=radios.value is None)
            radios.observe(lambda change, push=button: setattr(push, "disabled", change["new"] is None), "value")
            button.on_click(lambda _, ident=one.id: self.take(ident))
            self.radios[one.id], self.buttons[one.id], self.told[one.id] = radios, button, widgets.HTML()
            hint = [widgets.HTML(f'<p class="soft">{escape(one.hint)}</p>')] if one.hint else []
            boxes.append(page(radios, *hint, row(button), self.told[one.id]))
        return boxes

    def take(self, question: str) -> None:
        """Take the side that is chosen on a question."""
        side = self.radios[question].value
        if side is None:
            return
        before, self.taken = self.taken, {**self.taken, question: side}
        if not self.share({"places": self.taken}):
            self.taken = before
            return
        if set(self.taken) == set(self._questions):
            self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        cards = [card.id for card in self.activity.cards]
        given = [read_places(one.body, self._questions, cards) for one in room.shown(self.activity.id)]
        counts = count_places(given, self._questions)
        for one in self.activity.bins:
            if one.id in self.told and (one.id in self.taken or room.seat.trainer):
                self.told[one.id].value = self._draw(one, {card: counts[one.id].counts[card] for card in cards})

    def _draw(self, question: Bin, counts: dict[str, int]) -> str:
        reasons = "".join(
            f"<li><strong>{escape(card.text)}</strong>{self._mine(question, card.id)} {escape(card.why)} "
            f'<span class="soft">{cite(card)}</span></li>'
            for card in self.sides[question.id]
        )
        people = sum(counts[card.id] for card in self.sides[question.id])
        split = ""
        if people > 1:
            who = f"You and {people - 1} invented people" if self.classroom.room.alone else f"{people} people"
            split = charts.bars(
                "How the room is split",
                [charts.Bar(label=card.text, value=counts[card.id]) for card in self.sides[question.id]],
                says=f"{who} took a side. A vote does not settle it.",
                top=people,
            )
        return f'<div role="status"><ul class="sides">{reasons}</ul>{split}</div>'

    def _mine(self, question: Bin, side: str) -> str:
        return " (your side)" if self.taken.get(question.id) == side else ""
