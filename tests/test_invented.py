"""Invented people send what real ones could have sent."""

import pytest

from visionquiz.curriculum import load_lesson
from visionquiz.invented import PEOPLE, invent_doings
from visionquiz.kit import kit_path
from visionquiz.ordering import judge_order, read_order
from visionquiz.staffing import check_team, read_team


@pytest.fixture(scope="module")
def lesson():
    return load_lesson(kit_path("notebooks") / "lessons" / "write-it-in-two-hours.toml")


def test_some_of_them_have_the_right_order_and_nobody_an_odd_one(lesson, vision):
    activity = lesson.activity("agenda")
    steps = [card.id for card in activity.cards]
    orders = [read_order(body, steps) for body in invent_doings(activity, vision)]
    assert len(orders) == PEOPLE
    assert all(orders)
    wrong = [sum(place != "right" for place in judge_order(steps, order).values()) for order in orders]
    assert 0 in wrong
    assert max(wrong) <= 2


def test_their_teams_have_eight_people_and_do_not_all_meet_the_rules(lesson, vision):
    activity = lesson.activity("team")
    teams = [read_team(body, [card.id for card in activity.cards]) for body in invent_doings(activity, vision)]
    assert {len(team) for team in teams} == {8}
    met = [all(one.is_met for one in check_team(activity.cards, activity.bins, team)) for team in teams]
    assert not all(met)


def test_they_say_nothing_that_is_not_written_in_the_lesson(lesson, vision):
    assert invent_doings(lesson.activity("best-day"), vision) == []
