"""Figures of a check's quality against what numpy makes of the same answers, and the file that they are kept in."""

import datetime as dt
import json
import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from visionquiz import gradebook, jobs
from visionquiz.gradebook import Attempt, GradedSubmission, HandScore, Score, SecondLook
from visionquiz.grading import Grade
from visionquiz.learning import agreement
from visionquiz.quality import (
    Estimate,
    HandGraded,
    agree_by_level,
    agree_by_sureness,
    drift_since,
    earlier_quality,
    load_qualities,
    mend_first,
    write_quality,
)
from visionquiz.quality.measuring import measure_quality
from visionquiz.quiz import Question, Quiz, pick_scenarios
from visionquiz.results import tidy_results
from visionquiz.roster import Person
from visionquiz.stats import difference_interval
from visionquiz.vision import MeaningPoint, Role, Scenario, Vision
from visionquiz.vision import Option as Way

NOW = dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)
QUIZ = "vision-check"


def ways(*points):
    return tuple(Way(text=f"Way {place} of all", points=worth, why="w") for place, worth in enumerate(points))


VISION = Vision(
    company="Acme",
    statement="Say it early, and say why.",
    core_idea="c",
    meaning=(MeaningPoint(id="m", text="Tell early"),),
    roles=(Role(id="sales", title="Sales"), Role(id="yard", title="Yard")),
    scenarios=(
        Scenario(id="both", title="For both", situation="s", options=ways(0, 4, 2), meaning=("m",)),
        Scenario(
            id="till", title="At the till", situation="s", options=ways(1, 0, 0), roles=("sales",), meaning=("m",)
        ),
        Scenario(id="gate", title="At the gate", situation="s", options=ways(0, 2), roles=("yard",), meaning=("m",)),
    ),
)


def question(ident, kind, points, column=None):
    return Question(id=ident, kind=kind, points=points, prompt="?", column=column or ident)


CHECK = Quiz(
    id="q",
    title="Autumn check",
    seed=1,
    questions=(
        question("state", "state", 3),
        question("explain", "explain", 6),
        question("decide-1", "scenario", 2, "decide"),
        question("decide-2", "scenario", 2, "decide"),
    ),
)


def answers(count, seed=3, **fixed):
    """Invented answers of people who know more or less, as `measure_quality` wants them. `fixed` sets levels."""
    chance, picked = random.Random(seed), pick_scenarios(CHECK, VISION)
    people = [Person(person=f"p{n}", name=f"P{n}", role=("sales", "yard")[n % 2], team="T") for n in range(count)]
    scores, chosen, words = [], {}, {}
    for one in people:
        able = chance.random()
        for asked in CHECK.questions:
            if asked.kind == "scenario":
                options = picked[asked.id][one.role].options
                best = max(range(len(options)), key=lambda place: options[place].points)
                place = best if chance.random() < able else chance.randrange(len(options))
                chosen[one.person, asked.id] = place
                share = options[place].points / options[best].points
            else:
                share = fixed.get(asked.id, min(3, round(4 * (able + chance.random()) / 2))) / 3
                words[one.person, asked.id] = chance.randrange(3, 30) + round(9 * share)
            points = {"points": asked.points, "score": share * asked.points}
            scores.append(Score(person=one.person, question=asked.id, review=False, manual=False, **points))
    return SimpleNamespace(people=people, scores=scores, chosen=chosen, words=words, looks={}, graded=[])


def measure(given, quiz=CHECK):
    frame = tidy_results(given.scores, given.people, quiz)
    return measure_quality(
        frame, quiz, VISION, now=NOW, chosen=given.chosen, words=given.words, looks=given.looks, graded=given.graded
    )


def item(quality, ident):
    return next(one for one in quality.items if one.id == ident)


@pytest.fixture(scope="module")
def given():
    return answers(120)


@pytest.fixture(scope="module")
def quality(given):
    return measure(given)


def shares(given, asked, among=None):
    return np.array([s.score / s.points for s in given.scores if s.question == asked and (not among or among(s))])


