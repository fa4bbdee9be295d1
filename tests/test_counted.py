"""Publishing again is tested by attack: an independent attacker combines every figure that was ever published.

The attacker knows who is in which group, who changed and when, and keeps every publication. Organisations, changes and
dates are random; small ones are tried out exhaustively.
"""

import itertools
import random
from collections import Counter

import numpy as np
import pytest

from visionquiz import counted
from visionquiz.counted import count_anew, hold_back
from visionquiz.privacy import hide_small_groups

PRIME = 2**31 - 1
"""Arithmetic without rounding: a product of two still fits into 64 bits."""


def reduce_rows(matrices):
    """Row echelon forms of a batch of matrices modulo the prime. Returns the forms, ranks, and pivots by column."""
    work = matrices.copy() % PRIME
    batch, rows, columns = work.shape
    ranks = np.zeros(batch, dtype=np.int64)
    pivots = np.zeros((batch, columns), dtype=bool)
    everyone = np.arange(batch)
    for column in range(columns):
        free = (np.arange(rows)[None] >= ranks[:, None]) & (work[:, :, column] != 0)
        has = free.any(axis=1)
        if not has.any():
            continue
        which = everyone[has]
        found, target = free[has].argmax(axis=1), ranks[has]
        pivot = work[which, found].copy()
        work[which, found] = work[which, target]
        inverse = np.array([pow(int(value), -1, PRIME) for value in pivot[:, column]], dtype=np.int64)
        pivot = pivot * inverse[:, None] % PRIME
        factors = work[which][:, :, column].copy()
        factors[np.arange(len(which)), target] = 0
        changed = (work[which] - factors[:, :, None] * pivot[:, None, :]) % PRIME
        changed[np.arange(len(which)), target] = pivot
        work[which] = changed
        pivots[which, column] = True
        ranks[has] += 1
    return work, ranks, pivots


def few_enough(sizes, minimum, start=0):
    """All sets of places whose sizes add up to less than the minimum and to which no further one can be added."""
    found = False
    for place in range(start, len(sizes)):
        if sizes[place] < minimum:
            found = True
            for rest in few_enough(sizes, minimum - sizes[place], place + 1):
                yield (place, *rest)
    if not found:
        yield ()


def recovered(rows, minimum):
    """Fewer people than the minimum about whom some combination of the rows says something, or None.

    A row is what one figure is the sum of: (person, version). A combination of the rows is about these people alone if
    and only if their columns are dependent in the null space of all rows (a cocircuit is a circuit of the dual).
    """
    rows = sorted({frozenset(row) for row in rows} - {frozenset()}, key=sorted)
    if not rows:
        return None
    patterns = {}
    for person, version in sorted(set().union(*rows)):
        pattern = tuple(int((person, version) in row) for row in rows)
        patterns.setdefault(person, []).append(pattern)
    # Whoever is in the same figures at the same times as another one cannot be told apart from them.
    cells = Counter(tuple(sorted(pattern)) for pattern in patterns.values())
    kinds = sorted(cells)
    columns = [pattern for kind in kinds for pattern in kind]
    ends = np.cumsum([len(kind) for kind in kinds])
    form, (rank,), (pivots,) = reduce_rows(np.array(columns, dtype=np.int64).T[None])
    null = np.zeros((len(columns) - rank, len(columns)), dtype=np.int64)
    null[:, ~pivots] = np.eye(len(columns) - rank, dtype=np.int64)
    null[:, pivots] = -form[0, :rank][:, ~pivots].T % PRIME
    sizes = [cells[kind] for kind in kinds]
    by_width = {}
    for places in few_enough(sizes, minimum):
        chosen = [column for place in places for column in range(ends[place] - len(kinds[place]), ends[place])]
        if chosen:
            by_width.setdefault(len(chosen), []).append((places, chosen))
    # A random projection keeps what is dependent dependent, so no leak is missed.
    height = max(by_width, default=1) + 1
    mixing = np.random.default_rng(1).integers(0, PRIME, (height, len(null)))
    null = np.array(
        [[sum(int(a) * int(b) for a, b in zip(m, z, strict=True) if b) % PRIME for z in null.T] for m in mixing]
    )
    for width, sets in by_width.items():
        matrices = null[:, np.array([chosen for _, chosen in sets])].transpose(1, 0, 2)
        ranks = reduce_rows(matrices)[1]
        if (ranks < width).any():
            return sets[int((ranks < width).argmax())][0], [kinds[p] for p in sets[int((ranks < width).argmax())][0]]
    return None


