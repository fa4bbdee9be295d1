"""Is the training corpus fit to learn from? `python -m training.check_corpus` prints its figures; exit code 1 if not.

What is checked and why: labels that are missing or contradict each other teach nonsense; length that tells the level,
strings that organisations share and sentences with a slot teach shortcuts, which fail at the next organisation.
"""

import collections
import csv
import itertools
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from visionquiz.errors import InputError
from visionquiz.stats import rank_correlation, weighted_kappa
from visionquiz.text import NEGATIONS, SMALL_WORDS
from visionquiz.vision import Vision, load_vision

CORPUS = Path(__file__).parent / "corpus"
QUESTIONS = ("state", "explain", "contribute")
COLUMNS = ["id", "question", "role", "text", "level", "kind", "parts"]

IDEA = ("there", "paraphrased", "missing", "changed")
POINT = ("covered", "hinted", "missing", "contradicted")
CORE = ("right", "vague", "wrong", "missing")
CONTRIBUTION = {
    "personal": ("I", "we", "none"),
    "concrete": ("yes", "half", "no"),
    "fits_role": ("yes", "no", "unclear"),
    "linked": ("clear", "weak", "no"),
    "against": (True, False),
}
"""The labels of the parts, as they are written in ``answers.csv``."""

LEAST_ANSWERS = 34
LEAST_OF_A_LEVEL = 5
MOST_CORRELATION = 0.15
SHARED_CONTENT = 4
"""A five-word string with this many words of content is nobody's everyday phrase."""

EVERYDAY_PHRASES = (
    "answer the phone within three rings",
    "pick up within three rings",
    "pick up within five rings",
    "the phone within three rings and",
    "the customer always comes first",
    "since the clocks went back",
    "creating long term value for",
    "e mails within the day",
    "enquiry within two working days",
    "a hundred and ten per cent",
    "last working day i close",
    "money back in two days",
    "full marks please and thank",
    "i answer within three rings",
    "question mark no full stop",
    "gone down by two thirds",
    "people person through and through",
    "whoever marks this top marks",
)
"""Said in any company; found by reading what organisations share."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One labelled answer."""

    id: str
    question: str
    role: str
    text: str
    level: int
    kind: str
    parts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """One invented organisation: its vision, the ideas of its statement and the answers of its people."""

    id: str
    vision: Vision
    ideas: tuple[tuple[str, str], ...]
    """(id, text) of each idea of the statement, in order."""
    rows: tuple[Row, ...]


