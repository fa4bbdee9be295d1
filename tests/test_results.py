import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from visionquiz.counted import Counted, Figure
from visionquiz.gradebook import Score
from visionquiz.publishing import summarise
from visionquiz.quiz import Question, Quiz
from visionquiz.results import columns_of, group_table, print_tables, tidy_results
from visionquiz.roster import Person
from visionquiz.summaries import SITUATIONS
from visionquiz.vision import MeaningPoint, Option, Role, Scenario, Vision

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)

NOBODY = Counted(key="k", minimum=0)
"""Nothing was published yet."""


def question(ident, kind, points, column=None):
    return Question(id=ident, kind=kind, points=points, prompt="?", column=column or ident)


QUIZ = Quiz(
    id="q",
    title="Q",
    seed=1,
    questions=(
        question("state", "state", 3),
        question("decide-1", "scenario", 2, "decide"),
        question("decide-2", "scenario", 2, "decide"),
    ),
)
VISION = Vision(
    company="Acme",
    statement="s",
    core_idea="c",
    meaning=(MeaningPoint(id="m", text="m"),),
    roles=(Role(id="sales", title="Sales adviser"), Role(id="nursery", title="Gardener")),
)


def person(name, team="North/Shop", role="sales"):
    return Person(person=name, name=name.title(), role=role, team=team)


def scores(name, *given, review=False):
    return [
        Score(person=name, question=q.id, points=q.points, score=score, review=review, manual=False)
        for q, score in zip(QUIZ.questions, given, strict=True)
    ]


PEOPLE = [person("a"), person("b"), person("c", "South", "nursery")]


def test_missing_is_not_zero():
    frame = tidy_results(scores("a", 0, 0, 0), PEOPLE, QUIZ)
    assert len(frame) == 9
    handed_in = frame[frame["person"] == "a"]
    assert handed_in["score"].tolist() == [0, 0, 0]
    assert frame[frame["person"] == "b"]["score"].isna().all()
    assert frame["share"].mean() == 0


def test_the_frame_is_tidy():
    frame = tidy_results(scores("a", 3, 1, 2, review=True), PEOPLE, QUIZ)
    assert frame.columns.tolist() == [
        "person", "name", "role", "team", "manager", "question", "column", "kind", "points", "score", "share", "review",
        "manual",
    ]  # fmt: skip
    assert not frame.duplicated(["person", "question"]).any()
    assert frame.loc[frame["person"] == "a", "share"].tolist() == [1, 0.5, 1]
    assert frame["review"].dtype == bool
    assert frame["review"].sum() == 3


def test_strangers_come_last_without_team_or_role():
    frame = tidy_results(scores("stranger", 3, 2, 2), PEOPLE, QUIZ)
    assert frame["person"].tolist()[-3:] == ["stranger"] * 3
    assert frame["team"].isna().sum() == frame["role"].isna().sum() == 3


def test_nobody_at_all_is_an_empty_frame_of_the_same_shape():
    assert len(tidy_results([], PEOPLE, QUIZ)) == 9
    assert len(tidy_results([], [], QUIZ)) == 0


def test_a_group_counts_who_was_asked_and_who_answered():
    frame = tidy_results([*scores("a", 3, 2, 0), *scores("c", 0, 1, 1, review=True)], PEOPLE, QUIZ)
    table = group_table(frame, frame["team"])
    assert table.loc["North/Shop", ["asked", "answered", "review"]].tolist() == [2, 1, 0]
    assert table.loc["South", ["asked", "answered", "review"]].tolist() == [1, 1, 3]
    assert table.loc["North/Shop", "state"] == 1
    assert table.loc["North/Shop", "decide"] == 0.5, "two slots of equal weight"
    assert table.loc["South", "decide"] == 0.5


def test_a_group_that_did_not_answer_has_no_mean():
    frame = tidy_results(scores("a", 3, 2, 0), PEOPLE, QUIZ)
    table = group_table(frame, frame["team"])
    assert np.isnan(table.loc["South", "state"])
    assert table.loc["South", "answered"] == 0


def test_scenario_slots_are_one_column():
    assert [(column.id, column.label) for column in columns_of(QUIZ)] == [
        ("state", "State it"),
        ("decide", "Decide with it"),
    ]


