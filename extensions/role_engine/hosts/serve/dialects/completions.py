"""/v1/completions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from role_engine.app.reply_plan import ReplyPlan
from role_engine.hosts.serve.dialects.base import OpenAIDialect


class CompletionDialect(OpenAIDialect):
    def __init__(
        self, model: str, planned: Sequence[ReplyPlan], *, replies_per_prompt: int = 1, with_usage: bool = False
    ) -> None:
        kinds = ("text_completion", "text_completion", "cmpl-")
        super().__init__(*kinds, model, planned, replies_per_prompt, with_usage)

    def piece(self, index: int, text: str) -> bytes:
        return self._chunk(self._whole_choice(index, text, None))

    def _last_choice(self, index: int, finish: str) -> dict[str, Any]:
        return self._whole_choice(index, "", finish)

    def _whole_choice(self, index: int, text: str, finish: str | None) -> dict[str, Any]:
        return {"index": index, "text": text, "logprobs": None, "finish_reason": finish}
