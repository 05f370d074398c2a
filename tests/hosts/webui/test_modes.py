"""Thinking modes and handing over, on the stub of the webui."""

from __future__ import annotations

from itertools import pairwise

import pytest

from role_engine.app.resolution import Choice
from role_engine.hosts.http.context import RequestContext, current

DRAFT, DONE, ANSWER = ["Черновик", " тут", "."], ["Замечаний", " нет", "."], ["Ответ", "."]
THOUGHTS = "<think>\nЧерновик:\nЧерновик тут.\n\nРазбор:\nЗамечаний нет.\n</think>\n\n"
QWEN = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
ROLES = {
    "recursive": "name: Рекурсивный\nsystem: Ты — рекурсивный.\nthinking: {default: recursion, depth: 1}\n",
    "thinker": "name: Мыслитель\nsystem: Ты — мыслитель.\nreminder: Помни о рифме.\nthinking: {modes: [think]}\n",
    "first": "name: Первая роль\nsystem: Ты — первая роль.\nhandoff: [clerk]\n",
}


@pytest.fixture
def host(webui):
    for name, text in ROLES.items():
        (webui.user_data / "role_engine" / "roles" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return webui


@pytest.fixture
def api_request():
    tokens = []

    def begin(**choice) -> RequestContext:
        context = RequestContext("chat", Choice(**choice))
        tokens.append(current.set(context))
        return context

    yield begin
    for token in reversed(tokens):
        current.reset(token)


def prompts(host) -> list[str]:
    return [call["prompt"] for call in host.generation.calls]


class TestChosen:
    def test_in_the_request(self, host, api_request):
        host.load(mode="strict")
        host.model(DRAFT, DONE, ANSWER)
        request = api_request(thinking="recursion")
        assert host.chat_reply("Привет")[-1] == THOUGHTS + "Ответ."
        assert request.reports[0].thinking == "recursion"

    def test_in_the_panel(self, host):
        host.load(mode="strict")
        host.model(DRAFT, DONE, ANSWER)
        assert host.chat_reply("Привет", host.state(**{"role_engine:thinking": "recursion"}))[-1] == THOUGHTS + "Ответ."

    def test_by_the_roles_default(self, host):
        host.load(role="recursive", mode="strict")
        host.model(DRAFT, DONE, ANSWER)
        assert host.chat_reply("Привет")[-1] == THOUGHTS + "Ответ."

    def test_by_a_token_in_the_message_which_is_taken_out_of_it(self, host):
        host.load(mode="strict")
        host.model(DRAFT, DONE, ANSWER)
        host.generation.calls.clear()
        assert host.chat_reply("<|recursion|> Привет")[-1] == THOUGHTS + "Ответ."
        assert not [prompt for prompt in prompts(host) if "<|recursion|>" in prompt]

    def test_not_by_a_token_in_the_history(self, host):
        host.load(mode="strict")
        host.model(ANSWER)
        history = {"internal": [["<|recursion|> Раз", "Два"]], "visible": []}
        assert host.chat_reply("Привет", host.state(history=history))[-1] == "Ответ."

    def test_the_request_goes_before_the_token(self, host, api_request):
        host.load(mode="strict")
        host.model(ANSWER)
        api_request(thinking="none")
        assert host.chat_reply("<|recursion|> Привет")[-1] == "Ответ."

    def test_a_token_of_a_mode_that_the_role_does_not_offer_is_only_taken_out(self, host, api_request):
        host.load(mode="strict")
        host.model(ANSWER)
        request = api_request(role="thinker")
        host.generation.calls.clear()
        assert host.chat_reply("Привет <|recursion|>")[-1] == "Ответ."
        assert request.reports[0].thinking == "none" and "<|recursion|>" not in prompts(host)[0]

    def test_a_mode_of_the_users(self, host, api_request):
        folder = host.user_data / "role_engine" / "modes"
        folder.mkdir()
        text = "name: Список\npasses: [{id: a, ask: 'Список: {{question}}'}]\nanswer: {ask: 'По списку: {{a}}'}\n"
        (folder / "list.yaml").write_text(text, encoding="utf-8")
        host.load(mode="strict")
        host.model(["Раз"], ["Два"])
        api_request(thinking="list")
        assert host.chat_reply("Привет")[-1] == "<think>\nРаз\n</think>\n\nДва"

    def test_a_reply_that_is_continued_goes_on_without(self, host):
        host.load(role="recursive", mode="strict")
        host.model([" дальше"])
        history = {"internal": [["Раз", "Начало"]], "visible": []}
        state = host.state(history=history)
        assert host.chat_reply("", state, _continue=True, history=history)[-1] == " дальше"


class TestPrompts:
    def test_every_pass_is_rendered_by_the_host_with_role_and_history(self, host, api_request):
        host.load(mode="strict")
        host.model(DRAFT, DONE, ANSWER)
        api_request(role="recursive")
        host.generation.calls.clear()
        host.chat_reply("Привет", host.state(history={"internal": [["Раз", "Два"]], "visible": []}))
        assert all("Ты — рекурсивный." in prompt and "Раз" in prompt and "Привет" in prompt for prompt in prompts(host))
        assert "Черновик тут." in prompts(host)[1] and "Черновик тут." in prompts(host)[2]

    def test_the_reminder_does_not_end_the_thoughts(self, host, api_request):
        host.load(mode="strict")
        host.model(["Мысль"], ANSWER)
        api_request(role="thinker", thinking="think")
        host.generation.calls.clear()
        host.chat_reply("Привет")
        assert ["рифме" in prompt for prompt in prompts(host)] == [False, True]

    def test_nothing_is_written_into_the_hosts_state(self, host, api_request):
        host.load(role="recursive", mode="strict")
        host.model(DRAFT, DONE, ANSWER)
        state = host.state(tools=[{"a": 1}])
        before = {key: str(value) for key, value in state.items()}
        host.chat_reply("Привет", state)
        assert {key: str(value) for key, value in state.items()} == before

    def test_the_models_own_thinking(self, host, api_request):
        host.load(mode="strict")
        host.model(["Let me think", "</think>", "Ответ."], ANSWER)
        api_request(thinking="think")
        host.generation.calls.clear()
        reply = host.chat_reply("Привет", host.state(instruction_template_str=QWEN))
        assert reply[-1] == "<think>\nРазмышление:\nLet me think\n</think>\n\nОтвет."
        assert prompts(host)[0].endswith("<|im_start|>assistant\n<think>\n")
        assert prompts(host)[1].endswith("<|im_start|>assistant\n<think>\nLet me think\n</think>\n\n")

    def test_limits_and_the_hosts_state_of_each_pass(self, host, api_request):
        host.load(mode="strict")
        host.model(DRAFT, DONE, ANSWER)
        api_request(role="recursive")
        host.generation.calls.clear()
        host.chat_reply("Привет", host.state(max_new_tokens=400, auto_max_new_tokens=True))
        states = [call["state"] for call in host.generation.calls]
        assert all(state["auto_max_new_tokens"] is False for state in states)
        assert states[0]["max_new_tokens"] < states[2]["max_new_tokens"]

    def test_a_prompt_whose_end_the_host_has_cut_is_not_asked(self, host, api_request):
        host.load(mode="strict")
        host.model(["Мысль"], ANSWER)
        api_request(thinking="think")
        cut = host.chat.generate_chat_prompt
        host.chat.generate_chat_prompt = lambda text, state, **kwargs: cut(text[:60], state, **kwargs)
        try:
            reply = host.chat_reply("Привет", host.state(truncation_length=29, max_new_tokens=4))
        finally:
            host.chat.generate_chat_prompt = cut
        assert reply[-1] == "Мысль"  # the answer at once


class TestTheReply:
    def test_every_yield_extends_the_one_before(self, host, api_request):
        host.load(mode="strict")
        host.model(DRAFT, DONE, ["Да", " yes"], [" конечно", "."])
        request = api_request(role="recursive")
        yields = host.chat_reply("Привет")
        assert yields[-1] == THOUGHTS + "Да конечно."
        assert all(later.startswith(earlier) for earlier, later in pairwise(yields))
        (report,) = request.reports
        assert (report.attempts, report.finish, report.tokens_delivered) == (2, "stop", 2 + 2 + 2)

    def test_unguarded_as_well(self, host, api_request):
        host.load()
        host.model(["Мысль </think> ещё"], ["Hello <|recursion|>", " </think> world"])
        request = api_request(mode="off", thinking="think")
        assert host.chat_reply("Привет")[-1].endswith("ещё\n</think>\n\nHello   world")
        assert request.reports[0].mode == "off"

    @pytest.mark.parametrize("mode", ["off", "balanced"])
    def test_without_a_mode_no_token_is_shown_either(self, host, api_request, mode):
        host.load()
        host.model(["Да", ". `<|th", "ink|>` нет", " `<|recursion|>`."])
        api_request(mode=mode)
        assert host.chat_reply("Привет")[-1] == "Да. `` нет ``."

    def test_a_template_that_has_the_token_keeps_it_where_nothing_is_guarded(self, host, api_request):
        host.load()
        host.model(["<|think|>hm<|end|>Да."])
        api_request(mode="off")
        solar = host.state(instruction_template_str="{# <|think|> #}" + QWEN)
        assert host.chat_reply("Привет", solar)[-1] == "<|think|>hm<|end|>Да."

    def test_a_block_that_the_prompt_opens_is_the_hosts(self, host, api_request):
        host.load(mode="strict")
        host.model(["Мысль", "</think>", "Вывод"], ["Сам", "</think>", "Ответ."])
        api_request(thinking="think")
        opens = QWEN.replace("<think>\n\n</think>\n\n", "<think>\n").replace(
            "{% if not enable_thinking %}", "{% if 1 %}"
        )
        reply = host.chat_reply("Привет", host.state(instruction_template_str=opens))[-1]
        assert reply == "\nРазмышление:\nМысль‹/think›Вывод\n\nСам\n</think>\n\nОтвет."

    @pytest.mark.parametrize("passes", [0, 1, 2])
    def test_stop_ends_it_in_every_pass(self, host, api_request, passes):
        host.load(mode="strict")
        request = api_request(role="recursive")
        host.generation.calls.clear()

        def generate(prompt, state):
            for number in range(5):
                if len(host.generation.calls) == passes + 1 and number == 2:
                    request.cancel.set()
                yield f" слово{number}"

        host.shared.model = type(
            "Exllamav3Model", (), {"__call__": lambda self, prompt, state: generate(prompt, state)}
        )()
        host.chat_reply("Привет")
        assert len(host.generation.calls) == passes + 1
        assert request.reports[0].finish == "cancelled"


class TestHandover:
    def test_the_turn_passes_on(self, host, api_request):
        host.load(mode="strict")
        host.model(["Начну", ". ", "[[Слово: ", "Писарь]]"], ["Продолжу", "."])
        api_request(role="first")
        host.generation.calls.clear()
        assert host.chat_reply("Привет")[-1] == "Начну. \n\n**Писарь:**\n\nПродолжу."
        first, second = prompts(host)
        assert "[[Слово: Писарь]]" in first and "Ты — первая роль." in first
        assert "Ты — писарь." in second and "Первая роль: Начну." in second

    def test_roles_that_name_nobody_are_told_nothing(self, host):
        host.load(role="sage")
        assert "Слово" not in host.prompt("Привет")


def test_where_the_extension_is_off_a_message_stays_as_it_is(host):
    host.load(surfaces={"page": "off"})
    assert "<|recursion|> Привет" in host.prompt("<|recursion|> Привет")


def test_a_base_model_is_told_how_to_think_also_under_our_template(host, api_request):
    """Our ChatML has a switch for reasoning; the base model that it is put round knows nothing of it."""
    templates = host.user_data / "role_engine" / "prompt-templates"
    (templates / "plain.jinja").write_text(QWEN, encoding="utf-8")
    host.load(mode="strict")
    host.model(["Мысль"], ANSWER)
    api_request(role="clerk", thinking="think")
    host.generation.calls.clear()
    bare = host.state(instruction_template_str=host.shared.default_settings["instruction_template_str"])
    assert host.chat_reply("Привет", bare)[-1] == "<think>\nРазмышление:\nМысль\n</think>\n\nОтвет."
    assert not [prompt for prompt in prompts(host) if "<think>" in prompt]
    assert "Пока не отвечай" in prompts(host)[0]


def test_after_a_tools_result_the_model_has_thought_already(host, api_request):
    host.load(mode="strict")
    host.model(ANSWER)
    request = api_request(thinking="recursion")
    assert host.chat_reply("Привет", host.state(_tool_turn=True))[-1] == "Ответ."
    assert request.reports[0].thinking == "none"


def test_the_passes_are_told_of_no_tools_and_the_answer_is(host, api_request):
    host.load(mode="strict")
    host.model(["Мысль"], ANSWER)
    api_request(thinking="think")
    seen, render = [], host.chat.generate_chat_prompt

    def rendered(text, state, **kwargs):
        seen.append(("Пока не отвечай" in text, state["tools"]))
        return render(text, state, **kwargs)

    host.chat.generate_chat_prompt = rendered
    try:
        host.chat_reply("Привет", host.state(tools=["search"]))
    finally:
        host.chat.generate_chat_prompt = render
    assert [tools for is_pass, tools in seen if is_pass] == [[]]
    assert all(tools == ["search"] for is_pass, tools in seen if not is_pass)


def test_a_context_that_is_full_already_is_the_hosts_affair(host, api_request):
    host.load(mode="strict")
    host.model(ANSWER)
    api_request(thinking="think")
    assert host.chat_reply("Привет", host.state(truncation_length=2))[-1].startswith("Ответ")


def test_settings_that_name_an_unknown_mode_are_told(host):
    host.load(thinking="recursoin")
    assert "Did you mean 'recursion'?" in host.script._extension.services.problems[0]
    host.model(ANSWER)
    assert host.chat_reply("Привет")[-1] == "Ответ."
