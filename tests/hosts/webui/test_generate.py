"""The reply through the guard, on the stub of the webui."""

from __future__ import annotations

from itertools import pairwise

import pytest

from role_engine.app.resolution import Choice
from role_engine.hosts.http.context import RequestContext, current
from tests.hosts.opened_reasoning import OPENED, speak
from tests.hosts.webui.conftest import CHATML


@pytest.fixture
def api_request():
    """Code in the test runs as the work of one HTTP request."""
    tokens = []

    def begin(endpoint="chat", **choice) -> RequestContext:
        context = RequestContext(endpoint, Choice(**choice))
        tokens.append(current.set(context))
        return context

    yield begin
    for token in reversed(tokens):
        current.reset(token)


def test_every_yield_extends_the_one_before_and_the_bad_word_is_generated_again(webui):
    webui.load(role="sage", mode="strict")
    webui.model(["Здравствуй", ",", " friend", "!"], [" друг", "!"])
    yields = webui.chat_reply("Привет")
    assert yields[-1] == "Здравствуй, друг!"
    assert all(later.startswith(earlier) for earlier, later in pairwise(yields))


@pytest.mark.parametrize(("opener", "closer"), OPENED.items())
def test_every_format_of_reasoning_that_a_template_opens(webui, api_request, opener, closer):
    webui.load(role="sage", mode="strict")
    webui.model(speak(closer), ["."])
    request = api_request()
    template = CHATML.replace("assistant\n{%", f"assistant\n{opener}{{%")
    yields = webui.chat_reply("Кто ты?", webui.state(instruction_template_str=template))
    assert yields[-1] == "".join(speak(closer))
    assert request.reports[0].attempts == 1


def test_the_resumed_prompt_is_the_prompt_and_the_clean_text(webui):
    webui.load(mode="strict")
    webui.model(["Здравствуй", ",", " friend", "!"], [" друг", "!"])
    webui.chat_reply("Привет")
    first, second = webui.generation.calls[-2:]
    assert second["prompt"] == first["prompt"] + "Здравствуй,"
    assert second["state"]["max_new_tokens"] < first["state"]["max_new_tokens"] == 100
    assert second["state"]["seed"] != first["state"]["seed"] == 1


def test_with_the_whole_context_as_limit_the_host_is_told_to_cut_nothing(webui):
    webui.load(mode="strict")
    webui.model(["Да", "."])
    webui.chat_reply("Привет", webui.state(auto_max_new_tokens=True, max_new_tokens=512))
    assert webui.generation.calls[-1]["state"]["max_new_tokens"] == 1


def test_stop_strings_of_the_page_are_applied_before_the_policy(webui):
    webui.load(mode="strict")
    webui.model(["Да", ".", "\nСтоп", " word"])
    assert webui.chat_reply("Привет", webui.state(custom_stopping_strings='"\\nСтоп", "x"'))[-1] == "Да."
    webui.model(["Да", ".", "\nYou", ":", " hi"])
    assert webui.chat_reply("Привет")[-1] == "Да."


def test_the_characters_name_is_not_a_violation(webui):
    webui.load(mode="strict")
    webui.model(["AI", ":", " Да", "."])
    assert webui.chat_reply("Привет", webui.state(mode="chat"))[-1].strip() == "Да."


def test_mode_off_is_the_hosts_own_reply(webui, api_request):
    webui.load(mode="strict")
    webui.model(["Hello", " 世界"])
    request = api_request(mode="off")
    assert webui.chat_reply("Привет")[-1] == "Hello 世界"
    assert request.reports[0].mode == "off"


def test_the_report_is_there_when_the_reply_begins_and_right_when_it_ends(webui, api_request):
    webui.load(role="sage", mode="strict")
    webui.model(["Да", " yes"], [" конечно", "."])
    request = api_request(role="clerk")
    state = webui.script.state_modifier(webui.state())
    prompt = webui.script.custom_generate_chat_prompt("Привет", state)
    reply = webui.script.custom_generate_reply(prompt, prompt, state, [], is_chat=True)
    next(reply)
    assert request.reports[0].role == "clerk"
    list(reply)
    assert (request.reports[0].attempts, request.reports[0].finish) == (2, "stop")
    assert webui.script._extension.services.stats.as_dict()["rejected"] == {"latin": 1}


