"""What more organisations bring: `python -m training.curve` (an hour on two cores).

The same network is trained anew for the same time on few and on many of the organisations (the smaller sets are parts
of the larger ones), and its own levels are compared with the labels on organisations that it never saw, of folds 0 and
1. Fewer organisations are seen more often in that time. It starts from MiniLM, which learns in minutes what takes the
shipped base hours; so it is the slope that counts, not the figures.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from training.base import BASES, base_folder
from training.check_corpus import QUESTIONS, Organisation, Row, load_corpus
from training.examples import TASKS, fold_of, make_group
from training.network import SIZES, Network
from training.train import run, tensors, train
from visionquiz.grading.encoder import HEADS, load_tokenizer
from visionquiz.stats import weighted_kappa

ORGANISATIONS = (17, 34, 69, 137)

CHUNK = 32


@torch.no_grad()
def kappas(weights: Path, base: str, organisations: Sequence[Organisation]) -> dict[str, float]:
    """Of each question, the quadratic weighted kappa of the levels that the network gives with the labels."""
    folder = base_folder(base)
    tokenizer = load_tokenizer(folder)
    network = Network(folder)
    network.load_state_dict(torch.load(weights))
    network.eval()
    given: dict[str, list[int]] = {question: [] for question in QUESTIONS}
    wanted: dict[str, list[int]] = {question: [] for question in QUESTIONS}
    for organisation in organisations:
        # An explanation does not hang on the role, a contribution does.
        by_reference: dict[tuple[str, str], list[Row]] = {}
        for row in organisation.rows:
            by_reference.setdefault((row.question, row.role if row.question == "contribute" else ""), []).append(row)
        for (question, _), rows in by_reference.items():
            rows.sort(key=lambda row: len(row.text))
            for start in range(0, len(rows), CHUNK):
                batch = tensors([make_group(rows[start : start + CHUNK], organisation.vision, organisation, tokenizer)])
                with torch.autocast("cpu", torch.bfloat16):
                    whole, _, _ = run(network, batch)
                levels = dict(zip(HEADS, whole.float().split(SIZES, dim=1), strict=True))[question]
                expected = levels.softmax(-1) @ torch.arange(4.0)
                given[question] += expected.round().int().tolist()
                wanted[question] += batch.whole[:, TASKS.index(question)].tolist()
    return {question: weighted_kappa(given[question], wanted[question]) for question in QUESTIONS}


def main() -> None:
    parser = argparse.ArgumentParser(description="What more organisations bring to the grader's network.")
    parser.add_argument("--minutes", type=float, default=12, help="how long each is trained")
    parser.add_argument("--base", choices=sorted(BASES), default="minilm")
    parser.add_argument("--out", type=Path, default=Path("build") / "curve")
    options = parser.parse_args()
    held = [one for one in load_corpus() if fold_of(one.id) <= 1]
    answers = {question: sum(row.question == question for one in held for row in one.rows) for question in QUESTIONS}
    print(f"on {len(held)} other organisations, answers: {answers}", flush=True)
    for count in ORGANISATIONS:
        weights = options.out / f"{count}"
        train(
            out=weights, epochs=1_000, rate=1e-4, size=32, seed=0, public=None, organisations=count,
            base=options.base, start=None, minutes=options.minutes, frozen=0,
        )  # fmt: skip
        found = kappas(weights, options.base, held)
        print(f"{count:>4}  " + "  ".join(f"{name} {figure:.3f}" for name, figure in found.items()), flush=True)


if __name__ == "__main__":
    main()
