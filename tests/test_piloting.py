"""Tests of drafts in a workshop's store, on a file and on a server, several people at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from visionquiz.classroom import Seat
from visionquiz.errors import TrialError
from visionquiz.grading import Grade, Judgement
from visionquiz.kit import kit_path
from visionquiz.piloting import (
    ANSWER,
    FEWEST,
    KINDS,
    LATER,
    DraftTest,
    DraftTests,
    Given,
    check_answer,
    sum_decisions,
    sum_explanations,
    sum_ratings_of,
    sum_recall,
    sum_seen,
    sum_swaps,
)
from visionquiz.store import Store
from visionquiz.trials import Draft, compare_drafts
from visionquiz.vision import load_vision

VISION = load_vision(kit_path("assessments") / "hollowmere" / "vision.toml")
HOME, TRUTH = (
    Draft(id="draft-001", text="We keep every home warm and dry."),
    Draft(id="draft-002", text="Excellence in everything for stakeholders."),
)
DAY = 86_400


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def enter(store_address, clock):
    stores = []

    def come(who, *, trainer=False):
        stores.append(Store(store_address))
        return DraftTests(stores[-1], Seat(id=who, trainer=trainer), clock=clock)

    yield come
    for store in stores:
        store.close()


def begin(enter, kind="recall", drafts=(HOME, TRUTH), **options):
    return enter("trainer", trainer=True).start(kind, drafts, vision=VISION, **options)


def test_people_who_join_at_once_get_as_many_of_each_draft(enter):
    ident = begin(enter).id
    people = [enter(f"person-{number}") for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        arms = list(pool.map(lambda one: one.join(ident), people))
    assert sorted(arms) == [HOME.id] * 6 + [TRUTH.id] * 6
    assert [one.join(ident) for one in people] == arms, "who has a draft keeps it"
    assert [(one.begun, one.answered) for one in people[0].counts(ident)] == [(6, 0), (6, 0)]


def test_a_person_hands_in_once_also_from_two_windows_at_once(enter):
    ident = begin(enter).id
    windows = [enter("ada") for _ in range(4)]
    windows[0].join(ident)

    def hand_in(number):
        try:
            windows[number].answer(ident, {"text": f"from window {number}"})
        except TrialError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(hand_in, range(4)))
    assert said == ["", *["You have handed in already. The first answer counts."] * 3]
    assert len(windows[0].answers(ident)) == 1
    assert windows[1].has_answered(ident)
    assert not enter("bea").has_answered(ident)


def test_two_trainers_who_begin_a_test_at_once_have_begun_one(enter):
    trainers = [enter(f"trainer-{number}", trainer=True) for number in range(4)]

    def start(one):
        try:
            return one.start("recall", (HOME, TRUTH), vision=VISION).id
        except TrialError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(start, trainers))
    assert said[-1] == "test-001"
    assert all("open already" in one for one in said[:-1])
    trainers[0].close("test-001")
    assert start(trainers[1]) == "test-002"


def test_only_a_trainer_begins_and_closes(enter):
    ident = begin(enter).id
    for act in (lambda: enter("ada").close(ident), lambda: enter("ada").start("swap", [HOME], vision=VISION)):
        with pytest.raises(TrialError, match="Only the trainer"):
            act()
    assert enter("ada").open_test().id == ident
    with pytest.raises(TrialError, match="no test 'test-099'"):
        enter("trainer", trainer=True).close("test-099")


def test_nobody_hands_in_without_a_draft_or_when_it_is_closed(enter):
    ident = begin(enter).id
    ada, bea = enter("ada"), enter("bea")
    with pytest.raises(TrialError, match="Take part"):
        ada.answer(ident, {"text": "warm"})
    ada.join(ident)
    enter("trainer", trainer=True).close(ident)
    assert ada.open_test() is None
    with pytest.raises(TrialError, match="closed"):
        ada.answer(ident, {"text": "warm"})
    with pytest.raises(TrialError, match="closed"):
        bea.join(ident)
    with pytest.raises(TrialError, match="no test"):
        ada.join("test-099")
    assert ada.answers(ident) == ()


def test_a_draft_that_was_read_stays_read(enter):
    ident = begin(enter).id
    ada = enter("ada")
    arm = ada.join(ident)
    assert not ada.has_read(ident)
    ada.note_read(ident)
    assert enter("ada").has_read(ident)
    assert not enter("bea").has_read(ident)
    enter("bea").join(ident)
    assert (ada.has_read(ident), ada.arm(ident)) == (True, arm)


@pytest.mark.parametrize(
    ("days", "after", "asked"),
    [(1, 0.5, False), (1, 0.8, True), (1, 3, True), (1, 3.2, False), (7, 6, False), (7, 7, True), (7, 16, False)],
)
def test_what_was_recalled_is_asked_again_a_day_or_a_week_later(enter, clock, days, after, asked):
    ident = begin(enter, days=days).id
    ada = enter("ada")
    ada.join(ident)
    ada.answer(ident, {"text": "every home"})
    enter("trainer", trainer=True).close(ident)
    clock.now += after * DAY
    assert [one.id for one in ada.due()] == ([ident] if asked else [])
    assert enter("bea").due() == ()
    if not asked:
        with pytest.raises(TrialError, match="not yet time to write down"):
            ada.answer(ident, {"text": "home"}, occasion=LATER)
        return
    ada.answer(ident, {"text": "home"}, occasion=LATER)
    assert ada.due() == ()
    assert {one.occasion: one.body["text"] for one in ada.answers(ident)} == {"now": "every home", "later": "home"}
    assert sum(one.later for one in ada.counts(ident)) == 1


def test_only_recall_is_asked_again(enter, clock):
    ident = begin(enter, "swap", rival="Northwell").id
    ada = enter("ada")
    ada.join(ident)
    ada.answer(ident, {"just_as_true": True})
    clock.now += 8 * DAY
    assert ada.due() == ()


def test_each_thing_that_was_seen_is_answered_for_once(enter):
    ident = begin(enter, "observation", [HOME]).id
    ada = enter("ada")
    ada.join(ident)
    ada.answer(ident, {"lived": True, "contact": "Call 1"})
    ada.answer(ident, {"lived": False, "contact": "call 2"})
    with pytest.raises(TrialError, match="'call 1' already"):
        ada.answer(ident, {"lived": False, "contact": " CALL  1 "})
    assert sorted((one.body["contact"], one.body["lived"]) for one in ada.answers(ident)) == [
        ("call 1", True), ("call 2", False),
    ]  # fmt: skip
    assert ada.counts(ident)[0].answered == 1, "people, not answers"


def test_no_name_lies_beside_an_answer(enter):
    ident = begin(enter).id
    ada = enter("ada.okafor@example.com")
    ada.join(ident)
    ada.note_read(ident)
    ada.answer(ident, {"text": "warm"})
    kept = [one for kind in ("test", "test-arms", ANSWER) for one in ada.store.documents(kind)]
    assert len(kept) == 3
    assert "okafor" not in str(kept)


HUGE = "x" * 30_000


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("recall", {}, "Write what you remember"),
        ("recall", {"text": 3}, "Write what you remember"),
        ("recall", {"text": HUGE}, "30,000 characters"),
        ("meaning", {"text": "  \n"}, "nothing in the box"),
        ("meaning", {"text": ["x"]}, "nothing in the box"),
        ("meaning", {"text": HUGE}, "2,000 fit"),
        ("decision", {}, "Situation 1 has no answer"),
        ("decision", {"choices": "all"}, "Situation 1 has no answer"),
        ("decision", {"choices": {VISION.scenarios[0].id: 99}}, "Situation 1 has no answer"),
        ("decision", {"choices": {VISION.scenarios[0].id: True}}, "Situation 1 has no answer"),
        ("decision", {"choices": {VISION.scenarios[0].id: -1}}, "Situation 1 has no answer"),
        ("decision", {"choices": {VISION.scenarios[0].id: 0}}, "Situation 2 has no answer"),
        ("observation", {"contact": "call"}, "yes or no"),
        ("observation", {"lived": 1, "contact": "call"}, "yes or no"),
        ("observation", {"lived": True, "contact": " "}, "a word for what you saw"),
        ("observation", {"lived": True, "contact": HUGE}, "under 60"),
        ("observation", {"lived": True, "contact": None}, "under 60"),
        ("swap", {"just_as_true": "yes"}, "yes or no"),
        ("ratings", {"today": 3}, "both questions"),
        ("ratings", {"today": 3, "future": 0}, "both questions"),
        ("ratings", {"today": 6, "future": 1}, "both questions"),
        ("ratings", {"today": 3, "future": 3, "role": "king"}, "your role"),
        ("ratings", {"today": 3, "future": 3, "role": ["x"]}, "your role"),
    ],
)
def test_an_answer_that_cannot_be_read_is_refused_in_words(kind, answer, said):
    with pytest.raises(TrialError, match=said):
        check_answer(make_test(kind), answer)


def make_test(kind, drafts=None, **options):
    most = KINDS[kind].most
    given = {
        "company": "Hollowmere",
        "rival": "Northwell",
        "points": VISION.meaning,
        "scenarios": VISION.scenarios[:2],
        "roles": {role.id: role.title for role in VISION.roles},
    }
    return DraftTest(id="test-001", kind=kind, drafts=(drafts or (HOME, TRUTH))[:most], **{**given, **options})


@pytest.mark.parametrize(
    ("kind", "drafts", "options", "said"),
    [
        ("guess", (HOME,), {}, "no such test"),
        ("recall", (HOME,), {}, "takes 2 to 6 drafts, and 1 was chosen"),
        ("meaning", (), {}, "none was chosen"),
        ("swap", tuple(Draft(id=f"d{n}", text=f"Home {n}") for n in range(7)), {}, "1 to 6 drafts, and 7"),
        ("decision", (HOME, TRUTH), {}, "takes 1 draft, and 2"),
        ("recall", (HOME, replace(HOME, id="other")), {}, "the same words"),
        ("meaning", (HOME,), {"points": ()}, "no meaning points"),
        ("decision", (HOME,), {"scenarios": ()}, "1 to 5 situations"),
        ("swap", (HOME,), {"rival": " "}, "name of another company"),
        ("swap", (HOME,), {"rival": "x" * 100}, "80 characters"),
        ("swap", (HOME,), {"rival": "HOLLOWMERE "}, "your own name"),
    ],
)
def test_a_test_that_cannot_be_run_is_refused_in_words(kind, drafts, options, said):
    given = {"company": "Hollowmere", "rival": "Northwell", "points": VISION.meaning, "scenarios": VISION.scenarios[:2]}
    with pytest.raises(TrialError, match=said):
        DraftTest(id="test-001", kind=kind, drafts=drafts, **{**given, **options})


def answers(test, bodies, occasion="now"):
    """Made-up answers: by arm what its people said."""
    return [
        Given(who=f"{arm}-{number}", arm=arm, occasion=occasion, body=body, when=0.0)
        for arm, said in zip(test.arms, bodies, strict=True)
        for number, body in enumerate(said)
    ]


def test_recall_is_summed_by_the_code_that_the_simulations_run_on():
    test = make_test("recall")
    well, badly = [{"text": HOME.text}] * 6, [{"text": "no idea"}] * 6
    found = sum_recall(test, answers(test, [well, badly]))
    assert found.comparisons == compare_drafts({HOME.id: [1.0] * 6, TRUTH.id: [0.0] * 6})
    assert found.comparisons[0].differs
    assert {word.share for word in found.by_word[HOME.id] if word.weighty} == {1}
    none = sum_recall(test, answers(test, [well, badly]), occasion=LATER)
    assert none.by_word == {HOME.id: (), TRUTH.id: ()}
    same = sum_recall(test, answers(test, [[{"text": "x"}] * 6, badly]))
    assert not same.comparisons[0].differs


def test_a_draft_that_fewer_than_five_answered_for_is_not_spoken_of():
    few = FEWEST - 1
    test = make_test("recall")
    found = sum_recall(test, answers(test, [[{"text": HOME.text}] * few, [{"text": "no"}] * FEWEST]))
    assert found.by_word[HOME.id] == ()
    assert len(found.by_word[TRUTH.id]) == 5
    assert {one.n for pair in found.comparisons for one in (pair.better, pair.other)} == {0, FEWEST}

    test = make_test("swap")
    said = sum_swaps(test, answers(test, [[{"just_as_true": True}] * few, [{"just_as_true": False}] * FEWEST]))
    assert said[HOME.id] is None
    assert (said[TRUTH.id].just_as_true, said[TRUTH.id].n) == (0, FEWEST)

    test = make_test("observation")
    seen = [{"lived": True, "contact": f"call {number}"} for number in range(FEWEST)]
    found = sum_seen(test, answers(test, [seen[:few], seen]))
    assert found[HOME.id] is None
    assert (found[TRUTH.id].lived, found[TRUTH.id].contacts) == (FEWEST, FEWEST)

    test = make_test("ratings", (HOME,))
    role = next(iter(test.roles))
    rated = [{"today": 2, "future": 5, "role": role}] * few + [{"today": 2, "future": 5, "role": ""}] * few
    everybody, *roles = sum_ratings_of(test, answers(test, [rated]))[HOME.id][: len(test.roles) + 1]
    assert (everybody.n, everybody.mean) == (2 * few, 2)
    assert {one.n for one in roles} == {None}


def test_decisions_are_compared_with_and_without_the_draft():
    test = make_test("decision")
    best = {one.id: max(range(3), key=lambda n, one=one: one.options[n].points) for one in test.scenarios}
    worst = {one.id: min(range(3), key=lambda n, one=one: one.options[n].points) for one in test.scenarios}
    found = sum_decisions(test, answers(test, [[{"choices": best}] * 6, [{"choices": worst}] * 6])).comparison
    assert (found.better.draft, found.better.mean, found.differs) == ("with", 1.0, True)
    few = sum_decisions(test, answers(test, [[{"choices": best}] * 6, [{"choices": worst}] * 4])).comparison
    assert (few.other.n, few.enough) == (0, False)


def test_explanations_go_through_the_grader_that_was_handed_in():
    test = make_test("meaning")
    asked = []

    def explain(draft, points, texts):
        asked.append((draft, len(texts)))
        return [
            Grade(
                id="x", share=0, level=0, confidence=1, review=False, reason="",
                judgements=tuple(
                    Judgement(part=point.id, chance=1.0, verdict="covered" if point.id in text else "missing")
                    for point in points
                ),
            )
            for text in texts
        ]  # fmt: skip

    first, *_ = test.points
    found = sum_explanations(test, answers(test, [[{"text": first.id}] * 5, [{"text": "no"}] * 4]), explain)
    assert asked == [(HOME.text, 5)], "what may not be shown is not graded either"
    assert (found.by_draft[HOME.id][0].hits, found.by_draft[HOME.id][0].n) == (5, 5)
    assert found.by_draft[TRUTH.id] is None
    assert not found.comparisons[0].enough


def test_all_of_a_test_comes_back_from_the_store(enter):
    for kind, drafts in (("meaning", [HOME]), ("decision", [HOME]), ("ratings", [HOME]), ("swap", [HOME, TRUTH])):
        made = begin(enter, kind, drafts, rival="Northwell", scenarios=[one.id for one in VISION.scenarios[:3]])
        assert enter("ada").test(made.id) == made
        assert bool(made.points) == (kind == "meaning")
        assert len(made.scenarios) == (3 if kind == "decision" else 0)
        enter("trainer", trainer=True).close(made.id)
    assert [one.closed for one in enter("ada").tests()] == [True] * 4
