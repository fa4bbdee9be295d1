"""What can be counted in a statement, and how well each count tells service statements from counter-examples.

None of these measures quality. Each was held against the 86 published statements by ``benchmarks/statements.py``: the
area under the curve (AUC) is how often, of one service statement and one counter-example drawn at random, the measure
sorts the two rightly. .5 is a coin. Labels are one reader's, and the word lists were written by somebody who had read
the statements, so expect less on others.
"""

import csv
import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from visionquiz.statement.lexicon import syllables, zipf
from visionquiz.statement.published import load_published
from visionquiz.statement.wording import (
    Draft,
    find_customers,
    find_gain,
    find_generic,
    find_jargon,
    find_limits,
    find_rank,
    find_results,
    find_seen,
    find_self,
    read_draft,
)
from visionquiz.stats import auc, auc_interval
from visionquiz.text import Word, content

__all__ = [
    "MEASURES",
    "Accuracy",
    "Measure",
    "count_syllables",
    "grade_level",
    "load_accuracy",
    "measure_accuracy",
    "place_among",
    "rare_words",
    "rarest",
    "reading_ease",
    "show_grade",
]


_ENDS = frozenset(".!?:\n")
"""After these a word has its capital letter for the place where it stands."""


def count_syllables(draft: Draft) -> int:
    """Syllables of all words together."""
    return sum(syllables(word.plain) for word in draft.words)


def reading_ease(draft: Draft) -> float:
    """Reading ease, higher is easier: 60 to 70 is plain English, below 30 is hard. NaN without words.

    206.835 - 1.015 words per sentence - 84.6 syllables per word. Flesch (1948), who made it for samples of 100 words.

    >>> round(reading_ease(read_draft("We help people pay the right amount on time.")), 1)
    94.3
    """
    if not draft.words:
        return float("nan")
    count = len(draft.words)
    return 206.835 - 1.015 * count / draft.sentences - 84.6 * count_syllables(draft) / count


def grade_level(draft: Draft) -> float:
    """The United States school grade that a text asks for. NaN without words. Kincaid and others (1975).

    0.39 words per sentence + 11.8 syllables per word - 15.59. Made for longer texts, like the ease.
    """
    if not draft.words:
        return float("nan")
    count = len(draft.words)
    return 0.39 * count / draft.sentences + 11.8 * count_syllables(draft) / count - 15.59


def show_grade(draft: Draft) -> str:
    """The school grade as people read it: ``1`` to ``12``, or ``above 12``."""
    level = round(grade_level(draft))
    return "above 12" if level > 12 else str(max(1, level))


def rare_words(draft: Draft, company: str = "") -> tuple[tuple[Word, float], ...]:
    """The words that carry meaning with their Zipf frequencies, the rarest first, each once.

    A form counts as common as its base word. Names are left out: words with a capital letter inside a sentence, and
    those of the company's name.
    """
    own = {word.plain for word in read_draft(company).words}
    found: dict[str, tuple[Word, float]] = {}
    starts = {draft.words[0].start} if draft.words else set()
    starts |= {
        word.start
        for before, word in itertools.pairwise(draft.words)
        if not _ENDS.isdisjoint(draft.text[before.end : word.start])
    }
    for word in content(draft.words):
        named = draft.text[word.start].isupper() and word.start not in starts
        if not named and word.plain not in own and not word.plain.isdigit():
            found.setdefault(word.plain, (word, max(map(zipf, _bases(word.plain)))))
    return tuple(sorted(found.values(), key=lambda pair: (pair[1], pair[0].start)))


def _bases(plain: str) -> tuple[str, ...]:
    """A word and what it may be a form of: whoever knows ``achieve`` knows ``achieves``."""
    for ending in ("ing", "ed", "es", "s", "d"):
        base = plain.removesuffix(ending)
        if base != plain and len(base) > 3:
            return (plain, base, base + "e") if ending in ("ing", "ed", "es") else (plain, base)
    return (plain,)


def rarest(draft: Draft) -> float:
    """The Zipf frequency of the rarest word that carries meaning; that of very common words where there is none."""
    found = rare_words(draft)
    return found[0][1] if found else 7.0


