"""Write what is shipped: `python -m training.export build/network` puts the int8 model into ``grading/model``.

Weights and activations are int8 with a scale of their own for every `BLOCK` of numbers. With one scale for a whole
matrix, as in onnxruntime's dynamic quantisation, a few loud features drown the rest: that cost up to .06 of kappa.
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

BLOCK = 128


def export(weights: Path | None, base: str, folder: Path) -> None:
    """Write ``model.onnx`` and ``tokenizer.json`` into `folder`, and the checksums of all that lies there."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

    start = base_folder(base)
    network = Network(start)
    if weights:
        network.load_state_dict(torch.load(weights))
    layers, _, _, heads, _, size = torch.stack(network.nothing(1)).shape
    # Three pieces after two that were read before, held against four marks; the numbers of all vary.
    example = (
        torch.ones((1, 3), dtype=torch.long),
        torch.arange(5)[None],
        torch.zeros(layers, 2, 1, heads, 2, size),
        torch.zeros(1, 4, heads * size),
    )
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        torch.onnx.export(
            Shipped(network).eval(),
            example,
            str(exact),
            input_names=["ids", "places", "past", "marks"],
            output_names=["whole", "pieces", "kept", "middle"],
            dynamic_axes={
                "ids": {1: "length"},
                "places": {1: "all"},
                "past": {4: "before"},
                "marks": {1: "marks"},
                "pieces": {1: "marks"},
                "kept": {4: "length"},
                "middle": {1: "length"},
            },
            dynamo=False,
        )
        # Accuracy level 4 is int8 arithmetic.
        how = DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True, accuracy_level=4, bits=8)
        quantiser = MatMulNBitsQuantizer(onnx.load(exact), algo_config=how)
        quantiser.process()
        small = Path(scratch) / "small.onnx"
        quantiser.model.save_model_to_file(str(small))
        folder.mkdir(parents=True, exist_ok=True)
        quantize_dynamic(small, folder / "model.onnx", weight_type=QuantType.QInt8, op_types_to_quantize=["Gather"])
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
