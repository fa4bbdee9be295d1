"""One team's work on its statement, kept in a store: ideas, themes, drafts and a vote.

Several people are at it at once, each in a process of their own. Every method may raise `StoreError`, which says in
words what to do.
"""

import datetime as dt
import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from visionquiz.ballot import Ballot, Box, Option, Result, cast_vote, close_ballot, count_votes
from visionquiz.classroom import ROOM, Seat, open_room, own_seat
from visionquiz.drafts import Draft, DraftError, edit_draft
from visionquiz.errors import BallotError, StoreError
from visionquiz.ideas import Idea, fold_duplicates
from visionquiz.proposal import Proposal
from visionquiz.store import Contribution, Store, store_url
from visionquiz.themes import Edit, History, Themes

T = TypeVar("T")

__all__ = [
    "DOT", "DRAFT", "DRAFTS_LIMIT", "FILE", "IDEA", "IDEAS_LIMIT", "IMPORTED", "STAGE", "STAGES", "THEMES", "VOTE",
    "Stage", "Vote", "Workshop", "open_workshop", "read_history", "read_vote", "write_history", "write_vote",
]  # fmt: skip

FILE = "workshop.db"
"""Where a workshop is kept that belongs to no session."""

IDEA, DOT = "workshop-idea", "workshop-dot"
"""Kinds of contribution: what one person gives."""

STAGE, IMPORTED, THEMES, DRAFT, VOTE, MEANING = "stage", "ideas", "themes", "draft", "vote", "meaning"
"""Kinds of document: what the room makes together."""

STAGES = {
    "ideas": ("Collect ideas", 15),
    "themes": ("Find themes", 20),
    "alone": ("Draft alone", 10),
    "pairs": ("Draft in pairs", 15),
    "wall": ("Read the wall", 10),
    "merge": ("Merge", 20),
    "tests": ("Test with people", 15),
    "vote": ("Vote", 5),
    "meaning": ("Say what it means", 10),
}
"""The steps of a workshop: what each is called, and its minutes; together two hours."""

IDEAS_LIMIT = 1_000
"""Ideas that one room may give; ten people have some sixty."""

DRAFTS_LIMIT = 200
"""Drafts of one workshop."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Where the workshop stands. Time that is up is only said: the facilitator goes on when the room is ready."""

    name: str = "ideas"
    until: dt.datetime | None = None
    """When its minutes are over; None where no clock runs."""
    anonymous: bool = True
    """Whether nobody is named as the author of a draft."""


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A ballot and its box."""

    ballot: Ballot
    box: Box

    @property
    def result(self) -> Result:
        """What there is to know now; only the number of votes while it is open."""
        return count_votes(self.ballot, self.box)


class _InsteadError(Exception):
    """Leaves the store as it is, because there is a draft already."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft


