"""Learn from the trainer's own grades: how severe this trainer is, and how far people and grader agree.

What is learnt lies beside the quiz as ``quizzes/<quiz>.calibration.json``: every version with its date and what it was
learnt from, and which one is in use, so that each can be taken back.
"""

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visionquiz import gradebook
from visionquiz.course import Course
from visionquiz.errors import CourseError, SubmissionError
from visionquiz.grading import Answer, Grade, grade_answers
from visionquiz.grading.calibration import Shifts, expected_cost, learn_shifts, load_scales
from visionquiz.grading.free_text import sign_answers
from visionquiz.grading.full_reason import full_reason
from visionquiz.grading.teaching import choose_to_grade
from visionquiz.quality import AgreementRow, HandGraded, agree_by_level
from visionquiz.quiz import Quiz
from visionquiz.stats import kappa_interval, weighted_kappa
from visionquiz.submission import answers_of, read_submission
from visionquiz.vision import Vision

__all__ = [
    "AgreementRow",
    "Lesson",
    "ToGrade",
    "agreement",
    "calibrate",
    "choose_next",
    "graded_answers",
    "read_hand",
    "read_learned",
    "read_version",
    "undo",
]

LEAST = 20
"""Grades of a question by a person from which on learning can help; ten do harm (measured)."""

CHUNK = 500
"""Answers read at a time."""

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
class ToGrade:
    """An answer that would teach the grader much if a person graded it, and what the grader thinks of it."""

    person: str
    question: str
    text: str
    reason: str
    """The trainer's full reason, several lines."""


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


def choose_next(
    course: Course, quiz_id: str, count: int, progress: Callable[[int, int], None] = lambda done, of: None
) -> list[ToGrade]:
    """At most `count` answers to each free-text question that nobody graded by hand and that teach most.

    Answers that the scale finds alike are one cluster; from each, the most doubtful is taken. Raises `CourseError`
    where nothing has been graded yet.
    """
    vision = course.load_vision()
    quiz = course.load_quiz(quiz_id, vision)
    scores = gradebook.read_scores(course.database, quiz.id)
    if not scores:
        raise CourseError(f"nothing of '{quiz.id}' has been graded yet; first: visionquiz grade {quiz.id}")
    done = {(score.person, score.question) for score in scores if score.manual}
    people = sorted({score.person for score in scores})
    by_question: dict[str, list[tuple[str, Answer]]] = {}
    for person, answer in graded_answers(course, quiz, vision, people):
        if answer.kind != "scenario" and (person, answer.id) not in done:
            by_question.setdefault(answer.id, []).append((person, answer))
    learned, found, done_reading = read_learned(course, quiz_id), list[ToGrade](), 0
    for question, asked in by_question.items():
        answers = [answer for _, answer in asked]
        signed: list[Mapping[str, float] | None] = []
        grades: list[Grade] = []
        for start in range(0, len(answers), CHUNK):
            # Both read the same: the model remembers what it thought of the last answers.
            chunk = answers[start : start + CHUNK]
            signed += sign_answers(chunk, vision)
            grades += grade_answers(chunk, vision, budget=quiz.doubt, learned=learned)
            done_reading += len(chunk)
            progress(done_reading, sum(map(len, by_question.values())))
        told = [(place, signs) for place, signs in enumerate(signed) if signs]
        # Signs as the scale weighs them: two answers are alike if the same things speak for and against them.
        weighed = [load_scales()[answers[0].kind].weigh(signs) for _, signs in told]
        doubts = [expected_cost(grades[place].levels, grades[place].level or 0) for place, _ in told]
        for chosen in choose_to_grade(weighed, doubts, count):
            place = told[chosen][0]
            person, answer = asked[place]
            reason = full_reason(grades[place], answer, vision)
            found.append(ToGrade(person=person, question=question, text=answer.text, reason=reason))
    return found


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


def read_version(course: Course, quiz_id: str) -> int:
    """Which version of what was learnt is in use; 0 for the general cut points."""
    return int(_read(course, quiz_id)["use"])


def agreement(course: Course, quiz_id: str) -> list[AgreementRow]:
    """How far people and grader agree on answers that a person graded, by question and the grader's level."""
    quiz = course.load_quiz(quiz_id, course.load_vision())
    scores = gradebook.read_scores(course.database, quiz.id)
    graded = [one for score in scores if (one := read_hand(score, quiz))]
    if not graded:
        raise CourseError(
            f"nobody has graded an answer of '{quiz.id}' by hand yet; do so first, with visionquiz review "
            f"{quiz.id} or in formgrader"
        )
    return agree_by_level(graded)


def read_hand(
    score: gradebook.Score, quiz: Quiz, *, sure: float | None = None, drawn: bool = False
) -> HandGraded | None:
    """What grader and person gave a free-text answer; None where not both did."""
    question = quiz.question(score.question)
    if question is None or question.kind == "scenario" or not score.manual or score.auto is None:
        return None
    levels = _level(score.auto, score.points), _level(score.score, score.points)
    return HandGraded(question=score.question, grader=levels[0], person=levels[1], sure=sure, drawn=drawn)


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
        raise CourseError(
            f"nobody has graded an answer of '{quiz.id}' by hand yet; do so first, with visionquiz review "
            f"{quiz.id} or in formgrader"
        )
    found: dict[str, tuple[str, list[Mapping[str, float]], list[int]]] = {
        question.id: (question.kind, [], []) for question in quiz.questions if question.kind != "scenario"
    }
    people = sorted({person for person, _ in given})
    by_person: dict[str, list[Answer]] = {}
    for person, answer in graded_answers(course, quiz, vision, people):
        if answer.kind != "scenario" and (person, answer.id) in given:
            by_person.setdefault(person, []).append(answer)
    for person, asked in by_person.items():
        for answer, signs in zip(asked, sign_answers(asked, vision), strict=True):
            if signs:
                found[answer.id][1].append(signs)
                found[answer.id][2].append(given[person, answer.id])
    return found


def graded_answers(course: Course, quiz: Quiz, vision: Vision, people: Sequence[str]) -> Iterator[tuple[str, Answer]]:
    """What these people answered in the attempt that counts, with their names."""
    roles = {person.person: person.role for person in course.load_roster(vision)}
    for person in people:
        try:
            submission = read_submission(course.notebook("autograded", quiz.id, person).parent, quiz, person)
        except SubmissionError:
            continue  # graded although it cannot be read any more; there is nothing to learn from it
        for answer in answers_of(submission, roles.get(person, ""), quiz, vision):
            yield person, answer


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
