"""How far a trained network agrees with the labels: `python -m training.evaluate` on the organisations of fold 0.

`--data FILE --weights build/network` takes public short-answer data instead (one JSON object a line: `refs`, `answer`,
`split`, `label2`, `label3`) and prints the two-way accuracy of the pair model on `--split`.
"""

import argparse
import collections
from collections.abc import Iterable, Sequence
from pathlib import Path

from training.check_corpus import QUESTIONS, Organisation, Row, load_corpus
from training.examples import fold_of, ideas_of_words
from visionquiz.grading import Answer, Grade, grade_answers
from visionquiz.grading.encoder import load_encoder
from visionquiz.stats import calibration_error, weighted_kappa, wilson_interval


def figures(rows: Sequence[Row], grades: Sequence[Grade]) -> dict[str, str]:
    """The figures of one question, by name, as printed."""
    levels = [grade.level or 0 for grade in grades]
    wanted = [row.level for row in rows]
    pairs = list(zip(levels, wanted, grades, strict=True))
    kept = [(level, right) for level, right, grade in pairs if not grade.review]
    by_length = sorted(range(len(rows)), key=lambda place: len(rows[place].text.split()))
    lengths = [0] * len(rows)
    for place, level in zip(by_length, sorted(wanted), strict=True):
        lengths[place] = level
    sure = [(grade.confidence, level == right) for level, right, grade in pairs]
    return {
        "n": str(len(rows)),
        "QWK": f"{weighted_kappa(levels, wanted):.3f}",
        "QWK of word count": f"{weighted_kappa(lengths, wanted):.3f}",
        "exact": f"{sum(level == right for level, right, _ in pairs) / len(pairs):.1%}",
        "worthless given 2 or 3": _share([level >= 2 for level, right, _ in pairs if right == 0]),
        "full given 0 or 1": _share([level <= 1 for level, right, _ in pairs if right == 3]),
        "to a person for doubt": _share([grade.doubt for grade in grades]),
        "to a person for a guard": _share([bool(grade.guards) for grade in grades]),
        "QWK of what is kept": f"{weighted_kappa(*zip(*kept, strict=True)):.3f} (n {len(kept)})" if kept else "-",
        "kept, two levels off": str(sum(abs(level - right) > 1 for level, right in kept)),
        "calibration error": f"{calibration_error(*zip(*sure, strict=True)):.3f}",
    }


def _share(hits: Sequence[bool]) -> str:
    if not hits:
        return "-"
    low, high = wilson_interval(sum(hits), len(hits))
    return f"{sum(hits) / len(hits):.1%} ({low:.1%} to {high:.1%})"


def grade_rows(folds: Iterable[int]) -> list[tuple[Row, Grade, str]]:
    """Every answer of the organisations in these folds, its grade and its organisation."""
    found = []
    for organisation in load_corpus():
        if fold_of(organisation.id) in folds:
            asked = [
                Answer(id=row.id, kind=row.question, text=row.text, role=row.role)  # type: ignore[arg-type]
                for row in organisation.rows
            ]
            grades = grade_answers(asked, organisation.vision)
            found += [(row, grade, organisation.id) for row, grade in zip(organisation.rows, grades, strict=True)]
    return found


def parts_told_apart(organisation: Organisation, question: str) -> list[float]:
    """Of every two parts of one answer, one said and one not: 1 where the model hears the first more, 0 where less.

    Only this shows that the model reads the parts: how good an answer is on the whole raises them all.
    """
    rows = [row for row in organisation.rows if row.question == question and row.text.strip()]
    asked = [Answer(id=row.id, kind=question, text=row.text, role=row.role) for row in rows]  # type: ignore[arg-type]
    ideas = ideas_of_words(organisation.vision.statement, organisation.ideas)
    found = []
    for row, opinion in zip(rows, load_encoder().read(asked, organisation.vision), strict=True):
        heard: dict[bool, list[float]] = {True: [], False: []}
        for point, chances in zip(organisation.vision.meaning, opinion.points, strict=False):
            heard[row.parts[point.id] == "covered"].append(chances[0])
        for start, _, (there, put, *_) in opinion.words:
            if start in ideas:
                heard[row.parts[ideas[start]] in ("there", "paraphrased")].append(there + put)
        found += [(one > other) + (one == other) / 2 for one in heard[True] for other in heard[False]]
    return found


def print_corpus() -> None:
    """The figures by question, by kind of answer and by organisation."""
    held = [one for one in load_corpus() if fold_of(one.id) == 0]
    for question, parts in (("explain", "meaning points"), ("state", "words of the statement")):
        apart = [hit for one in held for hit in parts_told_apart(one, question)]
        print(f"{parts}, said and not said, told apart within an answer: {sum(apart) / len(apart):.1%} of {len(apart)}")
    found = grade_rows({0})
    for question in QUESTIONS:
        part = [(row, grade) for row, grade, _ in found if row.question == question]
        print(f"\n{question}")
        for name, figure in figures(*zip(*part, strict=True)).items():
            print(f"  {name:<26} {figure}")
    for title, key in (("kind", lambda row, _: row.kind), ("organisation", lambda _, name: name)):
        groups: dict[str, list[tuple[int, int]]] = collections.defaultdict(list)
        for row, grade, name in found:
            groups[key(row, name)].append((grade.level or 0, row.level))
        print(f"\nby {title}: n, mean error, two levels off")
        for name, pairs in sorted(groups.items(), key=lambda item: -len(item[1])):
            if len(pairs) >= 20:
                error = sum(abs(one - other) for one, other in pairs) / len(pairs)
                print(f"  {name:<30} {len(pairs):>4}  {error:.2f}  {sum(abs(a - b) > 1 for a, b in pairs)}")


def print_public(path: Path, split: str, weights: Path, base: str) -> None:
    """The two-way accuracy of the pair model on public data."""
    import torch

    from training.base import base_folder
    from training.examples import TASKS, public_groups
    from training.network import Network
    from training.train import batches, run, tensors
    from visionquiz.grading.encoder import load_tokenizer

    folder = base_folder(base)
    tokenizer = load_tokenizer(folder)
    network = Network(folder)
    network.load_state_dict(torch.load(weights))
    network.eval()
    hits = []
    with torch.no_grad():
        for batch in batches(public_groups(path, split, tokenizer), 64, None):
            held = tensors(batch)
            _, _, public = run(network, held)
            right = public.softmax(-1)[:, 0] > 0.5
            hits += ((held.whole[:, TASKS.index("public")] == 0) == right).tolist()
    print(f"{path.name}, {split}: two-way accuracy {_share(hits)}, n {len(hits)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Agreement of the trained grader with the corpus, or public data.")
    parser.add_argument("--data", type=Path, help="public short-answer data (JSON lines)")
    parser.add_argument("--split", default="UA")
    parser.add_argument("--weights", type=Path, help="what training.train wrote; needed for --data")
    parser.add_argument("--base", default="mpnet", help="the encoder that the weights started from")
    options = parser.parse_args()
    if options.data:
        print_public(options.data, options.split, options.weights, options.base)
    else:
        print_corpus()


if __name__ == "__main__":
    main()
