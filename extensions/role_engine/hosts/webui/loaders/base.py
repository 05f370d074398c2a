"""What the loaders' backends have in common, the host's call that they repeat attempt after attempt, and the backend
of whatever only gives text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from role_engine.backends.base import Capabilities, Chunk, Constraint, GenerationRequest
from role_engine.backends.per_policy import PerPolicy
from role_engine.decoder.disk_cache import DiskCache
from role_engine.hosts.webui.host_api import HostApi

_Supply = TypeVar("_Supply", bound=PerPolicy[Any])
_supplies: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def keep_with(owner: Any, make: Callable[[], _Supply]) -> _Supply:
    """What `make` has made for a model or a tokenizer; it is made once and lives as long as its owner."""
    found: _Supply | None = _supplies.get(owner)
    if found is None:
        found = _supplies.setdefault(owner, make())
    return found


@dataclass(frozen=True, slots=True)
class HostCall:
    """The webui's call of `custom_generate_reply`, and the generator that would have answered it without us."""

    inner: Callable[..., Iterator[str]]
    inner_is_host: bool
    original_question: str
    state: dict[str, Any]
    stopping_strings: list[str] | None
    is_chat: bool

    def attempt_state(self, request: GenerationRequest) -> dict[str, Any]:
        """A copy of the host's state for one attempt: its seed, and only as many tokens as are left.

        With `auto_max_new_tokens` the limit is the context's end; 1 there keeps the host from cutting the prompt from
        the left to make room for tokens that it will not generate.
        """
        state = dict(self.state)
        state.pop("stop_event", None)
        state["stream"] = True
        if request.seed is not None:
            state["seed"] = request.seed
        if state.get("auto_max_new_tokens"):
            state["max_new_tokens"] = 1
        elif request.max_tokens is not None:
            state["max_new_tokens"] = request.max_tokens
        return state


class LoaderBackend(ABC):
    """Base of the loaders' backends.

    Args:
        cache: keeps what constrains the model.

    Attributes:
        prompt_tokens: known once the first attempt has begun.
    """

    capabilities = Capabilities(resume="prefix")
    names_tokens = True  # whether chunks carry true token counts

    def __init__(self, host: HostApi, call: HostCall, cache: DiskCache | None = None) -> None:
        self.host, self.shared, self.call, self._cache = host, host.shared, call, cache
        self.prompt_tokens: int | None = None

    @abstractmethod
    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        """As `Backend.stream`."""

    @classmethod
    def can_run(cls, model: Any) -> bool:
        """Whether this version of the webui gives the model what the backend needs; else only its text is known."""
        return True

    @classmethod
    def find_constraints(cls, host: HostApi, cache: DiskCache | None) -> PerPolicy[Any] | None:
        """What makes and keeps the loaded model's masks or bans; None where the loader takes none."""
        return None

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        """As `ConstrainedBackend.constraint_on`; most loaders know none."""
        return "none"

    def replies(self, request: GenerationRequest, state: dict[str, Any]) -> Iterator[str]:
        """The host's growing reply to one attempt."""
        call, prompt = self.call, request.prompt + request.prefix
        return call.inner(prompt, call.original_question, state, call.stopping_strings, is_chat=call.is_chat)

    def mark_delivered(self, text: str) -> None:  # noqa: B027  (most loaders have nothing to do here)
        """Called before delivered text goes to the host: what the host shows about tokens may now speak of it."""

    def close(self) -> None:  # noqa: B027  (likewise)
        """The reply is over."""


class GenericBackend(LoaderBackend):
    """Any generator of growing text: TensorRT-LLM, another extension's `custom_generate_reply`.

    It knows only text: a piece is taken for a token until the reply is counted in the end; nothing can be banned.
    """

    names_tokens = False

    def attempt_state(self, request: GenerationRequest) -> dict[str, Any]:
        """The host's state for one attempt."""
        return self.call.attempt_state(request)

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        state = self.attempt_state(request)
        stop = Event()
        state["stop_event"] = stop
        replies = self.replies(request, state)
        seen, pieces = "", 0
        try:
            for reply in replies:
                if cancel.is_set():
                    return
                piece, seen = reply[len(seen) :], reply
                if piece:
                    pieces += 1
                    yield Chunk(piece)
            reached = request.max_tokens is not None and pieces >= request.max_tokens
            yield Chunk("", (), finish="length" if reached else "stop")
        finally:
            stop.set()
            close = getattr(replies, "close", None)
            if close is not None:
                close()
