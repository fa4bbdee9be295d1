"""nbgrader, in process: build, release and collect a check; grade it when nbgrader itself is asked to.

The only module that imports nbgrader. What it makes is made in a staging folder and moved into place when it is whole.
"""

import contextlib
import copy
import datetime as dt
import html
import json
import logging
import os
import pwd
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbgrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment, ExchangeReleaseFeedback
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import parse_utc
from traitlets import Unicode
from traitlets.config import Config, PyFileConfigLoader

from visionquiz import gradebook, jobs
from visionquiz.course import (
    Course,
    check_writable,
    new_folder,
    open_course,
    replace_folder,
    uninterrupted,
    write_config,
)
from visionquiz.errors import CourseError, InputError, SubmissionError
from visionquiz.kit import kit_path
from visionquiz.learning import read_learned
from visionquiz.notebook import dump_notebook, find_key, release_of, write_quiz
from visionquiz.quiz import Quiz
from visionquiz.roster import PERSON, Person
from visionquiz.submission import FEEDBACK_KEY, NOTEBOOK_LIMIT, feedback_name
from visionquiz.vision import Vision

__all__ = [
    "CollectReport",
    "GradeAnswers",
    "collect_quiz",
    "configure_course",
    "make_demo",
    "release_quiz",
    "return_feedback",
    "safe_markdown",
]

DEMO_MARKER = "THIS-IS-A-DEMO.txt"
"""Tells a demo, which may be replaced, from a course of people who exist."""


def configure_course(config: Any, file: str, *, course_id: str) -> None:
    """Set nbgrader up for a visionquiz course. Called from the course's ``nbgrader_config.py``.

    No submission is ever executed, answers are graded by `GradeAnswers`, and markup in answers is made harmless
    before a browser sees it. Settings made after this call win.
    """
    root = Path(file).resolve().parent
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = course_id
    # One machine, one trainer: the exchange lies in the course. A deployment for many users sets its own.
    config.Exchange.root = str(root / "exchange")
    # The source holds no solutions; clearing would only replace our prompts with 'YOUR ANSWER HERE'.
    prefix = "nbgrader.preprocessors"
    build = ["LockCells", "ClearOutput", "CheckCellMetadata", "ComputeChecksums", "SaveCells", "CheckCellMetadata"]
    config.GenerateAssignment.preprocessors = [f"{prefix}.{name}" for name in build]
    # As nbgrader has it, without Execute: nothing that an employee wrote is run.
    config.Autograde.autograde_preprocessors = [
        f"{prefix}.IgnorePattern",
        "nbconvert.preprocessors.ClearMetadataPreprocessor",
        f"{prefix}.LimitOutput",
        "visionquiz.nbgrader_plugin.GradeAnswers",
        f"{prefix}.AssignLatePenalties",
        f"{prefix}.CheckCellMetadata",
    ]
    config.GradeAnswers.course = str(root)
    config.HTMLExporter.filters = {"markdown2html": "visionquiz.nbgrader_plugin.safe_markdown"}
    # Our templates first: they leave out what nbconvert's would load from another machine.
    theirs = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
    config.HTMLExporter.extra_template_basedirs = [str(kit_path("assessments") / "templates"), str(theirs)]


def safe_markdown(source: str) -> str:
    """Markdown as HTML without anything that a browser would run or load.

    nbconvert leaves ``<script>``, ``onerror`` and ``javascript:`` links of an employee's answer as they are, and
    formgrader shows them to the trainer.
    """
    import nh3
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class WithoutPictures(IPythonRenderer):
        def image(self, text: str, url: str, title: str | None = None) -> str:  # noqa: ARG002
            # A picture pasted in JupyterLab is an attachment that nobody collects; nbconvert fails on it.
            return html.escape(f"[picture: {text or url}]")

    renderer = WithoutPictures(escape=False, exclude_anchor_links=True)
    clean: str = nh3.clean(
        MarkdownWithMath(renderer=renderer).render(source),
        tags=nh3.ALLOWED_TAGS - {"img", "map", "area"},
        attributes={"a": {"href", "title"}, "th": {"align"}, "td": {"align"}},
        url_schemes={"http", "https", "mailto"},
    )
    # MathJax reads the page's text and knows commands that make links; answers hold no mathematics.
    return f'<div class="tex2jax_ignore mathjax_ignore">{clean}</div>'