def test_items_are_the_questions_and_every_scenario_that_somebody_met(quality):
    assert [one.id for one in quality.items] == ["state", "explain", "both", "till", "gate"]
    assert [one.people for one in quality.items] == [120, 120, 120, 60, 60]
    assert [one.label for one in quality.items][:3] == ["State it", "Explain it", "For both"]


def test_difficulty_and_discrimination_equal_those_of_numpy(given, quality):
    table = np.array([[s.score for s in given.scores if s.question == asked.id] for asked in CHECK.questions])
    for place, ident in enumerate(("state", "explain")):
        share = table[place] / CHECK.questions[place].points
        found = item(quality, ident)
        assert (found.mean, found.spread) == pytest.approx((share.mean(), share.std(ddof=1)), abs=1e-4)
        r = np.corrcoef(table[place], table.sum(axis=0) - table[place])[0, 1]
        assert found.discrimination.value == pytest.approx(r, abs=1e-4)
        low, high = np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.959964 / np.sqrt(117))
        assert (found.discrimination.low, found.discrimination.high) == pytest.approx((low, high), abs=1e-4)


def test_a_scenario_is_an_item_of_its_own_wherever_it_was_asked(given, quality):
    picked, total = pick_scenarios(CHECK, VISION), {}
    for one in given.scores:
        total[one.person] = total.get(one.person, 0) + one.score
    role = {one.person: one.role for one in given.people}
    mine = [s for s in given.scores if s.question in picked and picked[s.question][role[s.person]].id == "till"]
    r = np.corrcoef([s.score for s in mine], [(total[s.person] - s.score) / 11 for s in mine])[0, 1]
    found = item(quality, "till")
    assert found.discrimination.value == pytest.approx(r, abs=1e-4)
    chosen = [given.chosen[s.person, s.question] for s in mine]
    assert [one.people for one in found.options] == [chosen.count(0), chosen.count(1), chosen.count(2)]
    assert [one.worth for one in item(quality, "both").options] == [0, 1, 0.5]


def test_every_level_is_counted(given, quality):
    levels = np.rint(3 * shares(given, "explain")).astype(int)
    assert [one.people for one in item(quality, "explain").options] == np.bincount(levels, minlength=4).tolist()


def test_a_choice_that_cannot_be_read_is_blank_and_still_an_answer(given):
    person = next(one.person for one in given.people if one.role == "yard")
    picked = pick_scenarios(CHECK, VISION)
    slot = next(slot for slot, roles in picked.items() if roles["yard"].id == "gate")
    changed = SimpleNamespace(**{**vars(given), "chosen": {**given.chosen, (person, slot): None}})
    found = item(measure(changed), "gate")
    assert (found.blank, found.people, sum(one.people for one in found.options)) == (1, 60, 59)


def test_length_is_a_rank_correlation_without_blank_answers(given):
    blank = dict.fromkeys(list(given.words)[:10], 0)
    found = item(measure(SimpleNamespace(**{**vars(given), "words": {**given.words, **blank}})), "state")
    told = [
        (count, s.score)
        for s in given.scores
        if s.question == "state" and (count := {**given.words, **blank}[s.person, "state"])
    ]
    ranks = [
        [np.mean([w < v for w in column]) + np.mean([w == v for w in column]) / 2 for v in column]
        for column in zip(*told, strict=True)
    ]
    assert found.length.people == len(told) == 115
    assert found.length.value == pytest.approx(np.corrcoef(*ranks)[0, 1], abs=1e-4)
    spread = np.sqrt((1 + found.length.value**2 / 2) / 112)
    low = np.tanh(np.arctanh(found.length.value) - 1.959964 * spread)
    assert found.length.low == pytest.approx(low, abs=1e-3)
    assert found.words == np.median([count for count, _ in told])


