"""Invented employees and their answers: everything depends on the seed only.

The organisations, their people and their answers are invented and labelled within the project; each lies in
``assessments/<organisation>/`` with its vision, its check, and `people.toml`: teams with their strengths, names, and
answers of every quality. No real company is meant.
"""

import csv
import datetime as dt
import io
import json
import random
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visionquiz.kit import kit_path
from visionquiz.notebook import dump_notebook, fill_answers, write_choice
from visionquiz.quiz import Quiz, letter_options, pick_scenarios
from visionquiz.roster import COLUMNS, Person
from visionquiz.submission import FEEDBACK_KEY
from visionquiz.vision import Vision

__all__ = ["ORGANISATIONS", "Staff", "invent_answers", "invent_people", "load_staff", "write_inbound", "write_roster"]

ORGANISATIONS = ("hollowmere", "pellworth", "dunmarrow")

SUBMIT = 0.87
"""The share of people who hand in the check."""


@dataclass(frozen=True)
class Staff:
    """What `people.toml` says of an organisation."""

    data: dict[str, Any]

    def answers(self, kind: str, role: str = "") -> list[dict[str, Any]]:
        """The stock of answers of one kind that a person with this role may give."""
        return [answer for answer in self.data[kind] if answer.get("role", "") in ("", role)]


def load_staff(organisation: str) -> Staff:
    """The invented staff of one of the `ORGANISATIONS`."""
    path = kit_path("assessments") / organisation / "people.toml"
    return Staff(tomllib.loads(path.read_text(encoding="utf-8")))


def invent_people(staff: Staff, number: int, seed: int) -> tuple[Person, ...]:
    """`number` employees, spread over the teams as in the organisation, each with a role and a manager."""
    rng = random.Random(f"{seed}/people")
    taken: set[str] = set()
    leads: dict[str, str] = {}
    people = []
    for team, size in _spread(staff.data["teams"], number):
        division = team["name"].partition("/")[0]
        roles, weights = zip(*team["roles"].items(), strict=True)
        for _ in range(size):
            first, last = rng.choice(staff.data["first_names"]), rng.choice(staff.data["last_names"])
            ident = _ident(f"{first}.{last}", taken)
            # The first person of a team leads it, the first of a division leads that, the very first leads all.
            above = [leads.setdefault(unit, ident) for unit in ("", division, team["name"])]
            manager = next((lead for lead in reversed(above) if lead != ident), "")
            people.append(
                Person(
                    person=ident,
                    name=f"{first} {last}",
                    email=f"{ident}@example.org",
                    role=rng.choices(roles, weights)[0],
                    team=team["name"],
                    manager=manager,
                )
            )
    return tuple(people)


def _spread(teams: list[dict[str, Any]], number: int) -> list[tuple[dict[str, Any], int]]:
    """How many of `number` people are in each team: largest remainder, so that the sum is exact."""
    total = sum(team["people"] for team in teams)
    shares = [team["people"] * number / total for team in teams]
    sizes = [int(share) for share in shares]
    for place in sorted(range(len(teams)), key=lambda i: sizes[i] - shares[i])[: number - sum(sizes)]:
        sizes[place] += 1
    return list(zip(teams, sizes, strict=True))


def _ident(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = "".join(char for char in plain if char.isalnum() or char in ".-")
    ident, count = plain, 1
    while ident in taken:
        count += 1
        ident = f"{plain}{count}"
    taken.add(ident)
    return ident


def invent_answers(
    staff: Staff, quiz: Quiz, vision: Vision, people: tuple[Person, ...], seed: int
) -> Iterator[tuple[Person, dict[str, str]]]:
    """Who hands in the check, and what they type, by question id."""
    rng = random.Random(f"{seed}/answers")
    strengths = {team["name"]: team["strength"] for team in staff.data["teams"]}
    picked = pick_scenarios(quiz, vision)
    silent = set(rng.sample([person.person for person in people], int(len(people) * (1 - SUBMIT))))
    for person in people:
        if person.person in silent:
            continue
        strength = strengths[person.team]
        answers = {}
        for question in quiz.questions:
            skill = min(1.0, max(0.0, rng.gauss(strength.get(question.column, 0.6), 0.28)))
            if question.kind == "scenario":
                scenario = picked[question.id][person.role]
                lettered = letter_options(quiz, scenario)
                near = [abs(option.points / scenario.best - skill) for _, option in lettered.values()]
                letter = rng.choices(list(lettered), [(1.05 - gap) ** 3 for gap in near])[0]
                answers[question.id] = write_choice(scenario, letter)
            else:
                stock = staff.answers(question.kind, person.role)
                level = round(skill * 3)
                nearest = min(abs(answer["level"] - level) for answer in stock)
                fitting = [answer for answer in stock if abs(answer["level"] - level) == nearest]
                answers[question.id] = rng.choice(fitting)["text"]
        yield person, answers


def write_roster(people: tuple[Person, ...], path: Path) -> None:
    """Write ``roster.csv``."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([getattr(person, column) for column in COLUMNS] for person in people)
    path.write_text(text.getvalue(), encoding="utf-8")


def write_inbound(
    inbound: Path, release: Path, quiz: Quiz, answers: Iterator[tuple[Person, dict[str, str]]], seed: int
) -> int:
    """Hand the answers in as `nbgrader submit` would: one folder per person in the exchange. Returns how many."""
    rng, keys = random.Random(f"{seed}/times"), random.Random(f"{seed}/keys")
    blank = json.loads(release.read_text(encoding="utf-8"))
    due = quiz.due or dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    count = 0
    for person, typed in answers:
        moment = due - dt.timedelta(seconds=rng.randrange(3600, 12 * 86400), microseconds=rng.randrange(10**6))
        stamp = f"{moment:%Y-%m-%d %H:%M:%S.%f} UTC"
        folder = inbound / f"{person.person}+{quiz.id}+{stamp}+{rng.getrandbits(64):016x}"
        folder.mkdir()
        (folder / f"{quiz.id}.ipynb").write_text(dump_notebook(fill_answers(blank, typed)), encoding="utf-8")
        (folder / "timestamp.txt").write_text(stamp, encoding="ascii")
        (folder / FEEDBACK_KEY).write_text(f"{keys.getrandbits(256):064x}", encoding="ascii")
        count += 1
    return count
