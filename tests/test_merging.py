"""Two drafts in one: what both have, and whether a merged draft is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.merging import check_merge, find_common

ONE, OTHER = "You get a straight answer, whoever you meet.", "Nobody waits without knowing why."


@pytest.mark.parametrize(
    ("merged", "fault"),
    [
        ("", "nothing in the box"),
        ("...", "nothing in the box"),
        (ONE, "one of the two drafts as it was"),
        ("you get a STRAIGHT answer whoever you meet", "one of the two drafts as it was"),
        (f"{ONE} {OTHER}", "one after the other"),
        (f"{ONE[:-1]}, and {OTHER.lower()}", "one after the other"),
        ("A straight answer from everybody.", "only the second draft"),
        ("Nobody has to wait.", "only the first draft"),
        ("A straight answer, and no waiting.", ""),
        ("A straight answer; nobody waits without knowing why.", ""),
    ],
)
def test_a_merged_draft_keeps_a_thought_of_each_and_is_no_glue(merged, fault):
    found = check_merge(ONE, OTHER, merged).fault
    assert fault in found
    assert bool(fault) == bool(found)


def test_what_is_kept_is_counted():
    found = check_merge(ONE, OTHER, "A straight answer today, and no waiting.")
    assert (found.kept_one, found.kept_other, found.new) == (2, 1, 1)


def test_common_words_are_found_whatever_their_ending():
    marked = [ONE[start:end] for start, end in find_common(ONE, "We answer at the first meeting.")]
    assert marked == ["answer", "meet"]


def test_a_draft_merged_with_itself_has_nothing_to_lose():
    assert check_merge(ONE, ONE, "A straight answer.").fault == ""


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_welcome(one, other, merged):
    found = check_merge(one, other, merged)
    assert 0 <= found.kept_one <= found.of_one
    assert 0 <= found.kept_other <= found.of_other
    assert all(0 <= start < end <= len(one) for start, end in find_common(one, other))
