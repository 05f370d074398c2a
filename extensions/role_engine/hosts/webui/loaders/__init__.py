"""The webui's loaders as backends, a file each; `generic` is for those of which only the text is known."""

from __future__ import annotations

import logging
from typing import Any

from role_engine.backends.per_policy import PerPolicy
from role_engine.decoder.disk_cache import DiskCache
from role_engine.hosts.webui.loaders.base import HostCall, LoaderBackend

logger = logging.getLogger("role_engine")


def backend_for(shared: Any, call: HostCall) -> LoaderBackend:
    """The backend for the model that is loaded now.

    `call.inner` is the generator that would have run without us; where it is the host's own, the loader's special
    abilities are used, else (another extension generates) only its text.
    """
    from role_engine.hosts.webui.loaders.generic import GenericBackend

    model = shared.model.__class__.__name__
    if not call.inner_is_host:
        return GenericBackend(shared, call)
    if model == "LlamaServer" and hasattr(shared.model, "session") and hasattr(shared.model, "prepare_payload"):
        from role_engine.hosts.webui.loaders.llama_cpp import WebuiLlamaCppBackend

        return WebuiLlamaCppBackend(shared, call)
    if model == "Exllamav3Model":
        from role_engine.hosts.webui.loaders.exllamav3 import Exllamav3Backend

        return Exllamav3Backend(shared, call)
    if model in ("LlamaServer", "TensorRTLLMModel"):
        return GenericBackend(shared, call)
    from role_engine.hosts.webui.loaders.transformers import WebuiTransformersBackend

    return WebuiTransformersBackend(shared, call)


def constraints_of(shared: Any, cache: DiskCache | None = None) -> PerPolicy[Any] | None:
    """What makes and keeps the masks or bans of the model that is loaded now; None where its loader takes none.

    What is wrong with it is the reply's to meet.
    """
    call = HostCall(lambda *_, **__: iter(()), True, "", {}, [], True, cache)
    try:
        return backend_for(shared, call).constraints
    except Exception:
        logger.debug("the model has no constraints", exc_info=True)
        return None


__all__ = ["HostCall", "LoaderBackend", "backend_for", "constraints_of"]
