"""Text in the cells of a spreadsheet, so that it stays text.

Spreadsheet programs take what begins with certain characters for a formula, which may ask other machines for something
or start a program once somebody agrees to a warning. What people typed is never to be that. See OWASP, CSV Injection
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

import re

__all__ = ["FORMULA", "safe_cell"]

FORMULA = "=+-@\t\r\n＝＋－＠"
"""What a formula begins with, also in the wide letters that East Asian keyboards type."""

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML and so a spreadsheet cannot hold, and what steers a terminal."""

_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
"""How a spreadsheet file spells a character by its number; ``_x003D_`` would be shown as an equals sign."""

LONGEST = 32_000
"""Characters. A cell of a spreadsheet holds 32,767."""


def safe_cell(text: str) -> str:
    """The same text, fit for a cell of a CSV or XLSX file: never a formula, one kind of line end, nothing unstorable.

    What looks like a formula gets an apostrophe in front, as one would type it by hand.

    >>> safe_cell("=1+1"), safe_cell("Anne-Marie")
    ("'=1+1", 'Anne-Marie')
    """
    text = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST:
        text = text[:LONGEST] + " [...]"
    # Blanks and invisible marks in front are skipped by some programs.
    start = next((place for place, char in enumerate(text) if char.isprintable() and not char.isspace()), 0)
    if text.startswith(tuple(FORMULA)) or text[start:].startswith(tuple(FORMULA)) or _ESCAPED.match(text, start):
        return f"'{text}"
    return text
