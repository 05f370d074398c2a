"""The shipped tokenizer: nothing is lost, control tokens are whole, boundaries of words are boundaries of tokens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from role_engine.embedded import MODEL
from tools.embedded_model.corpus import TrainingConversation, TrainingTurn
from tools.embedded_model.tokenizer import CONTROL_TOKENS, NO_LABEL, VOCABULARY, encode_all

tokenizers = pytest.importorskip("tokenizers", reason="needs the tokenizer extra")


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return tokenizers.Tokenizer.from_file(str(MODEL / "tokenizer.json"))


def test_its_size_is_the_embeddings(tokenizer: Any) -> None:
    assert tokenizer.get_vocab_size() == VOCABULARY


def test_control_tokens_are_single_tokens(tokenizer: Any) -> None:
    assert [tokenizer.encode(token).ids for token in CONTROL_TOKENS] == [[0], [1], [2]]


@pytest.mark.slow
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_survives(text: str) -> None:
    import unicodedata

    tokenizer = tokenizers.Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    text = unicodedata.normalize("NFC", text)
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_russian_costs_about_a_token_a_word(tokenizer: Any) -> None:
    text = "Дружба растёт из общих дел, а не из обещаний. Поэтому люди берегут дружбу, даже когда молчат об этом."
    assert len(tokenizer.encode(text).ids) < 2 * len(text.split())


def test_a_text_cut_behind_a_word_keeps_its_tokens(tokenizer: Any) -> None:
    text = "Сон — это время, когда тело чинит себя"
    whole = tokenizer.encode(text).ids
    for place in [place for place, letter in enumerate(text) if letter == " "]:
        head, tail = tokenizer.encode(text[:place]).ids, tokenizer.encode(text[place:]).ids
        assert head + tail == whole


def test_only_replies_and_their_ends_are_learned(tokenizer: Any) -> None:
    conversation = TrainingConversation(
        "",
        "Правило.",
        (TrainingTurn("Пример?", "Образец.", learned=False), TrainingTurn("Что такое сон?", "Сон — это покой.")),
    )
    [tokens] = encode_all(tokenizer, [conversation], context=4_096)
    assert len(tokens.ids) == len(tokens.labels)
    learned = [label for label in tokens.labels if label != NO_LABEL]
    assert tokenizer.decode(learned, skip_special_tokens=False) == "Сон — это покой.<|im_end|>"
    assert tokenizer.decode(list(tokens.ids), skip_special_tokens=False).startswith(
        "<|im_start|>system\nПравило.<|im_end|>\n<|im_start|>user\nПример?<|im_end|>\n<|im_start|>assistant\nОбразец."
    )
