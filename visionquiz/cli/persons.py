"""What is kept about one person or from one check: shown, passed on, erased."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from visionquiz.cli._arguments import Commands, add_quiz
from visionquiz.cli._printing import DONE, SOME_REFUSED, WRONG, count, printable

if TYPE_CHECKING:
    from visionquiz.rights import Erasure

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    """Add these commands to the command line."""
    trail = commands.add("trail", run_trail, "print everything that happened to one person's answers, and who did it")
    trail.add_argument("person", metavar="PERSON", help="the person's id, as in roster.csv")
    add_quiz(trail)

    person = commands.add("person", run_person, "export or erase everything that is stored about one person")
    person.add_argument("action", choices=("export", "erase"), help="export writes one file, erase removes it all")
    person.add_argument("person", metavar="PERSON", help="the person's id, as in roster.csv")
    person.add_argument("--out", metavar="FILE", type=Path, help="for export (default: PERSON.json, here)")
    person.add_argument("--yes", action="store_true", help="for erase: do not ask")

    expire = commands.add("expire", run_expire, "erase everybody's answers to a check that need not be kept any longer")
    add_quiz(expire)
    expire.add_argument("--yes", action="store_true", help="do not ask")


def run_trail(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.gradebook import read_scores, read_trail
    from visionquiz.trail import print_trail

    course = open_course(options.course)
    quiz = course.load_quiz(options.quiz, course.load_vision())
    events = read_trail(course.database, options.person, quiz.id).get(quiz.id, [])
    scores = [score for score in read_scores(course.database, quiz.id) if score.person == options.person]
    for line in print_trail(events, scores):
        print(printable(line))
    if not events and not scores:
        print(f"Nothing of {options.person} has been graded in '{quiz.id}'.")
    return DONE


def run_person(options: argparse.Namespace) -> int:
    import datetime as dt
    import json

    from visionquiz.course import open_course, write_private
    from visionquiz.rights import erase_person, export_person
    from visionquiz.submission import storable

    course = open_course(options.course)
    if options.action == "export":
        out = options.out or Path(f"{options.person}.json")
        told = export_person(course, options.person, dt.datetime.now(dt.UTC))
        write_private(out, storable(json.dumps(told, ensure_ascii=False, indent=2)) + "\n")
        print(
            f"Wrote everything that is stored about {options.person} into {out}. It is personal: only you can read it."
        )
        return DONE
    if not _agreed(f"every answer, grade and comment of {options.person}", options.person, options.yes):
        return WRONG
    with course.lock():
        gone = erase_person(course, options.person)
    return _print_erasure(gone, "roster.csv is yours to change: take the line out if the person has left.")


def run_expire(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.rights import erase_check

    course = open_course(options.course)
    quiz = course.load_quiz(options.quiz, course.load_vision())
    if not _agreed(f"everybody's answers to '{quiz.id}', with grades and comments", quiz.id, options.yes):
        return WRONG
    with course.lock():
        gone = erase_check(course, quiz.id)
    return _print_erasure(gone, "The check itself stays, and what was published.")


def _agreed(what: str, name: str, yes: bool) -> bool:
    """Whether to erase: asked on a keyboard, taken from --yes without one."""
    if yes:
        return True
    print(f"This erases {what}; it cannot be taken back.")
    if not sys.stdin.isatty():
        print("Nothing was erased. Without a keyboard: add --yes.", file=sys.stderr)
        return False
    if input(f"Type {name} to go on: ").strip() == name:
        return True
    print(f"That was not {name}, so nothing was erased.", file=sys.stderr)
    return False


def _print_erasure(gone: "Erasure", then: str) -> int:
    print(f"Erased {count(gone.answers, 'graded answer')} and {count(gone.files, 'file')} of {', '.join(gone.checks)}.")
    print(f"{then} Summaries hold no people.")
    for path in gone.left:
        print(f"Could not be removed: {path}; ask its owner", file=sys.stderr)
    return SOME_REFUSED if gone.left else DONE
