"""A team, held against rules of how many of whom."""

import pytest

from visionquiz.curriculum import Bin, Card, load_lesson
from visionquiz.kit import kit_path
from visionquiz.staffing import check_team, read_team

CARDS = [
    Card(id="a", text="A", bins=("front",)),
    Card(id="b", text="B", bins=("front", "doubter")),
    Card(id="c", text="C", bins=("boss",)),
    Card(id="d", text="D", bins=("boss",)),
]
RULES = [
    Bin(id="size", label="Size", least=2, most=3),
    Bin(id="front", label="Front", least=1),
    Bin(id="boss", label="Boss", most=1),
    Bin(id="doubter", label="Doubter", least=1),
]


@pytest.mark.parametrize(
    ("picked", "met"),
    [
        ("", [False, False, True, False]),
        ("a", [False, True, True, False]),
        ("ab", [True, True, True, True]),
        ("abc", [True, True, True, True]),
        ("abcd", [False, True, False, True]),
        ("cd", [True, False, False, False]),
        ("bx", [False, True, True, True]),
    ],
)
def test_each_rule_counts_those_whom_it_means(picked, met):
    assert [one.is_met for one in check_team(CARDS, RULES, picked)] == met


def test_figures_are_said_beside_what_is_asked_for():
    assert [one.says for one in check_team(CARDS, RULES, "abc")] == [
        "3; asked for: 2 to 3", "2; asked for: at least 1", "1; asked for: at most 1", "1; asked for: at least 1",
    ]  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"picked": "ab"}, {"picked": None}, {"picked": [["a"], 1, "ghost"]}])
def test_what_is_no_team_is_nobody(body):
    assert read_team(body, "abcd") == frozenset()


def test_no_rule_of_the_lesson_can_be_left_out():
    activity = load_lesson(kit_path("notebooks") / "lessons" / "write-it-in-two-hours.toml").activity("team")
    good = {"amara", "farid", "greta", "ines", "kim", "mona", "nils", "oya"}
    executives = {card.id for card in activity.cards if "executives" in card.bins}
    assert all(one.is_met for one in check_team(activity.cards, activity.bins, good))
    assert sum(one.is_met for one in check_team(activity.cards, activity.bins, executives)) == 0
    everybody = check_team(activity.cards, activity.bins, [card.id for card in activity.cards])
    assert [one.rule.id for one in everybody if not one.is_met] == ["size", "executives"]
