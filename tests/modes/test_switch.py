"""The token of a mode in the user's message."""

from __future__ import annotations

import pytest

from role_engine.modes.switch import find_mode_token

from .chats import MODES


@pytest.mark.parametrize(
    ("text", "mode", "left"),
    [
        ("<|recursion|> Что?", "recursion", "Что?"),
        ("Что?<|think|>", "think", "Что?"),
        ("Что <|conflict|> там?", "conflict", "Что там?"),
        ("<|conflict|><|think|> Что?", "conflict", "Что?"),
        ("Что?", None, "Что?"),
        (" Что? ", None, " Что? "),
        ("<|other|> Что?", None, "<|other|> Что?"),
        ("<|think |> <| think|>", None, "<|think |> <| think|>"),
        ("<|think|>", "think", ""),
    ],
)
def test_it_is_found_and_taken_out(text: str, mode: str | None, left: str) -> None:
    assert find_mode_token(text, MODES.all()) == (mode, left)
