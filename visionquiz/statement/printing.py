"""An evidence card as lines of text, for a terminal or a mail."""

from collections.abc import Iterator

from visionquiz.statement.card import EvidenceCard, Finding, Side, Source
from visionquiz.statement.measures import Accuracy, load_accuracy

__all__ = ["HEADINGS", "HOW_GOOD", "NO_TOTAL", "explain_accuracy", "print_card"]

HEADINGS: dict[Side, str] = {
    "problem": "About what was typed",
    "strength": "What speaks for it",
    "look": "Worth another look",
    "fact": "Good to know",
    "ask": "What no text measure can tell: ask people",
}
"""The sides of a card in order, as headings."""

NO_TOTAL = (
    "There is no total score: these remarks do not add up. Each is a pattern that was found in the words, and a "
    "pattern can be wrong about your draft."
)

HOW_GOOD = (
    "Take one of 52 published service statements and one of 34 counter-examples, such as missions and claims of rank, "
    "by chance. How often does the measure alone tell which is which? 50 of 100 is no better than a coin. Where "
    "the interval goes "
    "below 50, it may be no better than one. One reader sorted the statements, and the word lists were made by "
    "somebody who had read them, so expect less on yours."
)
"""What the figures of `explain_accuracy` are."""


def explain_accuracy(found: Accuracy) -> str:
    """How good a measure is, in a sentence."""
    coin = "; it may be no better than a coin" if found.chance else ""
    return (
        f"{_first(found.label)}: right in {found.auc * 100:.0f} of 100 pairs "
        f"(interval {found.low * 100:.0f} to {found.high * 100:.0f}){coin}."
    )


def print_card(card: EvidenceCard, *, how_good: bool = False) -> Iterator[str]:
    """The card line by line, without line breaks; with `how_good` also how good each measure is."""
    if card.statement.strip():
        yield from (" ".join(card.statement.split()), "")
    for figure in card.figures:
        yield f"{figure.label}: {figure.shown}. {figure.place}"
    for side, heading in HEADINGS.items():
        found = card.of_side(side)
        if found:
            yield from ("", heading.upper())
        for finding in found:
            yield from _print_finding(finding)
    if card.neighbours:
        yield from ("", "PUBLISHED STATEMENTS THAT SHARE WORDS WITH IT")
        for one in card.neighbours:
            same = "word for word the same" if one.same else f"shares {', '.join(one.shared[:5])}"
            yield f"* {one.company} ({one.kind}; {same}): {one.statement}"
            yield f"    {one.source}"
    if how_good:
        yield from ("", "HOW GOOD IS THIS MEASURE?", HOW_GOOD)
        yield from (f"* {explain_accuracy(found)}" for found in load_accuracy().values())
    yield from ("", NO_TOTAL)


def _print_finding(finding: Finding) -> Iterator[str]:
    yield f"* {finding.remark}"
    yield f"    Why: {finding.reason}"
    if finding.source:
        yield f"    Source: {'; '.join(map(_cite, finding.source))}"
    yield f"    Try: {finding.try_this}"


def _cite(source: Source) -> str:
    return f"{source.name}, {source.address}" if source.address else source.name


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]
