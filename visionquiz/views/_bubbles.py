"""Themes as circles: as large as they are, near where near in meaning; the same as a list for whoever reads it."""

from collections.abc import Mapping, Sequence
from html import escape
from math import sqrt

from visionquiz.themes import ThemePlace

__all__ = ["CSS", "bubbles"]

WIDE, TALL, EDGE = 640, 420, 60
LARGEST = 56

CSS = """
.vqbubbles svg { width: 100%; max-width: 40rem; height: auto; background: var(--vq-card); border-radius: .5rem; }
.vqbubbles circle { fill: var(--vq-mark); fill-opacity: .25; stroke: var(--vq-mark); stroke-width: 2; }
.vqbubbles text { font: 600 20px system-ui, sans-serif; fill: var(--vq-ink); text-anchor: middle;
  dominant-baseline: central; }
.vqbubbles figure { margin: .6rem 0; }
"""


def bubbles(title: str, places: Sequence[ThemePlace], names: Mapping[str, str]) -> str:
    """A figure as HTML that loads and runs nothing. Numbers in the circles are those of the list."""
    shown = sorted(places, key=lambda one: -one.size)
    if not shown:
        return ""
    most = shown[0].size
    drawn = []
    for number, one in enumerate(shown, 1):
        x, y = EDGE + one.x * (WIDE - 2 * EDGE), EDGE + (1 - one.y) * (TALL - 2 * EDGE)
        # By area: twice as many ideas look twice as much.
        drawn.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{max(14, LARGEST * sqrt(one.size / most)):.0f}"/>')
        drawn.append(f'<text x="{x:.0f}" y="{y:.0f}">{number}</text>')
    listed = "".join(f"<li>{escape(names.get(one.theme, ''))}: {one.size}</li>" for one in shown)
    return (
        f'<figure class="vqbubbles"><figcaption>{escape(title)}</figcaption>'
        f'<svg viewBox="0 0 {WIDE} {TALL}" role="img" '
        f'aria-label="{escape(title)}; the list below says the same, but for what is near what">{"".join(drawn)}</svg>'
        f"<ol>{listed}</ol></figure>"
    )
