"""Where the words stand that a remark may be about. Patterns, no grammar: each can miss and each can be fooled.

All functions take the words of a draft and give back spans in the text, in order.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from visionquiz.statement import wordlists
from visionquiz.statement.card import Span
from visionquiz.text import SMALL_WORDS, Word, words

__all__ = [
    "Draft",
    "find_audiences",
    "find_customers",
    "find_gain",
    "find_generic",
    "find_inner",
    "find_jargon",
    "find_limits",
    "find_rank",
    "find_results",
    "find_seen",
    "find_self",
    "find_stretch",
    "find_wide",
    "read_draft",
]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A statement as the card reads it."""

    text: str
    words: tuple[Word, ...]
    breaks: frozenset[int]
    """Places in `words` before which a new clause begins, 0 among them."""
    sentences: int
    """At least 1 where there is a word."""

    def span(self, start: int, end: int) -> Span:
        """Where the words from place `start` up to `end`, without it, stand in the text."""
        return self.words[start].start, self.words[end - 1].end

    def clause_end(self, start: int, most: int) -> int:
        """The place at which the clause ends that holds the word at `start`, at most so many words on."""
        limit = min(len(self.words), start + most)
        return next((place for place in range(start + 1, limit) if place in self.breaks), limit)


def read_draft(text: str) -> Draft:
    """The words, clauses and sentences of a text. Only the first `READ_LIMIT` characters are read."""
    found = words(text)
    breaks, sentences, end = {0}, 0, 0
    for place, word in enumerate(found):
        between = text[end : word.start]
        if _CLAUSE.search(between):
            breaks.add(place)
        sentences += bool(end) and bool(_SENTENCE.search(between))
        end = word.end
    return Draft(text=text, words=found, breaks=frozenset(breaks), sentences=sentences + bool(found))


def find_rank(draft: Draft) -> tuple[Span, ...]:
    """Claims that only a comparison with others could prove: ``world's best``, ``leading``, ``most loved``."""
    spans = []
    for start, end in _find(draft, wordlists.RANK):
        last = draft.words[end - 1].plain
        before = draft.words[start - 1].plain if start else ""
        after = draft.words[end].plain if end < len(draft.words) and end not in draft.breaks else ""
        if last == "best" and end - start == 1 and (before in wordlists.OWN_BEST or after == "day"):
            continue
        if last == "most" and (not after or after in SMALL_WORDS or before in {"at", "matters", "what"}):
            continue
        if last in {"leading", "leader", "leaders"} and before in {"team", "shift"}:
            continue
        if last == "top" and (before in {"on", "the"} and after == "of"):
            continue
        spans.append((start, end + (last == "most")))
    # "The world's best" is a claim, "the world's information" is not.
    return tuple(
        draft.span(start, end)
        for start, end in _joined(spans)
        if end - start > 1 or draft.words[start].plain not in _WHOSE
    )


def find_generic(draft: Draft) -> tuple[Span, ...]:
    """Words that any company could use: ``excellent``, ``prompt``."""
    return _spans(draft, _find(draft, wordlists.GENERIC))


def find_jargon(draft: Draft) -> tuple[tuple[Span, str], ...]:
    """Words of the trade, each with what might be said instead."""
    found = [((start, end), _instead(draft, start, end)) for start, end in _find(draft, _JARGON)]
    # "Deliver" is plain for a parcel; GOV.UK minds it only before something that nobody can carry.
    for place, word in enumerate(draft.words):
        if word.plain in _DELIVER:
            carried = [later.plain for later in draft.words[place + 1 : draft.clause_end(place, 6)]]
            if _ABSTRACT.intersection(carried):
                found.append(((place, place + 1), "give, do, bring"))
    return tuple((draft.span(*span), instead) for span, instead in sorted(found))


def find_customers(draft: Draft) -> tuple[Span, ...]:
    """Words for those who are served. ``Customer`` before ``service`` is a label, and so is not one of them."""
    return tuple(draft.span(place, place + 1) for place in _customers(draft))


def find_gain(draft: Draft) -> tuple[Span, ...]:
    """What the company gets: ``profit``, ``growth``, ``reputation``."""
    return _spans(draft, _find(draft, wordlists.GAIN))


def find_self(draft: Draft) -> tuple[Span, ...]:
    """Where a company says what it wants to be: ``to be the``."""
    return _spans(draft, _find(draft, wordlists.SELF))


def find_audiences(draft: Draft) -> tuple[Span, ...]:
    """Where something is done for others than customers: ``for our associates``."""
    return _spans(draft, _find(draft, wordlists.AUDIENCES))


