"""The manager's page, tested by what it shows and by using its widgets; the browser's view is in tests/e2e."""

import datetime as dt
from dataclasses import replace

import pytest

from visionquiz.summaries import Column, Group, Summary
from visionquiz.views.scores import HIDDEN, ScoresView, scores_html


def group(kind, ident, label=None, **values):
    shown = {
        "hidden": False,
        "asked": 12,
        "answered": 10,
        "means": {"state": 0.84, "explain": 0.52, "contribute": 0.61},
    }
    return Group(kind=kind, id=ident, label=label or ident, **(shown | values))


SUMMARY = Summary(
    quiz="vision-2026q4",
    title="Autumn check",
    company="Acme & Sons",
    published=dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC),
    minimum=5,
    columns=(
        Column(id="state", kind="state", label="State it"),
        Column(id="explain", kind="explain", label="Explain it"),
        Column(id="contribute", kind="contribute", label="Contribute to it"),
    ),
    groups=(
        group("all", "all", "Everyone", asked=30, answered=24, review=3),
        group("team", "North"),
        group("team", "North/Shop", means={"state": 0.333, "explain": 0.0, "contribute": 1.0}),
        Group(kind="team", id="South", label="South", hidden=True),
        group("role", "sales", "Sales adviser"),
    ),
)


@pytest.fixture
def page_of(read_page):
    def read(summary):
        page = read_page(scores_html(summary))
        assert page.open == []
        return page, " ".join(page.text)

    return read


def test_the_figures_of_every_shown_group_are_on_the_page(page_of):
    page, text = page_of(SUMMARY)
    assert "24 of 30 people answered" in text
    assert "10 of 12" in text
    assert "33%" in text
    assert "100%" in text
    rows = [
        attributes["data-group"] for tag, attributes in page.attributes if tag == "tr" and "data-group" in attributes
    ]
    assert rows == ["team:North", "team:North/Shop", "team:South", "role:sales"]


def test_a_hidden_group_says_why_and_shows_no_number():
    html = scores_html(SUMMARY)
    row = html[html.index('data-group="team:South"') :]
    row = row[: row.index("</tr>")]
    assert HIDDEN in row
    assert "%" not in row
    assert " of " not in row


def test_texts_are_escaped():
    evil = '<img src=x onerror="alert(1)">'
    summary = replace(
        SUMMARY,
        title=evil,
        company=evil,
        columns=tuple(replace(column, label=evil) for column in SUMMARY.columns),
        groups=tuple(replace(one, label=evil) for one in SUMMARY.groups),
    )
    assert "<img" not in scores_html(summary)
    assert "Acme &amp; Sons" in scores_html(SUMMARY)


@pytest.mark.parametrize(
    ("means", "says"),
    [
        ((0.84, 0.52, 0.61), "know the words better than they can explain what it means: 84% against 52%"),
        ((0.84, 0.70, 0.61), "know the words better than they can say how they contribute: 84% against 61%"),
        ((0.40, 0.70, 0.61), "live the vision better than they know its words: 61% against 40%"),
        ((0.70, 0.72, 0.66), "lie close together, around 70%"),
    ],
)
def test_the_gap_is_said_in_words(means, says):
    everyone = replace(SUMMARY.groups[0], means=dict(zip(("state", "explain", "contribute"), means, strict=True)))
    assert says in scores_html(replace(SUMMARY, groups=(everyone, *SUMMARY.groups[1:])))


@pytest.mark.parametrize(("review", "says"), [(0, "final grade"), (1, "1 answer is"), (3, "3 answers are")])
def test_answers_that_are_with_a_person_are_counted(review, says):
    everyone = replace(SUMMARY.groups[0], review=review)
    assert says in scores_html(replace(SUMMARY, groups=(everyone, *SUMMARY.groups[1:])))


def test_too_few_answers_show_no_figure_at_all(page_of):
    summary = replace(
        SUMMARY, groups=tuple(Group(kind=g.kind, id=g.id, label=g.label, hidden=True) for g in SUMMARY.groups)
    )
    _, text = page_of(summary)
    assert "Fewer than 5 people have answered" in text
    assert "%" not in text


def test_the_table_can_be_read_without_seeing_it(page_of):
    page, _ = page_of(SUMMARY)
    scopes = [attributes.get("scope") for tag, attributes in page.attributes if tag == "th"]
    assert set(scopes) == {"col", "row"}
    labelled = [attributes["aria-labelledby"] for tag, attributes in page.attributes if tag == "table"]
    assert labelled == [attributes["id"] for tag, attributes in page.attributes if tag == "h3"]
    assert {"aria-label": "North, Shop", "scope": "row"} in [
        attributes for tag, attributes in page.attributes if tag == "th"
    ]
    assert all(a["aria-hidden"] == "true" for tag, a in page.attributes if tag == "span" and a.get("class") == "track")


def test_nothing_is_asked_of_another_machine():
    html = ScoresView([SUMMARY]).page.value
    assert "http" not in html
    assert "url(" not in html
    assert "@import" not in html


def test_one_check_needs_no_menu():
    view = ScoresView([SUMMARY])
    assert view.children == (view.page,)
    assert "Autumn check" in view.page.value


def test_the_menu_changes_the_page():
    other = replace(SUMMARY, quiz="spring", title="Spring check")
    view = ScoresView([SUMMARY, other])
    assert view.children == (view.choice, view.page)
    view.choice.value = 1
    assert "Spring check" in view.page.value
    assert "Autumn check" not in view.page.value


def test_nothing_published_says_what_to_do():
    view = ScoresView([])
    assert "Nothing has been published yet" in view.page.value
    assert "visionquiz publish" in view.page.value


MARCH = dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC)


def test_a_figure_that_was_held_back_says_from_when_it_is(page_of):
    team = group("team", "North", as_of={"explain": MARCH, "answered": MARCH})
    _, text = page_of(replace(SUMMARY, groups=(SUMMARY.groups[0], team)))
    assert text.count("as of 12 March 2026") == 2
    row = scores_html(replace(SUMMARY, groups=(SUMMARY.groups[0], team))).partition('data-group="team:North"')[2]
    explain = row.partition('data-column="explain"')[2].partition("</td>")[0]
    assert "52%" in explain
    assert "as of 12 March 2026" in explain
    assert "as of" not in row.partition('data-column="state"')[2].partition("</td>")[0]


def test_the_sentences_about_everyone_say_it_too(page_of):
    everyone = replace(SUMMARY.groups[0], as_of={"answered": MARCH, "review": MARCH, "state": MARCH})
    _, text = page_of(replace(SUMMARY, groups=(everyone, *SUMMARY.groups[1:])))
    assert "24 of 30 people answered (as of 12 March 2026)" in text
    assert "still with a person (as of 12 March 2026)" in text
    assert text.count("as of 12 March 2026") == 3


def test_nothing_held_back_shows_no_date():
    assert "as of" not in scores_html(SUMMARY)
