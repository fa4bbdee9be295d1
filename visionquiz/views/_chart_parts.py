"""What every drawing is made of: a title, a sentence, marks that can be picked, and a table to fold out."""

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from importlib.resources import files
from unicodedata import category

__all__ = [
    "CSS",
    "LOOKS",
    "MOST",
    "along",
    "between",
    "chart",
    "figure",
    "interval",
    "known",
    "legend",
    "mark_html",
    "percent",
    "pick",
    "plain",
    "share",
    "table",
    "text",
]

CSS = files("visionquiz.views").joinpath("charts.css").read_text(encoding="utf-8")
"""For the style sheet of the page that a drawing stands in; in a form (class ``vqf``) it takes the form's colours."""

MOST = 200
"""Marks that one drawing shows; of more, the first ones are drawn and a sentence says so."""

LONGEST = 300
"""Characters of a label that are shown; of a sentence, four times as many."""

LOOKS = 4
"""Kinds of mark that can be told apart by colour, by shape and by dashes."""

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Signs that would turn round the text that follows them."""

NOTHING = "There is nothing to show yet."


def plain(value: float) -> str:
    """A number as people write it: whole where it is whole, else one digit after the point."""
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.1f}"


def percent(value: float) -> str:
    """A share of 1 as whole per cent."""
    return f"{value:.0%}"


def chart(title: str, says: str, drawn: str, count: int) -> str:
    """The whole of a drawing; ``count`` is how many marks there were to draw."""
    cut = f"<p>Of {count:,} the first {MOST} are shown.</p>" if count > MOST else ""
    told = f"<p>{text(says, 4 * LONGEST)}</p>" if says and drawn else ""
    return (
        f'<figure class="vqc"><figcaption>{text(title)}</figcaption>{told}{drawn or f"<p>{NOTHING}</p>"}{cut}</figure>'
    )


def known(value: float | None) -> float | None:
    """The figure; None where it is missing, which NaN and infinity are, too."""
    return None if value is None or not math.isfinite(value) else value


def interval(value: float | None, low: float | None, high: float | None) -> tuple[float, float] | None:
    """From where to where a figure probably lies; None where there is no figure, or not both ends."""
    low, high = known(low), known(high)
    return None if low is None or high is None or known(value) is None else (low, high)


def between(span: tuple[float, float] | None, number: Callable[[float], str]) -> str:
    """An interval in words, or nothing."""
    return f"{number(span[0])} to {number(span[1])}" if span else ""


def text(words: str, longest: int = LONGEST) -> str:
    """Somebody's words on one line, harmless and of a length that can be drawn."""
    plainly = "".join(" " if category(sign) in ("Cc", "Cs") or sign in TURNS else sign for sign in words[: 4 * longest])
    line = " ".join(plainly.split())
    return escape(line if len(line) <= longest else line[: longest - 1] + "…")


def figure(value: float | None, number: Callable[[float], str]) -> str:
    """A figure in print; a missing one as a dash to the eye, and as the word to the ear."""
    if value is None:
        return '<span aria-hidden="true">–</span><span class="unseen">missing</span>'
    return text(number(value))


def share(value: float, low: float, high: float) -> float:
    """How far along from low to high, 0 to 1."""
    return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 1.0


def along(kind: str, first: float, last: float, full: float) -> str:
    """A piece of a track that is ``full`` long."""
    left, right = share(first, 0, full), share(last, 0, full)
    return f'<span class="{kind}" style="left:{left:.2%};width:{max(0, right - left):.2%}"></span>'


def mark_html(key: str, kind: str, inner: str, chosen: str) -> str:
    """Something that can be picked if it has a key."""
    if not key:
        return f'<span class="{kind}">{inner}</span>'
    pressed = "true" if key == chosen else "false"
    return f'<button type="button" class="{kind}" data-pick="{escape(key)}" aria-pressed="{pressed}">{inner}</button>'


def pick(key: str, label: str, chosen: str) -> str:
    """A row's name, which can be picked if it has a key."""
    return mark_html(key, "label", text(label), chosen)


def legend(names: Sequence[str]) -> str:
    """What each look stands for; nothing where there is only one."""
    if len(names) < 2:
        return ""
    items = "".join(
        f'<li><span class="dot look{min(place, LOOKS)}" aria-hidden="true"></span>{text(name) or "Others"}</li>'
        for place, name in enumerate(names, start=1)
    )
    return f'<ul class="keys">{items}</ul>'


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """All figures, to fold out."""
    top = "".join(f'<th scope="col">{text(head)}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<details><summary>Show as a table</summary><table aria-label="{text(title)}"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></details>"
    )
