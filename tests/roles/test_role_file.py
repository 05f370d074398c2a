"""One role file: what it may say, and how it is told when it says something else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from role_engine.errors import RoleError
from role_engine.roles import MAX_ROLE_FILE_BYTES, RoleLibrary, load_role_file
from role_engine.roles.role_file import RoleFileKeys

MINIMAL = "name: Логик\nsystem: Думай.\n"


def written(folder: Path, text: str | bytes, name: str = "logician.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def complaint(folder: Path, text: str | bytes, name: str = "logician.yaml") -> RoleError:
    with pytest.raises(RoleError) as caught:
        load_role_file(written(folder, text, name))
    assert "\n" not in str(caught.value)
    assert caught.value.path is not None
    return caught.value


EVERYTHING = """\
name: Логик
description: Проверяет.
extends: russian
override: [negative]
system: |
  Ты — логик.
greeting: Слушаю.
examples:
  - {user: "Да?", assistant: Нет.}
reminder: Кратко.
negative: ["Не лги."]
template: qwen3-chatml
language: {target: ru, mode: strict, allow: [Python], in_thinking: same, hold: sentence, emoji: false,
           decoder: off, attempts: 2, max_waste: 0.5, on_failure: stop}
thinking: {default: think, modes: [think], depth: 1, rounds: 3}
handoff: [operator]
knowledge: {files: [notes.md], top_k: 2, max_tokens: 100, place: system}
lora: {path: x, weight: 0.5}
sampling: {temperature: 0.7, top_k: 40, sampler_priority: [temperature, top_k]}
budget: {max_share: 0.5}
jinja: false
card: logician.card.json
"""


def test_every_key_of_the_format(tmp_path: Path) -> None:
    source = load_role_file(written(tmp_path, EVERYTHING))
    assert source.id == "logician"
    assert source.extends == "russian"
    assert source.override == {"negative"}
    assert source.said["language"]["decoder"] == "off"
    assert source.said["knowledge"]["files"] == (tmp_path.resolve() / "notes.md",)
    assert source.said["card"] == tmp_path.resolve() / "logician.card.json"
    assert set(source.said) == set(RoleFileKeys.model_fields) - {"extends", "override", "system_file"}


@pytest.mark.parametrize("word", ["off", "on", "yes", "no", "y", "n"])
def test_words_are_words(tmp_path: Path, word: str) -> None:
    assert load_role_file(written(tmp_path, f"name: {word}\nsystem: x\n")).said["name"] == word


def test_mode_off_needs_no_quotes(tmp_path: Path) -> None:
    assert load_role_file(written(tmp_path, MINIMAL + "language: {mode: off}\n")).said["language"] == {"mode": "off"}


def test_a_key_without_a_value_says_nothing(tmp_path: Path) -> None:
    source = load_role_file(written(tmp_path, MINIMAL + "greeting:\nlanguage:\n  mode:\nreminder: ''\n"))
    assert "greeting" not in source.said
    assert source.said["language"] == {}
    assert source.said["reminder"] == ""


@pytest.mark.parametrize("text", [MINIMAL.encode("utf-8-sig"), MINIMAL.replace("\n", "\r\n").encode()])
def test_windows_editors(tmp_path: Path, text: bytes) -> None:
    assert load_role_file(written(tmp_path, text)).said["system"] == "Думай."


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("nane: x\nsystem: y\n", 1, "Unknown key 'nane'. Did you mean 'name'?"),
        (
            MINIMAL + "language:\n  mode: strict\n  alow: [x]\n",
            5,
            "Unknown key 'alow' in `language`. Did you mean 'allow'?",
        ),
        (MINIMAL + "thinking: {dept: 2}\n", 3, "Did you mean 'depth'?"),
        (MINIMAL + "examples:\n  - user: a\n    asistant: b\n", 4, "`examples.0.assistant` is missing"),
        (MINIMAL + "examples:\n  - user: a\n    assistant: b\n    x: c\n", 6, "Unknown key 'x' in `examples.0`"),
        (MINIMAL + "language:\n  mode: stict\n", 4, "`language.mode` cannot be 'stict'. Did you mean 'strict'?"),
        (MINIMAL + "language: {attempts: 0}\n", 3, "`language.attempts`"),
        (MINIMAL + "thinking: {default: Глубоко}\n", 3, "`thinking.default`: 'Глубоко' is not a thinking mode"),
        (MINIMAL + "thinking: {depth: 99}\n", 3, "`thinking.depth`"),
        (MINIMAL + "sampling:\n  top_p: 0.9\n  temprature: 0.7\n", 5, "Did you mean 'temperature'?"),
        (MINIMAL + "sampling:\n  temperature: 70\n", 4, "`temperature` must be a number from 0 to 5, not 70"),
        (MINIMAL + "sampling: {top_k: 1.5}\n", 3, "`top_k` must be a whole number"),
        (MINIMAL + "sampling: {do_sample: 1}\n", 3, "`do_sample` must be true or false"),
        (MINIMAL + "sampling: 5\n", 3, "`sampling`: must be a mapping"),
        (MINIMAL + "budget: {max_share: 1.5}\n", 3, "`budget.max_share`"),
        (MINIMAL + "lora: {weight: 1}\n", 3, "`lora.path` is missing"),
        (MINIMAL + "handoff: [Логик]\n", 3, "`handoff.0`: 'Логик' is not a role id"),
        (MINIMAL + "handoff: [none]\n", 3, "'none' is not a role id"),
        (MINIMAL + "template: ../../etc/passwd\n", 3, "is not a template name"),
        (MINIMAL + "override: [greeting]\n", 3, "cannot be 'greeting'"),
        (MINIMAL + "negative:\n  - Не пиши: вот так.\n", 4, "`negative.0` must be text"),
        ("name: 5\nsystem: y\n", 1, "`name` must be text, not 5. Put it in quotes."),
        ("name: ''\nsystem: y\n", 1, "`name`"),
        (MINIMAL + "system_file: book.md\n", 3, "Both `system` and `system_file`"),
        (MINIMAL + "name: Опять\n", 3, "The key 'name' stands twice."),
        (MINIMAL + "language: {mode: strict, mode: off}\n", 3, "The key 'mode' stands twice."),
        (MINIMAL + "? [a, b]\n: c\n", 3, "A key must be a word."),
        ("- a\n- b\n", 1, "Must be a mapping"),
        ("name: x\n  system: y\n", 2, "Is not valid YAML"),
        ("name: 'x\n", 2, "Is not valid YAML"),
        ("name: x\n\tsystem: y\n", 2, "Is not valid YAML"),
        ("name: !!python/object/apply:os.system [ls]\n", 1, "Uses the YAML tag"),
        ("name: !!str x\n", 1, "Uses the YAML tag"),
        ("name: &a x\nsystem: *a\n", 2, "Uses the YAML alias *a."),
        (MINIMAL + "---\nname: y\n", 3, "more than one YAML document"),
        ("a: " + "[" * 50_000, 1, "Is nested more than"),
        ("", None, "Is empty"),
        ("# nothing\n", None, "Is empty"),
        ("name: Лог\0ик\n", 1, "Holds the character U+0000"),
        ("name: x\nsystem: \x07\n", 2, "Holds the character U+0007"),
        (MINIMAL + "thinking: {depth: " + "9" * 5000 + "}\n", 3, "is too long"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_error_names_line_and_remedy(tmp_path: Path, text: str, line: int | None, says: str) -> None:
    error = complaint(tmp_path, text)
    assert says in str(error)
    assert error.line == line


def test_an_alias_bomb_is_refused_before_it_expands(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))
    assert complaint(tmp_path, bomb).line == 2


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    assert "larger than 1,000,000 bytes" in str(complaint(tmp_path, b"#" * (MAX_ROLE_FILE_BYTES + 1)))
    assert "larger than" in str(complaint(tmp_path, b"#" * 10_000_000))


@pytest.mark.parametrize("encoding", ["utf-16", "cp1251", "koi8-r"])
def test_another_encoding(tmp_path: Path, encoding: str) -> None:
    error = complaint(tmp_path, "name: Логик\n".encode(encoding))
    assert "Is not UTF-8" in str(error)
    assert error.line == 1


@pytest.mark.parametrize("name", ["none.yaml", "Logician.yaml", "логик.yaml", "a b.yaml", f"{'a' * 65}.yaml"])
def test_a_file_name_that_is_no_id(tmp_path: Path, name: str) -> None:
    assert "cannot be a role's id" in str(complaint(tmp_path, MINIMAL, name))


def test_a_folder_is_not_a_role(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(RoleError, match="not a file"):
        load_role_file(tmp_path / "x.yaml")
    assert "x" in RoleLibrary([tmp_path]).errors()


# --- system_file ------------------------------------------------------------------------------------------------------


def test_the_system_text_may_be_a_book(tmp_path: Path) -> None:
    book = "Глава.\n" * 100_000
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "book.md").write_text(book, encoding="utf-8")
    assert load_role_file(written(tmp_path, "name: x\nsystem_file: books/book.md\n")).said["system"] == book


@pytest.mark.parametrize("name", ["../book.md", "/etc/hostname", "a/../../book.md", "link.md", "folder/book.md"])
@pytest.mark.parametrize("key", ["system_file: {}", "system: y\nknowledge: {{files: [{}]}}"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, name: str, key: str) -> None:
    roles = tmp_path / "roles"
    roles.mkdir()
    (tmp_path / "book.md").write_text("secret")
    (roles / "link.md").symlink_to(tmp_path / "book.md")
    (roles / "folder").symlink_to(tmp_path)
    error = complaint(roles, f"name: x\n{key.format(name)}\n")
    assert "leaves the role's folder" in str(error)
    assert error.line is not None


def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text("Книга.", encoding="utf-8")
    (tmp_path / "link.md").symlink_to("book.md")
    assert load_role_file(written(tmp_path, "name: x\nsystem_file: link.md\n")).said["system"] == "Книга."


@pytest.mark.parametrize(
    ("content", "says"), [(None, "no such file"), (b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "not UTF-8")]
)
def test_a_system_file_that_cannot_be_used(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "book.md").write_bytes(content)
    error = complaint(tmp_path, "name: x\nsystem_file: book.md\n")
    assert says in str(error)
    assert error.line == 2


def test_a_path_with_a_null_character(tmp_path: Path) -> None:
    assert complaint(tmp_path, 'name: x\nsystem_file: "a\\0b"\n').line == 2


def test_a_loop_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert complaint(tmp_path, "name: x\nsystem_file: a\n").line == 2


# --- anything at all --------------------------------------------------------------------------------------------------

_words = st.sampled_from(
    [*RoleFileKeys.model_fields, "mode", "user", "assistant", "files", "x", "strict", "1", "''", "null"]
)
_values = st.recursive(
    _words | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.text(max_size=8) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(_words, _values, max_size=6))
def test_any_mapping_is_a_role_or_one_clear_error(tmp_path: Path, data: dict[str, object]) -> None:
    import json

    path = written(tmp_path, json.dumps(data, ensure_ascii=True))
    try:
        load_role_file(path)
    except RoleError as error:
        assert str(error).startswith(f"{path}")
        assert "\n" not in str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(alphabet="name: xsytem\n -[]{}&*!|>'\"#%@?,", max_size=60).map(str.encode))
def test_any_bytes_are_a_role_or_one_clear_error(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, data)
    try:
        load_role_file(path)
    except RoleError as error:
        assert os.fspath(path) in str(error)
