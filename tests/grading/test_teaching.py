from hypothesis import given
from hypothesis import strategies as st

from visionquiz.grading.teaching import choose_to_grade

SIGNS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=30)


def test_one_of_each_cluster_is_chosen_and_of_it_the_most_doubtful():
    near, far = [(0.0, 0.0), (0.1, 0.0), (0.0, 0.1)], [(9.0, 9.0), (9.1, 9.0)]
    assert choose_to_grade(near + far, [0.2, 0.3, 0.1, 0.4, 0.9], 2) == [4, 1]


def test_doubles_are_chosen_once():
    assert choose_to_grade([(1.0,)] * 5, [0.1, 0.5, 0.3, 0.5, 0.2], 3) == [1]


def test_nothing_to_choose_from():
    assert choose_to_grade([], [], 3) == []
    assert choose_to_grade([(1.0,)], [0.5], 0) == []


@given(SIGNS, st.integers(0, 10), st.randoms())
def test_at_most_so_many_each_once_and_in_order_of_doubt(signs, count, rng):
    doubts = [rng.random() for _ in signs]
    chosen = choose_to_grade(signs, doubts, count)
    assert len(chosen) == len(set(chosen)) <= count
    assert [doubts[place] for place in chosen] == sorted((doubts[place] for place in chosen), reverse=True)
    if signs and count:
        assert max(doubts) == doubts[chosen[0]]
