"""The jobs of a course that need no nbgrader: check, grade, publish. One function each; the command line prints."""

import collections
import csv
import datetime as dt
import itertools
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visionquiz import __version__, gradebook
from visionquiz.course import Course, check_writable, replace_folder, uninterrupted
from visionquiz.errors import CourseError, InputError, Problem, SubmissionError
from visionquiz.feedback import Outcome, feedback_html
from visionquiz.grading import Answer, Grade, grade_answers
from visionquiz.grading.calibration import Shifts
from visionquiz.grading.encoder import model_version
from visionquiz.items import check_scenarios
from visionquiz.learning import read_learned, read_version
from visionquiz.ledger import read_ledger, write_ledger
from visionquiz.notebook import dump_notebook, fill_answers, release_of, write_quiz
from visionquiz.quiz import Quiz
from visionquiz.reading import scan_rows
from visionquiz.roster import Person, check_roster
from visionquiz.submission import (
    Submission,
    answers_of,
    digest_answers,
    read_secret,
    read_submission,
    receipt_code,
)
from visionquiz.summaries import Summary, write_summary
from visionquiz.vision import Vision, read_vision

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "FeedbackReport",
    "GradingReport",
    "ScoreReport",
    "check_course",
    "grade_quiz",
    "grade_submissions",
    "publish",
    "read_release",
    "read_results",
    "score_file",
    "stage_feedback",
    "summary_tables",
    "write_grades",
]

Progress = Callable[[int, int], None]

AUDIT = "audit"
"""Among the guards of a grade: drawn at random."""

BATCH = 50
"""Submissions graded at a time."""

CHUNK = 500
"""Answers graded at a time where there may be very many, so that memory stays as it is."""

SCORE_LIMIT = 1_000_000_000
"""Bytes of a file of answers; a million answers are about 150 MB."""


def check_course(course: Course, now: dt.datetime | None = None) -> list[Problem]:
    """Every mistake and every weakness in ``vision.toml``, ``roster.csv`` and ``quizzes/*.toml``; with `now`, also
    answers that should have been erased by then.
    """
    try:
        vision, wrong = read_vision(course.vision_file)
    except InputError as error:
        return list(error.problems)
    found = check_scenarios(vision) if not wrong else []
    found += check_roster(course.roster_file, vision)
    files = course.quiz_files()
    if not files:
        found.append(
            Problem(file="quizzes", place="", message="holds no check; expected at least one, e.g. quizzes/first.toml")
        )
    for path in files:
        try:
            quiz = course.load_quiz(path.stem, vision)
            if now and quiz.keep_until and quiz.keep_until < now and course.submissions(quiz.id):
                found.append(
                    Problem(
                        file=f"quizzes/{path.name}",
                        place="keep_until",
                        message=f"people's answers were to be kept until {quiz.keep_until:%-d %B %Y}; "
                        f"erase them: visionquiz expire {quiz.id}",
                        severity="warning",
                    )
                )
        except InputError as error:
            found += [replace(problem, file=f"quizzes/{problem.file}") for problem in error.problems]
    if wrong:
        # What roster and quizzes take from the vision may be missing there only because of the mistakes in it.
        found = [problem for problem in found if "vision.toml" not in f"{problem.file} {problem.message}"]
    return wrong + found


@dataclass(frozen=True, kw_only=True)
class GradingReport:
    """What a run of grading did, for the trainer."""

    graded: int
    review: int
    """Answers that a person should look at: `doubtful`, stopped by a guard (`guarded`), or drawn (`audited`)."""
    doubtful: int
    guarded: int
    audited: int
    refused: tuple[SubmissionError, ...]
    unknown: tuple[str, ...]
    """People who handed in a check but are not in the roster; they are graded without a role."""
    missing: int
    """People in the roster who have not handed in anything."""


