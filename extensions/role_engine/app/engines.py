"""The engine that `--model` names: a model's folder, a GGUF file, or another server's address."""

from __future__ import annotations

from pathlib import Path

from role_engine.app.engine import CHATML_MARK, FRAMES, PLAIN_FRAMES, Engine
from role_engine.backends.base import GenerationRequest
from role_engine.decoder import disk_cache
from role_engine.decoder.disk_cache import DiskCache
from role_engine.errors import BackendError, InputError
from role_engine.models import inspect_model
from role_engine.models.gguf_file import GgufHeader, read_gguf
from role_engine.models.gguf_model import CONTROL, TOKENS, TYPES
from role_engine.models.markers import END_OF_TURN
from role_engine.models.report import Kind
from role_engine.paths import cache_folder

CHARACTERS_PER_TOKEN = 2.8  # of Russian text, in vocabularies of today; for servers that do not count for us
_OPENAI_OPTIONS = frozenset({"temperature", "top_p", "presence_penalty", "frequency_penalty"})


def open_engine(model: str, *, api_key: str = "", kind: Kind | None = None) -> Engine:
    """The engine of a model.

    Args:
        model: the folder of a Hugging Face model, a GGUF file, or the URL of an OpenAI-compatible server.
        api_key: for that server.
        kind: of a model of this machine, as for `load_local_engine`.

    Raises:
        BackendError: no such folder or server, a model that cannot be loaded, a missing library.
    """
    if model.startswith(("http://", "https://")):
        return connect_remote_engine(model, api_key)
    if is_gguf(model):
        return gguf_engine(model, kind=kind)
    return load_local_engine(model, kind=kind)


def is_gguf(model: str | Path) -> bool:
    """Whether a model is one file for llama.cpp, by its name."""
    return Path(model).suffix.lower() == ".gguf"


def gguf_engine(
    file: str | Path,
    *,
    name: str = "",
    kind: Kind | None = None,
    context: int | None = None,
    threads: int | None = None,
) -> Engine:
    """A GGUF file, on a llama.cpp server of this process; called `name`, or as its file.

    Args:
        kind: base or instruct; None: as the file has it.
        context: tokens; None: what the model was trained for, 4,096 at most.
        threads: None: all cores but one.

    Raises:
        BackendError: no such file, a model that llama.cpp does not read, `xllamacpp` is missing.
    """
    from role_engine.backends.llama_cpp import LlamaCppBackend
    from role_engine.backends.llama_server import CONTEXT, LlamaServer, require_llama_cpp

    require_llama_cpp()
    path = Path(file).expanduser()
    try:
        report, header = inspect_model(path), read_gguf(path)
    except InputError as error:
        raise BackendError(str(error)) from None
    context = context or min(report.context.length or CONTEXT, CONTEXT)
    server = LlamaServer(path, context=context, threads=threads)
    backend = LlamaCppBackend(server, cache=DiskCache(cache_folder() / disk_cache.FOLDER))
    template = header.get("tokenizer.chat_template", str)
    return Engine(
        backend=backend,
        name=name or path.stem,
        count=lambda text: backend.prompt_tokens(GenerationRequest(prompt=text)),
        chat_template=None if (kind or report.kind) == "base" else template,
        template_values=_template_values(header),
        context=context,
        longest_token=_longest_token(header),
        control_tokens=_control_tokens(header),
        frames=FRAMES if CHATML_MARK in (header.get("tokenizer.ggml.tokens", list) or ()) else PLAIN_FRAMES,
    )


def _template_values(header: GgufHeader) -> dict[str, str]:
    """What a template is given; where the model wants the token of a beginning, the server puts it there itself."""
    tokens = header.get("tokenizer.ggml.tokens", list) or []
    values = {}
    for name, key in (("bos_token", "bos_token_id"), ("eos_token", "eos_token_id")):
        token = header.get(f"tokenizer.ggml.{key}", int)
        if token is not None and 0 <= token < len(tokens):
            values[name] = str(tokens[token])
    if header.get("tokenizer.ggml.add_bos_token", bool):
        values["bos_token"] = ""
    return values


def _longest_token(header: GgufHeader) -> int | None:
    """Bytes of text that one token stands for at most; None for vocabularies without a token for every byte."""
    tokens = map(str, header.get(TOKENS, list) or ())
    vocabulary = header.get("tokenizer.ggml.model", str)
    if vocabulary == "gpt2":  # each of its letters stands for a byte
        return max(map(len, tokens), default=None)
    return max((len(token.encode()) for token in tokens), default=None) if vocabulary == "llama" else None


def _control_tokens(header: GgufHeader) -> tuple[str, ...]:
    tokens, types = header.get(TOKENS, list) or (), header.get(TYPES, list) or ()
    return tuple(sorted({str(token) for token, kind in zip(tokens, types, strict=False) if kind == CONTROL}))


def load_local_engine(folder: str | Path, *, name: str = "", kind: Kind | None = None) -> Engine:
    """A model of this machine, on transformers; called `name`, or as its folder.

    Args:
        kind: base or instruct; None: as its files have it. A base model's own chat template is not used: it was not
            trained on one, and gets the role's template, or a frame that its vocabulary has the marks for.
    """
    from role_engine.backends.hf_model import control_tokens
    from role_engine.backends.transformers import TransformersBackend

    is_base = (kind or _kind(folder)) == "base"
    ends = (*sorted(END_OF_TURN), CHATML_MARK) if is_base else ()
    cache = DiskCache(cache_folder() / disk_cache.FOLDER)
    backend = TransformersBackend(Path(folder).expanduser(), ends=ends, cache=cache)
    tokenizer = backend.tokenizer
    special = {"bos_token": tokenizer.bos_token, "eos_token": tokenizer.eos_token}
    template = None if is_base else tokenizer.chat_template
    return Engine(
        backend=backend,
        name=name or backend.name,
        count=lambda text: backend.prompt_tokens(GenerationRequest(prompt=text)),
        chat_template=template if isinstance(template, str) else None,
        template_values={name: token for name, token in special.items() if token},
        context=backend.context_length,
        longest_token=backend.longest_token,
        control_tokens=control_tokens(tokenizer),
        frames=FRAMES if CHATML_MARK in tokenizer.get_vocab() else PLAIN_FRAMES,
        starts=backend.token_starts if tokenizer.is_fast else None,
    )


def _kind(folder: str | Path) -> Kind:
    try:
        return inspect_model(folder).kind
    except InputError:  # transformers loads it all the same
        return "unsure"


def connect_remote_engine(url: str, api_key: str = "", *, name: str = "") -> Engine:
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