class GradeAnswers(SaveAutoGrades):
    """Grades a submission of a check when `nbgrader autograde` or formgrader's button runs; other assignments as ever.

    Takes the place of nbgrader's SaveAutoGrades and writes the rows that `visionquiz grade` writes.
    """

    course = Unicode("", help="The course folder, with vision.toml and quizzes/.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        about = resources["nbgrader"]
        course = open_course(Path(self.course))
        if not course.quiz_file(about["assignment"]).is_file():
            found: tuple[Any, Any] = super().preprocess(nb, resources)
            return found
        vision = course.load_vision()
        people = {person.person: person for person in course.load_roster(vision)}
        quiz = course.load_quiz(about["assignment"], vision)
        release = jobs.read_release(course, quiz, vision)
        name = about["student"]
        learned = read_learned(course, quiz.id)
        (graded,) = jobs.grade_submissions(course, quiz, vision, release, {name: people.get(name)}, learned)
        if isinstance(graded, SubmissionError):
            raise graded
        jobs.write_grades(course, about["db_url"], quiz, [graded])
        return nb, resources


FULL = ("disk I/O error", "disk is full", "No space left on device", "File too large")
"""What databases and systems say where nothing more can be written."""


@contextlib.contextmanager
def _quiet_nbgrader() -> Iterator[list[str]]:
    """Keep nbgrader's log off the screen; what it warned of or failed at is in the list afterwards."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    # Its gradebook writes where servers write.
    logs = [logging.getLogger(name) for name in ("traitlets", "tornado.application")]
    listener = Listener(logging.WARNING)
    before = [(log, log.handlers[:], log.propagate) for log in logs]
    for log in logs:
        log.handlers, log.propagate = [listener], False
    path = os.environ.get("PATH", "")
    # nbgrader runs the program alembic, which lies beside our interpreter even where the environment is not active.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        yield heard
    finally:
        os.environ["PATH"] = path
        for log, handlers, propagate in before:
            log.handlers, log.propagate = handlers, propagate


def _load_config(course: Course) -> Config:
    path = course.root / "nbgrader_config.py"
    if not path.is_file():
        raise CourseError(f"{path} is missing; copy it from a new course: visionquiz new /tmp/fresh")
    try:
        return PyFileConfigLoader(path.name, path=str(course.root)).load_config()
    except Exception as error:  # whatever a person wrote into it
        raise CourseError(f"{path} cannot be used: {type(error).__name__}: {error}") from None


def _run(what: str, result: dict[str, Any], heard: list[str]) -> None:
    if not result["success"]:
        last = result.get("error", "").strip().splitlines()[-1:]
        if last and last[0].startswith("KeyboardInterrupt"):
            # nbgrader makes a failure of everything, of Ctrl-C too.
            raise KeyboardInterrupt
        told = [message for message in heard if not message.startswith("Traceback")]
        if any(sign in message for message in heard for sign in FULL):
            told, last = [], ["is the disk full? Make room, then try again"]
        raise CourseError(f"nbgrader could not {what}: {'; '.join([*told[-3:], *last])}")


def release_quiz(course: Course, quiz: Quiz, vision: Vision, people: tuple[Person, ...]) -> Path:
    """Build a check with nbgrader, verify that it holds no key and can be listed, and release it.

    Returns the released notebook. Raises `CourseError` where the release would give the key away, or where people
    have answered an earlier, different release of the same name. Either all of it is in place or nothing is.
    """
    source = write_quiz(quiz, vision)
    _forbid_changes(course, quiz, source)
    config = _load_config(course)
    with course.staging() as stage, _quiet_nbgrader() as heard:
        target = stage / "source" / "." / quiz.id / f"{quiz.id}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(dump_notebook(source), encoding="utf-8")
        if course.gradebook.exists():
            _copy_database(course.gradebook, stage / "gradebook.db")
        staged = Course(stage)
        staging = copy.deepcopy(config)
        staging.CourseDirectory.root = str(stage)
        _stage_exchange(staging, stage)
        api = NbGraderAPI(config=staging)
        _run("build the check", api.generate_assignment(quiz.id), heard)
        with api.gradebook as book:
            # Naive UTC, as nbgrader keeps it; None takes away a due date that an earlier release had.
            book.update_or_create_assignment(quiz.id, duedate=quiz.due and quiz.due.replace(tzinfo=None))
        released = staged.notebook("release", quiz.id)
        leaks = find_key(_load_json(released), vision)
        if leaks:
            raise CourseError(
                f"'{quiz.id}' was not released, because it would give the answers away: {'; '.join(leaks)}. "
                "Reword the situation or option, or the prompt"
            )
        _run("release the check", api.release_assignment(quiz.id), heard)
        if quiz.id not in api.get_released_assignments():
            raise CourseError(f"nbgrader released '{quiz.id}' but does not list it: {'; '.join(heard[-3:])}")
        gradebook.write_people(staged.database, people)
        check_writable(course.notebook(step, quiz.id).parent.parent for step in ("source", "release"))
        outbound = _open_exchange(config) / quiz.id
        with uninterrupted():
            _put_in_place(course, staged, quiz, people)
            replace_folder(stage / "exchange" / api.coursedir.course_id / "outbound" / quiz.id, outbound)
            if quiz.id not in NbGraderAPI(config=config).get_released_assignments():
                raise CourseError(f"the release of '{quiz.id}' cannot be listed; is {outbound} readable?")
    return course.notebook("release", quiz.id)


def _put_in_place(course: Course, staged: Course, quiz: Quiz, people: tuple[Person, ...]) -> None:
    if course.gradebook.exists():
        gradebook.copy_assignment(staged.database, course.database, quiz.id)
        gradebook.write_people(course.database, people)
    else:
        staged.gradebook.rename(course.gradebook)
        gradebook.use_wal(course.database)
    for step in ("source", "release"):
        replace_folder(staged.notebook(step, quiz.id).parent, course.notebook(step, quiz.id).parent)


def _stage_exchange(config: Config, stage: Path) -> None:
    """An empty exchange. It is there before nbgrader looks, which complains of a missing one, and looks only once."""
    root = stage / "exchange"
    root.mkdir()
    root.chmod(0o777)  # as nbgrader has it; `stage` itself is closed to others
    config.Exchange.root = str(root)


def _open_exchange(config: Config) -> Path:
    """The course's outbound folder in the exchange, made with nbgrader's own permissions where it is missing."""
    api = NbGraderAPI(config=config)
    exchange = ExchangeReleaseAssignment(coursedir=api.coursedir, authenticator=api.authenticator, config=config)
    exchange.ensure_root()
    exchange.init_dest()
    return Path(exchange.outbound_path)


def _forbid_changes(course: Course, quiz: Quiz, source: dict[str, Any]) -> None:
    old = course.notebook("release", quiz.id)
    try:
        if not old.is_file() or release_of(_load_json(old)) == release_of(source):
            return
    except ValueError:
        return  # a damaged release is replaced; answers to another one are refused when they are graded
    inbound = list(course.exchange.glob(f"*/inbound/*+{quiz.id}+*"))
    answered = len(set(course.submissions(quiz.id)) | {path.name.partition("+")[0] for path in inbound})
    if answered:
        raise CourseError(
            f"{answered} people have answered '{quiz.id}' as it was released; a changed one needs a name of its own. "
            f"Copy quizzes/{quiz.id}.toml, e.g. to quizzes/{quiz.id}-2.toml, and release that"
        )


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy, also while somebody is writing (SQLite's backup interface)."""
    try:
        with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
            old.backup(new)
    except sqlite3.DatabaseError as error:
        raise CourseError(
            f"{source} cannot be read: {error}. Put back a copy of it, or move it away and release again"
        ) from None


def _load_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, kw_only=True)
class CollectReport:
    """Who handed in a check, by person."""

    new: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[SubmissionError, ...] = ()
    """What lies in the exchange for this check and cannot be taken; ``person`` is the folder's name."""
    foreign: tuple[tuple[str, str], ...] = ()
    """``(person, owner)`` where a submission names one person and its folder belongs to the account of another."""


