import pytest

from visionquiz.grading import Answer
from visionquiz.grading.guards import read_answer
from visionquiz.grading.meaning import grade_explain, read_meaning, sign_meaning, support_points
from visionquiz.vision import MeaningPoint, Role, Vision

VISION = Vision(
    company="Pennylodge",
    statement="A clean, quiet night with no surprises.",
    core_idea="A guest can rely on sleeping well in a spotless room, with nothing unexpected.",
    meaning=(
        MeaningPoint(
            id="clean-first",
            text="The room is truly clean, down to the corners, the bed and the bathroom.",
            phrasings=("no hair in the shower",),
        ),
        MeaningPoint(id="protect-sleep", text="Guests come to sleep, so doors, corridors and neighbours stay hushed."),
        MeaningPoint(id="honest-price", text="The price that was booked is the price that is paid; no hidden extras."),
        MeaningPoint(
            id="m4",
            text="We repair a fault the same evening or move the guest to another room.",
            misreadings=("the day shift deals with the broken heating tomorrow",),
        ),
    ),
    roles=(Role(id="desk", title="Night porter"),),
)
FULL = (
    "They can sleep because doors and corridors stay hushed, the bathroom and bed are scrubbed into the corners,"
    " they pay the price they booked, and whatever is broken gets repaired the same evening."
)


def graded(text: str, vision: Vision = VISION):
    return grade_explain(Answer(id="a", kind="explain", text=text), vision)


@pytest.mark.parametrize(
    "text",
    [
        "It means a clean, quiet night with no surprises.",
        "A clean night. A quiet night. No surprises. That is what it means.",
        "clean quiet night no surprises = clean, quiet, night, no surprises",
        "the vision means a cleen quite night with no suprises",
    ],
)
def test_parroting_earns_nothing_for_explain(text: str):
    grade = graded(text)
    assert grade.level == 0
    assert {found.counts_as for found in grade.evidence} == {"parroting"}


def test_own_words_on_most_points_are_fully_right():
    assert graded(FULL).level == 3


def test_more_points_never_earn_less():
    levels = [graded(text).level for text in ("banana bread", "doors and corridors stay hushed so they sleep", FULL)]
    assert levels == sorted(levels)
    assert levels[0] == 0 < levels[1]


def test_a_keyword_list_goes_to_a_person():
    assert graded("bathroom bed corners doors corridors price extras fault evening room").review


@pytest.mark.parametrize(
    "text",
    [
        FULL + " But I couldn't care less.",
        "Doors, corridors and neighbours stay hushed so guests sleep, but we don't repair a fault.",
    ],
)
def test_a_contradiction_never_gets_a_high_level_unseen(text: str):
    grade = graded(text)
    assert grade.review


def test_a_negated_point_is_not_fully_right():
    text = (
        FULL.replace("the bathroom and bed are scrubbed", "we don't scrub bathroom and bed")
        + " We don't repair faults."
    )
    grade = graded(text)
    assert grade.level < 3
    assert grade.review


def test_a_misreading_goes_to_a_person():
    text = "the day shift deals with the broken heating tomorrow"
    assert sign_meaning(Answer(id="a", kind="explain", text=text), VISION)[0]["misread"] >= 0.75
    assert graded(text).review


def test_phrasings_count_as_the_point():
    supports = support_points(read_answer("not a hair in the shower"), VISION)
    assert max(supports, key=lambda support: support.share).point.id == "clean-first"


def test_evidence_names_the_point_that_it_shows():
    text = "I had tea. We repair a fault the same evening. Then home."
    found = [one for one in graded(text).evidence if one.counts_as == "m4"]
    assert any("repair a fault" in text[one.start : one.end] for one in found)


def test_the_reason_names_what_came_across_and_what_is_missing():
    reason = graded("doors and corridors stay hushed so guests sleep").reason
    came, _, missing = reason.partition("Still missing")
    assert "protect sleep" in came
    assert "honest price" in missing


def test_an_id_that_says_nothing_gives_way_to_the_text():
    assert read_meaning(VISION).names[3].startswith("we repair a fault")


OFF_TOPIC = "Well, as I told you, it was a long week at ours and I was off. "


@pytest.mark.parametrize("text", ["gravy", "the gravy was lovely", "doors and corridors stay hushed", FULL])
def test_length_is_no_evidence(text: str):
    assert graded(text + ". " + OFF_TOPIC * 8).level <= graded(text).level


def test_nothing_of_the_vision_is_worth_nothing_but_a_person_looks():
    grade = graded("the gravy was lovely on sunday")
    assert grade.level == 0
    assert grade.review
