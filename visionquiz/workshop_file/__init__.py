"""A whole workshop as one file that a person can read and a program reads back.

It is JSON with what was decided first. A file travels further than a database: names are in it only if they are asked
for, an idea and a vote have nobody, and whatever comes back in is checked.
"""

import random
import stat
from dataclasses import dataclass
from pathlib import Path

from visionquiz.errors import StoreError
from visionquiz.store import Content, Store
from visionquiz.workshop_file.reading import read_workshop, settle_themes
from visionquiz.workshop_file.writing import describe_workshop, find_names, write_workshop
from visionquiz.writing import replace_file

__all__ = ["Moved", "export_workshop", "import_workshop", "read_workshop"]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What was written or read, in numbers."""

    drafts: int
    ideas: int
    tests: int
    people: int
    named: tuple[str, ...] = ()
    """Where in the file somebody who took part is named within a text, such as ``drafts[2].text``."""


def export_workshop(
    store: Store, path: Path, *, names: bool = False, replace: bool = False, rng: random.Random | None = None
) -> Moved:
    """Write all of a workshop into a file that only its owner can read, whole or not at all.

    Without `names`, nobody's name, team or id is in it but where somebody wrote a name into a text, which is told.
    Raises `StoreError` where there is a file already, unless it is to `replace` that; while a vote is open; and where
    nothing is kept.
    """
    if path.is_symlink() or (path.exists() and not stat.S_ISREG(path.stat().st_mode)):
        raise StoreError(f"{path} is no plain file; name another one")
    if path.exists() and not replace:
        raise StoreError(f"{path} exists; name another file, or add --replace to put this one in its place")
    content = store.dump()
    if not any((content.contributions, content.documents, content.participants)):
        raise StoreError("nothing is kept in this workshop yet")
    file = describe_workshop(content, names=names, rng=rng or random.SystemRandom())
    replace_file(path, write_workshop(file).encode())
    return Moved(
        drafts=len(file.drafts),
        ideas=sum(map(len, file.ideas.values())) + len(file.survey),
        tests=len(file.tests),
        people=len(file.people),
        named=() if names else tuple(find_names(file, content.participants)),
    )


def import_workshop(store: Store, content: Content, *, replace: bool = False) -> None:
    """Keep what `read_workshop` has read, in one transaction: all of it, or nothing.

    Raises `StoreError` where a workshop is kept there already, unless it is to `replace` that.
    """
    if not replace and not store.is_empty():
        raise StoreError(
            "a workshop is kept there already; name another place, or add --replace to put this one instead"
        )
    store.load(content, replace=replace, settle=settle_themes)
