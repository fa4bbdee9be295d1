"""From a workshop into a course: which draft was chosen, what adopting it means for the course, and the file itself."""

import contextlib
import datetime as dt
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from visionquiz.adoption import Adoption, AdoptionError
from visionquiz.classroom import Seat
from visionquiz.course import Course, check_writable, uninterrupted
from visionquiz.drafts import Draft
from visionquiz.errors import CourseError, InputError, Problem
from visionquiz.notebook import release_of, write_quiz
from visionquiz.proposal import Proposal, check_proposal
from visionquiz.quiz import load_quiz
from visionquiz.roster import check_roster, load_roster
from visionquiz.store import Store, read_address, store_url
from visionquiz.vision import Vision
from visionquiz.workshop import FILE, STAGES, Vote, Workshop
from visionquiz.writing import give_rights, replace_file

__all__ = ["Choice", "choose_draft", "enter_workshop", "find_consequences", "read_former", "write_vision"]

CHOSEN = "chosen"
"""What stands for the draft that won the vote."""

OWN_DECISION = "Adopting a draft by name is your decision, and should be the room's."

LISTED = 12
"""Drafts that are named where one has to be."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A draft that can be adopted, with what it means."""

    id: str
    statement: str
    proposal: Proposal
    gaps: tuple[str, ...] = ()
    """What the proposal lacks and can be adopted without."""
    remarks: tuple[str, ...] = ()
    """What there is to know about the vote and the text."""


@contextlib.contextmanager
def enter_workshop(course: Course, where: str | None) -> Iterator[Workshop]:
    """The workshop in a file or at an address, or else the one beside the vision. Nothing is made or changed.

    Raises `AdoptionError` where none is named and none lies there, and `StoreError` where it cannot be reached.
    """
    if where is None and not (course.root / FILE).is_file():
        raise AdoptionError(
            f"there is no {FILE} in {course.root}; name the workshop's file or address with --workshop. It is "
            f"{FILE} in the folder where 'visionquiz lessons' was started, or the file of 'session start --keep'"
        )
    url = store_url(read_address(where) if where else course.root / FILE)
    with contextlib.closing(Store(url, start=False)) as store:
        yield Workshop(store, Seat())


def choose_draft(workshop: Workshop, name: str) -> Choice:
    """The draft that `name` says: an id, its number, or `CHOSEN`.

    The winner of a vote is taken as it was voted on, any other draft as it is now. Raises `AdoptionError` where there
    is no such draft, nothing was chosen, or nobody has said what it means.
    """
    drafts = {draft.id: draft for draft in workshop.drafts()}
    vote, won = workshop.vote(), workshop.chosen()
    if name.strip().lower() == CHOSEN:
        if won is None:
            raise AdoptionError(
                f"{_say_vote(vote)}, so there is no chosen draft. Vote at the workbench, or name one of these"
                f"{_list(_candidates(drafts, vote))}\n{OWN_DECISION}"
            )
        ident = won.id
    else:
        number = re.fullmatch(r"(?:draft-)?0*([0-9]{1,6})", name.strip().lower())
        ident = f"draft-{int(number[1]):03}" if number else name
        if ident not in drafts:
            raise AdoptionError(
                f"there is no draft '{name}' in the workshop; there are{_list(tuple(drafts.values()))}"
                if drafts
                else "there is no draft in the workshop yet"
            )
    remarks = []
    text = drafts[ident].text if ident in drafts else ""
    if won is None:
        remarks.append(f"{_upper(_say_vote(vote))}. {OWN_DECISION}")
    elif won.id != ident:
        remarks.append(f"The room chose {won.id}, and not {ident}. {OWN_DECISION}")
    else:
        if _fold(text) != _fold(won.text):
            remarks.append(
                f"{ident} was changed after the vote. It is taken as it was voted on; to take “{_fold(text)}”, put it "
                "to the vote."
            )
        text = won.text
    if not text.strip():
        raise AdoptionError(f"there is nothing in {ident} yet; write it at the workbench, or name another draft")
    proposal = workshop.meaning(ident)
    if proposal is None:
        raise AdoptionError(
            f"nobody has said yet what {ident} means. Do that at the workbench, in the step “{STAGES['meaning'][0]}”, "
            "then run this again"
        )
    themes = workshop.themes()
    gaps = check_proposal(proposal, text, themes.now.themes if themes else ())
    return Choice(
        id=ident,
        statement=_fold(text),
        proposal=proposal,
        gaps=tuple(gap.text for gap in gaps if not gap.needed),
        remarks=tuple(remarks),
    )


def _say_vote(vote: Vote | None) -> str:
    if vote is None:
        return "nobody has voted yet"
    result = vote.result
    match result.state:
        case "open":
            return "the vote is still open"
        case "no-quorum":
            return f"only {result.voted} voted and {result.needed} votes were needed"
        case "blank":
            return "all votes were blank"
        case "tie":
            return f"the vote is a tie between {' and '.join(result.winners)}"
        case _:
            return "the vote is over"


def _candidates(drafts: dict[str, Draft], vote: Vote | None) -> Sequence[Draft]:
    """The drafts that a person would name: those at a tie, else those that were voted on, else those on the wall."""
    named = (vote.result.winners or [option.id for option in vote.ballot.options]) if vote else ()
    found = [drafts[ident] for ident in named if ident in drafts]
    return found or [draft for draft in drafts.values() if draft.on_wall] or list(drafts.values())


def _list(drafts: Sequence[Draft]) -> str:
    written = [draft for draft in drafts if draft.text.strip()]
    more = [f"\n  and {len(written) - LISTED} more"] if len(written) > LISTED else []
    return "".join([*(f"\n  {one.id}  “{_fold(one.text)}”" for one in written[:LISTED]), *more])


