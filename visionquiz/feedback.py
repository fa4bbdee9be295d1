"""The page that an employee gets back: what was asked, what was typed, how far it went and why.

One file without scripts, pictures or links: it can be kept, printed and read on a phone. Whatever a person typed is
shown as plain text.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from visionquiz.grading import LEVELS
from visionquiz.notebook import read_choice
from visionquiz.quiz import Question, Quiz, letter_options
from visionquiz.vision import Vision

__all__ = ["CSS", "PAGE", "Outcome", "feedback_html"]

LOOK = " A person will look at this."
"""How a reason ends for as long as nobody has."""

CSS = """
:root { color-scheme: light dark; --ink: #1d2733; --soft: #4d5b6b; --line: #d5dce4; --card: #f6f8fa; --page: #fff;
  --mark: #0b6e8a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eef4; --soft: #a9b7c6; --line: #3a4757; --card: #18212b; --page: #0f151c; --mark: #4cb8d6; }
}
body { font: 18px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink); background: var(--page);
  max-width: 44rem; margin: 0 auto; padding: 1.2rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: .6rem 0 .2rem; }
h2 { font-size: 1.15rem; line-height: 1.35; margin: 0 0 .6rem; }
p { margin: .4rem 0; }
section { border-top: 1px solid var(--line); padding: 1.4rem 0 .6rem; margin-top: 1.4rem; break-inside: avoid; }
.soft { color: var(--soft); }
.typed { white-space: pre-wrap; background: var(--card); border-left: .3rem solid var(--line); border-radius: .3rem;
  padding: .6rem .9rem; margin: .4rem 0 .8rem; }
.level { font-weight: 650; color: var(--mark); }
.trainer { border-left: .3rem solid var(--mark); padding-left: .9rem; white-space: pre-wrap; }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one answer."""

    typed: str
    score: float
    points: float
    """The most that can be had."""
    reason: str
    """The grader's."""
    comment: str
    """The trainer's; ``""`` where there is none."""
    review: bool
    """Whether a person has yet to look at it."""
    manual: bool
    """Whether a person gave the score."""
    asked: str = ""
    """Why the employee asked for a second look; ``""`` where nobody did."""
    answered: str = ""
    """What was answered."""


def feedback_html(
    quiz: Quiz, vision: Vision, name: str, role: str, submitted: dt.datetime | None, outcomes: Mapping[str, Outcome]
) -> str:
    """One person's page: a whole HTML file. `outcomes` are by question id, `submitted` is UTC without a zone."""
    body = "\n".join(_body(quiz, vision, name, role, submitted, outcomes))
    return PAGE.format(title=escape(f"{quiz.title}: your answers"), css=CSS, body=body)


def _body(
    quiz: Quiz, vision: Vision, name: str, role: str, submitted: dt.datetime | None, outcomes: Mapping[str, Outcome]
) -> Iterator[str]:
    when = f", handed in on {submitted:%-d %B %Y at %H:%M} (UTC)" if submitted else ""
    yield f"<h1>{escape(quiz.title)}</h1>"
    yield f'<p class="soft">{escape(vision.company)}. Answers of {escape(name)}{when}.</p>'
    have = sum(one.score for one in outcomes.values())
    most = sum(one.points for one in outcomes.values())
    still = sum(one.review for one in outcomes.values())
    if still:
        left = "one answer" if still == 1 else f"{still} answers"
        yield f"<p>You have {have:.3g} of {most:g} points so far. A person will look at {left}, so this may change.</p>"
    else:
        yield f"<p>You have {have:.3g} of {most:g} points.</p>"
    yield (
        "<p>Below you see each answer, the level or points it got, and why. If you think that a level is wrong, "
        "ask for a second "
        "look where you took the check, or ask your trainer: a person can change every level. Spelling, grammar and "
        "length did not count.</p>"
    )
    for number, question in enumerate(quiz.questions, 1):
        if question.id in outcomes:
            yield "<section>"
            yield f"<h2>{number}. {escape(question.prompt)}</h2>"
            yield from _answered(question, outcomes[question.id], role, quiz, vision)
            yield "</section>"
    if quiz.show_meaning:
        yield from _meaning(vision)


def _answered(question: Question, one: Outcome, role: str, quiz: Quiz, vision: Vision) -> Iterator[str]:
    if not one.typed:
        yield '<p class="soft">You left this empty.</p>'
    elif question.kind == "scenario":
        yield from _chosen(question, one.typed, role, quiz, vision)
    else:
        yield f'<p class="soft">You wrote:</p>\n<div class="typed">{escape(one.typed)}</div>'
    yield f'<p><span class="level">{escape(_level(question, one))}</span></p>'
    # Once a person has looked, the reason must not go on promising it.
    reason = one.reason if one.review else one.reason.removesuffix(LOOK)
    if one.typed and not (one.manual and one.comment):
        yield f"<p>{escape(reason)}</p>"
    if one.comment:
        yield f'<p class="soft">Your trainer says:</p>\n<div class="trainer">{escape(one.comment)}</div>'
    if one.asked:
        yield f'<p class="soft">You asked for a second look:</p>\n<div class="typed">{escape(one.asked)}</div>'
        if one.answered:
            yield f'<p class="soft">The answer:</p>\n<div class="trainer">{escape(one.answered)}</div>'
        elif one.review:
            yield '<p class="soft">A person will answer.</p>'


def _chosen(question: Question, typed: str, role: str, quiz: Quiz, vision: Vision) -> Iterator[str]:
    ident, option = read_choice(typed, question, role, quiz, vision)
    scenario = vision.scenario(ident)
    if scenario is None or option is None:
        yield f'<p class="soft">You wrote:</p>\n<div class="typed">{escape(typed)}</div>'
        return
    letter = next(letter for letter, (place, _) in letter_options(quiz, scenario).items() if place == option)
    yield f"<p><strong>{escape(scenario.title)}.</strong> {escape(scenario.situation)}</p>"
    said = f"{letter}: {scenario.options[option].text}"
    yield f'<p class="soft">You chose:</p>\n<div class="typed">{escape(said)}</div>'


def _level(question: Question, one: Outcome) -> str:
    share = 3 * one.score / one.points
    points = f"{one.score:.3g} of {one.points:g} points"
    whole = round(share)
    if question.kind == "scenario" or abs(share - whole) > 0.01 or not 0 <= whole <= 3:
        return f"{points}, given by your trainer" if one.manual else points
    level = LEVELS[whole].capitalize()
    return f"{level} ({points}), given by your trainer" if one.manual else f"{level} ({points})"


def _meaning(vision: Vision) -> Iterator[str]:
    yield "<section>"
    yield "<h2>Our vision and what it means</h2>"
    yield f"<p><strong>{escape(vision.statement)}</strong></p>"
    yield f"<p>{escape(vision.core_idea)}</p>"
    yield f"<ul>{''.join(f'<li>{escape(point.text)}</li>' for point in vision.meaning)}</ul>"
    yield "</section>"
