"""Drafts tried out with people, in a workshop's store: who was given which draft, and what each one answered.

Answers are kept apart from names: under a digest of the person's id, which says that two answers come from one person
and not from whom. Whoever has the list of people can still find out who it was, so answers are personal data, and no
result speaks of fewer than `FEWEST` people. Every method of `DraftTests` may raise `StoreError`, which says what to do.
"""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from visionquiz.ballot import FEWEST
from visionquiz.classroom import Seat
from visionquiz.errors import TrialError
from visionquiz.grading import Answer, Grade
from visionquiz.store import Store
from visionquiz.trials import (
    Comparison,
    DecisionTrial,
    Draft,
    MeaningTrial,
    Observation,
    Observed,
    PointReach,
    Rating,
    RecallTrial,
    RoleRatings,
    Swapped,
    SwapTest,
    WordRecall,
    assign_arm,
    check_text,
    compare_drafts,
    recall_by_word,
    score_recall,
    sum_observations,
    sum_ratings,
)
from visionquiz.trials.decision import WITH, WITHOUT
from visionquiz.vision import MeaningPoint, Scenario, Vision

__all__ = [
    "ANSWER", "ARMS", "FEWEST", "KINDS", "LATER", "NOW", "TEST", "TESTS_LIMIT", "ArmCount", "Compared", "DraftTest",
    "DraftTests", "Explain", "Given", "Kind", "Reached", "Recalled", "answer_key", "check_answer",
    "grade_explanations", "read_tests", "stand_in", "sum_decisions", "sum_explanations", "sum_ratings_of",
    "sum_recall", "sum_seen", "sum_swaps", "write_tests",
]  # fmt: skip

TEST, ARMS, ANSWER = "test", "test-arms", "test-answer"
"""Kinds of document: all tests of the workshop; who has which arm of one; one answer of one person."""

NOW, LATER = "now", "later"
"""Occasions of an answer: when the draft has just been read, and a day or a week after."""

TESTS_LIMIT = 100
"""Tests of one workshop."""

EXPLAIN_LIMIT = 2_000
"""Characters of an explanation; people write about 200."""

CONTACT_LIMIT = 60
"""Characters of the word for what somebody saw."""

DRAFTS_LIMIT = 6
SCENARIOS_LIMIT = 5
DAY = 86_400.0
_EARLY = 0.25
"""Of a day: who read the draft at noon may recall it the next morning."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A way to test drafts: what the trainer reads of it, and what whoever takes part does."""

    name: str
    help: str
    """For the trainer: what people do, and what it shows."""
    task: str
    """For whoever takes part: what to do, and how long it takes."""
    fewest: int = 1
    """Drafts that it takes."""
    most: int = DRAFTS_LIMIT


KINDS: Mapping[str, Kind] = {
    "recall": Kind(
        name="What people remember",
        help="Each person reads one of the drafts, does something else, and then writes down what they remember: now, "
        "and once more after a day or a week. It shows which draft stays in mind. Ask people who have not worked on "
        "the drafts.",
        task="You read one draft, answer three short questions about other things, and write down what you remember. "
        "It takes about three minutes.",
        fewest=2,
    ),
    "meaning": Kind(
        name="What people understand",
        help="Each person reads one of the drafts and explains it in their own words. It shows which of your meaning "
        "points reach them.",
        task="You read one draft and explain it in your own words. It takes about three minutes.",
    ),
    "decision": Kind(
        name="Whether it helps to decide",
        help="Half the people read the draft first, half do not. Then all say what they would do in the same "
        "situations. It shows whether the draft helps them to decide well.",
        task="You decide what to do in a few situations. It takes about four minutes.",
        most=1,
    ),
    "observation": Kind(
        name="Whether it can be seen",
        help="Each person thinks of one call, visit or email that they saw today, and says whether it fits the draft. "
        "It shows whether people can see the draft in what is done, and whether two people see the same.",
        task="You think of one call, visit or email that you saw today, and say whether it fits a draft. You can do "
        "this for more than one. It takes about a minute.",
    ),
    "swap": Kind(
        name="Whether it is ours alone",
        help="Each person reads a draft with the name of another company on it, and says whether it fits just as well. "
        "A draft that fits anybody guides nobody.",
        task="You read a draft with another company's name on it, and say whether it fits. It takes about a minute.",
    ),
    "ratings": Kind(
        name="Whether it is true and wanted",
        help="Each person says how far a draft is true of you today, and how far it is who you are going to be, and "
        "which role they work in. It shows where people believe it.",
        task="You read a draft and answer two questions about it. It takes about a minute.",
    ),
}
"""The tests, in the order in which they are offered."""


