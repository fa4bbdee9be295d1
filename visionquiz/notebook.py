"""The check as a notebook: write it, fill it in, read the answers back. The only code that knows the cell format.

Notebooks are handled as plain JSON dictionaries. Validating 5,000 submissions through a schema costs minutes, and what
employees send is checked more strictly in `visionquiz.submission` anyway.
"""

import copy
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from visionquiz.errors import DeskError
from visionquiz.grading import Kind
from visionquiz.quiz import KINDS, Question, Quiz, group_by_scenario, letter_options, pick_scenarios
from visionquiz.reading import IDENT
from visionquiz.vision import Role, Scenario, Vision

__all__ = [
    "FORMAT",
    "STUB",
    "Asked",
    "Paper",
    "Situation",
    "answer_text",
    "dump_notebook",
    "fill_answers",
    "find_key",
    "read_answers",
    "read_choice",
    "read_letter",
    "read_paper",
    "release_of",
    "write_choice",
    "write_quiz",
]

Notebook = dict[str, Any]

FORMAT = 2
"""Of the ``visionquiz`` entry in the notebook's metadata. From 2 on it holds the questions, for the form."""

STUB = "*Double-click here and type your answer in place of this line.*"

CHOICE_STUB = "*Double-click here and type the name of your situation and one letter in place of this line.*"

INTRO = """\
# {title}

**{company}**

Press the Run button (the triangle at the top) or Shift and Enter once: you get a form that keeps what you type and
hands it in. If the form is not there or stops answering, click on its place above this text and press Run again; what
was saved is kept.

You can also do without it: double-click the box below a question, type, then press Shift and Enter. That counts too.

Spelling, grammar and length do not count, and there is no time limit. {questions}
"""

# JupyterLab shows the first line where the source is hidden.
FORM = """\
# Press Run (or Shift and Enter) to get the form
from visionquiz.views.form import show_check

show_check("{quiz}")"""

HIDDEN = {"source_hidden": True}

NB_KEYS = {"kernelspec", "language_info", "visionquiz"}
CELL_KEYS = {"nbgrader", "deletable", "editable"}
NBGRADER_KEYS = {
    "cell_type",
    "checksum",
    "grade",
    "grade_id",
    "locked",
    "points",
    "schema_version",
    "solution",
    "task",
}


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


def write_quiz(quiz: Quiz, vision: Vision) -> Notebook:
    """The nbgrader source notebook of a check: a form, questions to read, answer cells to fill, no key.

    A scenario slot shows one situation per group of roles. Ids of cells and grades are the ids of the questions.
    """
    picked = pick_scenarios(quiz, vision)
    count = f"There are {len(quiz.questions)} questions." if len(quiz.questions) > 1 else "There is one question."
    cells = [_text_cell("intro", INTRO.format(title=quiz.title, company=vision.company, questions=count))]
    for number, question in enumerate(quiz.questions, 1):
        if question.kind == "scenario":
            source = _slot_source(number, question, quiz, vision, picked[question.id])
        else:
            source = f"## {number}. {question.prompt}"
        cells.append(_text_cell(f"{question.id}-question", source))
        cells.append(_answer_cell(question))
    paper = Paper(
        quiz=quiz.id,
        release=_fingerprint(cells[1:]),
        title=quiz.title,
        company=vision.company,
        roles=tuple(Role(id=role.id, title=role.title) for role in vision.roles),
        questions=tuple(_ask(question, quiz, vision, picked) for question in quiz.questions),
    )
    return {
        "cells": [_form_cell(quiz), *cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "visionquiz": _dump_paper(paper),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _fingerprint(cells: list[dict[str, Any]]) -> str:
    """Tells one release from another: letters mean something else once the seed or a scenario has changed.

    Made of what is asked; how to start the form and to fill in boxes may be said in other words.
    """
    asked = [(cell["id"], cell["source"], cell["metadata"]["nbgrader"].get("points")) for cell in cells]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def release_of(notebook: Notebook) -> str:
    """The fingerprint of the release that a notebook was made from; ``""`` where it carries none."""
    about = notebook.get("metadata", {}) if isinstance(notebook, dict) else {}
    about = about.get("visionquiz", {}) if isinstance(about, dict) else {}
    found = about.get("release", "") if isinstance(about, dict) else ""
    return found if isinstance(found, str) else ""


def _ask(question: Question, quiz: Quiz, vision: Vision, picked: Mapping[str, dict[str, Scenario]]) -> Asked:
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
            for scenario, roles in group_by_scenario(picked.get(question.id, {}), vision)
        ),
    )


