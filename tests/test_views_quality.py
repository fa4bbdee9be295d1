"""The trainer's page on a check's quality, by what it says."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from visionquiz.errors import Problem
from visionquiz.quality import (
    AgreementRow,
    Band,
    Cues,
    Estimate,
    Item,
    Option,
    Quality,
    Reliability,
    ReviewLoad,
)
from visionquiz.views.quality import EMPTY, draw_quality, quality_html

NOW = dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)
FEW = Estimate(people=12, why="it takes 30 people who answered, and there are 12")


def estimate(value, reach=0.05, people=120):
    return Estimate(value=value, low=value - reach, high=value + reach, people=people)


def levels(*people):
    names = ("not yet", "partly", "mostly", "fully")
    return tuple(Option(label=n, worth=p / 3, people=c) for p, (n, c) in enumerate(zip(names, people, strict=True)))


QUALITY = Quality(
    quiz="autumn",
    title="Autumn check",
    company="Acme & Sons",
    published=NOW,
    people=120,
    items=(
        Item(
            id="state",
            kind="state",
            label="State it",
            wording="w1",
            people=120,
            mean=0.71,
            spread=0.3,
            discrimination=estimate(0.45),
            options=levels(12, 24, 36, 48),
            words=9.5,
            length=estimate(0.55),
        ),
        Item(
            id="till",
            kind="scenario",
            label="At the till",
            wording="w2",
            people=100,
            mean=0.4,
            spread=0.3,
            discrimination=FEW,
            options=(
                Option(label="Ask her", worth=1, people=20),
                Option(label="Sell it", worth=0.5, people=75),
                Option(label="Leave", worth=0, people=2),
            ),
            blank=3,
        ),
    ),
    reliability=Reliability(parts=("State it", "Decide with it"), alpha=estimate(0.74), error=0.12),
    agreement=(AgreementRow(question="state", level="mostly", grades=40, same=30, mean=1.8),),
    bands=(Band(label="drawn at random", grades=10, same=9, said=0.93),),
    load=(
        ReviewLoad(
            question="state",
            label="State it",
            answers=120,
            guard=3,
            doubt=8,
            drawn=5,
            wished=1,
            unknown=0,
            waiting=6,
            by_hand=40,
        ),
    ),
    cues=Cues(
        scenarios=8, longest=("till",), warnings=("scenarios: the best option is clearly the longest in 1 of 8",)
    ),
)


@pytest.fixture
def text_of(read_page):
    def read(quality, before=None):
        page = read_page(quality_html(quality, before))
        assert page.open == []
        return " ".join(" ".join(page.text).split())

    return read


def with_first(**changes):
    return replace(QUALITY, items=(replace(QUALITY.items[0], **changes), *QUALITY.items[1:]))


def test_every_figure_is_on_the_page_with_what_it_means(text_of):
    text = text_of(QUALITY)
    for said in (
        "Acme & Sons: how well “Autumn check” measures",
        "Answers of 120 people, published 9 December 2026",
        "State it 120 71% Neither easy nor hard: keep it. Link 0.45, probably 0.40 to 0.50. It tells people apart very",
        "Not known: it takes 30 people who answered, and there are 12.",
        "30% mostly, 20% partly, 10% not yet",
        "20 of 97 chose the best option. 3 chose nothing that can be read.",
        "gives 50% of the points; 75 of 97 people; chosen more than the best",
        "gives none of the points; 2 of 97 people; hardly anybody chooses it",
        "alpha is 0.74, probably 0.69 to 0.79",
        "right to about 12 points up or down",
        "to 30 of 40 answers that both graded (75%, probably 60% to 86%)",
        "drawn at random 10 90% 60% to 98% 93%",
        "State it: mostly 40 75% 60% to 86% 1.8",
        "17 of 120 answers (14%) went to a person. 6 still wait; visionquiz review autumn shows them.",
        "State it 120 17 3 8 5 1 6 40",
        "9.5 Link 0.55, probably 0.50 to 0.60: longer answers get more. Look at some long ones",
        "clearly the longest in 1 of 8 situations",
        "There is no earlier check",
    ):
        assert said in text


def test_what_to_mend_comes_first_and_names_the_figure(text_of):
    text = text_of(QUALITY)
    first = text.index("At the till: Look at the key: a weaker option is chosen most")
    assert first < text.index("how hard, and whether")
    assert "75 people chose “Sell it”, which gives 50% of the points; 20 chose the best one" in text
    fine = replace(QUALITY, items=QUALITY.items[:1])
    assert "Nothing stands out" in text_of(fine)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (estimate(0.35), "It tells people apart well"),
        (estimate(0.25), "It tells people apart a little"),
        (estimate(0.25, 0.2), "It is not sure yet what that says: wait for more people"),
        (estimate(0.05), "It hardly tells people apart: look at some answers of each level"),
        (estimate(-0.2), "Link −0.20, probably −0.25 to −0.15. Those who do well elsewhere do worse here"),
    ],
)
def test_discrimination_is_told_as_far_as_it_is_sure(text_of, found, says):
    assert says in text_of(with_first(discrimination=found))


@pytest.mark.parametrize(
    ("mean", "people", "says"),
    [
        (0.96, 120, "Nearly everybody has it"),
        (0.2, 120, "Hard: was it taught"),
        (0.05, 120, "Nearly nobody has it"),
        (0.5, 29, "Too few people to tell."),
        (None, 0, "Nobody has answered it yet."),
    ],
)
def test_difficulty_is_told_from_thirty_people_on(text_of, mean, people, says):
    assert says in text_of(with_first(mean=mean, people=people))


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (estimate(0.04), "length makes no clear difference"),
        (estimate(0.2), "longer answers get a little more"),
        (estimate(-0.3), "shorter answers get more"),
        (FEW, "Not known: it takes 30 people"),
        (None, "Not known: nobody wrote anything."),
    ],
)
def test_length_is_told_in_a_sentence(text_of, length, says):
    assert says in text_of(with_first(length=length))


@pytest.mark.parametrize(
    ("alpha", "says"), [(0.92, "even single people"), (0.6, "mean of many"), (-0.2, "do not rank")]
)
def test_reliability_says_what_it_is_good_for(text_of, alpha, says):
    assert says in text_of(replace(QUALITY, reliability=replace(QUALITY.reliability, alpha=estimate(alpha))))


def test_reliability_says_why_it_is_not_known(text_of):
    none = Reliability(parts=("State it",), alpha=Estimate(people=3, why="it takes 50 people"))
    text = text_of(replace(QUALITY, reliability=none))
    assert "It is not known: it takes 50 people." in text
    assert "alpha is" not in text


def test_drift_is_told_with_its_interval(text_of):
    def earlier(mean, **changes):
        items = (replace(QUALITY.items[0], mean=mean, **changes),)
        day = dt.datetime(2026, 3, 12, tzinfo=dt.UTC)
        return replace(QUALITY, quiz="spring", title="Spring <check>", published=day, items=items)

    text = text_of(QUALITY, earlier(0.5))
    assert "Since “Spring <check>” (12 March 2026)" in text
    # 1.97 * sqrt(2 * .09 / 120) = .0763
    assert "State it 50% 71% Easier by 21 points; probably 13 to 29." in text
    assert "Harder by 9 points; probably 1 to 17." in text_of(QUALITY, earlier(0.8))
    assert "No clear change." in text_of(QUALITY, earlier(0.7))
    assert "Too few people to tell: it takes 30 both times." in text_of(QUALITY, earlier(0.5, people=12))
    assert "asked with other words" in text_of(QUALITY, earlier(0.5, wording="other"))
    nothing = replace(earlier(0.5), items=QUALITY.items[1:])
    assert "No question of" in text_of(replace(QUALITY, items=QUALITY.items[:1]), nothing)


def test_where_nobody_graded_by_hand_it_says_what_to_do(text_of):
    text = text_of(replace(QUALITY, agreement=(), bands=()))
    assert "Nobody has graded an answer by hand yet" in text
    assert "visionquiz review autumn" in text


def test_where_nobody_answered_there_are_no_figures(text_of):
    text = text_of(replace(QUALITY, people=0))
    assert "Nobody has answered yet" in text
    assert "%" not in text
    assert "visionquiz publish" in EMPTY


def test_the_menu_chooses_a_check_and_what_cannot_be_shown_is_told():
    spring = replace(QUALITY, quiz="spring", title="Spring <b>", published=QUALITY.published - dt.timedelta(days=99))
    html = draw_quality([QUALITY, spring], [], {"check": "spring"})
    assert "how well “Spring &lt;b&gt;” measures" in html
    assert draw_quality([QUALITY, spring], [], {"check": "<b>"}) == draw_quality([QUALITY, spring], [], {})
    assert "<select" not in draw_quality([QUALITY], [], {})
    damaged = Problem(file="quality/spring.json", place="", message="is damaged")
    assert "quality/spring.json is damaged" in draw_quality([QUALITY], [damaged], {})
    assert EMPTY in draw_quality([], [], {})
    assert EMPTY not in draw_quality([], [damaged], {})


def test_no_best_option_that_is_longest_is_said_too(text_of):
    assert "clearly the longest in none of 8 situations" in text_of(replace(QUALITY, cues=Cues(scenarios=8)))


def test_texts_are_escaped():
    evil = '<img src=x onerror="alert(1)">&\u202e'
    quality = replace(
        QUALITY,
        quiz=evil,
        title=evil,
        company=evil,
        items=tuple(
            replace(one, label=evil, options=tuple(replace(option, label=evil) for option in one.options))
            for one in (*QUALITY.items, replace(QUALITY.items[1], discrimination=Estimate(people=1, why=evil)))
        ),
        reliability=Reliability(parts=(evil,), alpha=Estimate(people=1, why=evil)),
        agreement=(replace(QUALITY.agreement[0], question=evil, level=evil),),
        bands=(replace(QUALITY.bands[0], label=evil),),
        load=(replace(QUALITY.load[0], label=evil),),
        cues=Cues(scenarios=1, warnings=(evil,)),
    )
    html = quality_html(quality, replace(quality, quiz="spring"))
    assert "<img" not in html
    assert "\u202e" not in html
    assert html.count("&lt;img") > 15


def test_nothing_is_asked_of_another_machine_and_nothing_runs():
    html = quality_html(QUALITY)
    assert not re.search(r"https?:|url\(|@import|src=|<script|<style| on[a-z]+=", html)


def test_it_can_be_read_without_seeing_it(read_page):
    page = read_page(quality_html(QUALITY))
    heads = [attributes.get("scope") for tag, attributes in page.attributes if tag == "th"]
    assert set(heads) == {"col", "row"}
    tables = [attributes.get("aria-label") for tag, attributes in page.attributes if tag == "table"]
    assert all(tables)
    assert len(tables) == len(set(tables))
    assert [tag for tag, _ in page.attributes if re.fullmatch("h[1-6]", tag)] == ["h2"] + ["h3"] * 10
    figures = [attributes for tag, attributes in page.attributes if tag == "td" and attributes.get("class") == "n"]
    assert all(one["data-label"] for one in figures), "on a phone every figure is led in by its label"


def test_levels_of_agreement_come_in_the_order_of_the_check(text_of):
    rows = (
        AgreementRow(question="explain", level="partly", grades=2, same=1, mean=1.5),
        *(AgreementRow(question="state", level=level, grades=2, same=2, mean=2) for level in ("mostly", "fully")),
    )
    items = (*QUALITY.items, replace(QUALITY.items[0], id="explain", label="Explain it"))
    text = text_of(replace(QUALITY, items=items, agreement=rows))
    places = [text.index(said) for said in ("State it: mostly", "State it: fully", "Explain it: partly")]
    assert places == sorted(places)


def test_a_check_of_situations_alone_speaks_of_these(text_of):
    text = text_of(replace(QUALITY, items=QUALITY.items[1:], agreement=(), bands=()))
    assert "At the till" in text
    assert "The levels that people got" not in text
    assert "nothing to show" not in text
