"""What a room thinks, counted; and that nothing a browser sends breaks the count."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.curriculum import Activity, Bin, Card
from visionquiz.opinions import (
    MARKS,
    Shares,
    compare_marks,
    count_places,
    invent_opinions,
    judge_place,
    read_marked,
    read_marks,
    read_places,
    share_agreed,
)

BINS = (Bin(id="a", label="Mission"), Bin(id="b", label="Purpose"), Bin(id="c", label="Value"))
CLEAR = Card(id="clear", text="One place", bins=("a",), slips=("b",), why="Because.")
SPLIT = Card(id="split", text="Two places", bins=("a", "b"), why="Both.")


def activity(kind, *cards, bins=BINS):
    return Activity(id="x", kind=kind, title="X", prompt="Do", bins=bins, cards=cards)


@pytest.mark.parametrize(
    ("card", "place", "good", "head"),
    [
        (CLEAR, "a", True, "Yes."),
        (CLEAR, "b", False, "Rather “Mission”."),
        (SPLIT, "a", True, "Yes, and others say “Purpose”."),
        (SPLIT, "b", True, "Yes, and others say “Mission”."),
        (SPLIT, "c", False, "Rather “Mission” or “Purpose”."),
    ],
)
def test_a_card_in_dispute_may_lie_in_either_place(card, place, good, head):
    verdict = judge_place(card, place, BINS)
    assert (verdict.good, verdict.head, verdict.why) == (good, head, card.why)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["a", "clear", "yes"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["clear", "a", "b", "z"]), inner),
    max_leaves=8,
)


@given(anything)
def test_whatever_is_sent_only_known_places_and_marks_are_read(sent):
    places = read_places({"places": sent}, ["clear", "split"], ["a", "b"])
    assert set(places) <= {"clear", "split"}
    assert set(places.values()) <= {"a", "b"}
    for marks in read_marks({"marks": sent}, ["clear"], ["a", "b"]).values():
        assert set(marks) == {"a", "b"}
        assert set(marks.values()) <= set(MARKS)


def test_marks_count_once_a_card_has_all_of_them():
    sent = {"marks": {"clear": {"a": "yes"}, "split": {"a": "yes", "b": "no", "more": "yes"}}}
    assert read_marks(sent, ["clear", "split"], ["a", "b"]) == {"split": {"a": "yes", "b": "no"}}


def test_shares_are_of_those_who_gave_it_a_place():
    counts = count_places([{"x": "a"}, {"x": "b"}, {"x": "a", "y": "b"}, {}], ["x", "y", "z"])
    assert counts["x"] == Shares(counts=Counter(a=2, b=1))
    assert counts["x"].share(["a"]) == pytest.approx(2 / 3)
    assert counts["x"].share(["a", "b", "a"]) == 1
    assert counts["y"].people == 1
    assert counts["z"].share(["a"]) is None


MARKED = Card(id="m", text="M", bins=("a",), partly=("b",), slips=("b",))


def test_marks_that_come_with_a_card_are_yes_partly_or_no():
    assert read_marked(MARKED, BINS) == {"a": "yes", "b": "partly", "c": "no"}
    assert compare_marks({"a": "yes", "b": "no", "c": "no"}, MARKED, BINS) == (BINS[1],)
    assert compare_marks(read_marked(MARKED, BINS), MARKED, BINS) == ()


def test_agreement_is_by_criterion_and_missing_where_nobody_marked():
    room = [{"m": {"a": "yes", "b": "no", "c": "no"}}, {"m": {"a": "no", "b": "no", "c": "no"}}, {}]
    assert share_agreed(room, MARKED, BINS) == (0.5, 0, 1)
    assert share_agreed([{}], MARKED, BINS) == (None, None, None)


def test_invented_people_slip_where_people_often_do_and_only_there():
    sorted_ = [one["places"] for one in invent_opinions(activity("sort", CLEAR, SPLIT))]
    counts = count_places(sorted_, ["clear", "split"])
    assert counts["clear"].counts == Counter(a=5, b=3)
    assert counts["split"].counts == Counter(a=4, b=4)


def test_invented_people_mark_as_the_set_does_but_where_readers_differ():
    room = [read_marks(one, ["m"], ["a", "b", "c"]) for one in invent_opinions(activity("mark", MARKED))]
    assert len(room) == 8
    assert share_agreed(room, MARKED, BINS) == (1, 5 / 8, 1)


def test_invented_people_are_split_on_what_is_in_dispute():
    sides = (Card(id="pro", text="Yes", bins=("a",)), Card(id="con", text="No", bins=("a",)))
    room = [one["places"] for one in invent_opinions(activity("sides", *sides))]
    assert count_places(room, ["a"])["a"].counts == Counter(pro=5, con=3)
    assert all(set(one) == {"a"} for one in room), "a question without sides is not answered"


def test_other_kinds_are_left_to_what_people_say():
    assert invent_opinions(activity("say")) == []
