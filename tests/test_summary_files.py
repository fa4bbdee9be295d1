import csv
import datetime as dt
import io
from dataclasses import replace

import openpyxl

from visionquiz.parts import Part
from visionquiz.summaries import Column, Group, Situation, Summary
from visionquiz.summary_files import group_rows, part_rows, situation_rows, summary_csv, summary_xlsx

EVIL = '=HYPERLINK("http://evil.example","x")'
COLUMN = Column(
    id="state", kind="state", label="State it", parts=(Part(id="0", label="Early", verdicts=("recalled", "missing")),)
)
SUMMARY = Summary(
    quiz="q", title="Q", company="Acme", published=dt.datetime(2026, 12, 9, tzinfo=dt.UTC), minimum=5,
    columns=(COLUMN, Column(id="decide", kind="scenario", label="Decide")),
    groups=(
        Group(
            kind="all", id="all", label="Everyone", hidden=False, asked=30, answered=24, review=3,
            means={"state": 0.8413, "decide": 0.5}, parts={"state": ((0.75, 0.25),)},
            as_of={
                "parts of state": dt.datetime(2026, 3, 12, tzinfo=dt.UTC),
                "decide": dt.datetime(2026, 3, 13, tzinfo=dt.UTC),
            },
        ),
        Group(kind="team", id="South", label="South", hidden=True),
        Group(kind="team", id=EVIL, label=EVIL, hidden=False, asked=6, answered=6, means={"state": 0.0}),
    ),
)  # fmt: skip


def test_every_shown_group_is_a_row_with_its_figures_and_missing_stays_empty():
    head, everyone, south, evil = group_rows(SUMMARY)
    assert head == [
        "kind", "group", "shown", "asked", "answered", "answers with a person", "State it", "Decide",
        "figures held back",
    ]  # fmt: skip
    held = "parts of State it as of 2026-03-12, Decide as of 2026-03-13"
    assert everyone == ["everyone", "Everyone", "yes", 30, 24, 3, 0.8413, 0.5, held]
    assert evil[6:] == [0.0, None, None]
    assert len(south) == len(head)


def test_of_a_hidden_group_only_its_name_is_told():
    south = next(row for row in group_rows(SUMMARY) if row[1] == "South")
    assert south == ["team", "South", "hidden", *[None] * 6]
    assert "South" not in {row[1] for row in part_rows(SUMMARY)}


def test_parts_are_rows_of_their_own():
    assert list(part_rows(SUMMARY))[1:] == [
        ["everyone", "Everyone", "State it", "Early", "recalled", 0.75],
        ["everyone", "Everyone", "State it", "Early", "missing", 0.25],
    ]


def test_no_cell_is_a_formula():
    rows = list(csv.reader(io.StringIO(summary_csv(SUMMARY).decode("utf-8-sig"))))
    assert rows[3][1] == "'" + EVIL
    book = openpyxl.load_workbook(io.BytesIO(summary_xlsx(SUMMARY)))
    assert book.sheetnames == ["Groups", "Parts"]
    assert [[cell.data_type for cell in row] for row in book["Groups"]["B4:B4"]] == [["s"]]
    found = [[cell for cell in row] for row in book["Groups"].values]  # noqa: C416
    assert found[1] == list(group_rows(SUMMARY))[1]
    assert found[3][1] == "'" + EVIL


def test_without_parts_there_is_one_sheet():
    plain = replace(SUMMARY, groups=tuple(replace(group, parts={}) for group in SUMMARY.groups))
    assert openpyxl.load_workbook(io.BytesIO(summary_xlsx(plain))).sheetnames == ["Groups"]


def test_what_people_chose_is_a_sheet_of_its_own():
    told = replace(
        SUMMARY,
        situations=(Situation(id="flood", title="Flood", situation="?", options=((EVIL, 1.0), ("Wait", 0.0))),),
        groups=(replace(SUMMARY.groups[0], situations={"flood": (0.5, 0.25, 0.25)}), *SUMMARY.groups[1:]),
    )
    assert list(situation_rows(told))[1:] == [
        ["everyone", "Everyone", "Flood", "'" + EVIL, 1.0, 0.5],
        ["everyone", "Everyone", "Flood", "Wait", 0.0, 0.25],
        ["everyone", "Everyone", "Flood", "(nothing)", 0.0, 0.25],
    ]
    assert openpyxl.load_workbook(io.BytesIO(summary_xlsx(told))).sheetnames == ["Groups", "Parts", "Situations"]


def test_a_point_that_contributions_serve_is_told_from_one_that_explanations_say():
    served = Part(id="serves:early", label="Tell early", verdicts=("yes", "unknown", "no"))
    doing = Column(id="doing", kind="contribute", label="Contribute", parts=(served,))
    everyone = replace(SUMMARY.groups[0], parts={"doing": ((0.5, 0.0, 0.5),)})
    rows = list(part_rows(replace(SUMMARY, columns=(doing,), groups=(everyone,))))
    assert rows[1] == ["everyone", "Everyone", "Contribute", "serves: Tell early", "yes", 0.5]
