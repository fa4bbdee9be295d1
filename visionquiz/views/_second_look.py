"""Below the feedback: asking the trainer to look at one answer again."""

import datetime as dt
from collections.abc import Callable

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.paper import Paper
from visionquiz.submission import REASON_LIMIT
from visionquiz.views._parts import alert, note, row

__all__ = ["SecondLookForm"]


class SecondLookForm(widgets.VBox):
    """Which question, and why. `ask` takes both and the moment, and raises where it could not be asked."""

    def __init__(
        self, paper: Paper, ask: Callable[[str, str, dt.datetime], None], now: Callable[[], dt.datetime]
    ) -> None:
        self._ask = ask
        self._now = now
        asked = [(f"{number}. {one.prompt}", one.id) for number, one in enumerate(paper.questions, 1)]
        self.question = widgets.RadioButtons(
            description="Ask for a second look: which question?", options=asked, value=None
        )
        self.reason = widgets.Textarea(description=f"Why? (at most {REASON_LIMIT:,} characters)", rows=4)
        self.button = widgets.Button(description="Ask for a second look")
        self.button.on_click(self._on_ask)
        self.answer = widgets.HTML()
        super().__init__([self.question, self.reason, row(self.button), self.answer])

    def _on_ask(self, _: object) -> None:
        if not self.question.value:
            self.answer.value = alert("Choose the question first.")
            return
        reason = self.reason.value.strip()
        if not reason:
            self.answer.value = alert("Say why first: one sentence is enough.")
            return
        if len(reason) > REASON_LIMIT:
            self.answer.value = alert(f"That is {len(reason):,} characters; at most {REASON_LIMIT:,} can be sent.")
            return
        try:
            self._ask(self.question.value, reason, self._now())
        except VisionQuizError as error:
            self.answer.value = alert(f"It could not be sent: {error}. Try again later, or tell your trainer.")
            return
        self.reason.value = ""
        self.answer.value = note("Sent. Your trainer will look at this answer again.")