class TestSurfaces:
    def test_a_surface_that_is_off_is_untouched(self, webui):
        webui.load(role="sage", surfaces={"page": "off"})
        webui.model(["Hello"])
        assert webui.chat_reply("Привет")[-1] == "Hello"
        assert "мудрец" not in webui.prompt("Привет")

    def test_guard_means_language_only(self, webui):
        webui.load(role="sage", mode="strict", surfaces={"page": "guard"})
        webui.model(["Hello"], ["Привет"])
        assert webui.chat_reply("Привет")[-1] == "Привет"
        assert "мудрец" not in webui.generation.calls[-1]["prompt"]

    def test_a_role_named_in_the_request_means_on(self, webui, api_request):
        webui.load(surfaces={"chat_api": "off"})
        api_request(role="sage")
        assert "мудрец" in webui.prompt("Привет")

    def test_completions_are_guarded_and_the_prompt_is_the_clients(self, webui, api_request):
        webui.load(role="sage", mode="strict")
        webui.model(["foo"], [" жил", " старик"])
        api_request("completions")
        yields = list(webui.script.custom_generate_reply("Давно", "Давно", webui.state(), None))
        assert yields[0] == ""
        assert yields[-1] == " жил старик"
        assert webui.generation.calls[-2]["prompt"] == "Давно"

    def test_a_role_named_for_completions_goes_round_the_prompt(self, webui, api_request):
        webui.load()
        webui.model(["Да"])
        api_request("completions", role="clerk")
        list(webui.script.custom_generate_reply("Кто ты?", "Кто ты?", webui.state(), None))
        assert webui.generation.calls[-1]["prompt"].startswith("Ты — писарь.")
        assert webui.generation.calls[-1]["prompt"].endswith("Вопрос: Кто ты?\nОтвет:")

    @pytest.mark.parametrize(
        ("prompt", "reply", "expected"),
        [
            (
                "<|im_start|>user\nПривет<|im_end|>\n<|im_start|>assistant\n",
                "<think>hm</think>Да.",
                "<think>hm</think>Да.",
            ),
            ("<|im_start|>assistant\n<think>\n", "let me see</think>Да.", "let me see</think>Да."),
            ("```python\nx\n### Ответ:\n", "建立", ""),
            ("Вопрос: переведи hello\nОтвет:", "Привет мир.", "Привет мир."),
            ("Жил-был ста", "рик.", "рик."),
        ],
    )
    def test_only_what_belongs_to_the_reply_carries_over_from_a_raw_prompt(
        self, webui, api_request, prompt, reply, expected
    ):
        webui.load()
        webui.model([reply], [""])
        api_request("completions")
        assert list(webui.script.custom_generate_reply(prompt, prompt, webui.state(), None))[-1] == expected

    def test_a_role_round_the_prompt_begins_a_turn_of_its_own(self, webui, api_request):
        webui.load(mode="strict")
        webui.model(["Привет", " мир", "."])
        request = api_request("completions", role="clerk")
        question = "Переведи слово hello"
        assert list(webui.script.custom_generate_reply(question, question, webui.state(), None))[-1] == "Привет мир."
        assert request.reports[0].attempts == 1

    def test_the_notebook_is_untouched(self, webui):
        webui.load(mode="strict")
        webui.model(["Hello"])
        assert list(webui.script.custom_generate_reply("Текст", "Текст", webui.state(), None))[-1] == "Hello"

    def test_a_wrong_setting_is_named_and_the_defaults_guard(self, webui, caplog):
        webui.load(mode="strict", surfaces={"page": "sometimes"})
        assert "role_engine-surfaces.page" in caplog.text
        webui.model(["внезапно", " 建立"], [" создать"])
        assert webui.chat_reply("Привет")[-1] == "внезапно создать"


def test_a_loader_that_names_no_tokens_is_counted_as_the_host_counts(webui, api_request):
    webui.load(mode="strict")
    webui.model(["раз два три", " четыре пять", " шесть семь"])
    request = api_request()
    webui.chat_reply("Считай", webui.state(max_new_tokens=7))
    assert (request.reports[0].tokens_delivered, request.reports[0].finish) == (7, "length")


