"""The vision of one company: the statement, what it means, who serves it, and the situations that test it."""

import functools
from dataclasses import dataclass
from pathlib import Path

from visionquiz.errors import InputError, Problem
from visionquiz.reading import Section, parse_toml, read_toml

__all__ = [
    "MeaningPoint", "Option", "Role", "Scenario", "Value", "Vision", "load_vision", "parse_vision", "read_vision",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MeaningPoint:
    """One thing that the statement means, in the trainer's plain words."""

    id: str
    text: str
    phrasings: tuple[str, ...] = ()
    """Other ways in which people say it."""
    misreadings: tuple[str, ...] = ()
    """What it does not mean."""


@dataclass(frozen=True, kw_only=True)
class Value:
    """A core value of the company; the vision must not work against it."""

    name: str
    means: str


@dataclass(frozen=True, kw_only=True)
class Role:
    """A job in the company, with examples of how someone in it serves the vision."""

    id: str
    title: str
    contributions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that a person could do in a scenario. The most points is best, 0 is poor."""

    text: str
    points: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A situation in which no rule decides and the vision should."""

    id: str
    title: str
    situation: str
    options: tuple[Option, ...]
    roles: tuple[str, ...] = ()
    """Role ids whom it fits; empty means everyone."""
    meaning: tuple[str, ...] = ()
    """Meaning point ids that it tests."""

    @property
    def best(self) -> int:
        """The points of the best option."""
        return max(option.points for option in self.options)

    def fits(self, role: str) -> bool:
        """Whether it may be put to a person with this role id."""
        return not self.roles or role in self.roles


@dataclass(frozen=True, kw_only=True)
class Vision:
    """A company's customer service vision and everything that the checks need to know about it."""

    company: str
    statement: str
    core_idea: str
    meaning: tuple[MeaningPoint, ...]
    roles: tuple[Role, ...]
    values: tuple[Value, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    sector: str = ""
    language: str = "en"

    def role(self, role_id: str) -> Role | None:
        """The role with this id, or None."""
        return next((role for role in self.roles if role.id == role_id), None)

    @functools.cached_property
    def _scenarios_by_id(self) -> dict[str, Scenario]:
        return {scenario.id: scenario for scenario in self.scenarios}

    def scenario(self, scenario_id: str) -> Scenario | None:
        """The scenario with this id, or None."""
        return self._scenarios_by_id.get(scenario_id)


def load_vision(path: Path) -> Vision:
    """The vision described in a ``vision.toml``.

    Raises `InputError` with every mistake in the file, each with its key path, what was expected and an example.
    """
    return _whole(*read_vision(path))


def parse_vision(text: str, file: str = "vision.toml") -> Vision:
    """The vision that the text of a ``vision.toml`` describes. Raises `InputError` as `load_vision` does."""
    return _whole(*_read(parse_toml(text, file)))


def _whole(vision: Vision, problems: list[Problem]) -> Vision:
    if problems:
        raise InputError(problems)
    return vision


def read_vision(path: Path) -> tuple[Vision, list[Problem]]:
    """What can be understood of a ``vision.toml``, and every mistake in it. Raises `InputError` if it is not TOML."""
    return _read(read_toml(path))


def _read(top: Section) -> tuple[Vision, list[Problem]]:
    company = top.section("company")
    name = company.text("name", example="Hollowmere Water")
    sector = company.text("sector", example="regional water utility", required=False)
    language = company.text("language", example="en", required=False) or "en"
    if language != "en":
        company.note("language", f'is {language!r}; so far answers can be graded in English only: language = "en"')
    company.finish()

    vision = top.section("vision")
    statement = vision.text("statement", example="Keep every home running.")
    core_idea = vision.text("core_idea", example="Restore the water first, and never leave a person guessing.")
    vision.finish()

    meaning = _load_meaning(top)
    roles = _load_roles(top)
    values = tuple(
        Value(
            name=section.text("name", example="Straight talk"),
            means=section.text("means", example="We tell people the truth early."),
        )
        for section in top.sections("values")
    )
    scenarios = _load_scenarios(
        top, roles=tuple(role.id for role in roles), meaning=tuple(point.id for point in meaning)
    )
    top.finish()
    found = Vision(
        company=name,
        sector=sector,
        language=language,
        statement=statement,
        core_idea=core_idea,
        meaning=meaning,
        values=values,
        roles=roles,
        scenarios=scenarios,
    )
    return found, top.problems


def _load_meaning(top: Section) -> tuple[MeaningPoint, ...]:
    seen: set[str] = set()
    found = []
    for section in top.sections("meaning", required=True):
        point = MeaningPoint(
            id=section.ident("id", example="water-first"),
            text=section.text("text", example="Getting water flowing comes before paperwork."),
            phrasings=section.texts("phrasings", example="fix it before the forms"),
            misreadings=section.texts("misreadings", example="close the job quickly"),
        )
        section.unique("id", point.id, seen)
        found.append(point)
    return tuple(found)


def _load_roles(top: Section) -> tuple[Role, ...]:
    seen: set[str] = set()
    found = []
    for section in top.sections("roles", required=True):
        role = Role(
            id=section.ident("id", example="adviser"),
            title=section.text("title", example="Contact centre adviser"),
            contributions=section.texts("contributions", example="I end every call by saying what happens next."),
        )
        section.unique("id", role.id, seen)
        found.append(role)
    return tuple(found)


def _load_scenarios(top: Section, *, roles: tuple[str, ...], meaning: tuple[str, ...]) -> tuple[Scenario, ...]:
    seen: set[str] = set()
    found = []
    for section in top.sections("scenarios"):
        scenario = Scenario(
            id=section.ident("id", example="no-estimate"),
            title=section.text("title", example="No estimate yet"),
            situation=section.text("situation", example="A caller asks when the water will be back."),
            roles=section.references("roles", roles, what="role", example=roles[0] if roles else "adviser"),
            meaning=section.references(
                "meaning", meaning, what="meaning point", example=meaning[0] if meaning else "water-first"
            ),
            options=tuple(
                Option(
                    text=option.text("text", example="Say that there is no time yet and promise a call."),
                    points=option.whole("points", low=0, high=100, default=None, required=True),
                    why=option.text("why", example="Truth and a next step."),
                )
                for option in section.sections("options", required=True)
            ),
        )
        section.unique("id", scenario.id, seen)
        _check_options(section, scenario)
        found.append(scenario)
    return tuple(found)


def _check_options(section: Section, scenario: Scenario) -> None:
    options = scenario.options
    if not options:
        return
    if not 2 <= len(options) <= 6:
        section.note("options", f"has {len(options)}; expected 2 to 6, best 2 points, acceptable 1, poor 0")
    elif len({option.points for option in options}) == 1:
        section.note("options", "give the same points for everything; expected e.g. best 2, acceptable 1, poor 0")
    texts = [option.text.lower() for option in options if option.text]
    if len(set(texts)) < len(texts):
        section.note("options", "say the same thing twice; every option needs a text of its own")
