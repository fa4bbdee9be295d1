"""Files that people wrote: text in any dress a spreadsheet or editor gives it, TOML with every mistake named.

Nothing here raises at the first mistake: a `Section` notes what is wrong and hands back a harmless default, so that
one run tells a trainer everything there is to mend.
"""

import csv
import datetime as dt
import difflib
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from visionquiz.errors import InputError, Problem

__all__ = ["IDENT", "Section", "parse_toml", "read_rows", "read_text", "read_toml", "scan_rows"]

IDENT = re.compile(r"[A-Za-z0-9_-]{1,40}")
"""Ids end up as file names, notebook cell ids (at most 64 characters) and columns, so they are plain and short."""

CELL_LIMIT = 8_000_000
"""Characters in one cell; more means that a quote is never closed."""

TEXT_LIMIT = 2_000
"""Characters in one text. A scenario of 2,000 characters is already a page and a half."""


def read_text(path: Path, *, limit: int = 1_000_000) -> str:
    """The text of a file of at most `limit` bytes, with or without a byte order mark, and with plain line ends.

    Raises `InputError` where the file is missing, too large, or not UTF-8.
    """

    def fail(message: str, place: str = "") -> InputError:
        return InputError(Problem(file=path.name, place=place, message=message))

    try:
        size = path.stat().st_size
        if size > limit:
            raise fail(f"is {size / 1e6:.1f} MB; at most {limit / 1e6:g} MB is expected. Is it the right file?")
        data = path.read_bytes()
    except FileNotFoundError:
        raise fail(f"there is no such file in {path.parent or '.'}") from None
    except OSError as error:
        raise fail(f"cannot be read: {error.strerror}") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise fail("is saved as UTF-16; save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')", "line 1")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise fail(
            f"has a character that is not UTF-8 (byte 0x{data[error.start]:02x}); save the file as UTF-8 "
            "(in a spreadsheet: 'CSV UTF-8')",
            f"line {line}",
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise fail("has a NUL byte: this is not a text file", f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}")
    return text


def read_toml(path: Path) -> "Section":
    """The top section of a TOML file. Raises `InputError` with line and column where it is not TOML."""
    return parse_toml(read_text(path), path.name)


def parse_toml(text: str, file: str) -> "Section":
    """The top section of TOML that stands in `file`, or will; see `read_toml`."""
    try:
        return Section(tomllib.loads(text), file=file)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        raise InputError(
            Problem(
                file=file,
                place=place.rstrip(")"),
                message=f'{reason[0].lower()}{reason[1:]}; text goes in straight quotes, e.g. name = "Acme"',
            )
        ) from None
    except ValueError:
        raise InputError(Problem(file=file, place="", message="has a number with too many digits")) from None
    except RecursionError:
        raise InputError(Problem(file=file, place="", message="is nested too deeply to be a settings file")) from None


def read_rows(
    path: Path,
    *,
    columns: tuple[str, ...],
    optional: tuple[str, ...] = (),
    limit: int = 8_000_000,
    strip: bool = True,
) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    """The rows of a CSV file as ``(line, {column: text})`` and the problems found in its form; see `scan_rows`."""
    problems: list[Problem] = []
    rows = list(scan_rows(path, problems, columns=columns, optional=optional, limit=limit, strip=strip))
    return rows, problems


def scan_rows(
    path: Path,
    problems: list[Problem],
    *,
    columns: tuple[str, ...],
    optional: tuple[str, ...] = (),
    limit: int = 8_000_000,
    strip: bool = True,
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file one by one, as ``(line, {column: text})``; what is wrong is added to `problems`.

    Commas are expected; a spreadsheet's semicolons or tabs are read too, with a warning. `strip`
    takes white space off both ends of every text.
    Raises `InputError` where the file cannot be read or lacks one of `columns`.
    """

    def note(line: int, message: str, severity: Any = "error") -> Problem:
        return Problem(file=path.name, place=f"line {line}", message=message, severity=severity)

    lines = _scan_lines(path, limit)
    header = next(lines, "")
    separator = max(",;\t", key=header.count)
    if separator != "," and header.count(separator):
        name = {";": "semicolons", "\t": "tabs"}[separator]
        problems.append(note(1, f"columns are separated by {name}; they were read, but commas are safer", "warning"))
    # RFC 4180 quoting; strict=True turns a quote that is never closed into an error instead of one giant cell.
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(itertools.chain([header], lines), delimiter=separator, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        twice = [name for name, count in Counter(names).items() if count > 1 and name in columns + optional]
        if twice:
            raise InputError([*problems, note(1, f"column {', '.join(map(repr, twice))} is there twice; keep one")])
        missing = [name for name in columns if name not in names]
        if missing:
            expected = ",".join(columns + optional)
            raise InputError(
                [*problems, note(1, f"column {', '.join(map(repr, missing))} is missing; expected: {expected}")]
            )
        for name in names:
            if name not in columns + optional:
                near = difflib.get_close_matches(name, columns + optional, 1)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                problems.append(note(1, f"unknown column {name!r} is ignored{hint}", "warning"))
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(names):
                problems.append(
                    note(
                        line,
                        f"has {len(cells)} cells, the first line has {len(names)}; put a text with a comma in "
                        "double quotes",
                    )
                )
                continue
            yield (line, {name: cell.strip() if strip else cell for name, cell in zip(names, cells, strict=True)})
    except csv.Error as error:
        raise InputError([*problems, note(reader.line_num, f"cannot be read as CSV: {error}")]) from None


def _scan_lines(path: Path, limit: int) -> Iterator[str]:
    """The lines of a text file one by one, refused as `read_text` refuses it."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            if path.stat().st_size > limit:
                read_text(path, limit=limit)
            for line in file:
                if "\0" in line:
                    read_text(path, limit=limit)
                yield line
    except (OSError, UnicodeDecodeError):
        # Reading it whole tells what is wrong and in which line.
        read_text(path, limit=limit)
        raise


class Section:
    """One table of a TOML file, asked key by key; `problems` is shared by all sections of the file.

    Every getter notes a `Problem` and returns a harmless default where the value is not what was expected.
    `finish` notes the keys that nobody asked for.
    """

    def __init__(
        self, data: dict[str, Any], *, file: str, path: str = "", problems: list[Problem] | None = None
    ) -> None:
        self.data = data
        self.file = file
        self.path = path
        self.problems = [] if problems is None else problems
        self._asked: set[str] = set()

    def note(self, key: str, message: str, severity: Any = "error") -> None:
        """Add a problem at `key` of this section."""
        place = f"{self.path}.{key}" if self.path and key else self.path or key
        self.problems.append(Problem(file=self.file, place=place, message=message, severity=severity))

    def _get(self, key: str, kind: type | tuple[type, ...], expected: str, *, required: bool) -> Any:
        self._asked.add(key)
        value = self.data.get(key)
        if value is None:
            if required:
                self.note(key, f"is missing; expected {expected}")
            return None
        # bool is a subclass of int, but `points = true` is a mistake.
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.note(key, f"is {_shown(value)}; expected {expected}")
            return None
        return value

    def text(self, key: str, *, example: str, required: bool = True) -> str:
        """A text that is not empty, white space folded; ``""`` where missing or wrong."""
        expected = f'a text, e.g. {key} = "{example}"'
        value = self._get(key, str, expected, required=required)
        if value is None:
            return ""
        folded = " ".join(value.split())
        if not folded:
            self.note(key, f"is empty; expected {expected}")
        elif len(folded) > TEXT_LIMIT:
            self.note(key, f"has {len(folded):,} characters; at most {TEXT_LIMIT:,} are expected")
        return folded

    def ident(self, key: str, *, example: str) -> str:
        """An id that matches `IDENT`; ``""`` where missing or wrong."""
        value = self.text(key, example=example)
        if value and not IDENT.fullmatch(value):
            plain = re.sub(r"[^A-Za-z0-9_]+", "-", value).strip("-")[:40] or example
            why = "contains a space" if " " in value else "is not a plain id of at most 40 characters"
            self.note(key, f"{value!r} {why}; use letters, digits and hyphens, e.g. '{plain}'")
            return ""
        return value

    def texts(self, key: str, *, example: str) -> tuple[str, ...]:
        """A list of texts that are not empty; ``()`` where missing or wrong."""
        value = self._get(key, list, f'a list of texts, e.g. {key} = ["{example}"]', required=False) or []
        found = []
        for place, item in enumerate(value, 1):
            if isinstance(item, str) and item.strip():
                found.append(" ".join(item.split()))
            else:
                self.note(f"{key}[{place}]", f"is {_shown(item)}; expected a text that is not empty")
        return tuple(found)

    def references(self, key: str, known: tuple[str, ...], *, what: str, example: str) -> tuple[str, ...]:
        """A list of ids, each of them in `known`."""
        found = []
        for item in self.texts(key, example=example):
            if item in known:
                found.append(item)
            else:
                near = difflib.get_close_matches(item, known, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(known) or 'none'}"
                self.note(key, f"there is no {what} '{item}'; {hint}")
        return tuple(found)

    def whole(self, key: str, *, low: int, high: int, default: int | None, required: bool = False) -> int:
        """A whole number in low..high."""
        fallback = low if default is None else default
        expected = f"a whole number from {low} to {high}, e.g. {key} = {fallback}"
        value = self._get(key, int, expected, required=required)
        if value is None:
            return fallback
        if not low <= value <= high:
            self.note(key, f"is {value}; expected {expected}")
            return fallback
        return int(value)

    def number(self, key: str, *, low: float, high: float, default: float) -> float:
        """A number in low..high."""
        expected = f"a number from {low:g} to {high:g}, e.g. {key} = {default:g}"
        value = self._get(key, (int, float), expected, required=False)
        if value is None:
            return default
        if not low <= value <= high:  # nan fails this too
            self.note(key, f"is {value}; expected {expected}")
            return default
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self._get(key, bool, f"{key} = true or {key} = false", required=False)
        return default if value is None else bool(value)

    def moment(self, key: str) -> dt.datetime | None:
        """A moment in UTC; a day alone means its end, a time without a zone is UTC."""
        expected = f"a date or a time, e.g. {key} = 2026-12-18T17:00:00Z"
        value = self._get(key, (dt.datetime, dt.date), expected, required=False)
        if value is None:
            return None
        if not isinstance(value, dt.datetime):
            value = dt.datetime.combine(value, dt.time(23, 59, 59))
        try:
            return value.replace(tzinfo=value.tzinfo or dt.UTC).astimezone(dt.UTC)
        except OverflowError:
            self.note(key, f"is {value}; expected {expected}")
            return None

    def section(self, key: str) -> "Section":
        """The table `key`; an empty one where it is missing or wrong."""
        value = self._get(key, dict, f"a section [{key}]", required=True)
        return Section(value or {}, file=self.file, path=self._below(key), problems=self.problems)

    def sections(self, key: str, *, required: bool = False) -> Iterator["Section"]:
        """The tables of the list `key`, each finished (unknown keys noted) after its use."""
        expected = f"one or more sections [[{key}]]"
        value = self._get(key, list, expected, required=required)
        if required and value == []:
            self.note(key, f"is empty; expected {expected}")
        value = value or []
        for place, item in enumerate(value, 1):
            path = f"{self._below(key)}[{place}]"
            if not isinstance(item, dict):
                self.note(f"{key}[{place}]", f"is {_shown(item)}; expected a section")
                continue
            one = Section(item, file=self.file, path=path, problems=self.problems)
            yield one
            one.finish()

    def finish(self) -> None:
        """Note every key that was never asked for, with the nearest known one."""
        for key in self.data:
            if key not in self._asked:
                near = difflib.get_close_matches(key, self._asked, 1)
                known = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(sorted(self._asked))}"
                self.note(key, f"unknown key; {known}")

    def unique(self, key: str, value: str, seen: set[str]) -> None:
        """Note `value` where it stands in `seen` already; otherwise add it. Case does not tell ids apart."""
        if value and value.lower() in seen:
            self.note(key, f"'{value}' is used twice; every {key} must be its own")
        seen.add(value.lower())

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _shown(value: object) -> str:
    """How a wrong value is quoted in a message: short, and on one line."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
