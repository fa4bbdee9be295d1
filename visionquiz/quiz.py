"""One check: its questions, its points, and which scenario each person meets.

A quiz with `count = 3` scenarios has three *slots* of equal points. A slot shows each person a scenario that fits the
role, so that a warehouse picker and a buyer are asked different things but can earn the same.
"""

import datetime as dt
import functools
import random
import string
from dataclasses import dataclass
from pathlib import Path

from visionquiz.errors import InputError, Problem
from visionquiz.grading import Kind
from visionquiz.reading import IDENT, Section, read_toml
from visionquiz.vision import Option, Role, Scenario, Vision

__all__ = ["KINDS", "PROMPTS", "Question", "Quiz", "group_by_scenario", "letter_options", "load_quiz", "pick_scenarios"]

KINDS: tuple[Kind, ...] = ("state", "explain", "contribute", "scenario")

POLICIES = ("latest", "first", "best")
"""Which of several attempts may count; of equally good ones the later."""

PROMPTS: dict[Kind, str] = {
    "state": "What is our customer service vision? Write it as you remember it.",
    "explain": "What does it mean? Say it in your own words, as you would to a new colleague.",
    "contribute": "How do you personally contribute to it? Name something you do, or will do, in your own job.",
    "scenario": "What would you do?",
}
"""What is asked where the quiz does not say otherwise: the three questions that every employee should be able to
answer (Toister, The Service Culture Handbook, 2017), and a decision."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One graded answer cell. ``id`` is also the nbgrader grade id, the cell id and the gradebook's name for it."""

    id: str
    kind: Kind
    points: float
    prompt: str
    column: str
    """The id in ``quiz.toml``; the slots ``decide-1`` to ``decide-3`` share the column ``decide``."""


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """A check as it is released. ``id`` is the file's name without ``.toml`` and nbgrader's assignment name."""

    id: str
    title: str
    questions: tuple[Question, ...]
    seed: int
    due: dt.datetime | None = None
    doubt: float = 0.15
    """The share (0..1) of free-text answers that may go to a person because their level is in doubt."""
    audit: float = 0.05
    """The share (0..1) of the others that a person sees all the same, drawn by the seed."""
    counts: str = "latest"
    """Which attempt counts where somebody handed in several: one of `POLICIES`."""
    show_meaning: bool = False
    """Whether employees get the statement and its meaning with their feedback."""
    keep_until: dt.datetime | None = None
    """When people's answers are to be erased; None where nobody said."""

    @property
    def slots(self) -> tuple[Question, ...]:
        """The scenario slots, in order."""
        return tuple(question for question in self.questions if question.kind == "scenario")

    def question(self, question_id: str) -> Question | None:
        """The question with this id, or None."""
        return next((question for question in self.questions if question.id == question_id), None)


def load_quiz(path: Path, vision: Vision) -> Quiz:
    """The check described in ``quizzes/<quiz>.toml``. Raises `InputError` with every mistake in it."""
    if not IDENT.fullmatch(path.stem):
        raise InputError(
            Problem(
                file=path.name,
                place="",
                message="the file's name becomes the check's id; use letters, digits and hyphens, "
                "e.g. 'vision-2026q4.toml'",
            )
        )
    top = read_toml(path)
    title = top.text("title", example="Do we know our vision?")
    seed = top.whole("seed", low=0, high=2**31, default=1)
    points = top.number("points", low=0.1, high=1000, default=3)
    due = top.moment("due")
    doubt = top.whole("doubt", low=0, high=100, default=15)
    audit = top.whole("audit", low=0, high=100, default=5)
    keep_until = top.moment("keep_until")
    show_meaning = top.flag("show_meaning", default=False)
    counts = top.text("counts", example="latest", required=False) or "latest"
    if counts not in POLICIES:
        top.note("counts", f"is {counts!r}; expected one of {', '.join(POLICIES)}")
    seen = {"form", "intro"}  # the ids of the first cells
    questions: list[Question] = []
    for section in top.sections("questions", required=True):
        questions += _load_question(section, points=points, seen=seen)
    top.finish()
    quiz = Quiz(
        id=path.stem,
        title=title,
        questions=tuple(questions),
        seed=seed,
        due=due,
        doubt=doubt / 100,
        audit=audit / 100,
        counts=counts,
        show_meaning=show_meaning,
        keep_until=keep_until,
    )
    for role in vision.roles:
        fitting = sum(scenario.fits(role.id) for scenario in vision.scenarios)
        if fitting < len(quiz.slots):
            top.note(
                "questions",
                f"ask for {len(quiz.slots)} scenarios, but only {fitting} in vision.toml fit the role '{role.id}'; "
                "write more for it, widen their 'roles', or lower 'count'",
            )
    if top.problems:
        raise InputError(top.problems)
    return quiz


def _load_question(section: Section, *, points: float, seen: set[str]) -> list[Question]:
    kind = section.text("kind", example="explain")
    if kind and kind not in KINDS:
        section.note("kind", f"{kind!r} is not a kind of question; expected one of {', '.join(KINDS)}")
    ident = section.ident("id", example=kind if kind in KINDS else "explain")
    prompt = section.text("prompt", example=PROMPTS["explain"], required=False)
    worth = section.number("points", low=0.1, high=1000, default=points)
    count = section.whole("count", low=1, high=20, default=1)
    if count > 1 and kind != "scenario":
        section.note("count", 'is for kind = "scenario" only; other questions are asked once')
    names = [f"{ident}-{number}" for number in range(1, count + 1)] if kind == "scenario" and count > 1 else [ident]
    found = []
    for name in names:
        section.unique("id", name, seen)
        seen.add(f"{name}-question".lower())  # the id of the cell that asks it
        known: Kind = kind if kind in KINDS else "state"
        found.append(Question(id=name, kind=known, points=worth, prompt=prompt or PROMPTS[known], column=ident))
    return found


@functools.lru_cache(maxsize=16)
def pick_scenarios(quiz: Quiz, vision: Vision) -> dict[str, dict[str, Scenario]]:
    """Which scenario each role meets in each slot: ``{question id: {role id: scenario}}``.

    Depends on the quiz's seed only. A role meets no scenario twice; roles share scenarios where they can, which keeps
    the released notebook short.
    """
    order = list(vision.scenarios)
    random.Random(f"{quiz.seed}/scenarios").shuffle(order)
    picked: dict[str, dict[str, Scenario]] = {slot.id: {} for slot in quiz.slots}
    for role in vision.roles:
        fitting = [scenario for scenario in order if scenario.fits(role.id)]
        for slot, scenario in zip(quiz.slots, fitting, strict=False):
            picked[slot.id][role.id] = scenario
    return picked


@functools.lru_cache(maxsize=1024)
def letter_options(quiz: Quiz, scenario: Scenario) -> dict[str, tuple[int, Option]]:
    """The options under neutral letters, shuffled by the seed: ``{"A": (its place in the scenario, option)}``."""
    order = list(enumerate(scenario.options))
    random.Random(f"{quiz.seed}/{scenario.id}").shuffle(order)
    return dict(zip(string.ascii_uppercase, order, strict=False))


def group_by_scenario(picked: dict[str, Scenario], vision: Vision) -> list[tuple[Scenario, list[Role]]]:
    """The scenarios of one slot, each with the roles that meet it, in the order of the roles."""
    groups: dict[str, tuple[Scenario, list[Role]]] = {}
    for role in vision.roles:
        scenario = picked.get(role.id)
        if scenario is not None:
            groups.setdefault(scenario.id, (scenario, []))[1].append(role)
    return list(groups.values())
