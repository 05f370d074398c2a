"""Where roles and templates are found, installed one way or the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from role_engine.paths import builtin_roles, builtin_templates, cache_folder, folders

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("package", "roles", "templates"),
    [
        (
            "site-packages/role_engine",
            "site-packages/role_engine/builtin_roles",
            "site-packages/role_engine/builtin_templates",
        ),
        ("checkout/extensions/role_engine", "checkout/roles", "checkout/prompt-templates"),
        (
            "user_data/extensions/role_engine",
            "user_data/role_engine/roles",
            "user_data/role_engine/prompt-templates",
        ),
    ],
    ids=["wheel", "checkout", "copied into a webui"],
)
def test_finds_what_the_project_brings(tmp_path: Path, package: str, roles: str, templates: str) -> None:
    for folder in (package, roles, templates):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    assert builtin_roles(tmp_path / package) == tmp_path / roles
    assert builtin_templates(tmp_path / package) == tmp_path / templates


def test_a_package_copied_alone_has_a_folder_that_is_missing(tmp_path: Path) -> None:
    assert not builtin_roles(tmp_path / "a/b/role_engine").exists()


def test_home_is_the_option_then_the_variable_then_the_current_folder(tmp_path: Path) -> None:
    variable = {"ROLE_ENGINE_HOME": str(tmp_path / "variable")}
    assert folders(tmp_path / "option", variable).home == tmp_path / "option"
    assert folders(None, variable).home == tmp_path / "variable"
    assert folders(None, {}).home == Path(".")


def test_the_users_own_come_first(tmp_path: Path) -> None:
    found = folders(tmp_path)
    assert found.roles == (tmp_path / "roles", builtin_roles())
    assert found.templates == (tmp_path / "prompt-templates", builtin_templates())


def test_in_the_checkout_itself_nothing_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(builtin_roles().parent)
    assert folders(None, {}).roles == (Path("roles"),)


@pytest.mark.parametrize(
    ("environ", "platform", "folder"),
    [
        ({"ROLE_ENGINE_CACHE": "/own"}, "linux", "/own"),
        ({"XDG_CACHE_HOME": "/x"}, "linux", "/x/role-engine"),
        ({}, "linux", "~/.cache/role-engine"),
        ({}, "darwin", "~/Library/Caches/role-engine"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/role-engine/Cache"),
    ],
)
def test_what_can_be_made_again_lies_in_the_systems_place(environ: dict[str, str], platform: str, folder: str) -> None:
    assert cache_folder(environ, platform) == Path(folder).expanduser()
