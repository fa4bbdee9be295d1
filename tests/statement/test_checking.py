"""The evidence card: what it says of published statements, and that nothing that is typed breaks it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visionquiz.statement import check_statement, load_published
from visionquiz.statement.printing import print_card
from visionquiz.text import READ_LIMIT
from visionquiz.vision import MeaningPoint, Value, Vision

PUBLISHED = {one.company: one.statement for one in load_published()}

VISION = Vision(
    company="Hollowmere Water",
    statement="Keep every home running, and leave everyone clear about what happens next.",
    core_idea="Water first.",
    meaning=(
        MeaningPoint(
            id="water", text="Getting water flowing comes before paperwork.", phrasings=("keep homes running",)
        ),
        MeaningPoint(id="refunds", text="Overcharged people are refunded."),
    ),
    values=(Value(name="Straight talk", means="We are clear early."), Value(name="Thrift", means="We waste nothing.")),
    roles=(),
)


def sides(card):
    return {(finding.kind, finding.side) for finding in card.findings}


def quoted(card, kind, side=None):
    return [
        words
        for finding in card.findings
        if finding.kind == kind and side in (None, finding.side)
        for words in card.quote(finding)
    ]


@pytest.mark.parametrize(
    "company",
    [
        "REI",
        "Lexus (Covenant line)",
        "Starbucks (service vision)",
        "Princeton University Services",
        "Qantas (charter point)",
        "New York City Department of Finance",
        "The Overlook (vacation rental)",
        "Hyatt",
        "Disney Store",
        "University of Illinois Library",
    ],
)
def test_a_strong_statement_gives_nothing_to_look_at_but_what_a_pattern_may_have_missed(company):
    card = check_statement(PUBLISHED[company])
    assert len(card.of_side("strength")) >= 2
    # No words are pointed at as weak. One thing may not have been found.
    assert not [card.quote(finding) for finding in card.of_side("look") if finding.spans]
    assert len(card.of_side("look")) <= 1


def test_the_model_example_has_nothing_to_look_at_at_all():
    assert not check_statement(PUBLISHED["REI"]).of_side("look")


@pytest.mark.parametrize(
    ("company", "kinds"),
    [
        ("Albertsons", {"length", "gain", "audience", "result"}),
        ("McDonald's (older)", {"rank", "gain", "jargon", "generic", "focus", "result", "verbs"}),
        ("Another Broken Egg Cafe", {"length", "rank", "gain", "generic"}),
        ("American Express", {"rank", "gain", "focus", "result", "verbs"}),
        ("City of Greater Geraldton", {"length", "generic", "jargon", "verbs", "result"}),
        ("Southwest Airlines (vision)", {"rank", "gain", "focus", "result"}),
        ("Clio", {"length", "gain", "jargon"}),
        ("Citi", {"focus", "result"}),
    ],
)
def test_a_weak_statement_shows_what_is_weak(company, kinds):
    found = {kind for kind, side in sides(check_statement(PUBLISHED[company])) if side == "look"}
    assert kinds <= found


@pytest.mark.parametrize(
    ("draft", "kinds"),
    [
        (
            "To be the region's leading water company through operational excellence.",
            {"rank", "gain", "focus", "generic"},
        ),
        ("Fast, friendly, reliable service.", {"generic", "verbs", "result", "focus"}),
        ("We deliver value for all stakeholders.", {"jargon", "result"}),
        ("We aim to provide a holistic oral healthcare experience.", {"jargon", "verbs", "result", "focus"}),
        ("Exceeding expectations every day.", {"generic", "focus", "result"}),
        ("The number one destination for quality furniture.", {"rank", "generic", "focus"}),
        ("Delivering seamless omnichannel home solutions.", {"jargon", "focus", "result"}),
    ],
)
def test_a_flawed_draft_of_no_published_company_shows_its_flaws(draft, kinds):
    assert kinds <= {kind for kind, side in sides(check_statement(draft)) if side == "look"}


def test_short_is_not_enough():
    card = check_statement("Enabling Progress")
    assert card.of_kind("length").side == "fact"


@pytest.mark.parametrize("subject", ["We", "I", "Our team"])
def test_who_acts_is_never_a_fault(subject):
    card = check_statement(f"{subject} will help people pay the right amount on time.")
    assert not card.of_side("look")
    assert subject not in [
        words for side in ("look", "fact") for one in card.of_side(side) for words in card.quote(one)
    ]


def test_abstract_words_are_no_settled_fault():
    [remark] = [one for one in check_statement("We inspire our guests.").findings if one.kind == "verbs"]
    assert remark.side == "fact"
    assert [source.name.split()[0] for source in remark.source] == ["Baum,", "Carton,"]
    assert "not settled" in remark.reason


@pytest.mark.parametrize("one", load_published(), ids=lambda one: one.company)
def test_every_remark_has_words_or_none_a_reason_a_source_and_a_way_to_try(one):
    card = check_statement(one.statement)
    assert card.statement == one.statement
    for finding in card.findings:
        assert all(card.quote(finding))
        assert finding.source
        assert all(source.address.startswith("http") or source.name for source in finding.source)
        assert min(map(len, (finding.remark, finding.reason, finding.try_this))) > 15
        assert "!" not in finding.reason + finding.try_this
    assert [finding.kind for finding in card.of_side("ask")] == ["understood", "true", "motivating", "remembered"]
    assert not any("score" in line.lower() and "no total score" not in line.lower() for line in print_card(card))


def test_a_vision_names_the_points_and_values_that_are_touched_and_those_that_are_not():
    card = check_statement(VISION.statement, VISION)
    points = card.of_kind("meaning")
    assert "1 of your 2 meaning points" in points.remark
    assert "No word of these: Overcharged people are refunded." in points.remark
    assert {"home", "running"} <= set(quoted(card, "meaning"))
    # People are in every vision: naming them touches nothing.
    assert "everyone" not in quoted(card, "meaning")
    assert "1 of your 2 values: Straight talk (clear)" in card.of_kind("values").remark
    assert not {"meaning", "values"} & {kind for kind, _ in sides(check_statement(VISION.statement))}


def test_the_companys_name_is_no_rare_word():
    assert "Hollowmere" in check_statement("Hollowmere helps you.").of_kind("rare").remark
    assert "Hollowmere" not in check_statement("Hollowmere helps you.", VISION).of_kind("rare").remark


def test_a_published_statement_is_recognised_and_near_ones_share_words():
    card = check_statement(PUBLISHED["Hyatt"].upper())
    assert (card.neighbours[0].company, card.neighbours[0].same) == ("Hyatt", True)
    assert not any(one.same for one in card.neighbours[1:])
    [nearest, *_] = check_statement("We inspire people to an outdoor adventure.").neighbours
    assert nearest.company == "REI"
    assert {"outdoor", "adventure"} <= set(nearest.shared)
    assert check_statement("Xyzzy.").neighbours == ()


def test_the_place_among_the_published_is_counted():
    [words, *_] = check_statement("We help people pay the right amount on time.").figures
    lengths = [len(one.statement.replace("-", " ").split()) for one in load_published()]
    assert words.shown == "9"
    # Counted here by blanks; signs such as " - " between words make a difference of a few.
    shorter = int(words.place.split("statements ")[1].split()[0])
    assert shorter == pytest.approx(sum(length < 9 for length in lengths), abs=2)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "There is no statement yet."),
        (" \n\t ", "There is no statement yet."),
        ("?!", "No words were found in it."),
        ("👍👍", "No words were found in it."),
        ("123 456", "No words were found in it."),
        ("Мы помогаем каждому клиенту", "It is written in letters that the card cannot read."),
        ("我们帮助每一位客户。", "It is written in letters that the card cannot read."),
        ("نساعد كل عميل", "It is written in letters that the card cannot read."),
        ("Wir helfen unseren Kunden jeden Tag und lassen niemanden im Ungewissen.", "This does not look like English."),
        ("<b>We help</b> people <i>now</i>", "Tags such as <b> were not read."),
        ("We help\x00 people", "One character cannot be shown; it is drawn as \ufffd."),
        ("We \u202ehelp\x1b[31m people\ud800", "3 characters cannot be shown; each is drawn as \ufffd."),
        ("help people " * 5_000, "Only the first 4,000 characters were read."),
    ],
)
def test_bad_input_gets_a_clear_word_first(text, word):
    card = check_statement(text)
    assert card.findings[0].remark == word
    assert card.findings[0].side == "problem"
    assert list(print_card(card))


def test_nothing_is_counted_in_what_cannot_be_read():
    for text in ("", "我们帮助每一位客户。", "Wir helfen unseren Kunden jeden Tag und lassen niemanden im Ungewissen."):
        card = check_statement(text)
        assert not card.figures
        assert {finding.side for finding in card.findings} <= {"problem", "ask"}


def test_no_published_statement_is_taken_for_another_language():
    assert not [one.company for one in load_published() if not check_statement(one.statement).figures]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.characters()
        | st.sampled_from(["<", ">", "&", "'", "’", " ", ".", "\n", "so", " for a ", " best ", "customer"]),
        max_size=200,
    ).map("".join)
    | st.lists(
        st.sampled_from("we help people so they can be best most world's for a on time within day your".split())
    ).map(" ".join)
)
def test_any_text_gives_a_card_whose_remarks_point_into_it(text):
    card = check_statement(text, VISION)
    assert len(card.statement) == len(text)
    card.statement.encode()
    for finding in card.findings:
        assert list(finding.spans) == sorted(finding.spans)
        assert all(0 <= start < end <= len(text) for start, end in finding.spans)


def test_a_card_is_the_same_however_long_the_text_goes_on():
    text = "We help people. " * (READ_LIMIT // 16)
    longer = check_statement(text + " and so on" * 100_000)
    assert longer.statement == text[:READ_LIMIT]
    assert longer.figures == check_statement(text).figures


@pytest.mark.parametrize(
    "unit", ["word ", "we help people so they can be the world's best ", "<", "customer's ", "a. ", "’"]
)
def test_time_does_not_explode_with_length(unit):
    check_statement(unit * 10)

    def seconds(length):
        # Of this process alone: other work on the machine does not count.
        start = time.process_time()
        check_statement((unit * length)[:length])
        return time.process_time() - start

    # Eight times the text in less than 24 times the time: quadratic would be 64.
    short = min(seconds(500) for _ in range(5))
    assert min(seconds(4_000) for _ in range(5)) < 24 * short + 0.02
