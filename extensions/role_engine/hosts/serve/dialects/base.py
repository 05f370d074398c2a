"""What an API's form has to say, and what two of the three say alike."""

from __future__ import annotations

import json
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from role_engine.app.reply_plan import ReplyPlan
from role_engine.guard.report import ReplyReport
from role_engine.hosts.serve.reply_job import ReplyEnd


class Dialect(Protocol):
    """One reply (or several choices) in the words of one API. Events are bytes, ready to be sent."""

    def opening(self) -> bytes:
        """What begins a stream."""
        ...

    def quiet(self) -> bytes:
        """The connection lives, there is nothing to say."""
        ...

    def piece(self, index: int, text: str) -> bytes: ...

    def end(self, ended: ReplyEnd) -> bytes:
        """Choice `ended.index` is complete."""
        ...

    def closing(self, reports: Sequence[ReplyReport]) -> bytes:
        """What ends a stream."""
        ...

    def error(self, status: int, message: str) -> bytes:
        """An error in the middle of a stream."""
        ...

    def whole(self, texts: Sequence[str], ended: Sequence[ReplyEnd]) -> dict[str, Any]:
        """The reply in one piece."""
        ...


def event(content: dict[str, Any], name: str = "") -> bytes:
    """A server-sent event; half a surrogate pair, which has no UTF-8, is replaced."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(content, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


def new_id(prefix: str) -> str:
    return f"{prefix}{uuid.uuid4().hex}"


def prompt_tokens(planned: Sequence[ReplyPlan], replies_per_prompt: int) -> int:
    """Tokens of the request's prompts, each counted once."""
    return sum(one.report.tokens_prompt or 0 for one in planned[:: max(1, replies_per_prompt)])


class OpenAIDialect(ABC):
    """What OpenAI's two endpoints have in common.

    Args:
        kind: `object` of a whole reply.
        streamed_kind: `object` of a chunk.
        with_usage: the stream ends with the usage.
    """

    def __init__(
        self,
        kind: str,
        streamed_kind: str,
        id_prefix: str,
        model: str,
        planned: Sequence[ReplyPlan],
        replies_per_prompt: int,
        with_usage: bool,
    ) -> None:
        self._kind, self._streamed_kind = kind, streamed_kind
        self._id, self._created, self._model = new_id(id_prefix), int(time.time()), model
        self._prompt_tokens = prompt_tokens(planned, replies_per_prompt)
        self._with_usage = with_usage

    def opening(self) -> bytes:
        return b""

    def quiet(self) -> bytes:
        return b": still at work\n\n"

    def end(self, ended: ReplyEnd) -> bytes:
        return self._chunk(self._last_choice(ended.index, _finish(ended.report)))

    def closing(self, reports: Sequence[ReplyReport]) -> bytes:
        usage = b""
        if self._with_usage:
            usage = event({**self._head(self._streamed_kind), "choices": [], "usage": self._usage(reports)})
        return usage + b"data: [DONE]\n\n"

    def error(self, status: int, message: str) -> bytes:
        kind = "server_error" if status >= 500 else "invalid_request_error"
        return event({"error": {"message": message, "type": kind, "param": None, "code": None}})

    def whole(self, texts: Sequence[str], ended: Sequence[ReplyEnd]) -> dict[str, Any]:
        choices = [
            self._whole_choice(one.index, text, _finish(one.report)) for text, one in zip(texts, ended, strict=True)
        ]
        usage = self._usage([one.report for one in ended])
        return {**self._head(self._kind), "choices": choices, "usage": usage}

    @abstractmethod
    def _whole_choice(self, index: int, text: str, finish: str) -> dict[str, Any]: ...

    @abstractmethod
    def _last_choice(self, index: int, finish: str) -> dict[str, Any]: ...

    def _chunk(self, choice: dict[str, Any]) -> bytes:
        usage = {"usage": None} if self._with_usage else {}
        return event({**self._head(self._streamed_kind), "choices": [choice], **usage})

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self._id, "object": kind, "created": self._created, "model": self._model}

    def _usage(self, reports: Iterable[ReplyReport]) -> dict[str, int]:
        delivered = sum(report.tokens_delivered for report in reports)
        return {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": delivered,
            "total_tokens": self._prompt_tokens + delivered,
        }


def _finish(report: ReplyReport) -> str:
    return report.finish if report.finish in ("length", "content_filter") else "stop"
