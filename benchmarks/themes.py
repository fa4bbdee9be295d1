"""How well ideas are grouped, beside keywords and chance: `python -m benchmarks.themes`.

Purity is the share of ideas whose theme has more of their label than of any other. It rises by itself with the number
of groups, so every method has the same number, and chance stands beside it. Adjusted Rand (Hubert and Arabie 1985) is
0 for chance and 1 for the labels themselves. Nothing was tuned but on ``ideas_airport.csv``.
"""

import csv
import functools
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from math import comb
from pathlib import Path

import numpy as np

from visionquiz.grading.encoder import load_reader
from visionquiz.grading.shared import embed
from visionquiz.ideas import Idea, make_ideas
from visionquiz.text import content, words
from visionquiz.themes import Themes, _cluster, _unit, group_ideas

ROOT = Path(__file__).resolve().parent.parent
FILES = {"ideas_samples.csv": "held out", "ideas_payroll.csv": "held out", "ideas_airport.csv": "tuned on"}


def measure_purity(labels: Sequence[str], groups: Sequence[Hashable]) -> float:
    """0..1: how many are with most of their kind."""
    found: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for label, group in zip(labels, groups, strict=True):
        found[group][label] += 1
    return sum(max(one.values()) for one in found.values()) / len(labels)


def measure_rand(labels: Sequence[str], groups: Sequence[Hashable]) -> float:
    """Adjusted Rand index, about -.5..1."""
    both, one, other = (
        sum(comb(times, 2) for times in Counter(found).values())
        for found in (zip(labels, groups, strict=True), labels, groups)
    )
    chance = one * other / comb(len(labels), 2)
    return (both - chance) / ((one + other) / 2 - chance)


def read_labelled(path: Path) -> dict[str, tuple[tuple[Idea, ...], list[str]]]:
    """Ideas and labels of each organisation in a file."""
    found = defaultdict(list)
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row.get("organisation") or path.stem.removeprefix("ideas_")].append(row)
    return {
        name: (make_ideas(row["text"] for row in rows), [row["theme"] for row in rows]) for name, rows in found.items()
    }


def groups_of(themes: Themes, ideas: Sequence[Idea]) -> list[str]:
    """The theme of each idea."""
    return [themes.home(idea.id).id for idea in ideas]


def group_by_keywords(ideas: Sequence[Idea], labels: Sequence[str], count: int) -> list[int]:
    """The baseline: TF-IDF of word stems without small words, cosine; of our linkage and average linkage whichever
    has the higher purity.
    """
    said = [Counter(word.stem for word in content(words(idea.text))) for idea in ideas]
    often = Counter(stem for one in said for stem in one)
    rows = np.zeros((len(ideas), len(often)))
    for place, one in enumerate(said):
        for column, stem in enumerate(often):
            rows[place, column] = one[stem] * (np.log((1 + len(ideas)) / (1 + often[stem])) + 1)
    rows = _unit(rows)
    near = -np.sqrt(np.maximum(2 - 2 * rows @ rows.T, 0))
    both = [_numbered(groups, len(ideas)) for groups in (_cluster(rows, count), _average(near, count))]
    return max(both, key=lambda found: measure_purity(labels, found))


def _numbered(groups: Sequence[Sequence[int]], total: int) -> list[int]:
    found = [0] * total
    for number, group in enumerate(groups):
        for place in group:
            found[place] = number
    return found


def _average(near: np.ndarray, count: int) -> list[list[int]]:
    """Groups by average linkage."""
    groups = [[place] for place in range(len(near))]
    while len(groups) > count:
        pairs = [(one, other) for one in range(len(groups)) for other in range(one)]
        one, other = max(pairs, key=lambda pair: near[np.ix_(groups[pair[0]], groups[pair[1]])].mean())
        groups[other] += groups.pop(one)
    return groups


