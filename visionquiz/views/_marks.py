"""A row of choices for each criterion, as native radio buttons that name what they are about."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import anywidget
import traitlets

from visionquiz.curriculum import Bin

__all__ = ["CSS", "Marks"]

CSS = """
.vqm { font: inherit; color: var(--vq-ink); width: 100%; display: grid; gap: .5rem; }
.vqm fieldset { border: 1px solid var(--vq-line); border-radius: .4rem; margin: 0; padding: .5rem .7rem; min-width: 0;
  display: flex; flex-wrap: wrap; gap: .3rem 1rem; align-items: center; }
.vqm legend { font-weight: 600; float: left; padding: 0; flex: 1 1 18rem; }
.vqm small { display: block; font-size: .9em; font-weight: 400; color: var(--vq-soft); }
.vqm-choices { display: flex; flex-wrap: wrap; gap: .3rem .5rem; }
.vqm label { display: flex; gap: .5rem; align-items: center; min-height: 2.6rem; padding: .2rem .7rem; cursor: pointer;
  border: 1px solid var(--vq-line); border-radius: .4rem; background: var(--vq-page); color: var(--vq-ink); }
.vqm label:has(input:checked) { border-color: var(--vq-mark); background: var(--vq-card); font-weight: 600; }
.vqm input { width: 1.2rem; height: 1.2rem; margin: 0; accent-color: var(--vq-mark); }
@media (max-width: 480px) {
  .vqm-choices { gap: .3rem; }
  .vqm label { gap: .3rem; padding: .2rem .45rem; }
}
"""


class Marks(anywidget.AnyWidget):
    """One choice for each of some rows. `chosen` is what people chose, by row; whatever a browser sends is checked."""

    _esm = files("visionquiz.views").joinpath("marks.js").read_text(encoding="utf-8")
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    choices = traitlets.List(traitlets.Dict()).tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)

    def __init__(self, rows: Sequence[Bin], choices: Mapping[str, str]) -> None:
        super().__init__(
            rows=[{"id": one.id, "label": one.label, "hint": one.hint} for one in rows],
            choices=[{"id": ident, "label": label} for ident, label in choices.items()],
        )

    @traitlets.validate("chosen")
    def _check(self, proposal: dict[str, object]) -> dict[str, str]:
        rows, choices = {one["id"] for one in self.rows}, {one["id"] for one in self.choices}
        value = proposal["value"]
        return {
            row: choice
            for row, choice in (value.items() if isinstance(value, dict) else ())
            if row in rows and isinstance(choice, str) and choice in choices
        }

    @property
    def missing(self) -> tuple[str, ...]:
        """The labels of rows without a choice."""
        return tuple(one["label"] for one in self.rows if one["id"] not in self.chosen)
