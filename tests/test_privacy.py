"""Hiding is tested by attack: an independent attacker tries every linear combination of what is published."""

import itertools
import random
from collections import Counter

import numpy as np
import pytest

from visionquiz.privacy import hide_small_groups

MINIMUM = 5


def recovered(shown: dict[str, frozenset[str]]) -> list[frozenset[str]]:
    """Sets of fewer than five people about whom some combination of the shown groups says something.

    A set S of cells can be singled out if and only if dropping its columns lowers the rank of the matrix.
    """
    everyone = sorted(set().union(*shown.values()))
    where = {person: tuple(name for name in sorted(shown) if person in shown[name]) for person in everyone}
    cells = Counter(where.values())
    names = list(cells)
    matrix = np.array([[name in cell for cell in names] for name in sorted(shown)], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    found = []
    small = [place for place, name in enumerate(names) if cells[name] < MINIMUM]
    for size in range(1, MINIMUM):
        for chosen in itertools.combinations(small, size):
            if sum(cells[names[place]] for place in chosen) >= MINIMUM:
                continue
            rest = [place for place in range(len(names)) if place not in chosen]
            if np.linalg.matrix_rank(matrix[:, rest]) < rank:
                found.append(frozenset(p for p in everyone if where[p] in {names[place] for place in chosen}))
    return found


def organisation(seed: int) -> dict[str, frozenset[str]]:
    """Everyone, nested teams and roles of a small invented organisation."""
    rng = random.Random(seed)
    people = [f"p{number}" for number in range(rng.randint(6, 45))]
    teams = [f"{d}/{t}" for d in "ABC"[: rng.randint(1, 3)] for t in range(rng.randint(1, 4))]
    roles = "rstu"[: rng.randint(1, 4)]
    groups: dict[str, set[str]] = {"all": set(people)}
    for person in people:
        team = rng.choice(teams)
        for name in (f"team {team}", f"division {team[0]}", f"role {rng.choice(roles)}"):
            groups.setdefault(name, set()).add(person)
    return {name: frozenset(members) for name, members in groups.items()}


@pytest.mark.parametrize("start", range(0, 200, 20))
def test_no_combination_of_published_groups_singles_out_a_few(start):
    for seed in range(start, start + 20):
        groups = organisation(seed)
        hidden = hide_small_groups(groups, MINIMUM)
        shown = {name: people for name, people in groups.items() if name not in hidden}
        if shown:
            assert recovered(shown) == [], f"organisation {seed}"


def test_the_attack_finds_what_a_threshold_alone_leaves_open():
    leaks = 0
    for seed in range(40):
        shown = {name: people for name, people in organisation(seed).items() if len(people) >= MINIMUM}
        leaks += bool(shown and recovered(shown))
    assert leaks > 10


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
    assert recovered({name: who for name, who in groups.items() if name not in hidden}) == []


def test_nobody_is_no_group():
    assert hide_small_groups({}) == set()
    assert hide_small_groups({"all": frozenset()}) == {"all"}