def test_two_questions_of_a_kind_are_told_apart():
    quiz = Quiz(id="q", title="Q", seed=1, questions=(question("one", "explain", 3), question("two", "explain", 3)))
    assert [column.label for column in columns_of(quiz)] == ["Explain it (one)", "Explain it (two)"]


@pytest.fixture
def company():
    people = [person(f"n{i}", "North/Shop") for i in range(8)]
    people += [person(f"m{i}", "North/Yard", "nursery") for i in range(6)]
    people += [person(f"s{i}", "South", "nursery") for i in range(7)]
    return people


def test_the_summary_holds_every_group_and_equals_a_plain_recomputation(company):
    given = [s for i, p in enumerate(company) for s in scores(p.person, i % 4, i % 3, 2)]
    frame = tidy_results(given, company, QUIZ)
    summary, _ = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW)
    assert [(group.kind, group.id) for group in summary.groups] == [
        ("all", "all"), ("team", "North"), ("team", "North/Shop"), ("team", "North/Yard"), ("team", "South"),
        ("role", "sales"), ("role", "nursery"),
    ]  # fmt: skip
    by_person = {p.person: (i % 4 / 3, (i % 3 / 2 + 1) / 2) for i, p in enumerate(company)}
    for group in summary.groups:
        who = {
            "all": company,
            "team": [p for p in company if f"{p.team}/".startswith(f"{group.id}/")],
            "role": [p for p in company if p.role == group.id],
        }[group.kind]
        assert not group.hidden
        assert group.asked == group.answered == len(who)
        assert group.means is not None
        assert group.means["state"] == pytest.approx(sum(by_person[p.person][0] for p in who) / len(who), abs=1e-4)
        assert group.means["decide"] == pytest.approx(sum(by_person[p.person][1] for p in who) / len(who), abs=1e-4)
    assert [group.label for group in summary.of_kind("role")] == ["Sales adviser", "Gardener"]


def test_a_hidden_group_says_nothing(company):
    given = [s for p in company if p.team != "South" for s in scores(p.person, 3, 2, 2)]
    given += [s for p in company[-7:-4] for s in scores(p.person, 0, 0, 0)]
    frame = tidy_results(given, company, QUIZ)
    summary, _ = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW)
    hidden = {(group.kind, group.id) for group in summary.groups if group.hidden}
    assert ("team", "South") in hidden
    assert len(hidden) > 1, "the three of South would follow from everyone minus North"
    for group in summary.groups:
        if group.hidden:
            assert (group.asked, group.answered, group.review, group.means) == (0, 0, 0, None)


def test_strangers_are_in_no_group(company):
    given = [s for p in company for s in scores(p.person, 3, 2, 2)] + scores("stranger", 0, 0, 0)
    frame = tidy_results(given, company, QUIZ)
    summary, _ = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW)
    assert summary.of_kind("all")[0].means == {"state": 1.0, "decide": 1.0}


def test_the_printed_tables_name_teams_roles_and_questions(company):
    given = [s for p in company[:-7] for s in scores(p.person, 3, 1, 1)]
    tables = dict(print_tables(tidy_results(given, company, QUIZ), QUIZ, VISION))
    assert list(tables) == ["By team", "By role", "By question"]
    assert "North/Yard" in tables["By team"]
    assert "Everyone" in tables["By team"]
    assert "100%" in tables["By team"]
    assert "50%" in tables["By team"]
    assert "Gardener" in tables["By role"]
    assert "decide-2" in tables["By question"]
    south = next(line for line in tables["By team"].splitlines() if line.startswith("South"))
    assert "-" in south
    assert "nan" not in "".join(tables.values()).lower()
    assert isinstance(tidy_results([], company, QUIZ), pd.DataFrame)


def test_tables_of_a_check_that_nobody_answered_show_dashes(company):
    tables = dict(print_tables(tidy_results([], company, QUIZ), QUIZ, VISION))
    assert "nan" not in "".join(tables.values()).lower()
    assert "-" in tables["By question"]


LATER = NOW + dt.timedelta(days=7)


def publish_twice(company, first, second, minimum=(5, 5)):
    """The second summary and ledger; `first` and `second` give everybody's scores."""
    frame = tidy_results(first, company, QUIZ)
    _, before = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=minimum[0], now=NOW)
    frame = tidy_results(second, company, QUIZ)
    return summarise(frame, QUIZ, VISION, company, before, minimum=minimum[1], now=LATER)


