"""The vision card on the screen: everybody may look at it, and choose the role whose part they want to see."""

import datetime as dt

import ipywidgets as widgets

from visionquiz.classroom import find_vision, own_folder
from visionquiz.errors import VisionQuizError
from visionquiz.views._parts import alert, page, style
from visionquiz.vision import Vision, load_vision
from visionquiz.vision_card import CSS, card_html, pick_scenario

__all__ = ["VisionCard", "show_vision"]

WIDE = ".vqf.vqcard { max-width: 62rem; margin: 0 auto !important; padding: 0 .6rem 1rem; }"


class VisionCard(widgets.VBox):
    """`day` chooses the situation to talk about."""

    def __init__(self, vision: Vision, day: dt.date) -> None:
        self._vision, self._day = vision, day
        self.role = widgets.Dropdown(
            description="Whose part?", options=[("Everybody's", ""), *((role.title, role.id) for role in vision.roles)]
        )
        self.card = widgets.HTML()
        self.role.observe(lambda _: self._draw(), "value")
        super().__init__([style(CSS + WIDE), self.role, self.card])
        self.add_class("vqf").add_class("vqcard")
        self._draw()

    def __repr__(self) -> str:
        return "Press Run to see the vision."

    def _draw(self) -> None:
        role = str(self.role.value)
        scenario = pick_scenario(self._vision, self._day, role)
        self.card.value = card_html(self._vision, role=role, scenario=scenario)


def show_vision() -> widgets.Widget:
    """The card of the vision that the lessons speak of, with today's situation."""
    try:
        return VisionCard(load_vision(find_vision(own_folder())), dt.date.today())
    except VisionQuizError as error:
        return page(style(), widgets.HTML(alert(f"The vision cannot be shown: {error}."))).add_class("vqf")
