"""Small groups hidden, together with what would give them away by subtraction.

A threshold alone leaks: from the mean of everyone and the means of all teams but one, the mean of that one follows.
What can be worked out from published means is exactly the linear combinations of the published groups (counts are
published with them). The guarantee, for every minimum: no linear combination of the published groups' sums, whatever
its factors, is about at least one and fewer than `minimum` people.

Groups that nest or are apart, such as everyone, divisions and teams, form a hierarchy. With two hierarchies, say teams
and roles, people are the edges of a network: each joins the smallest published team and the smallest published role
that they are in, or the ground where there is none. Parents less their children are the vertices' sums, so a
combination of groups gives each vertex a number (the ground's is zero) and counts each person with the difference of
their two ends. The people whom it is about therefore hold a cut of the network, and every cut is such a combination:
the guarantee holds if and only if each connected part of the network needs at least `minimum` people to be cut
(Gusfield 1988, A graph theoretic approach to statistical data security, SIAM Journal on Computing 17).

Where groups overlap in more ways, all hierarchies but the largest are crossed with each other, as if each combination
of theirs were published too. That hides more than it must, never less. See also Hundepool et al., Statistical
Disclosure Control (2012), chapter 4, on linked tables.

The same is asked of what changes from one publication to the next (`counted`). There, some people's part in a change is
no news, because earlier figures tell it; such parts are edges that must not lie in a cut without `minimum` people.
"""

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import TypeVar

__all__ = ["hide_small_groups"]

Key = TypeVar("Key", bound=Hashable)
Place = tuple[int, ...]
"""The smallest groups that somebody is in, one of each hierarchy that a vertex stands for; empty for the ground."""

HIERARCHIES = 4
"""Groups that fit into none of so many hierarchies are hidden."""


def hide_small_groups(
    groups: Mapping[Key, frozenset[str]], minimum: int = 5, silent: Collection[frozenset[Key]] = ()
) -> set[Key]:
    """The keys of the groups that must not be published, given who answered in each.

    `silent` are sets of groups, each for something that counts in exactly these groups and that nobody must be told
    about unless at least `minimum` people are told about with it; it is no person itself.

    Groups smaller than `minimum` are hidden; then, as long as some combination of the remaining ones would speak of
    fewer than `minimum` people, the groups with the fewest people whose hiding ends that. The same groups are hidden
    in whatever order they come, if their keys read differently.

    >>> everyone = frozenset("abcdefghijkl")
    >>> sorted(hide_small_groups({"all": everyone, "big": everyone - set("ab"), "small": frozenset("ab")}, 5))
    ['big', 'small']
    """
    large = [key for key, people in groups.items() if len(people) >= minimum]
    large.sort(key=lambda key: (-len(groups[key]), str(key)))
    sizes = [len(groups[key]) for key in large]
    membership: defaultdict[str, list[int]] = defaultdict(list)
    for number, key in enumerate(large):
        for person in groups[key]:
            membership[person].append(number)
    # People in exactly the same groups cannot be told apart by subtraction: they form one cell.
    cells = dict(sorted(Counter(map(tuple, membership.values())).items()))
    hierarchies = _find_hierarchies(cells, sizes)
    numbers = {key: number for number, key in enumerate(large) if number in hierarchies}
    places = {tuple(sorted(numbers[key] for key in keys if key in numbers)) for keys in silent} - {()}
    hidden = _Network(cells, sizes, hierarchies, minimum, sorted(places)).close_cuts()
    return set(groups) - {large[number] for number in hierarchies if number not in hidden}


def _find_hierarchies(cells: Mapping[Place, int], sizes: list[int]) -> dict[int, int]:
    """The hierarchy of each group, such that groups of one nest or are apart; without the groups that fit into none.

    `sizes` are the groups', largest first; a cell is the groups that its people are in. The most constrained group
    goes first, which finds two hierarchies wherever two are enough (Brelaz 1979, Communications of the ACM 22).
    """
    common: Counter[tuple[int, int]] = Counter()
    for cell, people in cells.items():
        for pair in itertools.combinations(cell, 2):
            common[pair] += people
    crossing: defaultdict[int, list[int]] = defaultdict(list)
    for (larger, smaller), people in common.items():
        if people < sizes[smaller]:
            crossing[larger].append(smaller)
            crossing[smaller].append(larger)
    found: dict[int, int] = {}
    taken: list[set[int]] = [set() for _ in sizes]
    queue = [(0, number) for number in range(len(sizes))]
    while queue:
        constraints, number = heapq.heappop(queue)
        free = next((place for place in range(HIERARCHIES) if place not in taken[number]), None)
        if number in found or free is None or -constraints != len(taken[number]):
            continue
        found[number] = free
        for other in crossing[number]:
            if free not in taken[other]:
                taken[other].add(free)
                heapq.heappush(queue, (-len(taken[other]), other))
    return found


