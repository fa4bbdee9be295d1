"""From the corpus to what the network learns from: sequences with labels, and harmless changes that must not matter."""

import dataclasses
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

from training.check_corpus import Organisation, Row
from visionquiz.grading import Answer
from visionquiz.grading.encoder import HEADS, POINT_LABELS, WORD_LABELS, lay_out
from visionquiz.text import SMALL_WORDS, likeness, words
from visionquiz.vision import MeaningPoint, Vision

NONE = -100
"""No label here; what PyTorch's cross entropy passes over."""

FOLDS = 10
"""Organisations are dealt into so many folds by their names; 0 is reported on, 1 fits the scales, the rest train."""

TASKS = (*HEADS, "public")
"""What is learnt of whole answers; `public` (right, contradictory, wrong) is for the public data alone."""

PUBLIC = ("correct", "contradictory", "incorrect")


@dataclass(frozen=True)
class Example:
    """One sequence and what should be said of it."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    whole: tuple[int, ...]
    """The label of each of the `TASKS`, or NONE."""
    pieces: tuple[tuple[int, int], ...]
    """(place, label) of points (labels 0 to 3) and of words (4 to 7)."""
    row: Row | None = None


def fold_of(organisation: str) -> int:
    """Which of the `FOLDS` an organisation is in: by its name, so that nobody chooses."""
    return crc32(organisation.encode()) % FOLDS


def plain_examples(organisations: Sequence[Organisation], tokenizer: Any) -> Iterator[Example]:
    """Each answer as it stands."""
    for organisation in organisations:
        for row in organisation.rows:
            yield make_example(row, row.text, organisation.vision, organisation, tokenizer)


def varied_examples(
    organisations: Sequence[Organisation], tokenizer: Any, rng: random.Random, *, strangers: float = 0.12
) -> Iterator[Example]:
    """Each answer with slips of the keyboard, its meaning points shuffled or fewer; and some answers of strangers.

    A level is changed only where the rubric says so: with fewer points asked for, the same answer may cover most.
    """
    every = [(row, one) for one in organisations for row in one.rows]
    for organisation in organisations:
        for row in organisation.rows:
            vision, level = organisation.vision, row.level
            points = list(vision.meaning)
            rng.shuffle(points)
            if row.question == "explain" and len(points) >= 4 and rng.random() < 0.35:
                fewer = points[: rng.randint(3, len(points) - 1)]
                levels = [_rubric(row, points), _rubric(row, fewer)]
                if row.parts["core"] != "right":
                    points = fewer
                elif levels[0] == level and levels[1] is not None:
                    points, level = fewer, levels[1]
            elif row.question == "contribute" and rng.random() < 0.5:
                points = points[: rng.choice((0, 0, 0, 2, 3))]
            vision = dataclasses.replace(vision, meaning=tuple(points))
            text = slip(row.text, rng, 0.12) if rng.random() < 0.3 else row.text
            text = re.sub(r"[^\w\s']", "", text) if rng.random() < 0.1 else text
            text = _surround(text, rng) if rng.random() < 0.25 else text
            yield make_example(dataclasses.replace(row, level=level), text, vision, organisation, tokenizer)
            if rng.random() < strangers:
                other, home = rng.choice(every)
                if home.id != organisation.id:
                    yield from _stranger(other, vision, organisation, tokenizer, rng)


def make_example(row: Row, text: str, vision: Vision, organisation: Organisation, tokenizer: Any) -> Example:
    """An answer of this organisation beside `vision`, which may ask for fewer points than the organisation's own."""
    answer = Answer(id=row.id, kind=row.question, text=text, role=row.role)  # type: ignore[arg-type]
    laid = lay_out(answer, vision, tokenizer)
    pieces: list[tuple[int, int]] = []
    whole = dict.fromkeys(TASKS, NONE)
    whole[row.question] = row.level
    if row.question == "state":
        ideas = ideas_of_words(vision.statement, organisation.ideas)
        for start, _, place in laid.words:
            if idea := ideas.get(start):
                pieces.append((place, 4 + WORD_LABELS.index(row.parts[idea])))
    elif row.question == "explain":
        found = zip(laid.points, vision.meaning, strict=False)
        pieces = [(place, POINT_LABELS.index(row.parts[point.id])) for place, point in found]
        whole["core"] = HEADS["core"].index(row.parts["core"])
        whole["own_words"] = int(not row.parts["own_words"])
    else:
        for part in ("personal", "concrete", "fits_role", "linked"):
            whole[part] = HEADS[part].index(row.parts[part])
        whole["against"] = int(row.parts["against"])
    return Example(laid.ids, laid.types, tuple(whole.values()), tuple(pieces), row)


