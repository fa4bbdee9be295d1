"""Where the graded check is, in plain words, for whoever is ready for it."""

from html import escape
from pathlib import Path

import ipywidgets as widgets

from visionquiz.released import Checks, find_checks
from visionquiz.views._parts import note, page, row
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["GradedView"]


class GradedView(ActivityView):
    """The way to the check, and a button to say that it was handed in."""

    def build(self) -> list[widgets.Widget]:
        self.place = widgets.HTML()
        # JupyterLab turns a relative link in Markdown into one that opens here; in a widget's HTML it does not.
        self.links = widgets.Output()
        self.again = widgets.Button(description="Look again")
        self.done = widgets.Button(description="I have handed it in", button_style="primary")
        self.room = widgets.HTML()
        self.again.on_click(lambda _: self.look())
        self.done.on_click(lambda _: self._on_done())
        self.look()
        return [page(self.place, self.links, row(self.done, self.again)), self.room]

    def look(self) -> None:
        """See which checks there are now."""
        room = self.classroom.room
        if not room.alone and not room.seat.trainer:
            self.place.value = (
                "<p>Your trainer says when the check is open and gives you the link to it. Where everybody has a "
                "JupyterLab of their own, it is under <em>Nbgrader &gt; Assignment List</em>.</p>"
            )
            self.links.outputs = ()
            return
        found = find_checks(Path(self.classroom.folder))
        self.place.value = describe_checks(found)
        links = [f"[Open “{_plain(one.title)}”]({one.link})" for one in found.released if one.link]
        markdown = "\n\n".join(links)
        self.links.outputs = (
            ({"output_type": "display_data", "data": {"text/markdown": markdown}, "metadata": {}},) if links else ()
        )

    def _on_done(self) -> None:
        if self.share({"handed": True}):
            self.done.disabled = True
            self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        handed = sum(one.body.get("handed") is True for one in room.shown(self.activity.id))
        if not handed:
            self.room.value = ""
        elif room.alone:
            self.room.value = note("Good. The feedback comes back to the same place, with a reason for every grade.")
        else:
            who = "1 person says" if handed == 1 else f"{handed} people say"
            self.room.value = note(f"{who} that they have handed it in.")


def describe_checks(found: Checks) -> str:
    """What there is to take and how to get there, or what the trainer has to do first, as HTML."""
    if not found.course:
        return (
            "<p><strong>There is no check here yet.</strong> This lesson lies in no course folder, so it speaks of an "
            "invented company. A trainer makes a course with <code>visionquiz new NAME</code>, writes the vision and a "
            "check into it, and releases the check with <code>visionquiz release QUIZ</code>. A lesson that lies in "
            "that folder, or below it, then finds the check.</p>"
        )
    where = f"<code>{escape(found.course)}</code>"
    if not found.released:
        name = escape(found.written[0]) if found.written else "QUIZ"
        first = "" if found.written else "write a check into <code>quizzes/</code>, then "
        return (
            f"<p><strong>The check is not open yet.</strong> The trainer goes to the course folder {where} and types: "
            f"{first}<code>visionquiz check</code> and, once nothing is left to mend, "
            f"<code>visionquiz release {name}</code>. Then press “Look again”.</p>"
        )
    names = "".join(
        f"<li><strong>{escape(one.title)}</strong>: <code>visionquiz take {escape(one.id)} --as PERSON</code></li>"
        for one in found.released
    )
    linked = " The link below opens it here." if any(one.link for one in found.released) else ""
    return (
        f"<p><strong>The check is open.</strong>{linked} Where several people share this machine, the trainer opens a "
        f"desk for each with a command in {where}; PERSON is the id in roster.csv:</p><ul>{names}</ul>"
    )


def _plain(title: str) -> str:
    """A title without what Markdown or HTML would take for a sign."""
    return "".join(char for char in title if char.isalnum() or char in " ,.:;?!'’–-") or "the check"
