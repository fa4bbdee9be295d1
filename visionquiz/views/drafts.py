"""Drafts of a statement on the screen: written alone, made into one in pairs, read on the wall, and merged.

What stands on the screen stays when others do something, and only what it shows is changed: whoever is typing types on.
"""

import contextlib
import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Protocol

import ipywidgets as widgets

from visionquiz.drafts import Draft, Edit, trace_ancestors
from visionquiz.errors import StoreError, VisionQuizError
from visionquiz.merging import Merged, check_merge, find_common
from visionquiz.statement.card import EvidenceCard
from visionquiz.views._parts import alert, note, page, row, shorten, style
from visionquiz.views._shared_text import CSS as EDITOR
from visionquiz.views._shared_text import PRESS_RUN, SharedText
from visionquiz.views.evidence import EvidenceView

__all__ = ["STEPS", "DraftsView", "Room", "draw_drafts", "name_draft"]

MOST_EDITS = 30
"""Edits of one draft that are listed, the newest ones."""

PROMPTS = (
    "What does a customer have once we have done our work?",
    "What do we do before anything else when something goes wrong?",
    "What would a customer tell a friend about us?",
)

EXAMPLES = (
    "Keep every home running, and leave everyone clear about what happens next.",
    "We fix it the same day, or we tell you by noon when we will.",
)

CSS = """
.vqf.vqd { max-width: 70rem; }
.vqd .vqd-two { display: grid; gap: .8rem 1.6rem; align-items: start;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.vqd .vqd-wall { display: grid; gap: .8rem; align-items: start;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.vqd .vqd-card { border: 1px solid var(--vq-line); border-radius: .5rem; padding: .7rem .9rem; min-width: 0; }
.vqd .widget-vbox, .vqd .widget-hbox { min-width: 0; }
.vqd .words { font-size: 1.15rem; white-space: pre-wrap; background: var(--vq-card); border-left: .3rem solid
  var(--vq-line); border-radius: .3rem; padding: .6rem .9rem; margin: .3rem 0; }
.vqd .words mark { background: none; color: inherit; font-weight: 700; text-decoration: underline;
  text-decoration-color: var(--vq-mark); text-decoration-thickness: .12em; text-underline-offset: .2em; }
.vqd .side { display: grid; gap: .8rem; margin-top: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }
.vqd .side > div { min-width: 0; }
.vqd h4 { font-size: 1.05rem; line-height: 1.4; margin: .2rem 0; color: inherit; }
.vqd details { margin: .4rem 0; }
.vqd details ul, .vqd details ol { padding-left: 1.2rem; margin: .3rem 0; }
.vqd details li { margin: .4rem 0; white-space: pre-wrap; }
.vqd .widget-dropdown select { max-width: 34rem; }
"""


class Seat(Protocol):
    """Who is at work."""

    @property
    def id(self) -> str:
        """Stands for a person in the room."""


class Stage(Protocol):
    """Where the workshop stands."""

    @property
    def anonymous(self) -> bool:
        """Whether nobody is named as the author of a draft."""


class Room(Protocol):
    """What the view needs of a workshop (`visionquiz.workshop.Workshop`). Every method may raise `StoreError`."""

    @property
    def seat(self) -> Seat:
        """Who is at work here."""

    def stage(self) -> Stage:
        """The step that the room is at."""

    def drafts(self) -> tuple[Draft, ...]:
        """All drafts, in the order in which they were begun."""

    def start_draft(
        self,
        text: str = "",
        *,
        made: str = "alone",
        authors: Sequence[str] = (),
        parents: Sequence[str] = (),
        instead: Callable[[Sequence[Draft]], Draft | None] = lambda drafts: None,
    ) -> Draft:
        """Begin a draft, unless there is one `instead`. Raises `DraftError` where it cannot be kept."""

    def edit_draft(self, ident: str, *, base: str, text: str) -> Draft:
        """The draft after this person, who saw `base`, made `text` of it."""

    def hang_up(self, ident: str, on_wall: bool = True) -> Draft:
        """Put a draft on the wall, or take it off."""

    def put_dot(self, ident: str, there: bool) -> None:
        """Mark a draft as one that this person could live with, or take the mark back."""

    def dots(self) -> dict[str, int]:
        """How many people marked each draft."""

    def my_dots(self) -> frozenset[str]:
        """The drafts that this person has marked."""


