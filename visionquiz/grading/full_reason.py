"""The reason for a grade as a trainer needs it: every part that was judged, how surely, by which words, and why a
person should look.
"""

from collections.abc import Iterator, Mapping

from visionquiz.grading import LEVELS, Answer, Grade, Judgement
from visionquiz.parts import SERVES
from visionquiz.text import READ_LIMIT
from visionquiz.vision import Vision

__all__ = ["GUARDS", "full_reason"]

GUARDS: Mapping[str, str] = {
    "audit": "it was drawn at random, to see how well the grader does",
    "contradiction": "something in it seems to say the opposite",
    "core-unknown": "vision.toml has no core_idea to hold it against",
    "cut": f"only the first {READ_LIMIT:,} characters were read",
    "keyword-list": "it looks like words in a row rather than something said",
    "language": "it does not seem to be in English",
    "other-job": "it sounds like another job's task",
    "role-unknown": "the person's role is not known",
    "symbols": "it says something in pictures or another script",
    "talk": "it talks to the grader",
    "turned-round": "an idea of the statement seems to be turned round",
}
"""Why each guard wants a person to look."""

_PARTS: Mapping[str, str] = {
    "core": "Core idea",
    "own_words": "In own words",
    "personal": "Who does it",
    "concrete": "Something one could see",
    "fits_role": "Fits the role",
    "linked": "Linked to the vision",
    "against": "Against the vision",
}
_WORDS: Mapping[str, str] = {
    "recalled": "recalled",
    "paraphrased": "in other words",
    "changed": "changed",
    "missing": "missing",
    "intrusion": "added",
}


def full_reason(grade: Grade, answer: Answer, vision: Vision) -> str:
    """Several lines of plain text about a free-text grade; quotes what was typed, so it is for the trainer alone."""
    return "\n".join(_lines(grade, answer, vision))


def _lines(grade: Grade, answer: Answer, vision: Vision) -> Iterator[str]:
    if grade.level is None:
        yield grade.reason
        return
    # A level between two likelier ones is the fairest guess when it is one of them, and nobody knows which.
    between = ", between likelier ones" if grade.levels and max(grade.levels) > grade.levels[grade.level] else ""
    order = sorted(range(len(grade.levels)), key=lambda level: -grade.levels[level])
    chances = ", ".join(f"{LEVELS[one]} {grade.levels[one]:.0%}" for one in order)
    yield f"{grade.level} of 3, {LEVELS[grade.level]}{between} ({chances})"
    if answer.kind == "state":
        yield from _recalled(grade)
    else:
        points = {point.id: point.text for point in vision.meaning}
        for one in grade.judgements:
            if one.part.startswith(SERVES):
                if one.verdict == "yes":
                    point = points.get(one.part.removeprefix(SERVES), one.part)
                    yield f"  Serves most of all: {point.rstrip('.')} ({one.chance:.0%})"
                continue
            name = points.get(one.part) or _PARTS.get(one.part, one.part)
            yield f"  {name.rstrip('.')}: {one.verdict} ({one.chance:.0%}){_quoted(one, answer.text)}"
    why = [GUARDS.get(guard, guard) for guard in grade.guards]
    if grade.doubt:
        why.insert(0, "its level is among the most doubtful")
    if why:
        yield f"  For a person because {'; '.join(why)}."


def _recalled(grade: Grade) -> Iterator[str]:
    for verdict, name in _WORDS.items():
        said = " ".join(one.part for one in grade.judgements if one.verdict == verdict)
        if said:
            yield f"  {name}: {said}"


def _quoted(judgement: Judgement, text: str) -> str:
    spans = [" ".join(text[span.start : span.end].split()) for span in judgement.evidence[:2]]
    return f", by “{'”, “'.join(spans)}”" if spans else ""
