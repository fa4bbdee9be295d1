"""Tidy results into the tables that people read."""

import datetime as dt
import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from visionquiz.counted import Counted, Figure, History, Key, Now, count_anew, digest, hide_kept, hold_back
from visionquiz.gradebook import Score
from visionquiz.parts import list_parts, read_parts, share_parts
from visionquiz.privacy import hide_small_groups
from visionquiz.quiz import Quiz
from visionquiz.roster import Person
from visionquiz.situations import (
    Answered,
    Met,
    asked_scenarios,
    choose_shown,
    collect_answers,
    recombined,
    share_options,
)
from visionquiz.summaries import PARTS, SITUATIONS, Column, Group, GroupKey, Situation, Summary
from visionquiz.vision import Scenario, Vision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["columns_of", "group_members", "group_table", "print_tables", "summarise", "tidy_results"]

Verdicts = tuple[str, ...]
"""What became of each part of one answer."""

WHOLE: GroupKey = ("all", "all")

ANSWERED, REVIEW = "answered", "review"
"""Figures of a group beside its means: how many answered (and were asked), and answers that are with a person."""

LABELS = {"state": "State it", "explain": "Explain it", "contribute": "Contribute to it", "scenario": "Decide with it"}


def tidy_results(scores: Iterable[Score], people: Iterable[Person], quiz: Quiz) -> "pd.DataFrame":
    """One row per person and question: person, name, role, team, manager, question, column, kind, points, score, share,
    review, manual.

    `score` and `share` (0..1 of the points) are NaN for people who handed in nothing: missing is not zero. People
    who are in the gradebook but not in the roster come last, with role and team NaN.
    """
    import pandas as pd

    people = list(people)
    asked = pd.DataFrame(
        [{"question": q.id, "column": q.column, "kind": q.kind, "points": q.points} for q in quiz.questions]
    )
    listed = pd.DataFrame(
        [(p.person, p.name, p.role, p.team, p.manager) for p in people],
        columns=["person", "name", "role", "team", "manager"],
    )
    given = pd.DataFrame(
        [(s.person, s.question, s.score, s.review, s.manual) for s in scores],
        columns=["person", "question", "score", "review", "manual"],
    ).astype({"score": "float64", "review": "boolean", "manual": "boolean"})
    strangers = [person for person in given["person"].unique() if person not in set(listed["person"])]
    listed = pd.concat([listed, pd.DataFrame({"person": strangers, "name": strangers}, dtype=object)])
    frame = listed.merge(asked, how="cross").merge(given, how="left", on=["person", "question"])
    frame["share"] = frame["score"] / frame["points"]
    frame[["review", "manual"]] = frame[["review", "manual"]].fillna(False).astype(bool)
    order = "person name role team manager question column kind points score share review manual".split()
    return frame[order]


def columns_of(quiz: Quiz) -> tuple[Column, ...]:
    """The questions as columns of a table; scenario slots that were asked for together are one."""
    found: dict[str, Column] = {}
    for question in quiz.questions:
        label = LABELS[question.kind]
        if sum(other.kind == question.kind and other.column != question.column for other in quiz.questions):
            label = f"{label} ({question.column})"
        found.setdefault(question.column, Column(id=question.column, kind=question.kind, label=label))
    return tuple(found.values())


def _with_parts(column: Column, vision: Vision) -> Column:
    return replace(column, parts=list_parts(column.kind, vision))


def group_table(frame: "pd.DataFrame", by: "pd.Series[str]") -> "pd.DataFrame":
    """One row per group: asked, answered, review (answers with a person), then the mean share of each column.

    `by` gives the group of each row of `frame`. Means are over those who answered, every person counting the same.
    """
    import pandas as pd

    means = frame.pivot_table(index=by, columns="column", values="share", aggfunc="mean", sort=False, dropna=False)
    order = [column for column in frame["column"].unique() if column in means]
    counts = pd.DataFrame(
        {
            "asked": frame.groupby(by)["person"].nunique(),
            "answered": frame[frame["share"].notna()].groupby(by)["person"].nunique(),
            "review": frame.groupby(by)["review"].sum(),
        }
    )
    return counts.fillna({"answered": 0}).astype(int).join(means[order])


