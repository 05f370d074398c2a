"""The webui's loaders: what runs the guard's attempts on each, what can forbid tokens there, and who generates.

To add a loader, write a `LoaderBackend` and put a line into `LOADERS`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from role_engine.backends.base import Constraint
from role_engine.backends.per_policy import PerPolicy
from role_engine.decoder.disk_cache import DiskCache
from role_engine.hosts.webui.host_api import GeneratorName, HostApi
from role_engine.hosts.webui.loaders.base import GenericBackend, HostCall, LoaderBackend
from role_engine.hosts.webui.loaders.exllamav3 import Exllamav3Backend
from role_engine.hosts.webui.loaders.llama_cpp import WebuiLlamaCppBackend
from role_engine.hosts.webui.loaders.transformers import WebuiTransformersBackend

logger = logging.getLogger("role_engine")


@dataclass(frozen=True, slots=True)
class Loader:
    """One way in which the webui runs models.

    Attributes:
        names: as the webui's `--loader` has them.
        model_class: name of the class of `modules.shared.model`; "" for the loader of all other classes.
        backend: runs the guard's attempts.
        constraint: what the panel says of this loader: how forbidden tokens are kept from being sampled.
        generator: the webui's own generator for it.
    """

    names: tuple[str, ...]
    model_class: str
    backend: type[LoaderBackend]
    constraint: Constraint
    generator: GeneratorName


_TRANSFORMERS = Loader(
    ("Transformers", "Transformers_bnb", "ExLlamav3_HF"), "", WebuiTransformersBackend, "mask", "generate_reply_HF"
)
LOADERS = (
    Loader(("llama.cpp",), "LlamaServer", WebuiLlamaCppBackend, "bias", "generate_reply_custom"),
    Loader(("ExLlamav3",), "Exllamav3Model", Exllamav3Backend, "bias", "generate_reply_custom"),
    Loader(("TensorRT-LLM",), "TensorRTLLMModel", GenericBackend, "none", "generate_reply_custom"),
    _TRANSFORMERS,
)


def find_loader(name: str) -> Loader | None:
    """The loader of that name; None for one that is not known here."""
    return next((loader for loader in LOADERS if name in loader.names), None)


def find_loader_of(model: Any) -> Loader:
    """The loader of a loaded model."""
    name = type(model).__name__
    return next((loader for loader in LOADERS if loader.model_class == name), _TRANSFORMERS)


def make_backend(host: HostApi, call: HostCall, cache: DiskCache | None = None) -> LoaderBackend:
    """The backend for the model that is loaded now.

    `call.inner` is the generator that would have run without us; where it is the host's own, the loader's special
    abilities are used, else (another extension generates) only its text.

    Args:
        cache: keeps what constrains the model.
    """
    backend = _find_backend(host.shared.model) if call.inner_is_host else GenericBackend
    return backend(host, call, cache)


def find_constraints(host: HostApi, cache: DiskCache | None = None) -> PerPolicy[Any] | None:
    """What makes and keeps the masks or bans of the model that is loaded now; None where its loader takes none.

    An error in making it is not raised here: the first reply meets it too, and reports it.
    """
    try:
        return _find_backend(host.shared.model).find_constraints(host, cache)
    except Exception:
        logger.debug("the model has no constraints", exc_info=True)
        return None


def _find_backend(model: Any) -> type[LoaderBackend]:
    backend = find_loader_of(model).backend
    return backend if backend.can_run(model) else GenericBackend


__all__ = [
    "LOADERS",
    "HostCall",
    "Loader",
    "LoaderBackend",
    "find_constraints",
    "find_loader",
    "find_loader_of",
    "make_backend",
]
