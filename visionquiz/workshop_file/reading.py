"""A workshop's file back into what a store keeps. A file is anything: whatever is wrong is said, with its place."""

import datetime as dt
import json
import math
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from visionquiz.ballot import Ballot, Box, cast_vote, count_votes, seal_box
from visionquiz.drafts import DRAFT_LIMIT, Draft, Edit
from visionquiz.errors import InputError, Problem, VisionQuizError
from visionquiz.ideas import Idea
from visionquiz.piloting import (
    ANSWER,
    ARMS,
    TEST,
    TESTS_LIMIT,
    Given,
    answer_key,
    check_answer,
    stand_in,
    write_tests,
)
from visionquiz.proposal import Proposal, check_size
from visionquiz.reading import IDENT, read_text
from visionquiz.store import BODY_LIMIT, SLOT_LIMIT, STATES, Content, Contribution, Document, Participant
from visionquiz.workshop import (
    DOT,
    DRAFT,
    DRAFTS_LIMIT,
    IDEA,
    IDEAS_LIMIT,
    IMPORTED,
    MEANING,
    STAGE,
    STAGES,
    THEMES,
    VOTE,
    Vote,
    read_history,
    write_history,
    write_vote,
)
from visionquiz.workshop_file.form import (
    ALONE,
    FILE_LIMIT,
    FORMAT,
    HISTORY_LIMIT,
    PEOPLE_LIMIT,
    PERSON,
    READER,
    ROOM_IDEA,
    STEPS_LIMIT,
    VERSION,
    FileDraft,
    FileGift,
    FileIdea,
    FilePerson,
    FileStage,
    FileTest,
    FileVote,
    WorkshopFile,
    map_themes,
)

__all__ = ["read_workshop", "settle_themes"]

T = TypeVar("T")

DEPTH = 40
"""Levels of groups within groups; what is written has a dozen."""

LARGEST = 2**53
YEAR_2500 = 16_725_225_600.0
"""Seconds since 1970."""

DIGEST = re.compile(r"[0-9a-f]{24}")

WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a group in braces",
    "null": "nothing",
}
"""What msgspec calls things, for people."""


def read_workshop(path: Path) -> Content:
    """What a file holds, for a store to keep. Ideas have the numbers of the file for ids; see `settle_themes`.

    Raises `InputError` with all that is wrong.
    """
    if path.exists() and not path.is_file():
        raise InputError(Problem(file=path.name, place="", message="is no file; name one that 'export' has written"))
    reader = _Reader(path.name)
    value = reader.parse(read_text(path, limit=FILE_LIMIT))
    content = reader.read(value)
    if reader.problems:
        raise InputError(reader.problems)
    return content


def settle_themes(document: Document, ids: Mapping[int, int]) -> Document:
    """The document with the ids that ideas have in the store, by those that they had in the file."""
    if document.kind != THEMES:
        return document
    return replace(document, body=map_themes(document.body, who=lambda one: one, idea=ids.get))


class _TwiceError(ValueError):
    """A key is there twice."""


