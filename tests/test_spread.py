"""How far apart people's words are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.spread import measure_spread


@pytest.mark.parametrize(
    ("texts", "strangers", "pairs", "common"),
    [
        ([], 0, 0, ()),
        (["", "  ", "the of and"], 0, 0, ()),
        (["They ring back"], 0, 0, ()),
        (["They ring back", "Ringing back on time", "A smile"], 2, 3, ("back", "ring")),
        (["Smile", "smiles", "SMILING"], 0, 3, ("smile",)),
        (["a clear answer", "another <b>clearly</b>"], 0, 1, ("clear",)),
    ],
)
def test_words_are_compared_by_their_stems(texts, strangers, pairs, common):
    found = measure_spread(texts)
    assert (found.strangers, found.pairs) == (strangers, pairs)
    assert tuple(word for word, _ in found.common)[: len(common)] == common


@given(st.lists(st.text(max_size=60), max_size=12))
def test_counts_fit_together(texts):
    found = measure_spread(texts)
    assert found.texts <= len(texts)
    assert found.pairs == found.texts * (found.texts - 1) // 2
    assert 0 <= found.strangers <= found.pairs
    assert found.alone + len(found.common) <= found.telling
    assert all(2 <= count <= found.texts for _, count in found.common)
