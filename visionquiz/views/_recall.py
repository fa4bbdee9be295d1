"""One recall from memory: a box to write into, and at once what came of it and when it comes back."""

import datetime as dt
from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.grading import LEVELS, Grade
from visionquiz.practice import Item
from visionquiz.submission import storable
from visionquiz.text import READ_LIMIT
from visionquiz.views._parts import alert, note, page, row
from visionquiz.views.words import words_html

__all__ = ["AID", "Judge", "RecallBox", "name_day"]

Judge = Callable[[Item, str], Grade]
"""What a recall of an item is worth."""

AID = "This is a planning aid: forgetting differs from person to person."


class RecallBox(widgets.VBox):
    """An item to recall. `keep` notes what came of it and says in words when the item comes back; it may raise.

    Once it was checked the box is put away, for the answer is on the screen; `again` brings an empty one.
    """

    def __init__(self, judge: Judge, keep: Callable[[Grade], str]) -> None:
        self._judge, self._keep = judge, keep
        self.item: Item | None = None
        self.grade: Grade | None = None
        self.text = widgets.Textarea(rows=4, placeholder="")
        self.check = widgets.Button(description="Check", button_style="primary")
        self.pass_ = widgets.Button(description="I do not remember it")
        self.again = widgets.Button(description="Try again from memory")
        self.message, self.verdict, self.result = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.check.on_click(lambda _: self._on_check())
        self.pass_.on_click(lambda _: self._on_pass())
        self.again.on_click(lambda _: self._on_again())
        self._asking = page(self.text, row(self.check, self.pass_))
        # The keyboard goes to `again`, so it stands above what is long: the verdict stays in sight on a phone.
        self._told = page(self.verdict, row(self.again), self.result)
        super().__init__([self._asking, self.message, self._told])

    @property
    def is_checked(self) -> bool:
        """Whether the answer is on the screen."""
        return bool(self.result.value)

    def ask(self, item: Item) -> None:
        """Ask for an item, with an empty box."""
        self.item = item
        # The description is the box's real label, so screen readers say the question.
        self.text.description = item.prompt
        self.text.value = self.message.value = self.verdict.value = self.result.value = ""
        self._lock(False)

    def _lock(self, locked: bool) -> None:
        self.text.disabled = self.check.disabled = self.pass_.disabled = locked
        self._asking.layout.display = "none" if self.is_checked else None
        self._told.layout.display = None if self.is_checked else "none"

    def _on_again(self) -> None:
        if self.item:
            self.ask(self.item)
            self.text.focus()

    def _on_check(self) -> None:
        if not self.text.value.strip():
            self.message.value = alert("Nothing is written yet. Write what you remember, also if it is only a part.")
            self.text.focus()
            return
        self._grade(storable(self.text.value)[:READ_LIMIT])

    def _on_pass(self) -> None:
        self.text.value = ""
        self._grade("")

    def _grade(self, text: str) -> None:
        if self.item is None or self.check.disabled:
            return
        self._lock(True)
        self.message.value = note("Reading what you wrote. The first time this takes some seconds.") if text else ""
        try:
            grade = self._judge(self.item, text)
        except VisionQuizError as error:
            self.message.value = alert(f"It could not be graded: {error}. Try again.")
            self._lock(False)
            return
        try:
            kept = f'<p class="soft">{escape(self._keep(grade))}</p>'
        except (VisionQuizError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            kept = alert(f"This recall could not be kept: {why}. What it says here is right all the same.")
        self.message.value = ""
        self.grade = grade
        self.verdict.value = _verdict_html(self.item, grade, text)
        self.result.value = _result_html(self.item, grade, text) + kept
        self._lock(True)
        self.again.focus()


def _verdict_html(item: Item, grade: Grade, text: str) -> str:
    level = LEVELS[grade.level or 0].capitalize()
    reason = grade.reason if text.strip() else "Nothing came back this time. Read it aloud once, then try again."
    told = f'<div class="note" role="status"><strong>{level}.</strong> {escape(reason)}</div>'
    return f"<h3>{escape(item.prompt)}</h3>{told}"


def _result_html(item: Item, grade: Grade, text: str) -> str:
    if item.kind == "state":
        return words_html(item.answer, grade.judgements, text)
    wrote = f'<p>You wrote:</p><div class="typed" dir="auto">{escape(text)}</div>' if text.strip() else ""
    return f'<p>Your trainer puts it like this:</p><div class="typed" dir="auto">{escape(item.answer)}</div>{wrote}'


def name_day(day: dt.date, today: dt.date) -> str:
    """A day as people say it, such as ``tomorrow, Sunday 29 November``, ``in 11 days, on Wednesday 9 December``."""
    away = (day - today).days
    year = f" {day.year}" if day.year != today.year else ""
    named = f"{day:%A} {day.day} {day:%B}{year}"
    if away <= 1:
        return f"{'tomorrow' if away == 1 else 'today'}, {named}"
    return f"in {away} days, on {named}"
