"""Meaning, decision, observation, swap and ratings."""

import math

import pytest

from visionquiz.errors import TrialError
from visionquiz.grading import Grade, Judgement
from visionquiz.trials import (
    DecisionTrial,
    MeaningTrial,
    Observation,
    Rating,
    SwapTest,
    mean_share,
    sum_observations,
    sum_ratings,
)
from visionquiz.vision import MeaningPoint

POINTS = (MeaningPoint(id="dry", text="Homes stay dry."), MeaningPoint(id="told", text="People are told."))


def grade(*verdicts, share=0.0):
    judged = tuple(
        Judgement(part=point.id, verdict=one, chance=1) for point, one in zip(POINTS, verdicts, strict=False)
    )
    return Grade(id="", share=share, level=0, confidence=1, review=False, reason="", judgements=judged)


class TestMeaning:
    trial = MeaningTrial(id="m", points=POINTS)

    def test_each_point_says_how_many_reached_it(self):
        grades = [grade("covered", "missing"), grade("covered", "contradicted"), grade("hinted", "covered"), grade()]
        dry, told = self.trial.reach(grades)
        assert (dry.hits, dry.contradicted, dry.n) == (2, 0, 4)
        assert (told.hits, told.contradicted) == (1, 1)
        assert told.interval[0] < 0.25 < told.interval[1]
        assert self.trial.scores(grades) == (0.5, 0.5, 0.5, 0)

    def test_nobody_asked_is_no_reach(self):
        assert self.trial.reach([]) == ()


class TestDecision:
    def test_those_who_read_it_are_held_against_those_who_did_not(self):
        trial, taken, scores = DecisionTrial(id="d", scenarios=("s1",)), {}, {}
        for number in range(24):
            person = f"p{number}"
            taken[person] = trial.assign(person, taken)
            scores[person] = (0.9 if taken[person] == "with" else 0.3) + number % 2 * 0.1
        found = trial.compare({**scores, "stranger": 0.0}, {**taken, "silent": "with"})
        assert (found.better.draft, found.better.n, found.other.n, found.differs) == ("with", 12, 12, True)

    def test_a_score_is_the_mean_share_and_missing_is_not_zero(self):
        assert mean_share([grade(share=1), grade(share=0.5)]) == 0.75
        assert mean_share([]) is None


class TestObservation:
    def test_a_contact_counts_once_and_as_lived_only_if_all_say_so(self):
        seen = [("c1", "o1", 1), ("c1", "o2", 1), ("c2", "o1", 1), ("c2", "o2", 0), ("c3", "o1", 0), ("c3", "o2", 0)]
        found = sum_observations([Observation(contact=c, observer=o, lived=bool(lived)) for c, o, lived in seen])
        assert (found.contacts, found.lived, found.split) == (3, 1, 1)
        (agreement,) = found.agreements
        # Cohen's kappa by hand: observed 2/3, expected (2/3 x 1/3) + (1/3 x 2/3) = 4/9.
        assert agreement.kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
        assert (agreement.same, agreement.contacts, agreement.observers) == (2, 3, ("o1", "o2"))

    def test_two_who_say_yes_to_everything_cannot_be_told_to_agree(self):
        found = sum_observations([Observation(contact=c, observer=o, lived=True) for c in "abc" for o in "xy"])
        assert math.isnan(found.agreements[0].kappa)

    def test_the_last_word_of_an_observer_counts_and_nothing_seen_is_no_error(self):
        found = sum_observations([Observation(contact="c", observer="o", lived=lived) for lived in (True, False)])
        assert (found.contacts, found.lived) == (1, 0)
        assert sum_observations([]).interval == (0, 1)


class TestSwap:
    def test_the_rivals_name_takes_the_place_of_ours(self):
        test = SwapTest(
            draft="At Hollow (UK), HOLLOW (uk) keeps homes dry.", company="Hollow (UK)", rival=r"North\1well"
        )
        assert test.swapped == r"At North\1well, North\1well keeps homes dry."
        assert SwapTest(draft="Hollowmere", company="Hollow", rival="X").swapped == "X: Hollowmere"

    @pytest.mark.parametrize(
        ("yes", "no", "word"),
        [(12, 1, "just as well"), (1, 12, "could not"), (6, 6, "No majority"), (0, 0, "No majority")],
    )
    def test_a_majority_is_one_only_if_its_interval_says_so(self, yes, no, word):
        assert word in SwapTest(draft="D", company="A", rival="B").sum_answers([True] * yes + [False] * no).verdict

    @pytest.mark.parametrize("name", ["", "  ", "x" * 81])
    def test_a_name_is_needed(self, name):
        with pytest.raises(TrialError, match="two names"):
            SwapTest(draft="D", company="A", rival=name)


class TestRatings:
    def rate(self, **people):
        return [
            Rating(person=f"{role}{number}", role=role, question="today", value=1 + number % 5)
            for role, count in people.items()
            for number in range(count)
        ]

    def rows(self, ratings, **options):
        return {row.role: row for row in sum_ratings(ratings, **options) if row.question == "today"}

    def test_groups_under_five_are_hidden_and_what_gives_them_away(self):
        rows = self.rows(self.rate(adviser=8, engineer=7, planner=3))
        assert rows["planner"].n is None
        # Everybody less the other two would be the planners.
        assert [rows[role].mean for role in ("adviser", "engineer", "")].count(None) >= 1

    def test_means_and_counts(self):
        rows = self.rows(self.rate(adviser=5, engineer=10))
        assert (rows[""].n, rows[""].mean, rows[""].counts) == (15, 3, (3, 3, 3, 3, 3))
        assert (rows["adviser"].n, rows["adviser"].counts) == (5, None)

    def test_four_people_in_all_are_hidden_too(self):
        assert all(row.mean is None for row in sum_ratings(self.rate(adviser=4), ["adviser"]))

    def test_the_last_rating_of_a_person_counts(self):
        again = [Rating(person=f"adviser{number}", role="adviser", question="today", value=5) for number in range(5)]
        assert self.rows(self.rate(adviser=5) + again)[""].mean == 5

    @pytest.mark.parametrize(("question", "value"), [("today", 0), ("today", 6), ("yesterday", 3)])
    def test_another_answer_is_refused(self, question, value):
        with pytest.raises(TrialError):
            Rating(person="p", role="r", question=question, value=value)
