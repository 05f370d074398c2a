"""The exact prompt, its parts, and what they cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.errors import TemplateError
from role_engine.prompts import Template, count_usage, render
from role_engine.prompts.render import PARTS, RenderedPrompt
from role_engine.roles import Role
from tests.prompts.conftest import FOLDER

ROLE = Role.model_validate(
    {
        "id": "r",
        "name": "Логик",
        "system": "Ты — логик.",
        "reminder": "Кратко.",
        "negative": ["Не лги."],
        "examples": [{"user": "Пример?", "assistant": "Пример."}],
    }
)
PLAIN = ROLE.model_copy(update={"examples": ()})
HISTORY = [{"role": "user", "content": "Раз?"}, {"role": "assistant", "content": "Два."}]
CHAT = Template(
    "c",
    chat="{% for m in messages %}[{{ m.role }}]{{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}[assistant]{% endif %}",
)


def pieces(rendered: RenderedPrompt) -> list[tuple[str, str]]:
    return [(part.name, rendered.prompt[part.start : part.end]) for part in rendered.parts]


def test_a_chat_template_gets_examples_as_turns_and_the_reminder_last() -> None:
    rendered = render(ROLE, " Вопрос? ", template=CHAT, history=HISTORY, knowledge="Информация: х.")
    assert rendered.prompt == (
        "[system]Ты — логик.\n\n❌ Не лги.\n"
        "[user]Пример?\n[assistant]Пример.\n"
        "[user]Раз?\n[assistant]Два.\n"
        "[user]Вопрос?\n\nИнформация: х.\n\nКратко.\n"
        "[assistant]"
    )
    assert [piece for piece in pieces(rendered) if piece[0] != "frame"] == [
        ("system", "Ты — логик.\n\n❌ Не лги."),
        ("examples", "Пример?"),
        ("examples", "Пример."),
        ("history", "Раз?"),
        ("history", "Два."),
        ("user", "Вопрос?"),
        ("knowledge", "\n\nИнформация: х."),
        ("reminder", "\n\nКратко."),
    ]


def test_the_client_s_own_system_message_follows_the_role() -> None:
    rendered = render(
        PLAIN, "Вопрос?", template=CHAT, history=[{"role": "system", "content": "Сайт о котах."}, *HISTORY]
    )
    assert rendered.prompt.startswith("[system]Ты — логик.\n\n❌ Не лги.\n\nСайт о котах.\n[user]Раз?")
    assert ("history", "\n\nСайт о котах.") in pieces(rendered)


def test_no_role_is_no_persona() -> None:
    assert render(None, "Вопрос?", template=CHAT).prompt == "[user]Вопрос?\n[assistant]"


def test_the_source_of_a_chat_template_will_do() -> None:
    assert render(PLAIN, "а", template=CHAT.chat or "").prompt == render(PLAIN, "а", template=CHAT).prompt


def test_a_text_template_with_places_for_all() -> None:
    template = Template("t", text="<{{system}}>({{prompt}})[{{ reminder }}]")
    assert render(PLAIN, "Вопрос?", template=template).prompt == "<Ты — логик.\n\n❌ Не лги.>(Вопрос?)[Кратко.]"


def test_a_text_template_with_a_place_for_the_prompt_only() -> None:
    rendered = render(PLAIN, "Вопрос?", template=Template("t", text="В: {{prompt}}\nО:"))
    assert rendered.prompt == "В: Ты — логик.\n\n❌ Не лги.\n\nВопрос?\n\nКратко.\nО:"
    assert pieces(rendered)[1:-1] == [
        ("system", "Ты — логик.\n\n❌ Не лги."),
        ("user", "\n\nВопрос?"),
        ("reminder", "\n\nКратко."),
    ]


def test_what_is_empty_leaves_no_gap() -> None:
    template = Template("t", text="{{system}}\n\nВ: {{prompt}}\n\n{{reminder}}\nО:")
    assert render(None, "Вопрос?", template=template).prompt == "В: Вопрос?\nО:"


def test_what_is_put_in_is_not_filled_again() -> None:
    template = Template("t", text="{{system}}|{{prompt}}")
    assert render(PLAIN, "{{system}} {{prompt}}", template=template).prompt.endswith(
        "|{{system}} {{prompt}}\n\nКратко."
    )


def test_a_text_template_says_what_it_leaves_out() -> None:
    rendered = render(ROLE, "Вопрос?", template=Template("t", text="{{prompt}}"), history=HISTORY)
    assert rendered.left_out == ("examples", "history")
    assert "Пример" not in rendered.prompt


def test_with_both_forms_a_chat_is_rendered_where_there_are_turns() -> None:
    both = Template("t", text="T {{prompt}}", chat=CHAT.chat)
    assert render(PLAIN, "а", template=both).prompt.startswith("T ")
    assert render(PLAIN, "а", template=both, history=HISTORY).prompt.startswith("[system]")
    assert render(ROLE, "а", template=both).prompt.startswith("[system]")


def test_real_templates_keep_their_parts_apart(template: str) -> None:
    rendered = render(
        ROLE, "Вопрос?", template=template, history=HISTORY, values={"bos_token": "<s>", "eos_token": "</s>"}
    )
    found = dict(pieces(rendered))
    assert found["system"] == "Ты — логик.\n\n❌ Не лги."
    assert found["reminder"] == "\n\nКратко."
    assert rendered.prompt.count("логик") == 1
    assert rendered.stop


def test_a_template_that_refuses_is_an_error() -> None:
    with pytest.raises(TemplateError, match="cannot render"):
        render(PLAIN, "а", template=(CHAT.chat or "").replace("[assistant]", "{{ 1 / 0 }}"))


def test_a_template_that_looks_into_the_texts_still_renders_right() -> None:
    nosy = "{% for m in messages %}{{ m.content | length }}:{{ m.content }};{% endfor %}"
    rendered = render(PLAIN, "Вопрос?", template=nosy)
    assert rendered.prompt == "22:Ты — логик.\n\n❌ Не лги.;16:Вопрос?\n\nКратко.;"
    assert pieces(rendered) == [("frame", rendered.prompt)]


def by_words(text: str) -> int:
    """A tokenizer for which parts and whole do not add up by themselves: seams matter."""
    return len(text.split())


@pytest.mark.parametrize(
    "count", [len, by_words, lambda text: (len(text) + 3) // 4], ids=["chars", "words", "quarters"]
)
def test_the_bill_adds_up(count: object, template: str) -> None:
    rendered = render(ROLE, "Вопрос мой?", template=template, history=HISTORY)
    costs = count_usage(rendered, count, context=4096, reply=512)  # type: ignore[arg-type]
    assert costs["total"] == count(rendered.prompt)  # type: ignore[operator]
    assert sum(costs["parts"].values()) == costs["total"]
    assert all(tokens >= 0 for tokens in costs["parts"].values())
    assert list(costs["parts"]) == list(PARTS)
    assert (costs["context"], costs["reply"], costs["left_out"]) == (4096, 512, [])


def test_the_bill_books_each_part() -> None:
    costs = count_usage(render(ROLE, "Вопрос?", template=CHAT, history=HISTORY, knowledge="Знание."), len)
    assert costs["parts"] == {
        "frame": len("[system]\n[user]\n[assistant]\n[user]\n[assistant]\n[user]\n[assistant]"),
        "system": len("Ты — логик.\n\n❌ Не лги."),
        "examples": len("Пример?Пример."),
        "history": len("Раз?Два."),
        "knowledge": len("\n\nЗнание."),
        "reminder": len("\n\nКратко."),
        "user": len("Вопрос?"),
    }


@given(st.text(max_size=40), st.text(max_size=40))
def test_parts_cover_the_prompt_without_gaps(question: str, said: str) -> None:
    for template in (CHAT, Template("t", text="<{{system}}>{{prompt}}")):
        rendered = render(ROLE, question, template=template, history=[{"role": "user", "content": said}])
        assert "".join(text for _, text in pieces(rendered)) == rendered.prompt
        assert count_usage(rendered, len)["total"] == len(rendered.prompt)


def test_fixtures_are_there() -> None:
    assert {path.stem for path in FOLDER.glob("*.jinja")} >= {
        "qwen3",
        "llama3",
        "gemma2",
        "gemma3",
        "mistral",
        "deepseek",
    }


def test_a_token_is_booked_to_the_part_in_which_it_begins() -> None:
    rendered = render(ROLE, "Вопрос?", template=CHAT, history=HISTORY)
    begins = [part.start for part in rendered.parts]
    over_every_seam = [0, *(start - 1 for start in begins[1:])]
    costs = count_usage(rendered, len, starts=lambda text: over_every_seam)
    expected = dict.fromkeys(PARTS, 0)
    for part in [rendered.parts[0], *rendered.parts[:-1]]:
        expected[part.name] += 1
    assert costs["parts"] == expected
    assert costs["total"] == len(over_every_seam)


def test_the_bill_says_what_the_role_left_out_before_what_the_template_has_no_place_for() -> None:
    rendered = render(ROLE, "Вопрос?", template=Template("t", text="{{prompt}}"))
    assert count_usage(rendered, len, left_out=["knowledge"])["left_out"] == ["knowledge", "examples"]


def test_an_empty_prompt_costs_what_the_tokenizer_sets_at_its_start() -> None:
    empty = RenderedPrompt("", (), ())
    for starts in (None, lambda text: [0]):
        assert count_usage(empty, lambda text: 1, starts=starts)["parts"]["frame"] == 1
