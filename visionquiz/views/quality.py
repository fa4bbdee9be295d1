"""The trainer's page on a check's quality, as plain HTML: how its questions do, how far to rely on it, what to mend.

For trainers only. It is written for somebody who is no statistician: beside each figure stands what it means and what
to do about it.
"""

import datetime as dt
from collections.abc import Sequence
from importlib.resources import files

from visionquiz.choices import Choices
from visionquiz.errors import Problem
from visionquiz.quality import (
    ENOUGH,
    Drift,
    Item,
    Mend,
    Quality,
    Reliability,
    drift_since,
    earlier_quality,
    mend_first,
)
from visionquiz.views import charts
from visionquiz.views._chart_parts import text
from visionquiz.views._choices import Drawn, draw_form, draw_menu, draw_problems
from visionquiz.views._quality_grading import draw_agreement, draw_load
from visionquiz.views._quality_table import draw_table
from visionquiz.views._quality_words import (
    difficulty_in_words,
    discrimination_in_words,
    length_in_words,
    reliability_in_words,
)

__all__ = ["draw_quality", "quality_html", "show_quality"]

EMPTY = """<div><h2>No check has been published yet</h2>
<p>How well a check measures appears here when its results are published. The command is
<code>visionquiz publish</code>.</p></div>"""

CSS = files("visionquiz.views").joinpath("scores.css").read_text(encoding="utf-8") + charts.CSS

LINK = (
    "Points are the mean share that people got. Those who do well in the rest of the check should do better in a good "
    "question, too: the link with the rest says how far they do, from −1 (the opposite) through 0 (no link) to 1 "
    "(a perfect link). It is lower where "
    "questions ask for different things."
)

JOBS = "Different jobs meet different situations, so do not compare the points of one with those of another."


def show_quality(known: tuple[Sequence[Quality], Sequence[Problem]], choices: Choices) -> Drawn:
    """The page (see `draw_quality`), for a notebook's last line."""
    return Drawn(draw_quality(*known, choices))


def draw_quality(qualities: Sequence[Quality], problems: Sequence[Problem], choices: Choices) -> str:
    """The page of one check, with a menu where there are several: ``check``; the newest where nothing else is asked
    for. `problems` are of checks that cannot be shown.
    """
    style = f"<style>{CSS}</style>{draw_problems(problems)}"
    if not qualities:
        return f'{style}<div class="vq">{"" if problems else EMPTY}</div>'
    quality = next((one for one in qualities if one.quiz == choices.get("check")), qualities[0])
    listed = [(one.quiz, f"{one.title} ({_day(one.published)})") for one in qualities]
    form = draw_form(draw_menu("check", "Check", listed, quality.quiz))
    return f'{style}<div class="vq">{form}{quality_html(quality, earlier_quality(quality, qualities))}</div>'


def quality_html(quality: Quality, before: Quality | None = None) -> str:
    """The page of one check as a piece of HTML that loads nothing and runs nothing, in the looks of the scores page.

    `before` is what drift is told since (`quality.earlier_quality`).
    """
    head = f"<section><h2>{text(quality.company)}: how well “{text(quality.title)}” measures</h2>"
    if not quality.people:
        return f"{head}<p>Nobody has answered yet, so there is nothing to tell.</p></section>"
    people = "1 person" if quality.people == 1 else f"{quality.people:,} people"
    return "".join(
        [
            head,
            f'<p class="soft">Answers of {people}, published {_day(quality.published)}. For trainers: where few people '
            "are behind a figure, it tells about single persons. No names and no answers are on this page.</p>",
            _mend(mend_first(quality)),
            _items("Questions", "Question", quality.of_kind("written"), LINK),
            _levels(quality.of_kind("written")),
            _items("Situations", "Situation", quality.of_kind("scenario"), JOBS),
            _options(quality.of_kind("scenario")),
            _reliability(quality.reliability),
            draw_agreement(quality),
            draw_load(quality),
            _drift(quality, before),
            _cues(quality),
            _how(),
            "</section>",
        ]
    )


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _mend(found: Sequence[Mend]) -> str:
    if not found:
        return (
            "<h3>What to mend first</h3><p>Nothing stands out. That may also be because too few people answered: most "
            f"figures need {ENOUGH}.</p>"
        )
    items = "".join(
        f"<li><strong>{text(one.item)}: {text(one.title)}</strong><span>{text(one.why)}</span></li>" for one in found
    )
    return f'<h3>What to mend first</h3><ol class="steps">{items}</ol>'


def _items(title: str, what: str, items: Sequence[Item], says: str) -> str:
    if not items:
        return ""
    rows = [
        (
            item.label,
            (
                (f"{item.people:,}", "People"),
                ("–" if item.mean is None else f"{item.mean:.0%}", "Points"),
                (difficulty_in_words(item), ""),
                (discrimination_in_words(item), ""),
            ),
        )
        for item in items
    ]
    heads = (what, "People", "Points", "How hard it is", "Whether it tells people apart")
    table = draw_table(f"{title}: difficulty and discrimination", heads, rows)
    return f"<h3>{title}: how hard, and whether they tell people apart</h3><p>{says}</p>{table}"


