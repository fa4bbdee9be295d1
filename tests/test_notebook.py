import json
from dataclasses import replace
from pathlib import Path

import pytest

from visionquiz.kit import kit_path
from visionquiz.notebook import (
    CHOICE_STUB,
    STUB,
    dump_notebook,
    fill_answers,
    find_key,
    read_answers,
    read_choice,
    release_of,
    write_quiz,
)
from visionquiz.quiz import Quiz, letter_options, load_quiz, pick_scenarios
from visionquiz.vision import Vision, load_vision

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("organisation", ["hollowmere", "pellworth", "dunmarrow"])
def test_the_source_notebook_is_as_expected(organisation, request):
    """The whole notebook, compared with a file that was read by a person: `make golden` writes it anew."""
    home = kit_path("assessments") / organisation
    vision = load_vision(home / "vision.toml")
    text = dump_notebook(write_quiz(load_quiz(home / "quizzes" / "vision-check.toml", vision), vision))
    golden = GOLDEN / f"{organisation}.ipynb"
    if request.config.getoption("--update-golden"):
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_it_is_a_notebook_that_nbformat_and_nbgrader_accept(vision, quiz):
    import nbformat
    from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

    notebook = nbformat.from_dict(write_quiz(quiz, vision))
    nbformat.validate(notebook)
    MetadataValidatorV3().validate_nb(notebook)


def test_one_id_runs_from_the_quiz_to_cell_and_grade(vision, quiz):
    cells = [cell for cell in write_quiz(quiz, vision)["cells"] if cell["metadata"]["nbgrader"]["grade"]]
    assert [cell["id"] for cell in cells] == [question.id for question in quiz.questions]
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells] == [cell["id"] for cell in cells]
    assert [cell["metadata"]["nbgrader"]["points"] for cell in cells] == [q.points for q in quiz.questions]
    assert all(cell["cell_type"] == "markdown" and cell["metadata"]["nbgrader"]["solution"] for cell in cells)


def test_the_key_is_not_in_it(vision, quiz):
    notebook = write_quiz(quiz, vision)
    assert find_key(notebook, vision) == []
    # The check is not blind: everything below is really looked for.
    text = dump_notebook(notebook).lower()
    for secret in (vision.statement, vision.core_idea, *(point.text for point in vision.meaning)):
        assert secret.lower() not in text
    for scenario in vision.scenarios:
        for option in scenario.options:
            assert option.why.lower() not in text


@pytest.mark.parametrize("where", ["source", "metadata key", "metadata value", "broken over lines", "other case"])
def test_a_key_is_found_wherever_it_stands(vision, quiz, where):
    notebook = write_quiz(quiz, vision)
    cell = notebook["cells"][3]
    match where:
        case "source":
            cell["source"] += " " + vision.statement
        case "metadata key":
            cell["metadata"][vision.meaning[0].text] = 1
        case "metadata value":
            notebook["metadata"]["visionquiz"]["note"] = {"deep": [vision.core_idea]}
        case "broken over lines":
            cell["source"] = vision.statement.replace(" ", "\n").splitlines(keepends=True)
        case "other case":
            cell["source"] = f"**{vision.statement.upper().replace(',', ' -')}**"
    assert find_key(notebook, vision)


@pytest.mark.parametrize("key", ["points", "score", "best", "answers"])
def test_data_that_could_hold_scores_is_refused(vision, quiz, key):
    notebook = write_quiz(quiz, vision)
    notebook["cells"][0]["metadata"][key] = {"A": 2, "B": 0}
    assert key in find_key(notebook, vision)[0]


def test_every_slot_shows_every_role_one_situation_with_its_options(vision, quiz):
    cells = {cell["id"]: cell["source"] for cell in write_quiz(quiz, vision)["cells"]}
    for slot in quiz.slots:
        source = cells[f"{slot.id}-question"]
        for role, scenario in pick_scenarios(quiz, vision)[slot.id].items():
            title = next(r.title for r in vision.roles if r.id == role)
            assert title in source
            assert scenario.situation in source
            for letter, (_, option) in letter_options(quiz, scenario).items():
                assert f"**{letter}**: {option.text}" in source


def test_what_is_filled_in_is_read_back(vision, quiz):
    release = write_quiz(quiz, vision)
    typed = {question.id: f"my answer to {question.id}\n\n- *with* marks" for question in quiz.questions}
    filled = fill_answers(release, typed)
    assert read_answers(filled) == typed
    assert read_answers(release) == dict.fromkeys(typed, ""), "the release itself must stay blank"
    assert release_of(filled) == release_of(release)


def test_a_blank_answer_leaves_the_cell_as_it_was_released(vision, quiz):
    release = write_quiz(quiz, vision)
    assert fill_answers(release, {"state": " \n "}) == release


