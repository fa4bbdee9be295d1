"""Hiding is tested by attack: an independent attacker tries every linear combination of what is published."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from visionquiz.privacy import hide_small_groups


def recovered(shown: dict[str, frozenset[str]], minimum: int) -> list[frozenset[str]]:
    """Sets of fewer people than the minimum about whom some combination of the shown groups says something.

    Such a combination exists for a set of cells if and only if dropping their columns lowers the rank of the matrix; it
    is enough to try the sets to which no cell can be added.
    """
    everyone = sorted(set().union(*shown.values()))
    where = {person: tuple(name for name in sorted(shown) if person in shown[name]) for person in everyone}
    cells = Counter(where.values())
    names = sorted(cells)
    matrix = np.array([[name in cell for cell in names] for name in sorted(shown)], dtype=float)
    sizes = np.array([cells[name] for name in names])
    chosen = [list(places) for places in few_enough(sizes.tolist(), minimum)]
    kept = np.ones((len(chosen), len(names)))
    for number, places in enumerate(chosen):
        kept[number, places] = 0
    spare = minimum - 1 - (1 - kept) @ sizes
    kept = kept[(np.where(kept > 0, sizes, np.inf).min(axis=1) > spare)]
    ranks = np.linalg.matrix_rank(matrix[None] * kept[:, None])
    lower = kept[ranks < np.linalg.matrix_rank(matrix)]
    return [frozenset(p for p in everyone if not row[names.index(where[p])]) for row in lower]


def few_enough(sizes: list[int], minimum: int, start: int = 0) -> Iterator[tuple[int, ...]]:
    """All sets of places whose sizes add up to less than the minimum."""
    yield ()
    for place in range(start, len(sizes)):
        if sizes[place] < minimum:
            for rest in few_enough(sizes, minimum - sizes[place], place + 1):
                yield (place, *rest)


def organisation(seed: int, *, regions: bool = False) -> dict[str, frozenset[str]]:
    """Everyone, nested teams and roles of a small invented organisation; with regions, which overlap both."""
    rng = random.Random(seed)
    people = [f"p{number}" for number in range(rng.randint(6, 60))]
    teams = [f"{d}/{t}" for d in "ABC"[: rng.randint(1, 3)] for t in range(rng.randint(1, 3))]
    roles = "rstu"[: rng.randint(1, 3 if len(teams) < 6 else 2)]
    if regions:
        teams, roles = teams[:3], roles[:2]
    groups: dict[str, set[str]] = {"all": set(people)}
    for person in people:
        team = rng.choice(teams)
        names = [f"team {team}", f"division {team[0]}", f"role {rng.choice(roles)}"]
        if regions:
            names.append(f"region {rng.choice('EW')}")
        for name in names:
            groups.setdefault(name, set()).add(person)
    return {name: frozenset(members) for name, members in groups.items()}


def large_enough(groups: dict[str, frozenset[str]], minimum: int) -> dict[str, frozenset[str]]:
    return {name: people for name, people in groups.items() if len(people) >= minimum}


@pytest.mark.parametrize("minimum", [3, 5, 8])
@pytest.mark.parametrize("start", range(0, 200, 20))
def test_no_combination_of_published_groups_singles_out_a_few(start, minimum):
    for seed in range(start, start + 20):
        groups = organisation(seed)
        hidden = hide_small_groups(groups, minimum)
        shown = {name: people for name, people in groups.items() if name not in hidden}
        if shown:
            assert recovered(shown, minimum) == [], f"organisation {seed}"
        if hidden > groups.keys() - large_enough(groups, minimum).keys():
            assert recovered(large_enough(groups, minimum), minimum), f"organisation {seed}: hidden without need"


@pytest.mark.parametrize("minimum", [3, 5, 8])
def test_groups_that_overlap_in_three_ways_are_as_safe(minimum):
    published = 0
    for seed in range(60):
        groups = organisation(seed, regions=True)
        hidden = hide_small_groups(groups, minimum)
        shown = {name: people for name, people in groups.items() if name not in hidden}
        if shown:
            assert recovered(shown, minimum) == [], f"organisation {seed}"
        published += len({name.split()[0] for name in shown} & {"team", "role", "region"}) == 3
    assert published > 5


@pytest.mark.parametrize("minimum", [3, 5, 8])
def test_groups_without_any_order_are_as_safe(minimum):
    for seed in range(60):
        rng = random.Random(seed)
        everyone = [f"p{number}" for number in range(rng.randint(10, 16))]
        groups = {f"g{n}": frozenset(rng.sample(everyone, rng.randint(3, len(everyone)))) for n in range(7)}
        hidden = hide_small_groups(groups, minimum)
        shown = {name: people for name, people in groups.items() if name not in hidden}
        if shown:
            assert recovered(shown, minimum) == [], f"groups {seed}"


@pytest.mark.parametrize("minimum", [3, 5, 8])
def test_the_attack_finds_what_a_threshold_alone_leaves_open(minimum):
    leaks = 0
    for seed in range(40):
        shown = large_enough(organisation(seed), minimum)
        leaks += bool(shown and recovered(shown, minimum))
    assert leaks > 5


def test_a_team_of_several_roles_is_as_safe_as_one_of_a_single_role():
    # Six people in six roles are six cells: Everyone less the two big teams would speak of them.
    teams = {"Small": range(6), "Big1": range(6, 66), "Big2": range(66, 126)}
    groups = {name: frozenset(map(str, numbers)) for name, numbers in teams.items()}
    groups["Everyone"] = frozenset(map(str, range(126)))
    for role in range(6):
        groups[f"role {role}"] = frozenset(str(number) for number in range(126) if number % 6 == role)
    assert hide_small_groups(groups, 6) == set()
    assert hide_small_groups(groups, 10) == {"Small", "Big1"}


def company(people: int, teams: int, roles: int, regions: int) -> dict[tuple[str, str], frozenset[str]]:
    """A large invented company, its teams in regions."""
    rng = random.Random(0)
    groups: dict[tuple[str, str], set[str]] = {}
    for number in range(people):
        team = rng.randrange(teams)
        region = f"region {team % regions}"
        names = ("all", "all"), ("team", region), ("team", f"{region}/{team}"), ("role", str(rng.randrange(roles)))
        for name in names:
            groups.setdefault(name, set()).add(f"p{number}")
    return {name: frozenset(members) for name, members in groups.items()}


@pytest.mark.parametrize("size", [(2_000, 200, 6, 12), (100_000, 10_000, 20, 50)])
def test_large_companies_are_no_harder(size):
    groups = company(*size)
    hidden = hide_small_groups(groups)
    small = {key for key, members in groups.items() if len(members) < 5}
    assert small <= hidden
    assert len(hidden) < len(groups) / 10


def test_the_order_of_groups_does_not_matter():
    groups = company(600, 60, 6, 8)
    first = hide_small_groups(groups)
    assert any(len(groups[key]) >= 5 for key in first)
    for seed in range(5):
        keys = list(groups)
        random.Random(seed).shuffle(keys)
        assert hide_small_groups({key: groups[key] for key in keys}) == first


def test_the_order_of_people_in_a_set_does_not_matter():
    code = """
