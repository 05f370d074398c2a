"""/v1/messages, Anthropic's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from role_engine.app.reply_plan import ReplyPlan
from role_engine.guard.report import ReplyReport
from role_engine.hosts.serve.dialects.base import event, new_id, prompt_tokens
from role_engine.hosts.serve.reply_job import ReplyEnd
from role_engine.modes.reasoning import ReasoningSplitter, ReplyPart, split_reasoning

BlockKind = Literal["thinking", "text"]

_STOP_REASONS = {"length": "max_tokens", "content_filter": "refusal"}


class MessagesDialect:
    """The reasoning is a content block of its own, its signature empty: nobody here could check one."""

    def __init__(self, model: str, planned: Sequence[ReplyPlan]) -> None:
        self._id, self._model = new_id("msg_"), model
        self._prompt_tokens = prompt_tokens(planned, 1)
        self._tail = planned[0].request.prompt_suffix
        self._splitter = ReasoningSplitter(self._tail)
        self._block = 0
        self._kind: BlockKind | None = None
        """Of the block that is open."""

    def opening(self) -> bytes:
        return _event("message_start", message=self._message([], self._usage(0), None))

    def quiet(self) -> bytes:
        return _event("ping")

    def piece(self, index: int, text: str) -> bytes:
        return b"".join(map(self._part, self._splitter.feed(text)))

    def end(self, ended: ReplyEnd) -> bytes:
        rest = b"".join(map(self._part, self._splitter.finish()))
        if self._kind is None:  # nothing was said: clients look for a block all the same
            rest += self._begun("text")
        delta = dict(zip(("stop_reason", "stop_sequence"), _stop(ended), strict=True))
        usage = self._usage(ended.report.tokens_delivered)
        return rest + self._closed() + _event("message_delta", delta=delta, usage=usage)

    def _part(self, part: ReplyPart) -> bytes:
        kind: BlockKind = "thinking" if part.is_reasoning else "text"
        delta = {"type": f"{kind}_delta", kind: part.text}
        return self._begun(kind) + _event("content_block_delta", index=self._block, delta=delta)

    def _begun(self, kind: BlockKind) -> bytes:
        """What makes `kind` the open block."""
        if self._kind == kind:
            return b""
        closed, self._kind = self._closed(), kind
        return closed + _event("content_block_start", index=self._block, content_block=_block(kind, ""))

    def _closed(self) -> bytes:
        if self._kind is None:
            return b""
        stop = _event("content_block_stop", index=self._block)
        self._block, self._kind = self._block + 1, None
        return stop

    def closing(self, reports: Sequence[ReplyReport]) -> bytes:
        return _event("message_stop")

    def error(self, status: int, message: str) -> bytes:
        kind = "api_error" if status >= 500 else "invalid_request_error"
        return _event("error", error={"type": kind, "message": message})

    def whole(self, texts: Sequence[str], ended: Sequence[ReplyEnd]) -> dict[str, Any]:
        (text,), (one,) = texts, ended
        reasoning, answer = split_reasoning(text, self._tail)
        content = [_block("thinking", reasoning)] if reasoning else []
        if answer or not content:
            content.append(_block("text", answer))
        return self._message(content, self._usage(one.report.tokens_delivered), one)

    def _message(self, content: list[dict[str, Any]], usage: dict[str, int], ended: ReplyEnd | None) -> dict[str, Any]:
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


def _block(kind: BlockKind, text: str) -> dict[str, Any]:
    signature = {"signature": ""} if kind == "thinking" else {}
    return {"type": kind, kind: text, **signature}


def _event(kind: str, **content: Any) -> bytes:
    return event({"type": kind, **content}, kind)


def _stop(ended: ReplyEnd) -> tuple[str, str | None]:
    """`stop_reason` and `stop_sequence`."""
    if ended.stop_sequence is not None:
        return "stop_sequence", ended.stop_sequence
    return _STOP_REASONS.get(ended.report.finish or "", "end_turn"), None
