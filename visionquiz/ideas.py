"""What people answered before a vision is drafted: ideas, read from a survey's export, without who said them."""

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from visionquiz.errors import InputError, Problem
from visionquiz.reading import read_text
from visionquiz.roster import Person
from visionquiz.text import normalise

__all__ = [
    "QUESTIONS",
    "SURVEY_QUESTION",
    "Finding",
    "Idea",
    "IdeaFile",
    "blank_out",
    "fold_duplicates",
    "make_ideas",
    "point_out_names",
    "read_ideas",
]

SURVEY_QUESTION = "What do you want our customers to think of when they think of the service we provide?"
"""The one survey question, as Jeff Toister asks it in "The Service Culture Handbook"."""

QUESTIONS = (
    "Who are our customers, and what do they want?",
    "What do we do to serve them?",
    "How do we want them to feel?",
    SURVEY_QUESTION,
)
"""The three questions that a team answers together, and the one of the survey."""

FILE_LIMIT, UNPACKED_LIMIT = 10_000_000, 100_000_000
"""Bytes of a file, and of what a spreadsheet unpacks to."""

ROWS_LIMIT, COLUMNS_LIMIT = 20_000, 300

LONG = 200
"""Words from which on a text is pointed out: it is a story rather than one idea. It is kept whole all the same."""


@dataclass(frozen=True, kw_only=True)
class Idea:
    """One idea, without who had it."""

    id: str
    text: str
    question: str = ""
    """What it answers; empty where that is not known."""
    count: int = 1
    """How many people said the same."""


@dataclass(frozen=True, kw_only=True)
class IdeaFile:
    """What a survey's export holds, and what to know about how it was read."""

    ideas: tuple[Idea, ...]
    questions: tuple[str, ...]
    dropped: tuple[str, ...]
    """Headers of columns that say who answered, or when, or hold no text; they were not taken."""
    problems: tuple[Problem, ...] = ()
    """Warnings only: what is an error raises."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A place in an idea to look at before others see it: ``idea.text[start:end]``."""

    idea: str
    start: int
    end: int
    words: str
    kind: Literal["colleague", "person", "company", "e-mail", "phone"]

    @property
    def message(self) -> str:
        """What to look at, as a sentence."""
        told = {
            "colleague": "is the name of a colleague",
            "person": "may be the name of a person",
            "company": "may be the name of a customer",
            "e-mail": "is an e-mail address",
            "phone": "may be a phone number",
        }
        return f"'{self.words}' {told[self.kind]}"


_PERSONAL = re.compile(
    r"timestamp|zeitstempel|e-?mail( address)?|user ?name|name|your name|full name|first name|last name|surname|"
    r"score|id|start ?time|completion time|last modified time|language|total points|quiz feedback|"
    r"(points|feedback) - .*|respondent ?id|collector ?id|date created|date modified|ip ?address|custom data.*|"
    r"start ?date|end ?date|status|progress|duration.*|finished|recorded ?date|response ?id|recipient.*|"
    r"external ?(data)? ?reference|location ?(latitude|longitude)|distribution ?channel|user ?language|"
    r"q_\w+|phone.*|mobile.*|employee( id| number)?|person|manager|team|department|location|site|role|"
    r"job( title)?|gender|age",
    re.IGNORECASE,
)
"""Headers by which Google Forms, Microsoft Forms, SurveyMonkey and Qualtrics name what is not an answer."""

_SECOND_ROW = {"open-ended response", "response", "other (please specify)"}
"""What SurveyMonkey writes below its questions."""

_HEADER = re.compile(
    r"(your |the )?(ideas?|texts?|answers?|responses?|comments?|suggestions?|notes?|.*[?:])", re.IGNORECASE
)
_MARKED = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_NOT_TEXT = re.compile(r"[\d\s.,:/%+TZ-]*|true|false|yes|no", re.IGNORECASE)


def make_ideas(texts: Iterable[str], *, question: str = "", first: int = 1) -> tuple[Idea, ...]:
    """An idea for each text that is not blank, as collected in the room; ids are ``idea-1`` and so on."""
    cleaned = [text for text in map(_clean, texts) if text]
    return tuple(Idea(id=f"idea-{number}", text=text, question=question) for number, text in enumerate(cleaned, first))


