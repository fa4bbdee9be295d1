"""Who may see which figures: managers see the groups that consist of their own people, and nothing else.

No figure is made for an audience: each gets some of those that are published anyway, so that two audiences who lay
theirs side by side learn no more than whoever sees everything.
"""

import csv
import io
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from visionquiz.cells import safe_cell
from visionquiz.course import Course
from visionquiz.errors import CourseError
from visionquiz.roster import Person
from visionquiz.summaries import GroupKey, Summary, load_summaries, write_summary
from visionquiz.writing import replace_file

__all__ = [
    "EVERYTHING", "MANAGERS", "OWNER", "audience_folder", "check_links_file", "find_managers", "for_manager",
    "people_below", "write_audiences", "write_links",
]  # fmt: skip

EVERYTHING = ""
"""The audience that sees every group: whoever the trainer gives that link."""

OWNER = "*"
"""The course's owner, the trainer, who sees every group and how well the checks measure. No person has this id."""

MANAGERS = "managers"
"""The folder beside the summaries with a folder for each manager."""


def people_below(people: Iterable[Person]) -> dict[str, frozenset[str]]:
    """For everybody who manages somebody: all people below, and themselves.

    Somebody who is, over some steps, their own manager is below everybody in that circle.
    """
    reports: defaultdict[str, set[str]] = defaultdict(set)
    names = {}
    for person in people:
        names[person.person.lower()] = person.person
        if person.manager:
            reports[person.manager.lower()].add(person.person)
    found = {}
    for manager in reports:
        if manager in names:
            below, open_ = {names[manager]}, [names[manager]]
            while open_:
                new = reports.get(open_.pop().lower(), set()) - below
                below |= new
                open_ += new
            found[names[manager]] = frozenset(below)
    return found


def for_manager(summary: Summary, members: Mapping[GroupKey, frozenset[str]], own: frozenset[str]) -> Summary:
    """What a manager may see of a summary: the groups of `own` people. The largest one that is shown comes first.

    `members` are the people of each group as it is today; who a group was, some months ago, does not matter.
    """
    known = [group for group in summary.groups if (group.kind, group.id) in members]
    groups = [group for group in known if members[group.kind, group.id] <= own]
    shown = [group for group in groups if not group.hidden]
    first = max(shown, key=lambda group: len(members[group.kind, group.id]), default=None)
    # The sort is stable: the others stay as they are.
    return replace(summary, groups=tuple(sorted(groups, key=lambda group: group is not first)))


def find_managers(course: Course) -> tuple[Person, ...]:
    """The managers that something was published for, in the order of the roster."""
    people = course.load_roster(course.load_vision())
    return tuple(one for one in people if audience_folder(course.summaries, one.person).is_dir())


def check_links_file(path: Path) -> None:
    """Raises `CourseError` where links cannot go into this file."""
    if path.suffix.lower() != ".csv":
        raise CourseError(f"{path} does not end in .csv; name a file, e.g. links.csv")
    if not path.parent.is_dir():
        raise CourseError(f"{path} cannot be written: there is no folder {path.parent}; make it first")


def write_links(path: Path, managers: Iterable[Person], links: Mapping[str, str]) -> None:
    """Write ``person,name,email,link`` into a CSV file that only its owner can read. Raises `CourseError`."""
    check_links_file(path)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["person", "name", "email", "link"])
    for one in managers:
        writer.writerow([*map(safe_cell, (one.person, one.name, one.email)), links[one.person]])
    try:
        replace_file(path, text.getvalue().encode("utf-8-sig"))
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror}") from None


def audience_folder(summaries: Path, audience: str) -> Path:
    """Where an audience's summaries lie."""
    return summaries if audience in (EVERYTHING, OWNER) else summaries / MANAGERS / audience


def write_audiences(folder: Path, members: Mapping[GroupKey, frozenset[str]], people: Iterable[Person]) -> None:
    """Write for each manager what they may see of all published summaries; nothing for who manages nobody any more."""
    below = people_below(people)
    summaries = load_summaries(folder)
    for manager, own in below.items():
        place = audience_folder(folder, manager)
        place.mkdir(parents=True, exist_ok=True)
        for summary in summaries:
            write_summary(for_manager(summary, members, own), place)
    for place in (folder / MANAGERS).glob("*"):
        if place.is_dir() and place.name not in below:  # macOS puts files of its own into folders
            shutil.rmtree(place)
