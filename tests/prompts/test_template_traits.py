"""Templates that refuse or lose part of a chat: each kind is found out, and gets a chat that it can show."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.prompts.chat_templates import adapt_chat_template, template_problem
from role_engine.prompts.sandbox import PROBE_VALUES, compile_template
from role_engine.prompts.template_library import chat_stop_strings
from role_engine.prompts.template_traits import template_traits

LINE = "[{{ m.role }}|{{ m.content }}]"
LOOP = "{% for m in messages %}" + LINE + "{% endfor %}"
REFUSE = "{{ raise_exception('no') }}"

REPLACED = (
    "{% set ns = namespace(rule='') %}{% for m in messages %}{% if m.role == 'system' %}{% set ns.rule = m.content %}"
    "{% endif %}{% endfor %}<{{ ns.rule }}>{% for m in messages if m.role != 'system' %}" + LINE + "{% endfor %}"
)
LEADING_ONLY = (
    "{% set rest = messages %}{% if messages[0].role == 'system' %}<{{ messages[0].content }}>"
    "{% set rest = messages[1:] %}{% endif %}"
    "{% for m in rest %}{% if m.role == 'user' or m.role == 'assistant' %}" + LINE + "{% endif %}{% endfor %}"
)
LATE_REFUSED = (
    "{% for m in messages %}{% if m.role == 'system' and not loop.first %}" + REFUSE + "{% endif %}" + LINE
    + "{% endfor %}"
)  # fmt: skip
ALTERNATING = (
    "{% set rest = messages %}{% if messages[0].role == 'system' %}<{{ messages[0].content }}>"
    "{% set rest = messages[1:] %}{% endif %}{% for m in rest %}"
    "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}" + REFUSE + "{% endif %}" + LINE + "{% endfor %}"
)
PAIRS = (  # what has no pair is lost
    "{% for m in messages %}{% if m.role == 'user' and not loop.last and messages[loop.index0 + 1].role == 'user' %}"
    "{% elif m.role == 'assistant' and messages[loop.index0 - 1].role == 'assistant' %}{% else %}"
    + LINE + "{% endif %}{% endfor %}"
)  # fmt: skip
PARTS = (
    "{% for m in messages %}[{{ m.role }}|{% for part in m.content %}{% if part.type == 'text' %}{{ part.text }}"
    "{% endif %}{% endfor %}]{% endfor %}"
)

Messages = list[dict[str, Any]]


def system(text: Any = "Р") -> dict[str, Any]:
    return {"role": "system", "content": text}


def user(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def shown(template: str, messages: Messages, *, reminder: str = "", **values: Any) -> str:
    given_values = {**PROBE_VALUES, "add_generation_prompt": True, **values}
    return compile_template(adapt_chat_template(template, reminder=reminder)).render(messages=messages, **given_values)


# --- tags, and values that hosts give ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["{% generation %}", "{%- generation -%}", "{% generation -%}\n"])
def test_what_training_marks_is_shown_as_it_is(mark: str) -> None:
    template = (
        "{% for m in messages %}{% if m.role == 'assistant' %}" + mark + "{% set x = m.content %}[{{ x }}]"
        "{% if x == 'б' %}{% break %}{% endif %}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}"
        "{{ x is defined }}"
    )
    assert shown(template, [user("а"), assistant("б"), user("в")]) == "а[б]False"


def test_json_with_the_options_that_transformers_gives() -> None:
    template = "{{ messages[0].content | tojson(separators=(',', ':'), sort_keys=true) }}"
    assert compile_template(template).render(messages=[user({"я": 1, "а": [1, 2]})]) == '{"а":[1,2],"я":1}'


@pytest.mark.parametrize(
    ("template", "out"),
    [
        ("{% for tool in tools %}{{ tool }}{% endfor %}" + LOOP, "[user|а]"),
        ("{{ tools | length }}{{ tools | tojson }}" + LOOP, "0[][user|а]"),
        ("{{ 'tools: ' + functions }}" + LOOP, "tools: [user|а]"),
        ("{% for d in documents or not_given.at_all %}{% endfor %}" + LOOP, "[user|а]"),
        ("{{ first + second + third }}" + LOOP, "[user|а]"),
        (
            "{% if reasoning_effort is defined and reasoning_effort not in ['low', 'high'] %}" + REFUSE + "{% endif %}"
            "{{ reasoning_effort is defined }}" + LOOP,
            "False[user|а]",
        ),
        ("{% if reasoning_effort not in ['low', 'high'] %}" + REFUSE + "{% endif %}" + LOOP, "[user|а]"),
    ],
)
def test_values_that_a_template_cannot_do_with_are_others(template: str, out: str) -> None:
    assert shown(template, [user("а")]) == out
    assert template_problem(template) is None
    assert chat_stop_strings(template) == ()  # no failure either


def test_a_template_that_takes_the_day_for_granted_gets_it() -> None:
    assert shown("{{ 'Сегодня ' + today_date + '. ' }}" + LOOP, [user("а")]).startswith("Сегодня 20")


def test_values_that_a_request_gives_stay() -> None:
    template = "{% for tool in tools %}{{ tool.name }}{% endfor %}{{ 'и ' + functions }}" + LOOP
    assert shown(template, [user("а")], tools=[{"name": "f"}], functions="g") == "fи g[user|а]"


# --- several system messages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("template", [REPLACED, LEADING_ONLY])
@pytest.mark.parametrize(
    "messages",
    [
        [system(), user("а"), assistant("о"), system("П"), user("б")],
        [system(), user("а"), assistant("о"), user("б"), system("П")],
        [system(), system("П"), user("а"), assistant("о"), user("б")],
        [system(), user("а"), assistant("о"), system([{"type": "text", "text": "П"}]), user("б")],
    ],
)
def test_a_later_system_message_never_takes_the_roles_place(template: str, messages: Messages) -> None:
    assert shown(template, messages, reminder="Н") == "<Р\n\nП>[user|а][assistant|о][user|б\n\nН]"


def test_a_system_message_that_only_comes_late_leads() -> None:
    assert shown(LEADING_ONLY, [user("а"), assistant("о"), system("П"), user("б")]) == (
        "<П>[user|а][assistant|о][user|б]"
    )


def test_where_a_late_one_is_refused_it_joins_the_first_whether_the_refusal_was_cut_away_or_not() -> None:
    chat = [system(), user("а"), assistant("о"), system("П"), user("б")]
    for template in (LATE_REFUSED, LATE_REFUSED.replace(REFUSE, "")):
        assert shown(template, chat) == "[system|Р\n\nП][user|а][assistant|о][user|б]"


@pytest.mark.parametrize("test", ["not loop.last", "loop.index0 > 0", "m.role == 'assistant'"])
def test_an_if_that_writes_white_space_is_no_refusal_that_was_cut_away(test: str) -> None:
    template = LOOP.replace("{{ m.role }}", "{% if " + test + " %} {% endif %}{{ m.role }}")
    assert adapt_chat_template(template) == template


def test_where_every_system_message_is_shown_each_stays_in_its_place() -> None:
    chat = [system(), user("а"), assistant("о"), system("П"), user("б")]
    assert adapt_chat_template(LOOP) == LOOP
    assert shown(LOOP, chat) == "[system|Р][user|а][assistant|о][system|П][user|б]"


def test_a_single_leading_system_message_keeps_its_parts() -> None:
    template = LATE_REFUSED.replace("m.content }}", "m.content | tojson }}")
    parts = [{"type": "text", "text": "Р"}, {"type": "image"}]
    assert shown(template, [system(parts), user("а")]).startswith('[system|[{"type": "text", "text": "Р"}, {"type"')


def test_a_template_that_says_the_system_message_twice_gets_it_in_the_users() -> None:
    template = LOOP + "{% if messages[0].role == 'system' %}{{ messages[0].content }}{% endif %}"
    assert shown(template, [system(), user("а")]) == "[user|Р\n\nа]"


# --- two messages of one side in a row --------------------------------------------------------------------------------


@pytest.mark.parametrize("template", [ALTERNATING, ALTERNATING.replace(REFUSE, ""), "<Р>" + PAIRS])
@pytest.mark.parametrize(
    ("messages", "out"),
    [
        ([user("а"), user("б")], "[user|а\n\nб\n\nН]"),
        ([user("а"), user("б"), assistant("о"), user("в")], "[user|а\n\nб][assistant|о][user|в\n\nН]"),
        ([user("а"), assistant("о"), assistant("п"), user("в")], "[user|а][assistant|о\n\nп][user|в\n\nН]"),
        ([user("а"), user(""), user("б")], "[user|а\n\nб\n\nН]"),
        ([user("а"), user(None), user("б")], "[user|а\n\nб\n\nН]"),
        ([user("а"), assistant("о"), user("в")], "[user|а][assistant|о][user|в\n\nН]"),
    ],
)
def test_a_template_that_wants_turns_gets_turns(template: str, messages: Messages, out: str) -> None:
    head = [] if template.startswith("<") else [system()]
    assert shown(template, [*head, *messages], reminder="Н") == "<Р>" + out


def test_a_late_system_message_between_two_of_the_users() -> None:
    chat = [system(), user("а"), system("П"), user("б")]
    assert shown(ALTERNATING, chat, reminder="Н") == "<Р\n\nП>[user|а\n\nб\n\nН]"


def test_a_template_without_a_system_role_that_wants_turns() -> None:
    template = "{% if messages[0].role == 'system' %}" + REFUSE + "{% endif %}" + ALTERNATING
    chat = [system(), user("а"), system("П"), user("б"), assistant("о"), user("в")]
    assert shown(template, chat, reminder="Н") == "[user|Р\n\nа\n\nП\n\nб][assistant|о][user|в\n\nН]"


def test_parts_are_joined_as_parts() -> None:
    template = ALTERNATING.replace("m.content }}", "m.content | tojson }}")
    picture = [{"type": "image"}]
    assert shown(template, [user("а"), user(picture)]) == (
        '[user|[{"type": "text", "text": "а"}, {"type": "text", "text": "\\n\\n"}, {"type": "image"}]]'
    )


def test_calls_of_tools_are_not_joined() -> None:
    template = PAIRS.replace("messages[loop.index0 - 1].role == 'assistant'", "not m.tool_calls and loop.previtem.role"
                             " == 'assistant'")  # fmt: skip
    chat = [user("а"), assistant("", tool_calls=[1]), assistant("", tool_calls=[2]), user("б")]
    assert shown(template, chat).count("[assistant|]") == 2


def test_a_reply_that_is_continued_is_not_joined_with_the_stand_in_behind_it() -> None:
    """As the webui does it: it renders a stand-in behind the unfinished reply, whose refusals it has cut away."""
    chat = [user("а"), assistant("начато"), assistant("сотрут")]
    out = shown(ALTERNATING.replace(REFUSE, ""), chat, add_generation_prompt=False)
    assert out == "[user|а][assistant|начато][assistant|сотрут]"


def test_where_two_in_a_row_are_shown_they_stay_two() -> None:
    assert shown(LOOP, [user("а"), user("б")], reminder="Н") == "[user|а][user|б\n\nН]"


def test_a_chat_that_an_assistant_begins_where_the_user_has_to() -> None:
    chat = [system(), assistant("Привет!"), user("а")]
    for template in (ALTERNATING, ALTERNATING.replace(REFUSE, "")):
        assert shown(template, chat, reminder="Н") == "<Р>[user|…][assistant|Привет!][user|а\n\nН]"
    assert shown(LOOP, chat) == "[system|Р][assistant|Привет!][user|а]"


def test_a_template_that_reads_parts_only() -> None:
    chat = [system(), user("а"), assistant("о"), user([{"type": "image"}, {"type": "text", "text": "б"}])]
    assert shown(PARTS, chat, reminder="Н") == "[system|Р][user|а][assistant|о][user|б\n\nН]"
    assert template_problem(PARTS) is None


@pytest.mark.parametrize("template", [LOOP, REPLACED, LEADING_ONLY, LATE_REFUSED, ALTERNATING, PARTS])
@given(
    turns=st.lists(st.sampled_from(["system", "user", "assistant"]), min_size=1, max_size=8),
    reminder=st.sampled_from(["", "НАПОМИНАНИЕ"]),
)
def test_any_order_of_turns_comes_out_whole_and_in_order(template: str, turns: list[str], reminder: str) -> None:
    if turns[-2:] == ["assistant", "assistant"]:
        turns = turns[:-1]  # the webui's stand-in; nobody else ends a chat so
    messages = [{"role": role, "content": f"текст-{number}."} for number, role in enumerate(turns)]
    out = shown(template, [system("РОЛЬ"), *messages, user("вопрос")], reminder=reminder)
    assert out.count("РОЛЬ") == 1
    assert all(out.count(message["content"]) == 1 for message in messages)
    said = [out.find(message["content"]) for message in messages if message["role"] != "system"]
    assert said == sorted(said)
    assert out.endswith(f"вопрос\n\n{reminder}]" if reminder else "вопрос]")


# --- why not ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{% for m in messages %}\n{{ m.content }\n", "it is not valid Jinja: .* \\(line 2\\)"),
        (REFUSE, "it refuses a plain chat: no"),
        ("{{ messages[0].content.nothing.at_all }}", "it fails: 'str object' has no attribute 'nothing'"),
        ("Привет", "it leaves out what was said"),
        ("{{ messages[-1].content }}", "it leaves out earlier messages"),
        ("{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}", "it leaves out earlier messages"),
        ("{% for m in messages %}{{ m.content[:45] }}{% endfor %}", "it leaves out a reminder"),
        ("{{ raise_exception('а\n' * 500) }}", "it refuses a plain chat: (а ?){80}…"),
    ],
)
def test_what_cannot_be_used_says_why_in_one_line(template: str, why: str) -> None:
    problem = template_problem(template)
    assert problem is not None and re.match(why, problem)
    assert "\n" not in problem


def test_what_works_has_no_problem(template: str) -> None:
    assert template_problem(template) is None
    assert template_traits(template).problem is None
