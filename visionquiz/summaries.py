"""What managers may see of one check, as a file: means by group, small groups hidden, no people.

Light on purpose: the manager's page reads this and nothing else.
"""

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from visionquiz.errors import Problem
from visionquiz.parts import Part

__all__ = [
    "SUMMARIES",
    "Column",
    "Group",
    "GroupKey",
    "Situation",
    "Summary",
    "load_summaries",
    "published_summaries",
    "read_summaries",
    "share_of",
    "write_summary",
]

SUMMARIES = "VISIONQUIZ_SUMMARIES"
"""Environment variable: the folder whose summaries the apps show."""

FORMAT = 3

FORMATS = {1, 2, FORMAT}
"""What is read. 1 had neither parts nor spreads, 2 no situations."""


PARTS = "parts of "
"""Begins, before a column's id, what a figure is about that says what became of a question's parts."""

SITUATIONS = "situations"
"""What a figure is about that says what people chose in the situations of a check."""

GroupKey = tuple[Literal["all", "team", "role"], str]
"""A group's kind and id."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One question of the check; the slots of a scenario question count as one."""

    id: str
    kind: str
    label: str
    parts: tuple[Part, ...] = ()
    """What answers are asked for, where they are free text."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A scenario that some of the people met."""

    id: str
    title: str
    situation: str
    options: tuple[tuple[str, float], ...]
    """(what one could do, the share of the points that it gives)."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Everyone, a team or a role. A hidden group says nothing but its name."""

    kind: Literal["all", "team", "role"]
    id: str
    label: str
    hidden: bool
    asked: int = 0
    answered: int = 0
    review: int = 0
    """Answers that are still with a person; their provisional scores are in the means."""
    means: Mapping[str, float] | None = None
    """Mean share of the points, 0..1, by column id, over those who answered."""
    spreads: Mapping[str, float] = field(default_factory=dict)
    """Standard deviation of the share among those who answered, by column id, where it is known."""
    parts: Mapping[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict)
    """By column id, for each of its parts the share of people (0..1) who got each of the part's verdicts."""
    situations: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """By scenario id, of those who met it, the share (0..1) who chose each option, and last of those who chose none;
    only of the groups and scenarios of which that tells nothing about a few (see `situations`)."""
    as_of: Mapping[str, dt.datetime] = field(default_factory=dict)
    """From when a figure is that was held back: by column id, `PARTS` and a column id, ``answered`` (with
    `asked`), ``review`` or `SITUATIONS`."""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One check as managers see it."""

    quiz: str
    title: str
    company: str
    statement: str = ""
    published: dt.datetime
    minimum: int
    """Groups in which fewer people answered are hidden, and those that would give them away."""
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    situations: tuple[Situation, ...] = ()

    def of_kind(self, kind: str) -> tuple[Group, ...]:
        """The groups of one kind, in order."""
        return tuple(group for group in self.groups if group.kind == kind)


def share_of(group: Group, column: Column, part: str, *verdicts: str) -> float | None:
    """The share of a group's people (0..1) who got one of these verdicts on a part; None where it is not known."""
    shares = group.parts.get(column.id)
    if not shares:
        return None
    for one, own in zip(column.parts, shares, strict=True):
        if one.id == part:
            return sum(share for verdict, share in zip(one.verdicts, own, strict=True) if verdict in verdicts)
    return None


def write_summary(summary: Summary, folder: Path) -> Path:
    """Write ``<quiz>.json``; readers see the old file or the new one, never a part."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{summary.quiz}.json"
    data = {"format": FORMAT, **asdict(summary), "published": summary.published.isoformat()}
    for group in data["groups"]:
        group["as_of"] = {what: moment.isoformat() for what, moment in group["as_of"].items()}
        if group["hidden"]:
            for key in ("asked", "answered", "review", "means", "spreads", "parts", "situations", "as_of"):
                del group[key]
    draft = path.with_suffix(".json.new")
    draft.write_text(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return draft.replace(path)


def load_summaries(folder: Path) -> tuple[Summary, ...]:
    """The published checks, the newest first, without those that cannot be read."""
    return read_summaries(folder)[0]


def read_summaries(folder: Path) -> tuple[tuple[Summary, ...], tuple[Problem, ...]]:
    """The published checks, the newest first; and the files that cannot be read, with what to do about each."""
    found, problems = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(_parse(json.loads(path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            continue  # it was just taken away
        except _NewerError:
            problems.append(_problem(path, "was published by a newer version of visionquiz; install that one"))
        except OSError as error:
            problems.append(_problem(path, f"cannot be read ({error.strerror})"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(_problem(path, f"is damaged; publish again: visionquiz publish {path.stem}"))
    return tuple(sorted(found, key=lambda summary: summary.published, reverse=True)), tuple(problems)


def published_summaries() -> tuple[tuple[Summary, ...], tuple[Problem, ...]]:
    """What the apps show (see `read_summaries`): what lies in the folder that the server names, by default in that of
    the course here.
    """
    return read_summaries(Path(os.environ.get(SUMMARIES, "summaries")))


class _NewerError(Exception):
    """A later version of this program has written the file."""


def _problem(path: Path, message: str) -> Problem:
    return Problem(file=path.name, place="", message=message)


def _parse(data: Any) -> Summary:
    written = data.pop("format")
    if written not in FORMATS:
        raise _NewerError if isinstance(written, int) and written > FORMAT else ValueError
    return Summary(
        **{
            **data,
            "published": dt.datetime.fromisoformat(data["published"]),
            "columns": tuple(_parse_column(column) for column in data["columns"]),
            "groups": tuple(_parse_group(group) for group in data["groups"]),
            "situations": tuple(_parse_situation(one) for one in data.get("situations", ())),
        }
    )


def _parse_column(data: dict[str, Any]) -> Column:
    parts = tuple(Part(**{**part, "verdicts": tuple(part["verdicts"])}) for part in data.get("parts", ()))
    return Column(**{**data, "parts": parts})


def _parse_group(data: dict[str, Any]) -> Group:
    as_of = {what: dt.datetime.fromisoformat(moment) for what, moment in data.get("as_of", {}).items()}
    parts = {column: tuple(map(tuple, shares)) for column, shares in data.get("parts", {}).items()}
    situations = {name: tuple(shares) for name, shares in data.get("situations", {}).items()}
    return Group(**{**data, "as_of": as_of, "parts": parts, "situations": situations})


def _parse_situation(data: dict[str, Any]) -> Situation:
    return Situation(**{**data, "options": tuple((str(text), float(worth)) for text, worth in data["options"])})
