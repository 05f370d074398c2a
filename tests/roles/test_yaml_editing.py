from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.errors import RoleError
from role_engine.paths import builtin_roles
from role_engine.roles.yaml_editing import read_values, with_value

SHIPPED = {path.stem: path.read_text("utf-8") for path in sorted(builtin_roles().glob("*.yaml"))}

WORDS = st.text(max_size=30)
VALUES = WORDS | st.integers(-1000, 1000) | st.booleans() | st.lists(WORDS, max_size=4) | st.none()
KEYS = st.sampled_from([("name",), ("system",), ("negative",), ("language", "mode"), ("language", "allow"), ("a", "b")])

LINES = st.sampled_from(
    [
        *("name: Поэт", "name: 'Поэт'  # к", "name:\n  Поэт\n  моря  # к", '"name" : Поэт', "# строка", ""),
        *("system: |\n  Ты.\n\n  Мы.", "system: |+\n  Ты.\n\n", "system: >-  # к\n  Ты\n  сам.", "system: |2\n    Ты."),
        *("negative: [Нет., Да.]", "negative:\n- Нет.  # к\n- Да.", "negative:  # к\n  # до\n  - |\n    Нет.\n  - Да."),
        *(
            "negative:\n  - 'Нет\u2028 и\x85 да'\n  - b",
            "negative:\n  -\n    Нет.\n  - [a]",
            "language:",
            "language: # к",
            "language: {mode: off}",
            "language: {}",
        ),
        *("language:\n  mode: off  # к\n\n  allow: [a]", "language: {  mode: off,\n }", "language: off"),
        *("? a\n: {b: 1}", "a: {b: [1, 2], c}", "a:\n  b:\n    c: 1", "{name: Поэт, a: {b: 1}}", "---", "..."),
    ]
)
DOCUMENTS = st.tuples(
    st.lists(LINES, max_size=5, unique_by=lambda lines: lines.strip('? "{')[:4]).map("\n".join),
    st.sampled_from(("", "\n", "\n\n")),
).map("".join)


@pytest.mark.slow
@settings(max_examples=200)
@given(DOCUMENTS, KEYS, VALUES)
def test_the_key_says_the_value_and_all_others_what_they_said(text: str, where: tuple[str, ...], value: Any) -> None:
    try:
        before = read_values(text if not text or text.endswith("\n") else f"{text}\n")
    except RoleError:
        with pytest.raises(RoleError):
            with_value(text, where, value)
        return
    after = read_values(with_value(text, where, value))
    assert taken(after, where) == value
    put(before, where, None)
    put(after, where, None)
    assert pruned(after) == pruned(before)


@settings(max_examples=40)
@given(st.sampled_from(sorted(SHIPPED)), KEYS, VALUES)
def test_no_other_line_of_a_role_is_touched(role: str, where: tuple[str, ...], value: Any) -> None:
    before, after = SHIPPED[role].split("\n"), with_value(SHIPPED[role], where, value).split("\n")
    top = next((number for number, line in enumerate(before) if line.startswith(f"{where[0]}:")), None)
    if top is None:
        return
    end = next(
        (number for number in range(top + 1, len(before)) if before[number][:1] not in ("", " ", "-")), len(before)
    )
    assert after[:top] == before[:top]
    assert end == len(before) or after[-(len(before) - end) :] == before[end:]


def test_the_same_value_again_changes_nothing() -> None:
    for text in SHIPPED.values():
        for key, value in read_values(text).items():
            if isinstance(value, str) and "\n" not in value and len(value) < 80:
                assert with_value(text, (key,), value) == text


def test_a_text_that_cannot_be_read_is_refused() -> None:
    for text in ("name: [", "- a", "a: 1\na: 2\n", "a: *b", "a: !x 1"):
        with pytest.raises(RoleError):
            with_value(text, ("name",), "Поэт")


def taken(said: Any, where: tuple[str, ...]) -> Any:
    for key in where:
        said = said.get(key) if isinstance(said, dict) else None
    return said


def put(said: Any, where: tuple[str, ...], value: Any) -> None:
    for key in where[:-1]:
        if not isinstance(said.get(key), dict):
            said[key] = {}
        said = said[key]
    said[where[-1]] = value


def pruned(said: Any) -> Any:
    if not isinstance(said, dict):
        return said
    inner = {key: pruned(value) for key, value in said.items()}
    return {key: value for key, value in inner.items() if value not in (None, {})}
