"""Everybody's results in one file for the trainer: CSV or a spreadsheet, row by row, however many people there are."""

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from visionquiz import gradebook
from visionquiz.cells import safe_cell
from visionquiz.course import Course
from visionquiz.errors import CourseError, SubmissionError
from visionquiz.jobs import read_release
from visionquiz.quiz import Question, Quiz
from visionquiz.roster import Person
from visionquiz.submission import read_submission
from visionquiz.writing import whole_file

__all__ = ["ANSWER_COLUMNS", "PERSON_COLUMNS", "Export", "check_target", "export_results"]

Cell = str | int | float | None
Row = list[Cell]
Graded = tuple[gradebook.Score, float | None]
Progress = Callable[[int, int], None]

ANSWER_COLUMNS = (
    "person", "name", "team", "role", "question", "kind", "level", "points", "max", "grader level", "grader points",
    "grader confidence", "scored by a person", "still open",
)  # fmt: skip
"""One row per person and question. `level` is 0..3; a trainer's points may lie between two levels."""

PERSON_COLUMNS = ("person", "name", "team", "role", "handed in", "points", "max", "still open")
"""One row per person, before the points of each question."""

SHEET_ROWS = 1_000_000
"""Rows of one sheet. Excel reads 1,048,576; what is more goes to another sheet."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What was written."""

    people: int
    handed_in: int
    unread: tuple[SubmissionError, ...]
    """Whose answers could not be read, where they were asked for."""


def check_target(path: Path, *, replace: bool) -> None:
    """Raises `CourseError` where the results cannot be written to this file."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise CourseError(f"{path} ends in neither .csv nor .xlsx; name a file, e.g. results.csv or results.xlsx")
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise CourseError(f"{path} is not a plain file, so nothing is written to it; name another with --out")
    if path.exists() and not replace:
        raise CourseError(f"{path} exists; name another file with --out, or add --replace")
    if not path.parent.is_dir():
        raise CourseError(f"there is no folder {path.parent}; make it first, or name another file with --out")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise CourseError(f"{path.parent} cannot be written to; name a file somewhere else with --out")


def export_results(
    course: Course,
    quiz_id: str,
    out: Path,
    *,
    answers: bool = False,
    replace: bool = False,
    progress: Progress = lambda done, of: None,
) -> Export:
    """Write the results of a check into `out`, a CSV or XLSX file that only its owner can read, whole or not at all.

    Everybody in the roster comes in its order, then whoever else was graded. Who handed in nothing has empty cells:
    missing is not zero. With `answers`, what people wrote is added. Raises `CourseError` where `out` is there already,
    unless `replace`, and where points or questions have changed since the release.
    """
    check_target(out, replace=replace)
    vision = course.load_vision()
    quiz = course.load_quiz(quiz_id, vision)
    read_release(course, quiz, vision)
    titles = {role.id: role.title for role in vision.roles}
    listed = {person.person: person for person in course.load_roster(vision)}
    unread: list[SubmissionError] = []
    people = handed_in = 0
    open_table = _open_xlsx if out.suffix.lower() == ".xlsx" else _open_csv
    with whole_file(out) as file, open_table(file, quiz, answers=answers) as table:
        for name, graded in gradebook.scan_scores(course.database, quiz.id, list(listed)):
            progress(people, max(len(listed), people))
            known = listed.get(name, Person(person=name, name=name, role="", team=""))
            who: Row = [*map(safe_cell, (name, known.name, known.team, titles.get(known.role, known.role)))]
            scores = {score.question: (score, sure) for score, sure in graded}
            typed = _typed(course, quiz, name, unread) if answers and scores else {}
            for question in quiz.questions:
                row = [*who, question.id, question.kind, *_answer_cells(question, scores.get(question.id))]
                table.add_answer(row + ([_text(typed.get(question.id))] if answers else []))
            table.add_person([*who, *_person_cells(quiz, scores)])
            people += 1
            handed_in += bool(scores)
        progress(people, people)
    return Export(people=people, handed_in=handed_in, unread=tuple(unread))


def _typed(course: Course, quiz: Quiz, name: str, unread: list[SubmissionError]) -> Mapping[str, str]:
    """The answers that the grades are for."""
    try:
        return read_submission(course.notebook("autograded", quiz.id, name).parent, quiz, name).answers
    except SubmissionError as error:
        unread.append(error.bare())
        return {}


def _text(typed: str | None) -> Cell:
    return None if typed is None else safe_cell(typed)


def _answer_cells(question: Question, found: Graded | None) -> Row:
    if found is None:
        return [None, None, question.points, None, None, None, None, None]
    score, sure = found
    free = question.kind != "scenario"
    return [
        _level(score.score, score.points) if free else None,
        round(score.score, 4),
        question.points,
        None if score.auto is None or not free else _level(score.auto, score.points),
        None if score.auto is None else round(score.auto, 4),
        None if sure is None else round(sure, 3),
        _yes(score.manual),
        _yes(score.review),
    ]


def _level(points: float, most: float) -> Cell:
    return round(3 * points / most, 2) if most else None


def _person_cells(quiz: Quiz, scores: Mapping[str, Graded]) -> Row:
    most = sum(question.points for question in quiz.questions)
    each: Row = [round(scores[q.id][0].score, 4) if q.id in scores else None for q in quiz.questions]
    if not scores:
        return ["no", None, most, None, *each]
    total = sum(score.score for score, _ in scores.values())
    return ["yes", round(total, 4), most, sum(score.review for score, _ in scores.values()), *each]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


class _Table:
    """Where the rows go: by answer and by person."""

    def __init__(self, add_answer: Callable[[Row], None], add_person: Callable[[Row], None]) -> None:
        self.add_answer, self.add_person = add_answer, add_person


def _headings(quiz: Quiz, *, answers: bool) -> tuple[Row, Row]:
    return (
        [*ANSWER_COLUMNS, *(["answer"] if answers else [])],
        [*PERSON_COLUMNS, *(safe_cell(question.id) for question in quiz.questions)],
    )


@contextmanager
def _open_csv(file: IO[bytes], quiz: Quiz, *, answers: bool) -> Iterator[_Table]:
    """One row per person and question. The mark in front tells spreadsheet programs that it is UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_headings(quiz, answers=answers)[0])
    yield _Table(lambda row: _ignore(writer.writerow(row)), lambda row: None)
    text.flush()
    text.detach()


