"""A small recall trial in the room: everybody reads one of two drafts, and writes it down from memory."""

from collections import defaultdict
from html import escape

import ipywidgets as widgets

from visionquiz.errors import TrialError
from visionquiz.trials import Draft, RecallTrial, check_text, compare_drafts, recall_by_word, score_recall
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._frame import ActivityView
from visionquiz.views.trial import CSS, RecallTrialForm, trial_html

__all__ = ["READS", "RECALL", "TrialView"]

READS, RECALL = "reads", "recall"
"""What is shared: which draft somebody reads (so that as many read each), and what they remembered of it."""


class TrialView(ActivityView):
    """The activity's cards are the drafts. Results show once one has handed in, and to the trainer at once."""

    def build(self) -> list[widgets.Widget]:
        self.form: RecallTrialForm | None = None
        self.result = widgets.HTML()
        self.start = widgets.Button(description="Take part", button_style="primary")
        self.place = page(row(self.start))
        self.start.on_click(lambda _: self.take_part())
        try:
            self.trial: RecallTrial | None = RecallTrial(
                id=self.activity.id, drafts=tuple(Draft(id=card.id, text=card.text) for card in self.activity.cards)
            )
        except TrialError as error:
            self.trial = None
            return [widgets.HTML(alert(str(error)))]
        if RECALL in self.classroom.room.mine(self.activity.id):
            self.place.children = [widgets.HTML(note("You have taken part. Your recall counts below."))]
        return [style(CSS), self.place, self.result]

    def take_part(self) -> None:
        """Give this person the draft that fewest have read, or go on where they were."""
        if self.trial is None:
            return
        before = self.classroom.room.mine(self.activity.id).get(READS, {})
        draft = before.get("draft")
        if not isinstance(draft, str) or self.trial.draft(draft) is None:
            draft = self.trial.assign(self.classroom.room.seat.id, self._taken())
            if not self.share({"draft": draft, "read": False}, slot=READS):
                return
        self.form = RecallTrialForm(
            self.trial,
            draft,
            read=lambda: self._room_share({"draft": draft, "read": True}, READS),
            save=lambda text: self._save(draft, text),
            later=before.get("read") is True,
            title="",
        )
        self.place.children = [self.form]

    def _save(self, draft: str, text: str) -> None:
        self._room_share({"ask": draft, "text": text}, RECALL)
        self.refresh()
        self.finish()

    def _room_share(self, body: dict[str, object], slot: str) -> None:
        # Nobody is shown what somebody else remembered, only how many remembered each word: nothing to moderate.
        self.classroom.room.share(self.activity.id, body, slot=slot)

    def _taken(self) -> dict[str, str]:
        """Who reads which draft so far."""
        found = {}
        for one in self.classroom.room.shown(self.activity.id):
            draft = one.body.get("draft", one.body.get("ask"))
            if isinstance(draft, str):
                found[one.author] = draft
        return found

    def _recalls(self) -> dict[str, list[str]]:
        """What was written, by draft. What a browser sent is anything."""
        found: dict[str, list[str]] = defaultdict(list)
        for one in self.classroom.room.shown(self.activity.id):
            draft, text = one.body.get("ask"), one.body.get("text")
            if isinstance(draft, str) and isinstance(text, str) and not check_text(text):
                found[draft].append(text)
        return found

    def refresh(self) -> None:
        if self.trial is None:
            return
        room = self.classroom.room
        recalls = self._recalls()
        if RECALL not in room.mine(self.activity.id) and not room.seat.trainer:
            self.result.value = ""
            return
        texts = {draft.id: recalls.get(draft.id, []) for draft in self.trial.drafts}
        scores = {
            draft.id: [score_recall(draft.text, text).share for text in texts[draft.id]] for draft in self.trial.drafts
        }
        by_word = {draft.id: recall_by_word(draft.text, texts[draft.id]) for draft in self.trial.drafts}
        who = "<p>All but you are invented people.</p>" if room.alone else ""
        mine = room.mine(self.activity.id).get(RECALL, {})
        draft = self.trial.draft(str(mine.get("ask")))
        text = mine.get("text")
        own = ""
        if draft and isinstance(text, str):
            share = score_recall(draft.text, text).share
            own = (
                f'<p>You remembered {share:.0%} of the main words. You wrote:</p><div class="typed">'
                f"{escape(text) or '(nothing)'}</div>"
            )
        self.result.value = own + who + trial_html(self.trial, compare_drafts(scores), by_word)
