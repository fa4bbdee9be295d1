"""What a contribution lacks, and which roles serve which points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.line_of_sight import (
    check_contribution,
    find_copied,
    invent_contributions,
    join_contribution,
    see_roles,
)

POINT = "water-first"


@pytest.mark.parametrize(
    ("action", "result", "point", "missing", "asked"),
    [
        ("", "", "", ["action", "result", "point"], []),
        ("I ring back before six", "the caller knows who comes", POINT, [], []),
        ("I ring back before six", "", POINT, ["result"], []),
        ("I ring back before six", "the caller knows", "ghost", ["point"], []),
        ("We ring back before six", "the caller knows", POINT, ["action"], []),
        ("Our team rings back and I ring too", "the caller knows", POINT, [], []),
        ("Ring back before six", "the caller knows", POINT, [], []),  # a person who leaves “I” out means oneself
        ("I care a lot", "the caller knows", POINT, [], ["action"]),
        ("I ring back", "we save money", POINT, ["result"], []),
        ("I ring back", "our target is met", POINT, ["result"], []),
        ("I ring back", "our customers know", POINT, [], []),
        ("I ring back", "the heating works", POINT, [], []),
        ("?!", "...", POINT, ["action", "result"], []),
    ],
)
def test_the_part_that_is_missing_is_named(vision, action, result, point, missing, asked):
    found = check_contribution(action, result, point, vision)
    assert [one.part for one in found if one.sure] == missing
    assert [one.part for one in found if not one.sure] == asked


@pytest.mark.parametrize(
    ("action", "result", "whole"),
    [
        ("I ring back.", "So that she knows", "I ring back, so that she knows."),
        ("I ring back", "She knows", "I ring back, so that she knows."),
        ("I  ring\nback", "so she knows!", "I ring back, so that she knows."),
        ("I ring back", "I hear what she needs", "I ring back, so that I hear what she needs."),
        ("I ring back", "", "I ring back."),
    ],
)
def test_the_parts_become_one_sentence(action, result, whole):
    assert join_contribution(action, result) == whole


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_checked(action, result):
    join_contribution(action, result)
    from visionquiz.vision import MeaningPoint, Role, Vision

    vision = Vision(
        company="A", statement="B", core_idea="", meaning=(MeaningPoint(id="a", text="A"),),
        roles=(Role(id="r", title="R", contributions=(action,)),),
    )  # fmt: skip
    check_contribution(action, result, "a", vision)
    find_copied(result, vision)


def test_a_published_example_is_known_again(vision):
    role = vision.roles[1]
    assert find_copied(f"{role.contributions[0]} so that all is well", vision) == role
    assert find_copied(role.contributions[0].upper(), vision) == role
    assert find_copied("I put a sign into the street", vision) is None
    assert find_copied("", vision) is None


def test_the_table_counts_what_names_a_role_and_a_point(vision):
    role, point = vision.roles[0], vision.meaning[0]
    bodies = [
        {"role": role.id, "point": point.id}, {"role": role.id, "point": "ghost"}, {"role": ["x"], "point": point.id},
        {}, {"role": "ghost", "point": point.id}, {"role": role.id, "point": {"a": 1}},
    ]  # fmt: skip
    sight = see_roles(bodies, vision)
    assert sight.contributions == 1
    assert sight.counts[role.id][point.id] == 1
    assert sight.orphans == tuple(one.text for one in vision.meaning[1:])
    assert sight.idle == tuple(one.title for one in vision.roles[1:])


def test_invented_people_leave_the_last_point_to_nobody(vision):
    sight = see_roles(invent_contributions(vision), vision)
    assert sight.contributions == 2 * len(vision.roles)
    assert sight.orphans == (vision.meaning[-1].text,)
    assert sight.idle == ()
