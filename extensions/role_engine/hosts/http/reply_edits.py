"""The guard's report, finish reason and token counts, written into a reply of each API, whole or in events."""

from __future__ import annotations

from typing import Any

from role_engine.guard.report import ReplyReport
from role_engine.hosts.http.context import RequestContext
from role_engine.hosts.http.parsing import FIELD

# `cancelled` reaches a client that is still there when the user stopped the generation: to it, the reply just ends.
_OPENAI_FINISH = {"stop": "stop", "length": "length", "content_filter": "content_filter", "cancelled": "stop"}
_ANTHROPIC_FINISH = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal", "cancelled": "end_turn"}


def edit_reply(reply: dict[str, Any], context: RequestContext) -> bool:
    """Change a reply's JSON object, or one event's, in place. Whether anything was changed."""
    if not context.reports or "error" in reply:
        return False
    return _edit_anthropic(reply, context) if context.endpoint == "messages" else _edit_openai(reply, context)


def report_object(context: RequestContext) -> dict[str, Any]:
    """The `role_engine` object: the report, or `{"replies": […]}` where the request made several."""
    reports = [report.as_dict(context.detail) for report in context.reports]
    return reports[0] if len(reports) == 1 else {"replies": reports}


def _edit_openai(reply: dict[str, Any], context: RequestContext) -> bool:
    choices = reply.get("choices")
    if not isinstance(choices, list):
        return False
    changed = False
    for choice in choices:
        if isinstance(choice, dict):
            changed |= _edit_choice(choice, _report_of(choice, context))
    if any(isinstance(choice, dict) and choice.get("finish_reason") for choice in choices):
        reply[FIELD] = report_object(context)
        changed = True
    usage = reply.get("usage")
    if isinstance(usage, dict) and len(context.reports) >= len(choices):
        _count(usage, context, "prompt_tokens", "completion_tokens")
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
        changed = True
    return changed


def _edit_choice(choice: dict[str, Any], report: ReplyReport | None) -> bool:
    if report is None:
        return False
    changed = False
    finish = choice.get("finish_reason")
    if finish and finish != "tool_calls" and report.finish and finish != _OPENAI_FINISH[report.finish]:
        choice["finish_reason"] = _OPENAI_FINISH[report.finish]
        changed = True
    if report.rejected and choice.get("logprobs"):
        # The engine's log probabilities are of what it sampled: they would show the text that was thrown away.
        choice["logprobs"] = None
        changed = True
    return changed


def _report_of(choice: dict[str, Any], context: RequestContext) -> ReplyReport | None:
    index = choice.get("index", 0)
    if context.endpoint == "chat" and context.replies_per_prompt == 1:
        # One choice, possibly made in several replies: the last one ends it.
        return context.reports[-1]
    return context.reports[index] if isinstance(index, int) and 0 <= index < len(context.reports) else None


def _edit_anthropic(reply: dict[str, Any], context: RequestContext) -> bool:
    if reply.get("type") == "message":
        ending = reply
    elif reply.get("type") == "message_delta" and isinstance(reply.get("delta"), dict):
        ending = reply["delta"]
    else:
        return False
    finish = context.reports[-1].finish
    # A stop string is the finer word for `stop`, and a tool call ends the turn whatever the guard saw last.
    kept = {"tool_use", "stop_sequence"} if finish in ("stop", "cancelled") else {"tool_use"}
    if finish and ending.get("stop_reason") not in kept:
        ending["stop_reason"] = _ANTHROPIC_FINISH[finish]
    if isinstance(reply.get("usage"), dict):
        _count(reply["usage"], context, "input_tokens", "output_tokens")
    reply[FIELD] = report_object(context)
    return True


def _count(usage: dict[str, Any], context: RequestContext, prompt_key: str, reply_key: str) -> None:
    usage[reply_key] = sum(report.tokens_delivered for report in context.reports)
    prompts = [report.tokens_prompt for report in _one_per_prompt(context)]
    known = [tokens for tokens in prompts if tokens is not None]
    if len(known) == len(prompts):
        usage[prompt_key] = sum(known)
    usage[prompt_key] = usage.get(prompt_key) or 0


def _one_per_prompt(context: RequestContext) -> list[ReplyReport]:
    """The first report of each prompt: a prompt counts once, however many replies it gets."""
    if context.endpoint != "completions":
        return context.reports[:1]
    return context.reports[:: max(1, context.replies_per_prompt)]
