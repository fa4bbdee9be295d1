"""Figures in time, as lines with the interval that each figure probably lies in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from visionquiz.views._chart_parts import (
    LOOKS,
    MOST,
    between,
    chart,
    interval,
    known,
    legend,
    mark_html,
    percent,
    share,
    table,
    text,
)

__all__ = ["Line", "Point", "trend"]

CALM = 8
"""Points of a line up to which each has its number in print; of more, the ends, the highest and the lowest."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A figure at a time: ``at`` is its place on the axis (days, or 1, 2, 3), ``label`` what stands below it there."""

    at: float
    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of points in time; ``name`` tells it from the others, and may be "" where it is the only one."""

    name: str = ""
    points: Sequence[Point]


def trend(
    title: str,
    lines: Sequence[Line],
    *,
    across: str = "",
    says: str = "",
    number: Callable[[float], str] = percent,
    low: float = 0.0,
    high: float = 1.0,
    chosen: str = "",
) -> str:
    """Figures in time as up to four lines, with a band from each point's ``low`` to its ``high``, as a piece of HTML.

    The axis runs from ``low`` to ``high``, and further where a figure lies outside. Where figures are missing, the line
    is broken. The numbers that have room are in print, the last one always; all are in the table.
    """
    most = max((len(line.points) for line in lines), default=0)
    lines = [Line(name=line.name, points=_in_order(line.points)) for line in lines[:LOOKS]]
    points = [point for line in lines for point in line.points]
    figures = [value for one in points for raw in (one.value, one.low, one.high) if (value := known(raw)) is not None]
    if not figures:
        return chart(title, says, "", 0)
    scale = _Scale(points, min(low, *figures), max(high, *figures))
    marks = "".join(_marks(lines, scale, number, chosen))
    paths = "".join(_drawn(line, scale, look) for look, line in enumerate(lines, start=1))
    heights = [scale.low, (scale.low + scale.high) / 2, scale.high]
    ground = "".join(f'<i style="bottom:{scale.y(value):.0f}%"></i>' for value in heights)
    up = "".join(f'<span style="bottom:{scale.y(value):.0f}%">{text(number(value))}</span>' for value in heights)
    wide = max(len(number(value)) for value in heights) * 0.62
    name = f'<div class="name" aria-hidden="true">{text(across)}</div>' if across else ""
    plot = (
        f'<div class="trend axis" style="--wide:{wide:.1f}em"><div class="up" aria-hidden="true">{up}</div>'
        f'<div class="room"><div class="plot"><div class="ground">{ground}</div><svg viewBox="0 0 100 100" '
        f'preserveAspectRatio="none" aria-hidden="true" focusable="false">{paths}</svg><ol>{marks}</ol></div></div>'
        f'<div class="ticks" aria-hidden="true">{_ticks(points, scale)}</div>{name}</div>'
    )
    says = says or " ".join(filter(None, (_course(line, number) for line in lines)))
    drawn = legend([line.name for line in lines]) + plot + _listed(title, lines, number)
    return chart(title, says, drawn, most)


class _Scale:
    """Where things are drawn, in per cent from the left and from the bottom."""

    def __init__(self, points: Sequence[Point], low: float, high: float) -> None:
        self.low, self.high = low, high
        self._start, self._end = min(one.at for one in points), max(one.at for one in points)

    def x(self, point: Point) -> float:
        return 50.0 if self._start == self._end else 100 * share(point.at, self._start, self._end)

    def y(self, value: float) -> float:
        return 100 * share(value, self.low, self.high)


def _drawn(line: Line, scale: _Scale, look: int) -> str:
    """The line with its band, broken where figures are missing."""
    found = []
    for run in _runs(line.points):
        band = [(scale.x(one), *span) for one in run if (span := interval(one.value, one.low, one.high))]
        if len(band) > 1:
            edge = [(x, high) for x, _, high in band] + [(x, low) for x, low, _ in reversed(band)]
            found.append(f'<polygon class="look{look}" points="{_path(edge, scale)}"/>')
        path = _path([(scale.x(one), one.value or 0) for one in run], scale)
        found.append(f'<polyline class="look{look}" points="{path}"/>')
    return "".join(found)


def _path(spots: Sequence[tuple[float, float]], scale: _Scale) -> str:
    return " ".join(f"{x:.2f},{100 - scale.y(value):.2f}" for x, value in spots)


def _marks(lines: Sequence[Line], scale: _Scale, number: Callable[[float], str], chosen: str) -> Iterator[str]:
    told, below = _printed(lines, scale)
    for look, line in enumerate(lines, start=1):
        for point in line.points:
            value = known(point.value)
            if value is None:
                continue
            spread = between(interval(value, point.low, point.high), number)
            said = ", ".join(filter(None, (line.name, point.label, number(value), spread and f"probably {spread}")))
            kind = "printed below" if point in below else "printed"
            printed = f'<span class="{kind}" aria-hidden="true">{text(number(value))}</span>' if point in told else ""
            dot = mark_html(point.key, f"dot look{look}", f'<span class="unseen">{text(said)}</span>', chosen)
            late = " late" if scale.x(point) > 50 else ""
            yield (
                f'<li class="look{look}{late}" style="left:{scale.x(point):.1f}%;bottom:{scale.y(value):.1f}%">'
                f'{dot}{printed}<span class="tip" aria-hidden="true">{text(said)}</span></li>'
            )


def _course(line: Line, number: Callable[[float], str]) -> str:
    """Where a line begins and ends, in words."""
    ends = [f"{number(value)} ({one.label})" for one in line.points if (value := known(one.value)) is not None]
    if not ends:
        return ""
    if len(ends) == 1:
        return f"{line.name}: {ends[0]}." if line.name else f"{ends[0]}."
    return f"{f'{line.name}: from' if line.name else 'From'} {ends[0]} to {ends[-1]}."


def _listed(title: str, lines: Sequence[Line], number: Callable[[float], str]) -> str:
    rows = [
        (
            line.name,
            one.label,
            "missing" if (value := known(one.value)) is None else number(value),
            between(interval(one.value, one.low, one.high), number),
        )
        for line in lines
        for one in line.points
    ]
    heads = ("Line", "When", "Figure", "Probably between")
    kept = [place for place in range(4) if place in (1, 2) or any(row[place] for row in rows)]
    return table(title, [heads[place] for place in kept], [[row[place] for place in kept] for row in rows])


def _in_order(points: Sequence[Point]) -> list[Point]:
    """What has a time, from the first to the last."""
    return sorted([one for one in points if known(one.at) is not None][:MOST], key=lambda one: one.at)


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Points without a missing one between them."""
    run: list[Point] = []
    for point in points:
        if known(point.value) is not None:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _printed(lines: Sequence[Line], scale: _Scale) -> tuple[set[Point], set[Point]]:
    """The points whose numbers have room, ends, highest and lowest first; and those whose number stands below them.

    It is sought in per cent of the drawing, on a phone: a number is 36 of some 290 pixels wide and 17 of 240 high.
    """
    ends, outer, rest = list[Point](), list[Point](), list[Point]()
    for line in lines:
        there = [point for point in line.points if known(point.value) is not None]
        if there:
            by_value = sorted(there, key=lambda point: point.value or 0)
            ends += [there[-1], there[0]]
            outer += [by_value[-1], by_value[0]]
            rest += there if len(there) <= CALM else []
    dots = [
        (one, scale.x(one), scale.y(v)) for line in lines for one in line.points if (v := known(one.value)) is not None
    ]
    told, below, taken = set[Point](), set[Point](), list[tuple[float, float]]()
    for point in (*ends, *outer, *rest):
        x, y = scale.x(point), scale.y(point.value or 0)
        there_too = [other for one, _, other in dots if one.at == point.at]
        ways = (-8, 8) if y == min(there_too) < max(there_too) else (8, -8)
        for way in ways if point not in told else ():
            free = all(abs(x - a) >= 15 or abs(y + way - b) >= 9 for a, b in taken) and all(
                one is point or abs(x - a) >= 9 or abs(y + way - b) >= 7 for one, a, b in dots
            )
            if free:
                told.add(point)
                taken.append((x, y + way))
                below |= {point} if way < 0 else set()
                break
    return told, below


def _ticks(points: Sequence[Point], scale: _Scale) -> str:
    """What stands below the axis, as much of it as has room on a phone; the first and the last always."""
    places = sorted({scale.x(point): point.label for point in points}.items())
    kept = places[:1]
    for place, label in places[1:-1]:
        if place - kept[-1][0] >= 26 and places[-1][0] - place >= 26:
            kept.append((place, label))
    kept += places[1:][-1:]
    return "".join(f'<span style="left:{place:.1f}%">{text(label)}</span>' for place, label in kept)
