"""Tokens that were added to a GGUF file and that nobody has trained: the file itself cannot forbid them.

A Hugging Face directory does (`suppress_tokens` of its generation_config), so the Transformers loader needs no help.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from role_engine.backends.base import TokenBan
from role_engine.errors import InputError
from role_engine.models.token_manifest import read_manifest


def read_untrained_bans(model_path: Any) -> tuple[TokenBan, ...]:
    """Bans by the list beside the file; none where there is none, or where it cannot be read, which is logged."""
    if not model_path or not Path(model_path).is_file():
        return ()
    try:
        manifest = read_manifest(Path(model_path))
    except InputError as error:
        from modules.logging_colors import logger

        logger.warning(f"role_engine: {error} Tokens that are not trained may be generated.")
        return ()
    return tuple(TokenBan(token, first_only=False) for token in manifest.list_banned_ids()) if manifest else ()
