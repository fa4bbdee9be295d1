"""nbgrader's gradebook, read and written in SQL: one transaction for many people instead of seconds for each.

The tables and their meaning are nbgrader's; beside them lie ours, which say which answer a grade was given for and
everything that happened to it since (`trail`).
"""

from visionquiz.gradebook.grades import (
    GradedSubmission,
    HandScore,
    Score,
    read_comments,
    read_scores,
    read_verdicts,
    read_wanted,
    scan_scores,
    write_grades,
    write_people,
    write_scores,
)
from visionquiz.gradebook.persons import erase, read_person
from visionquiz.gradebook.releases import copy_assignment
from visionquiz.gradebook.tables import use_wal
from visionquiz.gradebook.trail import (
    Attempt,
    Event,
    SecondLook,
    answer_looks,
    read_attempts,
    read_looks,
    read_trail,
    write_looks,
)

__all__ = [
    "Attempt",
    "Event",
    "GradedSubmission",
    "HandScore",
    "Score",
    "SecondLook",
    "answer_looks",
    "copy_assignment",
    "erase",
    "read_attempts",
    "read_comments",
    "read_looks",
    "read_person",
    "read_scores",
    "read_trail",
    "read_verdicts",
    "read_wanted",
    "scan_scores",
    "use_wal",
    "write_grades",
    "write_looks",
    "write_people",
    "write_scores",
]
