import csv
import datetime as dt
from dataclasses import replace

import pytest

from visionquiz import links
from visionquiz.audiences import audience_folder, for_manager, people_below, write_audiences, write_links
from visionquiz.errors import CourseError
from visionquiz.roster import Person
from visionquiz.summaries import Column, Group, Summary, load_summaries, write_summary


def person(ident, manager="", team="Works", role="fitter", name=""):
    return Person(person=ident, name=name or ident.title(), role=role, team=team, manager=manager)


PEOPLE = (
    person("chief", team="Board"),
    person("head", "chief", team="Board"),
    person("lead", "head", team="Works/Leads"),
    *(person(f"f{n}", "lead", team="Works/Fitters") for n in range(6)),
    person("clerk", "Head", team="Works/Leads", role="clerk"),
)
BELOW = people_below(PEOPLE)
MEMBERS = {
    ("all", "all"): frozenset(one.person for one in PEOPLE),
    ("team", "Works"): frozenset(one.person for one in PEOPLE if one.team.startswith("Works")),
    ("team", "Works/Fitters"): frozenset(f"f{n}" for n in range(6)),
    ("team", "Works/Leads"): frozenset({"lead", "clerk"}),
    ("role", "fitter"): frozenset({"chief", "head", "lead", *(f"f{n}" for n in range(6))}),
}


def group(kind, ident, *, hidden=False):
    if hidden:
        return Group(kind=kind, id=ident, label=ident, hidden=True)
    return Group(kind=kind, id=ident, label=ident, hidden=False, asked=9, answered=8, means={"state": 0.5})


SUMMARY = Summary(
    quiz="q", title="Q", company="Acme", published=dt.datetime(2026, 12, 9, tzinfo=dt.UTC), minimum=5,
    columns=(Column(id="state", kind="state", label="State it"),),
    groups=tuple(group(*key, hidden=key[1] == "Works/Leads") for key in MEMBERS),
)  # fmt: skip


def seen(manager):
    return [one.id for one in for_manager(SUMMARY, MEMBERS, BELOW[manager]).groups]


def test_everybody_below_counts_over_all_steps_and_so_does_the_manager():
    assert set(BELOW) == {"chief", "head", "lead"}
    assert BELOW["lead"] == {"lead", *(f"f{n}" for n in range(6))}
    assert BELOW["head"] == BELOW["lead"] | {"head", "clerk"}, "a manager's id in other letters is the same manager"
    assert BELOW["chief"] == MEMBERS["all", "all"]


def test_a_circle_of_managers_ends():
    below = people_below([person("a", "b"), person("b", "a"), person("c", "a"), person("d", "d")])
    assert below == {"a": {"a", "b", "c"}, "b": {"a", "b", "c"}, "d": {"d"}}


def test_managers_see_the_groups_of_their_own_people_the_largest_first_and_no_others():
    assert seen("lead") == ["Works/Fitters"]
    assert seen("head") == ["Works", "Works/Fitters", "Works/Leads"]
    assert seen("chief") == ["all", "Works", "Works/Fitters", "Works/Leads", "fitter"]
    hidden = for_manager(SUMMARY, MEMBERS, BELOW["head"]).groups[-1]
    assert (hidden.id, hidden.hidden, hidden.means) == ("Works/Leads", True, None)


def test_a_group_that_is_not_in_the_roster_any_more_is_nobodys():
    gone = replace(SUMMARY, groups=(*SUMMARY.groups, group("team", "Closed")))
    assert "Closed" not in [one.id for one in for_manager(gone, MEMBERS, BELOW["chief"]).groups]


