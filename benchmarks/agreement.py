"""How far the grader agrees with people: `python benchmarks/agreement.py`.

Grades tests/data/rated_answers.csv, 360 answers of two invented companies rated 0..3 by two raters each, and prints one
block per question. Nothing was trained or tuned on these answers. Agreement is quadratic weighted kappa (Cohen 1968)
with the mean of the two raters.
"""

import argparse
import csv
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from visionquiz.grading import Answer, Grade, grade_answers  # noqa: E402
from visionquiz.stats import calibration_error, kappa_interval, weighted_kappa  # noqa: E402
from visionquiz.vision import MeaningPoint, Role, Value, Vision  # noqa: E402

QUESTIONS: tuple[Literal["state", "explain", "contribute"], ...] = ("state", "explain", "contribute")
COMPANIES = ("fernhill", "larkline")


@dataclass(frozen=True, kw_only=True)
class Rated:
    """One answer and what two raters, who did not know each other's, gave it."""

    company: str
    answer: Answer
    rater1: float
    rater2: float

    @property
    def rating(self) -> float:
        """The mean of the two raters, 0..3."""
        return (self.rater1 + self.rater2) / 2


def read_visions(path: Path) -> dict[str, Vision]:
    """The rated companies' visions by company id."""
    return {found["id"]: _vision(found) for found in json.loads(path.read_text(encoding="utf-8"))}


def read_rated(path: Path) -> list[Rated]:
    """The rated answers, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Rated(
                company=row["company"],
                answer=Answer(
                    id=row["id"],
                    kind=cast(Literal["state", "explain", "contribute"], row["question"]),
                    text=row["text"],
                    role=row["role"],
                ),
                rater1=float(row["rater1"]),
                rater2=float(row["rater2"]),
            )
            for row in csv.DictReader(lines)
        ]


def length_levels(texts: Sequence[str], ratings: Sequence[float]) -> list[float]:
    """What word count alone would give: the longest answers the most, in the proportions that the raters gave.

    It knows the raters' proportions, so it is a generous rival.
    """
    order = sorted(range(len(texts)), key=lambda place: len(texts[place].split()))
    given = sorted(ratings)
    levels = [0.0] * len(texts)
    for rank, place in enumerate(order):
        levels[place] = given[rank]
    return levels


def describe(rated: Sequence[Rated], grades: Sequence[Grade]) -> dict[str, str]:
    """The figures of one block, by name, as printed."""
    levels = [float(grade.level or 0) for grade in grades]
    ratings = [one.rating for one in rated]
    kept = [(level, rating) for grade, level, rating in zip(grades, levels, ratings, strict=True) if not grade.review]
    by_length = length_levels([one.answer.text for one in rated], ratings)
    low, high = kappa_interval(levels, ratings)
    worthless = [level for level, one in zip(levels, rated, strict=True) if one.rater1 == one.rater2 == 0]
    full = [level for level, one in zip(levels, rated, strict=True) if one.rater1 == one.rater2 == 3]
    hits = [level in (one.rater1, one.rater2) for level, one in zip(levels, rated, strict=True)]
    sure = [grade.confidence for grade in grades]
    return {
        "n": str(len(rated)),
        "QWK": f"{weighted_kappa(levels, ratings):.2f} ({low:.2f} to {high:.2f})",
        "raters' own QWK": f"{weighted_kappa([one.rater1 for one in rated], [one.rater2 for one in rated]):.2f}",
        "QWK of word count": f"{weighted_kappa(by_length, ratings):.2f}",
        "exact (a rater's level)": f"{sum(hits) / len(hits):.0%}",
        "worthless given 2 or 3": f"{sum(level >= 2 for level in worthless)} of {len(worthless)}",
        "full given 0 or 1": f"{sum(level <= 1 for level in full)} of {len(full)}",
        "to a person for doubt": f"{sum(grade.doubt for grade in grades) / len(grades):.0%}",
        "to a person for a guard": f"{sum(bool(grade.guards) for grade in grades) / len(grades):.0%}",
        "QWK of what is kept": f"{weighted_kappa([level for level, _ in kept], [rating for _, rating in kept]):.2f}"
        f" (n {len(kept)})",
        "two levels off, kept": str(sum(abs(level - rating) >= 2 for level, rating in kept)),
        "two levels off, all": str(
            sum(abs(level - rating) >= 2 for level, rating in zip(levels, ratings, strict=True))
        ),
        "calibration error": f"{calibration_error(sure, hits):.2f}",
    }


def measure_speed(rated: Sequence[Rated], visions: dict[str, Vision], clock: Callable[[], float]) -> float:
    """Answers graded per second, loading the model included."""
    start = clock()
    for company, vision in visions.items():
        grade_answers([one.answer for one in rated if one.company == company], vision)
    return len(rated) / (clock() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description="Agreement of the grader with two human raters.")
    parser.add_argument("--company", choices=COMPANIES, help="only this company")
    only = parser.parse_args().company
    visions = read_visions(ROOT / "tests" / "data" / "rated_companies.json")
    rated = [one for one in read_rated(ROOT / "tests" / "data" / "rated_answers.csv") if only in (None, one.company)]
    speed = measure_speed(rated, visions, time.perf_counter)
    graded = {
        company: grade_answers([one.answer for one in rated if one.company == company], visions[company])
        for company in COMPANIES
    }
    grades = {grade.id: grade for found in graded.values() for grade in found}
    for question in QUESTIONS:
        block = [one for one in rated if one.answer.kind == question]
        print(f"\n{question}")
        for name, figure in describe(block, [grades[one.answer.id] for one in block]).items():
            print(f"  {name:<24} {figure}")
    cores = len(os.sched_getaffinity(0))
    print(f"\n{60 * speed:,.0f} answers a minute on {cores} cores, loading the model included (asked: 3,000)")


def _vision(found: dict[str, Any]) -> Vision:
    return Vision(
        company=found["name"],
        sector=found["sector"],
        statement=found["statement"],
        core_idea=found["core_idea"],
        meaning=tuple(MeaningPoint(id=point["id"], text=point["text"]) for point in found["meaning"]),
        values=tuple(Value(name=name, means="") for name in found["values"]),
        roles=tuple(
            Role(id=role["id"], title=role["title"], contributions=tuple(role["contributions"]))
            for role in found["roles"]
        ),
    )


if __name__ == "__main__":
    main()
