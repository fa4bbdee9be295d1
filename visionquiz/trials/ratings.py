"""Whether a draft is true of us today, and whether it is who we are going to be: what people say, by role."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from visionquiz.errors import TrialError
from visionquiz.privacy import hide_small_groups

__all__ = ["QUESTIONS", "SCALE", "Rating", "RoleRatings", "sum_ratings"]

QUESTIONS: Mapping[str, str] = {"today": "Is it true of us today?", "future": "Yes, that is who we are going to be."}
"""Question ids and what people read."""

SCALE = ("Not at all", "A little", "Partly", "Mostly", "Completely")
"""The answers, worth 1 to 5."""


@dataclass(frozen=True, kw_only=True)
class Rating:
    """One person's answer to one question. Raises `TrialError` unless it is one of the five answers."""

    person: str
    role: str
    question: str
    value: int
    """1..5, see `SCALE`."""

    def __post_init__(self) -> None:
        if self.question not in QUESTIONS:
            raise TrialError("This is no question that people rate a draft by.")
        if self.value not in range(1, len(SCALE) + 1):
            raise TrialError(f"A rating is one of {len(SCALE)} answers, from '{SCALE[0]}' to '{SCALE[-1]}'.")


@dataclass(frozen=True, kw_only=True)
class RoleRatings:
    """The ratings of one role, or of everybody (an empty role), for one question."""

    question: str
    role: str
    n: int | None
    """People who rated; None where the group is hidden."""
    mean: float | None
    """1..5; None where it is hidden or nobody rated."""
    counts: tuple[int, ...] | None
    """People per answer, from `Not at all` to `Completely`, of everybody only; None for roles and where hidden.

    Counts by role would let one person be picked out of a group that is large enough for a mean.
    """


def sum_ratings(ratings: Sequence[Rating], roles: Sequence[str] = (), *, minimum: int = 5) -> tuple[RoleRatings, ...]:
    """Per question everybody first, then each role in order; groups under `minimum` people are hidden, and what would
    give them away by subtraction (see `privacy.hide_small_groups`). The last rating of a person counts.
    """
    found: list[RoleRatings] = []
    for question in QUESTIONS:
        last = {one.person: one for one in ratings if one.question == question}
        people: defaultdict[str, set[str]] = defaultdict(set)
        for one in last.values():
            people[one.role].add(one.person)
        # A role that nobody named cannot be a row: an empty role is everybody.
        named = list(dict.fromkeys([*roles, *sorted(role for role in people if role)]))
        groups: dict[Hashable, frozenset[str]] = {("all",): frozenset(last)}
        groups |= {("role", role): frozenset(people[role]) for role in named}
        hidden = hide_small_groups(groups, minimum)
        found.append(_sum(question, "", None if ("all",) in hidden else list(last.values())))
        for role in named:
            members = [one for one in last.values() if one.role == role]
            found.append(_sum(question, role, None if ("role", role) in hidden else members))
    return tuple(found)


def _sum(question: str, role: str, members: Sequence[Rating] | None) -> RoleRatings:
    if not members:
        return RoleRatings(question=question, role=role, n=None, mean=None, counts=None)
    values = [one.value for one in members]
    counts = None if role else tuple(values.count(value) for value in range(1, len(SCALE) + 1))
    return RoleRatings(question=question, role=role, n=len(values), mean=sum(values) / len(values), counts=counts)
