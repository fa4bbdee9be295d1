"""Ten people who write at once, each in a process of their own: `python -m benchmarks.drafting`.

Everybody types a word every 0.3 seconds or so, first all into one draft and then each into one of their own, and looks
every 0.7 seconds for what others did, as the views do. What is measured is how long it takes from the key until each of
the nine others has the word in a process of theirs. A file and, where there is one, a PostgreSQL server.
"""

import contextlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.__main__ import ROOT, show
from visionquiz.classroom import Seat
from visionquiz.serve import free_port
from visionquiz.store import Store, store_url
from visionquiz.views._live import EVERY
from visionquiz.workshop import Workshop

PEOPLE = 10
WORDS = 10
"""Words that each types; of ten people in one draft, they fit into what a draft may have."""


def write(url: str, number: int, drafts: list[str]) -> None:
    """One person, in a process: types, and looks for what the others did. Prints when what was typed and seen."""
    room = Workshop(Store(url), Seat(id=f"person-{number}"))
    mine = drafts[number % len(drafts)]
    chance = random.Random(number)
    base = {one.id: one.text for one in room.drafts()}
    print("ready", flush=True)
    sys.stdin.readline()
    typed: dict[str, float] = {}
    seen: dict[str, float] = {}
    look, key, revision = time.time() + chance.random() * EVERY, time.time(), -1
    until = time.time() + WORDS * 0.3 + 15
    while time.time() < until and len(seen) < PEOPLE * WORDS:
        now = time.time()
        if len(typed) < WORDS and now >= key:
            word = f"{number}.{len(typed)}"
            typed[word] = now
            base[mine] = room.edit_draft(mine, base=base[mine], text=f"{base[mine]} {word}".strip()).text
            key = now + 0.2 + 0.2 * chance.random()
        if now >= look:
            look = now + EVERY
            latest = room.revision()
            if latest != revision:
                revision = latest
                base = {one.id: one.text for one in room.drafts()}
        at = time.time()
        for text in base.values():
            for word in text.split():
                seen.setdefault(word, at)
        time.sleep(0.005)
    print(json.dumps({"typed": typed, "seen": seen}), flush=True)


def measure(url: str, number: int) -> tuple[list[float], int]:
    """Seconds from each key until each other process has the word, and how many words are not there in the end."""
    store = Store(url)
    room = Workshop(store, Seat(id="trainer", trainer=True))
    drafts = [room.start_draft().id for _ in range(number)]
    command = [sys.executable, "-m", "benchmarks.drafting", "--write", url]
    people = [
        subprocess.Popen(
            [*command, str(one), *drafts], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for one in range(PEOPLE)
    ]
    for one in people:
        if one.stdout:
            one.stdout.readline()
    for one in people:
        if one.stdin:
            one.stdin.write("go\n")
            one.stdin.flush()
    told = [json.loads(one.communicate(timeout=300)[0]) for one in people]
    kept = {word for draft in room.drafts() for word in draft.text.split()}
    store.erase()
    store.close()
    typed = {word: at for one in told for word, at in one["typed"].items()}
    taken = [
        one["seen"].get(word, float("inf")) - at
        for one in told
        for word, at in typed.items()
        if word not in one["typed"]
    ]
    return taken, len(set(typed) - kept)


@contextlib.contextmanager
def serve() -> Iterator[str | None]:
    """The address of a database on a PostgreSQL server of our own; None where there is no PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        yield None
        return
    programs, user = found[-1].parent, None
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # sockets have short names only
    if os.geteuid() == 0:
        user = "nobody"  # the server refuses to run as root
        shutil.chown(folder, user)

    def run(program: str, *options: str) -> None:
        subprocess.run([str(programs / program), *options], user=user, check=True, capture_output=True, cwd=folder)

    data, port = str(folder / "data"), free_port()
    run("initdb", "-D", data, "-U", "trainer", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
    run("pg_ctl", "start", "-w", "-D", data, "-l", str(folder / "log"), "-o", options)
    try:
        yield f"postgresql+psycopg://trainer@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data)
        shutil.rmtree(folder)


def main() -> None:
    """Print everything."""
    with tempfile.TemporaryDirectory() as folder, serve() as server:
        stores = {"a file": store_url(Path(folder) / "workshop.db"), "PostgreSQL": server}
        for name, url in stores.items():
            if url is None:
                show(f"{name}", "not here", "apt-get install postgresql")
                continue
            for number, what in ((1, "one draft"), (PEOPLE, "ten drafts")):
                taken, lost = measure(url, number)
                peer = f"worst {max(taken):.2f} s of {len(taken)} (asked: 2 s); words lost: {lost}"
                show(f"ten people in {what}, {name}: seen elsewhere", f"{statistics.median(taken):.2f} s", peer)
                if lost or max(taken) == float("inf"):
                    sys.exit("words that were typed are not there")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    else:
        main()
