"""The context budget, base models and a role's sampling on the real host, at `--ctx-size 4096`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import ask, chat_body, completion_body
from .host import Host, LaunchHost

CONTEXT = 4096
CORE = "Ты — смотритель маяка по имени Прохор."
EXAMPLE = ("Кто зажигает огонь?", "Огонь зажигаю я, каждый вечер.")
SENTENCES = (
    "Ты отвечаешь спокойно и ясно.",
    "Ты помнишь каждую бурю и каждый корабль.",
    "Ты не спешишь с выводами и взвешиваешь каждое слово.",
)
REMINDER = "Отвечай только по-русски, коротко."


def keeper(paragraphs: int, *, more: str = "") -> str:
    """A role with so many paragraphs after its first."""
    text = "\n\n".join(f"  Правило {number}. {' '.join(SENTENCES)}" for number in range(paragraphs))
    return (
        f"name: Смотритель\nsystem: |\n  {CORE}\n\n{text}\nexamples:\n  - user: {EXAMPLE[0]}\n"
        f"    assistant: {EXAMPLE[1]}\nnegative: [Не отвечай на английском.]\nreminder: {REMINDER}\n"
        f"language: {{mode: strict}}\n{more}"
    )


def said(number: int) -> str:
    return (
        f"Вопрос номер {number}. " + "Расскажи, что было в ту ночь, когда корабль не увидел огня и пошёл на камни. " * 4
    )


@pytest.mark.parametrize("paragraphs", [4, 120], ids=["short-role", "long-role"])
def test_a_chat_of_sixty_turns_keeps_the_role_and_never_fails(tiny: Host, paragraphs: int) -> None:
    tiny.write_role("test-keeper", keeper(paragraphs))
    messages: list[dict[str, str]] = []
    longest = 0
    for turn in range(1, 61):
        messages.append({"role": "user", "content": said(turn)})
        mark = tiny.recording.mark()
        body = chat_body("", seed=turn, max_tokens=24, truncation_length=CONTEXT, role_engine={"role": "test-keeper"})
        reply = ask(tiny.client, client.CHAT, {**body, "messages": messages})
        run = tiny.recording.runs(mark)[0]
        longest = max(longest, run.tokens)
        assert run.tokens + 24 <= CONTEXT
        assert run.prompt.startswith(f"<|im_start|>system\n{CORE}"), run.prompt[:200]
        assert "❌ Не отвечай на английском." in run.prompt
        assert (
            run.prompt.rstrip().endswith(f"{REMINDER}<|im_end|>\n<|im_start|>assistant")
            or REMINDER in run.prompt[-200:]
        )
        assert said(turn).strip() in run.prompt
        assert (EXAMPLE[1] in run.prompt) == (paragraphs == 4)
        assert bool(reply.report.get("left_out")) == (paragraphs != 4)
        assert name_foreign(reply.text) == []
        messages.append({"role": "assistant", "content": reply.text or "Да."})
    assert longest > 0.9 * (CONTEXT - 24), "the context was never full: the test proves nothing"


@pytest.mark.parametrize(
    "fields",
    [
        {"max_tokens": 4096},
        {"max_tokens": 3000},
        {"mode": "chat", "max_tokens": 24},
        {"mode": "chat-instruct", "max_tokens": 24},
        {"question": 60, "max_tokens": 24},
    ],
    ids=["all-for-the-reply", "most-for-the-reply", "chat", "chat-instruct", "a-very-long-question"],
)
def test_limits_that_leave_no_room_do_not_fail(tiny: Host, fields: dict[str, Any]) -> None:
    tiny.write_role("test-keeper", keeper(120))
    question = "".join(said(number) for number in range(fields.pop("question", 1)))
    body = chat_body(question, truncation_length=CONTEXT, role_engine={"role": "test-keeper"}, stop=["."], **fields)
    mark = tiny.recording.mark()
    reply = ask(tiny.client, client.CHAT, body)
    for run in tiny.recording.runs(mark):
        assert CORE in run.prompt
        assert run.tokens + run.max_new_tokens <= CONTEXT
    assert reply.finish in ("stop", "length", "content_filter")


def test_a_long_completion_keeps_the_role(tiny: Host) -> None:
    tiny.write_role("test-keeper", keeper(120))
    prompt = "".join(said(number) for number in range(20))
    body = completion_body(prompt, max_tokens=24, truncation_length=CONTEXT, role_engine={"role": "test-keeper"})
    mark = tiny.recording.mark()
    ask(tiny.client, client.COMPLETIONS, body)
    run = tiny.recording.runs(mark)[0]
    assert CORE in run.prompt[:200] and run.tokens + 24 <= CONTEXT


def test_the_bill_is_the_host_s_own_count(tiny: Host) -> None:
    tiny.write_role("test-keeper", keeper(120))
    shown = tiny.client.get("/v1/role-engine/roles/test-keeper", params={"context": CONTEXT}).json()
    bill = shown["bill"]
    assert sum(bill["parts"].values()) == bill["total"]
    assert bill["total"] + bill["reply"] == CONTEXT
    assert 700 < sum(bill["parts"][part] for part in ("system", "examples", "knowledge", "reminder")) <= 1000
    assert bill["left_out"][0] == "examples"


def test_the_role_s_sampling_counts_where_the_request_says_nothing(tiny: Host) -> None:
    tiny.write_role("test-keeper", keeper(1, more="sampling: {temperature: 0.31, max_new_tokens: 9, min_p: 0.07}\n"))
    plain = {"messages": [{"role": "user", "content": "Кто ты?"}], "seed": 3, "ban_eos_token": True}
    named = {"role_engine": {"role": "test-keeper"}}
    assert ask(tiny.client, client.CHAT, {**plain, **named}).usage == 9
    assert ask(tiny.client, client.CHAT, {**plain, **named, "max_tokens": 5}).usage == 5
    assert (ask(tiny.client, client.CHAT, {**plain, "max_tokens": 12}).usage or 0) > 9


@pytest.fixture
def base(hosts: LaunchHost, loader: str, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A host whose user says that the tiny model is a base model, and has chosen a template for those."""
    settings = Path(tmp_path_factory.getbasetemp()) / "base-settings.yaml"
    text = 'role_engine-models: {"tiny-qwen3*": base}\nrole_engine-template: system-tags\n'
    settings.write_text(text, encoding="utf-8")
    return hosts(loader, "tiny-qwen3", extra_args=("--settings", str(settings)))