def read_release(course: Course, quiz: Quiz, vision: Vision) -> dict[str, Any]:
    """The released notebook of a check.

    Raises `CourseError` where it was not released, or where files have changed since so that letters and situations
    in the answers would be misread.
    """
    path = course.notebook("release", quiz.id)
    try:
        release: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(
            f"the check '{quiz.id}' has not been released; release it first: visionquiz release {quiz.id}"
        ) from None
    except ValueError:
        raise CourseError(f"{path} is damaged; release the check again: visionquiz release {quiz.id}") from None
    if not isinstance(release, dict) or not isinstance(release.get("cells"), list):
        raise CourseError(f"{path} is damaged; release the check again: visionquiz release {quiz.id}")
    if release_of(release) != release_of(write_quiz(quiz, vision)):
        raise CourseError(
            f"the statement, questions or points in vision.toml or quizzes/{quiz.id}.toml have changed since "
            f"'{quiz.id}' was released, so answers and scores could be misread. Put them back as they were (what "
            "'visionquiz adopt' replaced is kept as vision-DATE.toml), or keep them and release the check under a new "
            "name (copy the file in quizzes/)"
        )
    return release


def grade_quiz(course: Course, quiz_id: str, progress: Progress = lambda done, of: None) -> GradingReport:
    """Grade everything in ``submitted/`` for one check: reasons and scores into the gradebook, notebooks beside it.

    `BATCH` submissions at a time, each batch in one transaction: whenever it is stopped, every submission is graded
    or as it was before, and grading again finishes the job. A submission that cannot be graded is reported and leaves
    the others alone. Grading again gives the same rows.
    """
    vision = course.load_vision()
    people = {person.person: person for person in course.load_roster(vision)}
    quiz = course.load_quiz(quiz_id, vision)
    release = read_release(course, quiz, vision)
    learned = read_learned(course, quiz.id)
    names = course.submissions(quiz.id)
    count: collections.Counter[str] = collections.Counter()
    refused: list[SubmissionError] = []
    unknown: list[str] = []
    for start in range(0, len(names), BATCH):
        progress(start, len(names))
        wanted = {name: people.get(name) for name in names[start : start + BATCH]}
        graded = []
        for result in grade_submissions(course, quiz, vision, release, wanted, learned):
            if isinstance(result, SubmissionError):
                refused.append(result)
            else:
                graded.append(result)
        _write_batch(course, quiz, release, graded)
        unknown += [result.person for result in graded if result.person not in people]
        grades = [grade for result in graded for grade in result.grades.values()]
        count["graded"] += len(graded)
        count["review"] += sum(grade.review for grade in grades)
        count["doubtful"] += sum(grade.doubt for grade in grades)
        count["guarded"] += sum(bool(set(grade.guards) - {AUDIT}) for grade in grades)
        count["audited"] += sum(AUDIT in grade.guards for grade in grades)
    progress(len(names), len(names))
    return GradingReport(
        graded=count["graded"],
        review=count["review"],
        doubtful=count["doubtful"],
        guarded=count["guarded"],
        audited=count["audited"],
        refused=tuple(refused),
        unknown=tuple(unknown),
        missing=len(set(people) - set(names)),
    )


def _write_batch(
    course: Course, quiz: Quiz, release: dict[str, Any], graded: Sequence[gradebook.GradedSubmission]
) -> None:
    """Into the gradebook, then what formgrader shows beside it; Ctrl-C comes before or after."""
    with course.staging() as stage:
        for result in graded:
            _stage_notebook(stage / result.person, quiz, release, result)
        check_writable(course.notebook("autograded", quiz.id, result.person).parent.parent for result in graded)
        with uninterrupted():
            write_grades(course, course.database, quiz, graded)
            for result in graded:
                replace_folder(stage / result.person, course.notebook("autograded", quiz.id, result.person).parent)


def write_grades(course: Course, url: str, quiz: Quiz, graded: Sequence[gradebook.GradedSubmission]) -> None:
    """Enter grades into the gradebook at `url`, with the name of the grader."""
    version = read_version(course, quiz.id)
    model = f"{__version__}, model {model_version()}" + (f", calibration {version}" if version else "")
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    gradebook.write_grades(url, quiz.id, graded, model=model, now=now)


