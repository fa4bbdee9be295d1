"""Everybody repairs a weak draft, sees it beside the old one with what text can tell, and reads the others' drafts."""

from html import escape

import ipywidgets as widgets

from visionquiz.statement import EvidenceCard, Finding, check_statement
from visionquiz.statement.repair import Change, compare_cards
from visionquiz.views import evidence
from visionquiz.views._parts import alert, note, row, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["LIMIT", "RepairView"]

LIMIT = 400
"""Characters; the longest of 86 published statements has 360."""

MOST = 60
"""Others' drafts that are listed."""

CSS = """
.vql .pair { display: grid; gap: .6rem 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }
.vql .pair > div { background: var(--vq-card); border-radius: .3rem; padding: .5rem .8rem; min-width: 0; }
.vql .changes { list-style: none; padding: 0; }
.vql .changes > li { border-top: 1px solid var(--vq-line); padding: .6rem 0; }
"""

WAYS = {
    "better": "speaks more for your draft",
    "worse": "speaks less for your draft",
    "same": "as before",
}


class RepairView(ActivityView):
    """The first card is the weak draft, and says what is weak once somebody has tried; the first question is what to
    do with it, and its samples are what invented people wrote.
    """

    def build(self) -> list[widgets.Widget]:
        (self.draft, *_), (ask, *_) = self.activity.cards, self.activity.asks
        self.ask = ask.id
        mine = self.classroom.room.mine(self.activity.id).get(self.ask, {}).get("text", "")
        text = mine if isinstance(mine, str) else ""
        self.box = widgets.Textarea(description=ask.text, placeholder=ask.hint, rows=3, value=text[:LIMIT])
        self.compare = widgets.Button(description="Compare with the old draft")
        self.send = widgets.Button(description="Share it", button_style="primary")
        self.told, self.sent, self.others = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.compare.on_click(lambda _: self.look())
        self.send.on_click(lambda _: self.repair())
        by = f'<p class="soft">{escape(self.draft.by)}</p>' if self.draft.by else ""
        weak = widgets.HTML(f'<p class="statement">{escape(self.draft.text)}</p>{by}')
        return [
            style(evidence.CSS + CSS), weak, self.box, row(self.compare, self.send), self.told, self.sent, self.others,
        ]  # fmt: skip

    def look(self) -> bool:
        """Show what stands in the box beside the old draft. Returns whether there was a draft to look at."""
        text = self.box.value.strip()
        self.told.value = self._refuse(text)
        if self.told.value:
            return False
        vision = self.classroom.vision
        before, after = check_statement(self.draft.text, vision), check_statement(text, vision)
        self.told.value = self._draw(before, after)
        return True

    def repair(self) -> None:
        """Share what stands in the box."""
        if not self.look():
            self.sent.value = ""
            return
        if not self.share({"ask": self.ask, "text": self.box.value.strip()}, slot=self.ask, typed=True):
            return
        room = self.classroom.room
        later = "" if room.alone or room.seat.trainer else " Others see it once your trainer has looked at it."
        self.sent.value = note(f"Shared.{later} You can change it and share it again.")
        self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        if not (room.seat.trainer or self.ask in room.mine(self.activity.id)):
            return
        drafts = [
            one.body["text"][:LIMIT]
            for one in room.shown(self.activity.id)
            if one.author != room.seat.id and one.body.get("ask") == self.ask and isinstance(one.body.get("text"), str)
        ]
        if not drafts:
            self.others.value = note("Nobody else's draft is here yet. They come up by themselves.")
            return
        who = "Invented people wrote" if room.alone else "The room wrote"
        listed = "".join(f"<li>{escape(text)}</li>" for text in drafts[-MOST:])
        more = f"<p>and {len(drafts) - MOST} more</p>" if len(drafts) > MOST else ""
        self.others.value = f"<h4>{who}</h4><ul>{listed}</ul>{more}"

    def _refuse(self, text: str) -> str:
        if not text:
            return alert("There is nothing in the box yet. One sentence is enough.")
        if len(text) > LIMIT:
            return alert(f"This has {len(text):,} characters. Say it in at most {LIMIT}; one sentence is best.")
        if _plain(text) == _plain(self.draft.text):
            return alert("These are still the words of the old draft. Change at least what you like least.")
        return ""

    def _draw(self, before: EvidenceCard, after: EvidenceCard) -> str:
        changes = compare_cards(before, after)
        typed = "".join(f"<li>{escape(one.remark)} {escape(one.try_this)}</li>" for one in after.of_side("problem"))
        said = f"<ul>{typed}</ul>" if typed else ""
        drafts = _beside(escape(before.statement), escape(after.statement))
        listed = "".join(map(_change, changes))
        told = f'<ul class="changes">{listed}</ul>' if listed else ""
        intro = "These are patterns in the words. Each can be wrong, and they do not add up to a mark." if told else ""
        asked = "".join(f"<li>{escape(one.remark)} {escape(one.try_this)}</li>" for one in after.of_side("ask"))
        people = f"<h4>What no text measure can tell</h4><ul>{asked}</ul>" if asked else ""
        weak = f"<p><strong>What was weak in the old draft:</strong> {escape(self.draft.why)}</p>"
        whole = (
            f"<details><summary>Everything the card says about your draft</summary>{evidence.evidence_html(after)}"
            "</details>"
        )
        return f'<div role="status"><p>{intro}</p></div>{drafts}{said}{told}{people}{weak if told else ""}{whole}'


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold().strip(".")


def _beside(before: str, after: str) -> str:
    return f'<div class="pair"><div><b>Before:</b> {before}</div><div><b>After:</b> {after}</div></div>'


def _change(change: Change) -> str:
    head = f"<strong>{escape(change.topic)}</strong>: {WAYS[change.way]}"
    return f"<li>{head}{_beside(_remarks(change.before), _remarks(change.after))}</li>"


def _remarks(findings: tuple[Finding, ...]) -> str:
    return escape(" ".join(one.remark for one in findings)) or "Nothing to remark."