People = Callable[[], Mapping[str, str]]
"""Names of those who are here, by id."""

Check = Callable[[str], EvidenceCard]
"""A draft's text to its evidence card."""


def _check(text: str) -> EvidenceCard:
    from visionquiz.statement import check_statement

    return check_statement(text)


class DraftsView(widgets.VBox):
    """One step of work on drafts. `refresh` takes in what others did."""

    title = ""
    help = ""

    def __init__(self, room: Room, people: People, check: Check = _check) -> None:
        self.room, self.people, self.check = room, people, check
        self.known: dict[str, Draft] = {}
        self.wrong = widgets.HTML()
        head = widgets.HTML(f"<h2>{escape(self.title)}</h2><p>{escape(self.help)}</p>")
        super().__init__([style(EDITOR + CSS), head, self.wrong, *self.build()])
        self.add_class("vqf").add_class("vqd")
        self.refresh()

    def __repr__(self) -> str:
        return PRESS_RUN

    def build(self) -> Sequence[widgets.Widget]:
        """What stands in this step for good."""
        return ()

    def draw(self) -> None:
        """Show the drafts in `known`."""

    def refresh(self) -> None:
        """Show the room as it is now. Raises `StoreError` where it cannot be read."""
        self.known = {one.id: one for one in self.room.drafts()}
        self.draw()

    def took(self, draft: Draft) -> None:
        """This person has changed a draft; no need to ask the store what it is now."""
        self.known[draft.id] = draft
        self.draw()

    def do(self, act: Callable[[], object]) -> bool:
        """Whether something could be done; if not, the step says why."""
        try:
            act()
        except (VisionQuizError, OSError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self.wrong.value = alert(f"That was not done: {why.rstrip('.')}.")
            return False
        self.wrong.value = ""
        with contextlib.suppress(StoreError):  # it is done, and the next look may succeed
            self.refresh()
        return True

    # Which drafts are whose

    @property
    def me(self) -> str:
        """This person's id."""
        return self.room.seat.id

    def own(self, person: str) -> Draft | None:
        """What a person wrote alone."""
        return next((one for one in self.known.values() if one.made == "alone" and one.authors[:1] == (person,)), None)

    def parents(self, draft: Draft) -> tuple[Draft, ...]:
        """The drafts that a draft was made from, as far as they are there."""
        return tuple(self.known[ident] for ident in draft.parents if ident in self.known)


class Writing(widgets.VBox):
    """One draft to write in, with its evidence card on demand."""

    def __init__(self, view: DraftsView, edit: Callable[[str, str], Draft], *, label: str, hint: str = "") -> None:
        self.view = view
        self.editor = SharedText(edit=edit, changed=self.changed, label=label, hint=hint)
        self.ask = widgets.Button(description="What does it say?")
        self.hide = widgets.Button(description="Hide the card")
        self.hide.layout.display = "none"
        self.card = widgets.VBox([], layout={"display": "none"})  # or it would keep a column for itself
        self.ask.on_click(lambda _: self.look())
        self.hide.on_click(lambda _: self.close_card())
        self.tools = row(self.ask, self.hide)
        self.below = page()
        both = page(page(self.editor, self.tools, self.below), self.card)
        both.add_class("vqd-two")
        super().__init__([both])

    def look(self) -> None:
        """Show the evidence card of what is in the box."""
        card = self.view.check(self.editor.text)
        if self.card.children:
            self.card.children[0].show(card)
        else:
            self.card.children = (EvidenceView(card),)
            self.card.layout.display = None
        self.ask.description, self.hide.layout.display = "Look again", None

    def show(self, text: str) -> None:
        """What the draft says now."""
        self.editor.show(text)
        if self.card.children:
            old = self.card.children[0].card.statement != text
            self.ask.description = "Look again: it has changed" if old else "Look again"

    def changed(self, draft: Draft) -> None:
        """Somebody has typed here."""
        self.show(draft.text)
        self.view.took(draft)

    def close_card(self) -> None:
        """No card any more."""
        self.card.children, self.card.layout.display = (), "none"
        self.ask.description, self.hide.layout.display = "What does it say?", "none"


class AloneView(DraftsView):
    """Everybody writes a draft alone, which nobody else sees before it is paired or hung up."""

    title = "Draft alone"
    help = "Write one sentence that says what a customer gets from you; nobody else sees it yet."

    def build(self) -> Sequence[widgets.Widget]:
        prompts = "".join(f"<li>{escape(one)}</li>" for one in PROMPTS)
        examples = "".join(f"<li>{escape(one)}</li>" for one in EXAMPLES)
        helps = widgets.HTML(
            f"<details open><summary>Questions to start from</summary><ul>{prompts}</ul></details>"
            f"<details><summary>Two examples of other companies</summary><ul>{examples}</ul></details>"
        )
        self.writing = Writing(self, self.edit, label="Your draft", hint="Ten to twenty words are a good length.")
        return helps, self.writing

    def edit(self, base: str, text: str) -> Draft:
        mine = self.own(self.me)
        if mine is None:
            # The notebook may have been opened twice.
            mine = self.room.start_draft(instead=_made_of("alone", lambda draft: draft.authors[:1] == (self.me,)))
        return self.room.edit_draft(mine.id, base=base, text=text)

    def draw(self) -> None:
        mine = self.own(self.me)
        self.writing.show(mine.text if mine else "")


class Shared(DraftsView):
    """A step in which a draft is made of others, by several people at once: which one is chosen in a menu."""

    menu_label = ""

    def __init__(self, room: Room, people: People, check: Check = _check) -> None:
        self.current = ""
        self.written: dict[str, Writing] = {}
        self.menu = widgets.Dropdown(description=self.menu_label, options=())
        self.sources, self.remark, self.place = widgets.HTML(), widgets.HTML(), page()
        self.hang = widgets.Button(description="Hang it on the wall", button_style="primary")
        self.below = page(self.remark, row(self.hang))
        self.work = page(self.menu, self.sources, self.place)
        self.menu.observe(lambda change: self.choose(change["new"]), "value")
        self.hang.on_click(lambda _: self.turn())
        self._drawing = False
        super().__init__(room, people, check)

    def shared(self) -> list[Draft]:
        """The drafts that this person may open here, the newest first."""
        return []

    def name(self, draft: Draft) -> str:
        """What a draft is called in the menu."""
        return _name(draft)

    def head(self, draft: Draft) -> str:
        """What stands above a draft that another one is made from."""
        return _name(draft)

    def writing(self, ident: str) -> Writing:
        """Where a draft is written. Each has a box of its own: words on their way to one never reach another."""
        if ident not in self.written:

            def edit(base: str, text: str) -> Draft:
                return self.room.edit_draft(ident, base=base, text=text)

            label = f"{name_draft(ident)}, which you write together"
            self.written[ident] = Writing(self, edit, label=label)
            self.written[ident].below.children = (self.below,)
        return self.written[ident]

    def turn(self) -> None:
        """Hang the draft up, or take it off."""
        draft = self.known.get(self.current)
        if draft:
            self.do(lambda: self.room.hang_up(draft.id, not draft.on_wall))

    def choose(self, ident: str | None) -> None:
        """Open a draft."""
        if not self._drawing and ident in self.known:
            self.current = ident
            self.draw()

    def draw(self) -> None:
        found = {one.id: one for one in self.shared()}
        self.work.layout.display = None if found else "none"
        if not found:
            return
        if self.current not in found:
            self.current = next(iter(found))
        draft = found[self.current]
        options = [(self.name(one), one.id) for one in found.values()]
        self._drawing = True
        if list(self.menu.options) != options:
            self.menu.options = options
        self.menu.value = self.current
        self._drawing = False
        self.menu.layout.display = None if len(found) > 1 else "none"
        writing = self.writing(draft.id)
        writing.show(draft.text)
        if self.place.children != (writing,):
            self.place.children = (writing,)
        parents = self.parents(draft)
        self.sources.value = _beside(parents, [self.head(one) for one in parents])
        self.hang.description = "Take it off the wall" if draft.on_wall else "Hang it on the wall"
        hung = note("It hangs on the wall. You can still change it.") if draft.on_wall else ""
        self.remark.value = _remark(parents, draft) + hung


class PairsView(Shared):
    """Two people make one draft of theirs."""

    title = "Draft in pairs"
    help = "Choose somebody, read both drafts, and make one of them together; you can both type at once."
    menu_label = "Your drafts in pairs"

    def build(self) -> Sequence[widgets.Widget]:
        self.partner = widgets.Dropdown(description="With whom do you write?", options=[("Choose somebody", "")])
        self.start = widgets.Button(description="Write together", button_style="primary")
        self.start.on_click(lambda _: self.pair())
        self.wait = widgets.HTML()
        self.alone = widgets.Button(description="Hang up what I wrote alone")
        self.alone.on_click(lambda _: self.hang_own())
        return self.wait, self.partner, row(self.start, self.alone), self.work

    def shared(self) -> list[Draft]:
        return [one for one in reversed(self.known.values()) if one.made == "pair" and self.me in one.authors]

    def pair(self) -> None:
        """Begin a draft with the one that was chosen, or open the one that the other has begun."""
        partner = self.partner.value
        if not partner:
            self.wrong.value = alert("Choose first with whom you write.")
            return

        def begin() -> None:
            self.known = {one.id: one for one in self.room.drafts()}
            both = [own.id for person in (self.me, partner) if (own := self.own(person))]
            there = _made_of("pair", lambda draft: set(draft.authors) == {self.me, partner})
            self.current = self.room.start_draft(made="pair", authors=[partner], parents=both, instead=there).id

        self.do(begin)

    def hang_own(self) -> None:
        """Without a partner, what was written alone goes to the wall as it is."""
        mine = self.own(self.me)
        if mine:
            self.do(lambda: self.room.hang_up(mine.id, not mine.on_wall))

    def name(self, draft: Draft) -> str:
        names = self.people()
        others = [names.get(one, "somebody") for one in draft.authors if one != self.me]
        return f"{_name(draft)}, with {' and '.join(others) or 'nobody'}"

    def head(self, draft: Draft) -> str:
        if draft.authors[:1] == (self.me,):
            return "What you wrote"
        return f"What {self.people().get(draft.authors[0], 'the other') if draft.authors else 'the other'} wrote"

    def draw(self) -> None:
        others = {ident: name for ident, name in self.people().items() if ident != self.me}
        options = [("Choose somebody", ""), *((name or ident, ident) for ident, name in others.items())]
        if list(self.partner.options) != options:
            now = self.partner.value
            self.partner.options = options
            self.partner.value = now if now in others else ""
        self.wait.value = "" if others else note("Nobody else is here yet. Names come up by themselves.")
        mine = self.own(self.me)
        self.alone.layout.display = None if mine and mine.text.strip() else "none"
        self.alone.description = (
            "Take what I wrote alone off the wall" if mine and mine.on_wall else "Hang up what I wrote alone"
        )
        super().draw()


class WallView(DraftsView):
    """Everybody reads what hangs there, and marks what they could live with."""

    title = "Read the wall"
    help = "Read every draft, and tick each one that you could live with; you can take a tick back."

    def build(self) -> Sequence[widgets.Widget]:
        self.cards: dict[str, _Card] = {}
        self.empty = widgets.HTML()
        self.wall = page()
        self.wall.add_class("vqd-wall")
        return self.empty, self.wall

    def draw(self) -> None:
        hung = [one for one in self.known.values() if one.on_wall]
        nothing = "Nothing hangs here yet. Drafts come up by themselves once somebody hangs them up."
        self.empty.value = "" if hung else note(nothing)
        dots, mine = self.room.dots(), self.room.my_dots()
        names = None if self.room.stage().anonymous else self.people()
        for one in hung:
            if one.id not in self.cards:
                self.cards[one.id] = _Card(one.id, self.dot)
            ancestors = trace_ancestors(one, tuple(self.known.values()))
            self.cards[one.id].show(one, dots.get(one.id, 0), one.id in mine, names, ancestors)
        shown = tuple(self.cards[one.id] for one in hung)
        if self.wall.children != shown:
            self.wall.children = shown

    def dot(self, ident: str, there: bool) -> None:
        """Put a dot, or take it back."""
        if not self.do(lambda: self.room.put_dot(ident, there)):
            self.cards[ident].tick(not there)


class _Card(widgets.VBox):
    """One draft on the wall."""

    def __init__(self, ident: str, dot: Callable[[str, bool], None]) -> None:
        self.words, self.count, self.more = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.mine = widgets.Checkbox(description=f"I could live with {name_draft(ident).lower()}", indent=False)
        self._dot, self._ident, self._asked = dot, ident, True
        self.mine.observe(self._ticked, "value")
        super().__init__([self.words, self.mine, self.count, self.more])
        self.add_class("vqd-card")

    def _ticked(self, change: Mapping[str, bool]) -> None:
        if self._asked:
            self._dot(self._ident, change["new"])

    def tick(self, there: bool) -> None:
        """Show a tick, or none, without telling anybody."""
        self._asked = False
        self.mine.value = there
        self._asked = True

    def show(
        self, draft: Draft, dots: int, mine: bool, names: Mapping[str, str] | None, ancestors: Sequence[Draft]
    ) -> None:
        """The draft as it is now."""
        by = f'<p class="soft">By {escape(_people(draft.authors, names))}</p>' if names is not None else ""
        self.words.value = f'<h3>{_name(draft)}</h3><div class="words">{escape(draft.text)}</div>{by}'
        people = "Nobody has" if not dots else "One person has" if dots == 1 else f"{dots} people have"
        self.count.value = f'<p class="soft">{people} ticked it.</p>'
        self.tick(mine)
        self.more.value = _ancestors_html(ancestors, names) + _history_html(draft.history, names)


class MergeView(Shared):
    """Two or three drafts of the wall become one, which everybody may write in."""

    title = "Merge"
    help = "Choose two or three drafts from the wall and make one of them; everybody can type in it at once."
    menu_label = "Merged drafts"

    def build(self) -> Sequence[widgets.Widget]:
        self.boxes: dict[str, widgets.Checkbox] = {}
        self.wait, self.heading = widgets.HTML(), widgets.HTML("<h3>Drafts on the wall</h3>")
        self.choices = page()
        self.start = widgets.Button(description="Begin a merged draft", button_style="primary")
        self.start.on_click(lambda _: self.begin())
        self.start_row = row(self.start)
        return self.wait, self.heading, self.choices, self.start_row, self.work

    def shared(self) -> list[Draft]:
        return [one for one in reversed(self.known.values()) if one.made == "merged"]

    def name(self, draft: Draft) -> str:
        return f"{_name(draft)}, of {' and '.join(_name(one).lower() for one in self.parents(draft)) or 'nothing'}"

    def begin(self) -> None:
        """Begin a draft from those that are ticked; the one that was already made of them is opened."""
        chosen = [ident for ident, box in self.boxes.items() if box.value and self.known[ident].on_wall]
        if not 2 <= len(chosen) <= 3:
            self.wrong.value = alert("Tick two or three drafts first. Of more, nobody can keep what matters.")
            return

        def make() -> None:
            there = _made_of("merged", lambda draft: set(draft.parents) == set(chosen))
            self.current = self.room.start_draft(made="merged", parents=chosen, instead=there).id

        if self.do(make):
            for box in self.boxes.values():
                box.value = False

    def draw(self) -> None:
        hung = [one for one in self.known.values() if one.on_wall]
        for one in hung:
            if one.id not in self.boxes:
                self.boxes[one.id] = widgets.Checkbox(indent=False)
            self.boxes[one.id].description = f"{_name(one)}: {shorten(one.text, 120)}"
        shown = tuple(self.boxes[one.id] for one in hung)
        if self.choices.children != shown:
            self.choices.children = shown
        few = len(hung) < 2
        self.wait.value = note("It takes two drafts on the wall. They come up by themselves.") if few else ""
        for part in (self.heading, self.choices, self.start_row):
            part.layout.display = "none" if few else None
        super().draw()


STEPS: Mapping[str, type[DraftsView]] = {"alone": AloneView, "pairs": PairsView, "wall": WallView, "merge": MergeView}
"""The steps of a workshop that are about drafts (see `visionquiz.workshop.STAGES`)."""


def draw_drafts(workshop: Room, stage_name: str, people: People, *, check: Check = _check) -> DraftsView:
    """The widgets of one step: ``alone``, ``pairs``, ``wall`` or ``merge``. Raises `ValueError` for another.

    `people` gives the names of those who are here, by id. `check` makes the evidence card. Call `refresh` whenever the
    workshop's revision has grown.
    """
    if stage_name not in STEPS:
        raise ValueError(stage_name)
    return STEPS[stage_name](workshop, people, check)


def _made_of(made: str, same: Callable[[Draft], bool]) -> Callable[[Sequence[Draft]], Draft | None]:
    """Finds the newest of the drafts that were made like this and are the same."""

    def find(drafts: Sequence[Draft]) -> Draft | None:
        return next((one for one in reversed(drafts) if one.made == made and same(one)), None)

    return find


def name_draft(ident: str) -> str:
    """What people call the draft with this id; not escaped."""
    number = ident.rpartition("-")[2]
    return f"Draft {int(number)}" if number.isdecimal() else ident


def _name(draft: Draft) -> str:
    return escape(name_draft(draft.id))


def _people(authors: Sequence[str], names: Mapping[str, str] | None) -> str:
    return ", ".join((names or {}).get(one) or "somebody" for one in authors)


def _mark(text: str, others: Sequence[str]) -> str:
    """A draft as HTML, with the words marked that any of the others has, too."""
    marked = sorted({span for other in others for span in find_common(text, other)})
    parts, at = [], 0
    for start, end in marked:
        parts.append(f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>")
        at = end
    return "".join(parts) + escape(text[at:])


def _beside(drafts: Sequence[Draft], heads: Sequence[str]) -> str:
    """Drafts side by side."""
    if not drafts:
        return '<p class="soft">Neither of you has written a draft alone. Begin together in the box.</p>'
    texts = [one.text for one in drafts]
    columns = []
    for number, (draft, head) in enumerate(zip(drafts, heads, strict=True)):
        marked = _mark(draft.text, texts[:number] + texts[number + 1 :])
        said = f'<div class="words">{marked}</div>' if draft.text.strip() else "<p>Nothing yet.</p>"
        columns.append(f"<div><h4>{escape(head)}</h4>{said}</div>")
    shared = any(find_common(one, other) for one, other in itertools.combinations(texts, 2))
    says = "Words that they have in common are underlined." if shared else "They have no telling word in common."
    says = says if len(drafts) > 1 else ""
    return f'<div class="side">{"".join(columns)}</div><p class="soft">{says}</p>'


def _remark(parents: Sequence[Draft], draft: Draft) -> str:
    """What a draft keeps of those that it was made from, and what keeps it from being one draft."""
    texts = [one for one in parents if one.text.strip()]
    if len(texts) < 2 or not draft.text.strip():
        return ""
    found = list(_checks(texts, draft.text))
    for one, other, merged in found:
        if merged.fault:
            told = merged.fault.replace("the first draft", name_draft(one.id).lower())
            told = told.replace("the second draft", name_draft(other.id).lower())
            return f'<p class="remark">{escape(told)}</p>'
    kept: dict[str, str] = {}
    for one, other, merged in found:
        kept[one.id] = f"{merged.kept_one} of {merged.of_one} of {name_draft(one.id).lower()}"
        kept[other.id] = f"{merged.kept_other} of {merged.of_other} of {name_draft(other.id).lower()}"
    listed = escape(", ".join(kept.values()))
    return f'<p class="soft">Telling words (all but small ones such as “the”) kept: {listed}.</p>'


def _checks(drafts: Sequence[Draft], text: str) -> Iterator[tuple[Draft, Draft, Merged]]:
    for one, other in itertools.combinations(drafts, 2):
        yield one, other, check_merge(one.text, other.text, text)


def _ancestors_html(ancestors: Sequence[Draft], names: Mapping[str, str] | None) -> str:
    if not ancestors:
        return ""
    items = "".join(
        f"<li><b>{_name(one)}</b>{f' by {escape(_people(one.authors, names))}' if names is not None else ''}: "
        f"{escape(one.text) or 'nothing yet'}</li>"
        for one in ancestors
    )
    return f"<details><summary>Where it came from</summary><ul>{items}</ul></details>"


def _history_html(history: Sequence[Edit], names: Mapping[str, str] | None) -> str:
    if not history:
        return ""
    more = f"<p>The last {MOST_EDITS} of {len(history)} changes.</p>" if len(history) > MOST_EDITS else ""
    items = "".join(
        f"<li>{dt.datetime.fromtimestamp(one.when):%H:%M}"
        f"{f', {escape(_people([one.who], names))}' if names is not None else ''}: {escape(one.text) or '(empty)'}</li>"
        for one in history[-MOST_EDITS:]
    )
    return f"<details><summary>How it changed</summary>{more}<ol>{items}</ol></details>"
