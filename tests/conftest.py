"""Fixtures named for the domain: an organisation, its course, and courses of the demo run up to a step."""

import asyncio
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from visionquiz.course import Course, open_course
from visionquiz.kit import kit_path
from visionquiz.quiz import Quiz, load_quiz
from visionquiz.serve import free_port
from visionquiz.vision import Vision, load_vision

if TYPE_CHECKING:
    from ipywidgets import Widget

    from visionquiz.classroom import Classroom

PROJECT = Path(__file__).parent.parent

KINDS = ("nbgrader", "server", "browser", "database", "wheel")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the expected files in tests/golden anew")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many tests of each kind ran, so that a kind that silently stopped running is seen."""
    ran = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    counts = {kind: sum(kind in report.keywords for report in ran) for kind in KINDS}
    counts["plain"] = sum(not any(kind in report.keywords for kind in KINDS) for report in ran)
    terminalreporter.write_line("ran: " + ", ".join(f"{number} {kind}" for kind, number in counts.items()))


def _lack(what: str) -> NoReturn:
    """What a test cannot do without is not here: a failure in CI, a skip elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI must run every test")
    pytest.skip(what)


@pytest.fixture(autouse=True, scope="session")
def signals_as_in_a_terminal() -> None:
    """Programs that tests start would ignore what we ignore: SIGHUP under nohup, SIGINT in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # We ourselves go on: a handler of ours is not inherited.
        signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture(scope="session")
def lack() -> Callable[[str], NoReturn]:
    return _lack


@pytest.fixture
def refuse_code(tmp_path: Path) -> Callable[[Any, Callable[..., str]], None]:
    """Sends a kernel, by an open websocket, everything that would run code, and sees that nothing does."""

    def check(line: Any, message: Callable[..., str]) -> None:
        ran = tmp_path / "ran"
        code = f"open({str(ran)!r}, 'w').close()"
        for kind in ("execute_request", "inspect_request", "complete_request", "debug_request"):
            for channel in ("shell", "control"):
                line.send(message(kind, channel, code=code, silent=False, store_history=False, cursor_pos=3))
        # The kernel is there and answers what it may be asked.
        line.send(message("kernel_info_request"))
        heard: list[dict[str, Any]] = []
        while not any(one["msg_type"] == "kernel_info_reply" for one in heard):
            heard.append(json.loads(line.recv()))
        assert not {one["msg_type"] for one in heard} & {"execute_reply", "execute_result", "complete_reply"}
        assert not ran.exists()
        line.close()

    return check


class Page(HTMLParser):
    """Tags and text of a page, and that every tag is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text, self.attributes = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="session")
def read_page() -> Callable[[str], Page]:
    """Reads HTML, and fails where a tag is left open."""
    return Page


@pytest.fixture(autouse=True)
def no_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in a process of one's own: Playwright's event loop runs in the same thread until the last test is done."""
    if "browser" in request.fixturenames:
        yield
        return
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture(scope="session")
def vision() -> Vision:
    """The default organisation, Hollowmere Water."""
    return load_vision(kit_path("assessments") / "hollowmere" / "vision.toml")


@pytest.fixture(scope="session")
def quiz(vision: Vision) -> Quiz:
    return load_quiz(kit_path("assessments") / "hollowmere" / "quizzes" / "vision-check.toml", vision)


@pytest.fixture
def starter(tmp_path: Path) -> Course:
    """A course as `visionquiz new` makes it."""
    from visionquiz.course import new_course

    return new_course(tmp_path / "acme")


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Course]:
    """Demo courses of 40 people, each made once, by the step they were run up to. Not to be written to."""
    from visionquiz.nbgrader_plugin import make_demo

    made: dict[str, Course] = {}

    def demo(until: str) -> Course:
        if until not in made:
            folder = tmp_path_factory.mktemp("demo") / until
            made[until] = make_demo(
                folder,
                organisation="hollowmere",
                people=40,
                seed=7,
                until=until,
                replace=False,
                tell=lambda text: None,
            )
        return made[until]

    return demo


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Any]:
    """An empty store of a room, in a file."""
    from visionquiz.store import Store, store_url

    one = Store(store_url(tmp_path / "room.db"))
    yield one
    one.close()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database on a PostgreSQL server of our own, up to the database's name."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        _lack("no PostgreSQL was found (Debian, Ubuntu: apt-get install postgresql)")
    programs, user = found[-1].parent, None
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # sockets have short names only
    if os.geteuid() == 0:
        user = "nobody"  # the server refuses to run as root
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()

    def run(program: str, *options: str) -> None:
        command = [str(programs / program), *options]
        subprocess.run(command, user=user, check=True, capture_output=True, cwd=folder)

    run("initdb", "-D", str(data), "-U", "trainer", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "start", "-w", "-D", str(data), "-l", str(folder / "log"), "-o", options)
    yield f"postgresql+psycopg://trainer@127.0.0.1:{port}"
    run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(data))
    shutil.rmtree(folder)


@pytest.fixture
def course_until(demos: Callable[[str], Course], tmp_path: Path) -> Iterator[Callable[[str], Course]]:
    """A copy of a demo course of one's own, to write to."""

    def copy(until: str) -> Course:
        target = tmp_path / f"course-{until}"
        shutil.copytree(demos(until).root, target)
        return open_course(target)

    return copy


def _is_closed(folder: Path) -> bool:
    return not folder.stat().st_mode & stat.S_IXOTH


