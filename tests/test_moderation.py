"""Flags are hints: what a trainer should look at first, and how little raises none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.moderation import FLAGS, LONG, SHOWN_LIMIT, check_words, make_readable, words_of

NAMES = ("Ada Okafor", "Will Stone", "Jo Li")


def kinds(text):
    return [flag.kind for flag in check_words(text, names=NAMES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They ring back when they said they would.", []),
        ("Scunthorpe classes pass the assessment in the cockpit; Dickens wrote it.", []),
        ("100 % of 12,000 calls in 2026, 24/7, at 9.30", []),
        ("Nobody answers a < b questions & more", []),
        ("What a shitty idea", ["rude"]),
        ("sh1t", ["rude"]),
        ("Shhhiiit", ["rude"]),
        ("$tupid", ["rude"]),
        ("They are idiots", ["rude"]),
        ("Ada's way of ringing back", ["name"]),
        ("ada was not meant", []),
        ("a will of stone", []),
        ("write to me@example.org", ["contact"]),
        ("ring 0171 555 01 23", ["contact"]),
        ("+44 (0)20 7946 0958", ["contact"]),
        ("see https://example.org", ["link"]),
        ("see example.com", ["link"]),
        ("<img src=x onerror=alert(1)>", ["markup"]),
        ("&lt;b&gt;", ["markup"]),
        ("[x](javascript:alert(1))", ["markup"]),
        ("x" * (LONG + 1), ["long"]),
        ("Will is an idiot, www.example.org <b>", ["rude", "name", "link", "markup"]),
        ("", []),
    ],
)
def test_what_is_flagged(text, expected):
    assert kinds(text) == expected


@given(st.text(max_size=300))
def test_any_text_is_looked_at_and_each_kind_comes_once_in_order(text):
    found = kinds(text)
    assert found == [kind for kind in FLAGS if kind in found]


def test_a_huge_text_takes_no_longer_than_a_long_one():
    assert kinds("1 " * 1_000_000 + "idiot") == ["contact", "long"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"ask": "great-service", "text": "Ringing back"}, "Ringing back"),
        ({"ask": "great-service", "text": "friendly"}, "friendly"),
        ({"choice": 1}, ""),
        ({"places": {"card-1": "mission", "card-2": "vision"}, "marks": ["yes"]}, ""),
        ({"ideas": ["First one", {"text": "two"}], "n": 3}, "First one\ntwo"),
        ({"text": {"a": {"b": {"c": {"d": {"e": "Too deep"}}}}}}, ""),
        ({"text": "a\u202eb\x00c\u200b"}, "abc"),
        ({"text": "x" * 10_000}, "x" * SHOWN_LIMIT),
        ({}, ""),
    ],
)
def test_what_was_typed_is_found_in_any_contribution(body, text):
    assert words_of(body) == text


def test_what_waits_is_read_as_a_whole():
    assert words_of({"word": "friendly"}) == ""
    assert words_of({"word": "friendly"}, all_of_it=True) == "friendly"


def test_lines_stay_lines():
    assert make_readable("one\ntwo\u2066") == "one\ntwo"
