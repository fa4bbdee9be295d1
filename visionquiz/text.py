"""What was typed, as words and clauses that remember where they stand.

Nothing here knows about visions or grades. Any string is welcome: markup, emoji, control characters, lone surrogates
and a megabyte of anything are read without an error, and only the first `READ_LIMIT` characters are read at all.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import snowballstemmer
from rapidfuzz.distance import OSA

__all__ = [
    "NEGATIONS",
    "READ_LIMIT",
    "SMALL_WORDS",
    "Clause",
    "Reference",
    "Word",
    "clauses",
    "concepts_of",
    "content",
    "likeness",
    "normalise",
    "sounds_like",
    "stem",
    "stems_of",
    "words",
]


def _listed(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


READ_LIMIT = 4_000
"""How many characters of an answer are read. The longest rated answer has about 900; whoever calls should send an
answer that is longer than this to a person."""

SMALL_WORDS = _listed(
    """
    a about actually all also am an and any are aren't arent as at be been being bit but by can could did do
    does done each em etc every for from get gets getting give go goes going gonna got had has have having he
    he'd he'll he's her here him his how i i'd i'll i'm i've if im in innit into is it it'd it'll it's its
    itself ive just kind let lets like lot made make makes making may me mean means meant might mine more most
    much must my myself of off oh ok okay on one ones only or our ours out over own put really right said same
    say says see shall she she'd she'll she's should so some something sort stuff such take than that that'd
    that'll that's thats the their theirs them then there there's theres these they they'd they'll they're
    they've thing things think this those to too up us very want was way we we'd we'll we're we've well were
    what what's whats when where which while who who'd who'll who's why will with would yes you you'd you'll
    you're your youre yourself
    """
)
"""Words that carry little meaning of their own. Negations are not among them: they turn meaning round."""

NEGATIONS = _listed(
    """
    ain't aint can't cannot cant couldn't couldnt didn't didnt doesn't doesnt don't dont hardly isn't isnt
    neither never no nobody none noone nor not nothing nowhere shouldn't shouldnt wasn't wasnt without won't
    wont wouldn't wouldnt zero
    """
)
"""Words that turn meaning round."""

# How people write when they type with a thumb, and the commonest slips in small words.
_SHORTHAND = {
    "appt": "appointment",
    "becuase": "because",
    "befor": "before",
    "beofre": "before",
    "bc": "because",
    "coz": "because",
    "cos": "because",
    "cust": "customer",
    "custs": "customers",
    "cuz": "because",
    "evry": "every",
    "info": "information",
    "msg": "message",
    "mins": "minutes",
    "n": "and",
    "nxt": "next",
    "pls": "please",
    "ppl": "people",
    "r": "are",
    "thier": "their",
    "u": "you",
    "teh": "the",
    "tht": "that",
    "untill": "until",
    "ur": "your",
    "w": "with",
    "wat": "what",
    "wiht": "with",
    "wen": "when",
    "wot": "what",
    "wots": "what's",
    "y": "why",
    "&": "and",
}

# Past forms that the stemmer cannot know: "told" is "tell".
_IRREGULAR = {
    past: present
    for present, *pasts in map(
        str.split,
        """
        break broke broken
        bring brought
        buy bought
        catch caught
        choose chose chosen
        come came
        drive drove driven
        feel felt
        find found
        forget forgot forgotten
        give gave given
        go went gone
        grow grew grown
        hear heard
        hold held
        keep kept
        know knew known
        lead led
        leave left
        lose lost
        meet met
        pay paid
        ring rang rung
        run ran
        see saw seen
        sell sold
        send sent
        show shown
        sit sat
        sleep slept asleep
        speak spoke spoken
        spend spent
        stand stood
        take took taken
        teach taught
        tell told
        think thought
        throw threw thrown
        understand understood
        wake woke woken
        wear wore worn
        write wrote written
        """.strip().splitlines(),
    )
    for past in pasts
}

_NUMBERS = {
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "hundred": "100",
}

# Everyday words that people who serve others use for one another. Written from general knowledge of English, not
# from any one vision; a word may stand in several lines.
_CONCEPTS = """
customer client guest patient visitor passenger buyer caller shopper tenant resident member user supporter learner
person people folk somebody someone human individual anyone everyone everybody anybody
family relative loved household parent couple
child kid children boy girl youngster baby
home house flat place property premises gaff
clean tidy neat spotless hygiene wash scrub hoover vacuum sweep wipe dust dirt mess muck rubbish litter immaculate
quick fast prompt speedy rapid swift soon immediately straightaway instantly minute quickly hurry
wait queue hold delay late hang linger
time minute hour moment clock punctual schedule
punctual ontime time early late prompt
hurry rush unhurried haste stress pressure pace
early ahead advance beforehand before proactive first
date day today tonight appointment slot deadline
again back return twice repeat second
tell say inform explain speak talk let update communicate announce mention notify hear
explain show describe clarify clear walk teach understand
understand follow grasp clear know sense comprehend
know sure certain clear aware understand
confident sure certain confidence trust assured
hear listen ear attention heard
ask question query enquiry wonder
answer reply respond response solution
call ring phone telephone dial contact
write note letter email message text mail record log
honest truth true straight sincere frank open transparent upfront genuine fair lie candid
plain simple clear ordinary normal easy jargon straightforward english understandable
word language term sentence jargon
promise word commit guarantee keep agreed pledge reliable
rely reliable trust depend count dependable steady stable
steady stable run uptime reliable solid
price cost pay money fee charge bill cash invoice expensive cheap wallet extra amount
bill invoice statement account payment
buy sell sale purchase upsell push pushy
problem trouble issue fault wrong mistake error mishap breakdown broken fail failure outage
fix repair mend solve sort resolve rectify restore
break stop fail down broken breakdown outage
work function run live working operate
machine equipment device kit tool apparatus
right correct accurate proper suitable exact fit match suit
wrong mistake error incorrect mix
check test verify inspect examine double proof
own responsible responsibility owner accountable ownership handle
finish complete done end close
worry fear afraid scared anxious nervous concern frightened stress panic dread
calm peace relax quiet ease relaxed peaceful calmly soothing
quiet silent silence noise loud noisy hush hushed undisturbed racket disturb peace
sleep night rest bed asleep overnight
surprise unexpected shock surprised suddenly unannounced predictable
hide hidden secret conceal small
care gentle careful look attentive carefully gently tender
gentle soft kind careful tender
kind friendly nice warm polite courteous welcoming smile cheerful pleasant considerate
respect dignity treat value honour regard
wish want choice choose decide option preference
decide decision choice choose
patience patient calm slowly
alone lonely loneliness own abandoned
beside side with together support accompany along stand
support help assist aid back
together team partner colleague everyone
partner equal team together
private privacy discreet secret confidential quietly discreetly embarrass
safe safety secure danger harm dangerous risk
drive road car vehicle driver wheel
bus boat train ferry trip journey ride travel
arrive arrival come land reach show
leave left go depart exit away
visit trip appointment call
first initial foremost
next follow after coming later future forward
home back homeward
guess wonder dark unsure uncertain limbo doubt unclear mystery confuse
mystery confusion puzzle unclear riddle
every each all always everyone everybody any whole
never no nobody none nothing not without
precious valuable worth important matter valued
worth deserve important matter valuable
important matter serious seriously count priority
serious seriously important real
learn know wiser knowledge smarter cleverer teach
little small bit tiny
big large huge great
new fresh latest
free cost gratis nothing
welcome greet hello open enter
enter in come walk door
door entrance gate entry
lock trap tied stuck locked
book read title novel
room bedroom space
desk counter reception front
staff colleague worker employee team crew
doctor nurse clinician clinic hospital ward medical
animal pet dog cat creature
plant garden grow flower thrive
thrive grow flourish well live survive
wage salary pay payday payslip
pain hurt painful sting
thank thanks gratitude grateful appreciate
gift donation give kindness present
change difference impact effect achieve
hard difficult tough heavy worst sad tough
goodbye farewell funeral ceremony
fit suit match right
learn beginner student novice learner
student pupil undergraduate
online internet wifi broadband connected connect connection signal network
computer screen system software it
box parcel package packet delivery
deliver delivery bring carry transport
carry move lift bring haul
name identity called
day date morning daily same
tired exhausted weary worn
ready prepare prepared set waiting
part spare component piece
advice advise guidance recommend suggest
plan solution option alternative proposal
bad nasty ugly poor horrible
news update information
watch see look view eye
wear worn damage condition
evening concert music performance show
play game touch try
fail mistake wrong
brave courage dare bold
plan book intend schedule
remain stay keep hang
busy occupied overloaded
shop store branch outlet
complain complaint moan grumble
sorry apologise apology
chase nag remind reminder
tax letter office authority
street road pavement pavements
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One word, at ``typed[start:end]``."""

    start: int
    end: int
    plain: str
    """As compared: small letters, no accents, straight apostrophes, shorthand written out."""
    stem: str
    """The English Snowball stem (Porter 2001) of the plain form; numbers as digits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """A stretch of an answer between marks or joining words; negation does not reach beyond it."""

    start: int
    end: int
    words: tuple[Word, ...]


