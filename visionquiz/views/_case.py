"""One answer as a trainer sees it: what was asked, what was written with the grader's evidence, and what it proposes.

Whatever a person typed is escaped, and stands in an element of its own direction: Arabic turns nothing else round.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from visionquiz.reviewing import Case, CaseGroup, Mark, Situation, choices
from visionquiz.vision import Vision

__all__ = ["CSS", "alert", "case_html", "marked_html", "note", "reason_html", "vision_html"]

CSS = """
.vqr { --vq-ink: var(--jp-content-font-color1, #1d2733); --vq-soft: var(--jp-content-font-color2, #4d5b6b);
  --vq-line: var(--jp-border-color1, #b9c3ce); --vq-page: var(--jp-layout-color1, #fff);
  --vq-card: var(--jp-layout-color2, #f2f5f8); --vq-mark: var(--jp-brand-color1, #0b6e8a);
  --vq-on-mark: var(--jp-ui-inverse-font-color0, #fff); --vq-bad: var(--jp-error-color1, #b3261e);
  --jp-widgets-inline-width: 100%; --jp-widgets-font-size: 18px; --jp-widgets-color: var(--vq-ink);
  --jp-widgets-label-color: var(--vq-ink); --jp-widgets-input-color: var(--vq-ink);
  --jp-widgets-input-background-color: var(--vq-page); --jp-widgets-input-border-color: var(--vq-soft);
  --jp-widgets-input-focus-border-color: var(--vq-mark);
  font: 18px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--vq-ink); max-width: 50rem;
  padding: .3rem .2rem 1rem; overflow: visible; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  body:not([data-jp-theme-light]) .vqr { --vq-ink: #e8eef4; --vq-soft: #a9b7c6; --vq-line: #4b5a6a; --vq-page: #0f151c;
    --vq-card: #18212b; --vq-mark: #4cb8d6; --vq-on-mark: #000; --vq-bad: #ff8a80; }
}
.vqr * { box-sizing: border-box; }
.vqr .widget-vbox, .vqr .widget-hbox, .vqr .widget-html { overflow: visible; margin: 0; width: 100%; max-width: 100%; }
.vqr .widget-html-content, .vqr .widget-html-content :is(p, li) { font: inherit; line-height: 1.5; color: inherit; }
.vqr .widget-html-content { white-space: normal; width: 100%; min-width: 0; }
.vqr h2 { font-size: 1.2rem; line-height: 1.35; margin: .6rem 0 .3rem; color: inherit; }
.vqr p { margin: .3rem 0; }
.vqr .widget-html-content .soft { color: var(--vq-soft); }
.vqr .widget-html-content .level { font-weight: 650; }
.vqr .note, .vqr .wrong, .vqr .typed, .vqr .asked { background: var(--vq-card); border-inline-start: .3rem solid
  var(--vq-line); border-radius: .3rem; padding: .6rem .9rem; margin: .5rem 0; }
.vqr .typed { font-size: 1.1rem; border-color: var(--vq-ink); }
.vqr :is(.typed, .asked p, .full) { white-space: pre-wrap; }
.vqr .wrong { border-color: var(--vq-bad); }
.vqr :is(.note, .asked) { border-color: var(--vq-mark); }
.vqr .typed mark { background: none; color: inherit; text-decoration: underline .14em var(--vq-mark);
  text-underline-offset: .2em; }
.vqr .typed sup { font-size: .7em; line-height: 0; font-weight: 650; color: var(--vq-mark); padding-inline-start: .1em;
  display: inline-block; }
.vqr ol.legend { margin: .2rem 0 .6rem; padding-inline-start: 1.6rem; font-size: .95rem; }
.vqr ol.legend li::marker { font-weight: 650; color: var(--vq-mark); }
.vqr .full { font: inherit; font-size: .95rem; line-height: 1.5; background: none; border: 0; color: inherit;
  margin: .3rem 0; padding: 0; overflow-wrap: anywhere; word-break: normal; }
.vqr details { margin: .3rem 0; }
.vqr summary { cursor: pointer; color: var(--vq-mark); }
.vqr ul { margin: .3rem 0; padding-inline-start: 1.4rem; }
.vqr .chosen { font-weight: 650; }
.vqr .widget-textarea, .vqr .widget-text { flex-direction: column; align-items: stretch; height: auto; width: 100%;
  margin: .6rem 0 0; }
.vqr .widget-label { width: auto; max-width: 100%; height: auto; line-height: 1.4; white-space: normal;
  text-align: start; font-size: 1rem; font-weight: 600; margin: 0 0 .2rem; color: inherit; }
.vqr :is(textarea, input[type="text"]) { font: 18px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  padding: .4rem .7rem !important; border-radius: .3rem; width: 100%; height: auto; }
.vqr textarea { min-height: 4.2rem; resize: vertical; }
.vqr .vqr-keys input { scroll-margin: 62vh 0 4rem; }
.vqr .vqr-row { display: flex; flex-wrap: wrap; gap: .6rem; margin: .7rem 0 0; }
.vqr .jupyter-button { font-size: 18px; line-height: 1.3; width: auto; height: auto; min-height: 2.8rem; margin: 0;
  padding: .5rem 1rem; border-radius: .4rem; border: 1px solid var(--vq-soft); background: var(--vq-page);
  color: var(--vq-ink); white-space: normal; box-shadow: none; }
.vqr .jupyter-button.proposed { border: 2px solid var(--vq-mark); font-weight: 650; }
.vqr .jupyter-button:disabled { opacity: .55; }
.vqr :is(textarea, input, .jupyter-button, summary):focus-visible {
  outline: 3px solid var(--vq-mark) !important; outline-offset: 2px; }
@media (pointer: coarse) and (max-width: 640px) { .vqr .vqr-keys { display: none; } }
"""
"""Large type, the colours of the JupyterLab theme, and on a phone nothing to scroll sideways. Without a keyboard there
are no keys; with one, whoever is in the box for them sees the answer above it."""


def note(text: str) -> str:
    """Something to know; ``""`` for no text. Screen readers say it when it comes up."""
    return f'<div class="note" role="status">{escape(text)}</div>' if text else ""


def alert(text: str) -> str:
    """Something that went wrong; ``""`` for no text."""
    return f'<div class="wrong" role="alert">{escape(text)}</div>' if text else ""


def vision_html(vision: Vision) -> str:
    """The statement and what it means, to hold an answer against."""
    points = "".join(f"<li>{escape(point.text)}</li>" for point in vision.meaning)
    return (
        "<details><summary>The vision and what it means</summary>"
        f"<p><strong>{escape(vision.statement)}</strong></p><p>{escape(vision.core_idea)}</p><ul>{points}</ul></details>"
    )


def case_html(group: CaseGroup) -> str:
    """A group of answers that say the same, the first of them in full."""
    return "".join(_parts(group))


def _parts(group: CaseGroup) -> Iterator[str]:
    one = group.first
    yield f"<h2>{escape(one.question.prompt)}</h2>"
    if one.problem:
        yield alert(f"This answer cannot be shown: {one.problem}. Skip it here.")
        return
    for look in one.looks:
        yield (
            f'<div class="asked">A second look was asked for on {look.asked.day} {look.asked:%B %Y}:'
            f'<p dir="auto">{escape(look.reason)}</p></div>'
        )
    if one.situation:
        yield from _situation(one.situation)
    yield f'<p class="soft">{_who(group)}</p>'
    yield _answer(one)
    yield from _others(group)
    yield from _proposal(group)


def _who(group: CaseGroup) -> str:
    jobs = Counter(case.role for case in group.cases)
    job = f" ({escape(group.first.role)})" if len(jobs) == 1 and group.first.role else ""
    many = "One person" if len(group.cases) == 1 else f"{len(group.cases)} people"
    return f"{many}{job} wrote this:"


def _answer(one: Case) -> str:
    if not one.text.strip():
        return '<div class="typed"><em>There is no answer.</em></div>'
    return marked_html(one.text, one.marks)


def marked_html(text: str, marks: Sequence[Mark]) -> str:
    """An answer with its evidence underlined and numbered, and what the numbers stand for."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(mark.label for mark in marks), 1)}
    cuts = {0, len(text), *(place for mark in marks for place in (mark.start, mark.end) if 0 < place < len(text))}
    parts = []
    for start, end in itertools.pairwise(sorted(cuts)):
        here = [mark for mark in marks if mark.start <= start and mark.end >= end]
        shown = escape(text[start:end])
        if here:
            title = escape("; ".join(dict.fromkeys(mark.label for mark in here)))
            told = sorted({numbers[mark.label] for mark in here if min(mark.end, len(text)) == end})
            number = f"<sup>{','.join(map(str, told))}</sup>" if told else ""
            shown = f'<mark title="{title}">{shown}{number}</mark>'
        parts.append(shown)
    legend = "".join(f"<li>{escape(label)}</li>" for label in numbers)
    listed = f'<ol class="legend">{legend}</ol>' if legend else ""
    return f'<div class="typed" dir="auto">{"".join(parts)}</div>{listed}'


def _others(group: CaseGroup) -> Iterator[str]:
    texts = Counter(case.text for case in group.cases)
    if len(texts) > 1:
        items = "".join(f'<li dir="auto">{escape(text)}{_times(count)}</li>' for text, count in texts.items())
        yield f"<details><summary>How each of them wrote it</summary><ul>{items}</ul></details>"
    names = escape(", ".join(sorted(case.person for case in group.cases)))
    yield f"<details><summary>Show who</summary><p>{names}</p></details>"


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def _situation(situation: Situation) -> Iterator[str]:
    yield f"<p><strong>{escape(situation.title)}.</strong> {escape(situation.situation)}</p><ul>"
    for way in situation.ways:
        chosen, before = (' class="chosen"', "Chosen: ") if way.chosen else ("", "")
        yield (
            f"<li{chosen}>{before}{escape(way.letter)}: {escape(way.text)} "
            f'<span class="soft">({way.score:.3g} points; {escape(way.why)})</span></li>'
        )
    yield "</ul>"


def _proposal(group: CaseGroup) -> Iterator[str]:
    one = group.first
    if one.given is not None:
        yield f'<p class="level">A trainer gave {escape(_named(one, one.given))}.</p>'
    if one.score is not None:
        yield f'<p class="level">The grader says {escape(_named(one, one.score))}.</p>'
    rest = Counter(_named(case, case.proposal) for case in group.cases[1:] if case.proposal != one.proposal)
    if rest:
        told = ", ".join(f"{name} for {count}" for name, count in rest.items())
        yield f"<p>It says {escape(told)} of the {len(group.cases)}. Your decision goes to all of them.</p>"


def reason_html(case: Case) -> str:
    """What the grader says of an answer, to the employee and, in full, to the trainer."""
    read = f'<p><span class="soft">The employee reads:</span> {escape(case.reason)}</p>'
    found = read if case.reason else ""
    if case.full_reason:
        # A block of plain text: it quotes what was typed.
        body = f'<pre class="full" dir="auto">{escape(_flush_left(case.full_reason))}</pre>'
        found += f"<details open><summary>All that the grader thinks of it</summary>{body}</details>"
    return found


def _flush_left(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


def _named(case: Case, score: float | None) -> str:
    """A score in words, such as ``mostly (2 of 3 points)``."""
    if score is None:
        return "nothing"
    points = f"{score:.3g} of {case.question.points:g} points"
    if case.question.kind == "scenario":
        return points
    return next((f"{one.label} ({points})" for one in choices(case) if abs(one.score - score) < 0.01), points)