def read_ideas(path: Path) -> IdeaFile:
    """The ideas in a survey's export, a CSV or XLSX file: every column that holds answers, row by row.

    Columns that say who answered or when are left out and named in `dropped`. An answer that is a list becomes one
    idea a line. Raises `InputError` where the file cannot be read or holds no answers.
    """
    problems: list[Problem] = []
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        rows, above = _read_sheet(path, problems)
    elif path.suffix.lower() == ".xls":
        raise _refuse(path, "is in the format of Excel before 2007; save it as .xlsx or as 'CSV UTF-8'")
    else:
        rows, above = _read_table(path), 0
    width = max((len(row) for _, row in rows), default=0)
    if width > COLUMNS_LIMIT or len(rows) > ROWS_LIMIT:
        most = f"at most {ROWS_LIMIT:,} and {COLUMNS_LIMIT} are expected"
        raise _refuse(path, f"has {len(rows):,} rows and {width:,} columns; {most}")
    rows = [(line, [_clean(cell) for cell in row] + [""] * (width - len(row))) for line, row in rows]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise _refuse(path, "is empty; expected a row of questions and a row for each person who answered")
    titles, rows = _titles(rows, width)
    problems += [_note(path, line, f"'{title[:60]}' was taken for a title") for line, title in titles]
    headers, body = _headers(rows, above - len(titles))
    taken, dropped = [], []
    for place, header in enumerate(headers):
        cells = [row[place] for _, row in body if row[place]]
        if not cells and not header:
            continue
        if _PERSONAL.fullmatch(header) or (cells and all(_NOT_TEXT.fullmatch(cell) for cell in cells)):
            dropped.append(header or f"column {place + 1}")
        else:
            taken.append(place)
    if dropped:
        problems.append(
            _note(path, rows[0][0], f"not taken, because they tell who or when or hold no text: {', '.join(dropped)}")
        )
    ideas: list[Idea] = []
    for line, row in body:
        for place in taken:
            if row[place].startswith(("=", "+", "@")):
                problems.append(_note(path, line, "a text begins like a formula; it was taken as it is written"))
            for text in _parts(row[place]):
                if len(text.split()) > LONG:
                    told = f"an answer has {len(text.split()):,} words; it is one idea now, so read it and split it up"
                    problems.append(_note(path, line, told))
                ideas.append(Idea(id=f"idea-{len(ideas) + 1}", text=text, question=headers[place]))
    if not ideas:
        left = f"; columns that were not taken: {', '.join(dropped)}" if dropped else ""
        raise _refuse(path, f"holds no answers below its questions{left}")
    return IdeaFile(
        ideas=tuple(ideas),
        questions=tuple(headers[place] for place in taken),
        dropped=tuple(dropped),
        problems=tuple(problems),
    )


def _refuse(path: Path, message: str) -> InputError:
    return InputError(Problem(file=path.name, place="", message=message))


def _note(path: Path, line: int, message: str) -> Problem:
    return Problem(file=path.name, place=f"line {line}", message=message, severity="warning")


def _clean(text: str) -> str:
    """Without control characters and half characters; line breaks stay."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if char.isprintable() or char == "\n" else " " for char in whole).strip()


def _parts(text: str) -> list[str]:
    """A list as its items, anything else as one text."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and all(_MARKED.match(line) or len(line.split()) <= 12 for line in lines):
        return [bare for line in lines if (bare := _MARKED.sub("", line).strip())]
    return [" ".join(text.split())] if text.strip() else []


