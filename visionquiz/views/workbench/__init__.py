"""The workbench: a team drafts, tests and chooses its statement, step by step, everybody in a browser of their own.

show_workbench()   the one line of the workbench's notebook
"""

import functools
from collections.abc import Callable, Mapping
from html import escape

import ipywidgets as widgets

from visionquiz.ballot import Ballot
from visionquiz.classroom import embed_texts, find_vision, is_invented, own_folder, sample_answers
from visionquiz.errors import VisionQuizError
from visionquiz.themes import Embed
from visionquiz.views import charts
from visionquiz.views import themes as board
from visionquiz.views._bubbles import CSS as BUBBLES
from visionquiz.views._connection import Connection
from visionquiz.views._live import Live
from visionquiz.views._parts import alert, page, row, style
from visionquiz.vision import Vision, load_vision
from visionquiz.workshop import STAGES, Stage, Workshop, open_workshop

__all__ = ["Workbench", "show_workbench"]

CSS = """
.vqf.vqw { max-width: 62rem; }
.vqw .where { border: 1px solid var(--vq-line); border-radius: .5rem; padding: .3rem .9rem .5rem; }
.vqw .here { font-size: 1.15rem; font-weight: 650; margin: .3rem 0; }
.vqw ul, .vqw ol { margin: .2rem 0 .4rem; padding-left: 1.4rem; }
.vqw .vqt ul { padding: 0; margin: 0; }
"""

WORDS_TOLD = 4
"""Remarks on a draft's words beside the vote; its evidence card has them all."""

LOST = "The page lost its connection: what you typed in the last seconds may not be kept. Load the page again."


class Workbench(widgets.VBox):
    """All steps of a workshop. `draw` makes the view of a step when it is first shown; views stay once they are there.

    Whoever looks at the step where the room is goes along when the trainer moves it on; whoever looks elsewhere stays.
    """

    def __init__(self, workshop: Workshop, draw: Mapping[str, Callable[[], widgets.Widget]]) -> None:
        self.workshop, self._draw = workshop, draw
        self.views: dict[str, widgets.Widget] = {}
        self._room = workshop.stage()
        self.shown = self._room.name
        steps = [(f"{number}. {title}", name) for number, (name, (title, _)) in enumerate(STAGES.items(), 1)]
        self.steps = widgets.Dropdown(description="Step", options=steps, value=self.shown)
        self.here, self.message = widgets.HTML(), widgets.HTML()
        self.lead = widgets.Button(button_style="primary")
        self.clock = widgets.Checkbox(indent=False, value=True)
        self.follow = widgets.Button(description="Go to where the room is")
        self.named = widgets.Checkbox(
            description="Everybody agreed: show who wrote which draft", indent=False, value=not self._room.anonymous
        )
        self.place = page()
        leading = [self.clock, row(self.lead), self.named] if workshop.seat.trainer else []
        where = page(self.here, self.steps, row(self.follow), *leading).add_class("where")
        self.live = Live(workshop)
        self.live.watch("workbench", self.refresh)
        connection = Connection(drawn=self.live.begin, lost=LOST)
        super().__init__([style(CSS + board.CSS + charts.CSS + BUBBLES), connection, where, self.message, self.place])
        self.add_class("vqf").add_class("vql").add_class("vqw")
        self.steps.observe(lambda change: self.show(change["new"]), "value")
        self.follow.on_click(lambda _: self.show(self._room.name))
        self.lead.on_click(lambda _: self._on_lead())
        self.named.observe(lambda change: self._on_named(change["new"]), "value")
        self.show(self.shown)

    def __repr__(self) -> str:
        return "Press Run to open the workbench."

    def show(self, name: str) -> None:
        """Turn to a step; the room stays where it is."""
        self.shown = name
        self.steps.value = name
        if name not in self.views:
            try:
                self.views[name] = self._draw[name]()
            except VisionQuizError as error:
                self.message.value = alert(f"This step cannot be shown: {error}. Try again.")
                self.place.children = ()
                return
        else:
            self._refresh_view()
        if self.place.children != (self.views[name],):
            self.place.children = (self.views[name],)
        self._tell_where()

    def refresh(self) -> None:
        """Draw what there is now, here and in the step that is shown."""
        before, self._room = self._room, self.workshop.stage()
        if before.name != self._room.name and self.shown == before.name and self.shown != self._room.name:
            self.show(self._room.name)
        else:
            self._tell_where()
            self._refresh_view()

    def _refresh_view(self) -> None:
        view = self.views.get(self.shown)
        if view is not None:
            view.refresh()

    def _tell_where(self) -> None:
        numbers = {name: number for number, name in enumerate(STAGES, 1)}
        told = f"The room is at step {numbers[self._room.name]} of {len(STAGES)}: {STAGES[self._room.name][0]}"
        self.here.value = f'<p class="here" role="status">{escape(told + _tell_time(self._room))}.</p>'
        away = self.shown != self._room.name
        self.follow.layout.display = None if away else "none"
        title, minutes = STAGES[self.shown]
        self.lead.description = f"Take the room to “{title}”" if away else "Start this step’s clock anew"
        self.clock.description = f"with a clock of {minutes} minutes"

    def _on_lead(self) -> None:
        minutes = STAGES[self.shown][1] if self.clock.value else None
        self._try(lambda: self.workshop.go_to(self.shown, minutes=minutes))

    def _on_named(self, named: bool) -> None:
        self._try(lambda: self.workshop.name_authors(named))

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
            self.message.value = ""
            self.refresh()
        except VisionQuizError as error:
            self.message.value = alert(f"That did not work: {error}. Try again.")


