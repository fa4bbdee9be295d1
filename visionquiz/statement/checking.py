"""From a text that somebody typed to its evidence card. Nothing that is typed raises an error."""

import re
import unicodedata
from collections.abc import Iterator

from visionquiz.grading.language import is_foreign
from visionquiz.statement.card import EvidenceCard, Finding, Span
from visionquiz.statement.compare import find_neighbours, place_draft
from visionquiz.statement.lexicon import look_up
from visionquiz.statement.remarks import ask_people, make_remarks
from visionquiz.statement.wording import Draft, read_draft
from visionquiz.text import READ_LIMIT
from visionquiz.vision import Vision

__all__ = ["check_statement"]


def check_statement(text: str, vision: Vision | None = None) -> EvidenceCard:
    """The evidence for and against a draft of a customer service vision, as remarks that point at its words.

    With a vision, also which of its values and meaning points the draft touches. Any text gives a card: an empty one,
    or one in another language or script, gets a clear word and what to ask people. Only the first `READ_LIMIT`
    characters are read.
    """
    cut = text[:READ_LIMIT]
    shown, odd = _showable(cut)
    draft = read_draft(shown)
    problems = tuple(_check_input(draft, odd, longer=len(text) > READ_LIMIT))
    unread = _find_unreadable(draft)
    if unread:
        asked = ask_people(draft) if draft.words else ()
        return EvidenceCard(statement=shown, findings=(unread, *problems, *asked))
    return EvidenceCard(
        statement=shown,
        figures=place_draft(draft),
        findings=(*problems, *make_remarks(draft, vision), *ask_people(draft)),
        neighbours=find_neighbours(draft),
    )


def _find_unreadable(draft: Draft) -> Finding | None:
    """Why nothing can be said about a text, or None."""
    letters = [char for char in draft.text if char.isalpha()]
    if not letters:
        return _input(
            remark="No words were found in it." if draft.text.strip() else "There is no statement yet.",
            reason="The card is made from the words alone.",
            try_this="Type a draft; one sentence is a good start.",
        )
    latin = sum(char < "\u0250" or "\u1e00" <= char <= "\u1eff" or "\uff21" <= char <= "\uff5a" for char in letters)
    if latin < len(letters) / 2 or not draft.words:
        return _input(
            remark="It is written in letters that the card cannot read.",
            reason="The card knows English only.",
            try_this="Ask people, as below; nothing else can be told from the words.",
        )
    known = sum(look_up(word.plain) is not None for word in draft.words)
    # Loading what tells languages apart takes longer than all the rest, and English drafts are made of listed words.
    if known < _ENGLISH * len(draft.words) and is_foreign(draft.words, draft.text):
        return _input(
            remark="This does not look like English.",
            reason="The card knows English only, and counts of English words would mislead.",
            try_this="If it is English, make it a whole sentence. If not, ask people, as below.",
        )
    return None


def _check_input(draft: Draft, odd: tuple[Span, ...], *, longer: bool) -> Iterator[Finding]:
    """What of a text was not read, or is not shown as typed."""
    if longer:
        yield _input(
            remark=f"Only the first {READ_LIMIT:,} characters were read.",
            reason="Nobody can learn a text of that length.",
            try_this="Give the one sentence that everyone should know.",
        )
    if odd:
        many = f"{len(odd)} characters cannot be shown; each is drawn as \ufffd."
        yield _input(
            remark=many if len(odd) > 1 else "One character cannot be shown; it is drawn as \ufffd.",
            reason="Such characters come along when text is copied, and hide what people would read.",
            try_this="Type that place anew.",
            spans=odd,
        )
    tags = tuple(match.span() for match in _TAG.finditer(draft.text))
    if tags:
        yield _input(
            remark="Tags such as <b> were not read.",
            reason="The card is made from the words alone.",
            try_this="Give the words as people will see them.",
            spans=tags,
        )


def _input(*, remark: str, reason: str, try_this: str, spans: tuple[Span, ...] = ()) -> Finding:
    return Finding(
        kind="input",
        side="problem",
        spans=spans[:_MOST_SPANS],
        remark=remark,
        reason=reason,
        source=(),
        try_this=try_this,
    )


def _showable(text: str) -> tuple[str, tuple[Span, ...]]:
    """The text with every character that cannot be shown, or that turns the order round, drawn as U+FFFD; and where."""
    kept, odd = [], []
    for place, char in enumerate(text):
        if char in _SPACES or char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(char)
        else:
            kept.append("\ufffd")
            odd.append((place, place + 1))
    return "".join(kept), tuple(odd)


_SPACES = frozenset("\t\n\r")
_JOINERS = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,200}>")
_ENGLISH = 0.8
"""From this share of listed English words on, a draft is taken for English."""

_MOST_SPANS = 50
"""Places of odd characters or tags that are pointed at."""
