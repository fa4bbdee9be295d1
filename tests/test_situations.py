"""What may be told of scenarios, against somebody who tries all that linear algebra can do."""

import itertools
import random

import numpy as np
import pytest

from visionquiz.privacy import hide_small_groups
from visionquiz.situations import REST, Answered, choose_shown, share_options
from visionquiz.vision import Option, Scenario

MINIMUM = 3


def company(seed):
    """People in teams with jobs; each job meets two or three of some scenarios."""
    rng = random.Random(seed)
    scenarios = [f"s{number}" for number in range(rng.randint(2, 5))]
    jobs = [frozenset(rng.sample(scenarios, rng.randint(1, min(3, len(scenarios))))) for _ in range(rng.randint(1, 4))]
    people = {f"p{number}": (rng.choice(["a", "a/x", "a/y", "b"]), rng.choice(jobs)) for number in range(14)}
    groups = {("all", "all"): frozenset(people)}
    for team in ("a", "a/x", "a/y", "b"):
        groups["team", team] = frozenset(p for p, (own, _) in people.items() if (own + "/").startswith(team + "/"))
    met = {p: job | (frozenset({REST}) if rng.random() < 0.1 else frozenset()) for p, (_, job) in people.items()}
    return rng, people, groups, met


def table(met, versions):
    """A column for each thing that is counted: what somebody got for a scenario in a version."""
    return {
        one: number
        for number, one in enumerate(
            sorted((p, v, s) for p, scenarios in met.items() for v in range(versions) for s in scenarios)
        )
    }


def row(columns, version, met, people, scenarios=None):
    found = np.zeros(len(columns))
    for person in people:
        for one in met[person]:
            if scenarios is None or one in scenarios:
                found[columns[person, version[person, one], one]] = 1
    return found


def found_out(rows, columns):
    """People, fewer than the minimum, about whom alone a combination of the rows is."""
    matrix = np.array(rows)
    rank = np.linalg.matrix_rank(matrix)
    people = sorted({person for person, _, _ in columns})
    for size in range(1, MINIMUM):
        for few in itertools.combinations(people, size):
            others = [number for (person, _, _), number in columns.items() if person not in few]
            if np.linalg.matrix_rank(matrix[:, others]) < rank:
                return few
    return None


def connecting(met, new):
    """What connects scenarios: nothing, where what the means hold beside the scenarios is known."""
    return {p: own for p, own in new.items() if REST not in met[p] or REST in own}


def safe_means(groups):
    hidden = hide_small_groups(groups, MINIMUM)
    return {key: people for key, people in groups.items() if key not in hidden}


PUBLISHED = [seed for seed in range(300) if ("all", "all") in safe_means(company(seed)[2])]


@pytest.mark.parametrize("seed", PUBLISHED)
def test_nothing_is_found_out_about_few(seed):
    _, _, groups, met = company(seed)
    shown_groups = safe_means(groups)
    columns, version = table(met, 1), {(p, one): 0 for p, own in met.items() for one in own}
    means = [row(columns, version, met, who) for who in shown_groups.values()]
    assert found_out(means, columns) is None
    scenarios, told = choose_shown(met, met, shown_groups, MINIMUM)
    assert REST not in scenarios
    single = [row(columns, version, met, groups[key], {one}) for key in told for one in scenarios]
    assert found_out([*means, *single], columns) is None


def test_situations_are_told_where_they_can_be():
    """The test above would be content with nothing at all."""
    told = 0
    for seed in range(300):
        _, _, groups, met = company(seed)
        shown_groups = safe_means(groups)
        if ("all", "all") in shown_groups:
            scenarios, told_groups = choose_shown(met, met, shown_groups, MINIMUM)
            told += len(scenarios) > 1 and len(told_groups) > 1
    assert told > 60


@pytest.mark.parametrize("seed", PUBLISHED)
def test_nothing_is_found_out_from_two_publications(seed):
    """The means of the second one are those that `counted` lets through: here of groups that changed enough. Not all
    that changed did so in every scenario.
    """
    rng, people, groups, met = company(seed)
    first = safe_means(groups)
    changed = frozenset(rng.sample(sorted(people), rng.randint(0, 14)))
    news = {key: who & changed for key, who in first.items()}
    held = hide_small_groups(news, MINIMUM)
    second = {key: who for key, who in first.items() if key not in held}
    columns = table(met, 2)
    share = rng.choice((0.5, 1))
    new = {p: frozenset(one for one in sorted(met[p]) if rng.random() < share) or met[p] for p in sorted(changed)}
    before = {(p, one): 0 for p, own in met.items() for one in own}
    after = {(p, one): int(one in new.get(p, ())) for p, one in before}
    rows = [row(columns, before, met, who) for who in first.values()]
    rows += [row(columns, after, met, who) for who in second.values()]
    assert found_out(rows, columns) is None
    for groups_now, version, news in ((first, before, met), (second, after, connecting(met, new))):
        if ("all", "all") in groups_now:
            scenarios, told = choose_shown(met, news, groups_now, MINIMUM)
            rows += [row(columns, version, met, groups[key], {one}) for key in told for one in scenarios]
    assert found_out(rows, columns) is None


def test_a_scenario_that_few_met_takes_others_along():
    """What is left of the mean must not be theirs: nothing of a scenario is told unless enough people met both."""
    everybody = {f"p{number}": frozenset({"common", "other"}) for number in range(10)}
    few = {f"f{number}": frozenset({"rare", "common"}) for number in range(2)}
    met = everybody | few
    groups = {"all": frozenset(met)}
    assert choose_shown(everybody, everybody, {"all": frozenset(everybody)}, 5)[0] == {"common", "other"}
    assert choose_shown(met, met, groups, 5)[0] == {"common"}, "how people chose in the others stays unknown"
    more = met | {f"m{number}": frozenset({"rare", "common"}) for number in range(3)}
    assert choose_shown(more, more, {"all": frozenset(more)}, 5)[0] == {"common", "other", "rare"}


def test_a_division_of_everybody_is_no_way_around_what_is_left_of_it():
    """One of the four who met the rare scenario is not in the team: the team's share taken from all would be theirs."""
    team = {f"t{number}": frozenset({"rare", "common"}) for number in range(3)}
    rest = {"r0": frozenset({"rare", "common"})} | {f"o{number}": frozenset({"other", "common"}) for number in range(6)}
    met = team | rest
    groups = {"all": frozenset(met), "division": frozenset(met), "team": frozenset(team)}
    assert choose_shown(met, met, groups, 3) == ({"rare", "common", "other"}, ["all", "division"])


def test_shares_are_of_those_who_met_the_scenario_and_blanks_are_counted():
    ways = tuple(Option(text=text, points=points, why="") for text, points in (("a", 2), ("b", 0)))
    scenario = Scenario(id="s", title="S", situation="?", options=ways, meaning=(), roles=())
    people = [Answered(chosen={"s": place}) for place in (0, 0, 1, None)] + [Answered(chosen={"t": 1})]
    assert share_options(people, scenario) == (0.5, 0.25, 0.25)
    assert share_options(people[4:], scenario) == ()
