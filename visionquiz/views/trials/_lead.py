"""The trainer's part of tests with people: choose, begin, see how many took part, close, see what came of it."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Protocol

import ipywidgets as widgets

from visionquiz.errors import StoreError, VisionQuizError
from visionquiz.piloting import FEWEST, KINDS, DraftTest, DraftTests, Explain
from visionquiz.trials import Draft, power_table
from visionquiz.trials.decision import WITH, WITHOUT
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.charts import CSS as CHARTS_CSS
from visionquiz.views.trial import CSS as TRIAL_CSS
from visionquiz.views.trials._results import draft_names, result_html
from visionquiz.views.trials._take import CSS
from visionquiz.vision import Vision

__all__ = ["LeadView", "WallDraft"]

EMPTY = (
    "There is no draft on the wall yet. Hang up the drafts that you want to test; they then come up here by themselves."
)
POWER = {"recall": "each draft", "meaning": "each draft", "decision": "each half"}


class WallDraft(Protocol):
    """A draft that can be tested."""

    @property
    def id(self) -> str:
        """What it is called."""

    @property
    def text(self) -> str:
        """Its words."""


class LeadView(widgets.VBox):
    """Everything that the trainer does with tests; ``refresh()`` after changes in the store."""

    def __init__(
        self, tests: DraftTests, *, wall: Callable[[], Sequence[WallDraft]], vision: Vision, explain: Explain
    ) -> None:
        self._tests, self._wall, self._vision, self._explain = tests, wall, vision, explain
        self._on_wall: tuple[tuple[str, str], ...] | None = None
        self._drawn: tuple[str, int] | None = None
        self._open: DraftTest | None = None

        self.kind = widgets.Dropdown(
            description="What do you want to know?", options=[(one.name, name) for name, one in KINDS.items()]
        )
        self.help, self.empty, self.power, self.status = (widgets.HTML() for _ in range(4))
        self.boxes: dict[str, widgets.Checkbox] = {}
        """A box to tick for each draft on the wall."""
        self._drafts = page()
        self.rival = widgets.Text(description="Another company that serves the same customers")
        self.days = widgets.Dropdown(
            description="Ask what they still remember", options=[("a day later", 1), ("a week later", 7)], value=7
        )
        self.scenarios = {
            one.id: widgets.Checkbox(description=f"{one.title}: {one.situation}", indent=False, value=number < 3)
            for number, one in enumerate(vision.scenarios)
        }
        self._scenarios = page(widgets.HTML("<h3>Which situations do they decide?</h3>"), *self.scenarios.values())
        self.start = widgets.Button(description="Begin the test", button_style="primary")
        self._begin = page(
            self.kind, self.help, widgets.HTML("<h3>Which drafts?</h3>"), self.empty, self._drafts, self.rival,
            self.days, self._scenarios, self.power, row(self.start),
        )  # fmt: skip

        self.counts, self.ask = widgets.HTML(), widgets.HTML()
        self.close = widgets.Button(description="Close the test")
        self.sure = widgets.Button(description="Close it now", button_style="primary")
        self.keep = widgets.Button(description="Leave it open")
        self._sure = page(self.ask, row(self.sure, self.keep))
        self._running = page(self.counts, row(self.close), self._sure)

        self.past = widgets.Dropdown(description="Results of", options=())
        self.result = widgets.HTML()
        self._results = page(widgets.HTML("<h2>What came of it</h2>"), self.past, self.result)
        self._results.add_class("results")

        head = widgets.HTML(
            "<h2>Test the drafts with people</h2><p>No measure of a text can tell what people remember, understand and "
            "believe. Ask them. One test is open at a time; results come up when you close it.</p>"
        )
        super().__init__(
            [
                style(TRIAL_CSS + CHARTS_CSS + CSS), head, self._begin, self._running, self.status, self._results,
            ]
        )  # fmt: skip
        self.add_class("vqf")
        self.kind.observe(self._on_kind, "value")
        self.past.observe(self._on_past, "value")
        self.start.on_click(self._on_start)
        self.close.on_click(self._on_close)
        self.sure.on_click(self._on_sure)
        self.keep.on_click(self._on_keep)
        self._on_kind()
        self.refresh()

    def __repr__(self) -> str:
        return "Press Run to test the drafts."

    def refresh(self) -> None:
        """Show what there is now; what was chosen stays chosen. Raises `StoreError` where that cannot be known."""
        tests = self._tests.tests()
        before, self._open = self._open, next((one for one in tests if not one.closed), None)
        if before and not self._open:
            self.status.value = note("The test is closed. This is what came of it.")
        self._begin.layout.display = "none" if self._open else None
        self._running.layout.display = None if self._open else "none"
        if self._open:
            self._draw_counts(self._open)
        else:
            self._sure.layout.display = "none"
        self._draw_wall()
        closed = [one for one in tests if one.closed]
        self._results.layout.display = None if closed else "none"
        options = tuple((_title(one, number), one.id) for number, one in enumerate(tests, 1) if one.closed)[::-1]
        if options != tuple(self.past.options):
            # The newest comes up by itself.
            self.past.options = options
        self._draw_result()

    def _draw_wall(self) -> None:
        found = tuple((one.id, one.text) for one in self._wall())
        if found == self._on_wall:
            return
        self._on_wall = found
        ticked = {ident for ident, box in self.boxes.items() if box.value}
        self.boxes = {
            ident: widgets.Checkbox(description=text, indent=False, value=ident in ticked, layout={"width": "100%"})
            for ident, text in found
        }
        self._drafts.children = list(self.boxes.values())
        self.empty.value = "" if found else f"<p>{EMPTY}</p>"
        self.start.disabled = not found

    def _draw_counts(self, test: DraftTest) -> None:
        names = draft_names(test) | {WITH: "With the draft", WITHOUT: "Without it"}
        counts = self._tests.counts(test.id)
        begun, done = sum(one.begun for one in counts), sum(one.answered for one in counts)
        texts = {draft.id: draft.text for draft in test.drafts}
        rows = "".join(
            f'<tr><th scope="row">{names[one.arm]}</th><td>{one.begun}</td><td>{one.answered}</td></tr>'
            for one in counts
        )
        shown = "".join(
            f'<h3>{names[ident]}</h3><div class="draft">{escape(text)}</div>' for ident, text in texts.items()
        )
        short = sum(max(0, FEWEST - one.answered) for one in counts)
        seen = f"A draft is spoken of once {FEWEST} different things were seen."
        more = (
            seen
            if test.kind == "observation"
            else f"At least {short} more are needed before anything can be shown: {FEWEST} for each."
            if short
            else "There are enough for a first look. More people make it surer."
        )
        self.counts.value = (
            f"<h3>Open now: {escape(KINDS[test.kind].name.lower())}</h3>"
            f'<p class="verdict" role="status">{begun} {_people(begun)} begun, {done} {_people(done)} handed in.</p>'
            f'<table><thead><tr><td></td><th scope="col">Begun</th><th scope="col">Handed in</th></tr></thead>'
            f"<tbody>{rows}</tbody></table><p>{more}</p>{shown}"
        )

    def _draw_result(self) -> None:
        ident = self.past.value
        if not ident:
            self.result.value, self._drawn = "", None
            return
        test, given = self._tests.test(ident), self._tests.answers(ident)
        state = (ident, len(given))
        if state == self._drawn:
            return
        self._drawn = state
        if test.kind == "meaning" and given:
            self.result.value = note("The explanations are being read. The first time, this takes some seconds.")
        try:
            self.result.value = result_html(test, given, self._explain)
        except StoreError:
            raise
        except VisionQuizError as error:
            self.result.value = alert(str(error))

    def _on_kind(self, _: object = None) -> None:
        kind = self.kind.value
        self.help.value = f"<p>{escape(KINDS[kind].help)}</p>"
        for name, part in (("swap", self.rival), ("recall", self.days), ("decision", self._scenarios)):
            part.layout.display = None if kind == name else "none"
        self.power.value = _power(POWER[kind]) if kind in POWER else ""
        self.status.value = ""

    def _on_past(self, _: object) -> None:
        self._draw_result()

    def _on_start(self, _: object) -> None:
        chosen = [(ident, text) for ident, text in self._on_wall or () if self.boxes[ident].value]
        try:
            test = self._tests.start(
                self.kind.value,
                [Draft(id=ident, text=text) for ident, text in chosen],
                vision=self._vision,
                rival=self.rival.value,
                days=self.days.value,
                scenarios=[ident for ident, box in self.scenarios.items() if box.value],
            )
        except VisionQuizError as error:
            self.status.value = alert(str(error))
            return
        for box in self.boxes.values():
            box.value = False
        self.status.value = note(f"The test is open: {KINDS[test.kind].name.lower()}. People can take part now.")
        self.refresh()
        self.close.focus()

    def _on_close(self, _: object) -> None:
        self.ask.value = note("Nobody can take part any more once it is closed. Results of five people or more show.")
        self._sure.layout.display = None
        self.sure.focus()

    def _on_keep(self, _: object) -> None:
        self._sure.layout.display = "none"
        self.close.focus()

    def _on_sure(self, _: object) -> None:
        if self._open is None:
            return
        try:
            closed = self._tests.close(self._open.id)
            self.refresh()
        except VisionQuizError as error:
            self.status.value = alert(str(error))
            return
        self.past.value = closed.id
        self.past.focus()


def _title(test: DraftTest, number: int) -> str:
    drafts = "1 draft" if len(test.drafts) == 1 else f"{len(test.drafts)} drafts"
    return f"Test {number}: {KINDS[test.kind].name.lower()}, {drafts}"


def _people(count: int) -> str:
    return "person has" if count == 1 else "people have"


def _power(each: str) -> str:
    found = power_table()
    spreads = sorted({one.spread for one in found})
    names = ("Answers much alike", "As usual", "Far apart")
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{difference:.0%}</th>'
        + "".join(
            f"<td>{one.per_draft}</td>" for spread in spreads for one in found
            if (one.difference, one.spread) == (difference, spread)
        )
        + "</tr>"
        for difference in sorted({one.difference for one in found})
    )  # fmt: skip
    return (
        f"<details><summary>How many people it takes</summary><p>People for {each}, to see a difference of this size "
        "four times in five. It takes more people where their answers lie far apart.</p>"
        f'<div class="scroll"><table><thead><tr><th scope="col">Difference</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><p>With fewer, you will often read \u201cno difference yet\u201d: that "
        "does not mean that the drafts are equally good.</p></details>"
    )
