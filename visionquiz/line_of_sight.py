"""From what one person does to what a customer gets: is a contribution whole, and which roles serve which points?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from visionquiz.text import content, stems_of, words
from visionquiz.vision import Role, Vision

__all__ = [
    "Lack", "Sight", "check_contribution", "find_copied", "invent_contributions", "join_contribution", "see_roles",
]  # fmt: skip

Part = Literal["action", "result", "point"]

COPIED = 0.8
"""From this share of an example's telling words on, a contribution is the example again."""

_MYSELF = frozenset("i i'd i'll i'm i've im ive me my mine myself".split())
_ALL_OF_US = frozenset("we we'd we'll we're we've us our ours everybody everyone team company department staff".split())

_SEEN = stems_of(
    """
    add answer arrange ask book bring build call carry change check clean collect compare confirm cook count cover cut
    deliver draw drive enter explain fetch file fill fit fix flag fold follow give hand hang hold inspect keep label
    lay leave lift link listen load lock log look mail mark measure mend move note offer open order pack park pay
    phone photograph pick place plan post prepare press print pull push put radio read record remove rename repair
    repeat replace reply report reset restock review rewrite ring say scan send set show sit sort stay stick stock stop
    store swap sweep take talk teach tell test text thank tick translate turn type update visit wait walk warn wash
    watch weigh wipe write knock train draft publish fund schedule simplify shorten
    """
)
"""Stems of deeds that somebody could watch. Ours, from general knowledge of English, not from any one vision."""

_COMPANY = stems_of(
    """
    we us our ourselves company business profit revenue sale sales turnover cost costs budget target targets margin boss
    manager numbers statistics brand reputation market efficient efficiency
    """
)
_SERVED = stems_of(
    """
    they them their customer client guest patient visitor passenger buyer caller shopper tenant resident member user
    supporter learner student person people family parent child kid baby household home house neighbour colleague
    somebody someone everybody everyone nobody anybody who he she him her his you your
    """
)


@dataclass(frozen=True, kw_only=True)
class Lack:
    """What a contribution lacks in one of its parts."""

    part: Part
    why: str
    sure: bool
    """False where only a pattern in the words speaks for it: it is then a question, and no reason to stop."""


def check_contribution(action: str, result: str, point: str, vision: Vision) -> tuple[Lack, ...]:
    """What is missing of a whole contribution: my own action, what the customer gets from it, the meaning point that
    it serves (by id). Nothing where nothing is missing.
    """
    found = [*_check_action(action), *_check_result(result)]
    if point not in {one.id for one in vision.meaning}:
        found.append(Lack(part="point", why="Choose the meaning point that it serves.", sure=True))
    return tuple(found)


def _check_action(action: str) -> list[Lack]:
    found = words(action)
    plain = {word.plain for word in found}
    if not found:
        return [Lack(part="action", why="Say one thing that you do, or will do from now on.", sure=True)]
    if plain & _ALL_OF_US and not plain & _MYSELF:
        return [
            Lack(
                part="action", why="This is about your whole team. Begin with “I”: what do you do yourself?", sure=True
            )
        ]
    if not {word.stem for word in found} & _SEEN:
        why = (
            "Could somebody watch you do it? “I care” cannot be seen, “I ring back before six” can. Only you can tell: "
            "if one could watch it, leave it as it is."
        )
        return [Lack(part="action", why=why, sure=False)]
    return []


def _check_result(result: str) -> list[Lack]:
    stems = {word.stem for word in words(result)}
    if not stems:
        why = "Say what a customer, or the colleague who serves one, has or knows because of it."
        return [Lack(part="result", why=why, sure=True)]
    if stems & _COMPANY and not stems & _SERVED:
        why = "This is what the company gets. What is different for the customer, or for the colleague who serves one?"
        return [Lack(part="result", why=why, sure=True)]
    return []


def join_contribution(action: str, result: str) -> str:
    """Both parts as one sentence.

    >>> join_contribution("I ring back before six.", "So that the caller knows who comes")
    'I ring back before six, so that the caller knows who comes.'
    """
    first = " ".join(action.split()).rstrip(" .,;!")
    second = " ".join(result.split()).rstrip(" .,;!")
    for opening in ("so that ", "so ", "because of it "):
        if second.casefold().startswith(opening):
            second = second[len(opening) :]
            break
    if words(second) and words(second)[0].plain not in _MYSELF:
        second = second[:1].lower() + second[1:]
    return f"{first}, so that {second}." if second else f"{first}."


def find_copied(text: str, vision: Vision) -> Role | None:
    """The role whose published example a contribution repeats, or None.

    It repeats an example if it has at least `COPIED` of its telling words, whatever their endings and order.
    """
    said = {word.stem for word in content(words(text))}
    for role in vision.roles:
        for example in role.contributions:
            known = {word.stem for word in content(words(example))}
            if len(known) > 1 and len(known & said) / len(known) >= COPIED:
                return role
    return None


@dataclass(frozen=True, kw_only=True)
class Sight:
    """How many contributions lead from each role to each meaning point."""

    contributions: int
    counts: Mapping[str, Mapping[str, int]]
    """By role id and point id."""
    orphans: tuple[str, ...]
    """Texts of the points that no role serves so far."""
    idle: tuple[str, ...]
    """Titles of the roles from which no contribution has come so far."""


def see_roles(bodies: Sequence[Mapping[str, Any]], vision: Vision) -> Sight:
    """The table of a room. `bodies` are what browsers sent: whatever names no role and point is passed over."""
    counts = {role.id: {point.id: 0 for point in vision.meaning} for role in vision.roles}
    total = 0
    for body in bodies:
        role, point = body.get("role"), body.get("point")
        if isinstance(role, str) and isinstance(point, str) and point in counts.get(role, {}):
            counts[role][point] += 1
            total += 1
    return Sight(
        contributions=total,
        counts=counts,
        orphans=tuple(one.text for one in vision.meaning if not any(row[one.id] for row in counts.values())),
        idle=tuple(role.title for role in vision.roles if not any(counts[role.id].values())),
    )


def invent_contributions(vision: Vision) -> list[Mapping[str, Any]]:
    """What invented people contribute: two from each role, who think of the first points and, where there are three or
    more, never of the last one.
    """
    points = [point.id for point in vision.meaning]
    points = points[:-1] if len(points) > 2 else points
    return [
        {"role": role.id, "point": points[(place + turn) % len(points)]}
        for place, role in enumerate(vision.roles)
        for turn in (0, 1 + place % 2)
    ]
