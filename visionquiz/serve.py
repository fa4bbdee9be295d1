"""Start JupyterLab (with formgrader) and the managers' apps on this machine, and end them again."""

import contextlib
import datetime as dt
import ipaddress
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from visionquiz.audiences import EVERYTHING, OWNER
from visionquiz.course import Course
from visionquiz.errors import CourseError
from visionquiz.grading.shared import GRADER, share_grader
from visionquiz.kit import kit_path
from visionquiz.links import make_link, read_secret
from visionquiz.quality import QUALITY
from visionquiz.store import Store, make_store_file, store_url
from visionquiz.summaries import SUMMARIES
from visionquiz.taking import Taker

__all__ = [
    "CODE_LETTERS", "Apps", "Server", "Session", "check_address", "free_port", "make_code", "start_apps", "start_desk",
    "start_lab", "start_lesson_lab", "start_lessons", "start_session",
]  # fmt: skip

START = 90.0
"""Seconds that a server may take to answer; a slow disk needs most of them the first time."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server. ``url`` opens it in a browser; whoever started it ends it by leaving the context."""

    url: str
    formgrader: str = ""
    """Opens formgrader, signed in; only of JupyterLab."""
    process: "subprocess.Popen[bytes]"
    log: Path

    def wait(self) -> None:
        """Until it ends by itself."""
        self.process.wait()


@dataclass(frozen=True, kw_only=True)
class Apps(Server):
    """The managers' server. ``url`` opens it with everything in sight; ``base`` is its address."""

    trainer: str
    """Opens it with everything in sight, and how well the checks measure."""
    base: str
    secret: str

    def link(self, manager: str) -> str:
        """The personal link of a manager, by their person id."""
        return make_link(self.base, manager, self.secret)


CODE_LETTERS = "BCDFGHJKMNPQRTVWXYZ346789"
"""Of a join code: none is taken for another one when it is read aloud or from a wall, and no word comes about."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """A running session for a room."""

    learners: Server
    trainer: Server
    code: str
    """What learners type, such as ``KPT-4X7``."""
    store: str
    """The URL of the session's store."""
    join: str
    """The address that learners open."""
    desk: str
    """The address of the trainer's desk, with its token."""
    wall: str
    """The address of the wall, for the projector, with its token."""


def make_code() -> str:
    """A new join code: six letters of `CODE_LETTERS`, one of 244 million."""
    letters = [secrets.choice(CODE_LETTERS) for _ in range(6)]
    return f"{''.join(letters[:3])}-{''.join(letters[3:])}"


def check_address(address: str) -> str:
    """The address as written in URLs, if this machine has it. Raises `CourseError` that says which it seems to have."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        raise CourseError(f"'{address}' is no address such as 192.168.1.20; {_own_addresses()}") from None
    if found.is_unspecified:
        raise CourseError(f"learners need one address to type, and {address} stands for all; {_own_addresses()}")
    try:
        with socket.socket(socket.AF_INET6 if found.version == 6 else socket.AF_INET) as probe:
            probe.bind((address, 0))
    except OSError:
        raise CourseError(f"this machine does not have the address {address}; {_own_addresses()}") from None
    return f"[{found}]" if found.version == 6 else str(found)


def _own_addresses() -> str:
    """Where this machine can be reached: what it would send from. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation, which nobody has
            return f"in the network it seems to be {probe.getsockname()[0]}"
        except OSError:
            return "it seems to be in no network; 127.0.0.1 is this machine alone"


def free_port(address: str = "127.0.0.1", port: int = 0) -> int:
    """A port that nobody uses at this moment, on loopback or another address of this machine: this one, or any.

    Raises `CourseError` where this one is taken: what answers there would be held for ours.
    """
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        # As servers do, so that a port counts as free whose last server has just ended.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise CourseError(f"port {port} cannot be used: {error.strerror}; name another one, or none") from None
        free: int = probe.getsockname()[1]
        return free


