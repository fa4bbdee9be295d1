"""Files that are written whole or not at all, and what the operating system says when they cannot be."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

__all__ = ["give_rights", "replace_file", "say_why", "whole_file"]

IN_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EACCES: "this folder cannot be written to",
    errno.EPERM: "this folder cannot be written to",
    errno.EROFS: "this folder cannot be written to",
    errno.ENOENT: "its folder is gone",
}
"""What the operating system says, for people."""


def replace_file(path: Path, data: bytes, *, like: os.stat_result | None = None) -> None:
    """Write by way of a second file: a full disk or a power cut leaves the former one whole.

    The file can be read by its owner only, or by whom `like` says, whose owner and group it gets where we may give
    them. Raises `OSError`; nothing is left behind then.
    """
    with whole_file(path) as file:
        if like:
            give_rights(file.fileno(), like)
        file.write(data)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to piece by piece. It takes the place of `path` at the end, or is gone if anything went wrong.

    The file can be read by its owner only. Raises `OSError`.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mode 0600
    try:
        with open(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    # The new name itself is on the disk once its folder is.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def give_rights(handle: int, like: os.stat_result) -> None:
    """Give an open file the owner, group and mode of another one; owner and group as far as we may."""
    # First the owner: while it changes, nobody else can read the file. Only root may give it to somebody else.
    for user, group in ((like.st_uid, -1), (-1, like.st_gid)):
        with contextlib.suppress(PermissionError):
            os.fchown(handle, user, group)
    os.fchmod(handle, like.st_mode & 0o777)


def say_why(error: OSError) -> str:
    """Why a file could not be written, as the end of a sentence."""
    return IN_WORDS.get(error.errno or 0, (error.strerror or str(error)).lower())
