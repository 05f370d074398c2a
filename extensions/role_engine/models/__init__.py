"""What is done to a model directory: inspecting it without loading it, and adding tokens to it.

from role_engine.models import inspect_model
inspect_model("Qwen3-30B-A3B-Base").kind
"""

from __future__ import annotations

from pathlib import Path

from role_engine.models.gguf_model import inspect_gguf
from role_engine.models.huggingface import inspect_directory
from role_engine.models.place import model_place
from role_engine.models.report import ModelReport

__all__ = ["ModelReport", "inspect_model"]


def inspect_model(path: Path | str) -> ModelReport:
    """What is known of a model without loading it: base or instruct, roles, thinking, tokens, context, shapes.

    Args:
        path: a Hugging Face directory, a GGUF file, or a directory that holds one (of a split one: its parts).

    Raises:
        InputError: there is no model, or one of its files is malformed.
    """
    place = model_place(path)
    return inspect_gguf(place) if place.is_file() else inspect_directory(place)
