"""From the corpus to what the network learns from: sequences with labels, and harmless changes that must not matter."""

import collections
import dataclasses
import json
import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

from rapidfuzz import fuzz, process

from training.check_corpus import Organisation, Row
from visionquiz.grading.encoder import HEADS, POINT_LABELS, WORD_LABELS, Reference, lay_answer, lay_reference
from visionquiz.text import SMALL_WORDS, likeness, words
from visionquiz.vision import MeaningPoint, Vision

NONE = -100
"""No label here; what PyTorch's cross entropy passes over."""

FOLDS = 10
"""Organisations are dealt into so many folds by their names; 0 is reported on, 1 fits the scales, the rest train."""

TASKS = (*HEADS, "public")
"""What is learnt of whole answers; `public` (right, contradictory, wrong) is for the public data alone."""

PUBLIC = ("correct", "contradictory", "incorrect")


CHUNK = 14
"""About so many answers are read beside one reading of their reference: the more, the less work, and the less
varied."""


ALIKE = 65
"""Two answers that get another level are twins from this likeness on (of 100; Levenshtein's ratio): a minimal pair."""


@dataclass(frozen=True)
class Example:
    """One answer as the model reads it, and what should be said of it."""

    ids: tuple[int, ...]
    places: tuple[int, ...]
    whole: tuple[int, ...]
    """The label of each of the `TASKS`, or NONE."""
    marks: tuple[int, ...]
    """The label of each of the reference's marks: points 0 to 3, words 4 to 7, or NONE."""
    row: str = ""
    """The answer's id, where it stands beside its own reference."""
    twin: str = ""
    """The id of the answer that says nearly the same in words and gets another level; "" if there is none."""


@dataclass(frozen=True)
class Group:
    """Answers that are read beside one reference."""

    reference: Reference
    examples: tuple[Example, ...]


def fold_of(organisation: str) -> int:
    """Which of the `FOLDS` an organisation is in: by its name, so that nobody chooses."""
    return crc32(organisation.encode()) % FOLDS


def varied_groups(
    organisations: Sequence[Organisation],
    tokenizer: Any,
    rng: random.Random,
    *,
    strangers: float = 0.15,
    resting: Collection[str] = (),
) -> Iterator[Group]:
    """Every answer that does not rest, with slips of the keyboard and words around it, beside varied references.

    Meaning points are shuffled and sometimes fewer, examples and other roles are sometimes left out, and some answers
    are those of strangers. A level is changed only where the rubric says so: with fewer points asked for, the same
    answer may cover most. What an explanation means does not hang on the statement: it is sometimes left out or is
    another company's, as where several drafts share their points.
    """
    every = [(row, one) for one in organisations for row in one.rows]
    statements = ["", *(one.vision.statement for one in organisations)]
    for organisation in organisations:
        twins = twins_of(organisation.rows)
        awake = [row for row in organisation.rows if row.id not in resting or twins.get(row.id, row.id) not in resting]
        for asked in _together(awake, twins, rng):
            vision = _varied(organisation.vision, asked[0].question, rng)
            if asked[0].question == "explain" and rng.random() < 0.2:
                vision = dataclasses.replace(vision, statement=rng.choice(statements if rng.random() < 0.7 else [""]))
            rest = [row for row in asked if _beside(row, organisation, vision) is None]
            for rows, beside in ((asked, vision), (rest, organisation.vision)):
                kept = [row for row in (_beside(row, organisation, beside) for row in rows) if row]
                if not kept:
                    continue
                others = [other for other in rng.sample(every, len(kept)) if rng.random() < strangers]
                found = [
                    _stranger(row, kept[0], beside, organisation) for row, home in others if home.id != organisation.id
                ]
                kept = [*kept, *(row for row in found if row)]
                kept = [dataclasses.replace(row, text=_varied_text(row.text, rng)) for row in kept]
                yield make_group(kept, beside, organisation, tokenizer, twins=twins)


def twins_of(rows: Sequence[Row]) -> dict[str, str]:
    """Of each answer that has one: which other it is most like in its words (`ALIKE`), though its level is another."""
    found = {}
    for row in rows:
        others = [one for one in rows if (one.question, one.role) == (row.question, row.role)]
        texts = {one.id: one.text for one in others if one.level != row.level}
        if nearest := process.extractOne(row.text, texts, scorer=fuzz.ratio, score_cutoff=ALIKE):
            found[row.id] = nearest[2]
    return found