def with_state(company, state, names):
    return [s for p in company for s in scores(p.person, state if p.person in names else 3, 2, 2)]


def of(summary, kind, ident):
    (found,) = [group for group in summary.groups if (group.kind, group.id) == (kind, ident)]
    return found


TOLD = {"there": '[["s","recalled"]]', "gone": '[["s","missing"]]', "blank": "", "damaged": '["s"]'}


def told_by(company, what, names, otherwise="there"):
    """What was made of everybody's statement, which is a single word here."""
    lines = {p.person: TOLD[what if p.person in names else otherwise] for p in company}
    return {(name, "state"): line for name, line in lines.items()}


def test_parts_are_shares_of_those_whose_parts_are_known(company):
    frame = tidy_results(with_state(company, 0, ["n1"]), company, QUIZ)
    known = told_by(company, "blank", ["n0", "n1"]) | told_by(company[-1:], "damaged", ["s6"])
    del known["s5", "state"]
    summary, _ = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW, verdicts=known)
    assert [part.label for part in summary.columns[0].parts] == ["s"]
    assert of(summary, "role", "sales").parts == {"state": ((0.75, 0.0, 0.0, 0.25),)}
    assert of(summary, "team", "South").parts == {"state": ((1.0, 0.0, 0.0, 0.0),)}, "of the five that are known"
    assert of(summary, "role", "sales").spreads["state"] == pytest.approx(np.std([0, *[1] * 7], ddof=1), abs=1e-4)


def test_parts_of_too_few_are_left_out_and_the_rest_is_shown(company):
    frame = tidy_results(with_state(company, 0, []), company, QUIZ)
    few = {key: line for key, line in told_by(company, "there", []).items() if not key[0].startswith("s")}
    few |= {("s0", "state"): TOLD["gone"]}
    summary, counted = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW, verdicts=few)
    south = of(summary, "team", "South")
    assert (south.hidden, south.answered, south.parts) == (False, 7, {})
    # The one of South would follow from everyone's parts and the rest's, so some of these are left out as well.
    assert sum("state" in group.parts for group in summary.groups) < len(summary.groups) - 1
    assert "parts of state" in counted.people


def test_parts_stay_as_they_were_until_enough_people_changed(company):
    frame = tidy_results(with_state(company, 0, []), company, QUIZ)
    for names, held in ((["n0", "n1", "n2", "n3"], True), (["n0", "n1", "n2", "n3", "n4"], False)):
        first = told_by(company, "there", [])
        _, before = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW, verdicts=first)
        changed = told_by(company, "gone", names)
        summary, _ = summarise(frame, QUIZ, VISION, company, before, minimum=5, now=LATER, verdicts=changed)
        sales = of(summary, "role", "sales")
        assert sales.as_of == ({"parts of state": NOW} if held else {})
        assert sales.parts["state"][0][0] == (1.0 if held else 0.375)


def test_parts_of_another_vision_are_not_told_of_this_one(company):
    frame = tidy_results(with_state(company, 0, []), company, QUIZ)
    first = told_by(company, "there", [])
    _, before = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW, verdicts=first)
    other = replace(VISION, statement="t")
    few = told_by(company, "gone", ["n0", "n1", "n2", "n3"])
    few = {key: line.replace('"s"', '"t"') for key, line in few.items()}
    summary, ledger = summarise(frame, QUIZ, other, company, before, minimum=5, now=LATER, verdicts=few)
    assert [part.label for part in summary.columns[0].parts] == ["t"]
    assert not of(summary, "role", "sales").parts, "of four it is not told anew, and what was told is of another word"
    assert of(summary, "role", "sales").means
    again, _ = summarise(frame, QUIZ, other, company, ledger, minimum=5, now=LATER, verdicts=few)
    assert not of(again, "role", "sales").parts


def test_a_check_that_asks_for_more_than_before_hides_a_group_in_which_too_few_answered_that(company):
    _, before = summarise(
        tidy_results(with_state(company, 0, []), company, QUIZ), QUIZ, VISION, company, NOBODY, minimum=5, now=NOW
    )
    longer = replace(QUIZ, questions=(*QUIZ.questions, question("explain", "explain", 3)))
    given = [
        *with_state(company, 0, []),
        *(
            Score(person=one.person, question="explain", points=3, score=2, review=False, manual=False)
            for one in company
            if one.person not in ("s0", "s1", "s2", "s3")
        ),
    ]
    frame = tidy_results(given, company, longer)
    summary, _ = summarise(frame, longer, VISION, company, before, minimum=5, now=LATER)
    assert of(summary, "team", "South").hidden
    assert all("explain" in group.means for group in summary.groups if not group.hidden)
    assert any(not group.hidden for group in summary.groups)


