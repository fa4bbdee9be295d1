"""Do they contribute? My own action, concrete, fitting my role, and serving this company's vision."""

import functools
from dataclasses import dataclass

from visionquiz.grading import Answer, Evidence, Grade
from visionquiz.grading.guards import (
    EVERYDAY,
    PRAISE,
    Reading,
    Scale,
    grade_blank,
    grade_empty,
    is_keyword_list,
    merged,
    read_answer,
    saturate,
    settle,
    share_of,
    sign_common,
)
from visionquiz.grading.meaning import read_meaning
from visionquiz.grading.recall import read_statement
from visionquiz.text import Reference, Word, content, likeness, stems_of, words
from visionquiz.vision import Vision

__all__ = ["Roles", "grade_contribute", "read_roles", "sign_contribution"]

# Fitted on the 42 invented organisations of the training corpus (answers labelled by their writers, length balanced),
# whole organisations held out while choosing the signs. Neither company of tests/data took part.
_SCALE = Scale(
    weights={
        "first-person": 1.5,
        "own-action": 0.47,
        "shared-person": -0.46,
        "occasion": 0.87,
        "someone": 0.81,
        "purpose": 0.33,
        "own-role": 1.31,
        "role-lead": 0.55,
        "other-lead": -1.42,
        "near-vision": 1.48,
        "asked": -1.9,
        "noise": -3.55,
        "dont-know": -3.62,
        "business": -1.49,
        "praise": -0.26,
    },
    cuts=(1.13, 2.73, 4.38),
)

_PARROTED = 0.8
"""From this share of statement and question words on, an answer only repeats."""

_OTHER_JOB = 0.35
"""From this lead of another role's closeness (0..1) on, the answer may be another job's task."""

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

OCCASIONS = stems_of(
    """
    after again before beforehand each evening every first hour immediately last minute monday month morning night once
    same saturday second straight sunday then thursday till today tomorrow tuesday twice until wednesday week when
    whenever while within
    """
)
"""Stems that say when something is done, as concrete answers do."""

PURPOSES = frozenset({"because", "before", "nobody", "otherwise", "so", "until"})
"""Words with which people say what their action is good for."""

SOMEONE = frozenset({"chap", "he", "her", "him", "his", "lady", "man", "mr", "mrs", "ms", "she", "someone", "woman"})
"""Words for one particular person whom the action serves."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Roles:
    """The roles of a vision, ready to be compared with answers."""

    ids: tuple[str, ...]
    reference: Reference
    """One bag per role: the words of its title and contributions; words that roles share count less."""


@functools.lru_cache(maxsize=64)
def read_roles(vision: Vision) -> Roles:
    """The roles of a vision, prepared once."""
    bags = [
        frozenset(word.stem for word in content(words(" . ".join((role.title, *role.contributions)))))
        for role in vision.roles
    ]
    return Roles(
        ids=tuple(role.id for role in vision.roles),
        reference=Reference(
            bags=tuple(
                {
                    one: (0.4 if one in EVERYDAY else 1.0)
                    / sum(any(likeness(one, other) >= 0.9 for other in other_bag) for other_bag in bags)
                    for one in sorted(bag)
                }
                for bag in bags
            )
        ),
    )


def sign_contribution(answer: Answer, vision: Vision) -> dict[str, float]:
    """The signs of a contribution, each 0..1."""
    reading = read_answer(answer.text)
    every, statement = read_meaning(vision).every, read_statement(vision).stems
    own, other = _closeness(reading, answer.role, vision)
    repeated = [
        one for one in reading.stems if one in _ASKED or any(likeness(one, known) >= 0.9 for known in statement)
    ]
    count = max(1, len(reading.words))
    asked = sum(one in _ASKED for one in reading.stems)
    near = [one for one in reading.stems if every.nearest(one) > 0 or one in _role_stems(answer.role, vision)]
    signs = sign_common(reading, answer.text, statement=statement, vision=every)
    signs |= {
        "first-person": float(any(word.plain in FIRST_PERSON for word in reading.words)),
        "shared-person": float(
            any(word.plain in SHARED_PERSON for word in reading.words)
            and not any(word.plain in FIRST_PERSON for word in reading.words)
        ),
        "own-action": float(bool(_own_actions(reading))),
        "own-role": own,
        "role-lead": max(0.0, own - other),
        "other-lead": max(0.0, other - own),
        "near-vision": len(near) / max(1, len(reading.stems)),
        "purpose": float(any(word.plain in PURPOSES for word in reading.words)),
        "someone": float(any(word.plain in SOMEONE for word in reading.words)),
        "occasion": min(1.0, 5 * sum(word.stem in OCCASIONS for word in reading.words) / count),
        "praise": share_of(reading.stems, PRAISE),
        "repeated": len(repeated) / len(reading.stems) if reading.stems else 0.0,
        "asked": min(1.0, asked / 2),
    }
    return signs


def grade_contribute(answer: Answer, vision: Vision) -> Grade:
    """Level 0..3 by the rubric for `contribute`: personal, concrete, fitting the role and linked to the vision."""
    if blank := grade_blank(answer) or grade_empty(answer):
        return blank
    reading = read_answer(answer.text)
    signs = sign_contribution(answer, vision)
    doubts = []
    level, confidence = _SCALE.judge(signs)
    if signs["repeated"] >= _PARROTED:
        reason = "This repeats the vision or the question; say what you do yourself, for example on a normal day."
        evidence = [Evidence(start=part.start, end=part.end, counts_as="parroting") for part in reading.clauses]
        return settle(answer, level=0, confidence=0.8, reason=reason, evidence=evidence)
    if is_keyword_list(reading.words):
        doubts.append("keyword-list")
    if signs["other-lead"] >= _OTHER_JOB:
        doubts.append("other-job")
    if vision.role(answer.role) is None:
        doubts.append("role-unknown")
    return settle(
        answer,
        level=level,
        confidence=confidence,
        reason=_explain(level, signs),
        doubts=doubts,
        evidence=_evidence(reading),
    )


def _explain(level: int, signs: dict[str, float]) -> str:
    """What is there and what would make it more, as plain advice."""
    personal = signs["first-person"] or signs["own-action"]
    if level == 3:
        return "You say what you do yourself, and it serves the vision."
    if level == 2:
        return "You say something that you do yourself; say more about how it serves the vision."
    if level == 1 and signs["shared-person"]:
        return "This is about all of you; say what you do yourself, and how it serves the vision."
    if level == 1:
        return "This is a start; say one thing that you do in your job, so that others could see it, and whom it helps."
    if personal:
        return "What you do for the vision did not come across yet; say one thing that you do in your own job for it."
    return "What you do yourself did not come across yet; say one thing that you do in your own job for the vision."


def _closeness(reading: Reading, role: str, vision: Vision) -> tuple[float, float]:
    """How close (0..1) an answer is to its own role and the nearest other; to any role if its own is unknown."""
    roles = read_roles(vision)
    windows = [
        roles.reference.support(tuple(dict.fromkeys(word.stem for part in window for word in content(part.words))))
        for window in reading.windows()
    ]
    close = [saturate(max(column) / 2) for column in zip(*windows, strict=True)]
    if role not in roles.ids:
        return max(close, default=0.0), 0.0
    place = roles.ids.index(role)
    return close[place], max((value for number, value in enumerate(close) if number != place), default=0.0)


def _role_stems(role: str, vision: Vision) -> frozenset[str]:
    roles = read_roles(vision)
    return frozenset(roles.reference.bags[roles.ids.index(role)]) if role in roles.ids else frozenset()


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
