"""The form, driven as a browser drives it: values set, buttons clicked."""

import asyncio
import datetime as dt
import errno
import html
import re
import subprocess
import sys

import pytest
from traitlets import TraitError

from visionquiz.errors import DeskError
from visionquiz.grading import Grade
from visionquiz.notebook import dump_notebook, fill_answers, write_choice, write_quiz
from visionquiz.paper import read_paper
from visionquiz.receipt import Receipt
from visionquiz.submission import ANSWER_LIMIT
from visionquiz.taking import DRAFT_LIMIT, Draft, Taker
from visionquiz.views import _autosave, form
from visionquiz.views.form import CheckForm, show_check

NOW = dt.datetime(2026, 11, 30, 10, 42, 31, tzinfo=dt.UTC)
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@pytest.fixture
def paper(quiz, vision):
    return read_paper(write_quiz(quiz, vision))


class Office:
    """Stands in for disk and exchange."""

    def __init__(self):
        self.drafts, self.sent, self.asked = [], [], []
        self.full = self.closed = None
        self.cells = {}

    def save(self, draft):
        if self.full:
            raise self.full
        self.drafts.append(draft)

    async def send(self):
        if self.closed:
            raise self.closed
        self.sent.append(self.drafts[-1])
        return Receipt(
            person="mia",
            quiz="vision-check",
            submitted=NOW.replace(tzinfo=None),
            code="K7QF-2M9D",
            answers=self.drafts[-1].answers,
        )

    @property
    def saved(self):
        return self.drafts[-1].answers


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def make(paper, office):
    def make_form(draft=None, *, role="adviser", **options):
        taker = Taker(person="mia", name="Mia Okoro", role=role)
        known = {"save": office.save, "send": office.send, "look": lambda: office.cells, "now": lambda: NOW}
        return CheckForm(paper, taker, draft or Draft(), **{**known, **options})

    return make_form


def shown(widget):
    """What a person sees: all HTML and labels of what is not hidden."""
    if widget.layout.display == "none":
        return ""
    parts = [str(getattr(widget, "description", ""))]
    if type(widget).__name__ == "HTML":
        parts.append(widget.value)
    parts += [text for text, _ in getattr(widget, "options", ()) if type(widget).__name__ == "RadioButtons"]
    return " ".join([*parts, *(shown(child) for child in getattr(widget, "children", ()))])


def choice_of(check):
    return next(box for box in check.questions if box.radios)


def mine(box, role="adviser"):
    return box.radios[box.asked.situation_for(role).id]


class TestAnswering:
    def test_who_answers_what_is_told(self, make):
        assert "You answer as Mia Okoro, Contact centre adviser." in shown(make())

    def test_one_question_at_a_time_or_all(self, make):
        check = make()
        visible = lambda: [box for box in check.questions if box.layout.display != "none"]  # noqa: E731
        assert visible() == [check.questions[0]]
        assert check.back.disabled
        check.next.click()
        assert visible() == [check.questions[1]]
        assert "Question 2 of 6, 0 answered" in shown(check)
        check.back.click()
        check.back.click()
        assert visible() == [check.questions[0]]
        for _ in range(9):
            check.next.click()
        assert visible() == [check.questions[-1]]
        assert check.next.disabled
        check.all_on_one.value = True
        assert visible() == list(check.questions)
        assert "6 questions, 0 answered" in shown(check)
        check.all_on_one.value = False
        assert visible() == [check.questions[-1]]

    def test_every_box_has_its_question_for_a_label(self, make):
        for number, box in enumerate(make().questions, 1):
            if box.text is not None:
                assert box.text.description == f"{number}. {box.asked.prompt}"

    def test_words_are_counted_and_nothing_is_judged(self, make):
        check = make()
        for text, told in (("", "0 words"), ("Water", "1 word<"), ("Water\n first ", "2 words")):
            check.questions[0].text.value = text
            assert told in check.questions[0].count.value
        assert "What would this get?" not in shown(check)

    def test_what_is_typed_is_saved_and_counted(self, make, office):
        check = make()
        check.questions[1].text.value = "Water first 💧"
        assert office.saved["explain"] == "Water first 💧"
        assert office.drafts[-1].saved == NOW
        assert re.search(r"Saved at \d\d:42:31", check.status.value)
        assert "1 answered" in check.progress.value

    def test_reopening_resumes_exactly(self, make, office):
        first = make()
        first.questions[0].text.value = "  typed \n\n text "
        mine(choice_of(first)).value = "B"
        second = make(office.drafts[-1])
        assert second.draft() == first.draft()
        assert second.questions[0].text.value == "  typed \n\n text "
        assert mine(choice_of(second)).value == "B"
        assert "Saved at" in second.status.value

    def test_answers_to_other_questions_are_not_lost(self, make, office):
        check = make(Draft(answers={"of-another-release": "kept"}))
        check.questions[0].text.value = "x"
        assert office.saved["of-another-release"] == "kept"


