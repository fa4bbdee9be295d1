import contextlib
import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.errors import InputError
from visionquiz.ideas import Idea, blank_out, fold_duplicates, make_ideas, point_out_names, read_ideas
from visionquiz.roster import Person

ASKED = "What do you want our customers to think of?"
GOOGLE = [["Timestamp", "Email Address", ASKED], ["2026/11/02 9:14:03 AM", "a@b.example", "a smile, always"]]
MICROSOFT = [
    ["ID", "Start time", "Completion time", "Email", "Name", ASKED],
    ["1", "11/2/26 9:14", "11/2/26 9:15", "anonymous", "", "a smile, always"],
]
MONKEY = [
    ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name", ASKED],
    ["", "", "", "", "", "", "", "Open-Ended Response"],
    ["11", "4", "11/02/2026", "11/02/2026", "1.2.3.4", "", "", "a smile, always"],
]
QUALTRICS = [
    ["StartDate", "Status", "ResponseId", "RecipientEmail", "Q1"],
    ["Start Date", "Response Type", "Response ID", "Recipient Email", ASKED],
    ['{"ImportId":"startDate"}', '{"ImportId":"status"}', '{"ImportId":"_recordId"}', "", '{"ImportId":"QID1_TEXT"}'],
    ["2026-11-02", "IP Address", "R_1", "", "a smile, always"],
]
TOOLS = {"Google Forms": GOOGLE, "Microsoft Forms": MICROSOFT, "SurveyMonkey": MONKEY, "Qualtrics": QUALTRICS}


