"""Do they contribute? My own action, concrete, fitting my role, and serving this company's vision; and which point of
it does it serve?
"""

import math

from visionquiz.grading import Answer, Evidence, Judgement
from visionquiz.grading.calibration import Scale
from visionquiz.grading.encoder import HEADS, Opinion
from visionquiz.grading.guards import Reading, Verdict, is_keyword_list, merged, read_answer, sign_common
from visionquiz.grading.meaning import read_meaning
from visionquiz.grading.recall import read_statement
from visionquiz.grading.signs import sign_opinion
from visionquiz.parts import SERVES
from visionquiz.text import Word, likeness, stems_of
from visionquiz.vision import Vision

__all__ = ["grade_contribute", "judge_contribution", "judge_points_served", "sign_contribution"]

_PARROTED = 0.8
"""From this share of statement and question words on, an answer only repeats."""

_DOUBTED = 0.6
"""From this probability of another job's task, or of an action against the vision, a grade above 0 goes to a person."""

_LINKED = 0.5
"""From this probability of a clear link to the vision on, a contribution serves the point that it is nearest to."""

_APART = 0.03
"""How far nearer (see `nearness`) makes e times as likely. With it, the chances of fold 0 add up to what was right."""

PARTS = ("personal", "concrete", "fits_role", "linked", "against")

_ASKED = stems_of("contribute contribution contributor personal personally vision customer service role")

FIRST_PERSON = frozenset({"i", "i'd", "i'll", "i'm", "i've", "im", "ive", "me", "mine", "my", "myself"})

SHARED_PERSON = frozenset(
    {"company", "crew", "department", "our", "ours", "team", "us", "we", "we'd", "we'll", "we're", "we've"}
)

ACTIONS = stems_of(
    """
    add adjust agree answer arrange ask book bring build call carry change chase check clean close collect compare
    confirm cook copy count cover cut deliver draw drive empty enter explain fetch file fill fit fix flag fold follow
    grab hand hang hold hoover inspect label lay leave lift link listen load lock log look mail mark match measure mend
    move note offer open order pack park pass phone photograph pick place plan post prepare press print pull push put
    read record repair repeat replace report reset restock review ring say scan send serve set show sit sort stack stand
    stay stick stock stop store swap sweep take talk teach tell test text tick turn type update wait walk warn wash
    watch weigh wipe write
    """
)
"""Stems of things that one can be seen doing."""


def sign_contribution(answer: Answer, vision: Vision, opinion: Opinion) -> dict[str, float]:
    """The signs of a contribution, each 0..1."""
    reading, statement = read_answer(answer.text), read_statement(vision).stems
    repeated = [
        one for one in reading.stems if one in _ASKED or any(likeness(one, known) >= 0.9 for known in statement)
    ]
    return {
        **sign_opinion("contribute", opinion),
        "first-person": float(any(word.plain in FIRST_PERSON for word in reading.words)),
        "shared-person": float(
            any(word.plain in SHARED_PERSON for word in reading.words)
            and not any(word.plain in FIRST_PERSON for word in reading.words)
        ),
        "own-action": float(bool(_own_actions(reading))),
        "repeated": len(repeated) / len(reading.stems) if reading.stems else 0.0,
        **sign_common(reading, answer.text, statement=statement, vision=read_meaning(vision).every),
    }


def grade_contribute(answer: Answer, vision: Vision, opinion: Opinion, scale: Scale) -> Verdict:
    """Level 0..3 by the rubric for `contribute`: personal, concrete, fitting the role and linked to the vision."""
    reading = read_answer(answer.text)
    signs = sign_contribution(answer, vision, opinion)
    if signs["repeated"] >= _PARROTED:
        reason = "This repeats the vision or the question; say what you do yourself, for example on a normal day."
        spans = tuple(Evidence(start=part.start, end=part.end, counts_as="parroting") for part in reading.clauses)
        return Verdict(level=0, levels=(0.85, 0.15, 0.0, 0.0), reason=reason, sure=True, evidence=spans)
    level, levels = scale.judge(signs)
    guards = []
    if is_keyword_list(reading.words):
        guards.append("keyword-list")
    if level and signs["other-job"] >= _DOUBTED:
        guards.append("other-job")
    if level and signs["against"] >= _DOUBTED:
        guards.append("contradiction")
    if level and vision.role(answer.role) is None:
        guards.append("role-unknown")
    counts = level >= 2 and not guards and not reading.doubts
    return Verdict(
        level=level,
        levels=levels,
        reason=_explain(level, opinion),
        guards=tuple(guards),
        judgements=(*judge_contribution(answer, opinion), *judge_points_served(vision, opinion, counts=counts)),
        evidence=tuple(_evidence(reading)),
    )


