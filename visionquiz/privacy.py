"""Small groups hidden, together with what would give them away by subtraction.

A threshold alone leaks: from the mean of everyone and the means of all teams but one, the mean of that one follows.
What can be worked out from published means is exactly the linear combinations of the published groups (counts are
published with them), so that is what is checked: no combination may speak of fewer people than the minimum.
See Hundepool et al., Statistical Disclosure Control (2012), chapter 4, on linked tables.
"""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

__all__ = ["hide_small_groups"]

Key = TypeVar("Key", bound=Hashable)
Cell = frozenset[int]
Vector = list[int]

PRIME = (1 << 61) - 1
"""Arithmetic modulo this prime is exact and quick; a false result has a chance of about one in 10**17."""

CELLS = 4
"""At most so many cells of people are combined in the search: enough to be complete for a minimum of five."""


def hide_small_groups(groups: Mapping[Key, frozenset[str]], minimum: int = 5) -> set[Key]:
    """The keys of the groups that must not be published, given who answered in each.

    Groups smaller than `minimum` are hidden; then, as long as some combination of the remaining ones would speak of
    fewer than `minimum` people, the smallest group whose hiding ends that.

    >>> everyone = frozenset("abcdefghijkl")
    >>> sorted(hide_small_groups({"all": everyone, "big": everyone - set("ab"), "small": frozenset("ab")}, 5))
    ['big', 'small']
    """
    hidden = {key for key, people in groups.items() if len(people) < minimum}
    shown = {key: people for key, people in groups.items() if key not in hidden}
    while exposed := _exposed_people(shown.values(), minimum):
        key = _smallest_that_helps(shown, exposed, minimum)
        hidden.add(key)
        del shown[key]
    return hidden


def _smallest_that_helps(shown: Mapping[Key, frozenset[str]], exposed: frozenset[str], minimum: int) -> Key:
    """The smallest group without which the `exposed` people are no longer the ones that are singled out first."""
    by_size = sorted(shown, key=lambda key: (len(shown[key]), str(key)))
    for key in by_size:
        rest = (people for other, people in shown.items() if other != key)
        if _exposed_people(rest, minimum) != exposed:
            return key
    return by_size[0]


def _exposed_people(groups: Iterable[frozenset[str]], minimum: int) -> frozenset[str]:
    """People of whom, fewer than `minimum` together, some combination of the groups' sums speaks; empty if none."""
    groups = list(groups)
    membership: dict[str, list[int]] = {}
    for number, people in enumerate(groups):
        for person in people:
            membership.setdefault(person, []).append(number)
    # People in exactly the same groups cannot be told apart by subtraction: they form one cell.
    cells = Counter(tuple(numbers) for numbers in membership.values())
    names = list(cells)
    found = _dependent_cells(_null_space_rows(names, len(groups)), [cells[name] for name in names], minimum)
    chosen = {names[place] for place in found}
    return frozenset(person for person, numbers in membership.items() if tuple(numbers) in chosen)


def _null_space_rows(cells: list[tuple[int, ...]], groups: int) -> list[Vector]:
    """One short vector per cell, such that a set of cells carries a combination of the groups if and only if the
    vectors of the set are linearly dependent.

    A combination that is zero outside a set S of cells exists exactly where the rows of the null space of the
    groups-by-cells matrix that belong to S are dependent. Those rows can be long; a random projection to `CELLS`
    dimensions keeps up to `CELLS` independent rows independent (Schwartz 1980, Zippel 1979).
    """
    matrix = [[0] * len(cells) for _ in range(groups)]
    for column, numbers in enumerate(cells):
        for row in numbers:
            matrix[row][column] = 1
    pivots = _reduce(matrix)
    rng = random.Random(0)
    free = {
        column: [rng.randrange(PRIME) for _ in range(CELLS)] for column in range(len(cells)) if column not in pivots
    }
    rows = []
    for column in range(len(cells)):
        if column in free:
            rows.append(free[column])
            continue
        line = matrix[pivots[column]]
        rows.append([-sum(line[other] * vector[k] for other, vector in free.items()) % PRIME for k in range(CELLS)])
    return rows


def _reduce(matrix: list[Vector]) -> dict[int, int]:
    """Bring the matrix to reduced row echelon form, in place. Returns ``{pivot column: row}``."""
    pivots: dict[int, int] = {}
    row = 0
    for column in range(len(matrix[0]) if matrix else 0):
        found = next((place for place in range(row, len(matrix)) if matrix[place][column]), None)
        if found is None:
            continue
        matrix[row], matrix[found] = matrix[found], matrix[row]
        scale = pow(matrix[row][column], -1, PRIME)
        matrix[row] = [value * scale % PRIME for value in matrix[row]]
        for other, line in enumerate(matrix):
            if other != row and line[column]:
                factor = line[column]
                matrix[other] = [(a - factor * b) % PRIME for a, b in zip(line, matrix[row], strict=True)]
        pivots[column] = row
        row += 1
    return pivots


def _dependent_cells(rows: list[Vector], sizes: list[int], minimum: int) -> tuple[int, ...]:
    """The first set of at most `CELLS` cells, fewer than `minimum` people together, whose rows are dependent."""
    order = sorted((place for place in range(len(rows)) if sizes[place] < minimum), key=lambda place: sizes[place])

    def search(start: int, people: int, basis: list[tuple[int, Vector]], chosen: tuple[int, ...]) -> tuple[int, ...]:
        for place in range(start, len(order)):
            cell = order[place]
            if people + sizes[cell] >= minimum:
                break  # they are sorted: the rest is no smaller
            row = rows[cell]
            for lead, vector in basis:
                if row[lead]:
                    factor = row[lead]
                    row = [(a - factor * b) % PRIME for a, b in zip(row, vector, strict=True)]
            lead = next((k for k, value in enumerate(row) if value), -1)
            if lead < 0:
                return (*chosen, cell)
            if len(chosen) + 1 < CELLS:
                scale = pow(row[lead], -1, PRIME)
                longer = [*basis, (lead, [value * scale % PRIME for value in row])]
                found = search(place + 1, people + sizes[cell], longer, (*chosen, cell))
                if found:
                    return found
        return ()

    return search(0, 0, [], ())
