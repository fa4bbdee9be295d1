"""Steps in order: told apart are those that come in time, too early and too late."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.ordering import EARLY, LATE, RIGHT, judge_order, read_order

STEPS = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        ("abcde", {}),
        ("bcdea", {"a": LATE}),
        ("eabcd", {"e": EARLY}),
        ("acbde", None),  # either of the two may be moved
        ("edcba", None),
    ],
)
def test_only_steps_that_must_move_are_wrong(order, wrong):
    found = judge_order(STEPS, order)
    assert list(found) == list(order)
    told = {step: place for step, place in found.items() if place != RIGHT}
    if wrong is None:
        assert len(told) == {"acbde": 1, "edcba": 4}[order]
    else:
        assert told == wrong


@given(st.permutations(STEPS))
def test_moving_the_wrong_ones_mends_any_order(order):
    found = judge_order(STEPS, order)
    kept = [step for step in order if found[step] == RIGHT]
    assert kept == sorted(kept)
    for step, place in found.items():
        at = order.index(step)
        before, after = [one for one in kept if order.index(one) < at], [one for one in kept if order.index(one) > at]
        if place == LATE:
            assert any(one > step for one in before)
        if place == EARLY:
            assert any(one < step for one in after)
            assert not any(one > step for one in before)


@pytest.mark.parametrize(
    "body", [{}, {"order": "abcde"}, {"order": ["a"]}, {"order": [*"abcdd"]}, {"order": [*"abcdef"]}, {"order": [1, 2]}]
)
def test_what_is_no_order_of_these_steps_is_passed_over(body):
    assert read_order(body, STEPS) == ()


def test_an_order_is_read():
    assert read_order({"order": [*"bcdea"]}, STEPS) == tuple("bcdea")
