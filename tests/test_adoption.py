"""What a team chose as the text of a vision.toml: the proposal is in it, and everything else is as it was."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visionquiz.adoption import AdoptionError, adopt_proposal
from visionquiz.errors import InputError
from visionquiz.kit import kit_path
from visionquiz.proposal import Point, Proposal, RoleTasks
from visionquiz.reading import IDENT
from visionquiz.vision import load_vision, parse_vision

SHIPPED = {path.parent.name: path.read_text() for path in sorted(kit_path("assessments").glob("*/vision.toml"))}
STARTER = SHIPPED["starter"]
STATEMENT = "Nobody goes home with a plant that will die."

SALES = RoleTasks(id="sales", title="Sales adviser", text="I ask where it will stand.")
NURSERY = RoleTasks(id="nursery", title="Nursery gardener", text="I write a card.\nI water.")


def propose(*points, roles=(SALES, NURSERY), core_idea="Plants live."):
    made = tuple(Point(id=f"point-{number}", text=text) for number, text in enumerate(points, 1))
    return Proposal(core_idea=core_idea, points=made or (Point(id="point-1", text="Ask first."),), roles=tuple(roles))


def fold(text):
    return " ".join(text.split())


texts = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1, max_size=60).filter(fold)
PIECES = [
    '"""',
    "'''",
    "\\",
    '"',
    "\n",
    "\r\n",
    "\0",
    "\x1b[2J",
    "[[meaning]]",
    "# no",
    "مرحبا",
    "\u202e",
    "😀",
    "\u2028",
]
hostile = st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@st.composite
def proposals(draw, text, said=texts):
    former = parse_vision(text)
    old_texts = st.sampled_from([point.text for point in former.meaning])
    points = draw(st.lists(said | old_texts, min_size=1, max_size=6, unique_by=lambda one: fold(one).casefold()))
    titles = draw(st.lists(said, min_size=1, max_size=5, unique_by=lambda one: fold(one).casefold()))
    ids = st.sampled_from([role.id for role in former.roles]) | st.from_regex(r"new-role-[1-9]", fullmatch=True)
    roles = [RoleTasks(id=draw(ids), title=title, text="\n".join(draw(st.lists(said, max_size=3)))) for title in titles]
    return propose(*points, roles=roles, core_idea=draw(said))


@pytest.mark.parametrize("name", SHIPPED)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), statement=texts, drop=st.booleans())
def test_any_finished_proposal_can_be_adopted_into_any_vision(name, data, statement, drop):
    text = SHIPPED[name]
    proposal = data.draw(proposals(text))
    found = adopt_proposal(text, statement, proposal, drop_scenarios=drop)
    vision, former = parse_vision(found.text), parse_vision(text)
    assert vision == found.vision
    assert (vision.statement, vision.core_idea) == (fold(statement), fold(proposal.core_idea))
    assert [point.text for point in vision.meaning] == [fold(point.text) for point in proposal.points]
    assert [(role.title, role.contributions) for role in vision.roles] == [
        (fold(role.title), tuple(map(fold, role.contributions))) for role in proposal.roles
    ]
    assert (vision.company, vision.sector, vision.values) == (former.company, former.sector, former.values)
    kept = {point.text: point for point in former.meaning}
    assert all(kept.get(point.text, point) == point for point in vision.meaning)
    gone = {point.id for point in former.meaning} - {point.id for point in vision.meaning}
    assert not gone & {point.id for point in vision.meaning}
    for scenario in vision.scenarios:
        before = former.scenario(scenario.id)
        assert bool(scenario.roles) == bool(before.roles)
        assert scenario.options == before.options
    assert {scenario.id for scenario in former.scenarios} == {one.id for one in vision.scenarios} | set(found.left_out)

    # Until the statement, and between meaning and roles, nothing was to change; comments above a section stay.
    assert found.text.startswith(text[: text.index("statement = ")])
    assert text[text.index("[[values]]") : text.index("[[roles]]")] in found.text
    again = adopt_proposal(found.text, statement, proposal, drop_scenarios=drop)
    assert again.text == found.text
    assert not again.read_again + again.left_out


@settings(max_examples=150, deadline=None)
@given(data=st.data(), statement=hostile)
def test_hostile_text_is_kept_as_it_was_typed_or_refused_in_words(data, statement):
    proposal = data.draw(proposals(STARTER, hostile))
    try:
        found = adopt_proposal(STARTER, statement, proposal)
    except (AdoptionError, InputError) as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert "nothing was written" in refused or refused.startswith("vision.toml: ")
        return
    assert found.vision.statement == fold(statement)
    assert [point.text for point in found.vision.meaning] == [fold(point.text) for point in proposal.points]
    assert set(tomllib.loads(found.text)) <= {"company", "vision", "meaning", "values", "roles", "scenarios"}
    assert all(char.isprintable() or char in "\n\t" or char.isspace() or ord(char) > 0x7F for char in found.text)


