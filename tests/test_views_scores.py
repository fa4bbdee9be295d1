"""The manager's page, tested by what it shows for what was chosen; the browser's view is in tests/e2e."""

import base64
import datetime as dt
import re
from dataclasses import replace

import pytest

from visionquiz.errors import Problem
from visionquiz.parts import Part
from visionquiz.summaries import Column, Group, Situation, Summary
from visionquiz.summary_files import summary_csv
from visionquiz.views.scores import HIDDEN, draw_scores, scores_html, scores_page

MARCH = dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC)


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
        ((0.40, 0.70, 0.61), "say what they do for it better than they know its words: 61% against 40%"),
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
    assert "fewer than 5 people have answered" in text
    assert "%" not in text


def test_the_table_can_be_read_without_seeing_it(page_of):
    page, _ = page_of(SUMMARY)
    scopes = [attributes.get("scope") for tag, attributes in page.attributes if tag == "th"]
    assert set(scopes) == {"col", "row"}
    labelled = [attributes["aria-labelledby"] for tag, attributes in page.attributes if tag == "table"]
    assert labelled == [attributes["id"] for tag, attributes in page.attributes if tag == "h3" and "id" in attributes]
    assert {"aria-label": "North, Shop", "scope": "row"} in [
        attributes for tag, attributes in page.attributes if tag == "th"
    ]
    assert all(a["aria-hidden"] == "true" for tag, a in page.attributes if tag == "span" and a.get("class") == "track")


def test_nothing_is_asked_of_another_machine():
    html = draw_scores([SUMMARY], [], {})
    assert "http" not in html
    assert "url(" not in html
    assert "@import" not in html


def menus(html):
    """What can be chosen, by the menu's label."""
    found = {}
    for label, name, inside in re.findall(
        r'<label for="choose-\w+">([^<]+)</label><select id="choose-(\w+)" name="\w+">(.*?)</select>', html
    ):
        found[label] = (name, dict(re.findall(r'<option value="([^"]*)"(?: selected)?>([^<]*)<', inside)))
    return found


def test_one_check_needs_no_menu():
    html = draw_scores([SUMMARY], [], {})
    assert menus(html).keys() == {"People"}
    assert "Autumn check" in html


def test_the_menu_changes_the_page():
    other = replace(SUMMARY, quiz="spring", title="Spring check")
    html = draw_scores([SUMMARY, other], [], {"check": "spring"})
    assert menus(html)["Check"][1].keys() == {"vision-2026q4", "spring"}
    assert "<h2>Acme &amp; Sons: Spring check</h2>" in html
    assert "<h2>Acme &amp; Sons: Autumn check</h2>" not in html
    assert '<option value="spring" selected>' in html


def test_nothing_published_says_what_to_do():
    html = draw_scores([], [], {})
    assert "Nothing has been published yet" in html
    assert "visionquiz publish" in html


@pytest.mark.parametrize("value", ["team:South", "team:Elsewhere", "", "<b>", "all", "x" * 5000, "\0"])
def test_what_is_on_no_menu_shows_the_first(value):
    """Choices come from an address, where anybody may type anything: a hidden group stays hidden."""
    assert draw_scores([SUMMARY], [], {"people": value, "check": value}) == draw_scores([SUMMARY], [], {})


def test_the_groups_in_the_tables_lead_to_their_own_page(read_page):
    page = read_page(draw_scores([SUMMARY], [], {}))
    targets = [attributes["href"] for tag, attributes in page.attributes if tag == "a"]
    assert targets == [
        "?check=vision-2026q4&people=team%3ANorth",
        "?check=vision-2026q4&people=team%3ANorth%2FShop",
        "?check=vision-2026q4&people=role%3Asales",
    ], "and the hidden one nowhere"
    assert "<a" not in scores_page(SUMMARY), "there is nowhere to go in a file"


