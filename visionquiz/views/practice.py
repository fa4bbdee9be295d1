"""Practice for a learner: the statement with words that fade, and today's short recall.

Both views do no I/O: `load` tells what was recalled so far and what there is to say about it, `save` keeps it and
raises where it cannot, `judge` grades a recall.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets

from visionquiz.grading import Grade
from visionquiz.practice import Item, Practice, add_recall, fade_steps, fade_words, plan_next, practice_items
from visionquiz.views import _fading, words
from visionquiz.views._connection import Connection
from visionquiz.views._fading import FadingLine
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views._recall import AID, Judge, RecallBox, name_day
from visionquiz.vision import Vision

__all__ = ["FadingView", "TodayView", "show_fading", "show_today"]

PRESS_RUN = "Press the Run button (or Shift and Enter) to practise."
"""What stands in place of a view where none can be drawn, such as in a saved notebook."""

LOST = "The connection was lost, so nothing is checked or kept any more. Press the Run button above to go on."

Load = Callable[[], tuple[Practice, str]]
Save = Callable[[Practice], None]


def _here_and_now() -> dt.datetime:
    return dt.datetime.now().astimezone()


class _PracticeView(widgets.VBox):
    """What both views share: the history, and a recall that goes into it."""

    def __init__(self, items: Sequence[Item], *, judge: Judge, load: Load, save: Save, now: Callable[[], dt.datetime]):
        self._items, self._load, self._save, self._now = tuple(items), load, save, now
        self.notices = widgets.HTML()
        self.recall = RecallBox(judge, self._keep)
        self.connection = Connection()
        self.connection.lost = LOST
        super().__init__()
        self.add_class("vqf")

    def _fill(self, *parts: widgets.Widget) -> None:
        self.children = [style(words.CSS + _fading.CSS), *parts]

    def __repr__(self) -> str:
        return PRESS_RUN

    def _history(self) -> Practice:
        """What is kept now; another view may have kept something meanwhile."""
        practice, message = self._load()
        if message:
            self.notices.value = alert(message)
        return practice

    def _keep(self, grade: Grade) -> str:
        now = self._now()
        practice = add_recall(self._history(), grade, now)
        self._save(practice)
        day = plan_next(practice, now, self._items).days[grade.id]
        return f"It comes back {name_day(day, now.date())}. {AID}"


class FadingView(_PracticeView):
    """A statement whose words fade step by step until it is written from memory."""

    def __init__(
        self,
        statement: Item,
        *,
        judge: Judge,
        load: Load,
        save: Save,
        now: Callable[[], dt.datetime] = _here_and_now,
        seed: int = 1,
    ) -> None:
        super().__init__([statement], judge=judge, load=load, save=save, now=now)
        self._statement, self._seed = statement, seed
        self.step = 0
        self.line = FadingLine(changed=self._tell, done=lambda: self.more.focus())
        self.progress, self.status = widgets.HTML(), widgets.HTML()
        self.more = widgets.Button(description="Fade more", button_style="primary")
        self.less = widgets.Button(description="Show more")
        self.show = widgets.Button(description="Show the words")
        self.skip = widgets.Button(description="Write it from memory")
        self.back = widgets.Button(description="Back to the words")
        head = (
            "<h2>Learn the vision by heart</h2><p>Read it aloud once. Then let words fade: type what is hidden, or say "
            "it aloud and press “Show the words”. At the end you write all of it from memory; only that is kept.</p>"
            '<p class="soft">By keyboard: Tab moves on, Enter goes to the next box, Space presses a button.</p>'
        )
        self._fading = page(self.progress, self.line, self.status, row(self.more, self.less, self.show), row(self.skip))
        self._recalling = page(self.recall, row(self.back))
        self._fill(widgets.HTML(head), self.notices, self.connection, self._fading, self._recalling)
        self.more.on_click(lambda _: self._turn_to(self.step + 1))
        self.less.on_click(lambda _: self._turn_to(self.step - 1))
        self.skip.on_click(lambda _: self._turn_to(self._last + 1))
        self.back.on_click(lambda _: self._turn_to(min(self.step, self._last)))
        self.show.on_click(lambda _: self._on_show())
        self._turn_to(0, focus=False)

    @property
    def _last(self) -> int:
        return fade_steps(self._statement.answer)

    def _turn_to(self, step: int, *, focus: bool = True) -> None:
        """Show a step of fading; after the last one comes the recall."""
        self.step = min(max(step, 0), self._last + 1)
        recalling = self.step > self._last
        self._fading.layout.display = "none" if recalling else None
        self._recalling.layout.display = None if recalling else "none"
        if recalling:
            self.recall.ask(self._statement)
            self.recall.text.focus()
            return
        self.line.show(self._statement.answer, fade_words(self._statement.answer, self.step, self._seed))
        self.less.disabled = self.show.disabled = self.step == 0
        self.more.description = "Fade more" if self.step < self._last else "Now from memory"
        self.skip.layout.display = None if self.step < self._last else "none"
        self._tell()
        if focus and self.step:
            self.line.focus()
        elif focus:
            self.more.focus()

    def _on_show(self) -> None:
        self.line.shown = not self.line.shown
        self._tell()

    def _tell(self) -> None:
        hidden = sum(bool(piece["hidden"]) for piece in self.line.pieces)
        words_ = "word" if hidden == 1 else "words"
        told = f"{hidden} {words_} hidden" if hidden else "all of it is shown"
        self.progress.value = f'<p class="soft" role="status">Step {self.step} of {self._last}: {told}</p>'
        self.show.description = "Hide the words" if self.line.shown else "Show the words"
        right = "The hidden word is right." if hidden == 1 else f"All {hidden} hidden words are right."
        self.status.value = note(f"{right} Go on.") if self.line.is_right and not self.line.shown else ""


class TodayView(_PracticeView):
    """What comes back today, one item at a time, from memory; or when there is something again."""

    def __init__(
        self,
        items: Sequence[Item],
        *,
        judge: Judge,
        load: Load,
        save: Save,
        now: Callable[[], dt.datetime] = _here_and_now,
    ) -> None:
        super().__init__(items, judge=judge, load=load, save=save, now=now)
        self.head = widgets.HTML()
        self.next = widgets.Button(description="Go on", button_style="primary")
        self._after = row(self.next)
        self.next.on_click(lambda _: self._draw(focus=True))
        self._fill(self.head, self.notices, self.connection, self.recall, self._after)
        self.recall.result.observe(lambda _: self._tell_after(), "value")
        self._draw()

    def _draw(self, *, focus: bool = False) -> None:
        now = self._now()
        plan = plan_next(self._history(), now, self._items)
        self.recall.layout.display = None if plan.due else "none"
        if plan.due:
            left = "one thing" if len(plan.due) == 1 else f"{len(plan.due)} things"
            self.head.value = (
                f'<h2>Today\'s recall</h2><p role="status">There {"is" if len(plan.due) == 1 else "are"} {left} to '
                "recall, from memory, without looking it up. Take all the time that you need.</p>"
            )
            self.recall.ask(plan.due[0])
            if focus:
                self.recall.text.focus()
        else:
            self.recall.result.value = ""
            later = f" The next recall is {name_day(plan.next_day, now.date())}." if plan.next_day else ""
            self.head.value = (
                f'<h2>Today\'s recall</h2><div role="status"><p><strong>Nothing today.</strong>{escape(later)}</p>'
                f'<p class="soft">{AID}</p></div>'
            )
        self._tell_after()

    def _tell_after(self) -> None:
        self._after.layout.display = None if self.recall.is_checked else "none"


def show_fading(vision: Vision, folder: str = ".", now: Callable[[], dt.datetime] = _here_and_now) -> FadingView:
    """The statement of a vision to learn by heart; what is recalled is kept in `folder`."""
    load, save, judge = _keep_in(folder, vision)
    # Other words fade first tomorrow.
    seed = now().toordinal()
    return FadingView(practice_items(vision)[0], judge=judge, load=load, save=save, now=now, seed=seed)


def show_today(vision: Vision, folder: str = ".", now: Callable[[], dt.datetime] = _here_and_now) -> TodayView:
    """Today's recall of a vision, by what is kept in `folder`."""
    load, save, judge = _keep_in(folder, vision)
    return TodayView(practice_items(vision), judge=judge, load=load, save=save, now=now)


def _keep_in(folder: str, vision: Vision) -> tuple[Load, Save, Judge]:
    from visionquiz.learner import load_practice, save_practice
    from visionquiz.practice import grade_recall

    return (
        lambda: load_practice(folder),
        lambda practice: save_practice(practice, folder),
        lambda item, text: grade_recall(item, text, vision),
    )