@pytest.mark.parametrize("text", ["{stub}\nGood water", "Good water\n\n{stub}", "  Good water  ", "{stub}Good water"])
def test_the_line_that_asks_is_no_part_of_the_answer(vision, quiz, text):
    notebook = fill_answers(write_quiz(quiz, vision), {"state": text.format(stub=STUB)})
    assert read_answers(notebook)["state"] == "Good water"


def test_the_release_is_told_apart_by_what_people_read(vision, quiz):
    release = release_of(write_quiz(quiz, vision))
    assert release == release_of(write_quiz(replace(quiz, due=None), vision))
    assert release != release_of(write_quiz(replace(quiz, seed=quiz.seed + 1), vision))


@pytest.mark.parametrize(
    "broken", [{}, {"metadata": 3}, {"metadata": {"visionquiz": []}}, {"metadata": {"visionquiz": {"release": 4}}}]
)
def test_a_notebook_without_fingerprint_has_none(broken):
    assert release_of(broken) == ""


class TestReadChoice:
    """What counts as a choice: one situation and one letter, and nothing is guessed."""

    @pytest.fixture
    def slot(self, quiz: Quiz):
        return quiz.slots[0]

    def read(self, text, slot, quiz: Quiz, vision: Vision, role: str | None = None):
        return read_choice(text, slot, vision.roles[0].id if role is None else role, quiz, vision)

    @pytest.fixture
    def mine(self, slot, quiz, vision):
        return pick_scenarios(quiz, vision)[slot.id][vision.roles[0].id]

    @pytest.mark.parametrize(
        "text",
        [
            "{id} {letter}",
            "{id}: {letter}",
            "{letter}",
            "{letter}.",
            "({letter})",
            "**{letter}**",
            "{lower}",
            "`{id}` {lower}",
            "Situation {id}, I would choose {letter}",
            "{ID} {letter}",
            "{letter}: because it's fair",
        ],
    )
    def test_one_letter_is_a_choice(self, text, slot, quiz, vision, mine):
        for letter, (place, _) in letter_options(quiz, mine).items():
            typed = text.format(id=mine.id, ID=mine.id.upper(), letter=letter, lower=letter.lower())
            assert self.read(typed, slot, quiz, vision) == (mine.id, place), typed

    @pytest.mark.parametrize("text", ["A or B", "A B", "D", "I do not know", "", "Z", "1", STUB, CHOICE_STUB])
    def test_no_letter_or_two_is_none(self, text, slot, quiz, vision):
        assert self.read(text, slot, quiz, vision)[1] is None

    def test_a_small_a_is_a_word_beside_a_capital(self, slot, quiz, vision, mine):
        place = letter_options(quiz, mine)["B"][0]
        assert self.read("I chose a letter: B", slot, quiz, vision) == (mine.id, place)

    def test_two_situations_are_no_choice(self, slot, quiz, vision, mine):
        other = next(s for s in pick_scenarios(quiz, vision)[slot.id].values() if s.id != mine.id)
        assert self.read(f"{mine.id} {other.id} A", slot, quiz, vision) == ("", None)

    def test_a_letter_alone_is_no_choice_where_the_role_is_unknown(self, slot, quiz, vision):
        assert len({s.id for s in pick_scenarios(quiz, vision)[slot.id].values()}) > 1
        assert self.read("A", slot, quiz, vision, role="") == ("", None)


def test_dumped_notebooks_load_again(vision, quiz):
    notebook = write_quiz(quiz, vision)
    assert json.loads(dump_notebook(notebook)) == notebook


def test_a_situation_of_another_job_or_slot_is_no_choice(vision, quiz):
    slots, role = quiz.slots, vision.roles[0].id
    picked = pick_scenarios(quiz, vision)
    mine = picked[slots[0].id][role].id
    others = [scenario.id for scenario in vision.scenarios if scenario.id != mine]
    assert read_choice(f"{mine} B", slots[0], role, quiz, vision)[0] == mine
    for other in others:
        assert read_choice(f"{other} B", slots[0], role, quiz, vision) == ("", None)


def test_other_points_are_another_release(vision, quiz):
    first = quiz.questions[0]
    changed = replace(quiz, questions=(replace(first, points=first.points + 1), *quiz.questions[1:]))
    assert release_of(write_quiz(quiz, vision)) != release_of(write_quiz(changed, vision))


@pytest.mark.parametrize("damaged", [[], None, {"metadata": []}, {"metadata": {"visionquiz": 3}}])
def test_what_is_no_notebook_has_no_fingerprint(damaged):
    assert release_of(damaged) == ""