def test_a_base_model_gets_the_role_s_template_and_stops_after_its_turn(base: Host) -> None:
    base.write_role("test-keeper", keeper(0, more="template: question-answer\n"))
    messages = [
        {"role": "user", "content": "Кто ты?"},
        {"role": "assistant", "content": "Смотритель."},
        {"role": "user", "content": "Что ты видишь?"},
        {"role": "assistant", "content": "Море."},
        {"role": "user", "content": "А ночью?"},
    ]
    mark = base.recording.mark()
    body = chat_body("", max_tokens=40, role_engine={"role": "test-keeper"})
    reply = ask(base.client, client.CHAT, {**body, "messages": messages})
    (prompt, *_) = base.recording.prompts(mark)
    assert prompt == (
        f"{CORE}\n\n❌ Не отвечай на английском.\n\n"
        "Ниже — вопросы и ответы. На каждый вопрос дан один ответ, после него стоит следующий вопрос.\n\n"
        f"Вопрос: {EXAMPLE[0]}\nОтвет: {EXAMPLE[1]}\n\n"
        "Вопрос: Кто ты?\nОтвет: Смотритель.\n\nВопрос: Что ты видишь?\nОтвет: Море.\n\n"
        f"Вопрос: А ночью?\n\n{REMINDER}\nОтвет:"
    )
    assert "\nВопрос:" not in reply.text and name_foreign(reply.text) == []


def test_a_base_model_without_a_role_gets_the_settings_template(base: Host) -> None:
    mark = base.recording.mark()
    reply = ask(base.client, client.CHAT, chat_body("Кто ты?", max_tokens=20, role_engine={"role": "none"}))
    (prompt, *_) = base.recording.prompts(mark)
    assert prompt == "<|user|>\nКто ты?</s>\n<|assistant|>\n"
    assert name_foreign(reply.text) == []
