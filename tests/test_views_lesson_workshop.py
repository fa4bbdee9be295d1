"""Lesson 5 by setting what people set: plan the workshop, choose the team, merge two drafts."""

import pytest

from visionquiz.classroom import Seat, SharedRoom
from visionquiz.views import lesson

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
LESSON = "write-it-in-two-hours"


@pytest.fixture
def begun(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lesson, "_open", {})
    return lesson.begin(LESSON)


@pytest.fixture
def room(enter):

    def view_of(seat, activity, *, trainer=False):
        return lesson.make_activity(enter(LESSON, seat, trainer=trainer), activity)

    view_of.store = enter.store
    return view_of


class TestOrder:
    @pytest.mark.usefixtures("begun")
    def test_a_wrong_order_is_told_step_by_step_and_can_be_mended(self):
        view = lesson.do("agenda")
        assert view.others.value == ""
        assert tuple(view.board.order) != view.right, "the board gives the order away"
        first, *rest = view.right
        view.board.placed = [[step, ""] for step in (*rest, first)]
        view.decide.click()
        remarks = view.board.remarks
        assert (remarks[first]["good"], remarks[first]["head"]) == (False, "Too late.")
        assert all(remarks[step]["good"] for step in rest)
        assert all(one["text"] for one in remarks.values())
        assert "8 of 9 steps come in time" in view.told.value
        assert view.plan.value == view.after.value == ""
        assert "you and 8 invented people" in view.others.value
        view.board.placed = [[step, ""] for step in view.right]
        assert view.board.remarks == {}, "what was said was about another order"
        view.decide.click()
        assert "All 9 steps come in time" in view.told.value
        assert "120 minutes in all" in view.plan.value
        assert view.board.locked
        assert view.after.value
        # What counts for the room is the first try.
        assert view.classroom.room.mine("agenda")[""]["order"][-1] == first

    @pytest.mark.usefixtures("begun")
    def test_who_is_stuck_has_it_put_right(self):
        view = lesson.do("agenda")
        assert view.solve.layout.display == "none"
        view.decide.click()
        assert view.solve.layout.display is None
        view.solve.click()
        assert "minute 1 to 10" in view.plan.value

    @pytest.mark.parametrize("body", [{}, {"order": "x"}, {"order": ["purpose"]}, {"order": [EVIL] * 9}])
    def test_odd_orders_are_passed_over(self, room, body):
        SharedRoom(room.store, Seat(id="evil")).share("agenda", body)
        assert "Nobody else has an order yet" in room("t", "agenda", trainer=True).others.value


class TestTeam:
    @pytest.mark.usefixtures("begun")
    def test_rules_follow_every_tick_and_reasons_come_with_the_decision(self):
        view = lesson.do("team")
        assert "People in the room: not met</strong> (0; asked for: 7 to 10)" in view.rules.value
        for one in ("amara", "bruno", "celia", "dario", "esther"):
            view.boxes[one].value = True
        assert "Executives: not met</strong> (5; asked for: at most 2)" in view.rules.value
        assert "miss the daily work" not in view.rules.value
        view.decide.click()
        assert "meets 0 of 8 rules" in view.told.value
        assert "miss the daily work" in view.rules.value
        assert view.after.value == ""
        for one in ("bruno", "celia", "dario", "esther"):
            view.boxes[one].value = False
        for one in ("farid", "greta", "ines", "kim", "mona", "nils", "oya"):
            view.boxes[one].value = True
        assert view.told.value == "", "what was said was about another team"
        view.decide.click()
        assert "meets all 8 rules" in view.told.value
        assert "hot air" in view.told.value
        assert "you and 8 invented people" in view.others.value
        assert view.after.value

    @pytest.mark.parametrize("body", [{}, {"picked": 3}, {"picked": [EVIL]}, {"picked": [["amara"]]}])
    def test_odd_teams_are_passed_over(self, room, body):
        SharedRoom(room.store, Seat(id="evil")).share("team", body)
        assert "Nobody else has a team yet" in room("t", "team", trainer=True).others.value


class TestMerge:
    @pytest.mark.usefixtures("begun")
    def test_it_waits_for_a_draft_of_ones_own(self):
        first, view = lesson.do("best-day"), lesson.do("merge")
        assert "your own draft above first" in view.wait.value
        assert view.work.layout.display == "none"
        first.boxes["draft"].value = "On a good day you get a straight answer."
        first.say("draft")
        assert view.work.layout.display is None, "another part of the page has to notice"
        assert view.wait.value == ""
        assert view.one.options[0][0].startswith("Yours: On a good day")

    @pytest.mark.usefixtures("begun")
    def test_words_in_common_are_marked_and_a_merge_is_wrong_and_then_right(self):
        first, view = lesson.do("best-day"), lesson.do("merge")
        first.boxes["draft"].value = f"{EVIL} You get an honest answer {EVIL} and a smile."
        first.say("draft")
        view.other.value = next(ident for text, ident in view.other.options if text.startswith("You get a straight"))
        assert "<mark>answer</mark>" in view.pair.value
        assert "<script" not in view.pair.value
        view.send.click()
        assert "nothing in the box" in view.sent.value
        view.box.value = "x" * 601
        view.send.click()
        assert "at most 600" in view.sent.value
        view.box.value = "You get a straight answer, whoever you happen to meet."
        view.send.click()
        assert "one of the two drafts as it was" in view.sent.value
        assert view.classroom.room.mine("merge") == {}
        assert view.others.value == ""
        view.box.value = "A straight answer with a smile."
        view.send.click()
        assert "Shared: 6 words" in view.sent.value
        assert view.classroom.vision.statement in view.sent.value
        assert "What invented pairs made" in view.others.value
        assert view.after.value
        view.other.value = view.one.value
        view.send.click()
        assert "two drafts that differ" in view.sent.value

    def test_the_room_sees_merged_drafts_that_the_trainer_let_through(self, room):
        for seat, text in (("ada", "We ring back today."), ("bea", "Nobody waits in vain.")):
            SharedRoom(room.store, Seat(id=seat)).share("best-day", {"ask": "draft", "text": text}, slot="draft")
        SharedRoom(room.store, Seat(id="evil")).share("best-day", {"ask": "draft", "text": [EVIL]}, slot="draft")
        ada, wall = room("ada", "merge"), room("t", "merge", trainer=True)
        assert len(ada.one.options) == 2
        ada.box.value = f"We ring back, nobody waits {EVIL}"
        ada.send.click()
        assert "once your trainer has looked at it" in ada.sent.value
        wall.refresh()
        assert wall.others.value == ""
        room.store.moderate([one.id for one in room.store.read("merge")], "shown")
        wall.refresh()
        assert "nobody waits &lt;script" in wall.others.value

    def test_new_drafts_leave_what_was_chosen(self, room):
        for seat in ("ada", "bea", "cem"):
            body = {"ask": "draft", "text": f"Draft of {seat}"}
            SharedRoom(room.store, Seat(id=seat)).share("best-day", body, slot="draft")
        view = room("ada", "merge")
        view.other.value = view.other.options[2][1]
        chosen = view.other.value
        view.box.value = "half a sen"
        SharedRoom(room.store, Seat(id="dan")).share("best-day", {"ask": "draft", "text": "One more"}, slot="draft")
        view.refresh()
        assert len(view.other.options) == 4
        assert view.other.value == chosen
        assert view.box.value == "half a sen"