def find_results(draft: Draft) -> tuple[Span, ...]:
    """Stretches that seem to tell what a customer gets: ``help people pay``, ``so they can``, ``on time``."""
    customers = frozenset(_customers(draft))
    gain = find_gain(draft)
    found = [
        (place, draft.clause_end(place, 12))
        for place in range(len(draft.words))
        if any(pattern(draft, place, customers) for pattern in _RESULTS)
    ]
    spans = [draft.span(*span) for span in _joined(found)]
    return tuple((start, end) for start, end in spans if not any(start <= at < end for at, _ in gain))


def find_seen(draft: Draft) -> tuple[Span, ...]:
    """Verbs for things that somebody else could watch: ``explain``, ``listen``."""
    return _verbs(draft, wordlists.SEEN)


def find_wide(draft: Draft) -> tuple[Span, ...]:
    """Verbs that can be done in many ways: ``inspire``, ``support``."""
    return _verbs(draft, wordlists.WIDE)


def find_inner(draft: Draft) -> tuple[Span, ...]:
    """Words for what goes on inside: ``strive``, ``are committed to``."""
    phrases = _find(draft, wordlists.INNER_PHRASES)
    taken = {place for start, end in phrases for place in range(start, end)}
    single = [
        (place, place + 1)
        for place, word in enumerate(draft.words)
        if place not in taken and word.plain in wordlists.INNER and _is_verb(draft, place)
    ]
    return _spans(draft, sorted([*phrases, *single]))


def find_limits(draft: Draft) -> tuple[Span, ...]:
    """Words that set a limit: ``only``, ``never``, ``within one day``."""
    deadlines = (place for place in range(len(draft.words)) if _is_deadline(draft, place))
    found = [span for span in _find(draft, wordlists.LIMITS) if not _likens(draft, *span)]
    found += ((place, draft.clause_end(place, 4)) for place in deadlines)
    # "Patients first" chooses, "from the first look" does not.
    found += (
        (place, place + 1)
        for place, word in enumerate(draft.words)
        if word.plain == "first" and not _next(draft, place)
    )
    return tuple(draft.span(*span) for span in _joined(found))


def find_stretch(draft: Draft) -> tuple[Span, ...]:
    """Words that promise something for each and every time."""
    return tuple((word.start, word.end) for word in draft.words if word.plain in wordlists.AGAIN)