def _tell_time(stage: Stage) -> str:
    """Until when, as a time of day; no clock that runs down."""
    return f", until about {stage.until.astimezone():%H:%M}" if stage.until else ""


def show_workbench() -> widgets.Widget:
    """The workbench of the session that runs; alone, one that is kept in ``workshop.db`` beside the notebook."""
    try:
        folder = own_folder()
        workshop = open_workshop(folder)
        path = find_vision(folder)
        return Workbench(workshop, _steps(workshop, load_vision(path), embed_texts, own=not is_invented(path)))
    except VisionQuizError as error:
        return page(style(), widgets.HTML(alert(f"The workbench cannot be opened: {error}."))).add_class("vqf")


def _steps(
    workshop: Workshop, vision: Vision, embed: Embed, *, own: bool = True
) -> dict[str, Callable[[], widgets.Widget]]:
    """What draws each step; imported when it is first shown. `own` says whether the vision is the team's company's."""

    def people() -> dict[str, str]:
        return {one.id: one.name for one in workshop.store.participants()}

    def ideas() -> widgets.Widget:
        from visionquiz.views.workbench._ideas import IdeasView

        known = [vision.company, *(value.name for value in vision.values), *(role.title for role in vision.roles)]
        return IdeasView(workshop, known=known, samples=sample_answers())

    def themes() -> widgets.Widget:
        from visionquiz.views.workbench._themes import RoomThemesView

        return RoomThemesView(workshop, embed=embed)

    def drafts(step: str) -> widgets.Widget:
        from visionquiz.statement import check_statement
        from visionquiz.views.drafts import draw_drafts

        return draw_drafts(workshop, step, people, check=lambda text: check_statement(text, vision))

    def tests() -> widgets.Widget:
        from visionquiz.piloting import grade_explanations
        from visionquiz.views.trials import draw_tests

        return draw_tests(workshop, vision=vision, explain=grade_explanations(vision))

    def vote() -> widgets.Widget:
        from visionquiz.views.workbench._vote import VoteView

        return VoteView(workshop, people=people, evidence=functools.partial(_evidence, workshop, vision))

    def meaning() -> widgets.Widget:
        from visionquiz.proposal import Proposal, begin_proposal
        from visionquiz.views.workbench._meaning import MeaningView

        # The roles of an invented company would end up in the team's own vision.toml.
        return MeaningView(workshop, start=begin_proposal(vision) if own else Proposal())

    writing = {step: functools.partial(drafts, step) for step in ("alone", "pairs", "wall", "merge")}
    return {"ideas": ideas, "themes": themes, **writing, "tests": tests, "vote": vote, "meaning": meaning}


def _evidence(workshop: Workshop, vision: Vision, ballot: Ballot) -> dict[str, list[str]]:
    """What is known of each draft of a ballot, in a few lines: what people said first, then what its words show."""
    from visionquiz.piloting import DraftTests, grade_explanations
    from visionquiz.statement import check_statement
    from visionquiz.views.trial import option_names
    from visionquiz.views.trials import tell_tests

    texts = {option.id: option.text for option in ballot.options}
    tests = DraftTests(workshop.store, workshop.seat)
    explain = grade_explanations(vision) if workshop.seat.trainer else None
    tested = tell_tests(tests, texts, option_names(ballot), explain)
    return {
        ident: [
            *tested[ident],
            *[finding.remark for finding in check_statement(text).findings][:WORDS_TOLD],
        ]
        for ident, text in texts.items()
    }
