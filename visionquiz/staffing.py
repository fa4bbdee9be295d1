"""Who is asked to the workshop: a team, held against rules of how many of whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visionquiz.curriculum import Bin, Card

__all__ = ["RuleCheck", "check_team", "read_team"]


@dataclass(frozen=True, kw_only=True)
class RuleCheck:
    """A rule, and how many of the team it counts."""

    rule: Bin
    count: int

    @property
    def is_met(self) -> bool:
        """Whether there are enough, and not too many."""
        return self.rule.least <= self.count and (not self.rule.most or self.count <= self.rule.most)

    @property
    def says(self) -> str:
        """The figure in words, e.g. ``2; at least 3 are needed``."""
        least, most = self.rule.least, self.rule.most
        if least and most:
            wanted = f"{least} to {most}"
        else:
            wanted = f"at least {least}" if least else f"at most {most}" if most else "any number"
        return f"{self.count}; asked for: {wanted}"


def check_team(cards: Sequence[Card], rules: Sequence[Bin], picked: Iterable[str]) -> tuple[RuleCheck, ...]:
    """Each rule with the number of picked people whose card names it. A rule that no card names counts everybody."""
    chosen = set(picked)
    team = [card for card in cards if card.id in chosen]
    named = {rule for card in cards for rule in card.bins}
    return tuple(
        RuleCheck(rule=rule, count=sum(rule.id in card.bins or rule.id not in named for card in team)) for rule in rules
    )


def read_team(body: Mapping[str, Any], people: Iterable[str]) -> frozenset[str]:
    """Whom somebody picked, of the people that there are. What a browser sent is anything."""
    sent = body.get("picked")
    return (
        frozenset(one for one in sent if isinstance(one, str)) & set(people) if isinstance(sent, list) else frozenset()
    )
