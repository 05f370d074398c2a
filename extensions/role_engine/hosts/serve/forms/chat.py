"""/v1/chat/completions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from role_engine.hosts.plan import Planned
from role_engine.hosts.serve.forms.base import OpenAIForm


class ChatForm(OpenAIForm):
    def __init__(self, model: str, planned: Sequence[Planned], *, with_usage: bool = False) -> None:
        kinds = ("chat.completion", "chat.completion.chunk", "chatcmpl-")
        super().__init__(*kinds, model, planned, len(planned), with_usage)
        self._choices = len(planned)

    def opening(self) -> bytes:
        first = {"role": "assistant", "content": ""}
        return b"".join(self._chunk(self._delta(index, first)) for index in range(self._choices))

    def piece(self, index: int, text: str) -> bytes:
        return self._chunk(self._delta(index, {"content": text}))

    def _delta(self, index: int, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {"index": index, "delta": delta, "logprobs": None, "finish_reason": finish}

    def _last_choice(self, index: int, finish: str) -> dict[str, Any]:
        return self._delta(index, {}, finish)

    def _whole_choice(self, index: int, text: str, finish: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text, "refusal": None}
        return {"index": index, "message": message, "logprobs": None, "finish_reason": finish}