WORDS = ("recalled", "paraphrased", "changed", "missing")
POINT = ("covered", "hinted", "contradicted", "missing")
FULL = replace(
    SUMMARY,
    statement="Say it early, and say why.",
    columns=(
        replace(
            SUMMARY.columns[0],
            parts=tuple(
                Part(id=str(place), label=word, verdicts=WORDS)
                for place, word in enumerate(("Say", "it", "early", "and", "say", "why"))
            ),
        ),
        replace(
            SUMMARY.columns[1],
            parts=(
                Part(id="early", label="Tell <b>early</b>", verdicts=POINT),
                Part(id="reason", label="Give the reason", verdicts=POINT),
                Part(id="core", label="", verdicts=("right", "vague", "wrong", "missing")),
            ),
        ),
        replace(
            SUMMARY.columns[2],
            parts=(
                Part(id="personal", label="", verdicts=("I", "we", "none")),
                Part(id="concrete", label="", verdicts=("yes", "half", "no")),
                Part(id="fits_role", label="", verdicts=("yes", "unclear", "no")),
                Part(id="linked", label="", verdicts=("clear", "weak", "no")),
            ),
        ),
    ),
)
PARTS = {
    "state": ((0.9, 0.05, 0.0, 0.05), *[(0.5, 0.1, 0.0, 0.4)] * 4, (0.2, 0.0, 0.3, 0.5)),
    "explain": ((0.31, 0.2, 0.25, 0.24), (0.8, 0.0, 0.0, 0.2), (1.0, 0.0, 0.0, 0.0)),
    "contribute": ((0.77, 0.2, 0.03), (0.66, 0.3, 0.04), (0.88, 0.1, 0.02), (0.44, 0.5, 0.06)),
}
FULL = replace(FULL, groups=(replace(FULL.groups[0], parts=PARTS), *FULL.groups[1:]))


def test_every_word_of_the_statement_has_its_figure_and_stands_as_it_is_written(page_of):
    page, text = page_of(FULL)
    for word, share in (("Say", "95%"), ("early,", "60%"), ("why.", "20%")):
        assert f"{word} {share}" in text
    assert "Most: “Say”, 95%. Fewest: “why”, 20%." in text
    heats = [a["style"] for tag, a in page.attributes if tag == "li" and "--heat" in a.get("style", "")]
    assert heats[0] == "--heat:0.950"


def test_what_was_said_of_each_point_is_told_in_figures(page_of):
    _, text = page_of(FULL)
    assert "Tell <b>early</b>" in text, "as text"
    assert "20% hinted at it, 25% seem to say the opposite, 24% did not speak of it" in text
    assert "31%" in text
    assert "20% did not speak of it" in text
    assert "core" not in text


def test_the_parts_of_contributions_have_their_figures(page_of):
    _, text = page_of(FULL)
    for label, share in (("Says what they do themselves", "77%"), ("Clearly serves the vision", "44%")):
        assert f"{label} {share}" in text


SERVED = (
    Part(id="serves:early", label="Tell <b>early</b>.", verdicts=("yes", "unknown", "no")),
    Part(id="serves:reason", label="Give the reason", verdicts=("yes", "unknown", "no")),
)
MAPPED = replace(
    FULL,
    columns=(*FULL.columns[:2], replace(FULL.columns[2], parts=(*FULL.columns[2].parts, *SERVED))),
    groups=(
        replace(
            FULL.groups[0],
            answered=200,
            asked=240,
            parts=PARTS | {"contribute": (*PARTS["contribute"], (0.0, 0.0, 1.0), (0.41, 0.0, 0.59))},
        ),
        *FULL.groups[1:4],
        replace(
            FULL.groups[4],
            parts={"contribute": (*PARTS["contribute"], (0.0, 0.0, 1.0), (0.3, 0.0, 0.7))},
        ),
        Group(kind="role", id="store", label="Storekeeper", hidden=True),
    ),
)


