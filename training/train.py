"""Train the network: `python -m training.train --out build/network` (about an hour on two cores).

Organisations of folds 0 and 1 (see `examples`) are not trained on. What is kept is a running mean of the weights, which
is steadier than the last ones (Polyak and Juditsky 1992).
"""

import argparse
import copy
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from training.check_corpus import load_corpus
from training.examples import NONE, TASKS, Example, fold_of, public_examples, varied_examples
from training.network import SIZES, Network, base_folder
from visionquiz.grading.encoder import HEADS

WEIGHTS = {"state": 1.0, "explain": 1.0, "contribute": 1.0, "core": 0.5, "own_words": 0.25, "public": 0.7}
"""What an error costs, by task; the parts of a contribution .4 each, points 1 and words .6."""

SMOOTHING = 0.05


def batches(examples: Sequence[Example], size: int, rng: random.Random | None) -> Iterator[list[Example]]:
    """Batches of examples of about one length, shuffled among themselves; in order of length without `rng`."""
    order = list(examples)
    if rng:
        rng.shuffle(order)
    stretch = size * 40 if rng else max(1, len(order))
    found = []
    for start in range(0, len(order), stretch):
        near = sorted(order[start : start + stretch], key=lambda one: len(one.ids))
        found += [near[at : at + size] for at in range(0, len(near), size)]
    if rng:
        rng.shuffle(found)
    return iter(found)


def tensors(batch: Sequence[Example]) -> tuple[torch.Tensor, ...]:
    """(ids, types, mask, whole labels, piece labels), padded to the longest."""
    longest = max(len(one.ids) for one in batch)
    ids, types, mask = (torch.zeros((len(batch), longest), dtype=torch.long) for _ in range(3))
    labels = torch.full((len(batch), longest), NONE)
    for row, one in enumerate(batch):
        length = len(one.ids)
        ids[row, :length], types[row, :length] = torch.tensor(one.ids), torch.tensor(one.types)
        mask[row, :length] = 1
        for place, label in one.pieces:
            labels[row, place] = label
    return ids, types, mask, torch.tensor([one.whole for one in batch]), labels


def loss_of(
    whole: torch.Tensor, pieces: torch.Tensor, public: torch.Tensor, wanted: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """Cross entropy of every judgement, and for levels half the squared distance of the expected level as well."""
    total = whole.new_zeros(())
    by_task = dict(zip(HEADS, whole.split(SIZES, dim=1), strict=True)) | {"public": public}
    for column, task in enumerate(TASKS):
        known = wanted[:, column] >= 0
        if not known.any():
            continue
        scores, label = by_task[task][known], wanted[known, column]
        cost = functional.cross_entropy(scores, label, label_smoothing=SMOOTHING)
        if task in ("state", "explain", "contribute"):
            expected = scores.softmax(-1) @ torch.arange(4.0)
            cost = cost + 0.5 * (expected - label).square().mean()
        total = total + WEIGHTS.get(task, 0.4) * known.float().mean() * cost
    for first, weight in ((0, 1.0), (4, 0.6)):
        known = (labels >= first) & (labels < first + 4)
        if known.any():
            scores = pieces[known][:, first : first + 4]
            cost = functional.cross_entropy(scores, labels[known] - first, label_smoothing=SMOOTHING)
            total = total + weight * known.any(1).float().mean() * cost
    return total


def train(
    *,
    out: Path,
    epochs: int,
    rate: float,
    size: int,
    seed: int,
    public: Path | None,
    organisations: int,
    base: str,
    start: Path | None,
) -> None:
    """Train on the corpus and write the weights to ``out``."""
    from tokenizers import Tokenizer

    folder = Path(base) if base else base_folder()
    # The optimiser's means of rare words sink to numbers so small that a processor takes ten times as long for them.
    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    learning = [one for one in load_corpus() if fold_of(one.id) > 1]
    rng.shuffle(learning)
    learning = learning[: organisations or None]
    others = public_examples(public, "train", tokenizer) if public else []
    network = Network(folder)
    if start:
        network.load_state_dict(torch.load(start))
    kept = copy.deepcopy(network).eval()
    heads = [value for name, value in network.named_parameters() if not name.startswith("encoder.")]
    groups = [
        {"params": list(network.encoder.parameters()), "lr": rate},
        {"params": heads, "lr": max(rate * 3, 3e-4)},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    count = sum(1 for _ in varied_examples(learning, tokenizer, random.Random(0))) + len(others)
    steps = epochs * math.ceil(count / size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
    )
    print(f"{len(learning)} organisations, {count} sequences, {steps} steps", flush=True)
    begun, step, lately = time.monotonic(), 0, 0.0
    for epoch in range(epochs):
        examples = [*varied_examples(learning, tokenizer, rng), *others]
        for batch in batches(examples, size, rng):
            ids, types, mask, wanted, labels = tensors(batch)
            with torch.autocast("cpu", torch.bfloat16):
                whole, pieces, side = network(ids, types, mask)
            loss = loss_of(whole.float(), pieces.float(), side.float(), wanted, labels)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            _average(kept, network, min(0.998, step / (step + 10)))
            lately = 0.98 * lately + 0.02 * loss.item()
            if step % 50 == 0:
                debiased = lately / (1 - 0.98**step)
                print(f"{step}/{steps}  loss {debiased:.3f}  {time.monotonic() - begun:.0f} s", flush=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        torch.save(kept.state_dict(), out)
        print(f"epoch {epoch + 1} of {epochs} in {out}", flush=True)


@torch.no_grad()
def _average(kept: nn.Module, network: nn.Module, decay: float) -> None:
    for old, new in zip(kept.parameters(), network.parameters(), strict=True):
        old.lerp_(new, 1 - decay)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the grader's network on the corpus.")
    parser.add_argument("--out", type=Path, required=True, help="where the weights are written")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate of the encoder")
    parser.add_argument("--size", type=int, default=32, help="sequences a step")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--public", type=Path, help="public short-answer data to learn from as well (JSON lines)")
    parser.add_argument("--organisations", type=int, default=0, help="learn from so many only (learning curve)")
    parser.add_argument("--base", default="", help="another folder of weights to start from")
    parser.add_argument("--start", type=Path, help="weights of an earlier run to go on from")
    train(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
