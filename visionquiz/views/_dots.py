"""Numbered dots: what lies close to what, or how many have which figure."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from visionquiz.views._chart_parts import LOOKS, MOST, chart, known, legend, mark_html, plain, share, table, text

__all__ = ["Dot", "dots"]

SLOTS = 13
"""Places beside each other for dots that are piled up: as many as fit on a phone and can still be touched."""


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A thing at a place. Without ``y`` it is piled up with those that have about the same ``x``."""

    label: str
    x: float
    y: float | None = None
    group: str = ""
    key: str = ""


def dots(
    title: str,
    marks: Sequence[Dot],
    *,
    across: str = "",
    up: str = "",
    says: str = "",
    number: Callable[[float], str] = plain,
    chosen: str = "",
) -> str:
    """Numbered dots, with the list of what they are to fold out, as a piece of HTML.

    ``across`` and ``up`` name the axes, with their unit. Without them the place says only what lies close to what, and
    dots that would cover each other are moved apart. Without any ``y``, dots of about the same ``x`` are piled up. The
    first four groups have a colour and a shape of their own; further ones share the last.
    """
    shown = [mark for mark in marks if known(mark.x) is not None][:MOST]
    lost = len(marks) - len(shown) if len(shown) < MOST else 0
    piled = all(known(mark.y) is None for mark in shown)
    groups = list(dict.fromkeys(mark.group for mark in shown))
    tall = 340.0 if len(shown) > 6 else 170.0
    places = _pile(shown) if piled else _scatter(shown, tall)
    if piled:
        tall = max((y for _, y in places), default=0) + 26
    elif not (across or up):
        places = _spread(places, tall)

    def words(mark: Dot) -> Iterator[tuple[str, str]]:
        yield "What", mark.label
        if any(groups):
            yield "Group", mark.group
        if across or piled:
            yield across or "Figure", number(mark.x)
        y = known(mark.y)
        if up and not piled:
            yield up, "missing" if y is None else number(y)

    def item(place: int, mark: Dot, x: float, y: float) -> str:
        look = min(groups.index(mark.group), LOOKS - 1) + 1
        said = "; ".join(text(value) for _, value in words(mark) if value)
        tip = f'<span class="tip" aria-hidden="true">{said}</span>'
        inner = f'<span aria-hidden="true">{place}</span><span class="unseen">{place}: {said}</span>'
        return (
            f'<li class="look{look}{" late" if x > 0.5 else ""}" style="left:{x:.1%};bottom:{y:.0f}px">'
            f"{mark_html(mark.key, f'dot look{look}', inner, chosen)}{tip}</li>"
        )

    items = "".join(item(place, mark, *at) for place, (mark, at) in enumerate(zip(shown, places, strict=True), start=1))
    xs = [mark.x for mark in shown] if across or piled else []
    ys = [y for mark in shown if (y := known(mark.y)) is not None] if up else []
    axes = [_range(across or "Figure", xs, number), _range(up, ys, number)]
    if not says and shown:
        rest = "" if any(axes) or len(shown) == 1 else "The closer together, the more alike."
        says = " ".join(filter(None, ("One dot." if len(shown) == 1 else f"{len(shown)} dots.", *axes, rest)))
    says += f" Without a figure: {lost}." if lost else ""
    above = f'<div class="axis" aria-hidden="true">{text(axes[1])}</div>' if axes[1] else ""
    plot = f'<div class="plot{"" if any(axes) else " free"}" style="height:{tall:.0f}px"><ol>{items}</ol></div>'
    rows = [[str(place), *(value for _, value in words(mark))] for place, mark in enumerate(shown, start=1)]
    heads = ["No.", *(head for head, _ in words(shown[0]))] if shown else []
    drawn = legend(groups) + above + plot + _axis(across, xs, number) + table(title, heads, rows) if shown else ""
    return chart(title, says, drawn, len(marks))


def _range(name: str, values: Sequence[float], number: Callable[[float], str]) -> str:
    """From where to where an axis runs, in words; nothing where there is none."""
    if not values:
        return ""
    low, high = number(min(values)), number(max(values))
    return f"{name}: {low}." if low == high else f"{name}: from {low} to {high}."


def _axis(name: str, values: Sequence[float], number: Callable[[float], str]) -> str:
    """What stands below the dots."""
    if not values:
        return ""
    low, high = number(min(values)), number(max(values))
    inner = ("", f"{name or 'Figure'}: {low}", "") if low == high else (low, name, high)
    spans = "".join(f"<span>{text(part)}</span>" for part in inner)
    return f'<div class="axis across" aria-hidden="true">{spans}</div>'


def _pile(marks: Sequence[Dot]) -> list[tuple[float, float]]:
    """Share from the left and pixels from the bottom of each dot, one upon the other in as many columns as fit."""
    low, high = min((mark.x for mark in marks), default=0.0), max((mark.x for mark in marks), default=0.0)
    heights = [0] * SLOTS
    found = []
    for mark in marks:
        slot = round(share(mark.x, low, high) * (SLOTS - 1)) if high > low else SLOTS // 2
        found.append(((slot + 0.5) / SLOTS, 14.0 + 26 * heights[slot]))
        heights[slot] += 1
    return found


def _scatter(marks: Sequence[Dot], tall: float) -> list[tuple[float, float]]:
    xs = [mark.x for mark in marks]
    ys = [y if (y := known(mark.y)) is not None else 0.0 for mark in marks]

    def along(value: float, values: list[float]) -> float:
        return share(value, min(values), max(values)) if max(values) > min(values) else 0.5

    return [(0.05 + 0.9 * along(x, xs), 18 + (tall - 36) * along(y, ys)) for x, y in zip(xs, ys, strict=True)]


def _spread(places: list[tuple[float, float]], tall: float) -> list[tuple[float, float]]:
    """Moved apart until none covers another on a phone, 340 pixels wide, where there is room for that."""
    wide, need = 340, 26.0
    spots = [[x * wide, y] for x, y in places]
    for _ in range(60):
        still = True
        for one, (a, b) in enumerate(combinations(spots, 2)):
            gap = math.dist(a, b)
            if gap < need - 0.5:
                still = False
                turn = one * 2.4  # where two lie on one spot, any direction will do, but always the same
                dx, dy = ((b[0] - a[0]) / gap, (b[1] - a[1]) / gap) if gap else (math.cos(turn), math.sin(turn))
                push = (need - gap) / 2
                for spot, way in ((a, -push), (b, push)):
                    spot[0] = min(wide - 14.0, max(14.0, spot[0] + dx * way))
                    spot[1] = min(tall - 14, max(14.0, spot[1] + dy * way))
        if still:
            break
    return [(x / wide, y) for x, y in spots]
