"""The llama.cpp loader: the host's own streaming method, run on a stand-in for its server object.

The stand-in passes everything on to the real object but what belongs to one attempt: it adds to the payload, reads the
server's events as they pass (token ids, why it stopped), takes the figures that the host would overwrite on every
attempt, and can cut the connection while the host's method is blocked on it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import socket
import threading
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path
from threading import Event
from typing import Any

from role_engine.backends.base import Capabilities, Chunk, Constraint, GenerationRequest, TokenBan
from role_engine.backends.free_stretches import stream_constrained
from role_engine.backends.llama_cpp import RESPONSE_FIELDS, logit_bias, sees_differences_only
from role_engine.backends.static_bias import BiasSupply, StaticBias
from role_engine.decoder.disk_cache import DiskCache
from role_engine.decoder.resumed_grammar import write_resumed_grammar
from role_engine.errors import InputError
from role_engine.hosts.webui.host_api import HostApi
from role_engine.hosts.webui.loaders.base import HostCall, LoaderBackend, keep_with
from role_engine.models.token_manifest import read_manifest

_DONE = object()


class WebuiLlamaCppBackend(LoaderBackend):
    capabilities = Capabilities(resume="prefix", token_ids=True, bias=True, grammar=True)

    def __init__(self, host: HostApi, call: HostCall, cache: DiskCache | None = None) -> None:
        super().__init__(host, call, cache)
        self._has_said_whose_grammar = False
        self._untrained = _read_untrained_bans(getattr(host.shared.model, "model_path", None), host.logger)
        self._entries: list[Any] = []  # log probabilities of the reply so far, rejected tokens taken out

    @property
    def _supply(self) -> BiasSupply:
        return self.find_constraints(self.host, self._cache)

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        """A grammar of the user's own stays alone: the guard watches what it lets through."""
        if not self.call.state.get("grammar_string", "").strip():
            return "grammar" if self._supply.of(request.policy) is None else "bias"
        if not self._has_said_whose_grammar:
            self._has_said_whose_grammar = True
            self.host.logger.info("role_engine: the grammar of the request stays, the guard alone watches the language")
        return "none"

    @classmethod
    def can_run(cls, model: Any) -> bool:
        return hasattr(model, "session") and hasattr(model, "prepare_payload")

    @classmethod
    def find_constraints(cls, host: HostApi, cache: DiskCache | None) -> BiasSupply:
        model = host.shared.model
        path = Path(getattr(model, "model_path", ""))
        return keep_with(model, lambda: BiasSupply.of_gguf(lambda: path, cache))

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        if request.constraint == "bias":
            yield from stream_constrained(request, lambda rest: self._generation(rest, cancel))
        else:
            yield from self._generation(request, cancel)

    def _generation(self, request: GenerationRequest, cancel: Event) -> Iterator[Chunk]:
        self._entries = _keep_within(self._entries, request.prefix)
        self.mark_delivered(request.prefix)  # else the host would go on showing an earlier reply's
        whole = tuple(ban for ban in request.bans if not ban.first_only)
        if len(whole) == len(request.bans) or self.shared.is_multimodal:  # a prompt with images goes as text alone
            yield from self._run(request, whole, (), "", request.max_tokens, cancel)
            return
        # The server bans for a whole generation or not at all, so the first token is a generation of its own.
        begun: list[int] = []
        text = ""
        for chunk in self._run(request, request.bans, (), "", 1, cancel):
            begun += chunk.token_ids or ()
            text += chunk.text
            if chunk.finish != "length":
                yield chunk
            elif request.max_tokens is not None and request.max_tokens <= 1:
                yield chunk
                return
            if chunk.finish not in (None, "length"):
                return
        if cancel.is_set():
            return
        if not begun:  # the token ends inside a character: the server does not name it
            yield from self._run(request, request.bans, (), "", request.max_tokens, cancel)
            return
        left = None if request.max_tokens is None else request.max_tokens - 1
        yield from self._run(request, whole, tuple(begun), text, left, cancel)

    def mark_delivered(self, text: str) -> None:
        self.shared.model.last_completion_probabilities = _keep_within(self._entries, text)

    def close(self) -> None:
        if self.prompt_tokens is not None:
            self.shared.model.last_prompt_token_count = self.prompt_tokens

    def _run(  # noqa: C901 - the thread of the server and the loop that empties its queue belong together
        self,
        request: GenerationRequest,
        bans: tuple[TokenBan, ...],
        begun: tuple[int, ...],
        text: str,
        limit: int | None,
        cancel: Event,
    ) -> Iterator[Chunk]:
        """One generation of the server; `begun` are tokens of it that stand already, with their text."""
        state = self.call.attempt_state(request)
        state["seed"] = self.host.set_seed(state["seed"])
        if limit is not None and (not state.get("auto_max_new_tokens") or limit == 1):
            state["max_new_tokens"], state["auto_max_new_tokens"] = limit, False
        grammar = ""
        if request.constraint == "grammar":
            grammar = write_resumed_grammar(request.policy, request.prompt_suffix + request.prefix + text)
        biases = self._supply.of(request.policy) if request.constraint == "bias" else None
        server = _ServerStandIn(self.shared.model, (*bans, *self._untrained), begun, grammar, biases)
        events: queue.SimpleQueue[Any] = queue.SimpleQueue()

        def read() -> None:
            try:
                for _ in type(self.shared.model).generate_with_streaming(
                    server, request.prompt + request.prefix, state
                ):
                    pass
            except Exception as error:
                events.put(error)
            finally:
                events.put(_DONE)

        server.sink = events.put
        reader = threading.Thread(target=copy_context().run, args=(read,), daemon=True)
        reader.start()
        finish: str | None = None
        try:
            while True:
                event = _wait_for_event(events, cancel)
                if event is None or event is _DONE:
                    break
                if isinstance(event, Exception):
                    if not cancel.is_set():
                        self.host.logger.error("Failed to generate reply (llama.cpp)", exc_info=event)
                    break
                if self.prompt_tokens is None:
                    self.prompt_tokens = server.last_prompt_token_count
                self._entries.extend(event.get("completion_probabilities", ()))
                ids = tuple(event.get("tokens", ())) or None
                if event.get("stop"):
                    finish = "length" if event.get("stop_type") == "limit" else "stop"
                if event.get("content") or ids:
                    yield Chunk(event.get("content", ""), ids)
            if finish is not None:
                yield Chunk("", (), finish=finish)  # type: ignore[arg-type]
        finally:
            server.hang_up()
            reader.join(timeout=5)