class _Sets:
    """Sets of numbers that can be joined but not parted; each is known by one of its members."""

    def __init__(self) -> None:
        self._above: list[int] = []

    def add(self) -> int:
        self._above.append(len(self._above))
        return len(self._above) - 1

    def find(self, member: int) -> int:
        above = self._above
        while above[member] != member:
            above[member] = member = above[above[member]]
        return member

    def join(self, kept: int, gone: int) -> None:
        self._above[self.find(gone)] = self.find(kept)


class _Network:
    """People as edges between vertices, which are joined when nothing small lies between them.

    Two vertices are joined when a group is hidden (one that differs from its parent no longer does), or when every cut
    between them takes `minimum` people. Neither makes a new cut, so what was found stays true.
    """

    def __init__(
        self,
        cells: Mapping[Place, int],
        sizes: list[int],
        hierarchies: Mapping[int, int],
        minimum: int,
        silent: Collection[Place] = (),
    ) -> None:
        # All that is silent weighs less than one person, so it never makes a small cut large.
        person = 1 + sum(map(len, silent))
        self._sizes, self._minimum = sizes, minimum * person
        self._hidden: set[int] = set()
        self._joined, self._parts = _Sets(), _Sets()
        self._vertices: dict[Place, int] = {}
        self._edges: list[dict[int, int]] = []  # for each vertex, people by the other end
        self._people: list[int] = []  # who leave a vertex
        self._links: list[list[tuple[int, int]]] = []  # for each vertex: the one it joins when a group is hidden
        self._pairs: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)  # joined when a group is hidden
        self._parents: dict[int, int] = {}
        largest = max(range(HIERARCHIES), key=list(hierarchies.values()).count)
        ends: Counter[tuple[Place, Place]] = Counter()
        for cell, people in cells.items():
            smallest: dict[int, int] = {}
            for group in cell:
                if group in hierarchies:
                    if hierarchies[group] in smallest:
                        self._parents[group] = smallest[hierarchies[group]]
                    smallest[hierarchies[group]] = group
            one = tuple(group for place, group in smallest.items() if place == largest)
            other = tuple(sorted(group for place, group in smallest.items() if place != largest))
            ends[one, other] += people
        for (one, other), people in ends.items():
            self._connect(self._vertex(one), self._vertex(other), people * person)
        for place in silent:
            for one, other in self._silent_edges(place, hierarchies, largest):
                self._connect(self._vertex(one), self._vertex(other), 1)

    def _silent_edges(
        self, place: Place, hierarchies: Mapping[int, int], largest: int
    ) -> Iterator[tuple[Place, Place]]:
        """Where a silent thing lies: between two vertices, if it is in all groups above those that it is in.

        Otherwise in parts, each a group and some of those right above it, as if each were a thing of its own. What
        tells about the whole tells about a part, so that hides more than it must, never less.
        """
        left = set(place)
        parts: list[tuple[int, int | None]] = []
        for group in reversed(place):  # the smallest first
            if group in left:
                above: int | None = group
                while above in left:
                    left.remove(above)
                    above = self._parents.get(above)
                parts.append((group, above))
        trees = [hierarchies[group] for group, _ in parts]
        if all(above is None for _, above in parts) and len(set(trees)) == len(trees):
            yield (
                tuple(group for (group, _), tree in zip(parts, trees, strict=True) if tree == largest),
                tuple(sorted(group for (group, _), tree in zip(parts, trees, strict=True) if tree != largest)),
            )
            return
        for group, above in parts:
            yield (group,), () if above is None else (above,)

    def _vertex(self, place: Place) -> int:
        """The vertex of a place, made with all those that hiding its groups would join it to."""
        if place in self._vertices:
            return self._vertices[place]
        vertex = self._vertices[place] = self._joined.add()
        self._parts.add()
        self._edges.append({})
        self._people.append(0)
        self._links.append([])
        for group in place:
            parent = (self._parents[group],) if group in self._parents else ()
            wider = self._vertex(tuple(sorted({*place, *parent} - {group})))
            self._pairs[group].append((vertex, wider))
            self._links[vertex].append((wider, group))
            self._links[wider].append((vertex, group))
        return vertex

    def _connect(self, one: int, other: int, people: int) -> None:
        if one != other:
            for near, far in ((one, other), (other, one)):
                self._edges[near][far] = self._edges[near].get(far, 0) + people
                self._people[near] += people
            self._parts.join(one, other)

    def close_cuts(self) -> set[int]:
        """Hide groups until no cut is smaller than the minimum. Returns them."""
        queue = list(range(len(self._edges)))
        while queue:
            order = [(self._people[vertex], vertex) for vertex in queue]
            heapq.heapify(order)
            while order:
                people, vertex = heapq.heappop(order)
                # A vertex that fewer people leave is a small cut.
                if self._joined.find(vertex) == vertex and 0 < people == self._people[vertex] < self._minimum:
                    for group in self._cheapest_way_out(vertex):
                        self._hidden.add(group)
                        for one, other in self._pairs[group]:
                            kept = self._join(one, other)
                            heapq.heappush(order, (self._people[kept], kept))
            queue = self._join_inseparable()
        return self._hidden

    def _cheapest_way_out(self, start: int) -> list[int]:
        """The groups, with the fewest people together, whose hiding joins a vertex to another of its part."""
        part = self._parts.find(start)
        best = {start: 0}
        way: dict[int, tuple[int, int]] = {}
        queue = [(0, start)]
        while queue:
            cost, vertex = heapq.heappop(queue)
            if vertex != start and self._parts.find(vertex) == part:
                groups = []
                while vertex != start:
                    vertex, group = way[vertex]
                    groups.append(group)
                return groups
            if cost > best[vertex]:
                continue
            for far, group in self._links[vertex]:
                end, total = self._joined.find(far), cost + self._sizes[group]
                if end != vertex and total < best.get(end, total + 1):
                    best[end], way[end] = total, (vertex, group)
                    heapq.heappush(queue, (total, end))
        raise AssertionError("every vertex is linked to the ground")

    def _join(self, one: int, other: int) -> int:
        """Make one vertex of two. Returns the one that is left."""
        kept, gone = self._joined.find(one), self._joined.find(other)
        if kept == gone:
            return kept
        if len(self._edges[kept]) + len(self._links[kept]) < len(self._edges[gone]) + len(self._links[gone]):
            kept, gone = gone, kept
        self._joined.join(kept, gone)
        self._parts.join(kept, gone)
        for far, people in self._edges[gone].items():
            del self._edges[far][gone]
            self._people[far] -= people
            if far != kept:
                self._connect(kept, far, people)
        self._edges[gone], self._people[gone] = {}, 0
        self._links[kept] += self._links[gone]
        self._links[gone] = []
        return kept

    def _join_inseparable(self) -> list[int]:
        """Join vertices that no cut smaller than the minimum parts: some, if there are edges. Returns what they became.

        Visits first who has most people in common with those visited before; the two ends of an edge cannot be parted
        by fewer people than its far end has in common then (Nagamochi and Ibaraki 1992, SIAM Journal on Discrete
        Mathematics 5). The last one visited has all its people in common, and nobody has fewer than the minimum left.
        """
        visited: set[int] = set()
        common = [0] * len(self._edges)
        together = []
        for start in range(len(self._edges)):
            queue = [(0, start)] if self._edges[start] else []
            while queue:
                _, vertex = heapq.heappop(queue)
                if vertex in visited:
                    continue
                visited.add(vertex)
                for far, people in self._edges[vertex].items():
                    if far not in visited:
                        common[far] += people
                        heapq.heappush(queue, (-common[far], far))
                        if common[far] >= self._minimum:
                            together.append((vertex, far))
        return sorted({self._joined.find(self._join(one, other)) for one, other in together})
