"""Which role serves which meaning point, and what people chose in situations, as the manager sees them."""

from visionquiz.role_map import RoleMap, RoleRow
from visionquiz.summaries import Group, Situation, Summary
from visionquiz.views import charts
from visionquiz.views._chart_parts import percent, text

__all__ = ["draw_map", "draw_situations"]

WORTH = ("chose what fits best", "chose what fits in part", "chose what does not fit")


def draw_map(seen: RoleMap | None, whose: str) -> str:
    """Roles by meaning points with the share of people who serve each most; ``""`` where it is not known.

    `whose` names the people of the first row.
    """
    if seen is None or not seen.whole.shares:
        return ""
    orphans = [f"“{text(seen.points[point].rstrip('.'))}”" for point in seen.orphans]
    says = (
        "Which part of the vision each person’s contribution serves most. The grader can tell this only for good "
        f"contributions, here {percent(seen.placed)} of all; it is right about four times in five."
    )
    if orphans:
        says += f" Hardly anybody does something for {' or '.join(orphans)}."
    heads = "".join(f'<th scope="col">{text(label)}</th>' for label in seen.points.values())
    rows = _row(seen, seen.whole, whose) + "".join(
        _row(seen, role, role.label) for role in seen.roles if role.id != seen.whole.id
    )
    return (
        f'<h3 id="served">Who does something for which part</h3><p class="soft">{says}</p>'
        f'<table class="map" aria-labelledby="served"><thead><tr><th scope="col">People</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(seen: RoleMap, role: RoleRow, label: str) -> str:
    head = f'<tr data-map="{text(role.id)}"><th scope="row">{text(label)}</th>'
    if not role.shares:
        why = "hidden: too few answers, or it would give away others" if role.hidden else "not known yet"
        return f'{head}<td class="none" colspan="{len(seen.points)}">{why}</td></tr>'
    most = max(share for row in (seen.whole, *seen.roles) for share in row.shares.values()) or 1
    cells = "".join(
        f'<td class="share" style="--heat:{role.shares[point] / most:.3f}" data-label="{text(name)}" '
        f'data-point="{text(point)}"><span>{percent(role.shares[point])}</span></td>'
        for point, name in seen.points.items()
    )
    return f"{head}{cells}</tr>"


def draw_situations(summary: Summary, group: Group, since: str) -> str:
    """What people chose in each situation, the hardest first, with what each was about; a sentence where nothing may be
    told, ``""`` where the check has none. `since` says from when the figures are, where they were held back.
    """
    told = [one for one in summary.situations if one.id in group.situations]
    if not told:
        if not summary.situations:
            return ""
        others = [text(one.label.replace("/", " / ")) for one in summary.groups if one.situations]
        where = f" It is shown for: {', '.join(others)}." if others else ""
        return (
            "<h3>What people chose in situations</h3><p>Not shown for this group: different jobs meet different "
            f"situations, and somebody could work out what a few chose.{where}</p>"
        )
    told.sort(key=lambda one: _worths(one, group)[0])
    marks = [charts.Stack(label=one.title, shares=_worths(one, group)) for one in told]
    says = f"Least often right: “{told[0].title}”, {percent(_worths(told[0], group)[0])} chose what fits best."
    drawn = charts.stacks("What people chose in situations", WORTH, marks, says=says, rest="chose nothing")
    items = "".join(_situation(one, group) for one in told)
    return f"{drawn}{since}<details><summary>The situations, word by word</summary>{items}</details>"


def _worths(one: Situation, group: Group) -> list[float]:
    """Shares of the best options, of those that give some of the points, and of those that give none."""
    found = [0.0, 0.0, 0.0]
    for share, (_, worth) in zip(group.situations[one.id], one.options, strict=False):
        found[0 if worth == 1 else 1 if worth else 2] += share
    return [round(share, 4) for share in found]


def _situation(one: Situation, group: Group) -> str:
    items = "".join(
        f"<li>{percent(share)}: {text(words, longest=500)}{' (fits best)' if worth == 1 else ''}</li>"
        for share, (words, worth) in zip(group.situations[one.id], one.options, strict=False)
    )
    return (
        f"<h4>{text(one.title)}</h4><p>{text(one.situation, longest=1000)}</p>"
        f'<ul data-situation="{text(one.id)}">{items}</ul>'
    )