def _together(rows: Sequence[Row], twins: Mapping[str, str], rng: random.Random) -> Iterator[list[Row]]:
    """Rows of one question, and one role where it matters, in chunks of about one length, twins side by side."""
    lengths: dict[str, float] = {}
    for row in rows:
        lengths[row.id] = lengths.get(twins.get(row.id, ""), len(row.text) * rng.uniform(0.8, 1.25))
    by_reference: dict[tuple[str, str], list[Row]] = collections.defaultdict(list)
    for row in rows:
        by_reference[row.question, row.role if row.question == "contribute" else ""].append(row)
    for found in by_reference.values():
        found.sort(key=lambda row: lengths[row.id])
        chunks = max(1, round(len(found) / CHUNK))
        for chunk in range(chunks):
            yield found[chunk * len(found) // chunks : (chunk + 1) * len(found) // chunks]


def _varied(vision: Vision, question: str, rng: random.Random) -> Vision:
    """The vision as another trainer might have written it down."""
    points, roles = list(vision.meaning), list(vision.roles)
    rng.shuffle(points)
    rng.shuffle(roles)
    if question == "explain" and len(points) >= 4 and rng.random() < 0.35:
        points = points[: rng.randint(3, len(points) - 1)]
    elif question == "contribute":
        if rng.random() < 0.3:
            points = points[: rng.choice((0, 0, 2, 3))]
        if rng.random() < 0.3:
            kept = rng.choice((0, 1, 2))
            roles = [dataclasses.replace(role, contributions=role.contributions[:kept]) for role in roles]
    return dataclasses.replace(vision, meaning=tuple(points), roles=tuple(roles))


def _beside(row: Row, organisation: Organisation, vision: Vision) -> Row | None:
    """The row with the level it has where `vision` is asked for; None where the parts do not tell."""
    points = organisation.vision.meaning
    if row.question == "explain" and vision.statement != organisation.vision.statement and not row.parts["own_words"]:
        return None
    if row.question != "explain" or len(vision.meaning) == len(points):
        return row
    if row.parts["core"] != "right":
        still = any(row.parts[point.id] == "covered" for point in vision.meaning)
        lost = not still and any(row.parts[point.id] == "covered" for point in points)
        return None if lost else row
    level = _rubric(row, vision.meaning)
    if _rubric(row, points) != row.level or level is None:
        return None
    return dataclasses.replace(row, level=level)


def _varied_text(text: str, rng: random.Random) -> str:
    text = slip(text, rng, 0.12) if rng.random() < 0.3 else text
    text = re.sub(r"[^\w\s']", "", text) if rng.random() < 0.1 else text
    text = text.lower() if rng.random() < 0.1 else text
    return _surround(text, rng) if rng.random() < 0.25 else text


def make_group(
    rows: Sequence[Row],
    vision: Vision,
    organisation: Organisation,
    tokenizer: Any,
    *,
    twins: Mapping[str, str] = MappingProxyType({}),
) -> Group:
    """Answers to one question beside `vision`, which may ask for fewer points than the organisation's own."""
    reference = lay_reference(rows[0].question, rows[0].role, vision, tokenizer)
    ideas = ideas_of_words(vision.statement, organisation.ideas)
    examples = []
    for row in rows:
        ids, places = lay_answer(row.text, reference, tokenizer)
        whole, marks = dict.fromkeys(TASKS, NONE), [NONE] * len(reference.marks)
        whole[row.question] = row.level
        if row.question == "state":
            for mark, (start, _) in enumerate(reference.words):
                if idea := ideas.get(start):
                    marks[mark] = 4 + WORD_LABELS.index(row.parts[idea])
        elif row.question == "explain":
            for mark, point in enumerate(vision.meaning[: len(marks)]):
                marks[mark] = POINT_LABELS.index(row.parts[point.id])
            whole["core"] = HEADS["core"].index(row.parts["core"])
            whole["own_words"] = int(not row.parts["own_words"])
        else:
            for name in ("personal", "concrete", "fits_role", "linked"):
                whole[name] = HEADS[name].index(row.parts[name])
            whole["against"] = int(row.parts["against"])
        examples.append(Example(ids, places, tuple(whole.values()), tuple(marks), row.id, twins.get(row.id, "")))
    return Group(reference, tuple(examples))


def _stranger(row: Row, like: Row, vision: Vision, organisation: Organisation) -> Row | None:
    """A good answer to another company's check: here it says nothing of the vision. None where it would prove less."""
    if row.question != like.question or row.level < 2:
        return None
    if row.question == "contribute" and row.parts["concrete"] != "yes":
        return None
    parts: dict[str, Any] = dict.fromkeys((idea for idea, _ in organisation.ideas), "missing")
    if row.question == "explain":
        parts = {point.id: "missing" for point in vision.meaning} | {"core": "missing", "own_words": True}
    elif row.question == "contribute":
        parts = {**row.parts, "fits_role": "no", "linked": "no"}
    return dataclasses.replace(row, id="", level=0, role=like.role, parts=parts)


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


def public_groups(path: Path, split: str, tokenizer: Any) -> list[Group]:
    """Answers of a file of public short-answer data: one JSON object a line, with `refs`, `answer` and `label3`."""
    found: dict[str, list[Example]] = collections.defaultdict(list)
    references: dict[str, Reference] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("split") == split and row.get("label3") in PUBLIC:
            text = row["refs"][0]
            references.setdefault(text, Reference(ids=tuple(tokenizer.encode(text).ids)))
            ids, places = lay_answer(row["answer"], references[text], tokenizer)
            whole = dict.fromkeys(TASKS, NONE) | {"public": PUBLIC.index(row["label3"])}
            found[text].append(Example(ids, places, tuple(whole.values()), ()))
    return [
        Group(references[text], tuple(examples[start : start + CHUNK]))
        for text, examples in found.items()
        for start in range(0, len(examples), CHUNK)
    ]
