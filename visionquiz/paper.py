"""The paper: a released check as employees have it, in the notebook's metadata, for a form to draw.

Whoever has the notebook can change it, so it is read as something that a stranger wrote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from visionquiz.errors import DeskError
from visionquiz.grading import Kind
from visionquiz.quiz import KINDS, Question, Quiz, group_by_scenario, letter_options, pick_scenarios
from visionquiz.reading import IDENT
from visionquiz.vision import Role, Scenario, Vision

__all__ = ["FORMAT", "Asked", "Paper", "Situation", "dump_paper", "make_paper", "read_paper"]

FORMAT = 2
"""Of the ``visionquiz`` entry in the notebook's metadata. From 2 on it holds the questions, for the form."""

TEXT_LIMIT = 20_000
"""Characters in one text of a paper."""

LIST_LIMIT = 200
"""Questions, roles or situations in one list of a paper."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One situation of a scenario question, as it is put to people: no points, no reasons."""

    id: str
    title: str
    situation: str
    roles: tuple[str, ...]
    """Ids of the roles that meet it."""
    options: Mapping[str, str]
    """What a person could do, by letter."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question of a paper."""

    id: str
    kind: Kind
    prompt: str
    situations: tuple[Situation, ...] = ()
    """For kind ``scenario``: one per group of roles."""

    def situation_for(self, role: str) -> Situation | None:
        """The situation that a role meets; None where it meets none, or where nobody said which role it is."""
        if len(self.situations) == 1:
            return self.situations[0]
        return next((situation for situation in self.situations if role in situation.roles), None)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A released check as employees have it: what is asked, and nothing of the key."""

    quiz: str
    release: str
    title: str
    company: str
    roles: tuple[Role, ...]
    """Ids and titles only."""
    questions: tuple[Asked, ...]


def make_paper(quiz: Quiz, vision: Vision, release: str) -> Paper:
    """What a check asks, under the fingerprint of its release."""
    picked = pick_scenarios(quiz, vision)
    return Paper(
        quiz=quiz.id,
        release=release,
        title=quiz.title,
        company=vision.company,
        roles=tuple(Role(id=role.id, title=role.title) for role in vision.roles),
        questions=tuple(_ask(question, quiz, vision, picked.get(question.id, {})) for question in quiz.questions),
    )


def _ask(question: Question, quiz: Quiz, vision: Vision, picked: dict[str, Scenario]) -> Asked:
    return Asked(
        id=question.id,
        kind=question.kind,
        prompt=question.prompt,
        situations=tuple(
            Situation(
                id=scenario.id,
                title=scenario.title,
                situation=scenario.situation,
                roles=tuple(role.id for role in roles),
                options={letter: option.text for letter, (_, option) in letter_options(quiz, scenario).items()},
            )
            for scenario, roles in group_by_scenario(picked, vision)
        ),
    )


def dump_paper(paper: Paper) -> dict[str, Any]:
    """The paper as the ``visionquiz`` entry of a notebook's metadata; `read_paper` reads it."""
    questions = []
    for asked in paper.questions:
        told: dict[str, Any] = {"id": asked.id, "kind": asked.kind, "prompt": asked.prompt}
        if asked.kind == "scenario":
            told["situations"] = [
                {
                    "id": situation.id,
                    "title": situation.title,
                    "situation": situation.situation,
                    "roles": list(situation.roles),
                    "options": dict(situation.options),
                }
                for situation in asked.situations
            ]
        questions.append(told)
    return {
        "format": FORMAT,
        "quiz": paper.quiz,
        "release": paper.release,
        "title": paper.title,
        "company": paper.company,
        "roles": [{"id": role.id, "title": role.title} for role in paper.roles],
        "questions": questions,
    }


def read_paper(notebook: Any) -> Paper:
    """What is asked, by the metadata of a released notebook, which may hold anything.

    Raises `DeskError` with the place where it is not as `write_quiz` makes it.
    """
    meta = notebook.get("metadata") if isinstance(notebook, dict) else None
    about = meta.get("visionquiz") if isinstance(meta, dict) else None
    if not isinstance(about, dict):
        raise _unreadable("it is not a check")
    if about.get("format") != FORMAT:
        raise _unreadable(f"it is of format {str(about.get('format'))[:20]}, and this program reads format {FORMAT}")
    roles = tuple(
        Role(id=_ident(item, "id", where), title=_text(item, "title", where)) for item, where in _items(about, "roles")
    )
    questions = tuple(_read_asked(item, where) for item, where in _items(about, "questions"))
    _check_unique([role.id for role in roles], "roles")
    _check_unique([asked.id for asked in questions], "questions")
    if not questions:
        raise _unreadable("questions is empty")
    return Paper(
        quiz=_ident(about, "quiz"),
        release=_text(about, "release"),
        title=_text(about, "title"),
        company=_text(about, "company"),
        roles=roles,
        questions=questions,
    )


def _read_asked(item: Mapping[str, Any], where: str) -> Asked:
    kind = _text(item, "kind", where)
    if kind not in KINDS:
        raise _unreadable(f"{where}kind is {kind[:20]!r}")
    situations: tuple[Situation, ...] = ()
    if kind == "scenario":
        situations = tuple(_read_situation(one, place) for one, place in _items(item, "situations", where))
        _check_unique([situation.id for situation in situations], f"{where}situations")
    return Asked(id=_ident(item, "id", where), kind=kind, prompt=_text(item, "prompt", where), situations=situations)


def _read_situation(item: Mapping[str, Any], where: str) -> Situation:
    options, roles = item.get("options"), item.get("roles")
    if not isinstance(options, dict) or not 2 <= len(options) <= 26:
        raise _unreadable(f"{where}options is not a table of 2 to 26")
    for letter in options:
        if not re.fullmatch("[A-Z]", str(letter)):
            raise _unreadable(f"{where}options has {str(letter)[:20]!r} for a letter")
    if not isinstance(roles, list) or len(roles) > LIST_LIMIT:
        raise _unreadable(f"{where}roles is not a list")
    return Situation(
        id=_ident(item, "id", where),
        title=_text(item, "title", where),
        situation=_text(item, "situation", where),
        roles=tuple(_ident({"roles": role}, "roles", where) for role in roles),
        options={letter: _text(options, letter, f"{where}options.") for letter in options},
    )


def _items(table: Mapping[str, Any], key: str, where: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    found = table.get(key)
    if not isinstance(found, list) or len(found) > LIST_LIMIT:
        raise _unreadable(f"{where}{key} is not a list of at most {LIST_LIMIT}")
    for place, item in enumerate(found):
        if not isinstance(item, dict):
            raise _unreadable(f"{where}{key}[{place}] is not a table")
        yield item, f"{where}{key}[{place}]."


def _text(table: Mapping[str, Any], key: str, where: str = "") -> str:
    found = table.get(key)
    if not isinstance(found, str) or len(found) > TEXT_LIMIT:
        raise _unreadable(f"{where}{key} is not a text of at most {TEXT_LIMIT:,} characters")
    return found


def _ident(table: Mapping[str, Any], key: str, where: str = "") -> str:
    found = _text(table, key, where)
    if not IDENT.fullmatch(found):
        raise _unreadable(f"{where}{key} is {found[:20]!r}, which is no id")
    return found


def _check_unique(names: list[str], what: str) -> None:
    if len(set(names)) < len(names):
        raise _unreadable(f"{what} name the same id twice")


def _unreadable(what: str) -> DeskError:
    return DeskError(
        f"the form cannot read this notebook ({what}). Answer in the boxes below it, that counts as well, or ask your "
        "trainer for a fresh copy"
    )
