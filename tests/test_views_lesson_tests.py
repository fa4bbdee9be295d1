"""Lesson 6 by setting what people set: tests of a draft, and a recall trial in the room."""

import pytest

from visionquiz.classroom import Seat, SharedRoom, enter_lesson
from visionquiz.views import lesson
from visionquiz.views.lesson._tests import COMPANY, OWN

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
LESSON = "test-the-draft"


@pytest.fixture
def alone(tmp_path):
    return lambda ident: lesson.make_activity(enter_lesson(LESSON, tmp_path, {}), ident)


@pytest.fixture
def room(enter):

    def view_of(seat, activity, *, trainer=False):
        return lesson.make_activity(enter(LESSON, seat, trainer=trainer), activity)

    view_of.store = enter.store
    return view_of


class TestTests:
    def test_two_tests_are_too_few_and_each_answer_tells_something(self, alone):
        view = alone("tests")
        assert view.work.layout.display == "none"
        view.draft.value = "leading"
        assert "We strive to offer" in view.shown.value
        view.tests["swap"].value = 2
        assert "describes the trade and not you" in view.tells["swap"].value
        view.tests["rules-out"].value = 2
        view.send.click()
        assert "at least 3 tests on a draft; so far it is 2" in view.sent.value
        assert view.figures.value == view.after.value == ""
        view.tests["failure"].value = 0
        view.send.click()
        assert "It does not pass: What it rules out, Another name." in view.sent.value
        assert "The flaw that we built in" in view.sent.value
        assert "invented people" in view.figures.value
        assert view.after.value

    def test_another_draft_starts_afresh_and_the_first_one_is_kept(self, alone):
        view = alone("tests")
        view.draft.value = "leading"
        for ident in ("swap", "failure", "task"):
            view.tests[ident].value = 1
        view.send.click()
        view.draft.value = "minute"
        assert view.answers == {}
        assert view.sent.value == ""
        view.draft.value = "leading"
        assert view.answers == {"swap": 1, "failure": 1, "task": 1}

    def test_the_rivals_name_takes_the_companys_place(self, alone):
        view = alone("tests")
        view.draft.value = "leading"
        view.rival.value = "Elmstead & Sons <b>"
        assert "Elmstead &amp; Sons &lt;b&gt;: We strive" in view.swapped.value
        view.draft.value = OWN
        view.own.value = f"{view.classroom.vision.company} rings back."
        assert "Elmstead &amp; Sons &lt;b&gt; rings back." in view.swapped.value
        view.rival.value = ""
        assert view.swapped.value == ""

    def test_the_companys_own_statement_can_be_tested(self, alone):
        view = alone("tests")
        view.draft.value = COMPANY
        assert view.classroom.vision.statement in view.shown.value
        for test in view.tests.values():
            test.value = 0
        view.send.click()
        assert "failed none of the tests" in view.sent.value
        assert view.classroom.vision.statement in view.figures.value

    def test_a_typed_draft_waits_for_the_trainer(self, room):
        ada, wall = room("ada", "tests"), room("t", "tests", trainer=True)
        ada.draft.value = OWN
        for ident in ("swap", "failure", "task"):
            ada.tests[ident].value = 0
        ada.send.click()
        assert "no draft in the box" in ada.sent.value
        ada.own.value = "x" * 601
        ada.send.click()
        assert "at most 600" in ada.sent.value
        ada.own.value = f"We ring back {EVIL}"
        ada.send.click()
        assert "once your trainer has looked at it" in ada.sent.value
        wall.refresh()
        assert "ring back" not in wall.figures.value
        room.store.moderate([one.id for one in room.store.read("tests")], "shown")
        wall.refresh()
        assert "ring back &lt;script" in wall.figures.value

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"draft": "leading"},
            {"draft": "ghost", "answers": {"swap": 0}},
            {"draft": ["leading"], "answers": {"swap": 0}},
            {"draft": OWN, "text": [EVIL], "answers": {"swap": 0}},
            {"draft": "leading", "answers": {"swap": 99}},
        ],
    )
    def test_odd_answers_are_passed_over(self, room, body):
        SharedRoom(room.store, Seat(id="evil")).share("tests", body)
        assert "Nobody has tested a draft yet" in room("t", "tests", trainer=True).figures.value


def recall(view, text):
    view.start.click()
    view.form.on.click()
    view.form.skip.click()
    view.form.text.value = text
    view.form.send.click()


SEATS = ("ada", "bea", "cem", "dan", "eva", "fay")


class TestTrial:
    def test_the_draft_shows_only_to_whoever_takes_part_and_only_once(self, alone):
        view = alone("trial")
        drafts = [card.text for card in view.activity.cards]
        assert view.result.value == ""
        view.start.click()
        shown = view.form.shown.value
        assert sum(draft in shown for draft in drafts) == 1
        view.form.on.click()
        assert view.form.shown.value == ""
        view.take_part()
        assert view.form.step == "recall", "who has read it once must not read it again"

    def test_alone_one_is_held_against_invented_people(self, alone):
        view = alone("trial")
        recall(view, f"We stay until it works {EVIL}")
        assert "You remembered" in view.result.value
        assert "All but you are invented people" in view.result.value
        assert "no difference yet" in view.result.value
        assert "How many people it takes" in view.result.value
        assert "<script" not in view.result.value
        assert view.after.value

    def test_as_many_people_read_each_draft(self, room):
        # By chance alone, four of these six would read the same one.
        views = [room(seat, "trial") for seat in SEATS]
        for view in views:
            view.start.click()
        read = [one.body["draft"] for one in room.store.read("trial")]
        assert sorted(read) == ["draft-a"] * 3 + ["draft-b"] * 3

    def test_nobody_reads_what_somebody_else_wrote(self, room):
        ada, bea, wall = room("ada", "trial"), room("bea", "trial"), room("t", "trial", trainer=True)
        recall(ada, "a rude word about somebody")
        wall.refresh()
        bea.refresh()
        assert "rude" not in wall.result.value
        assert "1 person" in wall.result.value
        assert "too few people to say" in wall.result.value
        assert bea.result.value == "", "who has yet to recall sees no draft"
        again = room("ada", "trial")
        assert "rude" in again.result.value
        assert "You have taken part" in again.place.children[0].value

    @pytest.mark.parametrize(
        "body",
        [
            {"ask": "draft-a", "text": 5},
            {"ask": "ghost", "text": "x"},
            {"ask": ["draft-a"], "text": "x"},
            {"ask": "draft-a", "text": "x" * 5_000},
            {"draft": {"a": 1}},
        ],
    )
    def test_odd_recalls_are_passed_over(self, room, body):
        SharedRoom(room.store, Seat(id="evil")).share("trial", body)
        wall = room("t", "trial", trainer=True)
        assert wall.result.value.count("Nobody has recalled it yet") == 2

    def test_a_trial_with_one_draft_says_what_is_wrong(self, alone):
        from dataclasses import replace

        view = alone("trial")
        one = replace(view.activity, cards=view.activity.cards[:1])
        broken = type(view)(view.classroom, one)
        broken.take_part()
        assert any("2 to 6 drafts" in getattr(child, "value", "") for child in broken.children)
