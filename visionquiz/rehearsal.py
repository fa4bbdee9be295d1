"""A room of invented people, so that a trainer can try a session the evening before."""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from visionquiz.classroom import fill_room
from visionquiz.curriculum import Lesson
from visionquiz.roster import Person
from visionquiz.store import Store
from visionquiz.vision import Vision

__all__ = ["AWKWARD", "PEOPLE", "Act", "plan_rehearsal", "play"]

PEOPLE = 24
"""Invented people in a rehearsal."""

AWKWARD = (
    "Whatever the boss says, as always. What a crap question",
    "Ring me on 0161 496 0042 and I tell you what I really think",
    "<b>Great service</b> is in our handbook, see www.example.org",
)
"""What somebody writes sooner or later, so that a trainer meets it in the rehearsal first."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that an invented person does, `at` so many seconds after the start; without an activity: joins."""

    at: float
    person: str
    name: str
    team: str
    lesson: str
    activity: str = ""
    slot: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def typed(self) -> bool:
        """Whether it waits for the trainer, as typed words do."""
        return isinstance(self.body.get("text"), str)


def plan_rehearsal(
    lessons: Sequence[Lesson], vision: Vision, people: Sequence[Person], seed: int, *, seconds: float = 240.0
) -> tuple[Act, ...]:
    """What the invented people do, in order of time; it depends on the arguments only.

    They join within the first eighth of `seconds`, all of them in the first lesson, and give to the activities of
    each lesson in turn. Nobody gives the same twice; of written words, the last few are `AWKWARD`.
    """
    rng = random.Random(f"{seed}/rehearsal")
    acts: list[Act] = []
    if not lessons:
        return ()
    joined = {person.person: rng.uniform(0, seconds / 8) for person in people}
    acts += [_act(joined[person.person], person, lessons[0].id) for person in people]
    given = [
        (lesson, activity, bodies) for lesson in lessons for activity, bodies in _gifts(lesson, vision, people, rng)
    ]
    for number, (lesson, activity, bodies) in enumerate(given):
        low = seconds / 8 + number * (seconds * 7 / 8) / len(given)
        for person, body in bodies:
            at = rng.uniform(low, low + (seconds * 7 / 8) / len(given))
            acts.append(_act(at, person, lesson.id, activity, str(body.get("ask", "")), body))
    return tuple(sorted(acts, key=lambda act: (act.at, act.person, act.slot)))


def play(store: Store, acts: Sequence[Act], wait: Callable[[float], bool]) -> int:
    """Let the invented people do what was planned, through the room's own store. Returns how much was done.

    `wait` is given the seconds until the next act and says whether to stop. Raises `StoreError`.
    """
    done, now = 0, 0.0
    for act in acts:
        if wait(max(0.0, act.at - now)):
            break
        now = max(now, act.at)
        if act.activity:
            state = "waiting" if act.typed else "shown"
            store.contribute(act.activity, act.person, act.body, slot=act.slot, state=state)
        else:
            store.join(act.person, name=act.name, team=act.team, place=act.lesson, now=dt.datetime.now(dt.UTC))
        done += 1
    return done


def _act(
    at: float, person: Person, lesson: str, activity: str = "", slot: str = "", body: Mapping[str, Any] | None = None
) -> Act:
    return Act(
        at=at, person=f"invented-{person.person}"[:100], name=f"{person.name} (invented)", team=person.team,
        lesson=lesson, activity=activity, slot=slot, body=body or {},
    )  # fmt: skip


def _gifts(
    lesson: Lesson, vision: Vision, people: Sequence[Person], rng: random.Random
) -> list[tuple[str, list[tuple[Person, Mapping[str, Any]]]]]:
    """Who gives what to which activity of a lesson."""
    found = []
    for activity, bodies in fill_room(lesson, vision).items():
        by_ask: dict[str, list[Mapping[str, Any]]] = {}
        for body in bodies:
            by_ask.setdefault(str(body.get("ask", "")), []).append(body)
        gifts: list[tuple[Person, Mapping[str, Any]]] = []
        for bodies_of_ask in by_ask.values():
            typed = all(isinstance(body.get("text"), str) for body in bodies_of_ask)
            stock = _stretch(bodies_of_ask, len(people), rng) if typed else bodies_of_ask
            gifts += zip(rng.sample(list(people), len(people)), stock, strict=False)
        if gifts:
            found.append((activity, gifts))
    return found


def _stretch(bodies: Sequence[Mapping[str, Any]], people: int, rng: random.Random) -> list[Mapping[str, Any]]:
    """Enough different things to say for everybody: what was written, then two of them in one, then what is awkward."""
    texts = [str(body["text"]) for body in bodies]
    pairs = [f"{one} {other}" for one in texts for other in texts if one != other]
    rng.shuffle(pairs)
    awkward = list(AWKWARD[: people // 6])
    enough = [*texts, *pairs][: max(0, people - len(awkward))]
    return [{**bodies[0], "text": text} for text in (*enough, *awkward)]
