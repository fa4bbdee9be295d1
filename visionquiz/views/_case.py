"""One answer as a trainer sees it: what was asked, what was written with the grader's evidence, and what it proposes.

Whatever a person typed is escaped, and stands in an element of its own direction: Arabic turns nothing else round.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from visionquiz.reviewing import Case, CaseGroup, Mark, Situation, choices
from visionquiz.views._parts import alert
from visionquiz.vision import Vision

__all__ = ["CSS", "case_html", "marked_html", "reason_html", "vision_html"]

CSS = """
.vqr.vqf { max-width: 50rem; }
.vqr .widget-html-content li { font: inherit; line-height: 1.5; color: inherit; }
.vqr h2 { font-size: 1.2rem; line-height: 1.35; margin: .6rem 0 .3rem; }
.vqr .widget-html-content .level { font-weight: 650; }
.vqr .asked { background: var(--vq-card); border-radius: .3rem; padding: .6rem .9rem; margin: .5rem 0; }
.vqr :is(.note, .wrong, .typed, .asked) { border-left: 0; border-inline-start: .3rem solid var(--vq-line); }
.vqr .typed { font-size: 1.1rem; border-color: var(--vq-ink); }
.vqr .wrong { border-color: var(--vq-bad); }
.vqr :is(.note, .asked) { border-color: var(--vq-mark); }
.vqr :is(.typed, .asked p, .full) { white-space: pre-wrap; }
.vqr .typed mark { background: none; color: inherit; text-decoration: underline .14em var(--vq-mark);
  text-underline-offset: .2em; }
.vqr .typed sup { font-size: .7em; line-height: 0; font-weight: 650; color: var(--vq-mark); padding-inline-start: .1em;
  display: inline-block; }
.vqr ol.legend { margin: .2rem 0 .6rem; padding-inline-start: 1.6rem; font-size: .95rem; }
.vqr ol.legend li::marker { font-weight: 650; color: var(--vq-mark); }
.vqr .full { font: inherit; font-size: .95rem; line-height: 1.5; background: none; border: 0; color: inherit;
  margin: .3rem 0; padding: 0; overflow-wrap: anywhere; word-break: normal; }
.vqr details { margin: .3rem 0; }
.vqr summary { color: var(--vq-mark); font-weight: 400; }
.vqr ul { margin: .3rem 0; padding-inline-start: 1.4rem; }
.vqr .chosen { font-weight: 650; }
.vqr .widget-label { font-size: 1rem; margin: 0 0 .2rem; text-align: start; }
.vqr :is(textarea, input[type="text"]) { font: 18px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  padding: .4rem .7rem !important; border-radius: .3rem; width: 100%; height: auto; }
.vqr textarea { min-height: 4.2rem; }
.vqr .vqr-keys input { scroll-margin: 62vh 0 4rem; }
.vqr .vqf-row { margin: .7rem 0 0; }
.vqr .jupyter-button { padding: .5rem 1rem; }
.vqr .jupyter-button.proposed { border: 2px solid var(--vq-mark); font-weight: 650; }
@media (pointer: coarse) and (max-width: 640px) { .vqr .vqr-keys { display: none; } }
"""
"""What the review has beyond every form. Without a keyboard there
are no keys; with one, whoever is in the box for them sees the answer above it."""


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
