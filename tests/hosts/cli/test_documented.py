"""docs/command-line.md: what it shows is what the commands print."""

from __future__ import annotations

import re
import shutil

import pytest

from role_engine.hosts.cli.app import app
from tests.hosts.cli.documented import PAGE, refreshed


@pytest.mark.skipif(shutil.which("bash") is None, reason="the documented commands are shell commands")
def test_the_page_shows_what_the_commands_print() -> None:
    page = PAGE.read_text("utf-8")
    assert refreshed(page) == page, "write it anew: python -m tests.hosts.cli.documented"


def test_every_command_is_documented() -> None:
    page = PAGE.read_text("utf-8")
    groups = {str(group.name): group.typer_instance for group in app.registered_groups}
    names = [str(command.name) for command in app.registered_commands]
    names += [f"{name} {command.name}" for name, group in groups.items() for command in group.registered_commands]
    documented = set(re.findall(r"^\$ .*?role-engine ([a-z]+(?: [a-z]+)?)", page, re.MULTILINE))
    for name in names:
        assert (
            any(found == name or found.startswith(f"{name} ") for found in documented) or f"role-engine {name}" in page
        )
