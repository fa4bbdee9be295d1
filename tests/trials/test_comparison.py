"""Whether two drafts differ: no more false alarms than promised, and a verdict that never parts from its interval."""

import itertools
import math
import random
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.trials import count_alarms, distributions, read_scores, shift
from visionquiz.errors import TrialError
from visionquiz.trials.comparison import (
    FEWEST,
    PEOPLE_LIMIT,
    compare_drafts,
    compare_pair,
    people_needed,
    power_table,
)

WAYS = distributions(read_scores())
shares = st.integers(0, 7).map(lambda hits: hits / 7)
groups = st.lists(shares, min_size=0, max_size=12)


class TestFalseAlarms:
    """Each bound lies about three standard errors beyond 5 %; `benchmarks.trials` runs 10,000."""

    @pytest.mark.parametrize("size", [4, 8])
    @pytest.mark.parametrize("way", WAYS)
    def test_equal_drafts_seem_to_differ_in_one_trial_of_twenty(self, way, size):
        assert count_alarms([WAYS[way]] * 2, [size, size], 400) <= 33  # 8.3 %

    def test_over_all_of_them_it_is_five_in_a_hundred_and_not_far_below(self):
        hits = sum(count_alarms([deal] * 2, [size, size], 100) for deal in WAYS.values() for size in (8, 20))
        assert 0.03 < hits / 1000 < 0.071

    @pytest.mark.parametrize("way", ["real answers"])
    def test_three_drafts_make_no_more_of_them_than_two(self, way):
        assert count_alarms([WAYS[way]] * 3, [8, 8, 8], 300) <= 27

    def test_nor_do_drafts_that_are_equal_on_average_and_not_in_spread(self):
        narrow = lambda chance, n: chance.choice([3 / 7, 4 / 7], n)  # noqa: E731
        assert count_alarms([WAYS["all or nothing"], narrow], [20, 20], 300) <= 27

    def test_a_draft_that_is_remembered_worse_is_found_with_as_many_people_as_the_table_says(self):
        deal = WAYS["real answers"]
        scores = deal(np.random.default_rng(1), 20_000)
        worse = shift(deal, 0.3 / scores.mean())
        spread = math.sqrt((scores.var() + worse(np.random.default_rng(2), 20_000).var()) / 2)
        size = people_needed(0.3, spread)
        assert 0.7 < count_alarms([deal, worse], [size, size], 200) / 200 < 0.9