def print_tables(frame: "pd.DataFrame", quiz: Quiz, vision: Vision) -> list[tuple[str, str]]:
    """The results by team, role and question as text: a title and a table each."""
    import pandas as pd

    titles = {role.id: role.title for role in vision.roles}
    labels = {column.id: column.label for column in columns_of(quiz)}

    def show(title: str, table: pd.DataFrame) -> tuple[str, str]:
        shares = {
            column: table[column].map(lambda share: "-" if pd.isna(share) else f"{share:.0%}")
            for column in table
            if column in labels
        }
        counts = {"review": "to review"}
        return title, table.assign(**shares).rename_axis(None).rename(columns=labels | counts).to_string(na_rep="-")

    known = frame[frame["team"].notna()]
    everyone = group_table(known, known["person"].map(lambda _: "Everyone"))
    by_team = pd.concat([group_table(known, known["team"]), everyone])
    by_role = group_table(known, known["role"].map(lambda role: titles.get(role, role)))
    by_question = known.groupby("question", sort=False).agg(
        points=("points", "first"),
        answered=("score", "count"),
        mean=("score", "mean"),
        full=("share", lambda share: int((share >= 1).sum())),
        nothing=("share", lambda share: int((share <= 0).sum())),
        review=("review", "sum"),
    )
    return [
        show("By team", by_team),
        show("By role", by_role),
        show("By question", by_question.round(2)),
    ]


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
    asked = asked_scenarios(quiz, vision) if chosen is not None else []
    answers = _answers(known, quiz, vision, chosen) if chosen is not None else {}
    earlier = dict(before.people)
    if asked:
        column = quiz.slots[0].column
        points = {
            digest(before.key, person): _digest_points(own.points, person, before) for person, own in answers.items()
        }
        earlier[column] = recombined(earlier.get(column, {}), counting[column], points, earlier.get(SITUATIONS, {}))
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
    figures = {key: dict(own) for key, own in before.figures.items()}
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
    if asked:
        shown = [key for key in members if key not in hidden and key not in held[column]]
        anew = [key for key in shown if key[0] != "role"]
        told_anew = _tell_situations(answers, asked, members, anew, before, counting[column], column, minimum)
        for key, value in told_anew.items():
            figures[key][SITUATIONS] = Figure(value=value, as_of=now)
        history[SITUATIONS] = _count_points(history[SITUATIONS], answers, counting[column], shown, told_anew, before)
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
        groups.append(_show(group, told_of, columns, asked, now))
    summary = Summary(
        quiz=quiz.id,
        title=quiz.title,
        company=vision.company,
        statement=vision.statement,
        published=now,
        minimum=minimum,
        columns=columns,
        groups=tuple(groups),
        situations=tuple(_situation(one) for one in asked),
    )
    lowest = min(minimum, before.minimum or minimum)
    return summary, Counted(key=before.key, minimum=lowest, figures=figures, people=history)


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


def _answers(
    frame: "pd.DataFrame", quiz: Quiz, vision: Vision, chosen: Mapping[tuple[str, str], int | None]
) -> dict[str, Answered]:
    given = frame[frame["share"].notna() & (frame["kind"] == "scenario")]
    rows = given[["person", "question", "role", "share"]].itertuples(index=False, name=None)
    return collect_answers(rows, quiz, vision, chosen)


