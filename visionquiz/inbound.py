"""What lies in the exchange's inbound folder: anybody may write there, so only what is a submission is taken.

nbgrader follows links with the trainer's rights, waits for pipes and gives up on all submissions where one is odd.
Here each is looked at by itself, copied within limits, and refused by name.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from visionquiz.course import Course
from visionquiz.errors import CourseError, SubmissionError
from visionquiz.gradebook import SecondLook
from visionquiz.quiz import Quiz
from visionquiz.roster import PERSON
from visionquiz.submission import FEEDBACK_KEY, LOOK, LOOK_FILE, NOTEBOOK_LIMIT, REASON_LIMIT, parse_moment

__all__ = ["Screened", "attempt_name", "keep_attempt", "screen_inbound"]

TAKEN = {"timestamp.txt": 200, FEEDBACK_KEY: 1_000}
"""What `nbgrader submit` puts beside the notebook, and how many bytes of it we take. The secret finds feedback."""

PATIENCE = dt.timedelta(minutes=10)
"""How far the time that a submission gives may lie before the time at which the file system saw it last changed."""


@dataclass(frozen=True, kw_only=True)
class Screened:
    """What was found in the inbound folder for one check."""

    refused: tuple[SubmissionError, ...] = ()
    """What cannot be taken; ``person`` is the folder's name."""
    foreign: tuple[tuple[str, str], ...] = ()
    """``(person, owner)`` where a submission names one person and its folder belongs to the account of another."""
    backdated: tuple[tuple[str, dt.datetime, dt.datetime], ...] = ()
    """``(person, said, seen)``, UTC, where a submission says that it is older than its files are."""
    earlier: tuple[tuple[str, Path], ...] = ()
    """Copies of what people handed in before their newest submission."""
    looks: tuple[SecondLook, ...] = ()


def screen_inbound(source: Path, target: Path, quiz: Quiz, *, check_owner: bool) -> Screened:
    """Copy what is a submission of the check from the folder `source` into `target`, and nothing else.

    With `check_owner`, whose folder it is and since when is compared with what it says: another's is refused where the
    person has an account too, and named where not. Our own folders are not compared: who could write them could as
    well write into ``submitted/``, and that is a course on one account.
    """
    if not source.is_dir():
        raise CourseError(f"there is no {source}; release the check first: visionquiz release {quiz.id}")
    taken: dict[str, list[tuple[dt.datetime, Path]]] = {}
    refused: list[tuple[str, dt.datetime | None, SubmissionError]] = []
    foreign, backdated, looks = set(), set(), list[SecondLook]()
    for name in sorted(path.name for path in source.iterdir()):
        asked = f"{quiz.id}{LOOK}" in name.split("+")[1:2]
        if not asked and quiz.id not in name.split("+")[1:]:
            continue  # of another assignment
        person, moment = "", None
        try:
            person, moment = _read_name(name, f"{quiz.id}{LOOK}" if asked else quiz.id)
            if asked:
                look, status = _read_look(source / name, person, moment, quiz)
            else:
                status = _copy_submission(source / name, target / name, quiz.id)
                _date(target / name, moment)
            if check_owner:
                _check_owner(name, person, status.st_uid)
        except SubmissionError as error:
            refused.append((person, moment, error.bare()))
            shutil.rmtree(target / name, ignore_errors=True)
            continue
        if asked:
            looks.append(look)
        else:
            taken.setdefault(person, []).append((moment, target / name))
        if check_owner and status.st_uid != os.getuid():
            if _account(status.st_uid) != person:
                foreign.add((person, _account(status.st_uid)))
            seen = dt.datetime.fromtimestamp(status.st_ctime, dt.UTC).replace(tzinfo=None)
            if seen - moment > PATIENCE:
                backdated.add((person, moment, seen))
    newest = {person: max(moment for moment, _ in found) for person, found in taken.items()}
    # Once a person has handed it in anew, the earlier one needs nobody's attention.
    left = [error for person, moment, error in refused if not (moment and moment < newest.get(person, moment))]
    return Screened(
        refused=tuple(left),
        foreign=tuple(sorted(foreign)),
        backdated=tuple(sorted(backdated)),
        earlier=tuple(
            (person, folder) for person, found in taken.items() for moment, folder in found if moment < newest[person]
        ),
        looks=tuple(looks),
    )


