"""The check's way: out to employees, back, and graded, with what a trainer teaches the grader."""

import argparse
import sys
import textwrap
from pathlib import Path

from visionquiz.cli._arguments import Commands, add_quiz, port_number, whole_number
from visionquiz.cli._printing import DONE, SOME_REFUSED, count, print_problems, printable, show_progress, until_ctrl_c

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    """Add these commands to the command line."""
    add_quiz(commands.add("release", run_release, "build a check with nbgrader and release it to employees"))
    add_quiz(commands.add("collect", run_collect, "fetch what employees have handed in"))
    add_quiz(commands.add("grade", run_grade, "grade what was collected, with a reason for every grade"))

    review = commands.add("review", run_review, "look at the answers that are left for you, and answer second looks")
    add_quiz(review)
    review.add_argument(
        "--port", metavar="PORT", type=port_number, default=0, help="for JupyterLab (default: a free one)"
    )

    following = commands.add("next", run_next, "print the answers that teach the grader most if you grade them by hand")
    add_quiz(following)
    following.add_argument(
        "--count", metavar="N", type=whole_number, default=10, help="at most so many of each question (default: 10)"
    )

    calibrate = commands.add(
        "calibrate", run_calibrate, "learn from the scores that you gave by hand, in the review or in formgrader"
    )
    add_quiz(calibrate)
    calibrate.add_argument("--undo", action="store_true", help="take back what was learnt last")

    add_quiz(commands.add("agreement", run_agreement, "print how far your own grades and the grader's agree"))

    score = commands.add("score", run_score, "grade a CSV file of answers without any course", course=False)
    score.add_argument(
        "answers",
        metavar="ANSWERS.csv",
        type=Path,
        help="columns id,question,role,text; question is state, explain or contribute",
    )
    score.add_argument("--vision", metavar="VISION.toml", type=Path, required=True, help="the vision to grade by")
    score.add_argument(
        "--out",
        metavar="GRADED.csv",
        type=Path,
        required=True,
        help="written as id,level,confidence,review,reason, one row per answer, in order",
    )


