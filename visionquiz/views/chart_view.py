"""Drawings as a widget: they can be drawn anew, and marks with a key can be picked by mouse, finger or keyboard."""

import re
from collections.abc import Callable
from html import unescape
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from visionquiz.views.charts import CSS

__all__ = ["ChartView"]


class ChartView(anywidget.AnyWidget):
    """Shows ``markup``, which comes from `visionquiz.views.charts`; set it anew and what had the keyboard keeps it.

    ``on_pick`` is called with the key of a mark that somebody picks: a browser can name no key that is not drawn.
    """

    _esm = files("visionquiz.views").joinpath("chart_view.js").read_text(encoding="utf-8")
    _css = CSS
    markup = traitlets.Unicode().tag(sync=True)

    def __init__(self, markup: str = "", *, on_pick: Callable[[str], object] | None = None) -> None:
        super().__init__(markup=markup)
        self._on_pick = on_pick
        self.on_msg(self._picked)

    def _picked(self, _: object, content: Any, __: object) -> None:
        key = content.get("pick") if isinstance(content, dict) else None
        drawn = {unescape(found) for found in re.findall(r'data-pick="([^"]*)"', self.markup)}
        if self._on_pick and isinstance(key, str) and key in drawn:
            self._on_pick(key)
