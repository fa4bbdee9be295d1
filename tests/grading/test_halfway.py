import numpy as np
import pytest

from visionquiz.grading import encoder
from visionquiz.grading.halfway import cut_model
from visionquiz.ideas import SURVEY_QUESTION


def test_the_half_gives_what_the_whole_gives_half_way_up():
    whole, text = encoder.load_encoder(), "We tell people the truth early."
    begin, end = whole._tokenizer.encode("").ids
    asked = encoder.Reference(ids=(begin, *whole._tokenizer.encode(SURVEY_QUESTION, add_special_tokens=False).ids, end))
    past, none = whole._understand(asked)
    ids, places = encoder.lay_answer(text, asked, whole._tokenizer)
    (middle,) = whole._feed(["middle"], ids, (*range(len(asked.ids)), *places), past, none)
    found = encoder.embed([text], question=SURVEY_QUESTION)
    assert np.array_equal(found[0], middle[0, 1:-1].mean(axis=0))


def test_a_text_is_placed_by_itself_and_what_has_no_letters_nowhere():
    texts = ["clean toilets", "", "spotless", "clean toilets", "\ud800", "<b>"]
    found = encoder.embed(texts, question=SURVEY_QUESTION)
    assert found.shape == (6, 768)
    assert np.isfinite(found).all()
    assert not found[1].any()
    assert np.array_equal(found[0], found[3])
    assert np.array_equal(found[2], encoder.embed(["spotless"], question=SURVEY_QUESTION)[0])
    assert encoder.embed([], question=SURVEY_QUESTION).shape == (0, 768)


def test_near_in_meaning_is_near():
    one, same, other = encoder.embed(
        ["spotless toilets", "everything is clean", "they told us why it was late"], question=SURVEY_QUESTION
    )
    mean = (one + same + other) / 3
    one, same, other = (row - mean for row in (one, same, other))
    assert one @ same > max(one @ other, same @ other)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x3a\x05ab", b"\x3a\x00", b"\xff" * 50])
def test_what_is_no_such_model_is_refused(data):
    with pytest.raises(ValueError, match="another design"):
        cut_model(data, middle="middle", kept="kept")
