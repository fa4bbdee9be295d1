"""The word-by-word view: what is shown and said of each word of a recall."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from visionquiz.grading import Evidence, Judgement
from visionquiz.text import words
from visionquiz.views.words import CSS, words_html

STATEMENT = "Keep every home running."
TYPED = "Keep any house runing gladly, thanks"


def judged(*verdicts, added=()):
    """Judgements of the statement's words; a verdict may carry the place of what stands for it, as in TYPED."""
    found = []
    for word, verdict in zip(words(STATEMENT), verdicts, strict=True):
        verdict, _, typed = verdict.partition(":")
        found.append(Judgement(part=word.plain, verdict=verdict, chance=1, evidence=places(typed)))
    return (*found, *(Judgement(part=one, verdict="intrusion", chance=1, evidence=places(one)) for one in added))


def places(word):
    start = TYPED.find(word)
    return (Evidence(start=start, end=start + len(word), counts_as="statement"),) if word else ()


MIXED = judged("recalled:Keep", "changed:any", "paraphrased:house", "missing", added=["any", "gladly"])


def test_every_kind_is_shown_by_shape_named_in_the_legend_and_said_in_words(read_page):
    html = words_html(STATEMENT, MIXED, TYPED)
    text = " ".join(read_page(html).text)
    for kind, name in (
        ("recalled", "as it stands"),
        ("paraphrased", "in other words"),
        ("changed", "changed"),
        ("missing", "missing"),
        ("intrusion", "not in the vision"),
    ):
        assert f'<li><span class="sample {kind}">word</span> {name}</li>' in html
        assert re.search(rf"\.{kind} {{ (text-decoration: \S+ (solid|dotted|wavy)|border: 2px dashed)", CSS)
    assert len(set(re.findall(r"text-decoration: (\S+ \S+)", CSS))) == 4
    for sentence in (
        "Of 4 words, 1 as it stands, 1 in other words, 1 changed, 1 missing.",
        "Missing: “running”.",
        "Changed: “every” (you wrote “any”).",
        "In other words: “home” (you wrote “house”).",
        "Not in the vision: “gladly”.",
    ):
        assert sentence in text
    assert '<span class="intrusion">gladly</span>, thanks' in html


def test_screen_readers_hear_sentences_and_not_marks(read_page):
    tags = read_page(words_html(STATEMENT, MIXED, TYPED)).attributes
    assert [tag for tag, attributes in tags if attributes.get("aria-hidden") == "true"] == ["p", "ul"]
    assert "The vision: Keep every home running." in words_html(STATEMENT, MIXED, TYPED)


def test_the_legend_names_only_what_is_there():
    html = words_html(STATEMENT, judged(*["recalled:Keep"] * 4), TYPED)
    assert html.count("<li>") == 1
    assert "All 4 words are as they stand." in html
    assert "You wrote" in html
    assert '<span class="intrusion">' not in html


def test_of_nothing_every_word_is_missing():
    html = words_html(STATEMENT, (), "")
    assert html.count('<span class="missing">') == 4
    assert "Of 4 words, 0 as they stand, 4 missing." in html
    assert "Missing: “" not in html, "the whole statement is not listed once more"


def test_what_stands_in_a_words_place_is_told_once():
    html = words_html(STATEMENT, judged("recalled:Keep", "changed:any", *["recalled:Keep"] * 2, added=["any"]), TYPED)
    assert "(you wrote “any”)" in html
    assert "Not in the vision:" not in html


def test_markup_is_shown_and_does_nothing(read_page):
    attack = "Keep <script>x</script> every <img src=x onerror=y> home & <b>running"
    page = read_page(words_html(attack, (), f"{attack} <i>"))
    assert not {tag for tag, _ in page.attributes} & {"script", "img", "b", "i"}
    assert "<script>" in "".join(page.text)


def test_without_the_text_nothing_is_quoted():
    html = words_html(STATEMENT, MIXED)
    assert "you wrote" not in html.lower()
    assert "Changed: “every”." in html


def test_judgements_of_another_statement_are_a_mistake():
    with pytest.raises(ValueError, match="another statement"):
        words_html("Water first, always, everyone.", MIXED)


def test_a_statement_without_words_is_shown():
    assert "…" in words_html("…", ())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_was_typed_is_harmless(read_page, statement, typed):
    span = (Evidence(start=0, end=len(typed), counts_as="intrusion"),)
    marks = [Judgement(part=word.plain, verdict="changed", chance=1, evidence=span) for word in words(statement)]
    marks += [Judgement(part=typed or "x", verdict="intrusion", chance=1, evidence=span)]
    html = words_html(statement, marks, typed)
    html.encode()
    assert {tag for tag, _ in read_page(html).attributes} <= {"div", "p", "span", "ul", "li"}
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", html)
