"""What the chosen statement means: its words explained point by point, themes answered, and each role's part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets as widgets

from visionquiz.drafts import Draft
from visionquiz.errors import VisionQuizError
from visionquiz.proposal import (
    TASKS_LIMIT,
    TEXT_LIMIT,
    Gap,
    Point,
    Proposal,
    RoleTasks,
    add_point,
    add_role,
    check_proposal,
    drop_point,
    drop_role,
    explain_point,
    key_words,
    list_tasks,
    say_core_idea,
    tie_point,
)  # fmt: skip
from visionquiz.themes import Theme
from visionquiz.views._parts import alert, note, page, row, shorten, style
from visionquiz.views._shared_text import CSS as EDITOR
from visionquiz.views._shared_text import SharedText
from visionquiz.workshop import Workshop

__all__ = ["MeaningView"]

CSS = """
.vqw .vqm-card { border: 1px solid var(--vq-line); border-radius: .5rem; padding: .3rem .9rem .5rem; margin: .6rem 0; }
.vqw .vqm-said { font-size: 1.3rem; line-height: 1.9; background: var(--vq-card); border-radius: .3rem;
  padding: .6rem .9rem; margin: .5rem 0; white-space: pre-wrap; }
.vqw .vqm-said .told { text-decoration: underline 2px var(--vq-mark); text-underline-offset: .3em; }
.vqw .vqm-said .open { border: 2px dashed var(--vq-bad); border-radius: .3rem; padding: 0 .2rem; }
.vqw .vqm-chips { display: flex; flex-flow: row wrap; gap: .4rem; }
.vqw .vqm-chips .widget-checkbox { width: auto; max-width: 100%; margin: 0; }
.vqw .vqm-chips label { border: 1px solid var(--vq-line); border-radius: 1.2rem; padding: .3rem .8rem .3rem .6rem; }
.vqw .vqm-chips label:has(input:checked) { border-color: var(--vq-mark); background: var(--vq-card); }
.vqw .vqm-add { align-items: end; }
.vqw .vqm-add .widget-text { max-width: 24rem; }
"""

ROLES = "What does somebody in this job do for it? Write one thing on each line, and begin with “I”."

Act = Callable[[Callable[[Proposal], Proposal]], bool]
"""Changes the proposal that is shown; whether it could be done."""


class Chips(widgets.VBox):
    """Things to tick, in a row; `tick` is called with all that are ticked once a person changed one."""

    def __init__(self, title: str, tick: Callable[[tuple[str, ...]], None]) -> None:
        self._tick, self._drawing = tick, False
        self.boxes: dict[str, widgets.Checkbox] = {}
        self._row = widgets.HBox().add_class("vqm-chips")
        super().__init__([widgets.HTML(f'<p class="soft">{escape(title)}</p>'), self._row])

    def show(self, labels: Mapping[str, str], ticked: Sequence[str]) -> None:
        """What there is to tick, and what is ticked."""
        self._drawing = True
        for ident, label in labels.items():
            if ident not in self.boxes:
                self.boxes[ident] = widgets.Checkbox(indent=False)
                self.boxes[ident].observe(lambda _: self._on_tick(), "value")
            self.boxes[ident].description = label
            self.boxes[ident].value = ident in ticked
        self.boxes = {ident: self.boxes[ident] for ident in labels}
        if self._row.children != tuple(self.boxes.values()):
            self._row.children = tuple(self.boxes.values())
        self.layout.display = None if labels else "none"
        self._drawing = False

    def _on_tick(self) -> None:
        if not self._drawing:
            self._tick(tuple(ident for ident, box in self.boxes.items() if box.value))


class Dropping(widgets.Button):
    """A button that takes something away; what holds words takes two presses."""

    def __init__(self, what: str, drop: Callable[[], object]) -> None:
        super().__init__(description=f"Drop {what}")
        self._what, self._drop = what, drop
        self.full = False
        self.on_click(lambda _: self._on_press())

    def show(self, full: bool) -> None:
        """Whether there are words that would be lost."""
        self.full = full
        if not full:
            self.description = f"Drop {self._what}"

    def _on_press(self) -> None:
        sure = f"Yes, drop {self._what} and its words"
        if self.full and self.description != sure:
            self.description = sure
        else:
            self._drop()


class PointCard(widgets.VBox):
    """One meaning point."""

    def __init__(self, ident: str, act: Act, edit: Callable[[str, str], Point]) -> None:
        self.text = SharedText(
            edit=edit, limit=TEXT_LIMIT, lines=2, label="What it asks of us, in plain words",
            hint="One full sentence, as you would say it to somebody in their first week.",
        )  # fmt: skip
        self.words = Chips("Words of the statement that it explains", lambda said: self._tie(words=said))
        self.themes = Chips("Themes that it answers, and how many ideas each has", lambda said: self._tie(themes=said))
        self.drop = Dropping("this point", lambda: act(lambda now: drop_point(now, ident)))
        self._ident, self._act = ident, act
        super().__init__([self.text, self.words, self.themes, row(self.drop)])
        self.add_class("vqm-card")

    def _tie(self, **tied: tuple[str, ...]) -> None:
        self._act(lambda now: tie_point(now, self._ident, **tied))

    def show(self, point: Point, number: int, keys: Sequence[str], themes: Sequence[Theme]) -> None:
        """The point as it is now."""
        self.text.label = f"Meaning point {number}: what it asks of us, in plain words"
        self.text.show(point.text)
        self.words.show({key: key for key in keys}, point.words)
        self.themes.show({theme.id: f"“{theme.name}” ({len(theme.ideas)})" for theme in themes}, point.themes)
        self.drop.show(bool(point.text.strip()))


class RoleCard(widgets.VBox):
    """One role and what it does for the vision."""

    def __init__(self, role: RoleTasks, act: Act, edit: Callable[[str, str], RoleTasks]) -> None:
        self.text = SharedText(edit=edit, limit=TASKS_LIMIT, lines=3, label=role.title)
        self.drop = Dropping(f"the role “{role.title}”", lambda: act(lambda now: drop_role(now, role.id)))
        super().__init__([self.text, row(self.drop)])
        self.add_class("vqm-card")

    def show(self, role: RoleTasks) -> None:
        """The role as it is now."""
        self.text.show(role.text)
        self.drop.show(bool(role.contributions))


class Sheet(widgets.VBox):
    """What one draft means, to write at. It belongs to that draft: words on their way to one never reach another."""

    def __init__(self, workshop: Workshop, draft: str, start: Proposal) -> None:
        self._workshop, self._draft, self._start = workshop, draft, start
        self.points: dict[str, PointCard] = {}
        self.roles: dict[str, RoleCard] = {}
        self.told, self.statement, self.gaps = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.core = SharedText(
            edit=self._on_core, limit=TEXT_LIMIT, lines=2, label="The core idea",
            hint="What must come across in any case? One sentence, in other words than the statement’s.",
        )  # fmt: skip
        self._points, self._roles = page(), page()
        self.add = widgets.Button(description="Add a meaning point", button_style="primary")
        self.title = widgets.Text(description="A role that is missing", continuous_update=False)
        self.new_role = widgets.Button(description="Add the role")
        self.add.on_click(lambda _: self._act(add_point))
        self.new_role.on_click(lambda _: self._on_role())
        adding = row(self.title, self.new_role).add_class("vqm-add")
        super().__init__(
            [
                self.statement, self.core, _head("What does it ask of us?"), self._points, row(self.add),
                _head("Who does what for it?", ROLES), self._roles, adding, self.told,
                _head("What is still open?"), self.gaps,
            ]
        )  # fmt: skip

    def _on_core(self, base: str, text: str) -> "Core":
        return Core(text=self._change(lambda now: say_core_idea(now, base=base, text=text)).core_idea)

    def _on_role(self) -> None:
        title = str(self.title.value)
        if self._act(lambda now: add_role(now, title)):
            self.title.value = ""

    def _act(self, change: Callable[[Proposal], Proposal]) -> bool:
        try:
            self._change(change)
            self.refresh()
        except VisionQuizError as error:
            self.told.value = alert(f"That was not done: {error}.")
            return False
        self.told.value = ""
        return True

    def _change(self, change: Callable[[Proposal], Proposal]) -> Proposal:
        return self._workshop.change_meaning(self._draft, change, start=self._start)

    def _edit_point(self, ident: str) -> Callable[[str, str], Point]:
        def edit(base: str, text: str) -> Point:
            kept = self._change(lambda now: explain_point(now, ident, base=base, text=text))
            return next(point for point in kept.points if point.id == ident)

        return edit

    def _edit_role(self, ident: str) -> Callable[[str, str], RoleTasks]:
        def edit(base: str, text: str) -> RoleTasks:
            kept = self._change(lambda now: list_tasks(now, ident, base=base, text=text))
            return next(role for role in kept.roles if role.id == ident)

        return edit

    def refresh(self) -> None:
        """Draw what there is now. Raises `StoreError`."""
        chosen = self._workshop.chosen()
        is_chosen = chosen is not None and chosen.id == self._draft
        statement = chosen.text if chosen and is_chosen else self._workshop.draft(self._draft).text
        history = self._workshop.themes()
        themes = [theme for theme in history.now.themes if theme.ideas] if history else []
        proposal = self._workshop.meaning(self._draft) or self._start
        self.statement.value = _mark(statement, proposal)
        self.core.show(proposal.core_idea)
        keys = [word.plain for word in key_words(statement)]
        for number, point in enumerate(proposal.points, 1):
            if point.id not in self.points:
                self.points[point.id] = PointCard(point.id, self._act, self._edit_point(point.id))
            self.points[point.id].show(point, number, keys, themes)
        self.points = {point.id: self.points[point.id] for point in proposal.points}
        for role in proposal.roles:
            if role.id not in self.roles:
                self.roles[role.id] = RoleCard(role, self._act, self._edit_role(role.id))
            self.roles[role.id].show(role)
        self.roles = {role.id: self.roles[role.id] for role in proposal.roles}
        for place, cards in ((self._points, self.points), (self._roles, self.roles)):
            if place.children != tuple(cards.values()):
                place.children = tuple(cards.values())
        name = "chosen" if is_chosen else self._draft
        gaps = check_proposal(proposal, statement, themes)
        self.gaps.value = _tell(gaps, name if self._workshop.seat.trainer else "")


class MeaningView(widgets.VBox):
    """`start` is what there is before anybody has written: the roles of the company. All work on one proposal."""

    def __init__(self, workshop: Workshop, *, start: Proposal) -> None:
        self._workshop, self._start = workshop, start
        self._drawing, self._chosen = False, ""
        self.sheets: dict[str, Sheet] = {}
        self.menu = widgets.Dropdown(description="Which draft?", options=())
        self.told, self._place = widgets.HTML(), page()
        self.menu.observe(lambda _: None if self._drawing else self.refresh(), "value")
        head = widgets.HTML(
            "<h2>Say what it means</h2><p>People can recite a statement and still not know what it asks of them. Write "
            "that down now, together: a meaning point for each thing that it asks, and for each job what somebody in "
            "it does. Everybody may write, and nobody’s words are lost.</p>"
        )
        super().__init__([style(EDITOR + CSS), head, self.told, self.menu, self._place])
        self.refresh()

    @property
    def sheet(self) -> Sheet:
        """What is shown of the draft in the menu."""
        return self.sheets[self.menu.value]

    def refresh(self) -> None:
        """Draw what there is now. Raises `StoreError`."""
        chosen = self._workshop.chosen()
        drafts = [one for one in self._workshop.drafts() if one.on_wall or (chosen and one.id == chosen.id)]
        self.menu.layout.display = None if len(drafts) > 1 else "none"
        if not drafts:
            self.told.value = note("No draft hangs on the wall yet. What it means is written once you have chosen one.")
            self._place.children = ()
            return
        self.told.value = ""
        self._fill_menu(drafts, chosen.id if chosen else "")
        ident = self.menu.value
        if ident not in self.sheets:
            self.sheets[ident] = Sheet(self._workshop, ident, self._start)
        self.sheet.refresh()
        if self._place.children != (self.sheet,):
            self._place.children = (self.sheet,)

    def _fill_menu(self, drafts: Sequence[Draft], chosen: str) -> None:
        """All drafts that may be explained; the chosen one, or the first, until a person picks another."""
        options = [(f"{shorten(one.text)}{' (chosen)' if one.id == chosen else ''}", one.id) for one in drafts]
        if list(self.menu.options) == options:
            return
        ids, now = [one.id for one in drafts], self.menu.value
        known, self._chosen = self._chosen, chosen
        self._drawing = True
        self.menu.options = options
        self.menu.value = chosen if chosen and chosen != known else now if now in ids else chosen or ids[0]
        self._drawing = False


@dataclass(frozen=True, kw_only=True)
class Core:
    """The core idea, as a box takes it."""

    text: str


def _head(text: str, more: str = "") -> widgets.HTML:
    return widgets.HTML(f"<h3>{escape(text)}</h3>" + (f"<p>{escape(more)}</p>" if more else ""))


def _mark(statement: str, proposal: Proposal) -> str:
    """The statement: which of its key words some point explains, and which none does."""
    explained = {word for point in proposal.points for word in point.words}
    html, at = "", 0
    for word in key_words(statement):
        told = word.plain in explained
        html += escape(statement[at : word.start])
        shown = escape(statement[word.start : word.end])
        html += f'<span class="{"told" if told else "open"}">{shown}</span>'
        at = word.end
    legend = "Underlined words are explained by a meaning point. Words in a dashed frame are not yet."
    return f'<div class="vqm-said">{html}{escape(statement[at:])}</div><p class="soft">{legend}</p>'


def _tell(gaps: Sequence[Gap], adopt: str) -> str:
    """What is open; and for the trainer how the draft `adopt` becomes the vision."""
    needed = "".join(f"<li>{escape(gap.text)}</li>" for gap in gaps if gap.needed)
    doubtful = "".join(f"<li>{escape(gap.text)}</li>" for gap in gaps if not gap.needed)
    html = f"<p>Before it can be adopted:</p><ul>{needed}</ul>" if needed else ""
    html += f"<p>For you to decide:</p><ul>{doubtful}</ul>" if doubtful else ""
    if not gaps:
        html = "<p>Nothing: every word is explained, every theme is answered, and every role has its part.</p>"
    if adopt and not needed:
        html += note(
            f"To make it your company’s vision, type in a terminal: visionquiz adopt {adopt}. It shows what changes in "
            "vision.toml and asks before it writes."
        )
    return html
