"""What a program that was killed left unfinished among a user's files and in the cache goes at the next start."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from role_engine.files import clear_leftovers
from role_engine.paths import DECODER_CACHE, KNOWLEDGE_CACHE, ROLES


def clear_at_start(home: Path, cache: Path) -> None:
    """Look at the folders that are written in; nothing is raised, for nothing depends on it."""
    indexes = cache / KNOWLEDGE_CACHE
    places = [home, home / ROLES, cache / DECODER_CACHE, indexes]
    with suppress(OSError):
        places += [place for place in indexes.iterdir() if place.is_dir()]
    clear_leftovers(places)