def load_organisation(folder: Path) -> Organisation:
    """Read one organisation. Raises `ValueError` where a file has not the right form."""
    with open(folder / "answers.csv", newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ValueError(f"{folder.name}/answers.csv: columns are {reader.fieldnames}, expected {COLUMNS}")
        rows = tuple(
            Row(
                id=row["id"],
                question=row["question"],
                role=row["role"],
                text=row["text"],
                level=int(row["level"]),
                kind=row["kind"],
                parts=json.loads(row["parts"]),
            )
            for row in reader
        )
    ideas = json.loads((folder / "ideas.json").read_text(encoding="utf-8"))
    return Organisation(
        id=folder.name,
        vision=load_vision(folder / "vision.toml"),
        ideas=tuple((idea["id"], idea["text"]) for idea in ideas),
        rows=rows,
    )


def load_corpus(folder: Path = CORPUS) -> list[Organisation]:
    """Every organisation of the corpus, by name."""
    return [load_organisation(path.parent) for path in sorted(folder.glob("*/answers.csv"))]


def check_parts(row: Row, organisation: Organisation) -> str:
    """What is wrong with the labels of an answer; empty where nothing is."""
    parts = dict(row.parts)
    roles = {role.id for role in organisation.vision.roles}
    if row.question not in QUESTIONS or row.level not in range(4):
        return f"question {row.question!r}, level {row.level!r}"
    if (row.question == "contribute") != (row.role in roles):
        return f"role {row.role!r}"
    if row.question == "state":
        good = set(parts) == {idea for idea, _ in organisation.ideas} and set(parts.values()) <= set(IDEA)
    elif row.question == "explain":
        core, own = parts.pop("core", None), parts.pop("own_words", None)
        points = {point.id for point in organisation.vision.meaning}
        good = core in CORE and isinstance(own, bool) and set(parts) == points and set(parts.values()) <= set(POINT)
    else:
        good = set(parts) == set(CONTRIBUTION) and all(parts[name] in CONTRIBUTION[name] for name in parts)
    return "" if good else f"parts {row.parts}"


def check_balance(organisation: Organisation) -> Iterator[str]:
    """Too few answers, too few of a level, or length that tells the level."""
    for question in QUESTIONS:
        rows = [row for row in organisation.rows if row.question == question]
        levels = collections.Counter(row.level for row in rows)
        if len(rows) < LEAST_ANSWERS:
            yield f"{question}: {len(rows)} answers, fewer than {LEAST_ANSWERS}"
        if min(levels[level] for level in range(4)) < LEAST_OF_A_LEVEL:
            yield f"{question}: a level has fewer than {LEAST_OF_A_LEVEL}"
        found = length_correlation(rows)
        if abs(found) > MOST_CORRELATION:
            yield f"{question}: length tells the level ({found:+.2f})"


def length_correlation(rows: Sequence[Row]) -> float:
    """Spearman's rank correlation of word count and level, -1..1."""
    return rank_correlation([len(row.text.split()) for row in rows], [row.level for row in rows])


def shared_strings(corpus: Sequence[Organisation]) -> list[tuple[str, int]]:
    """Five-word strings of more than everyday content in answers of several organisations, with how many use them."""
    users: dict[tuple[str, ...], set[str]] = collections.defaultdict(set)
    statements = [set(plain(one.vision.statement)) for one in corpus]
    for organisation in corpus:
        for row in organisation.rows:
            found = plain(row.text)
            for start in range(len(found) - 4):
                users[tuple(found[start : start + 5])].add(organisation.id)
    return sorted(
        (" ".join(string), len(names))
        for string, names in users.items()
        if len(names) > 1
        and sum(word not in SMALL_WORDS and word not in NEGATIONS for word in string) >= SHARED_CONTENT
        and not any(" ".join(string) in phrase for phrase in EVERYDAY_PHRASES)
        and not any(statement.issuperset(string) for statement in statements)
    )


def slot_patterns(corpus: Sequence[Organisation]) -> list[tuple[str, int]]:
    """Frames of eight words and more that three or more answers fill with other words, with how many do."""
    frames: dict[str, set[str]] = collections.defaultdict(set)
    for row in itertools.chain.from_iterable(organisation.rows for organisation in corpus):
        # A statement recalled has the statement's frame, and a pair differs in one word: both are meant so.
        if row.question == "state" or row.kind == "minimal pair":
            continue
        found = plain(row.text)
        frame = [word if word in SMALL_WORDS or word in NEGATIONS else "_" for word in found]
        if len(frame) >= 8 and len(frame) - frame.count("_") >= 4:
            frames[" ".join(frame)].add(" ".join(found))
    return sorted((frame, len(texts)) for frame, texts in frames.items() if len(texts) >= 3)


def near_duplicates(corpus: Sequence[Organisation]) -> tuple[int, list[tuple[str, str]]]:
    """How many answers nearly repeat another of their organisation, as minimal pairs do on purpose, and the pairs of
    ids that do so at the same level.
    """
    count, found = 0, []
    for organisation in corpus:
        for question in QUESTIONS:
            rows = [row for row in organisation.rows if row.question == question and len(row.text.split()) >= 6]
            for one, other in itertools.combinations(rows, 2):
                if fuzz.ratio(one.text.lower(), other.text.lower(), score_cutoff=88):
                    count += 1
                    if abs(one.level - other.level) < 1 and one.role == other.role:
                        found.append((one.id, other.id))
    return count, found


def plain(text: str) -> list[str]:
    """The words of a text in small letters."""
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def print_second_look(corpus: Sequence[Organisation], path: Path) -> None:
    """How far a second, blind look at a tenth of the answers agrees with the labels."""
    if not path.is_file():
        print("second look: none")
        return
    labels = {row.id: row for organisation in corpus for row in organisation.rows}
    with open(path, newline="", encoding="utf-8") as file:
        seen = [(labels[row["id"]], int(row["level"])) for row in csv.DictReader(file) if row["id"] in labels]
    for question in QUESTIONS:
        pairs = [(row.level, level) for row, level in seen if row.question == question]
        if pairs:
            first, second = zip(*pairs, strict=True)
            same = sum(one == other for one, other in pairs) / len(pairs)
            kappa = weighted_kappa(first, second)
            print(
                f"second look, {question}: n {len(pairs)}, quadratic weighted kappa {kappa:.3f}, same level {same:.0%}"
            )


def main() -> int:
    """Print the figures of the corpus; 1 if something must be mended, else 0."""
    try:
        corpus = load_corpus()
    except (InputError, ValueError, KeyError) as error:
        print(error)
        return 1
    problems = []
    seen: collections.Counter[str] = collections.Counter()
    for organisation in corpus:
        problems += [f"{organisation.id} {problem}" for problem in check_balance(organisation)]
        for row in organisation.rows:
            seen[row.id] += 1
            if problem := check_parts(row, organisation):
                problems.append(f"{row.id}: {problem}")
    problems += [f"id {name} {count} times" for name, count in seen.items() if count > 1]
    every = [row for organisation in corpus for row in organisation.rows]
    print(f"{len(corpus)} organisations, {len(every)} answers")
    for question in QUESTIONS:
        rows = [row for row in every if row.question == question]
        levels = collections.Counter(row.level for row in rows)
        correlation = length_correlation(rows)
        print(
            f"{question}: {len(rows)} answers, levels {[levels[n] for n in range(4)]}, with length {correlation:+.3f}"
        )
    kinds = collections.Counter(row.kind for row in every)
    print(f"kinds: {len(kinds)}, the most frequent {', '.join(f'{kind} {n}' for kind, n in kinds.most_common(12))}")
    strings, frames = shared_strings(corpus), slot_patterns(corpus)
    problems += [f"shared by {count} organisations: {string!r}" for string, count in strings]
    problems += [f"{count} answers in one frame: {frame!r}" for frame, count in frames]
    repeats, idle = near_duplicates(corpus)
    print(f"nearly the same text: {repeats} pairs, {len(idle)} of them of one level and role")
    print_second_look(corpus, CORPUS / "second_look.csv")
    if "--sample" in sys.argv:
        for row in random.Random(30).sample(every, 30):
            print(f"- {row.question}, level {row.level} ({row.kind}): {row.text!r}")
    print("\n".join(problems) or "fit to learn from")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
