import pytest

from visionquiz.grading import Answer, Grade, grade_answers
from visionquiz.grading.encoder import HEADS, POINT_LABELS, load_encoder
from visionquiz.grading.meaning import read_meaning
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
    "They sleep because nobody bangs about in the hall, the shower is scrubbed, they pay what they booked"
    " and a broken lamp is mended that same night."
)


def graded(text: str, vision: Vision = VISION) -> Grade:
    return grade_answers([Answer(id="a", kind="explain", text=text)], vision)[0]


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
    levels = [graded(text).level for text in ("banana bread", "people can sleep, we keep the hall quiet", FULL)]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]


def test_a_keyword_list_goes_to_a_person():
    assert graded("bathroom bed corners doors corridors price extras fault evening room").review


def test_every_point_has_a_verdict_then_the_core():
    found = graded(FULL).judgements
    assert [one.part for one in found] == [*(point.id for point in VISION.meaning), "core", "own_words"]
    assert all(one.verdict in POINT_LABELS for one in found[: len(VISION.meaning)])
    assert found[-2].verdict in HEADS["core"]
    assert all(0.25 <= one.chance <= 1 for one in found)


def test_the_opposite_is_never_a_high_level():
    text = "We leave the dirt for the next shift and add extras at checkout, they never notice."
    assert graded(text).level <= 1


def test_evidence_names_the_point_that_it_shows():
    found = [one for one in graded(FULL).evidence if one.counts_as == "m4"]
    assert any("mended that same night" in FULL[one.start : one.end] for one in found)


def test_the_reason_names_what_came_across_and_what_is_missing():
    grade = graded("doors and corridors stay hushed so guests sleep")
    assert grade.level in (1, 2)
    came, _, missing = grade.reason.partition("Still missing")
    names = dict(zip([point.id for point in VISION.meaning], read_meaning(VISION).names, strict=True))
    for one in grade.judgements[: len(VISION.meaning)]:
        if one.chance < 0.7:
            assert names[one.part] not in grade.reason, "an employee is told only what is fairly sure"
        elif one.verdict == "covered":
            assert f"“{names[one.part]}”" in came
        elif names[one.part] in missing:
            assert one.verdict == "missing"


def test_an_id_that_says_nothing_gives_way_to_the_text():
    assert read_meaning(VISION).names[3].startswith("we repair a fault")


@pytest.mark.parametrize("place", range(len(VISION.meaning)))
def test_of_all_points_the_one_that_is_said_is_heard_most(place: int):
    said = VISION.meaning[place].text.lower().rstrip(".")
    (opinion,) = load_encoder().read([Answer(id="a", kind="explain", text=f"for me {said}")], VISION)
    heard = [point[0] for point in opinion.points]
    assert heard.index(max(heard)) == place, heard
