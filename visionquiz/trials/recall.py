"""What people remember of a draft: per person a score, per word of the draft a share.

What was written is laid against the draft word by word, as the grader does for `state`; no model runs.
"""

import bisect
import functools
from collections.abc import Sequence
from dataclasses import dataclass

from visionquiz.errors import TrialError
from visionquiz.grading import Answer
from visionquiz.grading.encoder import Opinion
from visionquiz.grading.recall import judge_words, read_statement
from visionquiz.stats import wilson_interval
from visionquiz.text import words
from visionquiz.trials.assignment import DRAFT_LIMIT, TEXT_LIMIT
from visionquiz.vision import Vision

__all__ = ["RecallScore", "WordRecall", "check_text", "recall_by_word", "score_recall"]

_REMEMBERED = ("recalled", "paraphrased")
_SMALL = 0.5
"""Up to this weight a word of the draft is small, such as "the"; "never" and the like are above it."""
_NO_OPINION = Opinion(heads={}, points=(), words=())


@dataclass(frozen=True, kw_only=True)
class RecallScore:
    """What one person remembered of one draft."""

    share: float
    """0..1 of the draft's words of weight that are there, as they were or by a word near in meaning."""
    verbatim: float
    """0..1 of them that are there as they were; spelling does not count."""
    order: float
    """0..1: the largest part of what was recalled that stands in the draft's order. 0 where nothing was recalled."""
    intrusions: tuple[str, ...]
    """Words of weight inside the stretch that recalls the draft and that the draft has not."""
    words: tuple[str, ...]
    """What became of each word of the draft: recalled, paraphrased, changed or missing."""


@dataclass(frozen=True, kw_only=True)
class WordRecall:
    """How many remembered one word of a draft, at ``draft[start:end]``."""

    start: int
    end: int
    text: str
    weighty: bool
    """Whether it counts for the score. Small words such as "the" do not."""
    hits: int
    n: int
    interval: tuple[float, float]
    """95 %, 0..1. Wilson (1927)."""

    @property
    def share(self) -> float:
        """0..1 of the people who were asked."""
        return self.hits / self.n


def check_text(text: str) -> str:
    """Why this cannot be taken as what somebody recalls, in words for that person; empty if it can.

    Nothing written at all is an answer too: nothing was remembered.
    """
    if len(text) > TEXT_LIMIT:
        return (
            f"This has {len(text):,} characters; {TEXT_LIMIT:,} fit. Please keep only the words that you remember "
            "of the statement."
        )
    return ""


def score_recall(draft: str, text: str) -> RecallScore:
    """How much of a draft somebody remembered. Any text is welcome; what is above `TEXT_LIMIT` is not read.

    Words of weight are those that are no small words; a draft made of small words alone is scored on them.
    Raises `TrialError` for a draft without words or above `DRAFT_LIMIT`.

    >>> score = score_recall("We leave every home tidy and warm.", "every home tidy and cosy")
    >>> score.share, score.intrusions
    (0.5, ())
    """
    return _score(draft, text[:TEXT_LIMIT])


def recall_by_word(draft: str, texts: Sequence[str]) -> tuple[WordRecall, ...]:
    """The words of a draft in order, each with the share of people who remembered it; empty where nobody was asked.

    Raises `TrialError` as `score_recall` does.
    """
    weighty = _weighty(draft)
    scores = [score_recall(draft, text) for text in texts]
    if not scores:
        return ()
    return tuple(
        WordRecall(
            start=word.start,
            end=word.end,
            text=draft[word.start : word.end],
            weighty=place in weighty,
            hits=(hits := sum(score.words[place] in _REMEMBERED for score in scores)),
            n=len(scores),
            interval=wilson_interval(hits, len(scores)),
        )
        for place, word in enumerate(words(draft))
    )


@functools.lru_cache(maxsize=1 << 12)
def _score(draft: str, text: str) -> RecallScore:
    weighty = _weighty(draft)
    count = len(words(draft))
    judged = judge_words(Answer(id="", kind="state", text=text), _vision(draft), _NO_OPINION)
    found = judged[:count]
    verdicts = tuple(one.verdict for one in found)
    places = [one.evidence[0].start for one in found if one.verdict in _REMEMBERED and one.evidence]
    return RecallScore(
        share=sum(verdicts[place] in _REMEMBERED for place in weighty) / len(weighty),
        verbatim=sum(verdicts[place] == "recalled" for place in weighty) / len(weighty),
        order=_in_order(places) / len(places) if places else 0.0,
        intrusions=tuple(one.part for one in judged[count:]),
        words=verdicts,
    )


@functools.lru_cache(maxsize=64)
def _weighty(draft: str) -> tuple[int, ...]:
    """The places of the words that count."""
    found = words(draft)
    if not found or len(draft) > DRAFT_LIMIT:
        raise TrialError(f"A draft has words, and at most {DRAFT_LIMIT} characters.")
    terms = read_statement(_vision(draft)).terms
    places = tuple(place for place, term in enumerate(terms) if term.weight > _SMALL)
    return places or tuple(range(len(found)))


@functools.lru_cache(maxsize=64)
def _vision(draft: str) -> Vision:
    return Vision(company="", statement=draft, core_idea="", meaning=(), roles=())


def _in_order(places: Sequence[int]) -> int:
    """The length of the longest rising run of some of these numbers, equal ones allowed (Schensted 1961)."""
    ends: list[int] = []
    for place in places:
        at = bisect.bisect_right(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)