def test_who_serves_which_point_is_told_by_role_and_what_nobody_serves(page_of):
    _, text = page_of(MAPPED)
    assert "here 41% of all" in text
    assert "Hardly anybody does something for “Tell <b>early</b>”." in text
    rows = text.partition("Who does something for which part")[2].partition("By team")[0]
    assert "Everyone 0% 41% Sales adviser 0% 30% Storekeeper hidden" in rows
    assert "Ask who does something for “Tell <b>early</b>”" not in text, "its misreading comes first"
    assert "Who does something" not in page_of(FULL)[1], "it was graded before this was told"


WAYS = (("Ring <i>first</i>", 1.0), ("Write", 0.5), ("Wait", 0.0))
CHOSEN = replace(
    FULL,
    situations=tuple(
        Situation(id=name.lower(), title=f"{name} & co", situation="What <now>?", options=WAYS)
        for name in ("Flood", "Queue", "Night")
    ),
    groups=(
        replace(FULL.groups[0], situations={"flood": (0.7, 0.2, 0.05, 0.05), "queue": (0.25, 0.25, 0.5, 0.0)}),
        *FULL.groups[1:],
    ),
)


def test_what_people_chose_in_situations_is_told_the_hardest_first(page_of):
    _, text = page_of(CHOSEN)
    told = text.partition("What people chose in situations")[2].partition("By team")[0]
    assert "Least often right: “Queue & co”, 25% chose what fits best." in told
    assert told.index("Queue & co 25%") < told.index("Flood & co 20%")
    assert "20% chose what fits in part, 5% chose what does not fit, 5% chose nothing" in told
    assert "25%: Ring <i>first</i> (fits best) 25%: Write 50%: Wait" in told
    assert "Night" not in told, "of this one nothing may be told"
    assert "Talk through the situation “Queue & co” 25% chose what fits the vision best; 50% chose “Wait”" in text


def test_where_nothing_may_be_told_of_situations_it_says_why():
    html = scores_html(CHOSEN, CHOSEN.groups[1])
    assert "somebody could work out what a few chose. It is shown for: Everyone." in html
    assert "Flood" not in html
    assert "in situations" not in scores_html(FULL), "the check asks none"


def test_situations_that_were_held_back_say_from_when_they_are(page_of):
    held = replace(CHOSEN.groups[0], as_of={"situations": MARCH})
    _, text = page_of(replace(CHOSEN, groups=(held, *CHOSEN.groups[1:])))
    assert text.count("as of 12 March 2026") == 1


def test_steps_and_the_card_for_a_huddle_follow_from_the_figures(page_of):
    _, text = page_of(FULL)
    assert "Clear up a misreading of “Tell <b>early</b>” 25% of those who answered seem to say the opposite" in text
    card = text.partition("A card for five minutes together")[2]
    assert "Our vision: Say it early, and say why." in card
    assert "Tell <b>early</b>" in card
    without = scores_html(SUMMARY)
    assert "A card for five minutes" not in without, "no meaning point is known to be weak"
    assert "is not known for this group" in without


def test_a_menu_shows_one_group_at_a_time_and_stays_with_it_in_another_check():
    hidden = replace(FULL, quiz="spring", title="Spring check", groups=FULL.groups[:1])
    html = draw_scores([FULL, hidden], [], {})
    assert list(menus(html)["People"][1].values()) == [
        "Everyone",
        "Team: North",
        "Team: North / Shop",
        "Role: Sales adviser",
    ]
    assert "24 of 30 people answered" in html
    html = draw_scores([FULL, hidden], [], {"people": "team:North/Shop"})
    assert "North / Shop: 10 of 12 people answered" in html
    assert 'data-group="team:North"' in html, "the tables still show every group"
    html = draw_scores([FULL, hidden], [], {"people": "team:North/Shop", "check": "spring"})
    assert "Spring check" in html
    assert "24 of 30 people answered" in html, "the team is not in this check"


