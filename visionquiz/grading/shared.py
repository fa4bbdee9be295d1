"""Where answers are read: in this process, or in one that a whole session shares.

The model and what goes with it take some 340 MB. Thirty kernels that each had their own would need more than a
trainer's laptop has, so a session starts one process for all of them, and the kernels hand it what it should read.
"""

import contextlib
import functools
import os
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import AuthenticationError, get_context
from multiprocessing.managers import BaseManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visionquiz.grading import Answer, Grade
from visionquiz.orphans import end_with_parent
from visionquiz.vision import Vision

if TYPE_CHECKING:
    from visionquiz.grading.calibration import Shifts

__all__ = ["GRADER", "embed", "grade_free_text", "share_grader"]

GRADER = "VISIONQUIZ_GRADER"
"""Environment variable: the socket of the process that grades for this session; unset where every process does so for
itself.
"""


LONGEST_PATH = 103
"""Bytes that the path of a socket may have (macOS; Linux takes 107)."""


class Grader:
    """What such a process does, for as many at once as there are cores: more would wait for each other, and each takes
    memory.
    """

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._places = threading.Semaphore(os.cpu_count() or 1)

    def grade(
        self, answers: Sequence[Answer], vision: Vision, budget: float, learned: "Mapping[str, Shifts]"
    ) -> list[Grade]:
        from visionquiz.grading import encoder, free_text

        with self._loading:
            encoder.load_encoder()
        with self._places:
            return free_text.grade_free_text(answers, vision, budget, learned)

    def embed(self, texts: Sequence[str], question: str) -> Any:
        from visionquiz.grading import encoder

        with self._loading:
            reader = encoder.load_reader()
        with self._places:
            return reader.embed(texts, question=question)


@functools.cache
def _the_grader() -> Grader:
    return Grader()


class _Process(BaseManager):
    """Python's own way to let others call an object of a process. What goes to and fro is pickled: that is safe among
    processes of one user, and nobody gets in without the key.
    """


_Process.register("grader", callable=_the_grader, exposed=("grade", "embed"))


def grade_free_text(
    answers: Sequence[Answer], vision: Vision, budget: float, learned: "Mapping[str, Shifts]"
) -> list[Grade]:
    """One grade per answer, in order; see `free_text.grade_free_text`."""
    grades: list[Grade] | None = _ask("grade", list(answers), vision, budget, dict(learned))
    if grades is None:
        from visionquiz.grading import free_text

        grades = free_text.grade_free_text(answers, vision, budget, learned)
    return grades


def embed(texts: Sequence[str], *, question: str) -> Any:
    """Where each text stands in meaning: float32, a row a text; see `encoder.Reader.embed`."""
    found = _ask("embed", list(texts), question)
    if found is None:
        from visionquiz.grading import encoder

        found = encoder.load_reader().embed(texts, question=question)
    return found


def _ask(what: str, *told: Any) -> Any:
    """What the session's process says; None where there is none, or it has ended, so that this one has to do it."""
    if address := os.environ.get(GRADER):
        try:
            return getattr(_connect(address), what)(*told)
        except (OSError, EOFError, AuthenticationError):
            _connect.cache_clear()
    return None


@functools.cache
def _connect(address: str) -> Any:
    process = _Process(address, _key_file(Path(address)).read_bytes())
    process.connect()
    return process.grader()  # type: ignore[attr-defined]  # made by `register`


@contextlib.contextmanager
def share_grader(address: Path) -> Iterator[None]:
    """A process that grades for whoever has this socket as its `GRADER`, until the block ends.

    The model is loaded when the first text comes. The socket's folder is one that nobody else may look into. Where its
    path is too long for a socket, there is no such process, and whoever asks grades for themselves.
    """
    if len(os.fsencode(address)) > LONGEST_PATH:
        yield
        return
    key = secrets.token_bytes(32)
    with open(os.open(_key_file(address), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    process = _Process(str(address), key, ctx=get_context("spawn"))
    process.start(end_with_parent)
    with process:
        yield


def _key_file(address: Path) -> Path:
    return address.with_suffix(".key")
