"""Everybody's results in a file, read back by csv and openpyxl, from a real gradebook on either kind of database."""

import csv
import gc
import os
import random
import sqlite3
import stat
import tempfile
from itertools import zip_longest

import openpyxl
import pytest

from visionquiz import gradebook
from visionquiz.cells import FORMULA, safe_cell
from visionquiz.cli import main
from visionquiz.errors import CourseError
from visionquiz.export import ANSWER_COLUMNS, PERSON_COLUMNS, export_results
from visionquiz.gradebook import HandScore

pytestmark = [pytest.mark.nbgrader, pytest.mark.xdist_group("nbgrader")]

QUIZ = "vision-check"


def read_csv(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def read_xlsx(path):
    book = openpyxl.load_workbook(path, read_only=True)
    sheets = {}
    for sheet in book.worksheets:
        heads, *rows = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [dict(zip_longest(heads, row)) for row in rows]
    book.close()
    return sheets


def plain(value):
    """As CSV spells a cell."""
    return "" if value is None else str(value)


def numbers(row):
    """A row with its figures as numbers, whether they came from CSV or a spreadsheet."""
    return {key: float(value) if key in NUMBERS and value != "" else value for key, value in row.items()}


NUMBERS = {"level", "points", "max", "grader level", "grader points", "grader confidence"}


def test_one_row_per_person_and_question_with_what_counts(course_until, tmp_path):
    course = course_until("graded")
    vision = course.load_vision()
    people = course.load_roster(vision)
    quiz = course.load_quiz(QUIZ, vision)
    first = course.submissions(QUIZ)[0]
    given_by_hand = HandScore(person=first, question="state", score=1.5)
    gradebook.write_scores(course.database, QUIZ, [given_by_hand], who="trainer")
    told = export_results(course, QUIZ, tmp_path / "out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert tuple(rows[0]) == ANSWER_COLUMNS
    assert [(row["person"], row["question"]) for row in rows] == [
        (person.person, question.id) for person in people for question in quiz.questions
    ]
    assert (told.people, told.handed_in, told.unread) == (40, len(course.submissions(QUIZ)), ())
    scores = {(one.person, one.question): one for one in gradebook.read_scores(course.database, QUIZ)}
    for row in rows:
        score = scores.get((row["person"], row["question"]))
        assert float(row["max"]) > 0
        if score is None:
            assert {row[name] for name in ANSWER_COLUMNS[6:] if name != "max"} == {""}, "missing is not zero"
            continue
        assert float(row["points"]) == pytest.approx(score.score, abs=1e-4)
        assert row["still open"] == ("yes" if score.review else "no")
        assert row["scored by a person"] == ("yes" if score.manual else "no")
        assert 0 <= float(row["grader confidence"]) <= 1
        if row["kind"] == "scenario":
            assert row["level"] == row["grader level"] == ""
        else:
            assert float(row["grader level"]) in (0, 1, 2, 3)
    (mine,) = [row for row in rows if (row["person"], row["question"]) == (first, "state")]
    points = scores[first, "state"].points
    assert float(mine["level"]) == pytest.approx(3 * 1.5 / points, abs=0.01)
    assert mine["scored by a person"] == "yes"


def test_the_spreadsheet_says_the_same_and_has_a_sheet_of_people(demos, tmp_path):
    course = demos("graded")
    for name in ("out.csv", "out.xlsx"):
        export_results(course, QUIZ, tmp_path / name, answers=True)
    sheets = read_xlsx(tmp_path / "out.xlsx")
    assert list(sheets) == ["Answers", "People"]
    listed = read_csv(tmp_path / "out.csv")
    in_sheet = [{key: plain(value) for key, value in row.items()} for row in sheets["Answers"]]
    assert [numbers(row) for row in in_sheet] == [numbers(row) for row in listed]
    assert any("\n" in row["answer"] or len(row["answer"]) > 20 for row in listed)
    quiz = course.load_quiz(QUIZ, course.load_vision())
    assert tuple(sheets["People"][0]) == PERSON_COLUMNS + tuple(question.id for question in quiz.questions)
    for row in sheets["People"]:
        mine = [float(one["points"]) for one in listed if one["person"] == row["person"] and one["points"]]
        if row["handed in"] == "yes":
            assert row["points"] == pytest.approx(sum(mine), abs=1e-3)
        else:
            assert not mine
            assert row["points"] is row["state"] is row["still open"] is None


def test_what_people_wrote_is_there_only_where_it_is_asked_for(demos, tmp_path):
    export_results(demos("graded"), QUIZ, tmp_path / "out.csv")
    assert "answer" not in read_csv(tmp_path / "out.csv")[0]


def test_a_check_that_nobody_handed_in_is_all_empty(course_until, tmp_path):
    told = export_results(course_until("released"), QUIZ, tmp_path / "out.xlsx")
    sheets = read_xlsx(tmp_path / "out.xlsx")
    assert (told.people, told.handed_in) == (40, 0)
    assert {row["points"] for row in sheets["Answers"]} == {None}
    assert {row["handed in"] for row in sheets["People"]} == {"no"}


HOSTILE = ['=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(A1:A9)", "\t=1", "#N/A", 'a","b', "Ünal; ‮x", "_x003D_1"]


def rename(course, names):
    """Give the first people of the roster these names and teams, as an imported file might."""
    with open(course.roster_file, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row, name in zip(rows, names, strict=False):
        row["name"], row["team"] = name, name.replace("/", ",")
    with open(course.roster_file, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def all_cells(folder):
    """Every cell that holds text, of both files; a spreadsheet's formulas come as they are written."""
    for row in read_csv(folder / "out.csv"):
        yield from (value for key, value in row.items() if key not in NUMBERS)
    book = openpyxl.load_workbook(folder / "out.xlsx")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr"), (cell.coordinate, cell.value)
                if isinstance(cell.value, str):
                    yield cell.value
    book.close()


@pytest.mark.parametrize("seed", range(3))
def test_no_cell_begins_like_a_formula(course_until, tmp_path, seed):
    """`tests/test_cells.py` tries what is in a cell; this, that every cell goes through it."""
    rng = random.Random(seed)
    odd = [chr(rng.choice([rng.randrange(32, 127), rng.randrange(160, 0x3000)])) for _ in range(200)]
    names = [rng.choice(FORMULA) + "".join(rng.choices(odd, k=5)) for _ in range(20)]
    folder, course = tmp_path, course_until("graded")
    rename(course, [*HOSTILE, *names])
    for name in ("out.csv", "out.xlsx"):
        export_results(course, QUIZ, folder / name, answers=True, replace=True)
    found = list(all_cells(folder))
    assert not [cell for cell in found if cell.lstrip().startswith(tuple(FORMULA))]
    assert safe_cell(HOSTILE[0]) in found
    assert "#N/A" in found


def test_who_is_not_in_the_roster_comes_last(course_until, tmp_path):
    course = course_until("graded")
    gone = course.submissions(QUIZ)[0]
    lines = course.roster_file.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{gone},")]
    course.roster_file.write_text("".join(line.replace(f",{gone}\n", ",\n") for line in kept))
    export_results(course, QUIZ, tmp_path / "out.csv")
    last = read_csv(tmp_path / "out.csv")[-1]
    assert (last["person"], last["team"], last["role"]) == (gone, "", "")
    assert last["points"] != ""


def test_an_answer_whose_file_is_damaged_is_left_out_and_named(course_until, tmp_path, capsys):
    course = course_until("graded")
    person = course.submissions(QUIZ)[0]
    course.notebook("autograded", QUIZ, person).write_text("[1")
    call = ["export", QUIZ, "--course", str(course.root), "--out", str(tmp_path / "out.csv"), "--answers"]
    assert main(call) == 3
    assert f"Answers left out: {person}" in capsys.readouterr().err
    assert {row["answer"] for row in read_csv(tmp_path / "out.csv") if row["person"] == person} == {""}


def test_the_file_is_its_owners_alone_and_overwrites_nothing_unasked(demos, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call = ["export", QUIZ, "--course", str(demos("graded").root)]
    before = os.umask(0)
    try:
        assert main(call) == 0
    finally:
        os.umask(before)
    said = capsys.readouterr().out
    assert f"Wrote 40 people into {QUIZ}.csv" in said
    out = tmp_path / f"{QUIZ}.csv"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    out.write_text("mine")
    assert main(call) == 2
    assert "add --replace" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert main([*call, "--replace"]) == 0
    assert len(read_csv(out)) == 240
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_whoever_stops_it_half_way_leaves_the_former_file_whole(demos, tmp_path, monkeypatch, name):
    (tmp_path / name).write_text("former")
    rows = tmp_path / "rows"
    rows.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(rows))

    def stop(done, of):
        if done > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_results(demos("graded"), QUIZ, tmp_path / name, replace=True, progress=stop)
    gc.collect()
    assert (tmp_path / name).read_text() == "former"
    assert {path.name for path in tmp_path.iterdir()} == {name, "rows"}
    assert list(rows.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [("out.txt", "neither"), ("none/out.csv", "there is no folder"), ("folder.csv", "not a plain file"),
     ("link.csv", "not a plain file")],
)  # fmt: skip
def test_where_it_cannot_be_written_is_said_before_the_work(demos, tmp_path, name, says):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(CourseError, match=says):
        export_results(demos("graded"), QUIZ, tmp_path / name, replace=True)
    assert not (tmp_path / "elsewhere.csv").exists()


def test_a_sheet_that_is_full_goes_on_in_another(demos, tmp_path, monkeypatch):
    monkeypatch.setattr("visionquiz.export.SHEET_ROWS", 100)
    export_results(demos("graded"), QUIZ, tmp_path / "out.xlsx")
    sheets = read_xlsx(tmp_path / "out.xlsx")
    assert list(sheets) == ["Answers", "People", "Answers 2", "Answers 3"]
    assert [len(rows) for rows in sheets.values()] == [100, 40, 100, 40]


def test_scores_come_batch_by_batch_and_are_the_same(demos, monkeypatch):
    monkeypatch.setattr("visionquiz.gradebook.grades.SCANNED", 7)
    course = demos("graded")
    listed = [person.person for person in course.load_roster(course.load_vision())]
    found = list(gradebook.scan_scores(course.database, QUIZ, listed))
    assert [name for name, _ in found] == listed
    scores = [score for _, graded in found for score, _ in graded]
    assert sorted(scores, key=lambda one: (one.person, one.question)) == gradebook.read_scores(course.database, QUIZ)
    with sqlite3.connect(course.gradebook) as database:
        known = database.execute(
            "select count(*) from visionquiz_answer_graded where confidence is not null"
        ).fetchone()
    database.close()
    assert sum(sure is not None for _, graded in found for _, sure in graded) == known[0]
