"""Which role's people serve which meaning point, as managers see it."""

import datetime as dt
from dataclasses import replace

import pytest

from visionquiz.parts import UNKNOWN, Part
from visionquiz.role_map import map_roles
from visionquiz.summaries import Column, Group, Summary

VERDICTS = ("yes", UNKNOWN, "no")
PARTS = (
    Part(id="personal", label="", verdicts=("I", "we", "none")),
    Part(id="serves:early", label="Early", verdicts=VERDICTS),
    Part(id="serves:plain", label="Plain", verdicts=VERDICTS),
)
OTHER = Column(
    id="explain", kind="explain", label="Explain it", parts=(Part(id="early", label="Early", verdicts=("a",)),)
)


def group(kind, early, plain, *, unknown=0.0, hidden=False):
    told = ((0.9, 0.1, 0.0), *((share, unknown, 1 - share - unknown) for share in (early, plain)))
    return Group(
        answered=100, kind=kind, id=f"{kind}-1", label=f"One {kind}", hidden=hidden,
        means=None if hidden else {"doing": 0.5},
        parts={} if hidden else {"doing": told},
    )  # fmt: skip


def seen(*groups, parts=PARTS, kind="contribute"):
    return map_roles(
        Summary(
            quiz="autumn", title="Autumn", company="Acme", published=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), minimum=5,
            columns=(OTHER, Column(id="doing", kind=kind, label="Contribute", parts=parts)), groups=groups,
        )
    )  # fmt: skip


def test_each_role_has_the_share_of_its_people_that_serve_each_point():
    found = seen(group("all", 0.4, 0.1), group("team", 0.9, 0.0), group("role", 0.25, 0.5))
    assert found.points == {"early": "Early", "plain": "Plain"}
    assert [(row.id, row.label, row.shares) for row in found.roles] == [
        ("role-1", "One role", {"early": 0.25, "plain": 0.5})
    ]
    assert found.whole.shares == {"early": 0.4, "plain": 0.1}
    assert found.orphans == ()


@pytest.mark.parametrize(("share", "orphans"), [(0.0, ("plain",)), (0.02, ("plain",)), (0.03, ())])
def test_a_point_that_hardly_anybody_serves_is_an_orphan(share, orphans):
    found = seen(group("all", 0.4, share), group("role", 0.0, 0.9))
    assert found.orphans == orphans
    assert found.placed == pytest.approx(0.4 + share)


def test_of_few_contributions_no_point_is_called_an_orphan():
    few = replace(group("all", 0.4, 0.0), answered=49)
    assert seen(few, group("role", 0.0, 0.9)).orphans == ()
    assert seen(replace(few, answered=50), group("role", 0.0, 0.9)).orphans == ("plain",)


def test_a_manager_sees_the_map_of_the_people_who_are_looked_at():
    team = group("team", 0.1, 0.5)
    whole = seen(team, group("role", 0.3, 0.3))
    assert whole is None, "not everybody's"
    summary = Summary(
        quiz="autumn", title="Autumn", company="Acme", published=dt.datetime(2026, 11, 1, tzinfo=dt.UTC), minimum=5,
        columns=(Column(id="doing", kind="contribute", label="Contribute", parts=PARTS),), groups=(team,),
    )  # fmt: skip
    assert map_roles(summary, team).whole.shares == {"early": 0.1, "plain": 0.5}


def test_a_hidden_role_says_nothing_but_its_name():
    (row,) = seen(group("all", 0.4, 0.1), group("role", 0.3, 0.3, hidden=True)).roles
    assert (row.hidden, row.label, row.shares) == (True, "One role", {})


def test_shares_are_of_those_of_whom_it_is_known():
    (row,) = seen(group("all", 0.4, 0.1), group("role", 0.3, 0.0, unknown=0.4)).roles
    assert row.shares == pytest.approx({"early": 0.5, "plain": 0.0})


def test_where_most_were_graded_before_anybody_asked_nothing_is_told():
    found = seen(group("all", 0.0, 0.0, unknown=0.6), group("role", 0.0, 0.0, unknown=1.0))
    assert [found.whole.shares, found.roles[0].shares, found.orphans] == [{}, {}, ()]
    assert not found.roles[0].hidden


def test_without_contributions_or_told_points_there_is_no_map():
    everyone = group("all", 0.4, 0.1)
    assert seen(everyone, kind="explain") is None
    assert seen(everyone, parts=PARTS[:1]) is None
    assert seen() is None


def test_a_group_without_figures_about_parts_is_not_known():
    bare = Group(kind="all", id="all", label="Everyone", hidden=False, means={"doing": 0.5})
    assert seen(bare).whole.shares == {}
