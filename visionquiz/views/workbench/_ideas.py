"""Ideas for the vision: written here, or taken from a survey once names in them were looked at."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.ideas import QUESTIONS, Finding, Idea, blank_out, make_ideas, point_out_names, read_ideas
from visionquiz.views._parts import alert, note, page, row
from visionquiz.workshop import Workshop

__all__ = ["IdeasView"]

LIMIT = 1_000
"""Characters of one idea; a sentence has a hundred."""

LISTED = 300
"""Ideas that are listed; the themes know them all."""


class IdeasView(widgets.VBox):
    """`samples` are what invented people say, by question, to try the workbench with."""

    def __init__(self, workshop: Workshop, *, known: Sequence[str], samples: Mapping[str, Sequence[str]]) -> None:
        self._workshop, self._known, self._samples = workshop, known, samples
        self.question = widgets.RadioButtons(
            description="Which question do you answer?", options=[*QUESTIONS], layout={"width": "100%"}
        )
        self.text = widgets.Textarea(description="Your idea", rows=3, placeholder="One thought, in your own words")
        self.send = widgets.Button(description="Share it", button_style="primary")
        self.sent, self.waiting, self.listed = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.send.on_click(lambda _: self.share())
        head = widgets.HTML(
            "<h2>Collect ideas</h2><p>Say what customers want and how we serve them. Nobody judges yet, and nobody is "
            "told whose idea it is.</p>"
        )
        shown = [head, self.question, self.text, row(self.send), self.sent]
        self.survey = SurveyView(known, self._take_in)
        self.sample = widgets.Button(description="Try it with invented ideas")
        self.sample.on_click(lambda _: self._take_samples())
        self._empty = row(self.sample)
        if workshop.seat.trainer:
            shown += [self.waiting, self.survey, self._empty]
        super().__init__([*shown, self.listed])
        self.refresh()

    def share(self) -> None:
        """Share what stands in the box."""
        text = " ".join(self.text.value.split())
        if not text:
            self.sent.value = alert("There is nothing in the box yet. A few words are enough.")
            return
        if len(text) > LIMIT:
            self.sent.value = alert(f"This has {len(text):,} characters. Say it in at most {LIMIT:,}, or as two ideas.")
            return
        try:
            self._workshop.share_idea(text, str(self.question.value))
        except VisionQuizError as error:
            self.sent.value = alert(f"It was not shared: {error}. What you wrote still stands in the box.")
            return
        later = "" if self._workshop.seat.trainer else " Others see it once your trainer has looked at it."
        self.sent.value = note(f"Shared, without your name.{later} Have you another one?")
        self.text.value = ""
        self.text.focus()
        self.refresh()

    def _take_in(self, ideas: Sequence[Idea]) -> int:
        count = self._workshop.import_ideas(ideas)
        self.refresh()
        return count

    def _take_samples(self) -> None:
        for question, texts in self._samples.items():
            self._workshop.import_ideas(make_ideas(texts, question=question))
        self.refresh()

    def refresh(self) -> None:
        """Draw what there is now."""
        ideas, waiting = self._workshop.ideas(), self._workshop.waiting_ideas()
        what = "idea waits" if len(waiting) == 1 else "ideas wait"
        self.waiting.value = note(f"{len(waiting)} {what} to be looked at on your desk.") if waiting else ""
        self._empty.layout.display = "none" if ideas else None
        self.listed.value = _list(ideas)


class SurveyView(widgets.VBox):
    """A survey's export: what it holds, what may name somebody, and only then it is taken in."""

    def __init__(self, known: Sequence[str], take: Callable[[Sequence[Idea]], int]) -> None:
        self._known, self._take = known, take
        self.ideas: tuple[Idea, ...] = ()
        self.findings: tuple[Finding, ...] = ()
        self.file = widgets.FileUpload(
            accept=".csv,.tsv,.txt,.xlsx,.xlsm", multiple=False, description="Take in a survey"
        )
        self.told, self.done = widgets.HTML(), widgets.HTML()
        self.blanks = page()
        self.yes = widgets.Button(description="Take them in", button_style="primary")
        self.no = widgets.Button(description="Leave it")
        self._asking = page(self.blanks, row(self.yes, self.no))
        self.file.observe(lambda _: self._on_file(), "value")
        self.yes.on_click(lambda _: self._on_yes())
        self.no.on_click(lambda _: self._forget("Nothing was taken in."))
        head = widgets.HTML(
            '<h3>Answers from a survey</h3><p class="soft">A CSV or Excel file as Microsoft Forms, Google Forms, '
            "SurveyMonkey or Qualtrics export it. Columns that say who answered are left out.</p>"
        )
        super().__init__([head, row(self.file), self.told, self._asking, self.done])
        self._forget("")

    def _forget(self, told: str) -> None:
        self.ideas, self.findings, self.blanks.children = (), (), ()
        self.told.value, self.done.value = "", note(told) if told else ""
        self._asking.layout.display = "none"

    def _on_file(self) -> None:
        if not self.file.value:
            return
        (uploaded,) = self.file.value
        self._forget("")
        name = Path(str(uploaded["name"])).name or "survey.csv"
        try:
            with tempfile.TemporaryDirectory() as folder:
                # By the ending of its name alone: the name itself may be anything.
                path = Path(folder) / f"survey{Path(name).suffix[:8]}"
                path.write_bytes(bytes(uploaded["content"]))
                found = read_ideas(path)
        except VisionQuizError as error:
            self.done.value = alert(f"{name} was not taken in: {error}")
            return
        finally:
            self.file.value = ()
        self.ideas = found.ideas
        self.findings = point_out_names(found.ideas, known=self._known)
        texts = {idea.id: idea.text for idea in found.ideas}
        self.blanks.children = tuple(
            widgets.Checkbox(description=_ask_to_blank(one, texts[one.idea]), indent=False, value=True)
            for one in self.findings
        )
        self.told.value = _tell_file(name, len(found.ideas), found.dropped, [one.message for one in found.problems],
                                     len(self.findings))  # fmt: skip
        self._asking.layout.display = None
        self.yes.focus()

    def _on_yes(self) -> None:
        ticked = [one for one, box in zip(self.findings, self.blanks.children, strict=True) if box.value]
        try:
            count = self._take([blank_out(idea, ticked) for idea in self.ideas])
        except VisionQuizError as error:
            self.done.value = alert(f"They were not taken in: {error}. Try again.")
            return
        old = len(self.ideas) - count
        self._forget(f"{count} ideas were taken in." + (f" {old} were here already." if old else ""))


