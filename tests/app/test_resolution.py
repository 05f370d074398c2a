"""Who says what is in force: request, panel, the role's file, the server's default, key by key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from role_engine.app.resolution import Choice, resolve
from role_engine.errors import UnknownRole
from role_engine.roles import RoleLibrary


@pytest.fixture
def library(tmp_path: Path) -> RoleLibrary:
    (tmp_path / "plain.yaml").write_text("name: Простой\nsystem: Ты прост.\n", encoding="utf-8")
    (tmp_path / "strict.yaml").write_text(
        "name: Строгий\nsystem: Ты строг.\nlanguage: {mode: strict, allow: [Linux]}\n", encoding="utf-8"
    )
    return RoleLibrary([tmp_path])


def outcome(library: RoleLibrary, **voices: dict[str, Any]) -> tuple[str | None, str]:
    choices: dict[str, Any] = {name: Choice(**said) for name, said in voices.items()}
    in_force = resolve(library, **choices)
    return (in_force.role.id if in_force.role else None, in_force.policy.mode)


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        ({}, (None, "balanced")),
        ({"server": {"role": "strict"}}, ("strict", "strict")),
        ({"server": {"role": "plain", "mode": "strict"}}, ("plain", "strict")),
        ({"server": {"role": "strict", "mode": "off"}}, ("strict", "strict")),
        ({"panel": {"role": "plain"}, "server": {"role": "strict"}}, ("plain", "balanced")),
        ({"panel": {"mode": "off"}, "server": {"role": "strict"}}, ("strict", "off")),
        ({"request": {"role": "plain"}, "panel": {"role": "strict", "mode": "strict"}}, ("plain", "strict")),
        ({"request": {"role": "none"}, "server": {"role": "strict"}}, (None, "balanced")),
        ({"request": {"mode": "balanced"}, "server": {"role": "strict"}}, ("strict", "balanced")),
        ({"request": {"role": "none"}, "server": {"role": "strict", "mode": "off"}}, (None, "off")),
    ],
)
def test_the_first_voice_that_says_something_wins(
    library: RoleLibrary, voices: dict[str, dict[str, Any]], expected: tuple[str | None, str]
) -> None:
    assert outcome(library, **voices) == expected


def test_a_changed_mode_keeps_the_rest_of_the_roles_policy(library: RoleLibrary) -> None:
    in_force = resolve(library, request=Choice(role="strict", mode="balanced"))
    assert in_force.policy.allow == ("Linux",)


def test_an_unknown_role_is_an_error_that_lists_the_known(library: RoleLibrary) -> None:
    with pytest.raises(UnknownRole, match=r"plain, strict"):
        resolve(library, request=Choice(role="plane"))


@pytest.fixture
def thinkers(tmp_path: Path) -> RoleLibrary:
    for name, thinking in (("free", "{default: think}"), ("bound", "{modes: [think]}"), ("plain", "{}")):
        (tmp_path / f"{name}.yaml").write_text(f"name: x\nsystem: y\nthinking: {thinking}\n", encoding="utf-8")
    return RoleLibrary([tmp_path])


@pytest.mark.parametrize(
    ("role", "request_", "message", "panel", "server", "expected"),
    [
        ("free", None, None, None, "conflict", "think"),
        ("free", "none", "recursion", "conflict", None, "none"),
        ("free", None, "recursion", "conflict", None, "recursion"),
        ("free", None, None, "conflict", None, "conflict"),
        ("plain", None, None, None, "conflict", "conflict"),
        ("bound", None, "recursion", None, None, "none"),
        ("bound", None, "recursion", "think", None, "think"),
        ("bound", None, None, None, "conflict", "none"),
        ("bound", "recursion", None, None, None, "recursion"),
        ("bound", None, None, "recursion", None, "recursion"),
        ("none", None, "recursion", None, None, "recursion"),
    ],
)
def test_who_chooses_how_to_think(
    thinkers: RoleLibrary,
    role: str,
    request_: str | None,
    message: str | None,
    panel: str | None,
    server: str | None,
    expected: str,
) -> None:
    """A message's token and the server's default count where the role offers the mode; who names it himself decides."""
    voices: dict[str, Any] = {"panel": Choice(thinking=panel), "server": Choice(thinking=server), "message": message}
    assert resolve(thinkers, request=Choice(role, thinking=request_), **voices).thinking == expected
