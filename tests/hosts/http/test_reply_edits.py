"""What a reply says about itself is what was delivered, whatever the attempts and whatever the host counted."""

from __future__ import annotations

from typing import Any

import pytest

from role_engine.guard.report import ReplyReport
from role_engine.hosts.http.context import Endpoint, RequestContext
from role_engine.hosts.http.reply_edits import edit_reply
from role_engine.language.verdict import Violation


def context(endpoint: Endpoint, *reports: ReplyReport, n: int = 1) -> RequestContext:
    return RequestContext(endpoint, reports=list(reports), replies_per_prompt=n)


def report(finish: Any = "stop", delivered: int = 5, prompt: int | None = None, **more: Any) -> ReplyReport:
    return ReplyReport(finish=finish, tokens_delivered=delivered, tokens_prompt=prompt, **more)


def openai_reply(*finishes: str | None, prompt_tokens: int = 0) -> dict[str, Any]:
    choices = [{"index": index, "finish_reason": finish, "logprobs": None} for index, finish in enumerate(finishes)]
    usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 77, "total_tokens": prompt_tokens + 77}
    return {"choices": choices, "usage": usage}


@pytest.mark.parametrize("endpoint", ["chat", "completions"])
@pytest.mark.parametrize(
    ("host", "finish", "told"),
    [
        ("length", "stop", "stop"),
        ("stop", "length", "length"),
        ("stop", "content_filter", "content_filter"),
        ("tool_calls", "stop", "tool_calls"),
        ("length", None, "length"),
        ("length", "cancelled", "stop"),
    ],
)
def test_finish_reason(endpoint: Endpoint, host: str, finish: Any, told: str) -> None:
    reply = openai_reply(host)
    assert edit_reply(reply, context(endpoint, report(finish)))
    assert reply["choices"][0]["finish_reason"] == told
    assert reply["role_engine"]["attempts"] == 1


@pytest.mark.parametrize(
    ("host", "finish", "told"),
    [
        ("max_tokens", "stop", "end_turn"),
        ("end_turn", "length", "max_tokens"),
        ("end_turn", "content_filter", "refusal"),
        ("tool_use", "length", "tool_use"),
        ("stop_sequence", "stop", "stop_sequence"),
        ("stop_sequence", "length", "max_tokens"),
        ("end_turn", None, "end_turn"),
    ],
)
def test_stop_reason_of_a_message_and_of_its_last_event(host: str, finish: Any, told: str) -> None:
    usage = {"input_tokens": 0, "output_tokens": 77}
    message = {"type": "message", "stop_reason": host, "usage": dict(usage)}
    delta = {"type": "message_delta", "delta": {"stop_reason": host}, "usage": dict(usage)}
    for reply, ending in ((message, message), (delta, delta["delta"])):
        assert edit_reply(reply, context("messages", report(finish, prompt=11)))
        assert ending["stop_reason"] == told  # type: ignore[index]
        assert reply["usage"] == {"input_tokens": 11, "output_tokens": 5}
        assert reply["role_engine"]["tokens_delivered"] == 5  # type: ignore[index]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message_start", "message": {"usage": {"input_tokens": 0}}},
        {"type": "content_block_delta", "delta": {"text": "мир"}},
        {"type": "ping"},
        {"type": "error", "error": {"type": "api_error"}},
    ],
)
def test_other_events_of_a_message_are_left_alone(event: dict[str, Any]) -> None:
    assert not edit_reply(event, context("messages", report()))
    assert "role_engine" not in event