class TestChoosing:
    def test_options_are_shown_in_full_and_saved_as_the_notebook_has_them(self, make, office):
        check = make()
        box = choice_of(check)
        situation = box.asked.situation_for("adviser")
        check.all_on_one.value = True
        told = shown(box)
        assert situation.situation in html.unescape(told)
        for letter, text in situation.options.items():
            assert f"{letter}: {text}" in told
        mine(box).value = "C"
        assert office.saved[box.asked.id] == write_choice(situation, "C")

    def test_an_unknown_option_is_ignored(self, make, office):
        check = make()
        radios = mine(choice_of(check))
        radios.value = "A"
        for state in ({"index": 99}, {"index": -7}, {"index": "x"}):
            with pytest.raises(TraitError):
                radios.set_state(state)
        assert radios.value == "A"
        assert office.saved[choice_of(check).asked.id].endswith(" A")

    def test_without_a_role_the_person_chooses_one(self, make, office):
        check = make(role="")
        box = choice_of(check)
        assert "Choose your job first" in box.message.value
        check.role.value = "adviser"
        assert office.drafts[-1].role == "adviser"
        assert "Choose your job" not in box.message.value
        mine(box).value = "A"
        assert make(office.drafts[-1], role="").role.value == "adviser"

    def test_an_unknown_role_is_ignored(self, make):
        check = make(Draft(role="astronaut"), role="")
        assert check.role.value is None
        with pytest.raises(TraitError):
            check.role.set_state({"index": 99})

    def test_another_job_meets_its_own_situation(self, make, office):
        check = make(role="")
        box = next(box for box in check.questions if len(box.asked.situations) > 1)
        one, two = (situation.roles[0] for situation in box.asked.situations[:2])
        check.role.value = one
        mine(box, one).value = "A"
        check.role.value = two
        assert office.saved[box.asked.id] == "", "a choice in another job's situation is not sent"
        check.role.value = one
        assert office.saved[box.asked.id] == write_choice(box.asked.situation_for(one), "A")

    def test_a_letter_typed_into_the_notebook_is_chosen(self, make, office):
        ident = next(box.asked.id for box in make().questions if box.radios)
        office.cells = {ident: "I'd say b"}
        check = make()
        assert mine(choice_of(check)).value == "B"

    def test_what_names_no_option_is_kept_until_one_is_chosen(self, make, office):
        ident = next(box.asked.id for box in make().questions if box.radios)
        office.cells = {ident: f"hard to say {ATTACK}"}
        check = make()
        box = choice_of(check)
        assert box.answer == f"hard to say {ATTACK}"
        assert "names none of these" in box.message.value
        assert "<script" not in box.message.value
        mine(box).value = "A"
        assert office.saved[ident].endswith(" A")


class TestBothPlaces:
    def test_typed_in_the_notebook_only_is_taken(self, make, office):
        office.cells = {"state": "typed below"}
        assert make().questions[0].text.value == "typed below"

    @pytest.mark.parametrize("take", [True, False])
    def test_who_typed_in_both_chooses(self, make, office, take):
        office.cells = {"state": f"typed below {ATTACK}"}
        check = make(Draft(answers={"state": "typed in the form"}))
        box = check.questions[0]
        assert "you wrote something else" in shown(check)
        assert "<script" not in shown(check)
        (box.take if take else box.keep).click()
        assert "you wrote something else" not in shown(check)
        assert office.saved["state"] == (office.cells["state"] if take else "typed in the form")
        assert "you wrote something else" not in shown(make(office.drafts[-1]))

    def test_who_has_not_chosen_cannot_hand_in(self, make, office):
        check = make(Draft(answers={"state": "typed in the form"}))
        check.next.click()
        office.cells = {"state": "typed below meanwhile"}
        check.review.click()
        assert "you wrote something else" in shown(check)
        assert "This is what will be sent" not in shown(check)
        check.questions[0].keep.click()
        check.review.click()
        assert "This is what will be sent" in shown(check)

    def test_what_was_cleared_in_the_form_stays_cleared(self, make, office):
        office.cells = {"state": "typed below"}
        check = make()
        check.questions[0].text.value = ""
        check.review.click()
        assert office.saved["state"] == ""


