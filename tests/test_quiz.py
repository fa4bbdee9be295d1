from collections import Counter
from pathlib import Path

import pytest

from visionquiz.errors import InputError
from visionquiz.kit import kit_path
from visionquiz.quiz import PROMPTS, Quiz, group_by_scenario, letter_options, load_quiz, pick_scenarios
from visionquiz.vision import Vision, load_vision

GOOD = """\
title = "Check"
seed = 5
points = 2
due = 2026-12-18T17:00:00Z
[[questions]]
id = "state"
kind = "state"
[[questions]]
id = "why"
kind = "explain"
points = 4
prompt = "And what does that mean?"
[[questions]]
id = "decide"
kind = "scenario"
count = 2
"""


@pytest.fixture(scope="module")
def acme() -> Vision:
    return load_vision(kit_path("assessments") / "starter" / "vision.toml")


def write(folder: Path, text: str, name: str = "first.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_quiz_is_loaded_with_its_slots(tmp_path, acme):
    quiz = load_quiz(write(tmp_path, GOOD), acme)
    assert quiz.id == "first"
    assert [(q.id, q.kind, q.points, q.column) for q in quiz.questions] == [
        ("state", "state", 2, "state"),
        ("why", "explain", 4, "why"),
        ("decide-1", "scenario", 2, "decide"),
        ("decide-2", "scenario", 2, "decide"),
    ]
    assert quiz.questions[0].prompt == PROMPTS["state"]
    assert quiz.questions[1].prompt == "And what does that mean?"
    assert quiz.due is not None
    assert quiz.due.isoformat() == "2026-12-18T17:00:00+00:00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-12-18", "2026-12-18T23:59:59+00:00"),
        ("2026-12-18T17:00:00", "2026-12-18T17:00:00+00:00"),
        ("2026-12-18T17:00:00+02:00", "2026-12-18T15:00:00+00:00"),
    ],
)
def test_a_due_day_means_its_end_and_a_time_without_zone_is_utc(tmp_path, acme, value, expected):
    quiz = load_quiz(write(tmp_path, GOOD.replace("2026-12-18T17:00:00Z", value)), acme)
    assert quiz.due is not None
    assert quiz.due.isoformat() == expected


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ('kind = "state"', 'kind = "stat"', "questions[1].kind", "expected one of state, explain"),
        ('id = "why"', 'id = "state"', "questions[2].id", "used twice"),
        ('id = "why"', 'id = "decide-1"', "questions[3].id", "used twice"),
        ('id = "why"', 'id = "state-question"', "questions[2].id", "used twice"),
        ('id = "why"', 'id = "intro"', "questions[2].id", "used twice"),
        ("count = 2", "count = 3", "questions", "only 2 in vision.toml fit the role 'sales'"),
        ("count = 2", "cuont = 2", "questions[3].cuont", "did you mean 'count'?"),
        ('kind = "state"', 'kind = "state"\ncount = 2', "questions[1].count", 'kind = "scenario" only'),
        ("points = 4", "points = 0", "questions[2].points", "from 0.1 to 1000"),
        ("points = 4", "points = nan", "questions[2].points", "from 0.1 to 1000"),
        ("2026-12-18T17:00:00Z", '"soon"', "due", "e.g. due = 2026-12-18T17:00:00Z"),
    ],
)
def test_each_mistake_is_named_with_its_key_path(tmp_path, acme, old, new, place, says):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load_quiz(write(tmp_path, GOOD.replace(old, new, 1)), acme)
    assert any(problem.place == place and says in problem.message for problem in caught.value.problems)


def test_a_file_name_that_cannot_be_an_id_is_refused(tmp_path, acme):
    with pytest.raises(InputError, match="use letters, digits and hyphens"):
        load_quiz(write(tmp_path, GOOD, "autumn check.toml"), acme)


def test_every_role_meets_fitting_scenarios_and_none_twice(vision: Vision, quiz: Quiz):
    picked = pick_scenarios(quiz, vision)
    for role in vision.roles:
        met = [picked[slot.id][role.id] for slot in quiz.slots]
        assert all(scenario.fits(role.id) for scenario in met)
        assert len({scenario.id for scenario in met}) == len(quiz.slots)


def test_the_seed_alone_decides_what_is_picked_and_in_which_order(vision: Vision, quiz: Quiz):
    from dataclasses import replace

    again = replace(quiz, title="Another title")
    other = replace(quiz, seed=quiz.seed + 1)
    assert pick_scenarios(again, vision) == pick_scenarios(quiz, vision)
    assert pick_scenarios(other, vision) != pick_scenarios(quiz, vision)


def test_letters_are_neutral(vision: Vision, quiz: Quiz):
    from dataclasses import replace

    # Over many seeds the best option stands under every letter about equally often.
    scenario = next(s for s in vision.scenarios if len(s.options) == 3)
    best = Counter(
        letter
        for seed in range(300)
        for letter, (_, option) in letter_options(replace(quiz, seed=seed), scenario).items()
        if option.points == scenario.best
    )
    assert set(best) == set("ABC")
    assert min(best.values()) > 70
    for letter, (place, option) in letter_options(quiz, scenario).items():
        assert letter in "ABC"
        assert scenario.options[place] == option


def test_roles_that_meet_the_same_scenario_are_grouped(vision: Vision, quiz: Quiz):
    picked = pick_scenarios(quiz, vision)[quiz.slots[0].id]
    groups = group_by_scenario(picked, vision)
    assert sorted(role.id for _, roles in groups for role in roles) == sorted(role.id for role in vision.roles)
    assert len({scenario.id for scenario, _ in groups}) == len(groups)