def _mean_frequency(draft: Draft) -> float:
    found = [value for _, value in rare_words(draft)]
    return sum(found) / len(found) if found else 7.0


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something that can be counted in a statement."""

    id: str
    label: str
    """What a higher value would speak for, if it spoke for anything: ``fewer words``."""
    of: Callable[[Draft], float]
    """The value; higher is what service statements should have more of."""


MEASURES: tuple[Measure, ...] = (
    Measure(id="words", label="fewer words", of=lambda draft: -len(draft.words)),
    Measure(id="grade", label="lower school grade", of=lambda draft: -grade_level(draft)),
    Measure(id="ease", label="higher reading ease", of=reading_ease),
    Measure(id="rarest", label="the rarest word is more common", of=rarest),
    Measure(id="frequency", label="words that carry meaning are more common on the whole", of=_mean_frequency),
    Measure(id="rank", label="fewer claims of rank", of=lambda draft: -len(find_rank(draft))),
    Measure(id="generic", label="fewer words that fit any company", of=lambda draft: -len(find_generic(draft))),
    Measure(id="jargon", label="fewer words of the trade", of=lambda draft: -len(find_jargon(draft))),
    Measure(id="customers", label="those who are served are named", of=lambda draft: bool(find_customers(draft))),
    Measure(
        id="gain",
        label="less of the company's own gain and standing",
        of=lambda draft: -len(find_gain(draft)) - len(find_self(draft)),
    ),
    Measure(id="result", label="a result for the customer is found", of=lambda draft: bool(find_results(draft))),
    Measure(id="seen", label="a verb that can be seen is found", of=lambda draft: bool(find_seen(draft))),
    Measure(id="limits", label="a limit is found", of=lambda draft: bool(find_limits(draft))),
)
"""Everything that is counted, in the order of the card."""


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """How well one measure tells the published service statements from the counter-examples."""

    measure: str
    label: str
    auc: float
    """0..1, .5 is a coin."""
    low: float
    high: float
    """The 95 % interval of DeLong and others (1988)."""
    serving: int
    others: int

    @property
    def chance(self) -> bool:
        """Whether the interval holds .5: the measure may be no better than a coin."""
        return self.low <= 0.5 <= self.high


def measure_accuracy() -> tuple[Accuracy, ...]:
    """Every measure held against the published statements; what accuracy.csv was written from."""
    drafts = [(read_draft(one.statement), one.serves) for one in load_published()]
    found = []
    for measure in MEASURES:
        serving = [float(measure.of(draft)) for draft, serves in drafts if serves]
        others = [float(measure.of(draft)) for draft, serves in drafts if not serves]
        low, high = auc_interval(serving, others)
        found.append(
            Accuracy(
                measure=measure.id,
                label=measure.label,
                auc=round(auc(serving, others), 3),
                low=round(low, 3),
                high=round(high, 3),
                serving=len(serving),
                others=len(others),
            )
        )
    return tuple(found)


@functools.lru_cache(maxsize=1)
def load_accuracy() -> Mapping[str, Accuracy]:
    """What `measure_accuracy` gave when accuracy.csv was written, by measure; a test keeps the two the same."""
    text = files("visionquiz.statement").joinpath("accuracy.csv").read_text(encoding="utf-8")
    labels = {measure.id: measure.label for measure in MEASURES}
    return {
        row["measure"]: Accuracy(
            measure=row["measure"],
            label=labels[row["measure"]],
            auc=float(row["auc"]),
            low=float(row["low"]),
            high=float(row["high"]),
            serving=int(row["serving"]),
            others=int(row["others"]),
        )
        for row in csv.DictReader(text.splitlines())
    }


def place_among(value: float, published: Sequence[float]) -> tuple[int, int, int]:
    """How many published values are lower, the same and higher.

    >>> place_among(9, [5, 9, 9, 15])
    (1, 2, 1)
    """
    lower = sum(other < value for other in published)
    same = sum(other == value for other in published)
    return lower, same, len(published) - lower - same
