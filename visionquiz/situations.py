"""Of which scenarios it may be told what people chose, so that nothing follows about a few of them.

The mean of a scenario question is a sum over scenarios, so what is told of single scenarios can be taken out of it: if
three people met a scenario that nothing is told about, the mean less the rest is theirs. The means of groups, with
what `privacy` hides, are safe. What is told of scenarios keeps them so if it holds no more than the means do whenever
few people are to be left over. Take a combination of published sums that is about some people, but fewer than the
minimum. Somebody whom it is not about must have the same factor (the negative of what the means of all their groups,
teams or roles, hold of that person) before each of their scenarios. If at least the minimum of people met both of two
scenarios, one of those is not in the combination, so the factors of the two are equal. Where such pairs connect all
scenarios that people of a group met (those that nothing is told about are one more, with factor nought), all factors
are equal, and the sum over scenarios is a multiple of the group's mean: the combination is one of means alone, and
those are safe. Where groups nest, this is asked of every group less the groups within it for which it is asked, too.

Over several publications, all of this is told anew at once, together with the means of the same groups, and only those
connect two scenarios whose answers to both are new: no earlier figure holds the points for them, so these factors are
those of the newest publication alone. It is not enough that somebody changed in one of the two: of five such people,
two may have changed in the other one, and it would tell about these two. Where everybody met a single scenario, the
minimum of people must have new answers to it. Then the newest figures about scenarios can be replaced by means, and the
newest means tell nothing more than earlier figures do, unless about the minimum of people whose points for some
scenario are new. So whoever puts together answers that earlier figures hold, each for itself, is no news to a mean
either (`recombined`), and so on back to the first publication.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from visionquiz.counted import History, Now
from visionquiz.quiz import Quiz, pick_scenarios
from visionquiz.vision import Scenario, Vision

__all__ = ["REST", "Answered", "asked_scenarios", "choose_shown", "collect_answers", "recombined", "share_options"]

Group = TypeVar("Group", bound=Hashable)

Met = frozenset[str]
"""The scenarios that somebody met."""

Crowd = Counter[tuple[Met, Met]]
"""How many people met the same scenarios, and in which of these their answers are new."""

REST = ""
"""Stands for all scenarios that nothing is told about, and for points that are not those of a known option."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What somebody chose."""

    chosen: dict[str, int | None] = field(default_factory=dict)
    """By scenario id the place of the option; None for a blank."""
    worths: dict[str, str] = field(default_factory=dict)
    """By scenario id, which points for which question the option gives."""
    points: frozenset[str] = frozenset()
    """Which points for which question the means hold; a trainer may have given others than the option does."""

    @property
    def met(self) -> Met:
        """The scenarios that this person met, and the `REST` where the points did not come from these alone."""
        return frozenset(self.chosen) | ({REST} if self.points - set(self.worths.values()) else frozenset())

    def new(self, known: Collection[str]) -> Met:
        """Those that this person `met` and that are new beside `known` points."""
        new = frozenset(one for one, worth in self.worths.items() if worth not in known)
        given = self.points - set(self.worths.values())
        if not given:
            return new
        # Otherwise the means hold something of this person that was known, and no two factors need be equal.
        return frozenset() if given & set(known) else new | {REST}


def asked_scenarios(quiz: Quiz, vision: Vision) -> list[Scenario]:
    """The scenarios that a check asks of somebody, in the vision's order; none where it has several questions with
    scenarios, whose means would have to be kept apart.
    """
    if len({slot.column for slot in quiz.slots}) != 1:
        return []
    asked = {scenario.id for slot in pick_scenarios(quiz, vision).values() for scenario in slot.values()}
    return [scenario for scenario in vision.scenarios if scenario.id in asked]


def collect_answers(
    rows: Iterable[tuple[str, str, str, float]],
    quiz: Quiz,
    vision: Vision,
    chosen: Mapping[tuple[str, str], int | None],
) -> dict[str, Answered]:
    """What each person chose, from (person, question id, role id, share of the points) of all scenario answers and from
    the place of the option by person and question.
    """
    met = pick_scenarios(quiz, vision)
    found: defaultdict[str, Answered] = defaultdict(Answered)
    for person, question, role, share in rows:
        before, scenario = found[person], met[question].get(role)
        points = f"{question} {share:.6f}"
        if scenario is None:
            found[person] = replace(before, points=before.points | {points})
            continue
        place = chosen.get((person, question))
        option = 0.0 if place is None else scenario.options[place].points / scenario.best
        worth = f"{question} {option:.6f}"
        found[person] = Answered(
            chosen={**before.chosen, scenario.id: place},
            worths={**before.worths, scenario.id: worth},
            points=before.points | {worth if abs(option - share) < 0.0001 else points},
        )
    return dict(found)


