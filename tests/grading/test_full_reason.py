from dataclasses import replace

import pytest

from visionquiz.grading import Answer, Evidence, Grade, Judgement
from visionquiz.grading.full_reason import GUARDS, full_reason
from visionquiz.vision import MeaningPoint, Vision

VISION = Vision(
    company="Acme",
    statement="Keep every home running.",
    core_idea="Water first.",
    meaning=(MeaningPoint(id="water", text="Water before paperwork."),),
    roles=(),
)
TEXT = "the water\ncomes first"


def grade(**changes):
    plain = Grade(id="a", share=2 / 3, level=2, confidence=0.61, review=False, reason="", levels=(0, 0.09, 0.61, 0.3))
    return replace(plain, **changes)


def test_every_part_is_told_with_its_chance_and_its_words():
    point = Judgement(
        part="water", verdict="covered", chance=0.912, evidence=(Evidence(start=4, end=15, counts_as="water"),)
    )
    core = Judgement(part="core", verdict="vague", chance=0.5)
    told = full_reason(grade(judgements=(point, core)), Answer(id="a", kind="explain", text=TEXT), VISION)
    assert told.splitlines() == [
        "2 of 3, mostly (mostly 61%, fully 30%, partly 9%, not yet 0%)",
        "  Water before paperwork: covered (91%), by “water comes”",
        "  Core idea: vague (50%)",
    ]


def test_of_the_points_that_a_contribution_may_serve_only_the_one_it_serves_is_told():
    served = Judgement(part="serves:water", verdict="yes", chance=0.81)
    told = (Judgement(part="linked", verdict="clear", chance=0.9), served, replace(served, verdict="no"))
    lines = full_reason(grade(judgements=told), Answer(id="a", kind="contribute", text=TEXT), VISION).splitlines()
    assert lines[1:] == ["  Linked to the vision: clear (90%)", "  Serves most of all: Water before paperwork (81%)"]


def test_a_level_between_two_likelier_ones_is_told_so():
    told = full_reason(grade(levels=(0, 0.46, 0.08, 0.46)), Answer(id="a", kind="explain", text=TEXT), VISION)
    assert told.splitlines()[0].startswith("2 of 3, mostly, between likelier ones (partly 46%, fully 46%, mostly 8%")


def test_a_recalled_statement_is_told_word_by_word():
    verdicts = (
        ("keep", "recalled"),
        ("every", "missing"),
        ("home", "paraphrased"),
        ("running", "recalled"),
        ("never", "intrusion"),
    )
    words = tuple(Judgement(part=part, verdict=verdict, chance=1.0) for part, verdict in verdicts)
    told = full_reason(grade(judgements=words), Answer(id="a", kind="state", text="keep houses never running"), VISION)
    assert told.splitlines()[1:] == [
        "  recalled: keep running",
        "  in other words: home",
        "  missing: every",
        "  added: never",
    ]


@pytest.mark.parametrize("guard", GUARDS)
def test_why_a_person_should_look_is_told(guard):
    told = full_reason(
        grade(doubt=True, review=True, guards=(guard,)), Answer(id="a", kind="explain", text="x"), VISION
    )
    assert told.endswith(f"For a person because its level is among the most doubtful; {GUARDS[guard]}.")


def test_every_guard_has_a_plain_reason():
    """A guard that a trainer cannot read would be named by its id."""
    import re
    from pathlib import Path

    import visionquiz.grading

    source = "".join(path.read_text() for path in Path(visionquiz.grading.__file__).parent.glob("*.py"))
    named = set(re.findall(r'(?:guards|doubts)\.append\("([a-z-]+)"\)', source)) | {"turned-round"}
    assert len(named) > 8
    assert named <= set(GUARDS)
