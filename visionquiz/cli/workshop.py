"""The vision in the making: evidence about a draft, a workshop as a file, the chosen draft adopted."""

import argparse
import contextlib
import sys
import textwrap
from pathlib import Path

from visionquiz.cli._arguments import Commands
from visionquiz.cli._printing import DONE, WRONG, count, print_diff, print_list, printable
from visionquiz.errors import VisionQuizError

__all__ = ["add_commands"]


def add_commands(commands: Commands) -> None:
    """Add these commands to the command line."""
    statement = commands.add(
        "statement", run_statement, "print the evidence for and against a draft of a vision", course=False
    )
    statement.add_argument(
        "text", metavar="TEXT", nargs="?", help="the draft, in quotes (default: the statement in the --vision file)"
    )
    statement.add_argument(
        "--vision", metavar="VISION.toml", type=Path, help="name the values and meaning points that the draft touches"
    )
    statement.add_argument("--how-good", action="store_true", help="print how good each measure is")

    workshop = commands.add(
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

    adopt = commands.add("adopt", run_adopt, "write the draft that a team chose, and what it means, into vision.toml")
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
        line = printable(line)
        indent = " " * (len(line) - len(line.lstrip()) or 2 * line.startswith("* "))
        print(textwrap.fill(line, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))
    return DONE


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
    held = ", ".join((count(moved.drafts, "draft"), count(moved.ideas, "idea"), count(moved.tests, "test")))
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
            f"{count(len(moved.named), 'text')} may name somebody who took part, such as "
            f"{printable(moved.named[0])}; read it before you pass the file on."
        )
    return DONE


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
    print(f"{choice.id}  “{printable(choice.statement)}”")
    print_list("", choice.remarks)
    if adoption.text == before:
        print("vision.toml says all of this already. Nothing changes.")
        return DONE
    print_list("It can be adopted like this. What the team may still want to mend at the workbench", choice.gaps)
    print("\nWhat changes in vision.toml\n")
    print_diff(before, adoption.text)
    print_list("\nWhat it means for the course", find_consequences(course, adoption))
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