def share_options(people: Iterable[Answered], scenario: Scenario) -> tuple[float, ...]:
    """The share (0..1) of those who met a scenario who chose each option, and last of those who chose none; empty where
    nobody met it.
    """
    places = [one.chosen[scenario.id] for one in people if scenario.id in one.chosen]
    counts = Counter(places)
    return tuple(counts[place] / len(places) for place in (*range(len(scenario.options)), None)) if places else ()


def choose_shown(
    met: Mapping[str, Met], new: Mapping[str, Met], groups: Mapping[Group, frozenset[str]], minimum: int
) -> tuple[Met, list[Group]]:
    """The scenarios whose shares may be told, and of which groups.

    `met` says which scenarios each person answered, `new` in which of these no figure holds the points yet, or none but
    means of all of them together. `groups` nest or are apart, the first one holds everybody, and the means of all of
    them are published at the same time. There are no groups where there is no scenario.
    """
    whole, *others = groups
    crowds = {
        group: Crowd((met[person], new.get(person, frozenset())) for person in people if person in met)
        for group, people in groups.items()
    }
    shown = _choose_scenarios(crowds[whole], minimum)
    if not shown:
        return frozenset(), []
    left = {whole: crowds[whole]}
    for group in sorted(others, key=lambda one: (-len(groups[one]), str(one))):
        # The last one is the smallest, and of several with the same people the one that the rest was left to.
        parent = [one for one in left if groups[group] <= groups[one]][-1]
        rest = left[parent] - crowds[group]
        if all(_is_connected(crowd, shown, minimum) for crowd in (crowds[group], rest)):
            left[group], left[parent] = crowds[group], rest
    return shown, list(left)


def recombined(
    history: History[Group], now: Now[Group], points: Mapping[str, Collection[str]], known: History[Group]
) -> dict[str, Mapping[str, frozenset[Group]]]:
    """The history of the means, where versions are known that are put together from `points` which figures hold.

    `now` is what the means count, `known` which points the figures of each person hold.
    """
    found = dict(history)
    for person, (version, _) in now.items():
        if person in points and points[person] and set(points[person]) <= known.get(person, {}).keys():
            found[person] = {version: frozenset(), **found.get(person, {})}
    return found


def _choose_scenarios(crowd: Crowd, minimum: int) -> Met:
    """As many as are connected, without those that the fewest people met."""
    people: Counter[str] = Counter()
    for (met, _), count in crowd.items():
        people.update(dict.fromkeys(met, count))
    shown = set(people) - {REST}
    while shown and not _is_connected(crowd, shown, minimum):
        largest = max(_parts(crowd, shown, minimum), key=lambda part: (sum(people[one] for one in part), min(part)))
        # What is not connected goes, and where only what is left out is apart, what fewest people met.
        candidates = shown - largest or shown
        shown.remove(min(candidates, key=lambda one: (people[one], one)))
    return frozenset(shown)


def _is_connected(crowd: Crowd, shown: Collection[str], minimum: int) -> bool:
    parts = _parts(crowd, shown, minimum)
    if not parts or parts == [{REST}]:
        return True
    if len(parts) == 1 and len(parts[0]) == 1:
        return sum(count for (_, new), count in crowd.items() if not new.isdisjoint(parts[0])) >= minimum
    return len(parts) == 1


def _parts(crowd: Crowd, shown: Collection[str], minimum: int) -> list[set[str]]:
    """The scenarios that some of these people met, in parts that pairs with enough new people in common connect."""
    pairs: Counter[tuple[str, str]] = Counter()
    nodes: set[str] = set()
    for (met, new), count in crowd.items():
        if count > 0:
            nodes |= {one if one in shown else REST for one in met}
            fresh = sorted({one if one in shown else REST for one in new})
            pairs.update(dict.fromkeys(itertools.combinations(fresh, 2), count))
    near: defaultdict[str, set[str]] = defaultdict(set)
    for (one, other), count in pairs.items():
        if count >= minimum:
            near[one].add(other)
            near[other].add(one)
    return list(_components(nodes, near))


def _components(nodes: set[str], near: Mapping[str, set[str]]) -> Iterable[set[str]]:
    left = set(nodes)
    while left:
        part, open_ = set[str](), [min(left)]
        while open_:
            one = open_.pop()
            if one not in part:
                part.add(one)
                open_ += near.get(one, ())
        left -= part
        yield part
