"""The swap test: with a rival's name on it, would the draft be just as true?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from visionquiz.errors import TrialError
from visionquiz.stats import wilson_interval

__all__ = ["SwapTest", "Swapped"]

NAME_LIMIT = 80


@dataclass(frozen=True, kw_only=True)
class Swapped:
    """What people say of the draft under another name."""

    just_as_true: int
    n: int
    interval: tuple[float, float]
    """95 % of ``just_as_true / n``; 0 to 1 where nobody was asked. Wilson (1927)."""

    @property
    def verdict(self) -> str:
        """One sentence: of us, of anybody, or not known yet."""
        if self.interval[1] < 0.5:
            return "Most people say that it could not be said of the other company."
        if self.interval[0] > 0.5:
            return "Most people say that it could be said of the other company just as well."
        return "No majority either way yet."


@dataclass(frozen=True, kw_only=True)
class SwapTest:
    """A draft and the name of another company that serves the same customers.

    Raises `TrialError` where a name is empty or longer than 80 characters.
    """

    draft: str
    company: str
    rival: str

    def __post_init__(self) -> None:
        for name in (self.company, self.rival):
            if not name.strip() or len(name) > NAME_LIMIT:
                raise TrialError(f"A swap test needs two names of at most {NAME_LIMIT} characters.")

    @property
    def question(self) -> str:
        """What people are asked, with yes or no to choose."""
        return f"Could {self.rival.strip()} say this of its service just as well?"

    @property
    def swapped(self) -> str:
        """The draft with the rival's name in place of ours; put before it where ours is not in it.

        >>> SwapTest(draft="We keep homes dry.", company="Hollowmere", rival="Northwell").swapped
        'Northwell: We keep homes dry.'
        """
        ours = re.compile(rf"(?<!\w){re.escape(self.company.strip())}(?!\w)", re.IGNORECASE)
        text, found = ours.subn(lambda _: self.rival.strip(), self.draft)
        return text if found else f"{self.rival.strip()}: {self.draft}"

    def sum_answers(self, answers: Sequence[bool]) -> Swapped:
        """How many said yes."""
        return Swapped(
            just_as_true=sum(answers),
            n=len(answers),
            interval=wilson_interval(sum(answers), len(answers)) if answers else (0.0, 1.0),
        )