def _ignore(_: object) -> None:
    """For what answers something that nobody asked for."""


@contextmanager
def _open_xlsx(file: IO[bytes], quiz: Quiz, *, answers: bool) -> Iterator[_Table]:
    """The sheets Answers and People. Rows go to the disk as they come."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    by_answer, by_person = _headings(quiz, answers=answers)
    try:
        yield _Table(_Sheets(book, "Answers", by_answer).add, _Sheets(book, "People", by_person).add)
    except BaseException:
        # openpyxl keeps the rows of each sheet in a temporary file until the book is saved, or the program ends.
        for sheet in book.worksheets:
            sheet.close()
            sheet._writer.cleanup()
        raise
    book.save(file)


class _Sheets:
    """One sheet, and another one whenever it is full."""

    def __init__(self, book: Any, title: str, headings: Row) -> None:
        self._book, self._title, self._headings = book, title, headings
        self._count = self._rows = 0
        self._start()

    def _start(self) -> None:
        self._count, self._rows = self._count + 1, 0
        self._sheet = self._book.create_sheet(self._title if self._count == 1 else f"{self._title} {self._count}")
        self._sheet.freeze_panes = "A2"
        self._sheet.append(self._headings)

    def add(self, row: Row) -> None:
        if self._rows >= SHEET_ROWS:
            self._start()
        self._rows += 1
        self._sheet.append([self._cell(value) for value in row])

    def _cell(self, value: Cell) -> Any:
        if not isinstance(value, str) or not value.startswith("#"):
            return value
        # openpyxl takes '#N/A' and the like for errors of a calculation.
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet, value)
        cell.data_type = "s"
        return cell
