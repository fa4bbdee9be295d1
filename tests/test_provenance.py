"""Where the words of a statement come from."""

import itertools
import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.drafts import Draft, Edit, align_words, edit_draft
from visionquiz.ideas import Idea, make_ideas
from visionquiz.provenance import FEWEST, MOST_IDEAS, choose_names, summarise, trace_words, wind_back
from visionquiz.text import words
from visionquiz.themes import Theme, Themes

VOCABULARY = [
    "keep",
    "every",
    "home",
    "homes",
    "running",
    "and",
    "the",
    "Truth,",
    "never",
    "<b>tell</b>",
    "&",
    "💧",
    "can't",
]
some = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
plain = st.lists(st.sampled_from("keep every home warm water tell truth fast".split()), max_size=8)


def sentence(whose):
    """Words that one person alone uses."""
    return st.lists(st.integers(0, 5).map(lambda number: f"{whose}{number}"), max_size=8)


def grow(ident, *texts, parents=(), made="alone", start=0.0):
    """A draft after edits of a minute and more each, as (who, text)."""
    draft = Draft(id=ident, parents=parents, made=made)
    for number, (who, text) in enumerate(texts):
        draft = edit_draft(draft, base=draft.text, text=text, who=who, when=start + 100.0 * number)
    return draft


def trace(draft, *drafts, ideas=()):
    """The draft and who of each word."""
    return {one.word.plain: (one.draft, one.edit, one.who) for one in trace_words(draft, [*drafts, draft], ideas)}