@pytest.mark.parametrize(
    ("proposal", "says"),
    [
        (propose(core_idea=" "), "The core idea is not written yet"),
        (propose("a", " "), "A meaning point is empty"),
        (propose("a", "A"), "say the same"),
        (propose(roles=()), "There is no role yet"),
        (propose("Look\x07 twice"), r"meaning point 1 has a character that nobody sees \(U\+0007\)"),
        (propose(roles=[RoleTasks(id="x", title="a\u202eb")]), "the title of role 1 has a character"),
    ],
)
def test_what_is_not_finished_or_cannot_be_seen_is_refused_with_its_place(proposal, says):
    with pytest.raises(AdoptionError, match=says) as caught:
        adopt_proposal(STARTER, STATEMENT, proposal)
    assert "nothing was written" in str(caught.value)
    assert "workbench" in str(caught.value)


def test_a_statement_must_be_there():
    with pytest.raises(AdoptionError, match="The statement is empty"):
        adopt_proposal(STARTER, " \n", propose())


def test_mistakes_in_the_file_are_told_as_ever():
    with pytest.raises(InputError, match=r"vision.toml: meaning\[1\].text: is missing"):
        adopt_proposal(STARTER.replace('text = "We help', 'txt = "We help'), STATEMENT, propose())
    with pytest.raises(InputError, match=r"roles\[1\].title: is missing|roles\[1\].title: is empty"):
        adopt_proposal(STARTER, STATEMENT, propose(roles=[RoleTasks(id="sales", title=" ")]))


def test_a_layout_that_cannot_be_kept_is_refused(monkeypatch):
    def fail(text, new):
        raise ValueError("why")

    monkeypatch.setattr("visionquiz.adoption.rewrite_toml", fail)
    with pytest.raises(AdoptionError, match=r"laid out in a way that cannot be kept \(why\), so nothing was written"):
        adopt_proposal(STARTER, STATEMENT, propose())


def test_points_get_readable_ids_of_their_own_and_keep_the_ones_they_had():
    told = ["Beginners get as much time as experts.", "Warn of the frost tonight.", "Ask about the light.", "植物"]
    found = adopt_proposal(STARTER.replace("right-plant", "warn-frost"), STATEMENT, propose(*told))
    ids = [point.id for point in found.vision.meaning]
    assert ids == ["beginners", "warn-frost-2", "ask-light", "point"], "an id that is gone is not used again"
    assert found.vision.meaning[0].phrasings == ("no question is too simple",)


@pytest.mark.parametrize("title", ["X" * 80, "Nurse " * 13, "- – -", "Sales", "SALES!", "看護師", "O'Neill's mate"])
def test_a_new_role_gets_an_id_from_its_title(title):
    found = adopt_proposal(STARTER, STATEMENT, propose(roles=[SALES, RoleTasks(id="new-role-1", title=title)]))
    ident = found.vision.roles[1].id
    assert IDENT.fullmatch(ident)
    assert ident != "sales"
    assert not ident.endswith("-")


def test_a_role_keeps_its_id_under_another_title_and_its_title_under_another_id():
    roles = [
        RoleTasks(id="sales", title="Plant adviser", text="I ask."),
        RoleTasks(id="new-role-3", title="nursery Gardener"),
    ]
    found = adopt_proposal(STARTER, STATEMENT, propose(roles=roles))
    assert [(role.id, role.title) for role in found.vision.roles] == [
        ("sales", "Plant adviser"), ("nursery", "nursery Gardener"),
    ]  # fmt: skip
    assert [role.title for role in found.silent_roles] == ["nursery Gardener"]
    assert found.vision.roles[1].contributions == (), "the former ones spoke for another statement"


def test_situations_lose_what_is_gone_and_go_where_they_would_be_for_nobody_or_test_nothing():
    know_how = "People leave with the know-how to keep it alive: when to water, when to cut."
    found = adopt_proposal(STARTER, STATEMENT, propose(know_how, "New.", roles=[SALES]))
    assert found.left_out == ("late-frost",), "without its role it would be put to everybody"
    assert found.read_again == ("dark-corner", "brown-leaves")
    assert [scenario.meaning for scenario in found.vision.scenarios] == [(), ("know-how",)]
    assert [role.id for role in found.gone_roles] == ["nursery"]
    dropped = adopt_proposal(STARTER, STATEMENT, propose(know_how, "New.", roles=[SALES]), drop_scenarios=True)
    assert dropped.left_out == ("dark-corner", "late-frost")
    assert dropped.read_again == ("brown-leaves",)


def test_the_same_vision_again_changes_nothing():
    for name, text in SHIPPED.items():
        former = load_vision(kit_path("assessments") / name / "vision.toml")
        roles = [RoleTasks(id=one.id, title=one.title, text="\n".join(one.contributions)) for one in former.roles]
        points = [point.text for point in former.meaning]
        same = propose(*points, roles=roles, core_idea=former.core_idea)
        assert adopt_proposal(text, former.statement, same).text == text