def test_a_folder_for_each_manager_and_none_for_who_manages_nobody_any_more(tmp_path):
    write_summary(SUMMARY, tmp_path)
    write_summary(replace(SUMMARY, quiz="older"), tmp_path)
    write_audiences(tmp_path, MEMBERS, PEOPLE)
    assert {path.name for path in (tmp_path / "managers").iterdir()} == set(BELOW)
    (first, second) = load_summaries(audience_folder(tmp_path, "lead"))
    assert {first.quiz, second.quiz} == {"q", "older"}, "also of what was published before"
    assert [one.id for one in first.groups] == ["Works/Fitters"]
    (tmp_path / "managers" / ".DS_Store").touch()  # macOS
    others = [replace(one, manager="head") if one.manager == "lead" else one for one in PEOPLE]
    write_audiences(tmp_path, MEMBERS, others)
    assert {path.name for path in (tmp_path / "managers").iterdir()} == {"chief", "head", ".DS_Store"}
    assert len(load_summaries(tmp_path)) == 2


# Links


SECRET = "s" * 64


@pytest.fixture
def key(request):
    import urllib.parse

    def of(link):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["key"][0]

    return of


@pytest.mark.parametrize("audience", ["", "mia.okoro", "a-b@c.d"])
def test_a_link_says_whose_it_is(key, audience):
    link = links.make_link("http://127.0.0.1:1/", audience, SECRET)
    assert link.startswith("http://127.0.0.1:1/login?key=")
    assert links.read_key(key(link), SECRET) == audience


def test_a_link_that_was_changed_or_made_elsewhere_is_nobodys(key):
    good = key(links.make_link("http://x/", "lead", SECRET))
    other = key(links.make_link("http://x/", "head", SECRET))
    mixed = "|".join([*other.split("|")[:-1], good.split("|")[-1]])
    strange = key(links.make_link("http://x/", "lead", "t" * 64))
    for bad in ("", "x", good[:-1], good + "0", mixed, strange, "2|1:0|" * 50):
        assert links.read_key(bad, SECRET) is None


def test_a_link_ends_after_some_days(key, monkeypatch):
    good = key(links.make_link("http://x/", "lead", SECRET))
    later = dt.datetime.now().timestamp() + links.DAYS * 86400 + 60
    monkeypatch.setattr("tornado.web.time.time", lambda: later - 120)
    assert links.read_key(good, SECRET) == "lead"
    monkeypatch.setattr("tornado.web.time.time", lambda: later)
    assert links.read_key(good, SECRET) is None


def test_the_secret_is_made_once_and_is_for_its_owner(tmp_path):
    first = links.read_secret(tmp_path / "links.key")
    assert links.read_secret(tmp_path / "links.key") == first
    assert len(first) == 64
    assert (tmp_path / "links.key").stat().st_mode & 0o077 == 0
    (tmp_path / "links.key").unlink()
    assert links.read_secret(tmp_path / "links.key") != first


@pytest.mark.parametrize("content", ["", "\n", "s" * 64, "0" * 63])
def test_what_is_no_key_signs_nothing(tmp_path, content):
    (tmp_path / "links.key").write_text(content)
    with pytest.raises(CourseError, match=r"links\.key does not hold a key .*; remove it"):
        links.read_secret(tmp_path / "links.key")


def test_links_go_into_a_file_that_only_its_owner_reads(tmp_path):
    people = [person("lead", name="=cmd"), person("head")]
    write_links(tmp_path / "links.csv", people, {"lead": "http://a", "head": "http://b"})
    with open(tmp_path / "links.csv", newline="", encoding="utf-8-sig") as file:
        assert list(csv.reader(file)) == [
            ["person", "name", "email", "link"], ["lead", "'=cmd", "", "http://a"], ["head", "Head", "", "http://b"],
        ]  # fmt: skip
    assert (tmp_path / "links.csv").stat().st_mode & 0o077 == 0
    with pytest.raises(CourseError, match=r"does not end in \.csv"):
        write_links(tmp_path / "links.txt", people, {})
    with pytest.raises(CourseError, match="cannot be written"):
        write_links(tmp_path / "no" / "links.csv", people, {"lead": "", "head": ""})
