"""The request bodies, as far as they are read; what only says how another server should work is ignored.

Asked for and not to be had is an error, not silence: a program that sends `tools` waits for a tool call.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field, WithJsonSchema, model_validator

from role_engine.app.planner import GenerationOptions
from role_engine.app.refusal import RequestRefusal
from role_engine.hosts.http.parsing import FIELD
from role_engine.hosts.http.schemas import FIELD_SCHEMA
from role_engine.roles.sampling import SAMPLING

MAX_REPLIES = 16
MAX_STOP_STRINGS = 32

_NOT_PASSED_ON = frozenset({"max_new_tokens", "seed", "enable_thinking"})  # they have places of their own
_REASONING_PARTS = frozenset({"thinking", "redacted_thinking"})
_REFUSED = {
    "tools": "tools",
    "functions": "functions",
    "logit_bias": "`logit_bias`",
    "logprobs": "log probabilities",
    "top_logprobs": "log probabilities",
    "grammar_string": "grammars",
    "custom_token_bans": "token bans",
    "suffix": "a suffix",
    "audio": "audio",
}


_HALF = re.compile("[\ud800-\udfff]")
_LOOKED_AT_ONCE = 2**18  # characters: other threads wait meanwhile
_IGNORED = "Anything else that a client may send is ignored"


def _as_list(value: object) -> object:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _one_or_several(most: int, *also: str) -> WithJsonSchema:
    several = {"type": "array", "items": {"type": "string"}, "maxItems": most}
    return WithJsonSchema({"anyOf": [{"type": "string"}, several, *({"type": kind} for kind in also)]})


def _add_unlisted(schema: dict[str, Any], body: type[_Body]) -> None:
    """Into a body's schema what is read beside the model's fields: by the middleware, and by `read_options`."""
    read = [name for name in SAMPLING if name not in _NOT_PASSED_ON | _REFUSED.keys()]
    if body is not CompletionBody:
        read = ["enable_thinking", *read]
    nothing = {"type": "null"}
    unlisted = {name: {"anyOf": [SAMPLING[name].schema(), nothing]} for name in read}
    schema["properties"] = {FIELD: FIELD_SCHEMA, **schema["properties"], **unlisted}
    refused = ", ".join(f"`{name}`" for name in _REFUSED)
    schema["description"] += f" {_IGNORED}; {refused} and other formats than text are refused."


class _Body(BaseModel):
    """What the three have in common. Sampling parameters are the webui's own; they are checked by `sampling`."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_add_unlisted)

    model: str | None = Field(default=None, description="The model's name, or `role:ID`, or `role:ID:MODE`.")
    max_tokens: int | None = Field(default=None, ge=1)
    stream: bool | None = False
    seed: int | None = None

    @model_validator(mode="after")
    def _nothing_that_cannot_be_had(self) -> _Body:
        extra = self.model_extra or {}
        for key, name in _REFUSED.items():
            if extra.get(key):
                raise ValueError(f"this server has no {name} (`{key}`)")
        wanted = extra.get("response_format") or {"type": "text"}
        kind = wanted.get("type") if isinstance(wanted, dict) else wanted
        if kind != "text":
            raise ValueError(f"this server has no `response_format` of type {_cut(kind)}")
        return self


def _cut(value: object) -> str:
    """What an error shows of a value that a client sent."""
    shown = repr(value)
    return shown if len(shown) <= 100 else f"{shown[:100]}…"


