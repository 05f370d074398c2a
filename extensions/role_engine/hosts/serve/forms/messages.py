"""/v1/messages, Anthropic's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from role_engine.guard.report import ReplyReport
from role_engine.hosts.plan import Planned
from role_engine.hosts.serve.forms.base import event, new_id, prompt_tokens
from role_engine.hosts.serve.job import Ended

_STOP_REASONS = {"length": "max_tokens", "content_filter": "refusal"}


class MessagesForm:
    def __init__(self, model: str, planned: Sequence[Planned]) -> None:
        self._id, self._model = new_id("msg_"), model
        self._prompt_tokens = prompt_tokens(planned, 1)

    def opening(self) -> bytes:
        block = {"type": "text", "text": ""}
        return _event("message_start", message=self._message([], self._usage(0), None)) + _event(
            "content_block_start", index=0, content_block=block
        )

    def quiet(self) -> bytes:
        return _event("ping")

    def piece(self, index: int, text: str) -> bytes:
        return _event("content_block_delta", index=0, delta={"type": "text_delta", "text": text})

    def ended(self, ended: Ended) -> bytes:
        delta = dict(zip(("stop_reason", "stop_sequence"), _stop(ended), strict=True))
        usage = self._usage(ended.report.tokens_delivered)
        return _event("content_block_stop", index=0) + _event("message_delta", delta=delta, usage=usage)

    def closing(self, reports: Sequence[ReplyReport]) -> bytes:
        return _event("message_stop")

    def error(self, status: int, message: str) -> bytes:
        kind = "api_error" if status >= 500 else "invalid_request_error"
        return _event("error", error={"type": kind, "message": message})

    def whole(self, texts: Sequence[str], ended: Sequence[Ended]) -> dict[str, Any]:
        (text,), (one,) = texts, ended
        return self._message([{"type": "text", "text": text}], self._usage(one.report.tokens_delivered), one)

    def _message(self, content: list[dict[str, Any]], usage: dict[str, int], ended: Ended | None) -> dict[str, Any]:
        reason, sequence = _stop(ended) if ended is not None else (None, None)
        return {
            "id": self._id,
            "type": "message",
            "role": "assistant",
            "model": self._model,
            "content": content,
            "stop_reason": reason,
            "stop_sequence": sequence,
            "usage": usage,
        }

    def _usage(self, delivered: int) -> dict[str, int]:
        return {"input_tokens": self._prompt_tokens, "output_tokens": delivered}


def _event(kind: str, **content: Any) -> bytes:
    return event({"type": kind, **content}, kind)


def _stop(ended: Ended) -> tuple[str, str | None]:
    """`stop_reason` and `stop_sequence`."""
    if ended.stop_sequence is not None:
        return "stop_sequence", ended.stop_sequence
    return _STOP_REASONS.get(ended.report.finish or "", "end_turn"), None