def test_alpha_and_its_error_equal_those_of_numpy(given, quality):
    columns = [shares(given, "state"), shares(given, "explain")]
    columns.append((shares(given, "decide-1") + shares(given, "decide-2")) / 2)
    covariance = np.cov(np.array(columns))
    alpha = 3 / 2 * (1 - np.trace(covariance) / covariance.sum())
    assert quality.reliability.alpha.value == pytest.approx(alpha, abs=1e-4)
    error = np.mean(columns, axis=0).std(ddof=1) * np.sqrt(1 - alpha)
    assert quality.reliability.error == pytest.approx(error, abs=1e-4)
    chance = np.random.default_rng(1)
    drawn = []
    for _ in range(2000):
        again = np.cov(np.array(columns)[:, chance.integers(0, 120, 120)])
        drawn.append(3 / 2 * (1 - np.trace(again) / again.sum()))
    interval = (quality.reliability.alpha.low, quality.reliability.alpha.high)
    assert interval == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.04)


def test_where_the_sample_is_too_small_there_is_a_reason_and_no_figure():
    few = measure(answers(29))
    assert item(few, "state").discrimination == Estimate(
        people=29, why="it takes 30 people who answered, and there are 29"
    )
    assert "it takes 50 people who answered everything, and there are 29" in few.reliability.alpha.why
    assert few.reliability.error is None
    alike = item(measure(answers(60, state=2)), "state")
    assert alike.discrimination.why == "everybody got the same, so nothing can be compared"
    short = replace(CHECK, questions=CHECK.questions[:2])
    two = answers(60)
    two.scores = [one for one in two.scores if not one.question.startswith("decide")]
    assert "it takes 3 parts that can be compared, and this check has 2" in measure(two, short).reliability.alpha.why
    nobody = measure(SimpleNamespace(**{**vars(answers(5)), "scores": []}))
    assert (nobody.people, item(nobody, "state").mean, item(nobody, "both").people) == (0, None, 0)
    assert "there are none" in nobody.reliability.alpha.why


def test_who_has_not_all_answers_is_no_part_of_what_compares_them(given):
    gone = SimpleNamespace(**{**vars(given), "scores": given.scores[1:]})
    found = measure(gone)
    assert item(found, "state").people == item(found, "state").discrimination.people == 119
    assert (item(found, "explain").people, item(found, "explain").discrimination.people) == (120, 119)
    assert found.reliability.alpha.people == 119


def chosen(item, *people):
    """The same item with these people at its options."""
    counts = zip(item.options, people, strict=True)
    return replace(item, options=tuple(replace(one, people=count) for one, count in counts), people=sum(people))


def test_options_are_flagged_from_thirty_people_on(quality):
    both = item(quality, "both")
    assert [one.worth for one in chosen(both, 1, 14, 15).rivals] == [0.5]
    assert [one.worth for one in chosen(both, 1, 14, 15).idle] == [0]
    assert chosen(both, 0, 14, 15).rivals == chosen(both, 0, 14, 15).idle == (), "29 people"
    assert chosen(both, 15, 15, 2).rivals == ()
    assert [one.people for one in chosen(both, 2, 38, 0).idle] == [0], "two of forty are five per cent"
    assert item(quality, "state").idle == (), "levels are no options"


def test_the_load_counts_each_answer_for_one_reason(given):
    looks = {("p0", "state"): "guard", ("p1", "state"): "doubt", ("p2", "state"): "drawn", ("p3", "decide-1"): "wished"}
    scores = [
        replace(s, review=s.person in ("p1", "p9"), manual=s.person == "p0") if s.question == "state" else s
        for s in given.scores
    ]
    state, explain, decide = measure(SimpleNamespace(**{**vars(given), "looks": looks, "scores": scores})).load
    assert (state.answers, state.guard, state.doubt, state.drawn, state.wished, state.unknown) == (120, 1, 1, 1, 0, 1)
    assert (state.asked, state.waiting, state.by_hand) == (4, 2, 1)
    assert (explain.asked, decide.answers, decide.wished) == (0, 240, 1)


