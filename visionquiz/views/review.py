"""The trainer's view of what is left to look at: one answer at a time, by keys or buttons, and each step back again."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.reviewing import CaseGroup, Choice, Decision, choices, decide, open_review, take_back, trainer_login
from visionquiz.views._case import CSS, case_html, reason_html, vision_html
from visionquiz.views._parts import alert, note, row, style
from visionquiz.vision import Vision

__all__ = ["ReviewView", "show_review"]

PRESS_RUN = "Press Run to see the answers that are left to look at."
"""What stands in place of the view in a saved notebook: no answer of anybody."""

KEYS = "Keys: 0-3 level, a agree, s skip, u undo, c comment (Tab comes back)"

REPEAT = 0.3
"""Seconds for which a key that is held down counts once: nobody has read the next answer by then."""


@dataclass(frozen=True)
class _Step:
    """Something that can be undone: a decision, or a skip where there is none."""

    group: CaseGroup
    typed: str
    decision: Decision | None = None


class ReviewView(widgets.VBox):
    """One group of answers at a time. `decide` writes a decision and `undo` takes it back; both raise where they
    cannot, and then everything stays as it is. It does no I/O of its own.
    """

    def __init__(
        self,
        groups: Sequence[CaseGroup],
        vision: Vision,
        *,
        decide: Callable[[Decision], None],
        undo: Callable[[Decision], None],
        quiz: str = "QUIZ",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue, self._done, self._steps = list(groups), 0, list[_Step]()
        self._decide_all, self._undo, self._quiz, self._clock = decide, undo, quiz, clock
        self._typed: dict[CaseGroup, str] = {}
        """What was typed for answers that were skipped."""
        self._before, self._last = "", ("", float("-inf"))

        self.progress, self.shown, self.reason, self.status = (widgets.HTML() for _ in range(4))
        self.vision = widgets.HTML(vision_html(vision))
        # Sent when it is left: while it is typed, the browser holds text back, and a key could overtake it.
        self.comment = widgets.Textarea(continuous_update=False)
        self.key_box = widgets.Text(description=KEYS)
        self.key_box.add_class("vqr-keys")
        most = max((len(choices(group.first)) for group in groups), default=0)
        self.levels = tuple(widgets.Button() for _ in range(most))
        self.agree, self.skip = widgets.Button(), widgets.Button(description="Skip")
        self.undo = widgets.Button(description="Undo")
        self.split = widgets.Button(description="Look at each by itself")
        given = row(*self.levels)
        self._asking = [given, self.agree, self.skip, self.split, self.comment, self.reason, self.vision]
        # What is read and what is done about it on one screen, the long reason below. Tab goes from comment to keys.
        does = row(self.agree, self.skip, self.undo, self.split)
        super().__init__(
            [
                style(CSS),
                self.progress,
                self.shown,
                given,
                does,
                self.comment,
                self.key_box,
                self.status,
                self.reason,
                self.vision,
            ]
        )
        self.add_class("vqf").add_class("vqr")
        self._listen()
        self._draw()

    def __repr__(self) -> str:
        return PRESS_RUN

    @property
    def group(self) -> CaseGroup | None:
        """What is shown; None where nothing is left."""
        return self._queue[0] if self._queue else None

    def _listen(self) -> None:
        self.key_box.observe(self._on_keys, "value")
        for place, button in enumerate(self.levels):
            button.on_click(lambda _, place=place: self._by_button(lambda: self._give(place)))
        for button, act in (
            (self.agree, self._agree),
            (self.skip, self._skip),
            (self.undo, self._take_back),
            (self.split, self._split),
        ):
            button.on_click(lambda _, act=act: self._by_button(act))

    # Keys and buttons

    def _by_button(self, act: Callable[[], None]) -> None:
        act()
        # A letter typed on a button is one of JupyterLab's own commands, such as to delete the cell.
        self.key_box.focus()

    def _on_keys(self, change: Mapping[str, str]) -> None:
        typed = change["new"]
        if not typed:
            return
        # The box is emptied after each key. What comes before the browser knows that was typed without seeing the next
        # answer, and so was what a held key sends.
        self.key_box.value = ""
        now = self._clock()
        held = self._last[0] == typed and now - self._last[1] < REPEAT
        self._last = typed, now
        if len(typed.strip()) == 1 and not held:
            self._press(typed.strip().lower())

    def _press(self, key: str) -> None:
        given = self._choices()
        acts = {"a": self._agree, "s": self._skip, "u": self._take_back, "c": self.comment.focus}
        if key in acts:
            acts[key]()
            return
        place = next((place for place, choice in enumerate(given) if choice.key == key), None)
        if place is None:
            self._tell(note(f"The key {key} does nothing here."))
        else:
            self._give(place)

    def _choices(self) -> Sequence[Choice]:
        return choices(self.group.first) if self.group and not self.group.first.problem else ()

    # What a trainer does

    def _give(self, place: int) -> None:
        given = self._choices()
        if place < len(given):
            self._write(given[place].score, given[place].label)

    def _agree(self) -> None:
        if self.group and not self.group.first.problem and self.group.first.proposal is not None:
            self._write(self.group.first.proposal, "as proposed")

    def _write(self, score: float, name: str) -> None:
        group = self.group
        if group is None:
            return
        typed = self.comment.value
        if group.first.looks and not typed.strip():
            self._tell(alert("Write your answer to the employee first; then give the level."))
            self.comment.focus()
            return
        changed = typed.strip() != _comment(group)
        decision = Decision(
            cases=group.cases,
            score=score,
            comment=typed.strip() if changed and not group.first.looks else None,
            answer=typed.strip() if group.first.looks else "",
        )
        if not self._try(lambda: self._decide_all(decision), "It was not saved"):
            return
        self._steps.append(_Step(group, typed, decision))
        self._queue.pop(0)
        self._done += 1
        self._typed.pop(group, None)
        self._draw()
        count = len(group.cases)
        self._tell(note(f"Saved: {name}{f', for {count} people' if count > 1 else ''}. Undo takes it back."))

    def _skip(self) -> None:
        if self.group is None:
            return
        group = self._queue.pop(0)
        self._queue.append(group)
        self._typed[group] = self.comment.value
        self._steps.append(_Step(group, self.comment.value))
        self._draw()
        alone = len(self._queue) == 1
        self._tell(note("This is the only one left." if alone else "Skipped; it comes again at the end."))

    def _take_back(self) -> None:
        if not self._steps:
            self._tell(note("There is nothing to undo."))
            return
        step = self._steps[-1]
        decision = step.decision
        if decision and not self._try(lambda: self._undo(decision), "It could not be undone"):
            return
        self._steps.pop()
        if decision:
            self._done -= 1
        else:
            self._queue.remove(step.group)
        self._queue.insert(0, step.group)
        self._typed[step.group] = step.typed
        self._draw()
        self._tell(note("Undone; the answer is back." if decision else "Here is the answer that you skipped."))

    def _split(self) -> None:
        if self.group and len(self.group.cases) > 1:
            group = self._queue.pop(0)
            self._queue[:0] = [CaseGroup(cases=(case,)) for case in group.cases]
            # What was skipped or decided before can be undone; this group is no more.
            self._steps = [step for step in self._steps if step.group != group]
            self._draw()
            self._tell(note(f"These are {len(group.cases)} answers now, one by one."))

    def _try(self, act: Callable[[], None], what: str) -> bool:
        try:
            act()
        except (VisionQuizError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._tell(alert(f"{what}: {why}."))
            return False
        return True

    # What is shown

    def _tell(self, html: str) -> None:
        self.status.value = html

    def _draw(self) -> None:
        group = self.group
        for one in self._asking:
            one.layout.display = None if group else "none"
        self.undo.disabled = not self._steps
        self._tell("")
        self.key_box.focus()
        if group is None:
            self.progress.value = ""
            self.shown.value = _nothing_left(self._done, self._quiz)
            return
        of = self._done + len(self._queue)
        self.progress.value = (
            f'<p class="soft" role="status">Answer {self._done + 1} of {of}, {len(self._queue) - 1} left</p>'
        )
        self.shown.value = case_html(group)
        self.reason.value = reason_html(group.first)
        self._draw_buttons(group)
        looked = bool(group.first.looks)
        self.comment.description = (
            "Your answer to the employee (needed)" if looked else "Comment for the employee, if you like"
        )
        self.comment.value = self._typed.get(group, "" if looked else _comment(group))

    def _draw_buttons(self, group: CaseGroup) -> None:
        given, one = self._choices(), group.first
        for place, button in enumerate(self.levels):
            button.layout.display = None if place < len(given) else "none"
            if place < len(given):
                colon = ":" if one.question.kind == "scenario" else ""
                button.description = f"{given[place].key}{colon} {given[place].label}"
                button.remove_class("proposed")
                if one.proposal is not None and abs(one.proposal - given[place].score) < 0.01:
                    button.add_class("proposed")
        self.agree.description = "Agree with the grader" if one.given is None else "Keep the score"
        self.agree.disabled = bool(one.problem) or one.proposal is None
        self.comment.disabled = bool(one.problem)
        self.split.layout.display = None if len(group.cases) > 1 else "none"


def _comment(group: CaseGroup) -> str:
    """The comment so far; ``""`` where people have different ones, which stay then."""
    found = {case.comment for case in group.cases}
    return found.pop() if len(found) == 1 else ""


def _nothing_left(done: int, quiz: str) -> str:
    told = "" if not done else f"<p>You decided on {'one answer' if done == 1 else f'{done} answers'}.</p>"
    return (
        f'<div role="status"><h2>Nothing is left to look at.</h2>{told}<p>Now employees can have their pages: '
        f"<code>visionquiz feedback {escape(quiz)}</code>. For managers: <code>visionquiz publish</code>.</p></div>"
    )


class _Place(widgets.VBox):
    """Where the view stands; what a saved notebook keeps of it holds no answer."""

    def __repr__(self) -> str:
        return PRESS_RUN


def show_review(quiz_id: str | None = None) -> None:
    """Show what is left to look at in a check of the course that the notebook lies in."""
    from IPython.display import display

    told = widgets.HTML()
    place = _Place([style(CSS), told])
    place.add_class("vqf").add_class("vqr")

    def progress(done: int, of: int) -> None:
        told.value = f'<p class="soft" role="status">Reading the answers: {done} of {of}</p>'

    told.value = '<p class="soft" role="status">Reading the answers</p>'
    display(place)  # type: ignore[no-untyped-call]
    try:
        review = open_review(quiz_id, progress)
    except (VisionQuizError, OSError) as error:
        told.value = alert(str(error))
        return
    who = trainer_login()
    place.children = [
        ReviewView(
            review.groups,
            review.vision,
            decide=lambda decision: decide(review.course, review.quiz, decision, who=who),
            undo=lambda decision: take_back(review.course, review.quiz, decision, who=who),
            quiz=review.quiz.id,
        )
    ]
    place.children[0].key_box.focus()