def collect_quiz(course: Course, quiz_id: str) -> CollectReport:
    """Fetch each person's newest submission from the exchange into ``submitted/``.

    A newer submission takes the place of an older one; grades that a person gave stay and are marked for a second
    look when the answers differ. Whatever in the exchange cannot be taken is reported and leaves the others alone.
    """
    config = _load_config(course)
    with course.staging() as stage, _quiet_nbgrader() as heard:
        staging = copy.deepcopy(config)
        staging.CourseDirectory.root = str(stage)
        staging.CourseDirectory.db_url = course.database
        _stage_exchange(staging, stage)
        # Of the copies, which are ours, nbgrader cannot tell it any more.
        staging.ExchangeCollect.check_owner = False
        refused, foreign = _screen_inbound(config, stage / "exchange", quiz_id)
        _run("collect submissions", NbGraderAPI(config=staging).collect(quiz_id, update=True), heard)
        new, updated, unchanged = [], [], []
        with uninterrupted():
            for person in Course(stage).submissions(quiz_id):
                fetched = stage / "submitted" / person / quiz_id
                present = course.root / "submitted" / person / quiz_id
                if not present.exists():
                    new.append(person)
                elif _stamp(fetched) > _stamp(present):
                    updated.append(person)
                else:
                    unchanged.append(person)
                    continue
                replace_folder(fetched, present)
    return CollectReport(
        new=tuple(new), updated=tuple(updated), unchanged=tuple(unchanged), refused=refused, foreign=foreign
    )


