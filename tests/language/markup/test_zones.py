"""Stretches that are not checked: reasoning, tool calls, fenced code. And the tags that must stand nowhere else."""

from __future__ import annotations

import pytest

from role_engine.language import LanguagePolicy, Scanner, Violation, check
from tests.language.marking import BALANCED, STRICT, assert_refused

MODES = pytest.mark.parametrize("policy", [STRICT, BALANCED], ids=["strict", "balanced"])


@MODES
@pytest.mark.parametrize(
    "marked",
    [
        "<think>Let me think. 你好 ногami</think>Ответ",
        " \n<think>\nfoo bar\n</think>\n\nОтвет ⟦рyчка⟧",
        "<seed:think>hello there</seed:think>Да",
        "<|channel|>analysis<|message|>We need<|end|><|start|>assistant<|channel|>final<|message|>Да",
        "<|channel|>final<|message|>Да",
        "<think>never closed, all of it is reasoning",
        "Сначала слово ⟦<think>⟧слово⟦</think>⟧",
        "<think>a</think>Ответ ⟦<think>⟧",
        "⟦</think>⟧Ответ",
        "⟦<|im_end|>⟧ и ⟦<|think|>⟧",
    ],
)
def test_reasoning_is_free_at_the_start_of_a_reply_and_its_tags_are_garbage_elsewhere(
    marked: str, policy: LanguagePolicy
) -> None:
    assert_refused(marked, policy)


@MODES
def test_reasoning_is_checked_where_the_role_says_so(policy: LanguagePolicy) -> None:
    same = policy.model_copy(update={"in_thinking": "same"})
    assert_refused("<think>думаю ⟦over this thing⟧</think>Ответ ⟦你好⟧", same)
    assert_refused("<think>думаю</think>Ответ ⟦</think>⟧", same)


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>{"name": "search", "arguments": {"query": "some words 你好"}}</tool_call>Готово',
        "Ищу.\n<function_call>find some words</function_call>\nВот",
        '[TOOL_CALLS]search[ARGS]{"q": "some words"}',
        "<|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{}<|tool_call_end|>",
        "<｜tool▁calls▁begin｜>some call<｜tool▁calls▁end｜>",
        '<minimax:tool_call>\n<invoke name="f">some words</invoke>\n</minimax:tool_call>',
    ],
)
def test_tool_calls_are_free_in_balanced_only(text: str) -> None:
    assert check(text, BALANCED).ok, check(text, BALANCED)
    assert not check(text, STRICT).ok


def test_after_the_tool_call_the_check_goes_on() -> None:
    assert_refused("<tool_call>some words</tool_call> и ⟦some words⟧", BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "Код:\n```python\nfor word in some_words: print(word)  # plain words 你好\n```\nВот ⟦some words⟧",
        "~~~js\nlet some = words here\n```\nstill code here\n~~~\n⟦some words⟧",
        "````md\nтекст\n````",
        "- пункт\n  ```sh\n  cat some file here\n  ```\n",
        "```\nfoo(bar); x = [1, 2];\nsome more words here now\n```\nда",
        "```\n┌───┐\n│ a │\n└───┘\n```",
        "```\nПросто ⟦some foreign words⟧ в рамке\n```\n⟦other words⟧",
        "```text\nтекст ⟦some words⟧\n```",
        "```\nпусто",
        "слово ```не в начале строки ⟦words here⟧",
    ],
)
def test_fenced_code_is_free_and_fenced_prose_is_not(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "```python\nprint('⟦<think>⟧')\n```",
        "тег `⟦<think>⟧` в коде",
        "<tool_call>⟦</think>⟧</tool_call>",
    ],
)
def test_a_reasoning_tag_is_garbage_even_in_code(marked: str) -> None:
    assert_refused(marked, BALANCED, "garbage")


def test_the_tail_opens_zones_and_words() -> None:
    def refused(tail: str, text: str, policy: LanguagePolicy = BALANCED) -> list[str]:
        scanner = Scanner(policy, tail=tail)
        events = scanner.feed(text) + scanner.finish()
        return [event.text for event in events if isinstance(event, Violation)]

    assert refused("<think>\n", "some words</think>Да") == []
    assert refused("<think>\n", "some words</think>Да", STRICT) == []
    assert refused("<thi", "nk>some words</think>Да") == []
    assert refused("Код:\n```python\n", "some words here\n```\nи some words") == ["some words"]
    assert refused("ног", "ami и") == ["ami"]
    assert refused("приве", "т мир") == []
    assert refused("Ответ был hello", " мир") == []
    assert refused("<think>a</think>", "Да <think>") == ["<think>"]


@pytest.mark.parametrize("text", ["<think>раз \ufffd два</think>Да.", "```python\nx = '\ufffd'\n```\n"])
def test_a_broken_character_is_garbage_even_where_nothing_else_is_checked(text: str) -> None:
    verdict = check(text, LanguagePolicy(mode="balanced"))
    assert [(v.kind, v.text) for v in verdict.violations] == [("garbage", "\ufffd")]
