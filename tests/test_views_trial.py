"""Trial and ballot, driven as a browser drives them: values set, buttons clicked."""

import html

import pytest

from visionquiz.ballot import Ballot, Box, Option, Result, cast_vote, close_ballot, count_votes
from visionquiz.errors import BallotError, DeskError
from visionquiz.trials import Draft, RecallTrial, compare_drafts, recall_by_word, score_recall
from visionquiz.views.trial import (
    BallotForm,
    BallotResultView,
    RecallTrialForm,
    TrialResultView,
    detail_html,
    trial_html,
)

ATTACK = "Keep <script>alert(1)</script><img src=x onerror=alert(2)> homes dry \"'"
ONE, OTHER = "We keep every home warm and dry.", "Excellence in everything for stakeholders."
TRIAL = RecallTrial(id="t", drafts=(Draft(id="one", text=ONE), Draft(id="other", text=OTHER)))


class Desk:
    def __init__(self):
        self.kept, self.noted, self.full = [], 0, None

    def save(self, text):
        if self.full:
            raise self.full
        self.kept.append(text)

    def read(self):
        if self.full:
            raise self.full
        self.noted += 1


@pytest.fixture
def desk():
    return Desk()


class TestRecallTrialForm:
    def make(self, desk, draft="one", trial=TRIAL, **options):
        return RecallTrialForm(trial, draft, save=desk.save, read=desk.read, **options)

    def test_read_be_distracted_recall_done(self, desk, shown):
        form = self.make(desk)
        assert ONE in shown(form)
        form.on.click()
        assert (form.step, desk.noted) == ("distract", 1)
        form.tasks[0].value = "a cup"
        form.skip.click()
        assert form.step == "recall"
        form.text.value = "every home dry"
        form.send.click()
        assert (form.step, desk.kept) == ("done", ["every home dry"])
        assert "Thank you" in shown(form)
        form.send.click()
        assert len(desk.kept) == 1

    def test_once_read_the_draft_is_nowhere_on_the_page(self, desk, everything):
        form = self.make(desk)
        form.on.click()
        assert ONE not in everything(form)

    def test_after_a_day_it_begins_at_the_blank_recall(self, desk, everything):
        form = self.make(desk, later=True)
        assert form.step == "recall"
        assert ONE not in everything(form)

    def test_nothing_remembered_is_an_answer(self, desk):
        form = self.make(desk, later=True)
        form.send.click()
        assert desk.kept == [""]

    def test_a_huge_text_is_refused_in_words_and_kept_in_the_box(self, desk, shown):
        form = self.make(desk, later=True)
        form.text.value = "x" * 50_000
        form.send.click()
        assert desk.kept == []
        assert "1,200 fit" in shown(form)
        assert len(form.text.value) == 50_000

    @pytest.mark.parametrize("error", [OSError(28, "No space left on device"), DeskError("The trial is closed")])
    def test_what_cannot_be_saved_is_said_and_nothing_is_lost(self, desk, error, shown):
        form = self.make(desk, later=True)
        form.text.value, desk.full = "every home", error
        form.send.click()
        assert "It was not saved" in shown(form)
        assert form.text.value == "every home"
        desk.full = None
        form.send.click()
        assert desk.kept == ["every home"]

    def test_if_the_reading_cannot_be_noted_the_draft_stays(self, desk, shown):
        form, desk.full = self.make(desk), OSError(28, "No space left on device")
        form.on.click()
        assert form.step == "read"
        assert ONE in shown(form)
        assert "cannot go on yet" in shown(form)

    def test_markup_in_a_draft_is_shown_as_text(self, desk):
        trial = RecallTrial(id="t", drafts=(Draft(id="one", text=ATTACK), Draft(id="other", text=OTHER)))
        form = self.make(desk, trial=trial)
        assert html.escape(ATTACK) in form.shown.value
        assert "<script" not in form.shown.value

    def test_a_draft_that_is_not_in_the_trial_is_said(self, desk, shown):
        assert "no draft for you" in shown(self.make(desk, draft="gone"))


def result(one, other, trial=TRIAL):
    texts = dict(zip((draft.id for draft in trial.drafts), (one, other), strict=True))
    scores = {draft.id: [score_recall(draft.text, text).share for text in texts[draft.id]] for draft in trial.drafts}
    by_word = {draft.id: recall_by_word(draft.text, texts[draft.id]) for draft in trial.drafts}
    return TrialResultView(trial, compare_drafts(scores), by_word, when="after a week").page.value


class TestTrialResultView:
    def test_a_clear_difference_is_said_with_its_interval(self, read_page):
        page = result([ONE] * 6, ["excellence", "", "no idea", "", "stakeholders", ""])
        assert "People remember Draft A better than Draft B." in page
        assert "(95% interval)" in page
        assert "What this cannot tell" in page
        assert read_page(page).open == []

    def test_without_one_it_says_no_difference_yet_and_how_many_people_it_takes(self):
        page = result([ONE, "", "home"] * 3, [OTHER, "", "stakeholders"] * 3)
        assert "no difference yet" in page
        assert "more for each draft than now" in page

    def test_too_few_people_is_said(self):
        page = result([ONE] * 3, [""] * 9)
        assert "too few people to say" in page
        assert "better than" not in page

    def test_nobody_yet_is_said(self, read_page):
        page = result([], [])
        assert page.count("Nobody has recalled it yet.") == 2
        assert "nan" not in page
        assert read_page(page).open == []

    def test_each_word_has_its_share_in_print(self):
        texts = ["home warm", "home", "home dry", "nothing"]
        page = trial_html(
            TRIAL, compare_drafts({"one": [0.5] * 4, "other": [0] * 4}), {"one": recall_by_word(ONE, texts)}
        )
        assert "<b>home</b><span>75%</span>" in page
        assert "<b>dry</b><span>25%</span>" in page
        assert "3 of 4 people" in page

    def test_markup_in_a_draft_is_shown_as_text(self):
        trial = RecallTrial(id="t", drafts=(Draft(id="one", text=ATTACK), Draft(id="other", text=OTHER)))
        page = result([ATTACK] * 4, [""] * 4, trial)
        assert "<script" not in page
        assert "<img" not in page


