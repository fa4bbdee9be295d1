"""The evidence card of a draft: its words, remarks that point at them, and what only people can tell."""

import itertools
from collections.abc import Iterable, Sequence
from html import escape

import ipywidgets as widgets

from visionquiz.statement.card import EvidenceCard, Figure, Finding, Neighbour, Side, Source
from visionquiz.statement.measures import load_accuracy
from visionquiz.statement.printing import HEADINGS, HOW_GOOD, NO_TOTAL, explain_accuracy
from visionquiz.views._parts import style

__all__ = ["EvidenceView", "evidence_html"]

CSS = """
.vqf .draft { font-size: 1.35rem; line-height: 1.7; margin: .6rem 0 1rem; padding: .6rem .9rem; white-space: pre-wrap;
  background: var(--vq-card); border-radius: .3rem; border-left: .3rem solid var(--vq-line); color: var(--vq-ink); }
.vqf .draft mark { background: none; color: inherit; text-decoration: underline; text-decoration-thickness: .12em;
  text-decoration-color: var(--vq-mark); text-underline-offset: .2em; }
.vqf .draft sup { font-size: .8rem; line-height: 0; color: var(--vq-soft); margin-left: .1rem; }
.vqf .remarks { list-style: none; margin: 0; padding: 0; }
.vqf .remarks li { border-left: .3rem solid var(--vq-line); padding: .1rem .9rem; margin: 1rem 0; }
.vqf .remarks.look li { border-left-style: double; border-left-color: var(--vq-mark); }
.vqf .remarks.strength li { border-left-color: var(--vq-mark); }
.vqf .remarks.ask li { border-left-style: dotted; border-left-color: var(--vq-mark); }
.vqf .remarks .remark { font-weight: 600; }
.vqf .remarks .number { display: inline-block; min-width: 2rem; color: var(--vq-soft); font-weight: 400; }
.vqf .widget-html-content :is(.remarks, .figures, .near) .soft, .vqf .remarks summary { font-size: 1rem; }
.vqf .figures { margin: 0; }
.vqf .figures dt { font-weight: 600; margin-top: .6rem; }
.vqf .figures dd { margin: 0; }
.vqf .near { padding-left: 1.2rem; margin: .4rem 0; }
.vqf .near li { margin: .6rem 0; }
.vqf .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.vqf .remarks.problem li { border-left-color: var(--vq-bad); }
.vqf details { margin: .3rem 0; }
.vqf details p, .vqf details ul { font-size: 1rem; }
"""

HEAD: dict[Side, str] = {
    "problem": "",
    "strength": "",
    "look": "Reasons to read these words again. Each can be a false alarm.",
    "fact": "Neither for nor against the draft.",
    "ask": "No program can answer these from the words.",
}


PAIRS = (
    "A pair is a published service statement and a counter-example; 50 of 100 is no better than a coin. More below the "
    "remarks."
)


class EvidenceView(widgets.VBox):
    """An evidence card on the screen. Give it another card with `show`."""

    def __init__(self, card: EvidenceCard) -> None:
        self.page = widgets.HTML()
        super().__init__([style(CSS), self.page])
        self.add_class("vqf")
        self.show(card)

    def show(self, card: EvidenceCard) -> None:
        """Draw this card in place of the last."""
        self.card = card
        self.page.value = evidence_html(card)


def evidence_html(card: EvidenceCard) -> str:
    """The card as a piece of HTML that loads nothing and runs nothing, for an element of class ``vqf``."""
    ordered = [finding for side in HEADINGS for finding in card.of_side(side)]
    numbers = {id(finding): number for number, finding in enumerate(ordered, start=1)}
    parts = ['<section class="evidence" aria-label="Evidence card"><h2>Evidence card</h2>']
    if card.statement.strip():
        marked = _mark(card.statement, ordered)
        parts.append(f'<div class="draft">{marked}</div>')
        if any(finding.spans for finding in ordered):
            parts.append('<p class="soft">Small numbers lead to the remarks below.</p>')
    parts += [_remarks(side, card.of_side(side), numbers) for side in HEADINGS]
    parts += [_figures(card.figures), _neighbours(card.neighbours)]
    if card.figures:
        parts.append(_how_good())
    parts.append(f'<p class="soft">{escape(NO_TOTAL)}</p></section>')
    return "".join(parts)


