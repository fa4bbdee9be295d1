import csv
import itertools
from pathlib import Path

import numpy as np
import pytest

from visionquiz.grading import encoder, shared
from visionquiz.grading.halfway import cut_model
from visionquiz.ideas import SURVEY_QUESTION


def test_the_half_gives_what_the_whole_gives_half_way_up():
    whole, text = encoder.load_encoder(), "We tell people the truth early."
    begin, end = whole._tokenizer.encode("").ids
    asked = encoder.Reference(ids=(begin, *whole._tokenizer.encode(SURVEY_QUESTION, add_special_tokens=False).ids, end))
    past, none = whole._understand(asked)
    ids, places = encoder.lay_answer(text, asked, whole._tokenizer)
    (middle,) = whole._feed(["middle"], ids, (*range(len(asked.ids)), *places), past, none)
    assert 2 * len(encoder.load_reader()._layers) == past.shape[0], "half the layers, not all"
    found = shared.embed([text], question=SURVEY_QUESTION)
    assert np.array_equal(found[0], middle[0, 1:-1].mean(axis=0))


def test_a_text_is_placed_by_itself_and_what_has_no_letters_nowhere():
    texts = ["clean toilets", "", "spotless", "clean toilets", "\ud800", "<b>"]
    found = shared.embed(texts, question=SURVEY_QUESTION)
    assert found.shape == (6, 768)
    assert np.isfinite(found).all()
    assert not found[1].any()
    assert np.array_equal(found[0], found[3])
    assert np.array_equal(found[2], shared.embed(["spotless"], question=SURVEY_QUESTION)[0])
    assert shared.embed([], question=SURVEY_QUESTION).shape == (0, 768)


def test_ideas_of_one_theme_are_nearer_than_ideas_of_two():
    with open(Path(__file__).parent.parent / "data" / "ideas_airport.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = shared.embed([row["text"] for row in rows], question=SURVEY_QUESTION)
    found = found - found.mean(axis=0)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    near, pairs = found @ found.T, list(itertools.combinations(range(len(rows)), 2))
    same = [near[pair] for pair in pairs if rows[pair[0]]["theme"] == rows[pair[1]]["theme"]]
    other = [near[pair] for pair in pairs if rows[pair[0]]["theme"] != rows[pair[1]]["theme"]]
    # Area under the curve: how often a pair of one theme is the nearer of two pairs.
    assert np.mean([[one > two for two in other] for one in same]) > 0.8


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x3a\x05ab", b"\x3a\x00", b"\xff" * 50])
def test_what_is_no_such_model_is_refused(data):
    with pytest.raises(ValueError, match="another design"):
        cut_model(data, middle="middle", kept="kept")
