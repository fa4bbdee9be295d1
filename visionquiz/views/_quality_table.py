"""Tables of the page on a check's quality."""

from collections.abc import Iterable, Sequence

from visionquiz.views._chart_parts import text

__all__ = ["Cell", "draw_table"]

Cell = tuple[str, str]
"""A cell's text, and its label where it holds a figure."""


def draw_table(title: str, heads: Sequence[str], rows: Iterable[tuple[str, Sequence[Cell]]]) -> str:
    """A row has a name and its cells; on a phone it becomes a card, where a figure is led in by its label."""

    def cell(said: str, label: str) -> str:
        figure = f' class="n" data-label="{label}"' if label else ""
        return f'<td role="cell"{figure}>{text(said)}</td>'

    top = "".join(f'<th role="columnheader" scope="col">{head}</th>' for head in heads)
    body = "".join(
        f'<tr role="row"><th role="rowheader" scope="row">{text(name)}</th>{"".join(cell(*one) for one in cells)}</tr>'
        for name, cells in rows
    )
    # Roles are spelt out: on a phone the rows are laid out anew, and browsers would forget that this is a table.
    return (
        f'<table role="table" aria-label="{text(title)}"><thead role="rowgroup"><tr role="row">{top}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )
