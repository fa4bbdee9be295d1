"""Answers to tests of a draft: read with care, and counted by test."""

import pytest

from visionquiz.curriculum import Round
from visionquiz.draft_tests import find_failed, read_answers, share_passed
from visionquiz.vision import Option

TESTS = tuple(
    Round(id=ident, text=ident, options=tuple(Option(text=str(one), points=one, why="") for one in (2, 1, 0)))
    for ident in ("swap", "failure")
)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"swap": 0, "failure": 2}, {"swap": 0, "failure": 2}),
        ({"swap": 3, "failure": -1}, {}),
        ({"swap": True, "failure": "1"}, {}),
        ({"swap": None, "ghost": 1, "failure": 1.0}, {}),
        ("swap", {}),
        (None, {}),
        ([["swap", 1]], {}),
    ],
)
def test_only_choices_that_there_are_count(sent, read):
    assert read_answers({"answers": sent}, TESTS) == read
    assert read_answers({}, TESTS) == {}


def test_a_draft_passes_as_far_as_people_say():
    assert share_passed([{"swap": 0}, {"swap": 2}, {"swap": 1, "failure": 2}], TESTS) == (0.5, 0.0)
    assert share_passed([{"swap": 0}], TESTS) == (1.0, None), "a test that nobody ran is missing, not failed"


def test_what_has_no_points_is_failed():
    assert find_failed({"swap": 2, "failure": 1}, TESTS) == ("swap",)
