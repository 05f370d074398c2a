"""The pieces of work that write: what is there before, what is done, and what may be there afterwards."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from role_engine.app.settings_store import changing, read_settings, write_settings
from role_engine.cards import import_book, import_card, read_card, read_card_or_book
from role_engine.cards.book import Book
from role_engine.decoder.disk_cache import DiskCache
from role_engine.embedded import MODEL
from role_engine.files import clear_leftovers
from role_engine.files.temporary import is_unfinished
from role_engine.hosts.panel.roles.role_files import RoleFiles
from role_engine.knowledge import KnowledgeLibrary
from role_engine.models.place import model_place
from role_engine.models.tokens import TokensRequest, add_tokens, mode_token
from role_engine.roles import RoleLibrary, load_role_file

OLD = "name: Поэт\nsystem: |\n  " + "Старое слово. " * 400 + "\n"
NEW = "name: Поэт\nsystem: |\n  " + "Новое слово. " * 500 + "\n"
BOOK = {"entries": {"0": {"key": ["маяк"], "content": "Маяк стоит на мысу. " * 50, "comment": "Маяк"}}}


@dataclass(frozen=True)
class Scenario:
    """
    Attributes:
        check: raises where something is lost or half-written; looked at right after the fault, before anything is
            cleared.
        again: what the user does next, which must come through; afterwards nothing unfinished may lie about.
        done: whether the work has been done, wholly.
    """

    prepare: Callable[[Path], None]
    act: Callable[[Path], None]
    check: Callable[[Path], None]
    again: Callable[[Path], None]
    done: Callable[[Path], bool]


def roles(folder: Path) -> RoleFiles:
    return RoleFiles(folder / "roles", RoleLibrary([folder / "roles"]))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def seen(folder: Path) -> list[str]:
    """The files and folders that a user sees."""
    return sorted(path.name for path in folder.iterdir() if not is_unfinished(path.name)) if folder.is_dir() else []


def unfinished(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if is_unfinished(path.name))


# ---------------------------------------------------------------- roles


def _poet(folder: Path) -> None:
    write(folder / "roles/poet.yaml", OLD)


def _save(folder: Path) -> None:
    files = roles(folder)
    files.save("poet", NEW, files.open("poet").version)


def _one_of_both(folder: Path) -> None:
    assert (folder / "roles/poet.yaml").read_text("utf-8") in (OLD, NEW)


def _is_new(folder: Path) -> bool:
    return (folder / "roles/poet.yaml").read_text("utf-8") == NEW


def _new_role(folder: Path) -> None:
    roles(folder).new("gardener", "Садовник", None)


def _gardener(folder: Path) -> bool:
    return (folder / "roles/gardener.yaml").is_file()


def _whole_or_none(folder: Path) -> None:
    for path in (folder / "roles").glob("*.yaml"):
        load_role_file(path)


def _new_again(folder: Path) -> None:
    if not _gardener(folder):
        _new_role(folder)
    clear_leftovers([folder / "roles"])


# ---------------------------------------------------------------- settings


def _settings(folder: Path) -> None:
    write_settings(folder / "settings.yaml", {"mode": "strict", "role": "poet"})


def _set(folder: Path) -> None:
    path = folder / "settings.yaml"
    with changing(path):
        write_settings(path, {**read_settings(path), "mode": "off"})


def _settings_whole(folder: Path) -> None:
    assert read_settings(folder / "settings.yaml") in (
        {"mode": "strict", "role": "poet"},
        {"mode": "off", "role": "poet"},
    )


# ---------------------------------------------------------------- what can be made again


def _arrays(folder: Path) -> None:
    import numpy as np

    made = {"a": np.arange(1000)}
    assert (DiskCache(folder / "cache").arrays("x", ["a"], lambda: made)["a"] == made["a"]).all()


def _notes(folder: Path) -> None:
    write(folder / "notes.md", "Маяк стоит на мысу.\n\nСмотритель живёт один.\n")


def _find(folder: Path) -> None:
    notes = (folder / "notes.md").resolve()
    found = KnowledgeLibrary(folder / "cache").find([notes], "Где стоит маяк?", 3)
    kept = [path for path in (folder / "cache").glob("*/*/about.json") if not is_unfinished(path.parent.name)]
    assert found or not kept, "a kept index is whole"


def _find_again(folder: Path) -> None:
    _find(folder)
    clear_leftovers(path for path in [folder / "cache", *(folder / "cache").iterdir()] if path.is_dir())


# ---------------------------------------------------------------- cards

CARD = {
    "spec": "chara_card_v2",
    "spec_version": "2.0",
    "data": {
        "name": "Ая",
        "description": "Смотрительница маяка. " * 30,
        "first_mes": "Поднимайтесь.",
        "character_book": {"entries": [{"keys": ["маяк"], "content": "Маяк стоит на мысу.", "enabled": True}]},
    },
}
CARD_FILES = ["aya.card.json", "aya.lorebook.md", "aya.png", "aya.yaml"]


def _card(folder: Path) -> None:
    import base64

    from role_engine.cards import png

    text = base64.b64encode(json.dumps(CARD).encode())
    path = folder / "aya.png"
    path.write_bytes(png.with_texts(png.blank(), {"chara": text}, ("chara",), path))
    (folder / "roles").mkdir()


def _import(folder: Path) -> None:
    import_card(
        read_card(folder / "aya.png"), folder / "roles", RoleLibrary([folder / "roles"]), role_id="aya", extends=""
    )


def _role_means_all(folder: Path) -> None:
    """A role that is there can be used and exported; the others may be there without it, until the next start."""
    if (folder / "roles/aya.yaml").exists():
        assert seen(folder / "roles") == CARD_FILES
        roles(folder).library.get("aya")


def _import_again(folder: Path) -> None:
    clear_leftovers([folder / "roles"])
    assert seen(folder / "roles") in ([], CARD_FILES), "all or none"
    if not _imported(folder):
        _import(folder)


def _imported(folder: Path) -> bool:
    return (folder / "roles/aya.yaml").is_file()


def _with_aya(folder: Path) -> None:
    _card(folder)
    _import(folder)


def _delete(folder: Path) -> None:
    roles(folder).delete("aya")


def _nothing_lost(folder: Path) -> None:
    there = seen(folder / "roles")
    kept = [name.replace(name.split(".")[1] + ".", "", 1) for name in seen(folder / "roles-bin")]
    assert sorted(there + kept) == CARD_FILES


def _import_after_delete(folder: Path) -> None:
    if _imported(folder):
        _delete(folder)
    _import(folder)
    clear_leftovers([folder / "roles", folder / "roles-bin"])
    assert seen(folder / "roles") == CARD_FILES


def _book(folder: Path) -> None:
    _poet(folder)
    write(folder / "world.json", json.dumps(BOOK))


def _into(folder: Path) -> None:
    book = read_card_or_book(folder / "world.json")
    assert isinstance(book, Book)
    import_book(book, folder / "roles", RoleLibrary([folder / "roles"]), into="poet")


def _knows(folder: Path) -> bool:
    return bool(roles(folder).library.get("poet").knowledge.files)


def _poet_works(folder: Path) -> None:
    assert all(file.is_file() for file in roles(folder).library.get("poet").knowledge.files)
    assert "Старое слово." in roles(folder).library.get("poet").system


def _into_again(folder: Path) -> None:
    clear_leftovers([folder / "roles"])
    assert seen(folder / "roles") == (["poet.yaml", "world.lorebook.md"] if _knows(folder) else ["poet.yaml"])
    if not _knows(folder):
        _into(folder)


def _export(folder: Path) -> None:
    from role_engine.hosts.cli.command_line import run

    out = folder / "out/aya.yaml"
    if run(["--home", str(folder), "roles", "export", "aya", "--format", "webui", "--out", str(out)]):
        from role_engine.errors import InputError

        raise InputError("The export was refused.")


def _exported_whole(folder: Path) -> None:
    assert seen(folder / "roles") == CARD_FILES
    if (folder / "out/aya.yaml").exists():
        assert seen(folder / "out") == ["aya.png", "aya.yaml"]


def _export_again(folder: Path) -> None:
    clear_leftovers([folder / "out"])
    assert seen(folder / "out") in ([], ["aya.png", "aya.yaml"])
    if not (folder / "out/aya.yaml").is_file():
        _export(folder)


# ---------------------------------------------------------------- models


def _model(folder: Path) -> None:
    model = folder / "model"
    model.mkdir()
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(MODEL / name, model / name)
    rows, width = 2600, 4
    (model / "config.json").write_text(json.dumps({"model_type": "qwen3", "vocab_size": rows, "hidden_size": width}))
    size = rows * width * 4
    header = {"model.embed_tokens.weight": {"dtype": "F32", "shape": [rows, width], "data_offsets": [0, size]}}
    raw = json.dumps(header).encode()
    (model / "model.safetensors").write_bytes(struct.pack("<Q", len(raw)) + raw + b"\0" * size)


def _former_model(folder: Path) -> None:
    _model(folder)
    _add(folder, "former")


def _add(folder: Path, mode: str = "recursion", *, force: bool = False) -> None:
    add_tokens(folder / "model", folder / "out", TokensRequest((mode_token(mode, "слово"),)), force=force)


def _replace(folder: Path) -> None:
    _add(folder, force=True)


def _mode_of(folder: Path) -> str:
    manifest = json.loads((folder / "out/role_engine_tokens.json").read_text("utf-8"))
    assert (folder / "out/model.safetensors").stat().st_size == (folder / "model/model.safetensors").stat().st_size
    return str(manifest["tokens"][0]["name"])


def _out_whole(folder: Path) -> None:
    if (folder / "out").exists():
        assert _mode_of(folder) == "recursion"


def _added(folder: Path) -> bool:
    return (folder / "out").is_dir()


def _add_again(folder: Path) -> None:
    if not _added(folder):
        _add(folder)
    clear_leftovers([folder])


def _former_or_new(folder: Path) -> None:
    if (folder / "out").exists():
        assert _mode_of(folder) in ("former", "recursion")


def _opened_again(folder: Path) -> None:
    """Whoever looks for the model finds it, the former or the new one."""
    model_place(folder / "out")
    assert _mode_of(folder) in ("former", "recursion")
    _replace(folder)


def _replaced(folder: Path) -> bool:
    return (folder / "out").exists() and _mode_of(folder) == "recursion"


SCENARIOS = {
    "save role": Scenario(_poet, _save, _one_of_both, _save, _is_new),
    "new role": Scenario(lambda folder: None, _new_role, _whole_or_none, _new_again, _gardener),
    "settings": Scenario(
        _settings, _set, _settings_whole, _set, lambda folder: read_settings(folder / "settings.yaml")["mode"] == "off"
    ),
    "decoder cache": Scenario(lambda folder: None, _arrays, lambda folder: None, _arrays, lambda folder: True),
    "index": Scenario(_notes, _find, lambda folder: None, _find_again, lambda folder: True),
    "card import": Scenario(_card, _import, _role_means_all, _import_again, _imported),
    "role deleted": Scenario(
        _with_aya, _delete, _nothing_lost, _import_after_delete, lambda folder: not _imported(folder)
    ),
    "lorebook": Scenario(_book, _into, _poet_works, _into_again, _knows),
    "card export": Scenario(
        _with_aya, _export, _exported_whole, _export_again, lambda folder: (folder / "out/aya.yaml").is_file()
    ),
    "tokens add": Scenario(_model, _add, _out_whole, _add_again, _added),
    "tokens add --force": Scenario(_former_model, _replace, _former_or_new, _opened_again, _replaced),
}
