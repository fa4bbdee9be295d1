"""The vision as everybody may see it: what it says and means, what people do for it, and a situation to talk about.

No data about people. Nothing of a check's key either: a situation comes without points and without reasons, its options
by the alphabet, and the core idea, which answers are graded by, stays out.
"""

import datetime as dt
from html import escape

from visionquiz.feedback import CSS as PLAIN
from visionquiz.feedback import PAGE
from visionquiz.vision import Role, Scenario, Vision

__all__ = ["CSS", "card_html", "pick_scenario", "poster_html"]

CSS = """
.vqc { overflow-wrap: anywhere; }
.vqc h2 { font-size: 1.15rem; line-height: 1.35; margin: 1.6rem 0 .4rem; }
.vqc ul, .vqc ol { margin: .3rem 0; padding-left: 1.4rem; }
.vqc li { margin: .3rem 0; }
.vqc .said, .vqf .widget-html-content .vqc .said { font-size: clamp(1.6rem, 6vw, 2.6rem); line-height: 1.25;
  font-weight: 650; margin: .4rem 0 1rem; text-wrap: balance; }
.vqc .jobs { display: grid; gap: .2rem 1.8rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }
.vqc .jobs div { break-inside: avoid; }
.vqc h3 { font-size: 1.05rem; margin: .6rem 0 .1rem; }
.vqc .talk { border-left: .3rem solid; border-color: var(--mark, var(--vq-mark)); padding-left: .9rem;
  break-inside: avoid; }
"""

PRINT = """
h1 { font-size: 1.15rem; font-weight: 400; color: var(--soft); }
@page { size: A4; margin: 18mm; }
@media print {
  :root { --ink: #000; --soft: #333; --page: #fff; }
  body { max-width: none; padding: 0; font-size: 13pt; }
  .vqc .said { font-size: 30pt; }
}
"""


def pick_scenario(vision: Vision, day: dt.date, role: str = "") -> Scenario | None:
    """The situation of a day, in turn, of those that fit the role id; with ``""``, of those that fit everybody if there
    are any. None where there is none.
    """
    fitting = [one for one in vision.scenarios if (one.fits(role) if role else not one.roles)]
    fitting = fitting or ([] if role else list(vision.scenarios))
    return fitting[day.toordinal() % len(fitting)] if fitting else None


def card_html(vision: Vision, *, role: str = "", scenario: Scenario | None = None) -> str:
    """The card as a piece of HTML that loads and runs nothing. With a role id, only that role's examples."""
    jobs = [one for one in vision.roles if one.contributions and role in ("", one.id)]
    points = "".join(f"<li>{escape(point.text)}</li>" for point in vision.meaning)
    parts = [
        f'<p class="said">{escape(vision.statement)}</p>',
        f"<h2>What it means</h2><ul>{points}</ul>" if points else "",
        f'<h2>What people do for it</h2><div class="jobs">{"".join(map(_job, jobs))}</div>' if jobs else "",
        _talk(scenario) if scenario else "",
    ]
    return f'<div class="vqc">{"".join(parts)}</div>'


def poster_html(vision: Vision, *, role: str = "", scenario: Scenario | None = None) -> str:
    """The card as a page of its own, in one file, to print on A4 or to put on a screen."""
    title = escape(f"{vision.company}: our customer service vision")
    body = f"<h1>{title}</h1>{card_html(vision, role=role, scenario=scenario)}"
    return PAGE.format(title=title, css=PLAIN + CSS + PRINT, body=body)


def _job(role: Role) -> str:
    tasks = "".join(f"<li>{escape(task)}</li>" for task in role.contributions)
    return f"<div><h3>{escape(role.title)}</h3><ul>{tasks}</ul></div>"


def _talk(scenario: Scenario) -> str:
    # In the file the best option may always come first.
    options = "".join(f"<li>{escape(text)}</li>" for text in sorted(option.text for option in scenario.options))
    return (
        f'<h2>What would you do? {escape(scenario.title)}</h2><div class="talk"><p>{escape(scenario.situation)}</p>'
        f'<ol type="A">{options}</ol><p>Talk about it: which of these fits our vision best, and why?</p></div>'
    )
