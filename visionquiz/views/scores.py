"""The manager's page: how far people can state, explain and live the vision, where the gap is, and what to do about it.
No people, no texts.
"""

import base64
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

from visionquiz.choices import Choices
from visionquiz.errors import Problem
from visionquiz.next_steps import Change, changes_since, earlier_check, gap_in_words, next_steps
from visionquiz.role_map import map_roles
from visionquiz.summaries import PARTS, SITUATIONS, Column, Group, Summary
from visionquiz.summary_files import summary_csv, summary_xlsx
from visionquiz.views import _score_parts, _score_steps, charts
from visionquiz.views._choices import Drawn, draw_form, draw_menu, draw_problems, link_to
from visionquiz.views._score_map import draw_map, draw_situations

__all__ = ["draw_scores", "scores_html", "scores_page", "show_scores"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

CSS = files("visionquiz.views").joinpath("scores.css").read_text(encoding="utf-8") + charts.CSS

MOST = 150
"""Groups of one kind in a table: so many can be read, and the page stays small enough to mail."""

HIDDEN = "hidden: too few answers, or it would give away a group with too few"

EMPTY = """<div><h2>Nothing has been published yet</h2>
<p>When the trainer publishes the results of a check, they appear here. The trainer's command is
<code>visionquiz publish</code>.</p></div>"""


def show_scores(published: tuple[Sequence[Summary], Sequence[Problem]], choices: Choices) -> Drawn:
    """The page (see `draw_scores`), for a notebook's last line."""
    return Drawn(draw_scores(*published, choices))


def draw_scores(summaries: Sequence[Summary], problems: Sequence[Problem], choices: Choices) -> str:
    """The page of one check, seen from one group of people, with menus where there is a choice: ``check`` and
    ``people``; with ``files``, links to files to keep. The newest check and its first group where nothing else is asked
    for. `problems` are of checks that cannot be shown.
    """
    style = f"<style>{CSS}</style>{draw_problems(problems)}"
    if not summaries:
        return f'{style}<div class="vq">{"" if problems else EMPTY}</div>'
    summary = next((one for one in summaries if one.quiz == choices.get("check")), summaries[0])
    shown = [one for one in summary.groups if not one.hidden]
    group = next((one for one in shown if _key(one) == choices.get("people")), next(iter(shown), None))
    before = earlier_check(summary, summaries)
    form = draw_form(
        draw_menu(
            "check", "Check", [(one.quiz, f"{one.title} ({_day(one.published)})") for one in summaries], summary.quiz
        ),
        draw_menu("people", "People", [(_key(one), _menu_name(one)) for one in shown], _key(group) if group else ""),
        '<button name="files" value="yes">Make files to keep or to mail</button>' if group else "",
    )
    files = _files(summary, group, before) if group and "files" in choices else ""
    return f'{style}<div class="vq">{form}{files}{scores_html(summary, group, before, links=True)}</div>'


def _files(summary: Summary, group: Group, before: Summary | None) -> str:
    """Links to files that are in the links themselves, so that no server keeps them."""
    made = (
        ("This page, to read and to mail (HTML)", "html", "text/html", scores_page(summary, group, before).encode()),
        ("Every group, for a spreadsheet (XLSX)", "xlsx", XLSX, summary_xlsx(summary)),
        ("Every group, as plain text (CSV)", "csv", "text/csv", summary_csv(summary)),
    )
    items = "".join(
        f'<li><a download="{escape(summary.quiz)}.{ending}" href="data:{kind};base64,'
        f'{base64.b64encode(content).decode()}">{label}</a>, {math.ceil(len(content) / 1000)} kB</li>'
        for label, ending, kind, content in made
    )
    return (
        f'<div class="files" data-said="The files are ready."><ul>{items}</ul><p class="soft">They hold what this page '
        "shows, no more. For a PDF, print the page.</p></div>"
    )


def _key(group: Group) -> str:
    return f"{group.kind}:{group.id}"


def scores_html(
    summary: Summary, group: Group | None = None, before: Summary | None = None, *, links: bool = False
) -> str:
    """The page of one check as a piece of HTML that loads nothing and runs nothing.

    What stands above the tables is about `group`, by default about the first one that is shown; changes are those since
    `before`. With `links`, the groups in the tables lead to their own page.
    """
    group = group or next((one for one in summary.groups if not one.hidden), None)
    parts = [f"<section{_said(group)}><h2>{escape(summary.company)}: {escape(summary.title)}</h2>"]
    if group is None:
        parts.append(
            f"<p>There are no figures to show yet: fewer than {summary.minimum} people have answered, or a figure "
            "would give away a smaller group. They appear when there are enough that nobody's answers can be "
            "guessed.</p>"
        )
    else:
        steps = next_steps(summary, group)
        changes = changes_since(summary, group, before)
        whose = "" if group.kind == "all" else f"{escape(_spelt(group))}: "
        parts += [
            f'<p class="soft">{whose}{group.answered} of {group.asked} people answered{_since(group, "answered")}. '
            f"Published {_day(summary.published)}. {_review(group)}</p>",
            f'<p class="lead">{gap_in_words(group, summary.columns)}</p>',
            _cards(group, summary.columns, changes, before),
            "<h3>What you could do next</h3>",
            _score_steps.draw_steps(steps),
            _score_steps.draw_card(summary, steps),
            *_drawings(summary, group),
            draw_map(map_roles(summary, group), _menu_name(group)),
            draw_situations(summary, group, _as_of(group, SITUATIONS)),
            _table("By team", "Team", summary.of_kind("team"), summary, links=links),
            _table("By role", "Role", summary.of_kind("role"), summary, links=links),
        ]
    parts.append(
        '<h3>How to read this page</h3><p class="soft">Figures are the mean share of the points, over those who '
        "answered. What people said of the words and the points is how the grader reads their answers, whatever a "
        "person gave later; it errs now and then, in single answers more than in many. Groups in which fewer than "
        f"{summary.minimum} people answered are hidden, and where needed one more, so that no small group can be "
        "worked out by subtraction. Where a date stands beside a figure, it is as it was on that day. Figures change "
        f"only when {summary.minimum} or more of the people behind them have changed, so that nothing about a few can "
        "be worked out from two publications either. Nobody's answers are shown here.</p></section>"
    )
    return "".join(parts)


def scores_page(summary: Summary, group: Group | None = None, before: Summary | None = None) -> str:
    """The same as a whole HTML page, to keep or to mail: it asks for nothing else."""
    title = f"{summary.company}: {summary.title}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>:root {{ color-scheme: light dark; }} body {{ background: #f6f8fa; margin: 1rem; }} "
        "@media screen and (prefers-color-scheme: dark) { body { background: #10161d; } }"
        f'{CSS}</style></head><body><main class="vq">{scores_html(summary, group, before)}</main></body></html>'
    )


