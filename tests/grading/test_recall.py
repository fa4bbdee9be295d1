import pytest

from visionquiz.grading import Answer
from visionquiz.grading.recall import align, grade_state, read_statement
from visionquiz.text import words
from visionquiz.vision import MeaningPoint, Role, Vision

VISION = Vision(
    company="Kestrel Boats",
    statement="A safe crossing, told in plain words, and no one left on the quay.",
    core_idea="Everybody gets across unharmed and knows what is going on.",
    meaning=(MeaningPoint(id="safe", text="Safety comes before the timetable."),),
    roles=(Role(id="deck", title="Deckhand"),),
)


def graded(text: str):
    return grade_state(Answer(id="a", kind="state", text=text), VISION)


@pytest.mark.parametrize(
    "text",
    [
        VISION.statement,
        "a safe crossing told in plain words and no one left on the quay",
        "A SAFE CROSSING, TOLD IN PLAIN WORDS, AND NO ONE LEFT ON THE QUAY!!",
        "<p>A safe crossing, told in plain words, and no one left on the quay.</p>",
        "It is on the mug in the kitchen: a safe crossing, told in plain words, and no one left on the quay. Nice mug.",
        "a saef crossing, tolld in plian words, and no one left on teh quay",
    ],
)
def test_the_statement_is_fully_right_without_doubt(text: str):
    grade = graded(text)
    assert (grade.level, grade.review) == (3, False)
    assert grade.confidence >= 0.9


@pytest.mark.parametrize(
    "text",
    ["A safe crossing", "no one left on the quay, something like that", "we tell them in plain words what goes on"],
)
def test_one_idea_is_partly_right(text: str):
    assert graded(text).level == 1


def test_a_part_left_out_of_the_wording_is_partly_right():
    assert graded("A safe crossing, told in plain words").level == 1


@pytest.mark.parametrize(
    "text", ["The customer is king", "To be the leading ferry operator of the region by 2030", "Roast beef on Sundays"]
)
def test_something_else_is_not_yet_right(text: str):
    assert graded(text).level == 0


@pytest.mark.parametrize(
    "text",
    [
        "A safe crossing, told in plain words, and one left on the quay.",
        "A safe crossing, not told in plain words, and no one left on the quay.",
        "A safe crossing, told in plain words, and no one left on the bus.",
        "A safe crossing, told in secret words, and no one left on the quay.",
    ],
)
def test_a_changed_statement_is_not_taken_for_the_statement(text: str):
    grade = graded(text)
    assert grade.review or grade.level < 3


def test_a_turned_statement_goes_to_a_person():
    grade = graded("A safe crossing, told in plain words, and one left on the quay.")
    assert grade.review
    assert grade.level < 3


def test_alignment_finds_the_statement_inside_other_talk():
    terms = read_statement(VISION).terms
    lone = align(terms, words(VISION.statement))
    within = align(terms, words("Priya says it daily. " + VISION.statement + " Then we have tea."))
    assert lone.exact == within.exact == pytest.approx(1.0)
    assert (within.changed, within.turned, within.altered) == (0, False, False)


def test_missing_words_lower_the_alignment():
    terms = read_statement(VISION).terms
    whole, half = (align(terms, words(text)).exact for text in (VISION.statement, "a safe crossing in plain words"))
    assert 0.2 < half < 0.7 < whole


def test_evidence_shows_what_was_recognised():
    text = "I think: a safe crossing, told in plain words?"
    shown = " ".join(text[found.start : found.end] for found in graded(text).evidence)
    assert "safe crossing" in shown
    assert "think" not in shown


def test_the_reason_names_the_part_that_is_missing():
    reason = graded("A safe crossing, told in plain words").reason
    assert "third" in reason
    assert "quay" not in reason


@pytest.mark.parametrize("before", ["Never ", "We do not ", "It is not true that we "])
def test_a_negation_put_before_the_statement_is_never_full_marks_unseen(vision, before):
    grade = grade_state(Answer(id="x", kind="state", text=before + vision.statement.lower()), vision)
    assert grade.review
