"""Which tensors are a model's input embedding and its output head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

_INPUT = (
    *("embed_tokens.weight", "wte.weight", "word_embeddings.weight", "embed_in.weight", "tok_embeddings.weight"),
    *("backbone.embeddings.weight", "backbone.embedding.weight", "token_embd.weight"),
)
_HEAD = ("lm_head.weight", "embed_out.weight", "output.weight")
_NOT_THIS_MODEL = ("visual", "vision", "audio", "mtp", "draft", "encoder")


class _Shaped(Protocol):
    @property
    def shape(self) -> tuple[int, ...]: ...


Tensor = TypeVar("Tensor", bound=_Shaped)


def input_of(tensors: Mapping[str, Tensor]) -> tuple[str, Tensor] | None:
    """Name and tensor of the input embedding, one row a token."""
    return _found(tensors, _INPUT)


def head_of(tensors: Mapping[str, Tensor]) -> tuple[str, Tensor] | None:
    """Name and tensor of an output head of its own; None: the embedding serves as one."""
    return _found(tensors, _HEAD)


def _found(tensors: Mapping[str, Tensor], endings: tuple[str, ...]) -> tuple[str, Tensor] | None:
    """The one with the shortest name, if several end so: those of other parts of the model lie deeper."""
    fitting = [
        name
        for name, tensor in tensors.items()
        if any(name == ending or name.endswith(f".{ending}") for ending in endings)
        and len(tensor.shape) == 2
        and not any(part in _NOT_THIS_MODEL for part in name.split("."))
        and not (name.endswith("output.weight") and name != "output.weight")
    ]
    return min(((name, tensors[name]) for name in fitting), key=lambda found: (len(found[0]), found[0]), default=None)