def _drawings(summary: Summary, group: Group) -> list[str]:
    """What became of the parts of the answers; a sentence where the check was graded before that was kept."""
    found = []
    order = {kind: place for place, kind in enumerate(("explain", "state", "contribute"))}
    asked = sorted((one for one in summary.columns if one.kind in order), key=lambda one: order[one.kind])
    for column in asked:
        if column.kind == "explain":
            drawn = _score_parts.draw_points(group, column)
        elif column.kind == "state":
            drawn = _score_parts.draw_words(summary, group, column)
        else:
            drawn = _score_parts.draw_contributions(group, column)
        found.append(drawn and drawn + _as_of(group, PARTS + column.id))
    if any(found) or not found:
        return found
    return [
        '<p class="soft">What people said of the words and the points is not known for this group. It is there once '
        "the check was graded by this version of visionquiz, and enough people answered.</p>"
    ]


def _said(group: Group | None) -> str:
    """What somebody hears who does not see that another group is shown."""
    if group is None:
        return ""
    return f' data-said="{escape(_menu_name(group))}: {group.answered} of {group.asked} people answered."'


def _spelt(group: Group) -> str:
    return group.label.replace("/", " / ")


def _menu_name(group: Group) -> str:
    kind = {"all": "", "team": "Team: ", "role": "Role: "}[group.kind]
    return f"{kind}{_spelt(group)}"


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


