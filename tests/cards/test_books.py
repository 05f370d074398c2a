"""Lorebooks by themselves become knowledge; what is neither card nor lorebook is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from role_engine.cards import Book, ImportedBook, import_book, read_card, read_card_or_book
from role_engine.errors import InputError, RoleEngineError, SettingsError, UnknownRole
from role_engine.prompts import role_text
from role_engine.roles import validate_role_file
from tests.cards.conftest import Place


def world_entry(content: str, *keys: str, **more: Any) -> dict[str, Any]:
    return {
        "key": list(keys), "keysecondary": [], "comment": "", "content": content, "constant": False, "disable": False,
        "order": 100, "selective": True, "selectiveLogic": 0, **more,
    }  # fmt: skip


def world(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"entries": {str(number): entry for number, entry in enumerate(entries)}, **more}


WORLD = world(
    world_entry("Дракон спит за рекой.", "/драк(он|ошка)/i", "змей", comment="Горыныч"),
    world_entry("Вода в реке ледяная.", "река", keysecondary=["вода"]),
    world_entry("О нём молчат.", "князь", keysecondary=["свадьба"], selectiveLogic=2),
    world_entry("Выключено.", "x", disable=True),
    world_entry("Здесь всегда ночь, {{user}}. <|im_end|>{% x %}", constant=True, order=2, comment="Ночь"),
    world_entry("Это край света.", constant=True, order=1),
)
FILE = (
    "## Горыныч, дракон, дракошка, змей\n\nДракон спит за рекой.\n\n"
    "## река, вода\n\nВода в реке ледяная.\n\n"
    "## князь\n\nО нём молчат.\n"
)


class Library:
    def __init__(self, place: Place) -> None:
        self.folder = place.folder / "roles"
        self.folder.mkdir(exist_ok=True)
        self.library, self._files = place.library, place.folder

    def role(self, text: str, name: str = "lesnik") -> Path:
        path = self.folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def bring(self, raw: Any, file: str = "Край света.json", **how: Any) -> ImportedBook:
        path = self._files / file
        path.write_text(json.dumps(raw), encoding="utf-8")
        book = read_card_or_book(path)
        assert isinstance(book, Book)
        return import_book(book, self.folder, self.library, **how)


@pytest.fixture
def shelf(place: Place) -> Library:
    return Library(place)


def test_a_role_comes_to_know_a_lorebook(shelf: Library) -> None:
    path = shelf.role("# Мой лесник\nname: Лесник\nsystem: Ты — лесник.  # коротко\nreminder: Тише.\n")
    done = shelf.bring(WORLD, into="lesnik")
    assert (done.role, done.warnings) == ("lesnik", ())
    assert done.files == (shelf.folder / "kray-sveta.lorebook.md", path)
    assert done.files[0].read_text("utf-8") == FILE
    assert path.read_text("utf-8").startswith("# Мой лесник\nname: Лесник\nsystem:")
    role = shelf.library.get("lesnik")
    assert role.knowledge.files == (done.files[0],)
    assert role_text(role).system.startswith(
        "Ты — лесник.\n\n## Сведения\n\nЭто край света.\n\nЗдесь всегда ночь, собеседник. ‹|im_end|›{ % x % }"
    )
    assert validate_role_file(path, shelf.library).ok


def test_a_second_book_and_other_files_stand_beside_each_other(shelf: Library) -> None:
    (shelf.folder / "a.md").write_text("Раз.", encoding="utf-8")
    shelf.role("name: Лесник\nsystem: Ты — лесник.\nknowledge:\n  files: [a.md]\n  top_k: 2\n")
    shelf.bring(WORLD, into="lesnik")
    shelf.bring(world(world_entry("Два.", "два")), "два.json", into="lesnik")
    role = shelf.library.get("lesnik")
    assert [file.name for file in role.knowledge.files] == ["a.md", "kray-sveta.lorebook.md", "dva.lorebook.md"]
    assert role.knowledge.top_k == 2


@pytest.mark.parametrize(
    "text", ["name: Лес\njinja: true\nsystem: '{{ user }}'\n", "name: Лес\nsystem_file: book.md\n"]
)
def test_where_a_roles_text_is_not_to_be_written_into_all_of_a_book_is_looked_up(shelf: Library, text: str) -> None:
    (shelf.folder / "book.md").write_text("Ты — лес.", encoding="utf-8")
    path = shelf.role(text, "les")
    done = shelf.bring(WORLD, into="les")
    assert done.files[0].read_text("utf-8") == (
        f"{FILE}\n## Ночь\n\nЗдесь всегда ночь, собеседник. <|im_end|>{{% x %}}\n\n## …\n\nЭто край света.\n"
    )
    assert "always hold (2)" in done.warnings[0]
    assert path.read_text("utf-8").startswith(text)


def test_without_a_role_the_file_is_made_and_says_so(shelf: Library) -> None:
    done = shelf.bring(WORLD, "w.json")
    assert (done.role, [file.name for file in done.files]) == (None, ["w.lorebook.md"])
    assert "w.lorebook.md" in done.warnings[0] and "--into" in done.warnings[0]
    assert "Это край света." in done.files[0].read_text("utf-8")
    with pytest.raises(SettingsError, match="--as"):
        shelf.bring(WORLD, "w.json")
    assert shelf.bring(WORLD, "w.json", name="v").files[0].name == "v.lorebook.md"


def test_nothing_is_overwritten_and_nothing_is_half_done(shelf: Library) -> None:
    path = shelf.role("name: Лесник\nsystem: Ты — лесник.\n")
    shelf.bring(WORLD, into="lesnik")
    was = path.read_text("utf-8")
    with pytest.raises(SettingsError, match="--as"):
        shelf.bring(WORLD, into="lesnik")
    with pytest.raises(UnknownRole, match="lesnik"):
        shelf.bring(WORLD, into="lesnok")
    with pytest.raises(SettingsError, match="roles new"):
        shelf.bring(WORLD, into="poet")
    with pytest.raises(SettingsError, match="--as"):
        shelf.bring(WORLD, into="lesnik", name="../x")
    assert path.read_text("utf-8") == was
    assert len(list(shelf.folder.iterdir())) == 2


V2_ENTRY = {"keys": ["дракон"], "content": "Спит.", "name": "Змей", "insertion_order": 1, "enabled": True}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"spec": "lorebook_v3", "data": {"name": "Край", "entries": [V2_ENTRY], "extensions": {}}}, "Змей, дракон"),
        ({"name": "Край", "entries": [V2_ENTRY]}, "Змей, дракон"),
        (
            {"lorebookVersion": 5, "entries": [{"text": "Спит.", "displayName": "Змей", "keys": ["дракон"]}]},
            "Змей, дракон",
        ),
        (
            {"kind": "memory", "name": "Край", "entries": [{"name": "Змей", "entry": "Спит.", "keywords": ["дракон"]}]},
            "Змей, дракон",
        ),
        (
            {"type": "risu", "ver": 1, "data": [{"key": "дракон, ящер", "comment": "Змей", "content": "Спит."}]},
            "Змей, дракон, ящер",
        ),
    ],
)
def test_each_form_of_a_lorebook_is_read(shelf: Library, raw: dict[str, Any], text: str) -> None:
    done = shelf.bring(raw, "край.json")
    assert done.files[0].name == "kray.lorebook.md"
    assert done.files[0].read_text("utf-8") == f"## {text}\n\nСпит.\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"spec": "lorebook_v3", "data": {"entries": 5}}, "list of `entries`"),
        (world({"content": "a"}, {"content": []}), "must be text"),
        ({"entries": [{"content": "x"}, 5]}, "must be an object"),
        ({"entries": []}, "no entry"),
        (world(world_entry("x", "y", disable=True)), "no entry"),
        ({"entries": [{"content": "x"}] * 10_001}, "10,000"),
    ],
)
def test_a_lorebook_that_is_built_wrongly_is_one_clear_error(shelf: Library, raw: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        shelf.bring(raw)
    assert list(shelf.folder.iterdir()) == []


def test_to_who_reads_cards_a_lorebook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    path.write_text(json.dumps(WORLD), encoding="utf-8")
    with pytest.raises(InputError, match=r"a lorebook.*--into"):
        read_card(path)


SAMPLING = {"temp": 0.7, "top_p": 0.9, "rep_pen": 1.1, "top_k": 40}
OTHERS: list[tuple[str, Any, str]] = [
    (
        "a.json",
        {"chat_completion_source": "openai", "prompts": [], "prompt_order": [], "temperature": 1},
        "chat completion",
    ),
    ("a.json", {"prompts": [], "prompt_order": [{}], "openai_max_context": 4095}, "chat completion"),
    ("a.json", {**SAMPLING, "samplers": ["top_k"], "sampler_order": [6, 0]}, "text completion"),
    ("a.json", {**SAMPLING, "sampler_order": [6, 0, 1], "typical": 1, "tfs": 1}, "KoboldAI"),
    ("a.json", {"name": "ChatML", "input_sequence": "<|im_start|>user", "output_sequence": "x"}, "instruct preset"),
    ("a.json", {"name": "Default", "story_string": "{{system}}", "example_separator": "***"}, "context preset"),
    ("a.json", {"instruct": {"input_sequence": ""}, "context": {"story_string": ""}, "preset": SAMPLING}, "collection"),
    ("a.json", {"name": "Actor", "content": "You are an actor."}, "system prompt preset"),
    ("a.json", {"name": "DeepSeek", "prefix": "<think>", "suffix": "</think>", "separator": ""}, "reasoning preset"),
    ("a.json", {"scriptName": "x", "findRegex": "/a/", "replaceString": "b"}, "regex script"),
    ("a.json", [{"scriptName": "x", "findRegex": "/a/", "replaceString": "b"}], "regex script"),
    ("a.json", {"name": "Dark", "blur_strength": 10, "main_text_color": "rgba(0,0,0,1)"}, "theme"),
    ("a.json", {"personas": {"a.png": "Я"}, "persona_descriptions": {}, "default_persona": None}, "personas"),
    ("a.json", {"version": 2, "name": "qr", "qrList": []}, "quick replies"),
    ("a.json", {"power_user": {}, "firstRun": False}, "settings"),
    ("a.json", {"presetVersion": 3, "parameters": {"temperature": 1}}, "NovelAI"),
    ("a.json", {"internal": [["а", "б"]], "visible": []}, "a chat"),
    ("a.jsonl", '{"user_name": "Я", "chat_metadata": {}}\n{"name": "Я", "mes": "а"}\n', "a chat"),
    ("a.json", {"id": "1", "name": "Все", "members": ["a.png"], "chat_id": "x"}, "group"),
    ("a.yaml", "temperature: 0.7\ntop_p: 0.9\nmin_p: 0.05\n", "text completion"),
    ("a.yaml", "temperature: 0.7\n", "text completion"),
    ("a.yaml", "instruction_template: |-\n  {{ bos_token }}\n", "instruction template"),
    ("a.yaml", "name: Лес\nextends: russian\nsystem: Ты — лес.\n", "a role of role_engine"),
    ("a.yaml", "name: Лес\ndescription: Шумит.\nsystem: Ты — лес.\ngreeting: Ш-ш.\n", "a role of role_engine"),
]


@pytest.mark.parametrize(("name", "raw", "said"), OTHERS)
def test_what_is_no_card_is_named_and_says_what_to_do(tmp_path: Path, name: str, raw: Any, said: str) -> None:
    from role_engine.i18n.role_problems import is_told

    path = tmp_path / name
    path.write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding="utf-8")
    with pytest.raises(RoleEngineError, match=said) as caught:
        read_card_or_book(path)
    assert "not a card" in str(caught.value) or "not its character" in str(caught.value)
    assert caught.value.hint and "\n" not in str(caught.value)
    assert is_told(caught.value, "ru")


def test_every_kind_of_file_is_tried_above(tmp_path: Path) -> None:
    from role_engine.i18n.role_problems import RUSSIAN

    kinds = set()
    for name, raw, _ in OTHERS:
        path = tmp_path / name
        path.write_text(raw if isinstance(raw, str) else json.dumps(raw), encoding="utf-8")
        with pytest.raises(RoleEngineError) as caught:
            read_card_or_book(path)
        kinds.add(caught.value.kind)
    assert kinds == {kind for kind in RUSSIAN if kind.startswith("is ")} - {"is lorebook"}


@pytest.mark.parametrize(
    "raw",
    [
        {"name": "Ая", "description": "Лес.", "first_mes": "А.", "temperature": 1, "top_p": 1, "extends": "x"},
        {"spec": "chara_card_v2", "data": {"name": "Ая", "description": "Лес."}, "entries": [{"content": "x"}]},
        {"data": {"name": "Ая", "description": "Лес."}, "entries": {}},
        {"name": "Ая", "context": "Лес.", "greeting": "А."},
    ],
)
def test_a_card_with_odd_keys_is_a_card(tmp_path: Path, raw: dict[str, Any]) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert not isinstance(read_card_or_book(path), Book)


def test_the_keys_of_an_exported_card_are_read_out_of_its_patterns(place: Place) -> None:
    """SillyTavern says `use_regex` of every entry that it writes into a card."""
    entries = [
        {"keys": ["дракон", "/зме(й|я)/i"], "secondary_keys": [], "comment": "Горыныч", "content": "Спит.",
         "constant": False, "selective": True, "insertion_order": 100, "enabled": True, "use_regex": True,
         "extensions": {"selectiveLogic": 0}},
        {"keys": ["река"], "secondary_keys": ["мост"], "comment": "две\nстроки", "content": "Течёт.", "enabled": True,
         "selective": True, "use_regex": True, "extensions": {"selectiveLogic": 2}},
    ]  # fmt: skip
    data = {"name": "Ая", "description": "Лес.", "character_book": {"entries": entries}}
    place.bring(json.dumps({"spec": "chara_card_v2", "spec_version": "2.0", "data": data}).encode())
    text = place.library.get("aya").knowledge.files[0].read_text("utf-8")
    assert text == "## Горыныч, дракон, змей, змея\n\nСпит.\n\n## река\n\nТечёт.\n"
