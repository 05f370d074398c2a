"""/v1/chat/completions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from role_engine.app.reply_plan import ReplyPlan
from role_engine.hosts.serve.dialects.base import OpenAIDialect
from role_engine.hosts.serve.reply_job import ReplyEnd
from role_engine.modes.reasoning import ReasoningSplitter, ReplyPart, split_reasoning


class ChatDialect(OpenAIDialect):
    """The reasoning goes into `reasoning_content`, as in text-generation-webui and the servers that it is like."""

    def __init__(self, model: str, planned: Sequence[ReplyPlan], *, with_usage: bool = False) -> None:
        kinds = ("chat.completion", "chat.completion.chunk", "chatcmpl-")
        super().__init__(*kinds, model, planned, len(planned), with_usage)
        self._tails = [one.request.prompt_suffix for one in planned]
        self._splitters = [ReasoningSplitter(tail) for tail in self._tails]

    def opening(self) -> bytes:
        first = {"role": "assistant", "content": ""}
        return b"".join(self._chunk(self._delta(index, first)) for index in range(len(self._tails)))

    def piece(self, index: int, text: str) -> bytes:
        return self._deltas(index, self._splitters[index].feed(text))

    def end(self, ended: ReplyEnd) -> bytes:
        return self._deltas(ended.index, self._splitters[ended.index].finish()) + super().end(ended)

    def _deltas(self, index: int, parts: Sequence[ReplyPart]) -> bytes:
        keys = [("reasoning_content" if part.is_reasoning else "content", part.text) for part in parts]
        return b"".join(self._chunk(self._delta(index, {key: text})) for key, text in keys)

    def _delta(self, index: int, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}

    def _last_choice(self, index: int, finish: str) -> dict[str, Any]:
        return self._delta(index, {}, finish)

    def _whole_choice(self, index: int, text: str, finish: str) -> dict[str, Any]:
        reasoning, answer = split_reasoning(text, self._tails[index])
        message = {"role": "assistant", "content": answer, "refusal": None}
        if reasoning:
            message["reasoning_content"] = reasoning
        return {"index": index, "message": message, "logprobs": None, "finish_reason": finish}
