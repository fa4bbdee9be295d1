import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.ideas import make_ideas
from visionquiz.themes import (
    Edit,
    EditError,
    History,
    Theme,
    Themes,
    add,
    apply_edit,
    group_ideas,
    lay_out,
    merge,
    move,
    rename,
    split,
)

START = Themes(
    themes=(
        Theme(id="theme-1", name="kind", ideas=("a", "b", "c")),
        Theme(id="theme-2", name="quick", ideas=("d", "e")),
        Theme(id="theme-3", name="clear", ideas=("f",)),
    ),
    made=3,
)
IDS = st.sampled_from(["a", "b", "c", "d", "e", "f", "nobody"])
THEMES = st.sampled_from([f"theme-{number}" for number in range(1, 7)])
SURE, NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f"]), st.sampled_from(["warm", "late", "plain"])
FIRST = st.sampled_from(["theme-1", "theme-2", "theme-3"])
EDITS = st.one_of(
    st.builds(Edit, kind=st.just("move"), ideas=st.tuples(SURE), to=FIRST),
    st.builds(Edit, kind=st.just("merge"), theme=FIRST, to=FIRST),
    st.builds(Edit, kind=st.just("split"), theme=FIRST, ideas=st.tuples(SURE), name=NAMES),
    st.builds(Edit, kind=st.just("rename"), theme=FIRST, name=NAMES),
    st.builds(
        Edit,
        kind=st.sampled_from(["move", "merge", "split", "rename", "nonsense"]),
        theme=THEMES,
        to=THEMES,
        ideas=st.lists(IDS, max_size=3).map(tuple),
        name=st.text(max_size=70),
    ),
)


def all_ideas(themes):
    return sorted(idea for theme in themes.themes for idea in theme.ideas)


def fake_embed(texts, *, question):
    """Nearness by letters: enough to see groups."""
    rows = np.zeros((len(texts), 26))
    for row, text in zip(rows, texts, strict=True):
        for char in text.lower():
            if "a" <= char <= "z":
                row[ord(char) - 97] += 1
    return rows


@given(st.lists(EDITS, max_size=12))
def test_no_edit_loses_or_doubles_an_idea_and_undo_gives_the_former_value_back(edits):
    history = History(first=START)
    for edit in edits:
        before = history
        try:
            history = history.edit(edit, who="Mia")
        except EditError:
            continue
        assert all_ideas(history.now) == all_ideas(START)
        ids = [theme.id for theme in history.now.themes]
        assert len(set(ids)) == len(ids)
        assert history.undo().now == before.now
        assert history.undo().redo() == history
    while history.steps:
        history = history.undo()
    assert history.now == START


def test_each_edit_does_what_it_says():
    assert move(START, idea="a", to="theme-2").theme("theme-2").ideas == ("d", "e", "a")
    merged = merge(START, theme="theme-3", into="theme-1")
    assert [theme.ideas for theme in merged.themes] == [("a", "b", "c", "f"), ("d", "e")]
    parted = split(START, theme="theme-1", ideas=["b"], name=" new\nname ")
    assert [(theme.id, theme.name, theme.ideas) for theme in parted.themes][:2] == [
        ("theme-1", "kind", ("a", "c")),
        ("theme-4", "new name", ("b",)),
    ]
    assert rename(START, theme="theme-3", name="plain").theme("theme-3").name == "plain"


def test_an_id_is_never_used_for_a_second_theme():
    parted = split(START, theme="theme-1", ideas=["b"], name="x")
    gone = merge(parted, theme="theme-4", into="theme-1")
    assert split(gone, theme="theme-1", ideas=["b"], name="y").themes[1].id == "theme-5"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (Edit(kind="move", ideas=("zz",), to="theme-1"), "idea is no longer there"),
        (Edit(kind="move", ideas=("a",), to="theme-9"), "theme is no longer there"),
        (Edit(kind="move", ideas=("a",), to="theme-1"), "already"),
        (Edit(kind="merge", theme="theme-1", to="theme-1"), "itself"),
        (Edit(kind="split", theme="theme-1", ideas=("a", "b", "c"), name="x"), "at least one"),
        (Edit(kind="split", theme="theme-1", ideas=("d",), name="x"), "choose ideas"),
        (Edit(kind="rename", theme="theme-1", name="  "), "needs a name"),
        (Edit(kind="rename", theme="theme-1", name="x" * 61), "60 characters"),
    ],
)
def test_what_cannot_be_done_is_said(edit, says):
    with pytest.raises(EditError, match=says):
        apply_edit(START, edit)


def test_nothing_to_undo_or_do_again_is_said():
    with pytest.raises(EditError, match="nothing to undo"):
        History(first=START).undo()
    with pytest.raises(EditError, match="nothing to do again"):
        History(first=START).redo()


@given(st.lists(st.text(max_size=30), max_size=12), st.integers(1, 5) | st.none())
def test_every_idea_is_in_one_theme_and_themes_have_names(texts, count):
    ideas = make_ideas(texts)
    themes = group_ideas(ideas, embed=fake_embed, count=count)
    assert all_ideas(themes) == sorted(idea.id for idea in ideas)
    if count:
        assert len(themes.themes) == min(count, len(ideas))
    names = [theme.name for theme in themes.themes]
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(len(name) <= 60 for name in names)
    places = lay_out(themes, ideas, embed=fake_embed)
    assert [place.theme for place in places] == [theme.id for theme in themes.themes]
    assert all(0 <= place.x <= 1 and 0 <= place.y <= 1 for place in places)
    assert sum(place.size for place in places) == len(ideas)


def test_themes_are_named_in_their_own_words_the_largest_first():
    ideas = make_ideas(["clean floors", "very clean floors", "floors are clean", "zzz buzz", "buzz zzz fizz"])
    themes = group_ideas(ideas, embed=fake_embed, count=2)
    assert themes.themes[0].name == "clean, floors"
    assert len(themes.themes[0].ideas) == 3
    assert group_ideas(ideas, embed=fake_embed, count=2) == themes


def test_near_themes_are_drawn_near():
    ideas = make_ideas(["aaa bbb", "aaa bbc", "xyz xyz"])
    themes = group_ideas(ideas, embed=fake_embed, count=3)
    place = {themes.theme(one.theme).ideas[0]: (one.x, one.y) for one in lay_out(themes, ideas, embed=fake_embed)}
    near = np.hypot(*np.subtract(place["idea-1"], place["idea-2"]))
    assert near < np.hypot(*np.subtract(place["idea-1"], place["idea-3"]))


def test_too_many_ideas_are_refused():
    with pytest.raises(EditError, match="at most 3,000"):
        group_ideas(make_ideas(["x"] * 3_001), embed=fake_embed)


def test_ideas_that_come_later_are_a_theme_of_their_own_before_the_others():
    later = add(START, ["g", "a", "g", "h"], "new")
    assert later.themes[0] == Theme(id="theme-4", name="new", ideas=("g", "h"))
    assert later.themes[1:] == START.themes
    assert later.made == 4
    assert add(START, ["a", "f"], "new") is START
