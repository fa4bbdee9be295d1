"""Which view draws which kind of activity."""

from importlib import import_module

from visionquiz.views.lesson._frame import ActivityView

__all__ = ["VIEWS", "find_view"]

VIEWS = {
    "say": ("_say", "SayView"),
    "choose": ("_choose", "ChooseView"),
    "scenarios": ("_choose", "ScenariosView"),
    "order": ("_order", "OrderView"),
    "pick": ("_pick", "PickView"),
    "merge": ("_merge", "MergeView"),
    "tests": ("_tests", "TestsView"),
    "trial": ("_trial", "TrialView"),
    "themes": ("_themes", "ThemesView"),
    "watch": ("_watch", "WatchView"),
    "sort": ("_sort", "SortView"),
    "mark": ("_mark", "MarkView"),
    "sides": ("_sides", "SidesView"),
    "repair": ("_repair", "RepairView"),
    "explain": ("_explain", "ExplainView"),
    "practice": ("_practice", "PracticeView"),
    "graded": ("_graded", "GradedView"),
    "contribute": ("_contribute", "ContributeView"),
    "plan": ("_plan", "PlanView"),
    "goal": ("_goal", "GoalView"),
    "huddle": ("_huddle", "HuddleView"),
}
"""Modules and classes by kind. They are loaded when a lesson needs them: a room of thirty is thirty kernels."""


def find_view(kind: str) -> type[ActivityView]:
    """The class that draws a kind of activity."""
    module, name = VIEWS[kind]
    found: type[ActivityView] = getattr(import_module(f"visionquiz.views.lesson.{module}"), name)
    return found