def _bar(share: float) -> str:
    return f'<span class="track" aria-hidden="true"><span class="fill" style="width:{share:.1%}"></span></span>'


def _cards(group: Group, columns: Sequence[Column], changes: Mapping[str, Change], before: Summary | None) -> str:
    means = group.means or {}
    items = "".join(
        f'<li>{escape(column.label)}<span class="big">{_percent(means[column.id])}</span>{_bar(means[column.id])}'
        f"{_as_of(group, column.id)}{_change(changes.get(column.id), before)}</li>"
        for column in columns
        if column.id in means
    )
    return f'<ul class="cards" aria-label="{escape(_spelt(group))}">{items}</ul>'


def _change(change: Change | None, before: Summary | None) -> str:
    """How far a figure moved, in words, with its interval; nothing where there is no earlier one."""
    if change is None or before is None:
        return ""
    since = f"since “{escape(before.title)}” ({_percent(change.before)})"
    points = f"{abs(change.change) * 100:.0f}"
    if math.isnan(change.low):
        said = f"{'Up' if change.change >= 0 else 'Down'} {points} points {since}"
    elif not change.clear:
        said = f"No clear change {since}"
    else:
        low, high = sorted(abs(end) * 100 for end in (change.low, change.high))
        said = f"{'Up' if change.change > 0 else 'Down'} {points} points {since}; probably {low:.0f} to {high:.0f}"
    return f'<span class="change soft">{said}.</span>'


def _table(title: str, what: str, groups: Sequence[Group], summary: Summary, *, links: bool) -> str:
    if not groups:
        return ""
    head = "".join(f'<th scope="col">{escape(column.label)}</th>' for column in summary.columns)
    rows = "".join(_row(group, summary, links=links) for group in groups[:MOST])
    more = (
        f'<p class="soft">{len(groups) - MOST:,} more can be chosen in the menu, and are in the files.</p>'
        if len(groups) > MOST
        else ""
    )
    return (
        f'<h3 id="by-{what.lower()}">{title}</h3><table aria-labelledby="by-{what.lower()}"><thead><tr>'
        f'<th scope="col">{what}</th><th scope="col">Answered</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"{more}"
    )


def _row(group: Group, summary: Summary, *, links: bool) -> str:
    columns = summary.columns
    division, _, name = group.label.rpartition("/") if group.kind == "team" else ("", "", group.label)
    inner = ' class="inner"' if division else ""
    # A screen reader hears the whole path; the eye sees the indent.
    spoken = f' aria-label="{escape(group.label.replace("/", ", "))}"' if division else ""
    told = escape(name)
    if links and not group.hidden:
        address = link_to({"check": summary.quiz, "people": _key(group)})
        told, spoken = f'<a data-choose href="{address}"{spoken}>{told}</a>', ""
    head = f'<tr{inner} data-group="{escape(_key(group))}"><th scope="row"{spoken}>{told}</th>'
    if group.hidden or group.means is None:
        return f'{head}<td class="none" colspan="{len(columns) + 1}">{HIDDEN}</td></tr>'
    cells = "".join(
        f'<td class="share" style="--heat:{group.means[column.id]:.3f}" data-label="{escape(column.label)}" '
        f'data-column="{escape(column.id)}"><span>{_percent(group.means[column.id])}</span>'
        f"{_as_of(group, column.id)}</td>"
        for column in columns
    )
    count = f"<span>{group.answered} of {group.asked}</span>{_as_of(group, 'answered')}"
    return f'{head}<td class="n" data-label="Answered">{count}</td>{cells}</tr>'
