"""Lesson 4: everybody answers, the answers become themes, the themes get names."""

import numpy as np
import pytest

from visionquiz.classroom import Classroom, Seat, SharedRoom
from visionquiz.errors import VisionQuizError
from visionquiz.themes import Edit
from visionquiz.views import lesson
from visionquiz.views.lesson import _themes

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def fake_embed(texts, *, question):
    """Nearness by first letters: enough to see groups, without the model."""
    rows = np.zeros((len(texts), 26))
    for row, text in zip(rows, texts, strict=True):
        row[(ord(text[0].lower()) - 97) % 26] = 1
    return rows


@pytest.fixture
def begun(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lesson, "_open", {})
    lesson.begin("ask-everyone")
    room = lesson._open["page"].classroom
    lesson._open["page"].classroom = Classroom(
        lesson=room.lesson, vision=room.vision, room=room.room, judge=room.judge, embed=fake_embed
    )


def answer(text="They ring back when they said"):
    view = lesson.do("answers")
    view.boxes["survey"].value = text
    view.say("survey")
    return view


def names(view):
    return [theme.name for theme in view.board.history.now.themes]


def rename_all(view):
    for number, theme in enumerate(view.board.history.now.themes):
        edit = Edit(kind="rename", theme=theme.id, name=f"We do thing number {number}")
        view.board.history = view.board.history.edit(edit)


def test_answers_come_once_one_has_answered_oneself(begun):
    view = lesson.do("themes")
    assert "Answer “What do you want" in view.wait.value
    assert (view.start.layout.display, view.work.layout.display) == ("none", "none")
    answer()
    assert view.wait.value == ""
    assert (view.start.layout.display, view.work.layout.display) == (None, "none")
    assert "They ring back when they said" in [idea.text for idea in view.ideas]
    # The same words are one card, said by two people.
    assert [idea.count for idea in view.ideas if idea.text == "They keep their word."] == [2]


def test_names_of_people_are_blanked_out_unless_one_says_that_they_are_none(begun):
    view = lesson.do("themes")
    answer()
    assert {one.words for one in view.findings} == {"Sandra", "Help Desk"}
    desk = next(box for box in view.blanks.values() if "'Help Desk'" in box.description)
    assert desk.value
    desk.value = False
    view.group_all()
    shown = " ".join(card["text"] for theme in view.board.board["themes"] for card in theme["ideas"])
    assert "Sandra" not in shown
    assert "Like [name], who asked" in shown
    assert "The Help Desk had written" in shown


def test_themes_are_shared_once_each_has_a_name_of_ones_own(begun):
    view = lesson.do("themes")
    answer()
    view.group_all()
    assert "answers in" in view.told.value
    assert view.start.layout.display == "none"
    given = names(view)
    view.send_in()
    assert "no name of yours yet" in view.sent.value
    assert view.result.value == view.after.value == ""
    assert view.classroom.room.mine("themes") == {}
    rename_all(view)
    view.send_in()
    assert "Shared." in view.sent.value
    assert "25 answers in" not in view.told.value
    (shared,) = view.classroom.room.mine("themes").values()
    assert sum(one["size"] for one in shared["themes"]) == 25
    assert not set(given) & {one["text"] for one in shared["themes"]}
    assert "We do thing number 0" in view.result.value
    assert "The night shift: “They can rely on us at any hour”" in view.result.value
    assert view.classroom.vision.company in view.result.value
    assert view.after.value


def test_everything_in_one_theme_is_no_grouping_and_can_be_split(begun):
    view = lesson.do("themes")
    answer()
    view.start_by_hand()
    assert names(view) == ["All answers"]
    view.send_in()
    assert "Everything is in one theme" in view.sent.value
    (whole,) = view.board.history.now.themes
    split = Edit(kind="split", theme=whole.id, ideas=whole.ideas[:9], name="We keep our word")
    view.board.history = view.board.history.edit(split)
    view.send_in()
    assert "“All answers”" in view.sent.value
    view.board.history = view.board.history.edit(Edit(kind="rename", theme=whole.id, name="Fast and friendly"))
    view.send_in()
    assert "Shared." in view.sent.value
    assert "may say two things" in view.sent.value


