from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from role_engine.hosts.panel.role_form import FIELDS, fields_of, with_field

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
language: {mode: strict}  # только кириллица
"""


def test_fields_are_read() -> None:
    fields = fields_of(ROLE)
    assert fields is not None
    assert fields["system"] == "Ты — поэт.\n\nПиши коротко.\n" and fields["greeting"] == ""
    assert fields_of("name: [") is None and fields_of("- a") is None and fields_of("") is None


@given(field=st.sampled_from(FIELDS), value=st.text(max_size=60))
def test_a_changed_field_changes_nothing_else(field: str, value: str) -> None:
    changed = with_field(ROLE, field, value)
    before, after = yaml.safe_load(ROLE), yaml.safe_load(changed)
    assert after.get(field, "") == value
    assert {k: v for k, v in after.items() if k != field} == {k: v for k, v in before.items() if k != field}
    assert "# мой поэт\n" in changed and "# только кириллица" in changed


@given(st.text(max_size=80), st.sampled_from(FIELDS), st.text(max_size=20))
def test_any_text_may_stand_in_the_box(text: str, field: str, value: str) -> None:
    changed = with_field(text, field, value)
    assert changed == text or (fields_of(changed) or {})[field] == value


def test_what_cannot_be_read_stays_as_it_is() -> None:
    assert with_field("name: [", "name", "Поэт") == "name: ["
    assert with_field(ROLE, "name", "Поэт") == ROLE
    assert fields_of(with_field("{name: Поэт, system: Ты.}", "name", "Иной")) == {
        "name": "Иной",
        "description": "",
        "system": "Ты.",
        "greeting": "",
        "reminder": "",
    }
