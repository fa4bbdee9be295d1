"""How well each measure of the evidence card tells service statements from counter-examples.

    python -m benchmarks.statements            # print the table
    python -m benchmarks.statements --write    # and write what the card shows: visionquiz/statement/accuracy.csv

86 published statements, labelled by one reader; see `visionquiz.statement.measures`. Beside each figure stands what was
found for the same measure before this code was written, with another list of words and another counter of syllables.
"""

import argparse
import csv
import statistics
import time
from pathlib import Path

from visionquiz.statement import check_statement, load_accuracy, load_published
from visionquiz.statement.measures import Accuracy, measure_accuracy

OUT = Path(__file__).resolve().parent.parent / "visionquiz" / "statement" / "accuracy.csv"

BEFORE = {
    "words": 0.72, "rank": 0.71, "grade": 0.66, "ease": 0.59, "rarest": 0.58, "customers": 0.57, "frequency": 0.53,
}  # fmt: skip


def write_accuracy(found: tuple[Accuracy, ...], path: Path) -> None:
    """Writes the figures that the card shows."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("measure", "auc", "low", "high", "serving", "others"))
        writer.writerows((one.measure, one.auc, one.low, one.high, one.serving, one.others) for one in found)


def measure_speed() -> tuple[float, float]:
    """Seconds for the first card in this process, and the median of one card for each published statement after it."""
    texts = [one.statement for one in load_published()]
    start = time.perf_counter()
    check_statement(texts[0])
    first = time.perf_counter() - start
    taken = []
    for text in texts:
        start = time.perf_counter()
        check_statement(text)
        taken.append(time.perf_counter() - start)
    return first, statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description="AUC of the evidence card's measures on published statements.")
    parser.add_argument("--write", action="store_true", help="write the figures for the card to show")
    options = parser.parse_args()
    first, warm = measure_speed()
    found = measure_accuracy()
    print(f"{found[0].serving} service statements, {found[0].others} counter-examples")
    print(f"{'measure':<54} {'AUC':>4}   {'95 % interval':<14} before")
    for one in found:
        before = f"{BEFORE[one.measure]:.2f}" if one.measure in BEFORE else "-"
        print(f"{one.label:<54} {one.auc:>4.2f}   {one.low:.2f} to {one.high:.2f}   {before}")
    print(f"\na card: {warm * 1000:.1f} ms warm (asked: under 200), {first * 1000:.0f} ms the first")
    if options.write:
        write_accuracy(found, OUT)
        print(f"written: {OUT.name}")
    elif tuple(load_accuracy().values()) != found:
        raise SystemExit("accuracy.csv holds other figures than these; write it anew with --write")


if __name__ == "__main__":
    main()
