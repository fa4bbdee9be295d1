"""What must not move a grade, and what must: `python -m benchmarks.fairness`, on the corpus's held-out organisations.

Each answer is changed in a way that leaves its meaning as it is, and should keep its level; the minimal pairs of the
corpus differ in one relation, and should come out apart. Rates with their 95 % interval (Wilson 1927).
"""

import argparse
import itertools
import random
import re
from collections.abc import Callable

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


def grade(organisation: Organisation, texts: list[tuple[str, str, str]]) -> list[Grade]:
    """The grades of (question, text, role)."""
    asked = [
        Answer(id=str(place), kind=question, text=text, role=role)  # type: ignore[arg-type]
        for place, (question, text, role) in enumerate(texts)
    ]
    return grade_answers(asked, organisation.vision)


def measure_harmless(organisations: list[Organisation], *, show: int) -> None:
    """How many answers keep their level, or go to a person, under each harmless change."""
    plain = {one.id: grade(one, [(row.question, row.text, row.role) for row in one.rows]) for one in organisations}
    for name, change in HARMLESS.items():
        kept, seen, lost = 0, 0, []
        for one in organisations:
            rng = random.Random(f"{name} {one.id}")
            changed = [change(row.text, rng) for row in one.rows]
            pairs = [place for place, row in enumerate(one.rows) if changed[place] != row.text]
            after = grade(one, [(one.rows[p].question, changed[p], one.rows[p].role) for p in pairs])
            for place, new in zip(pairs, after, strict=True):
                seen += 1
                kept += new.level == plain[one.id][place].level
                if new.level != plain[one.id][place].level:
                    lost.append((plain[one.id][place].level, new.level, changed[place]))
        low, high = wilson_interval(kept, seen)
        print(f"  {name:<16} n {seen:>5}   same level {kept / seen:.1%} ({low:.1%} to {high:.1%})")
        for before, new, text in lost[:show]:
            print(f"      {before} -> {new}: {text[:150]!r}")


def measure_pairs(organisations: list[Organisation], *, show: int) -> None:
    """How many minimal pairs, labelled two levels or more apart, come out in the right order."""
    for question in QUESTIONS:
        right, seen, lost = 0, 0, []
        for one in organisations:
            rows = [row for row in one.rows if row.kind == "minimal pair" and row.question == question]
            pairs = [
                (high, low)
                for low, high in itertools.permutations(rows, 2)
                if high.level - low.level >= 2 and fuzz.ratio(low.text, high.text) >= 65
            ]
            texts = [(question, row.text, row.role) for pair in pairs for row in pair]
            grades = grade(one, texts)
            for pair, better, worse in zip(pairs, grades[::2], grades[1::2], strict=True):
                seen += 1
                right += (better.level or 0) > (worse.level or 0)
                if (better.level or 0) <= (worse.level or 0):
                    lost.append((pair[0].text, pair[1].text))
        if seen:
            low_end, high_end = wilson_interval(right, seen)
            print(f"  {question:<16} n {seen:>5}   told apart {right / seen:.1%} ({low_end:.1%} to {high_end:.1%})")
        for better_text, worse_text in lost[:show]:
            print(f"      {better_text[:100]!r}\n      {worse_text[:100]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description="What must not move a grade, and what must.")
    parser.add_argument("--show", type=int, default=0, help="print so many failures of each kind")
    show = parser.parse_args().show
    organisations = [one for one in load_corpus() if fold_of(one.id) == 0]
    print(f"Harmless changes, {len(organisations)} held-out organisations")
    measure_harmless(organisations, show=show)
    print("Minimal pairs, two or three levels apart")
    measure_pairs(organisations, show=show)


if __name__ == "__main__":
    main()
