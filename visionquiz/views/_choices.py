"""Menus and links of read-only pages: they lead to the same page with other choices (see `visionquiz.choices`)."""

import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from visionquiz.choices import Choices
from visionquiz.errors import Problem

__all__ = ["Drawn", "draw_form", "draw_menu", "draw_problems", "link_to"]


@dataclass(frozen=True, repr=False)
class Drawn:
    """A piece of HTML that a notebook shows."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return "A page. Press Run to see it."


def draw_menu(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    """A menu of (value, text), or ``""`` where there is nothing to choose."""
    if len(options) < 2:
        return ""
    listed = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in options
    )
    return (
        f'<span class="menu"><label for="choose-{name}">{escape(label)}</label>'
        f'<select id="choose-{name}" name="{name}">{listed}</select></span>'
    )


def draw_form(*parts: str) -> str:
    """Menus and buttons as a form; ``""`` where there are none."""
    inside = "".join(parts)
    if not inside:
        return ""
    # The script shows what is chosen at once and takes the button away.
    show = '<button class="show">Show</button>' if "<select" in inside else ""
    return f'<form class="choose" method="get" data-choose>{inside}{show}</form>'


def link_to(choices: Choices) -> str:
    """The address of the page with other choices, ready to stand in a quoted attribute."""
    return escape(f"?{urllib.parse.urlencode(choices)}")


def draw_problems(problems: Sequence[Problem]) -> str:
    """Files that cannot be shown, as a note above a page; the trainer can mend them."""
    if not problems:
        return ""
    items = "".join(f"<li>{escape(one.file)} {escape(one.message)}.</li>" for one in problems)
    return (
        '<div class="problems" role="alert"><p><strong>Not everything can be shown here.</strong> Your trainer can '
        f"mend it:</p><ul>{items}</ul></div>"
    )
