"""Fit the scales: `python -m training.fit` weighs the signs on organisations that the network never saw (fold 1).

A proportional odds model (McCullagh 1980) times what the experts say, by maximum likelihood with a ridge penalty: a few
hundred answers carry a dozen weights only if these stay small. The costs say how doubtful the most doubtful answers of
these organisations are.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import torch
from torch.nn import functional

from training.check_corpus import QUESTIONS, Organisation, Row, load_corpus
from training.examples import fold_of
from training.export import write_checksums
from visionquiz.grading import Answer
from visionquiz.grading.calibration import LEAST_CHANCE, Scale, expected_cost
from visionquiz.grading.encoder import MODEL
from visionquiz.grading.free_text import sign_answers

EXPERTS = ("direct",)
"""What judges the level itself: the model at once. The rubric's arithmetic from the parts was tried as a second one and
added nothing to what its expected level says as a sign."""

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


def fit_scale(found: Sequence[tuple[Row, Mapping[str, float]]], experts: Sequence[str] = EXPERTS) -> Scale:
    """The scale that makes these levels most likely, with these experts beside it."""
    names = sorted(name for name in found[0][1] if not re.search("-[0-3]$", name))
    signs = torch.tensor([[row[name] for name in names] for _, row in found], dtype=torch.float64)
    told = torch.tensor(
        [[[row[f"{name}-{level}"] for level in range(4)] for name in experts] for _, row in found], dtype=torch.float64
    ).view(len(found), len(experts), 4)
    levels = torch.tensor([row.level for row, _ in found])
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    trust = torch.zeros(len(experts), dtype=torch.float64, requires_grad=True)
    # The first cut, and the logarithms of the steps to the next two, so that they stay in order.
    steps = torch.tensor([-1.0, 0.5, 0.5], dtype=torch.float64, requires_grad=True)
    wanted = [weights, steps, trust]
    solver = torch.optim.LBFGS(wanted, max_iter=500, line_search_fn="strong_wolfe", tolerance_grad=1e-8)

    def cuts() -> torch.Tensor:
        return torch.cat([steps[:1], steps[:1] + steps[1:].exp().cumsum(0)])

    def cost() -> torch.Tensor:
        solver.zero_grad()
        reached = torch.sigmoid((signs @ weights)[:, None] - cuts()[None, :])
        edges = torch.cat([torch.ones(len(found), 1), reached, torch.zeros(len(found), 1)], dim=1)
        scores = (edges[:, :-1] - edges[:, 1:]).clamp_min(1e-9).log()
        scores = scores + (trust[None, :, None] * told.clamp_min(LEAST_CHANCE).log()).sum(1)
        total = functional.cross_entropy(scores, levels, reduction="sum")
        total = total + RIDGE * (weights.square().sum() / 8 + trust.square().sum() / 2)
        total.backward()
        return total

    solver.step(cost)
    one, two, three = (round(cut, 4) for cut in cuts().tolist())
    plain = Scale(
        weights={name: round(weight, 4) for name, weight in zip(names, weights.tolist(), strict=True)},
        cuts=(one, two, three),
        costs=(),
        trust={name: round(power, 4) for name, power in zip(experts, trust.tolist(), strict=True)},
    )
    judged = [plain.judge(row) for _, row in found]
    costs = torch.tensor([expected_cost(levels, level) for level, levels in judged], dtype=torch.float64)
    share = torch.arange(1, 101, dtype=torch.float64) / 100
    return replace(plain, costs=tuple(round(cost, 4) for cost in torch.quantile(costs, 1 - share).tolist()))


def main() -> None:
    held = [one for one in load_corpus() if fold_of(one.id) == 1]
    scales = {}
    for question in QUESTIONS:
        found = list(read_signs(held, question))
        scale = fit_scale(found)
        scales[question] = {"weights": scale.weights, "cuts": scale.cuts, "trust": scale.trust, "costs": scale.costs}
        print(f"{question}: {len(found)} answers of {len(held)} organisations, cuts {scale.cuts}, trust {scale.trust}")
        for name, weight in sorted(scale.weights.items(), key=lambda item: -abs(item[1])):
            print(f"  {name:<14} {weight:+.2f}")
    (MODEL / "scales.json").write_text(json.dumps(scales, indent=1) + "\n", encoding="utf-8")
    write_checksums(MODEL)


if __name__ == "__main__":
    main()
