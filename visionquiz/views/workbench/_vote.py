"""The vote: which drafts, how, who; one secret paper each; the result with the evidence beside it."""

import string
from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets

from visionquiz.ballot import OPTIONS_LIMIT, Ballot
from visionquiz.errors import VisionQuizError
from visionquiz.provenance import wind_back
from visionquiz.views._parts import alert, note, page, row
from visionquiz.views.provenance import OriginView
from visionquiz.views.trial import BallotForm, BallotResultView
from visionquiz.workshop import Vote, Workshop

__all__ = ["VoteView"]

METHODS = {
    "By approval: tick every draft that you could live with": "approval",
    "By rank: put all drafts in order": "ranked",
}


class VoteView(widgets.VBox):
    """`people` gives who has joined, name by id; `evidence` what is known of each draft of a ballot, as plain lines."""

    def __init__(
        self,
        workshop: Workshop,
        *,
        people: Callable[[], Mapping[str, str]],
        evidence: Callable[[Ballot], Mapping[str, Sequence[str]]] = lambda ballot: {},
    ) -> None:
        self._workshop, self._people, self._evidence = workshop, people, evidence
        self._drawn: tuple[str, bool] = ("", False)
        self.form: BallotForm | None = None
        self.origin = OriginView()
        self.told, self.status = widgets.HTML(), widgets.HTML()
        self.place = page()
        self.drafts: dict[str, widgets.Checkbox] = {}
        self._drafts = page()
        self._none = widgets.HTML(note("No draft hangs on the wall yet."))
        self.method = widgets.RadioButtons(
            description="How do you vote?", options=[*METHODS.items()], layout={"width": "100%"}
        )
        self.me = widgets.Checkbox(description="I vote, too", indent=False, value=False)
        self.start = widgets.Button(description="Open the vote", button_style="primary")
        self.close = widgets.Button(description="Close the vote")
        self.start.on_click(lambda _: self._on_start())
        self.close.on_click(lambda _: self._on_close())
        head = widgets.HTML(
            "<h3>Put drafts to the vote</h3><p>Choose two or more that hang on the wall. Everybody who has joined by "
            "now votes once, in secret; more than half must vote. What was read and tested matters more than a count: "
            "look at the evidence beside the result.</p>"
        )
        self._opening = page(head, self._drafts, self.method, self.me, row(self.start))
        self._closing = row(self.close)
        top = widgets.HTML("<h2>Vote</h2><p>Choose with the evidence before you. The vote is secret.</p>")
        super().__init__([top, self.status, self.told, self.place, self._closing, self._opening])
        self.refresh()

    def _on_start(self) -> None:
        chosen = [ident for ident, box in self.drafts.items() if box.value]
        if not 2 <= len(chosen) <= OPTIONS_LIMIT:
            self.told.value = alert(f"Choose 2 to {OPTIONS_LIMIT} drafts; {len(chosen)} are ticked.")
            return
        mine = self._workshop.seat.id
        voters = {*self._people(), *([mine] if self.me.value else [])}
        if not voters:
            self.told.value = alert("Nobody has joined yet who could vote. Tick “I vote, too”, or wait for the others.")
            return
        self._try(lambda: self._workshop.open_vote(chosen, method=str(self.method.value), voters=sorted(voters)))

    def _on_close(self) -> None:
        vote = self._workshop.vote()
        if vote and vote.result.voted < vote.ballot.needed and not self._closes_early():
            return
        self._try(self._workshop.close_vote)

    def _closes_early(self) -> bool:
        """Whether the trainer pressed twice: a vote closed below its quorum has no result."""
        if self.close.description != "Close it all the same":
            self.close.description = "Close it all the same"
            self.told.value = alert(
                "Fewer people have voted than a result takes, and nobody can vote once it is closed."
            )
            return False
        return True

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except VisionQuizError as error:
            self.told.value = alert(str(error))
            return
        self.told.value = ""
        self.refresh()

    def refresh(self) -> None:
        """Draw what there is now."""
        vote = self._workshop.vote()
        trainer = self._workshop.seat.trainer
        is_open = vote is not None and not vote.box.closed
        self._opening.layout.display = None if trainer and not is_open else "none"
        self._closing.layout.display = None if trainer and is_open else "none"
        if trainer and not is_open:
            self._draw_drafts()
            self.close.description = "Close the vote"
        if vote is None:
            self.status.value = note("There is no vote yet. " + ("" if trainer else "Your trainer opens it."))
            return
        if is_open:
            result = vote.result
            self.status.value = note(
                f"{result.voted} of {len(vote.ballot.voters)} people have voted; a result takes {result.needed}. It "
                "shows when the vote is closed."
            )
        else:
            self.status.value = ""
        if self._drawn != (vote.ballot.id, vote.box.closed):
            self._drawn = (vote.ballot.id, vote.box.closed)
            self.place.children = (self._draw(vote), *((self.origin,) if vote.box.closed else ()))
        if vote.box.closed:
            self._draw_origin(vote)

    def _draw(self, vote: Vote) -> widgets.Widget:
        if vote.box.closed:
            return BallotResultView(vote.ballot, vote.result, self._evidence(vote.ballot))
        mine = self._workshop.seat.id
        if mine not in vote.ballot.voters:
            watches = "You do not vote this time." if self._workshop.seat.trainer else (
                "The vote was opened before you joined, so you cannot take part in it. Tell your trainer."
            )  # fmt: skip
            return widgets.HTML(note(watches))
        self.form = BallotForm(vote.ballot, cast=self._cast, voted=mine in vote.box.voted)
        return self.form

    def _draw_origin(self, vote: Vote) -> None:
        """Where the words of what was chosen come from, as they were when they were put to the vote."""
        drafts, themes, stage = self._workshop.drafts(), self._workshop.themes(), self._workshop.stage()
        known = {draft.id: draft for draft in drafts}
        winners = [
            (letter, wind_back(known[option.id], option.text))
            for letter, option in zip(string.ascii_uppercase, vote.ballot.options, strict=False)
            if option.id in vote.result.winners and option.id in known
        ]
        head = "Where its words come from" if len(winners) == 1 else "Where the words of draft {} come from"
        self.origin.show(
            {head.format(letter): draft for letter, draft in winners},
            drafts=drafts,
            ideas=self._workshop.ideas(),
            themes=themes.now if themes else None,
            people=self._people(),
            anonymous=stage.anonymous,
        )

    def _cast(self, choice: tuple[str, ...]) -> None:
        self._workshop.cast(choice)

    def _draw_drafts(self) -> None:
        hung = [draft for draft in self._workshop.drafts() if draft.on_wall]
        dots = self._workshop.dots()
        for draft in hung:
            marks = dots.get(draft.id, 0)
            label = f"{draft.text} ({marks} {'mark' if marks == 1 else 'marks'})" if marks else draft.text
            if draft.id in self.drafts:
                self.drafts[draft.id].description = label
            else:
                self.drafts[draft.id] = widgets.Checkbox(description=label, indent=False, value=False)
        self.drafts = {draft.id: self.drafts[draft.id] for draft in hung}
        shown = (*self.drafts.values(), *(() if self.drafts else (self._none,)))
        if self._drafts.children != shown:
            self._drafts.children = shown
