"""A box in which several people write one text at once, and nobody's words or caret are lost."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any, Protocol, TypeVar

import anywidget
import traitlets

from visionquiz.drafts import DRAFT_LIMIT
from visionquiz.errors import StoreError, VisionQuizError
from visionquiz.views._unsaved import Unsaved

__all__ = ["CSS", "PRESS_RUN", "SharedText"]

PRESS_RUN = "Press Run to see the drafts."
"""What stands in place of a text in a saved notebook: no word of anybody."""

_LONGEST = 4
"""Times the limit that is looked at at all. The browser holds back what is longer than the text may be."""

CSS = """
.vqe { width: 100%; margin: .6rem 0; }
.vqe .vqe-label { display: block; font-size: 1.1rem; font-weight: 600; line-height: 1.4; margin: 0 0 .2rem;
  color: var(--vq-ink); }
.vqe .vqe-hint { color: var(--vq-soft); margin: 0 0 .4rem; }
.vqe textarea { display: block; font-size: 1.15rem; background: var(--vq-page); color: var(--vq-ink);
  border: 1px solid var(--vq-soft); margin: 0; }
.vqf .vqe textarea:is([rows="2"], [rows="3"]) { min-height: 0; }
.vqe .vqe-below { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2rem 1rem; margin: .3rem 0 0;
  color: var(--vq-soft); }
.vqe .vqe-count.over { color: var(--vq-bad); font-weight: 600; }
.vqe .vqe-wrong { background: var(--vq-card); border-left: .3rem solid var(--vq-bad); border-radius: .3rem;
  padding: .6rem .9rem; margin: .5rem 0; }
.vqe .vqe-wrong[hidden] { display: none; }
.vqe .vqe-spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""


class Kept(Protocol):
    """What a text belongs to, such as a draft."""

    @property
    def text(self) -> str:
        """What it says."""


K = TypeVar("K", bound=Kept)


class SharedText(Unsaved, anywidget.AnyWidget):
    """One text to write in. Others may be at it at the same time, each in a kernel of their own.

    The browser sends ``{"base", "text", "number"}``: what it had, what was made of it, and a word of its own to know
    the answer by. `edit` is called with the first two, keeps them and returns what the text belongs to as it is then,
    with what others typed. Where it raises, the words stay in the box, and the box says why they are not kept. Anything
    else that a browser sends is ignored. `show` takes in what others did; `changed` is called with all that `edit`
    returns.
    """

    _esm = files("visionquiz.views").joinpath("shared_text.js").read_text(encoding="utf-8")
    text = traitlets.Unicode().tag(sync=True)
    """What the kernel knows last; the browser reads it and never sets it."""
    version = traitlets.Int(0).tag(sync=True)
    """Grows with `text`. ipywidgets hands a browser an answer before the states that were sent before it, so that the
    browser has to be told which text is the later one."""
    label = traitlets.Unicode().tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)
    limit = traitlets.Int(DRAFT_LIMIT).tag(sync=True)
    lines = traitlets.Int(4).tag(sync=True)
    """How high the box is."""

    def __init__(
        self,
        text: str = "",
        *,
        edit: Callable[[str, str], K],
        changed: Callable[[K], None] = lambda kept: None,
        label: str = "Your draft",
        hint: str = "",
        limit: int = DRAFT_LIMIT,
        lines: int = 4,
    ) -> None:
        super().__init__(text=text, label=label, hint=hint, limit=limit, lines=lines)
        self._edit, self._changed = edit, changed
        self.on_msg(self._hear)

    press_run = PRESS_RUN

    def show(self, text: str) -> None:
        """What the text says now. What is being typed stays, and so does the caret."""
        if text != self.text:
            with self.hold_sync():
                self.text, self.version = text, self.version + 1

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """A browser sets nothing here: it sends messages, which are checked."""

    def _hear(self, _: object, content: Any, __: object) -> None:
        if not isinstance(content, dict):
            return
        base, text, number = (content.get(name) for name in ("base", "text", "number"))
        if not (isinstance(base, str) and isinstance(text, str) and isinstance(number, str)):
            return
        if len(base) > _LONGEST * self.limit or len(number) > 60:
            return
        if len(text) > _LONGEST * self.limit:
            why = f"At most {self.limit:,} characters are kept here, and this has {len(text):,}. Make it shorter."
            self.send({"number": number, "error": why, "again": False})
            return
        try:
            kept = self._edit(base, text)
        except (VisionQuizError, OSError) as error:
            # The store may be back in a moment; a text that is too long is so until somebody shortens it.
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            again = isinstance(error, OSError | StoreError)
            self.send({"number": number, "error": f"Not saved: {why}. Your words stay in the box.", "again": again})
            return
        self.show(kept.text)
        self.send({"number": number, "text": kept.text, "version": self.version})
        self._changed(kept)
