"""A course folder: where its files lie, and one command at a time in it."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from visionquiz.errors import CourseError
from visionquiz.kit import kit_path
from visionquiz.quiz import Quiz, load_quiz
from visionquiz.roster import Person, load_roster
from visionquiz.vision import Vision, load_vision

__all__ = [
    "Course",
    "check_writable",
    "new_course",
    "new_folder",
    "open_course",
    "replace_folder",
    "uninterrupted",
    "write_config",
    "write_private",
]


DRAFT = ".visionquiz-"
"""How the names of folders begin in which something is being made."""


@dataclass(frozen=True)
class Course:
    """The paths of one course. The folders are nbgrader's own; the files at the top are the trainer's."""

    root: Path

    @property
    def vision_file(self) -> Path:
        return self.root / "vision.toml"

    @property
    def roster_file(self) -> Path:
        return self.root / "roster.csv"

    @property
    def gradebook(self) -> Path:
        return self.root / "gradebook.db"

    @property
    def database_file(self) -> Path:
        """Names a database server to keep the gradebook on; where it is missing, the gradebook is a file of its own."""
        return self.root / "gradebook.url"

    @property
    def database(self) -> str:
        """The gradebook as a SQLAlchemy URL. Raises `CourseError` where ``gradebook.url`` holds none."""
        try:
            url = self.database_file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return f"sqlite:///{self.gradebook}"
        if not re.match(r"postgresql(\+\w+)?://\S+$", url):
            raise CourseError(
                f"{self.database_file} does not hold the address of a database; expected one line such as "
                "postgresql+psycopg://user:password@host/name. Without the file, the gradebook is gradebook.db"
            )
        return url

    @property
    def has_gradebook(self) -> bool:
        """Whether there is one to read; one on a server is taken to be there."""
        return self.gradebook.is_file() or self.database_file.is_file()

    @property
    def summaries(self) -> Path:
        return self.root / "summaries"

    @property
    def links_key(self) -> Path:
        """What personal links are signed with; see `links`."""
        return self.root / "links.key"

    @property
    def counted(self) -> Path:
        """Who was counted in the summaries; see `ledger`."""
        return self.root / "counted"

    @property
    def quality(self) -> Path:
        """How well each check measures, for the trainer; see `quality`."""
        return self.root / "quality"

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    @property
    def has_penalties(self) -> bool:
        """Whether ``nbgrader_config.py`` speaks of penalties for handing in late; ours does not."""
        try:
            text = (self.root / "nbgrader_config.py").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        return "LateSubmission" in text or "AssignLatePenalties" in text

    def quiz_file(self, quiz: str) -> Path:
        return self.root / "quizzes" / f"{quiz}.toml"

    def quiz_files(self) -> list[Path]:
        return sorted((self.root / "quizzes").glob("*.toml"))

    def notebook(self, step: str, quiz: str, person: str = ".") -> Path:
        """The notebook of `quiz` in nbgrader's folder `step`: source, release, submitted or autograded."""
        return self.root / step / person / quiz / f"{quiz}.ipynb"

    def attempts(self, quiz: str, person: str) -> list[Path]:
        """What a person handed in for `quiz` before what is in ``submitted/``, the earliest first, as folders."""
        return sorted(path for path in (self.root / "attempts" / person / quiz).glob("*") if path.is_dir())

    def desk(self, person: str, quiz: str) -> Path:
        """Where a person answers `quiz` on this machine."""
        return self.root / "desks" / person / quiz

    def submissions(self, quiz: str) -> list[str]:
        """Who has handed in something for `quiz`, by the folders in ``submitted/``."""
        return sorted(folder.parent.name for folder in (self.root / "submitted").glob(f"*/{quiz}"))

    def load_vision(self) -> Vision:
        return load_vision(self.vision_file)

    def load_roster(self, vision: Vision) -> tuple[Person, ...]:
        return load_roster(self.roster_file, vision)

    def load_quiz(self, quiz: str, vision: Vision) -> Quiz:
        """Raises `CourseError` that names the checks there are, where there is no such check."""
        # A path typed in place of the id (quizzes/x.toml) is unmistakable.
        name = Path(quiz).name.removesuffix(".toml")
        if not self.quiz_file(name).exists():
            known = ", ".join(path.stem for path in self.quiz_files()) or "none yet"
            raise CourseError(f"there is no check '{name}' in {self.root / 'quizzes'}; there are: {known}")
        return load_quiz(self.quiz_file(name), vision)

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """A folder on the same disk for what is being made; whatever is left in it at the end goes."""
        folder = _draft_in(self.root)
        try:
            folder.mkdir(mode=0o700)
            yield folder
        finally:
            _clear(folder)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One writing command at a time. Raises `CourseError` where another one is at work.

        What a command that was killed was making is thrown away: it holds people's answers.
        """
        import fcntl

        with open(self.root / ".visionquiz.lock", "w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CourseError(
                    f"another visionquiz command is at work in {self.root}; wait until it is done, then try again"
                ) from None
            for folder in self.root.glob(f"{DRAFT}*"):
                _clear(folder)
            yield


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read. Raises `CourseError` where there is one already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CourseError(f"{path} exists; name another file with --out, or remove it first") from None
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)


def check_writable(folders: Iterable[Path]) -> None:
    """Raise `CourseError` where one of these folders, or the one it would be made in, cannot be written to.

    For the moment before anything is put in place: half of it would be worse than nothing.
    """
    for folder in folders:
        there = next(place for place in (folder, *folder.parents) if place.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            raise CourseError(f"{there} cannot be written to, so nothing was changed; ask its owner for the right to")


def new_course(folder: Path) -> Course:
    """A commented starting point in `folder`, which must not exist or be empty."""
    template = kit_path("assessments")
    with new_folder(folder) as draft:
        shutil.copytree(template / "starter", draft, dirs_exist_ok=True)
        write_config(draft, folder.resolve().name)
    return open_course(folder)


def write_config(folder: Path, name: str) -> None:
    """Write ``nbgrader_config.py`` with a course id made of `name`; the id is a folder name in the exchange."""
    text = (kit_path("assessments") / "nbgrader_config.py").read_text(encoding="utf-8")
    ident = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "course"
    (folder / "nbgrader_config.py").write_text(text.replace("my-company", ident), encoding="utf-8")


@contextlib.contextmanager
def new_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """A draft that takes the place of `folder` at the end, if all went well. Raises `CourseError` where something is
    there already, unless `replace`. A folder that is there stays the same one: somebody's shell may stand in it.
    """
    target = folder.resolve()
    _check_path(target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())) and not replace:
        raise CourseError(f"{folder} exists and is not empty; choose another folder")
    stays = target.is_dir()
    target.parent.mkdir(parents=True, exist_ok=True)
    # Inside of what stays: it may be a disk of its own, or lie in a folder that is not ours to write to.
    draft = _draft_in(target if stays else target.parent)
    try:
        draft.mkdir()
        draft.chmod(0o755)
        _drafts.add(draft)
        try:
            yield draft
        finally:
            _drafts.discard(draft)
        with uninterrupted():
            if stays:
                _replace_contents(draft, target)
            else:
                replace_folder(draft, target)
    finally:
        _clear(draft)


def open_course(folder: Path) -> Course:
    """The course in `folder`. Raises `CourseError` where there is none."""
    root = folder.resolve()
    if not (root / "vision.toml").is_file():
        raise CourseError(
            f"{root} is not a course folder (it has no vision.toml); go to one, name it with --course, "
            "or make one: visionquiz new my-course"
        )
    _check_path(root)
    return Course(root)


def _check_path(folder: Path) -> None:
    """Raises `CourseError` for a path that nbgrader would take as a pattern, or that is no address of a gradebook."""
    found = sorted(set("[]?*$").intersection(str(folder)))
    if found:
        raise CourseError(
            f"the path {folder} has {' and '.join(found)} in it, which nbgrader and the gradebook misread; rename that "
            "folder or choose another (spaces, accents, % and # are fine)"
        )


_drafts: set[Path] = set()
"""New folders in the making. What is put in its place in a draft is thrown away with the draft."""


def _draft_in(folder: Path) -> Path:
    """A free name. Known before the folder is made, so that nothing stays behind whenever Ctrl-C comes."""
    return folder / f"{DRAFT}{secrets.token_hex(6)}"


def _clear(folder: Path) -> None:
    with uninterrupted():
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C does not stop the block. For the moment in which what was made is put in its place.

    Afterwards it is too late to stop: the work is done, and the command says so. Only in the draft of a new folder
    there is more to come, and there Ctrl-C takes effect after the block.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets Ctrl-C
        return
    before = signal.getsignal(signal.SIGINT)
    waiting: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if waiting and _drafts:
            signal.raise_signal(signal.SIGINT)


def replace_folder(new: Path, old: Path) -> None:
    """Put the folder `new` in the place of `old` by renaming, so that nobody sees half of it."""
    old.parent.mkdir(parents=True, exist_ok=True)
    aside = new.with_name(new.name + ".old")
    if old.exists():
        old.rename(aside)
    try:
        new.rename(old)
    except BaseException:
        if aside.exists():
            aside.rename(old)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _replace_contents(new: Path, old: Path) -> None:
    """Put what is in the folder `new`, which lies in `old`, in the place of what else is in `old`."""
    aside = new.with_name(new.name + ".old")
    aside.mkdir(mode=0o700)
    moves = [(path, aside / path.name) for path in old.iterdir() if path not in (new, aside)]
    # What makes it a course comes last.
    made = sorted(new.iterdir(), key=lambda path: path.name == "vision.toml")
    moves += [(path, old / path.name) for path in made]
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            source.rename(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)