import random
from visionquiz.privacy import hide_small_groups
for seed in range(30):
    rng = random.Random(seed)
    groups = {"all": set()}
    for number in range(80):
        for name in ("all", f"team {rng.randrange(9)}", f"role {rng.randrange(4)}", f"region {rng.randrange(3)}"):
            groups.setdefault(name, set()).add(f"p{number}")
    print(sorted(hide_small_groups({name: frozenset(people) for name, people in groups.items()}, 8)))
"""
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert len(printed) == 1
    assert b"team" in printed.pop()


def people(letters: str) -> frozenset[str]:
    return frozenset(letters)


def test_a_large_enough_group_alone_is_shown():
    assert hide_small_groups({"all": people("abcde")}) == set()


def test_a_small_group_is_hidden():
    assert hide_small_groups({"all": people("abcd")}) == {"all"}


def test_the_next_smallest_goes_with_the_only_small_one():
    groups = {
        "all": people("abcdefghijklmnopqr"),
        "big": people("hijklmnopqr"),
        "middle": people("cdefg"),
        "small": people("ab"),
    }
    assert hide_small_groups(groups) == {"small", "middle"}


def test_two_small_ones_that_hide_each_other_cost_no_third():
    groups = {
        "all": people("abcdefghijklmnopqr"),
        "big": people("ghijklmnopqr"),
        "one": people("abc"),
        "two": people("def"),
    }
    assert hide_small_groups(groups) == {"one", "two"}


def test_a_role_across_teams_does_not_give_a_team_away():
    # Role r is team A and two people of team B: r minus A speaks of the two.
    groups = {"A": people("abcdefg"), "B": people("xyhijklm"), "role r": people("abcdefgxy")}
    hidden = hide_small_groups(groups)
    assert hidden
    assert recovered({name: who for name, who in groups.items() if name not in hidden}, 5) == []


def test_nobody_is_no_group():
    assert hide_small_groups({}) == set()
    assert hide_small_groups({"all": frozenset()}) == {"all"}
