"""Of which scenarios it may be told what people chose, so that nothing follows about a few of them.

The mean of a scenario question is a sum over scenarios, so what is told of single scenarios can be taken out of it: if
three people met a scenario that nothing is told about, the mean less the rest is theirs. The means of groups, with
what `privacy` hides, are safe. What is told of scenarios keeps them so if it holds no more than the means do whenever
few people are to be left over. Take a combination of published sums that is about some people, but fewer than the
minimum. Somebody whom it is not about must have the same factor (the negative of what the means hold of that person)
before each of their scenarios. If at least the minimum of people met both of two scenarios, one of those is not in the
combination, so the factors of the two are equal. Where such pairs connect all scenarios that people of a group met
(those that nothing is told about are one more, with factor nought), all factors are equal, and the sum over scenarios
is a multiple of the group's mean: the combination is one of means alone, and those are safe. Where groups nest, this is
asked of every group less the groups within it for which it is asked, too.

It holds over any number of publications if all of this is told anew at once, together with the means of the same
groups, and if those who changed connect the scenarios by themselves: theirs are the answers that no earlier figure
holds, so the factors of the newest publication are equal, it can be replaced by means, and so on back to the first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from visionquiz.quiz import Quiz, pick_scenarios
from visionquiz.vision import Scenario, Vision

__all__ = ["REST", "Answered", "asked_scenarios", "choose_shown", "collect_answers", "share_options"]

Group = TypeVar("Group", bound=Hashable)

Met = frozenset[str]
"""The scenarios that somebody met."""

Crowd = Counter[tuple[Met, bool]]
"""How many people met the same scenarios, and whether their answers are new."""

REST = ""
"""Stands for all scenarios that nothing is told about, and for points that are not those of a known option."""


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What somebody chose."""

    chosen: dict[str, int | None] = field(default_factory=dict)
    """By scenario id the place of the option; None for a blank."""
    told: bool = True
    """Whether this is all that the points came from; a trainer may have given others."""

    @property
    def met(self) -> Met:
        """The scenarios that this person met, and the `REST` where that is not all."""
        return frozenset(self.chosen) | (frozenset() if self.told else {REST})


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
        if scenario is None:
            found[person] = Answered(chosen=before.chosen, told=False)
            continue
        place = chosen.get((person, question))
        worth = 0.0 if place is None else scenario.options[place].points / scenario.best
        told = before.told and abs(worth - share) < 0.0001
        found[person] = Answered(chosen={**before.chosen, scenario.id: place}, told=told)
    return dict(found)


def share_options(people: Iterable[Answered], scenario: Scenario) -> tuple[float, ...]:
    """The share (0..1) of those who met a scenario who chose each option, and last of those who chose none; empty where
    nobody met it.
    """
    places = [one.chosen[scenario.id] for one in people if scenario.id in one.chosen]
    counts = Counter(places)
    return tuple(counts[place] / len(places) for place in (*range(len(scenario.options)), None)) if places else ()


def choose_shown(
    met: Mapping[str, Met], new: Collection[str], groups: Mapping[Group, frozenset[str]], minimum: int
) -> tuple[Met, list[Group]]:
    """The scenarios whose shares may be told, and of which groups.

    `met` says which scenarios each person answered, `new` whose answers no figure about scenarios holds yet. `groups`
    nest or are apart, the first one holds everybody, and the means of all of them are published at the same time. There
    are no groups where there is no scenario.
    """
    whole, *others = groups
    fresh = set(new)
    crowds = {
        group: Crowd((met[person], person in fresh) for person in people if person in met)
        for group, people in groups.items()
    }
    shown = _choose_scenarios(crowds[whole], minimum)
    if not shown:
        return frozenset(), []
    left = {whole: crowds[whole]}
    for group in sorted(others, key=lambda one: (-len(groups[one]), str(one))):
        around = [one for one in left if groups[group] <= groups[one]]
        parent = min(around, key=lambda one: len(groups[one]))
        rest = left[parent] - crowds[group]
        if all(_is_connected(crowd, shown, minimum) for crowd in (crowds[group], rest)):
            left[group], left[parent] = crowds[group], rest
    return shown, list(left)


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
    return len(_parts(crowd, shown, minimum)) <= 1


def _parts(crowd: Crowd, shown: Collection[str], minimum: int) -> list[set[str]]:
    """The scenarios that some of these people met, in parts that pairs with enough new people in common connect."""
    pairs: Counter[tuple[str, str]] = Counter()
    nodes: set[str] = set()
    for (met, is_new), count in crowd.items():
        if count > 0:
            seen = sorted({one if one in shown else REST for one in met})
            nodes |= set(seen)
            if is_new:
                pairs.update({(one, other): count for one in seen for other in seen if one < other})
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
