"""The one thing the guard needs of an engine: text, in pieces, that goes on from where it is told to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any, Literal, Protocol, runtime_checkable

from role_engine.language.policy import LanguagePolicy

UNKNOWN_TOKEN = -1  # in `Chunk.token_ids`: there was a token, and the engine does not say which

Finish = Literal["stop", "length", "cancelled", "error"]

Constraint = Literal["mask", "grammar", "bias", "none"]
"""What keeps an engine from sampling what the policy forbids: a mask over its tokens at each step, a grammar in GBNF,
tokens banned once and for all."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of generated text.

    Attributes:
        text: new text; may be empty (a token that ends inside a character gives none).
        token_ids: ids of the tokens that `text` came from, or None where the engine does not say (counted as one).
        finish: on the last chunk, why generation ended: `stop` (end token or stop string), `length`.
    """

    text: str
    token_ids: tuple[int, ...] | None = None
    finish: Finish | None = None

    @property
    def token_count(self) -> int:
        if self.token_ids is not None:
            return len(self.token_ids)
        return 1 if self.text else 0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do for the guard.

    Attributes:
        resume: how a reply is continued: `prefix` (the prompt is raw text, the prefix is appended to it),
            `assistant_prefill` (messages, the prefix is an unfinished assistant message), `none`.
        token_ids: chunks carry token ids, so that a token can be banned.
        mask, bias, grammar: constraints that the engine can decode under.
    """

    resume: Literal["prefix", "assistant_prefill", "none"] = "none"
    token_ids: bool = False
    mask: bool = False
    bias: bool = False
    grammar: bool = False


@dataclass(frozen=True, slots=True)
class TokenBan:
    """A token that the next attempt must not sample: only as its first token, or nowhere in the attempt."""

    token_id: int
    first_only: bool = True


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One reply to generate, or what is left of one.

    Attributes:
        prompt: the rendered prompt (engines that take text).
        messages: the chat (engines that take messages), OpenAI's form.
        prefix: the part of the reply that stands already; generation goes on right after it.
        max_tokens: tokens still to generate, None: the engine's own limit.
        seed: None or -1: random.
        stop: stop strings. The guard applies them too; an engine may ignore them.
        names: speakers' names; one that leads the reply, a colon behind it, is dropped (models of chat transcripts
            write their own name first).
        bans: tokens kept out of this attempt, as far as the engine can.
        constraint: what this attempt is decoded under; one that `constraint_on` has promised, or `none`.
        enforce: the constraint holds even where next to nothing of what the model would say is left of it. (Otherwise
            an engine that knows may let go there, and leave the spot to the guard.)
        policy, context, prompt_suffix: what the guard checks by; `context` are the user's messages, oldest first;
            `prompt_suffix` is the end of the prompt that belongs to the reply itself (an opened `<think>`, a
            half-written word).
        options: the engine's own settings, passed through untouched.
    """

    prompt: str = ""
    messages: tuple[Mapping[str, Any], ...] = ()
    prefix: str = ""
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    bans: tuple[TokenBan, ...] = ()
    constraint: Constraint = "none"
    enforce: bool = False
    policy: LanguagePolicy = field(default_factory=LanguagePolicy)
    context: tuple[str, ...] = ()
    prompt_suffix: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def derive(self, **changes: Any) -> GenerationRequest:
        return replace(self, **changes)


@runtime_checkable
class Backend(Protocol):
    """An engine. One object may serve several requests at once."""

    @property
    def capabilities(self) -> Capabilities: ...

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        """Generate after `request.prefix`.

        Closing the iterator, or setting `cancel`, ends the work within one decode step; the engine is idle when
        `close()` returns. The prefix itself is not repeated.

        Raises:
            BackendError: the engine cannot generate (no model, no connection, a refused request).
        """
        ...


@runtime_checkable
class ConstrainedBackend(Backend, Protocol):
    """An engine that can be kept from sampling what the policy forbids."""

    def constraint_on(self, request: GenerationRequest) -> Constraint:
        """What `stream` can decode this request under; `none` where that is impossible for it alone.

        Asked before each attempt that is wanted under a constraint; the first call may take the time that it takes to
        read the vocabulary.
        """
        ...