@st.composite
def families(draw):
    """Up to six drafts, of parents that came before, with histories of any texts; now and then one that is damaged."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        parents = draw(st.lists(st.sampled_from([f"draft-{n}" for n in range(7)]), max_size=3))
        edits = draw(st.lists(st.tuples(some, st.floats(0, 100)), max_size=4))
        history = tuple(Edit(who=f"who-{n}", text=text, when=when) for n, (text, when) in enumerate(edits))
        text = history[-1].text if history and draw(st.booleans()) else draw(some)
        found.append(Draft(id=f"draft-{number}", text=text, parents=tuple(parents), history=history))
    return found


class TestEveryWord:
    @given(families(), st.lists(some, max_size=4))
    def test_has_one_origin_that_is_there_and_lies_in_the_text(self, drafts, texts):
        draft, known = drafts[-1], {one.id: one for one in drafts}
        ideas = make_ideas(texts)
        origins = trace_words(draft, drafts, ideas)
        assert tuple(one.word for one in origins) == words(draft.text)
        for one in origins:
            assert 0 <= one.word.start < one.word.end <= len(draft.text)
            home = known[one.draft]
            if one.edit is None:
                said, who = home.text, ""
            else:
                said, who = home.history[one.edit].text, home.history[one.edit].who
            assert one.word.plain in {word.plain for word in words(said)}
            assert one.who == who
            assert len(one.ideas) == min(one.said_by, MOST_IDEAS)
            for heard in one.ideas:
                (word,) = words(heard.idea.text[heard.start : heard.end])
                assert word.stem == one.word.stem
                assert heard.same == (word.plain == one.word.plain)
        summary = summarise(origins, drafts, ideas)
        assert summary.words == sum(one.telling for one in origins)
        assert math.isclose(sum(one.share for one in summary.shares), 1.0 if summary.words else 0.0)
        assert summary.heard <= summary.ideas

    @given(plain, plain)
    def test_stays_the_same_word_where_texts_are_aligned(self, old, new):
        pairs = align_words(old, new)
        assert all(old[one] == new[other] for one, other in pairs)
        assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))
        assert len(align_words(old, old)) == len(old)

    @given(sentence("ada"), sentence("bea"), sentence("both"), sentence("cem"), st.integers(0, 8), st.booleans())
    def test_of_a_solo_draft_is_credited_to_it_over_two_merges(self, hers, his, theirs, merger, place, swapped):
        ada = grow("draft-1", ("ada", "K"), ("ada", " ".join([*hers[:place], "planted", *hers[place:]])))
        bea = grow("draft-2", ("bea", " ".join(his)), start=10.0)
        parts = [bea.text, ada.text.upper()] if swapped else [ada.text, bea.text]
        pair = grow("draft-3", ("bea", "pl"), ("bea", " ".join([*theirs, *parts])), made="pair",
                    parents=("draft-1", "draft-2"), start=1000.0)  # fmt: skip
        own = " ".join([*merger, "newly"])
        merged = grow("draft-4", ("cem", own), ("dan", f"{pair.text} {own}"), made="merged",
                      parents=("draft-3",), start=2000.0)  # fmt: skip
        found = trace(merged, ada, bea, pair)
        assert found["planted"] == ("draft-1", 1, "ada")
        assert found["newly"] == ("draft-4", 0, "cem")
        homes = {"ada": "draft-1", "bea": "draft-2", "both": "draft-3", "cem": "draft-4"}
        assert all(home == homes[re.sub(r"\d", "", word)] for word, (home, _, _) in found.items() if word[-1].isdigit())

    @given(sentence("word"), st.lists(st.integers(0, 9), max_size=4))
    def test_that_the_merger_adds_is_the_mergers(self, text, places):
        ada = grow("draft-1", ("ada", " ".join(text)))
        mixed = list(text)
        for number, place in enumerate(places):
            mixed.insert(place, f"new{number}")
        merged = grow("draft-2", ("cem", " ".join(mixed)), parents=("draft-1",), start=1000.0)
        for one in trace_words(merged, [ada, merged]):
            assert one.draft == ("draft-2" if one.word.plain.startswith("new") else "draft-1")


class TestCarriedOver:
    def test_marks_and_capitals_make_no_new_word(self):
        draft = grow("draft-1", ("ada", "keep homes warm"), ("bea", "Keep homes warm, always."))
        assert trace(draft) == {
            "keep": ("draft-1", 0, "ada"), "homes": ("draft-1", 0, "ada"), "warm": ("draft-1", 0, "ada"),
            "always": ("draft-1", 1, "bea"),
        }  # fmt: skip

    def test_a_single_word_elsewhere_is_typed_anew_and_a_stretch_is_moved(self):
        draft = grow("draft-1", ("ada", "keep homes warm always"), ("bea", "always keep homes warm"))
        assert trace(draft)["always"] == ("draft-1", 1, "bea")
        draft = grow("draft-1", ("ada", "keep every home warm, tell the truth"),
                     ("bea", "Tell the truth and keep every home warm"))  # fmt: skip
        assert trace(draft)["truth"] == trace(draft)["warm"] == ("draft-1", 0, "ada")
        assert trace(draft)["and"] == ("draft-1", 1, "bea")

    def test_what_was_taken_out_and_put_back_is_not_new(self):
        draft = grow("draft-1", ("ada", "Keep homes warm"), ("bea", ""), ("bea", "Keep homes warm today"))
        assert trace(draft)["warm"] == ("draft-1", 0, "ada")
        assert trace(draft)["today"] == ("draft-1", 2, "bea")

    def test_the_longest_stretch_counts_and_then_the_older_word(self):
        bea = grow("draft-1", ("bea", "A warm home"))
        ada = grow("draft-2", ("ada", "Keep every home running"), start=10.0)
        parents = ("draft-1", "draft-2")
        merged = grow("draft-3", ("cem", "Keep every home"), parents=parents, start=1000.0)
        assert trace(merged, bea, ada)["home"][0] == "draft-2"
        merged = grow("draft-3", ("cem", "Your home"), parents=parents[::-1], start=1000.0)
        assert trace(merged, bea, ada)["home"][0] == "draft-1"

    def test_small_words_alone_are_nobodys(self):
        ada = grow("draft-1", ("ada", "We keep the homes"))
        merged = grow("draft-2", ("cem", "We tell the truth"), parents=("draft-1",), start=1000.0)
        assert {ident for ident, _, _ in trace(merged, ada).values()} == {"draft-2"}

    def test_a_draft_that_got_the_word_later_or_has_lost_it_since(self):
        late = grow("draft-1", ("ada", "Keep homes"), ("ada", "Keep homes warm"))
        merged = grow("draft-2", ("cem", "Keep homes warm"), parents=("draft-1",), start=50.0)
        assert trace(merged, late)["warm"] == ("draft-2", 0, "cem")
        assert trace(merged, late)["homes"] == ("draft-1", 0, "ada")
        lost = grow("draft-1", ("ada", "Keep homes warm"), ("ada", "Keep calm"))
        assert trace(merged, lost)["warm"] == ("draft-1", 0, "ada")

    def test_drafts_in_a_circle_and_ancestors_that_are_missing(self):
        one = grow("draft-1", ("ada", "Keep homes warm"), parents=("draft-2", "draft-1"))
        two = grow("draft-2", ("bea", "Keep homes warm"), parents=("draft-1", "gone"))
        assert {ident for ident, _, _ in trace(one, two).values()} <= {"draft-1", "draft-2"}

    def test_a_long_line_of_drafts(self):
        drafts = [grow("draft-0", ("ada", "Keep homes warm"))]
        for number in range(1, 1500):
            drafts.append(
                replace(drafts[0], id=f"draft-{number}", parents=(f"draft-{number - 1}",),
                        history=(Edit(who="bea", text="Keep homes warm", when=float(number)),))
            )  # fmt: skip
        assert trace(drafts[-1], *drafts)["warm"] == ("draft-0", 0, "ada")

    def test_a_draft_as_it_was_voted_on(self):
        draft = grow("draft-1", ("ada", "Keep homes"), ("bea", "Keep homes warm"), ("cem", "Keep"))
        before = wind_back(draft, "Keep homes warm")
        assert (before.text, len(before.history)) == ("Keep homes warm", 2)
        assert trace(before)["warm"] == ("draft-1", 1, "bea")
        assert trace(wind_back(draft, "Keep homes safe")) == {
            "keep": ("draft-1", 0, "ada"), "homes": ("draft-1", 0, "ada"), "safe": ("draft-1", None, ""),
        }  # fmt: skip
        assert wind_back(draft, "Keep") is draft


class TestIdeas:
    def test_the_same_word_first_then_those_nearer_to_the_text_then_what_more_said(self):
        ideas = [
            Idea(id="form", text="Warm homes and running water", count=9),
            Idea(id="far", text="A home"),
            Idea(id="often", text="My home", count=4),
            Idea(id="near", text="A warm home"),
            Idea(id="other", text="House"),
        ]
        origins = {one.word.plain: one for one in trace_words(grow("draft-1", ("ada", "Keep a home warm")), [], ideas)}
        assert [one.idea.id for one in origins["home"].ideas] == ["near", "often", "far"]
        assert origins["home"].said_by == 4
        assert [one.idea.id for one in origins["warm"].ideas] == ["form", "near"]
        assert origins["a"].ideas == ()
        assert origins["keep"].said_by == 0

    def test_are_counted_all_and_by_theme(self):
        ideas = make_ideas(["A warm home", "homes", "Ring back", "home", "home again"])
        draft = grow("draft-1", ("ada", "Keep a home warm"))
        themes = Themes(
            themes=(
                Theme(id="theme-1", name="Homes", ideas=("idea-1", "idea-2", "gone")),
                Theme(id="theme-2", name="Calls", ideas=("idea-3",)),
                Theme(id="theme-3", name="Empty"),
            ),
        )
        summary = summarise(trace_words(draft, [draft], ideas), [draft], ideas, themes)
        assert (summary.heard, summary.ideas, summary.words) == (4, 5, 3)
        assert [(one.theme.name, one.heard, one.ideas) for one in summary.themes] == [
            ("Homes", 2, 2), ("Calls", 0, 1), ("Empty", 0, 0),
        ]  # fmt: skip

    def test_shares_are_of_telling_words(self):
        ada = grow("draft-1", ("ada", "We keep homes warm"))
        merged = grow("draft-2", ("cem", "We keep homes warm and show you the whole truth"), parents=("draft-1",),
                      start=500.0)  # fmt: skip
        summary = summarise(trace_words(merged, [ada]), [ada, merged])
        assert [(one.draft.id, one.words, one.share) for one in summary.shares] == [
            ("draft-1", 3, 3 / 6), ("draft-2", 3, 3 / 6),
        ]  # fmt: skip


@pytest.mark.parametrize("joined", range(FEWEST + 2))
@pytest.mark.parametrize("anonymous", [True, False])
def test_names_only_of_five_and_more_who_agreed(joined, anonymous):
    people = {f"person-{number}": f"Name {number}" for number in range(joined)}
    assert choose_names(people, anonymous=anonymous) == (people if joined >= FEWEST and not anonymous else {})


def test_who_has_no_name_is_not_named():
    people = {str(number): " " for number in range(5)}
    assert choose_names(people, anonymous=False) == {}