def _read_untrained_bans(model_path: Any, log: logging.Logger) -> tuple[TokenBan, ...]:
    """Bans of tokens that were added to a GGUF file and that nobody has trained, by the list beside the file.

    There are none where there is no list, or where it cannot be read, which is logged.

    The file itself cannot forbid them. A Hugging Face directory does (`suppress_tokens` of its generation_config), so
    the Transformers loader needs no help.
    """
    if not model_path or not Path(model_path).is_file():
        return ()
    try:
        manifest = read_manifest(Path(model_path))
    except InputError as error:
        log.warning(f"role_engine: {error} Tokens that are not trained may be generated.")
        return ()
    return tuple(TokenBan(token, first_only=False) for token in manifest.list_banned_ids()) if manifest else ()


def _wait_for_event(events: queue.SimpleQueue[Any], cancel: Event) -> Any:
    """The next event, or None as soon as `cancel` is set, also while the server says nothing."""
    while not cancel.is_set():
        try:
            return events.get(timeout=0.05)
        except queue.Empty:
            continue
    return None


def _keep_within(entries: list[Any], text: str) -> list[Any]:
    """The entries whose tokens stand in `text`, which begins where the first of them does."""
    size, kept = 0, []
    for entry in entries:
        size += len(entry.get("token", ""))
        if size > len(text):
            break
        kept.append(entry)
    return kept


class _ServerStandIn:
    """`LlamaServer` for one attempt. What is set here stays here; everything else is the real object's."""

    def __init__(
        self,
        server: Any,
        bans: tuple[TokenBan, ...],
        begun: tuple[int, ...],
        grammar: str,
        biases: StaticBias | None,
    ) -> None:
        self._server, self._bans, self._begun, self._grammar, self._biases = server, bans, begun, grammar, biases
        self.session = _Session(server.session, self)
        self.sink: Any = None
        self.last_prompt_token_count: int | None = None
        self.last_completion_probabilities: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)

    def encode(self, text: str, **kwargs: Any) -> list[int]:
        return [*self._server.encode(text, **kwargs), *self._begun]

    def prepare_payload(self, state: dict[str, Any]) -> dict[str, Any]:
        payload: dict[str, Any] = self._server.prepare_payload(state)
        payload["return_tokens"] = True
        if self._grammar:
            payload["grammar"] = self._grammar
        own = [*payload.get("logit_bias", ()), *logit_bias(self._bans)]
        if self._biases is not None:
            own = self._biases.entries(own, differences_only=sees_differences_only(payload))
            payload["response_fields"] = RESPONSE_FIELDS
        if own:
            payload["logit_bias"] = own
        return payload

    def see(self, line: bytes) -> None:
        if self.sink is not None and line.startswith(b"data: "):
            try:
                self.sink(json.loads(line[6:]))
            except ValueError:
                return

    def hang_up(self) -> None:
        self.session.hang_up()


class _Session:
    """The server's `requests.Session`, whose streamed answer can be watched and cut off from another thread."""

    def __init__(self, session: Any, owner: _ServerStandIn) -> None:
        self._session, self._owner, self._over = session, owner, False
        self._response: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def post(self, url: str, **kwargs: Any) -> Any:
        response = self._session.post(url, **kwargs)
        if not kwargs.get("stream"):
            return response
        self._response = response
        if self._over:
            _cut_connection(response)
        return _Response(response, self._owner)

    def hang_up(self) -> None:
        self._over = True
        if self._response is not None:
            _cut_connection(self._response)


class _Response:
    def __init__(self, response: Any, owner: _ServerStandIn) -> None:
        self._response, self._owner = response, owner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)

    def iter_lines(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        for line in self._response.iter_lines(*args, **kwargs):
            self._owner.see(line)
            yield line


def _cut_connection(response: Any) -> None:
    """End a streamed response, waking a thread that is blocked in reading it (closing alone would wait for it)."""
    connection = getattr(getattr(response, "raw", None), "_connection", None)
    sock = getattr(connection, "sock", None)
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
    try:
        response.close()
    except Exception:  # the other thread may be closing it at this moment
        return
