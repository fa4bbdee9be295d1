"""What came of a test of drafts, as HTML that loads and runs nothing. No result names anybody."""

from collections.abc import Mapping, Sequence
from html import escape

from visionquiz.piloting import (
    FEWEST,
    LATER,
    NOW,
    DraftTest,
    Explain,
    Given,
    Reached,
    sum_decisions,
    sum_explanations,
    sum_ratings_of,
    sum_recall,
    sum_seen,
    sum_swaps,
)
from visionquiz.trials import Comparison, Observed, RoleRatings, Swapped
from visionquiz.trials.decision import WITH, WITHOUT
from visionquiz.trials.ratings import QUESTIONS, SCALE
from visionquiz.views.charts import Bar, bars, percent, plain
from visionquiz.views.trial import detail_html, needed_html, trial_html

__all__ = ["draft_names", "result_html"]

FEW = (
    f"Fewer than {FEWEST} people have answered, so nothing is shown: five or more are one crowd, four are four people."
)
LIMITS = {
    "meaning": "The grader reads the explanations and sometimes errs. Held against each other, the drafts are read by "
    "the same eyes. It cannot tell whether people agree with what they understood.",
    "decision": "Choosing on paper is easier than deciding with a customer on the line. It cannot tell what people "
    "will do, only what they take to be right.",
    "observation": "It says whether the draft is plain enough to be seen in what is done. People see what they expect: "
    "two who watch the same thing and disagree tell you more than ten who watch alone.",
    "swap": "People who know the other company well judge best. A draft can be ours alone and still say little.",
    "ratings": "People may say what they think you want to hear. It cannot tell why: ask those who say no.",
}


def draft_names(test: DraftTest) -> dict[str, str]:
    """What a result calls each draft: Draft A, Draft B, in their order."""
    return {draft.id: f"Draft {chr(ord('A') + number)}" for number, draft in enumerate(test.drafts)}


def result_html(test: DraftTest, given: Sequence[Given], explain: Explain) -> str:
    """All results of a test that is closed."""
    if test.kind == "recall":
        return _recall(test, given)
    parts = {
        "meaning": lambda: _meaning(test, sum_explanations(test, given, explain)),
        "decision": lambda: _decision(test, sum_decisions(test, given).comparison),
        "observation": lambda: _seen(test, sum_seen(test, given)),
        "swap": lambda: _swaps(test, sum_swaps(test, given)),
        "ratings": lambda: _ratings(test, sum_ratings_of(test, given)),
    }[test.kind]()
    return f"{parts}<h3>What this cannot tell</h3><p>{LIMITS[test.kind]}</p>"


def _recall(test: DraftTest, given: Sequence[Given]) -> str:
    now = sum_recall(test, given, occasion=NOW)
    parts = [trial_html(test.recall, now.comparisons, now.by_word, when="at once", least=FEWEST)]
    if any(one.occasion == LATER for one in given):
        later = sum_recall(test, given, occasion=LATER)
        when = "after a day" if test.days == 1 else f"after {'a week' if test.days == 7 else f'{test.days} days'}"
        parts.append(trial_html(test.recall, later.comparisons, later.by_word, when=when, least=FEWEST))
    else:
        parts.append("<p>Nobody has recalled it later yet. Those who took part are asked when they come back here.</p>")
    return "".join(parts)


def _verdict(pair: Comparison, better: str, names: Mapping[str, str]) -> str:
    """One sentence: too few, no difference yet, or which is better; `better` is what it is said to be better at."""
    one, other = names[pair.better.draft], names[pair.other.draft]
    if not pair.enough:
        return f"{one} and {other}: too few people to say. It takes {FEWEST} or more for each."
    if pair.differs:
        return f"{better.format(one=one, other=other)}."
    return f"{one} and {other}: no difference yet."


def _meaning(test: DraftTest, found: Reached) -> str:
    names = draft_names(test)
    parts = ["<h2>What people understand</h2>"]
    for pair in found.comparisons:
        said = _verdict(pair, "{one} brings more meaning points across than {other}", names)
        parts.append(f'<p class="verdict">{escape(said)}</p>{detail_html(pair, names)}')
    for draft in test.drafts:
        parts.append(_draft(names, draft.id, draft.text))
        points = found.by_draft[draft.id]
        if points is None:
            parts.append(f"<p>{FEW}</p>")
            continue
        marks = [
            Bar(
                label=point.text,
                value=point.hits / point.n,
                low=point.interval[0],
                high=point.interval[1],
                note=f"{point.hits} of {point.n}"
                + (f", {point.contradicted} said the opposite" if point.contradicted else ""),
            )
            for point in points
        ]
        title = f"{names[draft.id]}: people who said each meaning point"
        parts.append(bars(title, marks, number=percent, top=1))
    if found.comparisons:
        parts.append(needed_html(found.comparisons[0]))
    return "".join(parts)


