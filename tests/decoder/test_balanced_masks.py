"""`balanced`: what foreign letters and garbage a mask forbids, and what it must let through."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.decoder.automaton import automaton, read
from role_engine.language import LanguagePolicy, check
from role_engine.language.letters.sign_loops import sign_loops

BALANCED = LanguagePolicy(mode="balanced")

CLEAN = [
    "Запустите Docker'а и CRM-агентство, потом TCP/IP.",
    "Вчера приехал Владимир Мірошник, а с ним Їжакевич.",
    "Угол α равен 30°, а μ — «мю»; Ω и µ тоже.",
    "Код:\n```python\nprint('文字')\n```\nи всё.",
    '- пункт\n  ```json\n  {"名": 1}\n  ```\nдальше',
    '<tool_call>\n{"name": "搜索"}\n</tool_call>\nГотово.',
    "<think>先想一想</think>Ответ: \\nда, C:\\name и \\alpha.",
    "Café и naïve, e\u0301.",
    "Флаг 🇷🇺, семья 👨\u200d👩\u200d👧, кнопка 1️⃣ ℹ️.",
    "if a < b and c > d: <b>жирно</b>",
]
FOUL = [
    "Он сказал 你好",
    "Это рyчка",
    "вbetween",
    "міський",
    "Начало. Мірошник",
    "```\n文字\n```",
    "Код:\n```text\n文字",
    "```python\nx\n```\n文",
    "мир\u200bный",
    "مرحبا",
    "<|im_end|>",
    "текст <think>",
    "αβγ",
    "Pythonская",
    "<tool_call>x</tool_call>文",
]


@pytest.mark.parametrize("text", CLEAN)
def test_what_real_replies_need_passes(text: str) -> None:
    reply = automaton(BALANCED)
    state = read(reply, text)
    assert state is not None, next(text[:at] for at in range(len(text)) if read(reply, text[: at + 1]) is None)
    assert reply.accepts(state)


@pytest.mark.parametrize("text", FOUL)
def test_what_the_check_refuses_by_letters_does_not(text: str) -> None:
    assert read(automaton(BALANCED), text) is None


_CHARACTERS = "абМеиУй .,-!\\nb12*#<>|/:\n'`\"»\u0301\u0308\ufe0f\u200d\u00ad😀ℹµіЇ文αا"
_WORDS = ["Latin", "word ", "Слово ", "<think>", "</think>", "<|при|>", "Docker'а", "`文`", "- ", "> ", "1. ", "~~~"]
_BLOCKS = ["```python\n", "\n```\n", "\n<tool_call>", "</tool_call>", "\n[TOOL_CALLS]", "\n\n"]
_PIECES = st.sampled_from([*_CHARACTERS, *_WORDS, *_BLOCKS])


@settings(max_examples=600, deadline=None)
@given(pieces=st.lists(_PIECES, max_size=9))
def test_nothing_passes_that_letters_alone_condemn(pieces: list[str]) -> None:
    """A tool call in the middle of a line is not followed, so it is no part of the texts."""
    text = "".join(pieces)
    if "\ufe0f" in text and "tool" in text.lower():
        return
    reply = automaton(BALANCED)
    state = read(reply, text)
    if state is None or not reply.accepts(state):
        return
    weighed = ("latin", "translit", "language")
    assert not [
        found
        for found in check(text, BALANCED).violations
        if found.kind not in weighed
        and not (found.kind == "mixed" and found.text.isascii())
        and not sign_loops(found.text)
    ]
