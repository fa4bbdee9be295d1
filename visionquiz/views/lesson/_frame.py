"""What all parts of a lesson have in common: the head, notes, an activity's frame, the end."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import ipywidgets as widgets

from visionquiz.classroom import Classroom
from visionquiz.curriculum import Activity, Note
from visionquiz.errors import VisionQuizError
from visionquiz.views._connection import LOST, Connection
from visionquiz.views._parts import alert, note, style

__all__ = ["AWAY", "ActivityView", "LessonEnd", "LessonHead", "NoteView", "paragraphs"]

CSS = """
.vqf.vql { max-width: 62rem; }
.vqf.vql .vqf { max-width: none; padding: 0; }
.vqf.vql :is(h2, h4) { font-size: 1.1rem; line-height: 1.4; margin: 1rem 0 .3rem; color: inherit; }
.vqf.vql h4 { font-size: 18px; font-weight: 650; }
.vqf.vql :is(.vqb, .vqt) h4 { margin: 0; }
.vql .trainer p { margin: .5rem 0 0; }
.vqf.vql .vql-round { margin-bottom: 1.4rem; }
.jp-Notebook:has(.vql) .jp-MarkdownCell .jp-RenderedMarkdown { font-size: 18px; line-height: 1.5; max-width: 62rem; }
.jp-Notebook:has(.vql) .jp-MarkdownCell .jp-RenderedMarkdown :is(h1, h2) { line-height: 1.25; }
.jp-Notebook:has(.vql) .jp-MarkdownCell .jp-RenderedMarkdown table { font-size: 1rem; margin-left: 0; }
.jp-Notebook .jp-CodeCell:has(.vql-away) { display: none; }
.vql .statement { font-size: 1.35rem; font-weight: 600; border-left: .3rem solid var(--vq-mark); padding: .2rem .9rem; }
.vql .trainer { border: 2px dashed var(--vq-line); border-radius: .4rem; padding: .4rem .9rem; }
.vql ul, .vql ol { margin: .2rem 0 .4rem; padding-left: 1.4rem; }
.vql .right::before { content: "✓ "; font-weight: 700; }
.vql .other::before { content: "✗ "; font-weight: 700; }
.vql .ways a { display: inline-block; margin: .3rem 1.4rem .3rem 0; padding: .4rem 0; }
.vql code { font-size: .95em; }
.vql .found { list-style: none; padding-left: .3rem; }
.vql .take li { font-size: 1.15rem; margin: .3rem 0; }
"""

AWAY = "vql-away"
"""The class of a note that nobody sees now."""

LOST_PAGE = (
    "The page lost its connection: what you typed in the last seconds is not kept. Copy it, then load the page again; "
    "what you shared will be there."
)


class LessonHead(widgets.VBox):
    """Title, how long it takes, whose vision it speaks of, and the switch for the trainer's notes."""

    def __init__(self, classroom: Classroom) -> None:
        lesson, vision = classroom.lesson, classroom.vision
        self.notes = widgets.Checkbox(description="Show the notes for trainers", indent=False)
        seat = classroom.room.seat
        who = f" You are here as {escape(seat.name)}." if seat.name and not seat.trainer else ""
        more = f" ({lesson.minutes_more} more if you have time)" if lesson.minutes_more else ""
        room = f", {lesson.minutes_in_room} in a room" if lesson.minutes_in_room else ""
        head = (
            f'<p class="soft">About {lesson.minutes} minutes alone{more}{room}. The examples speak of '
            f"{escape(vision.company)}.{who}</p>"
        )
        shown = [style(CSS), widgets.HTML(head), *([self.notes] if classroom.shows_notes else [])]
        super().__init__(shown)
        self.add_class("vqf").add_class("vql")

    def __repr__(self) -> str:
        return "Run this notebook (Run > Run All Cells) to see the lesson."


