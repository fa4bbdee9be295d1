"""What of an explanation is borrowed, and which points came across."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.grading import Evidence, Grade, Judgement
from visionquiz.own_words import PEOPLE, count_heard, find_borrowed, hear_points, invent_explanations

STATEMENT = "Keep every home running, and leave everyone clear about what happens next."


@pytest.mark.parametrize(
    ("text", "borrowed"),
    [
        ("The taps work and nobody has to guess.", []),
        ("We keep it up", ["keep"]),
        ("KEEPING homes going", ["keeping", "homes"]),
        ("It is about what every one of us does", []),  # small words belong to nobody
        ("<b>home</b>", ["home"]),
        ("", []),
        ("!!! 🙂", []),
    ],
)
def test_words_of_the_statement_are_found_whatever_their_ending(text, borrowed):
    found = find_borrowed(text, STATEMENT)
    assert [word.plain for word in found.words] == borrowed
    assert [text[word.start : word.end].casefold() for word in found.words] == borrowed


@given(st.text(max_size=300))
def test_the_share_is_one(text):
    found = find_borrowed(text, STATEMENT)
    assert 0 <= found.share <= 1
    assert find_borrowed(STATEMENT, STATEMENT).share == 1


def test_points_are_heard_in_the_order_of_the_vision_with_the_words_that_carried_them(vision):
    text = "Water  on first."
    first, second = vision.meaning[:2]
    grade = Grade(
        id="explain", share=0.3, level=1, confidence=0.5, review=False, reason="",
        judgements=(
            Judgement(part="core", verdict="right", chance=0.9),
            Judgement(part=second.id, verdict="missing", chance=0.5),
            Judgement(
                part=first.id, verdict="covered", chance=0.9,
                evidence=(Evidence(start=0, end=15, counts_as=first.id),),
            ),
        ),
    )  # fmt: skip
    heard = hear_points(grade, text, vision)
    assert [(one.id, one.verdict, one.sure, one.quote) for one in heard] == [
        (first.id, "covered", True, "Water on first"),
        (second.id, "missing", False, ""),
    ]


def test_odd_bodies_count_for_nothing(vision):
    first = vision.meaning[0].id
    bodies = [
        {},
        {"points": "x"},
        {"points": [first]},
        {"points": {first: ["covered"]}},
        {"points": {first: "covered"}},
    ]
    counts, people = count_heard(bodies, vision)
    assert people == 2
    assert counts[first] == 1
    assert set(counts) == {point.id for point in vision.meaning}


def test_invented_people_bring_across_the_first_point_most(vision):
    counts, people = count_heard(invent_explanations(vision), vision)
    assert people == PEOPLE
    shares = [counts[point.id] for point in vision.meaning]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] > 0
