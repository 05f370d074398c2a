"""An engine that plays scripts: for tests, yours and ours, and for benchmarks.

    ReplayBackend([["Привет", " world"], [" мир", "."]])

plays the first script; when the guard rejects « world» and asks for another continuation, the second. The last script
is played again for every further attempt. A function in place of the list gets each request and returns the pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock

from role_engine.backends.base import Capabilities, Chunk, GenerationRequest

Script = Iterable[str | Chunk]
ScriptFunction = Callable[[GenerationRequest], Script]


@dataclass(slots=True)
class Attempt:
    """One generation as it happened: what was asked, what was produced before it was closed."""

    request: GenerationRequest
    text: str = ""
    tokens: int = 0
    closed_early: bool = False

    @property
    def whole(self) -> str:
        """The reply as the engine sees it: the prefix that it was given, and what it went on with."""
        return self.request.prefix + self.text


@dataclass
class ReplayBackend:
    """Plays `scripts`; every piece is one token, equal pieces have equal token ids.

    Attributes:
        scripts: a script an attempt, the last one repeated; or a function from the request to a script.
        capabilities: what the engine claims to be able to do.
        attempts: every generation, in order, with all the text that was produced (not only what was delivered).
    """

    scripts: Sequence[Script] | ScriptFunction
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(resume="prefix", token_ids=True))
    attempts: list[Attempt] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._lock = Lock()

    def token_id(self, piece: str) -> int:
        """The id that `piece` has in this engine's vocabulary."""
        return self._ids.setdefault(piece, len(self._ids))

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        with self._lock:
            script = self._script(request, len(self.attempts))
            attempt = Attempt(request)
            self.attempts.append(attempt)
        try:
            for piece in script:
                if cancel.is_set():
                    return
                if request.max_tokens is not None and attempt.tokens >= request.max_tokens:
                    yield Chunk("", (), finish="length")
                    return
                chunk = piece if isinstance(piece, Chunk) else Chunk(piece, (self.token_id(piece),))
                attempt.text += chunk.text
                attempt.tokens += chunk.token_count
                yield chunk
                if chunk.finish:
                    return
            full = request.max_tokens is not None and attempt.tokens >= request.max_tokens
            yield Chunk("", (), finish="length" if full else "stop")
        except GeneratorExit:
            attempt.closed_early = True
            raise

    def _script(self, request: GenerationRequest, number: int) -> Script:
        if callable(self.scripts):
            return self.scripts(request)
        return self.scripts[min(number, len(self.scripts) - 1)] if self.scripts else ()
