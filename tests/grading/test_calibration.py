import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.grading.calibration import Scale

PLAIN = Scale(weights={"sign": 8.0}, cuts=(2.0, 4.0, 6.0), costs=())
TRUSTING = Scale(weights={"sign": 8.0}, cuts=(2.0, 4.0, 6.0), costs=(), trust={"direct": 1.0})
CHANCES = st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(sum)


def signs(sign, levels):
    return {"sign": sign} | {f"direct-{level}": chance for level, chance in enumerate(levels)}


@given(st.floats(0, 1), CHANCES, st.floats(-3, 3))
def test_levels_are_probabilities_whatever_the_expert_says(sign, said, power):
    total = sum(said)
    scale = Scale(weights={"sign": 8.0}, cuts=(2.0, 4.0, 6.0), costs=(), trust={"direct": power})
    levels = scale.levels(signs(sign, [chance / total for chance in said]))
    assert all(chance >= 0 for chance in levels)
    assert sum(levels) == pytest.approx(1.0)


def test_an_expert_who_is_not_trusted_changes_nothing():
    scale = Scale(weights={"sign": 8.0}, cuts=(2.0, 4.0, 6.0), costs=(), trust={"direct": 0.0})
    assert scale.levels(signs(0.5, (0.7, 0.1, 0.1, 0.1))) == pytest.approx(PLAIN.levels({"sign": 0.5}))


def test_an_expert_can_say_all_or_nothing_and_that_is_the_most_doubtful():
    torn = TRUSTING.levels(signs(0.5, (0.48, 0.02, 0.02, 0.48)))
    assert min(torn[0], torn[3]) > max(torn[1], torn[2])
    scored = PLAIN.levels({"sign": 0.5})
    assert max(scored[0], scored[3]) < min(scored[1], scored[2])


def test_an_expert_cannot_rule_a_level_out():
    assert TRUSTING.levels(signs(1.0, (1.0, 0.0, 0.0, 0.0)))[3] > 0
