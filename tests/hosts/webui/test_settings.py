"""Settings in the webui: what the page has saved, and over it the webui's own settings.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from role_engine.errors import RoleEngineError
from role_engine.hosts.webui.panel_host import WebuiPanelHost


def file_of(webui: Any) -> Path:
    return webui.user_data / "role_engine" / "settings.yaml"


def test_the_page_saves_what_differs_and_it_is_in_force_at_once(webui: Any) -> None:
    extension = webui.load()._extension
    WebuiPanelHost(extension).save_settings(
        {"role": "sage", "mode": "balanced", "decoder": "off", "clean_history": True}
    )
    assert file_of(webui).read_text("utf-8") == "role: sage\nmode: balanced\ndecoder: 'off'\n"
    assert "мудрец" in webui.prompt("Кто ты?")
    assert extension.policy_in_force().decoder == "off"
    assert "мудрец" in webui.load()._extension.library.get("sage").system.lower()
    assert "мудрец" in webui.prompt("Кто ты?"), "after a restart"


def test_the_webuis_own_settings_win(webui: Any) -> None:
    file_of(webui).write_text("role: sage\nmode: strict\n", encoding="utf-8")
    extension = webui.load(role="clerk")._extension
    host = WebuiPanelHost(extension)
    assert "писарь" in webui.prompt("Кто ты?")
    assert list(host.settings_set_elsewhere()) == ["role"]
    assert extension.settings.mode == "strict"


@pytest.mark.parametrize("text", ["role: [", "- a", "mode: loud", "colour: red", "surfaces: {page: maybe}"])
def test_a_broken_file_is_told_and_left_alone(webui: Any, text: str) -> None:
    file_of(webui).write_text(text, encoding="utf-8")
    extension = webui.load()._extension
    assert any("settings.yaml" in problem for problem in extension.problems)
    assert extension.settings.role is None
    with pytest.raises(RoleEngineError):
        extension.save_settings({"role": "sage"})
    assert file_of(webui).read_text("utf-8") == text


@pytest.mark.parametrize("values", [{"mode": "loud"}, {"thinking": "loud"}, {"surfaces": {"page": "maybe"}}])
def test_what_is_not_possible_is_not_saved(webui: Any, values: dict[str, Any]) -> None:
    extension = webui.load()._extension
    with pytest.raises(RoleEngineError):
        extension.save_settings(values)
    assert not file_of(webui).exists()


def test_a_global_template_is_for_roles_that_name_none(webui: Any) -> None:
    extension = webui.load()._extension
    extension.save_settings({"template": "plain"})
    assert extension._resolve(None, None).role is None
    from role_engine.hosts.in_force import Choice

    assert extension._resolve(Choice("sage"), None).role.template == "plain"


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({}, ""),
        ({"multi_user": True}, "fixed multi_user"),
        ({"listen": True}, "fixed no login"),
        ({"share": True}, "fixed no login"),
        ({"listen": True, "gradio_auth": "a:b"}, ""),
        ({"share": True, "gradio_auth_path": "file"}, ""),
        ({"multi_user": True, "gradio_auth": "a:b"}, "fixed multi_user"),
    ],
)
def test_who_may_change_files(webui: Any, args: dict[str, Any], why: str) -> None:
    extension = webui.load()._extension
    for name, value in args.items():
        setattr(webui.shared.args, name, value)
    assert WebuiPanelHost(extension).why_fixed() == why


def test_a_reply_on_the_page_is_noted_for_nobody_without_a_page(webui: Any) -> None:
    extension = webui.load()._extension
    webui.model(["Привет, мир."])
    assert webui.chat_reply("Кто ты?")[-1] == "Привет, мир."
    assert [reply.delivered for reply in extension.sessions.of(None).replies] == ["Привет, мир."]
