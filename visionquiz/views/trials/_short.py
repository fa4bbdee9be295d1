"""What came of tests of drafts, a line each, to stand beside the result of a vote. No line names anybody."""

from collections.abc import Iterator, Mapping, Sequence

from visionquiz.grading.guards import listed
from visionquiz.piloting import (
    FEWEST,
    LATER,
    NOW,
    DraftTest,
    DraftTests,
    Explain,
    Given,
    sum_decisions,
    sum_explanations,
    sum_ratings_of,
    sum_recall,
    sum_seen,
    sum_swaps,
)
from visionquiz.trials import Comparison
from visionquiz.trials.decision import WITH

__all__ = ["tell_tests"]

UNTESTED = "No test with people."
UNSAID = f"Tested with people, and nothing can be said yet: the test is open, or fewer than {FEWEST} have answered."

ELSEWHERE = "a draft that is not in this vote"


def tell_tests(
    tests: DraftTests, texts: Mapping[str, str], names: Mapping[str, str], explain: Explain | None
) -> dict[str, list[str]]:
    """By draft what its closed tests came to. `texts` and `names` are those of the drafts in the vote, by id.

    Without `explain` nobody's explanations are graded: a model in the kernel of everybody in the room would fill the
    machine. A test of other wording than is voted on says so, and so does one that is open or that too few answered.
    """
    found: dict[str, list[str]] = {ident: [] for ident in texts}
    every = tests.tests()
    for test in every:
        if test.closed:
            for ident, line in _tell(test, tests.answers(test.id), names, explain):
                asked = next(draft.text for draft in test.drafts if draft.id == ident)
                if ident in found:
                    earlier = "" if asked == texts[ident] else " This was asked of an earlier wording."
                    found[ident].append(line + earlier)
    begun = {draft.id for test in every for draft in test.drafts}
    return {ident: lines or [UNSAID if ident in begun else UNTESTED] for ident, lines in found.items()}


def _tell(
    test: DraftTest, given: Sequence[Given], names: Mapping[str, str], explain: Explain | None
) -> Iterator[tuple[str, str]]:
    if test.kind == "recall":
        for occasion, when in ((NOW, "at once"), (LATER, "later")):
            if any(one.occasion == occasion for one in given):
                pairs = sum_recall(test, given, occasion=occasion).comparisons
                yield from _compared(pairs, f"Remembered {when}: {{share}} of its words by {{n}} people", names)
    elif test.kind == "meaning" and explain is None:
        for draft in test.drafts:
            yield draft.id, "Understood: your trainer's page tells which meaning points people reached."
    elif test.kind == "meaning" and explain:
        reached = sum_explanations(test, given, explain)
        for ident, points in reached.by_draft.items():
            if points:
                least, most = (pick(points, key=lambda one: one.hits / one.n) for pick in (min, max))
                line = f"most ({most.hits}) said “{most.text}” and fewest ({least.hits}) said “{least.text}”"
                yield ident, f"Understood: of {points[0].n} people who explained it, {line}"
        yield from _compared(reached.comparisons, "Understood: {share} of the meaning points by {n} people", names)
    elif test.kind == "decision":
        pair = sum_decisions(test, given).comparison
        if pair.enough:
            line = f"people decide {'better' if pair.better.draft == WITH else 'worse'} when they have read it"
            yield test.drafts[0].id, f"Deciding: {line if pair.differs else 'no difference yet by reading it'}."
    elif test.kind == "observation":
        for ident, seen in sum_seen(test, given).items():
            if seen:
                yield ident, f"Seen: {seen.lived} of {seen.contacts} things that people saw fitted it."
    elif test.kind == "swap":
        for ident, said in sum_swaps(test, given).items():
            if said:
                line = f"{said.just_as_true} of {said.n} say that {test.rival.strip()} could say it just as well"
                yield ident, f"Ours alone: {line}."
    else:
        for ident, rows in sum_ratings_of(test, given).items():
            means = {one.question: one.mean for one in rows if not one.role and one.mean is not None}
            if {"today", "future"} <= set(means):
                line = (
                    f"True of us today: {means['today']:.1f} of 5; who we are going to be: {means['future']:.1f} of 5"
                )
                yield ident, f"{line}, by {rows[0].n} people."


def _compared(pairs: Sequence[Comparison], told: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """For each draft that enough people answered for: its own figure, and which others it differs from."""
    groups = {one.draft: one for pair in pairs for one in (pair.better, pair.other)}
    for ident, group in groups.items():
        mine = [pair for pair in pairs if pair.enough and ident in (pair.better.draft, pair.other.draft)]
        if not group.n:
            continue
        line = told.format(share=f"{group.mean:.0%}", n=group.n)
        more = [names.get(pair.other.draft, ELSEWHERE) for pair in mine if pair.differs and pair.better.draft == ident]
        less = [names.get(pair.better.draft, ELSEWHERE) for pair in mine if pair.differs and pair.other.draft == ident]
        same = [
            names.get((pair.other if pair.better.draft == ident else pair.better).draft, ELSEWHERE)
            for pair in mine
            if not pair.differs
        ]
        parts = [
            f"{word} {listed(list(dict.fromkeys(others)))}"
            for word, others in (("more than", more), ("less than", less), ("no difference yet to", same))
            if others
        ]
        yield ident, f"{line}{'; ' if parts else ''}{', '.join(parts)}."
