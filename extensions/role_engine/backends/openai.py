"""Any OpenAI-compatible server as an engine.

What can be resumed depends on the server, for OpenAI's own API knows no way to continue a reply:

| `continue_` | servers | how |
| --- | --- | --- |
| `webui` | text-generation-webui | `continue_: true`, the unfinished reply as the last message |
| `prefill` | vLLM, SGLang, llama.cpp's server | that message and `continue_final_message`, no `add_generation_prompt` |
| `none` | the rest | a violation in the first words is generated again, later ones fall to `on_failure` |

`auto` asks the server which one it is. Servers of `/v1/completions` resume raw text (`flavour="completions"`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from threading import Event
from typing import Any, Literal

from role_engine.backends.base import Capabilities, Chunk, Finish, GenerationRequest
from role_engine.backends.openai_server import OpenAIServer
from role_engine.held_text import DroppedHead

Continue = Literal["auto", "prefill", "webui", "none"]
Flavour = Literal["chat", "completions"]

MAX_STOP_STRINGS = 4
"""OpenAI refuses more. The guard applies all of them anyway."""
_PREFILLING = frozenset({"vllm", "sglang", "llamacpp", "role_engine"})
_FINISH: Mapping[str | None, Finish] = {"length": "length", "max_tokens": "length"}


class OpenAIBackend:
    """Streams from `/v1/chat/completions`, or from `/v1/completions`.

    The model's separate `reasoning_content` is not part of the reply and is passed over.

    Args:
        server: its address, with or without `/v1`, or an `OpenAIServer`.
        api_key: sent as a bearer token where it is not empty (an `OpenAIServer` brings its own).
        model: the model's name; empty: the first that the server lists.
        continue_: how a reply is resumed, see above.
        flavour: `chat` sends `request.messages`, `completions` sends `request.prompt`.
    """

    def __init__(
        self,
        server: str | OpenAIServer,
        *,
        api_key: str = "",
        model: str = "",
        continue_: Continue = "auto",
        flavour: Flavour = "chat",
    ) -> None:
        self._server = server if isinstance(server, OpenAIServer) else OpenAIServer(server, api_key=api_key)
        self._named = model
        self._continue = continue_
        self._flavour = flavour

    @cached_property
    def model(self) -> str:
        """The name that requests carry."""
        if self._named:
            return self._named
        return next((str(model["id"]) for model in self._models if model.get("id")), "default")

    @cached_property
    def continue_(self) -> Continue:
        """How a reply is resumed; for `auto` the server has been asked.

        Raises:
            BackendError: there is no server to ask.
        """
        if self._continue != "auto":
            return self._continue
        if self._server.get("/internal/model/info") is not None:
            return "webui"
        return "prefill" if any(model.get("owned_by") in _PREFILLING for model in self._models) else "none"

    @cached_property
    def capabilities(self) -> Capabilities:
        if self._flavour == "completions":
            return Capabilities(resume="prefix")
        return Capabilities(resume="none" if self.continue_ == "none" else "assistant_prefill")

    @cached_property
    def _models(self) -> list[dict[str, Any]]:
        listed = self._server.get("/models")
        models = listed.get("data") if isinstance(listed, dict) else None
        return [model for model in models if isinstance(model, dict)] if isinstance(models, list) else []

    def stream(self, request: GenerationRequest, *, cancel: Event) -> Iterator[Chunk]:
        """See `Backend.stream`. It hangs up when it is to end; what the server does then is its own affair."""
        path, body = self._text(request) if self._flavour == "completions" else self._chat(request)
        resumed_there = bool(body.get("continue_"))
        # The webui's continued replies begin with what stood already.
        new_text = DroppedHead([request.prefix] if resumed_there else [])
        new = ""
        finish: Finish = "stop"
        for event in self._server.events(path, body, cancel=cancel):
            for choice in event.get("choices") or ():
                if text := new_text.feed(_text_of(choice)):
                    new += text
                    yield Chunk(text)
                finish = _FINISH.get(choice.get("finish_reason"), finish)
        if rest := new_text.finish():
            yield Chunk(rest)
        if finish == "length" and resumed_there and not cancel.is_set() and not self._reached(request.max_tokens, new):
            finish = "stop"
        yield Chunk("", (), finish="cancelled" if cancel.is_set() else finish)

    def _reached(self, limit: int | None, new: str) -> bool:
        """Whether `new` is as long as it may be: the webui, continuing, measures the whole reply against the limit."""
        counted = next(self._server.events("/internal/token-count", {"text": new}, cancel=Event()), {})
        tokens = counted.get("length")
        return limit is None or not isinstance(tokens, int) or tokens >= limit

    def _text(self, request: GenerationRequest) -> tuple[str, dict[str, Any]]:
        return "/completions", {**self._common(request), "prompt": request.prompt + request.prefix}

    def _chat(self, request: GenerationRequest) -> tuple[str, dict[str, Any]]:
        body = {**self._common(request), "messages": [dict(message) for message in request.messages]}
        if request.prefix:
            body["messages"].append({"role": "assistant", "content": request.prefix})
            if self.continue_ == "webui":
                body["continue_"] = True
            else:
                body |= {"continue_final_message": True, "add_generation_prompt": False}
        return "/chat/completions", body

    def _common(self, request: GenerationRequest) -> dict[str, Any]:
        body: dict[str, Any] = {**request.options, "model": self.model, "stream": True}
        if request.max_tokens is not None:
            body["max_tokens"] = request.max_tokens
        if request.seed is not None and request.seed >= 0:
            body["seed"] = request.seed
        if request.stop:
            body["stop"] = list(request.stop[:MAX_STOP_STRINGS])
        return body


def _text_of(choice: Mapping[str, Any]) -> str:
    said = choice.get("delta") or choice.get("message") or choice
    text = said.get("content") if "content" in said else said.get("text")
    return text if isinstance(text, str) else ""