class TestComparison:
    def test_the_better_draft_comes_first_with_what_it_is_better_by(self):
        (found,) = compare_drafts({"a": [0.2, 0.1, 0.3, 0.2, 0.2], "b": [0.9, 1, 0.8, 1, 0.9]})
        assert (found.better.draft, found.other.draft) == ("b", "a")
        assert found.difference == pytest.approx(0.72)
        assert found.differs
        assert 0 < found.interval[0] < 0.72 < found.interval[1] <= 1

    def test_every_way_of_dealing_out_counts_where_there_are_few(self):
        # By hand: of 70 ways, two are as unequal as this one, and both count half.
        (found,) = compare_drafts({"a": [1, 1, 1, 1], "b": [0, 0, 0, 0]})
        assert found.p == pytest.approx(1 / 70)

    def test_p_is_what_a_plain_count_gives(self):
        one, other = [0.3, 0.7, 0.9, 0.6, 1.0], [0.1, 0.4, 0.5, 0.2]

        def figure(first, second):
            error = (statistics.variance(first) + 0.01) / len(first) + (statistics.variance(second) + 0.01) / len(
                second
            )
            return abs(statistics.mean(first) - statistics.mean(second)) / math.sqrt(error)

        pooled, figures = one + other, []
        for chosen in itertools.combinations(range(9), 5):
            left = [pooled[place] for place in range(9) if place not in chosen]
            figures.append(round(figure([pooled[place] for place in chosen], left), 9))
        seen = round(figure(one, other), 9)
        expected = (sum(value > seen for value in figures) + sum(value >= seen for value in figures)) / 2 / len(figures)
        assert compare_pair(one, other).p == pytest.approx(expected)

    @pytest.mark.parametrize("n", range(FEWEST))
    def test_under_four_people_nothing_is_said(self, n):
        (found,) = compare_drafts({"a": [1.0] * n, "b": [0.0] * 30})
        assert not found.enough
        assert not found.differs
        assert found.p == 1
        assert found.interval == (-1, 1)

    def test_nobody_asked_is_no_score_and_not_zero(self):
        (found,) = compare_drafts({"a": [], "b": [0.0] * 5})
        assert found.better.draft == "b"
        assert math.isnan(found.difference)

    def test_everybody_equal_is_no_difference(self):
        (found,) = compare_drafts({"a": [0.5] * 9, "b": [0.5] * 9})
        assert (found.difference, found.p) == (0, 0.5)
        assert not found.differs

    def test_equal_scores_of_a_few_people_do_not_make_a_draft_certain(self):
        (found,) = compare_drafts({"a": [1.0] * 5, "b": [0.4] * 5})
        low, high = found.interval
        assert found.differs
        assert high - low > 0.1

    def test_three_drafts_give_three_pairs_the_furthest_apart_first(self):
        pairs = compare_drafts(
            {"a": [0.1, 0.2, 0.1, 0.2, 0.1], "b": [0.2, 0.2, 0.3, 0.1, 0.2], "c": [1, 0.9, 1, 1, 0.8]}
        )
        assert [(pair.better.draft, pair.other.draft) for pair in pairs] == [("c", "a"), ("c", "b"), ("b", "a")]
        assert [pair.differs for pair in pairs] == [True, True, False]

    @pytest.mark.parametrize(
        ("scores", "word"),
        [
            ({"a": [1.0]}, "two drafts"),
            ({"a": [1.0], "b": [1.1]}, "no number from 0 to 1"),
            ({"a": [math.nan], "b": [1.0]}, "no number from 0 to 1"),
            ({"a": [0.5] * PEOPLE_LIMIT, "b": [0.5]}, "more than one comparison takes"),
        ],
    )
    def test_what_cannot_be_compared_is_refused_in_words(self, scores, word):
        with pytest.raises(TrialError, match=word):
            compare_drafts(scores)

    @settings(deadline=None, max_examples=60)
    @given(groups, groups)
    def test_verdict_p_and_interval_agree_and_swap_with_the_drafts(self, one, other):
        (found,) = compare_drafts({"a": one, "b": other})
        (turned,) = compare_drafts({"b": other, "a": one})
        assert found.differs == (found.p <= 0.05)
        assert found.differs == turned.differs
        if found.enough:
            low, high = found.interval
            assert -1 <= low <= found.difference + 1e-6
            assert found.difference - 1e-6 <= high <= 1

    def test_the_same_scores_get_the_same_verdict_again(self):
        chance = random.Random(4)
        scores = {name: [chance.random() for _ in range(30)] for name in "ab"}
        assert compare_drafts(scores) == compare_drafts(scores)

    def test_as_many_people_as_a_trial_takes_are_compared(self):
        half = PEOPLE_LIMIT // 2
        (found,) = compare_drafts({"a": [0.5, 0.7] * (half // 2), "b": [0.4, 0.7] * (half // 2)})
        assert found.differs


class TestPower:
    def test_the_table_asks_more_people_for_smaller_differences_and_wider_scores(self):
        table = {(row.difference, row.spread): row.per_draft for row in power_table()}
        assert table == {
            (0.1, 0.2): 64, (0.1, 0.3): 143, (0.1, 0.4): 253,
            (0.2, 0.2): 17, (0.2, 0.3): 37, (0.2, 0.4): 64,
            (0.3, 0.2): 8, (0.3, 0.3): 17, (0.3, 0.4): 29,
        }  # fmt: skip

    def test_more_drafts_take_more_people(self):
        assert people_needed(0.2, 0.3, drafts=4) > people_needed(0.2, 0.3)

    def test_what_is_needed_does_not_hang_on_the_difference_that_was_found(self):
        near = compare_pair([0.2, 0.8, 0.5, 0.5], [0.2, 0.8, 0.5, 0.5])
        far = compare_pair([0.4, 1.0, 0.7, 0.7], [0.0, 0.6, 0.3, 0.3])
        assert near.needed == far.needed > FEWEST

    @pytest.mark.parametrize(("difference", "spread"), [(0, 0.3), (0.2, 0), (-0.1, 0.3), (math.nan, 0.3)])
    def test_no_difference_or_no_spread_is_no_question(self, difference, spread):
        with pytest.raises(ValueError, match="above 0"):
            people_needed(difference, spread)
