"""Pictures of figures, as HTML that can be read, heard, printed and picked by keyboard; it loads and runs nothing.

Each drawing has a title, a sentence that says what there is to see, its numbers in print, and words for every mark.
Bars, heat maps and timelines are tables to a screen reader; dots and trends bring a table to fold out. Colours are
after Okabe and Ito (2008, "Color Universal Design"), which colour-blind people can tell apart; some are a little darker
or lighter, for contrast with the page. No meaning stands in a colour alone.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from visionquiz.views._chart_parts import (
    CSS,
    MOST,
    along,
    between,
    chart,
    figure,
    interval,
    known,
    percent,
    pick,
    plain,
    share,
    text,
)
from visionquiz.views._dots import Dot, dots
from visionquiz.views._stacks import Stack, stacks
from visionquiz.views._trend import Line, Point, trend

__all__ = [
    "CSS",
    "Bar",
    "Dot",
    "HeatRow",
    "Line",
    "Point",
    "Stack",
    "Step",
    "bars",
    "chart_page",
    "dots",
    "heat",
    "percent",
    "plain",
    "stacks",
    "timeline",
    "trend",
]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A figure with its name. None is missing, which is not zero; it probably lies between ``low`` and ``high``.

    ``key`` is what a `ChartView` hands to ``on_pick``; "" cannot be picked. Same in the other kinds of mark.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    """A row of figures, one for each column; None is missing."""

    label: str
    values: Sequence[float | None]
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is done from one day to another, both included, the first day being 1."""

    label: str
    first: int
    last: int
    key: str = ""


def bars(
    title: str,
    marks: Sequence[Bar],
    *,
    says: str = "",
    number: Callable[[float], str] = plain,
    top: float | None = None,
    chosen: str = "",
) -> str:
    """Figures as bars from zero, in the order given, as a piece of HTML (see `CSS`).

    ``top`` is the figure of a full bar (1 for shares), else the largest there is. ``says`` is what there is to see,
    else the highest and the lowest are named. A figure below zero has its number and no bar.
    """
    shown = marks[:MOST]
    there = [(mark, value) for mark in shown if (value := known(mark.value)) is not None]
    full = top or max([value for _, value in there] + [known(mark.high) or 0 for mark in shown], default=0)

    def row(mark: Bar) -> str:
        value, span = known(mark.value), interval(mark.value, mark.low, mark.high)
        drawn = "" if value is None or value <= 0 else along("fill", 0, value, full)
        drawn += along("whisker", *span, full) if span else ""
        notes = ", ".join(filter(None, (mark.note, span and f"probably {between(span, number)}")))
        small = f'<span class="soft">{text(notes)}</span>' if notes else ""
        return (
            f'<tr><th scope="row">{pick(mark.key, mark.label, chosen)}</th>'
            f'<td><span class="track" aria-hidden="true">{drawn}</span>{small}</td>'
            f'<td class="number">{figure(value, number)}</td></tr>'
        )

    if not says and len(there) > 1:
        high, low = max(there, key=lambda pair: pair[1]), min(there, key=lambda pair: pair[1])
        says = f"Highest: {high[0].label}, {number(high[1])}. Lowest: {low[0].label}, {number(low[1])}."
        if high[1] == low[1]:
            says = f"All are at {number(high[1])}."
    body = "".join(map(row, shown))
    drawn = f'<table class="lanes" aria-label="{text(title)}"><tbody>{body}</tbody></table>' if shown else ""
    return chart(title, says, drawn, len(marks))


def heat(
    title: str,
    columns: Sequence[str],
    rows: Sequence[HeatRow],
    *,
    says: str = "",
    number: Callable[[float], str] = percent,
    low: float = 0.0,
    high: float = 1.0,
    chosen: str = "",
) -> str:
    """Figures as a table, its cells the stronger in colour the higher a figure is between ``low`` and ``high``."""
    shown = rows[:MOST]
    names = [text(column) for column in columns]

    def cell(name: str, value: float | None) -> str:
        head = f'<i aria-hidden="true">{name}</i>'
        if value is None:
            return f'<td role="cell" class="missing">{figure(None, number)}{head}</td>'
        return f'<td role="cell" style="--heat:{share(value, low, high):.3f}">{figure(value, number)}{head}</td>'

    def row(one: HeatRow) -> str:
        values = [known(value) for value in one.values][: len(names)]
        values += [None] * (len(names) - len(values))
        cells = "".join(map(cell, names, values))
        return f'<tr role="row"><th role="rowheader" scope="row">{pick(one.key, one.label, chosen)}</th>{cells}</tr>'

    there = [
        (value, f"{one.label}, {column}, {number(value)}")
        for one in shown
        for column, given in zip(columns, one.values, strict=False)
        if (value := known(given)) is not None
    ]
    if not says and len(there) > 1:
        says = f"The stronger the colour, the higher. Highest: {max(there)[1]}. Lowest: {min(there)[1]}."
    wide = math.ceil(len(names) / math.ceil(len(names) / 4)) if names else 1  # on a phone, in rows of the same length
    heads = "".join(f'<th role="columnheader" scope="col">{name}</th>' for name in names)
    body = "".join(map(row, shown))
    # Roles are spelt out: on a phone the rows are laid out anew, and browsers would forget that this is a table.
    drawn = (
        f'<div class="heat" style="--wide:{wide}"><table role="table" aria-label="{text(title)}">'
        f'<thead role="rowgroup"><tr role="row"><td role="cell"></td>{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )
    return chart(title, says, drawn if shown and names else "", len(rows))


def timeline(
    title: str, steps: Sequence[Step], *, days: int = 90, says: str = "", chosen: str = "", unit: str = "day"
) -> str:
    """What is done when within some ``days`` (or another ``unit``), one lane for each step, as a piece of HTML."""
    shown = steps[:MOST]

    def row(step: Step) -> str:
        when = f"{unit} {step.first}" + ("" if step.first == step.last else f" to {step.last}")
        drawn = along("fill", step.first - 1, step.last, days)
        return (
            f'<tr><th scope="row">{pick(step.key, step.label, chosen)}</th>'
            f'<td><span class="track" aria-hidden="true">{drawn}</span></td><td class="number span">{when}</td></tr>'
        )

    if not says and shown:
        says = f"{days} {unit}s. It begins with: {shown[0].label}. It ends with: {shown[-1].label}."
    body = "".join(map(row, shown))
    drawn = f'<table class="lanes steps" aria-label="{text(title)}"><tbody>{body}</tbody></table>' if shown else ""
    return chart(title, says, drawn, len(steps))


def chart_page(title: str, *figures: str) -> str:
    """A whole HTML page with these drawings, for a file of its own or for print. It asks for nothing else."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
        ":root { color-scheme: light dark; } body { background: #fff; color: #1d2733; margin: 1rem auto; "
        'padding: 0 1rem; max-width: 48rem; } h1 { font: 650 1.5rem/1.3 system-ui, "DejaVu Sans", sans-serif; }'
        "@media screen and (prefers-color-scheme: dark) { body { background: #0f151c; color: #e8eef4; } }"
        "@media print { body { color: #000; } }"
        f"{CSS}</style></head><body><main><h1>{text(title)}</h1>{''.join(figures)}</main></body></html>"
    )
