"""What a person has yet to look at: answers that the grader doubts, and second looks that employees asked for.

Answers that say the same are decided on together. A decision is written as formgrader writes it, and can be taken back.
"""

import getpass
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from visionquiz import gradebook
from visionquiz.course import Course, open_course
from visionquiz.errors import CourseError, SubmissionError
from visionquiz.grading import LEVELS, Answer, Grade, grade_answers
from visionquiz.grading.alike import group_alike
from visionquiz.grading.calibration import expected_cost
from visionquiz.grading.full_reason import GUARDS, full_reason
from visionquiz.jobs import read_release
from visionquiz.learning import read_learned
from visionquiz.notebook import dump_notebook
from visionquiz.quiz import Question, Quiz, letter_options, pick_scenarios
from visionquiz.submission import Submission, answers_of, read_submission
from visionquiz.vision import Scenario, Vision

__all__ = [
    "Case",
    "CaseGroup",
    "Choice",
    "Decision",
    "Mark",
    "Review",
    "Situation",
    "Way",
    "choices",
    "count_open",
    "decide",
    "group_cases",
    "open_review",
    "read_cases",
    "take_back",
    "trainer_login",
    "write_notebook",
]

NOTEBOOK = "review.ipynb"

SOURCE = """\
# Press Run (the triangle above), or Shift and Enter
from visionquiz.views.review import show_review

show_review({quiz})"""

HOW = """\
# Answers for you to look at

Press **Run** (the triangle at the top), or Shift and Enter, and they appear above this text. Every decision is written
into the gradebook at once, and formgrader shows it too. To see what was graded or asked for since, click beside them
and press Run again."""

CHUNK = 25
"""Answers read at a time, so that the bar moves."""

NOBODY_KNOWS = expected_cost((0.25, 0.25, 0.25, 0.25), 0)
"""The doubt of an answer that could not be graded at all."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A stretch of the answer, ``text[start:end]``, and what the grader counted it as, in a trainer's words."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, kw_only=True)
class Way:
    """One thing that could be chosen in a situation."""

    letter: str
    text: str
    why: str
    score: float
    """In points of the question."""
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a scenario question asked this person."""

    title: str
    situation: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One answer for a person to look at. It names nobody: who grades blind grades more fairly. Who it is about is in
    `person`, for writing, and for a trainer who asks.
    """

    person: str
    question: Question
    role: str
    """What the person does, as in the vision; ``""`` where it is not known."""
    text: str
    score: float | None
    """What the grader proposes, in points; None where it gave nothing."""
    given: float | None
    """What a person gave before; None where nobody did."""
    review: bool
    """Whether it was marked for a look; an open second look alone does not mark it once somebody has graded."""
    reason: str
    """The grader's, as the employee reads it."""
    comment: str
    """The trainer's so far."""
    looks: tuple[gradebook.SecondLook, ...] = ()
    """The second looks that wait for an answer, the earliest first."""
    full_reason: str = ""
    """The grader's, for the trainer."""
    marks: tuple[Mark, ...] = ()
    doubt: float = 0.0
    """What the grader's level is expected to cost (see `grading.calibration.expected_cost`)."""
    situation: Situation | None = None
    problem: str = ""
    """Why the answer cannot be shown; then it is not decided on here."""

    @property
    def proposal(self) -> float | None:
        """The score that stands if nobody changes it."""
        return self.score if self.given is None else self.given


