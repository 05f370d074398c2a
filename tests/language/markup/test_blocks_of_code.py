"""Blocks that are code without saying so: fences without a name, info strings, indented lines, literal blocks."""

from __future__ import annotations

import pytest

from tests.language.marking import BALANCED, assert_refused

FENCES = [
    '```\ngit commit -m "Исправил ошибку"\n```\nДа.',
    "```\nnpm install express\n```\nДа.",
    "```\ndocker run -d --name web nginx\n```\nДа.",
    "```\nSELECT name FROM users WHERE city = 'Москва'\n```\nДа.",
    "```\n# установка зависимостей\npip install requests\n```\nДа.",
    "```\n$ ls -la\ntotal 8\ndrwxr-xr-x 2 user user 4096\n```\nДа.",
    "```\ngit remote add <имя> <URL>\n```\nДа.",
    "```\nUncaught TypeError: Cannot read properties of undefined (reading 'filter')\n```\nДа.",
    "```\nfatal: not a git repository (or any of the parent directories): .git\n```\nДа.",
    "```\n2024-05-01 12:00:01 server is ready to accept connections\n```\nДа.",
    "```\nsrc\n├── index.js\n└── components\n```\nДа.",
    '```\nname = "Иван"\nprint(f"Привет, {name}")\n```\nДа.',
    "```text\nproject/\n  src/main.py\n```\nДа.",
]
INFO = [
    '```js {1,3-5} title="Привет"\nlet some = words here\n```\nДа.',
    "```{r, echo=FALSE}\nsome words in here\n```\nДа.",
    "``` ruby linenos\nputs some words here\n```\nДа.",
    "```{.python .numberLines}\nsome words in here\n```\nДа.",
    "~~~bash title='Пример'\nsome words in here\n~~~\nДа.",
    "```js showLineNumbers {1,2} title='src/components/very/long/path/to/the/file.js' x\nsome words here\n```\nДа.",
    "- пункт\n  ```sh\n  some words in here\n  ```\n",
    "> ```sh\n> some words in here\n> ```\n",
]
INDENTED = [
    "Пример:\n\n    some_value = compute(other)\n    ещё = some_value + 1\n\nДа.",
    "Пример:\n\n\tnpm install express\n\tnpm start\n\nДа.",
    '    git commit -m "Исправил ошибку"\n\nДа.',
    "Настройки:\n\n    {\n      name: 'Иван',\n      city: 'Москва'\n    }\n\nДа.",
    "Дерево:\n\n    src/index.js\n\n    src/app.js\n\nДа.",
    "Так::\n\n  some_value = compute(other)\n\nДа.",
    ".. code-block:: python\n\n   for some words in here\n   - and there\n\nДа.",
    ".. code-block:: yaml\n   :linenos:\n\n   name: some value here\n\nДа.",
    "[source,js]\n----\nlet some = words here;\nsome more words\n----\nДа.",
    "[source,console]\n....\nsome words of output here\n....\nДа.",
]


@pytest.mark.parametrize("text", [*FENCES, *INFO, *INDENTED])
def test_code_is_free_and_the_text_behind_it_is_not(text: str) -> None:
    assert_refused(text, BALANCED)
    assert_refused(f"{text.rstrip()}\n\nИ ⟦healthy eating⟧ тоже.", BALANCED)


@pytest.mark.parametrize(
    "marked",
    [
        "```\nПросто ⟦some foreign words⟧ в рамке\n```\n",
        "```text\nПросто ⟦some foreign words⟧ в рамке\n```\n",
        "```\n⟦An old man lived by the deep blue sea⟧.\n```\n",
        "```\n⟦你好世界⟧\n```\n",
        "~~~\nТекст про ⟦healthy fats⟧ и всё\n~~~\n",
        "- пункт\n\n    Продолжение пункта про ⟦healthy fats⟧ тут.\n",
        "- пункт\n\n    ⟦You have to go there and do it⟧.\n",
        "1. пункт\n\n    - вложенный ⟦healthy⟧ пункт\n",
        "Текст:\n\n    x = foo(bar)\n\nОпять ⟦some words⟧ тут.",
        "Так ::\n\nНе литерал ⟦some words⟧ тут.",
        "----\nПосле черты ⟦some words⟧ тут.\n----\n",
        "[Пример]\n----\nТекст ⟦some words⟧ тут.\n----\n",
    ],
)
def test_prose_in_such_a_block_is_judged(marked: str) -> None:
    assert_refused(marked, BALANCED)


@pytest.mark.parametrize("tag", ["<think>", "\ufffd"])
@pytest.mark.parametrize(
    "text", ["Код:\n\n    x = {}\n", "[source,js]\n----\nx = {}\n----\n", "```js title={}\nx\n```\n", "<pre>{}</pre>"]
)
def test_what_may_stand_nowhere_is_garbage_there_too(text: str, tag: str) -> None:
    assert_refused(text.format(f"⟦{tag}⟧"), BALANCED, "garbage")