def test_agreement_is_counted_by_level_by_sureness_and_for_those_drawn():
    graded = [
        HandGraded(question="state", grader=2, person=2, sure=0.9, drawn=True),
        HandGraded(question="state", grader=2, person=1, sure=0.7),
        HandGraded(question="state", grader=3, person=3, sure=0.59),
        HandGraded(question="explain", grader=0, person=0),
    ]
    rows = agree_by_level(graded)
    assert [(one.question, one.level, one.grades, one.same, one.mean) for one in rows] == [
        ("explain", "not yet", 1, 1, 0),
        ("state", "mostly", 2, 1, 1.5),
        ("state", "fully", 1, 1, 3),
    ]
    # Wilson: (p + z2/2n -+ z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n), for 1 of 2.
    assert rows[1].interval == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert [(one.label, one.grades, one.same) for one in agree_by_sureness(graded)] == [
        ("grader less than 60% sure", 1, 1),
        ("grader 60 to 80% sure", 1, 0),
        ("grader 80% sure or more", 1, 1),
        ("drawn at random", 1, 1),
    ]


def test_drift_compares_like_with_like(quality):
    items = tuple(replace(one, mean=one.mean / 2) for one in quality.items if one.id != "gate")
    items = (replace(items[0], id="recall"), replace(items[1], wording="other"), *items[2:])
    before = replace(quality, quiz="spring", published=NOW - dt.timedelta(days=90), items=items)
    found = drift_since(quality, before)
    assert [(one.label, one.same_wording) for one in found] == [
        ("State it", True), ("Explain it", False), ("For both", True), ("At the till", True),
    ]  # fmt: skip
    state, now = found[0], item(quality, "state")
    assert state.change == pytest.approx(now.mean / 2)
    interval = difference_interval((now.mean / 2, now.spread, 120), (now.mean, now.spread, 120))
    assert (state.low, state.high, state.clear) == (*interval, True)
    few = replace(before, items=tuple(replace(one, people=29) for one in items))
    assert all((one.low, one.clear) == (None, False) for one in drift_since(quality, few))
    later = replace(before, quiz="later", published=NOW + dt.timedelta(days=1))
    older = replace(before, quiz="older", published=NOW - dt.timedelta(days=400))
    assert earlier_quality(quality, [later, older, before, quality]) == before
    assert earlier_quality(quality, [quality, later]) is None


@pytest.fixture
def sound(quality):
    """Items with nothing to mend, by id, and the check that they are in."""
    fine = Estimate(value=0.4, low=0.3, high=0.5, people=120)
    items = {one.id: replace(one, discrimination=fine, mean=0.6) for one in quality.items}
    for ident, people in (("both", (20, 80, 20)), ("till", (40, 10, 10)), ("gate", (20, 40))):
        items[ident] = chosen(items[ident], *people)
    return items, replace(quality, items=tuple(items.values()), agreement=())


def test_three_items_are_to_be_mended_first_the_worst_first(sound):
    items, check = sound
    assert mend_first(check) == ()
    bad = (
        replace(items["till"], mean=0.97),
        replace(items["explain"], discrimination=Estimate(value=0.1, low=-0.1, high=0.28, people=120)),
        chosen(items["both"], 0, 30, 90),
        replace(items["state"], discrimination=Estimate(value=-0.3, low=-0.5, high=-0.1, people=120)),
    )
    found = mend_first(replace(check, items=bad))
    assert [one.item for one in found] == ["State it", "For both", "Explain it"]
    assert "−0.30, probably −0.50 to −0.10: those who do well elsewhere do worse here" in found[0].why
    assert "90 people chose “Way 2 of all”, which gives 50% of the points; 30 chose the best one" in found[1].why


def test_each_thing_to_mend_names_its_figure(sound):
    items, check = sound

    def only(item):
        return mend_first(replace(check, items=(item,)))

    assert "97%" in only(replace(items["till"], mean=0.97))[0].why
    assert "5%" in only(replace(items["till"], mean=0.05))[0].why
    assert only(replace(items["till"], mean=0.97, people=29)) == ()
    assert only(chosen(items["gate"], 31, 29)) == (), "31 against 29 may be chance"
    assert "“Way 0 of all” (0 of 120)" in only(chosen(items["both"], 0, 90, 30))[0].why
    unsure = replace(items["state"], discrimination=Estimate(value=0.1, low=-0.3, high=0.45, people=40))
    assert only(unsure) == ()
    longest = replace(check, cues=replace(check.cues, longest=("gate",)))
    assert [one.item for one in mend_first(longest)] == ["At the gate"]