def test_the_prompt_as_the_report_counts_it_or_else_as_the_host_does() -> None:
    counted, uncounted = openai_reply("stop", prompt_tokens=7), openai_reply("stop", prompt_tokens=7)
    edit_reply(counted, context("chat", report(prompt=30)))
    edit_reply(uncounted, context("chat", report(prompt=None)))
    assert counted["usage"] == {"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35}
    assert uncounted["usage"] == {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}


def test_one_choice_that_took_several_replies_ends_as_the_last_one() -> None:
    reply = openai_reply("stop", prompt_tokens=7)
    edit_reply(reply, context("chat", report("stop", 3, 10), report("length", 5, 14)))
    assert reply["choices"][0]["finish_reason"] == "length"
    assert reply["usage"] == {"prompt_tokens": 10, "completion_tokens": 8, "total_tokens": 18}
    assert len(reply["role_engine"]["replies"]) == 2


def test_several_replies_to_several_prompts() -> None:
    reply = openai_reply("stop", "stop", "stop", "stop", prompt_tokens=7)
    reports = [report("length", 1, 10), report("stop", 2, 10), report("stop", 3, 20), report("content_filter", 4, 20)]
    edit_reply(reply, context("completions", *reports, n=2))
    assert [choice["finish_reason"] for choice in reply["choices"]] == ["length", "stop", "stop", "content_filter"]
    assert reply["usage"] == {"prompt_tokens": 30, "completion_tokens": 10, "total_tokens": 40}
    assert [one["tokens_delivered"] for one in reply["role_engine"]["replies"]] == [1, 2, 3, 4]


def test_a_prompt_that_nobody_counted_leaves_the_hosts_number() -> None:
    reply = openai_reply("stop", "stop", prompt_tokens=7)
    edit_reply(reply, context("completions", report(prompt=10), report(prompt=None)))
    assert reply["usage"]["prompt_tokens"] == 7


def test_replies_without_a_report_keep_the_hosts_figures() -> None:
    reply = openai_reply("stop", "stop", prompt_tokens=7)
    edit_reply(reply, context("completions", report("length")))
    assert [choice["finish_reason"] for choice in reply["choices"]] == ["length", "stop"]
    assert reply["usage"]["completion_tokens"] == 77


def test_in_a_stream_the_report_comes_with_the_finish_and_the_usage_where_it_is() -> None:
    request = context("chat", report("length", 5, 11))
    middle = {"choices": [{"index": 0, "finish_reason": None, "delta": {"content": "мир"}}], "usage": None}
    last = {"choices": [{"index": 0, "finish_reason": "stop", "delta": {}}], "usage": None}
    usage = {"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 77, "total_tokens": 77}}
    assert not edit_reply(middle, request)
    assert edit_reply(last, request)
    assert (last["choices"][0]["finish_reason"], last["usage"]) == ("length", None)  # type: ignore[index]
    assert "role_engine" in last
    assert edit_reply(usage, request)
    assert usage["usage"] == {"prompt_tokens": 11, "completion_tokens": 5, "total_tokens": 16}
    assert "role_engine" not in usage


def test_log_probabilities_do_not_show_what_was_thrown_away() -> None:
    chunk = {"choices": [{"index": 0, "finish_reason": None, "logprobs": {"content": [{"token": "внеза然"}]}}]}
    clean = context("chat", report())
    assert not edit_reply(chunk, clean)
    assert edit_reply(chunk, context("chat", report(rejected=[Violation("cjk", 5, 6, "然")])))
    assert chunk["choices"][0]["logprobs"] is None


def test_the_rejected_text_only_on_request() -> None:
    request = context("chat", report(attempts=2, rejected=[Violation("cjk", 5, 6, "然")]))
    counts, full = openai_reply("stop"), openai_reply("stop")
    edit_reply(counts, request)
    request.detail = "full"
    edit_reply(full, request)
    assert counts["role_engine"]["rejected"] == [{"kind": "cjk", "count": 1}]
    assert full["role_engine"]["rejected"] == [{"kind": "cjk", "text": "然", "count": 1}]


@pytest.mark.parametrize("reply", [{}, {"choices": None}, {"choices": [5], "usage": 3}, {"error": {}, "choices": []}])
@pytest.mark.parametrize("endpoint", ["chat", "completions", "messages"])
def test_an_unexpected_shape_is_left_alone(reply: dict[str, Any], endpoint: Endpoint) -> None:
    before = repr(reply)
    assert not edit_reply(reply, context(endpoint, report()))
    assert repr(reply) == before


def test_without_a_report_nothing_is_touched() -> None:
    reply = openai_reply("length")
    assert not edit_reply(reply, context("chat"))
    assert reply == openai_reply("length")
