"""What everybody answered, grouped into themes that people mend and name."""

from html import escape

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.ideas import Finding, Idea, blank_out, fold_duplicates, point_out_names
from visionquiz.naming import check_names, measure_themes, read_names, write_names
from visionquiz.store import Contribution
from visionquiz.themes import History, Theme, Themes, add, group_ideas
from visionquiz.views import charts
from visionquiz.views._parts import alert, note, page, row, style
from visionquiz.views.lesson._frame import ActivityView
from visionquiz.views.themes import CSS, ThemeBoard

__all__ = ["FEW", "ThemesView"]

FEW = 6
"""With fewer answers a program has nothing to go by; people group them quicker."""

MOST = 200
"""Answers on the wall, the latest ones; a room has thirty or sixty."""

LONGEST = 1_000
"""Characters of an answer."""

MOST_GROUPS = 20
"""People whose names for themes are listed."""

FIT = """
.vql .vqt ul { padding: 0; margin: 0; }
.vql .vqt { margin-top: .6rem; }
"""

ALL, NEW = "All answers", "New answers"
"""What themes are called that nobody has made."""


class ThemesView(ActivityView):
    """Answers come from the activity that this one `takes` them from, those to the first question that it asks.

    The program groups them when a button is pressed, since that takes seconds; people move, merge, split and rename.
    Names that the program gave must be replaced before the themes are shared.
    """

    def build(self) -> list[widgets.Widget]:
        self.board: ThemeBoard | None = None
        self._said: tuple[Idea, ...] = ()
        self._given = {ALL, NEW}
        self.findings: tuple[Finding, ...] = ()
        self.blanks: dict[tuple[str, int], widgets.Checkbox] = {}
        self.wait, self.names_head, self.told = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.names = page()
        self.group = widgets.Button(description="Group them for me", button_style="primary")
        self.by_hand = widgets.Button(description="I group them by hand")
        self.new = widgets.Button(description="Put the new answers on the wall")
        self.wall = page().add_class("vqt")
        self.send = widgets.Button(description="Share my themes", button_style="primary")
        self.sent, self.result = widgets.HTML(), widgets.HTML()
        self.group.on_click(lambda _: self.group_all())
        self.by_hand.on_click(lambda _: self.start_by_hand())
        self.new.on_click(lambda _: self.take_in())
        self.send.on_click(lambda _: self.send_in())
        self.start = page(self.names_head, self.names, row(self.group, self.by_hand))
        self.work = page(row(self.new), self.wall, row(self.send), self.sent)
        return [style(charts.CSS + CSS + FIT), self.wait, self.start, self.told, self.work, self.result]

    @property
    def ideas(self) -> tuple[Idea, ...]:
        """The answers as the wall shows them: each once, and what names somebody blanked out where that is ticked."""
        ticked = [one for one in self.findings if self.blanks[one.idea, one.start].value]
        return fold_duplicates([blank_out(idea, ticked) for idea in self._said])

    def group_all(self) -> None:
        """Lay like to like by what the answers mean; by hand where the model cannot be used."""
        ideas = self.ideas
        self.group.disabled = self.by_hand.disabled = True
        self.told.value = note(f"Reading {len(ideas)} answers. This takes some seconds, the first time up to ten.")
        try:
            found = group_ideas(ideas, embed=self.classroom.embed)
            told = (
                f"{len(ideas)} answers in {len(found.themes)} groups. The program goes by words and by what they mean, "
                "and it makes mistakes. Read every card, move what lies wrong, then rename each theme."
            )
            self._open(ideas, found, note(told))
        except VisionQuizError as error:
            self._open_as_one(ideas, alert(f"The program could not group them: {error}. Group them by hand."))
        finally:
            self.group.disabled = self.by_hand.disabled = False

    def start_by_hand(self) -> None:
        """All answers in one theme, to be split."""
        told = (
            "Choose cards that say the same thing, split them off and give them a name. Go on until nothing is left "
            "over."
        )
        self._open_as_one(self.ideas, note(told))

    def _open_as_one(self, ideas: tuple[Idea, ...], told: str) -> None:
        one = Theme(id="theme-1", name=ALL, ideas=tuple(idea.id for idea in ideas))
        self._open(ideas, Themes(themes=(one,), made=1), told)

    def _open(self, ideas: tuple[Idea, ...], themes: Themes, told: str) -> None:
        self._given |= {theme.name for theme in themes.themes}
        self.board = ThemeBoard(ideas, History(first=themes), who=self.classroom.room.seat.name)
        self.wall.children = (self.board,)
        self.told.value = told
        self.refresh()

    def take_in(self) -> None:
        """Answers that came since, in a theme of their own. What was done before can no longer be undone."""
        if self.board is None:
            return
        ideas = self.ideas
        self.board.set_ideas(ideas)
        now = add(self.board.history.now, [idea.id for idea in ideas], NEW)
        self.board.history = History(first=now)
        self.refresh()

    def send_in(self) -> None:
        """Share names and sizes, once every theme has a name of this person's own."""
        if self.board is None:
            return
        ideas, themes = self.ideas, self.board.history.now
        remarks = check_names(themes, self._given, ideas)
        wrong = [one.message for one in remarks if one.wrong]
        if wrong:
            self.sent.value = "".join(map(alert, wrong))
            return
        if not self.share(write_names(measure_themes(themes, ideas)), typed=True):
            return
        room = self.classroom.room
        later = "" if room.alone or room.seat.trainer else " Others see it once your trainer has looked at it."
        hints = "".join(f"<li>{escape(one.message)}</li>" for one in remarks)
        more = f" Look again at:<ul>{hints}</ul>" if hints else ""
        self.sent.value = (
            f'<div class="note" role="status">Shared.{later} You can change names and share them again.{more}</div>'
        )
        self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        answered = self.activity.asks[0].id in room.mine(self.activity.takes) or room.seat.trainer
        said = self._read(room.shown(self.activity.takes)) if answered else ()
        if said != self._said:
            self._said = said
            self._find_names()
        self.wait.value = "" if said else note(self._why_none(answered))
        _show(self.start, bool(said) and self.board is None)
        self.group.layout.display = None if len(said) >= FEW else "none"
        _show(self.work, self.board is not None)
        if self.board is not None:
            there = {one for theme in self.board.history.now.themes for one in theme.ideas}
            ideas = self.ideas
            self.board.set_ideas(ideas)
            _show(self.new, any(idea.id not in there for idea in ideas))
        mine = read_names(room.mine(self.activity.id).get("", {}))
        self.result.value = self._draw() if mine or room.seat.trainer else ""

    def _read(self, shown: list[Contribution]) -> tuple[Idea, ...]:
        """What was said to the question; the id of an idea is the same for everybody in the room."""
        ask = self.activity.asks[0]
        found = []
        for one in shown:
            text = one.body.get("text")
            plain = " ".join(text[:LONGEST].split()) if isinstance(text, str) else ""
            if one.body.get("ask") == ask.id and plain:
                found.append(Idea(id=f"{one.author} {one.slot}", text=plain, question=ask.text))
        return tuple(found[-MOST:])

    def _why_none(self, answered: bool) -> str:
        if not answered:
            return f"Answer “{self.activity.asks[0].text}” above first. Then everybody's answers come here."
        return "No answers are here yet. They come up by themselves."

    def _find_names(self) -> None:
        vision = self.classroom.vision
        known = [vision.company, *(value.name for value in vision.values), *(role.title for role in vision.roles)]
        self.findings = point_out_names(self._said, known=known)
        before = {key: box.value for key, box in self.blanks.items()}
        texts = {idea.id: idea.text for idea in self._said}
        self.blanks = {}
        for one in self.findings:
            text = texts[one.idea]
            around = f"{text[max(0, one.start - 40) : one.start]}[{one.words}]{text[one.end : one.end + 40]}"
            key = (one.idea, one.start)
            label = f"Blank out: {one.message}, in “{around}”"
            self.blanks[key] = widgets.Checkbox(description=label, indent=False, value=before.get(key, True))
        self.names.children = tuple(self.blanks.values())
        count = len(self.findings)
        what = "One place may name" if count == 1 else f"{count} places may name"
        told = f"<h4>{what} somebody</h4><p>This is about themes and not about people, so blank names out. The program "
        self.names_head.value = f"{told}guesses: untick what is no name.</p>" if count else ""

    def _draw(self) -> str:
        room = self.classroom.room
        others = [one for one in room.shown(self.activity.id) if one.author != room.seat.id]
        listed = [(one, names) for one in others if (names := read_names(one.body))]
        mine = read_names(room.mine(self.activity.id).get("", {}))
        drawn = ""
        if mine:
            marks = [charts.Bar(label=one.name, value=one.size or None) for one in mine]
            total = sum(one.size for one in mine)
            says = f"{total} answers in {len(mine)} themes. The largest: {mine[0].name}, {mine[0].size}."
            drawn = charts.bars("How many answers speak of each of your themes", marks, says=says)
        if listed:
            head = "How invented groups named the same answers" if room.alone else "How others named theirs"
            lines = []
            for one, names in listed[-MOST_GROUPS:]:
                by = one.body.get("by")
                who = f"{escape(str(by))}: " if room.alone and by else ""
                told = ", ".join(
                    f"“{escape(named.name)}”" + (f" ({named.size})" if named.size else "") for named in names
                )
                lines.append(f"<li>{who}{told}</li>")
            drawn += f"<h4>{head}</h4><ul>{''.join(lines)}</ul>"
        vision = self.classroom.vision
        if mine:
            drawn += (
                f"<h4>And the vision that there is?</h4><p>{escape(vision.company)} says: “{escape(vision.statement)}” "
                "Which of your themes do you find in it? Which one is missing?</p>"
            )
        return drawn or note("Nobody has shared themes yet. They come up by themselves.")


def _show(box: widgets.Widget, shown: bool) -> None:
    box.layout.display = None if shown else "none"
