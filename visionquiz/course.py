"""A course folder: where its files lie, and one command at a time in it."""

import contextlib
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from visionquiz.errors import CourseError
from visionquiz.kit import kit_path
from visionquiz.quiz import Quiz, load_quiz
from visionquiz.roster import Person, load_roster
from visionquiz.vision import Vision, load_vision

__all__ = ["Course", "new_course", "new_folder", "open_course", "replace_folder", "uninterrupted", "write_config"]


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
    def database(self) -> str:
        """The gradebook as a SQLAlchemy URL."""
        return f"sqlite:///{self.gradebook}"

    @property
    def summaries(self) -> Path:
        return self.root / "summaries"

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    def quiz_file(self, quiz: str) -> Path:
        return self.root / "quizzes" / f"{quiz}.toml"

    def quiz_files(self) -> list[Path]:
        return sorted((self.root / "quizzes").glob("*.toml"))

    def notebook(self, step: str, quiz: str, person: str = ".") -> Path:
        """The notebook of `quiz` in nbgrader's folder `step`: source, release, submitted or autograded."""
        return self.root / step / person / quiz / f"{quiz}.ipynb"

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
        folder = Path(tempfile.mkdtemp(prefix=".visionquiz-", dir=self.root))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One writing command at a time. Raises `CourseError` where another one is at work."""
        import fcntl

        with open(self.root / ".visionquiz.lock", "w", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CourseError(
                    f"another visionquiz command is at work in {self.root}; wait until it is done, then try again"
                ) from None
            yield


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
    """A draft beside `folder` that takes its place at the end, if all went well. Raises `CourseError` where something
    is there already, unless `replace`.
    """
    target = folder.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())) and not replace:
        raise CourseError(f"{folder} exists and is not empty; choose another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".visionquiz-", dir=target.parent))
    try:
        draft.chmod(0o755)
        yield draft
        replace_folder(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def open_course(folder: Path) -> Course:
    """The course in `folder`. Raises `CourseError` where there is none."""
    root = folder.resolve()
    if not (root / "vision.toml").is_file():
        raise CourseError(
            f"{root} is not a course folder (it has no vision.toml); go to one, name it with --course, "
            "or make one: visionquiz new my-course"
        )
    return Course(root)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until the block is done. For the moment in which what was made is put in its place."""
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
        if waiting:
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