def return_feedback(
    course: Course,
    quiz_id: str,
    *,
    finished: bool,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> jobs.FeedbackReport:
    """Write everybody's page into ``feedback/`` and return it through the exchange, where only its owner finds it.

    Returning again replaces the pages. Employees fetch theirs with `nbgrader fetch_feedback` or in JupyterLab's list
    of assignments.
    """
    config = _load_config(course)
    with course.staging() as stage, _quiet_nbgrader():
        staged = Course(stage)
        report = jobs.stage_feedback(course, quiz_id, staged, finished=finished, progress=progress)
        check_writable(course.notebook("feedback", quiz_id, person).parent.parent for person in report.people)
        with uninterrupted():
            _place_pages(config, staged, quiz_id, report.secrets)
            for person in report.people:
                replace_folder(
                    staged.notebook("feedback", quiz_id, person).parent,
                    course.notebook("feedback", quiz_id, person).parent,
                )
    return report


def _place_pages(config: Config, pages: Course, quiz_id: str, secrets: Mapping[str, str]) -> None:
    """Copy pages to where `nbgrader fetch_feedback` looks for them, under names that only their owners can tell.

    nbgrader's own `release_feedback` stops at the first person without a secret and leaves every file open.
    """
    api = NbGraderAPI(config=config)
    exchange = ExchangeReleaseFeedback(coursedir=api.coursedir, authenticator=api.authenticator, config=config)
    exchange.ensure_root()
    exchange.init_dest()
    target = Path(exchange.dest_path)
    for person, secret in secrets.items():
        name = feedback_name(secret, quiz_id)
        draft = target / f".{name}.new"
        shutil.copyfile(pages.notebook("feedback", quiz_id, person).with_suffix(".html"), draft)
        draft.chmod(0o644)
        draft.replace(target / name)


TAKEN = {"timestamp.txt": 200, FEEDBACK_KEY: 1_000}
"""What `nbgrader submit` puts beside the notebook, and how many bytes of it we take. The secret finds feedback."""


def _screen_inbound(
    config: Config, exchange: Path, quiz_id: str
) -> tuple[tuple[SubmissionError, ...], tuple[tuple[str, str], ...]]:
    """Copy what is a submission of the check from the course's exchange into `exchange`, and nothing else.

    Anybody may write to the inbound folder, and nbgrader follows links with the trainer's rights, waits for pipes and
    gives up on all where one is odd. Returns what was refused, and ``(person, owner)`` of another's folders.
    """
    api = NbGraderAPI(config=config)
    collect = ExchangeCollect(coursedir=api.coursedir, authenticator=api.authenticator, config=config)
    source = Path(collect.root) / api.coursedir.course_id / "inbound"
    target = exchange / api.coursedir.course_id / "inbound"
    target.mkdir(parents=True)
    if not source.is_dir():
        raise CourseError(f"there is no {source}; release the check first: visionquiz release {quiz_id}")
    newest: dict[str, dt.datetime] = {}
    refused: list[tuple[str, dt.datetime | None, SubmissionError]] = []
    foreign = set()
    for name in sorted(path.name for path in source.iterdir()):
        if quiz_id not in name.split("+")[1:]:
            continue  # of another assignment
        person, moment = "", None
        try:
            person, moment = _read_name(name, quiz_id)
            owner = _copy_submission(source / name, target / name, quiz_id)
        except SubmissionError as error:
            refused.append((person, moment, error))
            shutil.rmtree(target / name, ignore_errors=True)
            continue
        newest[person] = max(moment, newest.get(person, moment))
        # Who owns what we own could as well write into submitted/: that is a course on one account.
        if collect.check_owner and owner != os.getuid() and _account(owner) != person:
            foreign.add((person, _account(owner)))
    # Once a person has handed it in anew, the earlier one needs nobody's attention.
    left = [error for person, moment, error in refused if not (moment and moment < newest.get(person, moment))]
    return tuple(left), tuple(sorted(foreign))


def _read_name(name: str, quiz_id: str) -> tuple[str, dt.datetime]:
    """Who and when, by the name that `nbgrader submit` gives a folder: ``person+quiz+time+random``."""
    person, *rest = name.split("+")
    if len(rest) in (2, 3) and rest[0] == quiz_id and PERSON.fullmatch(person):
        with contextlib.suppress(Exception):  # anybody makes the names, and what dateutil raises is not written down
            moment: dt.datetime = parse_utc(rest[1])
            return person, moment
    raise _refuse(name, "its name is not person+check+time, as 'nbgrader submit' makes it")


def _copy_submission(source: Path, target: Path, quiz_id: str) -> int:
    """Copy the files of one submission that are taken. Returns the user id of its owner.

    Works on open folders and files, so that nobody can put a link in their place in between.
    """
    try:
        folder = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        what = "it is a link or a file, not a folder" if source.is_symlink() or not source.is_dir() else error.strerror
        raise _refuse(source.name, f"{what}") from None
    try:
        target.mkdir()
        for name, limit in {f"{quiz_id}.ipynb": NOTEBOOK_LIMIT, **TAKEN}.items():
            try:
                handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            except FileNotFoundError:
                if name in TAKEN:
                    continue
                raise _refuse(source.name, f"there is no {name} in it") from None
            except OSError as error:
                raise _refuse(source.name, f"{name} in it is a link or cannot be read ({error.strerror})") from None
            try:
                status = os.fstat(handle)
                if not stat.S_ISREG(status.st_mode):
                    raise _refuse(source.name, f"{name} in it is not a plain file")
                if status.st_size > limit:
                    raise _refuse(
                        source.name,
                        f"{name} in it has {status.st_size:,} bytes, and at most {limit:,} are taken",
                    )
                with open(handle, "rb", closefd=False) as file:
                    (target / name).write_bytes(file.read(limit))
            finally:
                os.close(handle)
        return os.fstat(folder).st_uid
    finally:
        os.close(folder)


def _refuse(name: str, reason: str) -> SubmissionError:
    # A name can hold anything but a slash, also what a terminal obeys.
    shown = name if name.isprintable() else ascii(name)
    return SubmissionError(shown, f"{reason}; remove it from inbound/ and ask for it to be submitted again")


def _account(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _stamp(folder: Path) -> str:
    """When it was handed in, as text that sorts by time; nbgrader writes the zone last and here it is always UTC."""
    try:
        return (folder / "timestamp.txt").read_text(encoding="ascii", errors="replace")[:40]
    except OSError:
        return ""


def make_demo(
    folder: Path,
    *,
    organisation: str,
    people: int,
    seed: int,
    until: str,
    replace: bool,
    tell: Callable[[str], None],
) -> Course:
    """A complete course of an invented organisation, run up to a step: released, submitted, graded or published."""
    from visionquiz import demo

    quiz_id = "vision-check"
    marker = folder / DEMO_MARKER
    staff = demo.load_staff(organisation)
    if replace and folder.exists() and any(folder.iterdir()) and not marker.is_file():
        raise CourseError(f"{folder} is not a demo; it is not replaced. Choose another folder")
    with new_folder(folder, replace=replace) as draft:
        tell(f"1/5  Making the course of {organisation.title()} with {people:,} invented employees")
        shutil.copytree(
            kit_path("assessments") / organisation,
            draft,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("people.toml"),
        )
        write_config(draft, organisation)
        (draft / DEMO_MARKER).write_text(
            "Made by: visionquiz demo. People and answers are invented.\n", encoding="utf-8"
        )
        course = open_course(draft)
        vision = course.load_vision()
        employees = demo.invent_people(staff, people, seed)
        demo.write_roster(employees, course.roster_file)
        errors = [problem for problem in jobs.check_course(course) if problem.severity == "error"]
        if errors:
            raise InputError(errors)
        quiz = course.load_quiz(quiz_id, vision)
        tell(f"2/5  Releasing the check '{quiz_id}' with nbgrader")
        release = release_quiz(course, quiz, vision, employees)
        if until != "released":
            inbound = course.exchange / organisation / "inbound"
            typed = demo.invent_answers(staff, quiz, vision, employees, seed)
            count = demo.write_inbound(inbound, release, quiz, typed, seed)
            collect_quiz(course, quiz_id)
            tell(f"3/5  {count:,} employees handed it in; collected")
        if until in ("graded", "published"):
            report = jobs.grade_quiz(course, quiz_id)
            tell(f"4/5  Graded {report.graded:,} submissions; {report.review:,} answers for a person to look at")
        if until == "published":
            # The demo tells the same story on every day.
            now = (quiz.due or dt.datetime(2027, 1, 1, tzinfo=dt.UTC)) + dt.timedelta(days=1)
            jobs.publish(course, quiz_id, minimum=5, now=now)
            tell("5/5  Published the manager's page, small groups hidden")
    return open_course(folder)
