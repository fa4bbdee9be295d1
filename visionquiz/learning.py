"""Learn from the trainer's own grades: how severe this trainer is, and how far people and grader agree.

What is learnt lies beside the quiz as ``quizzes/<quiz>.calibration.json``: every version with its date and what it was
learnt from, and which one is in use, so that each can be taken back.
"""

import datetime as dt
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visionquiz import gradebook
from visionquiz.course import Course
from visionquiz.errors import CourseError, SubmissionError
from visionquiz.grading import LEVELS
from visionquiz.grading.calibration import Shifts, learn_shifts, load_scales
from visionquiz.grading.free_text import sign_answers
from visionquiz.stats import kappa_interval, weighted_kappa, wilson_interval
from visionquiz.submission import answers_of, read_submission

__all__ = ["AgreementRow", "Lesson", "agreement", "calibrate", "read_learned", "undo"]

LEAST = 20
"""Grades of a question by a person from which on learning can help; ten do harm (measured)."""

PARTS = 5
"""Agreement is measured on grades that were set aside, a fifth at a time."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What the trainer's grades of one question teach."""

    question: str
    grades: int
    before: float = 0.0
    """Weighted kappa of the grader with the trainer, as it is."""
    after: float = 0.0
    """The same on grades that the cut points were not learnt from."""
    interval: tuple[float, float] = (0.0, 0.0)
    """Of `after`, 95 %."""
    shifts: Shifts | None = None
    """What will be used from now on; None where there is too little, or it does not help."""


@dataclass(frozen=True, kw_only=True)
class AgreementRow:
    """How people graded what the grader put at one level."""

    question: str
    level: str
    grades: int
    same: int
    mean: float
    """The level, 0..3, that people gave on average."""

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share that people put at the same level, 95 %."""
        return wilson_interval(self.same, self.grades)


def calibrate(course: Course, quiz_id: str, now: dt.datetime) -> list[Lesson]:
    """Learn cut points from the manual scores in the gradebook, and use those that help.

    Returns one lesson per free-text question. Raises `CourseError` where nobody has graded anything by hand.
    """
    found = _graded_by_hand(course, quiz_id)
    scales = load_scales()
    lessons = []
    for question, (kind, signs, levels) in found.items():
        if len(levels) < LEAST:
            lessons.append(Lesson(question=question, grades=len(levels)))
            continue
        scale = scales[kind]
        before = [scale.judge(row)[0] for row in signs]
        after = [0] * len(levels)
        order = random.Random(question).sample(range(len(levels)), len(levels))
        for part in range(PARTS):
            aside = set(order[part::PARTS])
            rest = [place for place in order if place not in aside]
            shifts = learn_shifts(scale, [signs[place] for place in rest], [levels[place] for place in rest])
            for place in aside:
                after[place] = scale.shifted(shifts).judge(signs[place])[0]
        kappas = weighted_kappa(before, levels), weighted_kappa(after, levels)
        lessons.append(
            Lesson(
                question=question,
                grades=len(levels),
                before=kappas[0],
                after=kappas[1],
                interval=kappa_interval(after, levels),
                shifts=learn_shifts(scale, signs, levels) if kappas[1] > kappas[0] else None,
            )
        )
    learnt = {lesson.question: lesson.shifts for lesson in lessons if lesson.shifts}
    if learnt:
        versions = _read(course, quiz_id)["versions"]
        made = {"made": now.isoformat(timespec="seconds"), "grades": {one.question: one.grades for one in lessons}}
        versions.append({**made, "shifts": learnt})
        _write(course, quiz_id, {"versions": versions, "use": len(versions)})
    return lessons


def undo(course: Course, quiz_id: str) -> int:
    """Go back to the version before; returns which is in use now, 0 for the general cut points."""
    found = _read(course, quiz_id)
    if not found["use"]:
        raise CourseError(f"nothing that was learnt for '{quiz_id}' is in use, so there is nothing to take back")
    found["use"] -= 1
    _write(course, quiz_id, found)
    return int(found["use"])


def read_learned(course: Course, quiz_id: str) -> dict[str, Shifts]:
    """The learnt shifts that are in use, by question id; empty where there are none."""
    found = _read(course, quiz_id)
    if not found["use"]:
        return {}
    shifts = found["versions"][found["use"] - 1]["shifts"]
    return {name: (one, two, three) for name, (one, two, three) in shifts.items()}


def agreement(course: Course, quiz_id: str) -> list[AgreementRow]:
    """How far people and grader agree on answers that a person graded, by question and the grader's level."""
    quiz = course.load_quiz(quiz_id, course.load_vision())
    written = {question.id for question in quiz.questions if question.kind != "scenario"}
    groups: dict[tuple[str, int], list[int]] = {}
    for score in gradebook.read_scores(course.database, quiz.id):
        if score.manual and score.auto is not None and score.question in written:
            group = groups.setdefault((score.question, _level(score.auto, score.points)), [])
            group.append(_level(score.score, score.points))
    if not groups:
        raise CourseError(f"nobody has graded an answer of '{quiz.id}' by hand yet; do so in formgrader first")
    return [
        AgreementRow(
            question=question,
            level=LEVELS[level],
            grades=len(given),
            same=given.count(level),
            mean=sum(given) / len(given),
        )
        for (question, level), given in sorted(groups.items())
    ]


