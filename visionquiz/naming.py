"""What people call their themes: what is wrong with a name, and what they share of a wall of themes."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visionquiz.curriculum import Activity
from visionquiz.ideas import Idea
from visionquiz.text import normalise, words
from visionquiz.themes import NAME_LIMIT, Theme, Themes

__all__ = ["NameRemark", "NamedTheme", "check_names", "invent_names", "measure_themes", "read_names", "write_names"]

MOST = 30
"""Themes that are shared by one person; a room has five or six."""

MOST_ANSWERS = 100_000


@dataclass(frozen=True, kw_only=True)
class NamedTheme:
    """What others learn of a theme."""

    name: str
    size: int = 0
    """How many answers it holds; 0 where that is not known."""


@dataclass(frozen=True, kw_only=True)
class NameRemark:
    """Something about a name, as a sentence. What is `wrong` must be mended before the themes are shared."""

    message: str
    wrong: bool


def measure_themes(themes: Themes, ideas: Iterable[Idea]) -> tuple[NamedTheme, ...]:
    """The themes that hold answers, with how many people said something in each, the largest first."""
    counts = {idea.id: idea.count for idea in ideas}
    found = [
        NamedTheme(name=theme.name, size=sum(counts.get(one, 0) for one in theme.ideas)) for theme in themes.themes
    ]
    return tuple(sorted((one for one in found if one.size), key=lambda one: -one.size))


def check_names(themes: Themes, given: Collection[str], ideas: Iterable[Idea]) -> tuple[NameRemark, ...]:
    """What keeps these themes from being shared, and what their names leave open; `given` are names by the program.

    Braun and Clarke (2019, "Reflecting on reflexive thematic analysis") tell themes, which share a meaning, from domain
    summaries, which share a topic. One word is taken for a topic; that is a rule of thumb, so it is no fault.
    """
    counts = {idea.id: idea.count for idea in ideas}
    filled = [theme for theme in themes.themes if any(one in counts for one in theme.ideas)]
    total = sum(counts.values())
    if len(filled) < 2 < total:
        return (NameRemark(message="Everything is in one theme. Split off what says something else.", wrong=True),)
    return (*_find_faults(filled, given, counts), *_find_hints(filled, counts, total))


def _find_faults(filled: Sequence[Theme], given: Collection[str], counts: Mapping[str, int]) -> list[NameRemark]:
    found = []
    unnamed = [
        theme.name for theme in filled if theme.name in given and sum(counts.get(one, 0) for one in theme.ideas) > 1
    ]
    if unnamed:
        what = "One theme has" if len(unnamed) == 1 else f"{len(unnamed)} themes have"
        listed = ", ".join(f"“{name}”" for name in unnamed)
        found.append(
            NameRemark(
                message=f"{what} no name of yours yet: {listed}. What do these answers say together?", wrong=True
            )
        )
    twice = [name for name, times in Counter(normalise(theme.name) for theme in filled).items() if times > 1]
    for theme in filled:
        if normalise(theme.name) in twice:
            twice.remove(normalise(theme.name))
            told = f"Two themes are called “{theme.name}”. Merge them, or say how they differ."
            found.append(NameRemark(message=told, wrong=True))
    return found


def _find_hints(filled: Sequence[Theme], counts: Mapping[str, int], total: int) -> list[NameRemark]:
    found = []
    for theme in filled:
        said, size = [word.plain for word in words(theme.name)], sum(counts.get(one, 0) for one in theme.ideas)
        if len(said) == 1 and size > 1:
            told = f"“{theme.name}” names a topic. What do people say about it? A few words more would tell."
            found.append(NameRemark(message=told, wrong=False))
        elif "and" in said[1:-1]:
            told = f"“{theme.name}” may say two things. If some answers say only one of them, split the theme."
            found.append(NameRemark(message=told, wrong=False))
        if size > 8 and size * 2 > total:
            told = (
                f"“{theme.name}” holds {size} of {total} answers. Read them once more: do they all say the same thing?"
            )
            found.append(NameRemark(message=told, wrong=False))
    return found


def write_names(found: Sequence[NamedTheme]) -> dict[str, Any]:
    """Themes as they are shared: names and sizes, no answer."""
    return {"themes": [{"text": one.name, "size": one.size} for one in found[:MOST]]}


def read_names(body: Mapping[str, Any]) -> tuple[NamedTheme, ...]:
    """The themes in a contribution, which may be anything that a browser sends; what is none is passed over."""
    listed = body.get("themes")
    found = []
    for one in listed[:MOST] if isinstance(listed, list) else []:
        name, size = (one.get("text"), one.get("size")) if isinstance(one, Mapping) else (None, None)
        if not isinstance(name, str):
            continue
        plain = " ".join("".join(char if char.isprintable() else " " for char in name[:1_000]).split())[:NAME_LIMIT]
        is_size = isinstance(size, int) and not isinstance(size, bool) and 0 <= size <= MOST_ANSWERS
        if plain:
            found.append(NamedTheme(name=plain, size=size if is_size and size else 0))
    return tuple(found)


def invent_names(activity: Activity) -> list[Mapping[str, Any]]:
    """What invented groups call the themes of an activity: a card is a name, and `by` is whose it is."""
    groups: dict[str, list[NamedTheme]] = {}
    for card in activity.cards if activity.kind == "themes" else ():
        groups.setdefault(card.by, []).append(NamedTheme(name=card.text))
    return [{**write_names(found), "by": by} for by, found in groups.items()]
