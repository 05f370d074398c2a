"""A description's tokens, exactly as the model's own tokenizer reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from role_engine.errors import InputError, ModelError


def load_tokenizer(path: Path) -> Any:
    """The tokenizer in a `tokenizer.json`.

    Raises:
        ModelError: the package `tokenizers` is missing.
        InputError: the package cannot read the file.
    """
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise ModelError("Adding tokens needs the package `tokenizers`.", hint="pip install tokenizers") from None
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the package raises bare Exceptions
        raise InputError(f"Is not a tokenizer: {error}.", path=path) from None


def token_ids(tokenizer: Any, description: str) -> list[int]:
    """The description's tokens.

    Raises:
        ModelError: it has none.
    """
    ids: list[int] = tokenizer.encode(description, add_special_tokens=False).ids
    if not ids:
        raise ModelError(f"The tokenizer makes nothing of {description!r}.")
    return ids
