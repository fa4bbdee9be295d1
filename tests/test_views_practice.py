"""Both practice views, driven as a browser drives them: values set, buttons clicked."""

import datetime as dt
import subprocess
import sys
from dataclasses import replace

import pytest

from visionquiz.errors import DeskError
from visionquiz.grading import Grade
from visionquiz.practice import Practice, Recall, practice_items
from visionquiz.text import READ_LIMIT
from visionquiz.views._connection import Connection
from visionquiz.views._recall import AID, name_day
from visionquiz.views.practice import FadingView, TodayView, show_fading, show_today

NOON = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


class Learner:
    """Stands in for the learner's folder, the grader and the clock."""

    def __init__(self):
        self.practice, self.message, self.now = Practice(), "", NOON
        self.full = self.broken = None
        self.graded = []
        self.level = 3

    def load(self):
        message, self.message = self.message, ""
        return self.practice, message

    def save(self, practice):
        if self.full:
            raise self.full
        self.practice = practice

    def judge(self, item, text):
        if self.broken:
            raise self.broken
        self.graded.append((item, text))
        level = self.level if text else 0
        return Grade(id=item.id, share=level / 3, level=level, confidence=1, review=False, reason="So & so.")

    @property
    def doors(self):
        return {"judge": self.judge, "load": self.load, "save": self.save, "now": lambda: self.now}

    @property
    def levels(self):
        return [one.level for one in self.practice.recalls]


@pytest.fixture
def learner():
    return Learner()


@pytest.fixture
def items(vision):
    return practice_items(vision)


@pytest.fixture
def fading(items, learner):
    return FadingView(items[0], **learner.doors)


def shown(widget):
    return widget.layout.display != "none"


def words_of(view, *, hidden):
    return [piece["text"] for piece in view.line.pieces if piece["hidden"] is hidden and piece["text"].strip(" .,")]


