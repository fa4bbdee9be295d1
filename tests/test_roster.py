import pytest

from visionquiz.errors import InputError
from visionquiz.kit import kit_path
from visionquiz.roster import check_roster, load_roster
from visionquiz.vision import Vision, load_vision

GOOD = """\
person,name,email,role,team,manager
ana.reyes,Ana Reyes,ana@example.org,sales,North/Shop,
tom.baker,Tom Baker,,sales,North/Shop,ana.reyes
li.wei,Li Wei,,nursery,North/Nursery,ana.reyes
"""


@pytest.fixture(scope="module")
def acme() -> Vision:
    return load_vision(kit_path("assessments") / "starter" / "vision.toml")


@pytest.fixture
def roster(tmp_path):
    def write(text: str, encoding: str = "utf-8"):
        path = tmp_path / "roster.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_people_are_loaded_with_their_teams(roster, acme):
    people = load_roster(roster(GOOD), acme)
    assert [person.person for person in people] == ["ana.reyes", "tom.baker", "li.wei"]
    assert people[1].manager == "ana.reyes"
    assert people[2].teams == ("North", "North/Nursery")


@pytest.mark.parametrize(
    ("change", "encoding"),
    [
        (lambda text: text, "utf-8-sig"),
        (lambda text: text.replace("\n", "\r\n"), "utf-8"),
        (lambda text: text.replace(",", ";"), "utf-8"),
        (lambda text: text.replace(",", "\t"), "utf-8"),
        (lambda text: text.replace("person,name", "Person, Name "), "utf-8"),
        (lambda text: text + "\n\n", "utf-8"),
        (lambda text: text.replace(",sales,", ",Sales adviser,"), "utf-8"),
    ],
    ids=["byte order mark", "Windows", "semicolons", "tabs", "capitals and spaces", "empty lines", "titles for ids"],
)
def test_what_spreadsheets_do_is_read(roster, acme, change, encoding):
    assert load_roster(roster(change(GOOD), encoding), acme) == load_roster(roster(GOOD), acme)


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("li.wei,", "Ana.Reyes,", "line 4, person", "stands in line 2 already"),
        ("li.wei,", "li wei,", "line 4, person", "cannot be an id"),
        ("li.wei,", "li+wei,", "line 4, person", "cannot be an id"),
        ("li.wei,", "../li,", "line 4, person", "cannot be an id"),
        ("li.wei,", ",", "line 4, person", "cannot be an id"),
        ("nursery", "nursry", "line 4, role", "did you mean 'nursery'?"),
        ("North/Nursery,", "North//Nursery,", "line 4, team", "empty part"),
        (",,sales,North/Shop,ana.reyes", ",,sales,North/Shop,ann", "line 3, manager", "'ann' is not a person"),
        ("Li Wei,,", "Li Wei,", "line 4", "has 5 cells, the first line has 6"),
    ],
)
def test_each_mistake_is_named_with_its_line(roster, acme, old, new, place, says):
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load_roster(roster(GOOD.replace(old, new, 1)), acme)
    assert says in {problem.place: problem.message for problem in caught.value.problems}[place]


def test_all_mistakes_are_told_at_once(roster, acme):
    problems = check_roster(roster(GOOD.replace("sales", "slaes").replace("li.wei", "li wei")), acme)
    assert [problem.place for problem in problems] == ["line 2, role", "line 3, role", "line 4, person"]


def test_scenarios_for_a_role_that_nobody_has_are_warned_of(roster, acme):
    problems = check_roster(roster(GOOD.replace("nursery", "sales")), acme)
    assert {problem.severity for problem in problems} == {"warning"}
    assert "nobody in roster.csv has that role" in problems[0].message


def test_an_empty_roster_is_a_mistake(roster, acme):
    assert "names nobody" in str(check_roster(roster(GOOD.splitlines()[0] + "\n"), acme)[0])


def test_the_starters_roster_is_in_order(acme):
    assert check_roster(kit_path("assessments") / "starter" / "roster.csv", acme) == []
