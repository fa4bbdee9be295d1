"""Cards that people lay into places, or put into order."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import anywidget
import traitlets

from visionquiz.curriculum import Bin, Card

__all__ = ["CSS", "Board"]

CSS = """
.vqb { font: inherit; color: var(--vq-ink); width: 100%; }
.vqb { container-type: inline-size; }
.vqb-shelf, .vqb-bins { display: grid; gap: .8rem; align-items: start; }
.vqb-bins { grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); align-items: stretch; }
@container (min-width: 40rem) {
  .vqb-shelf:has(> .vqb-bin .vqb-card + .vqb-card):has(.vqb-bins) { grid-template-columns: 1fr 2fr; }
}
.vqb-bin { border: 1px solid var(--vq-line); border-radius: .4rem; padding: .6rem .7rem; min-width: 0; }
.vqb h4 { font-size: 1.05rem; margin: 0; line-height: 1.3; }
.vqb-hint, .vqb-by, .vqb-empty { color: var(--vq-soft); margin: 0; }
.vqb.vqb :is(ol, ul) { list-style: none; margin: .4rem 0 0; padding: 0; display: grid; gap: .5rem;
  grid-template-columns: minmax(0, 1fr); }
.vqb-card { background: var(--vq-card); border: 1px solid var(--vq-line); border-radius: .4rem; padding: .5rem .6rem;
  display: flex; flex-wrap: wrap; gap: .3rem .6rem; align-items: center; overflow-wrap: anywhere; }
.vqb-card[draggable=true] { cursor: grab; }
.vqb-card.good { border-left: .3rem solid var(--vq-mark); }
.vqb-card.other { border-left: .3rem dashed var(--vq-bad); }
.vqb.vqb .vqb-card.other::before { content: none; }
.vqb-card.good strong::before { content: "✓ "; }
.vqb-card.other strong::before { content: "✗ "; }
.vqb-text { flex: 1 1 9rem; min-width: 0; }
.vqb-by { display: block; font-size: .85em; }
.vqb-number { font-weight: 650; min-width: 1.4rem; }
.vqb-buttons { display: flex; gap: .3rem; }
.vqb-card button, .vqb-card select { font: inherit; min-height: 2.6rem; min-width: 2.6rem; max-width: 100%;
  border: 1px solid var(--vq-soft); border-radius: .3rem; background: var(--vq-page); color: var(--vq-ink); }
.vqb :is(button, select):focus-visible { outline: 3px solid var(--vq-mark); outline-offset: 2px; }
.vqb-remark { flex-basis: 100%; }
.vqb-said { min-height: 1.5em; margin: .3rem 0 0; color: var(--vq-soft); }
"""


class Board(anywidget.AnyWidget):
    """Cards in places (`bins`), or, where it is `ordered`, one below the other. `placed` is what people did.

    Whatever the browser sends is checked: `placed` holds each card at most once, in a place that there is.
    """

    _esm = files("visionquiz.views").joinpath("board.js").read_text(encoding="utf-8")
    cards = traitlets.List(traitlets.Dict()).tag(sync=True)
    bins = traitlets.List(traitlets.Dict()).tag(sync=True)
    placed = traitlets.List().tag(sync=True)
    """Pairs of a card's id and a bin's id (``""``: the tray), in order."""
    remarks = traitlets.Dict().tag(sync=True)
    """By card: ``good`` (bool), ``head`` and ``text``, shown with it."""
    tray = traitlets.Unicode("Cards").tag(sync=True)
    """The name of the place where cards lie at first."""
    ordered = traitlets.Bool(False).tag(sync=True)
    locked = traitlets.Bool(False).tag(sync=True)

    def __init__(self, cards: Sequence[Card], bins: Sequence[Bin] = (), *, tray: str, ordered: bool = False) -> None:
        super().__init__(
            cards=[{"id": card.id, "text": card.text, "by": card.by} for card in cards],
            bins=[{"id": one.id, "label": one.label, "hint": one.hint} for one in bins],
            tray=tray,
            ordered=ordered,
        )

    @traitlets.validate("placed")
    def _check(self, proposal: dict[str, object]) -> list[list[str]]:
        cards = {card["id"] for card in self.cards}
        bins = {"", *(one["id"] for one in self.bins)}
        found: dict[str, str] = {}
        value = proposal["value"]
        for pair in value if isinstance(value, list) else []:
            if isinstance(pair, (list, tuple)) and len(pair) == 2 and all(isinstance(one, str) for one in pair):
                card, place = pair
                if card in cards and place in bins:
                    found.setdefault(card, place)
        return [[card, place] for card, place in found.items()]

    @property
    def places(self) -> Mapping[str, str]:
        """Where each card lies that somebody has laid somewhere: bin ids by card id."""
        return {card: place for card, place in self.placed if place}

    @property
    def order(self) -> tuple[str, ...]:
        """The cards' ids from the first to the last."""
        moved = [card for card, _ in self.placed]
        return (*moved, *(card["id"] for card in self.cards if card["id"] not in moved))

    def say(self, remarks: Mapping[str, tuple[bool, str, str]]) -> None:
        """Show with each card whether it lies well, a word for that, and why."""
        self.remarks = {
            card: {"good": good, "head": head, "text": text} for card, (good, head, text) in remarks.items()
        }
