"""`remove_tokens` on Hugging Face directories: all is as it was, or it is said why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from role_engine.errors import InputError, ModelError
from role_engine.models import inspect_model
from role_engine.models.tokens import MANIFEST, TokensRequest, add_tokens, list_tokens, pad_token, remove_tokens
from tests.models.tokens.conftest import MarkedModel
from tests.models.tokens.looking import EVERYTHING, MODES, OWN, files, loaded, read


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
def test_all_removed_every_file_is_as_it_was(make_model: MarkedModel, tmp_path: Path, tied: bool) -> None:
    source = make_model(tied=tied)
    wanted = TokensRequest(tokens=EVERYTHING.tokens, protocol=OWN, context=131072)
    add_tokens(source, tmp_path / "out", wanted)
    result = remove_tokens(tmp_path / "out", tmp_path / "back")
    assert (result.manifest, result.notes) == (None, ())
    assert files(tmp_path / "back") == files(source)


def test_removing_some(make_model: MarkedModel, tmp_path: Path) -> None:
    source, out = make_model(), tmp_path / "out"
    add_tokens(source, out, TokensRequest(tokens=(*MODES, pad_token())))
    with pytest.raises(ModelError, match=r"would get other ids: <\|pad\|>"):
        remove_tokens(out, tmp_path / "less", ["conflict"])
    with pytest.raises(ModelError, match="Did you mean"):
        remove_tokens(out, tmp_path / "less", ["<|conflic|>"])
    remove_tokens(out, tmp_path / "less", ["conflict", "<|pad|>"])
    assert [token.token for token in list_tokens(tmp_path / "less").tokens] == ["<|recursion|>", "<|think|>"]
    assert read(tmp_path / "less", "generation_config.json")["suppress_tokens"] == [2560, 2561]
    assert read(tmp_path / "less", "config.json").get("pad_token_id") == read(source, "config.json").get("pad_token_id")
    with pytest.raises(ModelError, match="No token was added"):
        remove_tokens(source, tmp_path / "none")


def test_a_grown_embedding_is_not_shrunk(make_model: MarkedModel, tmp_path: Path) -> None:
    add_tokens(make_model(spare=0), tmp_path / "out", TokensRequest(tokens=MODES))
    result = remove_tokens(tmp_path / "out", tmp_path / "back")
    assert any("never shrunk" in line for line in result.notes)
    report = inspect_model(tmp_path / "back")
    assert (report.vocabulary.rows, report.vocabulary.spare) == (2624, 64)
    loaded(tmp_path / "back")


def test_a_damaged_manifest_is_refused(make_model: MarkedModel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    add_tokens(make_model(), out, TokensRequest(tokens=MODES))
    manifest = read(out, MANIFEST)
    manifest["tokens"][0]["former"] = {"model.embed_tokens.weight": "AAAA"}
    (out / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="damaged"):
        remove_tokens(out, tmp_path / "back")
    (out / MANIFEST).write_text('{"tokens": 1}', "utf-8")
    with pytest.raises(InputError, match=MANIFEST):
        list_tokens(out)


def test_tokens_that_others_added_since_are_not_moved(make_model: MarkedModel, tmp_path: Path) -> None:
    out = tmp_path / "out"
    add_tokens(make_model(), out, TokensRequest(tokens=MODES))
    whole = read(out, "tokenizer.json")
    whole["added_tokens"].append(whole["added_tokens"][-1] | {"id": 2563, "content": "<new>"})
    (out / "tokenizer.json").write_text(json.dumps(whole), "utf-8")
    with pytest.raises(ModelError, match="<new>"):
        remove_tokens(out, tmp_path / "back")
