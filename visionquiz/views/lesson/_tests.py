"""A draft is put to tests, one question each; the room sees which draft passes which."""

from html import escape

import ipywidgets as widgets

from visionquiz.curriculum import Round
from visionquiz.draft_tests import FEWEST, find_failed, read_answers, share_passed
from visionquiz.errors import TrialError
from visionquiz.trials import SwapTest
from visionquiz.views import charts
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["COMPANY", "OWN", "SWAP", "TestsView"]

COMPANY, OWN = "company-statement", "own-draft"
"""Ids of what can be tested beside the drafts of the lesson: the company's statement, and what somebody typed."""

SWAP = "swap"
"""The test that shows the draft under a rival's name."""

LIMIT = 600
"""Characters of a typed draft."""

MOST = 12
"""Typed drafts that the figures show, the latest ones."""

CSS = """
.vql .statement { margin: .5rem 0; }
"""


class TestsView(ActivityView):
    """Choose or type a draft, run three tests or more on it, send; then the next draft. What an answer tells shows at
    once.
    """

    __test__ = False  # this is no test of pytest's

    def build(self) -> list[widgets.Widget]:
        drafts = [(f"{card.by}: {card.text}" if card.by else card.text, card.id) for card in self.activity.cards]
        vision = self.classroom.vision
        drafts += [(f"{vision.company} today: {vision.statement}", COMPANY), ("Another draft that I type", OWN)]
        self.draft = widgets.RadioButtons(description="Which draft do you test?", options=drafts, value=None)
        self.own = widgets.Textarea(description="Your draft", rows=2)
        rival = next((ask for ask in self.activity.asks if ask.id == "rival"), None)
        self.rival = widgets.Text(
            description=rival.text if rival else "A rival's name",
            value=rival.hint if rival else "",
            continuous_update=True,
        )
        self.shown, self.swapped = widgets.HTML(), widgets.HTML()
        self.tests: dict[str, widgets.RadioButtons] = {}
        self.tells: dict[str, widgets.HTML] = {}
        parts: list[widgets.Widget] = []
        for test in self.activity.rounds:
            self.tests[test.id] = widgets.RadioButtons(
                description=test.text, options=[(one.text, place) for place, one in enumerate(test.options)], value=None
            )
            self.tells[test.id] = widgets.HTML()
            before = [self.rival, self.swapped] if test.id == SWAP else []
            parts.append(page(widgets.HTML(f"<h4>{escape(self._name(test))}</h4>"), *before))
            parts += [self.tests[test.id], self.tells[test.id]]
            self.tests[test.id].observe(lambda _, test=test: self._tell(test), "value")
        self.send = widgets.Button(description="Send these answers", button_style="primary")
        self.sent, self.figures = widgets.HTML(), widgets.HTML()
        self.work = page(self.shown, *parts, row(self.send))
        self.draft.observe(lambda _: self._on_draft(), "value")
        self.own.observe(lambda _: self._draw_draft(), "value")
        self.rival.observe(lambda _: self._draw_draft(), "value")
        self.send.on_click(lambda _: self.send_in())
        self._on_draft()
        return [style(charts.CSS + CSS), self.draft, self.own, self.work, self.sent, self.figures]

    @property
    def text(self) -> str:
        """The draft that is being tested; ``""`` for none yet."""
        if self.draft.value == OWN:
            return str(self.own.value).strip()
        if self.draft.value == COMPANY:
            return self.classroom.vision.statement
        return next((card.text for card in self.activity.cards if card.id == self.draft.value), "")

    @property
    def answers(self) -> dict[str, int]:
        """The place of the choice in each test that has one."""
        return {ident: test.value for ident, test in self.tests.items() if test.value is not None}

    def send_in(self) -> None:
        """Share the answers to this draft, and say which tests it failed."""
        answers, typed = self.answers, self.draft.value == OWN
        if typed and not self.text:
            self.sent.value = alert("There is no draft in the box yet.")
            return
        if typed and len(self.text) > LIMIT:
            self.sent.value = alert(f"This draft has {len(self.text):,} characters; at most {LIMIT} can be tested.")
            return
        if len(answers) < min(FEWEST, len(self.tests)):
            self.sent.value = alert(f"Run at least {FEWEST} tests on a draft; so far it is {len(answers)}.")
            return
        body = {"draft": self.draft.value, "answers": answers} | ({"text": self.text} if typed else {})
        if not self.share(body, slot=str(self.draft.value), typed=typed):
            return
        names = [
            self._name(test) for test in self.activity.rounds if test.id in find_failed(answers, self.activity.rounds)
        ]
        told = f"It does not pass: {', '.join(names)}." if names else "It failed none of the tests that you ran."
        why = "".join(card.why for card in self.activity.cards if card.id == self.draft.value)
        waits = typed and not self.classroom.room.alone and not self.classroom.room.seat.trainer
        later = "Others see it once your trainer has looked at it." if waits else "Choose the next draft above."
        self.sent.value = note(" ".join(filter(None, ("Sent.", told, why, later))))
        self.finish()

    def refresh(self) -> None:
        room, tests = self.classroom.room, self.activity.rounds
        if not self.may_look:
            self.figures.value = ""
            return
        labels = {card.id: card.text for card in self.activity.cards} | {COMPANY: self.classroom.vision.statement}
        given: dict[str, list[dict[str, int]]] = {draft: [] for draft in labels}
        typed: dict[str, list[dict[str, int]]] = {}
        for one in room.shown(self.activity.id):
            draft, text, answers = one.body.get("draft"), one.body.get("text"), read_answers(one.body, tests)
            if not answers or not isinstance(draft, str):
                continue
            if draft == OWN and isinstance(text, str) and text.strip():
                typed.setdefault(text.strip()[:LIMIT], []).append(answers)
            elif draft in given:
                given[draft].append(answers)
        rows = [
            charts.HeatRow(label=labels[draft], values=share_passed(found, tests))
            for draft, found in given.items()
            if found
        ]
        rows += [
            charts.HeatRow(label=text, values=share_passed(found, tests)) for text, found in list(typed.items())[-MOST:]
        ]
        if not rows:
            self.figures.value = note("Nobody has tested a draft yet. What they find comes up by itself.")
            return
        who = "What you and invented people found" if room.alone else "What the room found"
        says = (
            "How far each draft passes each test: 100% where all who ran it chose the best answer, 0% where all chose "
            "the worst. A dash: nobody ran it. Look along a row for what to mend in a draft."
        )
        self.figures.value = charts.heat(who, [self._name(test) for test in tests], rows, says=says)

    def _name(self, test: Round) -> str:
        return next((one.label for one in self.activity.bins if one.id == test.id), test.text)

    def _on_draft(self) -> None:
        """Another draft starts afresh, or with what was sent about it before."""
        self.own.layout.display = None if self.draft.value == OWN else "none"
        self.work.layout.display = None if self.draft.value else "none"
        self.sent.value = ""
        mine = self.classroom.room.mine(self.activity.id).get(str(self.draft.value), {})
        before = read_answers(mine, self.activity.rounds)
        if self.draft.value == OWN and isinstance(mine.get("text"), str) and not self.own.value:
            self.own.value = mine["text"][:LIMIT]
        for ident, test in self.tests.items():
            test.value = before.get(ident)
        self._draw_draft()

    def _draw_draft(self) -> None:
        self.shown.value = f'<p class="statement">{escape(self.text[:LIMIT])}</p>' if self.text else ""
        try:
            found = SwapTest(draft=self.text, company=self._company(), rival=self.rival.value).swapped
        except TrialError:
            found = ""
        self.swapped.value = f'<p class="statement">{escape(found[: 2 * LIMIT])}</p>' if found and self.text else ""

    def _company(self) -> str:
        return next(
            (card.by for card in self.activity.cards if card.id == self.draft.value and card.by),
            self.classroom.vision.company,
        )

    def _tell(self, test: Round) -> None:
        place = self.tests[test.id].value
        self.tells[test.id].value = "" if place is None else note(test.options[place].why)
