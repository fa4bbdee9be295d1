"""A store's content as a file that says what was decided and how, and, unless it is asked to, not by whom."""

import datetime as dt
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from visionquiz.ballot import count_votes
from visionquiz.drafts import Draft, Edit
from visionquiz.errors import StoreError
from visionquiz.ideas import Idea
from visionquiz.moderation import check_words
from visionquiz.piloting import ANSWER, ARMS, TEST, read_tests, stand_in
from visionquiz.proposal import Proposal
from visionquiz.store import STATES, Content, Contribution, Document, Participant
from visionquiz.submission import storable
from visionquiz.workshop import (
    DOT,
    DRAFT,
    IDEA,
    IMPORTED,
    MEANING,
    STAGE,
    STAGES,
    THEMES,
    VOTE,
    Vote,
    read_history,
    read_vote,
)
from visionquiz.workshop_file.form import (
    ALONE,
    FILE_LIMIT,
    PERSON,
    READER,
    FileAnswer,
    FileDraft,
    FileGift,
    FileIdea,
    FilePaper,
    FilePerson,
    FileStage,
    FileTest,
    FileVote,
    WorkshopFile,
    map_themes,
)

__all__ = ["describe_workshop", "find_names", "write_workshop"]

T = TypeVar("T")

KINDS = (STAGE, IMPORTED, THEMES, DRAFT, VOTE, MEANING, TEST, ARMS, ANSWER)

HOUR = 3_600
"""Seconds. Times of answers are told to the hour, or they would say whose they are beside the times of drafts."""

_LONG = 12
"""Characters of an id that can stand for nothing else, wherever it occurs within a text."""

Names = Mapping[str, str]
"""What people are called in the file, by id."""


def write_workshop(file: WorkshopFile) -> str:
    """The text of the file. Raises `StoreError` where it is larger than what is read back."""
    text = json.dumps(_tidy(_builtins(file)), ensure_ascii=False, indent=2) + "\n"
    if len(text.encode()) > FILE_LIMIT:
        raise StoreError(f"this workshop is larger than the {FILE_LIMIT // 1_000_000} MB that can be read back")
    return text


def describe_workshop(content: Content, *, names: bool, rng: random.Random) -> WorkshopFile:
    """What is to stand in the file. `rng` deals out the numbers of people; with `names`, they follow the alphabet.

    Raises `StoreError` while a vote is open, and where something is kept that this version does not know.
    """
    documents: dict[str, list[Document]] = {kind: [] for kind in KINDS}
    for one in content.documents:
        if one.kind not in documents:
            raise StoreError(f"it holds something that this version does not know ('{one.kind}'); upgrade visionquiz")
        documents[one.kind].append(one)
    bodies = {kind: found[0].body for kind, found in documents.items() if found}
    drafts = [_fill(Draft, one.body) for one in documents[DRAFT]]
    vote = read_vote(bodies[VOTE]) if VOTE in bodies else None
    if vote and not vote.box.closed:
        raise StoreError(
            "a vote is open, and two files of it would tell who voted what in between; close it, then export"
        )
    people = _label_people(content, drafts, vote, bodies.get(THEMES), names=names, rng=rng)
    ideas = _number_ideas([one for one in content.contributions if one.activity == IDEA])
    themes = _swap_themes(bodies[THEMES], people, ideas) if THEMES in bodies else None
    given = [one for one in content.contributions if one.activity not in (IDEA, DOT)]
    dots = {
        (one.slot, people[one.author]) for one in content.contributions if one.activity == DOT and one.body.get("dot")
    }
    by_state = {
        state: tuple(
            FileIdea(id=f"room-{ideas[one.id]}", text=one.body["text"], question=one.body["question"])
            for one in sorted(found, key=lambda one: ideas[one.id])
        )
        for state in STATES[1::-1] + STATES[2:]  # what everybody has read comes first
        if (found := [one for one in content.contributions if one.activity == IDEA and one.state == state])
    }
    survey = tuple(Idea(**one) for one in bodies.get(IMPORTED, {"ideas": ()})["ideas"])
    file = WorkshopFile(
        names=names,
        stage=FileStage(**bodies[STAGE]) if STAGE in bodies else None,
        vote=_write_vote(vote, people) if vote else None,
        meaning={one.id: _fill(Proposal, one.body) for one in documents[MEANING]},
        drafts=tuple(_write_draft(one, people, dots) for one in drafts),
        ideas=by_state,
        survey=survey,
        themes=themes,
        tests=_write_tests(documents, names=names, rng=rng),
        lessons=_write_lessons(given, people, names=names),
        people=_write_people(content.participants, people, names=names),
    )
    summary = _summarise(file, vote, themes, names=names)
    return WorkshopFile(**{**file.__dict__, "summary": summary})


