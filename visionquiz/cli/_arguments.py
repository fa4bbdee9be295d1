"""What commands take alike."""

import argparse
from collections.abc import Callable
from pathlib import Path

__all__ = ["Commands", "add_quiz", "add_vision", "group_size", "port_number", "whole_number"]


class Commands:
    """The commands of a command line."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(
        self, name: str, run: Callable[[argparse.Namespace], int], text: str, *, course: bool = True
    ) -> argparse.ArgumentParser:
        """One more command, which works in a course folder or not; `run` gives its exit code."""
        command = self._commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        command.set_defaults(run=run)
        if course:
            command.add_argument(
                "--course", metavar="DIR", type=Path, default=Path(), help="the course folder (default: here)"
            )
        return command


def add_quiz(command: argparse.ArgumentParser) -> None:
    command.add_argument("quiz", metavar="QUIZ", help="the check's name: its file in quizzes/ without .toml")


def add_vision(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--vision",
        metavar="VISION.toml",
        type=Path,
        help="the vision that the lessons speak of (default: vision.toml here or above, else an invented company's)",
    )


def group_size(text: str) -> int:
    if not text.isdecimal() or not 3 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from 3 to 100")
    return int(text)


def whole_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from 1 to 100000")
    return int(text)


def port_number(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65_536):
        raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from 1 to 65535")
    return int(text)
