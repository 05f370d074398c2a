"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of a test is kept in the user's own cache, nor read from it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROLE_ENGINE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