def _stage_notebook(folder: Path, quiz: Quiz, release: dict[str, Any], graded: gradebook.GradedSubmission) -> None:
    """What formgrader shows: the released notebook with the answers in it, and nothing else that was sent."""
    folder.mkdir()
    filled = fill_answers(release, graded.answers)
    (folder / f"{quiz.id}.ipynb").write_text(dump_notebook(filled), encoding="utf-8")
    if graded.submitted:
        stamp = f"{graded.submitted:%Y-%m-%d %H:%M:%S.%f} UTC"
        (folder / "timestamp.txt").write_text(stamp, encoding="ascii")


def grade_submissions(
    course: Course,
    quiz: Quiz,
    vision: Vision,
    release: dict[str, Any],
    wanted: Mapping[str, Person | None],
    learned: Mapping[str, Shifts],
) -> Iterator[gradebook.GradedSubmission | SubmissionError]:
    """What these people handed in, graded by the cut points that were learnt, in order.

    Of several attempts the one that counts by the quiz; those that might are graded too. For somebody whose answers
    cannot be graded fairly, the reason instead. The model reads them all together, which is quicker; no grade depends
    on the others.
    """
    found: dict[str, _Attempts | SubmissionError] = {}
    for name, person in wanted.items():
        try:
            found[name] = _read_attempts(course, quiz, vision, release, name, person.role if person else "")
        except SubmissionError as error:
            found[name] = error.bare()
    asked = [
        answer
        for one in found.values()
        if not isinstance(one, SubmissionError)
        for answers in one.asked.values()
        for answer in answers
    ]
    grades = iter(grade_answers(asked, vision, budget=quiz.doubt, learned=learned))
    for name, one in found.items():
        if isinstance(one, SubmissionError):
            yield one
            continue
        graded = {}
        for place, answers in one.asked.items():
            submission = one.submissions[place]
            own = {
                grade.id: _lost(grade) if grade.id in submission.lost else _audit(grade, quiz, name)
                for grade in itertools.islice(grades, len(answers))
            }
            graded[place] = own
        yield _choose(quiz, name, one, graded)


@dataclass(frozen=True)
class _Attempts:
    """What one person handed in, the earliest first."""

    submissions: Sequence[Submission]
    asked: Mapping[int, list[Answer]]
    """The answers of those that may count, by their place among the submissions."""


def _read_attempts(
    course: Course, quiz: Quiz, vision: Vision, release: dict[str, Any], name: str, role: str
) -> _Attempts:
    """Raises `SubmissionError` where the newest cannot be graded fairly; an earlier one that cannot is passed over."""
    submissions = []
    newest = course.notebook("submitted", quiz.id, name).parent
    for folder in (*course.attempts(quiz.id, name), newest):
        try:
            submission = read_submission(folder, quiz, name)
            if submission.release and submission.release != release_of(release):
                raise SubmissionError(
                    name, "this answers another release of the check, so letters could be misread; ask for it again"
                )
        except SubmissionError:
            if folder == newest:
                raise
            continue
        submissions.append(submission)
    last = len(submissions) - 1
    may_count = {"latest": [last], "first": [0], "best": range(last + 1)}[quiz.counts]
    return _Attempts(
        submissions, {place: list(answers_of(submissions[place], role, quiz, vision)) for place in may_count}
    )


