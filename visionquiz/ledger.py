"""The file beside the summaries that says who was counted in them. For the trainer alone; nothing of it is published.

People and what was counted of them are digests under a key that lies in the same file: enough to see that something
changed, and nobody's answers. Whoever is erased becomes a nameless entry, without which a figure that still counts them
could be compared with the next one.
"""

import contextlib
import datetime as dt
import json
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from visionquiz.counted import GONE, Counted, Figure, Key, digest
from visionquiz.errors import CourseError
from visionquiz.writing import replace_file

__all__ = ["counted_in", "forget", "read_ledger", "write_ledger"]

FORMAT = 1


def read_ledger(folder: Path, quiz: str, published: Path) -> Counted:
    """Who was counted in the figures of a check; nobody, where it was never published.

    Raises `CourseError` where the summary `published` is there but not this file: then nobody can tell what a
    comparison of the two publications would tell.
    """
    path = folder / f"{quiz}.json"
    try:
        return _parse(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        if not published.exists():
            return Counted(key=secrets.token_hex(16), minimum=0)
        problem = "is missing"
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        problem = "is damaged"
    raise CourseError(
        f"{path} {problem}. It says who was counted in {published}, and without it a comparison with the earlier "
        "publication could tell what a few people answered. Put it back from a copy. To start over all the same, "
        "delete both files"
    )


def write_ledger(ledger: Counted, folder: Path, quiz: str) -> None:
    """Write ``<quiz>.json``, which only its owner can read. Raises `OSError`; the former file is whole then."""
    folder.mkdir(mode=0o700, exist_ok=True)
    groups = sorted({*ledger.figures, *(one for known in _all_versions(ledger) for holds in known for one in holds)})
    number = {key: place for place, key in enumerate(groups)}
    data = {
        "format": FORMAT,
        "key": ledger.key,
        "minimum": ledger.minimum,
        "asked": dict(ledger.asked),
        "groups": groups,
        "figures": [
            [number[key], what, figure.as_of.isoformat(), *figure.value]
            for key, own in ledger.figures.items()
            for what, figure in own.items()
        ],
        "people": {
            what: {
                person: {version: sorted(number[one] for one in holds) for version, holds in known.items()}
                for person, known in history.items()
                if not person.startswith(GONE) or any(known.values())
            }
            for what, history in ledger.people.items()
        },
    }
    replace_file(folder / f"{quiz}.json", (json.dumps(data, separators=(",", ":"), allow_nan=False) + "\n").encode())


def counted_in(folder: Path, person: str) -> dict[str, list[str]]:
    """The groups whose published figures count a person, by check."""
    found = {}
    for quiz, ledger in _ledgers(folder, None):
        mine = digest(ledger.key, person)
        groups = {
            one
            for history in ledger.people.values()
            for holds in history.get(mine, {}).values()
            for one in holds
        }  # fmt: skip
        if groups:
            found[quiz] = [f"{kind} {ident}" for kind, ident in sorted(groups)]
    return found


def forget(folder: Path, *, person: str | None = None, quiz: str | None = None) -> None:
    """Make the entries of one person, or of everybody in one check, nameless. Figures keep counting them."""
    for name, ledger in _ledgers(folder, quiz):
        mine = None if person is None else digest(ledger.key, person)
        people = {
            what: {
                **{known: versions for known, versions in history.items() if mine is not None and known != mine},
                **{
                    GONE + secrets.token_hex(8): {secrets.token_hex(8): holds}
                    for known, versions in history.items()
                    if mine is None or known == mine
                    for holds in versions.values()
                    if holds
                },
            }
            for what, history in ledger.people.items()
        }
        if people != ledger.people:
            write_ledger(replace(ledger, people=people), folder, name)


def _ledgers(folder: Path, quiz: str | None) -> list[tuple[str, Counted]]:
    found = []
    for path in sorted(folder.glob("*.json")):
        # One that is damaged holds digests only, and cannot be used until somebody has put back a copy.
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, IndexError):
            if quiz in (None, path.stem):
                found.append((path.stem, _parse(json.loads(path.read_text(encoding="utf-8")))))
    return found


def _all_versions(ledger: Counted) -> list[list[frozenset[Key]]]:
    return [list(known.values()) for history in ledger.people.values() for known in history.values()]


def _parse(data: Any) -> Counted:
    if data["format"] != FORMAT:
        raise ValueError("written by another version")
    groups: list[Key] = [(str(kind), str(ident)) for kind, ident in data["groups"]]
    figures: dict[Key, dict[str, Figure]] = {}
    for place, what, moment, *value in data["figures"]:
        figure = Figure(value=tuple(map(float, value)), as_of=dt.datetime.fromisoformat(moment))
        figures.setdefault(groups[place], {})[what] = figure
    sets: dict[tuple[int, ...], frozenset[Key]] = {}  # most people are in the same sets of groups

    def holds(places: list[int]) -> frozenset[Key]:
        key = tuple(places)
        if key not in sets:
            sets[key] = frozenset(groups[place] for place in places)
        return sets[key]

    return Counted(
        key=str(data["key"]),
        minimum=int(data["minimum"]),
        figures=figures,
        # Ledgers from before this was kept have none.
        asked={str(what): str(parts) for what, parts in data.get("asked", {}).items()},
        people={
            what: {
                person: {version: holds(places) for version, places in known.items()}
                for person, known in history.items()
            }
            for what, history in data["people"].items()
        },
    )