def _reach(*places: Path) -> list[str]:
    """What to put before a command that becomes another user who must reach `places`, this project and its Python.

    It gets mounts of its own, which nobody else sees and which end with it: what is closed to others on the way, such
    as /root, is covered by a folder that holds these places alone. /mnt is empty and open to all.
    """
    apart = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if not shutil.which("unshare") or subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        _lack("'unshare --mount' does not work here; on Linux root may do it, and most users")
    wanted = [*places]
    for place in (PROJECT, Path(sys.prefix), Path(sys.base_prefix)):
        wanted += [one for one in place.iterdir() if one.is_dir()] if _is_closed(place) else [place]
    tops = [place for place in wanted if not set(place.parents) & set(wanted)]
    ways = [(place, way) for place in tops for way in place.parents if _is_closed(way)]
    closed = {quote(str(place)): quote(str(way)) for place, way in ways}  # of several ways, the topmost stays
    steps = [
        "mount -t tmpfs -o mode=1777 none /mnt",
        *(f"mkdir -p /mnt{place}; mount --rbind {place} /mnt{place}" for place in closed),
        *(f"mount -t tmpfs -o mode=755 none {way}" for way in set(closed.values())),
        *(f"mkdir -p {place}; mount -n --move /mnt{place} {place}" for place in closed),
        'exec "$@"',
    ]
    return [*apart, "sh", "-ec", "; ".join(steps), "reach"]


@pytest.fixture(scope="session")
def reach() -> Callable[..., list[str]]:
    return _reach


FULL_DISK = """
folder=$1 left=$2; shift 2
mkdir /mnt/disk /mnt/kept
mount -t tmpfs -o size=64m none /mnt/disk
mount --bind "$folder" /mnt/kept
cp -a "$folder" /mnt/disk/work
free=$(df -B1 --output=avail /mnt/disk | tail -n 1)
fallocate -l $((free - left)) /mnt/disk/other
mount --bind /mnt/disk/work "$folder"
"$@" && code=0 || code=$?
find /mnt/kept -mindepth 1 -delete
cp -a "$folder/." /mnt/kept
exit $code
"""
"""Moves a folder to a disk of its own with `left` bytes free on it for as long as a command runs."""


@pytest.fixture(scope="session")
def ordinary() -> Callable[..., list[str]]:
    """Makes what to put before a command so that its user is refused what most people are; root becomes 'nobody'.

    The folder that it works in is made that user's. With `left`, this many bytes are left on a disk of its own that
    the folder lies on meanwhile.
    """

    def before(folder: Path, left: int | None = None) -> list[str]:
        disk = [] if left is None else ["sh", "-ec", FULL_DISK, "disk", str(folder), str(left)]
        if os.geteuid():
            return [*_reach(folder), *disk] if disk else []
        account = pwd.getpwnam("nobody")
        subprocess.run(["chown", "-Rh", f"--from={os.geteuid()}", str(account.pw_uid), folder], check=True)
        drop = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        who = ["env", "HOME=/mnt", *(f"{name}={account.pw_name}" for name in ("USER", "LOGNAME"))]
        return [*_reach(folder), *disk, *drop, *who]

    return before


@pytest.fixture
def enter(tmp_path: Path) -> Iterator[Callable[..., "Classroom"]]:
    """Enters a lesson as one of several people in the same room; `store` is the room's."""
    from visionquiz.classroom import ROOM, SEAT, TRAINER, enter_lesson
    from visionquiz.store import Store, store_url

    store = Store(store_url(tmp_path / "room.db"))

    def start(lesson: str, seat: str, *, trainer: bool = False) -> "Classroom":
        return enter_lesson(lesson, tmp_path, {ROOM: store.url, SEAT: seat, TRAINER: "1" if trainer else "0"})

    start.store = store  # type: ignore[attr-defined]
    yield start
    store.close()


@pytest.fixture(
    params=["file", pytest.param("server", marks=[pytest.mark.database, pytest.mark.xdist_group("database")])]
)
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty workshop may be kept: in a file, and on a PostgreSQL server."""
    import sqlalchemy as sa

    from visionquiz.store import store_url

    if request.param == "file":
        return store_url(tmp_path / "workshop.db")
    server = request.getfixturevalue("postgres")
    engine = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("drop database if exists workshop")
        connection.exec_driver_sql("create database workshop")
    engine.dispose()
    return f"{server}/workshop"


@pytest.fixture(scope="session")
def shown() -> "Callable[[Widget], str]":
    """The words of a widget and of what is in it, as far as it is not hidden."""

    def read(widget: "Widget") -> str:
        if widget.layout.display == "none":
            return ""
        own = widget.value if type(widget).__name__ == "HTML" else ""
        parts = [str(getattr(widget, "description", "")), own]
        return " ".join([*parts, *(read(child) for child in getattr(widget, "children", ()))])

    return read


@pytest.fixture(scope="session")
def everything() -> "Callable[[Widget], str]":
    """All that the browser gets of a widget, hidden or not."""

    def read(widget: "Widget") -> str:
        own = str(getattr(widget, "value", ""))
        return " ".join([own, *(read(child) for child in getattr(widget, "children", ()))])

    return read


@pytest.fixture(scope="session")
def draw_in_browser() -> "Callable[[Widget], None]":
    """Has a page hear that a browser has drawn it."""

    def tell(page: "Widget") -> None:
        (connection,) = (one for one in page.children if type(one).__name__ == "Connection")
        connection._handle_custom_msg({"drawn": True}, [])

    return tell