def _choose(
    quiz: Quiz, name: str, one: _Attempts, graded: Mapping[int, Mapping[str, Grade]]
) -> gradebook.GradedSubmission:
    """The attempt that counts: the one with most points, of equals the later. All of them go into the trail."""
    points = {question.id: question.points for question in quiz.questions}
    worth = {
        place: sum(grade.share * points[grade.id] for grade in grades.values()) for place, grades in graded.items()
    }
    best = max(worth, key=lambda place: (worth[place], place))
    return gradebook.GradedSubmission(
        person=name,
        submitted=one.submissions[best].submitted,
        answers=one.submissions[best].answers,
        grades=graded[best],
        attempts=[
            gradebook.Attempt(
                submitted=submission.submitted,
                answers_sha256=digest_answers(submission.answers),
                receipt=receipt_code(name, quiz.id, submission.submitted, submission.answers),
                grades=graded.get(place, {}),
            )
            for place, submission in enumerate(one.submissions)
        ],
    )


def _audit(grade: Grade, quiz: Quiz, person: str) -> Grade:
    """The same grade, or one in twenty of those that nobody would look at marked for a look: how else would a trainer
    know what the grader gets wrong without doubting it?
    """
    drawn = random.Random(f"{quiz.seed}/audit/{person}/{grade.id}").random() < quiz.audit
    if not drawn or grade.review or grade.level is None or not grade.judgements:
        return grade
    reason = f"{grade.reason} A person will look at this."
    return replace(grade, review=True, guards=(*grade.guards, AUDIT), reason=reason)


def _lost(grade: Grade) -> Grade:
    reason = "The box for this answer was missing from what was handed in. A person will look at this."
    return replace(grade, confidence=0.0, review=True, reason=reason)


@dataclass(frozen=True, kw_only=True)
class FeedbackReport:
    """Who gets a page back for a check."""

    people: tuple[str, ...]
    secrets: Mapping[str, str]
    """By person, what nbgrader finds the page by. Who has none of their own gets the page by hand."""
    open: int
    """Of these people, those with answers that a person has yet to look at."""
    held: int
    """People who get none yet, because a person has yet to look at an answer of theirs."""
    left: tuple[SubmissionError, ...]
    """Who can get none, and why."""


def stage_feedback(
    course: Course,
    quiz_id: str,
    stage: Course,
    *,
    finished: bool,
    progress: Progress = lambda done, of: None,
) -> FeedbackReport:
    """Write the page of everybody who was graded into ``feedback/`` of the course `stage`, as nbgrader returns it.

    With `finished`, only of those who have no answer left that a person should look at.
    """
    vision = course.load_vision()
    quiz = course.load_quiz(quiz_id, vision)
    read_release(course, quiz, vision)
    people = {person.person: person for person in course.load_roster(vision)}
    comments = gradebook.read_comments(course.database, quiz.id)
    known = gradebook.read_attempts(course.database, quiz.id)
    looks = {(look.person, look.question): look for look in gradebook.read_looks(course.database, quiz.id)}
    scores: dict[str, list[gradebook.Score]] = {}
    for score in gradebook.read_scores(course.database, quiz.id):
        scores.setdefault(score.person, []).append(score)
    if not scores:
        raise CourseError(
            f"nothing has been graded yet, so there is nothing to return; first: visionquiz grade {quiz.id}"
        )
    made: dict[str, str] = {}
    held, still, left = 0, 0, []
    for number, (name, own) in enumerate(scores.items()):
        progress(number, len(scores))
        review = any(score.review for score in own)
        if review and finished:
            held += 1
            continue
        person = people.get(name, Person(person=name, name=name, role="", team=""))
        folder = stage.notebook("feedback", quiz.id, name).parent
        try:
            graded = _read_graded(course, quiz, name, known.get(name, []))
        except SubmissionError as error:
            left.append(error.bare())
            continue
        outcomes = {score.question: _outcome(score, graded, comments, looks) for score in own}
        page = feedback_html(quiz, vision, person.name, person.role, graded.submitted, outcomes)
        folder.mkdir(parents=True)
        (folder / f"{quiz.id}.html").write_text(page, encoding="utf-8")
        made[name] = read_secret(course.notebook("submitted", quiz.id, name).parent, name)
        still += review
    progress(len(scores), len(scores))
    # Who holds the secret of a page can read it: one that two people hold is none.
    uses = collections.Counter(made.values())
    return FeedbackReport(
        people=tuple(made),
        secrets={name: secret for name, secret in made.items() if secret and uses[secret] == 1},
        open=still,
        held=held,
        left=tuple(left),
    )


