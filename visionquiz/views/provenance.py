"""A statement with each word marked by the draft that it came from, and the ideas that had said it."""

from collections.abc import Mapping, Sequence
from html import escape

import ipywidgets as widgets

from visionquiz.drafts import Draft
from visionquiz.grading.guards import listed
from visionquiz.ideas import Idea
from visionquiz.provenance import Heard, Summary, WordOrigin, choose_names, summarise, trace_words
from visionquiz.themes import Themes
from visionquiz.views._parts import style
from visionquiz.views.drafts import name_draft

__all__ = ["CSS", "OriginView", "origin_html"]

CSS = """
.vqf .origin { font-size: 1.35rem; line-height: 1.9; margin: .6rem 0; padding: .6rem .9rem; white-space: pre-wrap;
  background: var(--vq-card); border-left: .3rem solid var(--vq-line); border-radius: .3rem; color: var(--vq-ink); }
.vqf .origin .word { display: inline-block; max-width: 100%; }
.vqf .origin .word:has(details[open]) { display: block; }
.vqf .origin details { display: inline-block; max-width: 100%; margin: 0; }
.vqf .origin details[open] { display: block; }
.vqf .origin summary { display: inline; font-weight: 600; list-style: none; }
.vqf .origin summary::-webkit-details-marker { display: none; }
.vqf .origin :is(u, summary) { text-decoration: underline; text-decoration-color: var(--vq-mark);
  text-decoration-thickness: .12em; text-underline-offset: .25em; }
.vqf .origin .from-1 { text-decoration-style: dashed; }
.vqf .origin .from-2 { text-decoration-style: dotted; }
.vqf .origin .from-3 { text-decoration-style: double; }
.vqf .origin .from-4 { text-decoration-style: wavy; }
.vqf .origin sup { font-size: .8rem; line-height: 0; color: var(--vq-soft); margin-left: .1rem; }
.vqf .origin .told { font-size: 1rem; line-height: 1.5; white-space: normal; background: var(--vq-page);
  border: 1px solid var(--vq-line); border-radius: .3rem; padding: .3rem .8rem; margin: .3rem 0 .6rem; }
.vqf :is(.origin .told, .origins) ul { margin: .2rem 0; padding-left: 1.2rem; }
.vqf .origin .told li { white-space: pre-wrap; }
.vqf .origin mark { background: none; color: inherit; font-weight: 700; }
.vqf .origins .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""

LINES = 5
"""Ways to underline a word; the number behind it says which draft is meant."""

AROUND = 80
"""Characters of an idea that are shown before and after the word."""

MADE = {"alone": "written alone", "pair": "written in a pair", "merged": "merged from drafts on the wall"}

HOW = (
    "The number behind a stretch of words is that of the draft that they come from. Press a word in bold to see which "
    "ideas say it, too."
)

EVIDENCE = (
    "An idea shows that somebody had said the word. It does not prove that the word was taken from there, and no idea "
    "has a name."
)

ONE_OF_YOU = "one of you"


class OriginView(widgets.VBox):
    """Where the words of the chosen drafts come from, folded away until somebody asks. Give it what there is with
    `show`; before that nothing is shown.
    """

    def __init__(self) -> None:
        self.page = widgets.HTML()
        self._shown: object = None
        super().__init__([style(CSS), self.page])
        self.add_class("vqf")

    def show(
        self,
        chosen: Mapping[str, Draft],
        *,
        drafts: Sequence[Draft],
        ideas: Sequence[Idea],
        themes: Themes | None,
        people: Mapping[str, str],
        anonymous: bool,
    ) -> None:
        """Draw these drafts, each under its heading; see `origin_html`. What has not changed is not drawn anew, so that
        what somebody has opened stays open.
        """
        names = choose_names(people, anonymous=anonymous)
        given = (dict(chosen), tuple(drafts), tuple(ideas), themes, dict(names))
        if given == self._shown:
            return
        self._shown = given
        self.page.value = "".join(
            f"<details><summary>{escape(heading)}</summary>"
            + origin_html(draft, drafts=drafts, ideas=ideas, themes=themes, people=people, anonymous=anonymous)
            + "</details>"
            for heading, draft in chosen.items()
        )


def origin_html(
    draft: Draft,
    *,
    drafts: Sequence[Draft],
    ideas: Sequence[Idea] = (),
    themes: Themes | None = None,
    people: Mapping[str, str] | None = None,
    anonymous: bool = True,
) -> str:
    """The words of a draft and where each comes from, as HTML that loads and runs nothing; for an element of class
    ``vqf`` with this module's `CSS`. ``""`` for a draft without words.

    `drafts` and `ideas` are all of the workshop; with `themes`, ideas are counted by theme, too. `people` are the names
    of those who have joined, by id, and `anonymous` is as in the workshop's `Stage`: `choose_names` decides whether
    anybody is named. No person's id is in the HTML.
    """
    names = choose_names(people or {}, anonymous=anonymous)
    origins = trace_words(draft, drafts, ideas)
    if not origins:
        return ""
    known = {**{one.id: one for one in drafts}, draft.id: draft}
    looks = {ident: number % LINES for number, ident in enumerate(dict.fromkeys(one.draft for one in origins))}
    summary = summarise(origins, tuple(known.values()), ideas, themes)
    counts = {share.draft.id: share.words for share in summary.shares}
    items = "".join(
        f"<li>{_tell_draft(one, [word for word in origins if word.draft == ident], names)}. "
        f"{_count(counts.get(ident, 0), summary.words)}.</li>"
        for ident, one in known.items()
        if ident in looks
    )
    return (
        f'<div class="origins"><p>{_sum_up(summary)}</p><p class="soft">{HOW}</p>'
        f'<div class="origin">{_mark(draft.text, origins, looks, names)}</div><ul>{items}</ul>'
        f'{_themes(summary)}<p class="soft">{EVIDENCE}</p></div>'
    )


def _mark(text: str, origins: Sequence[WordOrigin], looks: Mapping[str, int], names: Mapping[str, str]) -> str:
    """The text, each word underlined by its draft, each stretch of one draft with the draft's number behind it."""
    parts, at = [], 0
    for place, one in enumerate(origins):
        start, end = one.word.start, one.word.end
        glued = len(text[end:]) - len(text[end:].lstrip(".,;:!?)”’\"'…"))  # marks stay on the line of their word
        last = place + 1 == len(origins) or origins[place + 1].draft != one.draft
        number = escape(name_draft(one.draft).removeprefix("Draft "))
        sup = f'<sup><span class="spoken"> draft </span>{number}</sup>' if last else ""
        look = f'class="from-{looks[one.draft]}"'
        said = escape(text[start:end])
        word = f"<details><summary {look}>{said}</summary>{_tell(one, names)}</details>" if one.telling else (
            f"<u {look}>{said}</u>"
        )  # fmt: skip
        parts.append(f'{escape(text[at:start])}<span class="word">{word}{sup}{escape(text[end : end + glued])}</span>')
        at = end + glued
    return "".join(parts) + escape(text[at:])


