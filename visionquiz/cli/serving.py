"""Servers on this machine: for the trainer, for an employee who takes a check, for managers."""

import argparse
from pathlib import Path

from visionquiz.cli._arguments import Commands, add_quiz, port_number
from visionquiz.cli._printing import DONE, count, until_ctrl_c

__all__ = ["add_commands"]

LISTED = 20
"""Managers whose links are printed; of more, the rest is for a file."""


def add_commands(commands: Commands) -> None:
    """Add these commands to the command line."""
    serve = commands.add(
        "serve", run_serve, "start JupyterLab, formgrader, the managers' page and your own pages on this machine"
    )
    serve.add_argument(
        "--lab-port", metavar="PORT", type=port_number, default=0, help="for JupyterLab (default: a free one)"
    )
    serve.add_argument(
        "--apps-port", metavar="PORT", type=port_number, default=0, help="for the page (default: a free one)"
    )

    take = commands.add("take", run_take, "open a check for one employee on this machine")
    add_quiz(take)
    take.add_argument(
        "--as", dest="person", metavar="PERSON", required=True, help="the employee's id, as in roster.csv"
    )
    take.add_argument("--port", metavar="PORT", type=port_number, default=0, help="(default: a free one)")

    hand = commands.add(
        "hand-in", run_hand_in, "hand in what was answered here; what the form's button does", course=False
    )
    add_quiz(hand)
    hand.add_argument("--json", action="store_true", help="print the receipt for programs")

    apps = commands.add(
        "apps", run_apps, "start the managers' page and your own pages, with a personal link for every manager"
    )
    apps.add_argument(
        "--apps-port", metavar="PORT", type=port_number, default=0, help="for the page (default: a free one)"
    )
    apps.add_argument("--links", metavar="FILE", type=Path, help="write the links into a CSV file")


def run_serve(options: argparse.Namespace) -> int:
    from visionquiz.course import open_course
    from visionquiz.serve import start_apps, start_lab

    course = open_course(options.course)
    with until_ctrl_c(), start_lab(course, options.lab_port) as lab, start_apps(course, options.apps_port) as apps:
        print(
            f"\n  Your own pages  {apps.trainer}\n  Managers' page  {apps.url}"
            f"\n  JupyterLab      {lab.url}\n  Formgrader      {lab.formgrader}\n"
        )
        print("On this machine only. Ctrl-C ends both.", flush=True)
        lab.wait()
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
    ended = "Ended; what was typed is kept."
    with until_ctrl_c(ended), start_desk(desk, quiz.id, taker, options.port) as server:
        print(f"\n  {person.name} answers '{quiz.title}' here:\n  {server.url}\n")
        print("On this machine only. Whoever has the link answers as this person. Ctrl-C ends it.", flush=True)
        server.wait()
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
            print(f"Managers' page, with all groups: {apps.url}")
            links = {manager.person: apps.link(manager.person) for manager in managers}
            if options.links:
                write_links(options.links, managers, links)
                print(f"A link for each of {count(len(managers), 'manager')} to their own people: {options.links}")
            elif managers:
                print("For each manager, to their own people:")
                width = max(len(manager.name) for manager in managers[:LISTED])
                for manager in managers[:LISTED]:
                    print(f"  {manager.name:<{width}}  {links[manager.person]}")
                if len(managers) > LISTED:
                    print(f"  and {len(managers) - LISTED} more; get all with --links FILE.csv")
            print(
                f"Whoever has a link sees what its manager sees, for {DAYS} days; to make all void, remove "
                f"{course.links_key} and start this again.\nOn this machine only. Ctrl-C ends it.",
                flush=True,
            )
            apps.wait()
    except KeyboardInterrupt:
        print("\nEnded.")
    return DONE
