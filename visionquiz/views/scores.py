"""The manager's page: how far people can state, explain and live the vision, by team and role. No people, no texts."""

import datetime as dt
from collections.abc import Sequence
from html import escape

import ipywidgets as widgets

from visionquiz.summaries import Column, Group, Summary

__all__ = ["ScoresView", "scores_html"]

CSS = """
.vq { --ink: #1d2733; --soft: #4d5b6b; --line: #d5dce4; --bar: #0b6e8a; --track: #e6edf2; --card: #ffffff;
  font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink);
  max-width: 62rem; margin: 0 auto; }
.vq * { box-sizing: border-box; }
.vq h2 { font-size: 1.3rem; line-height: 1.3; margin: .2rem 0; color: inherit; }
.vq h3 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; color: inherit; }
.vq p { margin: .3rem 0 .8rem; }
.vq .soft { color: var(--soft); }
.vq .lead { font-size: 1.15rem; margin-top: 1rem; max-width: 44rem; }
.vq .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1rem 0;
  padding: 0; list-style: none; }
.vq .cards li { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; }
.vq .big { display: block; font-size: 2rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.vq .track { display: block; height: .5rem; border-radius: .25rem; background: var(--track); overflow: hidden; }
.vq .fill { display: block; height: 100%; background: var(--bar); }
.vq table { border-collapse: collapse; width: 100%; background: var(--card); }
.vq th, .vq td { text-align: left; padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: middle;
  font-size: 1rem; color: var(--ink); background: none; white-space: normal; }
.vq thead th { color: var(--soft); font-weight: 600; font-size: .9rem; vertical-align: bottom; }
.vq tbody th { font-weight: 600; }
.vq td.n { white-space: nowrap; font-variant-numeric: tabular-nums; }
.vq td.share { width: 15%; font-variant-numeric: tabular-nums; }
.vq .inner th { padding-left: 1.8rem; font-weight: 400; }
.vq .asof { display: block; color: var(--soft); font-size: .85rem; white-space: normal; }
.vq .none { color: var(--soft); font-style: italic; }
@media (max-width: 640px) {
  .vq { padding: 0 .6rem; }
  .vq thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .vq table, .vq tbody, .vq tr, .vq th, .vq td { display: block; width: 100%; border: 0; padding: .15rem 0; }
  .vq tr { border: 1px solid var(--line); border-radius: .6rem; padding: .6rem .8rem; margin: .6rem 0; }
  .vq .inner { margin-left: 1rem; width: calc(100% - 1rem); }
  .vq .inner th { padding-left: 0; }
  .vq td.share { width: 100%; display: grid; grid-template-columns: 9rem 3.2rem 1fr; align-items: center; }
  .vq td[data-label]::before { content: attr(data-label); color: var(--soft); }
  .vq td.share .asof { grid-column: 2 / -1; }
  .vq td.n[data-label]::before { content: attr(data-label) " "; }
}
@media (prefers-color-scheme: dark) {
  .vq { --ink: #e8eef4; --soft: #a9b7c6; --line: #3a4757; --bar: #4cb8d6; --track: #2a3542; --card: #18212b; }
}
@media print { .vq .cards li, .vq tr { break-inside: avoid; } }
"""

HIDDEN = "hidden: too few answers, or it would give away a group with too few"

EMPTY = """<div class="vq"><h2>Nothing has been published yet</h2>
<p>When the trainer publishes the results of a check, they appear here. The trainer's command is
<code>visionquiz publish</code>.</p></div>"""


class ScoresView(widgets.VBox):
    """The published checks, the newest first; a menu where there is more than one."""

    def __init__(self, summaries: Sequence[Summary]) -> None:
        self.summaries = tuple(summaries)
        self.page = widgets.HTML()
        self.choice = widgets.Dropdown(
            description="Check",
            options=[
                (f"{summary.title} ({_day(summary.published)})", place) for place, summary in enumerate(self.summaries)
            ],
            layout={"max_width": "100%"},
        )
        self.choice.observe(self._draw, "value")
        super().__init__([self.choice, self.page] if len(self.summaries) > 1 else [self.page])
        self._draw()

    def _draw(self, _: object = None) -> None:
        # The value comes from a browser and is not to be trusted; ipywidgets lets through listed options only.
        shown = scores_html(self.summaries[self.choice.value]) if self.summaries else EMPTY
        self.page.value = f"<style>{CSS}</style>{shown}"


