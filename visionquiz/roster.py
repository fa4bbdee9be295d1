"""Who works here: person, role, team and manager, read from ``roster.csv``."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from visionquiz.errors import CourseError, InputError, Problem
from visionquiz.reading import read_rows
from visionquiz.vision import Vision

__all__ = ["COLUMNS", "Person", "check_roster", "find_person", "load_roster"]

COLUMNS = ("person", "name", "email", "role", "team", "manager")

PERSON = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}")
"""A person's id becomes a folder name and a part of nbgrader's ``person+quiz+time``, so no slash, plus or star."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """One employee. ``team`` may be a path such as ``North/Repair``; ``manager`` is a person's id or empty."""

    person: str
    name: str
    role: str
    team: str
    email: str = ""
    manager: str = ""

    @property
    def teams(self) -> tuple[str, ...]:
        """The team and every division above it: ``("North", "North/Repair")``."""
        parts = self.team.split("/")
        return tuple("/".join(parts[: depth + 1]) for depth in range(len(parts)))


def load_roster(path: Path, vision: Vision) -> tuple[Person, ...]:
    """The people in a ``roster.csv``. Raises `InputError` with every mistake in it, each with its line."""
    people, problems = _read_roster(path, vision)
    if any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
    return people


def find_person(name: str, people: Iterable[Person]) -> Person:
    """The person with this id. Raises `CourseError` that names similar ones, where there is none."""
    known = {person.person: person for person in people}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean '{near[0]}'?" if near else "ids are in its first column, 'person'"
    raise CourseError(f"there is no '{name}' in roster.csv; {hint}")


def check_roster(path: Path, vision: Vision) -> list[Problem]:
    """Mistakes and warnings, among them roles that scenarios name but nobody has."""
    try:
        people, problems = _read_roster(path, vision)
    except InputError as error:
        return list(error.problems)
    if any(problem.severity == "error" for problem in problems):
        return problems
    return problems + _unused_roles(people, vision)


def _unused_roles(people: Iterable[Person], vision: Vision) -> list[Problem]:
    held = {person.role for person in people}
    found = []
    for scenario in vision.scenarios:
        idle = [role for role in scenario.roles if role not in held]
        if idle:
            only = " only" if len(idle) == len(scenario.roles) else ""
            found.append(
                Problem(
                    file="vision.toml",
                    place=f"scenarios: {scenario.id}",
                    message=f"is for {', '.join(idle)}{only}, and nobody in roster.csv has that role",
                    severity="warning",
                )
            )
    return found


def _read_roster(path: Path, vision: Vision) -> tuple[tuple[Person, ...], list[Problem]]:
    rows, problems = read_rows(path, columns=("person", "role", "team"), optional=("name", "email", "manager"))
    roles = tuple(role.id for role in vision.roles)
    by_title = {role.title.lower(): role.id for role in vision.roles}
    lines: dict[str, int] = {}
    people: list[Person] = []

    def note(line: int, column: str, message: str) -> None:
        problems.append(Problem(file=path.name, place=f"line {line}, {column}", message=message))

    for line, row in rows:
        person = row["person"]
        if not PERSON.fullmatch(person):
            note(line, "person", f"{person!r} cannot be an id; use letters, digits, dots and hyphens, e.g. 'mia.okoro'")
        elif person.lower() in lines:
            note(line, "person", f"'{person}' stands in line {lines[person.lower()]} already; every id must be its own")
        lines.setdefault(person.lower(), line)
        # A title in place of the id is unmistakable, and what a personnel system exports.
        role = by_title.get(row["role"].lower(), row["role"])
        if role not in roles:
            near = difflib.get_close_matches(role, roles, 1)
            hint = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(roles)}"
            note(line, "role", f"there is no role '{role}' in vision.toml; {hint}")
        team = "/".join(part.strip() for part in row["team"].split("/"))
        if not all(team.split("/")):
            note(line, "team", f"{row['team']!r} has an empty part; expected e.g. 'Billing' or 'North/Repair'")
        people.append(
            Person(
                person=person,
                name=row.get("name", "") or person,
                email=row.get("email", ""),
                role=role,
                team=team,
                manager=row.get("manager", ""),
            )
        )
    for (line, _), employee in zip(rows, people, strict=True):
        if employee.manager and employee.manager.lower() not in lines:
            note(
                line,
                "manager",
                f"'{employee.manager}' is not a person in this file; give a person's id or leave it empty",
            )
    if not people and not problems:
        problems.append(Problem(file=path.name, place="", message="names nobody; expected one line per employee"))
    return tuple(people), problems
