"""How many tokens a text is to the model that is loaded in the webui."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from role_engine.app.engines import CHARACTERS_PER_TOKEN


def token_counter(shared: Any) -> Callable[[str], int]:
    """Counts by the model's tokenizer, or roughly where there is none."""
    from modules import text_generation

    if shared.tokenizer is None:
        return lambda text: round(len(text) / CHARACTERS_PER_TOKEN)
    return lambda text: len(text_generation.encode(text)[0])