def test_what_was_published_before_there_were_parts_gets_them_now(company):
    given = with_state(company, 0, ["n1"])
    frame = tidy_results(given, company, QUIZ)
    _, before = summarise(frame, QUIZ, VISION, company, NOBODY, minimum=5, now=NOW)
    old = {
        key: {what: Figure(value=figure.value[:1] if what == "state" else figure.value, as_of=NOW)
              for what, figure in own.items()}
        for key, own in before.figures.items()
    }  # fmt: skip
    summary, _ = summarise(
        tidy_results(with_state(company, 0, ["n1", "n2"]), company, QUIZ), QUIZ, VISION, company,
        replace(before, figures=old), minimum=5, now=LATER, verdicts=told_by(company, "gone", ["n1"]),
    )  # fmt: skip
    sales = of(summary, "role", "sales")
    assert sales.as_of == {"state": NOW}, "held back, without a spread"
    assert "state" not in sales.spreads
    assert sales.parts["state"][0][0] == 0.875


def test_published_again_unchanged_nothing_is_held_back(company):
    given = with_state(company, 0, ["n1"])
    summary, counted = publish_twice(company, given, given)
    assert all(group.as_of == {} and not group.hidden for group in summary.groups)
    assert {figure.as_of for own in counted.figures.values() for figure in own.values()} == {LATER}


def test_a_mean_stays_as_it_was_until_enough_people_changed(company):
    four, five = [p.person for p in company[:4]], [p.person for p in company[:5]]
    for names, held in ((four, True), (five, False)):
        summary, _ = publish_twice(company, with_state(company, 0, []), with_state(company, 0, names))
        for group in (of(summary, "all", "all"), of(summary, "team", "North/Shop"), of(summary, "role", "sales")):
            assert group.as_of == ({"state": NOW} if held else {}), group
            assert group.means["decide"] == 1, "what did not change is not held back"
            assert (group.means["state"] == 1) is held
        assert of(summary, "team", "South").as_of == {}


def test_who_comes_late_counts_once_there_are_enough_of_them(company):
    late = {p.person for p in company[-2:]}
    first = [s for s in with_state(company, 0, []) if s.person not in late]
    summary, _ = publish_twice(company, first, with_state(company, 0, []))
    south = of(summary, "team", "South")
    assert (south.answered, set(south.as_of)) == (5, {"answered", "review", "state", "decide"})


def test_a_group_that_was_hidden_is_shown_with_all_its_figures_or_not_at_all(company):
    first = [s for s in with_state(company, 0, []) if not s.person.startswith("s")]
    summary, _ = publish_twice(company, first, with_state(company, 0, []))
    assert not of(summary, "team", "South").hidden, "seven came"
    first = [s for s in with_state(company, 0, []) if s.person not in ("s4", "s5", "s6")]
    summary, _ = publish_twice(company, first, with_state(company, 0, []))
    south = of(summary, "team", "South")
    assert south.hidden, "what the four wrote follows from what was published without the three"
    assert south.means is None


def test_a_higher_minimum_hides_what_a_lower_one_showed(company):
    given = with_state(company, 0, [])
    summary, counted = publish_twice(company, given, given, minimum=(5, 8))
    assert all(group.hidden or group.answered >= 8 for group in summary.groups)
    assert any(not group.hidden for group in summary.groups)
    assert of(summary, "team", "South").hidden
    assert counted.minimum == 5, "what was published stays published"


def test_the_ledger_holds_no_names_and_no_levels(company):
    _, counted = publish_twice(company, with_state(company, 0, []), with_state(company, 0, ["n1"]))
    for history in counted.people.values():
        assert not history.keys() & {p.person for p in company}
        versions = [version for known in history.values() for version in known]
        assert len(set(versions)) == len(versions), "nobody's version says that it is somebody else's too"


