from dataclasses import replace

import pytest

from visionquiz.items import check_scenarios
from visionquiz.kit import kit_path
from visionquiz.vision import MeaningPoint, Option, Role, Scenario, Vision, load_vision


def options(*texts: str, best: int) -> tuple[Option, ...]:
    return tuple(
        Option(text=text, points=2 if place == best else 0, why="Because.") for place, text in enumerate(texts)
    )


def vision_with(*scenarios: Scenario) -> Vision:
    return Vision(
        company="Acme",
        statement="s",
        core_idea="c",
        meaning=(MeaningPoint(id="a", text="a"), MeaningPoint(id="b", text="b")),
        roles=(Role(id="r", title="R"),),
        scenarios=scenarios,
    )


def scenario(name: str, *texts: str, best: int = 0, meaning: tuple[str, ...] = ("a", "b")) -> Scenario:
    return Scenario(id=name, title=name, situation="x", options=options(*texts, best=best), meaning=meaning)


def said(*scenarios: Scenario) -> str:
    found = check_scenarios(vision_with(*scenarios))
    assert all(problem.severity == "warning" for problem in found)
    return "\n".join(map(str, found))


def test_a_best_option_that_is_clearly_the_longest_is_a_cue():
    assert "longest in 1 of 1 (one)" in said(scenario("one", "Ask what she needs and write it down", "Sell it"))
    assert "longest" not in said(scenario("one", "Ask her", "Sell it at once"))
    assert "longest" not in said(scenario("one", "Ask her now.", "Sell it now."))


def test_a_best_option_in_the_same_place_in_all_is_a_cue():
    same = [scenario(name, "Ask her", "Sell it", best=0) for name in "xyz"]
    assert "place 1 in all 3" in said(*same)
    assert "place" not in said(*same[:2], scenario("z", "Sell it", "Ask her", best=1))
    assert "place" not in said(*same[:2]), "two are too few to speak of a habit"


@pytest.mark.parametrize("word", ["always", "never", "Every", "nobody", "must", "only"])
def test_absolutes_are_a_cue(word):
    assert f"absolutes ({word.lower()})" in said(scenario("one", "Ask her", f"Tell {word} one"))


def test_absolutes_are_whole_words():
    assert "absolutes" not in said(scenario("one", "Call her", "Tell the nevermore mustard commonly"))


def test_meaning_points_that_no_scenario_tests_are_named():
    assert "no scenario tests b" in said(scenario("one", "Ask", "Sell", meaning=("a",)))
    assert "tests" not in said(scenario("one", "Ask", "Sell"))


def test_a_vision_without_scenarios_has_no_weak_ones():
    assert check_scenarios(replace(vision_with(), scenarios=())) == []


@pytest.mark.parametrize("organisation", ["hollowmere", "pellworth", "dunmarrow", "starter"])
def test_the_kits_own_scenarios_are_not_weak(organisation):
    assert check_scenarios(load_vision(kit_path("assessments") / organisation / "vision.toml")) == []
