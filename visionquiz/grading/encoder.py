"""The only code that runs the model: lay an answer out beside what it is held against, and read what the model says.

The model reads the reference once (the statement, what it means, a role) and then every answer beside it. Each answer
is run alone and without padding, so that what it gets cannot depend on the answers graded with it: dynamic int8 takes
its scale from everything that is in a run.
"""

import functools
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from visionquiz.errors import VisionQuizError
from visionquiz.grading import Answer
from visionquiz.grading.halfway import cut_model
from visionquiz.grading.nearness import Told, compare_words, find_told, name_words, read_told
from visionquiz.text import READ_LIMIT, normalise
from visionquiz.vision import Vision

__all__ = [
    "HEADS",
    "MODEL",
    "POINT_LABELS",
    "WORD_LABELS",
    "Encoder",
    "Opinion",
    "Reader",
    "Reference",
    "lay_answer",
    "lay_reference",
    "load_encoder",
    "load_reader",
    "load_tokenizer",
    "model_version",
]

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
"""What it says of each meaning point: its second output, columns 0 to 3."""

WORD_LABELS = ("there", "paraphrased", "missing", "changed")
"""What it says of each word of the statement: the second output, columns 4 to 7."""

ANSWER_PIECES, REFERENCE_PIECES = 128, 320
"""At most so many pieces of words are read of an answer, and of a reference; the model can count to 512."""

_REMEMBERED = 4096
"""Opinions kept, the newest; people hand in the same short answers again and again, and grading is repeated."""

_POINTS = 256
"""Meaning points whose words are kept, the newest; of a few vectors each."""

_REFERENCES = 3
"""References kept as the model understood them, the newest; one takes up to 24 megabytes."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What answers to one question are held against, as the model reads it."""

    ids: tuple[int, ...]
    marks: tuple[tuple[int, int], ...] = ()
    """What the model judges one by one: of each meaning point, or each word of the statement, its (start, end) among
    the pieces. Fewer than there are points where the text is cut."""
    words: tuple[tuple[int, int], ...] = ()
    """(start, end) of each word of the statement, its characters; one per mark of a statement."""
    points: tuple["Text", ...] = ()
    """For a contribution, each meaning point: which one it serves is told by their words (see `nearness`)."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text of its own as the model reads it, and where its telling words are among its pieces."""

    ids: tuple[int, ...]
    told: tuple[Told, ...] = field(compare=False)
    """The pieces say it all; these would only take time to compare."""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What the model thinks of one answer: probabilities, each row adding up to 1."""

    heads: Mapping[str, tuple[float, ...]]
    points: tuple[tuple[float, ...], ...]
    """Per meaning point, one per `POINT_LABELS`."""
    words: tuple[tuple[int, int, tuple[float, ...]], ...]
    """Per word of the statement: its characters, and one probability per `WORD_LABELS`."""
    near: tuple[float, ...] = ()
    """Per meaning point, how near a contribution comes to it (see `nearness`); empty where it has no telling word."""


def lay_reference(kind: str, role_id: str, vision: Vision, tokenizer: Any) -> Reference:
    """What answers to a free-text question are held against; `tokenizer` turns text into pieces.

    `role_id` matters for contributions only: an answer is held against the person's own job, and then the others'.
    """
    begin, end = tokenizer.encode("").ids
    ids, marks, words = [begin], list[tuple[int, int]](), list[tuple[int, int]]()
    points: tuple[Text, ...] = ()

    def add(text: str) -> tuple[int, int]:
        first = len(ids)
        ids.extend([*tokenizer.encode(text, add_special_tokens=False).ids, end])
        return first, len(ids) - 1

    if kind == "state":
        statement = tokenizer.encode(vision.statement, add_special_tokens=False)
        last = None
        for place, ((start, stop), word) in enumerate(zip(statement.offsets, statement.word_ids, strict=True), 1):
            if word == last:
                words[-1] = (words[-1][0], stop)
                marks[-1] = (marks[-1][0], place + 1)
            else:
                words.append((start, stop))
                marks.append((place, place + 1))
            last = word
        add(vision.statement)
        add(vision.core_idea)
    elif kind == "explain":
        add(vision.core_idea)
        marks = [add(point.text) for point in vision.meaning]
        add(vision.statement)
    else:
        own = vision.role(role_id)
        add(f"{own.title}: {' '.join(own.contributions)}" if own else "")
        add(f"{vision.statement} {vision.core_idea}")
        add(" ".join(point.text for point in vision.meaning))
        for role in vision.roles:
            if role.id != role_id:
                add(f"{role.title}: {' '.join(role.contributions[:1])}")
        points = tuple(_lay_text(f"{name_words(point.id)}. {point.text}", tokenizer) for point in vision.meaning)
    marks = [mark for mark in marks if mark[0] < mark[1] <= REFERENCE_PIECES]
    return Reference(
        ids=tuple(ids[:REFERENCE_PIECES]), marks=tuple(marks), words=tuple(words[: len(marks)]), points=points
    )


def lay_answer(text: str, reference: Reference, tokenizer: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(pieces, places) of an answer, which stands behind its reference."""
    ids = _lay_text(text, tokenizer, tell=False).ids
    return ids, _places(reference, ids)


