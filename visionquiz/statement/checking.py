"""From a text that somebody typed to its evidence card. Nothing that is typed raises an error."""

import re
import unicodedata

from visionquiz.grading.language import is_foreign
from visionquiz.statement.card import EvidenceCard, Finding, Span
from visionquiz.statement.compare import find_neighbours, place_draft
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
    problems = [*_check_input(draft, odd, longer=len(text) > READ_LIMIT)]
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
        remark = "There is no statement yet." if not draft.text.strip() else "No words were found in it."
        return _input(remark, "Type a draft; one sentence is a good start.")
    latin = sum(char < "\u0250" or "\u1e00" <= char <= "\u1eff" or "\uff21" <= char <= "\uff5a" for char in letters)
    if latin < len(letters) / 2 or not draft.words:
        return _input(
            "It is written in letters that the card cannot read.",
            "The card knows English only. Ask people, as below; nothing else can be told from the words.",
        )
    if is_foreign(draft.words, draft.text):
        return _input(
            "This does not look like English.",
            "The card knows English only, and counts of English words would mislead. If it is English, make it a whole "
            "sentence.",
        )
    return None


def _check_input(draft: Draft, odd: tuple[Span, ...], *, longer: bool) -> list[Finding]:
    found = []
    if longer:
        found.append(
            _input(
                f"Only the first {READ_LIMIT:,} characters were read.",
                "Nobody can learn a text of that length. Give the one sentence that everyone should know.",
            )
        )
    if odd:
        found.append(
            _input(
                f"{len(odd)} characters cannot be shown; each is drawn as \ufffd."
                if len(odd) > 1
                else "One character cannot be shown; it is drawn as \ufffd.",
                "They often come along when text is copied. Type the place anew.",
                odd,
            )
        )
    tags = tuple(match.span() for match in _TAG.finditer(draft.text))
    if tags:
        found.append(_input("Tags such as <b> were not read.", "Give the words alone, as people will see them.", tags))
    return found


def _input(remark: str, try_this: str, spans: tuple[Span, ...] = ()) -> Finding:
    return Finding(
        kind="input",
        side="look",
        spans=spans[:_MOST_SPANS],
        remark=remark,
        reason="The card is made from the words alone.",
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
_MOST_SPANS = 50
