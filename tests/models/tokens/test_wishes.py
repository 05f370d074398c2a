"""What can be wished for: names, descriptions, protocols, contexts; and what each is refused for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.errors import InputError, ModelError
from role_engine.models.tokens import TurnMarkers, mode_token, pad_token, read_protocol, role_token, tool_tokens
from role_engine.models.tokens.context import context_change
from role_engine.models.tokens.rows import decode_row, encode_row, mean
from role_engine.prompts.neutral import neutralise
from tests.models.made_models import dense_config, qwen3_config

YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}


def test_forms() -> None:
    assert mode_token("recursion").text == "<|recursion|>"
    assert role_token("logician", "логик").text == "<|role:logician|>"
    assert [token.text for token in tool_tokens()] == ["<tool_start>", "</tool_end>"]
    assert not any(token.special for token in (mode_token("think"), role_token("a", "б"), *tool_tokens()))
    assert pad_token().special


@pytest.mark.parametrize("name", ["", "а", "A", "a b", "a|>", "x" * 65, "user", "im_start"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(ModelError):
        mode_token(name, "описание")


def test_a_mode_of_ones_own_needs_a_description() -> None:
    with pytest.raises(ModelError, match="--describe dream="):
        mode_token("dream")
    assert mode_token("dream", " сон  наяву ").description == "сон наяву"


def test_no_text_from_outside_can_hold_such_a_token() -> None:
    for token in (mode_token("think"), role_token("logician", "логик"), *tool_tokens(), pad_token()):
        assert token.text not in neutralise(f"а {token.text} б")


@pytest.mark.parametrize("config", [qwen3_config(), dense_config(max_position_embeddings=32768)])
def test_yarn_as_the_model_cards_of_qwen3_have_it(config: dict[str, Any]) -> None:
    assert context_change(config, 131072).values == {"rope_scaling": YARN, "max_position_embeddings": 131072}
    assert context_change(config, 65536).values["rope_scaling"]["factor"] == 2.0


def test_qwen25_says_type() -> None:
    scaling = context_change(dense_config() | {"model_type": "qwen2"}, 131072).values["rope_scaling"]
    assert scaling == {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}


def test_what_the_model_has_anyway_needs_no_scaling() -> None:
    assert context_change(dense_config() | {"model_type": "llama"}, 40960).values == {}


@pytest.mark.parametrize(
    ("changes", "tokens", "said"),
    [
        ({"model_type": "llama"}, 65536, "not known"),
        ({}, 262144, "up to 131072"),
        ({"max_position_embeddings": 262144}, 300000, "for models of 32768 positions only"),
        ({"rope_scaling": {"rope_type": "linear", "factor": 2.0}}, 65536, "stretched already"),
    ],
)
def test_contexts_that_nobody_documents_are_refused(changes: dict[str, Any], tokens: int, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        context_change(dense_config() | changes, tokens)


def test_a_protocol_is_read(tmp_path: Path) -> None:
    path = tmp_path / "protocol.yaml"
    path.write_text('start: "<|turn|>"\nend: "<|/turn|>"\n', "utf-8")
    assert read_protocol(path) == TurnMarkers(start="<|turn|>", end="<|/turn|>")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "[]",
            "start: a",
            "start: '<|t|>'\nend: '<|t|>'",
            "start: '<a>'\nend: '<a>b'",
            "start: слово\nend: '<b>'",
        ),
        *("start: \"<'>\"\nend: '<b>'", "start: '{{x}}'\nend: '<b>'", "start: '<|im_end|>'\nend: '<b>'"),
        *("start: '<a>'\nend: '<b>'\nmiddle: '<c>'", "a: [", "&a [*a]", "start: !!python/name:os.system\nend: '<b>'"),
    ],
)
def test_a_file_that_is_no_protocol_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "protocol.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"protocol\.yaml"):
        read_protocol(path)


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=9), st.sampled_from(["F32", "F16", "BF16"]))
def test_numbers_are_rounded_as_torch_rounds_them(row: list[float], dtype: str) -> None:
    torch = pytest.importorskip("torch", reason="torch's rounding is the measure")
    kind = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}[dtype]
    expected = torch.tensor(row, dtype=torch.float32).to(kind)
    raw = encode_row(row, dtype)
    assert raw == expected.view(torch.uint8).numpy().tobytes()
    assert decode_row(raw, dtype) == expected.tolist()
    assert decode_row(mean([raw, raw, raw], dtype), dtype) == expected.tolist()
