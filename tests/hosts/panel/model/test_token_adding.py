"""Tokens added from the page: a new folder beside the model, whole or not at all."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from role_engine import RoleLibrary
from role_engine.app.jobs import JobRunner
from role_engine.embedded import MODEL
from role_engine.errors import ModelError, UnknownRole
from role_engine.hosts.panel.model.token_adding import TokenForm, TokenFormError, begin_adding, default_name
from role_engine.models.tokens import list_tokens
from role_engine.modes.library import ModeLibrary

pytest.importorskip("tokenizers", reason="descriptions are read by the model's tokenizer")
SECONDS = 60.0


class Host(SimpleNamespace):
    """A host with a copy of the embedded model."""

    def __init__(self, folder: Path) -> None:
        model = Path(shutil.copytree(MODEL, folder / "models" / "tiny"))
        (model / "manifest.json").unlink()
        roles = folder / "roles"
        roles.mkdir()
        (roles / "poet.yaml").write_text("name: Поэт\ndescription: Пишет стихи.\nsystem: Ты — поэт.\n", "utf-8")
        super().__init__(
            library=RoleLibrary([roles]), modes=ModeLibrary(), works=JobRunner(), at=model, why="", go=threading.Event()
        )

    def model(self) -> Path:
        return self.at

    def why_fixed(self) -> str:
        return self.why

    def loads_models(self) -> bool:
        return True


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Any]:
    made = Host(tmp_path)
    yield made
    made.go.set()
    made.works.close()


def beside(host: Any) -> list[str]:
    return sorted(path.name for path in host.at.parent.iterdir())


def refused(host: Any, **wish: Any) -> str:
    with pytest.raises(TokenFormError) as found:
        begin_adding(host, TokenForm(**{"modes": ["think"], "name": "new", **wish}))
    assert beside(host) == ["tiny"]
    return found.value.told.text("ru")


def test_modes_roles_and_other_tokens_go_into_a_new_folder(host: Any) -> None:
    before = {path.name: path.read_bytes() for path in host.at.iterdir()}
    work = begin_adding(host, TokenForm(["recursion"], ["poet"], tool=True, pad=True, name=" tiny-plus ", copy=True))
    assert work.wait(SECONDS) and work.state == "done", work.error
    added = list_tokens(host.at.parent / "tiny-plus")
    assert added is not None and [token.token for token in added.tokens] == [
        *("<|recursion|>", "<|role:poet|>", "<tool_start>", "</tool_end>", "<|pad|>")
    ]
    assert added.tokens[1].description == "Поэт. Пишет стихи."
    said = work.told.text("ru")
    assert "папка «tiny-plus» рядом с моделью" in said and "<|role:poet|> (2561)" in said and "вкладке Model" in said
    assert {path.name: path.read_bytes() for path in host.at.iterdir()} == before
    assert beside(host) == ["tiny", "tiny-plus"]


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../out", "a/b", "a\\b", "/tmp/x", "C:x", ".hidden", "-x", "con", "точка.", "a\nb", "x" * 101],
)
def test_a_name_that_is_no_name_is_refused(host: Any, name: str) -> None:
    assert "не имя папки" in refused(host, name=name)


def test_nothing_is_overwritten_and_nothing_is_added_for_nothing(host: Any) -> None:
    assert "уже есть" in refused(host, name="tiny")
    assert "Нечего добавлять" in refused(host, modes=[])
    host.why = "fixed admin"
    assert "ключ администратора" in refused(host)
    host.why, host.model = "", lambda: "http://elsewhere"
    assert "не загружена" in refused(host)


def test_a_role_that_is_not_there_is_refused(host: Any) -> None:
    with pytest.raises(UnknownRole):
        begin_adding(host, TokenForm(roles=["../x"], name="new"))
    with pytest.raises(ModelError, match="cannot be a mode"):
        begin_adding(host, TokenForm(modes=["../x"], name="new"))


def test_a_name_by_default_is_free(host: Any) -> None:
    assert default_name(host.at) == "tiny-tokens"
    (host.at.parent / "tiny-tokens").mkdir()
    assert default_name(host.at) == "tiny-tokens-2"
    assert default_name(Path("/models/Qwen3-8B.Q4.gguf")) == "Qwen3-8B.Q4-tokens"


def test_cancelled_in_the_middle_nothing_is_left(host: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("role_engine.models.tokens.shards.PIECE", 10_000)
    work = begin_adding_held(host, monkeypatch)
    assert len(beside(host)) == 2, "it is being written"
    assert " из 2,6 МБ" in work.told.text("ru") and work.told.share is not None and 0 < work.told.share < 1
    with pytest.raises(TokenFormError) as found:
        begin_adding(host, TokenForm(["think"], name="another"))
    assert "уже пишется" in found.value.told.text("ru")
    work.cancel()
    host.go.set()
    assert work.wait(SECONDS) and work.state == "cancelled"
    assert beside(host) == ["tiny"]


def test_a_folder_that_appears_meanwhile_is_not_replaced(host: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("role_engine.models.tokens.shards.PIECE", 10_000)
    work = begin_adding_held(host, monkeypatch)
    (host.at.parent / "new").mkdir()
    (host.at.parent / "new" / "mine.txt").write_text("mine")
    host.go.set()
    assert work.wait(SECONDS) and work.state == "failed" and work.error.startswith("new: Is there already.")
    assert beside(host) == ["new", "tiny"] and (host.at.parent / "new" / "mine.txt").read_text() == "mine"


def test_a_full_disk_is_told_before_anything_is_written(host: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    work = begin_adding(host, TokenForm(["think"], name="new"))
    assert work.wait(SECONDS) and work.state == "failed"
    assert "GB are needed" in work.error and str(host.at.parent) not in work.error
    assert beside(host) == ["tiny"]


def begin_adding_held(host: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Begin, and stop in the midst of the writing until `host.go`."""
    import role_engine.models.tokens as tokens

    original, held = tokens.add_tokens, threading.Event()

    def add_tokens(*arguments: Any, progress: Any, **how: Any) -> Any:
        def told(done: int, total: int) -> None:
            progress(done, total)
            if done > total / 3 and not held.is_set():
                held.set()
                assert host.go.wait(SECONDS)

        return original(*arguments, progress=told, **how)

    monkeypatch.setattr(tokens, "add_tokens", add_tokens)
    work = begin_adding(host, TokenForm(["think"], name="new"))
    assert held.wait(SECONDS)
    return work