@dataclass(frozen=True, kw_only=True)
class CaseGroup:
    """Answers that say the same: one decision grades all of them. The first is the one that is shown."""

    cases: tuple[Case, ...]

    @property
    def first(self) -> Case:
        return self.cases[0]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A score that can be given, and the key for it."""

    key: str
    label: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a person decided on some answers that say the same."""

    cases: tuple[Case, ...]
    score: float
    comment: str | None = None
    """For the employees' feedback; None leaves what each has."""
    answer: str = ""
    """To the second look that was asked for."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """Everything there is to look at in one check."""

    course: Course
    quiz: Quiz
    vision: Vision
    groups: tuple[CaseGroup, ...]


def read_cases(course: Course, quiz_id: str, progress: Progress = lambda done, of: None) -> list[Case]:
    """Every answer that a person should look at: second looks first, then what the grader doubts most.

    Raises `CourseError` where nothing was graded, or where what was asked has changed since the release.
    """
    vision = course.load_vision()
    quiz = course.load_quiz(quiz_id, vision)
    read_release(course, quiz, vision)
    scores = gradebook.read_scores(course.database, quiz.id)
    if not scores:
        raise CourseError(f"nothing of '{quiz.id}' has been graded yet; first: visionquiz grade {quiz.id}")
    looks = _open_looks(course, quiz.id)
    asked = [score for score in scores if score.review or (score.person, score.question) in looks]
    comments = gradebook.read_comments(course.database, quiz.id)
    roles = {person.person: person.role for person in course.load_roster(vision)}
    answers, problems = _read_answers(course, quiz, vision, roles, {score.person for score in asked})
    wanted = (answers.get((score.person, score.question)) for score in asked)
    grades = _grade_again(course, quiz, vision, dict.fromkeys(answer for answer in wanted if answer), progress)
    found = []
    for score in asked:
        key = score.person, score.question
        answer = answers.get(key)
        question = quiz.question(score.question)
        if question is None:
            continue  # the release says that there is none of this name, so nobody was asked
        reason, comment = comments.get(key, ("", ""))
        told = _tell(answer, grades[answer], question, quiz, vision) if answer else {"problem": problems[score.person]}
        role = vision.role(roles.get(score.person, ""))
        found.append(
            Case(
                person=score.person,
                question=question,
                role=role.title if role else "",
                text=answer.text if answer else "",
                score=score.auto,
                given=score.given,
                review=score.review,
                reason=reason,
                comment=comment,
                looks=tuple(looks.get(key, ())),
                **told,
            )
        )
    return sorted(found, key=_urgency)


def _urgency(case: Case) -> tuple[Any, ...]:
    first = case.looks[0].asked.isoformat() if case.looks else ""
    return not case.looks, first, -case.doubt, case.question.id, case.person


def _open_looks(course: Course, quiz_id: str) -> dict[tuple[str, str], list[gradebook.SecondLook]]:
    found: dict[tuple[str, str], list[gradebook.SecondLook]] = {}
    for look in gradebook.read_looks(course.database, quiz_id):
        if not look.answer:
            found.setdefault((look.person, look.question), []).append(look)
    return found


def _read_answers(
    course: Course, quiz: Quiz, vision: Vision, roles: Mapping[str, str], people: Iterable[str]
) -> tuple[dict[tuple[str, str], Answer], dict[str, str]]:
    """What these people answered in the attempt that counts, by person and question, and who cannot be read and why."""
    answers, problems = {}, {}
    for person in sorted(people):
        try:
            submission = _read_counting(course, quiz, person)
        except SubmissionError as error:
            problems[person] = str(error)
            continue
        for answer in answers_of(submission, roles.get(person, ""), quiz, vision):
            answers[person, answer.id] = answer
    return answers, problems


def _read_counting(course: Course, quiz: Quiz, person: str) -> Submission:
    return read_submission(course.notebook("autograded", quiz.id, person).parent, quiz, person)


def _grade_again(
    course: Course, quiz: Quiz, vision: Vision, answers: Iterable[Answer], progress: Progress
) -> dict[Answer, Grade]:
    """What the grader thinks of each answer, in full; what many people wrote is read once."""
    wanted, learned = list(answers), read_learned(course, quiz.id)
    found: dict[Answer, Grade] = {}
    for start in range(0, len(wanted), CHUNK):
        progress(start, len(wanted))
        chunk = wanted[start : start + CHUNK]
        found.update(zip(chunk, grade_answers(chunk, vision, budget=quiz.doubt, learned=learned), strict=True))
    progress(len(wanted), len(wanted))
    return found


def _tell(answer: Answer, grade: Grade, question: Question, quiz: Quiz, vision: Vision) -> dict[str, Any]:
    if answer.kind == "scenario":
        situation = _situation(answer, question, quiz, vision)
        return {"situation": situation, "doubt": NOBODY_KNOWS if answer.option is None else 0.0}
    told = full_reason(grade, answer, vision) if answer.text else ""
    if answer.text and not grade.review:
        told += "\n  The grader does not doubt it: it was drawn at random, or a person marked it."
    return {
        "full_reason": told,
        "marks": _marks(grade, vision),
        "doubt": expected_cost(grade.levels, grade.level or 0) if grade.levels and answer.text else NOBODY_KNOWS,
    }


def _marks(grade: Grade, vision: Vision) -> tuple[Mark, ...]:
    points = {point.id: point.text.rstrip(".") for point in vision.meaning}
    names = {"statement": "words of the statement", "action": "something one could see", "first-person": "who does it"}
    verdicts = {one.part: one.verdict for one in grade.judgements}
    found = []
    for span in grade.evidence:
        name = points.get(span.counts_as) or names.get(span.counts_as) or GUARDS.get(span.counts_as, span.counts_as)
        verdict = verdicts.get(span.counts_as, "")
        label = f"{name} ({verdict})" if verdict in ("hinted", "contradicted") else name
        found.append(Mark(start=span.start, end=span.end, label=label))
    return tuple(found)


def _situation(answer: Answer, question: Question, quiz: Quiz, vision: Vision) -> Situation | None:
    """The situation that was answered, or that the person's role meets; None where that cannot be told."""
    scenario = vision.scenario(answer.scenario) or pick_scenarios(quiz, vision)[question.id].get(answer.role)
    if scenario is None:
        return None
    chosen = answer.option if scenario.id == answer.scenario else None
    return Situation(title=scenario.title, situation=scenario.situation, ways=_ways(scenario, chosen, question, quiz))