def _ask_to_blank(one: Finding, text: str) -> str:
    around = f"{text[max(0, one.start - 40) : one.start]}[{one.words}]{text[one.end : one.end + 40]}"
    return f"Blank out: {one.message}, in “{around}”"


def _tell_file(name: str, count: int, dropped: Sequence[str], problems: Sequence[str], names: int) -> str:
    told = f"<h4>{escape(name)} holds {count} answers</h4>"
    if dropped:
        told += f'<p class="soft">Left out, as they may say who answered: {escape(", ".join(dropped))}.</p>'
    told += "".join(alert(one) for one in problems[:5])
    if names:
        places = "One place may name" if names == 1 else f"{names} places may name"
        told += f"<p>{places} somebody. The program guesses: untick what is no name.</p>"
    return told


def _list(ideas: Sequence[Idea]) -> str:
    if not ideas:
        return note("No ideas are here yet. They come up by themselves.")
    shown = ideas[:LISTED]
    drawn = f"<h3>{len(ideas)} {'idea' if len(ideas) == 1 else 'ideas'} so far</h3>"
    for question in dict.fromkeys(one.question for one in shown):
        mine = [one for one in shown if one.question == question]
        listed = "".join(f"<li>{escape(one.text)}{_tell_count(one.count)}</li>" for one in mine)
        head = f"{escape(question or 'Other')} ({len(mine)})"
        drawn += f"<details open><summary>{head}</summary><ul>{listed}</ul></details>"
    if len(ideas) > LISTED:
        drawn += f'<p class="soft">and {len(ideas) - LISTED} more</p>'
    return drawn


def _tell_count(count: int) -> str:
    return f' <span class="soft">({count} people)</span>' if count > 1 else ""