def attempt_name(folder: Path) -> str:
    """When a submission was handed in, as a folder's name that sorts by time; one without a time comes first."""
    try:
        moment = parse_moment((folder / "timestamp.txt").read_text(encoding="ascii", errors="replace")[:60])
    except OSError:
        moment = None
    if moment:
        return f"{moment:%Y%m%dT%H%M%S.%f}"
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.ipynb")):
        digest.update(path.read_bytes())
    return f"0-undated-{digest.hexdigest()[:12]}"


def keep_attempt(course: Course, quiz_id: str, person: str, folder: Path) -> None:
    """Move a submission that is not the newest to where earlier attempts are kept, unless it is there."""
    kept = course.root / "attempts" / person / quiz_id / attempt_name(folder)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(kept)


def _read_name(name: str, what: str) -> tuple[str, dt.datetime]:
    """Who and when, by the name that `nbgrader submit` gives a folder: ``person+quiz+time+random``."""
    person, *rest = name.split("+")
    if len(rest) in (2, 3) and rest[0] == what and PERSON.fullmatch(person):
        moment = parse_moment(rest[1])
        if moment:
            return person, moment
    raise _refuse(name, "its name is not person+check+time, as 'nbgrader submit' makes it")


def _copy_submission(source: Path, target: Path, quiz_id: str) -> os.stat_result:
    """Copy the files of one submission that are taken. Returns what the file system knows of its folder."""
    with _open_folder(source) as folder:
        target.mkdir()
        for name, limit in {f"{quiz_id}.ipynb": NOTEBOOK_LIMIT, **TAKEN}.items():
            content = _read_plain(folder, source.name, name, limit)
            if content is not None:
                (target / name).write_bytes(content)
            elif name not in TAKEN:
                raise _refuse(source.name, f"there is no {name} in it")
        return os.fstat(folder)


def _date(folder: Path, moment: dt.datetime) -> None:
    """Where the submission itself does not say when it was handed in, its folder's name does."""
    stamp = folder / "timestamp.txt"
    if not stamp.is_file() or parse_moment(stamp.read_text(encoding="ascii", errors="replace")) is None:
        stamp.write_text(f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="ascii")


def _read_look(source: Path, person: str, moment: dt.datetime, quiz: Quiz) -> tuple[SecondLook, os.stat_result]:
    with _open_folder(source) as folder:
        content = _read_plain(folder, source.name, LOOK_FILE, 20_000) or b""
        status = os.fstat(folder)
    try:
        told = json.loads(content)
        question, reason = told["question"], told["reason"].replace("\0", "").strip()
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise _refuse(source.name, f"{LOOK_FILE} in it cannot be read") from None
    if not isinstance(question, str) or quiz.question(question) is None or not 0 < len(reason) <= REASON_LIMIT:
        raise _refuse(
            source.name, f"{LOOK_FILE} in it names no question of the check, or gives no reason or a long one"
        )
    reason = reason.encode("utf-8", "replace").decode()
    return SecondLook(person=person, question=question, asked=moment, reason=reason), status


@contextlib.contextmanager
def _open_folder(path: Path) -> Iterator[int]:
    """Works on an open folder, so that nobody can put a link in its place in between."""
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        what = "it is a link or a file, not a folder" if path.is_symlink() or not path.is_dir() else error.strerror
        raise _refuse(path.name, f"{what}") from None
    try:
        yield folder
    finally:
        os.close(folder)


def _read_plain(folder: int, where: str, name: str, limit: int) -> bytes | None:
    """The bytes of a plain file in an open folder; None where there is none."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refuse(where, f"{name} in it is a link or cannot be read ({error.strerror})") from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise _refuse(where, f"{name} in it is not a plain file")
        if status.st_size > limit:
            raise _refuse(where, f"{name} in it has {status.st_size:,} bytes, and at most {limit:,} are taken")
        with open(handle, "rb", closefd=False) as file:
            return file.read(limit)
    finally:
        os.close(handle)


def _refuse(name: str, reason: str) -> SubmissionError:
    # A name can hold anything but a slash, also what a terminal obeys.
    shown = name if name.isprintable() else ascii(name)
    return SubmissionError(shown, f"{reason}; remove it from inbound/ and ask for it to be submitted again")


def _check_owner(name: str, person: str, owner: int) -> None:
    """Refuse what comes from another's account where the person has one too; a shared account hands in for many."""
    account = _account(owner)
    if owner == os.getuid() or account == person:
        return
    with contextlib.suppress(KeyError):
        pwd.getpwnam(person)
        raise _refuse(
            name,
            f"it was handed in from the account of {account}, and {person} has one of their own (if that is right all "
            "the same, put c.ExchangeCollect.check_owner = False into nbgrader_config.py)",
        )


def _account(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
