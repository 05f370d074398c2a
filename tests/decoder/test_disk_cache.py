"""Masks and bans from the disk: the same as made anew, and made anew where anything that they depend on has changed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.backends.static_bias import BiasSupply
from role_engine.backends.token_mask import MaskSupply
from role_engine.decoder import disk_cache, masks, static_ban
from role_engine.decoder import vocabulary as vocabularies
from role_engine.decoder.disk_cache import DiskCache
from role_engine.language import LanguagePolicy
from tests.decoder.conftest import tokenizer_called
from tests.models.made_models import write_gguf

np = pytest.importorskip("numpy", reason="masks are made with numpy")
STRICT, BALANCED = LanguagePolicy(mode="strict"), LanguagePolicy(mode="balanced")
ARRAYS = {"some": np.arange(2000, dtype=np.int32), "none": np.zeros(0, np.int64), "flags": np.array([True, False])}


def forbidden(*_: object, **__: object) -> Any:
    raise AssertionError("it was made again")


def same(found: Mapping[str, Any], wanted: Mapping[str, Any] = ARRAYS) -> bool:
    return found.keys() == wanted.keys() and all(
        found[name].dtype == wanted[name].dtype and np.array_equal(found[name], wanted[name]) for name in wanted
    )


def counted() -> tuple[Callable[[], Any], list[int]]:
    made: list[int] = []

    def make() -> Any:
        made.append(1)
        return ARRAYS

    return make, made


# --- the cache ------------------------------------------------------------------------------------------------------


def test_what_was_made_once_is_read(tmp_path: Path) -> None:
    assert same(DiskCache(tmp_path / "new").arrays("x", ["a", b"b"], lambda: ARRAYS))
    assert same(DiskCache(tmp_path / "new").arrays("x", ["a", b"b"], forbidden))
    assert [file.suffix for file in (tmp_path / "new").iterdir()] == [".kept"]


@pytest.mark.parametrize("made_of", [["ab"], ["a"], ["a", "b", ""], ["", "ab"], ["b", "a"]])
def test_what_is_made_of_something_else_is_made(tmp_path: Path, made_of: list[str]) -> None:
    cache, (make, made) = DiskCache(tmp_path), counted()
    cache.arrays("x", ["a", "b"], make)
    cache.arrays("x", made_of, make)
    cache.arrays("y", ["a", "b"], make)
    assert len(made) == 3


def test_other_rules_make_everything_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, (make, made) = DiskCache(tmp_path), counted()
    cache.arrays("x", [], make)
    monkeypatch.setattr(disk_cache, "_rules", lambda: b"others")
    cache.arrays("x", [], make)
    assert len(made) == 2


@given(st.data())
def test_a_damaged_file_is_never_believed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    cache = DiskCache(tmp_path_factory.mktemp("damaged"))
    cache.arrays("x", [], lambda: ARRAYS)
    (file,) = cache.folder.iterdir()
    whole = file.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = data.draw(
        st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :], whole + b"x"])
    )
    file.write_bytes(broken)
    make, made = counted()
    assert same(cache.arrays("x", [], make)) and len(made) == 1
    assert file.read_bytes() == whole, "it was not mended"


def test_a_folder_that_cannot_be_written_to_costs_only_the_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache, (make, made) = DiskCache(tmp_path / "file"), counted()
    assert same(cache.arrays("x", [], make)) and same(cache.arrays("x", [], make))
    assert len(made) == 2 and (tmp_path / "file").read_text() == "in the way"


def test_the_longest_unread_go_and_nothing_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_cache, "KEPT_FILES", 3)
    cache, stranger = DiskCache(tmp_path), tmp_path / "notes.txt"
    stranger.write_text("mine")
    for number in range(3):
        cache.arrays(f"{number}", [], lambda: ARRAYS)
    for age, file in enumerate(sorted(tmp_path.glob("*.kept"))):
        os.utime(file, (1000 + age, 1000 + age))
    cache.arrays("0", [], forbidden)  # read: it is the youngest now
    cache.arrays("3", [], lambda: ARRAYS)
    assert sorted(file.name[0] for file in tmp_path.glob("*.kept")) == ["0", "2", "3"]
    assert stranger.read_text() == "mine"


def test_a_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr(disk_cache.os, "replace", refuses)
    assert same(DiskCache(tmp_path).arrays("x", [], lambda: ARRAYS))
    assert list(tmp_path.iterdir()) == []


def test_many_at_once(tmp_path: Path) -> None:
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda: found.append(DiskCache(tmp_path).arrays("x", [], lambda: ARRAYS)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and all(map(same, found))
    assert [file.suffix for file in tmp_path.iterdir()] == [".kept"]


# --- masks ----------------------------------------------------------------------------------------------------------


def all_masks(supply: MaskSupply) -> list[list[int]]:
    found = []
    for policy in (STRICT, BALANCED, LanguagePolicy(mode="strict", allow=("Docker",))):
        kept = supply.of(policy)
        assert kept is not None
        for text in ("", "Слово", "Слово, ", "<think>", "Dock"):
            found.append(kept.masks.list_allowed_ids(kept.state_behind(text)).tolist())
    return found


@pytest.mark.parametrize("name", ["llama", "sentencepiece"])
def test_masks_from_the_disk_are_the_same(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer, cache = tokenizer_called(name), DiskCache(tmp_path)
    wanted = all_masks(MaskSupply(tokenizer, (3,)))
    assert all_masks(MaskSupply(tokenizer, (3,), cache=cache)) == wanted
    monkeypatch.setattr(vocabularies, "_read", forbidden)
    monkeypatch.setattr(masks, "build", _only_within_characters(masks.build))
    assert all_masks(MaskSupply(tokenizer, (3,), cache=cache)) == wanted


def _only_within_characters(build: Any) -> Any:
    return lambda *given: build(*given) if given[2] else forbidden()


def test_a_token_more_makes_other_masks(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer, cache = Tokenizer.from_str(tokenizer_called("llama").to_str()), DiskCache(tmp_path)
    kept = MaskSupply(tokenizer, cache=cache).of(STRICT)
    tokenizer.add_tokens(["привет-привет", "privet-privet"])
    after = MaskSupply(tokenizer, cache=cache).of(STRICT)
    assert kept is not None and after is not None
    assert len(after.masks.vocabulary) == len(kept.masks.vocabulary) + 2
    clean, foreign = (tokenizer.token_to_id(word) for word in ("привет-привет", "privet-privet"))
    allowed = set(after.masks.list_allowed_ids(after.masks.start).tolist())
    assert clean in allowed and foreign not in allowed


# --- static bans ----------------------------------------------------------------------------------------------------

TOKENS = ["и", " the", "文", "<|end|>"]


def gguf(path: Path, tokens: list[str]) -> Path:
    alphabet = vocabularies.byte_alphabet()
    written = ["".join(alphabet[byte] for byte in token.encode()) for token in tokens]
    fields = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.tokens": written,
        "tokenizer.ggml.token_type": [1] * (len(tokens) - 1) + [3],
    }
    return write_gguf(path, fields, {"token_embd.weight": (4, 3)})


def test_a_ban_from_the_disk_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, cache = gguf(tmp_path / "x.gguf", TOKENS), DiskCache(tmp_path / "cache")
    wanted = [BiasSupply.of_gguf(lambda: file).of(policy) for policy in (STRICT, BALANCED)]
    assert wanted[0] is not None and wanted[0].forbidden == (1, 2)
    assert [BiasSupply.of_gguf(lambda: file, cache).of(policy) for policy in (STRICT, BALANCED)] == wanted
    monkeypatch.setattr(static_ban, "ever_clean", forbidden)
    assert [BiasSupply.of_gguf(lambda: file, cache).of(policy) for policy in (STRICT, BALANCED)] == wanted


def test_another_model_under_the_same_name_gets_a_ban_of_its_own(tmp_path: Path) -> None:
    cache, file = DiskCache(tmp_path / "cache"), tmp_path / "x.gguf"
    for tokens, banned in ((TOKENS, (1, 2)), (["文", " the", "и", "<|end|>"], (0, 1))):
        gguf(file, tokens)
        found = BiasSupply.of_gguf(lambda: file, cache).of(STRICT)
        assert found is not None and found.forbidden == banned


def test_a_ban_by_the_file_of_the_tokenizer(tmp_path: Path) -> None:
    cache, file = DiskCache(tmp_path / "cache"), tmp_path / "tokenizer.json"
    for name in ("llama", "sentencepiece", "llama"):
        file.write_text(tokenizer_called(name).to_str(), encoding="utf-8")
        assert BiasSupply.of_tokenizer_file(file, cache).of(STRICT) == BiasSupply.of_tokenizer_file(file).of(STRICT)
