"""`role-engine bench decoder`."""

from __future__ import annotations

from pathlib import Path

import pytest

from role_engine.bench.decoder import DecoderResult, DecoderRow, measure, table
from role_engine.bench.disk_cache import StartRow, seconds
from role_engine.errors import InputError


def test_without_a_tokenizer_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="tokenizer"):
        measure(data=tmp_path)


def test_the_table_gives_ratios_and_names_what_is_not_installed() -> None:
    ours = DecoderRow("role_engine", setup_s=0.2, p50_us=20, p99_us=40, added_mb=3)
    peer = DecoderRow("xgrammar", setup_s=0.8, p50_us=600, p99_us=900, added_mb=13, same=9, compared=10)
    text = table(
        DecoderResult(151_646, 912, [ours, peer, DecoderRow("llguidance", note="llguidance is not installed")])
    )
    assert "ours / xgrammar: set-up 0.25, step 0.03" in text
    assert "9 of 10" in text
    assert "llguidance is not installed" in text


def test_the_table_says_what_the_disk_saves() -> None:
    text = table(DecoderResult(151_646, 912, starts=[StartRow("masks, strict", made_s=0.4, kept_s=0.1)]))
    assert "masks, strict" in text and "0.25 of that" in text


def test_a_start_is_timed_with_and_without_the_cache(tmp_path: Path) -> None:
    pytest.importorskip("tokenizers", reason="vocabularies are read with tokenizers")
    from tests.decoder.tokenizers_for_tests import like_llama

    file, cache = tmp_path / "tokenizer.json", tmp_path / "cache"
    file.write_text(like_llama().to_str(), encoding="utf-8")
    assert seconds(file, "") > 0 and not cache.exists()
    assert seconds(file, str(cache)) > 0 and {one.name.split("-")[0] for one in cache.iterdir()} >= {"vocabulary"}
