"""What a manager could do on Monday: of everything that the figures of a check say, the three steps that matter most.

Each step names the figure that it follows from. The rules are this kit's own proposals and no findings; they look at
one group at a time, and where they speak of a few people they stay silent.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from visionquiz.role_map import map_roles
from visionquiz.stats import difference_interval
from visionquiz.summaries import Column, Group, Summary, share_of

__all__ = ["Change", "NextStep", "changes_since", "earlier_check", "gap_in_words", "next_steps"]

MOST = 3
"""Steps that are proposed: who is told ten things does none."""

APART = 0.1
"""Means that are less apart are said to lie close together."""

ENOUGH = 0.85
"""A share of people, or of points, from which on nothing is proposed."""

MISREAD = 0.1
"""From this share of people on, a misreading recurs."""

ANSWERED = 0.7
"""Where fewer of those who were asked answered, the figures may be those of the willing."""

LACKS = {
    ("personal", "we"): (
        "Ask for sentences that begin with “I”",
        "say what the team does, not what they do themselves",
    ),
    ("personal", "none"): ("Ask everybody what they do themselves", "do not say what they do themselves"),
    ("concrete", "half"): ("Ask for one thing that others could see", "stay vague about what they do"),
    ("concrete", "no"): ("Ask for one thing that others could see", "name nothing that others could see"),
    ("fits_role", "no"): ("Talk about each job’s own part", "name something that is not their job"),
    ("linked", "weak"): ("Ask whom it helps, and how", "hardly say how what they do serves the vision"),
    ("linked", "no"): ("Ask whom it helps, and how", "do not say how what they do serves the vision"),
    ("against", "yes"): ("Talk about what works against the vision", "name something that works against the vision"),
}
"""What a contribution can lack: what to do about it, and how to say that people lack it."""


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """Something to do, and the figure that it follows from."""

    title: str
    why: str
    point: str = ""
    """The id of the meaning point that it is about, if it is about one."""
    weight: float
    """How much it matters, beside the others of the same group."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """How far a mean moved since an earlier check, as shares (0..1)."""

    column: str
    before: float
    change: float
    low: float
    high: float
    """From where to where the change probably lies (95 %); NaN where the spread was not kept."""

    @property
    def clear(self) -> bool:
        """Whether it is more than chance would give."""
        return self.low > 0 or self.high < 0


def earlier_check(summary: Summary, summaries: Sequence[Summary]) -> Summary | None:
    """The check that was published last before this one, with questions of the same kinds."""
    kinds = {column.kind for column in summary.columns}
    before = [
        one
        for one in summaries
        if one.quiz != summary.quiz
        and one.published < summary.published
        and kinds & {column.kind for column in one.columns}
    ]
    return max(before, key=lambda one: one.published, default=None)


def changes_since(summary: Summary, group: Group, before: Summary | None) -> dict[str, Change]:
    """How far the means of a group moved since an earlier check, by column; only where both have a figure.

    Questions of the same kind are compared, the first ones of each. Who answered may not be the same people.
    """
    if before is None or group.means is None:
        return {}
    then = next((one for one in before.groups if (one.kind, one.id) == (group.kind, group.id)), None)
    if then is None or then.means is None:
        return {}
    found = {}
    for column in summary.columns:
        old = next((one for one in before.columns if one.kind == column.kind), None)
        new = next(one for one in summary.columns if one.kind == column.kind)
        if old is None or new.id != column.id or old.id not in then.means:
            continue
        low = high = math.nan
        if column.id in group.spreads and old.id in then.spreads:
            low, high = difference_interval(
                (then.means[old.id], then.spreads[old.id], then.answered),
                (group.means[column.id], group.spreads[column.id], group.answered),
            )
        change = group.means[column.id] - then.means[old.id]
        found[column.id] = Change(column=column.id, before=then.means[old.id], change=change, low=low, high=high)
    return found


def gap_in_words(group: Group, columns: Sequence[Column]) -> str:
    """The gap that this kit exists for: people can recite a vision that they cannot explain or live. ``""`` where one
    of the three was not asked for.
    """
    means = _by_kind(group, columns)
    if not {"state", "explain", "contribute"} <= means.keys():
        return ""
    state, explain, contribute = means["state"], means["explain"], means["contribute"]
    weakest = min(explain, contribute)
    what = "explain what it means" if explain <= contribute else "say how they contribute"
    if state - weakest >= APART:
        return f"People know the words better than they can {what}: {_percent(state)} against {_percent(weakest)}."
    if weakest - state >= APART:
        return (
            "People can explain the vision and say what they do for it better than they know its words: "
            f"{_percent(weakest)} against {_percent(state)}."
        )
    return (
        "Knowing the words, explaining them and saying what one does for them lie close together, around "
        f"{_percent(state)}."
    )


def next_steps(summary: Summary, group: Group) -> tuple[NextStep, ...]:
    """At most `MOST` steps for a group that is shown, what matters most first; none for a hidden group."""
    if group.hidden or group.means is None:
        return ()
    points = sorted(_of_points(summary, group), key=lambda step: -step.weight)
    others = [
        *_of_gap(summary, group),
        *_of_contributions(summary, group),
        *_of_orphans(summary, group),
        *_of_situations(summary, group),
        *_of_teams(summary, group),
        *_of_answers(group),
    ]
    # One point at a time: the second weakest is proposed only where little else is.
    first = sorted([*points[:1], *others], key=lambda step: -step.weight)[:MOST]
    chosen = [*first, *points[1 : 1 + MOST - len(first)]]
    return tuple(sorted(chosen, key=lambda step: -step.weight))


def _by_kind(group: Group, columns: Sequence[Column]) -> dict[str, float]:
    """The mean of the first question of each kind."""
    means = group.means or {}
    return {column.kind: means[column.id] for column in reversed(columns) if column.id in means}


def _of_points(summary: Summary, group: Group) -> Iterator[NextStep]:
    """The meaning points that came across least, or that people turn round."""
    for column in summary.columns:
        if column.kind != "explain":
            continue
        points = [part for part in column.parts if part.label]
        for part in points:
            told = share_of(group, column, part.id, "covered")
            wrong = share_of(group, column, part.id, "contradicted") or 0.0
            if told is None:
                continue
            if wrong >= MISREAD and wrong * group.answered >= summary.minimum:
                yield NextStep(
                    title=f"Clear up a misreading of “{part.label}”",
                    why=f"{_percent(wrong)} of those who answered seem to say the opposite of it.",
                    point=part.id,
                    weight=0.7 + wrong,
                )
            elif told < ENOUGH:
                yield NextStep(
                    title=f"Talk about “{part.label}”",
                    why=f"It came across in {_percent(told)} of the answers{_best(group, column, part.id)}.",
                    point=part.id,
                    weight=1 - told,
                )


def _best(group: Group, column: Column, beside: str) -> str:
    """The point that came across most, as the rest of a sentence."""
    shares = {
        part: share for part in column.parts if part.label and (share := share_of(group, column, part.id, "covered"))
    }
    if not shares:
        return ""
    best = max(shares, key=lambda part: shares[part])
    return "" if best.id == beside else f"; “{best.label}” did in {_percent(shares[best])}"


def _of_gap(summary: Summary, group: Group) -> Iterator[NextStep]:
    """Words without meaning, or meaning without words."""
    means = _by_kind(group, summary.columns)
    if "state" not in means or "explain" not in means:
        return
    gap = means["state"] - means["explain"]
    both = f"{_percent(means['state'])} for stating the vision, {_percent(means['explain'])} for explaining it."
    if gap >= APART:
        yield NextStep(title="Ask what the vision means, not only what its words are", why=both, weight=0.3 + gap)
    elif means["state"] < ENOUGH and gap <= -APART:
        yield NextStep(title="Put the words where people see them every day", why=both, weight=0.2 - gap)


def _of_contributions(summary: Summary, group: Group) -> Iterator[NextStep]:
    """What most contributions lack, of what they can lack."""
    for column in summary.columns:
        if column.kind != "contribute" or not group.means or group.means.get(column.id, 1.0) >= ENOUGH:
            continue
        shares = {
            lack: share
            for lack in LACKS
            if (share := share_of(group, column, *lack)) and share * group.answered >= summary.minimum
        }
        if shares:
            lack = max(shares, key=lambda one: shares[one])
            title, says = LACKS[lack]
            yield NextStep(title=title, why=f"{_percent(shares[lack])} {says}.", weight=0.2 + shares[lack] / 2)


def _of_orphans(summary: Summary, group: Group) -> Iterator[NextStep]:
    """A meaning point that nobody serves: the vision promises what is nobody's work."""
    seen = map_roles(summary, group)
    if seen and seen.orphans:
        point = min(seen.orphans, key=lambda one: seen.whole.shares[one])
        share = seen.whole.shares[point] / seen.placed
        yield NextStep(
            title=f"Ask who does something for “{seen.points[point]}”",
            why=f"Of the contributions that could be matched to a point, {_percent(share)} serve this one most.",
            point=point,
            weight=0.55,
        )