def test_a_grader_that_people_often_correct_is_to_learn_first(sound):
    _, check = sound
    for grades, named in ((20, True), (18, False)):
        graded = [HandGraded(question="state", grader=2, person=n % 2 + 1) for n in range(grades)]
        found = mend_first(replace(check, agreement=tuple(agree_by_level(graded))))
        assert [one.title for one in found] == ["Let the grader learn from yours: visionquiz calibrate q"] * named
    same = [HandGraded(question="state", grader=2, person=2) for _ in range(20)]
    assert mend_first(replace(check, agreement=tuple(agree_by_level(same)))) == ()


def test_cues_are_those_of_the_scenarios_that_were_asked(given):
    long = replace(
        VISION.scenarios[0], options=(*ways(0, 2), Way(text="A best option that goes on", points=4, why="w"))
    )
    vision = replace(VISION, scenarios=(long, *VISION.scenarios[1:]))
    frame = tidy_results(given.scores, given.people, CHECK)
    found = measure_quality(frame, CHECK, vision, now=NOW, chosen={}, words={}, looks={}, graded=[]).cues
    assert (found.scenarios, found.longest) == (3, ("both",))
    assert "longest in 1 of 3 (both)" in " ".join(found.warnings)


def test_another_wording_is_another_item(given):
    frame = tidy_results(given.scores, given.people, CHECK)
    said = replace(VISION, statement="Say it late.")
    there = {"now": NOW, "chosen": given.chosen, "words": given.words, "looks": {}, "graded": []}
    one, other = (measure_quality(frame, CHECK, vision, **there) for vision in (VISION, said))
    differs = [a.id for a, b in zip(one.items, other.items, strict=True) if a.wording != b.wording]
    assert differs == ["state", "explain"]


def test_the_file_comes_back_as_it_was_and_only_its_owner_reads_it(quality, tmp_path):
    graded = [HandGraded(question="state", grader=2, person=1, sure=0.7, drawn=True)]
    whole = replace(quality, agreement=tuple(agree_by_level(graded)), bands=tuple(agree_by_sureness(graded)))
    path = write_quality(whole, tmp_path / "quality")
    older = replace(whole, quiz="older", published=NOW - dt.timedelta(days=1))
    write_quality(older, tmp_path / "quality")
    assert load_qualities(tmp_path / "quality") == ((whole, older), ())
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert oct(path.parent.stat().st_mode)[-3:] == "700"
    assert load_qualities(tmp_path / "nowhere") == ((), ())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data | {"format": 2}, "newer version"),
        (lambda data: data | {"format": 0}, "another version"),
        (lambda data: data | {"format": "1"}, "another version"),
        (lambda data: data | {"people": "many"}, "damaged"),
        (lambda data: data | {"items": [{}]}, "damaged"),
        (lambda data: data | {"published": "2026-12-09"}, "damaged"),
        (lambda data: data | {"published": "2026-12-09T09:00:00"}, "damaged"),
        (lambda data: data | {"quiz": "other"}, "damaged"),
        (lambda data: {}, "damaged"),
        (lambda data: [data], "damaged"),
        (lambda data: None, "damaged"),
    ],
)
def test_damaged_and_newer_files_are_told_apart_and_leave_the_others(quality, tmp_path, change, says):
    path = write_quality(quality, tmp_path)
    write_quality(replace(quality, quiz="whole"), tmp_path)
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    (found,), (problem,) = load_qualities(tmp_path)
    assert found.quiz == "whole"
    assert says in problem.message
    assert "visionquiz publish q" in problem.message
    for damage in (b"", b"{", b"\xff\xfe", b"[" * 100_000):
        path.write_bytes(damage)
        assert "damaged" in load_qualities(tmp_path)[1][0].message


