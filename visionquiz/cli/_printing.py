"""What all commands print alike, and their exit codes."""

import contextlib
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence

from visionquiz.errors import Problem

__all__ = [
    "DONE",
    "SOME_REFUSED",
    "STOPPED",
    "WRONG",
    "count",
    "print_diff",
    "print_list",
    "print_problems",
    "print_tables",
    "printable",
    "show_progress",
    "until_ctrl_c",
]

DONE, WRONG, SOME_REFUSED, STOPPED = 0, 2, 3, 130
"""Exit codes. STOPPED is 128 + 2, what shells expect after Ctrl-C."""

MOST_PRINTED = 100
"""Mistakes of one kind; who has more has made the same one again and again."""


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def printable(text: str) -> str:
    """Text that somebody typed, without what could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def print_problems(problems: Sequence[Problem]) -> None:
    for severity in ("error", "warning"):
        found = [problem for problem in problems if problem.severity == severity]
        for problem in found[:MOST_PRINTED]:
            print(f"{severity}: {printable(str(problem))}", file=sys.stderr)
        if len(found) > MOST_PRINTED:
            print(f"{severity}: and {len(found) - MOST_PRINTED:,} more like these", file=sys.stderr)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors > 1:
        print(f"{errors} mistakes to mend.", file=sys.stderr)


def print_tables(tables: Sequence[tuple[str, str]]) -> None:
    for title, table in tables:
        print(f"{title}\n{table}\n")


def print_list(title: str, lines: Sequence[str]) -> None:
    """Each line with a dash before it, under a title; nothing where there is none."""
    if lines and title:
        print(title)
    for line in lines[:MOST_PRINTED]:
        print(textwrap.fill(printable(line), 100, initial_indent="  - ", subsequent_indent="    "))
    if len(lines) > MOST_PRINTED:
        print(f"  - and {len(lines) - MOST_PRINTED:,} more like these")


def print_diff(before: str, after: str) -> None:
    """What changes from one text to another, line by line; in colour on a terminal that has any."""
    import difflib
    import os

    colours = {"+": "32", "-": "31", "@": "36"} if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else {}
    old, new = before.split("\n"), after.split("\n")
    for line in difflib.unified_diff(old, new, "vision.toml", "vision.toml", "before", "after", n=2, lineterm=""):
        line = printable(line)
        colour = colours.get(line[:1])
        print(f"\x1b[{colour}m{line}\x1b[0m" if colour else line)


@contextlib.contextmanager
def show_progress(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time that is left, on a screen; nothing where the output goes to a file."""
    from tqdm import tqdm

    with tqdm(desc=what, disable=None, leave=False, dynamic_ncols=True, unit=f" {unit}") as bar:

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield show


@contextlib.contextmanager
def until_ctrl_c(ended: str = "Ended.") -> Iterator[None]:
    """For servers: says that they start, and at Ctrl-C, which is how people end them, that they have ended."""
    print("Starting; this takes some seconds.", flush=True)
    try:
        yield
    except KeyboardInterrupt:
        print(f"\n{ended}")
