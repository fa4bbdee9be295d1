import datetime as dt
import math
from dataclasses import replace

import pytest

from visionquiz.next_steps import changes_since, earlier_check, gap_in_words, next_steps
from visionquiz.parts import Part
from visionquiz.summaries import Column, Group, Summary, share_of

POINT = ("covered", "hinted", "contradicted", "missing")
COLUMNS = (
    Column(id="state", kind="state", label="State it"),
    Column(
        id="explain", kind="explain", label="Explain it",
        parts=(Part(id="early", label="Early", verdicts=POINT), Part(id="plain", label="Plain", verdicts=POINT),
               Part(id="core", label="", verdicts=("right", "vague", "wrong", "missing"))),
    ),
    Column(
        id="contribute", kind="contribute", label="Contribute to it",
        parts=(Part(id="personal", label="", verdicts=("I", "we", "none")),
               Part(id="concrete", label="", verdicts=("yes", "half", "no"))),
    ),
)  # fmt: skip

GOOD = ((0.9, 0.0, 0.0, 0.1), (0.9, 0.0, 0.0, 0.1), (1.0, 0.0, 0.0, 0.0))
FINE = ((1.0, 0.0, 0.0), (1.0, 0.0, 0.0))


def group(
    kind="all", ident="all", *, means=(0.9, 0.9, 0.9), points=GOOD, doing=FINE, asked=40, answered=40, spread=0.2
):
    names = [column.id for column in COLUMNS]
    return Group(
        kind=kind, id=ident, label=ident, hidden=False, asked=asked, answered=answered,
        means=dict(zip(names, means, strict=True)), spreads=dict.fromkeys(names, spread),
        parts={"explain": points, "contribute": doing},
    )  # fmt: skip


def summary(*groups, quiz="autumn", day=1):
    return Summary(
        quiz=quiz, title=quiz, company="Acme", published=dt.datetime(2026, 11, day, tzinfo=dt.UTC), minimum=5,
        columns=COLUMNS, groups=groups or (group(),),
    )  # fmt: skip


def steps(one, *others):
    return [(step.title, step.why, step.point) for step in next_steps(summary(one, *others), one)]


def test_where_all_is_well_nothing_is_proposed():
    assert steps(group()) == []
    assert next_steps(summary(), Group(kind="team", id="x", label="x", hidden=True)) == ()


def test_the_point_that_came_across_least_comes_with_its_figure_and_the_best_one():
    found = steps(group(points=((0.4, 0.3, 0.0, 0.3), GOOD[1], GOOD[2])))
    assert found == [("Talk about “Early”", "It came across in 40% of the answers; “Plain” did in 90%.", "early")]


def test_a_misreading_goes_before_a_point_that_is_only_missing_and_needs_enough_people():
    points = ((0.5, 0.0, 0.2, 0.3), (0.4, 0.0, 0.0, 0.6), GOOD[2])
    found = steps(group(points=points))
    assert found[0][:2] == (
        "Clear up a misreading of “Early”",
        "20% of those who answered seem to say the opposite of it.",
    )
    assert [title for title, *_ in found] == ["Clear up a misreading of “Early”", "Talk about “Plain”"]
    few = steps(group(points=points, asked=20, answered=20))
    assert few[0][0] == "Talk about “Plain”", "four of twenty are too few to speak of"


@pytest.mark.parametrize(
    ("state", "explain", "title"),
    [
        (0.8, 0.5, "Ask what the vision means, not only what its words are"),
        (0.5, 0.8, "Put the words where people see them every day"),
        (0.7, 0.65, None),
    ],
)
def test_words_without_meaning_and_meaning_without_words(state, explain, title):
    found = steps(group(means=(state, explain, 0.9)))
    assert [one for one, *_ in found] == ([title] if title else [])
    assert not title or (f"{state:.0%} for stating" in found[0][1] and f"{explain:.0%} for explaining" in found[0][1])


def test_what_most_contributions_lack_is_asked_for():
    found = steps(group(means=(0.9, 0.9, 0.5), doing=((0.7, 0.3, 0.0), (0.4, 0.5, 0.1))))
    assert found == [("Ask for one thing that others could see", "50% stay vague about what they do.", "")]
    found = steps(group(means=(0.9, 0.9, 0.5), doing=((0.2, 0.7, 0.1), (0.4, 0.5, 0.1))))
    assert found[0][1] == "70% say what the team does, not what they do themselves."