def find_names(file: WorkshopFile, participants: Iterable[Participant]) -> list[str]:
    """Where in the file somebody who took part is named in what was written, such as ``drafts[2].text``."""
    names = sorted({one.name for one in participants if one.name and not PERSON.fullmatch(one.name.casefold())})
    if not names:
        return []
    told = {name: value for name, value in _tidy(_builtins(file)).items() if name not in ("people", "summary")}
    return [
        place for place, text in _texts(told) if any(flag.kind == "name" for flag in check_words(text, names=names))
    ]


# Who is called what


def _label_people(
    content: Content,
    drafts: Sequence[Draft],
    vote: Vote | None,
    themes: Mapping[str, Any] | None,
    *,
    names: bool,
    rng: random.Random,
) -> Names:
    steps = [*themes["steps"], *themes["undone"]] if themes else []
    # Whoever gave an idea is nobody: an idea has an id of its own in the place of an author.
    ids = {
        *(one.id for one in content.participants),
        *(one.author for one in content.contributions if one.activity != IDEA),
        *(who for one in drafts for who in (*one.authors, *(edit.who for edit in one.history))),
        *((*vote.ballot.voters, *vote.box.voted) if vote else ()),
        *(step["who"] for step in steps),
    } - {"", ALONE}
    called = {one.id: one.name for one in content.participants}
    labels = _label(sorted(ids, key=lambda one: (called.get(one, "~"), one)), PERSON, shuffled=not names, rng=rng)
    return {"": "", ALONE: ALONE, **labels}


def _label(ids: list[str], pattern: "re.Pattern[str]", *, shuffled: bool, rng: random.Random) -> dict[str, str]:
    """Numbers for ids; what has one already, from a file that was read, keeps it."""
    there = {one for one in ids if pattern.fullmatch(one)}
    others = [one for one in ids if one not in there]
    if shuffled:
        # By chance: any order that follows from names or times could be followed back.
        rng.shuffle(others)
    word = pattern.pattern.partition(" ")[0]
    free = (f"{word} {number}" for number in range(1, len(ids) + 1))
    return {one: one for one in there} | dict(zip(others, (one for one in free if one not in there), strict=False))


def _by_number(label: str) -> tuple[int, str]:
    word, _, number = label.partition(" ")
    return int(number) if number.isdecimal() else 0, word


# The parts


def _number_ideas(given: Sequence[Contribution]) -> dict[int, int]:
    """Numbers of their own for ideas: ids count everything that is given, and would say between whose words one came.

    Shown ideas keep the order in which everybody read them. Of others nobody saw an order, so they follow the alphabet.
    """
    order = {"shown": 0, "waiting": 1, "hidden": 2}

    def place(one: Contribution) -> tuple[Any, ...]:
        shown = one.state == "shown"
        return order[one.state], one.id if shown else 0, "" if shown else (one.body["text"], one.body["question"])

    return {one.id: number for number, one in enumerate(sorted(given, key=place), 1)}


def _swap_themes(body: Mapping[str, Any], people: Names, ideas: Mapping[int, int]) -> dict[str, Any]:
    return map_themes(body, who=lambda one: people[one], idea=lambda number: ideas.get(number))


