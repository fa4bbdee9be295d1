"""Two drafts side by side, the words that both have marked, and a box for the one that is made of them."""

from collections.abc import Sequence
from html import escape

import ipywidgets as widgets

from visionquiz.merging import check_merge, find_common
from visionquiz.store import Contribution
from visionquiz.views._parts import alert, note, page, row, shorten, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["LIMIT", "MergeView"]

LIMIT = 600
"""Characters of a merged draft; a statement that people can remember has a hundred."""

MOST = 40
"""Drafts to choose from."""

CSS = """
.vql .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .8rem; }
.vql .pair > div { background: var(--vq-card); border-left: .3rem solid var(--vq-line); border-radius: .3rem;
  padding: .6rem .9rem; min-width: 0; }
.vql mark { background: none; color: inherit; font-weight: 700; text-decoration: underline;
  text-underline-offset: .2em; }
"""


class MergeView(ActivityView):
    """Drafts come from the activity that this one `takes` them from, once one has written a draft oneself."""

    def build(self) -> list[widgets.Widget]:
        (ask, *_) = self.activity.asks
        self._drafts: dict[int, str] = {}
        before = self.classroom.room.mine(self.activity.id).get("", {}).get("text", "")
        self.one = widgets.Dropdown(description="First draft", options=())
        self.other = widgets.Dropdown(description="Second draft", options=())
        self.pair, self.sent, self.others = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.box = widgets.Textarea(
            description=ask.text, placeholder=ask.hint, rows=3, value=before[:LIMIT] if isinstance(before, str) else ""
        )
        self.send = widgets.Button(description="Share the merged draft", button_style="primary")
        self.wait = widgets.HTML()
        self.work = page(self.one, self.other, self.pair, self.box, row(self.send), self.sent, self.others)
        for menu in (self.one, self.other):
            menu.observe(lambda _: self._draw_pair(), "value")
        self.send.on_click(lambda _: self.merge())
        return [style(CSS), self.wait, self.work]

    def merge(self) -> None:
        """Share the merged draft, if it is one; say what of each draft it keeps."""
        text, one, other = self.box.value.strip(), self._text(self.one), self._text(self.other)
        if len(text) > LIMIT:
            self.sent.value = alert(f"This has {len(text):,} characters. Say it in at most {LIMIT}.")
            return
        if self.one.value == self.other.value:
            self.sent.value = alert("Choose two drafts that differ.")
            return
        found = check_merge(one, other, text)
        if found.fault:
            self.sent.value = alert(found.fault)
            return
        if not self.share({"text": text, "of": [one, other]}, typed=True):
            return
        room = self.classroom.room
        later = "" if room.alone or room.seat.trainer else " Others see it once your trainer has looked at it."
        new = f" {found.new} new." if found.new else ""
        self.sent.value = note(
            f"Shared: {found.length} words. Telling words (all but small ones) kept: {found.kept_one} of "
            f"{found.of_one} of the first draft, "
            f"{found.kept_other} of {found.of_other} of the second.{new}{later} Your company's vision today: "
            f"“{self.classroom.vision.statement}”"
        )
        self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        wrote = bool(room.mine(self.activity.takes)) or room.seat.trainer
        said = [one for one in room.shown(self.activity.takes) if _text(one)]
        # One's own draft may still wait for the trainer; it can be worked with all the same.
        own = [body for body in room.mine(self.activity.takes).values() if isinstance(body.get("text"), str)]
        drafts = {0: str(own[0]["text"])[:LIMIT]} if own else {}
        drafts |= {one.id: _text(one) for one in said[-MOST:] if one.author != room.seat.id}
        ready = wrote and len(drafts) > 1
        self.work.layout.display = None if ready else "none"
        why = "Write and share your own draft above first."
        if wrote:
            why = "It takes two drafts. They come up by themselves."
        self.wait.value = "" if ready else note(why)
        if ready and drafts != self._drafts:
            self._offer(drafts)
        if ready:
            self.others.value = self._draw_others(room.shown(self.activity.id))

    def _offer(self, drafts: dict[int, str]) -> None:
        """New drafts may have come; what was chosen stays chosen."""
        chosen = [menu.value for menu in (self.one, self.other)]
        self._drafts = drafts
        idents = list(drafts)
        options = [(("Yours: " if not ident else "") + shorten(text), ident) for ident, text in drafts.items()]
        for menu, before, first in ((self.one, chosen[0], idents[0]), (self.other, chosen[1], self._unlike(idents))):
            menu.options = options
            menu.value = before if before in drafts else first
        self._draw_pair()

    def _unlike(self, idents: Sequence[int]) -> int:
        """A draft for the second place: for the first person another one than for the second, and so on."""
        others = idents[1:]
        return others[sum(map(ord, self.classroom.room.seat.id)) % len(others)]

    def _draw_pair(self) -> None:
        one, other = self._text(self.one), self._text(self.other)
        shared = len(find_common(one, other))
        says = (
            "Words that both have are underlined."
            if shared
            else "They have no telling word in common, only small ones."
        )
        self.pair.value = (
            f'<div class="pair"><div><strong>First draft</strong><br>{_mark(one, other)}</div>'
            f'<div><strong>Second draft</strong><br>{_mark(other, one)}</div></div><p class="soft">{says}</p>'
        )

    def _draw_others(self, shown: Sequence[Contribution]) -> str:
        texts = [_text(one) for one in shown if one.author != self.classroom.room.seat.id and _text(one)]
        if not texts or not self.may_look:
            return ""
        who = "What invented pairs made" if self.classroom.room.alone else "What other pairs made"
        return f"<h4>{who}</h4><ul>{''.join(f'<li>{escape(text)}</li>' for text in texts[-MOST:])}</ul>"

    def _text(self, menu: widgets.Dropdown) -> str:
        return self._drafts.get(menu.value, "")


def _text(one: Contribution) -> str:
    text = one.body.get("text")
    return text[:LIMIT] if isinstance(text, str) else ""


def _mark(draft: str, other: str) -> str:
    parts, at = [], 0
    for start, end in find_common(draft, other):
        parts.append(f"{escape(draft[at:start])}<mark>{escape(draft[start:end])}</mark>")
        at = end
    return "".join(parts) + escape(draft[at:])
