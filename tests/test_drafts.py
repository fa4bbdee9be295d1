"""Drafts on which several people work."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.drafts import DRAFT_LIMIT, Draft, DraftError, Edit, edit_draft, merge_texts, trace_ancestors

words = st.lists(st.sampled_from(["keep", "every", "home", "running", "💧", "<b>", "and", "tell"]), max_size=12)


@given(words, st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["mine1", "mine2"])), max_size=3),
       st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["hers1", "hers2"])), max_size=3))  # fmt: skip
def test_no_word_that_anybody_typed_is_lost(base, mine, hers):
    one, other = list(base), list(base)
    for place, word in mine:
        one.insert(place, word)
    for place, word in hers:
        other.insert(place, word)
    merged = merge_texts(" ".join(base), " ".join(one), " ".join(other)).split()
    assert sorted(merged) == sorted([*base, *(word for _, word in mine), *(word for _, word in hers)])


@given(words, words)
def test_who_works_alone_gets_what_was_typed(base, mine):
    texts = " ".join(base), " ".join(mine)
    assert merge_texts(*texts, texts[0]) == merge_texts(texts[0], texts[0], texts[1]) == texts[1]
    assert merge_texts(*texts, texts[1]) == texts[1]


def test_both_in_one_place_stay_two_words():
    assert merge_texts("", "listen", "help") == "listen help"
    assert merge_texts("We care", "We care a lot", "We care for you") == "We care a lot for you"
    assert merge_texts("a b", "a", "a c b") == "a c "


def test_a_word_is_not_taken_for_another_one_because_spaces_fit():
    assert merge_texts("a ", " a", "ab ").split() == ["ab"]


def test_what_is_put_before_a_word_stays_before_what_is_made_of_it():
    assert merge_texts("We ca", "We care", "We all ca") == "We all care"
    assert merge_texts("We ca", "We all ca", "We care") == "We all care"


def test_letters_right_before_a_word_that_somebody_else_is_typing_leave_that_word_whole():
    assert merge_texts("Ada whil", "Ada keeps thwhil", "Ada while Bea") == "Ada keeps thwhile Bea"
    assert merge_texts("Ada whil", "Ada while Bea", "Ada keeps thwhil") == "Ada keeps thwhile Bea"
    assert merge_texts("keep ", "ankeep ", "keeps ") == "ankeeps "
    assert merge_texts("the whil", "the whil water", "the while Bea") == "the while Bea water"
    # Both at one place of one word: who knows whose letters go first? Both words stay.
    assert merge_texts("We ca", "We call", "We care") == "We call care"
    # Whoever takes letters out makes another word.
    assert merge_texts("We care", "We call", "We careful") == "We call careful"


@given(words, words, words)
def test_words_are_never_glued_together(base, mine, hers):
    merged = merge_texts(" ".join(base), " ".join(mine), " ".join(hers)).split()
    assert set(merged) <= {*base, *mine, *hers}
    assert set(mine) - set(base) <= set(merged)
    assert set(hers) - set(base) <= set(merged)


def test_an_edit_says_who_and_when_and_typing_on_is_one_edit():
    draft = Draft(id="draft-001", authors=("ada",))
    for when, text in enumerate(["K", "Keep", "Keep every home"]):
        draft = edit_draft(draft, base=draft.text, text=text, who="ada", when=float(when))
    draft = edit_draft(draft, base="Keep every home", text="Keep every home warm", who="bea", when=5.0)
    assert draft.text == "Keep every home warm"
    assert draft.authors == ("ada", "bea")
    assert draft.history == (
        Edit(who="ada", text="K", when=0.0),
        Edit(who="ada", text="Keep every home", when=2.0),
        Edit(who="bea", text="Keep every home warm", when=5.0),
    )
    later = edit_draft(draft, base=draft.text, text="Keep every home", who="bea", when=500.0)
    assert len(later.history) == 4


def test_what_is_too_long_is_refused_and_the_draft_stays():
    draft = edit_draft(Draft(id="draft-001"), base="", text="short", who="ada", when=0.0)
    with pytest.raises(DraftError, match=r"600 characters.*60,000"):
        edit_draft(draft, base="short", text="x" * 60_000, who="ada", when=1.0)
    full = edit_draft(draft, base="short", text="x" * DRAFT_LIMIT, who="ada", when=1.0)
    assert len(full.text) == DRAFT_LIMIT


def test_ancestors_nearest_first_each_once():
    one, two = Draft(id="1"), Draft(id="2")
    pair = Draft(id="3", parents=("1", "2"))
    merged = Draft(id="4", parents=("3", "1"))
    assert [one.id for one in trace_ancestors(merged, [one, two, pair, merged])] == ["3", "1", "2"]
    assert trace_ancestors(replace(one, parents=("1",)), [one]) == ()
