"""What can go wrong in a way that a person can mend: where, what, what was expected."""

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "BallotError",
    "CourseError",
    "DeskError",
    "InputError",
    "Problem",
    "StoreError",
    "SubmissionError",
    "TrialError",
    "VisionQuizError",
]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake or weakness in a file that a person wrote.

    >>> print(Problem(file="vision.toml", place="roles[2].id", message="'sales team' contains a space"))
    vision.toml: roles[2].id: 'sales team' contains a space
    """

    file: str
    place: str
    """A key path such as ``roles[2].id``, a line such as ``line 14``, or empty for the whole file."""
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.message) if part)


class VisionQuizError(Exception):
    """Base of all errors that are shown to people without a traceback."""


class InputError(VisionQuizError):
    """A file that a person wrote cannot be used. ``problems`` holds every mistake found, not just the first."""

    def __init__(self, problems: "tuple[Problem, ...] | list[Problem] | Problem") -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CourseError(VisionQuizError):
    """The course folder is not in the state that the command needs; the message says what to do."""


class DeskError(VisionQuizError):
    """A check cannot be answered, kept or handed in as things are; the message tells an employee what to do."""


class StoreError(VisionQuizError):
    """A workshop's data cannot be kept or read as things are; the message says what to do."""


class TrialError(VisionQuizError):
    """A trial of drafts cannot be run or evaluated as it stands; the message says why and what to do."""


class BallotError(VisionQuizError):
    """A vote cannot be taken or counted as things are; the message tells the person why, and nothing was changed."""


class SubmissionError(VisionQuizError):
    """One employee's submission cannot be graded. ``person`` is who, the message says why and what to do."""

    def __init__(self, person: str, reason: str) -> None:
        self.person = person
        self.reason = reason
        super().__init__(f"{person}: {reason}")

    def bare(self) -> "SubmissionError":
        """The same without the frames that it went through: they hold the whole notebook for as long as it is kept."""
        return SubmissionError(self.person, self.reason)
