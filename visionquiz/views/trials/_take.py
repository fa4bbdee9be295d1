"""A test of drafts as whoever takes part meets it: an invitation, the form for the draft they were given, thanks."""

import hashlib
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.piloting import KINDS, LATER, NOW, DraftTest, DraftTests
from visionquiz.trials import Draft
from visionquiz.trials.ratings import QUESTIONS, SCALE
from visionquiz.views._connection import Connection
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.trial import CSS as TRIAL_CSS
from visionquiz.views.trial import NOT_SAVED, RecallTrialForm

__all__ = ["CSS", "AnswerForm", "TakeView"]

CSS = """
.vqf .widget-radio { margin: .8rem 0 0; }
.vqf .vqf { padding: 0; }
.vqf details, .vqf .results h2 { margin-top: .8rem; }
"""

NONE = (
    "<h2>Test the drafts</h2><p>No test is open for you at the moment. Your trainer begins one; it then comes up here "
    "by itself.</p>"
)
THANKS = "Thank you. Your answer has been kept, without your name. There is nothing more to do here for now."
PRIVATE = (
    "Your answer is kept without your name, and results are only shown for groups of five people or more. You can "
    "take part once. Whether you do is up to you."
)
CLOSED = "This test was closed meanwhile, so it takes no more answers. Thank you all the same."


class TakeView(widgets.VBox):
    """The test that is open, or a recall that is due, for one person; ``refresh()`` after changes in the store."""

    def __init__(self, tests: DraftTests) -> None:
        self._tests = tests
        self._state: tuple[str, str] = ("", "")
        self.form: RecallTrialForm | AnswerForm | None = None
        """What the person has before them; None where there is nothing to fill in."""
        self.told, self.head = widgets.HTML(), widgets.HTML()
        self.go = widgets.Button(description="Take part", button_style="primary")
        self.go.on_click(self._on_go)
        self._go_row = row(self.go)
        self.place = page()
        super().__init__([style(TRIAL_CSS + CSS), self.told, self.head, self._go_row, self.place])
        self.add_class("vqf")
        self.refresh()

    def __repr__(self) -> str:
        return "Press Run to take part."

    def refresh(self) -> None:
        """Show what this person can do now; what they are at work on stays."""
        state, test = self._look()
        before, self._state = self._state, (state, test.id if test else "")
        if self._state == before:
            return
        if before[0] in ("task", "later") and self.form is not None and not self.form_done:
            if state == "none":  # typed words do not vanish before somebody's eyes
                self.told.value = alert(CLOSED)
                return
        elif state == "done" and before == ("task", self._state[1]):
            return  # the form has said thanks
        self._draw(state, test)

    @property
    def form_done(self) -> bool:
        """Whether what was before the person last has been handed in."""
        return self.form is not None and self.form.step == "done"

    def _look(self) -> tuple[str, DraftTest | None]:
        """What there is to do, and for which test: later, invite, task, done or none."""
        due = self._tests.due()
        if due:
            return "later", due[0]
        test = self._tests.open_test()
        if test is None:
            return "none", None
        if self._tests.has_answered(test.id):
            return "done", test
        return "task" if self._tests.arm(test.id) else "invite", test

    def _draw(self, state: str, test: DraftTest | None) -> None:
        thanked = self.form_done
        self.form = None
        self.place.children = ()
        self._go_row.layout.display = None if state == "invite" else "none"
        self.told.value = note(THANKS) if thanked or state == "done" else ""
        self.head.value = NONE if test is None else ""
        if test is None:
            return
        kind = KINDS[test.kind]
        if state == "invite":
            self.head.value = f"<h2>A test of drafts is open</h2><p>{escape(kind.task)}</p><p>{PRIVATE}</p>"
        elif state == "done":
            self.head.value = "<h2>Test the drafts</h2>"
        elif state == "later":
            self.head.value = (
                "<p>Some days ago you read a draft here. Please do not look it up: what counts is what has stayed in "
                "mind.</p>"
            )
            arm = self._tests.arm(test.id) or ""
            self.form = RecallTrialForm(test.recall, arm, save=self._save(test, LATER), later=True)
        else:
            self.form = self._make_form(test, self._tests.arm(test.id) or "")
        if self.form is not None:
            self.place.children = [self.form]

    def _make_form(self, test: DraftTest, arm: str) -> "RecallTrialForm | AnswerForm":
        if test.kind == "recall":
            return RecallTrialForm(
                test.recall, arm, save=self._save(test, NOW), read=lambda: self._tests.note_read(test.id),
                later=self._tests.has_read(test.id),
            )  # fmt: skip
        read = test.kind != "decision" or self._tests.has_read(test.id)
        return AnswerForm(
            test, test.draft(arm), who=self._tests.who, save=lambda answer: self._tests.answer(test.id, answer),
            read=lambda: self._tests.note_read(test.id), has_read=read,
        )  # fmt: skip

    def _save(self, test: DraftTest, occasion: str) -> Callable[[str], None]:
        return lambda text: self._tests.answer(test.id, {"text": text}, occasion=occasion)

    def _on_go(self, _: object) -> None:
        test = self._tests.open_test()
        try:
            if test:
                self._tests.join(test.id)
        except VisionQuizError as error:
            self.told.value = alert(str(error))
            return
        self.refresh()


