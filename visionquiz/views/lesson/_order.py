"""Steps to put in order; each then says whether it comes in time, and why. When all do, the plan is drawn."""

import random

import ipywidgets as widgets

from visionquiz.ordering import EARLY, LATE, RIGHT, judge_order, read_order
from visionquiz.views import _board, charts
from visionquiz.views._board import Board
from visionquiz.views._parts import note, row, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["OrderView"]

HEADS = {RIGHT: "In time.", EARLY: "Too early.", LATE: "Too late."}


class OrderView(ActivityView):
    """Cards come in the order that works; the board mixes them up. What the room did at its first try is counted."""

    def build(self) -> list[widgets.Widget]:
        self.right = tuple(card.id for card in self.activity.cards)
        mixed = list(self.activity.cards)
        chance = random.Random(self.activity.id)
        while len(mixed) > 1 and tuple(card.id for card in mixed) == self.right:
            chance.shuffle(mixed)
        self.board = Board(mixed, tray="First step at the top", ordered=True)
        self.decide = widgets.Button(description="That is my order", button_style="primary")
        self.solve = widgets.Button(description="Put them right for me")
        self.solve.layout.display = "none"
        self.told, self.plan, self.others = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.board.observe(self._on_move, "placed")
        self.decide.on_click(lambda _: self.judge())
        self.solve.on_click(lambda _: self._on_solve())
        buttons = row(self.decide, self.solve)
        return [style(_board.CSS + charts.CSS), self.board, buttons, self.told, self.plan, self.others]

    def judge(self) -> None:
        """Say of each step whether it comes in time; the first try is shared."""
        order = self.board.order
        if not self.classroom.room.mine(self.activity.id) and not self.share({"order": list(order)}):
            return
        found = judge_order(self.right, order)
        reasons = {card.id: card.why for card in self.activity.cards}
        self.board.say({step: (place == RIGHT, HEADS[place], reasons[step]) for step, place in found.items()})
        wrong = sum(place != RIGHT for place in found.values())
        if wrong:
            steps = "One step comes" if wrong == 1 else f"{wrong} steps come"
            self.told.value = note(
                f"{len(found) - wrong} of {len(found)} steps come in time, one after the other. {steps} too early or "
                "too late: read why, move, and press the button again."
            )
            self.solve.layout.display = None
            return
        self.told.value = note(f"All {len(found)} steps come in time.")
        self.solve.layout.display = "none"
        self.board.locked = True
        self.decide.disabled = True
        self.plan.value = self._draw_plan()
        self.finish()

    def _on_solve(self) -> None:
        self.board.placed = [[step, ""] for step in self.right]
        self.judge()

    def _on_move(self, _: object) -> None:
        """What was said was about where the steps were."""
        if self.board.remarks:
            self.board.say({})
            self.told.value = ""

    def _draw_plan(self) -> str:
        steps, now = [], 0
        for card in self.activity.cards:
            if card.minutes:
                steps.append(charts.Step(label=card.text, first=now + 1, last=now + card.minutes))
                now += card.minutes
        if not steps:
            return ""
        longest = max(self.activity.cards, key=lambda card: card.minutes)
        says = f"{now} minutes in all. What takes longest, {longest.minutes} minutes: {longest.text}."
        return charts.timeline("The plan", steps, days=now, unit="minute", says=says)

    def refresh(self) -> None:
        room = self.classroom.room
        if not self.may_look:
            self.others.value = ""
            return
        orders = [order for one in room.shown(self.activity.id) if (order := read_order(one.body, self.right))]
        if len(orders) < 2:
            self.others.value = note("Nobody else has an order yet. What they do comes up by itself.")
            return
        judged = [judge_order(self.right, order) for order in orders]
        marks = [
            charts.Bar(
                label=card.text,
                value=sum(one[card.id] == RIGHT for one in judged),
                note=_describe([one[card.id] for one in judged]),
            )
            for card in self.activity.cards
        ]
        who = f"you and {len(orders) - 1} invented people" if room.alone else f"{len(orders)} people"
        says = f"How many of {who} had each step in time at their first try."
        self.others.value = charts.bars("Where the room was in time", marks, says=says, top=len(orders))


def _describe(places: list[str]) -> str:
    return ", ".join(
        f"{places.count(one)} {word}" for one, word in ((EARLY, "too early"), (LATE, "too late")) if one in places
    )
