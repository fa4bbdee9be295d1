"""Start JupyterLab (with formgrader) and the managers' apps on this machine, and end them again."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from visionquiz.course import Course
from visionquiz.errors import CourseError
from visionquiz.kit import kit_path
from visionquiz.taking import Taker

__all__ = ["Server", "free_port", "start_apps", "start_desk", "start_lab", "start_lesson_lab"]

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


def free_port() -> int:
    """A port on loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def start_lab(course: Course, port: int = 0, notebook: str = "") -> Iterator[Server]:
    """JupyterLab with formgrader on the course, on loopback, behind a token that is in the address; with `notebook`, a
    path in the course folder, the address opens that.
    """
    port = port or free_port()
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
    port = port or free_port()
    token = secrets.token_urlsafe(24)
    for lesson in sorted(kit_path("notebooks").glob("*.ipynb")):
        if not (folder / lesson.name).exists():
            shutil.copyfile(lesson, folder / lesson.name)
    env = {
        "JUPYTER_TOKEN": token,
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_CONFIG_PATH": _paths(kit_path("assessments"), "JUPYTER_CONFIG_PATH"),
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
def start_desk(desk: Path, quiz: str, taker: Taker, port: int = 0) -> Iterator[Server]:
    """JupyterLab for one employee in the folder above `desk`, with the check open and little else to see."""
    port = port or free_port()
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
def start_apps(course: Course, port: int = 0) -> Iterator[Server]:
    """The manager's page, on loopback. It reads the published summaries and nothing else of the course."""
    port = port or free_port()
    apps = kit_path("voila_apps")
    env = {
        "VISIONQUIZ_SUMMARIES": str(course.summaries),
        "JUPYTER_PATH": _paths(apps, "JUPYTER_PATH"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    options = [
        str(apps / "scores.ipynb"),
        "--template=visionquiz",
        "--base_url=/",
        # A fifth of the stock page: the widgets and what draws them, no JupyterLab extensions.
        "--VoilaConfiguration.extension_allowlist=['@voila-dashboards/widgets-manager8', "
        "'@jupyter-widgets/jupyterlab-manager']",
        # Kernels stay behind when a tab closes (Voila issue 1458); this ends them.
        "--MappingKernelManager.cull_idle_timeout=120",
        "--MappingKernelManager.cull_interval=30",
    ]
    command = ["voila", *_common("Voila", port), *options]
    with _start(command, course.root, env, f"http://127.0.0.1:{port}/voila/static/voila.js") as (process, log):
        yield Server(url=f"http://127.0.0.1:{port}/", process=process, log=log)


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
