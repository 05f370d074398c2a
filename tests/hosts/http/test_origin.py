"""A page's origin against the host that it asks."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from role_engine.hosts.http.origin import (
    Authority,
    RequestOrigin,
    asker_of,
    comes_from_here,
    is_foreign,
    parse_authority,
)

HERE = "127.0.0.1:7861"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("localhost", Authority("localhost")),
        ("LocalHost:80", Authority("localhost", 80)),
        ("127.0.0.1:7861", Authority("127.0.0.1", 7861)),
        ("[::1]:7861", Authority("::1", 7861)),
        ("[0:0:0:0:0:0:0:1]", Authority("::1")),
        ("roles.example", Authority("roles.example")),
        *((text, None) for text in ("", ":80", "::1", "[::1", "[::1]evil", "[::1].evil.example", "[evil]", "a:b")),
        *((text, None) for text in ("a:80:90", "a:0", "a:65536", "a:", "a b", "a/b", "u@a", "127.1", "1", "a:８０")),
    ],
)
def test_a_host_header(text: str, means: Authority | None) -> None:
    assert parse_authority(text) == means


@pytest.mark.parametrize(
    ("origin", "site", "method", "asker"),
    [
        (None, None, "POST", RequestOrigin.UNKNOWN),
        (f"http://{HERE}", None, "POST", RequestOrigin.OWN),
        (f"http://{HERE}", "same-origin", "POST", RequestOrigin.OWN),
        (None, "same-origin", "GET", RequestOrigin.OWN),
        (None, "none", "GET", RequestOrigin.USER),
        (None, "none", "POST", RequestOrigin.FOREIGN),
        (None, "same-site", "GET", RequestOrigin.FOREIGN),
        (None, "cross-site", "GET", RequestOrigin.FOREIGN),
        (None, "anything", "GET", RequestOrigin.FOREIGN),
        ("http://127.0.0.1:7862", None, "GET", RequestOrigin.FOREIGN),
        ("http://localhost:7861", None, "GET", RequestOrigin.FOREIGN),
        ("https://127.0.0.1", None, "GET", RequestOrigin.FOREIGN),
        ("null", None, "GET", RequestOrigin.FOREIGN),
        ("null", "same-origin", "GET", RequestOrigin.FOREIGN),
        (f"http://{HERE}.evil.example", None, "GET", RequestOrigin.FOREIGN),
        (f"http://{HERE}@evil.example", None, "GET", RequestOrigin.FOREIGN),
        (f"chrome-extension://{HERE}", None, "GET", RequestOrigin.FOREIGN),
        (f"http://{HERE}", "cross-site", "GET", RequestOrigin.FOREIGN),
    ],
)
def test_who_asks(origin: str | None, site: str | None, method: str, asker: RequestOrigin) -> None:
    headers = {"host": HERE, "origin": origin, "sec-fetch-site": site}
    assert asker_of(method, Headers({key: value for key, value in headers.items() if value is not None})) is asker


def test_a_port_that_goes_without_saying() -> None:
    def asked(**headers: str) -> RequestOrigin:
        return asker_of("POST", Headers({name.replace("_", "-"): value for name, value in headers.items()}))

    assert asked(host="roles.example:443", origin="https://roles.example") is RequestOrigin.OWN
    assert asked(host="roles.example", origin="https://roles.example") is RequestOrigin.OWN
    assert asked(host="roles.example:80", origin="https://roles.example") is RequestOrigin.FOREIGN
    assert asked(host=HERE, x_forwarded_host="roles.example", origin="https://roles.example") is RequestOrigin.OWN


def test_a_referer() -> None:
    assert comes_from_here(Headers({"host": HERE, "referer": f"http://{HERE}/page?x=1"}))
    for foreign in ("", "http://evil.example/", f"http://evil.example/{HERE}", "http://[", "about:blank"):
        assert not comes_from_here(Headers({"host": HERE, "referer": foreign}))


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
