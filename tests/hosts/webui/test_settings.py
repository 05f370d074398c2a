"""Settings in the webui: what the page has saved, and over it the webui's own settings.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from role_engine.errors import RoleEngineError, SettingsError
from role_engine.hosts.webui.panel_host import WebuiPanelHost


def file_of(webui: Any) -> Path:
    return webui.user_data / "role_engine" / "settings.yaml"


def test_the_page_saves_what_differs_and_it_is_in_force_at_once(webui: Any) -> None:
    services = webui.load()._extension.services
    WebuiPanelHost(services).save_settings(
        {"role": "sage", "mode": "balanced", "decoder": "off", "clean_history": True}
    )
    assert file_of(webui).read_text("utf-8") == "role: sage\nmode: balanced\ndecoder: 'off'\n"
    assert "мудрец" in webui.prompt("Кто ты?")
    assert services.policy.decoder == "off"
    assert "мудрец" in webui.load()._extension.services.library.get("sage").system.lower()
    assert "мудрец" in webui.prompt("Кто ты?"), "after a restart"


def test_the_webuis_own_settings_win(webui: Any) -> None:
    file_of(webui).write_text("role: sage\nmode: strict\n", encoding="utf-8")
    services = webui.load(role="clerk")._extension.services
    host = WebuiPanelHost(services)
    assert "писарь" in webui.prompt("Кто ты?")
    assert list(host.settings_set_elsewhere()) == ["role"]
    assert services.settings.mode == "strict"


@pytest.mark.parametrize("text", ["role: [", "- a", "mode: loud", "colour: red", "surfaces: {page: maybe}"])
def test_a_broken_file_is_told_and_left_alone(webui: Any, text: str) -> None:
    file_of(webui).write_text(text, encoding="utf-8")
    services = webui.load()._extension.services
    assert any("settings.yaml" in problem for problem in services.problems)
    assert services.settings.role is None
    with pytest.raises(RoleEngineError):
        services.store.save({"role": "sage"})
    assert file_of(webui).read_text("utf-8") == text


@pytest.mark.parametrize("values", [{"mode": "loud"}, {"thinking": "loud"}, {"surfaces": {"page": "maybe"}}])
def test_what_is_not_possible_is_not_saved(webui: Any, values: dict[str, Any]) -> None:
    services = webui.load()._extension.services
    with pytest.raises(RoleEngineError):
        services.store.save(values)
    assert not file_of(webui).exists()


class TestTemplate:
    """The settings' template: where a model has no chat template, and no role names one."""

    @staticmethod
    def bare(webui: Any, **changes: Any) -> dict[str, Any]:
        """The host's state with a model that brings no template."""
        return webui.state(
            instruction_template_str=webui.shared.default_settings["instruction_template_str"], **changes
        )

    def test_for_roles_that_name_none(self, webui: Any) -> None:
        (webui.user_data / "role_engine" / "prompt-templates" / "other.jinja").write_text(
            "{% for m in messages %}<{{ m['role'] }}> {{ m['content'] }}\n{% endfor %}"
        )
        webui.load(role="sage")._extension.services.store.save({"template": "other"})
        assert webui.prompt("Кто ты?", self.bare(webui)).startswith("<system> Ты — мудрец.")
        assert webui.prompt("Кто ты?").startswith("<|im_start|>"), "the model's own stays"
        assert webui.prompt("Кто ты?", self.bare(webui, **{"role_engine:role": "clerk"})).startswith("[system]")

    def test_where_there_is_no_role(self, webui: Any) -> None:
        webui.load()._extension.services.store.save({"template": "plain"})
        webui.model(["Да", ".", "\n[us", "er]", " Ещё"])
        none = {"role_engine:role": "none"}
        assert webui.chat_reply("Привет", self.bare(webui, **none))[-1].rstrip() == "Да."
        assert webui.generation.calls[-1]["prompt"] == "[user] Привет\n"
        assert webui.prompt("Привет", self.bare(webui)) == "[user] Привет\n", "nobody says anything of a role"
        assert webui.prompt("Привет", webui.state(**none)).startswith("<|im_start|>")

    def test_a_base_model_gets_it_though_it_brings_one(self, webui: Any) -> None:
        webui.load(models={"tiny": "base"})._extension.services.store.save({"template": "plain"})
        webui.model(["Да."])
        assert webui.prompt("Привет", webui.state()) == "[user] Привет\n"

    @pytest.mark.parametrize("reach", ["guard", "off"])
    def test_only_where_the_prompt_is_ours_to_change(self, webui: Any, reach: str) -> None:
        webui.load(surfaces={"page": reach})._extension.services.store.save({"template": "plain"})
        state = self.bare(webui)
        assert webui.prompt("Привет", state) == webui.chat.generate_chat_prompt("Привет", state)

    def test_one_that_has_gone_is_done_without(self, webui: Any) -> None:
        file_of(webui).write_text("template: gone\n", encoding="utf-8")
        webui.load()
        state = self.bare(webui)
        assert webui.prompt("Привет", state) == webui.chat.generate_chat_prompt("Привет", state)

    def test_round_a_raw_prompt(self, webui: Any) -> None:
        webui.shared.settings["instruction_template_str"] = ""
        webui.load(role="sage", surfaces={"notebook": "on"})._extension.services.store.save({"template": "plain"})
        webui.model(["Да."])
        state = {**webui.script.state_modifier(self.bare(webui)), "instruction_template_str": ""}
        list(webui.script.custom_generate_reply("Мера", "Мера", state, [], is_chat=False))
        assert webui.generation.calls[-1]["prompt"].startswith("[system] Ты — мудрец.")


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
    services = webui.load()._extension.services
    for name, value in args.items():
        setattr(webui.shared.args, name, value)
    assert WebuiPanelHost(services).why_fixed() == why


def test_a_reply_on_the_page_is_noted_for_nobody_without_a_page(webui: Any) -> None:
    services = webui.load()._extension.services
    webui.model(["Привет, мир."])
    assert webui.chat_reply("Кто ты?")[-1] == "Привет, мир."
    assert [reply.delivered for reply in services.sessions.of(None).replies] == ["Привет, мир."]


def test_a_text_is_checked_by_what_is_in_force_but_for_what_is_asked(webui: Any) -> None:
    from role_engine.hosts.webui.api import WebuiService
    from role_engine.hosts.webui.host_api import HostServer

    service = WebuiService(webui.load(mode="strict")._extension.services, HostServer(None, [], [], None))
    bulgarian = "Утре ще отидем заедно на пазара, за да купим пресни плодове и зеленчуци за вечерята."
    assert service.check_text(bulgarian, mode=None, hold=None, context=()).ok
    assert not service.check_text(bulgarian, mode=None, hold="sentence", context=()).ok
    assert not service.check_text("Это Docker.", mode=None, hold="word", context=()).ok
    assert service.check_text("Это Docker.", mode="balanced", hold=None, context=()).ok


def test_words_that_the_webuis_yaml_takes_for_truth_values() -> None:
    from role_engine.hosts.webui.settings import Settings

    assert Settings.from_params({"mode": False, "decoder": False}).mode == "off"
    assert Settings.from_params({"surfaces": {"page": False, "notebook": True}}).surfaces.notebook == "on"
    for params in ({"mode": True}, {"role": False}, {"thinking": True}):
        with pytest.raises(SettingsError, match="in quotes"):
            Settings.from_params(params)
