"""What a page and its kernel tell each other about the line between them."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

__all__ = ["LOST", "Connection"]

LOST = (
    "The form lost its connection: what was typed in the last seconds is not saved. Copy it, then press the Run "
    "button above to go on; what was saved will be there."
)


class Connection(anywidget.AnyWidget):
    """Stands in a form (class ``vqf``), unseen until what is typed there is not answered for twelve seconds.

    Then it says so and locks the boxes with their text in them; if the answer comes after all, they open again. Each
    time the page is drawn, `drawn` is called; nothing that is sent from then on gets lost.
    """

    _esm = files("visionquiz.views").joinpath("connection.js").read_text(encoding="utf-8")
    lost = traitlets.Unicode(LOST).tag(sync=True)

    def __init__(self, *, drawn: Callable[[], None] = lambda: None, lost: str = LOST) -> None:
        super().__init__(lost=lost)
        self.drawn = drawn
        self.on_msg(self._hear)

    def _hear(self, _: object, content: Any, __: object) -> None:
        if not isinstance(content, dict):
            return
        if isinstance(number := content.get("asked"), int):
            self.send({"asked": number})
        if content.get("drawn") is True:
            self.drawn()
