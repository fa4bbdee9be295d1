"""Choosing a draft: secret, once each, with a quorum, and ties stay ties."""

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.ballot import Ballot, Box, Option, cast_vote, close_ballot, count_votes, rank_schulze
from visionquiz.errors import BallotError

OPTIONS = tuple(Option(id=name, text=f"Draft {name}") for name in "abcd")
VOTERS = frozenset(f"p{number}" for number in range(60))


def ballot(**options):
    return Ballot(**{"id": "b", "question": "Which?", "options": OPTIONS, "voters": VOTERS, "quorum": 5, **options})


def vote(ballot, choices):
    box = Box()
    for number, choice in enumerate(choices):
        box = cast_vote(ballot, box, f"p{number}", choice)
    return box


class TestCasting:
    def test_a_second_vote_is_refused_and_the_first_one_stands(self):
        box = cast_vote(ballot(), Box(), "p1", ["a"])
        with pytest.raises(BallotError, match="You have voted already"):
            cast_vote(ballot(), box, "p1", ["b"])
        assert dict(box.papers) == {("a",): 1}

    @pytest.mark.parametrize(
        ("person", "choice", "word"),
        [
            ("stranger", ["a"], "not on the list"),
            ("p1", ["z"], "not on the ballot"),
            ("p1", ["a", "a"], "named once"),
            ("p1", ["a"] * 10_000, "named once"),
        ],
    )
    def test_what_cannot_be_taken_is_refused_in_words(self, person, choice, word):
        with pytest.raises(BallotError, match=word):
            cast_vote(ballot(), Box(), person, choice)

    def test_after_closing_nothing_is_taken(self):
        with pytest.raises(BallotError, match="closed"):
            cast_vote(ballot(), close_ballot(Box()), "p1", ["a"])

    @given(st.permutations([("p0", "a"), ("p1", "b"), ("p2", "b"), ("p3", ""), ("p4", "ab"), ("p5", "ab")]))
    def test_the_box_is_the_same_in_whatever_order_people_vote(self, order):
        chosen = ballot()
        boxes = []
        for votes in (order, sorted(order)):
            box = Box()
            for person, choice in votes:
                box = cast_vote(chosen, box, person, choice)
            boxes.append(box)
        assert boxes[0] == boxes[1]
        assert list(boxes[0].papers) == list(boxes[1].papers)

    @pytest.mark.parametrize(
        ("options", "word"),
        [
            ({"options": OPTIONS[:1]}, "2 to 12 drafts"),
            ({"options": (OPTIONS[0], OPTIONS[0])}, "same id"),
            ({"options": (OPTIONS[0], Option(id="z", text=" "))}, "has a text"),
            ({"options": (OPTIONS[0], Option(id="z", text="x" * 601))}, "at most 600"),
            ({"voters": frozenset()}, "has 0"),
            ({"quorum": 0}, "quorum"),
            ({"quorum": 61}, "quorum"),
            ({"method": "shouting"}, "by approval or ranked"),
        ],
    )
    def test_a_ballot_on_which_nobody_could_vote_is_refused(self, options, word):
        with pytest.raises(BallotError, match=word):
            ballot(**options)


class TestResult:
    def test_nothing_is_told_while_the_ballot_is_open(self):
        result = count_votes(ballot(), vote(ballot(), [["a"]] * 9))
        assert (result.state, result.winners, result.approvals, result.voted) == ("open", (), None, 9)

    def test_below_the_quorum_there_is_no_result(self):
        result = count_votes(ballot(quorum=None), close_ballot(vote(ballot(), [["a"]] * 30)))
        assert (result.state, result.needed, result.winners) == ("no-quorum", 31, ())

    def test_blank_votes_count_towards_the_quorum(self):
        result = count_votes(ballot(), close_ballot(vote(ballot(), [["a"], [], [], [], []])))
        assert (result.state, result.winners, result.blank) == ("decided", ("a",), 4)

    def test_only_blank_votes_choose_nothing(self):
        assert count_votes(ballot(), close_ballot(vote(ballot(), [[]] * 5))).state == "blank"

    def test_by_approval_whoever_most_can_live_with_wins(self):
        result = count_votes(
            ballot(), close_ballot(vote(ballot(), [["a"], ["a"], ["b", "c"], ["b"], ["b", "a", "c"], ["b"]]))
        )
        assert (result.state, result.winners) == ("decided", ("b",))
        assert result.approvals == {"a": 3, "b": 4, "c": 2, "d": 0}

    def test_a_tie_is_shown_as_a_tie(self):
        result = count_votes(ballot(), close_ballot(vote(ballot(), [["c"], ["c"], ["a"], ["a"], ["b"]])))
        assert (result.state, result.winners) == ("tie", ("a", "c"))

    def test_with_four_votes_the_outcome_is_shown_and_no_counts(self):
        result = count_votes(ballot(quorum=1), close_ballot(vote(ballot(), [["a"], ["a"], ["b"], []])))
        assert result.winners == ("a",)
        assert (result.approvals, result.pairs, result.blank, result.ranks) == (None, None, None, ())

    def test_ranked_the_pairs_are_counted_and_what_is_left_out_comes_last(self):
        ranked = ballot(method="ranked")
        result = count_votes(
            ranked, close_ballot(vote(ranked, [["a", "b"], ["b"], ["b", "a"], ["c", "b", "a"], ["b", "c"]]))
        )
        assert result.winners == ("b",)
        assert result.pairs[("b", "a")] == 4
        assert result.pairs[("a", "b")] == 1
        assert result.pairs[("c", "d")] == 2
        assert result.pairs[("d", "c")] == 0


def pairs_of(papers):
    found = Counter()
    for paper, count in papers.items():
        for one, other in itertools.combinations(paper, 2):
            found[one, other] += count
    return found


class TestSchulze:
    def test_the_example_of_schulzes_paper(self):
        papers = {"acbed": 5, "adecb": 5, "bedac": 8, "cabed": 3, "caebd": 7, "cbade": 2, "dceba": 7, "ebadc": 8}
        assert rank_schulze("abcde", pairs_of(papers)) == (("e",), ("a",), ("c",), ("b",), ("d",))

    def test_a_circle_of_equals_is_a_tie(self):
        assert rank_schulze("abc", pairs_of({"abc": 2, "bca": 2, "cab": 2})) == (("a", "b", "c"),)

    @given(st.lists(st.permutations("abcd"), min_size=1, max_size=9))
    def test_who_beats_everybody_in_pairs_wins_alone(self, papers):
        pairs = pairs_of(Counter(map(tuple, papers)))
        for one in "abcd":
            if all(pairs[one, other] > pairs[other, one] for other in "abcd" if other != one):
                assert rank_schulze("abcd", pairs)[0] == (one,)

    @given(st.lists(st.permutations("abcd"), min_size=1, max_size=9), st.permutations("abcd"))
    def test_the_order_in_which_drafts_are_listed_does_not_matter(self, papers, listed):
        pairs = pairs_of(Counter(map(tuple, papers)))
        assert list(map(set, rank_schulze("abcd", pairs))) == list(map(set, rank_schulze(listed, pairs)))
