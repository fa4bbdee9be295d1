"""What became of each part of an answer, for one person as a line to keep and for many as shares.

The parts are those that the rubric asks for: the words of the statement, the meaning points, and what makes a
contribution one. Nothing of what somebody wrote is among them.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from visionquiz.grading import Grade
    from visionquiz.vision import Vision

__all__ = ["SERVES", "UNKNOWN", "Part", "keep_parts", "list_parts", "read_parts", "share_parts"]

RECALL = ("recalled", "paraphrased", "changed", "missing")
CORE = ("core", "own_words")
NOTHING = {"core": "missing", "own_words": "yes", "personal": "none"}
"""What holds of a part where nothing was said; of the others, ``no``."""

CONTRIBUTION = ("personal", "concrete", "fits_role", "linked", "against")

SERVES = "serves:"
"""Begins, before a meaning point's id, the part of a contribution that says whether it serves this point most."""

UNKNOWN = "unknown"
"""What holds of such a part where a contribution was graded before anybody asked, or before there was the point."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part that answers to a question are asked for, and what may become of it."""

    id: str
    """A word's place in the statement, a meaning point's id (of a contribution after `SERVES`), or a name of
    `encoder.HEADS`."""
    label: str
    """The word, or the meaning point's text."""
    verdicts: tuple[str, ...]
    """The last one is what holds where nothing was said."""


def list_parts(kind: str, vision: "Vision") -> tuple[Part, ...]:
    """The parts of an answer to a free-text question, in the order of the vision; none for a scenario."""
    # Late, because the manager's page needs no more of this module than what a part is.
    from visionquiz.grading.encoder import HEADS, POINT_LABELS
    from visionquiz.text import words

    def head(name: str) -> Part:
        return Part(id=name, label="", verdicts=_ordered(HEADS[name], NOTHING.get(name, "no")))

    if kind == "state":
        found = words(vision.statement)
        return tuple(
            Part(id=str(place), label=vision.statement[word.start : word.end], verdicts=RECALL)
            for place, word in enumerate(found)
        )
    if kind == "explain":
        points = [
            Part(id=point.id, label=point.text, verdicts=_ordered(POINT_LABELS, "missing")) for point in vision.meaning
        ]
        return (*points, *map(head, CORE))
    if kind == "contribute":
        served = [Part(id=SERVES + one.id, label=one.text, verdicts=("yes", UNKNOWN, "no")) for one in vision.meaning]
        return (*map(head, CONTRIBUTION), *served)
    return ()


def keep_parts(grade: "Grade") -> str:
    """The verdicts of a grade as a line to keep: ``""`` where nothing was judged. Words of the answer are left out."""
    kept = [[one.part, one.verdict] for one in grade.judgements if one.verdict != "intrusion"]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else ""


def read_parts(line: str, parts: Sequence[Part]) -> tuple[str, ...] | None:
    """The verdict on each of the parts, as `keep_parts` kept them; the last of its verdicts where nothing was judged.

    None where the line does not fit: it is damaged, or the vision was another one.
    """
    nothing = tuple(part.verdicts[-1] for part in parts)
    if not line:
        return nothing
    try:
        kept: list[Any] = json.loads(line)
        found = [(str(name), str(verdict)) for name, verdict in kept]
    except (ValueError, TypeError):
        return None
    if parts and parts[0].verdicts == RECALL:  # words have no id: the same one may be there twice
        if len(found) != len(parts):
            return None
        verdicts = tuple(verdict for _, verdict in found)
    else:
        by_name = dict(found)  # unknown is a verdict on points that may be served only
        verdicts = tuple(by_name.get(part.id, UNKNOWN) for part in parts)
    fits = all(verdict in part.verdicts for verdict, part in zip(verdicts, parts, strict=True))
    return verdicts if fits else None


def share_parts(people: Iterable[Sequence[str]], parts: Sequence[Part]) -> tuple[tuple[float, ...], ...]:
    """For each part, the share of people (0..1) who got each of its verdicts; empty where there are no people."""
    told = list(people)
    if not told:
        return ()
    counts = [Counter(column) for column in zip(*told, strict=True)]
    return tuple(
        tuple(count[verdict] / len(told) for verdict in part.verdicts)
        for count, part in zip(counts, parts, strict=True)
    )


def _ordered(verdicts: Sequence[str], last: str) -> tuple[str, ...]:
    return (*(verdict for verdict in verdicts if verdict != last), last)
