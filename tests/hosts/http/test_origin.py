"""A page's origin against the host that it asks."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from role_engine.hosts.http.origin import is_foreign


@pytest.mark.parametrize(
    ("origin", "host", "foreign"),
    [
        (None, "127.0.0.1:5000", False),
        ("http://127.0.0.1:5000", "127.0.0.1:5000", False),
        ("http://LOCALHOST:7860", "localhost:5000", False),
        ("https://[::1]:7860", "[::1]:5000", False),
        ("http://localhost:7860", "127.0.0.1:5000", True),
        ("http://evil.example", "127.0.0.1:5000", True),
        ("null", "127.0.0.1:5000", True),
        ("null", None, True),
        ("http://[", "127.0.0.1:5000", True),
        ("http://evil.example", None, True),
    ],
)
def test_is_foreign(origin: str | None, host: str | None, foreign: bool) -> None:
    headers = {"origin": origin, "host": host}
    assert is_foreign(Headers({name: value for name, value in headers.items() if value is not None})) is foreign
