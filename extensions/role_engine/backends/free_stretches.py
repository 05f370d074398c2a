"""A reply whose engine is constrained where text is checked, and left alone where it is not.

A static ban knows no place in the text. So a generation ends where reasoning (or, in `balanced`, a tool call or a
block of code) begins or ends, and goes on from there with the ban off or on: its prompt is in the engine's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from role_engine.backends.base import Chunk, GenerationRequest
from role_engine.decoder.automaton import automaton, read
from role_engine.language.policy import LanguagePolicy

Generation = Callable[[GenerationRequest], Iterator[Chunk]]


def stream_constrained(request: GenerationRequest, generation: Generation) -> Iterator[Chunk]:
    """The chunks of one reply, out of as many generations as it takes.

    Args:
        request: constrained.
        generation: the engine's chunks of what is left of the reply, or of a stretch of it without the constraint.
    """
    place = _Place(request.policy, request.prompt_suffix + request.prefix)
    written, left = "", request.max_tokens
    while True:
        free = place.free
        rest = request.derive(
            prefix=request.prefix + written,
            max_tokens=left,
            bans=request.bans if not written else tuple(ban for ban in request.bans if not ban.first_only),
            constraint="none" if free else request.constraint,
        )
        chunks = generation(rest)
        try:
            for chunk in chunks:
                written += chunk.text
                left = None if left is None else left - chunk.token_count
                place.feed(chunk.text)
                yield chunk
                if chunk.finish is not None:
                    return
                if place.free != free:
                    break
            else:
                return
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        if left is not None and left <= 0:
            yield Chunk("", (), finish="length")
            return


class _Place:
    """Where in a reply text stands, as the policy's automaton reads it."""

    def __init__(self, policy: LanguagePolicy, text: str) -> None:
        self._reply = automaton(
            LanguagePolicy(mode=policy.mode, allow=policy.allow, in_thinking=policy.in_thinking, emoji=policy.emoji)
        )
        self._state = self._reply.start
        self.feed(text)

    def feed(self, text: str) -> None:
        for char in text:
            behind = read(self._reply, char, self._state)
            self._state = self._reply.body if behind is None else behind

    @property
    def free(self) -> bool:
        """Whether what comes next is not checked."""
        return self._reply.is_free(self._state)
