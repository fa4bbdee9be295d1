"""From everybody's results to what managers may see: figures by group, held back and hidden where they would tell
about a few.
"""

import datetime as dt
import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from visionquiz.counted import Counted, Figure, History, Key, count_anew, digest, hide_kept, hold_back
from visionquiz.parts import Part, list_parts, read_parts, share_parts
from visionquiz.privacy import hide_small_groups
from visionquiz.quiz import Quiz
from visionquiz.results import columns_of, group_members
from visionquiz.roster import Person
from visionquiz.situation_figures import find_situations
from visionquiz.summaries import PARTS, SITUATIONS, Column, Group, GroupKey, Summary
from visionquiz.vision import Scenario, Vision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["summarise"]

Verdicts = tuple[str, ...]
"""What became of each part of one answer."""

ANSWERED, REVIEW = "answered", "review"
"""Figures of a group beside its means: how many answered (and were asked), and answers that are with a person."""


def summarise(
    frame: "pd.DataFrame",
    quiz: Quiz,
    vision: Vision,
    people: Iterable[Person],
    before: Counted,
    *,
    minimum: int,
    now: dt.datetime,
    verdicts: Mapping[tuple[str, str], str] | None = None,
    chosen: Mapping[tuple[str, str], int | None] | None = None,
) -> tuple[Summary, Counted]:
    """What managers may see: everyone, teams and roles, with small groups and what would give them away hidden.

    A figure of an earlier publication stays as it was until `minimum` of its people changed (see `counted`). Also
    returns who is counted now, to be kept for the next publication. `verdicts` are those on the parts of each answer,
    by person and question id, as `parts.keep_parts` kept them; whoever has none is not in the figures about parts.
    `chosen` are the places of the options that were chosen in scenarios, by person and question id; without them,
    nothing is told of situations.
    """
    known = frame[frame["team"].notna()]
    members = group_members(people, vision)
    columns = tuple(_with_parts(column, vision) for column in columns_of(quiz))
    told = _told(known, columns, verdicts or {})
    counting = _versions(known, members, [column.id for column in columns], told, before.key)
    situations = find_situations(known, quiz, vision, chosen, before)
    earlier = dict(before.people)
    if situations:
        earlier[situations.column] = situations.earlier_means(counting[situations.column])
    held = {what: hold_back(earlier.get(what, {}), versions, members, minimum) for what, versions in counting.items()}
    given = _by_person(known)
    # A group is shown with all of these figures or not at all; what became of parts may come later.
    whole = [groups_held for what, groups_held in held.items() if not what.startswith(PARTS)]
    hidden = set().union(*whole) - before.figures.keys()
    for groups_held in held.values():
        groups_held |= hidden
    if minimum > before.minimum > 0:
        hidden |= hide_small_groups({key: who & given.answered for key, who in members.items()}, minimum)
        hidden |= {key for key, own in before.figures.items() if own[ANSWERED].value[1] < minimum}
    # The check has come to ask for something else since: what was told of a group before is not all there is to tell.
    hidden |= {
        key
        for key, own in before.figures.items()
        if any(column.id not in own and key in held[column.id] for column in columns)
    }
    # What became of other parts, from before the vision was changed, says nothing of these.
    asked = {PARTS + column.id: digest(before.key, *itertools.chain(*map(_words, column.parts))) for column in columns}
    stale = {what for what, parts in asked.items() if before.asked.get(what, parts) != parts}
    figures = {
        key: {what: figure for what, figure in own.items() if what not in stale} for key, own in before.figures.items()
    }
    for key, who in members.items():
        fresh = [what for what in held if key not in held[what]]
        if fresh:
            counted = _count(given, who, columns, told)
            own = figures.setdefault(key, {})
            own.update({what: Figure(value=counted[what], as_of=now) for what in fresh})
    history: dict[str, History[Key]] = {
        what: count_anew(before.people.get(what, {}), versions, members.keys() - held[what])
        for what, versions in counting.items()
    }
    history[SITUATIONS] = before.people.get(SITUATIONS, {})
    if situations:
        means = counting[situations.column]
        anew = [key for key in members if key not in hidden and key not in held[situations.column]]
        told_anew = situations.tell(members, anew, means, minimum)
        for key, value in told_anew.items():
            figures[key][SITUATIONS] = Figure(value=value, as_of=now)
        history[SITUATIONS] = situations.count(means, anew, told_anew)
    unsaid: dict[str, set[Key]] = {}
    if minimum > before.minimum > 0:
        for own in figures.values():
            if SITUATIONS in own and own[SITUATIONS].as_of != now:
                del own[SITUATIONS]
        unsaid = {what: hide_kept(history[what], members.keys() - hidden, minimum) for what in held}
        hidden |= set().union(*(kept for what, kept in unsaid.items() if not what.startswith(PARTS)))
    titles = {role.id: role.title for role in vision.roles}
    groups = []
    for key in members:
        kind, ident = key
        label = {"all": "Everyone", "role": titles.get(ident, ident)}.get(kind, ident)
        if key in hidden:
            groups.append(Group(kind=kind, id=ident, label=label, hidden=True))
            continue
        group = Group(kind=kind, id=ident, label=label, hidden=False)
        told_of = {what: figure for what, figure in figures[key].items() if key not in unsaid.get(what, ())}
        groups.append(_show(group, told_of, columns, situations.asked if situations else (), now))
    summary = Summary(
        quiz=quiz.id,
        title=quiz.title,
        company=vision.company,
        statement=vision.statement,
        published=now,
        minimum=minimum,
        columns=columns,
        groups=tuple(groups),
        situations=situations.listed if situations else (),
    )
    lowest = min(minimum, before.minimum or minimum)
    return summary, Counted(key=before.key, minimum=lowest, figures=figures, asked=asked, people=history)


