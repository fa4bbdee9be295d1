"""Where the statements that a lesson quotes were published."""

from collections.abc import Iterable
from html import escape

from visionquiz.curriculum import Card

__all__ = ["SAFE", "cite", "list_sources"]

SAFE = ("https://", "http://")
"""A lesson's file is a trainer's, and an address in it is still only drawn as a link if it is one."""


def cite(card: Card) -> str:
    """Who said it, as a link to where it was published if the card says where."""
    who = escape(card.by or card.text)
    if not card.source.startswith(SAFE):
        return who
    return f'<a href="{escape(card.source)}" target="_blank" rel="noopener noreferrer">{who}</a>'


def list_sources(cards: Iterable[Card]) -> str:
    """The sources of cards, to fold out; ``""`` where there is none."""
    items = "".join(f"<li>{cite(card)}: “{escape(card.text)}”</li>" for card in cards if card.source)
    if not items:
        return ""
    said = "Some of these statements have changed since, and the pages may have moved."
    return f"<details><summary>Where these were published</summary><p>{said}</p><ul>{items}</ul></details>"
