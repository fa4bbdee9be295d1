"""The only code that runs the model: lay an answer out beside what it is held against, and read what the model says.

One sequence per answer, the answer first, so that the model compares word with word: ``[CLS] answer [SEP] reference``.
Each answer is run alone and without padding, so that what it gets cannot depend on the answers graded with it: dynamic
int8 takes its scale from everything that is in a run.
"""

import functools
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visionquiz.errors import VisionQuizError
from visionquiz.grading import Answer
from visionquiz.text import READ_LIMIT, normalise
from visionquiz.vision import Vision

__all__ = ["HEADS", "MODEL", "POINT_LABELS", "WORD_LABELS", "Encoder", "Layout", "Opinion", "lay_out", "load_encoder"]

MODEL = Path(__file__).parent / "model"
"""Weights, vocabulary, fitted scales and their checksums."""

HEADS: Mapping[str, tuple[str, ...]] = {
    "state": ("0", "1", "2", "3"),
    "explain": ("0", "1", "2", "3"),
    "contribute": ("0", "1", "2", "3"),
    "core": ("right", "vague", "wrong", "missing"),
    "own_words": ("yes", "no"),
    "personal": ("I", "we", "none"),
    "concrete": ("yes", "half", "no"),
    "fits_role": ("yes", "no", "unclear"),
    "linked": ("clear", "weak", "no"),
    "against": ("no", "yes"),
}
"""What the model says of a whole answer, in the order of its first output. The first three are levels."""

POINT_LABELS = ("covered", "hinted", "missing", "contradicted")
"""What it says of each meaning point: its second output, at the point's mark, columns 0 to 3."""

WORD_LABELS = ("there", "paraphrased", "missing", "changed")
"""What it says of each word of the statement: the second output, at the word's first piece, columns 4 to 7."""

ANSWER_PIECES, PIECES = 128, 320
"""At most so many pieces of words are read of an answer, and in all."""

_CLS, _SEP, _POINT = 101, 102, 1
"""Of the vocabulary: begin, part, and an unused piece that marks a meaning point."""

_REMEMBERED = 4096
"""Opinions kept, the newest; people hand in the same short answers again and again, and grading is repeated."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One answer beside its reference, as the model reads it."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    """0 for the answer, 1 for the reference."""
    points: tuple[int, ...] = ()
    """Where the mark of each meaning point stands; fewer than there are points where the text is cut."""
    words: tuple[tuple[int, int, int], ...] = ()
    """(start, end, place) of each word of the statement: its characters, and where its first piece stands."""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the model thinks of one answer: probabilities, each row adding up to 1."""

    heads: Mapping[str, tuple[float, ...]]
    points: tuple[tuple[float, ...], ...]
    """Per meaning point, one per `POINT_LABELS`."""
    words: tuple[tuple[int, int, tuple[float, ...]], ...]
    """Per word of the statement: its characters, and one probability per `WORD_LABELS`."""


def lay_out(answer: Answer, vision: Vision, tokenizer: Any) -> Layout:
    """The sequence for an answer to one of the three free-text questions; `tokenizer` turns text into pieces."""

    def pieces(text: str) -> Any:
        return tokenizer.encode(text, add_special_tokens=False)

    ids = [_CLS, *pieces(normalise(answer.text[:READ_LIMIT])).ids[:ANSWER_PIECES], _SEP]
    types = [0] * len(ids)
    points: list[int] = []
    words: list[tuple[int, int, int]] = []

    def add(found: Iterable[int]) -> None:
        for piece in found:
            ids.append(piece)
            types.append(1)

    if answer.kind == "state":
        statement = pieces(vision.statement)
        begin, last = len(ids), None
        for place, ((start, end), word) in enumerate(zip(statement.offsets, statement.word_ids, strict=True)):
            if word == last:
                words[-1] = (words[-1][0], end, words[-1][2])
            else:
                words.append((start, end, begin + place))
            last = word
        add([*statement.ids, _SEP, *pieces(vision.core_idea).ids, _SEP])
    elif answer.kind == "explain":
        add([*pieces(vision.core_idea).ids, _SEP])
        for point in vision.meaning:
            points.append(len(ids))
            add([_POINT, *pieces(point.text).ids])
        add([_SEP, *pieces(vision.statement).ids, _SEP])
    else:
        role = vision.role(answer.role)
        job = f"{role.title}: {' '.join(role.contributions)}" if role else ""
        add([*pieces(job).ids, _SEP, *pieces(f"{vision.statement} {vision.core_idea}").ids, _SEP])
        add([piece for point in vision.meaning for piece in pieces(point.text).ids])
        add([_SEP])
    return Layout(
        ids=tuple(ids[:PIECES]),
        types=tuple(types[:PIECES]),
        points=tuple(place for place in points if place < PIECES),
        words=tuple(word for word in words if word[2] < PIECES),
    )


class Encoder:
    """The model, ready to run. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        check_model(folder)
        options = onnxruntime.SessionOptions()
        # Answers run side by side, each on one core: for one short sequence more would only wait for each other.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._threads = threads
        self._remembered: OrderedDict[bytes, Opinion] = OrderedDict()

    def read(self, answers: Sequence[Answer], vision: Vision) -> list[Opinion]:
        """The model's opinion of each answer, in order."""
        layouts = [lay_out(answer, vision, self._tokenizer) for answer in answers]
        keys = [_key(answer.kind, layout) for answer, layout in zip(answers, layouts, strict=True)]
        new = {key: layout for key, layout in zip(keys, layouts, strict=True) if key not in self._remembered}
        with ThreadPoolExecutor(self._threads) as pool:
            fresh = dict(zip(new, pool.map(self._run, new.values()), strict=True))
        opinions = [fresh[key] if key in fresh else self._remembered[key] for key in keys]
        self._remembered.update(fresh)
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return opinions

    def _run(self, layout: Layout) -> Opinion:
        import numpy as np

        whole, pieces = self._session.run(
            None,
            {"ids": np.array([layout.ids], dtype=np.int64), "types": np.array([layout.types], dtype=np.int64)},
        )
        heads, start = {}, 0
        for name, labels in HEADS.items():
            heads[name] = _softmax(whole[0, start : start + len(labels)])
            start += len(labels)
        return Opinion(
            heads=heads,
            points=tuple(_softmax(pieces[0, place, :4]) for place in layout.points),
            words=tuple((start, end, _softmax(pieces[0, place, 4:])) for start, end, place in layout.words),
        )


@functools.lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The model that is shipped, loaded once, when the first free-text answer is graded."""
    return Encoder(MODEL)


def check_model(folder: Path) -> None:
    """Raise `VisionQuizError` where a file of the model is missing or is not the one that was measured."""
    try:
        wanted = json.loads((folder / "checksums.json").read_text(encoding="utf-8"))
        for name, checksum in wanted.items():
            with open(folder / name, "rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != checksum:
                    raise VisionQuizError(f"{folder / name} is damaged; install visionquiz again")
    except OSError as error:
        raise VisionQuizError(f"{error.filename} is missing; install visionquiz again") from None


def _key(kind: str, layout: Layout) -> bytes:
    text = ",".join(map(str, layout.ids))
    return hashlib.blake2b(f"{kind} {text}".encode(), digest_size=16).digest()


def _softmax(scores: Any) -> tuple[float, ...]:
    import numpy as np

    powers = np.exp(scores - scores.max())
    return tuple((powers / powers.sum()).tolist())
