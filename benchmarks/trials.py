"""Whether the verdict of a recall trial can be trusted: `python -m benchmarks.trials`.

10,000 trials in which the drafts are remembered equally well, and 1,300 with a planted difference, each through
`compare_drafts` and its `Comparison.differs`, by which `piloting.sum_recall` and the result on the trainer's screen
give the verdict that a team sees. Scores are dealt from bounded, skewed distributions and from recall answers of
people's kind (`tests/data`, two companies' statements). It takes a minute or two.
"""

import argparse
import csv
import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from visionquiz.stats import wilson_interval
from visionquiz.trials import compare_drafts, people_needed, score_recall

ROOT = Path(__file__).resolve().parent.parent
SIZES = (4, 6, 8, 12, 20, 40)

Deal = Callable[[Any, int], Any]
"""Scores of n people, given a source of chance."""


def read_scores() -> list[float]:
    """The recall scores of the rated answers to `state`."""
    data = ROOT / "tests" / "data"
    statements = {one["id"]: one["statement"] for one in json.loads((data / "rated_companies.json").read_text("utf-8"))}
    with open(data / "rated_answers.csv", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["question"] == "state"]
    return [score_recall(statements[row["company"]], row["text"]).share for row in rows]


def distributions(real: Sequence[float]) -> dict[str, Deal]:
    """Ways in which a draft is remembered, by name. Scores go in steps of a word in seven, but for the real ones."""
    steps = 7
    return {
        "all or nothing": lambda chance, n: np.round(chance.beta(0.5, 0.5, n) * steps) / steps,
        "most know it": lambda chance, n: np.where(
            chance.random(n) < 0.6, 1.0, np.round(chance.random(n) * steps) / steps
        ),
        "most forgot it": lambda chance, n: np.where(
            chance.random(n) < 0.6, 0.0, np.round(chance.random(n) * steps) / steps
        ),
        "in the middle": lambda chance, n: np.round(chance.beta(3, 3, n) * steps) / steps,
        "real answers": lambda chance, n: chance.choice(np.asarray(real), n),
    }


def count_alarms(deals: Sequence[Deal], sizes: Sequence[int], trials: int, seed: int = 1) -> int:
    """In how many simulated trials a difference is seen between any two drafts; one way of dealing and size each."""
    chance = np.random.default_rng(seed)
    hits = 0
    for _ in range(trials):
        scores = {
            str(number): np.clip(deal(chance, size), 0, 1).tolist()
            for number, (deal, size) in enumerate(zip(deals, sizes, strict=True))
        }
        hits += any(pair.differs for pair in compare_drafts(scores))
    return hits


def shift(deal: Deal, share: float) -> Deal:
    """The same draft, remembered worse: each score with this chance is thrown away and is 0."""
    return lambda chance, n: np.where(chance.random(n) < share, 0.0, deal(chance, n))


def show(what: str, hits: int, trials: int, beside: str = "") -> None:
    """One line: a rate with its 95 % interval."""
    low, high = wilson_interval(hits, trials)
    print(f"{what:<52} {hits / trials:>8.1%}   {low:.1%} to {high:.1%} of {trials:,}; {beside}", flush=True)


def main(argv: Sequence[str] | None = None) -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=10_000, help="simulated trials without a difference")
    total = parser.parse_args(argv).trials
    start = time.perf_counter()
    real = read_scores()
    ways = distributions(real)
    spread = float(np.std(real, ddof=1))
    print(f"{len(real)} real recall answers: mean {np.mean(real):.2f}, standard deviation {spread:.2f}\n")

    # Two thirds with two drafts, the rest with three drafts and with groups of unequal size.
    per = math.ceil(total / (len(ways) * len(SIZES) * 1.5))
    counts: dict[str, tuple[int, int]] = {}

    def note(name: str, hits: int, trials: int) -> None:
        counts[name] = (counts.get(name, (0, 0))[0] + hits, counts.get(name, (0, 0))[1] + trials)

    for size in SIZES:
        for name, deal in ways.items():
            hits = count_alarms([deal, deal], [size, size], per, seed=size)
            for row in (f"2 drafts, {size} people each", f"2 drafts, {name}", "2 drafts", "all trials"):
                note(row, hits, per)
            few = math.ceil(per / 4)
            hits = count_alarms([deal] * 3, [size] * 3, few, seed=100 + size)
            for row in ("3 drafts", "all trials"):
                note(row, hits, few)
            other = max(4, size * 2 // 3)
            hits = count_alarms([deal, deal], [size, other], few, seed=200 + size)
            for row in ("2 drafts, one read by a third fewer", "all trials"):
                note(row, hits, few)
    narrow: Deal = lambda chance, n: chance.choice([3 / 7, 4 / 7], n)  # noqa: E731
    print("False alarms where there is no difference (asked: near 5 %)\n")
    order = ["all trials", "2 drafts", *(f"2 drafts, {size} people each" for size in SIZES)]
    for row in [*order, *(row for row in counts if row not in order)]:
        show(row, *counts[row], "asked 5 %")

    for sizes in ([10, 10], [20, 20], [10, 15]):
        hits = count_alarms([ways["all or nothing"], narrow], sizes, per)
        show(f"equal means, unequal spread, {sizes[0]} and {sizes[1]} people", hits, per, "asked 5 %")

    print("\nHow often a planted difference is seen (asked: 80 % with as many people as the power table says)\n")
    # A hundred each: these are the largest trials, and all is to be done in two minutes.
    runs = max(1, total // 100)
    big = np.random.default_rng(7)
    for difference in (0.1, 0.2, 0.3):
        for name, deal in ways.items():
            mean = float(np.mean(deal(big, 100_000)))
            if mean <= difference:
                print(f"  {name}: a mean of {mean:.2f} cannot fall by {difference}")
                continue
            worse = shift(deal, difference / mean)
            spreads = [float(np.std(one(big, 100_000))) for one in (deal, worse)]
            size = people_needed(difference, float(np.sqrt(np.mean(np.square(spreads)))))
            hits = count_alarms([deal, worse], [size, size], runs, seed=300 + size)
            show(f"difference .{difference * 10:.0f}, {name}", hits, runs, f"{size} people per draft")
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
