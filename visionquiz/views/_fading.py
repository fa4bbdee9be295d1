"""The statement as a line with boxes in place of the words that are hidden."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from visionquiz.practice import FadedWord, is_same_word

__all__ = ["CSS", "FadingLine"]

CSS = """
.vqf .vqf-fading .line { font-size: 1.3rem; line-height: 2.3; margin: .4rem 0; }
.vqf .vqf-fading .slot { white-space: nowrap; }
.vqf .vqf-fading .slot span { padding-inline-start: .1em; font-weight: 650; font-size: 1rem; color: var(--vq-mark); }
.vqf .vqf-fading .slot .other + span { color: var(--vq-bad); }
.vqf .vqf-fading input { font: inherit; line-height: 1.4; max-width: 100%; padding: 0 .3em; color: var(--vq-ink);
  background: var(--vq-page); border: 1px solid var(--vq-soft); border-bottom-width: 3px; border-radius: .3rem; }
.vqf .vqf-fading input.right { border-color: var(--vq-mark); }
.vqf .vqf-fading input.other { border-color: var(--vq-bad); border-style: dashed; }
.vqf .vqf-fading strong { text-decoration: underline dotted .12em var(--vq-mark); text-underline-offset: .25em; }
.vqf .vqf-fading .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""

TYPED_LIMIT = 60
"""Characters in one box, here and in ``fading.js``."""


class FadingLine(anywidget.AnyWidget):
    """A statement with some words hidden. `changed` is called when a box was left, `done` when the last one was."""

    _esm = files("visionquiz.views").joinpath("fading.js").read_text(encoding="utf-8")
    pieces = traitlets.List(traitlets.Dict()).tag(sync=True)
    """The statement in pieces, each ``{"text": ..., "hidden": ...}``."""
    shown = traitlets.Bool(False).tag(sync=True)
    """Whether the hidden words stand in place of their boxes."""
    typed = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """What is in each box, in order."""
    verdicts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    """Per box ``right``, ``other``, or ``""`` where nothing was typed."""

    def __init__(self, *, changed: Callable[[], None], done: Callable[[], None]) -> None:
        self._hidden: list[str] = []
        self._changed, self._done = changed, done
        super().__init__()
        self.observe(self._on_typed, "typed")
        self.on_msg(self._on_message)

    def show(self, statement: str, faded: tuple[FadedWord, ...]) -> None:
        """Draw the statement anew, with empty boxes."""
        pieces: list[dict[str, Any]] = []
        end = 0
        for word in faded:
            if statement[end : word.start]:
                pieces.append({"text": statement[end : word.start], "hidden": False})
            pieces.append({"text": word.text, "hidden": word.hidden})
            end = word.end
        if statement[end:]:
            pieces.append({"text": statement[end:], "hidden": False})
        self._hidden = [word.text for word in faded if word.hidden]
        with self.hold_sync():
            self.typed, self.verdicts, self.shown, self.pieces = [], [], False, pieces

    def focus(self) -> None:
        """The keyboard goes to the first box that is empty."""
        self.send({"focus": True})

    @property
    def is_right(self) -> bool:
        """Whether every hidden word was typed."""
        return bool(self._hidden) and self.verdicts == ["right"] * len(self._hidden)

    def _on_typed(self, _: object) -> None:
        typed = [*self.typed, *[""] * len(self._hidden)]
        self.verdicts = [
            ("right" if is_same_word(word, text[:TYPED_LIMIT]) else "other") if text.strip() else ""
            for word, text in zip(self._hidden, typed, strict=False)
        ]
        if self.typed:
            self._changed()

    def _on_message(self, _: object, content: Any, __: object) -> None:
        if isinstance(content, dict) and content.get("done"):
            self._done()
