"""What the loaders' backends have in common: the host's call that they repeat, attempt after attempt."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

from role_engine.backends.base import Capabilities, Chunk, Constraint, GenerationRequest
from role_engine.backends.per_policy import PerPolicy
from role_engine.decoder.disk_cache import DiskCache


@dataclass(frozen=True, slots=True)
class HostCall:
    """The webui's call of `custom_generate_reply`, and the generator that would have answered it without us.

    `cache` keeps what constrains the model.
    """

    inner: Callable[..., Iterator[str]]
    inner_is_host: bool
    original_question: str
    state: dict[str, Any]
    stopping_strings: list[str] | None
    is_chat: bool
    cache: DiskCache | None = None

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
    """Base of the loaders' backends; `prompt_tokens` is known once the first attempt has begun."""

    capabilities = Capabilities(resume="prefix")
    names_tokens = True  # whether chunks carry true token counts

    def __init__(self, shared: Any, call: HostCall) -> None:
        self.shared, self.call = shared, call
        self.prompt_tokens: int | None = None

    @abstractmethod
    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        """As `Backend.stream`."""

    @property
    def constraints(self) -> PerPolicy[Any] | None:
        """What makes and keeps the loaded model's masks or bans; most loaders know none."""
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
