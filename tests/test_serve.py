"""Servers that end with whoever started them."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from visionquiz import serve
from visionquiz.errors import CourseError

# Two children of their own stand in for JupyterLab and Voila: they are what must not stay behind.
PROGRAM = """
import contextlib, sys
from pathlib import Path
from visionquiz import serve
serve._wait_until_up = lambda *a: None
folder = Path(sys.argv[1])
(folder / "sleeper.py").write_text("import time; time.sleep(60)")
with contextlib.suppress(KeyboardInterrupt):
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            process, _ = stack.enter_context(serve._start(["sleeper"], folder, {}, ""))
            print(process.pid, flush=True)
        process.wait()
print("ended", flush=True)
"""


def alive(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def start(folder, *prefix):
    process = subprocess.Popen([*prefix, sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True)
    return process, [int(process.stdout.readline()) for _ in range(2)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_every_way_to_end_us_ends_the_servers(tmp_path, number):
    process, children = start(tmp_path)
    with process:
        assert all(map(alive, children))
        process.send_signal(number)
        process.send_signal(number)
        assert process.stdout.read() == "ended\n"
    assert not any(map(alive, children))


def test_nohup_goes_on_when_the_terminal_is_closed(tmp_path):
    process, children = start(tmp_path, "sh", "-c", "trap '' HUP; exec \"$@\"", "sh")
    with process:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "ended\n"
    assert not any(map(alive, children))


def test_the_signals_are_as_before_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "_wait_until_up", lambda *a: None)
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    with serve._start(["this"], tmp_path, {}, ""):
        pass
    assert [signal.getsignal(number) for number in numbers] == before


@pytest.mark.server
@pytest.mark.xdist_group("browser")
def test_a_closed_terminal_ends_the_apps(demos):
    command = [sys.executable, "-m", "visionquiz", "apps", "--course", str(demos("published").root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        port = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline()).group(1)
        process.send_signal(signal.SIGHUP)
        assert process.stdout.read().endswith("Ended.\n")
        assert process.wait() == 0
    with pytest.raises(OSError):
        serve.socket.create_connection(("127.0.0.1", int(port)), 1)


def test_a_port_that_somebody_else_has_is_not_taken_for_ours(starter):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CourseError, match=f"port {port} cannot be used: .*; name another one, or none"):
            serve.free_port(port=port)
        for start in (serve.start_lab, serve.start_apps):
            with pytest.raises(CourseError, match="cannot be used"), start(starter, port):
                pass
