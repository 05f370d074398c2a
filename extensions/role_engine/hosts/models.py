"""The engine that `--model` names: a model's folder, or another server's address."""

from __future__ import annotations

from pathlib import Path

from role_engine.backends.base import GenerationRequest
from role_engine.hosts.engine import Engine

CHARACTERS_PER_TOKEN = 2.8  # of Russian text, in vocabularies of today; for servers that do not count for us
_OPENAI_OPTIONS = frozenset({"temperature", "top_p", "presence_penalty", "frequency_penalty"})


def engine_for(model: str, *, api_key: str = "") -> Engine:
    """The engine of a model.

    Args:
        model: the folder of a Hugging Face model, or the URL of an OpenAI-compatible server.
        api_key: for that server.

    Raises:
        BackendError: no such folder or server, a model that cannot be loaded, a missing library.
    """
    return remote_engine(model, api_key) if model.startswith(("http://", "https://")) else local_engine(model)


def local_engine(folder: str | Path, *, name: str = "") -> Engine:
    """A model of this machine, on transformers; called `name`, or as its folder."""
    from role_engine.backends.transformers import TransformersBackend

    backend = TransformersBackend(Path(folder).expanduser())
    tokenizer = backend.tokenizer
    special = {"bos_token": tokenizer.bos_token, "eos_token": tokenizer.eos_token}
    template = tokenizer.chat_template
    return Engine(
        backend=backend,
        name=name or backend.name,
        count=lambda text: backend.prompt_tokens(GenerationRequest(prompt=text)),
        chat_template=template if isinstance(template, str) else None,
        template_values={name: token for name, token in special.items() if token},
        context=backend.context_length,
    )


def remote_engine(url: str, api_key: str = "", *, name: str = "") -> Engine:
    """A model of another server, by default its first; tokens are estimated, its context is its own affair."""
    from role_engine.backends.openai import OpenAIBackend
    from role_engine.backends.openai_server import OpenAIServer

    backend = OpenAIBackend(OpenAIServer(url, api_key=api_key), model=name)
    return Engine(
        backend=backend,
        name=backend.model,
        count=lambda text: round(len(text) / CHARACTERS_PER_TOKEN),
        options=_OPENAI_OPTIONS,
    )
