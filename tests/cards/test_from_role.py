"""A role as a card: one that was imported and edited, and one that never was a card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from role_engine.cards import png, read_card
from role_engine.errors import InputError, SettingsError
from role_engine.roles import Role
from role_engine.roles.yaml_reading import read_marked
from tests.cards.building import PICTURE, as_json
from tests.cards.conftest import SHIPPED, Place

ENTRIES = [
    {"keys": ["дракон"], "content": "Живёт.", "enabled": True, "insertion_order": 0, "extensions": {"q": 1}, "id": 7},
    {"keys": ["змей"], "content": "Ползёт.", "enabled": True, "insertion_order": 1, "extensions": {}},
    {"keys": [], "content": "Истина.", "enabled": True, "insertion_order": 0, "constant": True, "extensions": {"z": 2}},
]
DATA = {
    "name": "Ая",
    "description": "Лесник.",
    "personality": "Молчун.",
    "scenario": "Ночь.",
    "first_mes": "Тсс.",
    "mes_example": "<START>\n{{user}}: А?\n{{char}}: Б.\n<START>\nСлова.",
    "creator_notes": "Не для модели.",
    "system_prompt": "Пиши.",
    "post_history_instructions": "Тише.",
    "character_book": {"entries": ENTRIES, "extensions": {}, "x": 1},
    "extensions": {"other": {"a": 1}},
    "x_unknown": [1],
}
DOCUMENT = {"spec": "chara_card_v2", "spec_version": "2.0", "data": DATA, "name": "Ая", "first_mes": "Тсс."}


@pytest.fixture
def imported(place: Place) -> Place:
    place.bring(as_json(DOCUMENT))
    return place


def changes(place: Place) -> dict[str, Any]:
    """What an export changes in the card's data."""
    data = json.loads(place.take("card-v2", ".json"))["data"]
    return {key: data.get(key) for key in data.keys() | DATA.keys() if data.get(key) != DATA.get(key)}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("name: Ая", "name: Майя", {"name": "Майя"}),
        ("greeting: Тсс.", "greeting: Кто там?", {"first_mes": "Кто там?"}),
        ("assistant: Б.", "assistant: В.", {"mes_example": "<START>\n{{user}}: А?\n{{char}}: В.\n<START>\nСлова."}),
        (
            "Лесник.",
            "Мельник.",
            {"description": "Пиши.\n\nМельник.\n\n## Характер\n\nМолчун.\n\n## Обстоятельства\n\nНочь."}
            | dict.fromkeys(["personality", "scenario", "system_prompt"], ""),
        ),
        (
            "card: aya",
            "sampling: {temperature: 0.3}\ncard: aya",
            {"extensions": {"other": {"a": 1}, "role_engine": {"sampling": {"temperature": 0.3}}}},
        ),
    ],
)
def test_an_export_changes_what_was_edited_and_nothing_else(
    imported: Place, old: str, new: str, changed: dict[str, Any]
) -> None:
    imported.edit(old, new)
    assert changes(imported) == changed


def test_what_stands_beside_the_data_follows(imported: Place) -> None:
    imported.edit("greeting: Тсс.", "greeting: Кто там?")
    assert json.loads(imported.take("card-v2", ".json"))["first_mes"] == "Кто там?"


def test_edited_facts_become_part_of_the_description(imported: Place) -> None:
    imported.edit("Истина.", "Ложь.")
    changed = changes(imported)
    assert changed["description"].endswith("## Сведения\n\nЛожь.")
    assert changed["mes_example"] == "<START>\n{{user}}: А?\n{{char}}: Б."
    assert changed["character_book"]["entries"] == ENTRIES[:2]


def test_an_edited_lorebook_keeps_the_entries_that_were_not_edited(imported: Place) -> None:
    path = imported.folder / "roles/aya.lorebook.md"
    text = path.read_text("utf-8").replace("Ползёт.", "Летит.")
    path.write_text(text + "\n## кот, кошка\nСпит.\n", encoding="utf-8")
    (changed,) = changes(imported).values()
    assert changed["x"] == 1
    constant, dragon, snake, cat = changed["entries"]
    assert (constant, dragon) == (ENTRIES[2], ENTRIES[0])
    assert (snake["keys"], snake["content"]) == (["змей"], "Летит.")
    assert (cat["keys"], cat["content"]) == (["кот", "кошка"], "Спит.")


def test_knowledge_of_what_a_card_extends_is_not_the_cards(place: Place) -> None:
    (place.folder / "roles").mkdir()
    (place.folder / "roles/notes.md").write_text("Знание.", encoding="utf-8")
    (place.folder / "roles/knowing.yaml").write_text(
        "name: Знаток\nsystem: Знай.\nknowledge: {files: [notes.md]}\n", encoding="utf-8"
    )
    raw = as_json({"spec": "chara_card_v2", "spec_version": "2.0", "data": {"name": "Ая", "extensions": {}}})
    place.bring(raw, extends="knowing")
    assert "character_book" not in json.loads(place.take("card-v2", ".json"))["data"]


