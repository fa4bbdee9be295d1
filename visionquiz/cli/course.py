"""The course itself: begin one, look through it, see a whole one."""

import argparse
from pathlib import Path

from visionquiz.cli._arguments import Commands, whole_number
from visionquiz.cli._printing import DONE, WRONG, print_problems, print_tables

__all__ = ["add_commands"]

STEPS = ("released", "submitted", "graded", "published")


def add_commands(commands: Commands) -> None:
    """Add these commands to the command line."""
    new = commands.add("new", run_new, "write a commented starting point for your own course", course=False)
    new.add_argument("dir", metavar="DIR", type=Path, help="the folder to make; it must not exist or be empty")

    commands.add("check", run_check, "report every mistake and weakness in vision.toml, roster.csv and quizzes/")

    poster = commands.add(
        "poster", run_poster, "write the vision as one page for everybody, to print or to put on a screen"
    )
    poster.add_argument("--role", metavar="ROLE", default="", help="with this role's part only (default: all roles)")
    poster.add_argument(
        "--out", metavar="FILE.html", type=Path, default=Path("poster.html"), help="(default: poster.html, here)"
    )
    poster.add_argument("--replace", action="store_true", help="replace a file that is there")

    demo = commands.add("demo", run_demo, "make a complete course of an invented organisation in DIR", course=False)
    demo.add_argument("dir", metavar="DIR", type=Path, help="the folder to make; it must not exist or be empty")
    demo.add_argument(
        "--people", metavar="N", type=whole_number, default=60, help="invented employees, 1 to 100000 (default: 60)"
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
    print_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        return WRONG
    print("No mistakes found." if problems else "Everything is in order.")
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
        print_tables(summary_tables(course, course.quiz_files()[0].stem))
    print(f"The course is in {course.root}. Look at it: visionquiz serve --course {options.dir}")
    return DONE
