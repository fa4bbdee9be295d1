import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.text import (
    NEGATIONS,
    READ_LIMIT,
    SMALL_WORDS,
    Reference,
    clauses,
    content,
    likeness,
    normalise,
    stem,
    words,
)

ANYTHING = st.text(st.characters(), max_size=300)


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("TIDY", "tidy"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("ｔｉｄｙ", "tidy"),
        ("don’t", "don't"),
        ("ti\u200bdy", "tidy"),
        ("straße", "strasse"),
    ],
)
def test_case_accents_and_width_do_not_matter(typed: str, compared: str):
    assert normalise(typed) == compared
    assert [word.plain for word in words(typed)] == [compared]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("<b>Tidy</b> homes", ["tidy", "homes"]),
        ("clean &amp; quick<br>done", ["clean", "quick", "done"]),
        ("# Tidy\n- *homes*", ["tidy", "homes"]),
        ("a < b and c > d", ["a", "b", "and", "c", "d"]),
        ("tell ppl wots nxt", ["tell", "people", "what's", "next"]),
        ("", []),
        (" ?! … 🙂", []),
    ],
)
def test_markup_and_marks_are_not_words(typed: str, found: list[str]):
    assert [word.plain for word in words(typed)] == found


@given(ANYTHING)
def test_words_lie_where_they_were_typed(typed: str):
    end = 0
    for word in words(typed):
        assert end <= word.start < word.end <= len(typed)
        assert not typed[word.start : word.end].isspace()
        end = word.end


@given(ANYTHING)
def test_every_word_is_in_exactly_one_clause(typed: str):
    parts = clauses(typed)
    assert tuple(word for part in parts for word in part.words) == words(typed)
    assert all(part.start == part.words[0].start and part.end == part.words[-1].end for part in parts)


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("We tidy up, but nobody rings.", ["We tidy up", "but nobody rings"]),
        ("Test it - sweep up - go", ["Test it", "sweep up", "go"]),
        ("one\ntwo", ["one", "two"]),
        ("well-known follow-up", ["well-known follow-up"]),
    ],
)
def test_clauses_end_at_marks_and_joining_words(typed: str, parts: list[str]):
    assert [typed[part.start : part.end] for part in clauses(typed)] == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [("told", "tell"), ("rang", "ring"), ("listening", "listens"), ("10", "ten"), ("guest's", "guests")],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("misspelt", ["conected", "connectd", "connecetd", "conneckted"])
def test_a_misspelt_word_is_nearly_the_word(misspelt: str):
    assert likeness(stem(misspelt), stem("connected")) == 0.9


@pytest.mark.parametrize(
    ("one", "other"), [("home", "some"), ("paid", "said"), ("2", "3"), ("tidy", "bill"), ("a", "b")]
)
def test_other_words_are_not_alike(one: str, other: str):
    assert likeness(stem(one), stem(other)) == 0.0


@given(st.text("abcdefgh", max_size=9), st.text("abcdefgh", max_size=9))
def test_likeness_is_symmetric(one: str, other: str):
    assert likeness(one, other) == likeness(other, one)


def test_support_takes_the_best_likeness_of_each_stem():
    reference = Reference(bags=({"connect": 2.0, "home": 1.0}, {"bill": 1.0}))
    assert reference.support(["conect", "connect", "hous"]) == [pytest.approx(2.7), 0]
    assert reference.nearest("hous") == pytest.approx(0.7)
    assert reference.nearest("quartz") == 0.0


def test_what_negates_is_never_a_small_word():
    assert NEGATIONS.isdisjoint(SMALL_WORDS)
    assert not content(words("the no never and a 's x"))


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 1_000_000,
        "<" * 1_000_000,
        "&" * 1_000_000,
        "word " * 200_000,
        "\u0301" * 1_000_000,
        "\ud800\udfff\x00\x1b[31m" * 1000,
        "🙂" * 500_000,
        "<script>" * 100_000,
        "a\u200d" * 500_000,
    ],
    ids=["letters", "angles", "ampersands", "words", "accents", "controls", "emoji", "tags", "joiners"],
)
def test_a_megabyte_of_anything_is_read_at_once(hostile: str):
    start = time.process_time()
    found = words(hostile)
    clauses(hostile)
    assert time.process_time() - start < 1.0
    assert all(word.end <= READ_LIMIT for word in found)
