import json

import pytest

from visionquiz.grading import Answer, Grade, Judgement, grade_answers
from visionquiz.kit import kit_path
from visionquiz.parts import UNKNOWN, keep_parts, list_parts, read_parts, share_parts
from visionquiz.vision import load_vision

VISION = load_vision(kit_path("assessments") / "hollowmere" / "vision.toml")
SAID = {
    "state": "Keep every home running, feed purple elephants, and leave everyone clear about what happens next",
    "explain": "Water comes before forms, and we say when we do not know.",
    "contribute": "I ring people back before they ask.",
}


@pytest.mark.parametrize("kind", SAID)
def test_what_the_grader_says_of_an_answer_comes_back_as_its_parts(kind):
    parts = list_parts(kind, VISION)
    (grade,) = grade_answers([Answer(id="x", kind=kind, text=SAID[kind], role=VISION.roles[0].id)], VISION)
    read = read_parts(keep_parts(grade), parts)
    told = [one.verdict for one in grade.judgements if one.verdict != "intrusion"]
    assert read == tuple(told)
    assert len(read) == len(parts)


def test_nothing_that_somebody_wrote_is_kept():
    (grade,) = grade_answers([Answer(id="x", kind="state", text=SAID["state"])], VISION)
    assert "elephants" in {one.part for one in grade.judgements}, "an intrusion"
    assert "elephants" not in keep_parts(grade)


def test_where_nothing_was_judged_nothing_came_across():
    (blank,) = grade_answers([Answer(id="x", kind="explain", text="")], VISION)
    assert keep_parts(blank) == ""
    assert set(read_parts("", list_parts("explain", VISION))[:-2]) == {"missing"}
    read = read_parts("", list_parts("contribute", VISION))
    assert read == ("none", *["no"] * (4 + len(VISION.meaning)))
    assert set(read_parts("", list_parts("state", VISION))) == {"missing"}


def test_a_contribution_serves_the_points_of_the_vision():
    served = list_parts("contribute", VISION)[5:]
    assert [(part.id, part.label) for part in served] == [
        (f"serves:{point.id}", point.text) for point in VISION.meaning
    ]


def test_of_a_line_from_before_points_were_told_the_rest_is_still_read():
    kept = [["personal", "I"], ["concrete", "half"], ["fits_role", "yes"], ["linked", "weak"], ["against", "no"]]
    read = read_parts(json.dumps(kept), list_parts("contribute", VISION))
    assert read == ("I", "half", "yes", "weak", "no", *[UNKNOWN] * len(VISION.meaning))


def test_only_a_point_that_is_new_is_unknown():
    parts = list_parts("contribute", VISION)
    (grade,) = grade_answers([Answer(id="x", kind="contribute", text=SAID["contribute"], role="adviser")], VISION)
    kept = [pair for pair in json.loads(keep_parts(grade)) if pair[0] != parts[-1].id]
    whole, short = read_parts(keep_parts(grade), parts), read_parts(json.dumps(kept), parts)
    assert short == (*whole[:-1], UNKNOWN) != whole
    kept = [pair for pair in json.loads(keep_parts(grade)) if pair[0] != "linked"]
    assert read_parts(json.dumps(kept), parts) is None, "this one was always asked for"


def test_words_keep_the_statements_own_letters():
    assert [part.label for part in list_parts("state", VISION)][:4] == ["Keep", "every", "home", "running"]
    assert list_parts("scenario", VISION) == ()


@pytest.mark.parametrize(
    "line",
    ["[", "7", "[1]", '[["water-first"]]', '[["water-first","covered"]]', json.dumps([["water-first", "eaten"]] * 7)],
)
def test_a_line_that_does_not_fit_is_nobodys(line):
    assert read_parts(line, list_parts("explain", VISION)) is None
    assert read_parts(line, list_parts("state", VISION)) is None


def test_a_word_that_is_there_twice_is_two_parts():
    grade = Grade(
        id="x", share=1.0, level=3, confidence=1.0, review=False, reason="",
        judgements=tuple(
            Judgement(part="every", verdict=verdict, chance=1.0)
            for verdict in ("recalled", "missing", "intrusion", *["recalled"] * 10)
        ),
    )  # fmt: skip
    assert read_parts(keep_parts(grade), list_parts("state", VISION))[:3] == ("recalled", "missing", "recalled")


def test_shares_are_of_people_in_the_order_of_the_verdicts():
    parts = list_parts("contribute", VISION)[:2]
    people = [("I", "yes"), ("we", "no"), ("I", "half"), ("I", "yes")]
    assert share_parts(people, parts) == ((0.75, 0.25, 0.0), (0.5, 0.25, 0.25))
    assert share_parts([], parts) == ()
