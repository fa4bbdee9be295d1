"""The form in which an employee takes a check: it keeps what is typed, shows what will be sent, and hands it in."""

import asyncio
import base64
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from html import escape

import ipywidgets as widgets

from visionquiz import taking
from visionquiz.errors import VisionQuizError
from visionquiz.paper import Paper
from visionquiz.receipt import Receipt, answers_html, moment_text, receipt_html
from visionquiz.taking import Draft, Taker
from visionquiz.views._autosave import Autosave
from visionquiz.views._connection import Connection
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views._question import Judge, QuestionBox
from visionquiz.views._second_look import SecondLookForm

__all__ = ["CheckForm", "show_check"]

PRESS_RUN = "Press the Run button (or Shift and Enter) to get the form."
"""What stands in place of the form where none can be drawn, such as in a saved notebook."""


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class CheckForm(widgets.VBox):
    """Questions, one at a time or all on one page; review; receipt.

    It does no I/O: `save` keeps a draft and raises where it cannot, `send` hands in what was saved, `look` tells what
    the notebook's own boxes hold, `ask` asks for a second look. Without `send` it is for practice, and with `judge`
    every question says at once what its answer would get; a check never does.
    """

    def __init__(
        self,
        paper: Paper,
        taker: Taker,
        draft: Draft,
        *,
        save: Callable[[Draft], None],
        send: Callable[[], Awaitable[Receipt]] | None = None,
        look: Callable[[], Mapping[str, str]] = dict,
        judge: Judge | None = None,
        receipts: Sequence[Receipt] = (),
        feedback: str = "",
        ask: Callable[[str, str, dt.datetime], None] | None = None,
        notices: Sequence[str] = (),
        now: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        self.paper, self.taker = paper, taker
        self._save, self._hand_over, self._look, self._now = save, send, look, now
        self._sending: asyncio.Task[None] | None = None
        self._place = 0
        self.autosave = Autosave(self._try_save)

        known = [role.id for role in paper.roles]
        # No drop-down menu: JupyterLab takes the arrow keys that it needs. Radio buttons do with Tab and Space.
        self.role = widgets.RadioButtons(
            description="What is your job?",
            options=[(role.title, role.id) for role in paper.roles],
            value=taker.role or (draft.role if draft.role in known else None),
        )
        self.questions = tuple(
            QuestionBox(number, asked, self._role, changed=self._on_change, judge=judge)
            for number, asked in enumerate(paper.questions, 1)
        )
        self.notices = widgets.HTML("".join(map(alert, notices)))
        self.handed_in = widgets.HTML()
        self.all_on_one = widgets.Checkbox(description="All questions on one page", indent=False)
        self.progress, self.status = widgets.HTML(), widgets.HTML()
        self.back, self.next = widgets.Button(description="Back"), widgets.Button(description="Next")
        self.review = widgets.Button(description="Review and hand in", button_style="primary")
        self.return_ = widgets.Button(description="Go back")
        self.hand_in = widgets.Button(description="Hand in now", button_style="primary")
        self.reviewed, self.sending = widgets.HTML(), widgets.HTML()
        self.receipt, self.sent = widgets.HTML(), widgets.HTML()
        self.again = widgets.Button(description="Back to the questions")
        self.second_look = SecondLookForm(paper, ask, now) if ask and feedback else None

        self._answering = page(
            self.notices,
            self.handed_in,
            *self._feedback(feedback),
            *([] if taker.role else [self.role]),
            self.all_on_one,
            self.progress,
            *self.questions,
            row(self.back, self.next, *([self.review] if send else [])),
            self.status,
        )
        self._reviewing = page(row(self.return_), self.reviewed, self.sending, row(self.hand_in))
        self._done = page(self.receipt, row(self.again), self.sent)
        self.connection = Connection()
        parts = (self._answering, self._reviewing, self._done)
        super().__init__([style(), widgets.HTML(self._head()), self.connection, *parts])
        self.add_class("vqf")

        self._merge(draft)
        self._tell_handed_in(receipts)
        self._tell_saved()
        self._show(self._answering)
        self._turn_to(0)
        self._listen()

    @property
    def _role(self) -> str:
        return self.role.value or ""

    def __repr__(self) -> str:
        return PRESS_RUN

    def _listen(self) -> None:
        self.role.observe(self._on_role, "value")
        self.all_on_one.observe(lambda _: self._turn_to(self._place), "value")
        self.back.on_click(lambda _: self._turn_to(self._place - 1, focus=True))
        self.next.on_click(lambda _: self._turn_to(self._place + 1, focus=True))
        self.review.on_click(self._on_review)
        self.return_.on_click(lambda _: self._show(self._answering))
        self.again.on_click(lambda _: self._show(self._answering))
        self.hand_in.on_click(self._on_hand_in)
        for box in self.questions:
            box.keep.on_click(lambda _, box=box: self._decide(box, take=False))
            box.take.on_click(lambda _, box=box: self._decide(box, take=True))

    def _head(self) -> str:
        role = next((role.title for role in self.paper.roles if role.id == self.taker.role), "")
        who = f"{self.taker.name}, {role}" if role else self.taker.name
        return (
            f"<h2>{escape(self.paper.title)}</h2>"
            f'<p class="soft">{escape(self.paper.company)}. You answer as {escape(who)}.</p>'
        )

    def _feedback(self, html: str) -> list[widgets.Widget]:
        if not html:
            return []
        # The frame runs nothing and sends nothing; the page in it was made from what somebody typed.
        shown = widgets.HTML(
            '<details class="note"><summary>Your feedback is here</summary>'
            f'<iframe sandbox title="Your feedback" srcdoc="{escape(html)}"></iframe></details>'
        )
        return [shown, *([self.second_look] if self.second_look else [])]

    # What was answered

    def draft(self) -> Draft:
        """What is in the form now."""
        # Answers to questions that are not in this paper are not ours to throw away.
        answers = {**self._draft.answers, **{box.asked.id: box.answer for box in self.questions}}
        return replace(self._draft, answers=answers, role=self._role, saved=self._now())

    def leave(self) -> None:
        """Save what is not saved yet and do nothing more: another form takes this one's place."""
        self.autosave.now()
        self.autosave.stop()
        self.layout.display = "none"

    def _on_change(self) -> None:
        self._tell_progress()
        self.autosave.changed()

    def _on_role(self, _: object) -> None:
        for box in self.questions:
            box.set_role(self._role)
        self._on_change()

    def _try_save(self) -> bool:
        draft = self.draft()
        try:
            self._save(draft)
        except (VisionQuizError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self.status.value = alert(
                f"Could not be saved: {why}. Copy your text somewhere safe; saving is tried again."
            )
            return False
        self._draft = draft
        self._tell_saved()
        return True

    def _merge(self, draft: Draft) -> list[QuestionBox]:
        """Take over what the notebook's own boxes hold. Returns the questions where the person must choose."""
        self._draft, self._differing = taking.merge_cells(draft, self._look(), self.paper, self._role)
        for box in self.questions:
            if not box.answer.strip():
                box.set_answer(self._draft.answers.get(box.asked.id, ""))
            if box.asked.id in self._differing:
                box.show_clash(self._differing[box.asked.id])
            else:
                box.hide_clash()
        return [box for box in self.questions if box.asked.id in self._differing]

    def _decide(self, box: QuestionBox, *, take: bool) -> None:
        typed = self._differing.pop(box.asked.id, None)
        if typed is None:
            return
        self._draft = replace(self._draft, cells={**self._draft.cells, box.asked.id: typed})
        if take:
            box.set_answer(typed)
        box.hide_clash()
        self._tell_progress()
        self.autosave.now()

    # What is shown

    def _show(self, shown: widgets.Widget) -> None:
        for one in (self._answering, self._reviewing, self._done):
            one.layout.display = None if one is shown else "none"

    def _turn_to(self, place: int, *, focus: bool = False) -> None:
        """Show the question at `place`, or all of them; with `focus` the keyboard goes there."""
        last = len(self.questions) - 1
        self._place = min(max(place, 0), last)
        everything = self.all_on_one.value
        for number, box in enumerate(self.questions):
            box.layout.display = None if everything or number == self._place else "none"
        self.back.disabled, self.next.disabled = self._place == 0, self._place == last
        for button in (self.back, self.next):
            button.layout.display = "none" if everything or not last else None
        self._tell_progress()
        text = self.questions[self._place].text
        if focus and text is not None:
            text.focus()

    def _tell_progress(self) -> None:
        of = len(self.questions)
        answered = sum(bool(box.answer.strip()) for box in self.questions)
        place = f"{of} questions" if self.all_on_one.value else f"Question {self._place + 1} of {of}"
        self.progress.value = f'<p class="soft" role="status">{place}, {answered} answered</p>'

    def _tell_saved(self) -> None:
        if self._draft.saved is None:
            self.status.value = '<p class="soft">What you type is saved as you go.</p>'
            return
        moment = self._draft.saved.astimezone()
        day = "" if moment.date() == self._now().astimezone().date() else f"on {moment.day} {moment:%B} "
        self.status.value = f'<p class="soft">Saved {day}at {moment:%H:%M:%S}</p>'

    def _tell_handed_in(self, receipts: Sequence[Receipt]) -> None:
        if receipts:
            last = receipts[-1]
            self.handed_in.value = note(
                f"You handed this in on {moment_text(last.submitted)}, receipt code {last.code}. Handing in again "
                "sends a new version. Your trainer has decided which version counts; ask if you are not sure."
            )

    # Handing in

    def _on_review(self, _: object) -> None:
        clashing = self._merge(self.draft())
        saved = self.autosave.now()
        stuck = [*clashing, *(box for box in self.questions if box.too_long)]
        if stuck:
            self._turn_to(self.questions.index(stuck[0]), focus=True)
        if stuck or not saved:
            return
        self._draw_review()
        self._show(self._reviewing)
        self.return_.focus()

    def _draw_review(self) -> None:
        answers = self._draft.answers
        blank = [str(number) for number, box in enumerate(self.questions, 1) if not box.answer.strip()]
        left = f"Not answered: question {', '.join(blank)}. You can hand in all the same." if blank else ""
        shown = "".join(answers_html(self.paper, answers))
        self.reviewed.value = f"<h3>This is what will be sent</h3>{alert(left)}{shown}"
        self.sending.value = ""
        self.hand_in.disabled = self.return_.disabled = False

    def _on_hand_in(self, _: object) -> None:
        if self._hand_over is None or self.hand_in.disabled:
            return
        self.hand_in.disabled = self.return_.disabled = True
        self.sending.value = note("Handing in. This takes a few seconds; please stay here.")
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            asyncio.run(self._finish(self._hand_over))
            return
        # Kept in a name: the loop itself would let go of it.
        self._sending = loop.create_task(self._finish(self._hand_over))

    async def _finish(self, send: Callable[[], Awaitable[Receipt]]) -> None:
        try:
            receipt = await send()
        except (VisionQuizError, OSError) as error:
            self.sending.value = alert(
                f"It was not handed in: {error}. Your answers are kept here. Try again; if that does not help, "
                "tell your trainer what this says."
            )
            return
        finally:
            self.hand_in.disabled = self.return_.disabled = False
        self._draw_receipt(receipt)
        self._tell_handed_in([receipt])
        self._show(self._done)
        self.again.focus()

    def _draw_receipt(self, receipt: Receipt) -> None:
        whole = receipt_html(receipt, self.paper, self.taker.name)
        link = "data:text/html;base64," + base64.b64encode(whole.encode()).decode("ascii")
        self.receipt.value = (
            '<div class="note" role="status"><h3>Handed in</h3>'
            f"<p>Received on {moment_text(receipt.submitted)}.</p>"
            f'<p>Your receipt code: <span class="code">{escape(receipt.code)}</span></p>'
            f'<p><a download="receipt-{escape(receipt.code)}.html" href="{link}">Keep this receipt as a file</a></p>'
            "</div>"
        )
        self.sent.value = f"<h3>This was sent</h3>{''.join(answers_html(self.paper, receipt.answers))}"


_shown: dict[str, CheckForm] = {}
"""The form of each check that is on the page."""


def show_check(quiz: str) -> widgets.Widget:
    """The form of the check whose notebook this is called from, with what was typed before."""
    if quiz in _shown:
        # Run was pressed again: the former form must not save over what is typed into the new one.
        _shown.pop(quiz).leave()
    try:
        desk = taking.open_desk(quiz)
    except VisionQuizError as error:
        return page(style(), widgets.HTML(alert(str(error)))).add_class("vqf")
    draft, message = taking.load_draft(desk)
    receipts = taking.list_receipts(desk)
    returned = taking.read_feedback(desk, receipts)
    _shown[quiz] = CheckForm(
        desk.paper,
        desk.taker,
        draft,
        save=lambda draft: taking.save_draft(desk, draft),
        send=lambda: taking.hand_in_apart(desk),
        look=lambda: taking.read_cells(desk),
        receipts=receipts,
        feedback=returned[1] if returned else "",
        ask=lambda question, reason, now: taking.ask_second_look(desk, question, reason, now),
        notices=[message] if message else [],
    )
    return _shown[quiz]