class TestFading:
    def test_it_begins_with_all_of_it_and_ends_with_nothing(self, fading, items):
        assert "".join(piece["text"] for piece in fading.line.pieces) == items[0].answer
        assert not words_of(fading, hidden=True)
        assert fading.less.disabled
        counts = []
        for _ in range(5):
            fading.more.click()
            counts.append(len(words_of(fading, hidden=True)))
        assert counts == [3, 5, 8, 10, 12]
        assert not words_of(fading, hidden=False)
        assert "Step 5 of 5: 12 words hidden" in fading.progress.value
        assert fading.more.description == "Now from memory"
        fading.more.click()
        assert not shown(fading._fading)
        assert shown(fading._recalling)
        assert fading.recall.text.value == ""

    def test_less_can_be_hidden_again_and_the_same_words_come_back(self, fading):
        fading.more.click()
        before = fading.line.pieces
        fading.more.click()
        fading.less.click()
        assert fading.line.pieces == before

    def test_each_box_says_whether_its_word_is_right(self, fading):
        fading.more.click()
        first, second, third = words_of(fading, hidden=True)
        fading.line.typed = [first.upper(), "harbour", ""]
        assert fading.line.verdicts == ["right", "other", ""]
        assert fading.status.value == ""
        fading.line.typed = [first, second, third]
        assert "All 3 hidden words are right" in fading.status.value

    def test_what_comes_from_the_browser_may_be_anything(self, fading):
        fading.more.click()
        fading.line.typed = [ATTACK, "x" * 1_000_000, "\ud800\x00", "more", "boxes", "than there are"]
        assert fading.line.verdicts == ["other"] * 3
        fading.line._handle_custom_msg({"done": []}, [])
        fading.line._handle_custom_msg("done", [])
        fading.line._handle_custom_msg({"done": True}, [])

    def test_words_said_aloud_can_be_looked_at(self, fading):
        fading.more.click()
        fading.show.click()
        assert fading.line.shown
        assert fading.show.description == "Hide the words"
        fading.more.click()
        assert not fading.line.shown
        assert fading.show.description == "Show the words"

    def test_a_new_step_has_empty_boxes(self, fading):
        fading.more.click()
        fading.line.typed = words_of(fading, hidden=True)
        fading.more.click()
        assert (fading.line.typed, fading.line.verdicts, fading.status.value) == ([], [], "")

    def test_boxes_are_a_warm_up_and_nothing_of_them_is_kept(self, fading, learner):
        for _ in range(5):
            fading.more.click()
            fading.line.typed = words_of(fading, hidden=True)
        assert learner.practice == Practice()
        assert learner.graded == []

    def test_a_recall_is_kept_and_told_word_by_word(self, fading, learner, items):
        fading.skip.click()
        learner.level = 1
        fading.recall.text.value = f"Keep every {ATTACK}"
        fading.recall.check.click()
        result = fading.recall.result.value
        assert "<strong>Partly.</strong> So &amp; so." in fading.recall.verdict.value
        assert "Of 12 words" in result
        assert "It comes back tomorrow, Sunday 29 November." in result
        assert AID in result
        assert "<script" not in result
        assert learner.practice == Practice(recalls=(Recall(item=items[0].id, level=1, moment=NOON),))
        assert not shown(fading.recall._asking), "the answer is on the screen"

    def test_another_try_begins_without_the_answer(self, fading, learner):
        fading.skip.click()
        fading.recall.text.value = "Keep"
        fading.recall.check.click()
        fading.recall.check.click()
        assert len(learner.graded) == 1
        fading.recall.again.click()
        assert (fading.recall.text.value, fading.recall.result.value) == ("", "")
        assert not fading.recall.text.disabled
        assert shown(fading.recall._asking)
        assert not shown(fading.recall._told)

    def test_one_may_go_back_to_the_words(self, fading):
        fading.more.click()
        fading.skip.click()
        fading.back.click()
        assert shown(fading._fading)
        assert len(words_of(fading, hidden=True)) == 12

    @pytest.mark.parametrize("statement", ["Home", "…", "It is in the box"])
    def test_any_statement_can_be_practised(self, items, learner, statement):
        view = FadingView(replace(items[0], answer=statement), **learner.doors)
        for _ in range(8):
            view.more.click()
        assert shown(view._recalling)
        view.recall.pass_.click()
        assert view.recall.is_checked


class TestRecall:
    def test_an_empty_box_is_no_recall(self, fading, learner):
        fading.skip.click()
        fading.recall.text.value = "  \n "
        fading.recall.check.click()
        assert "Nothing is written yet" in fading.recall.message.value
        assert learner.levels == []

    def test_who_does_not_remember_says_so_and_reads_it(self, fading, learner):
        fading.skip.click()
        fading.recall.text.value = "Some"
        fading.recall.pass_.click()
        assert learner.levels == [0]
        assert "Nothing came back this time" in fading.recall.verdict.value
        assert "12 missing" in fading.recall.result.value

    def test_a_recall_that_cannot_be_kept_is_told_all_the_same(self, fading, learner):
        learner.full = DeskError("the disk is full")
        fading.skip.click()
        fading.recall.text.value = "Keep"
        fading.recall.check.click()
        assert "Fully." in fading.recall.verdict.value
        assert "could not be kept: the disk is full" in fading.recall.result.value
        assert "comes back" not in fading.recall.result.value

    def test_a_grader_that_fails_leaves_the_text(self, fading, learner):
        learner.broken = DeskError("the model is damaged")
        fading.skip.click()
        fading.recall.text.value = "Keep"
        fading.recall.check.click()
        assert "the model is damaged" in fading.recall.message.value
        assert (fading.recall.text.value, fading.recall.text.disabled) == ("Keep", False)

    def test_only_so_much_is_read_and_half_a_character_is_none(self, fading, learner):
        fading.skip.click()
        fading.recall.text.value = "\ud83d\x00" + "x" * 2 * READ_LIMIT
        fading.recall.check.click()
        (_, text) = learner.graded[0]
        assert text == ("?" + "x" * READ_LIMIT)[:READ_LIMIT]

    def test_what_another_view_kept_meanwhile_stays(self, fading, learner):
        fading.skip.click()
        other = Recall(item="other", level=2, moment=NOON - dt.timedelta(hours=1))
        learner.practice = Practice(recalls=(other,))
        fading.recall.pass_.click()
        assert learner.practice.recalls[0] == other
        assert learner.levels == [2, 0]


