"""What comes in goes out again: every field, the unknown ones too, in every kind of file."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.cards import png, read_card
from role_engine.prompts import render
from role_engine.roles import validate_role_file
from role_engine.roles.yaml_reading import read_marked
from role_engine.roles.yaml_writing import to_yaml
from tests.cards import building
from tests.cards.building import as_charx, as_json, card_png
from tests.cards.conftest import TEMPLATES, Place, a_place

KINDS: dict[str, tuple[Any, Callable[[Any], bytes], str, str]] = {
    "v2 json": (building.v2_documents, as_json, "card-v2", ".json"),
    "v3 json": (building.v3_documents, as_json, "card-v3", ".json"),
    "v2 png": (building.v2_documents, card_png, "card-v2", ".png"),
    "v3 png": (building.v3_documents, lambda card: card_png(card, "ccv3"), "card-v3", ".png"),
    "v3 charx": (building.v3_documents, as_charx, "card-v3", ".charx"),
    "webui yaml": (building.webui_documents, lambda card: to_yaml(card).encode(), "webui", ".yaml"),
    "webui json": (building.webui_documents, as_json, "webui", ".json"),
}


def is_valid_and_renders(place: Place) -> None:
    report = validate_role_file(place.folder / "roles/aya.yaml", place.library, templates=TEMPLATES.names())
    assert report.ok, [str(problem) for problem in report.problems]
    assert report.role is not None
    prompt = render(report.role, "Кто ты?", template=TEMPLATES.get("qwen3-chatml")).prompt
    assert prompt.count("<|im_start|>") == 3 + 2 * len(report.role.examples)  # what the card held of them is broken
    assert "[INST]" not in prompt and "{{" not in prompt and "{%" not in prompt


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20)
@given(data=st.data())
def test_a_card_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    documents, packed, to, suffix = KINDS[kind]
    document = data.draw(documents)
    with a_place() as place:
        place.bring(packed(document))
        is_valid_and_renders(place)
        (place.folder / "again").write_bytes(place.take(to, suffix))
        card = read_card(place.folder / "again")
        assert card.raw == document
        if suffix == ".png":
            assert card.picture == building.PICTURE
        if suffix == ".charx":
            archive = zipfile.ZipFile(io.BytesIO((place.folder / "again").read_bytes()))
            assert archive.namelist() == ["card.json", "assets/icon/main.png", "x/y.bin"]
            assert archive.read("x/y.bin") == b"\0\1"


@pytest.mark.slow
@settings(max_examples=20)
@given(document=building.v1_documents, to=st.sampled_from(["card-v2", "card-v3"]))
def test_a_v1_card_comes_back_as_a_newer_one_with_all_it_had(document: dict[str, Any], to: str) -> None:
    with a_place() as place:
        place.bring(as_json(document))
        is_valid_and_renders(place)
        back = json.loads(place.take(to, ".json"))
        assert back["spec"] == {"card-v2": "chara_card_v2", "card-v3": "chara_card_v3"}[to]
        assert {key: back["data"][key] for key in document} == document


@pytest.mark.slow
@settings(max_examples=20)
@given(document=building.v2_documents)
def test_a_change_of_version_drops_nothing(document: dict[str, Any]) -> None:
    with a_place() as place:
        place.bring(as_json(document))
        third = json.loads(place.take("card-v3", ".json"))
        for key, value in document["data"].items():
            if key != "character_book":
                assert third["data"][key] == value
        for old, new in zip(
            document["data"].get("character_book", {}).get("entries", []),
            third["data"].get("character_book", {}).get("entries", []),
            strict=True,
        ):
            assert new == {**old, "use_regex": False}


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.text(building.CHARACTERS, min_size=1, max_size=8), building.TEXTS | st.text(building.CHARACTERS), max_size=4
    )
)
def test_yaml_that_is_written_is_read_back(values: dict[str, str]) -> None:
    if values:
        assert read_marked(to_yaml(values), Path("x.yaml")).data == values
        assert yaml.safe_load(to_yaml(values)) == values  # as the webui reads it


def test_in_a_png_ccv3_goes_before_chara(tmp_path: Path) -> None:
    old, new = ({"name": name, "description": "…"} for name in ("Старая", "Новая"))
    (tmp_path / "x.png").write_bytes(
        building.as_png(chara=base64.b64encode(as_json(old)), ccv3=base64.b64encode(as_json(new)))
    )
    assert read_card(tmp_path / "x.png").raw["name"] == "Новая"


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt"])
def test_all_kinds_of_text_chunk_are_read(tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "x.png").write_bytes(card_png({"name": "Ая", "description": "…"}, kind=kind))
    assert read_card(tmp_path / "x.png").raw["name"] == "Ая"


def test_a_v3_png_is_read_by_programs_that_know_only_v2() -> None:
    with a_place() as place:
        place.bring(as_json({"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Ая", "nickname": "А"}}))
        raw = place.take("card-v3", ".png")
        found = png.texts(raw, ("chara", "ccv3"), place.folder)
        assert json.loads(base64.b64decode(found["chara"]))["spec"] == "chara_card_v2"
        assert json.loads(base64.b64decode(found["ccv3"]))["data"]["nickname"] == "А"
