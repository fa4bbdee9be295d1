"""Where words stand: each pattern finds what it is for, and not what only looks like it."""

import pytest

from visionquiz.statement import wording
from visionquiz.statement.wording import read_draft


def found(name, text):
    spans = getattr(wording, f"find_{name}")(read_draft(text))
    return [text[start:end] for start, end in (span if isinstance(span[0], int) else span[0] for span in spans)]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("rank", "To be the world's best airline.", ["world's best"]),
        ("rank", "We are the leading bank and the most loved.", ["leading", "most loved"]),
        ("rank", "We care for people so they can be their best.", []),
        ("rank", "We do our best on our best day.", []),
        ("rank", "We do what matters most.", []),
        ("rank", "We organise the world's information.", []),
        ("rank", "We answer most of the calls.", []),
        ("generic", "Excellent, prompt and CARING service.", ["Excellent", "prompt", "CARING"]),
        ("generic", "We exceed customer expectations.", ["exceed customer expectations"]),
        ("jargon", "We leverage synergies and leverages.", ["leverage", "synergies", "leverages"]),
        ("jargon", "We deliver parcels.", []),
        ("jargon", "We deliver services and goods.", []),
        ("jargon", "We deliver excellence.", ["deliver"]),
        ("jargon", "State-of-the-art systems", ["State-of-the-art"]),
        ("customers", "Each guest and every customer's day", ["guest", "customer's"]),
        ("customers", "Customer service, customer satisfaction and guest experience", []),
        ("customers", "Our people and team members", []),
        ("customers", "We serve you", ["you"]),
        ("gain", "Growth, profit and a good reputation", ["Growth", "profit", "reputation"]),
        ("self", "To be the bank of the town", ["To be the"]),
        ("audiences", "Jobs for our associates and gain for our owners", ["for our associates", "for our owners"]),
        ("audiences", "Our staff help you.", []),
        ("results", "We help people pay on time.", ["help people pay on time"]),
        ("results", "We save you money so you can travel.", ["save you money so you can travel"]),
        ("results", "Every patient leaves calm.", ["patient leaves calm"]),
        ("results", "Acknowledge requests within one business day.", ["within one business day"]),
        ("results", "We make each guest's day.", ["make each guest's day"]),
        ("results", "We meet your needs and our customers’ expectations.", []),
        ("results", "We provide excellent service.", []),
        ("results", "We help strengthen our brand.", []),
        ("results", "We treat every customer as a chance for a good reputation.", []),
        ("seen", "Listen, answer and call back.", ["Listen", "answer", "call"]),
        ("seen", "Our answer to your call", []),
        ("seen", "A helpful call", []),
        ("inner", "We strive to help and are committed to you.", ["strive", "are committed to"]),
        ("wide", "We inspire and support.", ["inspire", "support"]),
        ("limits", "Refer people only when you are sure, never before.", ["only when", "never before"]),
        ("limits", "Patients first.", ["first"]),
        ("limits", "We help everyone from the first look, as if at home.", []),
        ("stretch", "Every customer, always.", ["Every", "always"]),
    ],
)  # fmt: skip
def test_patterns_find_what_they_are_for(name, text, words):
    assert found(name, text) == words


def test_jargon_comes_with_plainer_words_in_every_form():
    draft = read_draft("Leveraging churn")
    assert [instead for _, instead in wording.find_jargon(draft)] == ["use", "customers who leave"]


@pytest.mark.parametrize(
    ("text", "words", "sentences"),
    [("", 0, 0), ("Help", 1, 1), ("We help. You rest!", 4, 2), ("At 9.30 we open", 5, 1), ("One\nTwo", 2, 2)],
)
def test_words_and_sentences_are_counted(text, words, sentences):
    draft = read_draft(text)
    assert (len(draft.words), draft.sentences) == (words, sentences)
