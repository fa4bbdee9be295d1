"""How well the grader tells which meaning point a contribution serves most: `python -m training.sight`.

``line_of_sight.csv`` holds contributions of level 2 or 3 of the corpus, with the point that each serves most and a
second one where it truly serves two; none where it serves none. Labelled within the project, by one reader, who saw
the vision and the answer and nothing that a model said of them. The organisations of fold 0 (160 answers) chose how
it is told; those of fold 1 (112) were labelled afterwards and only report. Neither trained the network.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.check_corpus import load_corpus
from training.examples import fold_of
from visionquiz.grading import Answer, grade_answers
from visionquiz.grading.encoder import load_encoder
from visionquiz.grading.guards import without_talk
from visionquiz.parts import SERVES
from visionquiz.stats import wilson_interval
from visionquiz.text import content, likeness, words
from visionquiz.vision import MeaningPoint

LABELS = Path(__file__).parent / "line_of_sight.csv"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A labelled contribution, and what was told of it."""

    organisation: str
    labels: tuple[str, ...]
    points: tuple[str, ...]
    """Every point's id."""
    nearest: str
    """The point that its words come nearest to, whether it counts or not."""
    shared: str
    """The point that it shares most words with: what could be told without a model."""
    served: str | None
    """The point that it is said to serve; `""` where none, None where it does not count (its level, or a guard)."""
    chance: float


def read_labels(path: Path = LABELS) -> dict[str, tuple[str, ...]]:
    """The points that each labelled contribution serves, the most served one first."""
    with open(path, newline="", encoding="utf-8") as file:
        return {row["id"]: tuple(filter(None, (row["point"], row["second"]))) for row in csv.DictReader(file)}


def see_rows(fold: int, labels: Mapping[str, tuple[str, ...]]) -> list[Seen]:
    """What is told of the labelled contributions of a fold."""
    found = []
    for one in load_corpus():
        rows = [row for row in one.rows if row.id in labels] if fold_of(one.id) == fold else []
        asked = [Answer(id=row.id, kind="contribute", text=without_talk(row.text), role=row.role) for row in rows]
        points = tuple(point.id for point in one.vision.meaning)
        read = zip(rows, grade_answers(asked, one.vision), load_encoder().read(asked, one.vision), strict=True)
        for row, grade, opinion in read:
            told = {part.part: part for part in grade.judgements if part.part.startswith(SERVES)}
            served = [part for part in told.values() if part.verdict == "yes"]
            near = opinion.near or (0.0,) * len(points)
            found.append(
                Seen(
                    organisation=one.id,
                    labels=labels[row.id],
                    points=points,
                    nearest=points[max(range(len(points)), key=near.__getitem__)],
                    shared=_most_shared(row.text, one.vision.meaning),
                    served=None if (grade.level or 0) < 2 or grade.guards else _id(served[0].part) if served else "",
                    chance=served[0].chance if served else 0.0,
                )
            )
    return found


def _id(part: str) -> str:
    return part.removeprefix(SERVES)


def _most_shared(text: str, points: Sequence[MeaningPoint]) -> str:
    said = {word.stem for word in content(words(text))}
    counts = {}
    for point in points:
        bag = {word.stem for word in content(words(f"{point.id.replace('-', ' ')}. {point.text}"))}
        counts[point.id] = sum(any(likeness(one, other) >= 0.9 for other in bag) for one in said) / len(bag) ** 0.5
    return max(counts, key=lambda ident: counts[ident])


def print_figures(rows: Sequence[Seen]) -> None:
    """Right of all that serve a point, right of what is told, and how far the shares of points are off."""
    labelled = [row for row in rows if row.labels]
    firsts = defaultdict[str, list[str]](list)
    for row in labelled:
        firsts[row.organisation].append(row.labels[0])
    likeliest = {name: max(found, key=found.count) for name, found in firsts.items()}
    print(f"{len(rows)} contributions, {len(labelled)} serve a point, {sum(len(r.labels) == 2 for r in rows)} two")
    for name, guessed in (
        ("nearest words", [row.nearest for row in labelled]),
        ("most shared words", [row.shared for row in labelled]),
        ("the organisation's likeliest point, known from the labels", [likeliest[r.organisation] for r in labelled]),
    ):
        print(f"  {name}: {_share([one in row.labels for one, row in zip(guessed, labelled, strict=True)])}")
    counted = [row for row in rows if row.served is not None]
    told = [row for row in counted if row.served]
    right = [row.served in row.labels for row in told]
    sure = sum(row.chance for row in told) / len(told)
    print(f"  told: {_share(right)} right, of {len(told)} of the {len(counted)} that count; mean chance {sure:.2f}")
    shares = _shares(counted)
    mean = sum(one for one, _ in shares) / len(shares)
    off = sum(abs(one - other) for one, other in shares) / len(shares)
    flat = sum(abs(one - mean) for one, _ in shares) / len(shares)
    print(f"  share of a point in an organisation: {off:.3f} off on the mean; {flat:.3f} if all were held equal")
    orphans = [one == 0 for one, other in shares if other == 0]
    print(f"  points that nobody is said to serve: {len(orphans)}, of which nobody serves {sum(orphans)}")


def _shares(rows: Sequence[Seen]) -> list[tuple[float, float]]:
    """Per organisation and point, the share of contributions that serve it by the labels, and as told."""
    by_name = defaultdict[str, list[Seen]](list)
    for row in rows:
        by_name[row.organisation].append(row)
    return [
        (sum(point in row.labels for row in own) / len(own), sum(point == row.served for row in own) / len(own))
        for own in by_name.values()
        for point in own[0].points
    ]


def _share(hits: Sequence[bool]) -> str:
    low, high = wilson_interval(sum(hits), len(hits))
    return f"{sum(hits) / len(hits):.1%} ({low:.1%} to {high:.1%}, n {len(hits)})"


def main() -> None:
    labels = read_labels()
    for fold, title in ((0, "fold 0, on which it was chosen"), (1, "fold 1, which only reports")):
        print(title)
        print_figures(see_rows(fold, labels))


if __name__ == "__main__":
    main()
