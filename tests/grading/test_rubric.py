import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.grading.rubric import contribute_levels, explain_levels, state_levels


def chances(size: int):
    """Rows of probabilities."""
    return st.lists(st.integers(0, 10), min_size=size, max_size=size).filter(any).map(lambda n: [x / sum(n) for x in n])


def sure(size: int, place: int) -> list[float]:
    return [float(at == place) for at in range(size)]


RIGHT, VAGUE, WRONG, MISSING = (sure(4, place) for place in range(4))


@pytest.mark.parametrize(
    ("covered", "points", "core", "own", "level"),
    [
        (3, 5, RIGHT, 1.0, 3),
        (2, 3, RIGHT, 1.0, 3),
        (2, 4, RIGHT, 1.0, 2),
        (2, 5, RIGHT, 1.0, 2),
        (0, 5, RIGHT, 1.0, 1),
        (3, 5, VAGUE, 1.0, 1),
        (3, 5, WRONG, 1.0, 1),
        (0, 5, WRONG, 1.0, 0),
        (0, 5, MISSING, 1.0, 0),
        (0, 5, MISSING, 0.0, 0),
        (0, 5, VAGUE, 0.0, 1),
    ],
)
def test_an_explanation_gets_what_the_rubric_says(covered, points, core, own, level):
    rows = [sure(4, 0)] * covered + [sure(4, 2)] * (points - covered)
    assert explain_levels(rows, core, own)[level] == pytest.approx(1)


@pytest.mark.parametrize(
    ("personal", "concrete", "fits", "linked", "against", "level"),
    [
        (0, 0, 0, 0, 0, 3),
        (0, 0, 0, 1, 0, 2),
        (0, 0, 0, 2, 0, 2),
        (0, 1, 0, 0, 0, 2),
        (0, 2, 0, 0, 0, 1),
        (1, 0, 0, 0, 0, 1),
        (2, 0, 0, 0, 0, 1),
        (2, 2, 2, 2, 0, 0),
        (0, 0, 1, 0, 0, 0),
        (0, 0, 0, 0, 1, 0),
    ],
)
def test_a_contribution_gets_what_the_rubric_says(personal, concrete, fits, linked, against, level):
    parts = {
        "personal": sure(3, personal),
        "concrete": sure(3, concrete),
        "fits_role": sure(3, fits),
        "linked": sure(3, linked),
        "against": sure(2, against),
    }
    assert contribute_levels(parts)[level] == pytest.approx(1)


@given(st.lists(chances(4), min_size=1, max_size=6), chances(4), st.floats(0, 1))
def test_levels_of_explanations_are_probabilities(points, core, own):
    levels = explain_levels(points, core, own)
    assert sum(levels) == pytest.approx(1)
    assert min(levels) >= -1e-9


@given(chances(3), chances(3), chances(3), chances(3), chances(2))
def test_levels_of_contributions_are_probabilities(personal, concrete, fits, linked, against):
    parts = {"personal": personal, "concrete": concrete, "fits_role": fits, "linked": linked, "against": against}
    levels = contribute_levels(parts)
    assert sum(levels) == pytest.approx(1)
    assert min(levels) >= -1e-9


@given(st.lists(chances(4), min_size=1, max_size=5))
def test_levels_of_statements_are_probabilities(ideas):
    levels = state_levels(ideas)
    assert sum(levels) == pytest.approx(1)
    assert min(levels) >= -1e-9


@given(st.lists(st.floats(0, 1), min_size=3, max_size=6), st.integers(0, 5))
def test_covering_one_more_point_never_lowers_the_expected_level(covered, place):
    rows = [[share, 0.0, 1 - share, 0.0] for share in covered]
    better = [sure(4, 0) if at == place % len(rows) else row for at, row in enumerate(rows)]
    for core in (RIGHT, VAGUE, WRONG, MISSING):
        means = [
            sum(level * chance for level, chance in enumerate(explain_levels(each, core, 1.0)))
            for each in (rows, better)
        ]
        assert means[0] <= means[1] + 1e-9
