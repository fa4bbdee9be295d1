"""Who comes into a session's room, and what a browser there cannot do."""

import contextlib
import json
import multiprocessing
import re
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from visionquiz.cli import main
from visionquiz.errors import CourseError
from visionquiz.grading.shared import GRADER
from visionquiz.kit import kit_path
from visionquiz.serve import CODE_LETTERS, check_address, make_code, start_session
from visionquiz.store import Store


@pytest.fixture(scope="module")
def session_module():
    """Imported late: jupyter_server is heavy, and most runs of the tests start elsewhere."""
    from visionquiz import session

    return session


# The door


def test_a_code_is_said_and_typed_without_mistakes(session_module):
    codes = {make_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(rf"[{CODE_LETTERS}]{{3}}-[{CODE_LETTERS}]{{3}}", code) for code in codes)
    assert not set(CODE_LETTERS) & set("AEIOU01L5S2"), "no words, nothing that is taken for something else"
    for typed in ("KPT-4X7", "kpt4x7", " kpt 4x7 ", "K-P-T-4-X-7"):
        assert session_module.same_code(typed, "KPT-4X7")
    for typed in ("", "-", "KPT-4X8", "KPT-4X7Z", "KPT", "ＫＰＴ４Ｘ７", "K" * 100_000):
        assert not session_module.same_code(typed, "KPT-4X7")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ada", "Ada"),
        ("  Ada \n\t Okafor ", "Ada Okafor"),
        ("", ""),
        ("\u202e\x00\u200b", ""),
        ("x" * 1_000, "x" * 60),
        ("<b>Ada</b>", "<b>Ada</b>"),
    ],
)
def test_a_name_is_one_short_line(session_module, typed, name):
    assert session_module.tidy_name(typed) == name


def test_whoever_guesses_waits_and_nobody_else_does(session_module):
    now = [0.0]
    guesses = session_module.Guesses(clock=lambda: now[0])
    for _ in range(session_module.FREE):
        assert guesses.wait("10.0.0.1") == 0
        guesses.note_wrong("10.0.0.1")
        now[0] += 1
    assert guesses.wait("10.0.0.1") == session_module.PAUSE - session_module.FREE
    assert guesses.wait("10.0.0.2") == 0
    now[0] += session_module.PAUSE
    assert guesses.wait("10.0.0.1") == 0


def test_a_machine_with_many_addresses_is_one_guesser(session_module):
    guesses = session_module.Guesses(clock=lambda: 0.0)
    for number in range(session_module.FREE):
        guesses.note_wrong(f"2001:db8::{number}")
    assert guesses.wait("2001:db8::ffff") > 0
    assert guesses.wait("2001:db8:0:1::1") == 0


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7", "room.example", "", "127.0.0.1; rm"])
def test_an_address_that_learners_could_not_open_is_refused_in_words(address):
    with pytest.raises(CourseError, match="network"):
        check_address(address)


def test_a_seat_comes_from_the_cookie_alone(session_module):
    guest = session_module.Guest(username="ab12", name="ab12", display_name="-", team="North")
    assert session_module.seat_of(guest, "learners") == {
        "VISIONQUIZ_SEAT": "ab12",
        "VISIONQUIZ_SEAT_NAME": "",
        "VISIONQUIZ_SEAT_TEAM": "North",
        "VISIONQUIZ_TRAINER": "0",
    }
    assert session_module.seat_of(guest, "trainer")["VISIONQUIZ_TRAINER"] == "1"
    assert session_module.seat_of(guest, "trainer")["VISIONQUIZ_SEAT"] == "trainer-ab12", "two trainers are two seats"
    assert session_module.seat_of(guest, "lessons")["VISIONQUIZ_SEAT"] == ""


# A full room


def test_two_hundred_people_have_seats_and_a_trainer_hears_when_it_is_full(session_module, monkeypatch):
    monkeypatch.setattr(session_module, "_SECRETS", dict.fromkeys(session_module._SECRETS, ""))
    room = session_module.RoomProvider()
    assert all(room.admit(f"Person {number}", "North") for number in range(600))
    assert room.admit("One more", "") is None


