"""Everybody sorts cards into places; then each card shows why, and the room sees where it parts."""

import ipywidgets as widgets

from visionquiz.opinions import Shares, count_places, judge_place, read_places
from visionquiz.views import _board, charts
from visionquiz.views._board import Board
from visionquiz.views._parts import alert, note, row, style
from visionquiz.views.lesson._frame import ActivityView
from visionquiz.views.lesson._sources import list_sources

__all__ = ["SortView"]


class SortView(ActivityView):
    """A board of cards. Reasons, and where others put each card, show once all cards have a place and somebody has
    decided; after that, cards can be moved and decided on again.
    """

    def build(self) -> list[widgets.Widget]:
        self.board = Board(self.activity.cards, self.activity.bins, tray="Still to sort")
        self.decide = widgets.Button(description="That is how I sort them", button_style="primary")
        self.told, self.others, self.sources = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._judged: dict[str, str] = {}
        before = self._read(self.classroom.room.mine(self.activity.id).get("", {}))
        self.board.placed = [list(pair) for pair in before.items()]
        self.board.observe(self._on_move, "placed")
        self.decide.on_click(lambda _: self.sort())
        return [style(_board.CSS + charts.CSS), self.board, row(self.decide), self.told, self.others, self.sources]

    def sort(self) -> None:
        """Decide on where the cards lie now: share it, and say of each card whether it may lie there, and why."""
        places = dict(self.board.places)
        left = len(self.activity.cards) - len(places)
        if left:
            cards = "One card has" if left == 1 else f"{left} cards have"
            self.told.value = alert(f"{cards} no place yet. Give each card a place, even if you are not sure.")
            return
        self._judged = places
        if not self.share({"places": places}):
            self._judged = {}
            return
        self._remark()
        good = sum(places[card.id] in card.bins for card in self.activity.cards)
        self.told.value = note(
            f"{good} of {len(places)} lie where they may. Each card now says why. "
            + ("Move a card if it has changed your mind, then press the button again." if good < len(places) else "")
        )
        self.sources.value = list_sources(self.activity.cards)
        self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        if not (self._judged or room.seat.trainer):
            self.others.value = ""
            return
        given = [self._read(one.body) for one in room.shown(self.activity.id)]
        counts = count_places(filter(None, given), [card.id for card in self.activity.cards])
        self.others.value = self._draw(counts)

    def _read(self, body: object) -> dict[str, str]:
        cards, bins = [card.id for card in self.activity.cards], [one.id for one in self.activity.bins]
        return read_places(body, cards, bins) if isinstance(body, dict) else {}

    def _remark(self) -> None:
        found = {}
        for card in self.activity.cards:
            if card.id in self._judged:
                verdict = judge_place(card, self._judged[card.id], self.activity.bins)
                found[card.id] = (verdict.good, verdict.head, verdict.why)
        self.board.say(found)

    def _on_move(self, _: object) -> None:
        """What was said of a card was about the place where it lay."""
        now = self.board.places
        moved = [card for card, place in self._judged.items() if now.get(card) != place]
        for card in moved:
            del self._judged[card]
        if moved:
            self._remark()

    def _draw(self, counts: dict[str, Shares]) -> str:
        names = {one.id: one.label for one in self.activity.bins}
        seen = [(counts[card.id], card) for card in self.activity.cards if counts[card.id].people]
        people = max((shares.people for shares, _ in seen), default=0)
        if people < 2:
            return note("Nobody else has sorted yet. What they do comes up by itself.")
        seen.sort(key=lambda pair: (max(pair[0].counts.values()) / pair[0].people, pair[1].id))
        marks = []
        for shares, card in seen:
            # Of places with as many people, those where the card may lie come first.
            may_first = [(place not in card.bins, place, number) for place, number in shares.counts.items()]
            ranked = sorted(((place, number) for _, place, number in sorted(may_first)), key=lambda pair: -pair[1])
            (first, most), *rest = [(names[place], number) for place, number in ranked]
            also = ", ".join(f"{name} {number}" for name, number in rest)
            marks.append(
                charts.Bar(
                    label=f"{card.by}: {card.text}" if card.by else card.text,
                    value=most / shares.people,
                    note=f"{first} {most}" + (f"; {also}" if also else ""),
                )
            )
        who = f"you and {people - 1} invented people" if self.classroom.room.alone else f"{people} people"
        split = seen[0][1]
        says = (
            f"How many of {who} agree on the place that is named first. You disagree most on "
            f"“{split.text.rstrip('.')}”. "
            "Cards at the top are worth talking about; what most people say need not be right."
        )
        return charts.bars("Where the room disagrees", marks, says=says, number=charts.percent, top=1)
