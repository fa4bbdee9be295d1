"""What is stored about one person: all of it in one file, or none of it any more.

A person's data lie in nbgrader's folders, at the desk, in the exchange and in the gradebook. The roster is the
trainer's own list and is left alone; published summaries hold no people and keep the figures that they were published
with. The ledger of who is counted in them keeps an entry that belongs to nobody. How well a check measures is told of
single people where few answered, so that goes, too, until results are published anew.
"""

import contextlib
import datetime as dt
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from visionquiz import gradebook
from visionquiz.course import Course
from visionquiz.errors import CourseError, SubmissionError
from visionquiz.learner import PRACTICE_FILE
from visionquiz.ledger import counted_in, forget
from visionquiz.notebook import read_answers
from visionquiz.roster import PERSON
from visionquiz.submission import LOOK, LOOK_FILE, feedback_name, read_notebook, read_plain_file, read_secret
from visionquiz.taking import DRAFT_FILE, DRAFT_FILE_LIMIT

__all__ = ["Erasure", "erase_check", "erase_person", "export_person"]

ATTEMPTS = "attempts"

STEPS = ("submitted", "autograded", "feedback", ATTEMPTS, "desks")
"""Folders with one folder per person: nbgrader's, and ours of earlier attempts and of answers in the making."""


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What is gone."""

    checks: tuple[str, ...]
    """The checks of which something was stored."""
    answers: int
    """Graded answers that were in the gradebook."""
    files: int
    left: tuple[Path, ...]
    """What could not be removed, for lack of the right to."""


def export_person(course: Course, person: str, now: dt.datetime) -> dict[str, Any]:
    """Everything that is stored about a person, as plain data. Raises `CourseError` where there is nothing."""
    folders = _folders(course, person)
    graded = gradebook.read_person(course.database, person) if course.has_gradebook else []
    entry = next((one for one in course.load_roster(course.load_vision()) if one.person == person), None)
    if not folders and not graded and entry is None:
        raise CourseError(
            f"nothing is stored about '{person}'; everybody who handed in a check has a folder in submitted/"
        )
    pages = _returned(course, folders)
    return {
        "person": person,
        "written": f"{now:%Y-%m-%d %H:%M} UTC",
        "roster.csv": None
        if entry is None
        else {
            "name": entry.name,
            "email": entry.email,
            "role": entry.role,
            "team": entry.team,
            "manager": entry.manager,
        },
        "grades": graded,
        "trail": _trail(course, person),
        "handed in": [_handed_in(course, folder, person) for folder in folders],
        "counted in published figures": counted_in(course.counted, person),
        "pages in the exchange": [str(path.relative_to(course.root)) for path in pages],
    }


def erase_person(course: Course, person: str) -> Erasure:
    """Remove what `export_person` finds, but for the entry in the roster. Nobody else's data are touched.

    Raises `CourseError` where nothing is stored.
    """
    folders = _folders(course, person)
    known = gradebook.read_person(course.database, person) if course.has_gradebook else []
    if not folders and not known and not counted_in(course.counted, person):
        _finish(course, person=person)
        raise CourseError(f"nothing is stored about '{person}' but what roster.csv may say")
    # Of a desk everything goes, also what JupyterLab keeps for its owner.
    home = course.root / "desks" / person
    checks = {one["check"] for one in known}
    erased = _erase(course, folders, answers=len(known), checks=checks, home=home if home.is_dir() else None)
    forget(course.counted, person=person)
    for check in checks:
        (course.quality / f"{check}.json").unlink(missing_ok=True)
    _finish(course, person=person)
    return erased


def erase_check(course: Course, quiz: str) -> Erasure:
    """Remove everybody's answers to one check, with their grades and pages. The check itself and summaries stay.

    Raises `CourseError` where nothing is stored.
    """
    inbound = _list_inbound(course)
    people = {home.name for step in STEPS for home in (course.root / step).glob("*")} | inbound.keys()
    folders = [
        folder
        for person in sorted(people)
        if PERSON.fullmatch(person)
        for folder in _folders(course, person, inbound)
        if _check_of(folder) == quiz
    ]
    scores = gradebook.read_scores(course.database, quiz) if course.has_gradebook else []
    if not folders and not scores:
        _finish(course, quiz=quiz)
        raise CourseError(f"nobody's answers to '{quiz}' are stored")
    erased = _erase(course, folders, answers=len(scores), checks={quiz})
    forget(course.counted, quiz=quiz)
    (course.quality / f"{quiz}.json").unlink(missing_ok=True)
    _finish(course, quiz=quiz)
    return erased


def _finish(course: Course, *, person: str | None = None, quiz: str | None = None) -> None:
    """Remove the rows, and what a file keeps of rows that are gone: last, because that may fail on a full disk.

    Also where nothing else is left, so that an erasure that was stopped here ends with the same command.
    """
    if course.has_gradebook:
        gradebook.erase(course.database, person=person, quiz=quiz)


def _erase(course: Course, folders: list[Path], *, answers: int, checks: set[str], home: Path | None = None) -> Erasure:
    """Remove these folders and the pages returned for them. What cannot be removed is named; the rest goes."""
    pages = _returned(course, folders)
    files = sum(1 for folder in folders for path in folder.rglob("*") if path.is_file()) + len(pages)
    left = []
    for path in (*pages, *folders, *([home] if home else [])):
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        except OSError:
            left.append(path)
    for empty in {parent for folder in folders for parent in folder.parents if parent.parent.name in STEPS}:
        places = sorted((empty, *empty.rglob("*")), reverse=True) if empty.is_dir() else []
        for place in places:
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
    checks |= {_check_of(folder) for folder in folders}
    return Erasure(checks=tuple(sorted(checks)), answers=answers, files=files, left=tuple(left))


def _list_inbound(course: Course) -> dict[str, list[Path]]:
    """What lies in the exchange's inbound folders, by the person that it names."""
    found: dict[str, list[Path]] = {}
    for path in sorted(course.exchange.glob("*/inbound/*")):
        found.setdefault(path.name.partition("+")[0], []).append(path)
    return found