class AnswerForm(widgets.VBox):
    """One draft, or none, and what is asked of it; ``step`` is read, answer or done. It does no I/O: `save` takes the
    answer, and raises where it cannot be kept; `read` is called once a draft that is taken away has been read.
    """

    def __init__(
        self,
        test: DraftTest,
        draft: Draft | None,
        *,
        who: str,
        save: Callable[[Mapping[str, Any]], None],
        read: Callable[[], None] = lambda: None,
        has_read: bool = True,
    ) -> None:
        self.test, self._who, self._save, self._read = test, who, save, read
        self.fields: dict[str, widgets.Widget] = {}
        """What is filled in, by what it is for."""
        self.shown, self.status, self.done = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.on = widgets.Button(description="I have read it", button_style="primary")
        self.send = widgets.Button(description="Hand in", button_style="primary")
        self.again = widgets.Button(description="I have seen something else, too")
        self.connection = Connection()
        self._parts = {
            "read": page(self.shown, row(self.on)),
            "answer": page(*self._ask(draft), self.status, row(self.send)),
            "done": page(self.done, *([row(self.again)] if test.kind == "observation" else [])),
        }
        super().__init__([self.connection, *self._parts.values()])
        self.on.on_click(self._on_read)
        self.send.on_click(self._on_send)
        self.again.on_click(self._on_again)
        if draft is not None and not has_read:
            self.shown.value = (
                "<h2>Read this first</h2><p>This is a draft of how we want to serve people. On the next page it will "
                f"be gone.</p>{_draft(draft.text)}"
            )
            self._show("read")
        else:
            self._show("answer")

    def _show(self, step: str) -> None:
        self.step = step
        for name, part in self._parts.items():
            part.layout.display = None if name == step else "none"

    def _ask(self, draft: Draft | None) -> list[widgets.Widget]:
        """What is asked, in order; fills `fields`."""
        kind = self.test.kind
        if kind == "decision":
            return self._ask_decisions()
        text = draft.text if draft else ""
        if kind == "meaning":
            self.fields["text"] = widgets.Textarea(description="What does it ask of people? Say it in your own words.")
            told = "<h2>Explain it to somebody new</h2><p>Imagine a new colleague who asks what this means.</p>"
            return [widgets.HTML(told + _draft(text)), self.fields["text"]]
        if kind == "observation":
            self.fields["contact"] = widgets.Text(description="A word for what you saw, such as 'call 10:05'")
            self.fields["lived"] = _yes_or_no("Did what you saw fit the draft?")
            told = (
                "<h2>Did what you saw today fit?</h2><p>Think of one call, visit or email that you saw today, your own "
                "or somebody else's. If a colleague saw it too, both use the same word for it. Please name no "
                "person.</p>"
            )
            return [widgets.HTML(told + _draft(text)), self.fields["contact"], self.fields["lived"]]
        if kind == "swap" and draft:
            swap = self.test.swap(draft)
            self.fields["just_as_true"] = _yes_or_no(swap.question)
            told = "<h2>Would it fit somebody else?</h2><p>This is a draft with another company's name on it.</p>"
            return [widgets.HTML(told + _draft(swap.swapped)), self.fields["just_as_true"]]
        scale = [(name, number) for number, name in enumerate(SCALE, 1)]
        for name, question in QUESTIONS.items():
            self.fields[name] = widgets.RadioButtons(description=question, options=scale, value=None)
        roles = [(title, ident) for ident, title in self.test.roles.items()]
        self.fields["role"] = widgets.Dropdown(
            description="Your role", options=[*roles, ("Another role, or I do not say", "")], value=""
        )
        return [widgets.HTML(f"<h2>How true is it?</h2>{_draft(text)}"), *self.fields.values()]

    def _ask_decisions(self) -> list[widgets.Widget]:
        parts: list[widgets.Widget] = [widgets.HTML("<h2>What would you do?</h2>")]
        for number, one in enumerate(self.test.scenarios, 1):
            # Each person meets the options in another order: the best one often comes first in the file.
            order = sorted((self._chance(one.id, place), place) for place in range(len(one.options)))
            self.fields[one.id] = widgets.RadioButtons(
                description=f"Situation {number}: what comes closest to what you would do?",
                options=[(one.options[place].text, place) for _, place in order],
                value=None,
            )
            told = f"<h3>{number}. {escape(one.title)}</h3><p>{escape(one.situation)}</p>"
            parts += [widgets.HTML(told), self.fields[one.id]]
        return parts

    def _chance(self, ident: str, place: int) -> bytes:
        return hashlib.sha256(f"{self._who} {ident} {place}".encode("utf-8", "backslashreplace")).digest()

    @property
    def answer(self) -> dict[str, Any]:
        """What would be handed in now."""
        given = {name: field.value for name, field in self.fields.items()}
        return {"choices": given} if self.test.kind == "decision" else given

    def _on_read(self, _: object) -> None:
        try:
            self._read()
        except (VisionQuizError, OSError) as error:
            self.shown.value += alert(f"It cannot go on yet: {error}. Please try again.")
            return
        # Not hidden but gone: whoever searches the page must not find it.
        self.shown.value = ""
        self._show("answer")
        next(iter(self.fields.values())).focus()

    def _on_send(self, _: object) -> None:
        if self.step != "answer":
            return
        self.status.value = ""
        try:
            self._save(self.answer)
        except VisionQuizError as error:
            self.status.value = alert(str(error))
            return
        except OSError as error:
            self.status.value = alert(NOT_SAVED.format(why=error.strerror or error))
            return
        more = " You can answer for something else that you saw." if self.test.kind == "observation" else ""
        self.done.value = note(f"Thank you. Your answer has been kept, without your name.{more}")
        self._show("done")
        if more:
            self.again.focus()

    def _on_again(self, _: object) -> None:
        self.fields["contact"].value = ""
        self.fields["lived"].value = None
        self._show("answer")
        self.fields["contact"].focus()


def _yes_or_no(question: str) -> widgets.RadioButtons:
    return widgets.RadioButtons(description=question, options=[("Yes", True), ("No", False)], value=None)


def _draft(text: str) -> str:
    return f'<div class="draft">{escape(text)}</div>'
