# ruff: noqa: E501, SIM905 - tables of words
"""What could hide a reply in another language: each free place frees what it is for, and for as long as that is."""

from __future__ import annotations

import pytest

from role_engine.language import check
from role_engine.language.markup.prose import LONGEST_MESSAGE
from tests.language.marking import BALANCED, assert_refused

ENGLISH = "Healthy eating is what you need every day. You have to eat fruit and vegetables, and drink much water. It is good. "
CHINESE = "你好，这是一个完整的中文回答，里面没有任何代码。我们希望它不会通过。"

PLACES = {
    "a block that says what language it is in": "Вот ответ:\n```python\n{lines}```\n",
    "a block that began as code": "Вот ответ:\n```\nx = foo(bar)\ny = foo(bar)\nz = foo(bar); foo(bar)\n{lines}```\n",
    "AsciiDoc's listing": "Вот:\n[source,js]\n----\n{lines}----\n",
    "preformatted text": "Вот:\n<pre>\n{lines}</pre>\n",
    "a script": "<script>{line}</script>",
    "a line of indented code": "Вот:\n\n    x = 1; {line}\n",
    "code of reStructuredText": ".. code-block:: python\n\n   {line}\n",
    "long inline code": "Вот `x = foo(bar); x = foo(bar); x = foo(bar); x = foo(bar); x = foo(bar); {line}`.",
    "a comment": "Вот.<!-- привет, x = 1, и слово и слово и слово и слово и слово и слово {line}-->",
    "an attribute": 'Вот <img alt="{line}">.',
    "a macro of AsciiDoc": "Вот:\nimage::plan.png[{line}]\n",
    "a link's definition": "Вот.\n\n[id]: http://a.b/c {line}\n",
    "a setting of front matter": "---\na: b\nc: x y z {line}\n---\nВот.\n",
    "a formula": "Вот:\n\\[\n{lines}\\]\n",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("said", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_a_reply_does_not_hide_there(place: str, said: str) -> None:
    line = said * (1500 // len(said))
    text = place.format(line=line, lines=f"{said}\n" * (1500 // len(said)))
    refused = check(text, BALANCED).violations
    assert refused
    assert refused[0].start < 3 * LONGEST_MESSAGE


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("said", [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_who_asked_for_it_gets_it(place: str, said: str) -> None:
    if "<img" in place or "<!--" in place or "plan.png" in place or "[id]" in place or place.startswith("---"):
        pytest.skip("no text of its own")
    if said == CHINESE and "\\[" in place:
        pytest.skip("Chinese is asked for as text")
    asked = ["Переведи на английский: еда"] if said == ENGLISH else ["Переведи на китайский: еда"]
    text = place.format(line=said * 3, lines=f"{said}\n" * 3)
    assert check(text, BALANCED, asked).relaxed or check(text, BALANCED, asked).ok


def test_code_with_comments_and_strings_is_no_prose() -> None:
    comments = "".join(
        f"    # {ENGLISH}\n    // {ENGLISH}\n    x{n} = 'You have to go there and do it'\n" for n in range(40)
    )
    assert check(f"Вот:\n```python\ndef main():\n{comments}```\n", BALANCED).ok


def test_a_docstring_is_no_reply() -> None:
    code = f'def main(a, b):\n    """{ENGLISH}\n    {ENGLISH}"""\n    return compute(a) + b\n'
    assert check(f"Вот:\n```python\n{code * 4}```\n", BALANCED).ok


def test_words_of_a_sentence_one_by_one_in_code_are_counted() -> None:
    words = "healthy eating is what you need every day and it is good for you".split()
    refused = check("Вот: " + " ".join(f"`{word}`" for word in words), BALANCED).violations
    assert {"it", "you"} <= {found.text for found in refused}
    signs = check("`你好` и `世界` и `建立` и `我们` и `希望` и `不会` и `通过`", BALANCED).violations
    assert [found.text for found in signs] == ["不会"]
    assert check("Иероглифы `你` и `好` значат «ты» и «хорошо», а вместе они значат «привет».", BALANCED).ok
    keywords = "and or not in is if else for while return break continue pass with as from import".split()
    assert check("Ключевые слова:\n" + "".join(f"- `{word}`\n" for word in keywords), BALANCED).ok


def test_a_sentence_is_no_tag_and_no_shortcode() -> None:
    tags = "<b healthy eating is what you need> <b you have to eat the fruit> <b and drink the water of it> Вот."
    assert check(tags, BALANCED).violations
    braces = "{{ healthy eating is what you need }} {{ you have to eat the fruit }} {{ and drink the water of it }}"
    assert check(braces, BALANCED).violations
    assert check("Введите <your name> и <option selected value>, потом <input type=text required>.", BALANCED).ok


def test_a_links_text_is_a_title_and_no_longer() -> None:
    assert_refused("Вот [Healthy Eating Every Day](x) да", BALANCED)
    assert check("Вот [Healthy eating is what you need every single day of it](x) да", BALANCED).violations