class Workshop:
    """A workshop as one person in it has it before them."""

    alone = False
    """Somebody else may have it open, too."""

    def __init__(self, store: Store, seat: Seat, *, clock: Callable[[], float] = time.time) -> None:
        self.store, self.seat, self._clock = store, seat, clock

    def revision(self) -> int:
        """Grows with every change."""
        return self.store.revision()

    # Where the workshop stands

    def stage(self) -> Stage:
        """The step that the room is at."""
        body = self.store.document(STAGE)
        if body is None:
            return Stage()
        until = dt.datetime.fromisoformat(body["until"]) if body["until"] else None
        return Stage(name=body["name"], until=until, anonymous=body["anonymous"])

    def go_to(self, name: str, *, minutes: int | None = None) -> None:
        """Take the room to a step; its clock runs for `minutes`, or not at all."""
        if name not in STAGES:
            raise ValueError(name)
        now = dt.datetime.fromtimestamp(self._clock(), dt.UTC)
        until = (now + dt.timedelta(minutes=minutes)).isoformat() if minutes else ""
        self.store.change(STAGE, "", lambda old: {"anonymous": True, **(old or {}), "name": name, "until": until})

    def name_authors(self, named: bool) -> None:
        """Show who wrote a draft from now on, or do not."""
        plain = {"name": Stage().name, "until": ""}
        self.store.change(STAGE, "", lambda old: {**plain, **(old or {}), "anonymous": not named})

    # Ideas

    def share_idea(self, text: str, question: str = "") -> None:
        """Give an idea; others see it once the trainer has shown it. Nothing says whose it is, in the store either.

        Raises `StoreError` where the room has given `IDEAS_LIMIT` ideas.
        """
        count = len(self.store.read(IDEA))
        if count >= IDEAS_LIMIT:
            raise StoreError(f"the room has shared {count:,} ideas; more are not taken")
        body = {"text": text, "question": question}
        state = "shown" if self.seat.trainer else "waiting"
        self.store.contribute(IDEA, secrets.token_hex(8), body, state=state)

    def import_ideas(self, ideas: Sequence[Idea]) -> int:
        """Take ideas in, such as those of a survey; returns how many are new. What is there already stays as it is."""
        new = 0

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            nonlocal new
            kept = list((old or {}).get("ideas", ()))
            there = {(one["text"], one["question"]) for one in kept}
            fresh = [one for one in ideas if (one.text, one.question) not in there]
            new = len(fresh)
            kept += [
                {"id": f"survey-{number}", "text": one.text, "question": one.question, "count": one.count}
                for number, one in enumerate(fresh, len(kept) + 1)
            ]
            return {"ideas": kept}

        self.store.change(IMPORTED, "", make)
        return new

    def ideas(self) -> tuple[Idea, ...]:
        """All ideas that may be seen, from surveys and from the room, each once."""
        body = self.store.document(IMPORTED)
        imported = [Idea(**one) for one in (body or {"ideas": ()})["ideas"]]
        said = [
            Idea(id=f"room-{one.id}", text=one.body["text"], question=one.body["question"])
            for one in self.store.read(IDEA)
            if one.state == "shown"
        ]
        return fold_duplicates([*imported, *said])

    def waiting_ideas(self) -> tuple[Contribution, ...]:
        """What the trainer has not looked at yet."""
        return tuple(one for one in self.store.read(IDEA) if one.state == "waiting")

    # Themes

    def themes(self) -> History | None:
        """The themes and how they came to be; None before the ideas have been grouped."""
        body = self.store.document(THEMES)
        return read_history(body) if body else None

    def start_themes(self, themes: Themes) -> None:
        """Put new themes in place of those that there are."""
        self.store.change(THEMES, "", lambda _: write_history(History(first=themes)))

    def edit_themes(self, change: Callable[[History], History]) -> History:
        """Make a change on the themes as they are now. Raises `EditError` where it can no longer be made."""

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            return write_history(change(read_history(old) if old else History(first=Themes())))

        return read_history(self.store.change(THEMES, "", make))

    # Drafts

    def drafts(self) -> tuple[Draft, ...]:
        """All drafts, in the order in which they were begun."""
        return tuple(_fill(Draft, one.body) for one in self.store.documents(DRAFT))

    def draft(self, ident: str) -> Draft:
        """One draft. Raises `DraftError` where there is none."""
        body = self.store.document(DRAFT, ident)
        if body is None:
            raise DraftError(f"there is no draft '{ident}'")
        return _fill(Draft, body)

    def my_drafts(self) -> tuple[Draft, ...]:
        """The drafts that this person writes on."""
        return tuple(one for one in self.drafts() if self.seat.id in one.authors)

    def start_draft(
        self,
        text: str = "",
        *,
        made: str = "alone",
        authors: Sequence[str] = (),
        parents: Sequence[str] = (),
        instead: Callable[[Sequence[Draft]], Draft | None] = lambda drafts: None,
    ) -> Draft:
        """Begin a draft with this person as an author, and others; or the one of all drafts that `instead` finds.

        Nobody begins another one meanwhile, so two who press at once get one draft. Raises `DraftError` where it cannot
        be kept.
        """
        there = self.store.documents(DRAFT)
        if len(there) >= DRAFTS_LIMIT:
            raise DraftError(f"there are {len(there)} drafts; more are not taken")
        known = {one.id for one in there}
        if not set(parents) <= known:
            raise DraftError("a draft that this one was made from is no longer there")
        who = tuple(dict.fromkeys((self.seat.id, *authors)))

        # Ids are what a person types for `visionquiz adopt`, so they count.
        for number in range(len(there) + 1, len(there) + DRAFTS_LIMIT):
            ident = f"draft-{number:03}"
            new = Draft(id=ident, made=made, authors=who, parents=tuple(parents))
            if text:
                new = edit_draft(new, base="", text=text, who=self.seat.id, when=self._clock())
            taken = False

            def make(old: Mapping[str, Any] | None, new: Draft = new) -> Mapping[str, Any]:
                nonlocal taken
                taken = old is not None
                # Whoever writes has the store alone, so what is read here is what there is.
                if not taken and (there := instead(self.drafts())):
                    raise _InsteadError(there)
                return old or _plain(new)

            try:
                kept = self.store.change(DRAFT, ident, make)
            except _InsteadError as found:
                return found.draft
            if not taken:
                return _fill(Draft, kept)
        raise DraftError("no more drafts are taken")

    def edit_draft(self, ident: str, *, base: str, text: str) -> Draft:
        """The draft after this person, who saw `base`, made `text` of it; what others typed meanwhile stays in."""
        return self._change_draft(
            ident, lambda draft: edit_draft(draft, base=base, text=text, who=self.seat.id, when=self._clock())
        )

    def hang_up(self, ident: str, on_wall: bool = True) -> Draft:
        """Put a draft on the wall for everybody to read, or take it off."""

        def make(draft: Draft) -> Draft:
            if on_wall and not draft.text.strip():
                raise DraftError("there is nothing in this draft yet")
            return replace(draft, on_wall=on_wall)

        return self._change_draft(ident, make)

    def _change_draft(self, ident: str, change: Callable[[Draft], Draft]) -> Draft:
        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            if old is None:
                raise DraftError(f"there is no draft '{ident}'")
            return _plain(change(_fill(Draft, old)))

        return _fill(Draft, self.store.change(DRAFT, ident, make))

    def put_dot(self, ident: str, there: bool) -> None:
        """Mark a draft on the wall as one that this person could live with, or take the mark back."""
        self.store.contribute(DOT, self.seat.id, {"dot": there}, slot=ident)

    def dots(self) -> dict[str, int]:
        """How many people marked each draft."""
        found: dict[str, int] = {}
        for one in self.store.read(DOT):
            if one.body["dot"]:
                found[one.slot] = found.get(one.slot, 0) + 1
        return found

    def my_dots(self) -> frozenset[str]:
        """The drafts that this person has marked."""
        return frozenset(one.slot for one in self.store.read(DOT) if one.author == self.seat.id and one.body["dot"])

    # The vote

    def vote(self) -> Vote | None:
        """The ballot and its box; None before there is one."""
        body = self.store.document(VOTE)
        return read_vote(body) if body else None

    def open_vote(self, drafts: Sequence[str], *, method: str = "approval", voters: Sequence[str]) -> Vote:
        """Put drafts to the vote. Raises `BallotError` where nobody could vote on them, or a vote is still open."""
        options = tuple(Option(id=ident, text=self.draft(ident).text) for ident in drafts)
        ballot = Ballot(
            id=secrets.token_hex(4), question="Which statement shall be ours?", options=options,
            voters=frozenset(voters), method="ranked" if method == "ranked" else "approval",
        )  # fmt: skip

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            if old and not read_vote(old).box.closed:
                raise BallotError("A vote is open already. Close it first.")
            return write_vote(Vote(ballot=ballot, box=Box()))

        return read_vote(self.store.change(VOTE, "", make))

    def cast(self, choice: Sequence[str]) -> None:
        """This person's vote. Raises `BallotError` in words for that person."""
        self._change_vote(lambda vote: replace(vote, box=cast_vote(vote.ballot, vote.box, self.seat.id, choice)))

    def close_vote(self) -> Vote:
        """No more votes; the result may be seen."""
        return self._change_vote(lambda vote: replace(vote, box=close_ballot(vote.box)))

    def chosen(self) -> Option | None:
        """The draft that won the vote, as it was voted on; None without a vote, or without one winner."""
        vote = self.vote()
        if vote is None or vote.result.state != "decided":
            return None
        return next(option for option in vote.ballot.options if option.id == vote.result.winners[0])

    def _change_vote(self, change: Callable[[Vote], Vote]) -> Vote:
        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            if old is None:
                raise BallotError("There is no vote yet.")
            return write_vote(change(read_vote(old)))

        return read_vote(self.store.change(VOTE, "", make))

    # What the statement means

    def meaning(self, ident: str) -> Proposal | None:
        """What the room says that a draft means; None before anybody has said a word of it."""
        body = self.store.document(MEANING, ident)
        return _fill(Proposal, body) if body else None

    def change_meaning(self, ident: str, change: Callable[[Proposal], Proposal], *, start: Proposal) -> Proposal:
        """Change what a draft means, from what it is now, or from `start`. What `change` raises changes nothing."""

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            return _plain(change(_fill(Proposal, old) if old else start))

        return _fill(Proposal, self.store.change(MEANING, ident, make))


