"""The learner's own folder, where the lessons lie: what is kept there of practice.

Whoever owns the folder can change everything in it, so it is read within limits; nothing that is in it stops practice.
"""

import contextlib
import os
import secrets
from pathlib import Path

from visionquiz.errors import DeskError, SubmissionError
from visionquiz.practice import Practice
from visionquiz.submission import read_plain_file
from visionquiz.writing import replace_file, say_why

__all__ = ["PRACTICE_FILE", "PRACTICE_FILE_LIMIT", "load_practice", "save_practice"]

PRACTICE_FILE = "practice.json"

PRACTICE_FILE_LIMIT = 1_000_000
"""Bytes. A full history has 250,000."""


def load_practice(folder: Path | str = ".") -> tuple[Practice, str]:
    """What was recalled so far, and ``""``; or nothing and a message, where what is there had to be set aside."""
    path = Path(folder).absolute() / PRACTICE_FILE
    if not os.path.lexists(path):
        return Practice(), ""
    try:
        practice, why = Practice.from_json(read_plain_file(path, PRACTICE_FILE_LIMIT, "you").decode("utf-8"))
    except SubmissionError as error:
        practice, why = Practice(), error.reason.partition(";")[0]
    except UnicodeDecodeError:
        practice, why = Practice(), "it is damaged (it is not text)"
    if not why:
        return practice, ""
    aside = f"practice-damaged-{secrets.token_hex(4)}.json"
    with contextlib.suppress(OSError):
        path.rename(path.with_name(aside))
        return Practice(), (
            f"Your practice so far could not be read: {why}. The file was kept as {aside}. Practice begins anew, and "
            "is kept as usual."
        )
    return Practice(), f"Your practice so far could not be read: {why}. Practice begins anew."


def save_practice(practice: Practice, folder: Path | str = ".") -> None:
    """Put the history in the place of the former one, all of it or nothing, readable by its owner only.

    Raises `DeskError` that says why in words; the former history is untouched then.
    """
    path = Path(folder).absolute() / PRACTICE_FILE
    if path.is_symlink() or path.parent.is_symlink():
        raise DeskError(f"{path.name if path.is_symlink() else path.parent.name} is a link; remove the link first")
    try:
        replace_file(path, practice.to_json().encode("utf-8", "replace"))
    except OSError as error:
        raise DeskError(say_why(error)) from None
