"""The webui's loaders as backends, a file each; `generic` is for those of which only the text is known."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from role_engine.backends.base import GenerationRequest
from role_engine.decoder.disk_cache import DiskCache
from role_engine.hosts.webui.loaders.base import HostCall, LoaderBackend
from role_engine.language import LanguagePolicy

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
        from role_engine.hosts.webui.loaders.llama_cpp import LlamaCppBackend

        return LlamaCppBackend(shared, call)
    if model == "Exllamav3Model":
        from role_engine.hosts.webui.loaders.exllamav3 import Exllamav3Backend

        return Exllamav3Backend(shared, call)
    if model in ("LlamaServer", "TensorRTLLMModel"):
        return GenericBackend(shared, call)
    from role_engine.hosts.webui.loaders.transformers import TransformersBackend

    return TransformersBackend(shared, call)


def warm(shared: Any, policies: Iterable[LanguagePolicy], cache: DiskCache | None = None) -> None:
    """Make what the loaded model is constrained by, so that no reply waits for it. Errors are the reply's to meet."""
    call = HostCall(lambda *_, **__: iter(()), True, "", {}, [], True, cache)
    try:
        backend = backend_for(shared, call)
        for policy in policies:
            backend.constraint_on(GenerationRequest(policy=policy))
    except Exception:
        logger.debug("warming up failed", exc_info=True)


__all__ = ["HostCall", "LoaderBackend", "backend_for", "warm"]