def scores_html(summary: Summary) -> str:
    """The page of one check as a piece of HTML that loads nothing and runs nothing."""
    everyone = summary.of_kind("all")[0]
    parts = [
        f'<section class="vq"><h2>{escape(summary.company)}: {escape(summary.title)}</h2>',
    ]
    if everyone.hidden:
        parts.append(
            f"<p>Fewer than {summary.minimum} people have answered so far. Figures appear when there are enough that "
            "nobody's answers can be guessed.</p>"
        )
    else:
        parts += [
            f'<p class="soft">{everyone.answered} of {everyone.asked} people answered{_since(everyone, "answered")}. '
            f"Published {_day(summary.published)}. {_review(everyone)}</p>",
            f'<p class="lead">{_headline(everyone, summary.columns)}</p>',
            _cards(everyone, summary.columns),
            _table("By team", "Team", summary.of_kind("team"), summary),
            _table("By role", "Role", summary.of_kind("role"), summary),
        ]
    parts.append(
        f'<p class="soft">Figures are the mean share of the points, over those who answered. Groups in which fewer '
        f"than {summary.minimum} people answered are hidden, and where needed one more, so that no small group can be "
        "worked out by subtraction. Where a date stands beside a figure, it is as it was on that day. Figures change "
        f"only when {summary.minimum} or more of the people behind them have changed, so that nothing about a few can "
        "be worked out from two publications either. Nobody's answers are shown here.</p></section>"
    )
    return "".join(parts)


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _since(group: Group, what: str) -> str:
    """From when a figure is that was held back, to be read after it."""
    return f" (as of {_day(group.as_of[what])})" if what in group.as_of else ""


def _as_of(group: Group, what: str) -> str:
    """The same under a figure in a table or on a card."""
    return f'<span class="asof">as of {_day(group.as_of[what])}</span>' if what in group.as_of else ""


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _review(group: Group) -> str:
    since = _since(group, "review")
    if not group.review:
        return f"Every answer has its final grade{since}."
    count = "1 answer is" if group.review == 1 else f"{group.review} answers are"
    return f"{count} still with a person{since}; until then the grader's proposal counts."


def _headline(everyone: Group, columns: Sequence[Column]) -> str:
    """The gap that the kit exists for, in words: people can recite a vision that they cannot explain or live."""
    means = everyone.means or {}
    by_kind = {column.kind: means[column.id] for column in reversed(columns) if column.id in means}
    if not {"state", "explain", "contribute"} <= set(by_kind):
        return ""
    state, explain, contribute = by_kind["state"], by_kind["explain"], by_kind["contribute"]
    weakest = min(explain, contribute)
    what = "explain what it means" if explain <= contribute else "say how they contribute"
    if state - weakest >= 0.1:
        return f"People know the words better than they can {what}: {_percent(state)} against {_percent(weakest)}."
    if weakest - state >= 0.1:
        return f"People live the vision better than they know its words: {_percent(weakest)} against {_percent(state)}."
    return f"Knowing the words, explaining them and living them lie close together, around {_percent(state)}."


def _bar(share: float) -> str:
    return f'<span class="track" aria-hidden="true"><span class="fill" style="width:{share:.1%}"></span></span>'


def _cards(everyone: Group, columns: Sequence[Column]) -> str:
    means = everyone.means or {}
    items = "".join(
        f'<li>{escape(column.label)}<span class="big">{_percent(means[column.id])}</span>{_bar(means[column.id])}'
        f"{_as_of(everyone, column.id)}</li>"
        for column in columns
        if column.id in means
    )
    return f'<ul class="cards" aria-label="Everyone">{items}</ul>'


def _table(title: str, what: str, groups: Sequence[Group], summary: Summary) -> str:
    head = "".join(f'<th scope="col">{escape(column.label)}</th>' for column in summary.columns)
    rows = "".join(_row(group, summary.columns) for group in groups)
    return (
        f'<h3 id="by-{what.lower()}">{title}</h3><table aria-labelledby="by-{what.lower()}"><thead><tr>'
        f'<th scope="col">{what}</th><th scope="col">Answered</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
    )


def _row(group: Group, columns: Sequence[Column]) -> str:
    division, _, name = group.label.rpartition("/") if group.kind == "team" else ("", "", group.label)
    inner = ' class="inner"' if division else ""
    # A screen reader hears the whole path; the eye sees the indent.
    spoken = f' aria-label="{escape(group.label.replace("/", ", "))}"' if division else ""
    head = (
        f'<tr{inner} data-group="{escape(group.kind)}:{escape(group.id)}"><th scope="row"{spoken}>{escape(name)}</th>'
    )
    if group.hidden or group.means is None:
        return f'{head}<td class="none" colspan="{len(columns) + 1}">{HIDDEN}</td></tr>'
    cells = "".join(
        f'<td class="share" data-label="{escape(column.label)}" data-column="{escape(column.id)}">'
        f"<span>{_percent(group.means[column.id])}</span>{_bar(group.means[column.id])}{_as_of(group, column.id)}</td>"
        for column in columns
    )
    count = f"<span>{group.answered} of {group.asked}</span>{_as_of(group, 'answered')}"
    return f'{head}<td class="n" data-label="Answered">{count}</td>{cells}</tr>'
