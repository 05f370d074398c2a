"""What is asked of a Hugging Face model and its tokenizer: to load, how they begin and end, whether they rewind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from role_engine.errors import BackendError

_REWINDING_LAYERS = {"full_attention", "sliding_attention", "chunked_attention"}


def require_libraries() -> None:
    try:
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        raise BackendError(
            f"This engine needs torch and transformers ({error}).", hint="pip install torch transformers"
        ) from None


def load(directory: Path, device: str, dtype: str) -> tuple[Any, Any]:
    """The model and tokenizer in a directory; nothing is ever downloaded."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not (directory / "config.json").is_file():
        raise BackendError("There is no model here (no config.json).", path=directory, hint="Name a model's directory.")
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if dtype == "auto" and device == "cpu":
        dtype = "float32"
    if dtype != "auto" and not isinstance(getattr(torch, dtype, None), torch.dtype):
        raise BackendError(f"{dtype!r} is no type of numbers that torch knows.", hint="float32, bfloat16 or float16.")
    try:
        with _no_progress_bars():
            tokenizer = AutoTokenizer.from_pretrained(directory, local_files_only=True)
            model = AutoModelForCausalLM.from_pretrained(
                directory, local_files_only=True, dtype=dtype if dtype == "auto" else getattr(torch, dtype)
            )
        return model.to(device), tokenizer
    except Exception as error:  # whatever is wrong with the files, each library says it in an exception of its own
        raise BackendError(f"This model cannot be loaded: {error}", path=directory) from error


@contextmanager
def _no_progress_bars() -> Iterator[None]:
    """Transformers draws a bar for every checkpoint, however small, on the caller's stderr."""
    from transformers.utils import logging as transformers_logging

    shown = transformers_logging.is_progress_bar_enabled()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            transformers_logging.enable_progress_bar()


def rewinds(model: Any, config: Any) -> bool:
    """Whether the model's whole memory is keys and values, which can be cut back; recurrent states cannot."""
    kinds = set(getattr(config, "layer_types", None) or ())
    return not getattr(model, "_is_stateful", False) and kinds <= _REWINDING_LAYERS


def leading_tokens(tokenizer: Any) -> list[int]:
    """What the tokenizer puts before every text: the beginning-of-sequence token, or nothing."""
    first = tokenizer.encode("")[:1]
    return [int(first[0])] if first and first[0] == tokenizer.bos_token_id else []


def end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """End tokens as the model's generation_config names them, else its config, else the tokenizer."""
    for owner in (getattr(model, "generation_config", None), model.config, tokenizer):
        ends = getattr(owner, "eos_token_id", None)
        if ends is not None:
            return frozenset(map(int, ends if isinstance(ends, list | tuple) else (ends,)))
    return frozenset()


def find_suppressed_tokens(model: Any) -> set[int]:
    """What the model's generation_config keeps from being generated: tokens that were added and not trained yet."""
    suppressed = getattr(getattr(model, "generation_config", None), "suppress_tokens", None)
    return set(map(int, suppressed)) if isinstance(suppressed, list | tuple) else set()


def control_tokens(tokenizer: Any) -> tuple[str, ...]:
    """The special tokens of the vocabulary."""
    added = getattr(tokenizer, "added_tokens_decoder", {}).values()
    special = {token.content for token in added if token.special}
    return tuple(sorted(special | set(tokenizer.all_special_tokens)))


def longest_token(tokenizer: Any) -> int | None:
    """Bytes of UTF-8 text that one of the tokenizer's tokens stands for at most.

    None where there is no such bound: a tokenizer that is none of the fast ones, one that drops text, or one that makes
    a single token of what it does not know, however long.
    """
    if not getattr(tokenizer, "is_fast", False):
        return None
    parts = json.loads(tokenizer.backend_tokenizer.to_str())
    shrinks = _shrinks(parts.get("normalizer"))
    byte_level = any(part.get("type") == "ByteLevel" for part in _steps(parts.get("pre_tokenizer")))
    if shrinks is None or not (byte_level or parts["model"].get("byte_fallback")):
        return None
    sizes = (len(token) if byte_level else len(token.encode()) for token in tokenizer.get_vocab())
    added = (len(token.encode()) for token in tokenizer.get_added_vocab())
    return shrinks * max((*sizes, *added), default=1)


def _shrinks(normalizer: Any) -> int | None:
    """How many times shorter a text's UTF-8 can get by its normalizer; None: nobody knows."""
    most = 1
    for step in _steps(normalizer):
        if step["type"] in ("NFC", "NFKC"):  # three conjoining jamo become one syllable
            most *= 3
        elif step["type"] not in ("NFD", "NFKD", "Prepend") and not (
            step["type"] == "Replace" and step.get("pattern") == {"String": " "} and step.get("content") == "▁"
        ):
            return None
    return most


def _steps(described: Any) -> list[dict[str, Any]]:
    if described is None:
        return []
    inner = described.get("normalizers") or described.get("pretokenizers")
    return [step for one in inner for step in _steps(one)] if inner is not None else [described]