def _read_graded(course: Course, quiz: Quiz, name: str, known: Sequence[str]) -> Submission:
    """The attempt that counts. Raises `SubmissionError` where something newer has not been graded yet."""
    newest = read_submission(course.notebook("submitted", quiz.id, name).parent, quiz, name)
    if digest_answers(newest.answers) not in known:
        raise SubmissionError(
            name, f"other answers were handed in since the grading; first: visionquiz grade {quiz.id}"
        )
    return read_submission(course.notebook("autograded", quiz.id, name).parent, quiz, name)


def _outcome(
    score: gradebook.Score,
    graded: Submission,
    comments: Mapping[tuple[str, str], tuple[str, str]],
    looks: Mapping[tuple[str, str], gradebook.SecondLook],
) -> Outcome:
    reason, comment = comments.get((score.person, score.question), ("", ""))
    look = looks.get((score.person, score.question))
    return Outcome(
        typed=graded.answers.get(score.question, ""),
        score=score.score,
        points=score.points,
        reason=reason,
        comment=comment,
        review=score.review,
        manual=score.manual,
        asked=look.reason if look else "",
        answered=look.answer if look else "",
    )


def read_results(course: Course, quiz_id: str) -> "pd.DataFrame":
    """The results of a check as a tidy frame: a row per person and question, missing is NaN (see `tidy_results`).

    Raises `CourseError` where points or questions have changed since the release: shares would be wrong.
    """
    from visionquiz.results import tidy_results

    vision = course.load_vision()
    quiz = course.load_quiz(quiz_id, vision)
    read_release(course, quiz, vision)
    return tidy_results(gradebook.read_scores(course.database, quiz.id), course.load_roster(vision), quiz)


def summary_tables(course: Course, quiz_id: str) -> list[tuple[str, str]]:
    """The results by team, by role and by question, each a title and a table to print."""
    from visionquiz.results import print_tables

    vision = course.load_vision()
    return print_tables(read_results(course, quiz_id), course.load_quiz(quiz_id, vision), vision)


def publish(course: Course, quiz_id: str | None, *, minimum: int, now: dt.datetime) -> list[Summary]:
    """Write ``summaries/<quiz>.json`` for one check, or for every check in the gradebook that somebody answered; and
    for each manager what they may see of it, in ``summaries/managers/``. For the trainer alone, how well each check
    measures goes to ``quality/<quiz>.json``.

    What was published before stays as it was until `minimum` people behind it changed. Raises `CourseError` where
    nobody can tell, because ``counted/<quiz>.json`` is missing or damaged.
    """
    from visionquiz.audiences import write_audiences
    from visionquiz.publishing import summarise
    from visionquiz.quality import write_quality
    from visionquiz.quality.gathering import measure_check, read_written
    from visionquiz.results import group_members

    if quiz_id:
        quiz_id = course.load_quiz(quiz_id, course.load_vision()).id
    wanted = [quiz_id] if quiz_id else [path.stem for path in course.quiz_files() if _is_graded(course, path.stem)]
    if not wanted or (quiz_id and not _is_graded(course, quiz_id)):
        example = quiz_id or "QUIZ"
        raise CourseError(
            f"nothing has been graded yet, so there is nothing to publish; first: visionquiz grade {example}"
        )
    vision = course.load_vision()
    people = course.load_roster(vision)
    found, qualities = [], []
    for name in wanted:
        quiz = course.load_quiz(name, vision)
        before = read_ledger(course.counted, quiz.id, course.summaries / f"{quiz.id}.json")
        frame = read_results(course, name)
        verdicts = gradebook.read_verdicts(course.database, quiz.id)
        chosen, words = read_written(course, quiz, vision, frame)
        found.append(
            summarise(frame, quiz, vision, people, before, minimum=minimum, now=now, verdicts=verdicts, chosen=chosen)
        )
        qualities.append(measure_check(course, quiz, vision, frame, now, chosen=chosen, words=words))
    for summary, counted in found:
        # In this order: what the ledger takes for published and nobody saw does no harm, the other way round it would.
        write_ledger(counted, course.counted, summary.quiz)
        write_summary(summary, course.summaries)
    write_audiences(course.summaries, group_members(people, vision), people)
    for quality in qualities:
        write_quality(quality, course.quality)
    return [summary for summary, _ in found]