def _tell_situations(
    answers: Mapping[str, Answered],
    asked: Sequence[Scenario],
    members: Mapping[GroupKey, frozenset[str]],
    anew: Sequence[GroupKey],
    before: Counted,
    means: Now[GroupKey],
    column: str,
    minimum: int,
) -> dict[GroupKey, tuple[float, ...]]:
    """What is told anew of the situations by group: nothing, or all that may be told (see `situations`).

    `anew` are groups whose means of the `column` are published anew, which count `means`. Of a scenario that nothing is
    told about, every share is -1.
    """
    groups = {key: members[key] for key in anew}
    if WHOLE not in groups:
        return {}
    met = {person: own.met for person, own in answers.items()}
    new = {person: _new_points(person, own, before, means, column) for person, own in answers.items()}
    shown, told = choose_shown(met, new, {WHOLE: groups.pop(WHOLE), **groups}, minimum)
    found = {}
    for key in told:
        own = [answers[person] for person in members[key] if person in answers]
        values: list[float] = []
        for scenario in asked:
            shares = share_options(own, scenario) if scenario.id in shown else ()
            values += [round(share, 4) for share in shares] or [-1.0] * (len(scenario.options) + 1)
        found[key] = tuple(values)
    return found


def _new_points(person: str, own: Answered, before: Counted, means: Now[GroupKey], column: str) -> Met:
    """In which scenarios a person's answers are new (see `choose_shown`)."""
    name = digest(before.key, person)
    known = before.people.get(SITUATIONS, {}).get(name, {})
    counted = before.people.get(column, {}).get(name, {}).keys()
    if digest(before.key, SITUATIONS, person) not in known and counted <= {means[name][0]}:
        return own.met
    if not counted <= known.keys():
        return frozenset()  # the points in a mean from before these were kept may be any
    worths = {one: digest(before.key, SITUATIONS, person, one) for one in {*own.points, *own.worths.values()}}
    return own.new([one for one, said in worths.items() if said in known])


def _digest_points(points: Iterable[str], person: str, before: Counted) -> list[str]:
    return [digest(before.key, SITUATIONS, person, one) for one in points]


def _count_points(
    history: History[Key],
    answers: Mapping[str, Answered],
    means: Now[GroupKey],
    anew: Collection[GroupKey],
    told: Collection[GroupKey],
    before: Counted,
) -> dict[str, dict[str, frozenset[Key]]]:
    """The history of which points the figures hold: of the groups whose means are published `anew`, and of those of
    which it is `told` what people chose. That a mean was counted so is kept as well.
    """
    found = {person: dict(known) for person, known in history.items()}
    for person, own in answers.items():
        name = digest(before.key, person)
        version, inside = means[name]
        if not inside & set(anew):
            continue
        known = found.setdefault(name, {})
        for one in (version, *_digest_points(own.points | set(own.worths.values()), person, before)):
            known.setdefault(one, frozenset())
        if inside & set(told):
            known[digest(before.key, SITUATIONS, person)] = inside & set(told)
    return found


def _situation(scenario: Scenario) -> Situation:
    options = tuple((option.text, round(option.points / scenario.best, 4)) for option in scenario.options)
    return Situation(id=scenario.id, title=scenario.title, situation=scenario.situation, options=options)


def _show(
    group: Group, own: Mapping[str, Figure], columns: Iterable[Column], asked: Sequence[Scenario], now: dt.datetime
) -> Group:
    """A group with its figures, as they were published last."""
    parts = {}
    for column in columns:
        figure = own.get(PARTS + column.id)
        # One of other parts, from before the vision was changed, says nothing of these.
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


def group_members(people: Iterable[Person], vision: Vision) -> dict[GroupKey, frozenset[str]]:
    """Everyone, then every team and division by name, then every role in the vision's order that somebody has."""
    people = list(people)
    found: dict[GroupKey, frozenset[str]] = {("all", "all"): frozenset(person.person for person in people)}
    for team in sorted({team for person in people for team in person.teams}):
        found["team", team] = frozenset(person.person for person in people if team in person.teams)
    for role in vision.roles:
        who = frozenset(person.person for person in people if person.role == role.id)
        if who:
            found["role", role.id] = who
    return found
