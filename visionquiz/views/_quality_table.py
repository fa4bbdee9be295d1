"""Tables of the page on a check's quality."""

from collections.abc import Iterable, Sequence

from visionquiz.views._chart_parts import text

__all__ = ["Cell", "draw_table"]

Cell = tuple[str, str]
"""A cell's text, and its label where it holds a figure."""


def draw_table(title: str, heads: Sequence[str], rows: Iterable[tuple[str, Sequence[Cell]]]) -> str:
    """A row has a name and its cells; on a phone it becomes a card, where a figure is led in by its label."""
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{text(name)}</th>'
        + "".join(
            f'<td class="n" data-label="{label}">{text(said)}</td>' if label else f"<td>{text(said)}</td>"
            for said, label in cells
        )
        + "</tr>"
        for name, cells in rows
    )
    return f'<table aria-label="{text(title)}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
