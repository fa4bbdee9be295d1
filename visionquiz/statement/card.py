"""What an evidence card holds: remarks that point at words, and figures beside those of published statements."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["EvidenceCard", "Figure", "Finding", "Kind", "Neighbour", "Side", "Source", "Span"]

Span = tuple[int, int]
"""Where words stand: ``statement[start:end]``."""

Side = Literal["problem", "strength", "look", "fact", "ask"]
"""What a remark does: it says what could not be read, speaks for the draft, asks for a second look, informs, or asks
what only people can answer."""

Kind = Literal[
    "input", "length", "ease", "rare", "rank", "generic", "jargon", "focus", "gain", "audience", "result", "verbs",
    "limits", "values", "meaning", "neighbours", "true", "motivating", "understood", "remembered",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a reason comes from: a name to read, and an address where there is one."""

    name: str
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One remark on a draft: which words it is about, why it matters, who says so, and what to try."""

    kind: Kind
    side: Side
    remark: str
    reason: str
    source: tuple[Source, ...]
    """Who says so, the most important first."""
    try_this: str
    spans: tuple[Span, ...] = ()
    """The words that it is about, in order; empty where it is about something that is not there, or about the whole."""
    measures: tuple[str, ...] = ()
    """Ids of the measures behind it; `load_accuracy` says how good they are."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number about a draft, and its place among the published statements."""

    measure: str
    label: str
    shown: str
    """The number with its unit, to read."""
    place: str
    """A sentence on where it lies among the published statements."""


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A published statement that shares words with a draft."""

    company: str
    statement: str
    kind: str
    source: str
    shared: tuple[str, ...]
    """Words of the draft that come up in it, the rarest among the published statements first."""
    same: bool = False
    """Whether it is word for word the draft."""


@dataclass(frozen=True, kw_only=True)
class EvidenceCard:
    """Everything that is known about a draft from its words. There is no total on purpose: these do not add up."""

    statement: str
    """What was read: as typed, but each character that cannot be shown is replaced by one that can."""
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()

    def of_side(self, side: Side) -> tuple[Finding, ...]:
        """The remarks of one side, in order."""
        return tuple(finding for finding in self.findings if finding.side == side)

    def of_kind(self, kind: Kind) -> Finding | None:
        """The first remark of a kind, or None."""
        return next((finding for finding in self.findings if finding.kind == kind), None)

    def quote(self, finding: Finding) -> tuple[str, ...]:
        """The words that a remark is about."""
        return tuple(self.statement[start:end] for start, end in finding.spans)