@dataclass(frozen=True, kw_only=True)
class _Given:
    """What a check counts, by person."""

    answered: frozenset[str]
    review: Mapping[str, int]
    """Of everybody, answers that are with a person."""
    shares: Mapping[str, Mapping[str, Sequence[float]]]
    """By column and person, the shares of the points."""


def _by_person(frame: "pd.DataFrame") -> _Given:
    given = frame[frame["share"].notna()]
    shares: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for column, person, share in given[["column", "person", "share"]].itertuples(index=False, name=None):
        shares[column][person].append(share)
    review = frame.groupby("person", sort=False)["review"].sum().to_dict()
    return _Given(answered=frozenset(given["person"]), review=review, shares=shares)


def _count(
    given: _Given, who: frozenset[str], columns: Iterable[Column], told: Mapping[str, Mapping[str, Verdicts]]
) -> dict[str, tuple[float, ...]]:
    """Every figure of one group, by what it is about: of a column the mean and the standard deviation, of its parts
    the share of each verdict on each, one after the other.
    """
    found: dict[str, Iterable[float]] = {
        ANSWERED: (len(who & given.review.keys()), len(who & given.answered)),
        REVIEW: (sum(given.review.get(person, 0) for person in who),),
    }
    for column in columns:
        shares = given.shares.get(column.id, {})
        people = [shares[person] for person in who & shares.keys()]
        found[column.id] = _mean_and_spread(people)
        own = told.get(column.id, {})
        by_part = share_parts((own[person] for person in own.keys() & who), column.parts)
        found[PARTS + column.id] = itertools.chain.from_iterable(by_part)
    return {what: tuple(round(float(one), 4) for one in value) for what, value in found.items()}


