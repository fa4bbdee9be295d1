"""How far the grader agrees with people: `python benchmarks/agreement.py`.

Grades tests/data/rated_answers.csv, 360 answers of two invented companies rated 0..3 by two raters each, and prints one
block per company and question. Larkline was seen while the rules were written; fernhill was not (about 15 of its 180
answers were on screen once before the work began), so read fernhill's figures first. The weights were fitted on the
training corpus, on neither company. Agreement is quadratic weighted kappa (Cohen 1968) with the mean of the two raters.
"""

import argparse
import csv
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from visionquiz.grading import Answer, Grade, grade_answers  # noqa: E402
from visionquiz.vision import MeaningPoint, Role, Value, Vision  # noqa: E402

QUESTIONS: tuple[Literal["state", "explain", "contribute"], ...] = ("state", "explain", "contribute")
SEEN = {"larkline": "seen while writing the rules", "fernhill": "not seen while writing the rules"}
LEVELS = 4


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


def weighted_kappa(one: Sequence[float], other: Sequence[float]) -> float:
    """Quadratic weighted kappa: 1 - (mean squared difference) / (the same if the two were independent).

    Halves are allowed, since squared differences need no categories. 1 is perfect, 0 is chance, NaN where neither
    varies. Cohen (1968).

    >>> weighted_kappa([0, 1, 2, 3], [0, 1, 2, 3]), weighted_kappa([0, 3], [3, 0])
    (1.0, -1.0)
    """
    count = len(one)
    if not count:
        return float("nan")
    observed = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) / count
    mean_one, mean_other = sum(one) / count, sum(other) / count
    # E[(a - b)^2] of independent draws = var(a) + var(b) + (difference of means)^2
    expected = (
        sum((a - mean_one) ** 2 for a in one) / count
        + sum((b - mean_other) ** 2 for b in other) / count
        + (mean_one - mean_other) ** 2
    )
    return 1 - observed / expected if expected else float("nan")


def bootstrap_interval(
    one: Sequence[float], other: Sequence[float], *, rounds: int = 1000, seed: int = 1
) -> tuple[float, float]:
    """The 95 % percentile interval of `weighted_kappa` over resampled answers. Efron (1979)."""
    chance = random.Random(seed)
    places = range(len(one))
    drawn = [chance.choices(places, k=len(one)) for _ in range(rounds)]
    kappas = sorted(weighted_kappa([one[i] for i in draw], [other[i] for i in draw]) for draw in drawn)
    return kappas[int(0.025 * rounds)], kappas[int(0.975 * rounds) - 1]


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
    low, high = bootstrap_interval(levels, ratings)
    same = sum(level in (one.rater1, one.rater2) for level, one in zip(levels, rated, strict=True))
    return {
        "n": str(len(rated)),
        "QWK": f"{weighted_kappa(levels, ratings):.2f} ({low:.2f} to {high:.2f})",
        "exact (a rater's level)": f"{same / len(rated):.0%}",
        "raters' own QWK": f"{weighted_kappa([one.rater1 for one in rated], [one.rater2 for one in rated]):.2f}",
        "QWK of word count": f"{weighted_kappa(by_length, ratings):.2f}",
        "to a person": f"{1 - len(kept) / len(rated):.0%}",
        "QWK of what is kept": f"{weighted_kappa([level for level, _ in kept], [rating for _, rating in kept]):.2f}"
        f" (n {len(kept)})",
        "two levels off, kept": str(sum(abs(level - rating) >= 2 for level, rating in kept)),
        "two levels off, all": str(
            sum(abs(level - rating) >= 2 for level, rating in zip(levels, ratings, strict=True))
        ),
    }


def measure_speed(rated: Sequence[Rated], visions: dict[str, Vision], clock: Callable[[], float]) -> float:
    """Answers graded per second on one core, preparation of the visions included."""
    start = clock()
    for company, vision in visions.items():
        grade_answers([one.answer for one in rated if one.company == company], vision)
    return len(rated) / (clock() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description="Agreement of the grader with two human raters.")
    parser.add_argument("--company", choices=sorted(SEEN), help="only this company")
    only = parser.parse_args().company
    visions = read_visions(ROOT / "tests" / "data" / "rated_companies.json")
    rated = read_rated(ROOT / "tests" / "data" / "rated_answers.csv")
    speed = measure_speed(rated, visions, time.perf_counter)
    print("larkline was seen while writing the rules; fernhill was not.")
    for company in [only] if only else sorted(SEEN):
        for question in QUESTIONS:
            block = [one for one in rated if one.company == company and one.answer.kind == question]
            grades = grade_answers([one.answer for one in block], visions[company])
            print(f"\n{company} ({SEEN[company]}), {question}")
            for name, figure in describe(block, grades).items():
                print(f"  {name:<24} {figure}")
    print(f"\n{speed:,.0f} answers per second on one core (cold start).")


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
