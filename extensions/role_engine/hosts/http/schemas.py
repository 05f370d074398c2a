"""What the HTTP surface is asked and says, as the API's documentation has it: nothing is read or written through these.

The tests hold real answers against them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from role_engine.backends.base import Constraint
from role_engine.hosts.http.parsing import HEADER
from role_engine.language.policy import Mode
from role_engine.language.verdict import Kind

# --- asking for a role ------------------------------------------------------------------------------------------------

HEADER_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The id of a role, `ID:MODE`, or `:MODE`. The `role_engine` field goes before it, key by key.",
}

FIELD_SCHEMA: dict[str, Any] = {
    "description": "Who answers, and how its language is held. An id alone, or `ID:MODE`, may stand for the object.",
    "anyOf": [
        {"type": "string"},
        {"type": "null"},
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "role": {
                    "anyOf": [{"type": "string"}, {"type": "null"}],
                    "description": "The id of a role (`GET /v1/role-engine/roles` lists them); `none`: no persona.",
                },
                "mode": {
                    "enum": ["off", "strict", "balanced", None],
                    "description": "The language check: none, Cyrillic only, or as a Russian editor would have it.",
                },
                "thinking": {
                    "anyOf": [{"type": "string"}, {"type": "null"}],
                    "description": "How it is thought before the answer: `none`, `think`, `recursion`, `conflict` or a "
                    "mode of your own.",
                },
                "report": {
                    "enum": ["counts", "full", None],
                    "description": "Whether the reply's report shows the rejected text itself.",
                },
            },
        },
    ],
    "examples": [{"mode": "strict"}],
}


# --- what a reply says ------------------------------------------------------------------------------------------------


class Rejected(BaseModel):
    kind: Kind
    count: int
    text: str | None = Field(default=None, description='Only with `"report": "full"`.')


class GuardReport(BaseModel):
    """What happened to a reply on its way out."""

    role: str | None
    mode: Mode
    thinking: str
    constraint: Constraint = Field(description="How the model was held while decoding.")
    attempts: int = Field(description="Generations started; 1: nothing was rejected.")
    rejected: list[Rejected]
    stripped: int = Field(description="Spans left out because no attempt was clean.")
    tokens_rejected: int
    tokens_delivered: int
    late: int = Field(description="Spans found only after their text was sent.")
    relaxed: str | None = Field(description="The language that the user asked for and that was let through.")
    failed: bool = Field(description="Some spot could not be generated cleanly.")
    left_out: list[str] | None = Field(default=None, description="What of the role had no room in its share.")


class GuardReports(BaseModel):
    """The reports of a request that made several replies, in the order of the choices."""

    replies: list[GuardReport]


# --- errors -----------------------------------------------------------------------------------------------------------


class OpenAIErrorDetail(BaseModel):
    message: str = Field(description="What, where, and what to do.")
    type: str
    param: str | None = Field(description="The place in the request.")
    code: None


class OpenAIError(BaseModel):
    error: OpenAIErrorDetail


class AnthropicErrorDetail(BaseModel):
    type: str
    message: str


class AnthropicError(BaseModel):
    type: Literal["error"]
    error: AnthropicErrorDetail


NO_KEY: dict[int | str, dict[str, Any]] = {401: {"model": OpenAIError, "description": "The key is missing or wrong."}}
ANY_ERROR: dict[int | str, dict[str, Any]] = {
    "default": {"model": OpenAIError, "description": "Anything else that went wrong, in `message`."}
}
"""Stands for the 422 as well, which nobody here answers."""


# --- /v1/role-engine/* ------------------------------------------------------------------------------------------------


class RoleSummary(BaseModel):
    id: str
    name: str
    description: str
    mode: Mode
    thinking: str
    template: str | None
    handoff: list[str]


class RoleListing(BaseModel):
    object: Literal["list"]
    data: list[RoleSummary]
    errors: dict[str, str] = Field(description="By role: why its file does not work.")


class TokenUsage(BaseModel):
    """What the role costs of a context, in tokens."""

    context: int | None
    parts: dict[str, int]
    total: int
    left_out: list[str]
    reply: int | None = Field(description="What is left for history and reply.")


class ShownRole(BaseModel):
    """A role with everything that it extends already in it; of its files only the names."""

    object: Literal["role"]
    id: str
    name: str
    system: str
    description: str
    greeting: str
    examples: list[dict[str, str]]
    reminder: str
    negative: list[str]
    template: str | None
    language: dict[str, Any]
    thinking: dict[str, Any]
    handoff: list[str]
    knowledge: dict[str, Any]
    lora: dict[str, Any] | None
    sampling: dict[str, Any]
    budget: dict[str, Any]
    jinja: bool
    card: str | None
    bill: TokenUsage | None = Field(default=None, description="Only where `context` asks for it.")


class FoundSpan(BaseModel):
    kind: Kind
    start: int = Field(description="In characters.")
    end: int = Field(description="Exclusive.")
    text: str


class CheckVerdict(BaseModel):
    ok: bool
    violations: list[FoundSpan]
    late: list[FoundSpan] = Field(description="Could only be judged after their text was released; they never block.")
    relaxed: str | None = Field(default=None, description="The language that the context asked for.")


class Queue(BaseModel):
    running: int
    waiting: int
    limit: int
    refused: int


class Counters(BaseModel):
    """Sums since the start."""

    replies: int
    rejected_replies: int
    failed: int
    attempts: int
    stripped: int
    tokens_delivered: int
    tokens_rejected: int
    rejected: dict[Kind, int] = Field(description="By kind.")
    queue: Queue | None = Field(default=None, description="Of a server of our own.")


class Health(BaseModel):
    status: Literal["ok"]
    version: str
    model: str | None
    loader: str | None
    roles: int
    broken_roles: list[str]
