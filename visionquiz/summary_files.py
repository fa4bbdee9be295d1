"""A published summary as a table for a spreadsheet: what stands on the manager's page and nothing more."""

import csv
import io
from collections.abc import Iterator

from visionquiz.cells import safe_cell
from visionquiz.parts import SERVES, Part
from visionquiz.summaries import PARTS, Column, Summary

__all__ = ["group_rows", "part_rows", "situation_rows", "summary_csv", "summary_xlsx"]

Cell = str | int | float | None
Row = list[Cell]

KINDS = {"all": "everyone", "team": "team", "role": "role"}


def group_rows(summary: Summary) -> Iterator[Row]:
    """The headings, then a row per group: how many answered, and the mean share of the points (0..1) by question.

    Of a hidden group there is its name, and that it is hidden.
    """
    columns = summary.columns
    yield [
        "kind", "group", "shown", "asked", "answered", "answers with a person",
        *(safe_cell(column.label) for column in columns), "figures held back",
    ]  # fmt: skip
    for group in summary.groups:
        name: Row = [KINDS[group.kind], safe_cell(group.label)]
        if group.hidden or group.means is None:
            yield [*name, "hidden", *[None] * (len(columns) + 4)]
            continue
        held = ", ".join(f"{_name(what, columns)} as of {moment:%Y-%m-%d}" for what, moment in group.as_of.items())
        means = [group.means.get(column.id) for column in columns]
        yield [*name, "yes", group.asked, group.answered, group.review, *means, safe_cell(held) or None]


def part_rows(summary: Summary) -> Iterator[Row]:
    """The headings, then a row per group, part of a question and verdict: the share of people (0..1) who got it."""
    yield ["kind", "group", "question", "part", "verdict", "share of people"]
    for group in summary.groups:
        for column in summary.columns:
            shares = () if group.hidden else group.parts.get(column.id, ())
            for part, own in zip(column.parts, shares, strict=False):
                for verdict, share in zip(part.verdicts, own, strict=True):
                    yield [
                        KINDS[group.kind], safe_cell(group.label), safe_cell(column.label),
                        safe_cell(_part(part)), verdict, share,
                    ]  # fmt: skip


def situation_rows(summary: Summary) -> Iterator[Row]:
    """The headings, then a row per group, situation and option: the share of those who met it (0..1) who chose it."""
    yield ["kind", "group", "situation", "option", "share of the points", "share of people"]
    for group in summary.groups:
        for one in summary.situations:
            shares = group.situations.get(one.id, ())
            for (option, worth), share in zip((*one.options, ("(nothing)", 0.0)), shares, strict=False):
                yield [
                    KINDS[group.kind], safe_cell(group.label), safe_cell(one.title), safe_cell(option), worth, share,
                ]  # fmt: skip


def summary_csv(summary: Summary) -> bytes:
    """The `group_rows` as CSV; the mark in front tells spreadsheet programs that it is UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(group_rows(summary))
    return text.getvalue().encode("utf-8-sig")


def summary_xlsx(summary: Summary) -> bytes:
    """A spreadsheet with the `group_rows` and, where there are any, the `part_rows` and `situation_rows`."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheets = {"Groups": group_rows, "Parts": part_rows, "Situations": situation_rows}
    for title, rows_of in sheets.items():
        rows = list(rows_of(summary))
        if len(rows) > 1:
            sheet = book.create_sheet(title)
            sheet.freeze_panes = "A2"
            for row in rows:
                sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _name(what: str, columns: tuple[Column, ...]) -> str:
    """What a figure that was held back is about, as a heading says it."""
    labels = {column.id: column.label for column in columns}
    parts = {PARTS + column.id: PARTS + column.label for column in columns}
    return (labels | parts | {"review": "answers with a person"}).get(what, what)


def _part(part: Part) -> str:
    """What a part is called: a word, a meaning point, or what a contribution is asked for."""
    return f"serves: {part.label}" if part.id.startswith(SERVES) else part.label or part.id
