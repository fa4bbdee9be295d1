"""Where the graded check is: for whoever has gone through a lesson and wants to take it."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from visionquiz.classroom import find_vision
from visionquiz.course import Course
from visionquiz.kit import kit_path

__all__ = ["SERVED", "Checks", "ReleasedCheck", "find_checks"]

SERVED = "VISIONQUIZ_SERVED"
"""Environment variable: the folder that JupyterLab shows, as whoever starts it says; a link cannot lead out of it."""

_TOML_LIMIT = 1_000_000
"""Bytes of a check's file that are read to find its title."""


@dataclass(frozen=True, kw_only=True)
class ReleasedCheck:
    """A check that people can take."""

    id: str
    title: str
    link: str
    """Its notebook as an address from the folder of the lesson; ``""`` where it is known that JupyterLab cannot reach
    it."""


@dataclass(frozen=True, kw_only=True)
class Checks:
    """What there is to take, seen from a lesson's folder."""

    course: str
    """The path of the course folder; ``""`` where there is none."""
    released: tuple[ReleasedCheck, ...] = ()
    written: tuple[str, ...] = ()
    """Ids of checks that are written but not released."""


def find_checks(folder: Path, environ: Mapping[str, str] = os.environ) -> Checks:
    """The checks of the course whose vision the lessons in `folder` speak of. Never raises for what lies there."""
    vision = find_vision(folder, environ)
    if not vision.is_file() or vision.absolute().is_relative_to(kit_path("assessments")):
        return Checks(course="")
    course = Course(vision.absolute().parent)
    written = {path.stem: path for path in course.quiz_files()} if (course.root / "quizzes").is_dir() else {}
    try:
        names = sorted(path.name for path in (course.root / "release").iterdir())
    except OSError:
        names = []
    served = environ.get(SERVED, "")
    released = tuple(
        ReleasedCheck(
            id=name,
            title=_title(written.get(name), name),
            link=_link(course.notebook("release", name), folder, Path(served) if served else None),
        )
        for name in names
        if course.notebook("release", name).is_file()
    )
    there = {one.id for one in released}
    return Checks(
        course=str(course.root), released=released, written=tuple(name for name in written if name not in there)
    )


def _title(path: Path | None, ident: str) -> str:
    """The title of a check as its file says, else its id."""
    if path is None:
        return ident
    try:
        with path.open("rb") as file:
            title = tomllib.loads(file.read(_TOML_LIMIT).decode("utf-8")).get("title")
    except (OSError, ValueError):
        return ident
    return title.strip()[:200] if isinstance(title, str) and title.strip() else ident


def _link(notebook: Path, folder: Path, served: Path | None) -> str:
    """A relative address; none to what lies outside of what the server shows."""
    if served is not None and not notebook.resolve().is_relative_to(served.resolve()):
        return ""
    try:
        return quote(Path(os.path.relpath(notebook.resolve(), folder.resolve())).as_posix())
    except ValueError:  # another drive
        return ""