@dataclass(frozen=True, kw_only=True)
class DraftTest:
    """One test of drafts, worded as they were when it began. Raises `TrialError` where it cannot be run."""

    id: str
    kind: str
    drafts: tuple[Draft, ...]
    begun: float = 0.0
    """Seconds since 1970."""
    closed: bool = False
    days: int = 7
    """After how many days people are asked again what they remember."""
    company: str = ""
    rival: str = ""
    points: tuple[MeaningPoint, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    """Titles of the roles by id."""

    def __post_init__(self) -> None:
        kind = KINDS.get(self.kind)
        if kind is None:
            raise TrialError("There is no such test. Choose one of the list.")
        count = len(self.drafts)
        if not kind.fewest <= count <= kind.most:
            wanted = f"{kind.fewest}" if kind.fewest == kind.most else f"{kind.fewest} to {kind.most}"
            drafts = "draft" if wanted == "1" else "drafts"
            raise TrialError(f"This test takes {wanted} {drafts}, and {count or 'none'} was chosen. Tick {wanted}.")
        if count > 1:
            _ = self.recall  # it says which drafts are the same
        if self.kind == "meaning" and not self.points:
            raise TrialError("There are no meaning points yet. Say what the statement means first.")
        if self.kind == "decision" and not 1 <= len(self.scenarios) <= SCENARIOS_LIMIT:
            raise TrialError(
                f"This test takes 1 to {SCENARIOS_LIMIT} situations. Tick those that people should decide."
            )
        if self.kind == "swap":
            for draft in self.drafts:
                self.swap(draft)
            if self.rival.strip().casefold() == self.company.strip().casefold():
                raise TrialError("That is your own name. Write the name of another company.")

    @property
    def arms(self) -> tuple[str, ...]:
        """What people are dealt: ids of drafts, or with and without reading the draft."""
        return (WITH, WITHOUT) if self.kind == "decision" else tuple(draft.id for draft in self.drafts)

    @property
    def recall(self) -> RecallTrial:
        """The drafts as a recall trial."""
        return RecallTrial(id=self.id, drafts=self.drafts)

    def draft(self, arm: str) -> Draft | None:
        """The draft that people with this arm read; None where they read none."""
        if self.kind == "decision":
            return self.drafts[0] if arm == WITH else None
        return next((one for one in self.drafts if one.id == arm), None)

    def swap(self, draft: Draft) -> SwapTest:
        """A draft with the other company's name on it."""
        if not self.rival.strip():
            raise TrialError("Write the name of another company that serves the same customers.")
        return SwapTest(draft=draft.text, company=self.company or "We", rival=self.rival)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody answered."""

    who: str
    """A digest that stands for the person."""
    arm: str
    occasion: str
    body: Mapping[str, Any]
    when: float
    """Seconds since 1970."""


@dataclass(frozen=True, kw_only=True)
class ArmCount:
    """How many people one arm has."""

    arm: str
    begun: int
    answered: int
    """People who have handed in."""
    later: int
    """People who have recalled it later, too."""


@dataclass(frozen=True, kw_only=True)
class Recalled:
    """What people remember, of drafts that `FEWEST` people or more have recalled."""

    comparisons: tuple[Comparison, ...]
    by_word: Mapping[str, tuple[WordRecall, ...]]


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Which meaning points people reached with each draft."""

    by_draft: Mapping[str, tuple[PointReach, ...] | None]
    """None where fewer than `FEWEST` people explained it."""
    comparisons: tuple[Comparison, ...]
    """Of the shares of points; empty where there is one draft."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How well people decided with and without the draft."""

    comparison: Comparison
    """Of arms ``with`` and ``without``; one with fewer than `FEWEST` people counts none."""


Explain = Callable[[str, Sequence[MeaningPoint], Sequence[str]], Sequence[Grade]]
"""Grades of explanations, given a draft, what it is meant to say, and what people wrote."""


def check_answer(test: DraftTest, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an answer. What a browser sent is anything; raises `TrialError` in words for that person."""
    if test.kind == "recall":
        text = answer.get("text")
        wrong = check_text(text) if isinstance(text, str) else "Write what you remember."
        if wrong:
            raise TrialError(wrong)
        return {"text": text}
    if test.kind == "meaning":
        text = answer.get("text")
        if not isinstance(text, str) or not text.strip():
            raise TrialError("There is nothing in the box yet. Say in your own words what the draft asks of people.")
        if len(text) > EXPLAIN_LIMIT:
            raise TrialError(f"This has {len(text):,} characters; {EXPLAIN_LIMIT:,} fit. Please make it shorter.")
        return {"text": text}
    if test.kind == "decision":
        sent = answer.get("choices")
        choices = sent if isinstance(sent, Mapping) else {}
        kept = {one.id: choices.get(one.id) for one in test.scenarios}
        for number, one in enumerate(test.scenarios, 1):
            if not _is_choice(kept[one.id], len(one.options)):
                raise TrialError(f"Situation {number} has no answer yet. Choose what you would do.")
        return {"choices": kept}
    if test.kind == "observation":
        lived, contact = answer.get("lived"), answer.get("contact", "")
        if not isinstance(lived, bool):
            raise TrialError("Say yes or no first.")
        if not isinstance(contact, str) or len(contact) > CONTACT_LIMIT:
            raise TrialError(f"Keep the word for what you saw under {CONTACT_LIMIT} characters.")
        contact = " ".join(contact.split()).casefold()
        if not contact:
            raise TrialError("Write a word for what you saw, such as 'call 10:05'.")
        return {"lived": lived, "contact": contact}
    if test.kind == "swap":
        same = answer.get("just_as_true")
        if not isinstance(same, bool):
            raise TrialError("Say yes or no first.")
        return {"just_as_true": same}
    values = {name: answer.get(name) for name in ("today", "future")}
    for value in values.values():
        if not _is_choice(value, 6) or not value:
            raise TrialError("Answer both questions first.")
    role = answer.get("role", "")
    if role not in ("", *test.roles):
        raise TrialError("Choose your role from the list.")
    return {**values, "role": role}


def _is_choice(value: object, count: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


class DraftTests:
    """The tests of one workshop as one person in it has them before them."""

    def __init__(self, store: Store, seat: Seat, *, clock: Callable[[], float] = time.time) -> None:
        self.store, self.seat, self._clock = store, seat, clock
        self.who = stand_in(seat.id)

    # The trainer's part

    def start(
        self,
        kind: str,
        drafts: Sequence[Draft],
        *,
        vision: Vision,
        rival: str = "",
        days: int = 7,
        scenarios: Sequence[str] = (),
    ) -> DraftTest:
        """Begin a test. Raises `TrialError` where it cannot be run, or another one is open."""
        self._check_trainer()
        test = DraftTest(
            id="new",
            kind=kind,
            drafts=tuple(drafts),
            begun=self._clock(),
            days=max(1, days),
            company=vision.company,
            rival=rival if kind == "swap" else "",
            points=vision.meaning if kind == "meaning" else (),
            scenarios=tuple(one for one in vision.scenarios if one.id in scenarios) if kind == "decision" else (),
            roles={role.id: role.title for role in vision.roles} if kind == "ratings" else {},
        )

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            nonlocal test
            there = read_tests(old)
            if any(not one.closed for one in there):
                raise TrialError("A test is open already. Close it first: one test would give away the other.")
            if len(there) >= TESTS_LIMIT:
                raise TrialError(f"There are {len(there)} tests; more are not taken.")
            test = replace(test, id=f"test-{len(there) + 1:03}")
            return write_tests([*there, test])

        self.store.change(TEST, "", make)
        return test

    def close(self, ident: str) -> DraftTest:
        """No more answers but later recalls; the results may be seen. Raises `TrialError` where there is no such
        test.
        """
        self._check_trainer()

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            there = read_tests(old)
            if ident not in {one.id for one in there}:
                raise TrialError(f"There is no test '{ident}'.")
            return write_tests([replace(one, closed=True) if one.id == ident else one for one in there])

        return next(one for one in read_tests(self.store.change(TEST, "", make)) if one.id == ident)

    def _check_trainer(self) -> None:
        if not self.seat.trainer:
            raise TrialError("Only the trainer begins and closes a test.")

    # Everybody's part

    def tests(self) -> tuple[DraftTest, ...]:
        """All tests, in the order in which they were begun."""
        return read_tests(self.store.document(TEST))

    def test(self, ident: str) -> DraftTest:
        """One test. Raises `TrialError` where there is none."""
        for one in self.tests():
            if one.id == ident:
                return one
        raise TrialError(f"There is no test '{ident}'.")

    def open_test(self) -> DraftTest | None:
        """The test that people can take part in now."""
        return next((one for one in self.tests() if not one.closed), None)

    def join(self, ident: str) -> str:
        """The arm of this person, who keeps it. The arms stay balanced, however many join at once."""
        test = self.test(ident)
        if test.closed and self.arm(ident) is None:
            raise TrialError("This test is closed. Thank you all the same.")

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            taken = dict((old or {}).get("arms", {}))
            taken[self.who] = assign_arm(test.arms, self.who, taken, seed=_seed(ident))
            return {"read": [], **(old or {}), "arms": taken}

        return str(self.store.change(ARMS, ident, make)["arms"][self.who])

    def arm(self, ident: str) -> str | None:
        """This person's arm; None before joining."""
        return self._arms(ident).get(self.who)

    def _arms(self, ident: str) -> dict[str, str]:
        return dict((self.store.document(ARMS, ident) or {}).get("arms", {}))

    def note_read(self, ident: str) -> None:
        """Note that this person has read the draft, which is not shown to them again."""

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            body = {"arms": {}, "read": [], **(old or {})}
            return {**body, "read": sorted({*body["read"], self.who})}

        self.store.change(ARMS, ident, make)

    def has_read(self, ident: str) -> bool:
        """Whether this person has read the draft of this test."""
        return self.who in (self.store.document(ARMS, ident) or {}).get("read", ())

    def answer(self, ident: str, answer: Mapping[str, Any], *, occasion: str = NOW) -> None:
        """Hand in, once for each occasion; what people see (`observation`), once for each thing seen.

        Raises `TrialError` in words for this person: what is missing, that it is closed, or was handed in already.
        """
        test = self.test(ident)
        if occasion == LATER:
            if ident not in {one.id for one in self.due()}:
                raise TrialError("It is not yet time to write down this draft again, or you have done so already.")
        elif occasion != NOW:
            raise ValueError(occasion)
        elif test.closed:
            raise TrialError("This test is closed. Thank you all the same.")
        arm = self.arm(ident)
        if arm is None:
            raise TrialError("Press 'Take part' first.")
        body = check_answer(test, answer)
        given = Given(who=self.who, arm=arm, occasion=occasion, body=body, when=self._clock())
        seen = test.kind == "observation"

        def make(old: Mapping[str, Any] | None) -> Mapping[str, Any]:
            if old is not None:
                what = f"You have answered for '{body['contact']}' already" if seen else "You have handed in already"
                raise TrialError(f"{what}. The first answer counts.")
            return {**given.__dict__, "test": ident}

        self.store.change(ANSWER, answer_key(test, given), make)

    def has_answered(self, ident: str, *, occasion: str = NOW) -> bool:
        """Whether this person has handed in."""
        return self.store.document(ANSWER, _key(ident, occasion, self.who)) is not None

    def due(self, now: float | None = None) -> tuple[DraftTest, ...]:
        """Recall trials whose draft this person is to recall once more: `days` after the first time, and no later than
        twice that, after which it would say something else.
        """
        now = self._clock() if now is None else now
        found = []
        for test in self.tests():
            first = self.store.document(ANSWER, _key(test.id, NOW, self.who)) if test.kind == "recall" else None
            if first is None:
                continue
            days = (now - first["when"]) / DAY
            if test.days - _EARLY <= days <= 2 * test.days + 1 and not self.has_answered(test.id, occasion=LATER):
                found.append(test)
        return tuple(found)

    # What came of it

    def answers(self, ident: str) -> tuple[Given, ...]:
        """All answers to one test, in the order of the digests, which says nothing."""
        found = [one.body for one in self.store.documents(ANSWER)]
        names = ("who", "arm", "occasion", "body", "when")
        return tuple(Given(**{name: one[name] for name in names}) for one in found if one["test"] == ident)

    def counts(self, ident: str) -> tuple[ArmCount, ...]:
        """How many people have begun and handed in, by arm."""
        test, taken, given = self.test(ident), self._arms(ident), self.answers(ident)
        begun = Counter(taken.values())
        people = {
            occasion: Counter(arm for _, arm in {(one.who, one.arm) for one in given if one.occasion == occasion})
            for occasion in (NOW, LATER)
        }
        return tuple(
            ArmCount(arm=arm, begun=begun[arm], answered=people[NOW][arm], later=people[LATER][arm])
            for arm in test.arms
        )


def sum_recall(test: DraftTest, given: Sequence[Given], *, occasion: str = NOW) -> Recalled:
    """What people remember of each draft, and whether that differs."""
    texts = _by_arm(test, given, "text", occasion)
    scores = {
        draft.id: [score_recall(draft.text, text).share for text in texts[draft.id]] for draft in test.recall.drafts
    }
    return Recalled(
        comparisons=compare_drafts(scores),
        by_word={draft.id: recall_by_word(draft.text, texts[draft.id]) for draft in test.drafts},
    )


def sum_explanations(test: DraftTest, given: Sequence[Given], explain: Explain) -> Reached:
    """Which meaning points people reached with each draft, and whether that differs."""
    trial = MeaningTrial(id=test.id, points=test.points)
    texts = _by_arm(test, given, "text")
    grades = {
        draft.id: explain(draft.text, test.points, texts[draft.id]) if texts[draft.id] else () for draft in test.drafts
    }
    scores = {one: trial.scores(found) for one, found in grades.items()}
    return Reached(
        by_draft={one: trial.reach(found) or None for one, found in grades.items()},
        comparisons=compare_drafts(scores) if len(scores) > 1 else (),
    )


def sum_decisions(test: DraftTest, given: Sequence[Given]) -> Compared:
    """How well people decided: the mean share of each scenario's best points, with and without reading the draft."""
    shown = _by_arm(test, given, "choices")
    trial = DecisionTrial(id=test.id, scenarios=tuple(one.id for one in test.scenarios))
    scores: dict[str, float] = {}
    taken: dict[str, str] = {}
    for arm, people in shown.items():
        for number, choices in enumerate(people):
            key = f"{arm} {number}"
            shares = [one.options[choices[one.id]].points / max(1, one.best) for one in test.scenarios]
            scores[key], taken[key] = sum(shares) / len(shares), arm
    return Compared(comparison=trial.compare(scores, taken))


def sum_seen(test: DraftTest, given: Sequence[Given]) -> dict[str, Observed | None]:
    """By draft how often what was seen fits it; None where fewer than `FEWEST` things were seen."""
    found: dict[str, Observed | None] = {}
    for draft in test.drafts:
        seen = sum_observations(
            [
                Observation(contact=one.body["contact"], observer=one.who, lived=one.body["lived"])
                for one in given
                if one.arm == draft.id
            ]
        )
        found[draft.id] = seen if seen.contacts >= FEWEST else None
    return found


def sum_swaps(test: DraftTest, given: Sequence[Given]) -> dict[str, Swapped | None]:
    """By draft how many say that it fits the other company just as well; None where fewer than `FEWEST` answered."""
    answers = _by_arm(test, given, "just_as_true")
    return {
        draft.id: test.swap(draft).sum_answers(answers[draft.id]) if answers[draft.id] else None
        for draft in test.drafts
    }


def sum_ratings_of(test: DraftTest, given: Sequence[Given]) -> dict[str, tuple[RoleRatings, ...]]:
    """By draft what people say of it, everybody first and then by role; see `trials.sum_ratings` for what is hidden."""
    return {
        draft.id: sum_ratings(
            [
                Rating(person=one.who, role=one.body["role"], question=question, value=one.body[question])
                for one in given
                if one.arm == draft.id
                for question in ("today", "future")
            ],
            tuple(test.roles),
            minimum=FEWEST,
        )
        for draft in test.drafts
    }


def grade_explanations(vision: Vision) -> Explain:
    """Has the grader read explanations of drafts; the first time takes some seconds, because the model is loaded."""

    def explain(draft: str, points: Sequence[MeaningPoint], texts: Sequence[str]) -> Sequence[Grade]:
        from visionquiz.grading import grade_answers

        answers = [Answer(id=str(number), kind="explain", text=text) for number, text in enumerate(texts)]
        return grade_answers(answers, replace(vision, statement=draft, meaning=tuple(points)))

    return explain


def _by_arm(test: DraftTest, given: Sequence[Given], what: str, occasion: str = NOW) -> dict[str, list[Any]]:
    """One part of the answers by arm; of arms with fewer than `FEWEST` none, so that no result speaks of so few."""
    found: dict[str, list[Any]] = {arm: [] for arm in test.arms}
    for one in given:
        if one.occasion == occasion and one.arm in found:
            found[one.arm].append(one.body[what])
    return {arm: people if len(people) >= FEWEST else [] for arm, people in found.items()}


def _seed(ident: str) -> int:
    """Each test deals the drafts out anew."""
    return int(re.sub(r"\D", "", ident) or 1)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def _key(ident: str, occasion: str, who: str) -> str:
    return f"{ident} {occasion} {who}"


def stand_in(person: str) -> str:
    """What stands for a person in answers: 24 hexadecimal digits of a digest of the id."""
    return _digest(person)[:24]


def answer_key(test: DraftTest, given: Given) -> str:
    """The id of the document that holds an answer; what people see (`observation`), they may answer several times."""
    key = _key(test.id, given.occasion, given.who)
    return f"{key} {_digest(given.body['contact'])[:16]}" if test.kind == "observation" else key


def read_tests(body: Mapping[str, Any] | None) -> tuple[DraftTest, ...]:
    """The tests of a workshop from what the store keeps."""
    import msgspec

    return tuple(msgspec.convert(one, DraftTest) for one in (body or {"tests": ()})["tests"])


def write_tests(tests: Sequence[DraftTest]) -> dict[str, Any]:
    """The tests of a workshop as the store keeps them."""
    import msgspec

    return {"tests": [msgspec.to_builtins(one) for one in tests]}