class Company:
    """A random organisation that changes: teams in a tree, roles, and sometimes regions that overlap both."""

    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.teams = [f"{d}/{t}" for d in "AB"[: rng.randint(1, 2)] for t in range(rng.randint(1, 3))]
        self.roles = "rs"[: rng.randint(1, 2)]
        self.regions = "EW" if rng.random() < 0.15 else ""
        self.news = itertools.count(1)
        self.people = {}
        for _ in range(rng.randint(6, 26)):
            self.join()

    def join(self):
        rng = self.rng
        answered = f"v{next(self.news)}" if rng.random() < 0.85 else None
        place = [rng.choice(self.teams), rng.choice(self.roles), rng.choice(self.regions or "-")]
        self.people[f"p{next(self.news)}"] = [answered, *place]

    def change(self):
        """Late answers, new grades, old grades again, people who move, leave or come."""
        rng = self.rng
        share, moving = rng.choice([0.1, 0.3, 0.6, 0.9]), rng.choice([0, 0, 0.05, 0.2])
        where = rng.choice([*self.teams, "", ""])
        for person, state in list(self.people.items()):
            if rng.random() < share and where in ("", state[1]):
                old = [f"v{number}" for number in range(3)] if rng.random() < 0.1 else []
                state[0] = rng.choice([f"v{next(self.news)}", *old])
            if rng.random() < moving:
                what = rng.randrange(3)
                if what == 0:
                    del self.people[person]
                elif what == 1:
                    state[1] = rng.choice(self.teams)
                else:
                    state[2] = rng.choice(self.roles)
        for _ in range(rng.choice([0, 0, 1, 6]) if moving else 0):
            self.join()

    def groups(self):
        found = {"all": set(self.people)}
        for person, (_, team, role, region) in self.people.items():
            names = [f"team {team}", f"division {team[0]}", f"role {role}"]
            for name in [*names, *([f"region {region}"] if self.regions else [])]:
                found.setdefault(name, set()).add(person)
        return {name: frozenset(people) for name, people in found.items()}

    def now(self):
        inside = {person: set() for person in self.people}
        for name, people in self.groups().items():
            for person in people:
                inside[person].add(name)
        return {
            person: (state[0], frozenset(inside[person])) for person, state in self.people.items() if state[0]
        }  # fmt: skip


def erase(history, person):
    """What the ledger keeps of somebody who is erased."""
    kept = {one: known for one, known in history.items() if one != person}
    mine = [holds for holds in history.get(person, {}).values() if holds]
    return kept | {f"gone-{person}-{number}": {"": holds} for number, holds in enumerate(mine)}


def publications(company, dates, minimum, rule=hold_back):
    """What is published on these dates: rows for the attacker, and how many figures were new or held back later on."""
    history, rows, shown = {}, [], set()
    fresh = held_back = 0
    for date in range(dates):
        if date:
            before = set(company.people)
            company.change()
            for person in sorted(before - set(company.people))[::2]:
                history = erase(history, person)
        now, groups = company.now(), company.groups()
        held = rule(history, now, groups, minimum)
        anew = groups.keys() - held
        rows += [{(person, version) for person, (version, inside) in now.items() if name in inside} for name in anew]
        if date:
            fresh += len(anew)
            held_back += len(held & shown)
        history = count_anew(history, now, anew)
        shown |= anew
    return rows, fresh, held_back


@pytest.mark.parametrize("start", range(0, 2000, 200))
def test_no_combination_of_all_publications_singles_out_a_few(start):
    fresh = held_back = 0
    for seed in range(start, start + 200):
        minimum = (3, 4, 5)[seed % 3]
        rows, new, old = publications(Company(seed), 2 + seed % 3, minimum)
        assert recovered(rows, minimum) is None, f"organisation {seed}"
        fresh, held_back = fresh + new, held_back + old
    assert fresh > 60, "and figures are published anew"
    assert held_back > 60


def by_threshold(history, now, groups, minimum):
    """What one might do without thinking: publish a group anew if enough of its people changed."""
    held = set()
    for name in groups:
        old = {(p, v) for p, known in history.items() for v, holds in known.items() if name in holds}
        new = {(p, version) for p, (version, inside) in now.items() if name in inside}
        if len({p for p, _ in old ^ new}) < minimum:
            held.add(name)
    return held


def without_what_is_silent(history, now, groups, minimum):
    def deaf(changed, minimum, silent):
        return hide_small_groups(changed, minimum)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "hide_small_groups", deaf)
        return hold_back(history, now, groups, minimum)


def as_if_for_the_first_time(history, now, groups, minimum):
    return hold_back({}, now, groups, minimum)


@pytest.mark.parametrize("rule", [by_threshold, without_what_is_silent, as_if_for_the_first_time])
def test_the_attack_finds_what_simpler_rules_leave_open(rule):
    leaks = sum(
        recovered(publications(Company(seed), 2 + seed % 3, 3 + seed % 3, rule)[0], 3 + seed % 3) is not None
        for seed in range(120)
    )
    assert leaks > 5