class TestHostileValues:
    def test_what_is_typed_is_shown_as_text(self, make):
        check = make()
        for box in check.questions:
            if box.text is not None:
                box.text.value = ATTACK
        check.review.click()
        assert "&lt;script&gt;" in shown(check)
        check.hand_in.click()
        assert "K7QF-2M9D" in shown(check)
        for name in ("<script", "<img"):
            assert name not in shown(check)

    def test_more_than_can_be_handed_in_is_kept_and_told(self, make, office):
        check = make()
        check.next.click()
        check.questions[0].text.value = "x" * (ANSWER_LIMIT + 1)
        assert "20,001 characters; at most 20,000" in check.questions[0].message.value
        assert len(office.saved["state"]) == ANSWER_LIMIT + 1
        check.review.click()
        assert "This is what will be sent" not in shown(check)
        assert "at most 20,000" in shown(check), "it is turned to"
        check.questions[0].text.value = "x" * ANSWER_LIMIT
        assert check.questions[0].message.value == ""
        check.review.click()
        assert "This is what will be sent" in shown(check)

    def test_a_flood_is_cut(self, make, office):
        check = make()
        check.questions[0].text.value = "x" * 3_000_000
        assert len(check.questions[0].text.value) == len(office.saved["state"]) == DRAFT_LIMIT

    def test_half_characters_and_nul_are_saved_as_what_can_be(self, make, office):
        check = make()
        check.questions[0].text.value = "a\ud83d\0b"
        assert office.saved["state"] == "a?b"

    @pytest.mark.parametrize("value", [3, None, ["x"], {"a": 1}])
    def test_what_is_no_text_is_ignored(self, make, value):
        box = make().questions[0]
        box.text.value = "mine"
        with pytest.raises(TraitError):
            box.text.set_state({"value": value})
        assert box.answer == "mine"


class TestDiskFull:
    @pytest.mark.parametrize(
        "error", [DeskError("the disk is full"), OSError(errno.ENOSPC, "the disk is full")], ids=["ours", "system"]
    )
    def test_it_is_told_and_what_is_typed_stays(self, make, office, error):
        check = make()
        check.questions[0].text.value = "before"
        office.full = error
        check.questions[0].text.value = "after"
        assert (
            "Could not be saved: the disk is full. Copy your text somewhere safe; saving is tried again."
            in check.status.value
        )
        assert 'role="alert"' in check.status.value
        assert check.questions[0].text.value == "after"
        assert office.saved["state"] == "before"
        check.review.click()
        assert "This is what will be sent" not in shown(check)
        office.full = None
        check.review.click()
        assert office.saved["state"] == "after"
        assert "Saved at" in check.status.value

    def test_saving_is_tried_again_by_itself(self, make, office, monkeypatch):
        monkeypatch.setattr(_autosave, "PAUSE", 0)
        monkeypatch.setattr(_autosave, "RETRY", 0)

        async def type_and_free():
            saved = asyncio.Event()
            failed = asyncio.Event()

            def save(draft):
                if not failed.is_set():
                    failed.set()
                    raise DeskError("the disk is full")
                office.drafts.append(draft)
                saved.set()

            make(save=save).questions[0].text.value = "x"
            await asyncio.wait_for(saved.wait(), 20)

        asyncio.run(type_and_free())
        assert office.saved["state"] == "x"


