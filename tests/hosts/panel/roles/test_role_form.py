from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.hosts.panel.roles.role_draft import Draft
from role_engine.hosts.panel.roles.role_files import OpenedRoleFile
from role_engine.hosts.panel.roles.role_form import FIELDS, NO_ROLE_ABOVE, FormField, RoleForm
from role_engine.roles.role_file import RoleFileKeys
from role_engine.roles.yaml_editing import read_values

ROLE = """\
# мой поэт
name: Поэт   # как в списке
description: Пишет стихи.
system: |
  Ты — поэт.

  Пиши коротко.

# примеры
examples:
  - {user: "Кто ты?", assistant: Я — поэт.}
reminder: >-
  Отвечай
  стихами.
negative:
  - Не спорь.   # важно
  - Не лги.
language: {mode: strict, allow: [Python]}  # только кириллица
thinking:
  # как думает
  default: think
sampling: {temperature: 0.5, seed: 7}
"""
FORM = RoleForm(["think", "recursion", "conflict"], ["qwen3-chatml"])


def typed(field: FormField) -> st.SearchStrategy[Any]:
    """What can come out of a field's box."""
    if field.kind in ("choice", "flag"):
        return st.sampled_from(("", *(field.choices or ("true", "false"))))
    if field.kind == "several":
        return st.lists(st.sampled_from(field.choices), unique=True)
    if field.kind == "number":
        return st.sampled_from(("", "0.7", "0,7", "3", "-1", ".5", "1e-3", "много", " 2 ")) | st.floats(0, 9).map(str)
    return st.text(max_size=40) | st.text("аб ,:\n#-'\"[]{}|>", max_size=20)


CHANGES = st.sampled_from(list(FORM.fields.values())).flatmap(lambda field: st.tuples(st.just(field), typed(field)))


def test_the_boxes_show_what_the_file_says() -> None:
    shown = FORM.show(ROLE)
    assert shown is not None
    said = {key: value for key, value in shown.items() if value not in ("", [], NO_ROLE_ABOVE)}
    assert said == {
        "name": "Поэт",
        "description": "Пишет стихи.",
        "system": "Ты — поэт.\n\nПиши коротко.\n",
        "reminder": "Отвечай стихами.",
        "negative": "Не спорь.\nНе лги.",
        "language.mode": "strict",
        "language.allow": "Python",
        "thinking.default": "think",
        "sampling.temperature": "0.5",
    }
    assert FORM.show("name: [") is None and FORM.show("- a") is None
    assert FORM.besides(ROLE) == ([{"user": "Кто ты?", "assistant": "Я — поэт."}], ["sampling.seed"])


@settings(max_examples=60)
@given(CHANGES)
def test_a_field_changes_its_own_key_and_nothing_else(change: tuple[FormField, Any]) -> None:
    field, value = change
    changed = put(ROLE, field.key, value)
    before, after = flat(read_values(ROLE)), flat(read_values(changed))
    assert after.pop(field.key, None) == field.read(value)
    before.pop(field.key, None)
    assert after == before
    for comment in ("# мой поэт\n", "# примеры\n", "# как думает\n"):
        assert comment in changed or field.key == "thinking.default"
    kept = {"name": "# как в списке", "negative": "# важно", "language.mode": "# только кириллица"}
    for key, comment in kept.items():
        assert comment in changed or key == field.key


@settings(max_examples=40)
@given(CHANGES)
def test_an_emptied_field_takes_its_key_out_again(change: tuple[FormField, Any]) -> None:
    field, value = change
    written = put(ROLE, field.key, value)
    emptied = put(written, field.key, [] if field.kind == "several" else NO_ROLE_ABOVE if field.kind == "role" else "")
    assert field.key not in flat(read_values(emptied))
    assert set(flat(read_values(emptied))) == set(flat(read_values(ROLE))) - {field.key}


@settings(max_examples=60)
@given(st.text(max_size=80), CHANGES)
def test_any_text_may_stand_in_the_box_of_the_file(text: str, change: tuple[FormField, Any]) -> None:
    field, value = change
    changed = FORM.put(text, field.key, value)
    assert (changed is None) == (FORM.show(text) is None)
    if changed is not None:
        assert flat(read_values(changed)).get(field.key) == field.read(value)


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("language.mode", "off", "language: {mode: off, allow: [Python]}  # только кириллица\n"),
        ("language.allow", "Python, Visual Studio", "allow: [Python, Visual Studio]}"),
        ("language.allow", "", "language: {mode: strict}  # только кириллица\n"),
        ("negative", "Не лги.\nМолчи.", "negative:\n  - Не лги.\n  - Молчи.\n"),
        ("negative", "Нет.\nНе спорь.\nНе лги.", "negative:\n  - Нет.\n  - Не спорь.   # важно\n  - Не лги.\n"),
        ("thinking.default", "none", "thinking:\n  # как думает\n  default: none\nsampling"),
        ("thinking.depth", "3", "  default: think\n  depth: 3\n"),
        ("sampling.temperature", "0,9", "sampling: {temperature: 0.9, seed: 7}\n"),
        ("sampling.temperature", "тепло", "sampling: {temperature: тепло, seed: 7}\n"),  # for the check to refuse
        ("extends", "russian", "description: Пишет стихи.\nextends: russian\nsystem: |\n"),
        ("language.emoji", "false", "allow: [Python], emoji: false}"),
        ("handoff", "poet,logician", "handoff: [poet, logician]\n"),
        ("name", "Иной", "name: Иной   # как в списке\n"),
        ("name", "Много\nслов", "name: |-   # как в списке\n  Много\n  слов\ndescription"),
    ],
)
def test_it_is_written_as_people_write(key: str, value: str, line: str) -> None:
    assert line in put(ROLE, key, value)


def test_what_a_box_would_not_give_back_is_left_to_the_file() -> None:
    text = 'name: Поэт\nnegative: ["Не спорь\\nи не лги."]\nlanguage: {allow: ["a, b", c]}\nhandoff: [3]\n'
    shown = FORM.show(text)
    assert shown is not None
    assert [shown[key] for key in ("negative", "language.allow", "handoff")] == [None, None, None]
    assert FORM.put(text, "negative", "Молчи.") == text
    wrong = "name: [3]\nlanguage: {mode: stict, emoji: 3}\nnegative: Молчи.\n"
    shown = FORM.show(wrong)
    assert shown is not None and {shown[key] for key in ("name", "language.mode", "language.emoji", "negative")} == {""}
    assert "mode: strict" in put(wrong, "language.mode", "strict")


def test_an_empty_file_and_one_that_cannot_be_read() -> None:
    assert FORM.put("", "name", "Поэт") == "name: Поэт\n"
    assert FORM.put("# тут\n", "language.mode", "off") == "# тут\nlanguage: {mode: off}\n"
    assert FORM.put("name: Поэт\n", "name", "") == ""
    assert FORM.put("name: [", "name", "Поэт") is None


def test_boxes_that_are_filled_one_after_the_other_do_not_undo_each_other() -> None:
    draft = Draft.of(OpenedRoleFile("poet", ROLE, "1", True), FORM)
    assert draft.put("name", "Иной", FORM) and draft.put("description", "Иначе.", FORM)
    assert "name: Иной " in draft.text and "description: Иначе.\n" in draft.text
    assert draft.take_text(draft.text.replace("Иной", "Третий"), FORM) == {"name": "Третий"}
    assert draft.take_text("name: [", FORM) == {} and not draft.put("name", "Иной", FORM)


def test_what_was_typed_last_is_saved_though_its_event_is_still_on_its_way() -> None:
    draft = Draft.of(OpenedRoleFile("poet", ROLE, "1", True), FORM)
    on_page: dict[str, Any] = {key: "" if value is None else value for key, value in draft.shown.items()}
    assert draft.as_on_page(ROLE, on_page, FORM) == ROLE
    text = draft.as_on_page(ROLE + "# моё\n", {**on_page, "name": "Иной"}, FORM)
    assert "name: Иной " in text and text.endswith("# моё\n")


def test_a_page_that_has_not_heard_of_its_change_yet_does_not_undo_it() -> None:
    draft = Draft.of(OpenedRoleFile("poet", ROLE, "1", True), FORM)
    for name in ("И", "Ин", "Иной"):
        assert draft.put("name", name, FORM)
    on_page: dict[str, Any] = {key: "" if value is None else value for key, value in draft.shown.items()}
    for shown in (ROLE, ROLE.replace("name: Поэт", "name: Ин")):
        assert "name: Иной " in draft.as_on_page(shown, on_page, FORM)
    draft.take_text(ROLE, FORM)
    assert draft.as_on_page(ROLE, on_page | {"name": "Поэт"}, FORM) == ROLE, "typed back by hand"


def put(text: str, key: str, value: Any) -> str:
    changed = FORM.put(text, key, value)
    assert changed is not None
    return changed


def flat(said: Any, where: str = "") -> dict[str, Any]:
    """Every key of a document with its dots, but for mappings that hold nothing."""
    if not isinstance(said, dict):
        return {where: said}
    return {
        k: v for key, value in said.items() for k, v in flat(value, f"{where}.{key}" if where else str(key)).items()
    }


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_what_a_field_writes_is_what_role_files_know(field: FormField) -> None:
    value = {
        "number": "20" if field.key == "knowledge.max_tokens" else "1",
        "flag": "true",
        "choice": field.choices[0] if field.choices else "qwen3-chatml",
    }
    text = put(
        "name: Поэт\nsystem: Ты.\n", field.key, value.get(field.kind, ["think"] if field.kind == "several" else "x")
    )
    RoleFileKeys.model_validate(read_values(text))
