"""What a statement means, as a team writes it down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.proposal import (
    Proposal,
    ProposalError,
    add_point,
    add_role,
    begin_proposal,
    check_proposal,
    drop_point,
    drop_role,
    explain_point,
    key_words,
    list_tasks,
    say_core_idea,
    tie_point,
)
from visionquiz.themes import Theme

STATEMENT = "Fix the water first, and always say what happens next."
THEMES = [
    Theme(id="theme-1", name="Be quick", ideas=("a", "b")),
    Theme(id="theme-2", name="Be honest", ideas=("c",)),
    Theme(id="theme-3", name="An empty column"),
]
POINTS = (
    "Getting it to flow again comes before paperwork.",
    "People know the coming step without asking.",
    "A time that we do not know is not invented.",
)


@pytest.fixture
def whole(vision):
    """A proposal that lacks nothing."""
    found = say_core_idea(begin_proposal(vision), base="", text="Help now, explain at once.")
    for number, text in enumerate(POINTS, 1):
        found = explain_point(add_point(found), f"point-{number}", base="", text=text)
    found = tie_point(found, "point-1", words=("fix", "water", "first"), themes=("theme-1",))
    found = tie_point(found, "point-2", words=("happens", "next"), themes=("theme-2",))
    found = tie_point(found, "point-3", words=("always", "say"))
    for role in found.roles:
        found = list_tasks(found, role.id, base="", text="I ring back before I go home.")
    return found


def gaps(proposal, **needed):
    return [gap.text for gap in check_proposal(proposal, STATEMENT, THEMES) if gap.needed is needed.get("needed", True)]


def test_the_company_brings_its_roles_and_nothing_that_they_did_for_another_statement(vision):
    begun = begin_proposal(vision)
    assert [(role.id, role.title) for role in begun.roles] == [(role.id, role.title) for role in vision.roles]
    assert not any(role.contributions for role in begun.roles)


def test_a_whole_proposal_lacks_nothing(whole):
    assert check_proposal(whole, STATEMENT, THEMES) == ()


def test_what_is_needed_comes_first():
    found = check_proposal(Proposal(), STATEMENT, THEMES)
    assert [gap.needed for gap in found] == sorted((gap.needed for gap in found), reverse=True)
    assert len(gaps(Proposal())) == 3


@pytest.mark.parametrize(
    ("change", "needed", "told"),
    [
        (lambda now: say_core_idea(now, base=now.core_idea, text=" "), True, "core idea"),
        (add_point, True, "A meaning point is empty"),
        (lambda now: explain_point(now, "point-1", base=POINTS[0], text=POINTS[1].upper()), True, "say the same"),
        (lambda now: explain_point(now, "point-1", base=POINTS[0], text="Fix water first"), False, "repeats"),
        (lambda now: tie_point(now, "point-2", words=("happens",)), False, "no point explains: “next”"),
        (lambda now: tie_point(now, "point-2", themes=()), False, "“Be honest” (1 idea) is in no meaning point"),
        (lambda now: drop_point(now, "point-3"), False, "there are 2"),
        (lambda now: add_role(now, "Night porter"), False, "without a contribution: Night porter"),
        (
            lambda now: list_tasks(now, now.roles[0].id, base=now.roles[0].text, text="We care."),
            False, "“We care.” does not say who does it",
        ),
    ],
)  # fmt: skip
def test_each_gap_is_told(whole, change, needed, told):
    (found, *more) = gaps(change(whole), needed=needed)
    assert told in found
    assert not more or needed is False


def test_without_a_role_nobody_has_a_part(whole):
    for role in whole.roles:
        whole = drop_role(whole, role.id)
    assert "no role yet" in gaps(whole)[0]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda: explain_point(Proposal(), "point-1", base="", text="x"), "no longer there"),
        (lambda: list_tasks(Proposal(), "sales", base="", text="x"), "no longer there"),
        (lambda: say_core_idea(Proposal(), base="", text="x" * 301), "at most 300 characters, and would have 301"),
        (lambda: add_role(Proposal(), "  "), "1 to 80 characters"),
        (lambda: add_role(add_role(Proposal(), "Night  porter"), "night porter"), "already"),
    ],
)
def test_what_cannot_be_done_is_said(act, told):
    with pytest.raises(ProposalError, match=told):
        act()


def test_there_is_an_end_to_points_and_roles():
    proposal = Proposal()
    for number in range(10):
        proposal = add_role(add_point(proposal), f"Job {number}")
    with pytest.raises(ProposalError, match="10 meaning points"):
        add_point(proposal)
    for number in range(10, 40):
        proposal = add_role(proposal, f"Job {number}")
    with pytest.raises(ProposalError, match="40 roles"):
        add_role(proposal, "One more")


@given(st.lists(st.sampled_from(["add", "drop", "role"]), max_size=8))
def test_no_id_is_used_twice(steps):
    proposal, seen = Proposal(), set()
    for number, step in enumerate(steps):
        if step == "add":
            proposal = add_point(proposal)
        elif step == "role":
            proposal = add_role(proposal, f"Job {number}")
        elif proposal.points:
            seen.add(proposal.points[0].id)
            proposal = drop_point(proposal, proposal.points[0].id)
        ids = [one.id for one in (*proposal.points, *proposal.roles)]
        assert len(set(ids)) == len(ids)
        assert not seen & set(ids)


def test_two_who_write_one_point_lose_no_word():
    now = explain_point(add_point(Proposal()), "point-1", base="", text="We ring back.")
    now = explain_point(now, "point-1", base="We ring back.", text="We always ring back.")
    now = explain_point(now, "point-1", base="We ring back.", text="We ring back today.")
    assert now.points[0].text == "We always ring back today."


@given(st.text(max_size=200))
def test_key_words_lie_in_the_statement_each_once(statement):
    found = key_words(statement)
    assert len({word.plain for word in found}) == len(found)
    assert all(0 <= word.start < word.end <= len(statement) for word in found)
    assert [word.start for word in found] == sorted(word.start for word in found)