def test_an_edited_webui_character(place: Place) -> None:
    place.bring("name: Ая\ncontext: Лесник.\ngreeting: Тсс.\nx_unknown: [1]\n".encode())
    place.edit("Лесник.", "Мельник.")
    document = read_marked(place.take("webui", ".yaml").decode(), Path("x")).data
    assert document["x_unknown"] == [1]
    assert document["name"] == "Ая" and document["context"].startswith("Мельник.")


SAME = [(path.stem, ".json") for path in sorted(SHIPPED.glob("*.yaml"))] + [("poet", ".png"), ("poet", ".charx")]


def without(role: Role, *keys: str) -> dict[str, Any]:
    """What a role says, apart from these keys, its file, and white space round its text."""
    values = role.model_dump(exclude={"id", "path", "card", *keys})
    return {**values, "system": values["system"].strip()}


@pytest.mark.parametrize(("role_id", "suffix"), SAME)
def test_a_shipped_role_comes_back_the_same(place: Place, role_id: str, suffix: str) -> None:
    place.bring(place.take("card-v3", suffix, role_id))
    assert without(place.library.get("aya")) == without(place.library.get(role_id))


def test_all_keys_of_a_role_come_back(place: Place) -> None:
    (place.folder / "roles").mkdir()
    (place.folder / "roles/notes.md").write_text("Введение.\n\n## Кот\nСпит.\n", encoding="utf-8")
    (place.folder / "roles/whole.yaml").write_text(
        "name: Целая\nextends: poet\noverride: [system, negative]\nsystem: Я целая.\ndescription: Вся.\n"
        "greeting: Да.\nreminder: ''\nnegative: [Не молчи.]\nhandoff: [logician]\n"
        "examples: [{user: А, assistant: '{{user}}: Б'}]\n"
        "language: {mode: balanced, allow: [Linux]}\nthinking: {default: think, modes: [think], depth: 3}\n"
        "sampling: {temperature: 0.5, top_k: 7}\nbudget: {max_share: 0.4}\nlora: {path: l, weight: 0.5}\n"
        "knowledge: {files: [notes.md], top_k: 2, place: system}\n",
        encoding="utf-8",
    )
    raw = place.take("card-v2", ".json", "whole")
    entries = json.loads(raw)["data"]["character_book"]["entries"]
    assert [(entry["keys"], entry["content"]) for entry in entries] == [(["notes"], "Введение."), (["Кот"], "Спит.")]
    place.bring(raw)
    was, is_now = place.library.get("whole"), place.library.get("aya")
    assert [file.name for file in is_now.knowledge.files] == ["aya.lorebook.md"]
    assert is_now.knowledge.model_copy(update={"files": was.knowledge.files}) == was.knowledge
    assert without(is_now, "knowledge") == without(was, "knowledge")


def test_other_programs_get_the_whole_role(place: Place) -> None:
    data = json.loads(place.take("card-v2", ".json", "poet"))["data"]
    assert data["system_prompt"].startswith("{{original}}\n\nОтвечай только по-русски")
    assert "❌ Не рифмуй глагол с глаголом" in data["system_prompt"]
    assert data["description"].startswith("Ты — поэт.")
    assert data["post_history_instructions"] == place.library.get("poet").reminder


def test_a_card_of_ours_that_somebody_edited_is_read_as_any_other(place: Place) -> None:
    document = json.loads(place.take("card-v2", ".json", "poet"))
    document["data"]["system_prompt"] = "Пиши прозу."
    place.bring(as_json(document))
    assert "Пиши прозу." in place.library.get("aya").system


def test_a_webui_character_of_a_role(place: Place) -> None:
    document = read_marked(place.take("webui", ".yaml", "poet").decode(), Path("x")).data
    poet = place.library.get("poet")
    assert (document["name"], document["greeting"]) == (poet.name, poet.greeting)
    assert document["context"].startswith(poet.system.strip())
    assert "{{user}}: Напиши" in document["context"] and poet.reminder in document["context"]
    assert set(document) == {"name", "greeting", "context"}


def test_pictures(place: Place, tmp_path: Path) -> None:
    place.bring(as_json(DOCUMENT))
    (place.folder / "x.png").write_bytes(place.take("card-v2", ".png"))
    assert read_card(place.folder / "x.png").picture == png.blank()
    (place.folder / "roles/aya.png").write_bytes(PICTURE)
    (place.folder / "x.png").write_bytes(place.take("card-v2", ".png"))
    assert read_card(place.folder / "x.png").picture == PICTURE
    (place.folder / "roles/aya.png").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(InputError, match="no PNG"):
        place.take("card-v2", ".png")


@pytest.mark.parametrize(
    ("to", "suffix"), [("card-v2", ".charx"), ("card-v2", ".yaml"), ("webui", ".png"), ("webui", "")]
)
def test_a_file_that_the_format_does_not_have(place: Place, to: str, suffix: str) -> None:
    with pytest.raises(SettingsError, match="Known"):
        place.take(to, suffix, "poet")
