"""What the card says of a draft before and after somebody has worked on it, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from visionquiz.statement.card import EvidenceCard, Finding, Kind

__all__ = ["TOPICS", "Change", "compare_cards"]

Way = Literal["better", "worse", "same"]

TOPICS: Mapping[Kind, str] = {
    "length": "How long it is",
    "focus": "Who is served",
    "result": "What the customer gets",
    "verbs": "What people do",
    "limits": "What it rules out",
    "rank": "Claims of rank",
    "gain": "The company first",
    "audience": "Others than customers",
    "generic": "What any company could say",
    "jargon": "Words of the trade",
}
"""Kinds of remark that can speak for a draft or ask for a second look, in the order in which they are compared."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the card says on one topic of the one draft and of the other."""

    topic: str
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]
    way: Way
    """Whether the remarks speak more for the second draft, less, or as much. They know patterns in words only."""


def compare_cards(before: EvidenceCard, after: EvidenceCard) -> tuple[Change, ...]:
    """The topics on which one of the cards has a remark, the changed ones first; none where one of the drafts could not
    be read. There is no sum of them: the remarks do not add up.
    """
    if not (before.figures and after.figures):
        return ()
    found = []
    for kind, topic in TOPICS.items():
        old, new = _of_kind(before, kind), _of_kind(after, kind)
        if old or new:
            step = _stand(new) - _stand(old)
            way: Way = "better" if step > 0 else "worse" if step < 0 else "same"
            found.append(Change(topic=topic, before=old, after=new, way=way))
    order = ("better", "worse", "same")
    return tuple(sorted(found, key=lambda change: order.index(change.way)))


def _of_kind(card: EvidenceCard, kind: Kind) -> tuple[Finding, ...]:
    return tuple(finding for finding in card.findings if finding.kind == kind)


def _stand(findings: tuple[Finding, ...]) -> int:
    """1 where remarks speak for a draft, -1 where they ask for a second look, 0 for neither and for both."""
    sides = {finding.side for finding in findings}
    return ("strength" in sides) - ("look" in sides)
