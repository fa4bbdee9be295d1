import numpy as np
import pytest

from visionquiz.grading.nearness import compare_words, find_told, read_told


def test_a_word_of_several_pieces_is_one_word_and_small_words_are_none():
    found = find_told("the plumbing leaks", [(0, 3), (4, 8), (8, 12), (13, 18)])
    assert [(one.start, one.end) for one in found] == [(1, 3), (3, 4)]


def test_words_beyond_what_is_read_are_left_out():
    assert [one.start for one in find_told("pipes leak water", [(0, 5)])] == [0]


def test_a_row_is_the_direction_of_a_words_pieces():
    pieces = np.array([[9.0, 9.0], [3.0, 0.0], [0.0, 4.0]], np.float32)
    told = find_told("the plumbing", [(0, 3), (4, 8), (8, 12)])
    assert read_told(pieces, told).tolist() == [pytest.approx([0.6, 0.8])]
    assert read_told(pieces, ()).shape == (0, 2)


def test_near_means_that_each_finds_its_like_on_the_other_side():
    said = np.eye(3, dtype=np.float32)[:2]
    same, half, other = said, np.eye(3, dtype=np.float32)[1:], np.eye(3, dtype=np.float32)[2:]
    assert compare_words(said, (1.0, 1.0), [same, half, other]) == pytest.approx((2.0, 1.0, 0.0))


def test_everyday_words_count_for_less():
    said = np.eye(2, dtype=np.float32)
    first, second = said[:1], said[1:]
    near = compare_words(said, (1.0, 0.4), [first, second])
    assert near[0] > near[1]


def test_a_point_without_a_telling_word_is_near_nothing():
    said = np.eye(2, dtype=np.float32)
    assert compare_words(said, (1.0, 1.0), [said[:0], said]) == pytest.approx((0.0, 2.0))
