"""One command per job. Each handler parses, calls the library, prints; what is heavy is imported where it is used."""

import argparse
import errno
import io
import sys
from collections.abc import Sequence

from visionquiz.cli import course, grading, persons, results, serving, teaching, workshop
from visionquiz.cli._arguments import Commands
from visionquiz.cli._printing import DONE, STOPPED, WRONG, print_problems, printable
from visionquiz.errors import InputError, VisionQuizError

__all__ = ["build_parser", "main"]


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
        print_problems(error.problems)
        return WRONG
    except VisionQuizError as error:
        said = "\n".join(map(printable, str(error).split("\n")))
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
    commands = Commands(parser)
    for part in (course, grading, results, persons, teaching, workshop, serving):
        part.add_commands(commands)
    return parser
