"""The role in the chat prompt, on the stub of the webui."""

from __future__ import annotations

import copy
from typing import ClassVar

import jinja2
import pytest

from tests.hosts.webui.conftest import CHATML


def test_in_instruct_the_role_is_the_system_message_and_the_reminder_comes_last(webui):
    webui.load(role="sage")
    prompt = webui.prompt("Кто ты?")
    assert prompt.startswith("<|im_start|>system\nТы — мудрец.")
    assert prompt.count("Ты — мудрец.") == 1
    assert "Не шути." in prompt
    assert prompt.endswith("Кто ты?\n\nОтвечай по-русски.<|im_end|>\n<|im_start|>assistant\n")


def test_examples_stand_between_the_system_message_and_the_chat(webui):
    webui.load(role="sage")
    history = {"internal": [["Раньше", "Было"]], "visible": []}
    prompt = webui.prompt("Теперь", webui.state(history=history))
    places = [prompt.index(text) for text in ("мудрец", "Что есть истина?", "Верность", "Раньше", "Было", "Теперь")]
    assert places == sorted(places)


def test_the_clients_own_system_message_follows_the_roles(webui):
    webui.load(role="sage")
    prompt = webui.prompt("Кто ты?", webui.state(custom_system_message="Отвечай кратко."))
    assert prompt.index("Ты — мудрец.") < prompt.index("Отвечай кратко.") < prompt.index("Кто ты?")
    assert prompt.count("<|im_start|>system") == 1


def test_in_chat_the_role_leads_the_characters_context(webui):
    webui.load(role="sage")
    prompt = webui.prompt("Кто ты?", webui.state(mode="chat", context="Тебя зовут Анна."))
    assert prompt.index("Ты — мудрец.") < prompt.index("Тебя зовут Анна.")


def test_without_a_role_the_prompt_is_the_hosts(webui):
    webui.load(role="sage")
    state = webui.state(custom_system_message="Отвечай кратко.", **{"role_engine:role": "none"})
    assert webui.prompt("Кто ты?", state) == webui.chat.generate_chat_prompt("Кто ты?", state)


def test_the_panel_of_the_browser_session_overrules_the_settings(webui):
    webui.load(role="sage")
    prompt = webui.prompt("Кто ты?", webui.state(**{"role_engine:role": "clerk"}))
    assert "писарь" in prompt
    assert "мудрец" not in prompt


def test_continuing_keeps_the_reply_at_the_end_and_the_reminder_in_the_question(webui):
    webui.load(role="sage")
    history = {"internal": [["Кто ты?", "Я тот, кто"]], "visible": []}
    prompt = webui.prompt("", webui.state(history=history), _continue=True, history=history)
    assert prompt.endswith("Я тот, кто")
    assert "Кто ты?\n\nОтвечай по-русски." in prompt


def test_nothing_of_the_hosts_is_changed(webui):
    webui.load(role="sage")
    state = webui.state(
        history={
            "internal": [["Раз", "Bad reply here. Хорошо."]],
            "visible": [],
            "metadata": {"user_0": {"attachments": []}},
        }
    )
    before = copy.deepcopy(state)
    webui.prompt("Два", state)
    assert state == before


def test_metadata_moves_along_with_the_rows(webui):
    seen = {}
    webui.load(role="sage")
    original = webui.chat.generate_chat_prompt

    def spy(text, state, **kwargs):
        seen.update(kwargs["history"])
        return original(text, state, **kwargs)

    webui.chat.generate_chat_prompt = spy
    history = {"internal": [["Раз", "Два"]], "visible": [], "metadata": {"user_0": {"a": 1}, "assistant_0": {"b": 2}}}
    webui.prompt("Три", webui.state(history=history))
    webui.chat.generate_chat_prompt = original
    assert seen["metadata"] == {"user_1": {"a": 1}, "assistant_1": {"b": 2}}
    assert seen["internal"][1] == ["Раз", "Два"]


class TestCleanHistory:
    HISTORY: ClassVar = {"internal": [["Что нового?", "Всё хорошо. 一切都很好. Погода тёплая."]], "visible": []}

    def test_foreign_sentences_of_earlier_replies_are_not_shown_to_the_model(self, webui):
        webui.load(role="sage")
        prompt = webui.prompt("А ещё?", webui.state(history=self.HISTORY))
        assert "一切" not in prompt
        assert "Погода тёплая." in prompt

    def test_it_can_be_switched_off(self, webui):
        webui.load(role="sage", clean_history=False)
        assert "一切" in webui.prompt("А ещё?", webui.state(history=self.HISTORY))

    def test_the_reply_that_is_continued_stays(self, webui):
        webui.load(role="sage")
        state = webui.state(history=self.HISTORY)
        assert "一切" in webui.prompt("", state, _continue=True, history=self.HISTORY)