def _spans(draft: Draft, found: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(draft.span(*span) for span in found)


def _find(draft: Draft, phrases: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Where phrases stand, the longest at each place, none within another."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    plains = [word.plain for word in draft.words]
    found, place = [], 0
    while place < len(plains):
        lengths = [
            len(phrase)
            for phrase in by_first.get(plains[place], ())
            if tuple(plains[place : place + len(phrase)]) == phrase
            and not draft.breaks.intersection(range(place + 1, place + len(phrase)))
        ]
        if lengths:
            found.append((place, place + max(lengths)))
        place += max(lengths, default=1)
    return found


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _customers(draft: Draft) -> list[int]:
    found = []
    for place, word in enumerate(draft.words):
        plain = word.plain.removesuffix("'s")
        follows = draft.words[place + 1].plain if place + 1 < len(draft.words) else ""
        before = draft.words[place - 1].plain if place else ""
        label = follows in wordlists.COMPOUND and plain not in ("you", "your", "everyone") and word.plain == plain
        ours = before in ("team", "staff", "crew", "our") and plain in ("members", "member", "people", "family")
        if plain in wordlists.CUSTOMERS and not ours and not label:
            found.append(place)
    return found


def _gives(draft: Draft, place: int, customers: frozenset[int]) -> bool:
    """``help people``, ``look after you``: a verb that does something for the person named next."""
    if draft.words[place].plain not in wordlists.GIVES or not _is_verb(draft, place):
        return False
    near = range(place + 1, draft.clause_end(place, 5))
    named = any(other in customers or draft.words[other].plain in ("them", "they") for other in near)
    return named and not any(draft.words[other].plain in wordlists.EMPTY_OF_RESULT for other in near)


def _makes(draft: Draft, place: int, customers: frozenset[int]) -> bool:
    """``create moments for guests``."""
    end = draft.clause_end(place, 12)
    return (
        draft.words[place].plain in wordlists.MAKES
        and _is_verb(draft, place)
        and any(
            draft.words[other].plain == "for" and not customers.isdisjoint(range(other + 1, min(end, other + 4)))
            for other in range(place + 1, end)
        )
    )


def _so_that(draft: Draft, place: int, customers: frozenset[int]) -> bool:
    """``so they can be their best``."""
    near = range(place + 1, min(len(draft.words), place + 4))
    return draft.words[place].plain == "so" and any(
        other in customers or draft.words[other].plain == "they" for other in near
    )


def _feels(draft: Draft, place: int, customers: frozenset[int]) -> bool:
    """``every patient leaves``: a customer who does or is something in the end."""
    return place in customers and draft.words[place].plain not in _OWNED and _next(draft, place) in wordlists.FEELS


def _for_a(draft: Draft, place: int, _: frozenset[int]) -> bool:
    """``for a lifetime of adventure``."""
    near = [word.plain for word in draft.words[place + 1 : draft.clause_end(place, 4)]]
    return draft.words[place].plain == "for" and near[:1] in (["a"], ["an"]) and _NO_RESULT.isdisjoint(near[1:])


def _has(draft: Draft, place: int, customers: frozenset[int]) -> bool:
    """``your journey``, ``each customer's day``: something of a customer's that is no label of the company's."""
    word = draft.words[place]
    apostrophe = draft.text[word.end : word.end + 1] in tuple(_APOSTROPHES)
    owns = place in customers and (word.plain in _OWNED or word.plain.endswith("'s") or apostrophe)
    near = [word.plain for word in draft.words[place + 1 : draft.clause_end(place, 5)]]
    return owns and bool(near) and wordlists.EMPTY_OF_RESULT.isdisjoint(near)


def _in_time(draft: Draft, place: int, _: frozenset[int]) -> bool:
    """``on time``, ``within one business day``."""
    return _is_deadline(draft, place) or (draft.words[place].plain == "on" and _next(draft, place) == "time")


def _likens(draft: Draft, start: int, end: int) -> bool:
    """Whether ``if`` only likens: ``as if``."""
    return start > 0 and [word.plain for word in draft.words[start - 1 : end]] == ["as", "if"]


def _next(draft: Draft, place: int) -> str:
    """The plain next word of the same clause, or an empty text."""
    following = place + 1
    return draft.words[following].plain if following < len(draft.words) and following not in draft.breaks else ""


def _is_deadline(draft: Draft, place: int) -> bool:
    """Whether ``within`` and a time begin here."""
    following = {word.plain.removesuffix("s") for word in draft.words[place + 1 : place + 5]}
    return draft.words[place].plain == "within" and bool(following & _TIMES)


def _verbs(draft: Draft, verbs: Mapping[str, str]) -> tuple[Span, ...]:
    return tuple(
        (word.start, word.end)
        for place, word in enumerate(draft.words)
        if word.plain in verbs and _is_verb(draft, place)
    )


def _is_verb(draft: Draft, place: int) -> bool:
    """Whether a word that can be a verb stands where verbs stand: at the start, or not after an article or the like."""
    if place in draft.breaks:
        return True
    before = draft.words[place - 1].plain
    if draft.words[place].plain.endswith("ing") and before in ("of", "for", "with", "in", "by", "from"):
        return True
    if before.endswith("'s") or before in _BEFORE_NOUNS:
        return False
    return not before.endswith(_ADJECTIVE)


def _instead(draft: Draft, start: int, end: int) -> str:
    plain = " ".join(word.plain for word in draft.words[start:end])
    return wordlists.JARGON[_JARGON_VERBS.get(plain, plain)]


_CLAUSE = re.compile(r"[.!?;:,\n()\[\]–—]|\s-\s")
_SENTENCE = re.compile(r"[.!?]\s|\n")
_APOSTROPHES = "'’"

_JARGON_VERBS = wordlists.forms_of(" ".join(wordlists.JARGON_VERBS))
_JARGON = tuple(tuple(phrase.split()) for phrase in {*wordlists.JARGON, *_JARGON_VERBS})

_DELIVER = frozenset("deliver delivers delivering delivered".split())
_ABSTRACT = frozenset(
    "value excellence results outcomes satisfaction experience experiences quality growth success wow progress "
    "improvement improvements solutions benefits happiness".split()
)

_BEFORE_NOUNS = frozenset(
    """
    a an the our your their its his her my this these those any some no of in on at from with by for customer personal
    relevant quality more most less great good better best every each own such other high highest first last
    """.split()
)
_ADJECTIVE = ("ful", "ous", "ble", "ive", "ical", "ent")

_WHOSE = frozenset({"world's", "earth's", "america's"})
_OWNED = frozenset({"your", "yours"})
_NO_RESULT = frozenset("company business profit reason change more".split())
_TIMES = frozenset("second minute hour day week month".split())
_RESULTS = (_gives, _makes, _so_that, _feels, _for_a, _has, _in_time)
