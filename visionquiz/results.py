"""Tidy results into the tables that people read."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from visionquiz.gradebook import Score
from visionquiz.quiz import Quiz
from visionquiz.roster import Person
from visionquiz.summaries import Column, GroupKey
from visionquiz.vision import Vision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["columns_of", "group_members", "group_table", "print_tables", "tidy_results"]

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
    known = {person.person for person in people}
    strangers = [person for person in given["person"].unique() if person not in known]
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


def group_members(people: Iterable[Person], vision: Vision) -> dict[GroupKey, frozenset[str]]:
    """Everyone, then every team and division by name, then every role in the vision's order that somebody has."""
    teams, roles = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    everyone = set()
    for person in people:
        everyone.add(person.person)
        roles[person.role].add(person.person)
        for team in person.teams:
            teams[team].add(person.person)
    return {
        ("all", "all"): frozenset(everyone),
        **{("team", team): frozenset(teams[team]) for team in sorted(teams)},
        **{("role", role.id): frozenset(roles[role.id]) for role in vision.roles if role.id in roles},
    }