class TestWhenItSaves:
    """With a clock of our own in place of the event loop's."""

    class Loop:
        def __init__(self):
            self.moment, self.timers = 0.0, []

        def time(self):
            return self.moment

        def call_at(self, moment, call):
            timer = [moment, call]
            self.timers.append(timer)
            timer_handle = type("Handle", (), {"cancel": lambda _: timer in self.timers and self.timers.remove(timer)})
            return timer_handle()

        def go_to(self, moment):
            while due := [timer for timer in self.timers if timer[0] <= moment]:
                first = min(due)
                self.timers.remove(first)
                self.moment = first[0]
                first[1]()
            self.moment = moment

    @pytest.fixture
    def loop(self, monkeypatch):
        loop = self.Loop()
        monkeypatch.setattr(_autosave, "_running_loop", lambda: loop)
        return loop

    def test_at_a_pause(self, loop):
        saves = []
        autosave = _autosave.Autosave(lambda: saves.append(loop.time()) or True)
        autosave.changed()
        loop.go_to(0.5)
        autosave.changed()
        loop.go_to(1.1)
        assert saves == []
        loop.go_to(60)
        assert saves == [pytest.approx(1.2)]

    def test_every_three_seconds_where_there_is_no_pause(self, loop):
        saves = []
        autosave = _autosave.Autosave(lambda: saves.append(loop.time()) or True)
        for tenth in range(100):
            loop.go_to(tenth / 10)
            autosave.changed()
        loop.go_to(60)
        assert saves[:3] == [pytest.approx(3), pytest.approx(6), pytest.approx(9)]
        assert len(saves) == 4

    def test_again_where_it_failed_until_it_works(self, loop):
        saves = []
        autosave = _autosave.Autosave(lambda: saves.append(loop.time()) or len(saves) > 2)
        autosave.changed()
        loop.go_to(60)
        assert saves == [pytest.approx(0.7), pytest.approx(5.7), pytest.approx(10.7)]

    def test_a_form_that_was_left_saves_once_and_never_again(self, loop, make, office):
        check = make()
        check.questions[0].text.value = "x"
        check.leave()
        assert office.saved["state"] == "x"
        loop.go_to(60)
        assert len(office.drafts) == 1


class TestHandingIn:
    def test_review_names_what_is_blank_and_going_back_changes_nothing(self, make, office):
        check = make()
        check.questions[1].text.value = "Water first"
        check.review.click()
        told = shown(check)
        assert "Water first" in told
        assert "Not answered: question 1, 3, 4, 5, 6." in told
        assert "Next" not in told
        check.return_.click()
        assert "Next" in shown(check)
        assert office.sent == []

    def test_the_receipt_shows_time_code_and_what_was_sent(self, make, office):
        check = make()
        check.questions[1].text.value = "Water first"
        check.review.click()
        check.hand_in.click()
        told = shown(check)
        assert office.sent[-1].answers["explain"] == "Water first"
        whole = ("K7QF-2M9D", "10:42:31", "UTC", "Water first", 'download="receipt-K7QF-2M9D.html"', "data:text/html")
        for part in whole:
            assert part in told
        check.again.click()
        assert "You handed this in on 30 November 2026" in shown(check)
        assert "Handing in again sends a new version." in shown(check)
        check.review.click()
        check.hand_in.click()
        assert len(office.sent) == 2

    def test_a_failure_says_why_and_keeps_everything(self, make, office):
        office.closed = DeskError(f"the exchange is closed {ATTACK}")
        check = make()
        check.questions[0].text.value = "mine"
        check.review.click()
        check.hand_in.click()
        assert "It was not handed in: the exchange is closed" in shown(check)
        assert "<script" not in shown(check)
        assert "Your answers are kept here" in shown(check)
        assert not check.hand_in.disabled
        office.closed = None
        check.hand_in.click()
        assert "K7QF-2M9D" in shown(check)

    def test_it_is_sent_once_however_often_the_button_is_pressed(self, make, office):
        async def press():
            check = make()
            check.review.click()
            check.hand_in.click()
            check.hand_in.click()
            assert check.hand_in.disabled
            assert "Handing in. This takes a few seconds" in check.sending.value
            await check._sending
            check.leave()

        asyncio.run(press())
        assert len(office.sent) == 1

    def test_who_comes_back_is_told(self, make):
        receipt = Receipt(person="mia", quiz="q", submitted=NOW.replace(tzinfo=None), code="AAAA-BBBB", answers={})
        assert "receipt code AAAA-BBBB" in shown(make(receipts=[receipt]))