def _mean_and_spread(people: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The mean share of all questions, and the standard deviation of the people's own means."""
    if not people:
        return math.nan, 0.0
    mean = math.fsum(itertools.chain.from_iterable(people)) / sum(map(len, people))
    return mean, statistics.stdev(math.fsum(own) / len(own) for own in people) if len(people) > 1 else 0.0


def _show(
    group: Group, own: Mapping[str, Figure], columns: Iterable[Column], asked: Sequence[Scenario], now: dt.datetime
) -> Group:
    """A group with its figures, as they were published last."""
    parts = {}
    for column in columns:
        figure = own.get(PARTS + column.id)
        # Ledgers from before it was kept which parts were asked for may hold a figure of others.
        if figure and len(figure.value) == sum(len(part.verdicts) for part in column.parts):
            shares = iter(figure.value)
            parts[column.id] = tuple(tuple(itertools.islice(shares, len(part.verdicts))) for part in column.parts)
    situations = {}
    figure = own.get(SITUATIONS)
    if figure and len(figure.value) == sum(len(scenario.options) + 1 for scenario in asked):
        values = iter(figure.value)
        for scenario in asked:
            chose = tuple(itertools.islice(values, len(scenario.options) + 1))
            if min(chose) >= 0:
                situations[scenario.id] = chose
    return replace(
        group,
        asked=int(own[ANSWERED].value[0]),
        answered=int(own[ANSWERED].value[1]),
        review=int(own[REVIEW].value[0]),
        means={column.id: own[column.id].value[0] for column in columns},
        # A figure from before spreads were kept has none.
        spreads={column.id: own[column.id].value[1] for column in columns if len(own[column.id].value) > 1},
        parts=parts,
        situations=situations,
        as_of={what: figure.as_of for what, figure in own.items() if figure.as_of != now},
    )


def _told(
    frame: "pd.DataFrame", columns: Iterable[Column], verdicts: Mapping[tuple[str, str], str]
) -> dict[str, dict[str, Verdicts]]:
    """The verdicts on the parts of what each person answered, by column and person."""
    found: dict[str, dict[str, Verdicts]] = {}
    given = frame[frame["share"].notna()]
    for column in columns:
        if column.parts:
            rows = given.loc[given["column"] == column.id, ["person", "question"]]
            kept = {person: verdicts.get((person, question)) for person, question in rows.itertuples(index=False)}
            read = {person: read_parts(line, column.parts) for person, line in kept.items() if line is not None}
            found[column.id] = {person: one for person, one in read.items() if one}
    return found


def _versions(
    frame: "pd.DataFrame",
    members: Mapping[GroupKey, frozenset[str]],
    columns: Iterable[str],
    told: Mapping[str, Mapping[str, Verdicts]],
    key: str,
) -> dict[str, dict[str, tuple[str, frozenset[GroupKey]]]]:
    """What is counted of everybody who answered, as digests: by what it is about, then by person, with their groups."""
    inside: defaultdict[str, set[GroupKey]] = defaultdict(set)
    for group, who in members.items():
        for person in who:
            inside[person].add(group)
    sets: dict[frozenset[GroupKey], frozenset[GroupKey]] = {}
    mine = {person: sets.setdefault(frozenset(groups), frozenset(groups)) for person, groups in inside.items()}
    given = frame[frame["share"].notna()]
    review = frame.groupby("person", sort=False)["review"].sum()
    values: dict[str, dict[str, str]] = {
        ANSWERED: dict.fromkeys(given["person"].unique(), "yes"),
        REVIEW: {person: str(review[person]) for person in given["person"].unique()},
    }
    for column in columns:
        shares = given[given["column"] == column].groupby("person", sort=False)["share"]
        values[column] = {person: " ".join(f"{share:.6f}" for share in own) for person, own in shares}
        values[PARTS + column] = {person: " ".join(own) for person, own in told.get(column, {}).items()}
    return {
        what: {digest(key, person): (digest(key, what, person, value), mine[person]) for person, value in found.items()}
        for what, found in values.items()
    }


def _words(part: Part) -> tuple[str, ...]:
    """A part, in words."""
    return (part.id, part.label, *part.verdicts)


def _with_parts(column: Column, vision: Vision) -> Column:
    return replace(column, parts=list_parts(column.kind, vision))
