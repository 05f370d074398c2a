"""The role's share of the loaded context, its sampling, and base models, on the stub of the webui."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from role_engine.app.resolution import Choice
from role_engine.hosts.http.context import RequestContext, current

LONG = "name: Болтун\nsystem: |\n  Ты — болтун.\n\n" + "\n\n".join(
    f"  Мысль {number}. Она длинная и простая, и за ней идёт другая." for number in range(200)
)


def write(webui: Any, name: str, text: str) -> None:
    (webui.user_data / "role_engine" / "roles" / f"{name}.yaml").write_text(text, encoding="utf-8")


def count_words(webui: Any) -> None:
    """A tokenizer as the stub's `encode` has it: words."""
    webui.shared.tokenizer = SimpleNamespace()


@pytest.fixture
def asked():
    """`asked(role=…, explicit=…)`: the test's code runs as the work of one request."""
    tokens = []

    def begin(*explicit: str, endpoint: Any = "chat", **choice: str) -> RequestContext:
        context = RequestContext(endpoint, Choice(**choice), explicit=frozenset(explicit))
        tokens.append(current.set(context))
        return context

    yield begin
    for token in reversed(tokens):
        current.reset(token)


def test_a_long_role_keeps_to_its_share_and_says_what_it_left_out(webui, asked) -> None:
    webui.load()
    count_words(webui)
    webui.model(["Да."])
    write(webui, "talker", LONG)
    context = asked(role="talker")
    webui.chat_reply("Привет", webui.state(truncation_length=2048))
    prompt = webui.generation.calls[-1]["prompt"]
    assert "Ты — болтун." in prompt and 300 < len(prompt.split()) <= 512 + 10
    assert context.reports[0].as_dict()["left_out"][0].startswith("system (")
    system = re.search(r"system\n(.*?)<\|im_end", prompt, re.DOTALL)
    assert system is not None and system[1].endswith("другая.")


def test_the_context_is_what_the_server_holds(webui, asked) -> None:
    webui.load()
    count_words(webui)
    webui.model(["Да."])
    webui.shared.model.n_ctx = 1000  # of a server with two slots
    write(webui, "talker", LONG)
    asked(role="talker")
    webui.chat_reply("Привет", webui.state(truncation_length=2048))
    call = webui.generation.calls[-1]
    assert len(call["prompt"].split()) <= 250 + 10
    assert call["state"]["truncation_length"] == 1000


def test_where_the_host_finds_no_room_the_role_gets_less_and_then_stays_out(webui, asked, monkeypatch) -> None:
    webui.load()
    count_words(webui)
    webui.model(["Да."])
    write(webui, "talker", LONG)
    asked(role="talker")
    host, sizes = webui.chat.generate_chat_prompt, []
    limit = [80]

    def strict_host(text: str, state: dict[str, Any], **kwargs: Any) -> str:
        prompt = host(text, state, **kwargs)
        sizes.append(len(prompt.split()))
        if sizes[-1] > limit[0]:
            raise ValueError
        return prompt

    monkeypatch.setattr(webui.chat, "generate_chat_prompt", strict_host)
    assert "Ты — болтун." in webui.prompt("Привет")
    assert sizes == sorted(sizes, reverse=True) and len(sizes) > 2
    limit[0] = 3
    assert "болтун" not in webui.prompt("Привет")


def test_a_reply_that_wants_the_whole_context_gets_what_the_prompt_leaves(webui, asked) -> None:
    webui.load()
    count_words(webui)
    webui.model(["Да."])
    asked(role="sage")
    seen: list[int] = []
    host = webui.chat.generate_chat_prompt
    webui.chat.generate_chat_prompt = lambda text, state, **kw: (
        seen.append(state["max_new_tokens"]) or host(text, state, **kw)
    )
    webui.chat_reply("Привет", webui.state(max_new_tokens=2048, truncation_length=2048))
    call = webui.generation.calls[-1]
    assert seen == [1024]
    assert call["state"]["max_new_tokens"] == 2048 - len(call["prompt"].split())