def test_a_model_without_a_template_gets_the_roles(webui):
    webui.load(role="clerk")
    bare = webui.shared.default_settings["instruction_template_str"]
    prompt = webui.prompt("Кто ты?", webui.state(instruction_template_str=bare))
    assert prompt.startswith("[system] Ты — писарь.")
    assert webui.prompt("Кто ты?", webui.state()).startswith("<|im_start|>")


def test_another_extension_that_renders_prompts_is_asked_and_gets_the_role(webui):
    webui.load(role="sage")

    class Other:
        @staticmethod
        def custom_generate_chat_prompt(text, state, **kwargs):
            return f"<<{state['custom_system_message']}|{text}>>"

    webui.extensions.state["other"] = [True, 1, Other]
    assert webui.prompt("Кто ты?").startswith("<<Ты — мудрец.")


def test_a_template_without_a_system_role_puts_the_role_into_the_first_message(webui):
    webui.load(role="sage", clean_history=False)
    template = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}" + CHATML
    webui.chat.jinja_env.globals["raise_exception"] = _refuse
    prompt = webui.prompt("Кто ты?", webui.state(instruction_template_str=template))
    assert prompt.startswith("<|im_start|>user\nТы — мудрец.")


def _refuse(message):
    raise ValueError(message)


def test_the_roles_examples_are_not_cleaned_away(webui):
    roles = webui.user_data / "role_engine" / "roles"
    (roles / "coder.yaml").write_text(
        "name: Кодер\nsystem: Ты кодер.\nlanguage: {mode: strict}\n"
        'examples: [{user: "Как вывести?", assistant: "Пиши так: print(1)."}]\n',
        encoding="utf-8",
    )
    webui.load(role="coder")
    assert "Пиши так: print(1)." in webui.prompt(
        "Ещё?", webui.state(history={"internal": [["Раз", "bad"]], "visible": []})
    )


def test_a_role_that_cannot_be_rendered_is_left_out_and_not_reported(webui, caplog):
    roles = webui.user_data / "role_engine" / "roles"
    (roles / "odd.yaml").write_text('name: Чудной\nsystem: "{{ user | nothing }}"\njinja: true\n', encoding="utf-8")
    webui.load(role="odd")
    state = webui.script.state_modifier(webui.state())
    prompt = webui.script.custom_generate_chat_prompt("Кто ты?", state)
    assert prompt.startswith("<|im_start|>user")
    assert state["role_engine_turn"].reach == "guard"
    assert "role odd is left out" in caplog.text


GENERATION = (
    "{% set rest = messages %}{% if messages[0].role == 'system' %}<{{ messages[0].content }}>"
    "{% set rest = messages[1:] %}{% endif %}{% for m in rest %}"
    "{% if m.role == 'assistant' %}{% generation %}[{{ m.content }}]{% endgeneration %}{% else %}"
    "{% if loop.previtem is defined and loop.previtem.role == m.role %}{{ none.refuses.two }}{% endif %}"
    "{{ m.content }}{% endif %}{% endfor %}"
)


def test_a_template_with_marks_for_training_that_wants_turns(webui):
    webui.load(role="clerk")
    history = {"internal": [["Раз?", ""], ["Два?", "Два."]], "visible": []}
    state = webui.state(history=history, instruction_template_str=GENERATION)
    assert webui.prompt("Три?", state) == "<Ты — писарь.>Раз?\n\nДва?[Два.]Три?"


def test_without_a_role_the_host_reads_such_marks_too_until_the_extension_goes(webui):
    webui.load(role="sage")
    state = webui.state(instruction_template_str=GENERATION, **{"role_engine:role": "none"})
    assert webui.prompt("Раз?", state) == "Раз?"
    before = dict(webui.chat.jinja_env.extensions)
    webui.load(role="sage")  # as on a restart of the page
    assert webui.prompt("Раз?", state) == "Раз?"
    assert webui.chat.jinja_env.extensions.keys() == before.keys()
    webui.script._extension.uninstall()
    with pytest.raises(jinja2.TemplateSyntaxError):
        webui.chat.jinja_env.from_string(GENERATION)