def show_agreement() -> None:
    """Purity and adjusted Rand of each organisation and of all in a file."""
    print(f"{'organisation':<22}{'n':>4}{'groups':>8}{'ours':>13}{'keywords':>13}{'chance':>13}   purity / adj. Rand")
    chance = random.Random(0)
    for name, use in FILES.items():
        totals, all_ideas = [0.0] * 3, 0
        for organisation, (ideas, labels) in read_labelled(ROOT / "tests" / "data" / name).items():
            count = len(set(labels))
            ours = groups_of(group_ideas(ideas, embed=embed, count=count), ideas)
            lots = [[chance.randrange(count) for _ in ideas] for _ in range(200)]
            lot = sum(measure_purity(labels, one) for one in lots) / 200
            lot_rand = sum(measure_rand(labels, one) for one in lots) / 200
            base = group_by_keywords(ideas, labels, count)
            figures = [(measure_purity(labels, one), measure_rand(labels, one)) for one in (ours, base)]
            shown = "".join(f"{f'{a:.2f} /{b:5.2f}':>13}" for a, b in [*figures, (lot, lot_rand)])
            print(f"{organisation:<22}{len(ideas):>4}{count:>8}{shown}   {use}")
            own = group_ideas(ideas, embed=embed)
            found, number = groups_of(own, ideas), len(own.themes)
            base = group_by_keywords(ideas, labels, number)
            figures = [(measure_purity(labels, one), measure_rand(labels, one)) for one in (found, base)]
            shown = "".join(f"{f'{a:.2f} /{b:5.2f}':>13}" for a, b in figures)
            print(f"{'  number chosen by us':<22}{'':>4}{number:>8}{shown}")
            for place, purity in enumerate((measure_purity(labels, ours), 0.0, lot)):
                totals[place] += purity * len(ideas)
            totals[1] += measure_purity(labels, group_by_keywords(ideas, labels, count)) * len(ideas)
            all_ideas += len(ideas)
        shown = "".join(f"{total / all_ideas:>13.2f}" for total in totals)
        asked = " (asked: .80 and above keywords)" if name == "ideas_samples.csv" else ""
        print(f"{name:<22}{all_ideas:>4}{'':>8}{shown}   purity of all{asked}\n", flush=True)


def collect_distinct(count: int) -> list[str]:
    """So many different sentences: the labelled ideas, then short explanations of the corpus."""
    found = {
        idea.text: None
        for name in FILES
        for ideas, _ in read_labelled(ROOT / "tests" / "data" / name).values()
        for idea in ideas
    }
    for path in sorted((ROOT / "training" / "corpus").glob("*/answers.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            texts = [row["text"] for row in csv.DictReader(file) if row["question"] == "explain"]
        found |= dict.fromkeys([text for text in texts if 2 < len(text.split()) <= 12][:6])
    if len(found) < count:
        sys.exit(f"there are only {len(found)} different sentences")
    return list(found)[:count]


def show_speed(count: int = 500) -> None:
    """Seconds for many ideas, apart for the model and for all the rest."""
    ideas = make_ideas(collect_distinct(count))
    worked = time.process_time()
    load_reader()
    loaded, worked_loaded = time.perf_counter(), time.process_time()
    kept = functools.lru_cache(lambda texts, question: embed(texts, question=question))

    def remember(texts: Sequence[str], *, question: str) -> object:
        return kept(tuple(texts), question)

    themes = group_ideas(ideas, embed=remember)
    done, worked_done = time.perf_counter(), time.process_time()
    again = time.perf_counter()
    group_ideas(ideas, embed=remember)
    rest = time.perf_counter() - again
    largest = max(len(theme.ideas) for theme in themes.themes)
    told = f"{len(themes.themes)} themes of at most {largest} ideas; without the model {rest:.2f} s"
    print(f"{count} different ideas grouped (asked: under 5 s): {done - loaded:.1f} s   {told}")
    print(f"  processor time, all cores: {worked_done - worked_loaded:.1f} s; loading {worked_loaded - worked:.1f} s")


def main() -> None:
    """Print everything."""
    show_speed()
    show_agreement()


if __name__ == "__main__":
    main()