def _ways(scenario: Scenario, chosen: int | None, question: Question, quiz: Quiz) -> tuple[Way, ...]:
    return tuple(
        Way(
            letter=letter,
            text=option.text,
            why=option.why,
            score=question.points * option.points / scenario.best,
            chosen=place == chosen,
        )
        for letter, (place, option) in letter_options(quiz, scenario).items()
    )


def group_cases(cases: Sequence[Case]) -> list[CaseGroup]:
    """The cases in the same order, those that say the same together with the first of them."""
    comparable: dict[Any, list[int]] = {}
    for place, case in enumerate(cases):
        # A second look is one person's and gets an answer of its own; what cannot be shown is like nothing.
        alone = place if case.looks or case.problem else None
        # A job decides what fits it, and which situation was met.
        role = case.role if case.question.kind in ("contribute", "scenario") else ""
        comparable.setdefault((case.question.id, role, case.situation, alone), []).append(place)
    groups: list[list[int]] = []
    for places in comparable.values():
        found = group_alike([cases[place].text for place in places])
        groups += [[places[member] for member in group] for group in found]
    return [CaseGroup(cases=tuple(cases[place] for place in group)) for group in sorted(groups)]


def choices(case: Case) -> tuple[Choice, ...]:
    """The scores that can be given, from the least: levels of a written answer, the options' points of a situation."""
    points = case.question.points
    if case.question.kind != "scenario":
        return tuple(Choice(key=str(level), label=name, score=points * level / 3) for level, name in enumerate(LEVELS))
    by_score: dict[float, list[str]] = {0.0: []}
    for way in case.situation.ways if case.situation else ():
        by_score.setdefault(way.score, []).append(way.letter)
    by_score.setdefault(points, [])
    return tuple(
        Choice(key=str(number), label=_points_label(score, points, letters), score=score)
        for number, (score, letters) in enumerate(sorted(by_score.items()))
    )


def _points_label(score: float, points: float, letters: Sequence[str]) -> str:
    told = f"{score:.3g} of {points:g} points"
    return f"{told} ({' or '.join(sorted(letters))})" if letters else told


def decide(course: Course, quiz: Quiz, decision: Decision, *, who: str) -> None:
    """Give all the answers of a decision their score, all or none of them, as formgrader does.

    Raises `CourseError` where one of them is not any more as it was read, or where another command is at work.
    """
    answer = decision.answer or None
    given = [
        gradebook.HandScore(
            person=case.person,
            question=case.question.id,
            score=decision.score,
            comment=decision.comment,
            answer=answer if case.looks else None,
        )
        for case in decision.cases
    ]
    with course.lock():
        _check_unchanged(course, quiz, decision.cases, {case: (case.given, case.comment) for case in decision.cases})
        gradebook.write_scores(course.database, quiz.id, given, who=who, why="review")


def take_back(course: Course, quiz: Quiz, decision: Decision, *, who: str) -> None:
    """Put back what was there before a decision: score, comment, mark and the open second look.

    Raises `CourseError` where somebody has changed it since.
    """
    given = [
        gradebook.HandScore(
            person=case.person,
            question=case.question.id,
            score=case.given,
            comment=None if decision.comment is None else case.comment,
            review=case.review,
            answer="" if case.looks and decision.answer else None,
        )
        for case in decision.cases
    ]
    now = {
        case: (decision.score, case.comment if decision.comment is None else decision.comment.strip())
        for case in decision.cases
    }
    with course.lock():
        _check_unchanged(course, quiz, decision.cases, now)
        gradebook.write_scores(course.database, quiz.id, given, who=who, why="review taken back")


