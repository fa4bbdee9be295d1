"""What a plan of ninety days lacks, how it lies on the line of time, and what a repaired goal shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.curriculum import Bin, Card, load_lesson
from visionquiz.kit import kit_path
from visionquiz.service_goals import check_goal
from visionquiz.upkeep import (
    TOPICS,
    Entry,
    check_plan,
    count_plans,
    invent_plans,
    lay_plan,
    read_phases,
    read_topic,
)

PLAN = load_lesson(kit_path("notebooks") / "lessons" / "keep-it-alive.toml").activity("plan")
WEEK, MONTH, SECOND, THIRD = read_phases(PLAN.bins)
WHOLE = {
    "leaders": WEEK, "training": WEEK, "huddle": MONTH, "goals": SECOND, "recheck-7": WEEK, "recheck-30": MONTH,
    "recheck-90": THIRD,
}  # fmt: skip


def plan(**changes):
    """The whole plan, changed; None takes a card out. An underscore stands for a hyphen."""
    cards = WHOLE | {card.replace("_", "-"): phase for card, phase in changes.items()}
    return [Entry(card=card, text=card, topic=read_topic(card), phase=phase) for card, phase in cards.items() if phase]


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({}, []),
        ({"leaders": None}, ["leaders"]),
        ({"recheck_7": None, "recheck_30": None, "recheck_90": None}, ["recheck"]),
        ({"recheck_7": None, "recheck_30": None}, ["recheck-early"]),
        ({"recheck_90": None}, ["recheck-late"]),
        ({"huddle": None}, ["habit"]),
        ({"huddle": None, "stories": SECOND}, []),
        ({"goals": None, "training": None}, ["talk"]),
        ({"goals": None}, []),
        ({"training": MONTH, "leaders": MONTH}, ["recheck-first"]),
        (dict.fromkeys((card.replace("-", "_") for card in WHOLE), WEEK), ["recheck-late", "burst"]),
        ({"stories": WEEK, "empowerment": WEEK, "huddle": WEEK}, ["crowd-day-1-7"]),
    ],
)
def test_what_is_missing_is_told_and_nothing_else(changes, gaps):
    assert [one.id for one in check_plan(plan(**changes))] == gaps


def test_an_empty_plan_says_so_alone():
    assert [one.id for one in check_plan([])] == ["empty"]


def test_a_card_of_ones_own_counts_by_what_it_is_about():
    own = Entry(card="own-1", text="The boss rings a customer", topic="leaders", phase=WEEK)
    assert check_plan([*plan(leaders=None), own]) == ()
    late = Entry(card="own-2", text="Ask again", topic="recheck", phase=THIRD)
    assert check_plan([*plan(recheck_90=None), late]) == ()


def test_habits_go_on_and_rechecks_have_their_day():
    laid = {one.card: (one.first, one.last) for one in lay_plan(plan(recheck_30=THIRD))}
    assert laid["leaders"] == (1, 90)
    assert laid["huddle"] == (8, 90)
    assert laid["training"] == (1, 7)
    assert laid["recheck-7"] == (7, 7)
    assert laid["recheck-30"] == (90, 90), "day 30 is not in the third month"
    assert [one.first for one in lay_plan(plan())] == sorted(one.first for one in lay_plan(plan()))


@given(st.lists(st.tuples(st.sampled_from([*TOPICS, "", "recheck-9999", "own-1"]), st.integers(0, 3))))
def test_any_plan_can_be_checked_and_laid(pairs):
    phases = (WEEK, MONTH, SECOND, THIRD)
    entries = [Entry(card=card, text=card, topic=read_topic(card), phase=phases[at]) for card, at in pairs]
    check_plan(entries)
    assert all(1 <= one.first <= one.last <= 90 for one in lay_plan(entries))


@pytest.mark.parametrize("ident", ["later", "day-0-5", "day-9-2", "day-1", "day-1-7-9"])
def test_phases_without_days_share_them_out(ident):
    (first, second) = read_phases([Bin(id="a", label="A"), Bin(id=ident, label="B")])
    assert (first.first, first.last, second.first, second.last) == (1, 45, 46, 90)


def test_odd_plans_count_for_nothing():
    cards, phases = [Card(id="leaders", text="L")], (WEEK, MONTH)
    bodies = [
        {}, {"places": "x"}, {"places": {"ghost": WEEK.id, "leaders": "nowhere"}}, {"places": {"leaders": [1]}},
        {"places": {"leaders": WEEK.id}},
    ]  # fmt: skip
    counts, plans = count_plans(bodies, cards, phases)
    assert plans == 3
    assert counts == {"leaders": {WEEK.id: 1, MONTH.id: 0}}


def test_invented_people_differ_and_stay_within_the_cards():
    phases = read_phases(PLAN.bins)
    plans = invent_plans(PLAN.cards, phases)
    counts, many = count_plans(plans, PLAN.cards, phases)
    assert many == 6
    assert all(sum(row.values()) < many for row in counts.values())
    assert len({str(one) for one in plans}) > 1


OLD = "Average length of a call: under four minutes"


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ("9 of 10 callers know what happens next", [True, True, True, True]),
        ("Every tenant has an answer by the hour that was promised", [True, True, True, True]),
        ("Callers know what happens next", [True, True, True, None]),
        ("Average length of a call: under three minutes", [None, False, True, True]),
        ("Be friendly to callers", [True, True, False, None]),
        ("More profit", [True, False, False, None]),
        (OLD, [False]),
        ("Under four minutes: the average length of calls", [False]),
        (OLD.upper() + "  ", [False]),
        ("", [False]),
        ("?", [False]),
    ],
)
def test_a_repaired_goal_shows_whom_it_serves(after, found):
    assert [one.found for one in check_goal(OLD, after)] == found