@contextlib.contextmanager
def start_lab(course: Course, port: int = 0, notebook: str = "") -> Iterator[Server]:
    """JupyterLab with formgrader on the course, on loopback, behind a token that is in the address; with `notebook`, a
    path in the course folder, the address opens that.
    """
    port = free_port(port=port)
    token = secrets.token_urlsafe(24)
    # The token goes by environment: what is on a command line, other users of the machine can read.
    env = {
        "JUPYTER_TOKEN": token,
        "JUPYTER_PREFER_ENV_PATH": "1",
        # Switches off the question whether to fetch Jupyter's news.
        "JUPYTER_CONFIG_PATH": _paths(kit_path("assessments"), "JUPYTER_CONFIG_PATH"),
    }
    options = [
        f"--ServerApp.root_dir={course.root}",
        "--ServerApp.terminals_enabled=False",
        # No call home for newer versions.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    command = ["jupyterlab", *_common("ServerApp", port), *options]
    with _start(command, course.root, env, f"http://127.0.0.1:{port}/api/status?token={token}") as (process, log):
        base = f"http://127.0.0.1:{port}"
        yield Server(
            url=f"{base}/{f'doc/tree/{urllib.parse.quote(notebook)}' if notebook else 'lab'}?token={token}",
            # Formgrader itself does not take a token from the address; the login page does, and goes on to it.
            formgrader=f"{base}/login?next=%2Fformgrader%2Fmanage_assignments&token={token}",
            process=process,
            log=log,
        )


@contextlib.contextmanager
def start_lesson_lab(folder: Path, vision: Path | None = None, port: int = 0) -> Iterator[Server]:
    """JupyterLab on a folder with copies of the lessons, which are made where they are missing, so that a trainer can
    change them.
    """
    port = free_port(port=port)
    token = secrets.token_urlsafe(24)
    for lesson in sorted(kit_path("notebooks").glob("*.ipynb")):
        if not (folder / lesson.name).exists():
            shutil.copyfile(lesson, folder / lesson.name)
    env = {
        "JUPYTER_TOKEN": token,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_CONFIG_PATH": _paths(kit_path("assessments"), "JUPYTER_CONFIG_PATH"),
        "VISIONQUIZ_SERVED": str(folder),
        **({"VISIONQUIZ_VISION": str(vision)} if vision else {}),
    }
    options = [
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.terminals_enabled=False",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    command = ["jupyterlab", *_common("ServerApp", port), *options]
    base = f"http://127.0.0.1:{port}"
    with _start(command, folder, env, f"{base}/api/status?token={token}") as (process, log):
        yield Server(url=f"{base}/lab?token={token}", process=process, log=log)


@contextlib.contextmanager
def start_lessons(vision: Path, folder: Path, port: int = 0) -> Iterator[Server]:
    """The lessons as pages on loopback, behind a token that is in the address. They speak of the vision in a file, and
    keep a learner's own files in `folder`.
    """
    port = free_port(port=port)
    token = secrets.token_urlsafe(24)
    with tempfile.TemporaryDirectory(prefix="visionquiz-") as home:
        env = {
            "VISIONQUIZ_SERVER": "lessons",
            "VISIONQUIZ_TOKEN": token,
            "VISIONQUIZ_VISION": str(vision),
            "VISIONQUIZ_FOLDER": str(folder.absolute()),
        }
        with _start_pages(Path(home), "lessons", env, "127.0.0.1", port) as server:
            yield Server(url=f"{server.url}?token={token}", process=server.process, log=server.log)


@contextlib.contextmanager
def start_session(
    vision: Path,
    people: Sequence[tuple[str, str]] = (),
    *,
    address: str = "127.0.0.1",
    port: int = 0,
    keep: Path | str | None = None,
) -> Iterator[Session]:
    """A session for a room: a server for learners on `address`, who join by a code, and one for the trainer on
    loopback; and a process that grades for all kernels. `people` are the names and teams to choose from; with none,
    everybody types a name or stays without.

    What the room gives goes into the file `keep`, or onto the PostgreSQL server with this URL; without, everything is
    removed at the end. Raises `VisionQuizError` where a server does not start, or `keep` cannot be used.
    """
    host = check_address(address)
    port, code, token = free_port(address, port), make_code(), secrets.token_urlsafe(24)
    join = f"http://{host}:{port}/"
    # Only we may read what is in it: what the room says, and the servers' logs.
    # The name is short: sockets lie in it, and their paths have at most 103 bytes on some systems.
    with tempfile.TemporaryDirectory(prefix="vq-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        if isinstance(keep, Path):
            make_store_file(keep)
        url = room = store_url(keep or home / "room.db")
        Store(url).close()
        if isinstance(keep, str):
            # The address may hold a password. What is in the environment is inherited and shown more widely than what
            # is in a file that only we can read.
            room = str(home / "room.url")
            with open(os.open(room, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(url)
        seats = home / "seats"
        seats.mkdir()
        listed = home / "people.json"
        listed.write_text(json.dumps([[name, team] for name, team in people]), encoding="utf-8")
        common = {
            "VISIONQUIZ_ROOM": room,
            "VISIONQUIZ_VISION": str(vision),
            "VISIONQUIZ_CODE": code,
            "VISIONQUIZ_JOIN": join,
            "VISIONQUIZ_BEGAN": dt.datetime.now(dt.UTC).isoformat(),
            "VISIONQUIZ_FOLDER": str(seats),
            GRADER: str(home / "grader"),
        }
        learners = {**common, "VISIONQUIZ_SERVER": "learners", "VISIONQUIZ_PEOPLE": str(listed)}
        trainer = {**common, "VISIONQUIZ_SERVER": "trainer", "VISIONQUIZ_TOKEN": token}
        with (
            _end_by_signals(),
            share_grader(home / "grader"),
            _start_pages(home, "learners", learners, address, port) as first,
            _start_pages(home, "trainer", trainer, "127.0.0.1", free_port(), desk=True) as second,
        ):
            yield Session(
                learners=Server(url=join, process=first.process, log=first.log),
                trainer=Server(url=f"{second.url}?token={token}", process=second.process, log=second.log),
                code=code,
                store=url,
                join=join,
                desk=f"{second.url}voila/render/desk.ipynb?token={token}",
                wall=f"{second.url}voila/render/wall.ipynb?token={token}",
            )


@contextlib.contextmanager
def _start_pages(
    home: Path, name: str, env: dict[str, str], address: str, port: int, *, desk: bool = False
) -> Iterator[Server]:
    """Voila with the lessons, the workbench, the vision card, and the trainer's desk and wall where they are wanted."""
    folder = home / name
    folder.mkdir()
    for lesson in sorted(kit_path("notebooks").glob("[0-9][0-9]-*.ipynb")):
        if not lesson.name.startswith("00-"):
            shutil.copyfile(lesson, folder / lesson.name)
    shutil.copyfile(kit_path("notebooks") / "workbench.ipynb", folder / "workbench.ipynb")
    for app in ("vision", "desk", "wall") if desk else ("vision",):
        shutil.copyfile(kit_path("voila_apps") / f"{app}.ipynb", folder / f"{app}.ipynb")
    env = {
        **env,
        "JUPYTER_PATH": _paths(kit_path("voila_apps"), "JUPYTER_PATH"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        # Kernels' connection files and whatever else is temporary ends with the rest.
        "TMPDIR": str(home),
    }
    options = [f"--Voila.ip={address}", f"--port={port}", f"--Voila.root_dir={folder}"]
    host = f"[{address}]" if ":" in address else address
    base = f"http://{host}:{port}/"
    logs = home / "logs" / name
    logs.mkdir(parents=True)
    command = ["visionquiz.session", *options]
    with _start(command, folder, env, f"{base}voila/static/voila.js", logs=logs) as (process, log):
        yield Server(url=base, process=process, log=log)


@contextlib.contextmanager
def start_desk(desk: Path, quiz: str, taker: Taker, port: int = 0) -> Iterator[Server]:
    """JupyterLab for one employee in the folder above `desk`, with the check open and little else to see."""
    port = free_port(port=port)
    token = secrets.token_urlsafe(24)
    home = desk.parent
    assessments = kit_path("assessments")
    env = {
        "JUPYTER_TOKEN": token,
        "JUPYTER_PREFER_ENV_PATH": "1",
        # Several people may share the account: none sees another's settings and open documents.
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        # nbgrader finds its settings from every folder below.
        "JUPYTER_CONFIG_PATH": os.pathsep.join([str(home), str(assessments / "desk"), str(assessments)]),
        "VISIONQUIZ_PERSON": taker.person,
        "VISIONQUIZ_NAME": taker.name,
        "VISIONQUIZ_ROLE": taker.role,
    }
    options = [
        f"--ServerApp.root_dir={home}",
        "--ServerApp.terminals_enabled=False",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    command = ["jupyterlab", *_common("ServerApp", port), *options]
    base = f"http://127.0.0.1:{port}"
    with _start(command, home, env, f"{base}/api/status?token={token}", logs=home / ".jupyter") as (process, log):
        yield Server(url=f"{base}/doc/tree/{quiz}/{quiz}.ipynb?token={token}", process=process, log=log)


@contextlib.contextmanager
def start_apps(course: Course, port: int = 0) -> Iterator[Apps]:
    """The manager's pages, on loopback. They read published summaries and the vision, nothing else of the course."""
    port = free_port(port=port)
    base, secret = f"http://127.0.0.1:{port}/", read_secret(course.links_key)
    with tempfile.TemporaryDirectory(prefix="vq-", ignore_cleanup_errors=True) as home:
        pages = Path(home) / "pages"
        pages.mkdir()
        for app in ("scores", "vision", "quality"):
            shutil.copyfile(kit_path("voila_apps") / f"{app}.ipynb", pages / f"{app}.ipynb")
        env = {
            "VISIONQUIZ_SERVER": "apps",
            "VISIONQUIZ_TOKEN": secret,
            SUMMARIES: str(course.summaries.absolute()),
            QUALITY: str(course.quality.absolute()),
            "VISIONQUIZ_VISION": str(course.vision_file.absolute()),
            "JUPYTER_PATH": _paths(kit_path("voila_apps"), "JUPYTER_PATH"),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "TMPDIR": home,
        }
        command = ["visionquiz.session", "--Voila.ip=127.0.0.1", f"--port={port}", f"--Voila.root_dir={pages}"]
        logs = course.root / "logs"
        with _start(command, pages, env, f"{base}login", logs=logs) as (process, log):
            yield Apps(
                url=make_link(base, EVERYTHING, secret),
                trainer=make_link(base, OWNER, secret),
                base=base,
                secret=secret,
                process=process,
                log=log,
            )


def _paths(first: Path, variable: str) -> str:
    """The search path in an environment variable, with a folder of ours in front."""
    return os.pathsep.join(filter(None, [str(first), os.environ.get(variable)]))


def _common(name: str, port: int) -> list[str]:
    found = ["--no-browser", f"--{name}.ip=127.0.0.1", f"--port={port}"]
    if name == "ServerApp":
        found.append("--ServerApp.port_retries=0")
        if os.geteuid() == 0:
            # In a container people are often root, and the server is on loopback anyway.
            found.append("--allow-root")
    return found


@contextlib.contextmanager
def _start(
    command: list[str], folder: Path, env: dict[str, str], check: str, *, logs: Path | None = None
) -> Iterator[tuple["subprocess.Popen[bytes]", Path]]:
    logs = logs or folder / "logs"
    logs.mkdir(exist_ok=True)
    log = logs / f"{command[0]}.log"
    process = None
    with _end_by_signals(), open(log, "wb") as out:
        try:
            with _hold_signals():
                # A process group of its own, so that Ctrl-C reaches us first and kernels end with their server.
                process = subprocess.Popen(  # noqa: S603  # our own interpreter, arguments as a list
                    [sys.executable, "-m", *command],
                    cwd=folder,
                    env={**os.environ, **env},
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            _wait_until_up(process, check, log)
            yield process, log
        finally:
            with _hold_signals():
                if process:
                    _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _end_by_signals() -> Iterator[None]:
    """SIGTERM, and SIGHUP of a terminal that is closed, end us as Ctrl-C does, unless they are ignored (nohup)."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets signals
        return

    def end(*signal_and_frame: object) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    ours = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


@contextlib.contextmanager
def _hold_signals() -> Iterator[None]:
    """Whatever would end us waits until the block is done: a terminal that is closed often sends SIGHUP twice."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    waiting: list[int] = []
    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)
        for waited in waiting[:1]:
            signal.raise_signal(waited)


def _wait_until_up(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # loopback
                return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
    raise CourseError(f"the server did not start; the end of {log} says: {' | '.join(tail)}")