def _check_unchanged(
    course: Course, quiz: Quiz, cases: Sequence[Case], now: Mapping[Case, tuple[float | None, str]]
) -> None:
    """Raises `CourseError` unless the answers are those that were read, with these scores and comments."""
    scores = {(score.person, score.question): score for score in gradebook.read_scores(course.database, quiz.id)}
    comments = gradebook.read_comments(course.database, quiz.id)
    for case in cases:
        key = case.person, case.question.id
        score = scores.get(key)
        try:
            typed = _read_counting(course, quiz, case.person).answers[case.question.id]
        except SubmissionError:
            typed = None
        found = (score.given if score else None, comments.get(key, ("", ""))[1])
        if score is None or typed != case.text or found != now[case]:
            raise CourseError(
                "the answer, its score or its comment has been changed elsewhere since it was read, so nothing was "
                "written; press Run again to see how it is now"
            )


def count_open(course: Course, quiz_id: str) -> int:
    """How many answers a person has yet to look at. Raises `CourseError` where nothing was graded."""
    quiz = course.load_quiz(quiz_id, course.load_vision())
    scores = gradebook.read_scores(course.database, quiz.id)
    if not scores:
        raise CourseError(f"nothing of '{quiz.id}' has been graded yet; first: visionquiz grade {quiz.id}")
    looks = _open_looks(course, quiz.id)
    return sum(score.review or (score.person, score.question) in looks for score in scores)


def open_review(quiz_id: str | None = None, progress: Progress = lambda done, of: None) -> Review:
    """What there is to look at in the course that the notebook lies in; without a name, in the only check that was
    graded. Raises `VisionQuizError`.
    """
    here = Path.cwd()
    course = open_course(next((folder for folder in (here, *here.parents) if (folder / "vision.toml").is_file()), here))
    name = quiz_id or _only_graded(course)
    vision = course.load_vision()
    groups = group_cases(read_cases(course, name, progress))
    return Review(course=course, quiz=course.load_quiz(name, vision), vision=vision, groups=tuple(groups))


def _only_graded(course: Course) -> str:
    found = list(_graded(course))
    if len(found) == 1:
        return found[0]
    if not found:
        raise CourseError("nothing has been graded yet; first: visionquiz grade QUIZ")
    names = " or ".join(f'show_review("{name}")' for name in found)
    raise CourseError(f"several checks were graded; say which one: {names}")


def _graded(course: Course) -> Iterator[str]:
    for path in course.quiz_files():
        if course.has_gradebook and course.notebook("release", path.stem).is_file():
            try:
                if gradebook.read_scores(course.database, path.stem):
                    yield path.stem
            except CourseError:
                continue  # released, and not in this gradebook


def trainer_login() -> str:
    """Who is at work, for the trail: the login name."""
    try:
        return os.environ.get("JUPYTERHUB_USER") or getpass.getuser()
    except (KeyError, OSError):  # a container may know the number of its user only
        return f"user {os.getuid()}"


def write_notebook(course: Course, quiz_id: str) -> Path:
    """Write ``review.ipynb`` into the course folder, where it is not there yet for this check.

    Raises `CourseError` where a file of this name is somebody else's.
    """
    path = course.root / NOTEBOOK
    try:
        about = json.loads(path.read_text(encoding="utf-8"))["metadata"]["visionquiz"]["review"]
    except FileNotFoundError:
        about = None
    except (ValueError, KeyError, TypeError):
        raise CourseError(f"{path} is not a notebook that visionquiz wrote; rename it, then try again") from None
    if about != quiz_id:
        draft = path.with_name(path.name + ".new")
        draft.write_text(dump_notebook(_notebook(quiz_id)), encoding="utf-8")
        draft.replace(path)
    return path


def _notebook(quiz_id: str) -> dict[str, Any]:
    # The call comes first: Run runs the cell that is selected, and then goes on to the next, so there must be one.
    # Where the source is hidden, JupyterLab shows its first line.
    call: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "review",
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": SOURCE.format(quiz=json.dumps(quiz_id)),
    }
    return {
        "cells": [call, {"cell_type": "markdown", "id": "how", "metadata": {}, "source": HOW}],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "visionquiz": {"review": quiz_id},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
