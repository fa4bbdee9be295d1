"""What the model's opinion says of an answer, as signs from 0 to 1 that a scale can weigh.

The signs ``direct-0`` to ``direct-3`` are what an expert makes of the level (see `calibration.Scale`).
"""

from collections.abc import Mapping, Sequence

from visionquiz.grading.encoder import Opinion
from visionquiz.grading.rubric import contribute_levels, expected, explain_levels, state_levels

__all__ = ["sign_opinion"]


def sign_opinion(kind: str, opinion: Opinion, ideas: Sequence[Sequence[tuple[int, int]]] = ()) -> dict[str, float]:
    """The signs of an opinion: the level it reads off directly, and the level that the rubric makes of the parts.

    `ideas` are, for a recalled statement, the (start, end) of the words that carry each of its ideas.
    """
    parts: Mapping[str, Sequence[float]] = opinion.heads
    signs = {"direct": expected(parts[kind]) / 3}
    signs |= {f"direct-{level}": chance for level, chance in enumerate(parts[kind])}
    if kind == "state":
        said = ideas_said(opinion, ideas)
        # A statement of small words only has no ideas to count.
        signs["rubric"] = expected(state_levels(said)) / 3 if said else signs["direct"]
        signs["least-said"] = min((there + put for there, put, _, _ in said), default=0.0)
        signs["turned-idea"] = max((changed for *_, changed in said), default=0.0)
    elif kind == "explain":
        points = opinion.points
        signs["rubric"] = expected(explain_levels(points, parts["core"], parts["own_words"][0])) / 3
        signs["covered"] = sum(point[0] for point in points) / max(1, len(points))
        signs["core-right"], _, signs["core-wrong"], signs["core-missing"] = parts["core"]
        signs["contradicted"] = max((point[3] for point in points), default=0.0)
        signs["repeats"] = parts["own_words"][1]
    else:
        signs["rubric"] = expected(contribute_levels(parts)) / 3
        signs["against"] = parts["against"][1]
        signs["other-job"] = parts["fits_role"][1]
        signs["linked"] = parts["linked"][0]
        signs["seen"] = parts["concrete"][0]
        signs["mine"] = parts["personal"][0]
    return signs


def ideas_said(opinion: Opinion, ideas: Sequence[Sequence[tuple[int, int]]]) -> list[tuple[float, ...]]:
    """Per idea, the mean of its words' (there, paraphrased, missing, changed)."""
    by_start = {start: chances for start, _, chances in opinion.words}
    found = []
    for idea in ideas:
        rows = [by_start[start] for start, _ in idea if start in by_start]
        if rows:
            found.append(tuple(sum(column) / len(rows) for column in zip(*rows, strict=True)))
    return found
