"""Who was counted in the figures that were published, and which of these may be published anew.

Whoever keeps an old publication can compare it with a new one. If one person's level changed, the two means of a group
tell what it was and is. So a figure stays as it was until enough of its people changed. The guarantee, for every
minimum and any number of publications: no linear combination of all figures that were ever published, whatever its
factors, is about at least one and fewer than `minimum` people, not even for somebody who knows who changed and when.

What is counted of a person at one time, such as the points for one question, is a version; two that are the same are
one version. A figure is the sum of one version of each of its people. A group's new figure less its last one leaves
what changed: new versions of some people, taken in, and old versions, given up. No earlier figure holds a version that
is new to all of them, so no combination with earlier figures takes it out of the difference again. It is therefore
enough that every combination of the differences, unless nothing at all is left of it, holds new versions of at least
`minimum` people; of earlier figures alone the same was seen to before. That is what `privacy.hide_small_groups` finds,
with those who have a new version as its people. Silent is everything else in a difference: old versions, and versions
that only this group's figure does not hold yet, since an earlier figure may take them out.

A group without a last figure is its own difference. Where nothing was published yet, every version is new, and the rule
is the one for a single publication. It holds back more than it must where groups were held back before, where people
move or leave, and where a group is shown for the first time; never less.
"""

import datetime as dt
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from visionquiz.privacy import hide_small_groups

__all__ = ["GONE", "Counted", "Figure", "History", "Key", "Now", "count_anew", "digest", "hide_kept", "hold_back"]

Group = TypeVar("Group", bound=Hashable)

Key = tuple[str, str]
"""A group: its kind and its id."""

GONE = "gone-"
"""How the entry of somebody begins who was erased: one for each version, so some may be the same person's."""

History = Mapping[str, Mapping[str, frozenset[Group]]]
"""By person, then by every version of theirs that a figure ever held: the groups whose last figure holds it."""

Now = Mapping[str, tuple[str, frozenset[Group]]]
"""By person who counts now: the version, and the groups that they are in."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was published last of one group, about one thing."""

    value: tuple[float, ...]
    as_of: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Counted:
    """All that must be known of earlier publications of one check. People and versions are digests under `key`."""

    key: str
    minimum: int
    """The lowest that anything was published with; 0 where nothing was."""
    figures: Mapping[Key, Mapping[str, Figure]] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    """Of figures about parts: a digest of the parts that were asked for."""
    """By group, then by what they are about: ``answered``, ``review`` or a column."""
    people: Mapping[str, History[Key]] = field(default_factory=dict)
    """By what the figures are about."""


def digest(key: str, *said: str) -> str:
    """A short digest that means nothing without the key."""
    return hmac.new(key.encode(), "\0".join(said).encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:20]


def hold_back(history: History[Group], now: Now[Group], groups: Collection[Group], minimum: int) -> set[Group]:
    """Those of `groups` whose figure must stay as it is, or stay hidden if there is none.

    >>> old = {person: {"1": frozenset({"all"})} for person in "abcdefgh"}
    >>> new = {person: ("2" if person in "abcde" else "1", frozenset({"all"})) for person in "abcdefgh"}
    >>> hold_back(old, new, ["all"], 5), hold_back(old, new, ["all"], 6)
    (set(), {'all'})
    """
    wanted = frozenset(groups)
    news: defaultdict[Group, set[str]] = defaultdict(set)
    silent: set[frozenset[Group]] = set()
    empty = set(wanted)
    for person, (version, inside) in now.items():
        known = history.get(person, {})
        empty -= inside
        if version in known:
            silent.add(inside - known[version])
        else:
            for group in inside & wanted:
                news[group].add(person)
    for person, known in history.items():
        current, inside = now.get(person, (None, frozenset()))
        for version, holds in known.items():
            if version == current:
                silent.add(holds - inside)
            elif current in known or holds & wanted != inside & wanted:
                silent.add(holds)
            # else: given up together with taking in a new version in just the same groups, which tells nothing more
    silent = {place & wanted for place in silent} - {frozenset()}
    changed = {group: frozenset(news.get(group, ())) for group in {*news, *(one for place in silent for one in place)}}
    return empty | hide_small_groups(changed, minimum, silent)


def hide_kept(history: History[Group], groups: Collection[Group], minimum: int) -> set[Group]:
    """Those of `groups` to be hidden, so that the figures that each has by now tell nothing about fewer people than a
    `minimum` that was lower once. Some may be older than others.

    Of whom two figures hold different versions is silent: it can be somebody else's version as well as theirs.
    """
    wanted = frozenset(groups)
    held: dict[Group, set[str]] = {group: set() for group in wanted}
    silent: set[frozenset[Group]] = set()
    for person, known in history.items():
        places = [holds & wanted for holds in known.values() if holds & wanted]
        if len(places) == 1 and not person.startswith(GONE):
            for group in places[0]:
                held[group].add(person)
        else:
            silent.update(places)
    return hide_small_groups({group: frozenset(people) for group, people in held.items()}, minimum, silent)


def count_anew(
    history: History[Group], now: Now[Group], anew: Collection[Group]
) -> dict[str, dict[str, frozenset[Group]]]:
    """The history after the figures of the groups `anew` were published. A version stays known for good."""
    fresh = frozenset(anew)
    found = {person: {version: holds - fresh for version, holds in known.items()} for person, known in history.items()}
    for person, (version, inside) in now.items():
        if inside & fresh:
            known = found.setdefault(person, {})
            known[version] = known.get(version, frozenset()) | (inside & fresh)
    return found
