"""Who says what is in force: request, panel, the role's file, the server's default, key by key."""

from __future__ import annotations

import pytest

from role_engine.errors import UnknownRole
from role_engine.hosts.in_force import Choice, resolve
from role_engine.roles import RoleLibrary


@pytest.fixture
def library(tmp_path):
    (tmp_path / "plain.yaml").write_text("name: Простой\nsystem: Ты прост.\n", encoding="utf-8")
    (tmp_path / "strict.yaml").write_text(
        "name: Строгий\nsystem: Ты строг.\nlanguage: {mode: strict, allow: [Linux]}\n", encoding="utf-8"
    )
    return RoleLibrary([tmp_path])


def outcome(library, **voices):
    in_force = resolve(library, **{name: Choice(**said) for name, said in voices.items()})
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
def test_the_first_voice_that_says_something_wins(library, voices, expected):
    assert outcome(library, **voices) == expected


def test_a_changed_mode_keeps_the_rest_of_the_roles_policy(library):
    in_force = resolve(library, request=Choice(role="strict", mode="balanced"))
    assert in_force.policy.allow == ("Linux",)


def test_an_unknown_role_is_an_error_that_lists_the_known(library):
    with pytest.raises(UnknownRole, match=r"plain, strict"):
        resolve(library, request=Choice(role="plane"))
