"""A plain client of the webui's API: requests as curl would send them, replies taken apart for the tests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

CHAT, COMPLETIONS, MESSAGES = "/v1/chat/completions", "/v1/completions", "/v1/messages"


@dataclass
class Reply:
    """What a client got.

    Attributes:
        text, reasoning: as one string each; pieces: of the text, as they came in; times: of their arrival (monotonic).
        report: the `role_engine` object, empty where there was none; reports: how many of them came.
        usage: completion_tokens or output_tokens; sent: when the request went out (monotonic).
    """

    text: str = ""
    reasoning: str = ""
    pieces: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    finish: str | None = None
    usage: int | None = None
    report: dict[str, Any] = field(default_factory=dict)
    reports: int = 0
    sent: float = 0.0
    done: float = 0.0


def chat_body(text: str, **fields: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], **_defaults(), **fields}


def completion_body(prompt: str, **fields: Any) -> dict[str, Any]:
    return {"prompt": prompt, **_defaults(), **fields}


def messages_body(text: str, **fields: Any) -> dict[str, Any]:
    body = {"messages": [{"role": "user", "content": text}], "model": "any", "max_tokens": 120}
    return {**body, **fields}


def _defaults() -> dict[str, Any]:
    return {"max_tokens": 120, "seed": 1, "temperature": 1.0}


def ask(client: httpx.Client, path: str, body: dict[str, Any], **headers: str) -> Reply:
    """Send a request, streamed when its body says so.

    Raises:
        httpx.HTTPStatusError: the answer is an error; its text is in the message.
    """
    reply = Reply(sent=time.monotonic())
    if body.get("stream"):
        if path != MESSAGES:
            body = {"stream_options": {"include_usage": True}, **body}
        with client.stream("POST", path, json=body, headers=headers) as response:
            if response.status_code != 200:
                response.read()
            _raise(response)
            for event in events(response):
                _take_event(reply, path, event)
    else:
        response = client.post(path, json=body, headers=headers)
        _raise(response)
        _take_whole(reply, path, response.json())
    reply.done = time.monotonic()
    return reply


def events(response: httpx.Response) -> Iterator[dict[str, Any]]:
    """The JSON objects of a server-sent stream."""
    for line in response.iter_lines():
        if line.startswith("data:"):
            data = line[5:].strip()
            if data and data != "[DONE]":
                yield json.loads(data)


def _raise(response: httpx.Response) -> None:
    if response.status_code != 200:
        raise httpx.HTTPStatusError(
            f"{response.status_code}: {response.text[:600]}", request=response.request, response=response
        )


def _take_report(reply: Reply, holder: dict[str, Any]) -> None:
    if "role_engine" in holder:
        reply.report = holder["role_engine"]
        reply.reports += 1


def _take_whole(reply: Reply, path: str, answer: dict[str, Any]) -> None:
    _take_report(reply, answer)
    if path == MESSAGES:
        for block in answer["content"]:
            reply.text += block.get("text", "")
            reply.reasoning += block.get("thinking", "")
        reply.finish, reply.usage = answer["stop_reason"], answer["usage"]["output_tokens"]
        return
    choice = answer["choices"][0]
    if path == CHAT:
        reply.text = choice["message"]["content"] or ""
        reply.reasoning = choice["message"].get("reasoning_content") or ""
    else:
        reply.text = choice["text"]
    reply.finish, reply.usage = choice["finish_reason"], answer["usage"]["completion_tokens"]


def _take_event(reply: Reply, path: str, event: dict[str, Any]) -> None:
    _take_report(reply, event)
    if path == MESSAGES:
        delta = event.get("delta") or {}
        piece, thought = delta.get("text", ""), delta.get("thinking", "")
        reply.finish = delta.get("stop_reason") or reply.finish
        reply.usage = (event.get("usage") or {}).get("output_tokens", reply.usage)
    else:
        if event.get("usage"):
            reply.usage = event["usage"]["completion_tokens"]
        if not event.get("choices"):
            return
        choice = event["choices"][0]
        reply.finish = choice["finish_reason"] or reply.finish
        delta = choice.get("delta") or {}
        piece = choice.get("text") or delta.get("content") or ""
        thought = delta.get("reasoning_content") or ""
    reply.reasoning += thought
    if piece:
        reply.text += piece
        reply.pieces.append(piece)
        reply.times.append(time.monotonic())
