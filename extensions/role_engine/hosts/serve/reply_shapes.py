"""The replies of the three endpoints, as the API's documentation has them: nothing is written through these.

The tests hold real replies against them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from role_engine.hosts.http.schemas import GuardReport, GuardReports


class Usage(BaseModel):
    """What was delivered, and the whole prompt with the role in it."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


Finish = Literal["stop", "length", "content_filter"]


class ChatAnswer(BaseModel):
    role: Literal["assistant"]
    content: str
    refusal: None
    reasoning_content: str | None = Field(default=None, description="What the model thought before its answer.")


class ChatChoice(BaseModel):
    index: int
    message: ChatAnswer
    logprobs: None
    finish_reason: Finish


class ChatReply(BaseModel):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: Usage
    role_engine: GuardReport | GuardReports


class CompletionChoice(BaseModel):
    index: int
    text: str
    logprobs: None
    finish_reason: Finish


class CompletionReply(BaseModel):
    id: str
    object: Literal["text_completion"]
    created: int
    model: str
    choices: list[CompletionChoice]
    usage: Usage
    role_engine: GuardReport | GuardReports


class TextBlock(BaseModel):
    type: Literal["text"]
    text: str


class ThinkingBlock(BaseModel):
    type: Literal["thinking"]
    thinking: str
    signature: Literal[""]


class MessagesUsage(BaseModel):
    input_tokens: int
    output_tokens: int


class MessagesReply(BaseModel):
    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    model: str
    content: list[TextBlock | ThinkingBlock]
    stop_reason: Literal["end_turn", "max_tokens", "stop_sequence", "refusal"]
    stop_sequence: str | None
    usage: MessagesUsage
    role_engine: GuardReport


class ModelEntry(BaseModel):
    id: str = Field(description="The model's name, or `role:ID`.")
    object: Literal["model"]
    created: int
    owned_by: str
    name: str | None = Field(default=None, description="Of a role.")
    description: str | None = Field(default=None, description="Of a role.")


class ModelListing(BaseModel):
    object: Literal["list"]
    data: list[ModelEntry]