def test_only_a_team_that_is_clearly_behind_is_named_and_only_to_everyone():
    behind = group("team", "North", means=(0.9, 0.9, 0.5), answered=20, asked=20)
    found = steps(group(means=(0.9, 0.9, 0.88)), behind)
    assert found == [("Begin with North", "Contribute to it: 50% there, 88% over all.", "")]
    unsure = group("team", "North", means=(0.9, 0.9, 0.7), answered=5, asked=5, spread=0.4)
    assert steps(group(means=(0.9, 0.9, 0.88)), unsure) == []
    assert not any("North" in title for title, *_ in steps(behind, group()))


def test_few_answers_are_said_first_of_all_where_they_are_very_few():
    ((title, why, _),) = steps(group(asked=100, answered=40))
    assert title == "Ask those who have not answered"
    assert why == "Only 40 of 100 people did. The others may know more or less than these."


def test_at_most_three_and_the_weightiest_first():
    points, doing = ((0.1, 0, 0, 0.9), (0.2, 0, 0, 0.8), GOOD[2]), ((0.2, 0.7, 0.1), FINE[1])
    one = group(means=(0.9, 0.4, 0.4), points=points, doing=doing, asked=100, answered=40)
    found = next_steps(summary(one), one)
    assert len(found) == 3
    assert [step.weight for step in found] == sorted((step.weight for step in found), reverse=True)
    assert sum(bool(step.point) for step in found) == 1, "other kinds of step come before a second point"


def test_shares_of_what_is_not_known_are_none():
    one = group()
    assert share_of(one, COLUMNS[1], "early", "covered", "hinted") == 0.9
    assert share_of(one, COLUMNS[1], "late", "covered") is None
    assert share_of(replace(one, parts={}), COLUMNS[1], "early", "covered") is None


def test_the_earlier_check_is_the_one_published_last_before():
    now, before, older = summary(day=20), summary(quiz="summer", day=10), summary(quiz="spring", day=1)
    later = summary(quiz="winter", day=25)
    scenarios = replace(summary(quiz="other", day=15), columns=(Column(id="s", kind="scenario", label="Decide"),))
    assert earlier_check(now, [later, now, scenarios, before, older]) is before
    assert earlier_check(older, [later, now, before, older]) is None


def test_a_change_has_an_interval_and_is_clear_or_not():
    before = summary(group(means=(0.5, 0.5, 0.5)), quiz="summer")
    now = summary(group(means=(0.7, 0.55, 0.5)), day=20)
    found = changes_since(now, now.groups[0], before)
    assert (found["state"].clear, found["explain"].clear, found["contribute"].clear) == (True, False, False)
    assert found["state"].low == pytest.approx(0.2 - 1.99085 * math.hypot(0.2, 0.2) / math.sqrt(40), abs=1e-4)
    assert found["state"].high == pytest.approx(0.4 - found["state"].low)
    assert found["state"].before == 0.5


def test_without_spreads_a_change_is_told_without_an_interval_and_is_not_clear():
    before = summary(replace(group(means=(0.5, 0.5, 0.5)), spreads={}), quiz="summer")
    now = summary(group(means=(0.9, 0.5, 0.5)), day=20)
    change = changes_since(now, now.groups[0], before)["state"]
    assert math.isnan(change.low)
    assert not change.clear
    assert change.change == pytest.approx(0.4)


def test_a_group_that_was_not_there_or_hidden_has_no_change():
    now = summary(group(), group("team", "North"), day=20)
    before = summary(group(), Group(kind="team", id="North", label="North", hidden=True), quiz="summer")
    assert changes_since(now, now.groups[1], before) == {}
    assert changes_since(now, now.groups[1], None) == {}
    assert changes_since(now, now.groups[0], summary(quiz="summer")).keys() == {"state", "explain", "contribute"}


def test_the_gap_needs_all_three():
    assert gap_in_words(group(means=(0.8, 0.4, 0.6)), COLUMNS).startswith(
        "People know the words better than they can explain"
    )
    assert gap_in_words(group(), COLUMNS[:2]) == ""