def open_workshop(folder: Path, environ: Mapping[str, str] = os.environ) -> Workshop:
    """The workshop of the session that runs. Without one it is kept in `folder`, and whoever opens it leads it.

    Raises `StoreError` where it cannot be kept.
    """
    seat = own_seat(environ)
    if not environ.get(ROOM):
        return Workshop(Store(store_url(folder / FILE)), replace(seat, trainer=True))
    store = open_room(environ)
    if not seat.trainer:
        store.join(seat.id, name=seat.name, team=seat.team, place="workbench", now=dt.datetime.now(dt.UTC))
    return Workshop(store, seat)


@dataclass(frozen=True, kw_only=True)
class _KeptStep:
    edit: Edit
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class _KeptHistory:
    """Edits only: what came of each follows from the first themes."""

    first: Themes
    steps: tuple[_KeptStep, ...] = ()
    undone: tuple[_KeptStep, ...] = ()
    """The last one undone comes last."""


def write_history(history: History) -> dict[str, Any]:
    """Themes and how they came to be, as the store keeps them."""
    steps, undone = (
        [_KeptStep(edit=one.edit, who=one.who) for one in part] for part in (history.steps, history.undone)
    )
    return _plain(_KeptHistory(first=history.first, steps=tuple(steps), undone=tuple(undone)))


