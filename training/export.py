"""Write what is shipped: `python -m training.export build/network` puts the int8 model into ``grading/model``.

Weights are int8 and activations are scaled as the model runs, which is exact for one text per run and would not be
for several (see `visionquiz.grading.encoder`).
"""

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch

from training.base import BASES, base_folder
from training.network import Network, Shipped
from visionquiz.grading.encoder import MODEL


def export(weights: Path | None, base: str, folder: Path) -> None:
    """Write ``model.onnx`` and ``tokenizer.json`` into `folder`, and the checksums of all that lies there."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    start = base_folder(base)
    network = Network(start)
    if weights:
        network.load_state_dict(torch.load(weights))
    layers, _, _, heads, _, size = torch.stack(network.nothing(1)).shape
    # Three pieces after two that were read before; the numbers of both vary.
    example = (
        torch.ones((1, 3), dtype=torch.long),
        torch.arange(5)[None],
        torch.zeros(layers, 2, 1, heads, 2, size),
    )
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        torch.onnx.export(
            Shipped(network).eval(),
            example,
            str(exact),
            input_names=["ids", "places", "past"],
            output_names=["whole", "pieces", "kept"],
            dynamic_axes={
                "ids": {1: "length"},
                "places": {1: "all"},
                "past": {4: "before"},
                "pieces": {1: "length"},
                "kept": {4: "length"},
            },
            dynamo=False,
        )
        folder.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(exact, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copyfile(start / "tokenizer.json", folder / "tokenizer.json")
    write_checksums(folder)


def write_checksums(folder: Path) -> None:
    """Write ``checksums.json``: the sha256 of every file that the grader loads."""
    sums = {}
    for name in ("model.onnx", "tokenizer.json", "scales.json"):
        if (folder / name).is_file():
            with open(folder / name, "rb") as file:
                sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
    (folder / "checksums.json").write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Export trained weights as the int8 model that is shipped.")
    parser.add_argument("weights", type=Path, help="what training.train wrote")
    parser.add_argument("--base", choices=sorted(BASES), default="mpnet", help="the encoder that it started from")
    parser.add_argument("--folder", type=Path, default=MODEL)
    options = parser.parse_args()
    export(options.weights, options.base, options.folder)
    size = (options.folder / "model.onnx").stat().st_size / 1e6
    print(f"{options.folder / 'model.onnx'}: {size:.1f} MB")


if __name__ == "__main__":
    main()