def test_without_the_model_people_group_by_hand(begun):
    def fail(texts, *, question):
        raise VisionQuizError("the model is damaged; install visionquiz again")

    view = lesson.do("themes")
    answer()
    object.__setattr__(view.classroom, "embed", fail)
    view.group_all()
    assert "could not group them: the model is damaged" in view.told.value
    assert names(view) == ["All answers"]
    assert not view.group.disabled


@pytest.fixture
def room(enter, monkeypatch):
    store = enter.store
    monkeypatch.setattr(lesson, "_open", {})

    def view_of(seat, *, trainer=False):
        classroom = enter("ask-everyone", seat, trainer=trainer)
        object.__setattr__(classroom, "embed", fake_embed)
        return lesson.make_activity(classroom, "themes")

    def say(seat, text, activity="answers"):
        SharedRoom(store, Seat(id=seat)).share(activity, {"ask": "survey", "text": text}, slot="survey")

    view_of.store, view_of.say = store, say
    return view_of


def test_with_few_answers_people_group_by_hand(room):
    room.say("ada", "Ringing back")
    wall = room("t", trainer=True)
    assert wall.group.layout.display == "none"
    for number in range(_themes.FEW):
        room.say(f"p{number}", f"Answer of {number}")
    wall.refresh()
    assert wall.group.layout.display is None


def test_answers_that_come_later_can_be_put_on_the_wall_and_hidden_ones_go(room):
    for number in range(8):
        room.say(f"p{number}", f"{chr(97 + number % 2)} answer {number}")
    wall = room("t", trainer=True)
    wall.group_all()
    rename_all(wall)
    before = names(wall)
    assert wall.new.layout.display == "none"
    room.say("late", "One more thing")
    wall.refresh()
    assert wall.new.layout.display is None
    assert names(wall) == before, "nothing moves under people's hands"
    wall.take_in()
    assert names(wall) == ["New answers", *before]
    assert wall.new.layout.display == "none"
    (gone,) = [one.id for one in room.store.read("answers") if one.author == "p0"]
    room.store.moderate([gone], "hidden")
    wall.refresh()
    assert "answer 0" not in str(wall.board.board)
    wall.send_in()
    (shared,) = wall.classroom.room.mine("themes").values()
    assert sum(one["size"] for one in shared["themes"]) == 8


def test_the_room_sees_names_that_the_trainer_lets_through(room):
    for number in range(8):
        room.say(f"p{number}", f"{chr(97 + number % 2)} answer {number}")
    ada, wall = room("p0"), room("t", trainer=True)
    assert "Nobody has shared themes yet" in wall.result.value
    ada.group_all()
    theme = ada.board.history.now.themes[0]
    rename_all(ada)
    ada.board.history = ada.board.history.edit(Edit(kind="rename", theme=theme.id, name=EVIL))
    ada.send_in()
    assert "Others see it once your trainer has looked at it" in ada.sent.value
    wall.refresh()
    assert "thing number 1" not in wall.result.value
    room.store.moderate([one.id for one in room.store.read("themes")], "shown")
    wall.refresh()
    assert "How others named theirs" in wall.result.value
    assert "thing number 1" in wall.result.value
    for shown in (wall.result.value, ada.result.value, ada.sent.value):
        assert "<script" not in shown
        assert "<img" not in shown


@pytest.mark.parametrize(
    "body",
    [
        {"ask": "survey", "text": 5}, {"ask": "survey"}, {"text": "x"}, {"ask": []}, {"ask": "survey", "text": " \n"},
        {"themes": [[1]]}, {"themes": "x"}, {"by": {"a": 1}, "themes": [{"text": ["x"]}]},
    ],
)  # fmt: skip
def test_odd_contributions_are_passed_over(room, body):
    evil = SharedRoom(room.store, Seat(id="evil"))
    evil.share("answers", body)
    evil.share("themes", body)
    wall = room("t", trainer=True)
    assert "No answers are here yet" in wall.wait.value
    assert "Nobody has shared themes yet" in wall.result.value


def test_a_huge_answer_is_cut_and_a_huge_room_too(room):
    room.say("huge", "x " * 5_000)
    assert len(room("t", trainer=True).ideas[0].text) <= _themes.LONGEST
    for number in range(_themes.MOST + 5):
        room.say(f"p{number}", f"Answer {number}")
    assert len(room("t", trainer=True).ideas) == _themes.MOST
