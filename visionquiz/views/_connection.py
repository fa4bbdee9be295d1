"""A form that says so when nobody keeps what is typed into it any more."""

from importlib.resources import files
from typing import Any

import anywidget
import traitlets

__all__ = ["Connection"]

LOST = (
    "The form lost its connection: what was typed in the last seconds is not saved. Copy it, then press the Run "
    "button above to go on; what was saved will be there."
)


class Connection(anywidget.AnyWidget):
    """Stands in a form (class ``vqf``), unseen until what is typed there is not answered for twelve seconds.

    Then it says so and locks the boxes with their text in them; if the answer comes after all, they open again.
    """

    _esm = files("visionquiz.views").joinpath("connection.js").read_text(encoding="utf-8")
    lost = traitlets.Unicode(LOST).tag(sync=True)

    def __init__(self, **traits: str) -> None:
        super().__init__(**traits)
        self.on_msg(self._answer)

    def _answer(self, _: object, content: Any, __: object) -> None:
        number = content.get("asked") if isinstance(content, dict) else None
        if isinstance(number, int):
            self.send({"asked": number})
