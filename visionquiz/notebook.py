"""The check as a notebook: write it, fill it in, read the answers back. The only code that knows the cell format.

Notebooks are handled as plain JSON dictionaries. Validating 5,000 submissions through a schema costs minutes, and what
employees send is checked more strictly in `visionquiz.submission` anyway.
"""

import copy
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from visionquiz.errors import DeskError
from visionquiz.paper import Situation, dump_paper, make_paper, read_paper
from visionquiz.quiz import Question, Quiz, group_by_scenario, letter_options, pick_scenarios
from visionquiz.text import words
from visionquiz.vision import Scenario, Vision

__all__ = [
    "STUB",
    "answer_text",
    "dump_notebook",
    "fill_answers",
    "find_key",
    "read_answers",
    "read_choice",
    "read_letter",
    "release_of",
    "write_choice",
    "write_quiz",
]

Notebook = dict[str, Any]

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
    paper = make_paper(quiz, vision, _fingerprint(cells[1:], quiz, vision))
    return {
        "cells": [_form_cell(quiz), *cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "visionquiz": dump_paper(paper),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _fingerprint(cells: list[dict[str, Any]], quiz: Quiz, vision: Vision) -> str:
    """Tells one release from another: letters mean something else once the seed or a scenario has changed, and answers
    to one statement must not be judged by another.

    Made of what is asked and of the statement's words; how to start the form and to fill in boxes may be said in other
    words. The seed, which nobody has who takes the check, keeps people from trying statements until one fits.
    """
    asked: list[Any] = [(cell["id"], cell["source"], cell["metadata"]["nbgrader"].get("points")) for cell in cells]
    asked.append((quiz.seed, [word.plain for word in words(vision.statement)]))
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def release_of(notebook: Notebook) -> str:
    """The fingerprint of the release that a notebook was made from; ``""`` where it carries none."""
    about = notebook.get("metadata", {}) if isinstance(notebook, dict) else {}
    about = about.get("visionquiz", {}) if isinstance(about, dict) else {}
    found = about.get("release", "") if isinstance(about, dict) else ""
    return found if isinstance(found, str) else ""


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
        if dump_paper(read_paper(notebook)) != notebook["metadata"]["visionquiz"]:
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