def run_release(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.nbgrader_plugin import release_quiz

    course = open_course(options.course)
    with course.lock():
        vision = course.load_vision()
        people = course.load_roster(vision)
        quiz = course.load_quiz(options.quiz, vision)
        path = release_quiz(course, quiz, vision, people)
    print(f"Released '{quiz.id}' to {len(people)} people: {path}")
    print("It is listed by nbgrader and holds neither the statement nor a meaning point nor a score.")
    return DONE


def run_collect(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.nbgrader_plugin import collect_quiz

    course = open_course(options.course)
    with course.lock():
        vision = course.load_vision()
        people = course.load_roster(vision)
        quiz = course.load_quiz(options.quiz, vision)
        report = collect_quiz(course, quiz.id)
    have = set(course.submissions(quiz.id))
    print(
        f"Collected '{quiz.id}': {len(report.new)} new, {len(report.updated)} newer, {len(report.unchanged)} unchanged."
    )
    print(f"{len(have & {person.person for person in people})} of {len(people)} people have handed it in.")
    if report.looks:
        print(f"{count(report.looks, 'second look')} asked for: answer in the review or in formgrader.")
    screened = report.screened
    if screened.foreign:
        owned = ", ".join(f"{person} (by {owner})" for person, owner in screened.foreign)
        print(
            f"Handed in from somebody else's account: {owned}. Ask them. If account names differ from the ids "
            "in roster.csv, put into nbgrader_config.py: c.ExchangeCollect.check_owner = False",
            file=sys.stderr,
        )
    for person, said, seen in screened.backdated:
        print(
            f"What {person} handed in is dated {said:%Y-%m-%d %H:%M}, but its files were changed at "
            f"{seen:%Y-%m-%d %H:%M} (UTC). Unless somebody moved or copied the exchange, ask them.",
            file=sys.stderr,
        )
    for error in screened.refused:
        print(f"Refused: {error}", file=sys.stderr)
    return SOME_REFUSED if screened.refused else DONE


def run_grade(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.jobs import grade_quiz

    course = open_course(options.course)
    with course.lock(), show_progress("Grading", "submissions") as progress:
        report = grade_quiz(course, options.quiz, progress)
        if course.has_penalties:
            from visionquiz.nbgrader_plugin import assign_penalties

            assign_penalties(course, course.load_quiz(options.quiz, course.load_vision()).id)
    print(f"Graded {count(report.graded, 'submission')}; {count(report.review, 'answer')} for a person to look at.")
    if report.review:
        print(
            f"  {report.doubtful} because the level is in doubt, {report.guarded} because something in the answer asks "
            f"for it, {report.audited} drawn at random."
        )
    if report.missing:
        print(f"{count(report.missing, 'person', 'people')} in the roster handed in nothing.")
    if report.unknown:
        print(f"Not in roster.csv, graded without a role: {', '.join(report.unknown)}", file=sys.stderr)
    for error in report.refused:
        print(f"Refused: {error}", file=sys.stderr)
    return SOME_REFUSED if report.refused else DONE


def run_review(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.reviewing import count_open, write_notebook
    from visionquiz.serve import start_lab

    course = open_course(options.course)
    quiz = course.load_quiz(options.quiz, course.load_vision())
    left = count_open(course, quiz.id)
    if not left:
        print("Nothing is left to look at.")
        print(f"Now employees can have their pages: visionquiz feedback {quiz.id}. For managers: visionquiz publish.")
        return DONE
    with course.lock():
        path = write_notebook(course, quiz.id)
    print(f"{count(left, 'answer')} left to look at.")
    with (
        until_ctrl_c("Ended; what you decided is in the gradebook."),
        start_lab(course, options.port, path.name) as lab,
    ):
        print(f"\n  Review  {lab.url}\n\nPress Run there. On this machine only. Ctrl-C ends it.", flush=True)
        lab.wait()
    return DONE


def run_next(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.learning import LEAST, choose_next

    with show_progress("Reading", "answers") as progress:
        chosen = choose_next(open_course(options.course), options.quiz, options.count, progress)
    for one in chosen:
        said = textwrap.fill(printable(one.text), width=100, max_lines=8, placeholder=" ...")
        reason = "\n".join(map(printable, one.reason.splitlines()))
        print(f"{one.person}, {one.question}\n{textwrap.indent(said, '  > ')}\n{textwrap.indent(reason, '  ')}\n")
    if chosen:
        print(
            f"Grade these in formgrader; not all of them are in the review. From {LEAST} grades of a question on, "
            f"visionquiz calibrate {options.quiz} "
            "learns from them."
        )
    else:
        print("There is no written answer left that you have not graded by hand.")
    return DONE


def run_calibrate(options: argparse.Namespace) -> int:
    import datetime as dt

    from visionquiz.course import open_course
    from visionquiz.learning import LEAST, calibrate, undo

    course = open_course(options.course)
    with course.lock():
        if options.undo:
            use = undo(course, options.quiz)
            print(f"Back to {f'version {use}' if use else 'the grader as it was delivered'}. Grade again to use them.")
            return DONE
        lessons = calibrate(course, options.quiz, dt.datetime.now(dt.UTC))
    for lesson in lessons:
        if lesson.grades < LEAST:
            print(f"{lesson.question}: {count(lesson.grades, 'grade')} by hand; it takes {LEAST} to learn from.")
            continue
        low, high = lesson.interval
        verdict = "used from now on" if lesson.shifts else "it does not help, so nothing changes"
        print(
            f"{lesson.question}: {lesson.grades} grades by hand. Agreement with you (weighted kappa: 0 is chance, "
            "1 is perfect) "
            f"{lesson.before:.2f} now, {lesson.after:.2f} ({low:.2f} to {high:.2f}) after learning, tried on "
            "grades that it had "
            f"not learnt from: {verdict}."
        )
    if any(lesson.shifts for lesson in lessons):
        print(f"Now grade again: visionquiz grade {options.quiz}. To take it back: add --undo.")
    return DONE


def run_agreement(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.learning import agreement

    print("question       grader says  by hand  the same    95 % interval  mean level")
    for row in agreement(open_course(options.course), options.quiz):
        low, high = row.interval
        print(
            f"{row.question:<14} {row.level:<12} {row.grades:>7}  {row.same / row.grades:>8.0%}  "
            f"{f'{low:.0%} to {high:.0%}':>15}  {row.mean:>10.1f}"
        )
    return DONE


def run_score(options: argparse.Namespace) -> int:
    from visionquiz.jobs import score_file
    from visionquiz.vision import load_vision

    vision = load_vision(options.vision)
    with show_progress("Grading", "answers") as progress:
        report = score_file(options.answers, vision, options.out, progress)
    print_problems(report.problems)
    print(
        f"Graded {count(report.graded, 'answer')} into {options.out}; {report.review} of them for a person to look at."
    )
    return DONE
