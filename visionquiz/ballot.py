"""Choosing one draft: a secret vote by approval or by ranking, one per person, with a quorum, and ties shown as ties.

Who has voted and what was voted are kept in two heaps without order or time, so that nothing in a `Box` says whose
paper is whose. Whoever can watch the box between two votes sees one name and one paper come; so let nobody see it while
it is open.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from visionquiz.errors import BallotError

__all__ = ["Ballot", "Box", "Option", "Result", "cast_vote", "close_ballot", "count_votes", "rank_schulze", "seal_box"]

OPTIONS_LIMIT = 12
TEXT_LIMIT = 600
VOTERS_LIMIT = 100_000

FEWEST = 5
"""Votes below which only the outcome is shown and no count: counts of four papers tell what a person chose."""

Paper = tuple[str, ...]
"""Option ids: approved ones in the ballot's order, or ranked ones, the best first; empty for a blank vote."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One draft to choose."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """What is voted on, how, and who may. Raises `BallotError` where nobody could vote on it."""

    id: str
    question: str
    options: tuple[Option, ...]
    voters: frozenset[str]
    method: Literal["approval", "ranked"] = "approval"
    """By approval a vote names every option that a person could live with; ranked, it puts them in order."""
    quorum: int | None = None
    """Votes without which there is no result, blank ones among them; more than half of the voters if not given."""

    def __post_init__(self) -> None:
        ids = [option.id for option in self.options]
        if not 2 <= len(ids) <= OPTIONS_LIMIT:
            raise BallotError(f"A ballot has 2 to {OPTIONS_LIMIT} drafts to choose from; this one has {len(ids)}.")
        if len(set(ids)) < len(ids):
            raise BallotError("Two drafts of a ballot have the same id.")
        if not all(option.text.strip() and len(option.text) <= TEXT_LIMIT for option in self.options):
            raise BallotError(f"Every draft of a ballot has a text of at most {TEXT_LIMIT} characters.")
        if self.method not in ("approval", "ranked"):
            raise BallotError("A vote is by approval or ranked.")
        if not 1 <= len(self.voters) <= VOTERS_LIMIT:
            raise BallotError(f"A ballot has 1 to {VOTERS_LIMIT:,} voters; this one has {len(self.voters):,}.")
        if self.quorum is not None and not 1 <= self.quorum <= len(self.voters):
            raise BallotError(f"The quorum is a number from 1 to {len(self.voters):,}, as many as may vote.")

    @property
    def needed(self) -> int:
        """Votes that a result takes."""
        return self.quorum if self.quorum is not None else len(self.voters) // 2 + 1


@dataclass(frozen=True, kw_only=True)
class Box:
    """What has been cast: a heap of names and a heap of papers, each in the order of the alphabet."""

    voted: frozenset[str] = frozenset()
    papers: Mapping[Paper, int] = field(default_factory=lambda: MappingProxyType({}))
    """How many cast each paper."""
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a closed ballot came to."""

    state: Literal["open", "no-quorum", "decided", "tie", "blank"]
    voted: int
    needed: int
    winners: tuple[str, ...] = ()
    """Option ids in the ballot's order; several at a tie, none unless decided or tied."""
    blank: int | None = None
    """Votes for nothing; None where no counts are shown."""
    approvals: Mapping[str, int] | None = None
    """By approval: votes per option; None where no counts are shown."""
    pairs: Mapping[tuple[str, str], int] | None = None
    """Ranked: by two options, how many rank the first above the second; None where no counts are shown."""
    ranks: tuple[tuple[str, ...], ...] = ()
    """All options from best to last; those that stand equal together. Empty unless decided or tied."""


def cast_vote(ballot: Ballot, box: Box, person: str, choice: Sequence[str]) -> Box:
    """The box with one more vote. Raises `BallotError` in words for that person, and the box is as it was.

    An empty choice is a blank vote: it counts towards the quorum.
    """
    if box.closed:
        raise BallotError("The vote is closed. Nothing was changed.")
    if person not in ballot.voters:
        raise BallotError("You are not on the list of people who vote here. Ask your trainer.")
    if person in box.voted:
        raise BallotError("You have voted already. Your first vote counts; this one was not taken.")
    paper = _fill_paper(ballot, choice)
    papers = {**box.papers, paper: box.papers.get(paper, 0) + 1}
    # Sorted, so that not even the order of a mapping says who came last.
    return replace(box, voted=box.voted | {person}, papers=MappingProxyType(dict(sorted(papers.items()))))


def close_ballot(box: Box) -> Box:
    """The box, closed: no more votes are taken, and the result may be seen."""
    return replace(box, closed=True)