def _dump_paper(paper: Paper) -> dict[str, Any]:
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


def _slot_source(number: int, question: Question, quiz: Quiz, vision: Vision, picked: Mapping[str, Scenario]) -> str:
    groups = group_by_scenario(dict(picked), vision)
    parts = [f"## {number}. {question.prompt}"]
    if len(groups) > 1:
        parts.append("Find the situation for your job and leave out the others.")
    for scenario, roles in groups:
        if len(groups) > 1:
            parts.append(f"### For: {', '.join(role.title for role in roles)}")
        parts.append(f"**{scenario.title}** (name: `{scenario.id}`)")
        parts.append(scenario.situation)
        lettered = letter_options(quiz, scenario)
        parts.append("\n".join(f"- **{letter}**: {option.text}" for letter, (_, option) in lettered.items()))
    parts.append("Which comes closest to what you would do? Answer with the name of the situation and one letter.")
    return "\n\n".join(parts)


def _form_cell(quiz: Quiz) -> dict[str, Any]:
    cell = _text_cell("form", FORM.format(quiz=quiz.id))
    cell["metadata"]["jupyter"] = dict(HIDDEN)
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": []}


def _cell(cell_id: str, source: str, **nbgrader: Any) -> dict[str, Any]:
    meta = {"grade_id": cell_id, "schema_version": 3, "task": False, **nbgrader}
    return {"cell_type": "markdown", "id": cell_id, "metadata": {"nbgrader": meta}, "source": source}


def _text_cell(cell_id: str, source: str) -> dict[str, Any]:
    return _cell(cell_id, source, grade=False, locked=True, solution=False)


def _answer_cell(question: Question) -> dict[str, Any]:
    stub = CHOICE_STUB if question.kind == "scenario" else STUB
    return _cell(question.id, stub, grade=True, locked=False, solution=True, points=question.points)


def answer_text(cell: Mapping[str, Any]) -> str:
    """What was typed into an answer cell, without the line that asks for it; ``""`` where nothing was."""
    source = cell.get("source", "")
    text = source if isinstance(source, str) else "".join(source)
    for stub in (STUB, CHOICE_STUB):
        text = text.replace(stub, "")
    return text.strip()


