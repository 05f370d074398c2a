"""Foreign prose in code marks: a message may pass, a reply that hides in them may not."""

from __future__ import annotations

import pytest

from role_engine.language import check
from role_engine.language.markup.prose import is_foreign_prose, reads_as
from tests.language.marking import BALANCED, assert_refused

ONE, TWO, THREE, FOUR = (
    "The file could not be found",
    "You have to go there and do it",
    "This is a test of the whole thing",
    "There was an old man by the sea",
)


def refused(text: str) -> list[str]:
    return [violation.text for violation in check(text, BALANCED).violations]


def test_a_message_or_two_may_be_quoted_as_code() -> None:
    assert refused(f"`{ONE}.` — ошибка.") == []
    assert refused(f"`{ONE}.` или `{TWO}.`") == []


def test_a_reply_of_sentences_in_code_marks_is_prose_from_the_third_on() -> None:
    assert refused(f"Вот. `{ONE}`. `{TWO}`. `{THREE}`. `{FOUR}`.") == [THREE, FOUR]
    assert refused(f"Вот:\n- <code>{ONE}</code>\n- <code>{TWO}</code>\n- <code>{THREE}</code>\n") == [THREE]


def test_a_reply_that_is_nothing_else_is_prose_at_once() -> None:
    assert refused(f"`{ONE}.`") == [ONE]
    assert refused(f"`{ONE}`\n\n`{TWO}`\n") == [ONE, TWO]
    assert refused(f"`{' and '.join((ONE, TWO, THREE))}`") != []


def test_messages_that_are_explained_pass() -> None:
    lines = [f"- `{message}` — сообщение о том, что чего-то нет на месте.\n" for message in (ONE, TWO, THREE, FOUR)]
    assert refused("Вот что может напечатать программа при запуске:\n" + "".join(lines)) == []


def test_code_is_no_prose_however_much_there_is_of_it() -> None:
    assert refused(" ".join(f"`const value{n} = compute(some, other)`" for n in range(40))) == []
    assert refused("\n".join(f"`npm install package-{n}`" for n in range(40))) == []
    assert refused(" ".join(f"`TypeError: {ONE} {n}`" for n in range(10))) == []


def test_one_message_does_not_go_on_for_ever() -> None:
    text = "Вот: `" + f"{TWO} and " * 40 + "`"
    found = refused(text)
    assert found and len("".join(found)) > len(text) / 2
    assert refused("Слово. " * 300 + text) == []


def test_a_fence_of_foreign_prose_needs_russian_before_it() -> None:
    fence = f"```\n{ONE}.\n{TWO}.\n{THREE}.\n```\n"
    assert refused(fence) != []
    assert refused("Вот.\n" + fence) != []
    assert refused("Программа печатает вот что; это значит, что файл не найден и путь надо проверить.\n" + fence) == []
    assert refused(f"Вот ошибка:\n```\n{ONE}\n```\n") == []


def test_a_comment_is_no_hiding_place() -> None:
    assert refused(f"Вот.<!-- {ONE} --><!-- {TWO} --><!-- {THREE} -->") == [THREE]


@pytest.mark.parametrize(
    "text",
    [
        "npm install express",
        'git commit -m "Исправил ошибку"',
        "SELECT name FROM users WHERE city = 'Москва'",
        "Permission denied (publickey).",
        "def add(a, b): return a + b",
        "Hello, World!",
        "error: failed to push some refs to 'origin'",
        "npm ERR! code ENOENT and the rest of it",
    ],
)
def test_code_and_messages_are_told_from_prose(text: str) -> None:
    assert reads_as(text) == "code"
    assert not is_foreign_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        TWO,
        "Je vais vérifier le fichier avec vous",
        "Das ist nicht ein Problem für mich",
        "你好，世界欢迎你们来到这里",
        "To be or not to be",
        "node is a tool that you can use",
        "Please make sure that the server is running",
    ],
)
def test_prose_is_told_from_code(text: str) -> None:
    assert reads_as(text) == "foreign"
    assert is_foreign_prose(text)


def test_russian_prose_is_neither() -> None:
    assert reads_as("Просто слова без всякого кода") == "russian"


def test_the_share_holds_wherever_the_reply_is_cut_into_pieces() -> None:
    assert_refused(f"Вот `{ONE}`. `{TWO}`. `⟦{THREE}⟧`.", BALANCED)
