"""Personal links to the apps: what one says is signed, so that nobody makes or changes one; it holds for some days."""

import contextlib
import os
import re
import secrets
import tempfile
import urllib.parse
from pathlib import Path

from visionquiz.errors import CourseError

__all__ = ["DAYS", "make_link", "read_key", "read_secret"]

DAYS = 14
"""How long a link holds."""

_NAME = "visionquiz-audience"

_SECRET = re.compile(r"[0-9a-f]{64}")


def read_secret(path: Path) -> str:
    """What links are signed with, from a file that only its owner can read; made where there is none.

    Removing the file, and starting the pages again, makes every link void. Raises `CourseError` where something else is
    in it: with an empty key, anybody could sign links.
    """
    if not path.exists():
        # Whole or not at all: a disk may be full, and somebody else may start the pages at this moment.
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".links-") as folder:
            fresh = Path(folder) / path.name
            with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
            with contextlib.suppress(FileExistsError):
                os.link(fresh, path)
    secret = path.read_text(encoding="ascii", errors="replace").strip()
    if not _SECRET.fullmatch(secret):
        raise CourseError(f"{path} does not hold a key (64 digits and letters a to f); remove it, then try again")
    return secret


def make_link(base: str, audience: str, secret: str) -> str:
    """A link that opens the apps at `base` as somebody who may see what this audience may."""
    from tornado.web import create_signed_value

    key = create_signed_value(secret, _NAME, audience, version=2).decode()
    return f"{base}login?{urllib.parse.urlencode({'key': key})}"


def read_key(key: str, secret: str) -> str | None:
    """The audience of a link's key; None where it was not made here, was changed, or is older than `DAYS`."""
    from tornado.web import decode_signed_value

    found = decode_signed_value(secret, _NAME, key, max_age_days=DAYS, min_version=2)
    return None if found is None else found.decode()