def test_a_prompt_that_another_extension_made_has_no_role(webui, api_request, caplog):
    webui.load()
    webui.model(["Да."])
    request = api_request(role="sage")
    state = webui.script.state_modifier(webui.state())
    list(webui.script.custom_generate_reply("prompt", "prompt", state, ["\n"], is_chat=True))
    assert request.reports[0].role is None
    assert "another extension makes the prompts" in caplog.text


class TestHelperCallsOfTheHost:
    def test_a_search_query_passes_untouched(self, webui):
        webui.load(mode="strict")
        webui.model(["weather in Moscow"])
        state = webui.script.state_modifier(
            webui.state(auto_max_new_tokens=True, enable_thinking=False, reasoning_effort="low")
        )
        assert list(webui.script.custom_generate_reply("q", "q", state, [], is_chat=True))[-1] == "weather in Moscow"

    def test_one_token_for_the_logits_passes_untouched(self, webui):
        webui.load(mode="strict", surfaces={"notebook": "on"})
        webui.model(["the"])
        assert list(webui.script.custom_generate_reply("q", "q", webui.state(max_new_tokens=1), None))[-1] == "the"

    def test_impersonation_is_guarded_without_a_role(self, webui):
        webui.load(role="sage", mode="strict")
        webui.model(["hello"], ["привет"])
        state = webui.state()
        assert list(webui.script.custom_generate_reply("You: ", "q", state, ["\nAI:"], is_chat=True))[-1] == "привет"


def test_with_no_model_loaded_there_is_an_empty_reply(webui):
    webui.load(mode="strict")
    webui.shared.model = None
    assert list(webui.script.custom_generate_reply("q", "q", webui.state(), None)) == [""]


def test_another_extensions_generator_is_the_inner_one(webui):
    webui.load(mode="strict")
    webui.model(["never"])

    class Other:
        @staticmethod
        def custom_generate_reply(question, original_question, state, stopping_strings, is_chat=False):
            yield from ("Да", "Да и", "Да и нет")

    webui.extensions.state["other"] = [True, 1, Other]
    assert webui.chat_reply("Привет")[-1] == "Да и нет"


def test_the_stop_button_ends_the_reply(webui):
    webui.load(mode="strict")
    webui.model(["Раз", " два", " три", " четыре"])
    state = webui.script.state_modifier(webui.state())
    prompt = webui.script.custom_generate_chat_prompt("Считай", state)
    reply = webui.script.custom_generate_reply(prompt, prompt, state, [], is_chat=True)
    next(reply)
    webui.shared.stop_everything = True
    try:
        assert list(reply) == []
    finally:
        webui.shared.stop_everything = False


def test_only_the_last_message_of_the_user_asks_for_another_language(webui, api_request):
    webui.load(mode="balanced")
    request = api_request()

    def reply(text, rows=(), **kwargs):
        webui.model(["Dear", " friends", ", come in", "."], [" Дорогие", " друзья", "."])
        history = {"internal": [list(row) for row in rows], "visible": []}
        given = webui.chat_reply(text, webui.state(history=history), history=history, **kwargs)[-1]
        return given.strip(), request.reports[-1].relaxed

    asks, thanks = "Переведи на английский: дорогие друзья", "Спасибо. Расскажи о погоде."
    tool = ["", "", "Ответь на английском языке.", {"tool_call_id": "1"}]
    system = ["Отвечай на английском.", "", "", {"role": "system"}]
    assert reply(asks) == ("Dear friends, come in.", "en")
    assert reply(asks, [[thanks, "Хорошо."]]) == ("Dear friends, come in.", "en")
    assert reply("", [[asks, "", "", {"tool_calls": []}], tool]) == ("Dear friends, come in.", "en")
    assert reply("", [[asks, "Вот:\n"]], _continue=True) == ("Dear friends, come in.", "en")
    assert reply(thanks, [[asks, "Dear friends."]])[1] is None
    assert reply("", [[thanks, "Ищу.", "", {}], tool])[1] is None
    assert reply(thanks, [system])[1] is None
    assert reply("", [[thanks, "Вот:\n"]], _continue=True)[1] is None