def _of_situations(summary: Summary, group: Group) -> Iterator[NextStep]:
    """The situation in which most people chose something else than the best."""
    found = []
    for one in summary.situations:
        chose = list(zip(group.situations.get(one.id, ()), one.options, strict=False))
        if chose:
            best = sum(share for share, (_, worth) in chose if worth == 1)
            other, text = max((share, text) for share, (text, worth) in chose if worth < 1)
            if other > best:
                found.append((other - best, best, other, one.title, text))
    if found:
        apart, best, other, title, text = max(found)
        yield NextStep(
            title=f"Talk through the situation “{title}”",
            why=f"{_percent(best)} chose what fits the vision best; {_percent(other)} chose “{text}”",
            weight=0.4 + apart,
        )


def _of_teams(summary: Summary, group: Group) -> Iterator[NextStep]:
    """The team that is clearly and most behind everybody in one question; to the one page that shows all teams."""
    if group.kind != "all" or group.means is None:
        return
    behind = []
    for team in summary.of_kind("team"):
        for column in summary.columns:
            if team.means is None or column.id not in team.spreads or column.id not in group.spreads:
                continue
            mine = (team.means[column.id], team.spreads[column.id], team.answered)
            all_ = (group.means[column.id], group.spreads[column.id], group.answered)
            low, _ = difference_interval(mine, all_)
            if low > 0 and all_[0] - mine[0] >= APART:
                behind.append((all_[0] - mine[0], team, column))
    if behind:
        gap, team, column = max(behind, key=lambda one: one[0])
        yield NextStep(
            title=f"Begin with {team.label.replace('/', ' / ')}",
            why=f"{column.label}: {_percent(group.means[column.id] - gap)} there, {_percent(group.means[column.id])} "
            "over all.",
            weight=0.4 + gap,
        )


def _of_answers(group: Group) -> Iterator[NextStep]:
    """Too few answers to trust the rest."""
    if group.answered < ANSWERED * group.asked:
        yield NextStep(
            title="Ask those who have not answered",
            why=f"Only {group.answered} of {group.asked} people did. The others may know more or less than these.",
            weight=0.5 + ANSWERED - group.answered / group.asked,
        )


def _percent(share: float) -> str:
    return f"{share:.0%}"