def _fold(text: str) -> str:
    return " ".join(text.split())


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def find_consequences(course: Course, adoption: Adoption) -> list[str]:
    """What somebody who adopts this has to know or to do, each in words; nothing is changed."""
    found = []
    if adoption.silent_roles:
        titles = ", ".join(role.title for role in adoption.silent_roles)
        found.append(
            f"These roles have no contribution now: {titles}. What they may have had spoke for the former statement. "
            "Write some at the workbench or into vision.toml: the grader goes by them."
        )
    if adoption.read_again:
        found.append(
            f"Read these situations again: {', '.join(adoption.read_again)}. They named a meaning point or role that "
            "is gone, and now name what is left."
        )
    if adoption.left_out:
        found.append(
            f"These situations go: {', '.join(adoption.left_out)}. They were for roles or meaning points that are gone."
        )
    if adoption.vision.scenarios and adoption.vision.statement != adoption.former.statement:
        found.append("The situations that stay were written for the former statement. Does the best option still win?")
    for look in (_find_people, _find_mistakes, _find_released):
        found += look(course, adoption)
    return found


def _find_people(course: Course, adoption: Adoption) -> Iterator[str]:
    try:
        people = load_roster(course.roster_file, adoption.former)
    except InputError:
        people = ()
    for role in adoption.gone_roles:
        count = sum(person.role == role.id for person in people)
        if count:
            who = "1 person has" if count == 1 else f"{count} people have"
            yield f"{who} the role '{role.id}' in roster.csv, which goes. Give them another one there."


def _find_mistakes(course: Course, adoption: Adoption) -> Iterator[str]:
    """What `visionquiz check` would find in other files that it does not find now."""
    before = {(problem.file, problem.place) for problem in _check_others(course, adoption.former)}
    names = {name.casefold() for role in adoption.gone_roles for name in (role.id, role.title)}
    for problem in _check_others(course, adoption.vision):
        told = re.match(r"there is no role '(.*)' in", problem.message)
        if (problem.file, problem.place) not in before and not (told and told[1].casefold() in names):
            yield f"'visionquiz check' will say {problem}"


def _check_others(course: Course, vision: Vision) -> list[Problem]:
    found = check_roster(course.roster_file, vision)
    for path in course.quiz_files():
        try:
            load_quiz(path, vision)
        except InputError as error:
            found += [replace(problem, file=f"quizzes/{problem.file}") for problem in error.problems]
    return [problem for problem in found if problem.severity == "error"]


def _find_released(course: Course, adoption: Adoption) -> Iterator[str]:
    released = [path.stem for path in course.quiz_files() if course.notebook("release", path.stem).is_file()]
    for quiz in released:
        told = f"'{quiz}' was released with the former vision. Grades that are in the gradebook stay."
        if _asks_the_same(course, quiz, adoption.vision):
            yield (
                f"{told} Afterwards 'visionquiz grade {quiz}' judges its answers by what the statement is then said to "
                "mean. So grade what came in and send feedback before you adopt this."
            )
        else:
            yield (
                f"{told} Afterwards 'visionquiz grade {quiz}' refuses to grade, so that nobody is judged by a "
                "statement that they were not told. So grade what came in and send feedback before you adopt this."
            )
    if released:
        yield f"For the new vision, copy quizzes/{released[0]}.toml to a new name and release that check."


def _asks_the_same(course: Course, quiz: str, vision: Vision) -> bool:
    """Whether grading takes the release for one that was made with `vision`; see `jobs.read_release`."""
    try:
        release = json.loads(course.notebook("release", quiz).read_text(encoding="utf-8"))
        return release_of(release) == release_of(write_quiz(load_quiz(course.quiz_file(quiz), vision), vision))
    except (InputError, OSError, ValueError):
        return False


def read_former(course: Course) -> bytes:
    """The ``vision.toml`` as it is, byte for byte. Raises `CourseError` where another could not be put in its place."""
    path = course.vision_file.resolve()
    check_writable([course.root, path.parent])
    if not os.access(path, os.W_OK):
        raise CourseError(f"{path} may not be written to, so nothing was changed; ask its owner for the right to")
    return path.read_bytes()


def write_vision(course: Course, text: str, *, former: bytes, today: dt.date) -> Path:
    """Put `text` in the place of the ``vision.toml`` that is `former`, which is kept; returns where.

    The new file has the line ends, owner and rights of the former one. Raises `CourseError` where somebody has changed
    it meanwhile, and `OSError`; then all is as it was.
    """
    path = course.vision_file.resolve()
    with course.lock():
        if path.read_bytes() != former:
            raise CourseError("vision.toml was changed meanwhile, so nothing was written; run this again")
        new = text.replace("\n", "\r\n") if b"\r\n" in former else text
        mark = b"\xef\xbb\xbf" if former.startswith(b"\xef\xbb\xbf") else b""
        rights = path.stat()
        with uninterrupted():
            kept = _keep(course.root, former, rights, today)
            try:
                replace_file(path, mark + new.encode(), like=rights)
            except BaseException:
                kept.unlink()
                raise
    return kept


def _keep(folder: Path, data: bytes, rights: os.stat_result, today: dt.date) -> Path:
    """Write a former vision under the first name of the day that is free."""
    number = 1
    while True:
        path = folder / (f"vision-{today:%Y-%m-%d}.toml" if number == 1 else f"vision-{today:%Y-%m-%d}-{number}.toml")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            break
        except FileExistsError:
            number += 1
    try:
        with open(handle, "wb") as file:
            give_rights(handle, rights)
            file.write(data)
            file.flush()
            os.fsync(handle)
    except BaseException:
        path.unlink()
        raise
    return path
