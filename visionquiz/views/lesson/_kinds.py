"""Which view draws which kind of activity."""

from importlib import import_module

from visionquiz.views.lesson._frame import ActivityView

__all__ = ["VIEWS", "find_view"]

VIEWS = {
    "say": ("_say", "SayView"),
    "choose": ("_choose", "ChooseView"),
    "scenarios": ("_choose", "ScenariosView"),
    "themes": ("_themes", "ThemesView"),
    "watch": ("_watch", "WatchView"),
}
"""Modules and classes by kind. They are loaded when a lesson needs them: a room of thirty is thirty kernels."""


def find_view(kind: str) -> type[ActivityView]:
    """The class that draws a kind of activity."""
    module, name = VIEWS[kind]
    found: type[ActivityView] = getattr(import_module(f"visionquiz.views.lesson.{module}"), name)
    return found
