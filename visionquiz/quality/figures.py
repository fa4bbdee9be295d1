"""What is known of a check's quality, as plain types. No person and nothing that an employee typed is in them.

Small groups are not hidden: the figures are for the trainer, who holds the gradebook. With few people behind a figure
it tells about single ones, so it is no more for others than the gradebook is.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from visionquiz.grading import Kind
from visionquiz.quality.agreement import AgreementRow, Band

__all__ = ["ENOUGH", "FAIR", "POOR", "Cues", "Estimate", "Item", "Option", "Quality", "Reliability", "ReviewLoad"]

ENOUGH = 30
"""People from whom on a correlation, a flag or a change is told: with fewer, a correlation of .3 may as well be -.1."""

POOR, FAIR = 0.2, 0.3
"""An item whose discrimination is below the first hardly tells who knows the vision from who does not; from the second
on it does reasonably well. Ebel (1965).
"""

WORKING = 0.05
"""A wrong option that fewer than this share choose does no work. Haladyna and Downing (1993)."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A figure with its 95 % interval; all None where `why` says why it cannot be told."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    people: int
    why: str = ""

    @property
    def told(self) -> str:
        """The figure and its interval, or why there is none, as a part of a sentence."""
        if self.value is None or self.low is None or self.high is None:
            return f"not known: {self.why}"
        value, low, high = (
            f"{one:.2f}".replace("-0.00", "0.00").replace("-", "−") for one in (self.value, self.low, self.high)
        )
        return f"{value}, probably {low} to {high}"


@dataclass(frozen=True, kw_only=True)
class Option:
    """A level of free text, or an option of a scenario, and how many people are at it."""

    label: str
    worth: float
    """The share of the points that it gives, 0..1."""
    people: int


@dataclass(frozen=True, kw_only=True)
class Item:
    """A free-text question or a scenario, and how it does. A scenario may be asked in several places of a check."""

    id: str
    kind: Kind
    label: str
    wording: str
    """A digest of what was asked: another wording is another item."""
    people: int
    """Who answered; blank is an answer."""
    mean: float | None
    """Difficulty: the mean share of the points, 0..1. The higher, the easier."""
    spread: float | None
    """Standard deviation of the share; None for fewer than two people."""
    discrimination: Estimate
    """Correlation of the item's points with the points for all the rest of the check, -1..1."""
    options: tuple[Option, ...]
    """The levels from 0 up, or a scenario's options in the order of ``vision.toml``."""
    blank: int = 0
    """Of a scenario: people who chose nothing, or nothing that can be read."""
    words: float | None = None
    """Of free text: the median of the words in answers that are not blank."""
    length: Estimate | None = None
    """Of free text: rank correlation of an answer's words with its points, -1..1, blank answers left out."""

    @property
    def hardly_tells(self) -> bool:
        """Whether it probably tells people apart badly: what a few people make uncertain is not held against it."""
        link = self.discrimination
        return link.value is not None and link.high is not None and link.value < POOR and link.high < FAIR

    @property
    def rivals(self) -> tuple[Option, ...]:
        """Options of a scenario that more people choose than any of the best; none where fewer than `ENOUGH` chose."""
        best = max((one.people for one in self.options if one.worth == 1), default=0)
        return tuple(one for one in self._judged if one.worth < 1 and one.people > best)

    @property
    def idle(self) -> tuple[Option, ...]:
        """Options of a scenario that are not the best and that hardly anybody chooses; none where too few chose."""
        chosen = sum(one.people for one in self.options)
        return tuple(one for one in self._judged if one.worth < 1 and one.people < WORKING * chosen)

    @property
    def _judged(self) -> tuple[Option, ...]:
        judged = self.kind == "scenario" and sum(one.people for one in self.options) >= ENOUGH
        return self.options if judged else ()


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How far the whole check can be relied on: Cronbach's alpha of its parts, each counting the same."""

    parts: tuple[str, ...]
    """Labels: each free-text question, and the mean of each scenario question's scenarios."""
    alpha: Estimate
    error: float | None = None
    """Standard error of measurement of a person's mean over the parts, as a share of the points; None without alpha."""


@dataclass(frozen=True, kw_only=True)
class ReviewLoad:
    """How many answers to a question a person was asked to look at. An answer is counted for one reason."""

    question: str
    label: str
    answers: int
    guard: int
    """Something in them stopped the grader, such as a contradiction."""
    doubt: int
    """Their level, or what was chosen, was in doubt."""
    drawn: int
    """Drawn at random, to see how the grader does where it has no doubt."""
    wished: int
    """The employee asked for a second look."""
    unknown: int
    """With a person, and the gradebook does not say why."""
    waiting: int
    """Of all these, with a person still."""
    by_hand: int
    """Answers that a person gave a score, asked for or not."""

    @property
    def asked(self) -> int:
        """Answers that a person was asked to look at."""
        return self.guard + self.doubt + self.drawn + self.wished + self.unknown


@dataclass(frozen=True, kw_only=True)
class Cues:
    """What lets people find a scenario's best option without knowing the vision; see `items`."""

    scenarios: int
    """How many this check asks."""
    longest: tuple[str, ...] = ()
    """The ids of those whose best option is clearly the longest."""
    warnings: tuple[str, ...] = ()
    """What `items` says of all of them, also of these."""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """The quality of one check when it was published last."""

    quiz: str
    title: str
    company: str
    published: dt.datetime
    people: int
    """Who handed in."""
    items: tuple[Item, ...]
    """Free-text questions in the order of the check, then the scenarios in that of ``vision.toml``."""
    reliability: Reliability
    agreement: tuple[AgreementRow, ...]
    """By question and the grader's level; empty where nobody graded by hand."""
    bands: tuple[Band, ...]
    """By how sure the grader was, and those drawn at random."""
    load: tuple[ReviewLoad, ...]
    cues: Cues

    def of_kind(self, what: Literal["written", "scenario"]) -> tuple[Item, ...]:
        """The free-text questions, or the scenarios."""
        return tuple(item for item in self.items if (item.kind == "scenario") == (what == "scenario"))
