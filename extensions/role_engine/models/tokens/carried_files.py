"""Which files of a model directory go along into a changed copy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

_OTHER_WEIGHTS = (".safetensors", ".bin", ".pth", ".pt", ".gguf", ".onnx", ".msgpack", ".h5", ".ckpt", ".nemo")
_NO_WEIGHTS = ("training_args.bin",)


def split_carried(model: Path, weights: Collection[Path]) -> tuple[list[Path], list[Path]]:
    """Files to take along, and those to leave behind, relative to `model`.

    Weights in other forms (`pytorch_model.bin`, `consolidated.safetensors`) would not have the new rows, and hidden
    folders (`.git`, `.cache`) speak of another directory.
    """
    taken, left = [], []
    own = {path.name for path in weights}
    for path in _files(model):
        relative = path.relative_to(model)
        is_weight = path.suffix.lower() in _OTHER_WEIGHTS and path.name not in _NO_WEIGHTS
        if is_weight and not (len(relative.parts) == 1 and path.name in own):
            left.append(relative)
        else:
            taken.append(relative)
    return taken, left


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        elif path.is_file():
            yield path
