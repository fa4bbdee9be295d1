import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from visionquiz.errors import DeskError
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
from visionquiz.paper import read_paper
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


@pytest.mark.parametrize(
    "hide",
    [
        lambda about: about.update(points={"state": 3}),
        lambda about: about["questions"][0].update(points=3),
        lambda about: about["questions"][3]["situations"][0].update(best="B"),
        lambda about: about["questions"][3]["situations"][0]["options"].update(A={"text": "x", "points": 2}),
        lambda about: about["questions"][3]["situations"][0]["options"].update(A=2),
        lambda about: about["roles"][0].update(contributions=["I call back."]),
    ],
)
def test_the_questions_for_the_form_hold_nothing_more(vision, quiz, hide):
    notebook = write_quiz(quiz, vision)
    hide(notebook["metadata"]["visionquiz"])
    assert find_key(notebook, vision)


@pytest.mark.parametrize(
    "change",
    [
        {"outputs": [{"output_type": "stream", "text": "B"}]},
        {"execution_count": 3},
        {"metadata": {"jupyter": {"best": "B"}}},
    ],
)
def test_the_cell_that_starts_the_form_holds_nothing_more(vision, quiz, change):
    notebook = write_quiz(quiz, vision)
    notebook["cells"][0] |= change
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


@pytest.mark.parametrize("organisation", ["hollowmere", "pellworth", "dunmarrow"])
def test_the_form_gets_what_people_read(organisation):
    home = kit_path("assessments") / organisation
    vision = load_vision(home / "vision.toml")
    quiz = load_quiz(home / "quizzes" / "vision-check.toml", vision)
    notebook = write_quiz(quiz, vision)
    paper = read_paper(json.loads(dump_notebook(notebook)))
    assert (paper.quiz, paper.title, paper.company) == (quiz.id, quiz.title, vision.company)
    assert paper.release == release_of(notebook)
    assert [(role.id, role.title) for role in paper.roles] == [(role.id, role.title) for role in vision.roles]
    assert [(one.id, one.kind, one.prompt) for one in paper.questions] == [
        (one.id, one.kind, one.prompt) for one in quiz.questions
    ]
    for asked in paper.questions:
        for role, scenario in pick_scenarios(quiz, vision).get(asked.id, {}).items():
            situation = asked.situation_for(role)
            assert (situation.id, situation.situation) == (scenario.id, scenario.situation)
            lettered = letter_options(quiz, scenario)
            assert situation.options == {letter: option.text for letter, (_, option) in lettered.items()}


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda about: about.update(format=1), "of format 1"),
        (lambda about: about.update(format=[1] * 99), "of format"),
        (lambda about: about.update(title=None), "title is not a text"),
        (lambda about: about.update(title="x" * 20_001), "title is not a text of at most"),
        (lambda about: about.update(quiz="../x"), "quiz is '../x'"),
        (lambda about: about.update(roles={}), "roles is not a list"),
        (lambda about: about.update(questions=[]), "questions is empty"),
        (lambda about: about.update(questions=[{}] * 201), "questions is not a list of at most"),
        (lambda about: about["questions"].append(3), "questions[6] is not a table"),
        (lambda about: about["questions"].append(about["questions"][0]), "twice"),
        (lambda about: about["questions"][0].update(kind="rate"), "questions[0].kind is 'rate'"),
        (lambda about: about["questions"][0].pop("prompt"), "questions[0].prompt is not"),
        (lambda about: about["questions"][3].pop("situations"), "questions[3].situations is not"),
        (lambda about: about["questions"][3]["situations"][0].update(options={"A": "x"}), "is not a table of 2"),
        (lambda about: about["questions"][3]["situations"][0].update(options={"A": "", "<b>": ""}), "for a letter"),
        (lambda about: about["questions"][3]["situations"][0].update(roles=[3]), "situations[0].roles is not"),
    ],
)
def test_a_paper_that_was_tampered_with_is_refused_with_its_place(vision, quiz, damage, says):
    notebook = write_quiz(quiz, vision)
    damage(notebook["metadata"]["visionquiz"])
    with pytest.raises(DeskError, match=re.escape(says)):
        read_paper(notebook)


@pytest.mark.parametrize("damaged", [None, [], {}, {"metadata": 3}, {"metadata": {"visionquiz": []}}])
def test_what_is_no_notebook_is_no_paper(damaged):
    with pytest.raises(DeskError, match="not a check"):
        read_paper(damaged)


def test_the_form_is_one_call_in_a_hidden_locked_cell(vision, quiz):
    first = write_quiz(quiz, vision)["cells"][0]
    assert first["cell_type"] == "code"
    assert first["source"].endswith('from visionquiz.views.form import show_check\n\nshow_check("vision-check")')
    assert first["metadata"]["jupyter"] == {"source_hidden": True}
    assert first["metadata"]["nbgrader"]["locked"]
    assert (first["outputs"], first["execution_count"]) == ([], None)


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