@pytest.mark.nbgrader
def test_publishing_writes_it_with_nothing_personal_in_it(course_until):
    course = course_until("published")
    path = course.quality / f"{QUIZ}.json"
    assert oct(path.stat().st_mode)[-3:] == "600"
    (found,), problems = load_qualities(course.quality)
    assert problems == ()
    handed_in = course.submissions(QUIZ)
    assert found.people == len(handed_in)
    kept = path.read_text()
    vision = course.load_vision()
    for person in course.load_roster(vision):
        assert person.person not in kept
        assert person.name not in kept
    typed = 0
    for name in handed_in:
        for cell in json.loads(course.notebook("submitted", QUIZ, name).read_text())["cells"]:
            said = "".join(cell["source"])
            if cell["metadata"].get("nbgrader", {}).get("grade") and len(said) > 20 and said != vision.statement:
                assert json.dumps(said, ensure_ascii=False)[1:-1] not in kept
                typed += 1
    assert typed > 50


@pytest.mark.nbgrader
def test_a_courses_figures_are_those_of_its_gradebook(course_until):
    course = course_until("graded")
    scores = gradebook.read_scores(course.database, QUIZ)
    open_, rest = (
        [one for one in scores if one.question == "explain" and one.review is wanted] for wanted in (True, False)
    )
    given = [HandScore(person=one.person, question="explain", score=3.0) for one in (*open_[:1], *rest[:2])]
    gradebook.write_scores(course.database, QUIZ, given, who="trainer")
    asked = SecondLook(person=rest[3].person, question="explain", asked=dt.datetime(2026, 12, 1), reason="Please")
    gradebook.write_looks(course.database, QUIZ, [asked], dt.datetime(2026, 12, 1))
    jobs.publish(course, QUIZ, minimum=5, now=NOW)
    (found,), _ = load_qualities(course.quality)
    load = next(one for one in found.load if one.question == "explain")
    assert (load.asked, load.wished, load.waiting) == (len(open_) + 1, 1, len(open_))
    assert (load.by_hand, load.unknown) == (3, 0)
    report = jobs.grade_quiz(course, QUIZ)
    assert (
        sum(one.guard + one.doubt + one.drawn for one in found.load)
        == report.doubtful + report.guarded + report.audited
    )
    assert list(found.agreement) == agreement(course, QUIZ)
    assert sum(band.grades for band in found.bands if band.label.startswith("grader")) == 3
    answered = [one for one in found.of_kind("scenario") if one.people]
    assert sum(one.people for one in answered) == sum(one.question.startswith("decide") for one in scores)
    for one in answered:
        mean = sum(option.worth * option.people for option in one.options) / one.people
        assert one.mean == pytest.approx(mean, abs=1e-3)
    assert all(one.words for one in found.of_kind("written"))


@pytest.mark.nbgrader
def test_why_an_answer_went_to_a_person_is_told_of_the_attempt_that_counts(course_until):
    course = course_until("released")
    grades = [
        Grade(id="explain", share=2 / 3, level=2, confidence=0.9, review=True, reason="r", guards=("talk",)),
        Grade(id="explain", share=1 / 3, level=1, confidence=0.4, review=True, reason="r"),
        Grade(id="explain", share=0.0, level=0, confidence=0.9, review=False, reason="r"),
    ]
    attempts = [
        Attempt(
            submitted=NOW.replace(tzinfo=None, day=day), answers_sha256=str(day), receipt="r", grades={"explain": one}
        )
        for day, one in enumerate(grades, start=1)
    ]
    for number, (one, wanted) in enumerate(zip(grades, ({"talk"}, set(), None), strict=True)):
        sent = GradedSubmission(
            person=f"p{number}", submitted=None, answers={"explain": "a"}, grades={"explain": one}, attempts=attempts
        )
        gradebook.write_grades(course.database, QUIZ, [sent], model="m", now=NOW.replace(tzinfo=None))
        found = gradebook.read_wanted(course.database, QUIZ)
        assert found.get((f"p{number}", "explain")) == wanted


@pytest.mark.nbgrader
def test_a_gradebook_without_a_trail_does_not_say_why(course_until):
    assert gradebook.read_wanted(course_until("released").database, QUIZ) == {}
