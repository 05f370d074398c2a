"""`inspect_model` on models as they are published: what it says of each, and that it loads nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from role_engine.errors import InputError, RoleEngineError
from role_engine.models import ModelReport, inspect_model
from tests.models.made_models import QWEN3, QWEN3_TOKENS, dense_config, write_directory, write_holes
from tests.models.published import (
    EXPECTED,
    gguf_base,
    gguf_instruct,
    mistral_instruct,
    qwen3_30b,
    qwen3_32b,
    qwen3_base,
)

CHECKOUT = Path(__file__).resolve().parents[2]


def told(report: ModelReport) -> tuple[Any, ...]:
    words, experts = report.vocabulary, report.experts
    return (
        *(report.kind, report.roles.verdict, report.thinking.verdict, report.roles.system),
        *(words.tokens, words.rows, words.spare, report.context.length, report.size.hidden, report.size.layers),
        *((experts.count, experts.per_token) if experts else None, report.tied_head),
    )


@pytest.fixture(scope="module")
def report_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Any], ModelReport]:
    """The report on a published model, which is made once."""

    @cache
    def made(make: Any) -> ModelReport:
        return inspect_model(make(tmp_path_factory.mktemp(make.__name__)))

    return made


@pytest.mark.slow
@pytest.mark.parametrize("make", EXPECTED, ids=lambda make: make.__name__)
def test_it_is_right_on_models_as_they_are_published(make: Any, report_of: Callable[[Any], ModelReport]) -> None:
    assert told(report_of(make)) == EXPECTED[make]


def test_shapes_are_grouped_by_name_and_shape(report_of: Callable[[Any], ModelReport]) -> None:
    report = report_of(qwen3_30b)
    targets = {target.module: (target.shape, target.count) for target in report.adapter_targets}
    assert targets["model.layers.*.self_attn.q_proj"] == ((4096, 2048), 48)
    assert targets["model.layers.*.self_attn.k_proj"] == ((512, 2048), 48)
    assert targets["model.layers.*.mlp.experts.*.down_proj"] == ((2048, 768), 48 * 128)
    assert targets["model.layers.*.mlp.gate"] == ((128, 2048), 48)
    assert not any("norm" in module or "embed" in module for module in targets)
    assert report.size.parameters is not None and round(report.size.parameters / 1e9, 1) == 30.5


def test_a_gguf_files_shapes_have_the_names_that_adapters_have(report_of: Callable[[Any], ModelReport]) -> None:
    targets = {t.module: (t.shape, t.count) for t in report_of(gguf_instruct).adapter_targets}
    assert targets["model.layers.*.self_attn.k_proj"] == ((1024, 4096), 36)
    assert targets["model.layers.*.mlp.down_proj"] == ((4096, 12288), 36)


def test_evidence_names_its_source_and_a_template_is_none(report_of: Callable[[Any], ModelReport]) -> None:
    found = {(item.source, item.about): item for item in report_of(qwen3_base).evidence}
    assert found["generation_config.json", "eos"].found == "<|endoftext|>"
    assert found["directory", "name"].points_to == "base"
    assert (
        found["tokenizer_config.json", "template"].points_to,
        found["tokenizer_config.json", "template"].weight,
    ) == (
        "unsure",
        0,
    )


def test_contradicting_evidence_makes_it_unsure(tmp_path: Path) -> None:
    """A base model in a folder that calls it instruct."""
    path = write_directory(
        tmp_path / "Qwen-Instruct",
        dense_config(),
        tokens=QWEN3_TOKENS,
        generation={"eos_token_id": 151643},
        template=QWEN3,
    )
    assert inspect_model(path).kind == "unsure"


def test_the_name_of_a_snapshot_in_the_cache_is_the_repositorys(tmp_path: Path) -> None:
    folder = tmp_path / "models--mistralai--Mistral-7B-Instruct-v0.3" / "snapshots"
    folder.mkdir(parents=True)
    path = mistral_instruct(tmp_path).rename(folder / ("0" * 40))
    report = inspect_model(path)
    assert (report.name, report.kind) == ("mistralai/Mistral-7B-Instruct-v0.3", "instruct")


def test_special_tokens_and_names_of_tokens(report_of: Callable[[Any], ModelReport]) -> None:
    report = report_of(qwen3_base)
    assert report.roles.tokens == ("<|im_start|>", "<|im_end|>")
    assert report.thinking.tokens == ("<think>", "</think>")
    assert (report.vocabulary.eos, report.vocabulary.pad, report.vocabulary.bos) == (
        "<|endoftext|>",
        "<|endoftext|>",
        None,
    )
    assert [token.id for token in report.vocabulary.special] == list(QWEN3_TOKENS)
    assert report.vocabulary.ends == ("<|endoftext|>",)


def test_scaled_positions_in_both_forms(tmp_path: Path) -> None:
    yarn = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}
    old = write_directory(tmp_path / "old", dense_config(num_hidden_layers=1, rope_scaling=yarn))
    new = write_directory(
        tmp_path / "new", dense_config(num_hidden_layers=1, rope_parameters={**yarn, "rope_theta": 1e6})
    )
    for path in (old, new):
        context = inspect_model(path).context
        assert (context.length, context.rope.scaling, context.rope.factor) == (131072, "yarn", 4.0)
        assert context.rope.theta == 1e6


def test_a_model_without_weights_or_tokenizer_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "qwen3", "vocab_size": 151936}', "utf-8")
    report = inspect_model(tmp_path)
    assert (report.vocabulary.rows, report.vocabulary.spare, report.adapter_targets) == (151936, None, ())
    assert len(report.notes) == 2


def test_an_interrupted_download_is_noted(tmp_path: Path) -> None:
    path = qwen3_32b(tmp_path)
    with (path / "model-00001-of-00002.safetensors").open("r+b") as stream:
        stream.truncate(10_000_000)
    (path / "model-00002-of-00002.safetensors").unlink()
    notes = " ".join(inspect_model(path).notes)
    assert "model-00001-of-00002.safetensors" in notes and "missing: model-00002-of-00002.safetensors" in notes


def test_it_loads_neither_torch_nor_numpy() -> None:
    code = (
        "import sys; from role_engine.models import inspect_model;"
        "inspect_model('extensions/role_engine/embedded/model');"
        "print(*({'torch', 'transformers', 'numpy', 'gguf', 'safetensors', 'tokenizers'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": str(CHECKOUT / "extensions")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
        env=environment,
        timeout=60,
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize("name", ["nothing", "empty", "note.txt"])
def test_what_is_no_model_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "note.txt").write_text("text", "utf-8")
    with pytest.raises(InputError, match=name):
        inspect_model(tmp_path / name)


def test_of_several_gguf_files_one_must_be_named(tmp_path: Path) -> None:
    gguf_base(tmp_path)
    assert inspect_model(tmp_path).format == "gguf"
    gguf_instruct(tmp_path)
    with pytest.raises(InputError, match=r"Name one: q\.gguf, q4\.gguf"):
        inspect_model(tmp_path)


def test_an_index_names_no_file_elsewhere(tmp_path: Path) -> None:
    write_holes(tmp_path / "x.safetensors", {})
    (tmp_path / "model").mkdir()
    (tmp_path / "model/config.json").write_text("{}", "utf-8")
    (tmp_path / "model/model.safetensors.index.json").write_text('{"weight_map": {"a": "../x.safetensors"}}', "utf-8")
    with pytest.raises(InputError, match="no file of this directory"):
        inspect_model(tmp_path / "model")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        *("model_type", "eos_token_id", "vocab_size", "rope_scaling", "rope_parameters", "text_config", "num_experts"),
        *("hidden_size", "num_attention_heads", "sliding_window", "quantization_config", "tie_word_embeddings"),
        *("added_tokens", "model", "added_tokens_decoder", "chat_template", "pad_token", "eos_token", "temperature"),
        *("max_position_embeddings", "weight_map", "tokens", "edits", "format", "rows_before", "rows_after"),
    ]
)
FILES = (
    *("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"),
    *("model.safetensors.index.json", "role_engine_tokens.json", "vocab.json", "chat_template.json"),
)


@settings(max_examples=40)
@given(files=st.dictionaries(st.sampled_from(FILES), st.dictionaries(KEYS, JSON, max_size=6), max_size=5))
def test_whatever_the_files_hold_there_is_a_report_or_a_clear_error(
    files: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("m")
    for name, value in ({"config.json": {}} | files).items():
        (path / name).write_text(json.dumps(value), "utf-8")
    try:
        report = inspect_model(path)
    except RoleEngineError as error:
        assert str(error)
    else:
        json.loads(json.dumps(report.model_dump(mode="json"), allow_nan=False))
