import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.cells import FORMULA, LONGEST, safe_cell


@pytest.mark.parametrize("text", ["", "Anne-Marie", "3 = 3", "'quoted'", "naïve 10 %", "two\nlines", "#N/A", "_x_"])
def test_plain_text_stays_as_it_is(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u200b=1", "\ufeff=1", "＝1", "_x003D_1+1"],
)
def test_what_would_be_a_formula_gets_an_apostrophe(text):
    assert safe_cell(text) == "'" + text.replace("\r", "\n")


def test_a_text_that_is_too_long_for_a_cell_says_so():
    assert safe_cell("x" * (LONGEST + 1)) == "x" * LONGEST + " [...]"
    assert len(safe_cell("=" * 40_000)) < 32_767


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_cell_begins_like_a_formula_and_every_cell_can_be_stored(text):
    cell = safe_cell(text)
    assert not cell.startswith(tuple(FORMULA))
    assert not cell.lstrip().startswith(tuple(FORMULA))
    assert safe_cell(cell) == cell
    written = io.StringIO()
    csv.writer(written).writerow([cell])
    written.seek(0)
    assert next(csv.reader(written), [""]) == [cell]
    assert cell.encode().decode() == cell
    assert openpyxl.Workbook().active.cell(1, 1).check_string(cell) == cell