class Message(BaseModel):
    """A message; `content` as text, or as parts of type `text`."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, Any]] | None = Field(
        default=None, examples=["Что такое мера?", [{"type": "text", "text": "Что такое мера?"}]]
    )


# The first wrong one is told; a thousand would be looked through while everybody waits.
Messages = Annotated[list[Message], FailFast(), Field(min_length=1)]


class StreamOptions(BaseModel):
    include_usage: bool | None = False


Strings = Annotated[
    list[str],
    BeforeValidator(_as_list),
    Field(max_length=MAX_STOP_STRINGS),
    _one_or_several(MAX_STOP_STRINGS, "null"),
]
Prompts = Annotated[
    list[str],
    BeforeValidator(_as_list),
    Field(min_length=1, max_length=MAX_REPLIES),
    _one_or_several(MAX_REPLIES),
]


class ChatBody(_Body):
    """What `/v1/chat/completions` takes."""

    messages: Messages
    max_completion_tokens: int | None = Field(default=None, ge=1)
    n: int | None = Field(default=1, ge=1, le=MAX_REPLIES)
    stop: Strings = []
    stream_options: StreamOptions | None = None


class CompletionBody(_Body):
    """What `/v1/completions` takes."""

    prompt: Prompts
    n: int | None = Field(default=1, ge=1, le=MAX_REPLIES)
    best_of: int | None = Field(default=None, le=1)
    echo: bool | None = False
    stop: Strings = []
    stream_options: StreamOptions | None = None


class ThinkingOptions(BaseModel):
    """`budget_tokens` is not read: `max_tokens` counts reasoning and answer together."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["enabled", "adaptive", "disabled"]


class MessagesBody(_Body):
    """What `/v1/messages` takes."""

    messages: Messages
    max_tokens: int = Field(ge=1)
    system: str | list[dict[str, Any]] | None = None
    stop_sequences: Strings = []
    thinking: ThinkingOptions | None = None


def read_options(body: ChatBody | CompletionBody | MessagesBody) -> GenerationOptions:
    """The settings of a body.

    Raises:
        Refusal: a sampling parameter is impossible.
    """
    thinks = (body.model_extra or {}).get("enable_thinking")
    if isinstance(body, MessagesBody) and body.thinking is not None:
        thinks = body.thinking.type != "disabled"
    limit = body.max_tokens
    if isinstance(body, ChatBody):
        limit = body.max_completion_tokens or limit
    return GenerationOptions(
        max_tokens=limit,
        seed=body.seed,
        stop=tuple(s for s in (body.stop_sequences if isinstance(body, MessagesBody) else body.stop) if s),
        sampling=_sampling(body.model_extra or {}),
        thinks=thinks if isinstance(thinks, bool) else None,
        replies=1 if isinstance(body, MessagesBody) else body.n or 1,
    )


def _sampling(extra: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: extra[name] for name in SAMPLING if extra.get(name) is not None and name not in _NOT_PASSED_ON}
    for name, value in given.items():
        if (problem := SAMPLING[name].problem(value)) is not None:
            raise RequestRefusal(f"`{name}` {problem}.", param=name)
    return given


def text_of(content: str | list[dict[str, Any]] | None, place: str) -> str:
    """The text of a message's content, without reasoning that a client sends back: a model is not shown its old
    thoughts. Half a surrogate pair, which no tokenizer takes, becomes U+FFFD.

    Raises:
        Refusal: it holds something else than text.
    """
    if isinstance(content, str):
        return _whole_characters(content)
    texts = []
    for part in content or []:
        kind = part.get("type")
        if isinstance(kind, str) and kind in _REASONING_PARTS:
            continue
        if kind not in ("text", "input_text"):
            raise RequestRefusal(f"This server reads text only, not parts of type {_cut(kind)}.", param=place)
        if not isinstance(part.get("text"), str):
            raise RequestRefusal("A part of type 'text' holds no text.", param=place)
        texts.append(part["text"])
    return _whole_characters("".join(texts))


def _whole_characters(text: str) -> str:
    pieces = (text[at : at + _LOOKED_AT_ONCE] for at in range(0, len(text), _LOOKED_AT_ONCE))
    if not any(_HALF.search(piece) for piece in pieces):
        return text
    pieces = (text[at : at + _LOOKED_AT_ONCE] for at in range(0, len(text), _LOOKED_AT_ONCE))
    return "".join(_HALF.sub("\ufffd", piece) for piece in pieces)