class TestFeedback:
    def test_it_is_shown_in_a_frame_that_runs_nothing(self, make):
        told = shown(make(feedback=f"<p>Fully</p>{ATTACK}"))
        assert '<iframe sandbox title="Your feedback"' in told
        assert "<script" not in told
        assert 'onerror=alert(2)>"' not in told

    def test_a_second_look_is_asked_for_with_a_reason(self, make):
        asked = []
        check = make(feedback="<p>Partly</p>", ask=lambda *what: asked.append(what))
        look = check.second_look
        look.button.click()
        assert "Choose the question first" in look.answer.value
        look.question.value = "state"
        look.button.click()
        assert "Say why first" in look.answer.value
        look.reason.value = "x" * 2001
        look.button.click()
        assert "at most 2,000" in look.answer.value
        look.question.value = "explain"
        look.reason.value = " I did say it. "
        look.button.click()
        assert asked == [("explain", "I did say it.", NOW)]
        assert "Sent." in look.answer.value

    def test_why_it_could_not_be_asked_is_told(self, make):
        def ask(*what):
            raise DeskError("its folder is gone")

        look = make(feedback="x", ask=ask).second_look
        look.reason.value = "why"
        look.question.value = "state"
        look.button.click()
        assert "its folder is gone" in look.answer.value
        assert look.reason.value == "why"

    def test_without_feedback_there_is_nothing_to_ask(self, make):
        assert make(ask=lambda *what: None).second_look is None


class TestPractice:
    def judge(self, ident, text, role):
        if text == "broken":
            raise DeskError("the grader is not there")
        level = None if ident.startswith("decide") else 2
        return Grade(
            id=ident, share=0.5, level=level, confidence=1, review=False, reason=f"You said {text} as {role}. {ATTACK}"
        )

    def test_every_question_tells_at_once_what_the_answer_would_get(self, make):
        check = make(send=None, judge=self.judge)
        box = check.questions[1]
        box.text.value = "Water"
        box.try_it.click()
        assert "<strong>Mostly.</strong> You said Water as adviser." in box.verdict.value
        assert "<script" not in box.verdict.value
        box.text.value = "Water first"
        assert box.verdict.value == "", "that was another answer"
        box.text.value = "broken"
        box.try_it.click()
        assert "the grader is not there" in box.verdict.value
        assert "Review and hand in" not in shown(check)

    def test_a_choice_has_a_share_of_the_points(self, make):
        box = choice_of(make(send=None, judge=self.judge))
        box.try_it.click()
        assert "50% of the points" in box.verdict.value


class TestShowCheck:
    @pytest.fixture
    def here(self, tmp_path, monkeypatch, quiz, vision):
        notebook = write_quiz(quiz, vision)
        (tmp_path / "vision-check.ipynb").write_text(dump_notebook(notebook), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("VISIONQUIZ_PERSON", "mia")
        monkeypatch.setenv("VISIONQUIZ_ROLE", "adviser")
        monkeypatch.setattr(form, "_shown", {})
        return tmp_path

    @pytest.mark.usefixtures("here")
    def test_what_was_typed_is_there_when_it_is_run_again(self):
        first = show_check("vision-check")
        first.questions[0].text.value = "typed"
        second = show_check("vision-check")
        assert second.questions[0].text.value == "typed"
        assert first.layout.display == "none"

    def test_without_a_check_it_says_what_to_do_and_shows_no_traceback(self, here):
        (here / "vision-check.ipynb").unlink()
        assert "Ask your trainer for a fresh copy" in shown(show_check("vision-check"))

    def test_a_damaged_draft_is_told(self, here):
        (here / "answers.json").write_text("{")
        assert "Your saved answers could not be read" in shown(show_check("vision-check"))

    def test_a_notebook_that_is_saved_says_how_to_get_the_form(self, here, quiz, vision):
        notebook = fill_answers(write_quiz(quiz, vision), {"state": "secret thoughts"})
        (here / "vision-check.ipynb").write_text(dump_notebook(notebook), encoding="utf-8")
        assert repr(show_check("vision-check")) == "Press the Run button (or Shift and Enter) to get the form."


def test_it_comes_up_without_nbgrader_pandas_or_the_grader():
    code = "import sys, visionquiz.views.form; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "nbgrader", "sqlalchemy", "numpy", "onnxruntime", "tokenizers", "nbformat"} & set(loaded)
