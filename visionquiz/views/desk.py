"""The trainer's desk: what waits to be shown, what to look at first, who is here, how far the room is."""

import math
import time
from collections.abc import Callable
from html import escape
from typing import Protocol

import ipywidgets as widgets

from visionquiz.desk import Desk, Entry, Sight
from visionquiz.errors import VisionQuizError
from visionquiz.moderation import FLAGS
from visionquiz.views._connection import Connection
from visionquiz.views._live import Live
from visionquiz.views._parts import alert, note, page, row, style

__all__ = ["DeskView", "EntryBox", "draw_desk"]

CSS = """
.vqf.vqdesk { max-width: 62rem; margin: 0 auto !important; }
.vqdesk .entry { border: 1px solid var(--vq-line); border-radius: .4rem; padding: .5rem .9rem .3rem; margin: .5rem 0;
  background: var(--vq-page); }
.vqdesk .entry.flagged { border-left: .4rem solid var(--vq-bad); }
.vqdesk .said { white-space: pre-wrap; font-size: 1.1rem; margin: .2rem 0; max-height: 14rem; overflow: auto; }
.vqdesk .flags { font-weight: 600; color: var(--vq-bad); }
.vqdesk .flags::before { content: "⚑ "; }
.vqdesk table { border-collapse: collapse; width: 100%; font: inherit; }
.vqdesk th, .vqdesk td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--vq-line);
  background: none; font-size: 1rem; vertical-align: top; white-space: normal; max-width: none; }
.vqdesk .widget-radio-box { display: flex; flex-flow: row wrap; gap: .6rem; }
.vqdesk .widget-radio-box label { width: auto; }
.vqdesk .vqf-row { margin: .3rem 0; }
"""

LOST = "The desk lost its connection and does nothing any more. Load the page again; nothing is lost."

STATES = {"waiting": "Waiting", "shown": "Shown", "hidden": "Not shown"}

READING = 1.5
"""Seconds in which nobody has read a text that has changed under their eyes."""

MOST = 1_000
"""Contributions of one kind that a desk draws at once. A room of 200 writes five times before that many wait."""


class Deciding(Protocol):
    """What a desk's button does."""

    def __call__(self, ids: list[int], state: str) -> None: ...


class EntryBox(widgets.VBox):
    """One contribution, with the buttons to show or hide it."""

    def __init__(self, entry: Entry, decide: Deciding) -> None:
        self.entry = entry
        self.text = widgets.HTML()
        self.changed = -math.inf
        """When the text became another one (`time.monotonic`)."""
        self.show, self.hide = widgets.Button(button_style="primary"), widgets.Button()
        self.show.on_click(lambda _: decide([self.entry.id], "shown"))
        self.hide.on_click(lambda _: decide([self.entry.id], "hidden"))
        super().__init__([self.text, row(self.show, self.hide)])
        self.add_class("entry")
        self.update(entry)

    def update(self, entry: Entry) -> None:
        """Draw it as it is now."""
        if entry.text != self.entry.text:
            self.changed = time.monotonic()
        self.entry = entry
        flags = f'<p class="flags">{escape("; ".join(map(str, entry.flags)))}</p>' if entry.flags else ""
        head = f'<p class="soft">{escape(entry.who)}, {escape(entry.activity)}: {STATES[entry.state].lower()}</p>'
        self.text.value = f'{head}<div class="said">{escape(entry.text)}</div>{flags}'
        short = entry.text.replace("\n", " ")[:30]
        # Whoever hears the buttons read out learns which contribution each is about.
        self.show.description, self.hide.description = "Show", "Do not show"
        self.show.tooltip, self.hide.tooltip = f"Show: {short}", f"Do not show: {short}"
        self.show.disabled, self.hide.disabled = entry.state == "shown", entry.state == "hidden"
        (self.add_class if entry.flags else self.remove_class)("flagged")


