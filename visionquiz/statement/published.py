"""86 statements that organisations published, to compare drafts with and to learn from."""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, cast

__all__ = ["CRITERIA", "Mark", "PublishedStatement", "load_published"]

Mark = Literal["y", "p", "n"]
"""Whether a statement meets a criterion: yes, partly, no."""

CRITERIA: Mapping[str, str] = {
    "simple": "Simple: everyone understands it at once",
    "memorable": "Memorable: short enough to know by heart",
    "customer_focused": "About customers: it says what they get",
    "observable_trainable": "Observable: it can be seen, checked and taught",
    "motivating": "Motivating: people want to work like that",
    "specific": "Specific: not every company could say it",
}
"""The criteria that 20 of the statements are marked by, and what each asks. After Toister, DiJulius and ACXPA."""


@dataclass(frozen=True, kw_only=True)
class PublishedStatement:
    """A statement with its source. Kind and marks are one reader's judgement: good to discuss, not the truth."""

    company: str
    statement: str
    kind: str
    """What it is used as, in plain words, e.g. ``mission (not a vision)``."""
    source: str
    """The address of the page that quotes it. Some statements have changed since."""
    marks: Mapping[str, Mark]
    """By criterion (`CRITERIA`); empty for statements that are not marked."""
    note: str = ""
    """Why it is marked so, in a sentence or two; empty for the others."""

    @property
    def serves(self) -> bool:
        """Whether it is used to say how customers are served; False for the counter-examples."""
        return "(not a" not in self.kind and not self.kind.startswith("weak ")


@functools.lru_cache(maxsize=1)
def load_published() -> tuple[PublishedStatement, ...]:
    """All 86 statements in the order of the file: 52 that say how customers are served, 34 counter-examples."""
    text = files("visionquiz.statement").joinpath("published.csv").read_text(encoding="utf-8")
    return tuple(
        PublishedStatement(
            company=row["company"],
            statement=row["statement"],
            kind=row["kind"],
            source=row["source"],
            marks={name: cast(Mark, row[name]) for name in CRITERIA if row[name]},
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )
