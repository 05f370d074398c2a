"""The project's own templates: found by name, safe, and they say where to stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from role_engine.errors import TemplateError
from role_engine.prompts import Template, TemplateLibrary, render
from role_engine.prompts.template_library import chat_stop_strings
from role_engine.roles import Role

SHIPPED = TemplateLibrary([Path(__file__).parents[2] / "prompt-templates"])
ROLE = Role(id="r", name="Логик", system="Ты — логик.", reminder="Отвечай по-русски.")
HISTORY = [{"role": "user", "content": "Раз?"}, {"role": "assistant", "content": "Два."}]


def test_the_shipped_ones() -> None:
    assert SHIPPED.names() == ("agi-engineer", "question-answer", "qwen3-chatml", "russian-frame", "system-tags")


@pytest.mark.parametrize("name", SHIPPED.names())
def test_one_question_reads_the_same_in_both_forms(name: str) -> None:
    template = SHIPPED.get(name)
    as_text = render(ROLE, "Вопрос?", template=Template(name, text=template.text))
    as_chat = render(ROLE, "Вопрос?", template=Template(name, chat=template.chat))
    assert template.text is not None and template.chat is not None
    assert as_text.prompt.replace("\n\nРешение, устройство, проверка. Отвечай только по-русски.", "") == as_chat.prompt


@pytest.mark.parametrize("name", SHIPPED.names())
def test_a_chat_of_several_turns(name: str) -> None:
    rendered = render(ROLE, "Вопрос?", template=SHIPPED.get(name), history=HISTORY)
    places = [rendered.prompt.find(text) for text in ("Ты — логик.", "Раз?", "Два.", "Вопрос?", "Отвечай по-русски.")]
    assert -1 not in places and places == sorted(places)
    assert rendered.prompt.count("Ты — логик.") == 1


@pytest.mark.parametrize(
    ("name", "stop"),
    [
        ("qwen3-chatml", ("<|im_end|>", "<|im_start|>")),
        ("agi-engineer", ("<|im_end|>", "<|im_start|>")),
        ("system-tags", ("</s>", "<|user|>", "<|assistant|>")),
        ("russian-frame", ("### Вопрос на русском:", "### Ответ:")),
        ("question-answer", ("\nВопрос:", "\nОтвет:")),
    ],
)
def test_stop_strings(name: str, stop: tuple[str, ...]) -> None:
    template = SHIPPED.get(name)
    assert template.stop_strings == stop
    assert set(Template(name, text=template.text).stop_strings) <= set(stop)
    assert Template(name, text=template.text).stop_strings


def test_prompts_that_a_person_can_read() -> None:
    assert render(ROLE, "Вопрос?", template=SHIPPED.get("qwen3-chatml"), history=HISTORY).prompt == (
        "<|im_start|>system\nТы — логик.<|im_end|>\n"
        "<|im_start|>user\nРаз?<|im_end|>\n<|im_start|>assistant\nДва.<|im_end|>\n"
        "<|im_start|>user\nВопрос?\n\nОтвечай по-русски.<|im_end|>\n<|im_start|>assistant\n"
    )
    assert render(ROLE, "Вопрос?", template=SHIPPED.get("system-tags")).prompt == (
        "<|system|>\nТы — логик.</s>\n<|user|>\nВопрос?\n\nОтвечай по-русски.</s>\n<|assistant|>\n"
    )


def test_chatml_with_thoughts_tools_and_parts() -> None:
    template = SHIPPED.get("qwen3-chatml").chat or ""
    call = {"name": "f", "arguments": {"а": 1}}
    history: list[dict[str, Any]] = [
        {"role": "user", "content": [{"type": "text", "text": "Что тут?"}, {"type": "image_url"}]},
        {
            "role": "assistant",
            "content": "<think>\nх\n</think>\n\nСмотрю.",
            "tool_calls": [{"function": call}],
        },
        {"role": "tool", "content": "1"},
        {"role": "tool", "content": "2"},
    ]
    assert render(None, "Ну?", template=template, history=history, values={"enable_thinking": False}).prompt == (
        "<|im_start|>user\nЧто тут?<__media__><|im_end|>\n"
        '<|im_start|>assistant\nСмотрю.\n<tool_call>\n{"name": "f", "arguments": {"а": 1}}\n</tool_call><|im_end|>\n'
        "<|im_start|>user\n<tool_response>\n1\n</tool_response>\n<tool_response>\n2\n</tool_response><|im_end|>\n"
        "<|im_start|>user\nНу?<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"
    )


def test_stop_strings_of_real_templates(family: str, template: str) -> None:
    expected = {
        "qwen3": "<|im_end|>", "llama3": "<|eot_id|>", "gemma2": "<end_of_turn>", "gemma3": "<end_of_turn>",
        "mistral": "[INST]", "mistral-old": "[INST]", "deepseek": "<｜User｜>",
    }  # fmt: skip
    assert expected[family] in chat_stop_strings(template)


def test_the_earlier_folder_wins_with_both_forms(tmp_path: Path) -> None:
    own, shared = tmp_path / "own", tmp_path / "shared"
    own.mkdir()
    shared.mkdir()
    (shared / "a.txt").write_text("shared {{prompt}}")
    (shared / "a.jinja").write_text("shared")
    (shared / "b.txt").write_text("b {{prompt}}")
    (own / "a.txt").write_text("own {{prompt}}")
    library = TemplateLibrary([own, tmp_path / "missing", shared])
    assert library.names() == ("a", "b")
    assert library.get("a") == Template("a", "own {{prompt}}", None)
    assert "b" in library and "c" not in library


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    library = TemplateLibrary([tmp_path])
    (tmp_path / "a.txt").write_text("1 {{prompt}}")
    assert (library.get("a").text or "").startswith("1")
    (tmp_path / "a.txt").write_text("2 {{prompt}}")
    assert (library.get("a").text or "").startswith("2")


@pytest.mark.parametrize("name", ["../secret", "a/b", "/etc/passwd", "", "A", "a.txt", "\0", "qwen3-chatm"])
def test_a_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("{{prompt}}")
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "qwen3-chatml.txt").write_text("{{prompt}}")
    with pytest.raises(TemplateError, match="There is no template"):
        TemplateLibrary([tmp_path / "t"]).get(name)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("a.txt", b"no place", "Must hold {{prompt}} once"),
        ("a.txt", b"{{prompt}} {{ prompt }}", "Must hold {{prompt}} once"),
        ("a.txt", b"\xff{{prompt}}", "not UTF-8"),
        ("a.txt", b"{{prompt}}" + b" " * 1_000_001, "larger than"),
        ("a.jinja", b"{% for m in messages %}\n{{ m.content }", "not valid Jinja"),
    ],
)
def test_a_template_that_cannot_be_used_names_its_file(tmp_path: Path, file: str, content: bytes, says: str) -> None:
    (tmp_path / file).write_bytes(content)
    with pytest.raises(TemplateError, match=says) as caught:
        TemplateLibrary([tmp_path]).get("a")
    assert caught.value.path == tmp_path / file
