"""Weights to go on from, read out of the shipped model: `python -m training.restore build/shipped`.

What was trained is kept as int8 only. Read back it is within half a step of its scales of what was learnt, and a few
hundred steps of training make up for that: cheaper than the hours since the sentence encoder it came from.
"""

import argparse
from pathlib import Path

import torch

from training.base import BASES, base_folder
from training.network import Network
from visionquiz.grading.encoder import MODEL

MIDDLE = 128
"""What an unsigned byte says for nought where the scales are symmetric."""


def restore(folder: Path, base: str) -> dict[str, torch.Tensor]:
    """The weights in ``model.onnx`` of `folder`, as `Network` names them.

    The meanings of words and their places, which are not trained, are the base's; so is the head for public data.
    Raises `RuntimeError` where the model is of another design.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(folder / "model.onnx").graph
    stored = {one.name: one for one in graph.initializer}
    network = Network(base_folder(base))
    found: dict[str, torch.Tensor] = network.state_dict()
    plain = {name.removeprefix("network."): one for name, one in stored.items() if name.startswith("network.")}
    taken = {name: torch.tensor(numpy_helper.to_array(one)) for name, one in plain.items() if name in found}
    for name in ("mix.weight", "whole.weight"):
        taken[name] = torch.tensor(numpy_helper.to_array(plain[f"{name}_Transposed"])).T.contiguous()
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            block = next(one.i for one in node.attribute if one.name == "block_size")
            bytes_, scales = (torch.tensor(numpy_helper.to_array(stored[name])) for name in node.input[1:3])
            # A row for each output, in blocks along the inputs, each block with its scale.
            weight = (bytes_.view(-1, block).float() - MIDDLE) * scales.view(-1, 1)
            name = node.name.removeprefix("/").replace("/", ".").removesuffix(".MatMul_Q8") + ".weight"
            taken[name] = weight.view(bytes_.shape[0], -1)
    lacking = {name for name in found if name not in taken and not name.startswith("public.")}
    if lacking - {"pieces_known.weight", "places.weight", "distances.weight"}:
        raise RuntimeError(f"the model in {folder} is of another design; it lacks {sorted(lacking)}")
    return found | taken


def main() -> None:
    parser = argparse.ArgumentParser(description="Read weights to go on from out of the shipped model.")
    parser.add_argument("out", type=Path, help="where the weights are written, for training.train --start")
    parser.add_argument("--base", choices=sorted(BASES), default="mpnet", help="the encoder that it was made from")
    parser.add_argument("--folder", type=Path, default=MODEL)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(restore(options.folder, options.base), options.out)
    print(f"weights in {options.out}")


if __name__ == "__main__":
    main()