class NoteView(widgets.VBox):
    """A trainer's note; it shows as long as `switch` is on."""

    def __init__(self, told: Note, switch: widgets.Checkbox) -> None:
        many = "1 minute" if told.minutes == 1 else f"{told.minutes} minutes" if told.minutes else ""
        when = ", ".join(filter(None, (many, "if you have time" if told.optional else "")))
        minutes = f" ({when})" if when else ""
        parts = [f"<strong>For the trainer{minutes}.</strong> {escape(told.text)}"]
        for head, lines in (("Ask", told.ask), ("What people usually say", told.usual), ("Mind", told.pitfalls)):
            if lines:
                parts.append(f"<p><em>{head}:</em></p><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>")
        super().__init__([style(CSS), widgets.HTML(f'<div class="trainer">{"".join(parts)}</div>')])
        self.add_class("vqf").add_class("vql")
        self._switch = switch
        switch.observe(lambda _: self._draw(), "value")
        self._draw()

    def _draw(self) -> None:
        self.layout.display = None if self._switch.value else "none"
        # The cell that holds nothing but a hidden note is hidden with it.
        (self.remove_class if self._switch.value else self.add_class)(AWAY)

    def __repr__(self) -> str:
        return "A note for trainers."


class ActivityView(widgets.VBox):
    """An activity: what to do, the doing (`build`), what came of it.

    Subclasses give `build` and, where others' contributions show, `refresh`, which is called after every change in
    the room. They keep what somebody did with `share`, which says so where that fails.
    """

    def __init__(self, classroom: Classroom, activity: Activity) -> None:
        self.classroom, self.activity = classroom, activity
        self.on_shared: Callable[[], None] = self.refresh
        """Called once something was shared: other activities of the page may work with it."""
        self.message = widgets.HTML()
        self.after = widgets.HTML()
        self.connection = Connection(lost=LOST_PAGE if classroom.home else LOST)
        extra = '<p class="soft">If you have time: the lesson is whole without it.</p>' if activity.optional else ""
        head = f"<h3>{escape(activity.title)}</h3>{extra}{paragraphs(activity.prompt)}"
        super().__init__()
        self.children = (
            style(CSS),
            widgets.HTML(head),
            self.connection,
            *self.build(),
            self.message,
            self.after,
        )
        self.add_class("vqf").add_class("vql")
        self.refresh()

    def build(self) -> list[widgets.Widget]:
        """The widgets of the doing, in order; none where there is only something to read. Called once, before the first
        `refresh`.
        """
        return []

    @property
    def may_look(self) -> bool:
        """Whether others' doing may show: to whoever has given something, and to the trainer."""
        room = self.classroom.room
        return room.seat.trainer or bool(room.mine(self.activity.id))

    def refresh(self) -> None:
        """Draw anew what depends on the room."""

    def share(self, body: Mapping[str, Any], *, slot: str = "", typed: bool = False) -> bool:
        """Keep what this person did. Returns whether that worked; if not, the activity says why."""
        try:
            self.classroom.room.share(self.activity.id, body, slot=slot, typed=typed)
        except VisionQuizError as error:
            self.message.value = alert(f"It was not kept: {error}. Your text is still here; try again.")
            return False
        self.message.value = ""
        self.on_shared()
        return True

    def finish(self) -> None:
        """Show what to take from the activity, once somebody has done it."""
        self.after.value = note(self.activity.after)

    def __repr__(self) -> str:
        return f"{self.activity.title} (run this notebook to do it)"


class LessonEnd(widgets.VBox):
    """The two lines to take along, and the ways to the next lesson and to the list."""

    def __init__(self, classroom: Classroom) -> None:
        lines = "".join(f"<li>{escape(line)}</li>" for line in classroom.lesson.summary)
        ways = []
        if classroom.following:
            title, file = classroom.following
            ways.append(f'<a href="{escape(file)}">Next lesson: {escape(title)}</a>')
        if classroom.home:
            ways.append(f'<a href="{escape(classroom.home)}">All lessons</a>')
        on = f'<p class="ways">{"".join(ways)}</p>' if ways else ""
        super().__init__([style(CSS), widgets.HTML(f'<ul class="take">{lines}</ul>{on}')])
        self.add_class("vqf").add_class("vql")

    def __repr__(self) -> str:
        return "What to take along."


def paragraphs(text: str) -> str:
    """Plain text as HTML."""
    return f"<p>{escape(text)}</p>"
