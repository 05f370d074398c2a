"""What the documentation says of the endpoints that generate: keyword arguments of their routes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from role_engine.hosts.http.schemas import ANY_ERROR, HEADER_PARAMETER, NO_KEY, AnthropicError, OpenAIError
from role_engine.hosts.serve import reply_shapes as replies

_QUESTION = {"role": "user", "content": "Что такое мера?"}

CHAT_EXAMPLES: dict[str, Any] = {
    "question": {"summary": "A question", "value": {"messages": [_QUESTION], "max_tokens": 200}},
    "strict": {
        "summary": "In Cyrillic only, with what was rejected",
        "value": {
            "messages": [_QUESTION],
            "max_tokens": 200,
            "role_engine": {"mode": "strict", "report": "full"},
        },
    },
    "streamed": {
        "summary": "Streamed",
        "value": {
            "messages": [_QUESTION],
            "max_tokens": 200,
            "stream": True,
            "stream_options": {"include_usage": True},
        },
    },
}
COMPLETION_EXAMPLES: dict[str, Any] = {
    "beginning": {"summary": "A beginning", "value": {"prompt": "Мера — это", "max_tokens": 60}}
}
MESSAGES_EXAMPLES: dict[str, Any] = {
    "question": {"summary": "A question", "value": {"messages": [_QUESTION], "max_tokens": 200}}
}

_REPORT = (
    '"role_engine": {"role": null, "mode": "balanced", "attempts": 2, "rejected": [{"kind": "latin", "count": 1}], …}'
)
_CHAT_STREAM = f"""\
data: {{"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [{{"index": 0, \
"delta": {{"content": "Мера"}}, "finish_reason": null}}], …}}

data: {{"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [{{"index": 0, "delta": {{}}, \
"finish_reason": "stop"}}], {_REPORT}, …}}

data: [DONE]
"""
_COMPLETION_STREAM = f"""\
data: {{"id": "cmpl-1", "object": "text_completion", "choices": [{{"index": 0, "text": " предел", \
"finish_reason": null}}], …}}

data: {{"id": "cmpl-1", "object": "text_completion", "choices": [{{"index": 0, "text": "", "finish_reason": "stop"}}], \
{_REPORT}, …}}

data: [DONE]
"""
_MESSAGES_STREAM = f"""\
event: content_block_delta
data: {{"type": "content_block_delta", "index": 0, "delta": {{"type": "text_delta", "text": "Мера"}}}}

event: message_delta
data: {{"type": "message_delta", "delta": {{"stop_reason": "end_turn", …}}, {_REPORT}, …}}

event: message_stop
data: {{"type": "message_stop"}}
"""

_STREAMS = (
    "With `stream: true` the answer is a stream of server-sent events. What has been sent is final; the report is in "
    "the {place}. An error in the middle is an event with `error` in it, and nothing follows."
)


def _documented(
    summary: str, description: str, reply: type[BaseModel], stream: str, error: type[BaseModel], place: str
) -> dict[str, Any]:
    def describe_refusal(why: str, **more: Any) -> dict[str, Any]:
        return {"model": error, "description": why, **more}

    waiting = {"Retry-After": {"schema": {"type": "integer"}, "description": "In seconds."}}
    return {
        "summary": summary,
        "description": f"{description}\n\n{_STREAMS.format(place=place)}",
        "tags": ["generation"],
        "openapi_extra": {"parameters": [HEADER_PARAMETER]},
        "responses": {
            200: {
                "model": reply,
                "description": "The reply.",
                "content": {"text/event-stream": {"schema": {"type": "string"}, "example": stream}},
            },
            400: describe_refusal("Not to be had; nothing is generated. `message` says what there is."),
            401: describe_refusal("The key is missing or wrong."),
            413: describe_refusal("More than 64 MiB."),
            415: describe_refusal("Another type than JSON."),
            429: describe_refusal("The queue is full.", headers=waiting),
            503: describe_refusal("The server is shutting down, or holds too many large requests.", headers=waiting),
            "default": describe_refusal("The engine failed."),
        },
    }


CHAT = _documented(
    "A chat, OpenAI's form",
    "A last message of the assistant's is continued.",
    replies.ChatReply,
    _CHAT_STREAM,
    OpenAIError,
    "chunk that carries `finish_reason`",
)
COMPLETION = _documented(
    "What follows a text, OpenAI's form",
    "The text is held to the language policy; a role applies where the request names one.",
    replies.CompletionReply,
    _COMPLETION_STREAM,
    OpenAIError,
    "chunk that carries `finish_reason`",
)
MESSAGES = _documented(
    "A chat, Anthropic's form",
    "A last message of the assistant's is continued.",
    replies.MessagesReply,
    _MESSAGES_STREAM,
    AnthropicError,
    "`message_delta` event",
)
MODELS: dict[str, Any] = {
    "summary": "The model, and behind it the roles",
    "tags": ["generation"],
    "responses": {200: {"model": replies.ModelListing}, **NO_KEY, **ANY_ERROR},
}
MODEL: dict[str, Any] = {
    "summary": "A model or a role of that list",
    "tags": ["generation"],
    "responses": {200: {"model": replies.ModelEntry}, **NO_KEY, **ANY_ERROR},
}