def _read_table(path: Path) -> list[tuple[int, list[str]]]:
    text = read_text(path, limit=FILE_LIMIT)
    header = text.partition("\n")[0]
    csv.field_size_limit(FILE_LIMIT)
    separator = max(",;\t", key=header.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(
            Problem(file=path.name, place=f"line {reader.line_num}", message=f"cannot be read as CSV: {error}")
        ) from None
    if rows and len(rows[0][1]) == 1 and any(len(row) > 1 for _, row in rows):
        # One column that was not quoted: a comma in an answer is only a comma.
        return [(number, [line]) for number, line in enumerate(text.splitlines(), 1)]
    return rows


def _read_sheet(path: Path, problems: list[Problem]) -> tuple[list[tuple[int, list[str]]], int]:
    """The rows of the first sheet that holds anything, and how many rows its merged headers take."""
    import openpyxl

    try:
        if path.stat().st_size > FILE_LIMIT:
            raise _refuse(path, f"is larger than {FILE_LIMIT / 1e6:g} MB. Is it the right file?")
        with zipfile.ZipFile(path) as packed:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED_LIMIT:
                raise _refuse(path, "unpacks to far more than a survey has. Is it the right file?")
        book = openpyxl.load_workbook(path)
    except InputError:
        raise
    except FileNotFoundError:
        raise _refuse(path, f"there is no such file in {path.parent or '.'}") from None
    except Exception:  # openpyxl raises whatever its parser meets
        raise _refuse(path, "cannot be read as a spreadsheet; save it as 'CSV UTF-8' and try that") from None
    sheets = [sheet for sheet in book.worksheets if sheet.max_row > 1 or sheet["A1"].value is not None]
    if not sheets:
        return [], 0
    sheet = sheets[0]
    if len(sheets) > 1:
        problems.append(_note(path, 1, f"only the sheet '{sheet.title}' was read, of {len(sheets)}"))
    if sheet.max_row > ROWS_LIMIT or sheet.max_column > COLUMNS_LIMIT:
        raise _refuse(path, f"has {sheet.max_row:,} rows and {sheet.max_column:,} columns, more than a survey has")
    cells = [["" if value is None else str(value) for value in row] for row in sheet.values]
    above = 0
    for merged in sheet.merged_cells.ranges:
        first, last = merged.min_row - 1, merged.max_row - 1
        value = cells[first][merged.min_col - 1]
        if first < 3 and value:
            # A heading over several columns belongs to each of them; one over several rows takes these rows.
            for place in range(merged.min_col - 1, merged.max_col):
                cells[first][place] = value
            above = max(above, last + 1, first + 2 if merged.max_col - merged.min_col + 1 < sheet.max_column else 0)
    return list(enumerate(cells, 1)), min(above, len(cells))


def _titles(rows: Sequence[tuple[int, list[str]]], width: int) -> tuple[list[tuple[int, str]], list[Any]]:
    """Lines above the questions that say what the file is: one text alone, or the same in every column."""
    found = []
    left = list(rows)
    while width > 1 and len(left) > 1 and len({cell for cell in left[0][1] if cell}) == 1:
        if sum(map(bool, left[1][1])) < 2:
            break
        found.append((left[0][0], next(cell for cell in left[0][1] if cell)))
        left = left[1:]
    return found, left


def _headers(rows: Sequence[tuple[int, list[str]]], above: int) -> tuple[list[str], Sequence[tuple[int, list[str]]]]:
    """(the question of each column, the rows below), whatever number of header rows the tool writes."""
    first = rows[0][1]
    if len(rows) > 2 and any('"ImportId"' in cell for cell in rows[2][1]):
        # Qualtrics: short names, questions, and what it calls them itself. Its own columns go by their short names.
        pairs = zip(first, rows[1][1], strict=True)
        return [short if _PERSONAL.fullmatch(short) else asked or short for short, asked in pairs], rows[3:]
    if len(rows) > 1 and (second := {cell.lower() for cell in rows[1][1] if cell}) and second & _SECOND_ROW:
        return list(first), rows[2:]
    if above > 1:
        headers = []
        for column in zip(*(row for _, row in rows[:above]), strict=True):
            different = list(dict.fromkeys(cell for cell in column if cell))
            headers.append(different[-1] if different and _PERSONAL.fullmatch(different[-1]) else ": ".join(different))
        return headers, rows[above:]
    if len(first) == 1 and not _HEADER.fullmatch(first[0]):
        return [""], rows  # a bare list of ideas
    return list(first), rows[1:]


def fold_duplicates(ideas: Sequence[Idea]) -> tuple[Idea, ...]:
    """The same ideas with those of the same words to the same question as one, their counts added up.

    Case, accents, marks at the end and white space do not tell ideas apart; the first spelling stays.
    """
    found: dict[tuple[str, str], Idea] = {}
    for idea in ideas:
        key = " ".join(normalise(idea.text).split()).rstrip(".!,;: "), idea.question
        known = found.get(key)
        found[key] = replace(known, count=known.count + idea.count) if known else idea
    return tuple(found.values())


_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()/.-]{0,2}\d){6,14}(?!\w)")
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|madame|monsieur)\b\.?\s+[^\W\d_][\w'’-]*", re.IGNORECASE
)
_COMPANY = re.compile(r"\b(?:[A-Z][\w&'’-]*\s+){1,4}(?:Ltd|Limited|plc|PLC|LLC|Inc|GmbH|AG|Corp|Co|Oy|AB|BV|SA)\b\.?")
_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_NO_NAMES = frozenset(
    """i i'm i'd i'll i've monday tuesday wednesday thursday friday saturday sunday january february march april
    may june july august september october november december english german french spanish italian swiss british
    american europe christmas easter ok tv it hr ai faq gps pdf sms uk us eu am pm ceo mr mrs ms dr god
    internet google""".split()
)
_PLAIN_NAMES = frozenset(
    """will mark grace hope faith joy may june april rose lily bill bob pat sue jack art rich frank miles chase young
    long short best good wise king page cook baker smith price field day west north white black brown green gray may ray
    sunny drew dean grant chance sky star summer autumn love noble bright sharp small little moon hand cash""".split()
)
"""Names that are everyday words too: in small letters they are left alone."""