def _graded_by_hand(course: Course, quiz_id: str) -> dict[str, tuple[str, list[Mapping[str, float]], list[int]]]:
    """By question id: its kind, and the signs and the levels of the answers that a person graded."""
    vision = course.load_vision()
    quiz = course.load_quiz(quiz_id, vision)
    given = {
        (score.person, score.question): _level(score.score, score.points)
        for score in gradebook.read_scores(course.database, quiz.id)
        if score.manual
    }
    if not given:
        raise CourseError(f"nobody has graded an answer of '{quiz.id}' by hand yet; do so in formgrader first")
    found: dict[str, tuple[str, list[Mapping[str, float]], list[int]]] = {
        question.id: (question.kind, [], []) for question in quiz.questions if question.kind != "scenario"
    }
    roles = {person.person: person.role for person in course.load_roster(vision)}
    for person in sorted({person for person, _ in given}):
        try:
            submission = read_submission(course.notebook("submitted", quiz.id, person).parent, quiz, person)
        except SubmissionError:
            continue  # graded by hand although it cannot be read; there is nothing to learn from it
        answers = answers_of(submission, roles.get(person, ""), quiz, vision)
        asked = [answer for answer in answers if answer.kind != "scenario" and (person, answer.id) in given]
        for answer, signs in zip(asked, sign_answers(asked, vision), strict=True):
            if signs:
                found[answer.id][1].append(signs)
                found[answer.id][2].append(given[person, answer.id])
    return found


def _level(score: float, points: float) -> int:
    """The level, 0..3, that a score stands for; between two, the nearer."""
    return min(3, max(0, round(3 * score / points))) if points else 0


def _file(course: Course, quiz_id: str) -> Path:
    return course.quiz_file(quiz_id).with_suffix(".calibration.json")


def _read(course: Course, quiz_id: str) -> dict[str, Any]:
    path = _file(course, quiz_id)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        versions, use = found["versions"], found["use"]
        for version in versions:
            for shifts in version["shifts"].values():
                one, two, three = (float(shift) for shift in shifts)
                if not all(abs(shift) < 10 for shift in (one, two, three)):
                    raise ValueError
        if not isinstance(use, int) or not 0 <= use <= len(versions):
            raise ValueError
    except FileNotFoundError:
        return {"versions": [], "use": 0}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(f"{path} is damaged; delete it, or learn again: visionquiz calibrate {quiz_id}") from None
    return {"versions": versions, "use": use}


def _write(course: Course, quiz_id: str, found: Mapping[str, Any]) -> None:
    path = _file(course, quiz_id)
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