def _folders(course: Course, person: str, inbound: Mapping[str, Sequence[Path]] | None = None) -> list[Path]:
    """One per person and check in the course's folders, one per attempt among the attempts and in the exchange."""
    if not PERSON.fullmatch(person):
        raise CourseError(f"{person!r} is no name of a person as in roster.csv")
    homes = [course.root / step / person for step in STEPS]
    for home in homes:
        if home.is_symlink():
            raise CourseError(f"{home} is a link, and what it points to may be somebody else's; remove the link first")
    *kept, desk = homes
    found = [path for home in kept for path in sorted(home.glob("*/*" if home.parent.name == ATTEMPTS else "*"))]
    # A desk also holds settings, and nbgrader's own copies of what was handed in.
    found += [path for path in sorted(desk.glob("[!.]*")) if path.is_dir()]
    found += sorted(desk.glob(f".handed-in/*/{person}+*"))
    return [*found, *(_list_inbound(course) if inbound is None else inbound).get(person, ())]


def _check_of(folder: Path) -> str:
    name, plus, rest = folder.name.partition("+")
    if folder.parent.parent.parent.name == ATTEMPTS:
        return folder.parent.name
    return rest.partition("+")[0].removesuffix(LOOK) if plus else name


def _returned(course: Course, folders: list[Path]) -> list[Path]:
    """Feedback pages in the exchange, which are named by the secrets of the attempts."""
    found = set()
    for folder in folders:
        if secret := read_secret(folder, folder.name):
            name = feedback_name(secret, _check_of(folder))
            found |= {path for path in course.exchange.glob(f"*/feedback/{name}") if path.is_file()}
    return sorted(found)


def _trail(course: Course, person: str) -> dict[str, list[dict[str, str]]]:
    """What happened to the person's answers, by check, each event without what it leaves empty."""
    found = gradebook.read_trail(course.database, person) if course.has_gradebook else {}
    return {
        quiz: [{name: str(value) for name, value in asdict(event).items() if value} for event in events]
        for quiz, events in found.items()
    }


def _handed_in(course: Course, folder: Path, person: str) -> dict[str, Any]:
    answers = None
    # Of a damaged or hostile notebook the files themselves are what there is.
    with contextlib.suppress(SubmissionError, AttributeError, KeyError, TypeError):
        answers = read_answers(read_notebook(folder, _check_of(folder), person))
    plain = folder.is_dir() and not folder.is_symlink()
    files = sorted(path.name for path in folder.iterdir()) if plain else []
    found: dict[str, Any] = {"folder": str(folder.relative_to(course.root)), "files": files, "answers": answers}
    for name in (LOOK_FILE, DRAFT_FILE, PRACTICE_FILE):
        if name in files:
            with contextlib.suppress(SubmissionError):
                text = read_plain_file(folder / name, DRAFT_FILE_LIMIT, person)
                found[name] = text.decode("utf-8", "replace")
    return found
