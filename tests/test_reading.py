import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.errors import InputError
from visionquiz.reading import read_rows, read_text, read_toml


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"caf\xc3\xa9\ntea\n", id="plain"),
        pytest.param(b"\xef\xbb\xbfcaf\xc3\xa9\ntea\n", id="byte order mark"),
        pytest.param(b"caf\xc3\xa9\r\ntea\r\n", id="Windows line ends"),
        pytest.param(b"caf\xc3\xa9\rtea\r", id="old Macintosh line ends"),
    ],
)
def test_text_reads_the_same_in_any_dress(tmp_path, data):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert read_text(path) == "café\ntea\n"


@pytest.mark.parametrize(
    ("data", "place", "says"),
    [
        pytest.param("a\ncafé".encode("latin-1"), "line 2", "not UTF-8", id="Latin-1"),
        pytest.param("a\nb".encode("utf-16"), "line 1", "UTF-16", id="UTF-16"),
        pytest.param(b"a\nb\0c", "line 2", "NUL", id="binary"),
        pytest.param(b"x" * 10_000_000, "", "10.0 MB", id="ten megabytes"),
        pytest.param(None, "", "no such file", id="missing"),
    ],
)
def test_unreadable_text_is_refused_with_file_and_place(tmp_path, data, place, says):
    path = tmp_path / "roster.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_text(path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.place) == ("roster.csv", place)
    assert says in problem.message


def test_toml_errors_name_line_and_column(tmp_path):
    path = tmp_path / "vision.toml"
    path.write_text("[company]\nname = Acme\n")
    with pytest.raises(InputError, match=r"vision.toml: at line 2, column 8|vision.toml: line 2, column 8"):
        read_toml(path)


def test_nested_without_end_is_refused_not_fatal(tmp_path):
    path = tmp_path / "vision.toml"
    path.write_text("a = " + "[" * 100_000)
    with pytest.raises(InputError):
        read_toml(path)


@pytest.mark.parametrize(("separator", "warned"), [(",", False), (";", True), ("\t", True)])
def test_a_spreadsheets_separators_are_read_with_a_warning(tmp_path, separator, warned):
    path = tmp_path / "a.csv"
    path.write_text(f"id{separator}text\n1{separator}one\n")
    rows, problems = read_rows(path, columns=("id", "text"))
    assert rows == [(2, {"id": "1", "text": "one"})]
    assert [problem.severity for problem in problems] == ["warning"] * warned


def test_lines_of_the_wrong_width_are_all_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1\n2,two\n3,three,more\n")
    rows, problems = read_rows(path, columns=("id", "text"))
    assert [row["id"] for _, row in rows] == ["2"]
    assert [problem.place for problem in problems] == ["line 2", "line 4"]


def test_a_missing_column_is_refused_with_what_was_expected(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,txt\n1,x\n")
    with pytest.raises(InputError, match="'text' is missing; expected: id,text"):
        read_rows(path, columns=("id", "text"))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")), min_size=1, max_size=5))
def test_what_csv_writes_is_read_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    out = io.StringIO()
    csv.writer(out).writerows([("id", "text"), *(("x", text) for text in texts)])
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    rows, problems = read_rows(path, columns=("id", "text"), strip=False)
    # Any line break inside a text is one of ours afterwards.
    assert [row["text"] for _, row in rows] == texts
    assert problems == []


def test_a_column_that_is_there_twice_is_a_mistake(tmp_path):
    (tmp_path / "roster.csv").write_text("person,role,role\nmia,a,b\n")
    with pytest.raises(InputError, match="twice"):
        read_rows(tmp_path / "roster.csv", columns=("person", "role"))


def test_a_cell_of_a_million_characters_is_read(tmp_path):
    (tmp_path / "answers.csv").write_text("id,text\n1," + "x" * 1_000_000 + "\n")
    ((_, row),), problems = read_rows(tmp_path / "answers.csv", columns=("id", "text"))
    assert len(row["text"]) == 1_000_000
    assert problems == []


@pytest.mark.parametrize("text", ["due = 0001-01-01T00:00:00+14:00", "due = " + "9" * 5000])
def test_impossible_values_are_mistakes_not_crashes(tmp_path, text):
    (tmp_path / "quiz.toml").write_text(text)
    try:
        section = read_toml(tmp_path / "quiz.toml")
        section.moment("due")
        problems = section.problems
    except InputError as error:
        problems = list(error.problems)
    assert problems


def test_an_empty_list_of_required_sections_is_a_mistake(tmp_path):
    (tmp_path / "quiz.toml").write_text("questions = []")
    section = read_toml(tmp_path / "quiz.toml")
    assert list(section.sections("questions", required=True)) == []
    assert "one or more" in str(section.problems[0])


def test_a_quote_that_is_never_closed_is_refused_before_it_fills_the_memory(tmp_path):
    (tmp_path / "answers.csv").write_text('id,text\n1,"' + "x\n" * 5_000_000)
    with pytest.raises(InputError, match="cannot be read as CSV"):
        read_rows(tmp_path / "answers.csv", columns=("id", "text"), limit=100_000_000)