def _levels(items: Sequence[Item]) -> str:
    """How many people are at each level."""
    stacks = [
        charts.Stack(label=item.label, shares=[one.people / item.people for one in reversed(item.options[1:])])
        for item in items
        if item.people
    ]
    if not stacks:
        return ""
    says = "If nearly all people are in one part of a bar, the question tells little: make it easier or harder."
    return charts.stacks("The levels that people got", ("fully", "mostly", "partly"), stacks, says=says, rest="not yet")


def _options(items: Sequence[Item]) -> str:
    if not items:
        return ""
    drawn = "".join(_chosen(item) for item in items)
    return (
        "<h3>What people chose in the situations</h3><p>A wrong option should tempt those who do not know the vision. "
        f"What is said of an option needs {ENOUGH} people who chose.</p>{drawn}"
    )


def _chosen(item: Item) -> str:
    chosen = sum(one.people for one in item.options)
    if not chosen:
        return f"<p>{text(item.label)}: nobody has chosen anything yet.</p>"
    marks = []
    for one in item.options:
        worth = f"{one.worth:.0%}" if one.worth else "none"
        notes = ["the best option" if one.worth == 1 else f"gives {worth} of the points"]
        notes.append(f"{one.people:,} of {chosen:,} people")
        if one in item.rivals:
            notes.append("chosen more than the best: look at the key, then talk about it")
        if one in item.idle:
            notes.append("hardly anybody chooses it: make it more tempting")
        marks.append(charts.Bar(label=one.label, value=one.people / chosen, note="; ".join(notes)))
    blank = f" {item.blank:,} chose nothing that can be read." if item.blank else ""
    best = sum(one.people for one in item.options if one.worth == 1)
    says = f"{best:,} of {chosen:,} chose the best option.{blank}"
    return charts.bars(item.label, marks, says=says, number=charts.percent, top=1)


def _reliability(found: Reliability) -> str:
    return (
        "<h3>How far you can rely on the whole</h3>"
        f"<p>{text(reliability_in_words(found), 900)}</p>"
        f'<p class="soft">Of these parts, each counting the same: {text(", ".join(found.parts))}.</p>'
    )


def _drift(quality: Quality, before: Quality | None) -> str:
    head = "<h3>What moved since the last check</h3>"
    if before is None:
        return f"{head}<p>There is no earlier check with questions of the same kinds to compare with.</p>"
    since = f"“{text(before.title)}” ({_day(before.published)})"
    found = drift_since(quality, before)
    if not found:
        return f"{head}<p>No question of {since} was asked again.</p>"
    rows = [
        (
            one.label,
            ((f"{one.before:.0%}", "Then"), (f"{one.now:.0%}", "Now"), (_moved(one), "")),
        )
        for one in found
    ]
    return (
        f"{head}<p>Since {since}, in points that people got. If all moved the same way, people learnt or forgot. If "
        "one moved alone, look at it: has its wording, its key or the work changed, or have people passed the "
        "answer on? Of "
        "twenty lines, one looks clear by chance alone.</p>"
        + draw_table("Then and now", ("Question", "Then", "Now", "What that says"), rows)
    )


def _moved(one: Drift) -> str:
    if not one.same_wording:
        return "It was asked with other words, so then and now do not compare."
    if one.low is None or one.high is None:
        return f"Too few people to tell: it takes {ENOUGH} both times."
    if not one.clear:
        return "No clear change."
    low, high = sorted((abs(one.low), abs(one.high)))
    way = "Easier" if one.change > 0 else "Harder"
    return f"{way} by {abs(one.change) * 100:.0f} points; probably {low * 100:.0f} to {high * 100:.0f}."


def _cues(quality: Quality) -> str:
    cues = quality.cues
    parts = ["<h3>Answer lengths and cues</h3>"]
    written = [
        (item.label, (("–" if item.words is None else f"{item.words:g}", "Words"), (length_in_words(item), "")))
        for item in quality.of_kind("written")
    ]
    if written:
        heads = ("Question", "Words", "Whether longer answers get more")
        parts.append(
            "<p>Words are those of the middle answer: half of the people write more.</p>"
            + draw_table("Length of answers", heads, written)
        )
    if cues.scenarios:
        longest = f"in {len(cues.longest)} of {cues.scenarios}" if cues.longest else f"in none of {cues.scenarios}"
        advice = "shorten it, or lengthen another" if cues.longest else "good: nobody can pick it by its length"
        parts.append(f"<p>The best option is clearly the longest {longest} situations; {advice}.</p>")
    if cues.warnings:
        items = "".join(f"<li>{text(one, 600)}</li>" for one in cues.warnings)
        parts.append(f"<p>What else may give options away, by <code>vision.toml</code>:</p><ul>{items}</ul>")
    return "".join(parts)


def _how() -> str:
    return (
        '<h3>How to read this page</h3><p class="soft">“Probably a to b” is a 95% interval: with other people of the '
        "same kind, the figure would have come out between a and b most of the time. A wide one says that too few "
        "people answered. Limits are rules of thumb (Ebel 1965; Haladyna and Rodriguez 2013), no verdicts: a question "
        "that everybody gets may still be worth asking.</p>"
    )