CASES = replace(
    VISION,
    scenarios=tuple(
        Scenario(
            id=name, title=name, situation="?",
            options=tuple(Option(text=str(points), points=points, why="") for points in (2, 1, 0, 0)),
        )
        for name in ("one", "two")
    ),
)  # fmt: skip


def publish_choices(company, *dates, minimum=5):
    """What is published of everyone on some dates, each given by what people chose in the two scenarios."""
    counted, found = NOBODY, []
    for number, choices in enumerate(dates):
        given = [s for p, places in choices.items() for s in scores(p, 3, *((2, 1, 0, 0)[place] for place in places))]
        summary, counted = summarise(
            tidy_results(given, company, QUIZ), QUIZ, CASES, company, counted, minimum=minimum,
            now=NOW + dt.timedelta(number), verdicts={},
            chosen={(p, f"decide-{slot}"): place for p, own in choices.items() for slot, place in enumerate(own, 1)},
        )  # fmt: skip
        found.append(of(summary, "all", "all"))
    return found


def choices(company, places, **others):
    return {p.person: places for p in company} | others


def test_what_people_chose_in_a_scenario_is_told_anew_only_when_enough_changed_in_that_one(company):
    company = company[:8]
    first = choices(company, (0, 0))
    ones, twos = {f"n{n}": (1, 0) for n in range(5)}, {f"n{n}": (1, 0) if n < 2 else (0, 1) for n in range(5)}
    for changes, told in (
        (ones, False),  # nobody changed in the other one; that both are as they were before is no news
        (twos, False),  # two people changed in one scenario, three in the other
        ({f"n{n}": (1, 1) for n in range(4)}, False),
        ({f"n{n}": (1, 1) for n in range(5)}, True),
    ):
        then, now = publish_choices(company, first, first | changes)
        assert set(then.situations) == {"one", "two"}
        assert (SITUATIONS not in now.as_of) is told, changes
        assert (now.situations != then.situations) is told


def test_another_option_of_the_same_worth_is_not_told_of_one_person(company):
    company = company[:8]
    quiz = replace(QUIZ, questions=QUIZ.questions[:2])
    given = {p.person: 2 for p in company}
    frames, counted, told = [], NOBODY, []
    for place in (2, 3):
        given["n0"] = place
        found = [
            Score(person=p, question=q.id, points=q.points, score=0, review=False, manual=False)
            for p in given
            for q in quiz.questions
        ]
        frames.append(tidy_results(found, company, quiz))
        summary, counted = summarise(
            frames[-1], quiz, CASES, company, counted, minimum=5, now=NOW + dt.timedelta(place), verdicts={},
            chosen={(p, "decide-1"): one for p, one in given.items()},
        )  # fmt: skip
        told.append(of(summary, "all", "all").situations)
    assert len(told[0]) == 1
    assert told[0] == told[1]


def test_who_puts_together_answers_that_were_told_is_no_news_to_the_mean(company):
    """The last mean, less what was told of the first scenario at first and of the second one then, is about one."""
    company = company[:8]
    dates = choices(company, (0, 1)), choices(company, (1, 0)), choices(company, (0, 0), n7=(2, 2))
    first, second, third = publish_choices(company, *dates)
    assert set(first.situations) == set(second.situations) == {"one", "two"}
    assert SITUATIONS not in second.as_of
    assert third.as_of["decide"] == second_day() == third.as_of[SITUATIONS]


def second_day():
    return NOW + dt.timedelta(1)


def test_figures_of_several_dates_are_hidden_by_a_higher_minimum_if_they_tell_about_fewer(company):
    """Everyone's figure is an old one, of the others and four: less the others' it is about four."""
    others = [p for p in company if p.team != "South"]
    few = [p for p in company if p.team == "South"][:4]
    given = [s for p in (*others, *few) for s in scores(p.person, 3, 2, 2)]
    _, before = summarise(tidy_results(given, company, QUIZ), QUIZ, VISION, company, NOBODY, minimum=4, now=NOW)
    more = [s for p in company for s in scores(p.person, 3, 2, 2)]
    frame = tidy_results(more, company, QUIZ)
    summary, _ = summarise(frame, QUIZ, VISION, company, before, minimum=5, now=LATER)
    shown = {(group.kind, group.id) for group in summary.groups if not group.hidden}
    assert of(summary, "all", "all").as_of["state"] == NOW
    assert not {("all", "all"), ("team", "North")} <= shown
