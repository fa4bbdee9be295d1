"""Lessons, alone and with a room."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from visionquiz.cli._arguments import Commands, add_vision, port_number
from visionquiz.cli._printing import DONE, WRONG, printable, until_ctrl_c
from visionquiz.errors import VisionQuizError

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    """Add these commands to the command line."""
    lessons = commands.add("lessons", run_lessons, "open the ten lessons in your browser", course=False)
    lessons.add_argument(
        "--lab", action="store_true", help="in JupyterLab, as copies in this folder that you can change"
    )
    lessons.add_argument("--port", metavar="PORT", type=port_number, default=0, help="(default: a free one)")
    add_vision(lessons)

    session = commands.add(
        "session", run_session, "teach the lessons to a room: learners join from their own browsers", course=False
    )
    session.add_argument("action", choices=("start",), help="start runs until Ctrl-C")
    session.add_argument(
        "--people", metavar="ROSTER.csv", type=Path, help="learners choose their name from it (default: they type one)"
    )
    session.add_argument("--rehearse", action="store_true", help="fill the room with invented people, to try it alone")
    session.add_argument(
        "--address",
        metavar="IP",
        default="127.0.0.1",
        help="this machine's address in the room's network (default: 127.0.0.1, this machine alone)",
    )
    session.add_argument(
        "--port", metavar="PORT", type=port_number, default=0, help="for learners (default: a free one)"
    )
    session.add_argument(
        "--keep",
        metavar="STORE",
        help="keep what the room gives in this file, or on a PostgreSQL server: postgresql://user@host/name, or a file "
        "ending in .url that holds the address (default: nothing is kept)",
    )
    session.add_argument("--seed", metavar="S", type=int, default=1, help="for --rehearse (default: 1)")
    add_vision(session)


def run_lessons(options: argparse.Namespace) -> int:
    from visionquiz.serve import start_lesson_lab, start_lessons

    vision = _chosen_vision(options)
    here = Path.cwd()
    start = start_lesson_lab(here, vision, options.port) if options.lab else start_lessons(vision, here, options.port)
    with until_ctrl_c(), start as server:
        then = "Open a lesson there, then Run > Run All Cells." if options.lab else "Choose a lesson there."
        print(f"\n  {server.url}\n\nOpen this address in your browser. {then}", flush=True)
        print("On this machine only. Ctrl-C ends it.", flush=True)
        server.wait()
    return DONE


def run_session(options: argparse.Namespace) -> int:
    from visionquiz.roster import load_roster
    from visionquiz.serve import check_address, start_session
    from visionquiz.store import Store, read_address
    from visionquiz.vision import load_vision

    check_address(options.address)
    path = _chosen_vision(options)
    people = load_roster(options.people, load_vision(path)) if options.people else ()
    keep = read_address(options.keep) if options.keep else None
    if isinstance(keep, Path):
        there = keep.exists() and keep.stat().st_size > 0
    elif keep:
        with contextlib.closing(Store(keep)) as store:  # whether it answers is told before anything starts
            there = not store.is_empty()
    if keep and there:
        print(f"{options.keep} holds an earlier session; this one goes on with it.")
    print("Starting; this takes some seconds.", flush=True)
    try:
        with start_session(
            path,
            [(person.name, person.team) for person in people],
            address=options.address,
            port=options.port,
            keep=keep,
        ) as session:
            print(f"\nFOR LEARNERS\n\n    address   {session.join}\n    code      {session.code}\n")
            print(f"FOR YOU, on this machine\n\n    your desk      {session.desk}")
            print(f"    the projector  {session.trainer.url}")
            print(f"    the live wall  {session.wall}\n")
            print(
                "What learners write waits on your desk until you show it. Keep the desk where the room cannot see it."
            )
            if options.address.startswith("127."):
                print("Learners join on this machine only; with --address, from the room's network.")
            else:
                print("What is sent within the room's network is not encrypted: use a network that you trust.")
            print(f"{_kept(options.keep)} Ctrl-C ends the session for everybody.", flush=True)
            with _rehearsal(session.store, path, options.seed) if options.rehearse else contextlib.nullcontext():
                _wait_for_any(session.learners.wait, session.trainer.wait)
            print("A server has ended by itself, so the session is over.", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"\nEnded. {_kept(options.keep, over=True)}")
        return DONE
    return WRONG


def _chosen_vision(options: argparse.Namespace) -> Path:
    """The vision for lessons, read once so that its mistakes are told here and not in every lesson."""
    from visionquiz.classroom import find_vision
    from visionquiz.vision import load_vision

    path: Path = (options.vision or find_vision(Path.cwd())).absolute()
    vision = load_vision(path)
    print(f"The lessons speak of {printable(vision.company)} ({path}).")
    return path


def _kept(keep: str | None, *, over: bool = False) -> str:
    if keep:
        return f"What the room gave is in {keep}." if over else f"What the room gives is kept in {keep}."
    return "Nothing was kept." if over else "Nothing is kept after the end."


def _wait_for_any(*waits: Callable[[], None]) -> None:
    """Until one of them is over."""
    import threading

    over = threading.Event()

    def wait_for(one: Callable[[], None]) -> None:
        one()
        over.set()

    for one in waits:
        threading.Thread(target=wait_for, args=(one,), daemon=True).start()
    over.wait()


@contextlib.contextmanager
def _rehearsal(url: str, vision: Path, seed: int) -> Iterator[None]:
    """Invented people fill the room for as long as this lasts."""
    import threading

    from visionquiz.classroom import list_lessons
    from visionquiz.curriculum import load_lesson
    from visionquiz.demo import invent_people, load_staff
    from visionquiz.rehearsal import PEOPLE, plan_rehearsal, play
    from visionquiz.store import Store
    from visionquiz.vision import load_vision

    people = invent_people(load_staff("hollowmere"), PEOPLE, seed)
    acts = plan_rehearsal([load_lesson(path) for path in list_lessons()], load_vision(vision), people, seed)
    over = threading.Event()

    def run() -> None:
        try:
            with contextlib.closing(Store(url)) as store:
                play(store, acts, over.wait)
        except VisionQuizError as error:
            print(f"The rehearsal has stopped: {error}", file=sys.stderr)

    player = threading.Thread(target=run, daemon=True)
    player.start()
    print(f"Rehearsal: {PEOPLE} invented people join and write over the next four minutes.", flush=True)
    try:
        yield
    finally:
        over.set()
        player.join(5)