def test_every_change_of_a_small_company():
    """Two people in each of two roles in each of two teams; everybody stays, changes, leaves or moves."""
    start = {f"{t}{r}{n}": ("old", t, r) for t in "AB" for r in "rs" for n in (1, 2)}

    def now(people):
        return {p: (v, frozenset({"all", f"team {t}", f"role {r}"})) for p, (v, t, r) in people.items()}

    def rows(people, names):
        return [{(p, v) for p, (v, inside) in now(people).items() if name in inside} for name in names]

    groups = {"all", "team A", "team B", "role r", "role s"}
    first = groups - hold_back({}, now(start), groups, 3)
    assert first == groups
    history = count_anew({}, now(start), first)
    published = 0
    # The two of one team and role are alike, so their order does not matter.
    pairs = list(itertools.combinations_with_replacement(("stay", "change", "leave", "move"), 2))
    for chosen in itertools.product(pairs, repeat=4):
        fates = [fate for pair in chosen for fate in pair]
        later = {}
        for (person, (_, team, role)), fate in zip(start.items(), fates, strict=True):
            if fate != "leave":
                moved = "AB"[team == "A"] if fate == "move" else team
                later[person] = ("new" if fate == "change" else "old", moved, role)
        anew = groups - hold_back(history, now(later), groups, 3)
        if anew:
            assert recovered(rows(start, first) + rows(later, anew), 3) is None, fates
        published += bool(anew) and "change" in fates
    assert published > 200


def people(letters, version="1", groups=("all",)):
    return {letter: (version, frozenset(groups)) for letter in letters}


def test_a_figure_is_published_anew_only_when_enough_of_its_people_changed():
    before = count_anew({}, people("abcdefgh"), ["all"])
    for changed, held in (("", set()), ("a", {"all"}), ("abcd", {"all"}), ("abcde", set())):
        assert hold_back(before, people("abcdefgh") | people(changed, "2"), ["all"], 5) == held, changed


def test_changes_that_were_held_back_count_together_later():
    before = count_anew({}, people("abcdefgh"), ["all"])
    now = people("abcdefgh") | people("abc", "2")
    assert hold_back(before, now, ["all"], 5) == {"all"}
    before = count_anew(before, now, [])
    assert hold_back(before, people("abcdefgh") | people("abc", "2") | people("de", "3"), ["all"], 5) == set()


def test_whoever_changes_back_has_not_changed():
    before = count_anew({}, people("abcdefgh"), ["all"])
    before = count_anew(before, people("abcdefgh", "2"), ["all"])
    assert hold_back(before, people("abcdefgh", "1"), ["all"], 5) == {"all"}, "the older figure tells it already"
    assert hold_back(before, people("abcdefgh", "2"), ["all"], 5) == set()


def test_a_group_is_held_back_where_the_difference_to_a_larger_one_would_tell_about_a_few():
    both = people("abcdefgh", groups=("all", "A")) | people("ijklmnop", groups=("all", "B"))
    before = count_anew({}, both, ["all", "A", "B"])
    now = both | people("abcdef", "2", ("all", "A")) | people("ij", "2", ("all", "B"))
    held = hold_back(before, now, ["all", "A", "B"], 5)
    assert "B" in held
    assert held & {"all", "A"}, "all less A tells about two of B"


def test_somebody_who_leaves_alone_holds_their_groups_back():
    before = count_anew({}, people("abcdefgh"), ["all"])
    assert hold_back(before, people("bcdefgh"), ["all"], 5) == {"all"}
    assert hold_back(before, people("bcdefgh", "2"), ["all"], 5) == set()


def test_nobody_is_no_figure():
    assert hold_back({}, {}, ["all"], 5) == {"all"}
    before = count_anew({}, people("abcdefgh"), ["all"])
    assert hold_back(before, {}, ["all"], 5) == {"all"}


def test_a_hundred_thousand_people_are_no_harder():
    rng = random.Random(0)
    inside = {
        f"p{n}": frozenset({"all", f"region {n % 50}", f"team {n % 5000}", f"role {rng.randrange(20)}"})
        for n in range(100_000)
    }
    groups = set().union(*inside.values())
    first = {person: ("1", names) for person, names in inside.items()}
    history = count_anew({}, first, groups - hold_back({}, first, groups, 5))
    second = {person: ("2" if rng.random() < 0.1 else "1", names) for person, names in inside.items()}
    gone = set(rng.sample(sorted(second), 300))
    second = {person: state for person, state in second.items() if person not in gone}
    held = hold_back(history, second, groups, 5)
    assert "all" not in held
    assert len([name for name in held if name.startswith(("region", "role"))]) < 60
