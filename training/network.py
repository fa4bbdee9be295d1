"""The network: a sentence encoder that reads a reference once and answers beside it, with a linear head per judgement.

An answer's pieces see the reference, the reference never sees an answer (Schlatt, Fröbe and Hagen 2024 found that this
costs a cross-encoder nothing). So what was made of the reference is kept and serves every answer: a quarter of the
work, in training as in grading. The layers are written out here, because the encoders' own code cannot be handed what
was read before.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

from training.examples import PUBLIC
from visionquiz.grading.encoder import HEADS

SIZES = [len(labels) for labels in HEADS.values()]

HEAD_NAMES = ("mix.", "whole.", "public.", "compare.")
"""What the network has beyond its base."""

PLACES = 512
"""Pieces that a base can tell apart by their place."""


class Layer(nn.Module):
    """One layer: every piece looks at what was read before and at its own text, then thinks."""

    def __init__(self, size: int, heads: int, inner: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(size, size) for _ in range(4))
        self.inner, self.outer = nn.Linear(size, inner), nn.Linear(inner, size)
        self.norm_seen, self.norm = nn.LayerNorm(size, epsilon), nn.LayerNorm(size, epsilon)
        self.drop = nn.Dropout(0.1)

    def forward(
        self, found: torch.Tensor, bias: torch.Tensor, past: torch.Tensor, text: "Text"
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """(the pieces, their keys and values); `past` is (2, texts, heads, pieces, size) of what was read before."""

        def split(part: torch.Tensor) -> torch.Tensor:
            laid = text.lay(part)
            return laid.view(*laid.shape[:2], self.heads, -1).transpose(1, 2)

        own = torch.stack([split(self.key(found)), split(self.value(found))])
        keys, values = torch.cat([past, own], dim=3)
        seen = functional.scaled_dot_product_attention(split(self.query(found)), keys, values, attn_mask=bias)
        found = self.norm_seen(found + self.out(text.pick(seen.transpose(1, 2).flatten(2))))
        return self.norm(found + self.drop(self.outer(functional.gelu(self.inner(found))))), own


@dataclass(frozen=True)
class Text:
    """Where the pieces of several texts stand: one after another for the arithmetic, and one text a row to look."""

    rows: int
    length: int
    """Of the longest."""
    places: torch.Tensor | None = None
    """Of each piece, its place among the padded rows; None where nothing is padded."""

    def lay(self, found: torch.Tensor) -> torch.Tensor:
        """(rows, length, size): one text a row, padded with nought."""
        if self.places is None:
            return found
        laid = found.new_zeros(self.rows * self.length, found.shape[1])
        return laid.index_copy(0, self.places, found).view(self.rows, self.length, -1)

    def pick(self, laid: torch.Tensor) -> torch.Tensor:
        """The reverse: (pieces, size); what is not padded stays as it is."""
        return laid if self.places is None else laid.reshape(-1, laid.shape[2])[self.places]


class Compare(nn.Module):
    """What an answer says of each mark: looks for it among the answer's pieces, then compares what it found.

    It looks half-way up, where words near in meaning are still near each other; further up all that is left is how
    good the answer is. What the pieces it found have become at the top is compared as well. Product and difference are
    what comparing sentence vectors does well with (Conneau and others 2017).
    """

    def __init__(self, size: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.mean, self.spread = nn.Parameter(torch.zeros(size)), nn.Parameter(torch.ones(size))
        self.query, self.key, self.value, self.top = (nn.Linear(size, size) for _ in range(4))
        for one in (self.query, self.key, self.value, self.top):
            # At first it looks for what is most alike.
            nn.init.eye_(one.weight)
            nn.init.zeros_(one.bias)
        self.norm = nn.LayerNorm(size, epsilon)
        self.inner, self.pieces = nn.Linear(4 * size, size), nn.Linear(size, 8)
        self.drop = nn.Dropout(0.1)

    @torch.no_grad()
    def settle(self, pieces: torch.Tensor) -> None:
        """Take the mean and spread of each feature from these (pieces, size): a few loud ones would drown the rest."""
        self.mean.copy_(pieces.mean(0))
        self.spread.copy_(pieces.std(0))

    def forward(
        self, marks: torch.Tensor, middle: torch.Tensor, found: torch.Tensor, seen: torch.Tensor | None
    ) -> torch.Tensor:
        """(answers, marks, 8): four scores of a meaning point, then four of a word of the statement."""

        def split(part: torch.Tensor) -> torch.Tensor:
            return part.view(*part.shape[:2], self.heads, -1).transpose(1, 2)

        marks, middle = (marks - self.mean) / self.spread, (middle - self.mean) / self.spread
        asked, keys = split(self.query(marks)), split(self.key(middle))
        looks = asked @ keys.transpose(2, 3) / math.sqrt(asked.shape[3])
        if seen is not None:
            looks = looks.masked_fill(~seen[:, None, None, :], -torch.inf)
        looks = looks.softmax(-1)
        heard = (looks @ split(self.value(middle))).transpose(1, 2).flatten(2)
        top = self.norm((looks @ split(self.top(found))).transpose(1, 2).flatten(2))
        both = torch.cat([marks, marks * heard, (marks - heard).abs(), top], dim=2)
        return self.pieces(self.drop(functional.gelu(self.inner(both))))


class Network(nn.Module):
    """Gives scores of a whole answer, and of what it says of each mark of its reference."""

    def __init__(self, base: Path) -> None:
        super().__init__()
        known = json.loads((base / "config.json").read_text(encoding="utf-8"))
        size, heads, depth = known["hidden_size"], known["num_attention_heads"], known["num_hidden_layers"]
        self.pieces_known = nn.Embedding(known["vocab_size"], size)
        self.places = nn.Embedding(PLACES, size)
        self.norm = nn.LayerNorm(size, known["layer_norm_eps"])
        # MPNet adds to each look a bias for how far apart two pieces are; BERT has none, so it stays at nought.
        self.distances = nn.Embedding(known.get("relative_attention_num_buckets", 32), heads)
        self.layers = nn.ModuleList(
            Layer(size, heads, known["intermediate_size"], known["layer_norm_eps"]) for _ in range(depth)
        )
        self.drop = nn.Dropout(0.1)
        self.mix = nn.Linear(size, size)
        self.whole = nn.Linear(size, sum(SIZES))
        self.public = nn.Linear(size, len(PUBLIC))
        self.compare = Compare(size, heads, known["layer_norm_eps"])
        self.register_buffer("buckets", _buckets(), persistent=False)
        self._take(load_file(base / "model.safetensors"))

    def read(
        self, ids: torch.Tensor, places: torch.Tensor, past: Sequence[torch.Tensor], seen: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor, list[torch.Tensor]]:
        """(the pieces half-way up and as understood in the end, (texts, pieces, size); what later texts need of them).

        `places` are those of what was read before and of `ids`, in this order; `past` is, per layer, (2, texts,
        heads, pieces, size); `seen` is (texts, pieces before and own): true where there is text, false where it is
        padded.
        """
        before = places.shape[1] - ids.shape[1]
        own = places[:, before:]
        apart = self.buckets[places[:, None, :] - own[:, :, None] + PLACES]
        bias = self.distances.weight.to(past[0].dtype).T[:, apart].transpose(0, 1)
        text = Text(ids.shape[0], ids.shape[1])
        if seen is not None:
            bias = bias.masked_fill(~seen[:, None, None, :], -torch.inf).contiguous()
            text = Text(ids.shape[0], ids.shape[1], seen[:, before:].flatten().nonzero().squeeze(1))
        found = text.pick(self.pieces_known(ids) + self.places(own))
        found = self.drop(self.norm(found))
        kept, depths = [], []
        for layer, earlier in zip(self.layers, past, strict=True):
            found, keep = layer(found, bias, earlier, text)
            kept.append(keep)
            depths.append(found)
        return text.lay(depths[len(depths) // 2 - 1]), text.lay(found), kept

    def judge(
        self, middle: torch.Tensor, found: torch.Tensor, marks: torch.Tensor, seen: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, ...]:
        """(whole, pieces, public) scores of answers as understood; `marks` is (answers, marks, size), see `Shipped`."""
        found = self.drop(found)
        mixed = torch.tanh(self.mix(found[:, 0]))
        return self.whole(mixed), self.compare(marks, middle, found, seen), self.public(mixed)

    def nothing(self, rows: int) -> list[torch.Tensor]:
        """What was read before a reference: nothing."""
        heads = self.layers[0].heads
        kind = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else None
        return [
            self.places.weight.new_zeros(2, rows, heads, 0, self.places.weight.shape[1] // heads, dtype=kind)
        ] * len(self.layers)

    def freeze(self, layers: int) -> None:
        """Leave the meanings of words as they are, and so many of the lowest layers.

        A few thousand answers hold few of the language's words; what is known of the others is better left alone.
        """
        self.pieces_known.weight.requires_grad_(False)
        for part in (self.places, self.norm, *self.layers[:layers]) if layers else ():
            part.requires_grad_(False)

    def _take(self, weights: dict[str, torch.Tensor]) -> None:
        """The weights of a BERT or an MPNet, under this module's names."""
        mine = {"pieces_known.weight": weights["embeddings.word_embeddings.weight"]}
        # MPNet's places begin at 2; BERT's segments are not used, so that the first is a part of every place.
        begin = 0 if "embeddings.token_type_embeddings.weight" in weights else 2
        mine["places.weight"] = weights["embeddings.position_embeddings.weight"][begin : begin + PLACES]
        if not begin:
            mine["places.weight"] = mine["places.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        distances = "encoder.relative_attention_bias.weight"
        mine["distances.weight"] = weights.get(distances, torch.zeros_like(self.distances.weight))
        self.distances.weight.requires_grad_(False)
        theirs = {
            "query": ("attention.self.query", "attention.attn.q"),
            "key": ("attention.self.key", "attention.attn.k"),
            "value": ("attention.self.value", "attention.attn.v"),
            "out": ("attention.output.dense", "attention.attn.o"),
            "norm_seen": ("attention.output.LayerNorm", "attention.LayerNorm"),
            "inner": ("intermediate.dense",),
            "outer": ("output.dense",),
            "norm": ("output.LayerNorm",),
        }
        names: list[tuple[str, tuple[str, ...]]] = [("norm", ("embeddings.LayerNorm",))]
        for depth in range(len(self.layers)):
            names += [
                (f"layers.{depth}.{name}", tuple(f"encoder.layer.{depth}.{one}" for one in of))
                for name, of in theirs.items()
            ]
        for name, of in names:
            for kind in ("weight", "bias"):
                mine[f"{name}.{kind}"] = next(weights[f"{one}.{kind}"] for one in of if f"{one}.{kind}" in weights)
        missing, strange = self.load_state_dict(mine, strict=False)
        if strange or not all(name.startswith(HEAD_NAMES) for name in missing):
            raise RuntimeError(f"these weights are of another kind of network: {missing}, {strange}")


class Shipped(nn.Module):
    """What is exported: one text without padding, beside what was read before, and without the public data's head.

    `marks` are what is looked for in an answer: of each, the mean of its pieces half-way up (`middle`).
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, ids: torch.Tensor, places: torch.Tensor, past: torch.Tensor, marks: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        middle, found, kept = self.network.read(ids, places, past)
        whole, pieces, _ = self.network.judge(middle, found, marks)
        return whole, pieces, torch.stack(kept), middle


def _buckets() -> torch.Tensor:
    """The bucket of each distance from -512 to 512, as MPNet counts them (Raffel and others 2020, section 2.1)."""
    distance = torch.arange(-PLACES, PLACES + 1)
    size = distance.abs()
    far = 8 + (torch.log(size.clamp(min=1) / 8) / math.log(128 / 8) * 8).long()
    return torch.where(size < 8, size, far.clamp(max=15)) + 16 * (distance > 0)