def read_answers(notebook: Notebook) -> dict[str, str]:
    """What was typed, by question id, of every graded cell in a notebook of known form."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: answer_text(cell)
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }


def fill_answers(release: Notebook, answers: Mapping[str, str]) -> Notebook:
    """A copy of the released notebook with `answers` typed in; blank answers leave the cell as it was released."""
    filled = copy.deepcopy(release)
    for cell in filled["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        text = answers.get(meta.get("grade_id", ""), "") if meta.get("grade") else ""
        if text.strip():
            cell["source"] = text
    return filled


def write_choice(scenario: Scenario | Situation, letter: str) -> str:
    """The text of an answer cell that chooses `letter` in `scenario`: ``no-estimate B``."""
    return f"{scenario.id} {letter}"


def read_choice(text: str, question: Question, role: str, quiz: Quiz, vision: Vision) -> tuple[str, int | None]:
    """The scenario and the option that an answer cell names, as ``(scenario id or "", index in its options or None)``.

    A letter alone counts for the scenario that the person's role meets in this slot. Nothing is guessed: two
    scenarios or two letters are no choice.
    """
    picked = pick_scenarios(quiz, vision)[question.id]
    lettered = {scenario.id: letter_options(quiz, scenario) for scenario in picked.values()}
    mine = picked[role].id if role in picked else ""
    ident, letter = read_letter(text, lettered, mine, [scenario.id for scenario in vision.scenarios])
    return ident, lettered[ident][letter][0] if letter else None


def read_letter(
    text: str, here: Mapping[str, Collection[str]], mine: str, others: Iterable[str] = ()
) -> tuple[str, str]:
    """The situation and the letter that a text names, as ``(id or "", letter or "")``.

    `here` are the letters of the situations of this question, by id, `mine` the one that the person meets, if known,
    `others` the ids of more situations, which are no choice here.

    >>> read_letter("I take no-estimate: b", {"no-estimate": "ABC", "night": "ABC"}, "")
    ('no-estimate', 'B')
    """
    rest = text
    named = set()
    # Longest first: 'no-estimate' must not be found inside 'no-estimate-at-night'.
    for name in sorted({*here, *others}, key=lambda name: (-len(name), name)):
        rest, count = re.subn(rf"(?<![\w-]){re.escape(name)}(?![\w-])", " ", rest, flags=re.IGNORECASE)
        if count:
            named.add(name)
    if mine:
        # A situation of another job, or of another slot, is no choice: a person looks at what was meant.
        named = {mine} if not named or named == {mine} else set()
    elif not named and len(here) == 1:
        named = set(here)
    if len(named) != 1 or not named <= set(here):
        return "", ""
    ident = named.pop()
    letters = {found.upper() for found in re.findall(r"(?<![\w'’])[A-Za-z](?![\w'’])", rest)} & set(here[ident])
    # 'A' is also a word: in 'I chose a: B' only the capital, or the letter that stands alone, can be meant.
    if len(letters) > 1:
        letters = set(re.findall(r"(?<![\w'’])[A-Z](?![\w'’])", rest)) & set(here[ident])
    return ident, letters.pop() if len(letters) == 1 else ""


def find_key(notebook: Notebook, vision: Vision) -> list[str]:
    """What a released notebook gives away of the key, as sentences for the trainer; empty where it holds none.

    Looks into every string of the file, metadata too, and compares letters and digits only, so that neither case,
    punctuation nor line breaks hide a match. Phrasings, reasons and contributions of fewer than four words are left
    out: 'Be honest.' may well stand in a situation.
    """
    found = []
    everything = " \n ".join(_plain(text) for text in _strings(notebook))
    for what, text in _secrets(vision):
        plain = _plain(text)
        if plain.strip() and plain in everything:
            found.append(f"it contains {what}: {text!r}")
    extra = set(notebook["metadata"]) - NB_KEYS
    for cell in notebook["cells"]:
        extra |= set(cell["metadata"]) - CELL_KEYS
        extra |= set(cell["metadata"].get("nbgrader", {})) - NBGRADER_KEYS
        extra |= set(cell) - {"cell_type", "id", "metadata", "source"}
        if cell.get("cell_type") == "code":
            # An output could be anything, a picture of the key too.
            harmless: dict[str, Any] = {"jupyter": HIDDEN, "outputs": [], "execution_count": None}
            extra -= {key for key, value in harmless.items() if {**cell["metadata"], **cell}.get(key) == value}
    try:
        # What is read and written again is all there is: no number, no further key, no deeper table.
        if _dump_paper(read_paper(notebook)) != notebook["metadata"]["visionquiz"]:
            extra.add("visionquiz (more than the questions)")
    except DeskError as error:
        found.append(str(error))
    if extra:
        found.append(f"it carries data that no reader of the check needs: {', '.join(sorted(extra))}")
    return found


def _secrets(vision: Vision) -> Iterator[tuple[str, str]]:
    yield "the statement", vision.statement
    yield "the core idea", vision.core_idea
    for point in vision.meaning:
        yield f"the meaning point '{point.id}'", point.text
        for text in point.misreadings:
            yield f"a misreading of '{point.id}'", text
        for text in point.phrasings:
            if len(text.split()) >= 4:
                yield f"a phrasing of '{point.id}'", text
    for role in vision.roles:
        for text in role.contributions:
            if len(text.split()) >= 4:
                yield f"a contribution of '{role.id}'", text
    for scenario in vision.scenarios:
        for option in scenario.options:
            if len(option.why.split()) >= 4:
                yield f"a reason of scenario '{scenario.id}'", option.why


def _plain(text: str) -> str:
    return " " + " ".join(re.findall(r"[^\W_]+", text.casefold())) + " "


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        else:
            for item in value:
                yield from _strings(item)


def dump_notebook(notebook: Notebook) -> str:
    """The notebook as Jupyter writes it: one space of indent, a line end at the end."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
