"""The file of a check's quality: ``quality/<quiz>.json``, for the trainer alone."""

import json
import os
from pathlib import Path
from typing import Any

from visionquiz.errors import CourseError, Problem
from visionquiz.quality.figures import Quality
from visionquiz.writing import replace_file

__all__ = ["QUALITY", "load_qualities", "published_qualities", "write_quality"]

QUALITY = "VISIONQUIZ_QUALITY"
"""Environment variable: the folder whose files the trainer's page shows; nobody else's page gets it."""

FORMAT = 1


def write_quality(quality: Quality, folder: Path) -> Path:
    """Write ``<quiz>.json``, which only its owner can read. Raises `OSError`; the former file is whole then."""
    import msgspec

    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{quality.quiz}.json"
    data = {"format": FORMAT, **msgspec.to_builtins(quality)}
    replace_file(path, (json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())
    return path


def load_qualities(folder: Path) -> tuple[tuple[Quality, ...], tuple[Problem, ...]]:
    """What is known of every check, the newest first; and the files that cannot be read, with what to do about each."""
    found, problems = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(_parse(path))
        except CourseError as error:
            problems.append(Problem(file=f"{folder.name}/{path.name}", place="", message=str(error)))
    return tuple(sorted(found, key=lambda one: one.published, reverse=True)), tuple(problems)


def published_qualities() -> tuple[tuple[Quality, ...], tuple[Problem, ...]]:
    """What the trainer's page shows: what lies in the folder that the server names, by default in that of the course
    here.
    """
    return load_qualities(Path(os.environ.get(QUALITY, "quality")))


def _parse(path: Path) -> Quality:
    import msgspec

    again = f"publish again: visionquiz publish {path.stem}"
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            newer = isinstance(data["format"], int) and data["format"] > FORMAT
            raise CourseError(f"was written by {'a newer' if newer else 'another'} version of visionquiz; {again}")
        quality: Quality = msgspec.convert(data, Quality)
    except OSError as error:
        raise CourseError(f"cannot be read ({error.strerror}); {again}") from None
    except (ValueError, KeyError, TypeError, RecursionError, msgspec.ValidationError):
        raise CourseError(f"is damaged; {again}") from None
    if quality.quiz != path.stem or quality.published.tzinfo is None:
        raise CourseError(f"is damaged; {again}")
    return quality