def _stranger(
    row: Row, vision: Vision, organisation: Organisation, tokenizer: Any, rng: random.Random
) -> Iterator[Example]:
    """A good answer to another company's check: here it says nothing of the vision."""
    if row.level < 2 or (row.question == "contribute" and row.parts["concrete"] != "yes"):
        return
    role, parts = "", dict.fromkeys((idea for idea, _ in organisation.ideas), "missing")
    if row.question == "explain":
        parts = {**dict.fromkeys((point.id for point in organisation.vision.meaning), "missing"), "core": "missing"}
        parts["own_words"] = True  # type: ignore[assignment]
    elif row.question == "contribute":
        role = rng.choice(organisation.vision.roles).id
        parts = {**row.parts, "fits_role": "no", "linked": "no"}
    changed = dataclasses.replace(row, level=0, role=role, parts=parts)
    found = make_example(changed, row.text, vision, organisation, tokenizer)
    yield dataclasses.replace(found, row=None)


def _rubric(row: Row, points: Sequence[MeaningPoint]) -> int | None:
    """The level that the rubric gives an explanation with the core right; None where parts alone do not decide."""
    covered = sum(row.parts[point.id] == "covered" for point in points)
    if not row.parts["own_words"] or covered < 2:
        return None
    return 3 if covered / len(points) >= 0.6 else 2


def ideas_of_words(statement: str, ideas: Sequence[tuple[str, str]]) -> dict[int, str]:
    """Which idea each word of a statement belongs to: {first character: idea}; words of several ideas are left out."""
    bags = {idea: [word.stem for word in words(text) if word.plain not in SMALL_WORDS] for idea, text in ideas}
    found = {}
    for word in words(statement):
        near = [idea for idea, bag in bags.items() if any(likeness(word.stem, stem) >= 0.9 for stem in bag)]
        if len(near) == 1:
            found[word.start] = near[0]
    return found


BEFORE = (
    "hi,", "good morning,", "dear team,", "ok so", "um,", "right,", "to be honest,", "I think", "in my opinion",
    "as far as I'm concerned,", "my name is Tom and", "this is Ana from the office:", "Mr Okoro asks me to write that",
    "from Li Wei:", "as I said last time,", "let me see.", "I'd put it like this:", "here is my answer:",
)  # fmt: skip
AFTER = (
    "cheers", "kind regards", "hope that's ok", "if that makes sense", "sorry for the spelling", "that's all I have",
    "thanks for reading", "and so on", "you know what I mean", "that's my view anyway.", "Best, Joana",
    "have a nice day!",
)  # fmt: skip


def _surround(text: str, rng: random.Random) -> str:
    """The answer with words around it that say nothing: they must not matter."""
    before = rng.choice(BEFORE) if rng.random() < 0.7 else ""
    after = rng.choice(AFTER) if rng.random() < 0.7 else ""
    return f"{before} {text} {after}".strip()


def slip(text: str, rng: random.Random, rate: float) -> str:
    """Slips of the keyboard in about `rate` of the words: a letter dropped, doubled, swapped or wrong."""
    typed = []
    for word in text.split(" "):
        if len(word) > 3 and rng.random() < rate:
            at, slip = rng.randrange(1, len(word) - 1), rng.random()
            if slip < 0.35:
                word = word[:at] + word[at + 1 :]
            elif slip < 0.55:
                word = word[:at] + word[at] + word[at:]
            elif slip < 0.85:
                word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            else:
                word = word[:at] + rng.choice("aeiours") + word[at + 1 :]
        typed.append(word)
    return " ".join(typed)


def public_examples(path: Path, split: str, tokenizer: Any) -> list[Example]:
    """Answers of a file of public short-answer data: one JSON object a line, with `refs`, `answer` and `label3`."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("split") == split and row.get("label3") in PUBLIC:
            answer, reference = (tokenizer.encode(text).ids for text in (row["answer"], row["refs"][0]))
            whole = dict.fromkeys(TASKS, NONE) | {"public": PUBLIC.index(row["label3"])}
            types = (0,) * len(answer) + (1,) * (len(reference) - 1)
            found.append(Example((*answer, *reference[1:]), types, tuple(whole.values()), ()))
    return found