def _lay_text(text: str, tokenizer: Any, *, tell: bool = True) -> Text:
    """A text between the pieces that stand for its begin and its end; its words only where they are asked for."""
    begin, end = tokenizer.encode("").ids
    # Half a character, which a notebook can hold, is nothing that a tokenizer takes.
    whole = normalise(text[:READ_LIMIT].encode("utf-8", "replace").decode("utf-8"))
    said = tokenizer.encode(whole, add_special_tokens=False)
    told = find_told(whole, said.offsets[:ANSWER_PIECES]) if tell else ()
    return Text(ids=(begin, *said.ids[:ANSWER_PIECES], end), told=told)


def _places(reference: Reference, ids: Sequence[int]) -> tuple[int, ...]:
    return tuple(range(len(reference.ids), len(reference.ids) + len(ids)))


class Encoder:
    """The model, ready to run. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        check_model(folder)
        self._session = _start(str(folder / "model.onnx"))
        self._tokenizer = load_tokenizer(folder)
        self._threads = threads
        self._remembered: OrderedDict[bytes, Opinion] = OrderedDict()
        self._references: OrderedDict[tuple[int, ...], Any] = OrderedDict()
        self._points: OrderedDict[Text, Any] = OrderedDict()

    def read(self, answers: Sequence[Answer], vision: Vision) -> list[Opinion]:
        """The model's opinion of each answer, in order."""
        asked = [(answer.kind, answer.role if answer.kind == "contribute" else "") for answer in answers]
        references = {one: lay_reference(*one, vision, self._tokenizer) for one in dict.fromkeys(asked)}
        beside = [references[one] for one in asked]
        texts = [
            _lay_text(answer.text, self._tokenizer, tell=bool(one.points))
            for answer, one in zip(answers, beside, strict=True)
        ]
        keys = [_key(answer.kind, one, text.ids) for answer, one, text in zip(answers, beside, texts, strict=True)]
        known = {key: found for key in dict.fromkeys(keys) if (found := self._remembered.get(key))}
        with ThreadPoolExecutor(self._threads) as pool:
            for some in _batched(list(dict.fromkeys(beside)), _REFERENCES):
                new = {
                    key: (one, text)
                    for key, one, text in zip(keys, beside, texts, strict=True)
                    if one in some and key not in known
                }
                needed = list(dict.fromkeys(one for one, _ in new.values()))
                pasts = dict(zip(needed, pool.map(self._understand, needed), strict=True))
                points = self._read_points(needed, pool)
                runs = [(one, pasts[one], [points[point] for point in one.points], text) for one, text in new.values()]
                known.update(zip(new, pool.map(self._run, *zip(*runs, strict=True)) if runs else (), strict=True))
                del pasts, runs
        self._remembered.update(known)
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        return [known[key] for key in keys]

    def _read_points(self, references: Sequence[Reference], pool: ThreadPoolExecutor) -> dict[Text, Any]:
        """The telling words of each meaning point that a contribution may serve, as `read_told` gives them."""
        asked = dict.fromkeys(point for one in references for point in one.points)
        known = {point: found for point in asked if (found := self._points.get(point)) is not None}
        new = [point for point in asked if point not in known]
        known.update(zip(new, pool.map(self._read_point, new), strict=True))
        self._points.update(known)
        while len(self._points) > _POINTS:
            self._points.popitem(last=False)
        return known

    def _read_point(self, point: Text) -> Any:
        (middle,) = self._feed(["middle"], point.ids, range(len(point.ids)), *self._nothing())
        return read_told(middle[0, 1:], point.told)

    def _nothing(self) -> tuple[Any, Any]:
        """Nothing was read before; and the model wants one mark at least, which here stands for none."""
        import numpy as np

        _, _, past, marks = self._session.get_inputs()
        before = np.zeros([size if isinstance(size, int) else 0 for size in past.shape], np.float32)
        return before, np.zeros((1, 1, marks.shape[2]), np.float32)

    def _understand(self, reference: Reference) -> tuple[Any, Any]:
        """What the model needs of a reference to read answers beside it: (past, marks)."""
        import numpy as np

        known = self._references.get(reference.ids)
        if known is None:
            nothing, none = self._nothing()
            kept, middle = self._feed(["kept", "middle"], reference.ids, range(len(reference.ids)), nothing, none)
            means = [middle[0, start:end].mean(axis=0) for start, end in reference.marks]
            known = kept, np.array([means], np.float32) if means else none
            self._references[reference.ids] = known
            while len(self._references) > _REFERENCES:
                self._references.popitem(last=False)
        return known

    def _feed(self, wanted: list[str], ids: Sequence[int], places: Sequence[int], past: Any, marks: Any) -> Any:
        import numpy as np

        asked = {"ids": np.array([ids], np.int64), "places": np.array([places], np.int64), "past": past, "marks": marks}
        return self._session.run(wanted, asked)

    def _run(self, reference: Reference, known: tuple[Any, Any], points: Sequence[Any], text: Text) -> Opinion:
        places = (*range(len(reference.ids)), *_places(reference, text.ids))
        wanted = ["whole", "pieces", "middle"] if text.told else ["whole", "pieces"]
        whole, pieces, *middle = self._feed(wanted, text.ids, places, *known)
        heads, start = {}, 0
        for name, labels in HEADS.items():
            heads[name] = _softmax(whole[0, start : start + len(labels)])
            start += len(labels)
        marks = pieces[0, : len(reference.marks)]
        return Opinion(
            heads=heads,
            points=() if reference.words else tuple(_softmax(mark[:4]) for mark in marks),
            words=tuple((*word, _softmax(mark[4:])) for word, mark in zip(reference.words, marks, strict=False)),
            near=_near(middle[0][0, 1:], text, points) if middle else (),
        )