def _tell(one: WordOrigin, names: Mapping[str, str]) -> str:
    """Where one word comes from, and who had said it."""
    came = f"First in {escape(name_draft(one.draft).lower())}, typed by {escape(names.get(one.who, ONE_OF_YOU))}."
    if not one.said_by:
        return f'<div class="told"><p>{came} No idea says it.</p></div>'
    said = "One idea says it." if one.said_by == 1 else f"{one.said_by} ideas say it."
    said += "" if one.said_by <= len(one.ideas) else " Those nearest to the statement stand here."
    quotes = "".join(f"<li>{_quote(idea)}</li>" for idea in one.ideas)
    return f'<div class="told"><p>{came} {said}</p><ul>{quotes}</ul></div>'


def _quote(heard: Heard) -> str:
    """An idea around the word that it says."""
    text, start, end = heard.idea.text, heard.start, heard.end
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    word = f"<mark>{escape(text[start:end])}</mark>"
    more = f" (said {heard.idea.count} times)" if heard.idea.count > 1 else ""
    return f"{before}{escape(text[first:start])}{word}{escape(text[end:last])}{after}{more}"


def _tell_draft(draft: Draft, origins: Sequence[WordOrigin], names: Mapping[str, str]) -> str:
    told = f"{name_draft(draft.id)}, {MADE.get(draft.made, draft.made)}"
    who = list(dict.fromkeys(names.get(one.who, ONE_OF_YOU) for one in origins))
    if names:
        told += f" by {listed(who)}"
    elif draft.made == "alone":
        told += f" by {ONE_OF_YOU}"
    return escape(told)


def _count(words: int, of: int) -> str:
    return f"{words} of {of} telling {'word' if of == 1 else 'words'}" if of else "No telling words"


def _sum_up(summary: Summary) -> str:
    """The whole in a sentence or two."""
    if not summary.words:
        return "The statement has no telling word."
    parts = [f"{share.words} from {escape(name_draft(share.draft.id).lower())}" for share in summary.shares]
    told = f"Of its {summary.words} telling words came {listed(parts)}."
    if len(parts) == 1:
        all_of_it = f"All of its {summary.words} telling words" if summary.words > 1 else "Its one telling word"
        told = f"{all_of_it} came {parts[0].partition(' ')[2]}."
    if summary.ideas:
        told += f" {summary.heard} of {summary.ideas} ideas say at least one of them, in this or another form."
    return told


def _themes(summary: Summary) -> str:
    lines = "".join(
        f"<li>{escape(one.theme.name)}, {one.heard} of {one.ideas}</li>" for one in summary.themes if one.ideas
    )
    return f"<p>Ideas that say one of its telling words, by theme</p><ul>{lines}</ul>" if lines else ""
