"""`extends`: the parent speaks first, the child goes on or replaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from role_engine.errors import RoleError
from role_engine.roles import Role, RoleLibrary

PARENT = """\
name: Родитель
description: Основа.
system: |
  Первое правило.

greeting: Здравствуйте.
examples: [{user: А, assistant: Б}]
reminder: Помни.
negative: [Раз., Два.]
template: qwen3-chatml
language: {mode: strict, allow: [Linux], attempts: 2}
thinking: {default: think, depth: 3}
sampling: {temperature: 0.5, top_p: 0.9}
knowledge: {files: [a.md], top_k: 7}
budget: {max_share: 0.5}
"""


def child(folder: Path, text: str, parent: str = PARENT) -> Role:
    (folder / "parent.yaml").write_text(parent, encoding="utf-8")
    (folder / "child.yaml").write_text("extends: parent\n" + text, encoding="utf-8")
    return RoleLibrary([folder]).get("child")


def test_a_silent_child_is_its_parent(tmp_path: Path) -> None:
    role = child(tmp_path, "")
    parent = RoleLibrary([tmp_path]).get("parent")
    assert role == parent.model_copy(update={"id": "child", "path": tmp_path / "child.yaml"})


def test_system_follows_after_a_blank_line(tmp_path: Path) -> None:
    assert child(tmp_path, "system: Второе правило.\n").system == "Первое правило.\n\nВторое правило."


def test_negative_and_allow_are_continued_without_repeating(tmp_path: Path) -> None:
    role = child(tmp_path, "negative: [Два., Три.]\nlanguage: {allow: [Python, Linux]}\n")
    assert role.negative == ("Раз.", "Два.", "Три.")
    assert role.language.allow == ("Linux", "Python")


def test_the_rest_is_replaced(tmp_path: Path) -> None:
    role = child(tmp_path, "name: Дитя\ngreeting: Привет.\nreminder: ''\nexamples: []\ntemplate: x\n")
    assert (role.name, role.greeting, role.reminder, role.examples, role.template) == ("Дитя", "Привет.", "", (), "x")


def test_groups_are_merged_key_by_key(tmp_path: Path) -> None:
    role = child(
        tmp_path,
        "language: {attempts: 3}\nthinking: {depth: 1}\nsampling: {top_p: 0.5, top_k: 9}\nknowledge: {top_k: 1}\n",
    )
    assert (role.language.mode, role.language.allow, role.language.attempts) == ("strict", ("Linux",), 3)
    assert (role.thinking.default, role.thinking.depth) == ("think", 1)
    assert role.sampling == {"temperature": 0.5, "top_p": 0.5, "top_k": 9}
    assert role.knowledge.top_k == 1
    assert role.knowledge.files == (tmp_path.resolve() / "a.md",)


def test_override_replaces(tmp_path: Path) -> None:
    role = child(
        tmp_path,
        "override: [system, negative, allow]\nsystem: Только это.\nnegative: [Три.]\nlanguage: {allow: [Python]}\n",
    )
    assert role.system == "Только это."
    assert role.negative == ("Три.",)
    assert role.language.allow == ("Python",)


def test_override_of_one_leaves_the_others(tmp_path: Path) -> None:
    role = child(tmp_path, "override: [system]\nsystem: Только это.\nnegative: [Три.]\n")
    assert role.system == "Только это."
    assert role.negative == ("Раз.", "Два.", "Три.")


def test_three_generations(tmp_path: Path) -> None:
    child(tmp_path, "system: Второе правило.\n")
    (tmp_path / "grand.yaml").write_text("extends: child\nname: Внук\nsystem: Третье.\n", encoding="utf-8")
    assert RoleLibrary([tmp_path]).get("grand").system == "Первое правило.\n\nВторое правило.\n\nТретье."


def test_system_may_come_from_the_parent_alone_but_not_from_nowhere(tmp_path: Path) -> None:
    assert child(tmp_path, "name: x\n").system.strip() == "Первое правило."
    with pytest.raises(RoleError, match=r"`system` is missing, and nothing that it extends has one"):
        child(tmp_path, "name: x\n", parent="name: y\n")


def test_a_name_and_a_system_are_required(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("system: x\n")
    (tmp_path / "b.yaml").write_text("name: x\n")
    errors = RoleLibrary([tmp_path]).errors()
    assert "`name` is missing" in str(errors["a"])
    assert "`system` is missing" in str(errors["b"])


def test_an_unknown_parent_names_the_chain_and_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "russian.yaml").write_text("name: x\nsystem: y\n")
    (tmp_path / "a.yaml").write_text("name: x\nextends: rusian\n")
    error = RoleLibrary([tmp_path]).errors()["a"]
    assert "(a → rusian)" in str(error)
    assert "Did you mean 'russian'?" in str(error)
    assert error.line == 2


def test_a_broken_parent_is_said_to_be_broken(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("nam: x\n")
    (tmp_path / "a.yaml").write_text("name: x\nextends: b\n")
    assert "'b', which is broken itself" in str(RoleLibrary([tmp_path]).errors()["a"])


@pytest.mark.parametrize("ring", ["a", "ab", "abc"])
def test_a_circle_names_the_chain(tmp_path: Path, ring: str) -> None:
    for here, there in zip(ring, ring[1:] + ring[0], strict=True):
        (tmp_path / f"{here}.yaml").write_text(f"name: x\nsystem: y\nextends: {there}\n")
    library = RoleLibrary([tmp_path])
    assert library.ids() == ()
    assert f"in a circle: {' → '.join(ring + ring[0])}." in str(library.errors()["a"])


def test_it_is_known_where_the_child_s_own_text_begins(tmp_path: Path) -> None:
    role = child(tmp_path, "system: Второе правило.\n")
    assert role.system[: role.own] == "Первое правило.\n\n" and role.system[role.own :] == "Второе правило."
    assert child(tmp_path, "override: [system]\nsystem: Второе.\n").own == 0


def test_a_book_is_known_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text("Книга.", encoding="utf-8")
    from_book = "name: Р\nsystem_file: book.md\n"
    assert child(tmp_path, "", parent=from_book).system_file == tmp_path / "book.md"
    assert child(tmp_path, "system: Ещё.\n", parent=from_book).system_file == tmp_path / "book.md"
    assert child(tmp_path, "override: [system]\nsystem: Ещё.\n", parent=from_book).system_file is None
    assert child(tmp_path, "system_file: book.md\n").system_file == tmp_path / "book.md"
