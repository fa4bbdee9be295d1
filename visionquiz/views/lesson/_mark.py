"""Everybody marks statements by criteria, and sees where they, the room and the marked set part."""

from html import escape

import ipywidgets as widgets

from visionquiz.curriculum import Card
from visionquiz.opinions import MARKS, compare_marks, read_marked, read_marks, share_agreed
from visionquiz.views import _marks, charts
from visionquiz.views._marks import Marks
from visionquiz.views._parts import alert, row, style
from visionquiz.views.lesson._frame import ActivityView
from visionquiz.views.lesson._sources import cite

__all__ = ["MarkView"]

CSS = """
.vql .vqc:has(.heat) { max-width: 62rem; }
.vql .vqc .heat :is(th, i) { overflow-wrap: normal; }
"""


class MarkView(ActivityView):
    """One statement at a time. The marks that come with it show once somebody has marked it on every criterion; how
    far the room agrees with them shows for the statements that one has marked oneself.
    """

    def build(self) -> list[widgets.Widget]:
        self._criteria = [one.id for one in self.activity.bins]
        self._cards = [card.id for card in self.activity.cards]
        mine = self.classroom.room.mine(self.activity.id).get("", {})
        self.given = read_marks(mine, self._cards, self._criteria)
        self.now = next((place for place, card in enumerate(self._cards) if card not in self.given), 0)
        self.head, self.told, self.others = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.marks = Marks(self.activity.bins, MARKS)
        self.compare = widgets.Button(description="Compare with the marked set", button_style="primary")
        self.back, self.next = widgets.Button(description="Back"), widgets.Button(description="Next statement")
        self.compare.on_click(lambda _: self.mark())
        self.back.on_click(lambda _: self.show(self.now - 1))
        self.next.on_click(lambda _: self.show(self.now + 1))
        self.show(self.now)
        return [
            style(_marks.CSS + charts.CSS + CSS), self.head, self.marks, row(self.compare, self.back, self.next),
            self.told, self.others,
        ]  # fmt: skip

    @property
    def card(self) -> Card:
        """The statement that is marked now."""
        return self.activity.cards[self.now]

    def show(self, place: int) -> None:
        """Go to a statement, counted from 0."""
        self.now = min(max(place, 0), len(self._cards) - 1)
        self.back.disabled = self.now == 0
        self.next.disabled = self.now == len(self._cards) - 1
        self.head.value = (
            f'<p role="status">Statement {self.now + 1} of {len(self._cards)}, {cite(self.card)}:</p>'
            f'<p class="statement">{escape(self.card.text)}</p>'
        )
        self.marks.chosen = self.given.get(self.card.id, {})
        self.told.value = self._tell() if self.card.id in self.given else ""

    def mark(self) -> None:
        """Decide on the marks of the statement that is shown."""
        missing = self.marks.missing
        if missing:
            named = ", ".join(f"“{label}”" for label in missing)
            self.told.value = alert(f"Still without a mark: {named}. If you are torn, “Partly” will do.")
            return
        before, self.given = self.given, {**self.given, self.card.id: dict(self.marks.chosen)}
        if not self.share({"marks": self.given}):
            self.given = before
            return
        self.told.value = self._tell()
        if len(self.given) == len(self._cards):
            self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        seen = [card for card in self.activity.cards if card.id in self.given or room.seat.trainer]
        given = [read_marks(one.body, self._cards, self._criteria) for one in room.shown(self.activity.id)]
        people = sum(bool(one) for one in given)
        if not seen or people < 2:
            self.others.value = ""
            return
        rows = [
            charts.HeatRow(label=card.by or card.text, values=share_agreed(given, card, self.activity.bins))
            for card in seen
        ]
        who = f"you and {people - 1} invented people" if room.alone else f"{people} people"
        apart = self._most_apart(rows)
        says = (
            f"The share of {who} whose mark is the same as in the marked set. {apart}Where the share is low, the room "
            "reads it in another way than this one reader did. That is a reason to talk, not a mistake."
        )
        columns = [one.label for one in self.activity.bins]
        self.others.value = charts.heat("The room and the marked set", columns, rows, says=says)

    def _most_apart(self, rows: list[charts.HeatRow]) -> str:
        lowest = min(
            (
                (value, one.label, criterion.label)
                for one in rows
                for criterion, value in zip(self.activity.bins, one.values, strict=True)
                if value is not None
            ),
            default=None,
        )
        if lowest is None or lowest[0] == 1:
            return ""
        return f"They are furthest apart on “{lowest[2]}” of {lowest[1]}, with {charts.percent(lowest[0])}. "

    def _tell(self) -> str:
        card, mine = self.card, self.given[self.card.id]
        marked = read_marked(card, self.activity.bins)
        parted = compare_marks(mine, card, self.activity.bins)
        same = len(self.activity.bins) - len(parted)
        items = "".join(
            f"<li><strong>{escape(one.label)}</strong>: you say {MARKS[mine[one.id]].lower()}, the marked set says "
            f"{MARKS[marked[one.id]].lower()}.</li>"
            for one in parted
        )
        differ = f"<ul>{items}</ul>" if items else ""
        return (
            f'<div class="note" role="status"><p>You and the marked set give the same mark on {same} of '
            f"{len(self.activity.bins)}.</p>{differ}<p><strong>Why it is marked so:</strong> {escape(card.why)}</p>"
            "</div>"
        )
