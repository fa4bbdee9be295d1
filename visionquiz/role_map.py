"""The line of sight of a whole company: which role's people serve which meaning point, and which points nobody serves.

What `line_of_sight.see_roles` counts in a room where people say it themselves, here told by the grader for a check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from visionquiz.parts import SERVES, UNKNOWN, Part
from visionquiz.summaries import Column, Group, Summary, share_of

__all__ = ["ORPHAN", "RoleMap", "RoleRow", "map_roles"]

ORPHAN = 0.05
"""A point that a smaller share of the contributions serve counts as one that nobody does, of those that the grader can
put to a point: about one in five is put to a wrong one, so that each of five points gets some 4 % by mistake.
"""

PLACED = 20
"""Of fewer contributions, a point without any may be chance: of five points served alike, one has none of 20 in 1 %."""

KNOWN = 0.5
"""Of fewer people than this share, nothing is told of a group: most were graded before anybody asked."""


@dataclass(frozen=True, kw_only=True)
class RoleRow:
    """Which points the people of a role serve; nothing but its name where the role is hidden or nothing is known."""

    id: str
    label: str
    hidden: bool
    shares: Mapping[str, float] = field(default_factory=dict)
    """By point id, of those of whom it is known, the share (0..1) whose contribution serves this point most. What is
    left of 1 serves none that the grader can tell."""


@dataclass(frozen=True, kw_only=True)
class RoleMap:
    """Roles by meaning points."""

    points: Mapping[str, str]
    """The text of each meaning point, by its id, in the vision's order."""
    whole: RoleRow
    """Of all people who are looked at."""
    roles: tuple[RoleRow, ...]
    orphans: tuple[str, ...]
    """Ids of the points that hardly anybody serves (see `ORPHAN`); empty where too little is known of them."""

    @property
    def placed(self) -> float:
        """The share (0..1) of these people whose contribution can be put to a point."""
        return min(1.0, sum(self.whole.shares.values()))


def map_roles(summary: Summary, group: Group | None = None) -> RoleMap | None:
    """The map of a check, for the people of `group`, by default for everybody, beside the roles of the summary. None
    where it asks for no contribution, or was published before points were told.

    Where it asks for several, the first one is meant, as elsewhere.
    """
    column = next((one for one in summary.columns if one.kind == "contribute"), None)
    parts = [part for part in column.parts if part.id.startswith(SERVES)] if column else []
    group = group or next(iter(summary.of_kind("all")), None)
    if column is None or group is None or not parts:
        return None
    whole = _row(group, column, parts)
    placed = sum(whole.shares.values())
    few = placed * group.answered < PLACED
    return RoleMap(
        points={_point(part): part.label for part in parts},
        whole=whole,
        roles=tuple(_row(role, column, parts) for role in summary.of_kind("role")),
        orphans=() if few else tuple(one for one, share in whole.shares.items() if share < ORPHAN * placed),
    )


def _row(group: Group, column: Column, parts: list[Part]) -> RoleRow:
    shares: dict[str, float] = {}
    for part in parts:
        serve = share_of(group, column, part.id, "yes")
        known = 1 - (share_of(group, column, part.id, UNKNOWN) or 0.0)
        if serve is None or group.hidden or known < KNOWN:
            shares.clear()
            break
        # Shares are rounded when they are published; nobody is more than everybody.
        shares[_point(part)] = min(1.0, serve / known)
    return RoleRow(id=group.id, label=group.label, hidden=group.hidden, shares=shares)


def _point(part: Part) -> str:
    return part.id.removeprefix(SERVES)
