"""Choices with reasons: games, scenarios, and the knowledge check at a lesson's end."""

from collections import Counter
from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets

from visionquiz.classroom import Classroom
from visionquiz.curriculum import Activity, Round
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._frame import CSS, ActivityView

__all__ = ["ChooseView", "KnowledgeCheck", "RoundBox", "ScenariosView"]

VERDICTS = {2: "Best", 1: "Acceptable", 0: "Poor"}


class RoundBox(widgets.VBox):
    """One question. Whoever chooses learns why at once, for this choice and then for the best one, and may go on
    trying. `chosen` is called with the round and the first choice (the index of the option).
    """

    def __init__(self, number: int, of: int, asked: Round, chosen: Callable[[Round, int], None]) -> None:
        self.asked, self._chosen = asked, chosen
        self.first: int | None = None
        letters = [chr(ord("A") + place) for place in range(len(asked.options))]
        place = f"{number} of {of}. " if of > 1 else ""
        # The description names the group of radio buttons, for screen readers too.
        self.radios = widgets.RadioButtons(
            description=f"{place}{asked.text}",
            options=[
                (f"{letter}: {option.text}", index)
                for index, (letter, option) in enumerate(zip(letters, asked.options, strict=True))
            ],
            value=None,
        )
        self.decide = widgets.Button(description="That is my choice", disabled=True)
        self.verdict = widgets.HTML()
        self.radios.observe(self._on_pick, "value")
        self.decide.on_click(lambda _: self._on_decide())
        super().__init__([self.radios, row(self.decide), self.verdict])
        self.add_class("vql-round")

    @property
    def is_right(self) -> bool:
        """Whether the best option is chosen now."""
        return self._value is not None and self.asked.options[self._value].points == self.asked.best

    @property
    def _value(self) -> int | None:
        value: int | None = self.radios.value
        return value

    def _on_pick(self, _: object) -> None:
        self.decide.disabled = self._value is None
        self.verdict.value = ""

    def _on_decide(self) -> None:
        if self._value is None:
            return
        option = self.asked.options[self._value]
        graded = len({one.points for one in self.asked.options}) > 2
        head = VERDICTS.get(option.points, "") if graded else ("Right" if self.is_right else "Not this one")
        mark = "right" if self.is_right else "other"
        more = "" if self.is_right else " Try another one."
        self.verdict.value = (
            f'<div class="note" role="status"><strong class="{mark}">{head}.</strong> {escape(option.why)}{more}</div>'
        )
        if self.first is None:
            self.first = self._value
            self._chosen(self.asked, self._value)

    def show_room(self, counts: Counter[int], of: int) -> None:
        """Say with the reasons what others chose first, once this person has chosen."""
        if self.first is None or of < 2 or not self.verdict.value:
            return
        shares = ", ".join(f"{chr(ord('A') + index)}: {counts[index]}" for index in range(len(self.asked.options)))
        said = f'<p class="soft">What {of} people chose first: {shares}.</p>'
        if said not in self.verdict.value:
            base = self.verdict.value.split('<p class="soft">')[0]
            self.verdict.value = base + said


class ChooseView(ActivityView):
    """Questions one below the other; others' first choices show once somebody has chosen."""

    @property
    def rounds(self) -> Sequence[Round]:
        """What is asked."""
        return self.activity.rounds

    def build(self) -> list[widgets.Widget]:
        rounds = self.rounds
        self.boxes = [RoundBox(number, len(rounds), one, self._on_choice) for number, one in enumerate(rounds, 1)]
        return list(self.boxes)

    def _on_choice(self, asked: Round, index: int) -> None:
        self.share({"choice": index}, slot=asked.id)
        if all(box.first is not None for box in self.boxes):
            right = sum(box.asked.options[box.first or 0].points == box.asked.best for box in self.boxes)
            self.finish()
            self.after.value = note(f"{right} of {len(self.boxes)} at the first try.") + self.after.value

    def refresh(self) -> None:
        shown = self.classroom.room.shown(self.activity.id)
        for box in self.boxes:
            # What a browser sent is anything at all.
            choices = [one.body.get("choice") for one in shown if one.slot == box.asked.id]
            known = [one for one in choices if isinstance(one, int) and 0 <= one < len(box.asked.options)]
            box.show_room(Counter(known), len(known))


class ScenariosView(ChooseView):
    """The situations of the company's own vision, at most eight."""

    @property
    def rounds(self) -> Sequence[Round]:
        return tuple(
            Round(id=one.id, text=f"{one.title}. {one.situation}", options=one.options)
            for one in self.classroom.vision.scenarios[:8]
        )

    def build(self) -> list[widgets.Widget]:
        if not self.rounds:
            self.boxes = []
            why = (
                "There are no situations ([[scenarios]]) in your vision.toml yet. Write some; this lesson then asks "
                "them."
            )
            return [widgets.HTML(alert(why))]
        return super().build()


class KnowledgeCheck(ActivityView):
    """The check at a lesson's end. It is for the learner alone: nobody else sees what was chosen."""

    def __init__(self, classroom: Classroom) -> None:
        prompt = "Choose, read why, and go on until each is right. Nobody else sees your choices."
        super().__init__(classroom, Activity(id="check", kind="choose", title="Check yourself", prompt=prompt))

    def build(self) -> list[widgets.Widget]:
        rounds = self.classroom.lesson.check
        self.boxes = [RoundBox(number, len(rounds), one, self._on_choice) for number, one in enumerate(rounds, 1)]
        for box in self.boxes:
            box.decide.on_click(lambda _: self._tell())
        self.progress = widgets.HTML()
        return [page(*self.boxes), self.progress, style(CSS)]

    def _on_choice(self, _: Round, __: int) -> None:
        self._tell()

    def _tell(self) -> None:
        right = sum(box.is_right and bool(box.verdict.value) for box in self.boxes)
        of = len(self.boxes)
        done = " You are through this lesson." if right == of else ""
        self.progress.value = f'<p role="status"><strong>{right} of {of} right.</strong>{done}</p>'