@dataclass
class _Reader:
    """Notes what is wrong and goes on with a part that is harmless."""

    file: str

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []
        self.people: dict[str, str] = {ALONE: ALONE}

    def note(self, place: str, message: str) -> None:
        self.problems.append(Problem(file=self.file, place=place, message=message))

    def stop(self, place: str, message: str) -> InputError:
        self.note(place, message)
        return InputError(self.problems)

    # As JSON

    def parse(self, text: str) -> dict[str, Any]:
        """The file's outermost group, in which every text, number and depth is harmless."""

        def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
            made = dict(found)
            if len(made) < len(found):
                twice = next(key for key, count in Counter(key for key, _ in found).items() if count > 1)
                raise _TwiceError(twice)
            return made

        def refuse(found: str) -> float:
            raise ValueError(found)

        try:
            value = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise self.stop(
                place, f"is no JSON here ({error.msg.lower()}); export it anew, or mend this place"
            ) from None
        except _TwiceError as error:
            raise self.stop("", f"has '{_short(str(error))}' twice in one group; leave one") from None
        except RecursionError:
            raise self.stop("", "is nested too deeply to be a workshop") from None
        except ValueError:
            raise self.stop("", "has a number that is none, or has too many digits") from None
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise self.stop("", f'is no workshop; expected a file with "format": "{FORMAT}", as \'export\' writes it')
        if value.get("version") != VERSION or isinstance(value["version"], bool):
            raise self.stop("version", f"is not {VERSION}, which is all that this visionquiz can read; upgrade it")
        self.check_plain(value)
        if self.problems:
            raise InputError(self.problems)
        return value

    def check_plain(self, value: Any) -> None:
        waiting: list[tuple[str, Any, int]] = [("", value, 0)]
        while waiting:
            place, one, depth = waiting.pop()
            if depth > DEPTH:
                raise self.stop(place[:200], "is nested too deeply to be a workshop")
            if isinstance(one, str):
                if "\0" in one or any("\ud800" <= char <= "\udfff" for char in one):
                    self.note(place, "has a character that no text holds (NUL, or half of one); take it out")
            elif isinstance(one, dict):
                for key, part in one.items():
                    waiting.append((f"{place}.{_short(key)}" if place else _short(key), part, depth + 1))
                    if "\0" in key or any("\ud800" <= char <= "\udfff" for char in key):
                        self.note(place, "has a key with a character that no text holds; take it out")
            elif isinstance(one, list):
                waiting += ((f"{place}[{number}]", part, depth + 1) for number, part in enumerate(one))
            elif isinstance(one, int | float) and not (math.isfinite(one) and abs(one) <= LARGEST):
                self.note(place, "is a number beyond all that a workshop counts")

    def fill(self, kind: type[T], value: Any, place: str) -> T | None:
        """A part as a type; None where it is not one, which is noted."""
        import msgspec

        try:
            made = msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            self.note(*_in_words(place, str(error)))
            return None
        except VisionQuizError as error:
            self.note(place, str(error))
            return None
        unknown = _unknown(value, msgspec.to_builtins(made), place)
        for one in unknown:
            self.note(one, "is not known; take it out, or upgrade visionquiz if a newer one wrote this file")
        return None if unknown else made

    def rows(self, kind: type[T], value: Any, place: str, most: int) -> list[tuple[str, T]]:
        """The parts of a list with their places."""
        if not isinstance(value, list):
            self.note(place, "is no list; expected [ ... ]")
            return []
        if len(value) > most:
            self.note(place, f"has {len(value):,} entries; at most {most:,} are taken")
            return []
        places = [f"{place}[{number}]" for number in range(len(value))]
        made = [(at, self.fill(kind, one, at)) for at, one in zip(places, value, strict=True)]
        return [(at, one) for at, one in made if one is not None]

    # As a workshop

    def read(self, value: dict[str, Any]) -> Content:
        known = set(WorkshopFile.__dataclass_fields__)
        for name in value.keys() - known:
            self.note(_short(name), "is not known; take it out, or upgrade visionquiz if a newer one wrote this file")
        names = value.get("names", False)
        if not isinstance(names, bool):
            self.note("names", "is neither true nor false")
        participants = self.read_people(value.get("people", []), names=names is True)
        drafts, dots = self.read_drafts(value.get("drafts", []))
        ideas = self.read_ideas(value.get("ideas", {}))
        documents = [
            *self.read_stage(value.get("stage")),
            *self.read_survey(value.get("survey", [])),
            *self.read_themes(value.get("themes"), len(ideas)),
            *drafts,
            *self.read_vote(value.get("vote")),
            *self.read_meaning(value.get("meaning", {}), {one.id for one in drafts}),
            *self.read_tests(value.get("tests", [])),
        ]
        gifts = self.read_lessons(value.get("lessons", {}))
        return Content(
            contributions=(*ideas, *dots, *gifts), documents=tuple(documents), participants=tuple(participants)
        )

    def who(self, label: str, place: str) -> str:
        """The id of a person in the file."""
        if label not in self.people:
            self.note(place, f"'{_short(label)}' is not among the people of this file; add them under people")
        return self.people.get(label, ALONE)

    def read_people(self, value: Any, *, names: bool) -> list[Participant]:
        found, ids = [], set()
        for place, one in self.rows(FilePerson, value, "people", PEOPLE_LIMIT):
            alone = one.person == ALONE
            if (one.person in self.people and not alone) or not (alone or PERSON.fullmatch(one.person)):
                self.note(f"{place}.person", "is there already, or is not like 'person 1'")
                continue
            if not names and (one.id, one.name, one.team) != (None, None, None):
                self.note(place, 'says who somebody is, but "names" is false; take out id, name and team')
            ident = one.id if one.id is not None else one.person
            name = one.name if one.name is not None else one.person.capitalize()
            if not 1 <= len(ident) <= 100 or ident in ids or (ident == ALONE) != alone:
                self.note(f"{place}.id", "is there already, or is not 1 to 100 characters long")
            for part, text, most in (
                ("name", name, 200),
                ("team", one.team or "", 200),
                ("place", one.place or "", 100),
            ):
                if len(text) > most:
                    self.note(f"{place}.{part}", f"has {len(text):,} characters; at most {most} are kept")
            ids.add(ident)
            self.people[one.person] = ident
            if one.seen is not None:
                seen = self.moment(one.seen, f"{place}.seen")
                found.append(Participant(id=ident, name=name, team=one.team or "", place=one.place or "", seen=seen))
        return found

    def moment(self, text: str, place: str) -> dt.datetime:
        try:
            found = dt.datetime.fromisoformat(text)
            if found.tzinfo:
                return found.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            pass
        self.note(place, "is no moment; expected one such as 2026-11-29T10:00:00+00:00")
        return dt.datetime.fromtimestamp(0, dt.UTC)

    def seconds(self, value: float, place: str) -> None:
        if not 0 <= value <= YEAR_2500:
            self.note(place, "is no moment; expected seconds since 1970")

    def read_stage(self, value: Any) -> Iterable[Document]:
        if value is None or (stage := self.fill(FileStage, value, "stage")) is None:
            return
        if stage.name not in STAGES:
            self.note("stage.name", f"'{_short(stage.name)}' is no step; expected one of {', '.join(STAGES)}")
        if stage.until:
            self.moment(stage.until, "stage.until")
        yield _document(STAGE, "", dict(stage.__dict__))

    def read_survey(self, value: Any) -> Iterable[Document]:
        found = self.rows(Idea, value, "survey", STEPS_LIMIT)
        self.once(((place, one.id) for place, one in found), "id")
        for place, one in found:
            if not re.fullmatch(r"survey-[0-9]{1,9}", one.id) or one.count < 1:
                self.note(place, "expected an id such as survey-1, and a count of 1 or more")
        if found:
            yield _document(IMPORTED, "", {"ideas": [dict(one.__dict__) for _, one in found]})

    def read_ideas(self, value: Any) -> list[Contribution]:
        if not isinstance(value, dict) or not set(value) <= set(STATES):
            self.note("ideas", f"expected a group with {', '.join(STATES)}, each a list")
            return []
        found: list[Contribution] = []
        for state, given in value.items():
            for place, one in self.rows(FileIdea, given, f"ideas.{state}", IDEAS_LIMIT):
                number = ROOM_IDEA.fullmatch(one.id)
                body = {"text": one.text, "question": one.question}
                self.size(body, place)
                # Nothing says whose it is: see `Workshop.share_idea`.
                author = secrets.token_hex(8)
                found.append(_contribution(IDEA, author, state, body, ident=int(number[1]) if number else 0))
        found.sort(key=lambda one: one.id)
        if [one.id for one in found] != list(range(1, len(found) + 1)) or len(found) > IDEAS_LIMIT:
            self.note("ideas", f"expected ids from room-1 on, each once, without a gap, at most {IDEAS_LIMIT:,}")
        return found

    def read_themes(self, value: Any, ideas: int) -> Iterable[Document]:
        if value is None:
            return
        import msgspec

        # Whether it can be told at all is found out before it is played: a step may cost as much as there are ideas.
        if not isinstance(value, dict):
            self.note("themes", "expected a group in braces")
            return
        for name in ("steps", "undone"):
            if not isinstance(value.get(name, []), list) or len(value.get(name, [])) > STEPS_LIMIT:
                self.note(f"themes.{name}", f"expected a list of at most {STEPS_LIMIT:,} steps")
                return
        try:
            history = read_history(value)
            kept = write_history(history)
        except msgspec.ValidationError as error:
            self.note(*_in_words("themes", str(error)))
            return
        except VisionQuizError as error:
            self.note("themes", f"has a step that cannot be made, because {error}; take that step out")
            return
        for place in _unknown(value, kept, "themes"):
            self.note(place, "is not known; take it out, or upgrade visionquiz if a newer one wrote this file")
        listed = [ident for theme in history.first.themes for ident in theme.ideas]
        for ident, count in Counter((*listed, *(one.id for one in history.first.themes))).items():
            if count > 1 or len(ident) > 100:
                self.note("themes.first", f"'{_short(ident)}' is in it twice, or too long")
        named = [*listed, *(ident for step in (*history.steps, *history.undone) for ident in step.edit.ideas)]
        for ident in sorted(set(named)):
            found = ROOM_IDEA.fullmatch(ident)
            if found and int(found[1]) > ideas:
                self.note("themes", f"'{ident}' is not among the ideas of this file")
        whos = {step.who for step in (*history.steps, *history.undone)} - {""}
        ids = {"": ""} | {who: self.who(who, "themes") for who in whos}
        yield _document(THEMES, "", map_themes(kept, who=lambda one: ids[one], idea=lambda number: number))

    def read_drafts(self, value: Any) -> tuple[list[Document], list[Contribution]]:
        found = self.rows(FileDraft, value, "drafts", DRAFTS_LIMIT)
        known = {one.id for _, one in found}
        self.once(((place, one.id) for place, one in found), "id")
        drafts, dots = [], []
        for place, one in found:
            self.ident(one.id, f"{place}.id")
            for text, at in ((one.text, "text"), *((edit.text, "history") for edit in one.history)):
                if len(text) > DRAFT_LIMIT:
                    self.note(f"{place}.{at}", f"has {len(text):,} characters; a draft has at most {DRAFT_LIMIT}")
            if len(one.history) > HISTORY_LIMIT or len(one.authors) > PEOPLE_LIMIT or len(one.made) > 40:
                self.note(place, "has more edits, authors or ways of being made than a draft can have")
            for parent in set(one.parents) - known:
                self.note(f"{place}.parents", f"'{_short(parent)}' is not among the drafts of this file")
            for number, edit in enumerate(one.history):
                self.seconds(edit.when, f"{place}.history[{number}].when")
            self.once(((f"{place}.dots", who) for who in one.dots), "person")
            draft = Draft(
                id=one.id,
                text=one.text,
                made=one.made,
                authors=tuple(self.who(who, f"{place}.authors") for who in one.authors),
                parents=one.parents,
                history=tuple(
                    Edit(who=self.who(edit.who, f"{place}.history"), text=edit.text, when=edit.when)
                    for edit in one.history
                ),
                on_wall=one.on_wall,
            )
            drafts.append(_document(DRAFT, one.id, _plain(draft)))
            dots += [
                _contribution(DOT, self.who(who, f"{place}.dots"), "shown", {"dot": True}, slot=one.id)
                for who in one.dots
            ]
        return drafts, dots

    def read_vote(self, value: Any) -> Iterable[Document]:
        if value is None or (file := self.fill(FileVote, value, "vote")) is None:
            return
        voters = frozenset(self.who(one, "vote.voters") for one in file.voters)
        voted = [self.who(one, "vote.voted") for one in file.voted]
        if len(voters) < len(file.voters) or len(set(voted)) < len(voted) or not set(voted) <= voters:
            self.note("vote.voted", "expected people who may vote, each once")
            return
        try:
            ballot = Ballot(
                id=file.id, question=file.question, options=file.options, voters=voters, method=file.method,
                quorum=file.quorum,
            )  # fmt: skip
            box = self.read_box(file, ballot, voted)
        except VisionQuizError as error:
            self.note("vote", str(error))
            return
        if box:
            yield _document(VOTE, "", write_vote(Vote(ballot=ballot, box=box)))

    def read_box(self, file: FileVote, ballot: Ballot, voted: Sequence[str]) -> Box | None:
        if (file.papers is None) == (file.outcome is None):
            self.note("vote", "expected either papers or an outcome")
            return None
        if file.outcome is not None:
            if not set(file.outcome) <= {one.id for one in ballot.options}:
                self.note("vote.outcome", "names a draft that is not among the options")
                return None
            box = seal_box(ballot, voted, file.outcome)
            result = count_votes(ballot, box)
            if result.blank is not None or result.winners != file.outcome:
                self.note("vote.outcome", "does not follow from so many votes; export the workshop anew")
            return box
        anybody = next(iter(ballot.voters))
        counts: dict[tuple[str, ...], int] = {}
        for number, paper in enumerate(file.papers or ()):
            (read,) = cast_vote(ballot, Box(), anybody, paper.choice).papers
            if read != paper.choice or read in counts or paper.count < 1:
                self.note(f"vote.papers[{number}]", "is there twice, counts nothing, or is not in the options' order")
            counts[read] = paper.count
        if sum(counts.values()) != len(voted):
            self.note("vote.papers", f"count {sum(counts.values()):,} votes, but {len(voted):,} people have voted")
        return Box(voted=frozenset(voted), papers=dict(sorted(counts.items())), closed=True)

    def read_meaning(self, value: Any, drafts: set[str]) -> Iterable[Document]:
        if not isinstance(value, dict):
            self.note("meaning", "expected a group in braces, by the id of a draft")
            return
        for ident, given in value.items():
            place = f"meaning.{_short(ident)}"
            if ident not in drafts:
                self.note(place, "is not among the drafts of this file")
            proposal = self.fill(Proposal, given, place)
            if proposal is None:
                continue
            if wrong := check_size(proposal):
                self.note(place, wrong)
            yield _document(MEANING, ident, _plain(proposal))

    def read_tests(self, value: Any) -> Iterable[Document]:
        found = self.rows(FileTest, value, "tests", TESTS_LIMIT)
        self.once(((place, one.test.id) for place, one in found), "id")
        if sum(not one.test.closed for _, one in found) > 1:
            self.note("tests", "has more than one that is open; set closed to true in all but one")
        if found:
            yield _document(TEST, "", write_tests([one.test for _, one in found]))
        for place, one in found:
            test = one.test
            if not re.fullmatch(r"test-[0-9]{3,6}", test.id):
                self.note(f"{place}.test.id", "expected an id such as test-001")
            self.seconds(test.begun, f"{place}.test.begun")
            if not 1 <= test.days <= 3_650:
                self.note(f"{place}.test.days", "expected 1 to 3650 days")
            dealt = {self.reader(who, f"{place}.arms"): arm for who, arm in one.arms.items()}
            if not set(dealt.values()) <= set(test.arms):
                self.note(f"{place}.arms", f"has an arm that is none; expected one of {', '.join(test.arms)}")
            read = sorted(self.reader(who, f"{place}.read") for who in one.read)
            if dealt or read:
                yield _document(ARMS, test.id, {"read": read, "arms": dealt})
            yield from self.read_answers(place, one)

    def read_answers(self, place: str, one: FileTest) -> Iterable[Document]:
        keys = []
        for number, given in enumerate(one.answers):
            at = f"{place}.answers[{number}]"
            self.seconds(given.when, f"{at}.when")
            if one.arms.get(given.who) != given.arm:
                self.note(f"{at}.arm", "is not the arm that this person was dealt; see arms")
            try:
                if check_answer(one.test, given.body) != given.body:
                    self.note(f"{at}.body", "holds more than an answer to this test, or is not written as one")
                    continue
            except VisionQuizError as error:
                self.note(f"{at}.body", str(error))
                continue
            kept = Given(
                who=self.reader(given.who, f"{at}.who"), arm=given.arm, occasion=given.occasion, body=given.body,
                when=given.when,
            )  # fmt: skip
            keys.append((at, answer_key(one.test, kept)))
            yield _document(ANSWER, keys[-1][1], {**kept.__dict__, "test": one.test.id})
        self.once(keys, "answer")

    def reader(self, label: str, place: str) -> str:
        """What stands for somebody in answers, as the store has it."""
        if label == ALONE:
            return stand_in(ALONE)
        if not READER.fullmatch(label) and not DIGEST.fullmatch(label):
            self.note(place, f"'{_short(label)}' is nobody who answers; expected one such as 'reader 1'")
        return label

    def read_lessons(self, value: Any) -> list[Contribution]:
        if not isinstance(value, dict):
            self.note("lessons", "expected a group in braces, with a list for each activity")
            return []
        found: list[Contribution] = []
        for activity, given in value.items():
            place = f"lessons.{_short(activity)}"
            if not 1 <= len(activity) <= 100 or activity in (IDEA, DOT):
                self.note(place, "is no activity of a lesson")
                continue
            gifts = self.rows(FileGift, given, place, PEOPLE_LIMIT * 10)
            self.once(((at, f"{one.person} {one.slot}") for at, one in gifts), "person and slot")
            if any(count > SLOT_LIMIT for count in Counter(one.person for _, one in gifts).values()):
                self.note(place, f"has more than {SLOT_LIMIT} entries of one person")
            for at, one in gifts:
                if len(one.slot) > 100:
                    self.note(f"{at}.slot", "has more than 100 characters")
                self.size(one.body, at)
                found.append(
                    _contribution(activity, self.who(one.person, f"{at}.person"), one.state, one.body, slot=one.slot)
                )
        return found

    # Rules that several parts have

    def once(self, found: Iterable[tuple[str, str]], what: str) -> None:
        there = set()
        for place, one in found:
            if one in there:
                self.note(place, f"has a {what} that is there already: '{_short(one)}'")
            there.add(one)

    def ident(self, text: str, place: str) -> None:
        if not IDENT.fullmatch(text):
            self.note(place, f"'{_short(text)}' is no id; use letters, digits and hyphens, e.g. draft-001")

    def size(self, body: Mapping[str, Any], place: str) -> None:
        count = len(json.dumps(body, ensure_ascii=False))
        if count > BODY_LIMIT:
            self.note(place, f"has {count:,} characters; at most {BODY_LIMIT:,} are kept")


