"""A draft before and after: what the card says of both, and nothing of what could not be read."""

import pytest

from visionquiz.statement import check_statement
from visionquiz.statement.repair import TOPICS, compare_cards

WEAK = "We strive to leverage our expertise to be the leading provider of world-class, customer-centric solutions."
BETTER = "We answer your question at the first call, or tell you who will and when."


def ways(before, after):
    changes = compare_cards(check_statement(before), check_statement(after))
    return {change.topic: change.way for change in changes}


def test_what_was_mended_speaks_more_for_the_draft():
    found = ways(WEAK, BETTER)
    for kind in ("rank", "jargon"):
        assert found[TOPICS[kind]] == "better"
    back = ways(BETTER, WEAK)
    for kind in ("rank", "jargon"):
        assert back[TOPICS[kind]] == "worse"


def test_the_same_draft_is_the_same_on_every_topic():
    assert set(ways(WEAK, WEAK).values()) == {"same"}


def test_changes_for_the_better_come_first():
    order = [change.way for change in compare_cards(check_statement(WEAK), check_statement(BETTER))]
    assert order == sorted(order, key=["better", "worse", "same"].index)


@pytest.mark.parametrize(
    "unread", ["", "!!!", "Мы помогаем людям платить вовремя", "Wir helfen den Leuten sofort und gern"]
)
def test_what_could_not_be_read_is_not_compared(unread):
    assert compare_cards(check_statement(WEAK), check_statement(unread)) == ()
