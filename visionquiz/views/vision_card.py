"""The vision card on the screen: everybody may look at it, and choose the role whose part they want to see."""

import datetime as dt
from html import escape

from visionquiz.choices import Choices
from visionquiz.classroom import find_vision, own_folder
from visionquiz.errors import VisionQuizError
from visionquiz.feedback import CSS as PLAIN
from visionquiz.views._choices import Drawn, draw_form, draw_menu
from visionquiz.vision import Vision, load_vision
from visionquiz.vision_card import CSS, card_html, pick_scenario

__all__ = ["draw_vision", "show_vision"]

STYLE = """
.choose { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem 1rem; }
.choose label { display: block; font-weight: 600; }
.choose select, .choose button { font: inherit; color: inherit; background: var(--page); min-height: 2.6rem;
  max-width: 100%; border: 1px solid var(--soft); border-radius: .4rem; padding: .4rem 1rem; }
.choose :is(select, button):focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
@media print { .choose { display: none; } }
"""


def draw_vision(vision: Vision, day: dt.date, choices: Choices) -> str:
    """The card with a menu of roles; ``role`` is the one whose part is shown, everybody's where there is no such role.
    `day` chooses the situation to talk about.
    """
    roles = [("", "Everybody's"), *((role.id, role.title) for role in vision.roles)]
    role = next((one for one, _ in roles if one == choices.get("role")), "")
    card = card_html(vision, role=role, scenario=pick_scenario(vision, day, role))
    return f"<style>{PLAIN}{CSS}{STYLE}</style>{draw_form(draw_menu('role', 'Whose part?', roles, role))}{card}"


def show_vision(choices: Choices) -> Drawn:
    """The card of the vision that the lessons speak of, with today's situation. For a notebook's last line."""
    try:
        return Drawn(draw_vision(load_vision(find_vision(own_folder())), dt.date.today(), choices))
    except VisionQuizError as error:
        return Drawn(f'<p role="alert">The vision cannot be shown: {escape(str(error))}.</p>')