def test_kernels_are_looked_through_on_nobodys_behalf(session_module):
    """The first visitor's request begins it; for that visitor it could not end what is idle of others."""
    import asyncio

    from jupyter_server import CallContext

    async def watch():
        kernels = session_module.SeatKernels(cull_idle_timeout=1, cull_interval=1)
        asked, over = [], asyncio.Event()

        async def look():
            asked.append(CallContext.get(CallContext.JUPYTER_HANDLER))
            over.set()

        kernels.cull_kernels = look
        CallContext.set(CallContext.JUPYTER_HANDLER, "the first visitor")
        kernels.initialize_culler()
        await asyncio.wait_for(over.wait(), 20)
        kernels._culler_callback.stop()
        kernels.context.term()
        return asked

    assert asyncio.run(watch()) == [None]


def test_a_server_may_open_what_a_full_room_needs(session_module):
    import zmq

    pages = 200 * session_module.PAGES
    kernels = session_module.SeatKernels()
    assert kernels.context.get(zmq.MAX_SOCKETS) > 6 * pages
    kernels.context.term()
    code = """
import resource
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
from visionquiz.session import FILES, allow_files
allow_files()
soft, after = resource.getrlimit(resource.RLIMIT_NOFILE)
assert after == hard
assert soft == (FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)), soft
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 512))
allow_files()
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (512, 512)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert 17 * pages < session_module.FILES


def test_only_the_trainers_pages_are_told_the_code(session_module, monkeypatch):
    told = {**session_module._SECRETS, session_module.CODE: "KPT-4X7", session_module.JOIN: "http://10.0.0.1/"}
    monkeypatch.setattr(session_module, "_SECRETS", told)
    guest = session_module.Guest(username="ab12", name="ab12", display_name="-", team="")
    seats = {kind: session_module.seat_of(guest, kind) for kind in ("learners", "lessons", "trainer")}
    assert "KPT-4X7" not in str([seats["learners"], seats["lessons"]])
    assert seats["trainer"]["VISIONQUIZ_CODE"] == "KPT-4X7"
    assert seats["trainer"]["VISIONQUIZ_JOIN"] == "http://10.0.0.1/"


# The servers, from outside

LESSON = "voila/render/01-why-a-vision.ipynb"


@pytest.fixture(scope="module")
def room():
    people = [("Ada Okafor", "North"), ("Ben <i>Li</i>", "South")]
    with start_session(kit_path("assessments") / "hollowmere" / "vision.toml", people) as session:
        yield session


@pytest.fixture
def client(room):
    import httpx

    with httpx.Client(base_url=room.join, timeout=120) as one:
        yield one


def join(client, room, name="Ada Okafor"):
    client.get("login")
    form = {"_xsrf": client.cookies["_xsrf"], "code": room.code, "name": name, "step": "name"}
    return client.post("login", data=form)


def open_lesson(client):
    """Opens a lesson as a browser does; gives the id of its kernel."""
    page = client.get(LESSON)
    assert page.status_code == 200
    return re.search(r'"kernelId": "([0-9a-f-]{36})"', page.text).group(1)


def connect(room, client, kernel):
    import websocket

    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = room.join.replace("http", "ws") + f"api/kernels/{kernel}/channels?session_id=x"
    return websocket.create_connection(address, timeout=20, cookie=cookies)


def message(kind, channel="shell", **content):
    header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "x", "msg_type": kind, "version": "5.3"}
    return json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel})


NO_KERNEL = f"api/kernels/{uuid.UUID(int=0)}"

pages = pytest.mark.parametrize(
    "path",
    ["", LESSON, "voila/tree/", "voila/api/contents", "voila/api/contents/01-why-a-vision.ipynb", NO_KERNEL],
)


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
@pages
def test_nothing_is_had_without_the_code(client, path):
    answer = client.get(path)
    assert answer.status_code in (302, 403)
    assert "vision points" not in answer.text
    if answer.status_code == 302:
        assert answer.headers["location"].startswith("/login")


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_the_door(client, room):
    page = client.get("login?next=//evil.example/")
    assert "Okafor" not in page.text, "the list of names is for whoever has the code"
    form = {"_xsrf": client.cookies["_xsrf"], "code": "", "name": "Ada Okafor"}
    assert client.post("login", data={**form, "_xsrf": "forged"}).status_code == 403
    empty = client.post("login", data=form)
    assert empty.status_code == 401
    assert "Please type the code" in empty.text
    wrong = client.post("login", data={**form, "code": "<script>BBB"})
    assert "That is not the code" in wrong.text
    assert "<script>" not in wrong.text
    chosen = client.post("login", data={**form, "code": room.code})
    assert chosen.status_code == 200
    assert "Okafor" in chosen.text
    assert "Ben &lt;i&gt;Li" in chosen.text
    stranger = client.post("login", data={**form, "code": room.code, "step": "name", "name": "Mallory"})
    assert "choose your name from the list" in stranger.text
    inside = client.post("login", data={**form, "code": room.code, "step": "name", "next": "//evil.example/"})
    assert inside.status_code == 302
    assert inside.headers["location"] == "/"
    assert "HttpOnly" in inside.headers["set-cookie"]
    assert "1. A vision points everyone the same way" in client.get("").text
    assert "desk.ipynb" not in client.get("").text


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_no_code_of_a_learner_runs_and_no_file_is_had(client, room, refuse_code):
    join(client, room)
    refuse_code(connect(room, client, open_lesson(client)), message)
    for path in (
        "voila/files/01-why-a-vision.ipynb",
        "voila/files/./01-why-a-vision.ipynb",
        "voila/files/../people.json",
        "voila/files/%2e%2e/people.json",
        "voila/files/%2e%2e/room.db",
        "voila/render/desk.ipynb",
        "voila/render/wall.ipynb",
        "voila/render/%2e%2e/trainer/desk.ipynb",
        "voila/render/%2e%2e/trainer/wall.ipynb",
    ):
        answer = client.get(path)
        assert answer.status_code >= 400 or answer.headers.get("location", "").startswith("/voila/files"), path
        assert "Okafor" not in answer.text
    assert client.get(LESSON + "?VISIONQUIZ_TRAINER=1&template=lab").text.count("kernelId") == 1


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_nobody_joins_the_kernel_of_another(client, room):
    import httpx
    import websocket

    join(client, room)
    kernel = open_lesson(client)
    with httpx.Client(base_url=room.join, timeout=60) as other:
        with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
            connect(room, other, kernel)
        join(other, room, "Ben <i>Li</i>")
        with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
            connect(room, other, kernel)
        assert other.get(f"api/kernels/{kernel}").status_code == 403
        assert other.delete(f"api/kernels/{kernel}").status_code == 403
        ended = other.post(f"voila/api/shutdown/{kernel}", data={"_xsrf": other.cookies["_xsrf"]})
        assert ended.status_code == 403
    connect(room, client, kernel).close()


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_one_browser_has_few_kernels_and_a_closed_tab_has_none(client, room, session_module):
    join(client, room)
    kernels = [open_lesson(client) for _ in range(session_module.PAGES + 1)]
    assert client.get(f"api/kernels/{kernels[0]}").status_code == 404
    # What Voila's page sends when it is closed.
    gone = client.post(f"voila/api/shutdown/{kernels[-1]}", data={"_xsrf": client.cookies["_xsrf"]})
    assert gone.status_code == 204
    assert client.get(f"api/kernels/{kernels[-1]}").status_code == 404


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_the_trainers_server_wants_its_token(room):
    import httpx

    base = room.trainer.url.split("?")[0]
    for path in ("", "voila/render/desk.ipynb", "voila/render/wall.ipynb"):
        assert httpx.get(base + path).status_code == 302
    assert httpx.get(base, params={"token": "guess"}).status_code == 302
    page = httpx.get(room.trainer.url, follow_redirects=True).text
    assert room.code in page
    assert room.join in page
    # Who comes by a token never saw the door, and their closed tabs end kernels too.
    with httpx.Client(base_url=base, timeout=120, params={"token": room.trainer.url.partition("=")[2]}) as trainer:
        kernel = open_lesson(trainer)
        gone = trainer.post(f"voila/api/shutdown/{kernel}", data={"_xsrf": trainer.cookies["_xsrf"]})
        assert gone.status_code == 204
    # A page elsewhere that a name of its own leads to this machine.
    assert httpx.get(room.trainer.url, headers={"Host": "evil.example"}).status_code == 403


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
@pytest.mark.parametrize("keeps", [True, False])
def test_nothing_is_left_unless_the_trainer_says_so(tmp_path, tmp_path_factory, monkeypatch, keeps):
    temporary = tmp_path_factory.mktemp("t")  # a short path, because a socket is put below it
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    kept = tmp_path / "room.db"
    before = set(multiprocessing.active_children())
    with start_session(kit_path("assessments") / "hollowmere" / "vision.toml", keep=kept if keeps else None) as session:
        Store(session.store).contribute("define", "ada", {"text": "Ringing back"})
        (grader,) = set(multiprocessing.active_children()) - before
    assert not grader.is_alive()
    assert list(temporary.iterdir()) == []
    assert kept.exists() == keeps
    if keeps:
        assert kept.stat().st_mode & 0o077 == 0
        assert [dict(one.body) for one in Store(session.store).read()] == [{"text": "Ringing back"}]


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_a_page_that_is_not_there_says_so_in_the_looks_of_the_others(client, room):
    join(client, room)
    for path in ("nothing", "voila/render/none.ipynb", "voila/tree/none"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "<h1>There is no such page</h1>" in answer.text
        assert 'href="/"' in answer.text
    lesson = client.get(LESSON).text
    assert "Getting the page ready" in lesson
    assert 'id="loading_text"' not in lesson, "what counts cells"


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_kernels_have_their_answers_graded_by_the_sessions_own_process(client, room):
    join(client, room)
    open_lesson(client)
    kernels = psutil.Process(room.learners.process.pid).children(recursive=True)
    told = [Path(kernel.environ()[GRADER]) for kernel in kernels]
    assert told
    assert all(socket.is_socket() for socket in told)
    assert all(socket.parent.stat().st_mode & 0o077 == 0 for socket in told)


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_whoever_guesses_is_slowed_down(client, room, session_module):
    client.get("login")
    form = {"_xsrf": client.cookies["_xsrf"], "code": "BBB-BBB"}
    codes = [client.post("login", data=form).status_code for _ in range(session_module.FREE + 1)]
    assert codes[-1] == 429
    late = client.post("login", data={**form, "code": room.code, "step": "name"})
    assert late.status_code == 429, "the right code is no way around it"
    assert "Please try again in" in late.text


@pytest.mark.server
@pytest.mark.xdist_group("lessons")
def test_the_command_says_where_to_go_and_what_was_kept(tmp_path):
    kept = tmp_path / "workshop.db"
    command = [sys.executable, "-m", "visionquiz", "session", "start", "--rehearse", "--keep", str(kept)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        said = []
        while not said or "Rehearsal:" not in said[-1]:
            said.append(process.stdout.readline())
            assert said[-1], "it ended before it was told to"
        store = Store(f"sqlite:///{kept}")
        while not store.participants():  # the first invented people join within seconds
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        end = process.stdout.read()
    text = "".join(said)
    assert re.search(rf"address +http://127\.0\.0\.1:\d+/\n +code +[{CODE_LETTERS}]{{3}}-[{CODE_LETTERS}]{{3}}\n", text)
    assert "your desk      http://127.0.0.1:" in text
    assert re.search(r"the live wall  http://127\.0\.0\.1:\d+/voila/render/wall\.ipynb\?token=", text)
    assert f"kept in {kept}" in text
    assert f"Ended. What the room gave is in {kept}." in end
    assert process.returncode == 0
    assert all("(invented)" in one.name for one in store.participants())
    store.close()


@pytest.fixture
def server(postgres, tmp_path):
    """An empty database, and a file that holds its address with a password."""
    import sqlalchemy as sa

    engine = sa.create_engine(f"{postgres}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("drop database if exists room")
        connection.exec_driver_sql("create database room")
    engine.dispose()
    secret = tmp_path / "room.url"
    secret.write_text(f"{postgres.replace('trainer@', 'trainer:hush-hush@')}/room\n")
    secret.chmod(0o600)
    return f"{postgres}/room", secret


def family(pid):
    """A process and all that it has started, as far as they run."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += family(int(child))
    return found


