from collections import Counter

import pytest

from visionquiz.demo import ORGANISATIONS, SUBMIT, invent_answers, invent_people, load_staff, write_roster
from visionquiz.grading import LEVELS
from visionquiz.kit import kit_path
from visionquiz.quiz import load_quiz
from visionquiz.roster import check_roster, load_roster
from visionquiz.vision import load_vision


@pytest.fixture(params=ORGANISATIONS)
def organisation(request):
    home = kit_path("assessments") / request.param
    vision = load_vision(home / "vision.toml")
    return load_staff(request.param), vision, load_quiz(home / "quizzes" / "vision-check.toml", vision)


def test_people_depend_on_the_seed_only(organisation):
    staff, _, _ = organisation
    assert invent_people(staff, 50, 3) == invent_people(staff, 50, 3)
    assert invent_people(staff, 50, 3) != invent_people(staff, 50, 4)


@pytest.mark.parametrize("number", [1, 7, 200, 5000])
def test_any_number_of_people_makes_a_roster_in_order(organisation, number, tmp_path):
    staff, vision, _ = organisation
    people = invent_people(staff, number, 1)
    assert len(people) == number
    write_roster(people, tmp_path / "roster.csv")
    assert load_roster(tmp_path / "roster.csv", vision) == people
    if number >= 200:
        assert check_roster(tmp_path / "roster.csv", vision) == []
        assert len({person.role for person in people}) == len(vision.roles)
        assert len({person.team for person in people}) == len(staff.data["teams"])


def test_everyone_but_one_has_a_manager_and_the_chain_ends_there(organisation):
    people = {person.person: person for person in invent_people(organisation[0], 200, 1)}
    top = [person for person in people.values() if not person.manager]
    assert len(top) == 1
    for person in people.values():
        seen = set()
        while person.manager:
            assert person.person not in seen, "a circle of managers"
            seen.add(person.person)
            person = people[person.manager]
        assert person == top[0]


def test_answers_depend_on_the_seed_only_and_most_people_answer(organisation):
    staff, vision, quiz = organisation
    people = invent_people(staff, 100, 1)
    first = list(invent_answers(staff, quiz, vision, people, 1))
    assert first == list(invent_answers(staff, quiz, vision, people, 1))
    assert first != list(invent_answers(staff, quiz, vision, people, 2))
    assert len(first) == round(100 * SUBMIT)
    assert all(set(typed) == {question.id for question in quiz.questions} for _, typed in first)


def test_a_very_small_company_still_answers(organisation):
    staff, vision, quiz = organisation
    for number in range(1, 12):
        people = invent_people(staff, number, 1)
        assert len(list(invent_answers(staff, quiz, vision, people, 1))) >= 0.8 * number


def test_the_stock_of_answers_is_of_every_quality(organisation):
    staff, vision, _ = organisation
    for kind in ("state", "explain", "contribute"):
        levels = Counter(answer["level"] for answer in staff.data[kind])
        assert set(levels) == set(range(len(LEVELS))), kind
        assert min(levels.values()) >= 3, kind
        assert any(not answer["text"] for answer in staff.data[kind]), "somebody leaves it blank"
    roles = {role.id for role in vision.roles}
    assert {answer["role"] for answer in staff.data["contribute"]} == roles | {""}


def test_teams_and_roles_of_the_staff_are_those_of_the_vision(organisation):
    staff, vision, quiz = organisation
    columns = {question.column for question in quiz.questions}
    for team in staff.data["teams"]:
        assert set(team["roles"]) <= {role.id for role in vision.roles}
        assert set(team["strength"]) == columns
        assert all(0 <= value <= 1 for value in team["strength"].values())


@pytest.mark.nbgrader
@pytest.mark.parametrize(
    ("until", "there", "missing"),
    [
        ("released", ["release/vision-check", "gradebook.db", "nbgrader_config.py"], ["submitted", "summaries"]),
        ("submitted", ["submitted"], ["autograded", "summaries"]),
        ("graded", ["autograded"], ["summaries"]),
        ("published", ["summaries/vision-check.json"], []),
    ],
)
def test_the_demo_stops_after_the_step_that_was_asked_for(demos, until, there, missing):
    root = demos(until).root
    assert all((root / name).exists() for name in there)
    assert not any((root / name).exists() for name in missing)


@pytest.mark.nbgrader
def test_two_demos_of_a_seed_are_the_same(demos, tmp_path):
    from visionquiz.nbgrader_plugin import make_demo

    again = make_demo(
        tmp_path / "again", organisation="hollowmere", people=40, seed=7, until="published", replace=False, tell=print
    )
    first = demos("published")
    for pattern in ("roster.csv", "summaries/*.json", "submitted/*/*/*", "autograded/*/*/*", "release/*/*"):
        files = sorted(path.relative_to(first.root) for path in first.root.glob(pattern))
        assert files == sorted(path.relative_to(again.root) for path in again.root.glob(pattern))
        assert files
        for path in files:
            assert (first.root / path).read_bytes() == (again.root / path).read_bytes(), path
