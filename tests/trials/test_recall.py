"""What somebody remembers of a draft, as a score and word by word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visionquiz.errors import TrialError
from visionquiz.trials import DISTRACTIONS, Draft, RecallTrial, assign_arm, check_text, recall_by_word, score_recall
from visionquiz.trials.assignment import DRAFT_LIMIT, TEXT_LIMIT

DRAFT = "We leave every home connected, tidy and sure of what happens next."


class TestScore:
    @pytest.mark.parametrize(
        ("text", "share", "order"),
        [
            (DRAFT, 1, 1),
            ("we leave evry home conected tidy & shure of wat happens nxt", 1, 1),
            ("tidy and connected, every home", 3 / 7, 1 / 3),
            ("every house is connected and tidy", 3 / 7, 1),
            ("something about quality", 0, 0),
            ("", 0, 0),
            ("\x00\ud800<b></b>", 0, 0),
        ],
    )
    def test_words_of_weight_are_looked_for_spelling_aside(self, text, share, order):
        score = score_recall(DRAFT, text)
        assert score.share == pytest.approx(share)
        assert score.order == pytest.approx(order, abs=0.34)

    def test_what_is_put_in_is_told(self):
        assert score_recall(DRAFT, "We leave every home quickly connected, tidy and sure").intrusions == ("quickly",)

    def test_a_lost_negation_costs(self):
        draft = "We never leave a caller waiting."
        assert score_recall(draft, "We leave a caller waiting").share < score_recall(draft, draft).share == 1

    def test_a_draft_of_small_words_is_scored_on_them(self):
        assert score_recall("We are here for you.", "we are here").share == pytest.approx(3 / 5)

    @pytest.mark.parametrize("draft", ["", " ... ", "word " * 200])
    def test_a_draft_that_cannot_be_recalled_is_refused(self, draft):
        with pytest.raises(TrialError, match="at most"):
            score_recall(draft, "text")

    @settings(deadline=None, max_examples=50)
    @given(st.text(max_size=200))
    def test_any_text_gets_a_score(self, text):
        score = score_recall(DRAFT, text)
        assert 0 <= score.verbatim <= score.share <= 1
        assert 0 <= score.order <= 1

    def test_a_huge_text_is_refused_in_words_and_none_is_not(self):
        assert check_text("") == ""
        assert check_text("x" * TEXT_LIMIT) == ""
        assert "1,200 fit" in check_text("x" * 1_000_000)


class TestByWord:
    def test_planted_omissions_are_found(self):
        texts = [DRAFT] * 6 + [DRAFT.replace("tidy", "")] * 4
        found = {word.text: word for word in recall_by_word(DRAFT, texts)}
        assert (found["tidy"].hits, found["tidy"].n, found["home"].hits) == (6, 10, 10)
        low, high = found["tidy"].interval
        assert low < found["tidy"].share == 0.6 < high
        assert found["tidy"].weighty
        assert not found["of"].weighty
        assert [DRAFT[word.start : word.end] for word in found.values()] == list(found)

    def test_nobody_asked_is_no_heat_map(self):
        assert recall_by_word(DRAFT, []) == ()


def drafts(count):
    return tuple(Draft(id=f"d{number}", text=f"Draft number {number}") for number in range(count))


class TestAssignment:
    @given(st.lists(st.text(max_size=5), unique=True, max_size=40), st.integers(2, 5), st.integers())
    def test_drafts_never_differ_by_more_than_one_person(self, people, count, seed):
        trial, taken = RecallTrial(id="t", drafts=drafts(count), seed=seed), {}
        for person in people:
            taken[person] = trial.assign(person, taken)
            given_out = [list(taken.values()).count(draft.id) for draft in trial.drafts]
            assert max(given_out) - min(given_out) <= 1
        assert all(trial.assign(person, taken) == draft for person, draft in taken.items())

    def test_who_comes_first_has_no_draft_for_sure(self):
        firsts = [assign_arm(["a", "b"], "mia", {}, seed=seed) for seed in range(400)]
        assert 150 < firsts.count("a") < 250

    @pytest.mark.parametrize(
        ("make", "word"),
        [
            (lambda: Draft(id="a b", text="Words"), "cannot be an id"),
            (lambda: Draft(id="a", text=" \n"), "no words"),
            (lambda: Draft(id="a", text="w " * DRAFT_LIMIT), "1,200 characters; at most 600"),
            (lambda: RecallTrial(id="t", drafts=drafts(1)), "2 to 6 drafts"),
            (lambda: RecallTrial(id="t", drafts=drafts(7)), "2 to 6 drafts"),
            (lambda: RecallTrial(id="t", drafts=drafts(1) * 2), "same id"),
            (
                lambda: RecallTrial(id="t", drafts=(Draft(id="a", text="Be kind."), Draft(id="b", text="be  KIND"))),
                "same words",
            ),
        ],
    )
    def test_what_cannot_be_tried_is_refused_in_words(self, make, word):
        with pytest.raises(TrialError, match=word):
            make()

    def test_the_distractions_say_nothing_of_service(self):
        assert not any(word in " ".join(DISTRACTIONS).lower() for word in ("customer", "service", "vision", "company"))
