from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium; a module that wants another one has a fixture of this name of its own."""
    with chromium() as found:
        yield found