def test_old_turns_go_before_the_examples(webui, asked) -> None:
    webui.load()
    count_words(webui)
    webui.model(["Да."])
    asked(role="sage")
    rows = [[f"Вопрос {number} {'слово ' * 30}", f"Ответ {number}"] for number in range(60)]
    history = {"internal": rows, "visible": rows, "metadata": {"user_59": {"timestamp": "сейчас"}}}
    prompt = webui.prompt("Привет", webui.state(history=history, truncation_length=1000))
    assert "Верность сказанного бытию." in prompt
    assert "Вопрос 59" in prompt and "Вопрос 0 " not in prompt
    assert len(prompt.split()) + 100 <= 1000
    assert len(history["internal"]) == 60


# --- sampling ---------------------------------------------------------------------------------------------------------

TUNED = "name: Н\nsystem: Ты — н.\nsampling: {temperature: 0.3, top_k: 7, max_new_tokens: 33, enable_thinking: false}\n"


def tuned_call(webui: Any, **state: Any) -> dict[str, Any]:
    write(webui, "tuned", TUNED)
    webui.load()
    webui.model(["Да."])
    given = webui.state(temperature=1.0, top_k=0, top_p=1.0, auto_max_new_tokens=True, **state)
    webui.chat_reply("Привет", given)
    assert given["temperature"] == 1.0  # the host's own
    return webui.generation.calls[-1]["state"]


def test_the_role_s_sampling_is_that_of_its_replies(webui, asked) -> None:
    asked(role="tuned")
    state = tuned_call(webui)
    assert (state["temperature"], state["top_k"], state["top_p"]) == (0.3, 7, 1.0)
    assert (state["max_new_tokens"], state["auto_max_new_tokens"], state["enable_thinking"]) == (33, False, False)


@pytest.mark.parametrize(
    ("explicit", "kept"),
    [
        ("temperature", {"temperature": 1.0, "top_k": 7}),
        ("max_tokens", {"auto_max_new_tokens": True, "temperature": 0.3}),
        ("max_completion_tokens", {"auto_max_new_tokens": True}),
        ("thinking", {"enable_thinking": True}),
    ],
)
def test_what_the_request_says_itself_wins(webui, asked, explicit: str, kept: dict[str, Any]) -> None:
    asked(explicit, role="tuned")
    state = tuned_call(webui)
    assert {name: state[name] for name in kept} == kept


def test_another_role_s_replies_are_left_alone(webui, asked) -> None:
    asked(role="sage")
    assert tuned_call(webui)["temperature"] == 1.0


def test_on_the_page_a_slider_that_was_moved_wins(webui) -> None:
    webui.shared.settings.update(temperature=1.0, top_k=20)
    state = tuned_call(webui, **{"role_engine:role": "tuned"})
    assert (state["temperature"], state["top_k"]) == (0.3, 0)


# --- base models ------------------------------------------------------------------------------------------------------


def test_a_base_model_gets_the_role_s_template_though_it_brings_one(webui, asked) -> None:
    webui.load(models={"ti*": "base"})
    webui.model(["Да", ".", "\n[user]", " Ещё"])
    asked(role="clerk")
    assert webui.chat_reply("Привет")[-1].rstrip() == "Да."
    assert webui.generation.calls[-1]["prompt"] == "[system] Ты — писарь.\n[user] Привет\n"


def test_stop_strings_of_its_template_hold_without_a_guard_as_well(webui, asked) -> None:
    webui.load(models={"tiny": "base"})
    webui.model(["Да", ".", "\n[us", "er]", " Ещё"])
    asked(role="clerk", mode="off")
    assert webui.chat_reply("Привет")[-1].rstrip() == "Да."


def test_an_instruct_model_and_one_of_which_nothing_is_known_keep_their_own(webui, asked) -> None:
    asked(role="clerk")
    for models in ({}, {"tiny": "instruct"}):
        webui.load(models=models)
        webui.model(["Да."])
        webui.chat_reply("Привет")
        assert webui.generation.calls[-1]["prompt"].startswith("<|im_start|>system\nТы — писарь.")


def test_a_base_model_without_a_template_and_a_role_that_names_none(webui, asked) -> None:
    webui.load(models={"tiny": "base"})
    webui.model(["Да."])
    asked(role="sage")
    stand_in = webui.shared.default_settings["instruction_template_str"]
    webui.chat_reply("Привет", webui.state(instruction_template_str=stand_in))
    assert "Вопрос: Привет\n\nОтвечай по-русски.\nОтвет:" in webui.generation.calls[-1]["prompt"]
