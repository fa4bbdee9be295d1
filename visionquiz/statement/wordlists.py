"""The words that the card looks for, each list with where it comes from.

Lists are running text: words apart by spaces, phrases a line each. A verb stands for all its forms. They were written
by somebody who had read the published statements, so measures made of them do better there than they will on yours.
"""

from collections.abc import Mapping

__all__ = [
    "AGAIN",
    "AUDIENCES",
    "COMPOUND",
    "CUSTOMERS",
    "EMPTY_OF_RESULT",
    "FEELS",
    "GAIN",
    "GENERIC",
    "GIVES",
    "INNER",
    "JARGON",
    "LIMITS",
    "MAKES",
    "OWN_BEST",
    "RANK",
    "SEEN",
    "SELF",
    "WIDE",
    "forms_of",
    "phrases",
]


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """A list written one phrase a line, as tuples of plain words."""
    return tuple(tuple(line.split()) for line in text.strip().splitlines())


def forms_of(verbs: str) -> Mapping[str, str]:
    """The forms in which statements use verbs, to the verb; no past, which is nearly always an adjective there.

    >>> sorted(forms_of("reply stop"))
    ['replies', 'reply', 'replying', 'stop', 'stoping', 'stopping', 'stops']
    """
    found = {}
    for verb in verbs.split():
        forms = {verb, verb.removesuffix("e") + "ing"}
        if verb.endswith("y") and verb[-2] not in "aeiou":
            forms.add(verb[:-1] + "ies")
        else:
            forms.add(verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"))
        if verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" and verb[-3:-2] not in tuple("aeiou"):
            forms.add(verb + verb[-1] + "ing")
        found.update(dict.fromkeys(forms, verb))
    return found


# C8 in the lists of criteria: claims that only a comparison with others could prove. Ours.
RANK = phrases("""
best
world's
earth's
america's
world class
best in class
first class
leading
leader
leaders
leadership position
number one
no 1
premier
foremost
unparalleled
unrivalled
unrivaled
unmatched
unsurpassed
unbeatable
superior
favourite
favorite
most
highest
broadest
safest
friendliest
cleanest
finest
greatest
largest
biggest
fastest
quickest
easiest
simplest
smartest
nicest
kindest
cheapest
lowest
top
second to none
of choice
in the world
""")

OWN_BEST = frozenset("their your our his her my its do does doing did be being at of what is day work".split())
"""Words before ``best`` or ``most`` that make it no claim of rank: ``be their best``, ``on our best day``."""

# Words that any company could use and that show nothing: Toister (2021) warns of prompt, fast, caring, reliable,
# knowledgeable, world's best; the others are ours.
GENERIC = phrases("""
excellent
excellence
exceptional
exceptionally
outstanding
exemplary
superb
amazing
unique
memorable
quality
prompt
fast
faster
better
timely
effective
efficient
reliable
knowledgeable
professional
professionals
professionally
passion
passionate
satisfaction
wow
delight
delights
delighting
exceed customer expectations
exceeds customer expectations
exceeding customer expectations
exceed expectations
exceeds expectations
exceeding expectations
exceed your expectations
beyond your expectations
caring
service excellence
cost effective
""")

# GOV.UK's style guide lists most of the single verbs among words to avoid (Open Government Licence 3.0); the rest are
# ours. Each with what might be said instead.
JARGON: Mapping[str, str] = {
    "leverage": "use",
    "utilise": "use",
    "utilize": "use",
    "facilitate": "help",
    "empower": "let people decide",
    "foster": "help to grow",
    "streamline": "make simpler",
    "transform": "say what changes",
    "collaborate": "work together",
    "liaise": "talk with",
    "deploy": "use",
    "optimise": "make better, and say how",
    "optimize": "make better, and say how",
    "maximise": "get the most from",
    "maximize": "get the most from",
    "incentivise": "reward",
    "robust": "strong",
    "holistic": "whole",
    "synergy": "working together",
    "synergies": "working together",
    "stakeholder": "name the people",
    "stakeholders": "name the people",
    "ecosystem": "name what is in it",
    "paradigm": "way of doing it",
    "solutions": "say what they are",
    "platform": "say what people use",
    "assets": "what we have",
    "churn": "customers who leave",
    "evangelists": "people who recommend us",
    "deliverables": "results",
    "touchpoint": "moment with a customer",
    "touchpoints": "moments with a customer",
    "omnichannel": "by phone, letter or screen",
    "multi channel": "by phone, letter or screen",
    "scalable": "able to grow",
    "seamless": "with no break that a customer notices",
    "seamlessly": "with no break that a customer notices",
    "cutting edge": "new",
    "state of the art": "new",
    "next generation": "new",
    "value added": "say what is added",
    "best practice": "what has worked",
    "customer centric": "for customers",
    "client centric": "for clients",
    "customer centricity": "care for customers",
    "client centered": "made for clients",
    "cloud based": "online",
    "end to end": "from start to finish",
    "going forward": "from now on",
    "core competencies": "what we are good at",
    "continuous improvement": "getting better, and say at what",
    "service delivery": "serving",
    "problem ownership": "seeing a problem through",
    "accountability": "who answers for it",
    "innovation": "say what is new",
    "innovate": "say what is new",
    "kpi": "what we measure",
    "kpis": "what we measure",
    "sustainable development": "say what lasts",
    "livable communities": "places good to live in",
}
JARGON_VERBS = "leverage utilise utilize facilitate empower foster streamline transform collaborate liaise deploy \
optimise optimize maximise maximize incentivise innovate".split()

# Who is served. "You" speaks to them.
CUSTOMERS = frozenset(
    """
    customer customers client clients guest guests patient patients passenger passengers traveller travellers traveler
    travelers member members patron patrons user users visitor visitors resident residents tenant tenants student
    students learner learners shopper shoppers buyer buyers caller callers diner diners citizen citizens reader readers
    subscriber subscribers consumer consumers neighbour neighbours neighbor neighbors people person everyone everybody
    anyone anybody community communities family families household households child children parent parents humans you
    your yours
    """.split()
)

COMPOUND = frozenset(
    """
    service services satisfaction expectations experience care focus focused driven centric centered centred base
    relations retention facing support powered lifetime loyalty contact contacts
    """.split()
)
"""Words after ``customer`` that make it a label of something of the company's, and no person."""

GAIN = phrases("""
profit
profits
profitable
profitability
growth
revenue
revenues
sales
market share
shareholder
shareholders
financial success
reputation
respected
our brand
service brand
churn
evangelists
perception of our company
our company's relationship
our company and
competitive advantage
bottom line
to be known as
earnings
in every market
""")

SELF = phrases("""
to be the
to become the
be the
to be a
to be earth's
to be america's
is a leading
we are the
the company is
""")
"""A company about itself: what it wants to be, and not what somebody gets."""

AUDIENCES = phrases("""
for our associates
for our employees
for our staff
for our colleagues
for our people
for our shareholders
for our owners
for our investors
for associates
for employees
for staff
for shareholders
for investors
a workplace
shareholder value
""")
"""What is done for others than customers."""

# After Mager (1962): things that somebody else could watch. Ours.
SEEN = forms_of("""
accept acknowledge advise answer apologise apologize arrange ask assist bring build call carry check clean close
collect cook drive educate explain find finish fix fit follow give greet guide handle help hear inform install
invite keep lead leave listen look make measure meet mend notify offer open outfit pay pick
prepare put read refer remind repair replace reply report resolve respond return say sell send serve share show
sit smile solve speak stand start stay stop take talk teach tell test thank treat visit wait walk warn welcome write
""")
INNER = forms_of("strive believe aim endeavour endeavor aspire seek try hope")
INNER_PHRASES = phrases("""
are committed to
is committed to
are dedicated to
is dedicated to
our goal is
our mission is
our vision is
""")
WIDE = forms_of("""
care connect create deliver enable encourage enhance ensure ease engage exceed improve inspire nurture promote provide
satisfy support strengthen surprise amaze delight
""")
"""Verbs that can be done in many ways: not wrong, but ask for an example."""

GIVES = forms_of("""
bring care ease free give guide help keep leave let look make protect reassure save send serve show spare support teach
treat welcome
""")
"""Verbs that do something for the person who is named next."""

MAKES = forms_of("create make build find open solve bring cook fix")
"""Verbs that make something that is ``for`` somebody."""

FEELS = frozenset(
    """
    feel feels leave leaves get gets have has know knows find finds go goes walk walks enjoy enjoys understand
    understands receive receives see sees sleep sleeps can is are
    """.split()
)
"""Verbs that tell what becomes of a customer."""

EMPTY_OF_RESULT = frozenset(
    """
    service services business company expectation expectations need needs desire desires experience satisfaction
    perception request requests product products relationship
    """.split()
)
"""What belongs to customers and yet is no result: ``your needs``."""

LIMITS = phrases("""
only
never
no
not
don't
won't
without
before
rather than
instead of
on time
at once
the same day
the right
if
when
unless
until
one thing
the first time
100
whatever
""")
AGAIN = frozenset("every always everyone everywhere all each never 100 consistently".split())
