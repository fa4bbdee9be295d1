"""Train the network: `python -m training.train --out build/network` (three hours on two cores).

Organisations of folds 0 and 1 (see `examples`) are not trained on. What is kept is a running mean of the weights, which
is steadier than the last ones (Polyak and Juditsky 1992).
"""

import argparse
import copy
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from training.base import BASES, base_folder
from training.check_corpus import load_corpus
from training.examples import NONE, TASKS, Example, Group, fold_of, public_groups, varied_groups
from training.network import HEAD_NAMES, SIZES, Network
from visionquiz.grading.encoder import HEADS, load_tokenizer

WEIGHTS = {"state": 1.0, "explain": 1.0, "contribute": 1.0, "core": 0.5, "own_words": 0.25, "public": 0.7}
"""What an error costs, by task; the parts of a contribution .4 each, points 1.5 and words 1."""

TWINS = 1.0
"""What the squared error of the difference between two twins' expected levels costs."""

SMOOTHING = 0.05

RISE = 100
"""The rate rises to its highest within so many steps."""

WELL_KNOWN, REST = 0.75, 0.6
"""An answer whose labels get this probability on average rests in the next epoch, with this probability."""


def batches(groups: Sequence[Group], size: int, rng: random.Random | None) -> Iterator[list[Group]]:
    """About `size` answers each, with references and answers of about one length; in any order with `rng`."""
    order = sorted(
        groups, key=lambda group: (len(group.reference.ids) // 64, max(len(one.ids) for one in group.examples))
    )
    found: list[list[Group]] = [[]]
    for group in order:
        if sum(len(one.examples) for one in found[-1]) + len(group.examples) > size and found[-1]:
            found.append([])
        found[-1].append(group)
    if rng:
        rng.shuffle(found)
    return iter(found)


@dataclass(frozen=True)
class Batch:
    """A batch as tensors; references and answers are each padded to the longest."""

    references: torch.Tensor
    """Their pieces."""
    reference_places: torch.Tensor
    reference_seen: torch.Tensor
    pool: torch.Tensor
    """(references, marks, pieces): what share of each mark a piece of the reference is."""
    ids: torch.Tensor
    """The answers' pieces."""
    places: torch.Tensor
    """Places of the pieces of each answer's reference and then its own."""
    seen: torch.Tensor
    """Where there is text: in each answer's reference and then in the answer."""
    owner: torch.Tensor
    """Which reference each answer is read beside."""
    whole: torch.Tensor
    marks: torch.Tensor
    """(answers, marks): the label of each mark, or NONE."""
    rows: tuple[str, ...]
    """The answers' ids, "" where an answer stands beside a reference that is not its own."""
    twins: torch.Tensor
    """(pairs, 2): which answers are twins of each other (see `Example.twin`), each pair once."""


def tensors(batch: Sequence[Group]) -> Batch:
    """The batch as the network takes it."""
    references, reference_places, reference_length = _padded([group.reference.ids for group in batch])
    examples = [(number, one) for number, group in enumerate(batch) for one in group.examples]
    owner = torch.tensor([number for number, _ in examples])
    ids, _, length = _padded([one.ids for _, one in examples])
    places, _, _ = _padded([one.places for _, one in examples])
    most = max(1, *(len(group.reference.marks) for group in batch))
    pool = torch.zeros(len(batch), most, references.shape[1])
    for number, group in enumerate(batch):
        for mark, (first, last) in enumerate(group.reference.marks):
            pool[number, mark, first:last] = 1 / (last - first)
    marks = torch.full((len(examples), most), NONE)
    for row, (_, one) in enumerate(examples):
        marks[row, : len(one.marks)] = torch.tensor(one.marks, dtype=torch.long)
    return Batch(
        references=references,
        reference_places=reference_places,
        reference_seen=reference_length,
        pool=pool,
        ids=ids,
        places=torch.cat([reference_places[owner], places], dim=1),
        seen=torch.cat([reference_length[owner], length], dim=1),
        owner=owner,
        whole=torch.tensor([one.whole for _, one in examples]),
        marks=marks,
        rows=tuple(one.row for _, one in examples),
        twins=_twins(examples),
    )


def _twins(examples: Sequence[tuple[int, Example]]) -> torch.Tensor:
    places = {(group, one.row): place for place, (group, one) in enumerate(examples) if one.row}
    pairs = {
        tuple(sorted((place, places[group, one.twin])))
        for place, (group, one) in enumerate(examples)
        if (group, one.twin) in places
    }
    return torch.tensor(sorted(pairs), dtype=torch.long).view(-1, 2)


def _padded(rows: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(rows padded to the longest, 0 1 2 .. for each, whether there is text)."""
    longest = max(map(len, rows))
    found = torch.zeros((len(rows), longest), dtype=torch.long)
    seen = torch.zeros((len(rows), longest), dtype=torch.bool)
    for row, one in enumerate(rows):
        found[row, : len(one)] = torch.tensor(one)
        seen[row, : len(one)] = True
    return found, torch.arange(longest).expand(len(rows), -1), seen


def run(network: Network, batch: Batch) -> tuple[torch.Tensor, ...]:
    """(whole, pieces, public) scores of each answer of the batch."""
    nothing = network.nothing(len(batch.references))
    known, _, past = network.read(batch.references, batch.reference_places, nothing, batch.reference_seen)
    past = [layer[:, batch.owner] for layer in past]
    middle, found, _ = network.read(batch.ids, batch.places, past, batch.seen)
    marks = torch.bmm(batch.pool.to(known.dtype), known)[batch.owner]
    return network.judge(middle, found, marks, batch.seen[:, -found.shape[1] :])


@torch.no_grad()
def settle(network: Network, some: Sequence[Batch]) -> None:
    """Tell the network how its pieces lie half-way up, from some batches."""
    rows = []
    for batch in some:
        nothing = network.nothing(len(batch.references))
        middle, _, _ = network.read(batch.references, batch.reference_places, nothing, batch.reference_seen)
        rows.append(middle[batch.reference_seen])
    network.compare.settle(torch.cat(rows))


def loss_of(whole: torch.Tensor, pieces: torch.Tensor, public: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Cross entropy of every judgement, and for levels half the squared distance of the expected level as well.

    Twins, which share most of their words, have to be as far apart as their labels are: what they share must not
    decide.
    """
    wanted, labels = batch.whole, batch.marks
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
            total = total + _cost_of_twins(by_task[task], wanted[:, column], batch.twins)
        total = total + WEIGHTS.get(task, 0.4) * known.float().mean() * cost
    for first, weight in ((0, 1.5), (4, 1.0)):
        known = (labels >= first) & (labels < first + 4)
        if known.any():
            scores = pieces[known][:, first : first + 4]
            cost = functional.cross_entropy(scores, labels[known] - first, label_smoothing=SMOOTHING)
            total = total + weight * known.any(1).float().mean() * cost
    return total


def _cost_of_twins(scores: torch.Tensor, wanted: torch.Tensor, twins: torch.Tensor) -> torch.Tensor:
    twins = twins[(wanted[twins] >= 0).all(1)]
    if not len(twins):
        return scores.new_zeros(())
    expected = scores.softmax(-1) @ torch.arange(4.0)
    first, second = twins.T
    apart = (expected[first] - expected[second]) - (wanted[first] - wanted[second])
    return TWINS * len(twins) / len(wanted) * apart.square().mean()


@torch.no_grad()
def how_well_known(whole: torch.Tensor, pieces: torch.Tensor, batch: Batch) -> dict[str, float]:
    """Per answer beside its own reference, half the probability of its level and half the mean one of its marks."""
    found = {}
    levels = whole.split(SIZES, dim=1)
    for place, row in enumerate(batch.rows):
        if row:
            task = next(task for task in range(3) if batch.whole[place, task] >= 0)
            level = levels[task][place].softmax(-1)[batch.whole[place, task]].item()
            judged = batch.marks[place] >= 0
            label = batch.marks[place, judged]
            columns = pieces[place, judged].view(-1, 2, 4).softmax(-1)[torch.arange(len(label)), label // 4]
            marks = columns.gather(1, label[:, None] % 4).mean().item() if len(label) else level
            found[row] = (level + marks) / 2
    return found


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
    minutes: float,
    frozen: int,
) -> None:
    """Train on the corpus and write the weights to ``out``."""
    folder = base_folder(base)
    # The optimiser's means of rare words sink to numbers so small that a processor takes ten times as long for them.
    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    tokenizer = load_tokenizer(folder)
    learning = [one for one in load_corpus() if fold_of(one.id) > 1]
    rng.shuffle(learning)
    learning = learning[: organisations or None]
    others = public_groups(public, "train", tokenizer) if public else []
    network = Network(folder)
    groups_now = [*varied_groups(learning, tokenizer, random.Random(0), strangers=0)]
    settle(network, [tensors(batch) for batch in list(batches(groups_now, size, rng))[:8]])
    if start:
        network.load_state_dict(torch.load(start))
    network.freeze(frozen)
    kept = copy.deepcopy(network).eval()
    heads = [value for name, value in network.named_parameters() if name.startswith(HEAD_NAMES)]
    known = [value for name, value in network.named_parameters() if not name.startswith(HEAD_NAMES)]
    groups = [
        {"params": [value for value in known if value.requires_grad], "lr": rate},
        {"params": heads, "lr": max(rate * 3, 4e-4)},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    count = sum(len(one.rows) for one in learning)
    print(f"{len(learning)} organisations, {count} answers", flush=True)
    begun, step, lately, done = time.monotonic(), 0, 0.0, 0.0

    def pace(at: int) -> float:
        """The share of the highest rate: it rises at first and sinks to nothing as epochs or minutes run out."""
        spent = max(done, (time.monotonic() - begun) / 60 / minutes if minutes else 0.0)
        return min(1.0, (at + 1) / RISE) * max(0.02, 1 - spent)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, pace)
    well = dict[str, float]()
    for epoch in range(epochs):
        resting = {row for row, chance in well.items() if chance > WELL_KNOWN and rng.random() < REST}
        groups_now = [*varied_groups(learning, tokenizer, rng, resting=resting), *others]
        steps = list(batches(groups_now, size, rng))
        for number, batch in enumerate(steps, 1):
            held = tensors(batch)
            with torch.autocast("cpu", torch.bfloat16):
                whole, pieces, side = run(network, held)
            well |= how_well_known(whole.float(), pieces.float(), held)
            loss = loss_of(whole.float(), pieces.float(), side.float(), held)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            done = (epoch + number / len(steps)) / epochs
            schedule.step()
            step += 1
            _average(kept, network, min(0.997, step / (step + 10)))
            lately = 0.98 * lately + 0.02 * loss.item()
            if step % 25 == 0:
                debiased = lately / (1 - 0.98**step)
                at = f"epoch {epoch + 1}, {number} of {len(steps)}"
                print(f"{at}  loss {debiased:.3f}  {time.monotonic() - begun:.0f} s", flush=True)
            if step % 100 == 0 or (minutes and time.monotonic() - begun > minutes * 60):
                out.parent.mkdir(parents=True, exist_ok=True)
                torch.save(kept.state_dict(), out)
            if minutes and time.monotonic() - begun > minutes * 60:
                print(f"{minutes} minutes are over, weights in {out}", flush=True)
                return
        out.parent.mkdir(parents=True, exist_ok=True)
        torch.save(kept.state_dict(), out)
        easy = sum(chance > WELL_KNOWN for chance in well.values())
        print(f"epoch {epoch + 1} of {epochs} in {out}, {easy} of {len(well)} answers well known", flush=True)


@torch.no_grad()
def _average(kept: nn.Module, network: nn.Module, decay: float) -> None:
    for old, new in zip(kept.parameters(), network.parameters(), strict=True):
        old.lerp_(new, 1 - decay)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the grader's network on the corpus.")
    parser.add_argument("--out", type=Path, required=True, help="where the weights are written")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=5e-5, help="highest learning rate of the encoder")
    parser.add_argument("--size", type=int, default=32, help="answers a step")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--public", type=Path, help="public short-answer data to learn from as well (JSON lines)")
    parser.add_argument("--organisations", type=int, default=0, help="learn from so many only (learning curve)")
    parser.add_argument("--base", choices=sorted(BASES), default="mpnet", help="the encoder to start from")
    parser.add_argument("--minutes", type=float, default=0, help="stop after so many, the rate sunk to nothing by then")
    parser.add_argument("--frozen", type=int, default=4, help="leave so many of the lowest layers as they are")
    parser.add_argument("--start", type=Path, help="weights of an earlier run to go on from")
    train(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
