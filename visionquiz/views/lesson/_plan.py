"""Ninety days with the vision: cards in phases, drawn as a line of time, with what is missing."""

from html import escape

import ipywidgets as widgets

from visionquiz.curriculum import Card
from visionquiz.submission import storable
from visionquiz.upkeep import (
    TOPICS,
    Entry,
    Gap,
    check_plan,
    count_plans,
    lay_plan,
    read_phases,
    read_topic,
)
from visionquiz.views import _board, charts
from visionquiz.views._board import Board
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._contribute import MENU
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["MOST_OWN", "OWN_LIMIT", "PlanView"]

MOST_OWN, OWN_LIMIT = 8, 120
"""Cards of one's own, and characters of one."""


class PlanView(ActivityView):
    """A board, a form for cards of one's own, and the plan. The room sees which card lies in which phase."""

    def build(self) -> list[widgets.Widget]:
        self.phases = read_phases(self.activity.bins)
        self.own: dict[str, str] = {}
        self.board = Board(self.activity.cards, self.activity.bins, tray="Not in the plan")
        self.text = widgets.Text(description="A card of my own", placeholder="e.g. Read one letter of thanks aloud")
        self.topic = widgets.Dropdown(
            description="What it is about",
            options=[("Something else", ""), *((label, topic) for topic, label in TOPICS.items())],
        )
        self.add = widgets.Button(description="Add this card")
        self.look = widgets.Button(description="Look at my plan", button_style="primary")
        self.add.on_click(lambda _: self._on_add())
        self.look.on_click(lambda _: self.check())
        self.added, self.result, self.figures = widgets.HTML(), widgets.HTML(), widgets.HTML()
        return [
            style(charts.CSS + _board.CSS + MENU),
            self.board,
            page(self.text, self.topic, row(self.add), self.added),
            row(self.look),
            self.result,
            self.figures,
        ]

    def _on_add(self) -> None:
        text = " ".join(storable(self.text.value).split())
        if not text:
            self.added.value = alert("Write on the card first.")
        elif len(text) > OWN_LIMIT:
            self.added.value = alert(f"That is too long for a card. Say it in at most {OWN_LIMIT} characters.")
        elif len(self.own) >= MOST_OWN:
            self.added.value = alert(f"{MOST_OWN} cards of your own are enough for ninety days.")
        else:
            ident = f"own-{len(self.own) + 1}"
            self.own[ident] = self.topic.value
            self.board.cards = [*self.board.cards, {"id": ident, "text": text, "by": "Your own card"}]
            self.text.value = ""
            self.added.value = note("Your card lies with the others now. Give it a place.")

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The cards that lie in a phase."""
        phases = {one.id: one for one in self.phases}
        texts = {str(card["id"]): str(card["text"]) for card in self.board.cards}
        return tuple(
            Entry(card=card, text=texts[card], topic=self.own.get(card, read_topic(card)), phase=phases[place])
            for card, place in self.board.places.items()
        )

    def check(self) -> None:
        """Say what the plan lacks, remark on its cards, and draw it."""
        entries = self.entries
        gaps = check_plan(entries)
        if not entries:
            self.board.say({})
            self.result.value = alert(f"{gaps[0].what} {gaps[0].why}")
            return
        known = {card.id: card for card in self.activity.cards}
        self.board.say({one.card: _remark(known[one.card], one) for one in entries if one.card in known})
        steps = [charts.Step(label=one.text, first=one.first, last=one.last) for one in lay_plan(entries)]
        many = "One card" if len(steps) == 1 else f"{len(steps)} cards"
        ends = max(one.last for one in steps)
        says = f"{many}, from day {steps[0].first} to day {ends}. Habits go on once they have begun."
        drawn = charts.timeline("My ninety days", steps, says=says)
        self.result.value = _draw_gaps(gaps) + drawn
        if self.share({"places": {one.card: one.phase.id for one in entries if one.card in known}}) and not gaps:
            self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        if not self.may_look:
            self.figures.value = ""
            return
        bodies = [one.body for one in room.shown(self.activity.id)]
        counts, plans = count_plans(bodies, self.activity.cards, self.phases)
        if not plans:
            self.figures.value = note("No plan is here yet. What people plan shows here.")
            return
        who = "Invented people and you" if room.alone else "The room"
        rows = [
            charts.HeatRow(label=card.text, values=[counts[card.id][phase.id] for phase in self.phases])
            for card in self.activity.cards
        ]
        title = f"{who}: what {plans} {'plan does' if plans == 1 else 'plans do'} when"
        never = [card.text for card in self.activity.cards if not any(counts[card.id].values())]
        says = f"In no plan so far: {'; '.join(never)}." if never else "Every card is in at least one plan."
        self.figures.value = charts.heat(
            title, [phase.label for phase in self.phases], rows, says=says, number=charts.plain, high=plans
        )


def _remark(card: Card, entry: Entry) -> tuple[bool, str, str]:
    fits = not card.bins or entry.phase.id in card.bins
    return fits, "A good place." if fits else "Think again.", card.why


def _draw_gaps(gaps: tuple[Gap, ...]) -> str:
    if not gaps:
        return note("Nothing is missing that can be told from the cards. Whether you can do it, only you can tell.")
    lines = "".join(f"<li><strong>{escape(one.what)}</strong> {escape(one.why)}</li>" for one in gaps)
    head = "One thing is" if len(gaps) == 1 else f"{len(gaps)} things are"
    return f'<div class="note" role="status">{head} worth another thought:<ul>{lines}</ul></div>'
