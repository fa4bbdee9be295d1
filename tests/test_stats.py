import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.stats import auc, auc_interval, calibration_error, rank_correlation, weighted_kappa, wilson_interval

LEVELS = st.lists(st.integers(0, 3), min_size=2, max_size=50)


@pytest.mark.parametrize(
    ("one", "other", "kappa"),
    [
        # Worked by hand: squared differences 0, 1, 0, 1 over 4 = .5; expected 1.25 + 1.25 + 0 = 2.5.
        ([0, 1, 2, 3], [0, 2, 2, 2], 1 - 0.5 / (1.25 + 0.75)),
        ([0, 1, 2, 3], [3, 2, 1, 0], -1.0),
        ([1, 1], [1, 1], math.nan),
    ],
)
def test_weighted_kappa_equals_the_value_worked_by_hand(one, other, kappa):
    assert weighted_kappa(one, other) == pytest.approx(kappa, nan_ok=True)


@given(LEVELS)
def test_agreement_with_oneself_is_perfect_or_undefined(levels):
    assert weighted_kappa(levels, levels) == 1 or len(set(levels)) == 1


@given(LEVELS)
def test_a_rank_correlation_does_not_change_when_values_are_stretched(levels):
    stretched = [level**3 for level in levels]
    other = list(range(len(levels)))
    assert rank_correlation(levels, other) == pytest.approx(rank_correlation(stretched, other))


def test_tied_ranks_get_their_mean():
    # Ranks 1.5, 1.5, 3 against 1, 2, 3: Pearson's correlation of the ranks is sqrt(3) / 2.
    assert rank_correlation([1, 1, 2], [1, 2, 3]) == pytest.approx(math.sqrt(3) / 2)


@given(st.integers(0, 200), st.integers(1, 200))
def test_an_interval_holds_the_share_and_stays_within_bounds(hits, n):
    hits = min(hits, n)
    low, high = wilson_interval(hits, n)
    assert 0 <= low <= hits / n + 1e-9
    assert hits / n - 1e-9 <= high <= 1


def test_no_observation_has_no_interval():
    with pytest.raises(ValueError, match="at least one"):
        wilson_interval(0, 0)


def test_honest_chances_have_no_calibration_error():
    assert calibration_error([0.75] * 4, [True, True, True, False]) == 0
    assert calibration_error([1.0] * 4, [False] * 4) == 1
    assert calibration_error([], []) == 0


def test_the_area_under_the_curve_counts_pairs():
    # Pairs (3, 1), (3, 2), (2, 1) won, (2, 2) tied: 3.5 of 4.
    assert auc([3, 2], [1, 2]) == 3.5 / 4
    assert math.isnan(auc([], [1]))


@given(LEVELS, LEVELS)
def test_swapping_the_groups_turns_the_area_round(high, low):
    assert auc(high, low) == pytest.approx(1 - auc(low, high))


def test_the_interval_of_an_area_equals_the_value_worked_by_hand():
    # Shares of wins: of 3 and 2 over (1, 2): 1 and .75; of 1 and 2 under (3, 2): 1 and .75. Each variance .03125.
    spread = 1.959964 * math.sqrt(0.03125 / 2 + 0.03125 / 2)
    assert auc_interval([3, 2], [1, 2]) == (pytest.approx(0.875 - spread), 1.0)
    assert all(map(math.isnan, auc_interval([1], [1, 2])))
