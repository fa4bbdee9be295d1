"""Lessons. A notebook's cells call these, one each, and define nothing.

begin("why-a-vision")   the head of the lesson; the first cell
note("opening")         what only the trainer reads
do("define")            an activity
check()                 the knowledge check
end()                   two lines to take along, and where to go on
"""

import ipywidgets as widgets

from visionquiz.classroom import Classroom, enter_lesson
from visionquiz.errors import VisionQuizError
from visionquiz.views._live import Live
from visionquiz.views._parts import alert, page, style
from visionquiz.views.lesson._frame import AWAY, ActivityView, LessonHead, NoteView

__all__ = ["begin", "check", "do", "end", "make_activity", "note"]


class _Page:
    """The lesson of this notebook: what its cells have in common."""

    def __init__(self, classroom: Classroom) -> None:
        self.classroom = classroom
        self.head = LessonHead(classroom)
        self.live = Live(classroom.room)


_open: dict[str, _Page] = {}
"""The lesson that this kernel shows; under no key but ``"page"``."""


def begin(lesson: str) -> widgets.Widget:
    """The head of a lesson; everything below belongs to it."""
    former = _open.pop("page", None)
    if former:
        former.live.stop()
    try:
        _open["page"] = _Page(enter_lesson(lesson))
    except VisionQuizError as error:
        return _sorry(str(error))
    return _open["page"].head


def do(activity: str) -> widgets.Widget:
    """An activity of the lesson that was begun."""
    now = _open.get("page")
    if now is None:
        return _sorry("Run the first cell of this lesson first (Run > Run All Cells does it all).")
    view = make_activity(now.classroom, activity)
    now.live.watch(activity, view.refresh)
    view.connection.drawn = now.live.begin
    view.on_shared = now.live.tell
    return view


def make_activity(classroom: Classroom, ident: str) -> ActivityView:
    """The view of an activity, by its kind."""
    from visionquiz.views.lesson import _kinds

    activity = classroom.lesson.activity(ident)
    return _kinds.find_view(activity.kind)(classroom, activity)


def note(ident: str) -> widgets.Widget:
    """A note that shows only while the trainer's notes are switched on, and never to learners in a session."""
    now = _open.get("page")
    if now is None or not now.classroom.shows_notes:
        return widgets.HTML(layout={"display": "none"}).add_class(AWAY)
    return NoteView(now.classroom.lesson.note(ident), now.head.notes)


def check() -> widgets.Widget:
    """The knowledge check of the lesson that was begun."""
    from visionquiz.views.lesson._choose import KnowledgeCheck

    now = _open.get("page")
    return KnowledgeCheck(now.classroom) if now else _sorry("Run the first cell of this lesson first.")


def end() -> widgets.Widget:
    """What to take along, as two lines."""
    from visionquiz.views.lesson._frame import LessonEnd

    now = _open.get("page")
    return LessonEnd(now.classroom) if now else _sorry("Run the first cell of this lesson first.")


def _sorry(why: str) -> widgets.Widget:
    return page(style(), widgets.HTML(alert(why))).add_class("vqf")
