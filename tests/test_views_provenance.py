"""Where the words of a statement come from, on the screen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.drafts import Draft, edit_draft
from visionquiz.ideas import Idea, make_ideas
from visionquiz.themes import Theme, Themes
from visionquiz.views.provenance import OriginView, origin_html

EVIL = "<script>alert(1)</script>"
PEOPLE = {f"seat-{name.lower()}-7f3a": name for name in ("Adalind", "Beatrix", "Cemile", "Dagobert", "Eulalia")}
ADA, BEA, CEM, *_ = PEOPLE


TAGS = set("div p span sup u mark details summary ol ul li".split())


def read(page):
    return "".join(page.text)


def write(ident, who, text, **more):
    draft = Draft(id=ident, authors=(who,), **more)
    for when, said in enumerate((text[:1], text)):
        draft = edit_draft(draft, base=draft.text, text=said, who=who, when=1000.0 * len(ident) + when)
    return draft


@pytest.fixture
def drafts():
    one = write("draft-001", ADA, "Keep every home warm")
    two = write("draft-002", BEA, "Show people the truth", on_wall=True)
    text = "Keep every home warm, and show people the whole truth."
    return [one, two, write("draft-0003", CEM, text, made="merged", parents=("draft-001", "draft-002"))]


@pytest.fixture
def ideas():
    return make_ideas(["A warm home", "They are warm to people", "The truth, always"])


def test_each_word_is_told_with_its_draft_and_ideas(drafts, ideas, read_page):
    html = origin_html(drafts[-1], drafts=drafts, ideas=ideas)
    text = read(read_page(html))
    assert "Of its 7 telling words came 3 from draft 1, 3 from draft 2 and 1 from draft 3." in text
    assert "3 of 3 ideas say at least one of them" in text
    assert "Draft 1, written alone by one of you. 3 of 7 telling words." in text
    assert "Draft 3, merged from drafts on the wall. 1 of 7 telling words." in text
    assert "First in draft 1, typed by one of you. 2 ideas say it." in text
    assert "<li>A <mark>warm</mark> home</li>" in html
    assert "it does not prove" in text.lower()
    assert html.count("<sup>") == 5
    assert html.count("<details>") == html.count("<summary ") == 7


def test_by_theme(drafts, ideas, read_page):
    themes = Themes(themes=(Theme(id="theme-1", name=f"Warmth {EVIL}", ideas=("idea-1", "idea-2")),))
    html = origin_html(drafts[-1], drafts=drafts, ideas=ideas, themes=themes)
    assert "by theme" in html
    assert f"Warmth {EVIL}, 2 of 2" in read(read_page(html))
    assert EVIL not in html


def test_a_long_idea_is_cut_around_the_word(drafts):
    idea = Idea(id="long", text="x " * 300 + "warm" + " y" * 300, count=3)
    html = origin_html(drafts[-1], drafts=drafts, ideas=[idea])
    assert "<mark>warm</mark> y y" in html
    assert "…" in html
    assert "(said 3 times)" in html
    assert html.count("x ") < 60


def test_names_where_five_people_agreed(drafts, ideas, read_page):
    html = origin_html(drafts[-1], drafts=drafts, ideas=ideas, people=PEOPLE, anonymous=False)
    text = read(read_page(html))
    assert "Draft 1, written alone by Adalind." in text
    assert "First in draft 2, typed by Beatrix." in text
    stranger = write("draft-001", "trainer-9b1d", "Keep every home warm")
    html = origin_html(stranger, drafts=[], ideas=ideas, people=PEOPLE, anonymous=False)
    assert "typed by one of you" in html
    assert "trainer-9b1d" not in html


@pytest.mark.parametrize(
    ("people", "anonymous"),
    [(PEOPLE, True), (dict(list(PEOPLE.items())[:4]), False), (dict(list(PEOPLE.items())[:4]), True), ({}, False)],
)
def test_nobody_is_named_where_it_is_anonymous_or_small(drafts, ideas, people, anonymous):
    view = OriginView()
    given = {"drafts": drafts, "ideas": ideas, "themes": None, "people": people, "anonymous": anonymous}
    view.show({"Where its words come from": drafts[-1]}, **given)
    state = repr([widget.get_state() for widget in (view, *view.children)])
    assert "First in draft 2" in state
    for ident, name in PEOPLE.items():
        assert ident not in state
        assert name not in state


def test_no_id_is_on_the_screen_where_names_are(drafts, ideas):
    html = origin_html(drafts[-1], drafts=drafts, ideas=ideas, people=PEOPLE, anonymous=False)
    assert not [ident for ident in PEOPLE if ident in html]
    assert not [idea.id for idea in ideas if idea.id in html]


hostile = st.lists(st.sampled_from([EVIL, "<b>", "warm", "&amp;", '"quoted"', "<img src=x onerror=alert(1)>", "home'"]))


@given(hostile.map(" ".join), hostile.map(" ".join), st.text(max_size=30))
def test_nothing_that_is_typed_becomes_markup(read_page, text, idea, name):
    draft = write("draft-001", ADA, f"warm {text}"[:600])
    people = {**PEOPLE, ADA: f"{name}{EVIL}"}
    html = origin_html(replace(draft, made=EVIL), drafts=[], ideas=make_ideas([f"warm {idea}"]), people=people,
                       anonymous=False)  # fmt: skip
    page = read_page(html)
    assert {tag for tag, _ in page.attributes} <= TAGS
    assert {name for _, given in page.attributes for name in given} <= {"class"}
    assert EVIL in read(page)


def test_the_statement_is_whole(drafts, ideas, read_page):
    draft = write("draft-001", ADA, "“Warm” homes: <b>we</b> can't  wait…\nNever & so on 💧.")
    html = origin_html(draft, drafts=[], ideas=())
    shown = html.partition('<div class="origin">')[2].partition("</div><ul>")[0]
    shown = shown.replace('<sup><span class="spoken"> draft </span>1</sup>', "")
    told = '<div class="told"><p>First in draft 1, typed by one of you. No idea says it.</p></div>'
    assert told in shown
    assert " ".join(read(read_page(shown.replace(told, ""))).split()) == " ".join(draft.text.split())


def test_nothing_without_words_and_small_words_only(read_page):
    assert origin_html(Draft(id="draft-001"), drafts=[]) == ""
    assert "no telling word" in origin_html(Draft(id="draft-001", text="We all"), drafts=[])
    both = origin_html(Draft(id="draft-001", text="Warm homes"), drafts=[])
    assert "All of its 2 telling words came from draft 1." in read(read_page(both))
    one = origin_html(Draft(id="draft-001", text="We warm"), drafts=[])
    assert "Its one telling word came from draft 1." in read(read_page(one))


def test_what_is_open_stays_open_until_something_changes(drafts, ideas):
    view, drawn = OriginView(), []
    view.page.observe(lambda change: drawn.append(change["new"]), "value")
    given = {"drafts": drafts, "ideas": ideas, "themes": None}
    for people in (PEOPLE, PEOPLE, {**PEOPLE, "seat-fritz-7f3a": "Fritz"}):
        view.show({"A": drafts[-1]}, **given, people=people, anonymous=True)
    assert len(drawn) == 1
    view.show({"A": drafts[-1]}, **given, people=PEOPLE, anonymous=False)
    assert "Adalind" in view.page.value
    view.show({"A": drafts[-1]}, **given, people=PEOPLE, anonymous=True)
    assert "Adalind" not in view.page.value
