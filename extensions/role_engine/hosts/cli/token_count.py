"""Counting tokens, exactly with a model's tokenizer or roughly without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.errors import InputError
from role_engine.prompts.token_usage import Starts

CHARACTERS_PER_TOKEN = 2.8
"""Prompts of this project need one token for 2.8 to 2.95 characters in the vocabulary of Qwen2 and Qwen3."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the tokens of a text; `starts` says where they begin, None where the count is an estimate."""

    count: Callable[[str], int]
    starts: Starts | None = None


def counter(tokenizer: str | None) -> Counter:
    """What counts with a tokenizer.

    Args:
        tokenizer: a folder with `tokenizer.json`, or that file; None: estimate.

    Raises:
        InputError: no such file, not a tokenizer, or the `tokenizers` package is missing.
    """
    if tokenizer is None:
        return Counter(estimate)
    found = _load(Path(tokenizer))
    return Counter(
        lambda text: len(found.encode(text, add_special_tokens=False).ids),
        lambda text: [start for start, _ in found.encode(text, add_special_tokens=False).offsets],
    )


def estimate(text: str) -> int:
    """About as many tokens as a vocabulary of today's needs for Russian text."""
    return round(len(text) / CHARACTERS_PER_TOKEN)


def _load(path: Path) -> Any:
    file = path / "tokenizer.json" if path.is_dir() else path
    if not file.is_file():
        raise InputError("There is no tokenizer.json.", path=path, hint="Name the folder of a Hugging Face model.")
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise InputError(
            "Counting tokens exactly needs the package `tokenizers`.", hint="Install it: pip install tokenizers"
        ) from None
    try:
        return Tokenizer.from_file(str(file))
    except Exception as error:  # the package raises bare Exceptions
        raise InputError(f"Is not a tokenizer: {error}.", path=file) from None
