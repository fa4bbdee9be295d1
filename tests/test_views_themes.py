import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.ideas import Idea
from visionquiz.themes import History, Theme, Themes
from visionquiz.views.themes import PRESS_RUN, ThemeBoard, show_board

IDEAS = (
    Idea(id="a", text="<img src=x onerror=alert(1)>", count=3),
    Idea(id="b", text="a smile"),
    Idea(id="c", text="on time"),
)
START = Themes(
    themes=(Theme(id="theme-1", name="kind", ideas=("a", "b")), Theme(id="theme-2", name="quick", ideas=("c",))), made=2
)


@pytest.fixture
def saved():
    return []


@pytest.fixture
def board(saved):
    def change(act):
        saved.append(act(saved[-1] if saved else History(first=START)))
        return saved[-1]

    return ThemeBoard(IDEAS, History(first=START), change=change, who="Mia")


def shown(board):
    return {theme["name"]: [idea["id"] for idea in theme["ideas"]] for theme in board.board["themes"]}


def hear(board, content):
    board._hear(None, content, [])  # ipywidgets' own dispatcher would swallow an error


def test_what_is_done_is_shown_saved_and_said(board, saved):
    assert shown(board) == {"kind": ["a", "b"], "quick": ["c"]}
    hear(board, {"kind": "move", "ideas": ["b"], "to": "theme-2"})
    assert shown(board) == {"kind": ["a"], "quick": ["c", "b"]}
    assert board.said["text"] == "Moved to 'quick'."
    assert saved[-1].steps[-1].who == "Mia"
    hear(board, {"kind": "rename", "theme": "theme-2", "name": "fast"})
    hear(board, {"kind": "split", "theme": "theme-2", "ideas": ["b"], "name": "warm"})
    assert shown(board) == {"kind": ["a"], "fast": ["c"], "warm": ["b"]}
    hear(board, {"kind": "merge", "theme": "theme-3", "to": "theme-1"})
    assert shown(board) == {"kind": ["a", "b"], "fast": ["c"]}
    assert (board.board["undo"], board.board["redo"]) == (True, False)
    for _ in range(4):
        hear(board, {"kind": "undo"})
    assert shown(board) == {"kind": ["a", "b"], "quick": ["c"]}
    hear(board, {"kind": "undo"})
    assert board.said["bad"]
    assert "nothing to undo" in board.said["text"]
    hear(board, {"kind": "redo"})
    assert shown(board) == {"kind": ["a"], "quick": ["c", "b"]}


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "undo",
        {},
        {"kind": 3},
        {"kind": ["move"]},
        {"kind": {"a": 1}},
        {"kind": "nonsense"},
        {"kind": "move", "ideas": "b", "to": "theme-2"},
        {"kind": "move", "ideas": [["b"]], "to": "theme-2"},
        {"kind": "move", "ideas": ["b"], "to": None},
        {"kind": "move", "ideas": ["nobody"], "to": "theme-2"},
        {"kind": "move", "ideas": ["b"], "to": "theme-9"},
        {"kind": "rename", "theme": "theme-1", "name": "x" * 100_000},
        {"kind": "split", "theme": "theme-1", "ideas": ["b"] * 10_000, "name": "x"},
    ],
)
def test_what_a_browser_should_not_send_changes_nothing(board, saved, content):
    before = board.board
    hear(board, content)
    assert board.board == before
    assert saved == []


@given(st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_no_message_raises(content):
    hear(ThemeBoard(IDEAS, History(first=START)), content)
    hear(ThemeBoard(IDEAS, History(first=START)), {"kind": content, "ideas": content, "theme": content})


def test_what_is_not_saved_is_not_shown(saved):
    def fail(history):
        raise OSError(28, "No space left on device")

    board = ThemeBoard(IDEAS, History(first=START), change=fail)
    hear(board, {"kind": "move", "ideas": ["b"], "to": "theme-2"})
    assert shown(board) == {"kind": ["a", "b"], "quick": ["c"]}
    assert board.said["text"] == "Nothing was changed: No space left on device."


def test_another_history_is_shown(board):
    board.history = History(first=Themes(themes=(Theme(id="theme-1", name="all", ideas=("a", "b", "c")),), made=1))
    assert shown(board) == {"all": ["a", "b", "c"]}


def test_a_saved_notebook_holds_no_idea(board):
    assert "smile" not in json.dumps(board._repr_mimebundle_())
    assert repr(show_board(IDEAS, History(first=START))) == PRESS_RUN
