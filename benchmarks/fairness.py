"""What must not move a grade, and what must: `python -m benchmarks.fairness`, on the corpus's held-out organisations.

Each answer is changed in a way that leaves its meaning as it is, and should keep its level; the minimal pairs of the
corpus differ in one relation, and should come out apart. Rates with their 95 % interval (Wilson 1927).
"""

import argparse
import csv
import itertools
import random
import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from rapidfuzz import fuzz

from training.check_corpus import QUESTIONS, Organisation, load_corpus
from training.examples import fold_of, slip
from visionquiz.grading import Answer, Grade, grade_answers
from visionquiz.stats import wilson_interval

SYNONYMS = {"customers": "clients", "customer": "client", "phone": "telephone", "quickly": "fast", "begin": "start"}


def reorder(text: str, _: random.Random) -> str:
    """A list of three or more, the other way round."""
    parts = [part.strip() for part in text.rstrip(".!").split(",")]
    return ", ".join(reversed(parts)) if len(parts) >= 3 and max(len(part.split()) for part in parts) <= 8 else text


def foreign(text: str, _: random.Random) -> str:
    """Without articles, as many write whose first language has none."""
    return re.sub(r"\b(?:the|a|an) ", "", text, flags=re.IGNORECASE)


def exchange(text: str, _: random.Random) -> str:
    """A word for another that means the same."""
    return re.sub(r"\b\w+\b", lambda found: SYNONYMS.get(found.group(), found.group()), text)


HARMLESS: dict[str, Callable[[str, random.Random], str]] = {
    "spelling": lambda text, rng: slip(text, rng, 0.1),
    "capitals": lambda text, _: text.upper(),
    "no capitals": lambda text, _: text.lower(),
    "no punctuation": lambda text, _: re.sub(r"[^\w\s']", "", text),
    "politeness": lambda text, _: f"Hello, {text} Thank you very much.",
    "a name": lambda text, _: f"Priya Nowak here. {text}",
    "empty words": lambda text, _: f"Well, if you ask me, basically, {text} That is more or less how I see it, really.",
    "no articles": foreign,
    "list reordered": reorder,
    "synonyms": exchange,
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One answer that did not get the level that it should have, as a line of the list."""

    organisation: str
    kind: str
    question: str
    before: int | None
    """The level of the answer as it was; of a minimal pair, of the better answer."""
    after: int | None
    """The level of the changed answer; of a minimal pair, of the worse answer."""
    text: str
    """The changed answer, or the worse one, shortened."""


def write_failures(path: Path, failures: Iterable[Failure]) -> int:
    """Write the list as CSV. Returns how many there are."""
    rows = [astuple(one) for one in failures]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field.name for field in fields(Failure))
        writer.writerows(rows)
    return len(rows)


def shorten(text: str) -> str:
    """One line of a text."""
    return textwrap.shorten(text, 200, placeholder=" ...")


def grade(organisation: Organisation, texts: list[tuple[str, str, str]]) -> list[Grade]:
    """The grades of (question, text, role)."""
    asked = [
        Answer(id=str(place), kind=question, text=text, role=role)  # type: ignore[arg-type]
        for place, (question, text, role) in enumerate(texts)
    ]
    return grade_answers(asked, organisation.vision)


def measure_harmless(organisations: list[Organisation], *, show: int) -> list[Failure]:
    """How many answers keep their level under each harmless change; returns those that do not."""
    plain = {one.id: grade(one, [(row.question, row.text, row.role) for row in one.rows]) for one in organisations}
    failures = []
    for name, change in HARMLESS.items():
        seen, lost = 0, []
        for one in organisations:
            rng = random.Random(f"{name} {one.id}")
            changed = [change(row.text, rng) for row in one.rows]
            pairs = [place for place, row in enumerate(one.rows) if changed[place] != row.text]
            after = grade(one, [(one.rows[p].question, changed[p], one.rows[p].role) for p in pairs])
            seen += len(pairs)
            for place, new in zip(pairs, after, strict=True):
                before = plain[one.id][place].level
                if new.level != before:
                    text, question = shorten(changed[place]), one.rows[place].question
                    lost.append(
                        Failure(
                            organisation=one.id, kind=name, question=question, before=before, after=new.level, text=text
                        )
                    )
        kept = seen - len(lost)
        low, high = wilson_interval(kept, seen)
        print(f"  {name:<16} n {seen:>5}   same level {kept / seen:.1%} ({low:.1%} to {high:.1%})")
        for one_lost in lost[:show]:
            print(f"      {one_lost.before} -> {one_lost.after}: {one_lost.text!r}")
        failures += lost
    return failures


def measure_pairs(organisations: list[Organisation], *, show: int) -> list[Failure]:
    """How many minimal pairs, labelled two levels or more apart, come out in the right order; returns the others."""
    failures = []
    for question in QUESTIONS:
        seen, lost = 0, []
        for one in organisations:
            rows = [row for row in one.rows if row.kind == "minimal pair" and row.question == question]
            pairs = [
                (high, low)
                for low, high in itertools.permutations(rows, 2)
                if high.level - low.level >= 2 and fuzz.ratio(low.text, high.text) >= 65
            ]
            texts = [(question, row.text, row.role) for pair in pairs for row in pair]
            grades = grade(one, texts)
            seen += len(pairs)
            for (_, low), better, worse in zip(pairs, grades[::2], grades[1::2], strict=True):
                if (better.level or 0) <= (worse.level or 0):
                    levels = {"before": better.level, "after": worse.level}
                    text = shorten(low.text)
                    lost.append(
                        Failure(organisation=one.id, kind="minimal pair", question=question, text=text, **levels)
                    )
        if seen:
            right = seen - len(lost)
            low_end, high_end = wilson_interval(right, seen)
            print(f"  {question:<16} n {seen:>5}   told apart {right / seen:.1%} ({low_end:.1%} to {high_end:.1%})")
        for one_lost in lost[:show]:
            print(f"      {one_lost.before} beside {one_lost.after}: {one_lost.text!r}")
        failures += lost
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description="What must not move a grade, and what must.")
    parser.add_argument("--show", type=int, default=0, help="print so many failures of each kind")
    parser.add_argument("--list", type=Path, metavar="FILE", help="write every failure into a CSV file")
    options = parser.parse_args()
    organisations = [one for one in load_corpus() if fold_of(one.id) == 0]
    print(f"Harmless changes, {len(organisations)} held-out organisations")
    failures = measure_harmless(organisations, show=options.show)
    print("Minimal pairs, two or three levels apart")
    failures += measure_pairs(organisations, show=options.show)
    if options.list:
        print(f"Wrote {write_failures(options.list, failures)} failures into {options.list}")


if __name__ == "__main__":
    main()