def _write_draft(draft: Draft, people: Names, dots: set[tuple[str, str]]) -> FileDraft:
    return FileDraft(
        id=draft.id,
        text=draft.text,
        on_wall=draft.on_wall,
        dots=tuple(sorted((who for ident, who in dots if ident == draft.id), key=_by_number)),
        made=draft.made,
        authors=tuple(people[one] for one in draft.authors),
        parents=draft.parents,
        history=tuple(Edit(who=people[one.who], text=one.text, when=float(one.when)) for one in draft.history),
    )


def _write_vote(vote: Vote, people: Names) -> FileVote:
    ballot, result = vote.ballot, vote.result
    shown = result.blank is not None
    papers = tuple(FilePaper(choice=choice, count=count) for choice, count in sorted(vote.box.papers.items()))
    return FileVote(
        id=ballot.id,
        question=ballot.question,
        method=ballot.method,
        options=ballot.options,
        papers=papers if shown else None,
        outcome=None if shown else result.winners,
        quorum=ballot.quorum,
        voters=tuple(sorted((people[one] for one in ballot.voters), key=_by_number)),
        voted=tuple(sorted((people[one] for one in vote.box.voted), key=_by_number)),
    )


def _write_tests(
    documents: Mapping[str, Sequence[Document]], *, names: bool, rng: random.Random
) -> tuple[FileTest, ...]:
    arms = {one.id: one.body for one in documents[ARMS]}
    answers = [one.body for one in documents[ANSWER]]
    ids = {
        *(who for body in arms.values() for who in (*body["arms"], *body["read"])),
        *(one["who"] for one in answers),
    } - {stand_in(ALONE)}
    labels = {stand_in(ALONE): ALONE}
    labels |= {one: one for one in ids} if names else _label(sorted(ids), READER, shuffled=True, rng=rng)

    def place(one: FileAnswer) -> tuple[Any, ...]:
        return one.occasion != "now", _by_number(one.who), one.who, json.dumps(one.body, sort_keys=True)

    found = []
    for test in read_tests(documents[TEST][0].body if documents[TEST] else None):
        body = arms.get(test.id, {"arms": {}, "read": []})
        given = [
            FileAnswer(
                who=labels[one["who"]], arm=one["arm"], occasion=one["occasion"], body=one["body"],
                when=float(one["when"] if names else one["when"] // HOUR * HOUR),
            )
            for one in answers if one["test"] == test.id
        ]  # fmt: skip
        dealt = {labels[who]: arm for who, arm in body["arms"].items()}
        found.append(
            FileTest(
                test=test,
                answers=tuple(sorted(given, key=place)),
                arms={who: dealt[who] for who in sorted(dealt, key=lambda who: (_by_number(who), who))},
                read=tuple(sorted((labels[who] for who in body["read"]), key=lambda who: (_by_number(who), who))),
            )
        )
    return tuple(found)


def _write_lessons(given: Sequence[Contribution], people: Names, *, names: bool) -> dict[str, tuple[FileGift, ...]]:
    mask = _mask_ids({} if names else people)
    found: dict[str, list[FileGift]] = {activity: [] for activity in sorted({one.activity for one in given})}
    for one in given:
        gift = FileGift(
            person=people[one.author], slot=mask(one.slot), state=one.state,  # type: ignore[arg-type]
            body=mask(dict(one.body)),
        )  # fmt: skip
        found[one.activity].append(gift)
    return {activity: tuple(gifts) for activity, gifts in found.items()}


def _mask_ids(people: Names) -> Callable[[Any], Any]:
    """Puts what people are called in place of their ids, should an activity have kept one within what was given."""
    ids = {one: label for one, label in people.items() if one != label}
    long = sorted((one for one in ids if len(one) >= _LONG), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, long))) if long else None

    def mask(value: Any) -> Any:
        if isinstance(value, str):
            whole = ids.get(value, value)
            return pattern.sub(lambda found: ids[found[0]], whole) if pattern else whole
        if isinstance(value, Mapping):
            return {mask(name): mask(part) for name, part in value.items()}
        return [mask(part) for part in value] if isinstance(value, list) else value

    return mask


