"""Which answers a trainer should grade by hand first: those that teach most about the others."""

import math
from collections.abc import Sequence

__all__ = ["choose_to_grade"]


def choose_to_grade(signs: Sequence[Sequence[float]], doubts: Sequence[float], count: int) -> list[int]:
    """The places of at most `count` answers, the most doubtful first: one from each cluster of like answers.

    `signs` are equally long vectors, one per answer; `doubts` say how unsure each grade is. Clusters are made by
    farthest-first traversal (Gonzalez 1985), begun at the most doubtful answer: no cluster's answers lie more than
    twice as far from its centre as the best `count` clusters would have them. From each, the most doubtful is taken.
    """
    if not signs or count < 1:
        return []
    centres = [max(range(len(signs)), key=lambda place: (doubts[place], -place))]
    nearest = [0] * len(signs)
    distance = [math.dist(row, signs[centres[0]]) for row in signs]
    while len(centres) < min(count, len(signs)):
        far = max(range(len(signs)), key=lambda place: (distance[place], -place))
        if distance[far] == 0:
            break  # the rest are doubles
        centres.append(far)
        for place, row in enumerate(signs):
            if (apart := math.dist(row, signs[far])) < distance[place]:
                nearest[place], distance[place] = len(centres) - 1, apart
    best: dict[int, int] = {}
    for place, cluster in enumerate(nearest):
        if cluster not in best or doubts[place] > doubts[best[cluster]]:
            best[cluster] = place
    return sorted(best.values(), key=lambda place: (-doubts[place], place))
