"""`balanced`: what foreign letters and garbage a mask forbids, and what it must let through."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from role_engine.decoder.automaton import automaton, read
from role_engine.language import LanguagePolicy, check
from role_engine.language.letters.sign_loops import sign_loops

BALANCED = LanguagePolicy(mode="balanced")
WEIGHED = ("latin", "translit", "language")

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
    'Выполните `git commit -m "文字 рyчка"` и «`npmы`-пакет».',
    "Слово ``文 ` bar`` и `x\nрy` дальше.",
    "```\n文字 = 'рy'\n```\nТекст.",
    "```text\nx = '文'\n```\nТекст.",
    '```js {1,3} title="Приветx"\n文\n```\nТекст.',
    "```{r, echo=FALSE}\n文\n```",
    "Текст:\n\n    文字 = foo(bar)\n    рyка = 1\n\nТекст.",
    "Нажмите <kbd>рyTab</kbd> или <code class='a'>文</code>.",
    "<pre lang='x'>\n文字\n</pre>Да.",
    "[source,js]\n----\n文 = 1\n----\nТекст.",
    ".. code-block:: python\n\n   文 = 1\n\nТекст.",
    "Ходы: Кf3, Фxd5, Лfd1, Крe2+ и Кbxd7.",
    "Статья https://ru.wikipedia.org/wiki/%D0%BAва, ¯\\_(ツ)_/¯.",
]
FOUL = [
    "Он сказал 你好",
    "Это рyчка",
    "вbetween",
    "міський",
    "Начало. Мірошник",
    "```\nx = 1\n```\n文字",
    "Код `文字` и 文字",
    "Код `x` и рyчка",
    "`文\nслово\nи文`",
    "Текст:\n\n    文 = 1\nи 文",
    "- пункт\n  - 文",
    "<code>文</code> 文",
    "<pre>文</pre>文",
    "----\n文\n----",
    "Конь пошёл на Кfы",
    "Кf3а",
    "%D0ы文",
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


# Where the check reads on to tell code from prose, the mask takes it for code.
_MAY_BE_CODE = re.compile(r"`|~~~|^(?:[>\-.\d ]*[ ]{2}|[> ]*\t)|<(?:code|kbd|pre)", re.MULTILINE)


def may_be_code(text: str) -> bool:
    return _MAY_BE_CODE.search(text) is not None


_CHARACTERS = "абМеиУй .,-!\\nb12*#<>|/:\n'`\"»\u0301\u0308\ufe0f\u200d\u00ad😀ℹµіЇ文αا"
_WORDS = ["Latin", "word ", "Слово ", "<think>", "</think>", "<|при|>", "Docker'а", "`文`", "- ", "> ", "1. ", "~~~"]
_BLOCKS = ["```python\n", "\n```\n", "\n<tool_call>", "</tool_call>", "\n[TOOL_CALLS]", "\n\n"]
_PIECES = st.sampled_from([*_CHARACTERS, *_WORDS, *_BLOCKS])


# Where a formula may be open the mask lets Greek words stand; whether one is, only the check knows.
_GREEK, _MAY_OPEN_A_FORMULA = re.compile("[α-ωΑ-Ω]+"), re.compile(r"[$\\]")


@settings(max_examples=600, deadline=None)
@example(pieces=["\\", "α", "α"])
@given(pieces=st.lists(_PIECES, max_size=9))
def test_nothing_passes_that_letters_alone_condemn(pieces: list[str]) -> None:
    """A tool call in the middle of a line is not followed, so it is no part of the texts."""
    text = "".join(pieces)
    if ("\ufe0f" in text and "tool" in text.lower()) or may_be_code(text):
        return
    reply = automaton(BALANCED)
    state = read(reply, text)
    if state is None or not reply.accepts(state):
        return
    assert not [
        found
        for found in check(text, BALANCED).violations
        if found.kind not in WEIGHED
        and not (found.kind == "mixed" and found.text.isascii())
        and not sign_loops(found.text)
        and not (_GREEK.fullmatch(found.text) and _MAY_OPEN_A_FORMULA.search(text, 0, found.start))
    ]


_CODE = [
    *(
        "`",
        "``",
        "```\n",
        "\n```\n",
        "```js x\n",
        "~~~\n",
        "\n~~~\n",
        "\n\n    ",
        "\n    ",
        "\n\t",
        "\n",
        "\n\n",
        " ",
        ". ",
    ),
    *("文 = 1", "рyчка", "git -m ", "Слово ", "x", "К", "f3", "Кf3 ", "%D0", "BAва", "- ", "> ", "1. ", "<b>", "# "),
    *("[source,js]\n----\n", "\n----\n", "<code>", "</code>", "<kbd>", "</kbd>", "{{", "}}", "Да, слово. ", '"', "«"),
]


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(_CODE), max_size=9))
def test_what_the_check_lets_through_the_mask_does_too(pieces: list[str]) -> None:
    text = "".join(pieces)
    if any(found.kind not in WEIGHED for found in check(text, BALANCED).violations):
        return
    reply = automaton(BALANCED)
    state = read(reply, text)
    assert state is not None, next(text[:at] for at in range(len(text)) if read(reply, text[: at + 1]) is None)
    assert reply.accepts(state)


_IN_FORMULAS = [
    *(
        "$",
        "$$",
        "\\(",
        "\\)",
        "\\[",
        "\\]",
        "\n\\[\n",
        "\n\\]\n",
        "\\begin{cases}",
        "\\end{cases}",
        "\\text{",
        "}",
        "x",
        "αβγ",
        "Δφ",
    ),
    *(
        "\\alpha",
        " + ",
        "^2",
        "_{",
        "тр",
        "если",
        "слово ",
        "λόγος",
        "αx",
        " ",
        "\n",
        "\n\n",
        "文",
        "ї",
        "рy",
        "5",
        "$5 ",
        "`",
        "word ",
        "∑",
    ),
]


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(_IN_FORMULAS), max_size=9))
def test_what_the_check_lets_through_in_formulas_the_mask_does_too(pieces: list[str]) -> None:
    text = "".join(pieces)
    if any(found.kind not in WEIGHED for found in check(text, BALANCED).violations):
        return
    assert read(automaton(BALANCED), text) is not None


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("Код `文字 рy` и ``a ` 文`` тоже.", True),
        ("Код `a b` и рyчка", False),
        ("Код `a <think>` там", False),
        ("Знак `文\nи рyчка", False),
        ("Знаки ```` и 文", False),
    ],
)
def test_the_grammar_knows_inline_code(text: str, passes: bool) -> None:
    assert (read(automaton(BALANCED, small=True), text) is not None) == passes