def count_votes(ballot: Ballot, box: Box) -> Result:
    """The result; nothing but the number of votes while the ballot is open or below its quorum."""
    voted = len(box.voted)
    if not box.closed:
        return Result(state="open", voted=voted, needed=ballot.needed)
    if voted < ballot.needed:
        return Result(state="no-quorum", voted=voted, needed=ballot.needed)
    ids = [option.id for option in ballot.options]
    filled = {paper: count for paper, count in box.papers.items() if paper}
    approvals, pairs = None, None
    if ballot.method == "approval":
        approvals = {one: sum(count for paper, count in filled.items() if one in paper) for one in ids}
        levels = sorted(set(approvals.values()), reverse=True)
        ranks = tuple(tuple(one for one in ids if approvals[one] == level) for level in levels)
    else:
        pairs = _compare_pairs(ids, filled)
        ranks = rank_schulze(ids, pairs)
    shown = voted >= FEWEST
    blank = voted - sum(filled.values())
    if not filled:
        return Result(state="blank", voted=voted, needed=ballot.needed, blank=blank if shown else None)
    return Result(
        state="decided" if len(ranks[0]) == 1 else "tie",
        voted=voted,
        needed=ballot.needed,
        winners=ranks[0],
        blank=blank if shown else None,
        approvals=approvals if shown else None,
        pairs=pairs if shown else None,
        # The order below the winner is a count of sorts, too.
        ranks=ranks if shown else (),
    )


def seal_box(ballot: Ballot, voted: Sequence[str], winners: Sequence[str]) -> Box:
    """A closed box that comes to this outcome and holds no paper of anybody.

    For where counts are not shown (see `FEWEST`): the papers themselves would tell them. `count_votes` says of this box
    what it said of the one that was voted into.

    >>> ballot = Ballot(id="b", question="?", options=(Option(id="x", text="X"), Option(id="y", text="Y")),
    ...     voters=frozenset("abc"), method="ranked")
    >>> count_votes(ballot, seal_box(ballot, "ab", ["y"])).winners
    ('y',)
    """
    # By approval one paper that names all winners; ranked, one for each, so that no winner is above another.
    papers = [tuple(winners)] if ballot.method == "approval" else [(one,) for one in winners]
    counts = dict.fromkeys(sorted(papers), 1) if winners else {}
    return Box(voted=frozenset(voted), papers=MappingProxyType(counts), closed=True)


def rank_schulze(ids: Sequence[str], pairs: Mapping[tuple[str, str], int]) -> tuple[tuple[str, ...], ...]:
    """Options from best to last by the Schulze method, those that it sets equal together, in the order given.

    `pairs` says how many rank the first of two options above the second. An option is above another if its strongest
    path of won pairs to the other is stronger than the way back; a path is as strong as its weakest pair, a pair as
    strong as the votes for it. Schulze (2011), A new monotonic, clone-independent, reversal symmetric, and
    Condorcet-consistent single-winner election method, Social Choice and Welfare 36. Options are set equal level by
    level: the first level are those that nobody is above, the next those of the rest, and so on.

    >>> rank_schulze("abc", {("a", "b"): 3, ("b", "a"): 2, ("b", "c"): 4, ("c", "b"): 1, ("a", "c"): 3, ("c", "a"): 2})
    (('a',), ('b',), ('c',))
    """
    path = {
        (one, other): (votes if votes > pairs.get((other, one), 0) else 0)
        for one in ids
        for other in ids
        if one != other
        for votes in (pairs.get((one, other), 0),)
    }
    for via in ids:
        for one in ids:
            for other in ids:
                if len({via, one, other}) == 3:
                    path[one, other] = max(path[one, other], min(path[one, via], path[via, other]))
    left, ranks = list(ids), []
    while left:
        best = tuple(one for one in left if all(path[one, other] >= path[other, one] for other in left if other != one))
        ranks.append(best)
        left = [one for one in left if one not in best]
    return tuple(ranks)


def _fill_paper(ballot: Ballot, choice: Sequence[str]) -> Paper:
    if len(choice) > OPTIONS_LIMIT or len(set(choice)) < len(choice):
        raise BallotError("Each draft can be named once. Your vote was not taken; please look at it again.")
    ids = [option.id for option in ballot.options]
    if not set(choice) <= set(ids):
        raise BallotError("This draft is not on the ballot. Your vote was not taken; please look at it again.")
    if ballot.method == "approval":
        return tuple(one for one in ids if one in choice)
    return tuple(choice)


def _compare_pairs(ids: Sequence[str], papers: Mapping[Paper, int]) -> dict[tuple[str, str], int]:
    """How many rank the first of two above the second; what a paper leaves out comes last, equal."""
    found: Counter[tuple[str, str]] = Counter({(one, other): 0 for one in ids for other in ids if one != other})
    for paper, count in papers.items():
        place = {one: number for number, one in enumerate(paper)}
        for one, other in found:
            if place.get(one, math.inf) < place.get(other, math.inf):
                found[one, other] += count
    return dict(found)
