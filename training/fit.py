"""Fit the scales: `python -m training.fit` weighs the signs on organisations that the network never saw (fold 1).

A proportional odds model (McCullagh 1980) by maximum likelihood with a ridge penalty: a few hundred answers carry a
dozen weights only if these stay small. The costs say how doubtful the most doubtful answers of these organisations are.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

import torch

from training.check_corpus import QUESTIONS, Organisation, Row, load_corpus
from training.examples import fold_of
from training.export import write_checksums
from visionquiz.grading import Answer
from visionquiz.grading.calibration import Scale, expected_cost
from visionquiz.grading.encoder import MODEL
from visionquiz.grading.free_text import sign_answers

RIDGE = 2.0
"""Strength of the penalty, in answers."""


def read_signs(organisations: Sequence[Organisation], question: str) -> Iterator[tuple[Row, Mapping[str, float]]]:
    """Each answer to a question in which something is said, and its signs."""
    for organisation in organisations:
        rows = [row for row in organisation.rows if row.question == question]
        asked = [Answer(id=row.id, kind=row.question, text=row.text, role=row.role) for row in rows]  # type: ignore[arg-type]
        for row, signs in zip(rows, sign_answers(asked, organisation.vision), strict=True):
            if signs:
                yield row, signs


def fit_scale(found: Sequence[tuple[Row, Mapping[str, float]]], names: Sequence[str] = ()) -> Scale:
    """The scale that makes these levels most likely, of the signs `names` (default: all)."""
    names = names or sorted(found[0][1])
    signs = torch.tensor([[row[name] for name in names] for _, row in found], dtype=torch.float64)
    levels = torch.tensor([row.level for row, _ in found])
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    # The first cut, and the logarithms of the steps to the next two, so that they stay in order.
    steps = torch.tensor([-1.0, 0.5, 0.5], dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([weights, steps], max_iter=500, line_search_fn="strong_wolfe", tolerance_grad=1e-8)

    def cuts() -> torch.Tensor:
        return torch.cat([steps[:1], steps[:1] + steps[1:].exp().cumsum(0)])

    def cost() -> torch.Tensor:
        solver.zero_grad()
        reached = torch.sigmoid((signs @ weights)[:, None] - cuts()[None, :])
        edges = torch.cat([torch.ones(len(found), 1), reached, torch.zeros(len(found), 1)], dim=1)
        chances = (edges[:, :-1] - edges[:, 1:]).gather(1, levels[:, None])
        total = -chances.clamp_min(1e-9).log().sum() + 0.5 * RIDGE * weights.square().sum() / 4
        total.backward()
        return total

    solver.step(cost)
    one, two, three = (round(cut, 4) for cut in cuts().tolist())
    plain = Scale(weights=dict(zip(names, weights.tolist(), strict=True)), cuts=(one, two, three), costs=())
    judged = [plain.judge(row) for _, row in found]
    costs = torch.tensor([expected_cost(levels, level) for level, levels in judged], dtype=torch.float64)
    share = torch.arange(1, 101, dtype=torch.float64) / 100
    return Scale(
        weights={name: round(weight, 4) for name, weight in plain.weights.items()},
        cuts=plain.cuts,
        costs=tuple(round(cost, 4) for cost in torch.quantile(costs, 1 - share).tolist()),
    )


def main() -> None:
    held = [one for one in load_corpus() if fold_of(one.id) == 1]
    scales = {}
    for question in QUESTIONS:
        found = list(read_signs(held, question))
        scale = fit_scale(found)
        scales[question] = {"weights": scale.weights, "cuts": scale.cuts, "costs": scale.costs}
        print(f"{question}: {len(found)} answers of {len(held)} organisations, cuts {scale.cuts}")
        for name, weight in sorted(scale.weights.items(), key=lambda item: -abs(item[1])):
            print(f"  {name:<14} {weight:+.2f}")
    (MODEL / "scales.json").write_text(json.dumps(scales, indent=1) + "\n", encoding="utf-8")
    write_checksums(MODEL)


if __name__ == "__main__":
    main()