@pytest.mark.server
@pytest.mark.database
@pytest.mark.xdist_group("database")
def test_a_session_is_kept_on_a_server_and_its_password_is_nowhere_to_be_seen(server, tmp_path):
    import httpx

    address, secret = server
    command = [sys.executable, "-m", "visionquiz", "session", "start", "--keep", str(secret)]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    with process, contextlib.ExitStack() as ending:
        ending.callback(process.send_signal, signal.SIGINT)  # also where something is not as it should be
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, "it ended before it was told to"
            said += line
        assert f"What the room gives is kept in {secret}." in said
        where = re.search(r"address +(\S+)", said)[1]
        room = SimpleNamespace(join=where, code=re.search(r"code +(\S+)", said)[1])
        store = Store(address)
        with httpx.Client(base_url=where, timeout=120) as client:
            join(client, room)
            open_lesson(client)  # its kernel enters the room
            while not store.participants():
                assert process.poll() is None
                time.sleep(0.1)
        people = family(process.pid)
        assert len(people) >= 4, "the command, two servers and a kernel"
        for one in people:
            for what in ("cmdline", "environ"):
                assert b"hush-hush" not in Path(f"/proc/{one}/{what}").read_bytes()
        store.contribute("define", store.participants()[0].id, {"text": "Ringing back"})
        ending.close()
        end = process.stdout.read()
    assert f"Ended. What the room gave is in {secret}." in end
    assert "hush-hush" not in said + end
    assert [dict(one.body) for one in store.read()] == [{"text": "Ringing back"}]
    assert [one.name for one in store.participants()] == ["Ada Okafor"]
    store.close()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--address", "0.0.0.0"], "stands for all"),
        (["--vision", "nowhere.toml"], "nowhere.toml"),
        (["--people", "nowhere.csv"], "nowhere.csv"),
        (["--keep", "nowhere/room.db"], "there is no folder"),
        (["--keep", "nowhere.url"], "nowhere.url cannot be read"),
        (["--keep", "postgresql://trainer:secret@127.0.0.1/room"], "can read a password on a command line"),
        (["--keep", "postgresql://trainer@127.0.0.1:9/room"], "cannot be reached"),
        (["--keep", "mysql://trainer@127.0.0.1/room"], "is no address of a database server"),
    ],
)
def test_a_session_that_cannot_start_says_why(options, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["session", "start", *options]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert "secret" not in said.err
    if "://" in options[1]:
        assert "Starting" not in said.out


@pytest.mark.parametrize("port", ["0", "65536", "99999999", "-1", "http"])
def test_a_port_that_no_browser_could_open_is_refused(port, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["session", "start", "--port", port])
    assert "expected a whole number from 1 to 65535" in capsys.readouterr().err


def test_a_file_that_holds_something_else_is_not_taken_for_a_session(capsys, tmp_path, monkeypatch):
    (tmp_path / "letter.txt").write_text("Dear trainer" * 100)
    monkeypatch.chdir(tmp_path)
    assert main(["session", "start", "--keep", "letter.txt"]) == 2
    assert "cannot be reached: file is not a database" in capsys.readouterr().err
    assert (tmp_path / "letter.txt").read_text() == "Dear trainer" * 100