class TestToday:
    def test_what_is_due_comes_one_at_a_time(self, items, learner):
        learner.practice = Practice(
            recalls=tuple(Recall(item=one.id, level=3, moment=NOON - dt.timedelta(days=9)) for one in items[:2])
        )
        view = TodayView(items[:2], **learner.doors)
        assert "There are 2 things to recall" in view.head.value
        assert view.recall.text.description == items[0].prompt
        assert not shown(view._after)
        view.recall.text.value = "Keep"
        view.recall.check.click()
        assert shown(view._after)
        view.next.click()
        assert "There is one thing to recall" in view.head.value
        assert view.recall.text.description == items[1].prompt
        assert view.recall.text.value == ""
        view.recall.text.value = "Water first"
        view.recall.check.click()
        assert "Your trainer puts it like this" in view.recall.result.value
        assert "comes before paperwork" in view.recall.result.value
        view.next.click()
        assert "Nothing today." in view.head.value
        assert not shown(view.recall)
        assert not shown(view._after)

    def test_where_nothing_is_due_it_says_when_something_is(self, items, learner):
        learner.practice = Practice(recalls=(Recall(item=items[0].id, level=3, moment=NOON),))
        view = TodayView(items[:1], **learner.doors)
        assert "Nothing today." in view.head.value
        assert "The next recall is in 2 days, on Monday 30 November." in view.head.value
        assert AID in view.head.value
        learner.now += dt.timedelta(days=2)
        view.next.click()
        assert "There is one thing to recall" in view.head.value

    def test_without_anything_to_practise_nothing_is_due(self, learner):
        assert "Nothing today.</strong></p>" in TodayView([], **learner.doors).head.value

    def test_a_damaged_history_is_told_and_practice_begins_anew(self, items, learner):
        learner.message = f"Your practice so far could not be read {ATTACK}"
        view = TodayView(items, **learner.doors)
        assert "could not be read &lt;script" in view.notices.value
        assert "one thing to recall" in view.head.value


@pytest.mark.parametrize("view", [FadingView, TodayView])
def test_a_dead_kernel_is_said_in_either_view(view, items, learner):
    made = view(items if view is TodayView else items[0], **learner.doors)
    (one,) = [child for child in made.children if isinstance(child, Connection)]
    assert "Press the Run button" in one.lost
    assert repr(made).startswith("Press the Run button")


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (0, "today, Saturday 28 November"),
        (1, "tomorrow, Sunday 29 November"),
        (11, "in 11 days, on Wednesday 9 December"),
        (60, "in 60 days, on Wednesday 27 January 2027"),
    ],
)
def test_days_are_said_in_plain_words(away, said):
    assert name_day(NOON.date() + dt.timedelta(days=away), NOON.date()) == said


def test_in_a_folder_what_one_view_keeps_the_other_plans_by(vision, tmp_path):
    fading = show_fading(vision, str(tmp_path), now=lambda: NOON)
    fading.skip.click()
    fading.recall.text.value = "Keep every house running"
    fading.recall.check.click()
    assert "“home” (you wrote “house”)" in fading.recall.result.value
    assert "Nothing today" in show_today(vision, str(tmp_path), now=lambda: NOON).head.value
    tomorrow = show_today(vision, str(tmp_path), now=lambda: NOON + dt.timedelta(days=1))
    assert tomorrow.recall.item.answer == vision.statement


def test_neither_nbgrader_nor_pandas_is_needed():
    code = "import sys, visionquiz.views.practice; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"nbgrader", "pandas", "sqlalchemy", "fsrs", "onnxruntime"} & set(loaded)
