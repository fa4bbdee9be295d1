"""The wall and the desk of a room of two hundred: `python -m benchmarks.wall [--people N]`.

Everybody has given thirty things, and what they typed was let through. What is measured is one refresh after a change,
with the reading and the drawing, in the process that draws; a browser's drawing is not in it.
"""

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.__main__ import show
from visionquiz.classroom import list_lessons
from visionquiz.curriculum import load_lesson
from visionquiz.demo import invent_people, load_staff
from visionquiz.desk import Desk
from visionquiz.kit import kit_path
from visionquiz.rehearsal import plan_rehearsal
from visionquiz.store import Content, Contribution, Participant, Store, store_url
from visionquiz.views.desk import DeskView
from visionquiz.views.wall import WallView
from visionquiz.vision import load_vision
from visionquiz.wall import Door, Wall

ROUNDS = 50

EACH = 30
"""Things that each person gives: what a rehearsal has for all lessons is repeated until it is as many."""


def fill(store: Store, people: int) -> int:
    """Put invented people and all that they give into a store. Returns how much they gave."""
    lessons = [load_lesson(path) for path in list_lessons()]
    vision = load_vision(kit_path("assessments") / "hollowmere" / "vision.toml")
    acts = plan_rehearsal(lessons, vision, invent_people(load_staff("hollowmere"), people, 1), 1)
    now = dt.datetime.now(dt.UTC)
    gifts = [act for act in acts if act.activity]
    given = [(number, gifts[number % len(gifts)]) for number in range(EACH * people)]
    store.load(
        Content(
            contributions=tuple(
                Contribution(
                    id=number, activity=one.activity, author=one.person, slot=f"{one.slot} {number}", body=one.body,
                    state="shown", revision=0,
                )
                for number, one in given
            ),
            participants=tuple(
                Participant(id=one.person, name=one.name, team=one.team, place=one.lesson, seen=now)
                for one in {act.person: act for act in acts}.values()
            ),
        )
    )  # fmt: skip
    return len(given)


def measure(view: Any, change: Callable[[int], None]) -> str:
    taken = []
    for number in range(ROUNDS):
        change(number)
        start = time.perf_counter()
        view.refresh()
        taken.append(1_000 * (time.perf_counter() - start))
    return f"{statistics.median(taken):.1f} / {max(taken):.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=200)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        url = store_url(Path(folder) / "room.db")
        store = Store(url)
        show("people, contributions", f"{people}, {fill(store, people)}")
        lessons = [load_lesson(path) for path in list_lessons()]
        door = Door(address="http://192.168.1.20:8000/", code="KPT-4X7")
        wall = WallView(Wall(Store(url, read_only=True), lessons, door=door))
        desk = DeskView(Desk(Store(url), lessons))
        parts = (wall.message, wall.count, wall.door, wall.left, wall.right, wall.said)
        show("HTML of the wall (asked: 60 kB)", f"{sum(len(one.value.encode()) for one in parts) / 1_000:.1f} kB")

        def say(state: str) -> Callable[[int], None]:
            return lambda number: store.contribute(
                "define", f"new-{number}", {"ask": "great-service", "text": f"{state} {number}"}, state=state
            )

        def join(number: int) -> None:
            store.join(f"late-{number}", name=f"Late {number}", place="define", now=dt.datetime.now(dt.UTC))

        note = f"median / worst of {ROUNDS}"
        show("wall, a contribution was let through (asked: 100 ms)", measure(wall, say("shown")), note)
        show("wall, somebody has joined (asked: 100 ms)", measure(wall, join), note)
        show("desk, a contribution waits", measure(desk, say("waiting")), note)
        show("desk, somebody has joined", measure(desk, join), note)


if __name__ == "__main__":
    main()
