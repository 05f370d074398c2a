"""A long role in a small context: a retry near the end of a long reply still starts from the whole role."""

from __future__ import annotations

import itertools

import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import ask, chat_body
from .host import Host

SHARE = "budget: {max_share: 0.9}\n"
CONTEXT, ROLE_TOKENS, REPLY_TOKENS = 4096, 3000, 900
FIRST_WORDS = "Самое начало длинной роли."
SENTENCES = (
    "Ты отвечаешь спокойно и ясно.",
    "Ты не спешишь с выводами и взвешиваешь каждое слово.",
    "Ты помнишь, о чём тебя спросили, и держишься этого вопроса.",
    "Ты приводишь примеры из жизни, когда они помогают понять мысль.",
)


def long_role(host: Host) -> str:
    """A role whose system text has some 3,000 tokens by the host's own count."""

    def count(text: str) -> int:
        answer = host.client.post("/v1/internal/token-count", json={"text": text})
        return int(answer.json()["length"])

    per_round = count(" ".join(SENTENCES))
    text = [FIRST_WORDS, *itertools.islice(itertools.cycle(SENTENCES), 4 * int(ROLE_TOKENS / per_round) - 2)]
    while count(" ".join(text)) > ROLE_TOKENS:
        text.pop()
    assert count(" ".join(text)) > 0.95 * ROLE_TOKENS
    return " ".join(text)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_the_resumed_prompt_still_begins_with_the_role(tiny: Host, stream: bool) -> None:
    tiny.write_role(
        "test-long", f'name: Длинная\nsystem: "{long_role(tiny)}"\nlanguage: {{mode: strict, decoder: off}}\n{SHARE}'
    )
    for seed in range(1, 9):
        mark = tiny.recording.mark()
        body = chat_body(
            "Расскажи о море.",
            seed=seed,
            max_tokens=REPLY_TOKENS,
            truncation_length=CONTEXT,
            ban_eos_token=True,
            stream=stream,
            role_engine={"role": "test-long"},
        )
        reply = ask(tiny.client, client.CHAT, body)
        runs = tiny.recording.runs(mark)
        for run in runs:
            assert FIRST_WORDS in run.prompt[:200], f"the role was cut off: {run.prompt[:200]!r}"
            assert run.tokens + run.max_new_tokens <= CONTEXT, (run.tokens, run.max_new_tokens)
        assert name_foreign(reply.text) == []
        late = [run for run in runs if run.tokens - runs[0].tokens >= REPLY_TOKENS - 100]
        if late:
            assert reply.report["tokens_delivered"] <= REPLY_TOKENS
            return
    pytest.fail("in 8 replies no retry came in the last hundred tokens: the test proves nothing")


def test_a_reply_without_a_limit_ends_with_the_context(tiny: Host) -> None:
    """`max_tokens` left out: the host takes what is left of the context, and so does each retry."""
    tiny.write_role("test-long", f'name: Длинная\nsystem: "{long_role(tiny)}"\nlanguage: {{mode: strict}}\n{SHARE}')
    body = chat_body("Расскажи о море.", truncation_length=3700, ban_eos_token=True, role_engine={"role": "test-long"})
    del body["max_tokens"]
    mark = tiny.recording.mark()
    reply = ask(tiny.client, client.CHAT, body)
    for run in tiny.recording.runs(mark):
        assert FIRST_WORDS in run.prompt[:200]
        assert run.tokens + len(run.steps) <= 3700 + 2
    assert name_foreign(reply.text) == []
    assert reply.finish in ("length", "content_filter")
