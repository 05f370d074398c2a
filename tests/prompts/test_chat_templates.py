"""A role reaches every model: once, first, and the reminder last, whatever the model's own template can do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.errors import TemplateError
from role_engine.prompts.chat_templates import adapt_chat_template, system_support
from role_engine.prompts.prelude import jinja_literal
from role_engine.prompts.sandbox import PROBE_VALUES, TemplateRaised, compile_template
from tests.prompts.conftest import NO_SYSTEM_ROLE, ONE_SYSTEM_MESSAGE

ROLE = "Ты — философ."
REMINDER = "Отвечай по-русски."

Messages = list[dict[str, Any]]


def system(text: Any = ROLE) -> dict[str, Any]:
    return {"role": "system", "content": text}


def user(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def tool(text: str) -> dict[str, Any]:
    return {"role": "tool", "content": text, "tool_call_id": "1"}


def calling() -> dict[str, Any]:
    return assistant("", tool_calls=[{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}])


def rendered(template: str, messages: Messages, **values: Any) -> str:
    given = {**PROBE_VALUES, "bos_token": "<bos>", "eos_token": "<eos>", "add_generation_prompt": True, **values}
    return compile_template(template).render(messages=messages, **given)


def in_order(prompt: str, *texts: str) -> bool:
    places = [prompt.find(text) for text in texts]
    return -1 not in places and places == sorted(places)


# --- what a template can do -------------------------------------------------------------------------------------------


def test_a_template_without_a_system_role_is_found_also_when_its_refusal_was_cut_away(
    family: str, template: str
) -> None:
    assert system_support(template) == ("none" if family in NO_SYSTEM_ROLE else "native")


@pytest.mark.parametrize(
    ("template", "support"),
    [
        ("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}", "native"),
        ("{% for m in messages %}{% if m.role == 'user' %}{{ m.content }}{% endif %}{% endfor %}", "none"),
        # The system message is handled before the loop and passed over inside it: an empty branch, and not a refusal.
        (
            "{{ messages[0].content if messages[0].role == 'system' }}"
            "{% for m in messages %}{% if m.role == 'system' %}{% elif m.role == 'user' %}{{ m.content }}{% endif %}"
            "{% endfor %}",
            "native",
        ),
        # Refuses a system message only where it is not the first: the leading one is welcome.
        (
            "{% for m in messages %}"
            "{% if m.role == 'system' and not loop.first %}{{ raise_exception('late') }}{% endif %}"
            "{{ m.role }}: {{ m.content }}{% endfor %}",
            "native",
        ),
        (
            "{% for m in messages %}{% if m.role == 'system' and not loop.first %}{% endif %}"
            "{{ m.role }}: {{ m.content }}{% endfor %}",
            "native",
        ),
        ("{% for m in messages %}{% if 'system' == m.role %} {{ '' }} {% endif %}{{ m.content }}{% endfor %}", "none"),
        ("{{ a_value_that_nobody_gives.at_all.really }}", "native"),
        ("", "native"),
    ],
)
def test_support_is_found_by_what_comes_out(template: str, support: str) -> None:
    assert system_support(template) == support


def test_a_broken_template_is_an_error_with_its_line() -> None:
    with pytest.raises(TemplateError, match="not valid Jinja") as caught:
        adapt_chat_template("{% for m in messages %}\n{{ m.content }\n", reminder=REMINDER)
    assert caught.value.line == 2


# --- six families: the role once, history in order, the reminder last -------------------------------------------------


def test_role_once_history_in_order_reminder_last(template: str) -> None:
    messages = [system(), user("первый вопрос"), assistant("первый ответ"), user("второй вопрос")]
    prompt = rendered(adapt_chat_template(template, reminder=REMINDER), messages)
    assert prompt.count(ROLE) == 1
    assert prompt.count(REMINDER) == 1
    assert in_order(prompt, "первый вопрос", "первый ответ", "второй вопрос", REMINDER)
    assert f"второй вопрос\n\n{REMINDER}" in prompt
    assert "system" not in prompt or system_support(template) == "native"


@pytest.mark.parametrize("family", sorted(NO_SYSTEM_ROLE), indirect=True)
def test_the_role_leads_the_first_user_message_where_there_is_no_system_role(template: str) -> None:
    messages = [system("Раз."), system("Два."), user("вопрос"), assistant("ответ"), user("ещё")]
    prompt = rendered(adapt_chat_template(template), messages)
    assert prompt == rendered(template, [user("Раз.\n\nДва.\n\nвопрос"), assistant("ответ"), user("ещё")])


def test_with_nothing_to_do_a_template_stays_as_it_is(family: str, template: str) -> None:
    chat = [user("вопрос"), assistant("ответ"), user("ещё")]
    if family in NO_SYSTEM_ROLE:
        assert rendered(adapt_chat_template(template), chat) == rendered(template, chat)
    elif family in ONE_SYSTEM_MESSAGE:
        assert rendered(adapt_chat_template(template), [system(), *chat]) == rendered(template, [system(), *chat])
    else:
        assert adapt_chat_template(template) == template
        assert adapt_chat_template(template, reminder=" \n") == template


def test_the_reminder_is_exactly_a_longer_last_message(template: str) -> None:
    """The prelude adds nothing of its own: the output is the one for a chat with the reminder typed in."""
    chat = [user("вопрос"), assistant("ответ"), user("ещё")]
    typed = [*chat[:-1], user(f"ещё\n\n{REMINDER}")]
    for values in ({}, {"add_generation_prompt": False}, {"enable_thinking": False}):
        adapted = adapt_chat_template(template, reminder=REMINDER)
        assert rendered(adapted, chat, **values) == rendered(template, typed, **values)


def test_shortening_a_history_never_loses_role_or_reminder(template: str) -> None:
    """As the webui does it: the system message stays, the message behind it goes, the whole is rendered again."""
    adapted = adapt_chat_template(template, reminder=REMINDER)
    messages = [
        system(),
        *(m for i in range(3) for m in (user(f"вопрос {i}"), assistant(f"ответ {i}"))),
        user("последний"),
    ]
    while len(messages) >= 2:
        try:
            prompt = rendered(adapted, messages)
        except TemplateRaised:  # an untouched template refuses a chat that begins with an answer, ours or not
            assert messages[1]["role"] == "assistant"
        else:
            assert prompt.count(ROLE) == prompt.count(REMINDER) == 1
            assert f"последний\n\n{REMINDER}" in prompt
        messages.pop(1)


def test_continue_cuts_behind_the_reminder(template: str) -> None:
    """`continue` renders a stand-in for the unfinished reply and cuts there."""
    chat = [system(), user("вопрос"), assistant("fake assistant message"), assistant("this will get deleted")]
    try:
        prompt = rendered(adapt_chat_template(template, reminder=REMINDER), chat, add_generation_prompt=False)
    except TemplateRaised:
        return  # two answers in a row: the webui has cut that refusal away
    before = prompt.partition("fake assistant message")[0]
    assert in_order(before, ROLE, "вопрос", REMINDER)
    assert before.count(ROLE) == 1


@pytest.mark.parametrize("family", ["qwen3", "llama3", "deepseek"], indirect=True)
def test_after_a_tool_result_the_reminder_is_still_last(template: str) -> None:
    chat = [system(), user("погода?"), calling(), tool("+21, sunny")]
    prompt = rendered(adapt_chat_template(template, reminder=REMINDER), chat, tools=[{"name": "f"}])
    assert prompt.count(REMINDER) == 1
    assert in_order(prompt, ROLE, "погода?", "+21, sunny", REMINDER)


@pytest.mark.parametrize("family", ["gemma3"], indirect=True)
def test_pictures_and_parts(template: str) -> None:
    parts = [{"type": "text", "text": "что здесь?"}, {"type": "image"}]
    prompt = rendered(adapt_chat_template(template, reminder=REMINDER), [system(), user(parts)])
    assert in_order(prompt, ROLE, "что здесь?", "<start_of_image>", REMINDER)
    assert parts == [{"type": "text", "text": "что здесь?"}, {"type": "image"}]


# --- the prelude by itself --------------------------------------------------------------------------------------------

PLAIN = "{% for m in messages %}[{{ m.role }}|{{ m.content }}]{% endfor %}"
REFUSAL = "{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}"
NO_SYSTEM = PLAIN.replace("[{{", REFUSAL + "[{{")


@pytest.mark.parametrize(
    ("messages", "out"),
    [
        ([], "[system|Р]"),
        ([system("С")], "[system|С\n\nР]"),
        ([assistant("о")], "[system|Р][assistant|о]"),
        ([system(""), assistant("о")], "[system|Р][assistant|о]"),
        ([user("")], "[user|Р]"),
        ([user(None)], "[user|Р]"),
        ([user("а"), assistant("б")], "[user|а\n\nР][assistant|б]"),
        ([tool("т"), user("а")], "[tool|т][user|а\n\nР]"),
        ([user("а"), tool("т"), tool("у")], "[user|а][tool|т][tool|у\n\nР]"),
        ([tool("т")], "[system|Р][tool|т]"),
    ],
)
def test_where_the_reminder_goes(messages: Messages, out: str) -> None:
    assert rendered(adapt_chat_template(PLAIN, reminder="Р"), messages) == out


@pytest.mark.parametrize(
    ("messages", "out"),
    [
        ([], "[user|Р]"),
        ([system("С")], "[user|С\n\nР]"),
        ([system("С"), assistant("о"), user("а")], "[user|С][assistant|о][user|а\n\nР]"),
        ([user("а"), system("С"), assistant("о"), user("б")], "[user|а][assistant|о][user|С\n\nб\n\nР]"),
        ([user("а"), assistant("о"), system("С")], "[user|а][assistant|о][user|С\n\nР]"),
        ([user("а"), system("С")], "[user|а\n\nС\n\nР]"),
        ([system([{"type": "text", "text": "С"}]), user("а")], "[user|С\n\nа\n\nР]"),
        ([system("С"), user("")], "[user|С\n\nР]"),
        ([assistant("о")], "[user|Р][assistant|о]"),
    ],
)
def test_system_messages_where_there_is_no_system_role(messages: Messages, out: str) -> None:
    assert rendered(adapt_chat_template(NO_SYSTEM, reminder="Р"), messages) == out


def test_parts_are_kept_as_parts() -> None:
    template = NO_SYSTEM.replace("m.content }}", "m.content | tojson }}")
    out = rendered(adapt_chat_template(template, reminder="Р"), [system("С"), user([{"type": "image_url"}])])
    assert out == (
        '[user|[{"type": "text", "text": "С\\n\\n"}, {"type": "image_url"}, {"type": "text", "text": "\\n\\nР"}]]'
    )


def test_other_fields_of_a_message_survive() -> None:
    template = "{% for m in messages %}{{ m.name }}{{ m.content }}{% endfor %}"
    assert rendered(adapt_chat_template(template, reminder="Р"), [{**user("а"), "name": "Анна: "}]) == "Анна: а\n\nР"


def test_messages_are_not_changed() -> None:
    messages = [system("С"), user("а")]
    rendered(adapt_chat_template(NO_SYSTEM, reminder="Р"), messages)
    assert messages == [system("С"), user("а")]


@pytest.mark.parametrize(
    "beginning",
    ["", "\n", "\n\n  ", "   ", "текст\n", "{# note #}", "{# note #}\n", "{%- if true %}\n  {%- endif %}",
     "\t{%+ if true %} y{% endif %}", "  {% if true %}\n  x{% endif %}\n", 
     "{% raw %}{{ x }}{% endraw %}\n", "{{- bos_token }}\n"],
)  # fmt: skip
@pytest.mark.parametrize(
    "end", ["", "\n", "\n\n", "{% if x is defined or message is defined or content is defined %}leak{% endif %}"]
)
def test_white_space_round_the_prelude_changes_nothing(beginning: str, end: str) -> None:
    for body in (PLAIN, NO_SYSTEM):
        template = beginning + body + end
        typed = rendered(template, [user("а\n\nР")])
        assert rendered(adapt_chat_template(template, reminder="Р"), [user("а")]) == typed


def test_macros_of_the_template_see_the_changed_messages() -> None:
    template = "{% macro all() %}{% for m in messages %}{{ m.content }};{% endfor %}{% endmacro %}{{ all() }}"
    assert rendered(adapt_chat_template(template, reminder="Р"), [user("а")]) == "а\n\nР;"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_a_literal(text: str) -> None:
    assert compile_template("{{ " + jinja_literal(text) + " }}").render() == text


@pytest.mark.slow
@given(st.text(alphabet="{}%#\"'\\\n\r\t~-+ яR😀\u2028", min_size=1))
def test_any_reminder_comes_out_as_it_is(reminder: str) -> None:
    expected = "[user|а" + (f"\n\n{reminder.strip()}" if reminder.strip() else "") + "]"
    assert rendered(adapt_chat_template(PLAIN, reminder=reminder), [user("а")]) == expected