OPTIONS = tuple(Option(id=name, text=f"Draft {name}") for name in "abc")


def ballot(**options):
    voters = frozenset(f"p{number}" for number in range(8))
    return Ballot(**{"id": "b", "question": "Which draft?", "options": OPTIONS, "voters": voters, **options})


class TestBallotForm:
    def test_ticked_drafts_are_cast_and_leave_the_screen(self, shown):
        cast = []
        form = BallotForm(ballot(), cast=cast.append)
        form.boxes["c"].value = form.boxes["a"].value = True
        form.vote.click()
        assert cast == [("a", "c")]
        assert "Your vote was taken" in shown(form)
        assert "Draft a" not in shown(form)
        form.vote.click()
        assert len(cast) == 1

    def test_drafts_are_put_in_order_by_up_and_down(self):
        cast = []
        form = BallotForm(ballot(method="ranked"), cast=cast.append, order=["b", "z", "a"])
        assert form.choice == ("b", "a", "c")
        form.ups["c"].click()
        form.downs["b"].click()
        assert form.choice == ("c", "b", "a")
        assert form.ups["c"].disabled
        assert form.downs["a"].disabled
        form.ups["c"].click()
        assert "2.</span> Draft b" in form._texts["b"].value
        form.vote.click()
        assert cast == [("c", "b", "a")]

    def test_a_blank_vote_is_meant_and_not_a_slip(self, shown):
        cast = []
        form = BallotForm(ballot(), cast=cast.append)
        form.boxes["a"].value = True
        form.blank.click()
        assert cast == []
        assert "Untick it" in shown(form)
        form.boxes["a"].value = False
        form.blank.click()
        assert cast == [()]

    def test_a_vote_that_is_not_taken_is_said_and_the_choice_stays(self, shown):
        def refuse(_):
            raise BallotError("The vote is closed. Nothing was changed.")

        form = BallotForm(ballot(), cast=refuse)
        form.boxes["b"].value = True
        form.vote.click()
        assert "The vote is closed" in shown(form)
        assert form.choice == ("b",)
        assert not form.vote.disabled

    def test_who_has_voted_is_told_so(self, shown):
        form = BallotForm(ballot(), cast=lambda _: None, voted=True)
        assert "voted already" in shown(form)
        assert form.vote.disabled


class TestBallotResultView:
    def show(self, votes, method="approval", evidence=None, **options):
        chosen, box = ballot(method=method, quorum=1, **options), Box()
        for number, choice in enumerate(votes):
            box = cast_vote(chosen, box, f"p{number}", choice)
        return BallotResultView(chosen, count_votes(chosen, close_ballot(box)), evidence).page.value

    def test_the_winner_with_counts_and_evidence(self, read_page):
        page = self.show(["a", "ab", "c", "a", "b"], evidence={"a": ["Remembered <b>best</b>"]})
        assert "Draft A is chosen." in page
        assert "Approved by 3 of 5." in page
        assert "Remembered &lt;b&gt;best&lt;/b&gt;" in page
        assert read_page(page).open == []

    def test_a_tie_is_called_one(self):
        assert "A tie between Draft A and Draft B." in self.show(["a", "b", "ab", "c", "ab"])

    def test_ranked_with_its_table(self, read_page):
        page = self.show(["abc", "bac", "bca", "acb", "bac"], method="ranked")
        assert "Draft B is chosen." in page
        assert "From best to last: Draft B; Draft A; Draft C." in page
        assert read_page(page).open == []

    def test_four_votes_show_no_counts(self):
        page = self.show(["a", "a", "b", "a"])
        assert "no counts are shown" in page
        assert "Approved by" not in page

    @pytest.mark.parametrize(
        ("state", "words"), [("open", "still open"), ("no-quorum", "Too few people voted"), ("blank", "Nobody")]
    )
    def test_no_result_is_said(self, state, words):
        page = BallotResultView(ballot(), Result(state=state, voted=2, needed=5)).page.value
        assert words in page
        assert "is chosen" not in page


def test_nobody_is_ahead_by_nothing():
    same = detail_html(compare_drafts({"one": [0.0] * 7, "other": [0.0] * 7})[0], {})
    assert "Everybody reached the same" in same
    assert "interval" not in same
    level = detail_html(compare_drafts({"one": [0, 0.5, 1] * 3, "other": [1, 0.5, 0] * 3})[0], {"one": "<b>"})
    assert "They are level. The true difference lies between" in level
    assert "ahead" not in level
    assert "<b>" not in level