def judge_contribution(answer: Answer, opinion: Opinion) -> tuple[Judgement, ...]:
    """What became of each of the `PARTS` that the rubric asks of a contribution."""
    spans = _evidence(read_answer(answer.text))
    shown = {"personal": "first-person", "concrete": "action"}
    found = []
    for part in PARTS:
        chances = opinion.heads[part]
        place = max(range(len(chances)), key=chances.__getitem__)
        evidence = tuple(span for span in spans if span.counts_as == shown.get(part))
        found.append(
            Judgement(part=part, verdict=HEADS[part][place], chance=round(chances[place], 3), evidence=evidence)
        )
    return tuple(found)


def judge_points_served(vision: Vision, opinion: Opinion, *, counts: bool) -> tuple[Judgement, ...]:
    """For each meaning point, whether it is the one that a contribution serves most; none where it does not count.

    For figures about many people: of a single contribution it is wrong about every fifth time (`training.sight`).
    """
    linked = opinion.heads["linked"][0]
    nearest = max(opinion.near, default=0.0)
    likely = [math.exp((near - nearest) / _APART) for near in opinion.near]
    served = likely.index(1.0) if counts and likely and linked >= _LINKED else -1
    found = []
    for place, point in enumerate(vision.meaning):
        chance = linked * likely[place] / sum(likely) if likely else 0.0
        verdict, chance = ("yes", chance) if place == served else ("no", 1 - chance)
        found.append(Judgement(part=SERVES + point.id, verdict=verdict, chance=round(chance, 3)))
    return tuple(found)


def _explain(level: int, opinion: Opinion) -> str:
    """How far it goes, and the first thing that would make it more, as plain advice."""
    if level == 3:
        return "You say what you do yourself, and it serves the vision."
    best = {part: HEADS[part][max(range(len(row)), key=row.__getitem__)] for part, row in opinion.heads.items()}
    begun = ("This does not answer it yet", "This is a start", "This is nearly all of it")[level]
    if level < 2 and best["against"] == "yes":
        return f"{begun}: it seems to work against the vision. Say one thing that you do for it in your own job."
    if level < 2 and best["fits_role"] == "no":
        return f"{begun}: it sounds like another job's task. Say one thing that you do in your own job."
    if best["personal"] == "we":
        return f"{begun}: it is about your whole team. Say what you do yourself."
    if best["personal"] == "none":
        return f"{begun}: say what you do yourself, in your own job."
    if best["concrete"] != "yes":
        return f"{begun}: name one thing that you do for the vision and that others could see."
    if level == 2 and best["linked"] == "clear":
        return f"{begun}: say a little more about what you do and whom it helps."
    return f"{begun}: you name something that you do. Say how it serves the vision."


def _own_actions(reading: Reading) -> list[Word]:
    """Actions that the person does: within three words after "I", or opening a clause where no subject is named."""
    found = []
    subject = any(word.plain in FIRST_PERSON | SHARED_PERSON for word in reading.words)
    for clause in reading.clauses:
        for place, word in enumerate(clause.words):
            after_me = any(before.plain in FIRST_PERSON for before in clause.words[max(0, place - 3) : place])
            if word.stem in ACTIONS and (after_me or (place == 0 and not subject)):
                found.append(word)
    return found


def _evidence(reading: Reading) -> list[Evidence]:
    first = [word for word in reading.words if word.plain in FIRST_PERSON]
    return merged(first, counts_as="first-person") + merged(_own_actions(reading), counts_as="action")