def normalise(text: str) -> str:
    """The text as it is compared: NFKC, casefolded, without accents, with straight apostrophes.

    >>> normalise("Ｗe’ll visit the CAFÉ")
    "we'll visit the cafe"
    """
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (char for char in spread if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    return "".join(kept).translate(_APOSTROPHES)


def words(text: str) -> tuple[Word, ...]:
    """The words of the first `READ_LIMIT` characters, in order. Markup tags and entities are not words.

    >>> [(word.plain, word.start, word.end) for word in words("<b>Tidy</b> homes")]
    [('tidy', 3, 7), ('homes', 12, 17)]
    """
    visible = _hide_markup(text[:READ_LIMIT])
    found = []
    for match in _WORD.finditer(visible):
        plain = _plain(match.group())
        if plain:
            found.append(Word(start=match.start(), end=match.end(), plain=plain, stem=stem(plain)))
    return tuple(found)


def clauses(text: str) -> tuple[Clause, ...]:
    """The answer cut at punctuation, line ends and joining words such as ``but``. Clauses without words are left out.

    >>> [" ".join(word.plain for word in clause.words) for clause in clauses("We tidy up, but nobody rings.")]
    ['we tidy up', 'but nobody rings']
    """
    found: list[list[Word]] = [[]]
    visible = _hide_markup(text[:READ_LIMIT])
    end = 0
    for word in words(text):
        if found[-1] and (word.plain in _JOINERS or _BREAK.search(visible, end, word.start)):
            found.append([])
        found[-1].append(word)
        end = word.end
    return tuple(Clause(start=part[0].start, end=part[-1].end, words=tuple(part)) for part in found if part)


def content(found: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words that carry meaning: neither small words nor negations, nor single letters."""
    return tuple(
        word
        for word in found
        if word.plain not in SMALL_WORDS
        and word.plain not in NEGATIONS
        and (len(word.plain) > 1 or word.plain.isdigit())
    )


@functools.lru_cache(maxsize=1 << 15)
def stem(plain: str) -> str:
    """The English stem of a plain word; number words become digits.

    >>> stem("listening"), stem("ten"), stem("patient's")
    ('listen', '10', 'patient')
    """
    if plain in _NUMBERS:
        return _NUMBERS[plain]
    plain = _IRREGULAR.get(plain, plain)
    # Very long "words" are noise; the stemmer has no use for them.
    stemmed: str = _STEMMER.stemWord(plain[:40])
    return stemmed.replace("'", "")


def stems_of(text: str) -> frozenset[str]:
    """The stems of every word of a text, small words included.

    >>> sorted(stems_of("ring rang waiting"))
    ['ring', 'wait']
    """
    return frozenset(word.stem for word in words(text))


@functools.lru_cache(maxsize=1 << 17)
def concepts_of(stemmed: str) -> frozenset[int]:
    """Numbers of the things that a stem may stand for; words near in meaning share one. Empty for rare words.

    >>> bool(concepts_of("home") & concepts_of("hous")), concepts_of("zebra")
    (True, frozenset())
    """
    return _CONCEPTS_OF.get(stemmed, _NO_CONCEPTS)


def likeness(one: str, other: str) -> float:
    """How far two stems mean the same: 1 same, .9 misspelt, .7 near in meaning, 0 otherwise.

    >>> likeness("tidi", "tidi"), likeness("conect", "connect"), likeness("home", "hous"), likeness("home", "bill")
    (1.0, 0.9, 0.7, 0.0)
    """
    if one == other:
        return 1.0
    if _is_slip(one, other):
        return 0.9
    mine, yours = concepts_of(one), concepts_of(other)
    return 0.0 if mine.isdisjoint(yours) else 0.7


def sounds_like(one: str, other: str) -> bool:
    """Whether two plain words could be one word written by ear; only for words that stand in the same place.

    >>> sounds_like("kep", "keep"), sounds_like("shure", "sure"), sounds_like("tidy", "tired")
    (True, True, False)
    """
    heard = _sound(one)
    return heard == _sound(other) and len(heard) >= 2 and abs(len(one) - len(other)) <= 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """Several texts to hold answers against, each as the stems that matter in it with their weights (above 0).

    Two references are equal only if they are the same object, so that what a stem finds in one can be remembered.
    """

    bags: tuple[Mapping[str, float], ...]

    def support(self, stems: Iterable[str]) -> list[float]:
        """Per text, the weight of its stems that these stems say, each times the best `likeness`."""
        said: list[dict[str, float]] = [{} for _ in self.bags]
        for one in stems:
            for bag, term, worth in _hits(self, one):
                if worth > said[bag].get(term, 0.0):
                    said[bag][term] = worth
        return [sum(bag.values()) for bag in said]

    def nearest(self, one: str) -> float:
        """The best `likeness` of this stem to any stem of any text."""
        return max((worth / self.bags[bag][term] for bag, term, worth in _hits(self, one)), default=0.0)


@functools.lru_cache(maxsize=1 << 16)
def _hits(reference: Reference, one: str) -> tuple[tuple[int, str, float], ...]:
    """Where a stem is found: (text, stem of the text, weight times likeness)."""
    index = _index(reference)
    keys: list[str | int] = [one[:1], *_CONCEPTS_OF.get(one, _NO_CONCEPTS)]
    alike = {term: worth for key in keys for term in index.get(key, ()) if (worth := likeness(one, term))}
    return tuple(
        (number, term, bag[term] * worth)
        for number, bag in enumerate(reference.bags)
        for term, worth in alike.items()
        if term in bag
    )


@functools.lru_cache(maxsize=1 << 10)
def _index(reference: Reference) -> Mapping[str | int, tuple[str, ...]]:
    """The stems of a reference by first letter and by concept: nothing else can be like a stem."""
    found: dict[str | int, dict[str, None]] = {}
    for bag in reference.bags:
        for term in bag:
            keys: list[str | int] = [term[:1], *_CONCEPTS_OF.get(term, _NO_CONCEPTS)]
            for key in keys:
                found.setdefault(key, {})[term] = None
    return {key: tuple(terms) for key, terms in found.items()}


def _is_slip(one: str, other: str) -> bool:
    """Whether two stems are probably one word, once misspelt or misheard. The first letter is nearly always right."""
    shorter = min(len(one), len(other))
    if one[:1] != other[:1] or shorter < 4 or abs(len(one) - len(other)) > 2 or one[0].isdigit():
        return False
    if _sound(one) == _sound(other):
        return True
    # Words of four letters have too many neighbours (home, hope).
    return shorter >= 5 and OSA.distance(one, other, score_cutoff=2) <= (1 if shorter < 7 else 2)


def _hide_markup(text: str) -> str:
    """Tags and entities replaced by as many spaces, so that positions stay as they were."""
    return _MARKUP.sub(lambda match: " " * len(match.group()), text)


@functools.lru_cache(maxsize=1 << 15)
def _plain(typed: str) -> str:
    plain = normalise(typed).strip("'")
    return _SHORTHAND.get(plain, plain)


@functools.lru_cache(maxsize=1 << 15)
def _sound(stemmed: str) -> str:
    """A rough key of how a word sounds: consonants only, doubled letters once (after Philips' Metaphone, 1990)."""
    sound = stemmed
    for spelt, heard in (
        ("kn", "n"),
        ("wr", "r"),
        ("wh", "w"),
        ("ph", "f"),
        ("ght", "t"),
        ("ck", "k"),
        ("sch", "sk"),
        ("sh", "s"),
    ):
        sound = sound.replace(spelt, heard)
    sound = sound.translate(_SOUNDS)
    kept = sound[:1] + "".join(char for char in sound[1:] if char not in "aeiouyhw")
    return "".join(char for place, char in enumerate(kept) if place == 0 or char != kept[place - 1])


def _number_concepts() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_CONCEPTS.strip().splitlines()):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {stemmed: frozenset(numbers) for stemmed, numbers in found.items()}


_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})
_SOUNDS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "x": "ks", "j": "g"})
_STEMMER = snowballstemmer.stemmer("english")

# A letter or digit, then letters, digits, combining marks and invisible joiners; apostrophes only inside.
_MARKS = "\\u0300-\\u036f\\u00ad\\u200b-\\u200d\\u2060\\ufeff"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|['’‘ʼ`´](?=[^\W_]))*|&(?=\s)")
# Tags are at most 200 characters here, so that a text full of "<" is still read in linear time.
_MARKUP = re.compile(r"<[/!a-zA-Z][^<>]{0,200}>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,10});")
_BREAK = re.compile(r"[.!?;:,\n\r\u2028()\[\]/*•|+=…–—]|\s-\s|\s-|->")
_JOINERS = frozenset({"but", "and", "because", "so", "although", "though", "whereas", "then", "or", "until", "unless"})

_NO_CONCEPTS: frozenset[int] = frozenset()
_CONCEPTS_OF = _number_concepts()
