"""One question of the form: a box to type into, or situations to choose in."""

from collections.abc import Callable
from html import escape

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.grading import LEVELS, Grade
from visionquiz.notebook import read_letter, write_choice
from visionquiz.paper import Asked, Situation
from visionquiz.submission import ANSWER_LIMIT, storable
from visionquiz.taking import DRAFT_LIMIT
from visionquiz.views._parts import alert, page, row

__all__ = ["Judge", "QuestionBox"]

Judge = Callable[[str, str, str], Grade]
"""What an answer would get, by question id, text and role."""


class QuestionBox(widgets.VBox):
    """A question and the answer to it. `changed` is called when the person has changed it."""

    def __init__(
        self, number: int, asked: Asked, role: str, *, changed: Callable[[], None], judge: Judge | None = None
    ) -> None:
        self.asked = asked
        self._role = role
        self._changed = changed
        self._judge = judge
        self._typed = ""
        """For a choice: what somebody wrote that names none of the options."""
        self._quiet = False
        self.message = widgets.HTML()
        self.count = widgets.HTML()
        self.text: widgets.Textarea | None = None
        self.radios: dict[str, widgets.RadioButtons] = {}
        heading = f"{number}. {asked.prompt}"
        if asked.kind == "scenario":
            self._situations = {one.id: self._make_situation(one) for one in asked.situations}
            shown = [widgets.HTML(f"<h3>{escape(heading)}</h3>"), *self._situations.values()]
        else:
            # The description is the box's real label, so screen readers say the question.
            self.text = widgets.Textarea(description=heading, rows=8, placeholder="")
            self.text.observe(self._on_text, "value")
            shown = [self.text, self.count]
        self.clash = widgets.HTML()
        self.keep = widgets.Button(description="Keep what is in the form")
        self.take = widgets.Button(description="Take what is in the notebook")
        self._clash_box = page(self.clash, row(self.keep, self.take))
        self.try_it = widgets.Button(description="What would this get?")
        self.try_it.on_click(self._on_try)
        self.verdict = widgets.HTML()
        tried = [row(self.try_it), self.verdict] if judge else []
        super().__init__([*shown, self.message, self._clash_box, *tried])
        self.hide_clash()
        self._draw()

    def _make_situation(self, situation: Situation) -> widgets.VBox:
        radios = widgets.RadioButtons(
            options=[(f"{letter}: {text}", letter) for letter, text in situation.options.items()], value=None
        )
        radios.observe(self._on_choice, "value")
        self.radios[situation.id] = radios
        told = f"<strong>{escape(situation.title)}.</strong> {escape(situation.situation)}"
        ask = "Which comes closest to what you would do? By keyboard: Tab moves on, Space chooses."
        return page(widgets.HTML(f'<div class="situation">{told}</div><p>{ask}</p>'), radios)

    @property
    def answer(self) -> str:
        """What an answer cell would hold: no more than can be kept."""
        if self.text is not None:
            return storable(self.text.value)[:DRAFT_LIMIT]
        situation = self.asked.situation_for(self._role)
        letter = self.radios[situation.id].value if situation else None
        return write_choice(situation, letter) if situation and letter else self._typed

    @property
    def too_long(self) -> bool:
        """Whether it is more than can be handed in."""
        return len(self.answer.strip()) > ANSWER_LIMIT

    def set_answer(self, text: str) -> None:
        """Show what was answered before."""
        self._quiet = True
        try:
            if self.text is not None:
                self.text.value = text
            else:
                self._typed = text
                self._read_typed()
        finally:
            self._quiet = False
        self._draw()

    def set_role(self, role: str) -> None:
        """Show the situation that this role meets. What was chosen in another one stays with that one."""
        self._role = role
        self._quiet = True
        try:
            self._read_typed()
        finally:
            self._quiet = False
        self._draw()

    def show_clash(self, typed: str) -> None:
        """Say that the notebook's own box holds something else, and ask which one to keep."""
        self.clash.value = (
            '<div class="wrong" role="alert">In the notebook below you wrote something else for this question. Which '
            f'one do you want to keep?<div class="typed">{escape(typed)}</div></div>'
        )
        self._clash_box.layout.display = None

    def hide_clash(self) -> None:
        self.clash.value = ""
        self._clash_box.layout.display = "none"

    def _read_typed(self) -> None:
        situation = self.asked.situation_for(self._role)
        if not self._typed or situation is None:
            return
        here = {one.id: one.options for one in self.asked.situations}
        ident, letter = read_letter(self._typed, here, situation.id)
        if letter:
            self.radios[ident].value = letter
            self._typed = ""

    def _on_text(self, _: object) -> None:
        if self.text is not None and len(self.text.value) > DRAFT_LIMIT:
            self.text.value = self.text.value[:DRAFT_LIMIT]  # and this is called again
            return
        self._on_change()

    def _on_choice(self, change: dict[str, object]) -> None:
        if change["new"] is not None:
            self._typed = ""
        self._on_change()

    def _on_change(self) -> None:
        if not self._quiet:
            self._draw()
            self._changed()

    def _draw(self) -> None:
        self.verdict.value = ""
        if self.text is not None:
            words = len(self.text.value.split())
            self.count.value = f'<p class="soft">{words:,} {"word" if words == 1 else "words"}</p>'
            self.message.value = alert(
                f"This answer has {len(self.answer.strip()):,} characters; at most {ANSWER_LIMIT:,} can be handed in. "
                "Make it shorter."
                if self.too_long
                else ""
            )
            return
        situation = self.asked.situation_for(self._role)
        for ident, box in self._situations.items():
            box.layout.display = None if situation and ident == situation.id else "none"
        if situation is None:
            self.message.value = alert("Choose your job first, at the top; then you see your situation.")
        elif self._typed:
            self.message.value = alert(f"You wrote “{self._typed[:500]}”, which names none of these. Choose one.")
        else:
            self.message.value = ""

    def _on_try(self, _: object) -> None:
        if self._judge is None:
            return
        try:
            grade = self._judge(self.asked.id, self.answer, self._role)
        except VisionQuizError as error:
            self.verdict.value = alert(str(error))
            return
        got = f"{grade.share:.0%} of the points" if grade.level is None else LEVELS[grade.level].capitalize()
        self.verdict.value = (
            f'<div class="note" role="status"><strong>{escape(got)}.</strong> {escape(grade.reason)}</div>'
        )
