"""What comes of a check: for the trainer, for each employee, for managers."""

import argparse
import sys
from pathlib import Path

from visionquiz.cli._arguments import Commands, add_quiz, group_size
from visionquiz.cli._printing import DONE, SOME_REFUSED, count, print_tables, show_progress

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    """Add these commands to the command line."""
    add_quiz(commands.add("summary", run_summary, "print the results by team, role and question (for the trainer)"))

    export = commands.add("export", run_export, "write everybody's results into one file, row by row (for the trainer)")
    add_quiz(export)
    export.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="FILE.csv has one row per person and question; FILE.xlsx has another sheet with one row per person "
        "(default: QUIZ.csv, here)",
    )
    export.add_argument(
        "--answers",
        action="store_true",
        help="add what people wrote; left out otherwise, because a file of results is passed on more easily than it "
        "should be, and answers are the most personal part of it",
    )
    export.add_argument("--replace", action="store_true", help="replace FILE if it is there already")

    feedback = commands.add(
        "feedback", run_feedback, "return to each employee a page with levels, reasons and your comments"
    )
    add_quiz(feedback)
    feedback.add_argument(
        "--finished", action="store_true", help="only to those who have no answer left for a person to look at"
    )

    publish = commands.add("publish", run_publish, "write what managers may see, with small groups hidden")
    publish.add_argument(
        "quiz", metavar="QUIZ", nargs="?", help="the check's name (default: every check that was graded)"
    )
    publish.add_argument(
        "--minimum",
        metavar="N",
        type=group_size,
        default=5,
        help="hide groups in which fewer people answered (default: 5)",
    )


def run_summary(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.jobs import summary_tables

    tables = summary_tables(open_course(options.course), options.quiz)
    print_tables(tables)
    print("Small groups are not hidden here; 'visionquiz publish' hides them for managers.")
    return DONE


def run_export(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.export import export_results

    course = open_course(options.course)
    quiz = course.load_quiz(options.quiz, course.load_vision())
    out = options.out or Path(f"{quiz.id}.csv")
    with show_progress("Writing", "people") as progress:
        told = export_results(course, quiz.id, out, answers=options.answers, replace=options.replace, progress=progress)
    print(f"Wrote {count(told.people, 'person', 'people')} into {out}; {told.handed_in:,} of them handed it in.")
    print("It is personal, and only you can read it. 'visionquiz person erase' does not reach it; delete it when done.")
    for error in told.unread:
        print(f"Answers left out: {error}", file=sys.stderr)
    return SOME_REFUSED if told.unread else DONE


def run_feedback(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.nbgrader_plugin import return_feedback

    course = open_course(options.course)
    with course.lock(), show_progress("Writing", "pages") as progress:
        quiz = course.load_quiz(options.quiz, course.load_vision())
        report = return_feedback(course, quiz.id, finished=options.finished, progress=progress)
    print(f"Wrote {count(len(report.people), 'page')} into {course.root / 'feedback'}.")
    print(f"{len(report.secrets)} of them were returned; employees fetch theirs in JupyterLab's list of assignments.")
    by_hand = [person for person in report.people if person not in report.secrets]
    if by_hand:
        print(f"Handed in without nbgrader, so pass the page on yourself: {', '.join(by_hand)}", file=sys.stderr)
    if report.open:
        print(
            f"{count(report.open, 'page')} with answers left for you to look at; run this again once you have "
            "looked at them."
        )
    if report.held:
        print(f"{count(report.held, 'person', 'people')} not yet: answers of theirs are left for you to look at.")
    for error in report.left:
        print(f"Not returned: {error}", file=sys.stderr)
    return SOME_REFUSED if report.left else DONE


def run_publish(options: argparse.Namespace) -> int:
    import datetime as dt

    from visionquiz.course import open_course
    from visionquiz.jobs import publish

    course = open_course(options.course)
    with course.lock():
        summaries = publish(course, options.quiz, minimum=options.minimum, now=dt.datetime.now(dt.UTC))
    for summary in summaries:
        hidden = sum(group.hidden for group in summary.groups)
        print(
            f"Published '{summary.quiz}' in {course.summaries}: {count(len(summary.groups) - hidden, 'group')} shown, "
            f"{hidden} hidden so that nobody's answers can be worked out."
        )
        held = sum(len(group.as_of) for group in summary.groups)
        if held:
            figures = sum(len(group.means or ()) + len(group.parts) + 2 for group in summary.groups if not group.hidden)
            print(
                f"  {held} of {figures} figures were not updated: fewer than {options.minimum} of the people behind "
                "them have changed, or a comparison with an earlier publication would give so few people away."
            )
    return DONE
