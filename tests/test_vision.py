from pathlib import Path

import pytest

from visionquiz.errors import InputError
from visionquiz.kit import kit_path
from visionquiz.vision import load_vision

GOOD = """\
[company]
name = "Acme"

[vision]
statement = "Send everyone home ready to grow something."
core_idea = "Nobody leaves without knowing what to do next."

[[meaning]]
id = "right-plant"
text = "We help people choose a plant that will live."

[[roles]]
id = "sales"
title = "Sales adviser"

[[scenarios]]
id = "dark-corner"
title = "Dark corner"
situation = "She wants a lemon tree for a dark hallway."
roles = ["sales"]
meaning = ["right-plant"]
options = [
  {text = "Show two plants for shade.", points = 2, why = "It lives."},
  {text = "Sell the lemon tree.", points = 0, why = "It dies."},
]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "vision.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        load_vision(write(folder, text))
    assert all(problem.file == "vision.toml" for problem in caught.value.problems)
    return {problem.place: problem.message for problem in caught.value.problems}


def test_a_vision_is_loaded_whole(tmp_path):
    vision = load_vision(write(tmp_path, GOOD))
    assert vision.company == "Acme"
    assert vision.language == "en"
    assert vision.meaning[0].id == "right-plant"
    scenario = vision.scenario("dark-corner")
    assert scenario is not None
    assert scenario.best == 2
    assert scenario.fits("sales")
    assert not scenario.fits("nursery")


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ('name = "Acme"', "", "company.name", "is missing"),
        ('name = "Acme"', 'name = " "', "company.name", "is empty"),
        ('name = "Acme"', "name = 3", "company.name", "is 3; expected a text"),
        ('name = "Acme"', 'name = "Acme"\nnmae = "x"', "company.nmae", "did you mean 'name'?"),
        ('name = "Acme"', 'name = "Acme"\nlanguage = "de"', "company.language", "English only"),
        ("[company]", 'colour = "red"\n[company]', "colour", "unknown key"),
        ('id = "sales"', 'id = "sales team"', "roles[1].id", "e.g. 'sales-team'"),
        ('id = "sales"', 'id = ""', "roles[1].id", "is empty"),
        ('roles = ["sales"]', 'roles = ["slaes"]', "scenarios[1].roles", "did you mean 'sales'?"),
        ('roles = ["sales"]', 'roles = "sales"', "scenarios[1].roles", "expected a list"),
        ('meaning = ["right-plant"]', 'meaning = ["wrong"]', "scenarios[1].meaning", "no meaning point 'wrong'"),
        ("points = 2", "points = -1", "scenarios[1].options[1].points", "from 0 to 100"),
        ("points = 2", "points = true", "scenarios[1].options[1].points", "expected a whole number"),
        ("points = 2", "points = 0", "scenarios[1].options", "same points"),
        ("Sell the lemon tree.", "Show two plants for shade.", "scenarios[1].options", "same thing twice"),
        ('text = "We help', 'text = "' + "x" * 2001 + '"\n#', "meaning[1].text", "2,001 characters"),
    ],
)
def test_each_mistake_is_named_with_its_key_path(tmp_path, old, new, place, says):
    assert old in GOOD
    found = problems_of(tmp_path, GOOD.replace(old, new, 1))
    assert says in found[place]


@pytest.mark.parametrize("section", ["[[meaning]]\nid = 'm'\ntext = 't'\n", "[[roles]]\nid = 'Sales'\ntitle = 't'\n"])
def test_a_second_id_is_refused_whatever_its_case(tmp_path, section):
    text = GOOD.replace('id = "right-plant"', 'id = "M"') + section
    text = text.replace('meaning = ["right-plant"]', 'meaning = ["M"]')
    assert any("used twice" in message for message in problems_of(tmp_path, text).values())


def test_all_mistakes_are_told_at_once(tmp_path):
    text = (
        GOOD.replace('name = "Acme"', "").replace('core_idea = "', 'core_ida = "').replace("points = 2", "points = 'x'")
    )
    assert set(problems_of(tmp_path, text)) >= {
        "company.name",
        "vision.core_idea",
        "vision.core_ida",
        "scenarios[1].options[1].points",
    }


def test_an_empty_file_names_everything_that_is_required(tmp_path):
    assert set(problems_of(tmp_path, "")) >= {
        "company",
        "company.name",
        "vision",
        "vision.statement",
        "vision.core_idea",
        "meaning",
        "roles",
    }


@pytest.mark.parametrize("organisation", ["hollowmere", "pellworth", "dunmarrow", "starter"])
def test_the_kits_own_visions_load(organisation):
    vision = load_vision(kit_path("assessments") / organisation / "vision.toml")
    assert vision.statement
    assert all(scenario.best > 0 for scenario in vision.scenarios)