def _is_graded(course: Course, quiz_id: str) -> bool:
    released = course.has_gradebook and course.notebook("release", quiz_id).is_file()
    return released and bool(gradebook.read_scores(course.database, quiz_id))


@dataclass(frozen=True, kw_only=True)
class ScoreReport:
    """What `score_file` did."""

    graded: int
    review: int
    problems: tuple[Problem, ...]
    """Warnings about the file of answers."""


def score_file(answers: Path, vision: Vision, out: Path, progress: Progress = lambda done, of: None) -> ScoreReport:
    """Grade a CSV of ``id,question,role,text`` into ``id,level,confidence,review,reason``, row by row, in order.

    Raises `InputError` with every line that cannot be graded, and writes nothing then.
    """
    if answers.is_fifo() or answers.is_char_device():
        with tempfile.NamedTemporaryFile(suffix=".csv") as kept, open(answers, "rb") as typed:
            shutil.copyfileobj(typed, kept)
            kept.flush()
            return score_file(Path(kept.name), vision, out, progress)
    problems: list[Problem] = []
    # Twice through the file, so that nothing is written unless every line can be graded, and memory stays as it is.
    count = sum(1 for _ in _asked(answers, vision, problems))
    if any(problem.severity == "error" for problem in problems):
        raise InputError(problems)
    if out.is_dir() or (out.exists() and not out.is_file()):
        raise CourseError(f"{out} is not a plain file, so nothing is written to it; name a file, e.g. graded.csv")
    if out.resolve() == answers.resolve():
        raise CourseError(f"{out} is the file of answers; name another file for the grades, e.g. graded.csv")
    draft = out.with_name(out.name + ".new")
    review = 0
    try:
        with open(draft, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("id", "level", "confidence", "review", "reason"))
            asked, done = _asked(answers, vision, []), 0
            while chunk := list(itertools.islice(asked, CHUNK)):
                for grade in grade_answers(chunk, vision):
                    told = str(grade.review).lower()
                    writer.writerow((grade.id, grade.level, f"{grade.confidence:.3f}", told, grade.reason))
                    review += grade.review
                done += len(chunk)
                progress(done, count)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return ScoreReport(graded=count, review=review, problems=tuple(problems))


def _asked(path: Path, vision: Vision, problems: list[Problem]) -> Iterator[Answer]:
    """The answers in a CSV file, one by one; lines that cannot be graded are added to `problems`."""
    roles = {name.lower(): role.id for role in vision.roles for name in (role.title, role.id)}
    strange: set[str] = set()
    rows = scan_rows(
        path, problems, columns=("id", "question", "text"), optional=("role",), limit=SCORE_LIMIT, strip=False
    )
    for line, row in rows:
        kind = row["question"].strip().lower()
        if kind not in ("state", "explain", "contribute"):
            message = f"question is {kind!r}; expected state, explain or contribute"
            problems.append(Problem(file=path.name, place=f"line {line}", message=message))
            continue
        role = row.get("role", "").strip()
        if role and role.lower() not in roles and role not in strange:
            strange.add(role)
            message = f"there is no role {role!r} in the vision; graded without one, here and further down"
            problems.append(Problem(file=path.name, place=f"line {line}", message=message, severity="warning"))
        yield Answer(id=row["id"], kind=kind, text=row["text"], role=roles.get(role.lower(), ""))  # type: ignore[arg-type]
