"""What the first mask, or ban, takes in a new process: made, and from the disk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import role_engine
from role_engine.language.policy import LanguagePolicy

RUNS = 3


@dataclass(frozen=True)
class StartRow:
    """`made_s`: seconds without a cache; `kept_s`: with one that has everything. The shortest of `RUNS`."""

    name: str
    made_s: float
    kept_s: float


def starts(tokenizer: Path, gguf: Path | None) -> Iterator[StartRow]:
    """Masks of the tokenizer in a `tokenizer.json`, the static ban of a GGUF file; both of `strict`."""
    files = [("masks, strict", tokenizer), *([("static ban, strict", gguf)] if gguf is not None else [])]
    for name, file in files:
        with tempfile.TemporaryDirectory() as folder:
            _in_a_new_process(file, folder)
            made, kept = (min(_in_a_new_process(file, cache) for _ in range(RUNS)) for cache in ("", folder))
        yield StartRow(name, made, kept)


def start_lines(rows: list[StartRow]) -> list[str]:
    """For people."""
    return [
        f"{row.name:20} in a new process {row.made_s:.3f} s; kept on the disk {row.kept_s:.3f} s, "
        f"{row.kept_s / row.made_s:.2f} of that"
        for row in rows
    ]


def _in_a_new_process(file: Path, cache: str) -> float:
    code = (
        f"from {__name__} import seconds; import pathlib, sys; print(seconds(pathlib.Path(sys.argv[1]), sys.argv[2]))"
    )
    package = str(Path(role_engine.__file__).resolve().parents[1])
    command = [sys.executable, "-c", code, str(file), cache]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": package}, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def seconds(file: Path, folder: str) -> float:
    """Seconds from the tokenizer, or the file's name, to the first mask or ban. `folder`: of the cache; "" for none."""
    from role_engine.backends.static_bias import BiasSupply
    from role_engine.backends.token_mask import MaskSupply
    from role_engine.decoder.disk_cache import DiskCache

    cache, policy = DiskCache(Path(folder)) if folder else None, LanguagePolicy(mode="strict")
    supply: MaskSupply | BiasSupply
    if file.suffix == ".json":
        from tokenizers import Tokenizer

        supply = MaskSupply(Tokenizer.from_file(str(file)), cache=cache)
    else:
        supply = BiasSupply.of_gguf(lambda: file, cache)
    import numpy  # noqa: F401  (every host has it loaded by then)

    begun = time.perf_counter()
    made = supply.of(policy)
    took = time.perf_counter() - begun
    assert made is not None
    return took