def _mark(text: str, findings: Sequence[Finding]) -> str:
    """The text with the words marked that remarks are about, each followed by the numbers of its remarks."""
    ends: dict[int, set[int]] = {}
    reach: dict[int, int] = {}
    for number, finding in enumerate(findings, start=1):
        for start, end in finding.spans:
            ends.setdefault(end, set()).add(number)
            reach[start] = max(reach.get(start, 0), end)
    edges = sorted({0, len(text), *ends, *reach})
    marked_to, parts = 0, []
    for start, end in itertools.pairwise(edges):
        marked_to = max(marked_to, reach.get(start, 0))
        words = escape(text[start:end])
        parts.append(f"<mark>{words}</mark>" if start < marked_to else words)
        if end in ends:
            parts.append(f'<sup><span class="spoken"> remark </span>{", ".join(map(str, sorted(ends[end])))}</sup>')
    return "".join(parts)


def _remarks(side: Side, findings: Iterable[Finding], numbers: dict[int, int]) -> str:
    items = "".join(_remark(finding, numbers[id(finding)]) for finding in findings)
    if not items:
        return ""
    head = f'<p class="soft">{escape(HEAD[side])}</p>' if HEAD[side] else ""
    return f'<h3>{escape(HEADINGS[side])}</h3>{head}<ol class="remarks {side}">{items}</ol>'


def _remark(finding: Finding, number: int) -> str:
    cited = "; ".join(map(_cite, finding.source))
    source = f' <span class="soft">Source: {cited}</span>' if cited else ""
    known = [load_accuracy()[measure] for measure in finding.measures]
    good = "".join(f"<p>{escape(explain_accuracy(one))}</p>" for one in known)
    fold = (
        f"<details><summary>How good is this measure?</summary>{good}<p>{escape(PAIRS)}</p></details>" if good else ""
    )
    return (
        f'<li data-kind="{escape(finding.kind)}"><p class="remark"><span class="number">{number}</span>'
        f"{escape(finding.remark)}</p><p>{escape(finding.reason)}{source}</p>"
        f"<p><b>Try:</b> {escape(finding.try_this)}</p>{fold}</li>"
    )


def _cite(source: Source) -> str:
    return _link(source.address, source.name) if source.address else escape(source.name)


def _link(address: str, name: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(name)}</a>'


def _figures(figures: Iterable[Figure]) -> str:
    rows = "".join(
        f'<dt>{escape(figure.label)}: {escape(figure.shown)}</dt><dd class="soft">{escape(figure.place)}</dd>'
        for figure in figures
    )
    return f'<h3>Beside 86 published statements</h3><dl class="figures">{rows}</dl>' if rows else ""


def _neighbours(neighbours: Iterable[Neighbour]) -> str:
    items = "".join(
        f"<li><p>{escape(one.statement)}</p>"
        f'<p class="soft">{_link(one.source, one.company)}, {escape(one.kind)}. '
        f"{'Word for word the same.' if one.same else 'Shares: ' + escape(', '.join(one.shared[:5])) + '.'}</p></li>"
        for one in neighbours
    )
    if not items:
        return ""
    return f'<p>The nearest of them, by the words that they share:</p><ul class="near">{items}</ul>'


def _how_good() -> str:
    items = "".join(f"<li>{escape(explain_accuracy(found))}</li>" for found in load_accuracy().values())
    return (
        f"<details><summary>How good are all the measures?</summary><p>{escape(HOW_GOOD)}</p>"
        f'<ul class="near">{items}</ul></details>'
    )