@functools.lru_cache(maxsize=1)
def load_encoder() -> Encoder:
    """The model that is shipped, loaded once, when the first free-text answer is graded."""
    return Encoder(MODEL)


class Reader:
    """The lower half of the model, which tells where texts stand in meaning. Safe to use from several threads."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        check_model(folder)
        model, self._layers = cut_model((folder / "model.onnx").read_bytes(), middle="middle", kept="kept")
        self._session = _start(model)
        self._tokenizer = load_tokenizer(folder)
        self._threads = threads

    def embed(self, texts: Sequence[str], *, question: str) -> Any:
        """Where each text stands in meaning, as the model reads it after `question`: float32, a row of 768 a text.

        A row is the mean of its pieces half-way up the layers, where near in meaning is still near (CONTRIBUTING).
        A text without any letter gets noughts.
        """
        import numpy as np

        begin, end = self._tokenizer.encode("").ids
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[: REFERENCE_PIECES - 2]
        reference = Reference(ids=(begin, *asked, end))
        layers, *sizes = self._session.get_inputs()[2].shape
        past = np.zeros([layers, *(size if isinstance(size, int) else 0 for size in sizes)], np.float32)
        width = past.shape[3] * past.shape[5]
        _, *kept = self._run(["middle", *self._layers], reference.ids, range(len(reference.ids)), past)
        past = np.zeros((layers, *kept[0].shape[-5:]), np.float32)
        past[: len(kept)] = [one.reshape(past.shape[1:]) for one in kept]

        def place(text: str) -> Any:
            ids, places = lay_answer(text, reference, self._tokenizer)
            if len(ids) < 3:
                return np.zeros(width, np.float32)
            (middle,) = self._run(["middle"], ids, (*range(len(reference.ids)), *places), past)
            return middle[0, 1:-1].mean(axis=0)

        different = list(dict.fromkeys(texts))
        with ThreadPoolExecutor(self._threads) as pool:
            found = dict(zip(different, pool.map(place, different), strict=True))
        return np.array([found[text] for text in texts], np.float32).reshape(len(texts), width)

    def _run(self, wanted: list[str], ids: Sequence[int], places: Sequence[int], past: Any) -> Any:
        import numpy as np

        asked = {"ids": np.array([ids], np.int64), "places": np.array([places], np.int64), "past": past}
        return self._session.run(wanted, asked)


@functools.lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The lower half of the model that is shipped, loaded once."""
    return Reader(MODEL)


def load_tokenizer(folder: Path) -> Any:
    """What turns text into the model's pieces, for training as for grading."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(folder / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    # What looks like a special piece in an answer ("</s>") is only text.
    found.encode_special_tokens = True
    return found


@functools.lru_cache(maxsize=1)
def model_version() -> str:
    """Names the model that is shipped: it changes whenever its weights, vocabulary or scales do."""
    return hashlib.sha256((MODEL / "checksums.json").read_bytes()).hexdigest()[:12]


@functools.cache
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


def _start(model: str | bytes) -> Any:
    """A model, from its file or its bytes, ready to run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Answers run side by side, each on one core: for one short text more would only wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # A plan of the memory for every length that was ever seen is memory itself.
    options.enable_mem_pattern = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _near(pieces: Any, text: Text, points: Sequence[Any]) -> tuple[float, ...]:
    return compare_words(read_told(pieces, text.told), [word.weight for word in text.told], points)


def _batched(found: Sequence[Reference], size: int) -> Iterator[Sequence[Reference]]:
    for start in range(0, len(found), size):
        yield found[start : start + size]


def _key(kind: str, reference: Reference, ids: Sequence[int]) -> bytes:
    points = (piece for point in reference.points for piece in point.ids)
    text = ",".join(map(str, (*reference.ids, -1, *points, -1, *ids)))
    return hashlib.blake2b(f"{kind} {reference.words} {text}".encode(), digest_size=16).digest()


def _softmax(scores: Any) -> tuple[float, ...]:
    import numpy as np

    powers = np.exp(scores - scores.max())
    return tuple((powers / powers.sum()).tolist())
