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
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbgrader
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeError
from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
    ExchangeSubmit,
)
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
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
from visionquiz.errors import CourseError, DeskError, InputError, SubmissionError
from visionquiz.inbound import Screened, attempt_name, keep_attempt, screen_inbound
from visionquiz.kit import kit_path
from visionquiz.learning import read_learned
from visionquiz.notebook import dump_notebook, find_key, release_of, write_quiz
from visionquiz.quiz import Quiz
from visionquiz.receipt import Receipt
from visionquiz.roster import Person
from visionquiz.submission import feedback_name
from visionquiz.taking import (
    Counter,
    Desk,
    choose_answers,
    fill_paper,
    keep_receipt,
    read_back,
    write_counter,
)
from visionquiz.vision import Vision

__all__ = [
    "CollectReport",
    "GradeAnswers",
    "assign_penalties",
    "collect_quiz",
    "configure_course",
    "hand_in",
    "make_demo",
    "make_desk",
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
    if Course(root).database_file.is_file():
        config.CourseDirectory.db_url = Course(root).database
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


def assign_penalties(course: Course, quiz_id: str) -> None:
    """Take off late submissions what the course's own ``nbgrader_config.py`` asks for; nbgrader's rule does it.

    For after `jobs.grade_quiz`, where `has_penalties`; whoever is graded by nbgrader itself has it already.
    """
    config = _load_config(course)
    with _quiet_nbgrader():
        with Gradebook(course.database) as book:
            late = [
                one.student_id
                for one in book.find_assignment(quiz_id).submissions
                if one.total_seconds_late > 0 or one.late_submission_penalty
            ]
        for person in late:
            about = {"notebook": quiz_id, "assignment": quiz_id, "student": person, "db_url": course.database}
            AssignLatePenalties(config=config).preprocess(NotebookNode(cells=[]), {"nbgrader": about})


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
        config = PyFileConfigLoader(path.name, path=str(course.root)).load_config()
    except Exception as error:  # whatever a person wrote into it
        raise CourseError(f"{path} cannot be used: {type(error).__name__}: {error}") from None
    _link_exchange(course, config)
    return config


def _link_exchange(course: Course, config: Config) -> None:
    """Where the exchange lies elsewhere, as it does for many users, a link in the course leads to the course's part.

    What counts, hands over or erases answers looks for them there, and need not import nbgrader to know.
    """
    coursedir = CourseDirectory(config=config)
    place = course.root / ExchangeSubmit(coursedir=coursedir, config=config).root / coursedir.course_id
    here = course.exchange / coursedir.course_id
    if place == here or (place.exists() and here.exists() and place.samefile(here)):
        return
    if here.is_symlink():
        here.unlink()
    elif here.exists():
        raise CourseError(
            f"nbgrader_config.py says that the exchange is {place.parent}, and {here} is from before; move it to "
            f"{place}, or remove it where nobody's answers are in it"
        )
    here.parent.mkdir(exist_ok=True)
    here.symlink_to(place)


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
    config = _load_config(course)
    _forbid_changes(course, quiz, source)
    with course.staging() as stage, _quiet_nbgrader() as heard:
        target = stage / "source" / "." / quiz.id / f"{quiz.id}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(dump_notebook(source), encoding="utf-8")
        staged = Course(stage)
        if course.gradebook.exists():
            _copy_database(course.gradebook, staged.gradebook)
        elif course.has_gradebook:
            # On a server: its tables, and of its rows those of this check, so that they keep their ids.
            for url in (course.database, staged.database):
                _make_tables(url)
            gradebook.copy_assignment(course.database, staged.database, quiz.id)
        staging = copy.deepcopy(config)
        staging.CourseDirectory.root = str(stage)
        staging.CourseDirectory.db_url = staged.database
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


def _make_tables(url: str) -> None:
    with Gradebook(url):
        pass


def _put_in_place(course: Course, staged: Course, quiz: Quiz, people: tuple[Person, ...]) -> None:
    if course.has_gradebook:
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
        if any(sign in str(error) for sign in FULL):
            raise CourseError(
                f"no copy of {source} could be made ({error}); is the disk full? Make room, then try again"
            ) from None
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
    looks: int
    """Second looks that were asked for and are new."""
    screened: Screened
    """What was refused, and what somebody should ask about."""


def collect_quiz(course: Course, quiz_id: str) -> CollectReport:
    """Fetch each person's newest submission from the exchange into ``submitted/``, earlier ones into ``attempts/``.

    Second looks that were asked for go into the gradebook. Whatever in the exchange cannot be taken is reported and
    leaves the others alone.
    """
    config = _load_config(course)
    quiz = course.load_quiz(quiz_id, course.load_vision())
    with course.staging() as stage, _quiet_nbgrader() as heard:
        staging = copy.deepcopy(config)
        staging.CourseDirectory.root = str(stage)
        staging.CourseDirectory.db_url = course.database
        _stage_exchange(staging, stage)
        # Of the copies, which are ours, nbgrader cannot tell it any more.
        staging.ExchangeCollect.check_owner = False
        api = NbGraderAPI(config=config)
        collect = ExchangeCollect(coursedir=api.coursedir, authenticator=api.authenticator, config=config)
        inbound = Path(collect.root) / api.coursedir.course_id / "inbound"
        copies = stage / "exchange" / api.coursedir.course_id / "inbound"
        copies.mkdir(parents=True)
        screened = screen_inbound(inbound, copies, quiz, check_owner=collect.check_owner)
        _run("collect submissions", NbGraderAPI(config=staging).collect(quiz_id, update=True), heard)
        new, updated, unchanged = [], [], []
        with uninterrupted():
            for person in Course(stage).submissions(quiz_id):
                fetched = stage / "submitted" / person / quiz_id
                present = course.root / "submitted" / person / quiz_id
                if not present.exists():
                    new.append(person)
                elif attempt_name(fetched) > attempt_name(present):
                    updated.append(person)
                    keep_attempt(course, quiz_id, person, present)
                else:
                    unchanged.append(person)
                    continue
                replace_folder(fetched, present)
            for person, earlier in screened.earlier:
                keep_attempt(course, quiz_id, person, earlier)
        looks = 0
        if screened.looks:
            looks = gradebook.write_looks(course.database, quiz_id, screened.looks, _now())
    return CollectReport(
        new=tuple(new), updated=tuple(updated), unchanged=tuple(unchanged), looks=looks, screened=screened
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


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


DESK_CONFIG = """\
# Written by visionquiz take, anew each time: nbgrader hands in to the course as this person.
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course!r}
c.CourseDirectory.student_id = {person!r}
c.CourseDirectory.ignore = {ignore!r}
c.Exchange.root = {root!r}
c.Exchange.cache = {cache!r}
"""

NOT_SENT = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback*", "answers*.json", "receipt-*", ".*"]
"""What stays in the desk when somebody hands in with nbgrader's own button."""


def make_desk(course: Course, quiz_id: str, person: Person) -> Path:
    """The folder where one person answers a check on this machine: made where it is missing, kept where it is not.

    Returns ``desks/<person>/<quiz>``. Raises `CourseError` where the check is not released.
    """
    api = NbGraderAPI(config=_load_config(course))
    exchange = ExchangeSubmit(coursedir=api.coursedir, authenticator=api.authenticator, config=api.config)
    about = api.coursedir.course_id
    released = Path(exchange.root) / about / "outbound" / quiz_id / f"{quiz_id}.ipynb"
    if not released.is_file():
        raise CourseError(f"'{quiz_id}' is not released yet; first: visionquiz release {quiz_id}")
    home = course.desk(person.person, quiz_id).parent
    for folder in (home.parent, home, home / quiz_id):
        folder.mkdir(mode=0o700, exist_ok=True)
    cache = home / ".handed-in"
    settings = DESK_CONFIG.format(
        course=about, person=person.person, ignore=NOT_SENT, root=str(exchange.root), cache=str(cache)
    )
    (home / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    notebook = home / quiz_id / f"{quiz_id}.ipynb"
    if not notebook.exists():
        draft = notebook.with_suffix(".new")
        shutil.copyfile(released, draft)
        draft.rename(notebook)
    write_counter(notebook.parent, Counter(exchange=Path(exchange.root) / about, cache=cache / about))
    return notebook.parent


def hand_in(desk: Desk) -> Receipt:
    """Hand in what a desk holds through nbgrader's exchange, in a fresh copy of the released notebook.

    The draft itself and whatever else is in the desk is not sent. Raises `DeskError` where nothing was handed in.
    """
    with tempfile.TemporaryDirectory(prefix="visionquiz-") as stage, _quiet_nbgrader() as heard:
        config = _load_desk_config(desk)
        config.Exchange.assignment_dir = stage
        config.Exchange.path_includes_course = False
        coursedir = CourseDirectory(config=config)
        submit = ExchangeSubmit(coursedir=coursedir, authenticator=Authenticator(config=config), config=config)
        if not coursedir.course_id:
            raise DeskError("this machine does not know which course to hand in to; ask your trainer")
        counter = Counter(
            exchange=Path(submit.root) / coursedir.course_id, cache=Path(submit.cache) / coursedir.course_id
        )
        released = counter.exchange / "outbound" / desk.quiz / f"{desk.quiz}.ipynb"
        filled = dump_notebook(fill_paper(desk, choose_answers(desk), released))
        source = Path(stage) / desk.quiz
        source.mkdir(mode=0o700)  # nbgrader's own copy gets the same mode
        (source / f"{desk.quiz}.ipynb").write_text(filled, encoding="utf-8")
        try:
            submit.start()
            receipt = read_back(Path(submit.inbound_path) / submit.assignment_filename, desk.paper, desk.taker.person)
        except BaseException as error:
            # Half of an attempt must not be collected.
            if getattr(submit, "assignment_filename", ""):
                shutil.rmtree(Path(submit.inbound_path) / submit.assignment_filename, ignore_errors=True)
            if isinstance(error, OSError | ExchangeError):
                said = "; ".join(heard[-2:]) or str(error)
                why = "the disk is full" if any(sign in said for sign in FULL) else said
                raise DeskError(f"nbgrader could not take it: {why}") from None
            raise
    # It is handed in; that these two could not be written must not read like a failure.
    with contextlib.suppress(OSError):
        write_counter(desk.folder, counter)
        keep_receipt(desk, receipt)
    return receipt


def _load_desk_config(desk: Desk) -> Config:
    """What nbgrader is set to in a desk: by the machine, the account, the folder above and the desk itself."""
    app = NbGrader(log_level=logging.ERROR)  # that there is no file of settings is nothing to tell an employee
    app.load_cwd_config = False
    app.load_config_file()
    config = copy.deepcopy(app.config)
    for folder in (desk.folder.parent, desk.folder):
        if (folder / "nbgrader_config.py").is_file():
            try:
                config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config())
            except Exception as error:  # whatever somebody wrote into it
                raise DeskError(f"nbgrader_config.py cannot be used: {type(error).__name__}: {error}") from None
    config.CourseDirectory.student_id = desk.taker.person
    config.CourseDirectory.assignment_id = desk.quiz
    if config.Exchange.path_includes_course is True:
        config.CourseDirectory.course_id = desk.folder.parent.name
    return config


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
            tell("5/5  Published the managers' page, small groups hidden")
    return open_course(folder)