def _in_words(place: str, message: str) -> tuple[str, str]:
    """Where, and what is wrong, of what msgspec says."""
    told, _, where = message.partition(" - at ")
    inner = re.search(r"\$([^`]*)", where)
    told = re.sub(r"`(\w+)`", lambda found: WORDS.get(found[1], f"'{found[1]}'"), told)
    told = told.replace(" | ", " or ").replace("Object missing required field", "has no")
    told = re.sub(r"^Expected", "expected", told).replace(", got", ", found")
    return f"{place}{inner[1] if inner else ''}"[:200], re.sub(r"^Invalid enum value", "cannot be", told)[:200]


def _unknown(given: Any, kept: Any, place: str) -> list[str]:
    """Places of what was given and is not kept."""
    if isinstance(given, dict) and isinstance(kept, dict):
        found = [f"{place}.{_short(name)}" for name in given.keys() - kept.keys()]
        return found + [
            one
            for name in given.keys() & kept.keys()
            for one in _unknown(given[name], kept[name], f"{place}.{_short(name)}")
        ]
    if isinstance(given, list) and isinstance(kept, list | tuple) and len(given) == len(kept):
        pairs = enumerate(zip(given, kept, strict=True))
        return [one for number, (left, right) in pairs for one in _unknown(left, right, f"{place}[{number}]")]
    return []


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _document(kind: str, ident: str, body: Mapping[str, Any]) -> Document:
    return Document(kind=kind, id=ident, body=body, revision=0)


def _contribution(
    activity: str, author: str, state: str, body: Mapping[str, Any], *, slot: str = "", ident: int = 0
) -> Contribution:
    return Contribution(id=ident, activity=activity, author=author, slot=slot, body=body, state=state, revision=0)


def _plain(value: Any) -> dict[str, Any]:
    import msgspec

    return msgspec.to_builtins(value)  # type: ignore[no-any-return]
