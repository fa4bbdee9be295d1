"""Who reads which draft: by chance, and as many people for each.

Each person reads one draft, not two in turn. Two drafts of one vision share words: whoever has read both mixes them up,
in either order, and recall after a week belongs to both. Reading one takes more people (`comparison.power_table` says
how many) and says something about the draft alone.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visionquiz.errors import TrialError
from visionquiz.text import words

__all__ = ["DISTRACTIONS", "DRAFT_LIMIT", "TEXT_LIMIT", "Draft", "RecallTrial", "assign_arm"]

DRAFT_LIMIT = 600
"""Characters of a draft. The longest of 86 published visions has fewer; whoever needs more has written a policy."""

TEXT_LIMIT = 1_200
"""Characters of what somebody recalls of a draft: twice as many as a draft may have."""

DRAFTS_LIMIT = 6
"""Drafts in one trial: each more takes that many more people."""

DISTRACTIONS = (
    "Name three things that you can see from where you sit.",
    "Count the letters in the name of the street where you live. How many are there?",
    "Which months of the year have exactly 30 days?",
    "Write down four animals, from the smallest to the largest.",
)
"""Asked between reading and recalling, so that nobody repeats the draft in their mind until then: what is not rehearsed
fades within half a minute (Peterson and Peterson 1959). The answers are neither judged nor kept."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One wording that a team considers. Raises `TrialError` where it cannot be put to people."""

    id: str
    text: str

    def __post_init__(self) -> None:
        _check_id(self.id)
        if not words(self.text):
            raise TrialError(f"Draft {self.id} has no words. Write the draft first.")
        if len(self.text) > DRAFT_LIMIT:
            raise TrialError(
                f"Draft {self.id} has {len(self.text):,} characters; at most {DRAFT_LIMIT} can be tried. "
                "Shorten it: people will not remember more."
            )


@dataclass(frozen=True, kw_only=True)
class RecallTrial:
    """Two or more drafts, each read by some people, who then write from memory what it said.

    Raises `TrialError` where there are fewer than 2 drafts, too many, or two of one id or wording.
    """

    id: str
    drafts: tuple[Draft, ...]
    seed: int = 1
    """Another seed gives the drafts to other people."""
    distractions: tuple[str, ...] = DISTRACTIONS

    def __post_init__(self) -> None:
        _check_id(self.id)
        if not 2 <= len(self.drafts) <= DRAFTS_LIMIT:
            raise TrialError(f"A recall trial compares 2 to {DRAFTS_LIMIT} drafts; this one has {len(self.drafts)}.")
        for name, keys in (
            ("the same id", [draft.id for draft in self.drafts]),
            ("the same words", [" ".join(word.plain for word in words(draft.text)) for draft in self.drafts]),
        ):
            if len(set(keys)) < len(keys):
                raise TrialError(f"Two drafts have {name}. A trial needs drafts that differ.")

    def draft(self, draft_id: str) -> Draft | None:
        """The draft with this id, or None."""
        return next((draft for draft in self.drafts if draft.id == draft_id), None)

    def assign(self, person: str, taken: Mapping[str, str]) -> str:
        """The id of the draft that a person reads; see `assign_arm`."""
        return assign_arm([draft.id for draft in self.drafts], person, taken, seed=self.seed)


def assign_arm(arms: Sequence[str], person: str, taken: Mapping[str, str], *, seed: int = 1) -> str:
    """The arm (a draft, or with and without reading it) of a person, given everybody's so far.

    Who has an arm keeps it. Anybody else gets one of those that fewest people have, by chance; so at every moment no
    arm has more than one person above another (random permuted blocks, Matts and Lachin 1988). Chance is a digest of
    seed and person: the same people in the same order get the same arms again.

    >>> taken = {}
    >>> for person in "abcdefgh":
    ...     taken[person] = assign_arm(["with", "without"], person, taken)
    >>> sorted(taken.values()).count("with")
    4
    """
    if taken.get(person) in arms:
        return taken[person]
    counts = Counter(dict.fromkeys(arms, 0))
    counts.update(arm for arm in taken.values() if arm in counts)
    fewest = min(counts.values())
    return min((arm for arm in arms if counts[arm] == fewest), key=lambda arm: _digest(seed, person, arm))


def _digest(*parts: object) -> bytes:
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).digest()


def _check_id(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name):
        raise TrialError(f"{name[:80]!r} cannot be an id; use up to 64 letters, digits and hyphens, e.g. 'draft-a'.")
