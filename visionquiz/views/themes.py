"""The wall of themes: cards of ideas in columns, moved by pointer or by keyboard alone."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

import anywidget
import ipywidgets as widgets
import traitlets

from visionquiz.errors import VisionQuizError
from visionquiz.ideas import Idea
from visionquiz.themes import Edit, History
from visionquiz.views._parts import style
from visionquiz.views._unsaved import Unsaved

__all__ = ["ThemeBoard", "show_board"]

PRESS_RUN = "Press Run to see the themes."
"""What stands in place of the board in a saved notebook: no idea of anybody."""

Change = Callable[[Callable[[History], History]], History]
"""Makes an edit on the themes as they are kept, and gives back what came of it."""

_FIELDS = ("kind", "theme", "to", "name")
_LONGEST = 200
"""Characters of a text that the browser may send."""


class ThemeBoard(Unsaved, anywidget.AnyWidget):
    """Themes as columns with their ideas as cards. `history` is the model; set it to show other themes.

    `change` makes an edit where the themes are kept, which others may have changed meanwhile, and gives back what they
    are then; where it raises, the board stays as it was and says why. What the browser sends is an `Edit`, ``undo`` or
    ``redo``; anything else is ignored. The board does no I/O of its own.
    """

    _esm = files("visionquiz.views").joinpath("themes.js").read_text(encoding="utf-8")
    board = traitlets.Dict().tag(sync=True)
    said = traitlets.Dict().tag(sync=True)
    """What happened, for everybody to read and for screen readers: ``{"text", "bad", "number"}``."""
    history = traitlets.Instance(History)

    def __init__(
        self,
        ideas: Sequence[Idea],
        history: History,
        *,
        change: Change | None = None,
        who: str = "",
    ) -> None:
        self._ideas = {idea.id: idea for idea in ideas}
        self._change, self._who = change or (lambda act: act(self.history)), who
        super().__init__(history=history)
        self.on_msg(self._hear)
        self._draw()

    press_run = PRESS_RUN

    def set_ideas(self, ideas: Sequence[Idea]) -> None:
        """Show these ideas from now on: cards of others are gone, whatever theme they are in."""
        self._ideas = {idea.id: idea for idea in ideas}
        self._draw()

    @traitlets.observe("history")
    def _on_history(self, _: object) -> None:
        self._draw()

    def _draw(self) -> None:
        if not hasattr(self, "_ideas"):
            return
        self.board = {
            "themes": [
                {
                    "id": theme.id,
                    "name": theme.name,
                    "ideas": [
                        {"id": one, "text": self._ideas[one].text, "count": self._ideas[one].count}
                        for one in theme.ideas
                        if one in self._ideas
                    ],
                }
                for theme in self.history.now.themes
            ],
            "undo": bool(self.history.steps),
            "redo": bool(self.history.undone),
        }

    def _hear(self, _: object, content: Any, __: object) -> None:
        if not isinstance(content, dict):
            return
        kind = content.get("kind")
        if kind == "undo":
            self._do(History.undo, "Undone.")
        elif kind == "redo":
            self._do(History.redo, "Done again.")
        elif edit := _read_edit(content):
            self._do(lambda now: now.edit(edit, who=self._who), self._tell_edit(edit))

    def _do(self, act: Callable[[History], History], told: str) -> None:
        try:
            changed = self._change(act)
        except (VisionQuizError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._say(f"Nothing was changed: {why}.", bad=True)
            return
        self.history = changed
        self._say(told)

    def _say(self, text: str, *, bad: bool = False) -> None:
        # The number tells the browser that the same was said again.
        self.said = {"text": text, "bad": bad, "number": self.said.get("number", 0) + 1}

    def _tell_edit(self, edit: Edit) -> str:
        names = {theme.id: theme.name for theme in self.history.now.themes}
        if edit.kind == "move":
            return f"Moved to '{names.get(edit.to, '')}'."
        if edit.kind == "merge":
            return f"'{names.get(edit.theme, '')}' is now part of '{names.get(edit.to, '')}'."
        if edit.kind == "split":
            return f"Split off as '{edit.name.strip()}'."
        return f"Renamed to '{edit.name.strip()}'."


def _read_edit(content: dict[str, Any]) -> Edit | None:
    """The edit that a browser sent; None where it is not one."""
    texts = {field: content.get(field, "") for field in _FIELDS}
    ideas = content.get("ideas", [])
    if texts["kind"] not in ("move", "merge", "split", "rename"):
        return None
    if not isinstance(ideas, list) or len(ideas) > 5_000:
        return None
    if not all(isinstance(text, str) and len(text) <= _LONGEST for text in [*texts.values(), *ideas]):
        return None
    return Edit(**texts, ideas=tuple(ideas))


class _Place(widgets.VBox):
    """Where the board stands; what a saved notebook keeps of it holds no idea."""

    def __repr__(self) -> str:
        return PRESS_RUN


def show_board(ideas: Sequence[Idea], history: History, *, change: Change | None = None, who: str = "") -> widgets.VBox:
    """The board in the look of the other forms, to be the last line of a cell."""
    found = _Place([style(CSS), ThemeBoard(ideas, history, change=change, who=who)])
    found.add_class("vqf").add_class("vqt")
    return found


CSS = """
.vqf.vqt { max-width: 80rem; }
.vqt .vqt-said { min-height: 3rem; margin: .4rem 0; padding: .5rem .8rem; background: var(--vq-card);
  border-left: .3rem solid var(--vq-line); border-radius: .3rem; }
.vqt .vqt-said.bad { border-color: var(--vq-bad); }
.vqt .vqt-wall { display: grid; gap: .8rem; align-items: start; padding: 0;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.vqt section { background: var(--vq-card); border: 2px solid var(--vq-line); border-radius: .5rem; padding: .6rem;
  min-width: 0; }
.vqt section.over { border-color: var(--vq-mark); border-style: dashed; }
.vqt section h4 { font-size: 1.1rem; line-height: 1.4; margin: 0 0 .3rem; color: inherit; }
.vqt ul { list-style: none; margin: 0; padding: 0; }
.vqt li { background: var(--vq-page); border: 1px solid var(--vq-line); border-radius: .4rem; padding: .5rem .6rem;
  margin: .4rem 0; cursor: grab; }
.vqt li.chosen { border: 2px solid var(--vq-mark); }
.vqt li p { margin: 0 0 .3rem; white-space: pre-wrap; }
.vqt .soft { color: var(--vq-soft); }
.vqt .vqt-tools { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
.vqt button, .vqt select, .vqt input[type=text] { font: inherit; font-size: 16px; min-height: 2.75rem;
  max-width: 100%; padding: .3rem .7rem; border-radius: .4rem; border: 1px solid var(--vq-soft);
  background: var(--vq-page); color: var(--vq-ink); }
.vqt button:disabled { opacity: .55; }
.vqt input[type=text] { width: 100%; margin: .3rem 0; }
.vqt li label { display: inline-flex; align-items: center; gap: .4rem; min-height: 2.75rem; }
.vqt li input { width: 1.3rem; height: 1.3rem; accent-color: var(--vq-mark); }
.vqt .vqt-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.vqt :is(button, select, input):focus-visible { outline: 3px solid var(--vq-mark); outline-offset: 2px; }
"""