def _write_people(participants: Iterable[Participant], people: Names, *, names: bool) -> tuple[FilePerson, ...]:
    joined = {one.id: one for one in participants}
    found = []
    for ident, label in people.items():
        one = joined.get(ident)
        if not ident or (ident == ALONE and one is None):
            continue
        seen = one.seen.astimezone(dt.UTC) if one else None
        if seen and not names:
            seen = seen.replace(minute=0, second=0, microsecond=0)
        found.append(
            FilePerson(
                person=label,
                id=ident if names else None,
                name=one.name if one and names else None,
                team=one.team if one and names else None,
                place=one.place if one else None,
                seen=seen.isoformat() if seen else None,
            )
        )
    return tuple(sorted(found, key=lambda one: _by_number(one.person)))


# What is read first

PLAIN = (
    "A workshop of visionquiz. 'visionquiz workshop import' reads it back; this summary is for people, and changes in "
    "it do nothing. People are person 1, person 2 and so on, or reader 1 and so on where they answered tests. What "
    "they wrote stands here as they wrote it."
)
NAMED = (
    "A workshop of visionquiz. 'visionquiz workshop import' reads it back; this summary is for people, and changes in "
    "it do nothing. IT HOLDS NAMES, under people, and says who wrote what."
)


def _summarise(
    file: WorkshopFile, vote: Vote | None, themes: Mapping[str, Any] | None, *, names: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {"about": NAMED if names else PLAIN}
    found["stands at"] = STAGES[file.stage.name if file.stage else "ideas"][0]
    if vote:
        found |= _tell_vote(vote)
        winners = vote.result.winners if vote.result.state == "decided" else ()
        if meaning := next((file.meaning[one] for one in winners if one in file.meaning), None):
            found["what it means"] = [point.text for point in meaning.points]
    else:
        found["vote"] = "There has been no vote."
    if themes:
        texts = {one.id: one.text for one in file.survey}
        texts |= {one.id: one.text for part in file.ideas.values() for one in part}
        found["themes"] = [
            {"theme": theme.name, "ideas": [texts.get(ident, ident) for ident in theme.ideas]}
            for theme in read_history(themes).now.themes
        ]
    return found


def _tell_vote(vote: Vote) -> dict[str, Any]:
    result = count_votes(vote.ballot, vote.box)
    texts = {one.id: one.text for one in vote.ballot.options}
    how = "by approval" if vote.ballot.method == "approval" else "ranked"
    turnout = f"{result.voted} of {len(vote.ballot.voters)} people voted, {how}"
    outcome = {
        "decided": "One draft won.",
        "tie": f"{len(result.winners)} drafts are level; nothing is decided yet.",
        "blank": "All votes were blank.",
        "no-quorum": f"It takes {result.needed} votes, so there is no result.",
    }[result.state]
    told: dict[str, Any] = {}
    if result.state == "decided":
        told["statement"] = texts[result.winners[0]]
    if result.state == "tie":
        told["level"] = [texts[one] for one in result.winners]
    told["vote"] = f"{turnout}. {outcome}"
    if result.approvals is not None:
        counts = Counter(result.approvals)
        told["votes"] = {f"{one}. {texts[one]}": counts[one] for one in result.approvals}
    return told


# Plain values


def _fill(kind: type[T], body: Mapping[str, Any]) -> T:
    import msgspec

    return msgspec.convert(dict(body), kind)


def _builtins(file: WorkshopFile) -> dict[str, Any]:
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(file)
    found["people"] = [{name: value for name, value in one.items() if value is not None} for one in found["people"]]
    if found["vote"]:
        found["vote"] = {name: value for name, value in found["vote"].items() if value is not None}
    return found


def _tidy(value: Any) -> Any:
    """The same without what no file may hold; see `storable`."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): _tidy(part) for name, part in value.items()}
    return [_tidy(part) for part in value] if isinstance(value, list | tuple) else value


def _texts(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if name != "history":  # earlier words of a draft
                yield from _texts(part, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(part, f"{place}[{number}]")
