"""The policy as an automaton: token masks, and a grammar for llama.cpp. Masks need numpy, the rest does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from role_engine.decoder.automaton import automaton
from role_engine.decoder.gbnf import gbnf

if TYPE_CHECKING:
    from role_engine.decoder.masks import DEAD, TokenMasks
    from role_engine.decoder.vocabulary import Vocabulary

__all__ = ["DEAD", "TokenMasks", "Vocabulary", "automaton", "gbnf"]

_WITH_NUMPY = {"DEAD": "masks", "TokenMasks": "masks", "Vocabulary": "vocabulary"}


def __getattr__(name: str) -> Any:
    if name not in _WITH_NUMPY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WITH_NUMPY[name]}"), name)