def _decision(test: DraftTest, pair: Comparison) -> str:
    names = {WITH: "With the draft", WITHOUT: "Without it"}
    if pair.differs:
        said = f"People decide {'better' if pair.better.draft == WITH else 'worse'} when they have read the draft."
    elif pair.enough:
        said = "With and without the draft: no difference yet."
    else:
        said = f"Too few people to say. It takes {FEWEST} or more in each half."
    groups = {one.draft: one for one in (pair.better, pair.other)}
    marks = [
        Bar(
            label=names[arm],
            value=groups[arm].mean if groups[arm].n else None,
            note=f"{groups[arm].n} people" if groups[arm].n else f"fewer than {FEWEST} people",
        )
        for arm in (WITH, WITHOUT)
    ]
    detail = detail_html(pair, {WITH: "The half with the draft", WITHOUT: "The half without it"})
    shown = "".join(f"<li>{escape(one.title)}</li>" for one in test.scenarios)
    return (
        f'<h2>Whether it helps to decide</h2><p class="verdict">{said}</p>'
        f"{detail.replace('for the other draft and', 'for the other half and')}"
        f'<div class="draft">{escape(test.drafts[0].text)}</div>'
        f"{bars('Share of the points of the best choice', marks, number=percent, top=1)}"
        f"<p>The situations:</p><ul>{shown}</ul>{needed_html(pair, 'each half')}"
    )


def _share(name: str, count: int, of: int, interval: tuple[float, float]) -> Bar:
    return Bar(label=name, value=count / of, low=interval[0], high=interval[1], note=f"{count} of {of}")


def _few(name: str, what: str) -> Bar:
    return Bar(label=name, value=None, note=f"fewer than {FEWEST} {what}")


def _seen(test: DraftTest, found: Mapping[str, Observed | None]) -> str:
    names = draft_names(test)
    parts = ["<h2>Whether it can be seen</h2>"]
    marks = []
    for draft in test.drafts:
        seen = found[draft.id]
        name = names[draft.id]
        marks.append(_share(name, seen.lived, seen.contacts, seen.interval) if seen else _few(name, "things were seen"))
    parts.append(bars("What was seen and fits the draft", marks, number=percent, top=1, says=_apart(marks)))
    for draft in test.drafts:
        parts.append(_draft(names, draft.id, draft.text))
        seen = found[draft.id]
        if seen is None:
            parts.append(f"<p>Fewer than {FEWEST} things were seen, so nothing is shown.</p>")
            continue
        both = sum(one.contacts for one in seen.agreements)
        same = sum(one.same for one in seen.agreements)
        if both < FEWEST:
            parts.append(
                f"<p>Fewer than {FEWEST} things were watched by two people. Have two people watch the same things: if "
                "they disagree, the draft is not plain enough to be seen.</p>"
            )
        else:
            parts.append(f"<p>Where two people watched the same, they said the same in {same} of {both} cases.</p>")
    return "".join(parts)


def _swaps(test: DraftTest, found: Mapping[str, Swapped | None]) -> str:
    names = draft_names(test)
    marks = []
    parts = []
    for draft in test.drafts:
        said = found[draft.id]
        parts.append(_draft(names, draft.id, draft.text))
        parts.append(f"<p>{escape(said.verdict) if said else FEW}</p>")
        name = names[draft.id]
        marks.append(_share(name, said.just_as_true, said.n, said.interval) if said else _few(name, "people"))
    title = f"People who say that {test.rival.strip()} could say it just as well"
    drawn = bars(title, marks, number=percent, top=1, says=f"Lower is better. {_apart(marks)}")
    return f"<h2>Whether it is ours alone</h2>{drawn}{''.join(parts)}"


def _apart(marks: Sequence[Bar]) -> str:
    """Whether the intervals of shares lie apart, so that nobody reads a difference into chance."""
    known = [(one.low, one.high) for one in marks if one.low is not None and one.high is not None]
    if len(known) < 2:
        return "The line on each bar says where the true share probably lies."
    low, high = max(one for one, _ in known), min(one for _, one in known)
    if low > high:
        return "The drafts furthest apart differ by more than chance explains."
    return "No difference yet: the lines, which say where the true shares probably lie, overlap."


def _ratings(test: DraftTest, found: Mapping[str, Sequence[RoleRatings]]) -> str:
    names = draft_names(test)
    parts = ["<h2>Whether it is true and wanted</h2>"]
    for draft in test.drafts:
        parts.append(_draft(names, draft.id, draft.text))
        for question, asked in QUESTIONS.items():
            rows = [one for one in found[draft.id] if one.question == question]
            marks = [
                Bar(
                    label=test.roles.get(one.role, one.role) if one.role else "All",
                    value=one.mean,
                    note="hidden, or nobody answered" if one.n is None else f"{one.n} people",
                )
                for one in rows
            ]
            says = f"From 1, {SCALE[0].lower()}, to {len(SCALE)}, {SCALE[-1].lower()}."
            parts.append(bars(asked, marks, number=plain, top=len(SCALE), says=says))
            counts = rows[0].counts if rows else None
            if counts:
                listed = ", ".join(f"{name.lower()}: {count}" for name, count in zip(SCALE, counts, strict=True))
                parts.append(f'<p class="soft">Everybody, by answer: {listed}.</p>')
    parts.append(
        f'<p class="soft">Roles with fewer than {FEWEST} people are hidden, and sometimes one more, so that nobody can '
        "work them out.</p>"
    )
    return "".join(parts)


def _draft(names: Mapping[str, str], ident: str, text: str) -> str:
    return f'<h3>{names[ident]}</h3><div class="draft">{escape(text)}</div>'
