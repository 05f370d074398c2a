"""A llama.cpp server (`llama-server`) as an engine, by its own `/completion`: raw text, token ids, banned tokens.

The server keeps the key-value caches of its slots, so a reply that goes on is read from where it parted; it is handed
the tokens that the model wrote itself, for its text alone might be tokenised otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from role_engine.backends.base import (
    UNKNOWN_TOKEN,
    Capabilities,
    Chunk,
    Constraint,
    Finish,
    GenerationRequest,
    TokenBan,
)
from role_engine.backends.detokenizer import LONGEST_CHARACTER, REPLACEMENT
from role_engine.backends.free_stretches import stream_constrained
from role_engine.backends.llama_server import LlamaServer
from role_engine.backends.openai_server import OpenAIServer
from role_engine.backends.static_bias import Bias, BiasSupply
from role_engine.backends.transcripts import Transcript, Transcripts
from role_engine.decoder.disk_cache import DiskCache
from role_engine.decoder.resumed_grammar import write_resumed_grammar
from role_engine.errors import BackendError

_NAMES = {"repetition_penalty": "repeat_penalty"}
"""Options whose name in the field at large is not the server's."""
_OWN_GRAMMARS = ("grammar", "json_schema", "grammar_lazy")
RESPONSE_FIELDS = ("content", "stop", "stop_type", "tokens", "tokens_predicted", "completion_probabilities")
"""What is read of an event. Unasked, the server's last one repeats the settings, a hundred thousand biases and all."""


