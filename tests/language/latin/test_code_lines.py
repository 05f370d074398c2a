"""Lines of a program without a fence round them."""

from __future__ import annotations

import pytest

from tests.language.marking import BALANCED, assert_refused

CODE = [
    "import numpy as np",
    "import os, sys",
    "from os import path",
    "#include <stdio.h>",
    "using System;",
    "def add(a, b):\n    return a + b\n",
    "async function load(url) {",
    "public class Main {\n    public static void main(String[] args) {\n        System.out.println(total);\n    }\n}",
    "class Parser:",
    "const answer = 5;",
    "let name = value;",
    "int count = 0;",
    "for i in range(10):\n    print(i)",
    "for (int i = 0; i < 5; i++) {",
    "if (x > 5) return true;",
    "if x == 5:\n    return",
    "while (true) {",
    "} else if (ready) {",
    "total = sum(prices)",
    "numbers = [1, 2, 3]",
    "SELECT name, age FROM users WHERE age > 5;",
    "INSERT INTO users VALUES (5);",
    "local ok, err = ph:write(input)",
    "local function handler(self)",
    "if not ready then",
    "if err ~= '' then",
    "for key, value in pairs(list) do",
    "while not can_reach(balance) do",
    "end)",
    's:write("Welcome to the test server")',
    'print("Your player number is 5")',
    "use DR::Tarantool",
    "$ tarantoolctl enter my_app",
    ">>> some_list.append(item)",
    "2017-06-14 16:23:10.993 [19153] main/105 I> can't read the row",
    "Jan 21 21:09:45 localhost systemd[1]: service failed with a result",
    "CREATE TABLE users (id int);",
]

PROSE = [
    "⟦import taxes rose in May⟧",
    "⟦from Russia with love⟧",
    "⟦for beginners in programming⟧:",
    "⟦if you want to go⟧:",
    "⟦while waiting for the bus⟧:",
    "⟦return to the city⟧",
    "⟦class action⟧ (lawsuit) ⟦is here⟧",
    "⟦Class teacher⟧: Иван",
    "⟦function of the heart⟧",
    "⟦let it be known⟧",
    "⟦Speed = distance / time⟧",
    "⟦if you say so then⟧",
    "⟦for whom the bells do⟧",
    "⟦end of the story⟧",
    "⟦local people know⟧",
    "⟦use it or lose it⟧",
    "⟦print the page⟧",
    "⟦select the best from the list⟧",
]


@pytest.mark.parametrize("line", CODE)
def test_a_line_of_code_is_no_english(line: str) -> None:
    assert_refused(line, BALANCED)
    assert_refused(f"Вот пример:\n{line}\nГотово.", BALANCED)


@pytest.mark.parametrize("line", PROSE)
def test_english_with_the_words_of_code_stays_english(line: str) -> None:
    assert_refused(line, BALANCED)


def test_only_a_line_that_begins_so_is_code() -> None:
    assert_refused("Он сказал: ⟦while waiting⟧ (x == 5)", BALANCED)


def test_two_alphabets_in_one_word_are_refused_in_code_too() -> None:
    assert_refused("total = sum(⟦рrices⟧)", BALANCED, "mixed")
