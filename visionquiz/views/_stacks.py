"""Stacked bars: what became of a whole, piece by piece."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from visionquiz.views._chart_parts import MOST, along, chart, known, percent, pick, text

__all__ = ["Stack", "stacks"]

PIECES = 3
"""Pieces that can be told apart; what is left of the whole stays empty."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A whole with the shares (0..1) of its pieces, which may add up to less than 1; None is missing."""

    label: str
    shares: Sequence[float] | None
    key: str = ""


def stacks(
    title: str,
    names: Sequence[str],
    marks: Sequence[Stack],
    *,
    says: str = "",
    rest: str = "",
    number: Callable[[float], str] = percent,
    chosen: str = "",
) -> str:
    """Bars of three pieces at most, in the order given, each with its figures in print, as a piece of HTML.

    ``names`` say what the pieces are, ``rest`` what it is that none of them covers. The first piece's figure stands at
    the end of its bar.
    """
    shown = marks[:MOST]
    kinds = list(names)[:PIECES]

    def row(mark: Stack) -> str:
        shares = [known(share) or 0.0 for share in mark.shares or ()][: len(kinds)]
        drawn, at, told = "", 0.0, []
        for place, share in enumerate(shares):
            drawn += along(f"piece piece{place + 1}", at, at + share, 1)
            at += share
            if place and share:
                told.append(f"{number(share)} {kinds[place]}")
        if rest and shares:
            told.append(f"{number(max(0.0, 1 - at))} {rest}")
        first = f"{text(number(shares[0]))}" if shares else '<span aria-hidden="true">–</span>'
        spoken = f' <span class="unseen">{text(kinds[0])}</span>' if shares else '<span class="unseen">missing</span>'
        small = f'<span class="soft">{text(", ".join(told))}</span>' if told else ""
        return (
            f'<tr><th scope="row">{pick(mark.key, mark.label, chosen)}</th>'
            f'<td><span class="track" aria-hidden="true">{drawn}</span>{small}</td>'
            f'<td class="number">{first}{spoken}</td></tr>'
        )

    keys = "".join(
        f'<li><span class="sample piece{place}" aria-hidden="true"></span>{text(name)}</li>'
        for place, name in enumerate(kinds, start=1)
    )
    keys += f'<li><span class="sample" aria-hidden="true"></span>{text(rest)}</li>' if rest else ""
    body = "".join(map(row, shown))
    drawn = (
        f'<ul class="keys">{keys}</ul><table class="lanes" aria-label="{text(title)}"><tbody>{body}</tbody></table>'
        if shown
        else ""
    )
    return chart(title, says, drawn, len(marks))