@pytest.fixture
def write(tmp_path):
    def save(rows, kind="csv", merge=()):
        path = tmp_path / f"ideas.{kind}"
        if kind == "csv":
            with open(path, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        else:
            book = openpyxl.Workbook()
            for row in rows:
                book.active.append(row)
            for where in merge:
                book.active.merge_cells(where)
            book.save(path)
        return path

    return save


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("tool", TOOLS)
def test_the_exports_of_the_usual_tools_give_answers_and_nobody(write, tool, kind):
    found = read_ideas(write(TOOLS[tool], kind))
    assert [(idea.text, idea.question) for idea in found.ideas] == [("a smile, always", ASKED)]
    assert len(found.dropped) == len(TOOLS[tool][0]) - 1
    assert any("not taken" in problem.message for problem in found.problems)


def test_each_question_is_a_column_of_ideas(write):
    rows = [["Who are they?", "How do we serve them?"], ["farmers", "by phone"], ["", "with care"]]
    found = read_ideas(write(rows))
    assert [(idea.question[:3], idea.text) for idea in found.ideas] == [
        ("Who", "farmers"),
        ("How", "by phone"),
        ("How", "with care"),
    ]
    assert len({idea.id for idea in found.ideas}) == 3


def test_merged_headings_belong_to_every_column_below(write):
    rows = [["Name", "Our service", None], [None, "now", "soon"], ["Mia", "slow", "quick"]]
    found = read_ideas(write(rows, "xlsx", merge=("A1:A2", "B1:C1")))
    assert found.questions == ("Our service: now", "Our service: soon")
    assert [idea.text for idea in found.ideas] == ["slow", "quick"]


def test_a_title_above_the_questions_is_named_not_lost(write):
    found = read_ideas(write([["Survey of May", None], ["When?", "What?"], ["now", "this"]], "xlsx", merge=("A1:B1",)))
    assert [idea.text for idea in found.ideas] == ["now", "this"]
    assert any("Survey of May" in problem.message for problem in found.problems)


@pytest.mark.parametrize(
    ("cell", "texts", "says"),
    [
        pytest.param("word " * 10_000, ["word " * 9_999 + "word"], "10,000 words", id="10,000 words"),
        pytest.param("=HYPERLINK(1)", ["=HYPERLINK(1)"], "formula", id="formula"),
        pytest.param("<script>alert(1)</script>", ["<script>alert(1)</script>"], "", id="HTML"),
        pytest.param("مرحبا بالعملاء", ["مرحبا بالعملاء"], "", id="Arabic"),
        pytest.param("お客様が笑顔に", ["お客様が笑顔に"], "", id="Japanese"),
        pytest.param("- kind\n- on time", ["kind", "on time"], "", id="list"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_odd_answers_are_kept_and_pointed_out(write, kind, cell, texts, says):
    if kind == "xlsx" and len(cell) > 32_767:
        cell, texts, says = cell[:30_000], [cell[:30_000].strip()], "6,000 words"
    found = read_ideas(write([[ASKED, "Why?"], [cell, "so"]], kind))
    assert [idea.text for idea in found.ideas] == [*texts, "so"]
    assert not says or any(says in problem.message for problem in found.problems)


def test_control_characters_are_dropped(write):
    # A spreadsheet cannot hold them.
    found = read_ideas(write([[ASKED, "Why?"], ["a\x07b\x1b", "so"]], "csv"))
    assert [idea.text for idea in found.ideas] == ["a b", "so"]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        pytest.param("a.csv", b"", "is empty", id="empty"),
        pytest.param("a.csv", b"Timestamp,Name\n1,Mia\n", "no answers", id="people only"),
        pytest.param("a.csv", "Idée?\nçа".encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param("a.csv", b'Why?,What?\n"open,x\n', "cannot be read as CSV", id="open quote"),
        pytest.param("a.xlsx", b"PK\x03\x04 no", "cannot be read as a spreadsheet", id="damaged"),
        pytest.param("a.xls", b"\xd0\xcf\x11\xe0", "before 2007", id="old Excel"),
        pytest.param("a.csv", None, "no such file", id="missing CSV"),
        pytest.param("a.xlsx", None, "no such file", id="missing XLSX"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_word(tmp_path, name, data, says):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=says):
        read_ideas(tmp_path / name)


def test_a_bare_list_is_ideas_from_the_first_line_on(write):
    found = read_ideas(write([["be kind"], ["be on time"]]))
    assert [idea.text for idea in found.ideas] == ["be kind", "be on time"]


def test_a_comma_in_a_lone_column_is_only_a_comma(tmp_path):
    (tmp_path / "a.csv").write_text("Ideas\nkind, calm\nquick\n")
    assert [idea.text for idea in read_ideas(tmp_path / "a.csv").ideas] == ["kind, calm", "quick"]


@given(st.lists(st.text(), max_size=6))
def test_folding_loses_nobody(texts):
    ideas = make_ideas(texts)
    folded = fold_duplicates(ideas)
    assert sum(idea.count for idea in folded) == len(ideas)
    assert fold_duplicates(folded) == folded


def test_the_same_words_are_one_idea_and_other_words_are_not():
    folded = fold_duplicates(make_ideas(["On time!", "on  time", "Not on time"]))
    assert [(idea.text, idea.count) for idea in folded] == [("On time!", 2), ("Not on time", 1)]


MIA = Person(person="mia", name="Mia Okoro", role="adviser", team="North")
WILL = Person(person="will", name="Will Young", role="adviser", team="North")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mia okoro never rings back", [("mia okoro", "colleague")]),
        ("just be like MIA", [("MIA", "colleague")]),
        ("we will be kind to young people", []),
        ("ask Will for help", [("Will", "colleague")]),
        ("Mrs Patel waited two weeks", [("Mrs Patel", "person")]),
        ("it was Jonas Weber who helped", [("Jonas Weber", "person")]),
        ("as we did for Northgate Scaffold Ltd last year", [("Northgate Scaffold Ltd", "company")]),
        ("write to jo@x.example or ring 020 7946 0018", [("jo@x.example", "e-mail"), ("020 7946 0018", "phone")]),
        ("Always be on time. Never late.", []),
        ("They know when we come on Monday in English", []),
        ("WE CARE ABOUT PEOPLE", []),
        ("Hollowmere keeps its word, Hollowmere cares", []),
        ("within 24 hours, 7 days a week", []),
        ("", []),
    ],
)
def test_names_are_pointed_out_and_ordinary_words_are_not(text, found):
    idea = Idea(id="i", text=text)
    findings = point_out_names([idea], roster=[MIA, WILL], known=["Hollowmere Water"])
    assert [(one.words, one.kind) for one in findings] == found
    assert all(one.words in one.message for one in findings)


@given(st.text())
def test_any_text_can_be_looked_through_and_blanked(text):
    idea = Idea(id="i", text=text)
    findings = point_out_names([idea], roster=[MIA])
    assert all(text[one.start : one.end] == one.words for one in findings)
    blank_out(idea, findings)


def test_what_was_pointed_out_can_be_taken_out():
    idea = Idea(id="i", text="ask Mia Okoro at a@b.example")
    assert blank_out(idea, point_out_names([idea], roster=[MIA])).text == "ask [name] at [address]"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4), max_size=5))
def test_any_table_is_read_or_refused(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    with contextlib.suppress(InputError):
        assert read_ideas(path).ideas