def with_spreads(summary, means):
    everyone = replace(
        summary.groups[0], means=dict(zip(("state", "explain", "contribute"), means, strict=True)),
        spreads={"state": 0.2, "explain": 0.2, "contribute": 0.2},
    )  # fmt: skip
    return replace(summary, groups=(everyone, *summary.groups[1:]))


def test_changes_since_the_last_check_are_told_with_their_interval(read_page):
    before = replace(with_spreads(SUMMARY, (0.4, 0.5, 0.9)), quiz="spring", title="Spring <check>", published=MARCH)
    now = with_spreads(SUMMARY, (0.8, 0.52, 0.6))
    text = " ".join(read_page(draw_scores([now, before], [], {})).text)
    assert "Up 40 points since “Spring <check>” (40%); probably 28 to 52." in text
    assert "No clear change since “Spring <check>” (50%)." in text
    assert "Down 30 points since “Spring <check>” (90%); probably 18 to 42." in text
    unknown = replace(before, groups=SUMMARY.groups)
    text = " ".join(read_page(draw_scores([now, unknown], [], {})).text)
    assert "Down 4 points since “Spring <check>” (84%)." in text


def test_figures_about_parts_that_were_held_back_say_from_when_they_are(page_of):
    everyone = replace(FULL.groups[0], as_of={"parts of explain": MARCH})
    _, text = page_of(replace(FULL, groups=(everyone, *FULL.groups[1:])))
    assert text.count("as of 12 March 2026") == 1


def links_of(html):
    return re.findall(r'download="([^"]+)" href="data:([^;]+);base64,([^"]+)"', html)


def test_files_hold_what_the_page_shows_and_ask_for_nothing():
    summaries = [FULL, replace(SUMMARY, quiz="spring")]
    assert not links_of(draw_scores(summaries, [], {"people": "role:sales"})), "they are made when they are asked for"
    html = draw_scores(summaries, [], {"people": "role:sales", "files": "yes"})
    found = {name: base64.b64decode(content) for name, _, content in links_of(html)}
    assert list(found) == [f"vision-2026q4.{ending}" for ending in ("html", "xlsx", "csv")]
    page = found["vision-2026q4.html"].decode()
    assert scores_html(FULL, FULL.groups[4]) in page
    assert not re.search(r"https?:|url\(|@import|src=", page)
    assert found["vision-2026q4.csv"] == summary_csv(FULL)


def test_a_page_of_a_large_company_is_small_enough_to_mail():
    teams = tuple(group("team", f"Division {n % 12}/Team {n}") for n in range(300))
    roles = tuple(group("role", f"role-{n}", f"Role number {n}") for n in range(60))
    large = replace(FULL, groups=(FULL.groups[0], *teams, *roles))
    assert len(scores_page(large).encode()) < 300_000


def test_thousands_of_teams_are_told_in_a_page_that_can_be_read():
    teams = tuple(group("team", f"Team {n:05}") for n in range(20_000))
    html = draw_scores([replace(FULL, groups=(FULL.groups[0], *teams))], [], {"people": "team:Team 19999"})
    assert "19,850 more can be chosen in the menu" in html
    assert "Team 19999: 10 of 12 people answered" in html
    assert html.count("<tr") < 400


def test_a_check_that_cannot_be_shown_is_told_beside_those_that_can():
    problem = Problem(file="spring<b>.json", place="", message="is damaged")
    html = draw_scores([SUMMARY], [problem], {})
    assert "spring&lt;b&gt;.json is damaged." in html
    assert "24 of 30 people answered" in html
    alone = draw_scores([], [problem], {})
    assert "is damaged" in alone
    assert "Nothing has been published" not in alone


def test_where_nothing_is_shown_there_is_no_file_to_make():
    hidden = replace(
        SUMMARY, groups=tuple(Group(kind=g.kind, id=g.id, label=g.label, hidden=True) for g in SUMMARY.groups)
    )
    for html in (draw_scores([], [], {"files": "yes"}), draw_scores([hidden], [], {"files": "yes"})):
        assert "<form" not in html
        assert not links_of(html)


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