class LlamaCppBackend:
    """Streams from `/completion`; `request.options` are the server's own parameters (`temperature`, `grammar` …).

    Ending a generation closes its connection, which the server notices within a decode step. Stop strings are left to
    the guard: the server would hold several tokens' text back for them and name only the last.

    Args:
        server: its address, `http://127.0.0.1:8080`, or a server of this process.
        api_key: sent as a bearer token where it is not empty.
        model_file: the model, for its vocabulary; default: what the server says, if that is a file of this machine.
        cache: keeps the biases.
    """

    capabilities = Capabilities(resume="prefix", token_ids=True, bias=True, grammar=True)

    def __init__(
        self,
        server: str | LlamaServer,
        *,
        api_key: str = "",
        model_file: Path | None = None,
        cache: DiskCache | None = None,
    ) -> None:
        self._local = None if isinstance(server, str) else server  # it ends when nothing holds it
        address = server if isinstance(server, str) else server.address
        model_file = model_file or (None if isinstance(server, str) else server.file)
        self._server = OpenAIServer(address, api_key=api_key)
        self._server.root = self._server.root.removesuffix("/v1")  # what is the server's own lies beside /v1
        self._biases = BiasSupply.of_gguf(lambda: model_file or self._model_file(), cache)
        self._transcripts: Transcripts[int | str] = Transcripts()

    @property
    def constraints(self) -> BiasSupply:
        """The biases of the server's model."""
        return self._biases

    def prompt_tokens(self, request: GenerationRequest) -> int:
        """Tokens of `request.prompt`, as the server counts them.

        Raises:
            BackendError: there is no server.
        """
        body = {"content": request.prompt, "add_special": True, "parse_special": True}
        return len(self._ask("/tokenize", body, Event()).get("tokens", ()))

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        """See `ConstrainedBackend`. A grammar of the request's own stays: the guard watches what it lets through."""
        if any(request.options.get(name) for name in _OWN_GRAMMARS):
            return "none"
        return "grammar" if self._biases.of(request.policy) is None else "bias"

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        """See `Backend.stream`. A character that the limit cut in two is left out."""
        if request.constraint == "bias":
            yield from stream_constrained(request, lambda rest: self._generation(rest, cancel))
        else:
            yield from self._generation(request, cancel)

    def _model_file(self) -> Path:
        props = self._server.get("/props")
        path = props.get("model_path") if isinstance(props, dict) else None
        if not isinstance(path, str):
            raise BackendError(f"{self._server.root} does not say which file its model is.", hint="Name `model_file`.")
        return Path(path)

    def _generation(self, request: GenerationRequest, cancel: Event) -> Iterator[Chunk]:
        text = request.prompt + request.prefix
        known = self._transcripts.find_known(text)
        read: tuple[int | str, ...] = (text,) if known is None or known.rest else (*known.read, *known.ids)
        transcript = Transcript(text, read)
        try:
            for chunk in self._run(request, read, cancel):
                ids = chunk.token_ids or ()
                transcript.add(None if UNKNOWN_TOKEN in ids else ids, chunk.text)
                yield chunk
        finally:
            self._transcripts.keep(transcript)

    def _run(self, request: GenerationRequest, read: tuple[int | str, ...], cancel: Event) -> Iterator[Chunk]:
        left, written = request.max_tokens, ""
        if any(ban.first_only for ban in request.bans):
            # The server bans for a whole generation or not at all, so the first token is a generation of its own.
            first = self._first(request, read, cancel)
            yield first
            if first.finish is not None:
                return
            read, written = read + (first.token_ids or ()), first.text
            left = None if left is None else left - first.token_count
            if left is not None and left <= 0:
                yield Chunk("", (), finish="length")
                return
        yield from self._rest(request, read, written, left, cancel)

    def _first(self, request: GenerationRequest, read: tuple[int | str, ...], cancel: Event) -> Chunk:
        """The first token, and those behind it that complete its last character."""
        ids: list[int] = []
        text = REPLACEMENT
        while text.endswith(REPLACEMENT) and len(ids) < LONGEST_CHARACTER:
            bans = [ban for ban in request.bans if not (ids and ban.first_only)]
            body = self._body(request, (*read, *ids), bans, 1) | {"stream": False}  # streamed, it would name no part
            if ids and request.constraint == "grammar":
                body["grammar"] = ""  # it would begin anew, and the character goes on: the guard watches over its rest
            answer = self._ask("/completion", body, cancel)
            if cancel.is_set():
                return Chunk("", (), finish="cancelled")
            if (finish := finish_of(answer)) != "length":
                return Chunk(text if ids else "", tuple(ids), finish=finish)
            new = answer.get("tokens") or ()
            if not new:
                raise BackendError(f"{self._server.root} does not name its tokens.", hint="Update llama.cpp.")
            ids += new
            whole = answer if len(ids) == 1 else self._ask("/detokenize", {"tokens": ids}, cancel)
            text = whole.get("content", "")
        return Chunk(text, tuple(ids))

    def _rest(
        self, request: GenerationRequest, read: tuple[int | str, ...], written: str, limit: int | None, cancel: Event
    ) -> Iterator[Chunk]:
        body = self._body(request, read, [ban for ban in request.bans if not ban.first_only], limit, written)
        named = 0  # tokens so far
        silent: Chunk | None = None  # the last event, when it had no text: the end token, or a special one
        for event in self._server.events("/completion", body, cancel=cancel):
            finish = finish_of(event)
            if silent is not None and finish != "stop":
                yield silent
            silent = None
            if finish is not None:
                yield Chunk(event.get("content", ""), (), finish=finish)
                return
            ids, count = tuple(event.get("tokens", ())), event.get("tokens_predicted")
            # Of several tokens that a character is made of, an event names the last.
            unnamed = 0 if count is None else max(0, count - named - len(ids))
            named += unnamed + len(ids)
            text = event.get("content", "")
            chunk = Chunk(text, self._named(text, unnamed, ids, cancel))
            if chunk.text:
                yield chunk
            else:
                silent = chunk
        if not cancel.is_set():
            raise BackendError(f"{self._server.root} broke off.")
        yield Chunk("", (), finish="cancelled")

    def _named(self, text: str, unnamed: int, ids: tuple[int, ...], cancel: Event) -> tuple[int, ...]:
        """All the tokens of `text`: those that the event did not name are looked up, where the tokenizer agrees."""
        if unnamed:
            spelled = tuple(self._ask("/tokenize", {"content": text, "add_special": False}, cancel).get("tokens", ()))
            if len(spelled) == unnamed + len(ids) and spelled[unnamed:] == ids:
                return spelled
        return (UNKNOWN_TOKEN,) * unnamed + ids

    def _body(
        self,
        request: GenerationRequest,
        read: tuple[int | str, ...],
        bans: Sequence[TokenBan],
        limit: int | None,
        written: str = "",
    ) -> dict[str, Any]:
        body = {_NAMES.get(name, name): value for name, value in request.options.items() if value is not None}
        if request.constraint == "grammar":
            body["grammar"] = write_resumed_grammar(request.policy, request.prompt_suffix + request.prefix + written)
        own = [*_biases(body.get("logit_bias")), *logit_bias(bans)]
        if request.constraint == "bias" and (biases := self._biases.of(request.policy)) is not None:
            own = biases.entries(own, differences_only=sees_differences_only(body))
            body["response_fields"] = RESPONSE_FIELDS
        seed = request.seed
        return body | {
            # A list of nothing but text would be several prompts.
            "prompt": list(read) if any(isinstance(part, int) for part in read) else "".join(map(str, read)),
            "n_predict": -1 if limit is None else limit,
            "seed": -1 if seed is None or seed < 0 else seed,
            "logit_bias": own,
            "stop": [],
            "stream": True,
            "return_tokens": True,
            "cache_prompt": True,
        }

    def _ask(self, path: str, body: Mapping[str, Any], cancel: Event) -> dict[str, Any]:
        """The answer; an empty one when it was cancelled."""
        try:
            answer = next(self._server.events(path, body, cancel=cancel), None)
        except BackendError:
            if not cancel.is_set():  # else it is half an answer that could not be read
                raise
            answer = None
        if answer is None and not cancel.is_set():
            raise BackendError(f"{self._server.root} gave no answer.")
        return answer or {}


def logit_bias(bans: Sequence[TokenBan]) -> list[Bias]:
    """Bans as the server takes them."""
    return [(ban.token_id, False) for ban in bans]


def sees_differences_only(settings: Mapping[str, Any]) -> bool:
    """Whether no sampler that these settings (in the server's names) switch on looks at the logits themselves.

    A repetition penalty divides them where they are above 0, and the top sigmas are those of all of them.
    """
    return settings.get("repeat_penalty", 1) == 1 and (settings.get("top_n_sigma") or -1) <= 0


def finish_of(event: Mapping[str, Any]) -> Finish | None:
    """Why the server ended, None where it did not yet."""
    if not event.get("stop"):
        return None
    return "length" if event.get("stop_type") == "limit" else "stop"


def _biases(given: Any) -> list[Bias]:
    """A request's own: pairs, or OpenAI's object, whose ids are strings (in pairs the server takes those for text)."""
    if not isinstance(given, Mapping):
        return [(token, bias) for token, bias in given or ()]
    return [(int(token) if str(token).isdecimal() else token, bias) for token, bias in given.items()]
