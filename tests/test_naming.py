"""What people call their themes, and what they share of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.curriculum import Activity, Card, load_lesson
from visionquiz.ideas import Idea
from visionquiz.kit import kit_path
from visionquiz.naming import NamedTheme, check_names, invent_names, measure_themes, read_names, write_names
from visionquiz.themes import NAME_LIMIT, Theme, Themes

IDEAS = [Idea(id=f"i{number}", text=f"idea {number}") for number in range(12)]
ALL = tuple(idea.id for idea in IDEAS)


def themes(*named):
    """Themes by name and how many ideas each takes, one after another."""
    found, start = [], 0
    for number, (name, size) in enumerate(named):
        found.append(Theme(id=f"theme-{number}", name=name, ideas=ALL[start : start + size]))
        start += size
    return Themes(themes=tuple(found), made=len(found))


@pytest.mark.parametrize(
    ("named", "wrong", "told"),
    [
        ([("They keep their word", 6), ("Plain words for all", 6)], None, ""),
        ([("They keep their word", 12)], True, "Everything is in one theme"),
        ([("They keep their word", 12), ("Nobody is here", 0)], True, "Everything is in one theme"),
        ([("ring, back", 6), ("Plain words for all", 6)], True, "One theme has no name of yours yet: “ring, back”"),
        ([("Plain words for all", 11), ("ring, back", 1)], False, "holds 11 of 12 answers"),
        ([("They ring", 6), ("they RING", 6)], True, "Two themes are called “They ring”"),
        ([("Communication", 6), ("They ring back", 6)], False, "“Communication” names a topic"),
        ([("They ring back", 11), ("Communication", 1)], False, "holds 11 of 12"),
        ([("Fast and friendly", 6), ("They ring back", 6)], False, "may say two things"),
    ],
)
def test_a_name_is_looked_at(named, wrong, told):
    remarks = check_names(themes(*named), {"ring, back"}, IDEAS)
    assert [one.wrong for one in remarks] == ([] if wrong is None else [wrong])
    assert all(told in one.message for one in remarks)


def test_a_theme_of_one_answer_may_keep_what_the_program_called_it():
    assert (
        check_names(themes(("They keep their word", 6), ("We ring them", 5), ("ring, back", 1)), {"ring, back"}, IDEAS)
        == ()
    )


def test_sizes_count_people_and_leave_out_answers_that_are_gone():
    ideas = [Idea(id="i0", text="a", count=3), Idea(id="i1", text="b")]
    found = measure_themes(themes(("one", 1), ("two", 3), ("none", 2)), ideas)
    assert found == (NamedTheme(name="one", size=3), NamedTheme(name="two", size=1))


@given(st.lists(st.builds(NamedTheme, name=st.from_regex(r"[a-z]{1,20}", fullmatch=True), size=st.integers(0, 999))))
def test_what_is_shared_comes_back(named):
    assert read_names(write_names(named)) == tuple(named[:30])


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda x: st.lists(x) | st.dictionaries(st.text(), x),
)


@given(HOSTILE, HOSTILE)
def test_whatever_a_browser_sends_gives_names_that_can_be_shown(themes, theme):
    for body in ({"themes": themes}, {"themes": [theme]}, {"themes": [{"text": theme, "size": themes}]}):
        for one in read_names(body):
            assert 1 <= len(one.name) <= NAME_LIMIT
            assert one.name.isprintable()
            assert 0 <= one.size <= 100_000


def test_invented_groups_call_their_themes_what_the_cards_say():
    cards = (
        Card(id="a", text="On time", by="Day"),
        Card(id="b", text="Calm", by="Night"),
        Card(id="c", text="Clear", by="Day"),
    )
    activity = Activity(id="t", kind="themes", title="T", prompt="P", cards=cards)
    bodies = invent_names(activity)
    assert [(body["by"], [one.name for one in read_names(body)]) for body in bodies] == [
        ("Day", ["On time", "Clear"]),
        ("Night", ["Calm"]),
    ]
    assert invent_names(Activity(id="s", kind="sort", title="T", prompt="P", cards=cards)) == []


def test_names_that_invented_groups_give_are_whole():
    lesson = load_lesson(kit_path("notebooks") / "lessons" / "ask-everyone.toml")
    cards = lesson.activity("themes").cards
    shown = [one.name for body in invent_names(lesson.activity("themes")) for one in read_names(body)]
    assert sorted(shown) == sorted(card.text for card in cards)