def point_out_names(
    ideas: Iterable[Idea], *, roster: Iterable[Person] = (), known: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Places that may name a person or a customer, in the order in which they stand.

    Names in `roster` are found in any case. Other names are guessed by capital letters, so some are missed and some
    are none; words in `known`, such as the company's own name, are left alone.
    """
    people = list(roster)
    wholes = {normalise(person.name) for person in people if " " in person.name.strip()}
    parts = {part for person in people for part in normalise(person.name).split() if len(part) > 2}
    plain = {normalise(word) for text in known for word in text.split()} | _NO_NAMES
    found: list[Finding] = []
    for idea in ideas:
        spans: list[tuple[int, int, Any]] = []
        for kind, pattern in (("e-mail", _EMAIL), ("phone", _PHONE), ("company", _COMPANY), ("person", _TITLED)):
            spans += [(*match.span(), kind) for match in pattern.finditer(idea.text)]
        spans = _colleagues(idea.text, wholes, parts) + spans + _capitals(idea.text, plain)
        taken: list[tuple[int, int, Any]] = []
        for start, end, kind in spans:
            if all(end <= other[0] or start >= other[1] for other in taken):
                taken.append((start, end, kind))
        found += [
            Finding(idea=idea.id, start=start, end=end, words=idea.text[start:end], kind=kind)
            for start, end, kind in sorted(taken)
        ]
    return tuple(found)


def _colleagues(text: str, wholes: set[str], parts: set[str]) -> list[tuple[int, int, Any]]:
    said = [(match.start(), match.end(), match.group()) for match in _WORD.finditer(text)]
    plain = [normalise(word).removesuffix("'s") for _, _, word in said]
    found: list[tuple[int, int, Any]] = []
    for place, (start, end, word) in enumerate(said):
        for length in (4, 3, 2):
            if " ".join(plain[place : place + length]) in wholes and place + length <= len(said):
                found.append((start, said[place + length - 1][1], "colleague"))
                break
        else:
            if plain[place] in parts and (plain[place] not in _PLAIN_NAMES or (word[0].isupper() and place)):
                found.append((start, end, "colleague"))
    return found


def _capitals(text: str, plain: set[str]) -> list[tuple[int, int, Any]]:
    """Runs of capitalised words inside a sentence; none where all is in capitals, or nearly every word has one."""
    said = list(_WORD.finditer(text))
    high = [match.group()[0].isupper() for match in said]
    if (sum(high) * 2 > len(said) and len(said) > 3) or text.isupper():
        return []
    found: list[tuple[int, int, Any]] = []
    run: list[re.Match[str]] = []
    for match, capital in [*zip(said, high, strict=True), (None, False)]:
        begins = match is not None and text[: match.start()].rstrip()[-1:] in '•.!?:"“(-'
        joined = bool(run) and match is not None and not text[run[-1].end() : match.start()].strip()
        word = normalise(match.group()) if match is not None else ""
        is_name = capital and word.removesuffix("'s") not in plain and not (match and match.group().isupper())
        if match is not None and is_name and (not begins or joined) and (joined or not run):
            run.append(match)
            continue
        if run:
            found.append((run[0].start(), run[-1].end(), "person"))
        run = [match] if match is not None and is_name and not begins else []
    return found


def blank_out(idea: Idea, findings: Iterable[Finding]) -> Idea:
    """The idea with these places taken out of its text, each with a word for what stood there."""
    text = idea.text
    mine = sorted((one for one in findings if one.idea == idea.id), key=lambda one: -one.start)
    for one in mine:
        label = {"e-mail": "address", "phone": "number"}.get(one.kind, "name")
        text = f"{text[: one.start]}[{label}]{text[one.end :]}"
    return replace(idea, text=text)