class DeskView(widgets.VBox):
    """Keeps itself up to date. What is decided here is what the room sees, on every screen."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.boxes: dict[int, EntryBox] = {}
        self.wanted = widgets.RadioButtons(
            description="What to list", options=[("Waiting", "waiting"), ("Shown", "shown"), ("Not shown", "hidden")]
        )
        self.wanted.observe(lambda _: self.refresh(), "value")
        self.message, self.head = widgets.HTML(), widgets.HTML()
        self.first, self.others = page(), page()
        self.first_head, self.others_head = widgets.HTML(), widgets.HTML()
        self.all: dict[str, widgets.Button] = {}
        self.all_row = row()
        self.room = widgets.HTML()
        self.live = Live(desk)
        self.live.watch("desk", self.refresh)
        connection = Connection(drawn=self.live.begin, lost=LOST)
        super().__init__(
            [
                style(CSS), connection, self.message, self.head, self.wanted, self.all_row,
                self.first_head, self.first, self.others_head, self.others, self.room,
            ]
        )  # fmt: skip
        self.add_class("vqf").add_class("vqdesk")
        self.refresh()

    def refresh(self) -> None:
        """Draw what the desk sees now."""
        try:
            sight = self.desk.look()
        except VisionQuizError as error:
            self.message.value = alert(f"{error}. This page tries again by itself.")
            return
        double = ", ".join(sight.doubles)
        self.message.value = note(f"More than one browser is here as: {double}." if double else "")
        waiting = sight.waiting()
        flagged = sum(bool(one.flags) for one in waiting)
        first = f"; look at {flagged} of them first" if flagged else ""
        self.head.value = f'<h2 role="status">{len(waiting)} waiting{first}</h2>'
        self._draw_entries(sight)
        self._draw_all(waiting)
        self.room.value = _draw_room(sight, self.desk.lesson_title)

    def decide(self, ids: list[int], state: str) -> None:
        """Show or hide contributions, for everybody; none that has just become another one under the trainer's eyes."""
        now = time.monotonic()
        read = [one for one in ids if state != "shown" or now - self.boxes[one].changed >= READING]
        try:
            left = len(ids) - len(read) + self.desk.decide(read, state)
        except VisionQuizError as error:
            self.message.value = alert(f"That did not work: {error}. Try again.")
            return
        self.refresh()
        if left:
            texts = "A text has" if left == 1 else f"{left} texts have"
            self.message.value = alert(f"{texts} just been changed by whoever wrote it. Read it again, then decide.")

    def show_all(self, activity: str) -> None:
        """Show what waits in one activity and has no flag, as far as it was drawn."""
        drawn = (box.entry for box in self.boxes.values())
        chosen = [one.id for one in drawn if (one.state, one.activity) == ("waiting", activity) and not one.flags]
        self.decide(chosen, "shown")

    def _draw_entries(self, sight: Sight) -> None:
        wanted = self.wanted.value
        # Boxes stay where they are once they are drawn, and only hide: whoever works by keyboard keeps their place.
        drawn = {one.id for one in [one for one in sight.entries if one.state == wanted][-MOST:]}
        for one in sight.entries:
            box = self.boxes.get(one.id)
            if box is None and one.id not in drawn:
                continue
            if box is None:
                box = self.boxes[one.id] = EntryBox(one, self.decide)
            elif box.entry != one:
                box.update(one)
            visible = None if one.state == wanted else "none"
            if box.layout.display != visible:
                box.layout.display = visible
        boxes_in_order = [box for _, box in sorted(self.boxes.items())]
        urgent = [box for box in boxes_in_order if box.entry.flags]
        plain = [box for box in boxes_in_order if not box.entry.flags]
        for place, boxes in ((self.first, urgent), (self.others, plain)):
            if list(place.children) != boxes:
                place.children = boxes
        seen = [box.entry for box in self.boxes.values() if box.entry.state == wanted]
        has_flags = any(one.flags for one in seen)
        self.first_head.value = "<h3>Look at these first</h3>" if has_flags else ""
        rest = sum(not one.flags for one in seen)
        empty = "Nothing is waiting. What comes in shows here by itself." if wanted == "waiting" else "Nothing yet."
        self.others_head.value = "" if rest and not has_flags else "<h3>The others</h3>" if rest else note(
            "" if has_flags else empty
        )  # fmt: skip

    def _draw_all(self, waiting: tuple[Entry, ...]) -> None:
        for activity in dict.fromkeys(one.activity for one in waiting):
            if activity not in self.all:
                button = widgets.Button()
                button.on_click(lambda _, activity=activity: self.show_all(activity))
                self.all[activity] = button
        for activity, button in self.all.items():
            count = sum(one.activity == activity and not one.flags for one in waiting)
            button.description = f"Show all {count} without a flag: {activity}"
            button.layout.display = None if count else "none"
        if list(self.all_row.children) != list(self.all.values()):
            self.all_row.children = list(self.all.values())

    def __repr__(self) -> str:
        return "The trainer's desk. Start a session to use it."


def _draw_room(sight: Sight, lesson_title: Callable[[str], str]) -> str:
    people = "".join(
        f"<tr><td>{escape(one.name) or 'without a name'}</td><td>{escape(one.team)}</td>"
        f"<td>{escape(lesson_title(one.place))}</td></tr>"
        for one in sight.here
    )
    tallies = "".join(
        f"<tr><td>{escape(one.activity)}</td><td>{escape(one.lesson)}</td><td>{one.people}</td><td>{one.waiting}</td></tr>"
        for one in sight.tallies
    )
    done = (
        "<h3>How far the room is</h3><table><thead><tr><th scope='col'>Activity</th><th scope='col'>Lesson</th>"
        f"<th scope='col'>People</th><th scope='col'>Waiting</th></tr></thead><tbody>{tallies}</tbody></table>"
    )
    here = (
        f"<h3>{len(sight.here)} have joined</h3><table><thead><tr><th scope='col'>Name</th><th scope='col'>Team</th>"
        f"<th scope='col'>Opened last</th></tr></thead><tbody>{people}</tbody></table>"
    )
    kinds = ", ".join(FLAGS.values())
    told = f'<p class="soft">A flag is a hint ({kinds}); what hurts somebody in this room, only you can tell.</p>'
    return f"{told}{done if tallies else ''}{here if people else note('Nobody has joined yet.')}"


def draw_desk(open_desk: Callable[[], Desk]) -> widgets.Widget:
    """The desk that is opened, or why there is none."""
    try:
        return DeskView(open_desk())
    except VisionQuizError as error:
        return page(style(), widgets.HTML(alert(f"There is no desk here: {error}."))).add_class("vqf")
