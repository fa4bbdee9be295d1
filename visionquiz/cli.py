"""One command per job. Each handler parses, calls the library, prints; what is heavy is imported where it is used."""

import argparse
import contextlib
import errno
import io
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from visionquiz.errors import InputError, Problem, VisionQuizError

if TYPE_CHECKING:
    from visionquiz.rights import Erasure

__all__ = ["build_parser", "main"]

LISTED = 20
"""Managers whose links are printed; of more, the rest is for a file."""

DONE, WRONG, SOME_REFUSED, STOPPED = 0, 2, 3, 130
"""Exit codes. STOPPED is 128 + 2, what shells expect after Ctrl-C."""

MOST_PRINTED = 100
"""Mistakes of one kind; who has more has made the same one again and again."""

STEPS = ("released", "submitted", "graded", "published")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code; no traceback reaches a user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not have every letter that people typed
    parser = build_parser()
    options = parser.parse_args(argv)
    try:
        code: int = options.run(options)
        return code
    except InputError as error:
        _print_problems(error.problems)
        return WRONG
    except VisionQuizError as error:
        said = "\n".join(map(_printable, str(error).split("\n")))
        print(f"visionquiz: {said}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print("\nvisionquiz: stopped. Nothing is half done; the same command goes on from here.", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # `visionquiz summary | head`: nobody reads the rest. Python would complain once more when it closes stdout.
        sys.stdout = open("/dev/null", "w", encoding="utf-8")  # noqa: SIM115
        return DONE
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        # EFBIG: what the account may write to one file is used up.
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        then = "; is the disk full? Make room, then try again" if full else ""
        print(f"visionquiz: {where}{error.strerror or error}{then}", file=sys.stderr)
        return WRONG


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, with its help."""
    from visionquiz import __version__

    parser = argparse.ArgumentParser(
        prog="visionquiz",
        description="Check whether everyone can state, explain and live your customer service vision.",
        epilog="Usual order: new, check, release, collect, grade, review, summary, feedback, publish, serve. "
        "'visionquiz COMMAND --help' explains one.",
    )
    parser.add_argument("--version", action="version", version=f"visionquiz {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace], int], text: str, *, course: bool = True
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        command.set_defaults(run=run)
        if course:
            command.add_argument(
                "--course", metavar="DIR", type=Path, default=Path(), help="the course folder (default: here)"
            )
        return command

    def add_quiz(command: argparse.ArgumentParser) -> None:
        command.add_argument("quiz", metavar="QUIZ", help="the check's name: its file in quizzes/ without .toml")

    new = add("new", run_new, "write a commented starting point for your own course", course=False)
    new.add_argument("dir", metavar="DIR", type=Path, help="the folder to make; it must not exist or be empty")

    add("check", run_check, "report every mistake and weakness in vision.toml, roster.csv and quizzes/")
    add_quiz(add("release", run_release, "build a check with nbgrader and release it to employees"))
    add_quiz(add("collect", run_collect, "fetch what employees have handed in"))
    add_quiz(add("grade", run_grade, "grade what was collected, with a reason for every grade"))
    add_quiz(add("summary", run_summary, "print the results by team, role and question (for the trainer)"))

    export = add("export", run_export, "write everybody's results into one file, row by row (for the trainer)")
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

    feedback = add("feedback", run_feedback, "return to each employee a page with levels, reasons and your comments")
    add_quiz(feedback)
    feedback.add_argument(
        "--finished", action="store_true", help="only to those who have no answer left for a person to look at"
    )

    review = add("review", run_review, "look at the answers that are left for you, and answer second looks")
    add_quiz(review)
    review.add_argument("--port", metavar="PORT", type=_port, default=0, help="for JupyterLab (default: a free one)")

    trail = add("trail", run_trail, "print everything that happened to one person's answers, and who did it")
    trail.add_argument("person", metavar="PERSON", help="the person's id, as in roster.csv")
    add_quiz(trail)

    following = add("next", run_next, "print the answers that teach the grader most if you grade them by hand")
    add_quiz(following)
    following.add_argument(
        "--count", metavar="N", type=_people, default=10, help="at most so many of each question (default: 10)"
    )

    calibrate = add("calibrate", run_calibrate, "learn from the scores that you gave by hand in formgrader")
    add_quiz(calibrate)
    calibrate.add_argument("--undo", action="store_true", help="take back what was learnt last")
    add_quiz(add("agreement", run_agreement, "print how far your own grades and the grader's agree"))

    publish = add("publish", run_publish, "write what managers may see, with small groups hidden")
    publish.add_argument(
        "quiz", metavar="QUIZ", nargs="?", help="the check's name (default: every check that was graded)"
    )
    publish.add_argument(
        "--minimum",
        metavar="N",
        type=_minimum,
        default=5,
        help="hide groups in which fewer people answered (default: 5)",
    )

    person = add("person", run_person, "export or erase everything that is stored about one person")
    person.add_argument("action", choices=("export", "erase"), help="export writes one file, erase removes it all")
    person.add_argument("person", metavar="PERSON", help="the person's id, as in roster.csv")
    person.add_argument("--out", metavar="FILE", type=Path, help="for export (default: PERSON.json, here)")
    person.add_argument("--yes", action="store_true", help="for erase: do not ask")

    expire = add("expire", run_expire, "erase everybody's answers to a check that need not be kept any longer")
    add_quiz(expire)
    expire.add_argument("--yes", action="store_true", help="do not ask")

    adopt = add("adopt", run_adopt, "write the draft that a team chose, and what it means, into vision.toml")
    adopt.add_argument(
        "draft", metavar="DRAFT", help="the draft's id, such as draft-003 or 3, or 'chosen' for the winner of the vote"
    )
    adopt.add_argument(
        "--workshop",
        metavar="FILE|URL",
        help="where the workshop is kept (default: workshop.db in the course folder)",
    )
    adopt.add_argument(
        "--drop-scenarios",
        action="store_true",
        help="leave out situations that tested only meaning points which are gone (default: they stay, and test none)",
    )
    adopt.add_argument("--yes", action="store_true", help="do not ask")

    serve = add("serve", run_serve, "start JupyterLab with formgrader and the manager's page on this machine")
    serve.add_argument("--lab-port", metavar="PORT", type=int, default=0, help="for JupyterLab (default: a free one)")
    serve.add_argument("--apps-port", metavar="PORT", type=int, default=0, help="for the page (default: a free one)")

    take = add("take", run_take, "open a check for one employee on this machine")
    add_quiz(take)
    take.add_argument(
        "--as", dest="person", metavar="PERSON", required=True, help="the employee's id, as in roster.csv"
    )
    take.add_argument("--port", metavar="PORT", type=_port, default=0, help="(default: a free one)")

    hand = add("hand-in", run_hand_in, "hand in what was answered here; what the form's button does", course=False)
    add_quiz(hand)
    hand.add_argument("--json", action="store_true", help="print the receipt for programs")

    apps = add("apps", run_apps, "start the manager's page, with a personal link for every manager")
    apps.add_argument("--apps-port", metavar="PORT", type=int, default=0, help="for the page (default: a free one)")
    apps.add_argument("--links", metavar="FILE", type=Path, help="write the links into a CSV file")

    lessons = add("lessons", run_lessons, "open the ten lessons in your browser", course=False)
    lessons.add_argument(
        "--lab", action="store_true", help="in JupyterLab, as copies in this folder that you can change"
    )
    lessons.add_argument("--port", metavar="PORT", type=_port, default=0, help="(default: a free one)")
    _add_vision(lessons)

    session = add(
        "session", run_session, "teach the lessons to a room: learners join from their own browsers", course=False
    )
    session.add_argument("action", choices=("start",), help="start runs until Ctrl-C")
    session.add_argument(
        "--people", metavar="ROSTER.csv", type=Path, help="learners choose their name from it (default: they type one)"
    )
    session.add_argument("--rehearse", action="store_true", help="fill the room with invented people, to try it alone")
    session.add_argument(
        "--address",
        metavar="IP",
        default="127.0.0.1",
        help="this machine's address in the room's network (default: 127.0.0.1, this machine alone)",
    )
    session.add_argument("--port", metavar="PORT", type=_port, default=0, help="for learners (default: a free one)")
    session.add_argument(
        "--keep",
        metavar="STORE",
        help="keep what the room gives in this file, or on a PostgreSQL server: postgresql://user@host/name, or a file "
        "ending in .url that holds the address (default: nothing is kept)",
    )
    session.add_argument("--seed", metavar="S", type=int, default=1, help="for --rehearse (default: 1)")
    _add_vision(session)

    workshop = add(
        "workshop", run_workshop, "write a whole workshop into one readable file, or read it back", course=False
    )
    workshop.add_argument("action", choices=("export", "import"), help="export writes FILE, import reads it")
    workshop.add_argument("file", metavar="FILE", type=Path, help="the file, such as workshop.json")
    workshop.add_argument(
        "--workshop",
        metavar="STORE",
        default="workshop.db",
        help="where the workshop is kept: a file, a PostgreSQL server as postgresql://user@host/name, or a file ending "
        "in .url that holds the address (default: workshop.db, here)",
    )
    workshop.add_argument(
        "--names", action="store_true", help="for export: with people's names, teams and ids (default: person 1, ...)"
    )
    workshop.add_argument(
        "--replace", action="store_true", help="replace FILE on export, and the workshop in STORE on import"
    )

    score = add("score", run_score, "grade a CSV file of answers without any course", course=False)
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

    statement = add("statement", run_statement, "print the evidence for and against a draft of a vision", course=False)
    statement.add_argument(
        "text", metavar="TEXT", nargs="?", help="the draft, in quotes (default: the statement in the --vision file)"
    )
    statement.add_argument(
        "--vision", metavar="VISION.toml", type=Path, help="name the values and meaning points that the draft touches"
    )
    statement.add_argument("--how-good", action="store_true", help="print how good each measure is")

    poster = add("poster", run_poster, "write the vision as one page for everybody, to print or to put on a screen")
    poster.add_argument("--role", metavar="ROLE", default="", help="with this role's part only (default: all roles)")
    poster.add_argument(
        "--out", metavar="FILE.html", type=Path, default=Path("poster.html"), help="(default: poster.html, here)"
    )
    poster.add_argument("--replace", action="store_true", help="replace a file that is there")

    demo = add("demo", run_demo, "make a complete course of an invented organisation in DIR", course=False)
    demo.add_argument("dir", metavar="DIR", type=Path, help="the folder to make; it must not exist or be empty")
    demo.add_argument(
        "--people", metavar="N", type=_people, default=60, help="invented employees, 1 to 100000 (default: 60)"
    )
    demo.add_argument(
        "--seed", metavar="S", type=int, default=1, help="people and answers depend on it only (default: 1)"
    )
    demo.add_argument("--until", choices=STEPS, default="published", help="stop after this step (default: published)")
    demo.add_argument(
        "--organisation",
        choices=("hollowmere", "pellworth", "dunmarrow"),
        default="hollowmere",
        help="which invented organisation (default: hollowmere)",
    )
    demo.add_argument("--replace", action="store_true", help="replace an earlier demo in DIR")
    return parser


def _add_vision(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--vision",
        metavar="VISION.toml",
        type=Path,
        help="the vision that the lessons speak of (default: vision.toml here or above, else an invented company's)",
    )


def _minimum(text: str) -> int:
    if not text.isdecimal() or not 3 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from 3 to 100")
    return int(text)


def _people(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from 1 to 100000")
    return int(text)


def _port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from 1 to 65535")
    return int(text)


def run_new(options: argparse.Namespace) -> int:
    from visionquiz.course import new_course

    course = new_course(options.dir)
    print(f"Made {course.root}. Now:\n")
    print("  1. write your vision into vision.toml, your people into roster.csv")
    print("  2. adapt quizzes/first-check.toml")
    print(f"  3. run: visionquiz check --course {options.dir}")
    return DONE


def run_check(options: argparse.Namespace) -> int:
    import datetime as dt

    from visionquiz.course import open_course
    from visionquiz.jobs import check_course

    problems = check_course(open_course(options.course), dt.datetime.now(dt.UTC))
    _print_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        return WRONG
    print("No mistakes found." if problems else "Everything is in order.")
    return DONE


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
        print(f"{_count(report.looks, 'second look')} asked for: answer in the review or in formgrader.")
    screened = report.screened
    if screened.foreign:
        owned = ", ".join(f"{person} (by {owner})" for person, owner in screened.foreign)
        print(
            f"Handed in from somebody else's account: {owned}. Ask them. If accounts are named otherwise than people "
            "are in roster.csv, put into nbgrader_config.py: c.ExchangeCollect.check_owner = False",
            file=sys.stderr,
        )
    for person, said, seen in screened.backdated:
        print(
            f"{person} says to have handed it in at {said:%Y-%m-%d %H:%M}, but the files were changed at "
            f"{seen:%Y-%m-%d %H:%M} (UTC). If nobody moved the exchange, ask.",
            file=sys.stderr,
        )
    for error in screened.refused:
        print(f"Refused: {error}", file=sys.stderr)
    return SOME_REFUSED if screened.refused else DONE


def run_grade(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.jobs import grade_quiz

    course = open_course(options.course)
    with course.lock(), _progress("Grading", "submissions") as progress:
        report = grade_quiz(course, options.quiz, progress)
        if course.has_penalties:
            from visionquiz.nbgrader_plugin import assign_penalties

            assign_penalties(course, course.load_quiz(options.quiz, course.load_vision()).id)
    print(f"Graded {_count(report.graded, 'submission')}; {_count(report.review, 'answer')} for a person to look at.")
    if report.review:
        print(
            f"  {report.doubtful} because the level is in doubt, {report.guarded} because something in the answer asks "
            f"for it, {report.audited} drawn at random."
        )
    if report.missing:
        print(f"{_count(report.missing, 'person', 'people')} in the roster handed in nothing.")
    if report.unknown:
        print(f"Not in roster.csv, graded without a role: {', '.join(report.unknown)}", file=sys.stderr)
    for error in report.refused:
        print(f"Refused: {error}", file=sys.stderr)
    return SOME_REFUSED if report.refused else DONE


def run_summary(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.jobs import summary_tables

    tables = summary_tables(open_course(options.course), options.quiz)
    _print_tables(tables)
    print("Small groups are not hidden here; 'visionquiz publish' hides them for managers.")
    return DONE


def run_export(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.export import export_results

    course = open_course(options.course)
    quiz = course.load_quiz(options.quiz, course.load_vision())
    out = options.out or Path(f"{quiz.id}.csv")
    with _progress("Writing", "people") as progress:
        told = export_results(course, quiz.id, out, answers=options.answers, replace=options.replace, progress=progress)
    print(f"Wrote {_count(told.people, 'person', 'people')} into {out}; {told.handed_in:,} of them handed it in.")
    print("It is personal, and only you can read it. 'visionquiz person erase' does not reach it; delete it when done.")
    for error in told.unread:
        print(f"Answers left out: {error}", file=sys.stderr)
    return SOME_REFUSED if told.unread else DONE


def run_feedback(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.nbgrader_plugin import return_feedback

    course = open_course(options.course)
    with course.lock(), _progress("Writing", "pages") as progress:
        quiz = course.load_quiz(options.quiz, course.load_vision())
        report = return_feedback(course, quiz.id, finished=options.finished, progress=progress)
    print(f"Wrote {_count(len(report.people), 'page')} into {course.root / 'feedback'}.")
    print(f"{len(report.secrets)} of them were returned; employees fetch theirs in JupyterLab's list of assignments.")
    by_hand = [person for person in report.people if person not in report.secrets]
    if by_hand:
        print(f"Handed in without nbgrader, so pass the page on yourself: {', '.join(by_hand)}", file=sys.stderr)
    if report.open:
        print(f"{_count(report.open, 'page')} with answers left for you to look at; run this again then.")
    if report.held:
        print(f"{_count(report.held, 'person', 'people')} not yet: answers of theirs are left for you to look at.")
    for error in report.left:
        print(f"Not returned: {error}", file=sys.stderr)
    return SOME_REFUSED if report.left else DONE


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
    print(f"{_count(left, 'answer')} left to look at. Starting; this takes some seconds.", flush=True)
    try:
        with start_lab(course, options.port, path.name) as lab:
            print(f"\n  Review  {lab.url}\n\nPress Run there. On this machine only. Ctrl-C ends it.", flush=True)
            lab.wait()
    except KeyboardInterrupt:
        print("\nEnded; what you decided is in the gradebook.")
    return DONE


def run_trail(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.gradebook import read_scores, read_trail
    from visionquiz.trail import print_trail

    course = open_course(options.course)
    quiz = course.load_quiz(options.quiz, course.load_vision())
    events = read_trail(course.database, options.person, quiz.id).get(quiz.id, [])
    scores = [score for score in read_scores(course.database, quiz.id) if score.person == options.person]
    for line in print_trail(events, scores):
        print(_printable(line))
    if not events and not scores:
        print(f"Nothing of {options.person} has been graded in '{quiz.id}'.")
    return DONE


def run_next(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.learning import LEAST, choose_next

    with _progress("Reading", "answers") as progress:
        chosen = choose_next(open_course(options.course), options.quiz, options.count, progress)
    for one in chosen:
        said = textwrap.fill(_printable(one.text), width=100, max_lines=8, placeholder=" ...")
        reason = "\n".join(map(_printable, one.reason.splitlines()))
        print(f"{one.person}, {one.question}\n{textwrap.indent(said, '  > ')}\n{textwrap.indent(reason, '  ')}\n")
    if chosen:
        print(
            f"Grade these in formgrader. From {LEAST} grades of a question on, visionquiz calibrate {options.quiz} "
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
            print(f"Back to {f'version {use}' if use else 'the general cut points'}. Grade again to use them.")
            return DONE
        lessons = calibrate(course, options.quiz, dt.datetime.now(dt.UTC))
    for lesson in lessons:
        if lesson.grades < LEAST:
            print(f"{lesson.question}: {_count(lesson.grades, 'grade')} by hand; it takes {LEAST} to learn from.")
            continue
        low, high = lesson.interval
        verdict = "used from now on" if lesson.shifts else "it does not help, so nothing changes"
        print(
            f"{lesson.question}: {lesson.grades} grades by hand. Agreement (weighted kappa) {lesson.before:.2f} as it "
            f"is, {lesson.after:.2f} ({low:.2f} to {high:.2f}) after learning, on grades set aside: {verdict}."
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
            f"Published '{summary.quiz}' in {course.summaries}: {_count(len(summary.groups) - hidden, 'group')} shown, "
            f"{hidden} hidden so that nobody's answers can be worked out."
        )
        held = sum(len(group.as_of) for group in summary.groups)
        if held:
            figures = sum(len(group.means or ()) + len(group.parts) + 2 for group in summary.groups if not group.hidden)
            print(
                f"  {held} of {figures} figures stay as they were: fewer than {options.minimum} of the people behind "
                "them have changed since, or a comparison with an earlier publication would tell about so few."
            )
    return DONE


def run_person(options: argparse.Namespace) -> int:
    import datetime as dt
    import json

    from visionquiz.course import open_course, write_private
    from visionquiz.rights import erase_person, export_person

    course = open_course(options.course)
    if options.action == "export":
        out = options.out or Path(f"{options.person}.json")
        told = export_person(course, options.person, dt.datetime.now(dt.UTC))
        write_private(out, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
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


def run_adopt(options: argparse.Namespace) -> int:
    import datetime as dt
    import shlex

    from visionquiz.adoption import adopt_proposal
    from visionquiz.course import open_course
    from visionquiz.handover import choose_draft, enter_workshop, find_consequences, read_former, write_vision
    from visionquiz.reading import read_text

    course = open_course(options.course)
    former, before = read_former(course), read_text(course.vision_file)
    with enter_workshop(course, options.workshop) as workshop:
        choice = choose_draft(workshop, options.draft)
    adoption = adopt_proposal(before, choice.statement, choice.proposal, drop_scenarios=options.drop_scenarios)
    print(f"{choice.id}  “{_printable(choice.statement)}”")
    _print_list("", choice.remarks)
    if adoption.text == before:
        print("vision.toml says all of this already. Nothing changes.")
        return DONE
    _print_list("It can be adopted like this. What the team may still want to mend at the workbench", choice.gaps)
    print("\nWhat changes in vision.toml\n")
    _print_diff(before, adoption.text)
    _print_list("\nWhat it means for the course", find_consequences(course, adoption))
    if not _asked("Write this to vision.toml?", options.yes):
        return WRONG
    kept = write_vision(course, adoption.text, former=former, today=dt.date.today())
    print(f"Wrote vision.toml. The former one is kept in {kept.name}. Now run 'visionquiz check'.")
    print(f"To go back: cp {shlex.quote(str(kept))} {shlex.quote(str(course.vision_file))}")
    return DONE


def _asked(question: str, yes: bool) -> bool:
    """Whether to go on: asked on a keyboard, taken from --yes without one."""
    if yes:
        return True
    if not sys.stdin.isatty():
        print("Nothing was written. Without a keyboard: add --yes.", file=sys.stderr)
        return False
    with contextlib.suppress(EOFError):  # Ctrl-D
        if input(f"\n{question} [y/N] ").strip().lower() in ("y", "yes"):
            return True
    print("Nothing was written.")
    return False


def _print_list(title: str, lines: Sequence[str]) -> None:
    """Each line with a dash before it, under a title; nothing where there is none."""
    if lines and title:
        print(title)
    for line in lines[:MOST_PRINTED]:
        print(textwrap.fill(_printable(line), 100, initial_indent="  - ", subsequent_indent="    "))
    if len(lines) > MOST_PRINTED:
        print(f"  - and {len(lines) - MOST_PRINTED:,} more like these")


def _print_diff(before: str, after: str) -> None:
    """What changes from one text to another, line by line; in colour on a terminal that has any."""
    import difflib
    import os

    colours = {"+": "32", "-": "31", "@": "36"} if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else {}
    old, new = before.split("\n"), after.split("\n")
    for line in difflib.unified_diff(old, new, "vision.toml", "vision.toml", "now", "then", n=2, lineterm=""):
        line = _printable(line)
        colour = colours.get(line[:1])
        print(f"\x1b[{colour}m{line}\x1b[0m" if colour else line)


def _agreed(what: str, name: str, yes: bool) -> bool:
    """Whether to erase: asked on a keyboard, taken from --yes without one."""
    if yes:
        return True
    print(f"This erases {what}; it cannot be taken back.")
    if sys.stdin.isatty() and input(f"Type {name} to go on: ").strip() == name:
        return True
    print("Nothing was erased. Without a keyboard: add --yes.", file=sys.stderr)
    return False


def _print_erasure(gone: "Erasure", then: str) -> int:
    print(
        f"Erased {_count(gone.answers, 'graded answer')} and {_count(gone.files, 'file')} of {', '.join(gone.checks)}."
    )
    print(f"{then} Summaries hold no people.")
    for path in gone.left:
        print(f"Could not be removed: {path}; ask its owner", file=sys.stderr)
    return SOME_REFUSED if gone.left else DONE


def run_serve(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.serve import start_apps, start_lab

    course = open_course(options.course)
    print("Starting; this takes some seconds.", flush=True)
    try:
        with start_lab(course, options.lab_port) as lab, start_apps(course, options.apps_port) as apps:
            print(
                f"\n  Your own pages  {apps.trainer}\n  Managers' page  {apps.url}"
                f"\n  JupyterLab      {lab.url}\n  Formgrader      {lab.formgrader}\n"
            )
            print("On this machine only. Ctrl-C ends both.", flush=True)
            lab.wait()
    except KeyboardInterrupt:
        print("\nEnded.")
    return DONE


def run_take(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.nbgrader_plugin import make_desk
    from visionquiz.roster import find_person
    from visionquiz.serve import start_desk
    from visionquiz.taking import Taker

    course = open_course(options.course)
    with course.lock():
        vision = course.load_vision()
        person = find_person(options.person, course.load_roster(vision))
        quiz = course.load_quiz(options.quiz, vision)
        desk = make_desk(course, quiz.id, person)
    taker = Taker(person=person.person, name=person.name, role=person.role)
    print("Starting; this takes some seconds.", flush=True)
    try:
        with start_desk(desk, quiz.id, taker, options.port) as server:
            print(f"\n  {person.name} answers '{quiz.title}' here:\n  {server.url}\n")
            print("On this machine only. Whoever has the link answers as this person. Ctrl-C ends it.", flush=True)
            server.wait()
    except KeyboardInterrupt:
        print("\nEnded; what was typed is kept.")
    return DONE


def run_hand_in(options: argparse.Namespace) -> int:
    from visionquiz.nbgrader_plugin import hand_in
    from visionquiz.receipt import dump_receipt, moment_text
    from visionquiz.taking import open_desk

    receipt = hand_in(open_desk(options.quiz))
    if options.json:
        print(dump_receipt(receipt))
    else:
        print(f"Handed in '{receipt.quiz}' as {receipt.person} on {moment_text(receipt.submitted)}.")
        print(f"Receipt code: {receipt.code}")
    return DONE


def run_apps(options: argparse.Namespace) -> int:
    from visionquiz.audiences import check_links_file, find_managers, write_links
    from visionquiz.course import open_course
    from visionquiz.links import DAYS
    from visionquiz.serve import start_apps

    course = open_course(options.course)
    managers = find_managers(course)
    if options.links:
        check_links_file(options.links)  # before a server starts for nothing
    try:
        with start_apps(course, options.apps_port) as apps:
            print(f"Your own pages, with how well the check measures: {apps.trainer}")
            print(f"Managers' pages, everything in sight: {apps.url}")
            links = {manager.person: apps.link(manager.person) for manager in managers}
            if options.links:
                write_links(options.links, managers, links)
                print(f"A link for each of {_count(len(managers), 'manager')} to their own people: {options.links}")
            elif managers:
                print("For each manager, to their own people:")
                width = max(len(manager.name) for manager in managers[:LISTED])
                for manager in managers[:LISTED]:
                    print(f"  {manager.name:<{width}}  {links[manager.person]}")
                if len(managers) > LISTED:
                    print(f"  and {len(managers) - LISTED} more; get all with --links FILE.csv")
            print(
                f"Whoever has a link sees what its manager sees, for {DAYS} days; to make all void, remove "
                f"{course.links_key}.\nOn this machine only. Ctrl-C ends it.",
                flush=True,
            )
            apps.wait()
    except KeyboardInterrupt:
        print("\nEnded.")
    return DONE


def run_statement(options: argparse.Namespace) -> int:
    from visionquiz.statement import check_statement
    from visionquiz.statement.printing import print_card
    from visionquiz.vision import load_vision

    vision = load_vision(options.vision) if options.vision else None
    text = options.text if options.text is not None or vision is None else vision.statement
    if text is None:
        raise VisionQuizError(
            'give a draft in quotes, e.g. visionquiz statement "Keep every home running.", or --vision'
        )
    for line in print_card(check_statement(text, vision), how_good=options.how_good):
        line = _printable(line)
        indent = " " * (len(line) - len(line.lstrip()) or 2 * line.startswith("* "))
        print(textwrap.fill(line, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))
    return DONE


def _chosen_vision(options: argparse.Namespace) -> Path:
    """The vision for lessons, read once so that its mistakes are told here and not in every lesson."""
    from visionquiz.classroom import find_vision
    from visionquiz.vision import load_vision

    path: Path = (options.vision or find_vision(Path.cwd())).absolute()
    vision = load_vision(path)
    print(f"The lessons speak of {_printable(vision.company)} ({path}).")
    return path


def run_lessons(options: argparse.Namespace) -> int:
    from visionquiz.serve import start_lesson_lab, start_lessons

    vision = _chosen_vision(options)
    here = Path.cwd()
    print("Starting; this takes some seconds.", flush=True)
    start = start_lesson_lab(here, vision, options.port) if options.lab else start_lessons(vision, here, options.port)
    try:
        with start as server:
            then = "Open a lesson there, then Run > Run All Cells." if options.lab else "Choose a lesson there."
            print(f"\n  {server.url}\n\nOpen this address in your browser. {then}", flush=True)
            print("On this machine only. Ctrl-C ends it.", flush=True)
            server.wait()
    except KeyboardInterrupt:
        print("\nEnded.")
    return DONE


def run_session(options: argparse.Namespace) -> int:
    from visionquiz.roster import load_roster
    from visionquiz.serve import check_address, start_session
    from visionquiz.store import Store, read_address
    from visionquiz.vision import load_vision

    check_address(options.address)
    path = _chosen_vision(options)
    people = load_roster(options.people, load_vision(path)) if options.people else ()
    keep = read_address(options.keep) if options.keep else None
    if isinstance(keep, Path):
        there = keep.exists() and keep.stat().st_size > 0
    elif keep:
        with contextlib.closing(Store(keep)) as store:  # whether it answers is told before anything starts
            there = not store.is_empty()
    if keep and there:
        print(f"{options.keep} holds an earlier session; this one goes on with it.")
    print("Starting; this takes some seconds.", flush=True)
    try:
        with start_session(
            path,
            [(person.name, person.team) for person in people],
            address=options.address,
            port=options.port,
            keep=keep,
        ) as session:
            print(f"\nFOR LEARNERS\n\n    address   {session.join}\n    code      {session.code}\n")
            print(f"FOR YOU, on this machine\n\n    your desk      {session.desk}")
            print(f"    the projector  {session.trainer.url}")
            print(f"    the live wall  {session.wall}\n")
            print(
                "What learners write waits on your desk until you show it. Keep the desk where the room cannot see it."
            )
            if options.address.startswith("127."):
                print("Learners join on this machine only; with --address, from the room's network.")
            else:
                print("What is sent within the room's network is not encrypted: use a network that you trust.")
            print(f"{_kept(options.keep)} Ctrl-C ends the session for everybody.", flush=True)
            with _rehearsal(session.store, path, options.seed) if options.rehearse else contextlib.nullcontext():
                _wait_for_any(session.learners.wait, session.trainer.wait)
            print("A server has ended by itself, so the session is over.", file=sys.stderr)
    except KeyboardInterrupt:
        print(f"\nEnded. {_kept(options.keep, over=True)}")
        return DONE
    return WRONG


def _kept(keep: str | None, *, over: bool = False) -> str:
    if keep:
        return f"What the room gave is in {keep}." if over else f"What the room gives is kept in {keep}."
    return "Nothing was kept." if over else "Nothing is kept after the end."


def run_workshop(options: argparse.Namespace) -> int:
    from visionquiz.store import Store, make_store_file, read_address, store_url
    from visionquiz.workshop_file import export_workshop, import_workshop, read_workshop

    where = read_address(options.workshop)
    if options.action == "import":
        if options.names:
            raise VisionQuizError("--names is for export; an import takes what the file holds")
        content = read_workshop(options.file)
        if isinstance(where, Path):
            make_store_file(where)
        with contextlib.closing(Store(store_url(where))) as store:
            import_workshop(store, content, replace=options.replace)
        print(f"The workshop in {options.file} is now kept in {options.workshop}.")
        return DONE
    if isinstance(where, Path) and not where.is_file():
        raise VisionQuizError(f"there is no workshop in {where}; name where it is kept with --workshop")
    with contextlib.closing(Store(store_url(where), start=False)) as store:
        moved = export_workshop(store, options.file, names=options.names, replace=options.replace)
    held = ", ".join((_count(moved.drafts, "draft"), _count(moved.ideas, "idea"), _count(moved.tests, "test")))
    print(f"Wrote the workshop in {options.workshop} into {options.file}: {held}. Only you can read it.")
    if options.names:
        print(
            "It holds names and says who wrote, marked and answered what, also where the room did not see it. It does "
            "not say who voted what, or whose an idea is."
        )
        return DONE
    print("It holds no name that somebody joined under; people are person 1, person 2 and so on.")
    if moved.named:
        print(
            f"{_count(len(moved.named), 'text')} may name somebody who took part, such as "
            f"{_printable(moved.named[0])}; read it before you pass the file on."
        )
    return DONE


def _wait_for_any(*waits: Callable[[], None]) -> None:
    """Until one of them is over."""
    import threading

    over = threading.Event()

    def wait_for(one: Callable[[], None]) -> None:
        one()
        over.set()

    for one in waits:
        threading.Thread(target=wait_for, args=(one,), daemon=True).start()
    over.wait()


@contextlib.contextmanager
def _rehearsal(url: str, vision: Path, seed: int) -> Iterator[None]:
    """Invented people fill the room for as long as this lasts."""
    import threading

    from visionquiz.classroom import list_lessons
    from visionquiz.curriculum import load_lesson
    from visionquiz.demo import invent_people, load_staff
    from visionquiz.rehearsal import PEOPLE, plan_rehearsal, play
    from visionquiz.store import Store
    from visionquiz.vision import load_vision

    people = invent_people(load_staff("hollowmere"), PEOPLE, seed)
    acts = plan_rehearsal([load_lesson(path) for path in list_lessons()], load_vision(vision), people, seed)
    over = threading.Event()

    def run() -> None:
        try:
            with contextlib.closing(Store(url)) as store:
                play(store, acts, over.wait)
        except VisionQuizError as error:
            print(f"The rehearsal has stopped: {error}", file=sys.stderr)

    player = threading.Thread(target=run, daemon=True)
    player.start()
    print(f"Rehearsal: {PEOPLE} invented people join and write over the next four minutes.", flush=True)
    try:
        yield
    finally:
        over.set()
        player.join(5)


def run_score(options: argparse.Namespace) -> int:
    from visionquiz.jobs import score_file
    from visionquiz.vision import load_vision

    vision = load_vision(options.vision)
    with _progress("Grading", "answers") as progress:
        report = score_file(options.answers, vision, options.out, progress)
    _print_problems(report.problems)
    print(
        f"Graded {_count(report.graded, 'answer')} into {options.out}; {report.review} of them for a person to look at."
    )
    return DONE


def run_poster(options: argparse.Namespace) -> int:
    import datetime as dt

    from visionquiz.course import open_course
    from visionquiz.errors import CourseError
    from visionquiz.vision_card import pick_scenario, poster_html

    vision = open_course(options.course).load_vision()
    if options.role and vision.role(options.role) is None:
        there = ", ".join(role.id for role in vision.roles)
        raise CourseError(f"there is no role '{options.role}' in vision.toml; there are {there}")
    if options.out.exists() and not options.replace:
        raise CourseError(f"{options.out} is there already; add --replace, or name another file with --out")
    scenario = pick_scenario(vision, dt.date.today(), options.role)
    options.out.write_text(poster_html(vision, role=options.role, scenario=scenario), encoding="utf-8")
    print(f"Wrote {options.out}. Open it in a browser and print it; it names nobody and loads nothing.")
    return DONE


def run_demo(options: argparse.Namespace) -> int:
    from visionquiz.jobs import summary_tables
    from visionquiz.nbgrader_plugin import make_demo

    course = make_demo(
        options.dir,
        organisation=options.organisation,
        people=options.people,
        seed=options.seed,
        until=options.until,
        replace=options.replace,
        tell=lambda text: print(text, flush=True),
    )
    if options.until in ("graded", "published"):
        print()
        _print_tables(summary_tables(course, course.quiz_files()[0].stem))
    print(f"The course is in {course.root}. Look at it: visionquiz serve --course {options.dir}")
    return DONE


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _printable(text: str) -> str:
    """Text that somebody typed, without what could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _print_problems(problems: Sequence[Problem]) -> None:
    for severity in ("error", "warning"):
        found = [problem for problem in problems if problem.severity == severity]
        for problem in found[:MOST_PRINTED]:
            print(f"{severity}: {_printable(str(problem))}", file=sys.stderr)
        if len(found) > MOST_PRINTED:
            print(f"{severity}: and {len(found) - MOST_PRINTED:,} more like these", file=sys.stderr)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors > 1:
        print(f"{errors} mistakes to mend.", file=sys.stderr)


def _print_tables(tables: Sequence[tuple[str, str]]) -> None:
    for title, table in tables:
        print(f"{title}\n{table}\n")


@contextlib.contextmanager
def _progress(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time that is left, on a screen; nothing where the output goes to a file."""
    from tqdm import tqdm

    with tqdm(desc=what, disable=None, leave=False, dynamic_ncols=True, unit=f" {unit}") as bar:

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield show
