"""Jinja in a role can say what it needs, and cannot run away."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.errors import TemplateError
from role_engine.prompts import role_jinja
from role_engine.prompts.role_jinja import render_role_jinja

VALUES = {"user": "Анна", "char": "Логик", "date": "22 ноября 2025 года"}


def render(source: str) -> str:
    return render_role_jinja(source, VALUES, where="r")


@pytest.mark.parametrize(
    ("source", "out"),
    [
        ("{{ user }} и {{char}}", "Анна и Логик"),
        ("{% if user %}да{% else %}нет{% endif %}", "да"),
        ("{% for word in ['раз', 'два'] %}{{ loop.index }}. {{ word }}\n{% endfor %}", "1. раз\n2. два\n"),
        ("{% set greeting = 'О, ' ~ user %}{{ greeting + '!' }}", "О, Анна!"),
        ("{{ nobody | default('никто') }}", "никто"),
        ("{{ 'x' if 'нн' in user else 'y' }}", "x"),
        ("{{ user | length - 1 }}", "3"),
        ("{% for a in [1, 2] %}{% for b in [3, 4] %}{{ a ~ b ~ ' ' }}{% endfor %}{% endfor %}", "13 14 23 24 "),
    ],
)
def test_what_a_role_may_say(source: str, out: str) -> None:
    assert render(source) == out


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a' | center(1000000000) }}",
        "{{ range(10 ** 9) | list }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ user.__class__ }}{{ lipsum(100) }}",
        "{{ cycler }}{{ joiner() }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% extends 'x' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% set ns = namespace(x='a') %}{% for i in [1, 2, 3] %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set a = 'aaaaaaaaaaaaaaaa' %}" + "{% set a = a ~ a %}" * 60,
        "{% set a = 'aaaaaaaaaaaaaaaa' %}" + "{% set a = a + a %}" * 60,
        "{% set a = [1] %}" + "{% set a = a + a %}" * 60,
        "{% set a = 1 %}" + "{% set a = a + a %}" * 100,
        "{% for a in X %}{% for b in X %}{% for c in X %}{% endfor %}{% endfor %}{% endfor %}".replace(
            "X", str([0] * 99)
        ),
        "{% for a in X %}{% for b in X %}{{ user }}{% endfor %}{% endfor %}".replace("X", str([0] * 999)),
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% filter upper %}x{% endfilter %}",
        "{% if %}",
        "{{ 1 / 0 }}",
        "{{ 'a' - 1 }}",
        "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
        "я" * (role_jinja.MAX_SOURCE + 1),
        # what is in what, twice each time
        "{% set x = [1, 1] %}" + "{% set x = [x, x] %}" * 60 + "{{ x }}",
        "{% set x = (1, 1) %}" + "{% set x = (x, x) %}" * 60 + "{{ x }}",
        "{% set x = [1] %}{% set y = [1] %}" + "{% set x = [x, x] %}{% set y = [y, y] %}" * 60 + "{{ x == y }}",
        "{% set x = [1] %}" + "{% set x = [x, x] %}" * 60 + "{{ x | lower }}",
        "{% set x = [1] %}" + "{% set x = [x, x] if x else [] %}" * 60 + "{{ [x] is eq([x]) }}",
        # rounds that an `if` leaves out
        "{% set s = 'SSSS' %}{% for a in s if false %}{% endfor %}".replace("SSSS", "a" * 900_000),
        "{% for a in X %}{% for b in X if false %}{% endfor %}{% endfor %}".replace("X", str([0] * 999)),
        # the same long text over and over
        *(
            "{% set a = 'LONG' %}{% for i in X %}WORK{% endfor %}".replace("LONG", "я" * 100_000)
            .replace("X", str([0] * 2000))
            .replace("WORK", work)
            for work in (
                "{% set b = a ~ a %}",
                "{{ (a | upper) | length }}",
                "{{ (a | title) | length }}",
                "{{ a == a ~ '' }}",
                "{{ (a ~ 'x') in a }}",
                "{{ a is in('x' ~ a) }}",
                "{% if a + 'x' < a + 'y' %}{% endif %}",
            )
        ),
        "{{ 'LONG' | trim('x') }}".replace("LONG", "a" * 100_000),
        # what is dear to read
        "{{ user }}" * 10_000,
        "{{ NUMBER }}".replace("NUMBER", "9" * 100_000),
        "{{ 0xNUMBER }}".replace("NUMBER", "f" * 100_000),
        "{{ X }}".replace("X", str([0] * 10_000)),
    ],
    ids=lambda source: source[:40],
)
def test_what_runs_away_is_one_clear_error(source: str) -> None:
    with pytest.raises(TemplateError, match="'r'"):
        render(source)


def test_is_it_odd_is_asked_of_numbers() -> None:
    """Jinja's own would make a text of a thousand million characters here."""
    assert render("{{ '%1000000000d' is odd }}{{ '%9999999999d' is even }}{{ 3 is odd }}") == "FalseFalseTrue"
    assert render("{{ ('NUMBER') | int }}".replace("NUMBER", "9" * 900_000)) == "0"


def test_the_texts_of_a_role_share_its_budget() -> None:
    budget, source = role_jinja.JinjaBudget(), "{% set a = 'LONG' %}{{ a ~ a }}".replace("LONG", "я" * 200_000)
    with pytest.raises(TemplateError, match=r"moves|makes a text"):
        for _ in range(100):
            render_role_jinja(source, VALUES, where="r", budget=budget)


def test_a_role_of_two_thousand_examples_is_rendered() -> None:
    budget = role_jinja.JinjaBudget()
    for _ in range(2000):
        assert render_role_jinja("Привет.\n", VALUES, where="r", budget=budget) == "Привет."


def test_a_machine_that_is_too_slow_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 10**6, 3))
    monkeypatch.setattr("role_engine.prompts.role_jinja.time.monotonic", lambda: next(seconds))
    with pytest.raises(TemplateError, match="seconds"):
        render("{{ 'a' ~ 'b' }}" * 10)


def test_text_without_jinja_costs_no_steps() -> None:
    book = "Слово. " * 100_000
    assert render(book) == book


@given(st.text(alphabet="{}%#| \n'auser~+[]()forinendfor123", max_size=60))
def test_any_source_renders_or_is_a_template_error(source: str) -> None:
    with contextlib.suppress(TemplateError):
        render(source)
