"""Themes that the whole room finds in the ideas, on one board that everybody moves cards on."""

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.themes import Edit, Embed, Theme, Themes, group_ideas, lay_out
from visionquiz.views._bubbles import bubbles
from visionquiz.views._parts import alert, note, page, row
from visionquiz.views.themes import ThemeBoard
from visionquiz.workshop import Workshop

__all__ = ["RoomThemesView"]

FEW = 6
"""With fewer ideas a program has nothing to go by; people group them quicker."""


class RoomThemesView(widgets.VBox):
    """Grouping starts over only when the trainer asks for it twice, since it undoes what people moved."""

    def __init__(self, workshop: Workshop, *, embed: Embed) -> None:
        self._workshop, self._embed = workshop, embed
        self.board: ThemeBoard | None = None
        self.told = widgets.HTML()
        self.group = widgets.Button(description="Group the ideas", button_style="primary")
        self.by_hand = widgets.Button(description="Group them by hand")
        self.anew = widgets.Checkbox(description="Yes, forget what was moved and renamed", indent=False, value=False)
        self.new = widgets.Button(description="Put the new ideas on the wall")
        self.near = widgets.Button(description="Show how large and how close they are")
        self.picture = widgets.HTML()
        self.wall = page().add_class("vqt")
        self.group.on_click(lambda _: self.group_all())
        self.by_hand.on_click(lambda _: self.start_by_hand())
        self.new.on_click(lambda _: self.take_in())
        self.near.on_click(lambda _: self.draw_picture())
        self._start = page(row(self.group, self.by_hand), self.anew)
        self._more = row(self.new, self.near)
        parts = [self._start] if workshop.seat.trainer else []
        head = widgets.HTML(
            "<h2>Find themes</h2><p>Which ideas say the same thing? Put them together, and name each theme by "
            "what people "
            "want.</p>"
        )
        super().__init__([head, *parts, self.told, self._more, self.picture, self.wall])
        self.refresh()

    def group_all(self) -> None:
        """Lay like to like by what the ideas mean; by hand where the model cannot be used."""
        if not self._may_start():
            return
        ideas = self._workshop.ideas()
        if len(ideas) < FEW:
            self.told.value = alert(f"There are {len(ideas)} ideas. With fewer than {FEW}, group them by hand.")
            return
        self.group.disabled = self.by_hand.disabled = True
        self.told.value = note(f"Reading {len(ideas)} ideas. A hundred take some five seconds.")
        try:
            self._workshop.start_themes(group_ideas(ideas, embed=self._embed))
            self.told.value = note(
                f"{len(ideas)} ideas are grouped. The program goes by words and by what they mean, and it errs: read "
                "every card, move what lies wrong, then rename each theme by what people want."
            )
        except VisionQuizError as error:
            self.told.value = alert(f"The program could not group them: {error}. Group them by hand.")
        finally:
            self.group.disabled = self.by_hand.disabled = False
        self.refresh()

    def start_by_hand(self) -> None:
        """All ideas in one theme, to be split."""
        ideas = self._workshop.ideas()
        if not ideas:
            self.told.value = alert("There are no ideas yet. Collect some first.")
        elif self._may_start():
            one = Theme(id="theme-1", name="All ideas", ideas=tuple(idea.id for idea in ideas))
            self._workshop.start_themes(Themes(themes=(one,), made=1))
            self.told.value = note("Choose cards that say the same thing, split them off and give them a name.")
            self.refresh()

    def _may_start(self) -> bool:
        history = self._workshop.themes()
        if history and history.steps and not self.anew.value:
            self.anew.layout.display = None
            self.told.value = alert(
                f"The wall has {len(history.steps)} changes that people made. Tick the box below the buttons, then "
                "press again to begin anew."
            )
            return False
        self.anew.value = False
        return True

    def take_in(self) -> None:
        """Ideas that came since, in a theme of their own."""
        ideas = tuple(idea.id for idea in self._workshop.ideas())
        self._workshop.edit_themes(lambda now: now.edit(Edit(kind="add", ideas=ideas, name="New ideas")))
        self.refresh()

    def draw_picture(self) -> None:
        """Themes as circles."""
        history = self._workshop.themes()
        if history is None:
            return
        self.near.disabled = True
        try:
            places = lay_out(history.now, self._workshop.ideas(), embed=self._embed)
            names = {theme.id: theme.name for theme in history.now.themes}
            self.picture.value = bubbles(
                "How many ideas each theme has, and which themes are near each other in meaning", places, names
            )
        except VisionQuizError as error:
            self.picture.value = alert(f"The picture cannot be drawn: {error}.")
        finally:
            self.near.disabled = False

    def refresh(self) -> None:
        """Draw what there is now."""
        history, ideas = self._workshop.themes(), self._workshop.ideas()
        if not (history and history.steps):
            self.anew.layout.display = "none"
        self._more.layout.display = None if history else "none"
        if history is None:
            self.board, self.wall.children = None, ()
            if not self.told.value:
                waits = "Group them as soon as all have said what they wanted to say."
                others = "Your trainer groups the ideas first; then everybody may move them."
                self.told.value = note(waits if self._workshop.seat.trainer else others)
            return
        there = {one for theme in history.now.themes for one in theme.ideas}
        self.new.layout.display = None if any(idea.id not in there for idea in ideas) else "none"
        if self.board is None:
            self.board = ThemeBoard(ideas, history, change=self._workshop.edit_themes, who=self._workshop.seat.id)
            self.wall.children = (self.board,)
            if not self._workshop.seat.trainer:
                self.told.value = note("Move cards, split, merge and rename: everybody works on one wall.")
            return
        self.board.set_ideas(ideas)
        if self.board.history != history:
            self.board.history = history
