"""The evidence card on the screen: every remark with its reason, source and try, and nothing typed becomes markup."""

import re

import pytest

from visionquiz.statement import check_statement, load_accuracy, load_published
from visionquiz.views.evidence import EvidenceView, evidence_html

REI = "We inspire, educate and outfit for a lifetime of outdoor adventure and stewardship."
HOSTILE = "<script>alert(1)</script> We \"help\" 'people' & <img src=x onerror=alert(1)> more\x00"


def test_every_remark_is_drawn_with_reason_source_and_try(read_page):
    card = check_statement(REI)
    page = read_page(evidence_html(card))
    assert not page.open
    text = "".join(page.text)
    for finding in card.findings:
        assert finding.remark in text
        assert finding.reason in text
        assert finding.try_this in text
        for source in finding.source:
            assert source.name in text
    links = {attributes["href"] for tag, attributes in page.attributes if tag == "a"}
    assert {source.address for finding in card.findings for source in finding.source if source.address} <= links


def test_the_words_are_marked_and_the_statement_is_whole():
    html = evidence_html(check_statement(REI))
    draft = re.search(r'<div class="draft">(.*?)</div>', html).group(1)
    assert "<mark>educate</mark>" in draft
    assert re.sub(r"<sup>.*?</sup>|<[^>]*>", "", draft) == REI


def test_numbers_in_the_statement_are_those_of_the_remarks():
    card = check_statement(REI)
    html = evidence_html(card)
    [number] = re.findall(r'<span class="number">(\d+)</span>The rarest', html)
    draft = re.search(r'<div class="draft">(.*?)</div>', html).group(1)
    assert re.search(rf"stewardship</mark><sup>[^/]*</span>[\d, ]*\b{number}\b", draft)


def test_how_good_a_measure_is_is_folded_away_under_its_remark():
    html = evidence_html(check_statement(REI))
    length = re.search(r'<li data-kind="length">.*?</li>', html).group(0)
    assert "<details><summary>How good is this measure?</summary>" in length
    assert f"right in {load_accuracy()['words'].auc * 100:.0f} of 100 pairs" in length
    assert "How good are all the measures?" in html


def test_nothing_that_is_typed_becomes_markup(read_page):
    page = read_page(evidence_html(check_statement(HOSTILE)))
    assert not page.open
    assert not {"script", "img"} & {tag for tag, _ in page.attributes}
    assert not any(name.startswith("on") for _, attributes in page.attributes for name in attributes)
    assert HOSTILE.replace("\x00", "\ufffd") in re.sub(r" remark (\d+(, )?)+", "", "".join(page.text))


@pytest.mark.parametrize(
    "text", ["", "我们帮助每一位客户。", "word " * 10_000, *(one.statement for one in load_published()[:5])]
)
def test_any_card_is_whole_and_has_no_total(read_page, text):
    html = evidence_html(check_statement(text))
    assert not read_page(html).open
    assert "There is no total score" in html
    assert len(html) < 300_000


def test_another_card_takes_the_place_of_the_last():
    view = EvidenceView(check_statement(REI))
    assert "vqf" in view._dom_classes
    view.show(check_statement("We help people."))
    assert "We help" in re.sub("<.*?>", "", view.page.value)
    assert "stewardship" not in view.page.value.split("remarks")[0]
