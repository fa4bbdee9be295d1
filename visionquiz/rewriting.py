"""A TOML file with other values in it: where nothing changed, comments, order and every space stay as they were.

The file is cut into sections by their headers, so that what is not touched is never written anew. tomlkit changes
single values within a section.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

__all__ = ["rewrite_toml"]

WIDE = 100
"""Characters from which on a list has a line for each of its texts."""

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)
"""Texts and comments are passed over whole: a bracket in them opens nothing."""


@dataclass(frozen=True, kw_only=True)
class _Section:
    """A header and what stands under it."""

    path: tuple[str, ...] = ()
    """The keys in the header; none before the first header of the file."""
    lead: str = ""
    """Blank lines above it, and comments that speak of it."""
    text: str = ""


def rewrite_toml(text: str, new: Mapping[str, Any]) -> str:
    """The file `text` with the values of `new`, which has no key at its top that `text` lacks.

    Sections of a list are the same ones where their ``id`` is. A comment right above one that goes, goes with it; what
    stands above the first one of a list stays. Line ends are plain. Raises `ValueError` where `text` is laid out so
    that no file with these values comes of it.
    """
    sections = list(_split(text))
    for key, value in tomllib.loads(text).items():
        wanted = new.get(key)
        if wanted == value:
            continue
        if _is_list(value) and any(part.path == (key,) for part in sections):
            sections = _put_list(sections, key, value, wanted or [])
        elif isinstance(value, dict) and isinstance(wanted, Mapping):
            for inner in (*value, *(one for one in wanted if one not in value)):
                if value.get(inner) != wanted.get(inner):
                    sections = _put_value(sections, (key,), inner, wanted.get(inner))
        else:
            sections = _put_value(sections, (), key, wanted)
    written = ""
    for piece in (piece for part in sections for piece in (part.lead, part.text) if piece):
        written += "\n" + piece if written and not written.endswith("\n") else piece
    # Whatever a file looks like: it never gets other values than those that were asked for.
    try:
        reads_as = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(str(error)) from error
    if reads_as != new:
        raise ValueError("other values would be read from it")
    return written


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _split(text: str) -> Iterator[_Section]:
    """What stands before the first header, each section, and what is left at the end: together, the file."""
    starts, ends = [0], [0]
    """Where each begins, and where the last thing in it that is no comment ends."""
    depth = line = 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark == "[" and not depth and not text[line : token.start()].strip():
            starts.append(line)
            ends.append(line)
        depth += (mark in ("[", "{")) - (mark in ("]", "}"))
        if "\n" in mark:
            line = token.start() + mark.rindex("\n") + 1
        if mark.strip() and not mark.startswith("#"):
            ends[-1] = token.end()
    lead = ""
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        following = starts[place + 1] if place + 1 < len(starts) else len(text)
        cut = _cut(text, end, following) if end > start else start
        path = _read_header(text[start:cut]) if place else ()
        yield _Section(path=path, lead=lead, text=text[start:cut])
        lead = text[cut:following]
    yield _Section(lead=lead)


def _cut(text: str, end: int, following: int) -> int:
    """Where a section that says its last thing at `end` is over, and what is said of the following one begins."""
    over = text.find("\n", end, following) + 1 or following
    blank = re.compile(r"(?:[ \t]*#[^\n]*\n)*(?=[ \t]*\n)").match(text, over, following)
    # Comments without a blank line before the next header are that one's.
    return blank.end() if blank else over


def _read_header(text: str) -> tuple[str, ...]:
    inner: Any = tomllib.loads(text.partition("\n")[0])
    path: list[str] = []
    while inner:
        ((key, inner),) = inner.items()
        path.append(key)
        inner = inner[0] if isinstance(inner, list) else inner
    return tuple(path)


def _put_list(
    sections: Sequence[_Section], key: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> list[_Section]:
    """With the sections of a list in the order of `new`, all in the place of the first one."""
    entries: list[_Section] = []
    before: list[_Section] = []
    after: list[_Section] = []
    for part in sections:
        if part.path == (key,):
            entries.append(part)
        elif part.path[:1] == (key,):  # a section of the last entry, such as [[scenarios.options]]
            entries[-1] = replace(entries[-1], text=entries[-1].text + part.lead + part.text)
        else:
            (after if entries else before).append(part)
    known = {row.get("id"): place for place, row in enumerate(old)}
    above = entries[0].lead
    made: list[_Section] = []
    for row in new:
        place = known.pop(row.get("id"), None)
        if place is None:
            entry = _Section(path=(key,), text=_write_entry(key, row))
        else:
            entry = entries[place]
            if old[place] != row:
                entry = replace(entry, text=_edit(entry.text, (key,), old[place], row))
        own = entry.lead if place else "\n"
        if not made:
            own = above + (own if "#" in own else "")
        made.append(replace(entry, lead=own))
    # Comments that a blank line parts from an entry speak of more than that entry.
    gone = [entries[place].lead for place in sorted(known.values()) if place]
    loose = "".join(lead[: lead.rindex("\n\n") + 1] for lead in gone if "#" in lead and "\n\n" in lead[1:])
    after[0] = replace(after[0], lead=("" if made else above) + loose + after[0].lead)
    return [*before, *made, *after]


def _put_value(sections: Sequence[_Section], path: tuple[str, ...], key: str, value: Any) -> list[_Section]:
    """With another value for a key, or without it where that is None."""
    place = next((place for place, part in enumerate(sections) if path and part.path == path), 0)
    changed = list(sections)
    was = {} if value is not None else {key: None}
    wanted = {key: value} if value is not None else {}
    changed[place] = replace(sections[place], text=_edit(sections[place].text, path, was, wanted))
    return changed


def _edit(text: str, path: tuple[str, ...], was: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    table: Any = document
    for key in path:
        table = table[key]
        table = table[0] if isinstance(table, list) else table
    for key in was:
        if key not in wanted:
            table.remove(key)
    for key, value in wanted.items():
        if was.get(key) != value:
            table[key] = _item(value)
    return tomlkit.dumps(document)


def _write_entry(key: str, row: Mapping[str, Any]) -> str:
    return f"[[{key}]]\n" + "".join(f"{name} = {_item(value).as_string()}\n" for name, value in row.items())


def _item(value: Any) -> Any:
    import tomlkit

    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update({key: _item(one) for key, one in value.items()})
        return table
    if not isinstance(value, list):
        return tomlkit.item(value)
    array = tomlkit.array()
    array.extend([_item(one) for one in value])
    if len(array.as_string()) > WIDE:
        array = tomlkit.array()
        for one in value:
            array.add_line(_item(one), indent="  ")
        array.add_line(indent="")
    return array