def read_history(body: Mapping[str, Any]) -> History:
    """Themes from what the store keeps. Raises `EditError` where a step cannot be made."""
    kept = _fill(_KeptHistory, body)
    history = History(first=kept.first)
    redone = tuple(reversed(kept.undone))
    for step in (*kept.steps, *redone):
        history = history.edit(step.edit, who=step.who)
    for _ in redone:
        history = history.undo()
    return history


def write_vote(vote: Vote) -> dict[str, Any]:
    """A vote as the store keeps it."""
    ballot = _plain(vote.ballot)
    papers = [[list(paper), count] for paper, count in vote.box.papers.items()]
    box = {"voted": sorted(vote.box.voted), "papers": papers, "closed": vote.box.closed}
    return {"ballot": {**ballot, "voters": sorted(ballot["voters"])}, "box": box}


def read_vote(body: Mapping[str, Any]) -> Vote:
    """A vote from what the store keeps."""
    box = body["box"]
    papers = {tuple(paper): count for paper, count in box["papers"]}
    return Vote(
        ballot=_fill(Ballot, body["ballot"]),
        box=Box(voted=frozenset(box["voted"]), papers=MappingProxyType(papers), closed=box["closed"]),
    )


def _plain(value: Any) -> dict[str, Any]:
    """A frozen type as the store keeps it."""
    import msgspec

    return msgspec.to_builtins(value)  # type: ignore[no-any-return]


def _fill(kind: type[T], body: Mapping[str, Any]) -> T:
    """A frozen type from what the store keeps."""
    import msgspec

    return msgspec.convert(dict(body), kind)
