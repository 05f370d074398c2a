from __future__ import annotations

import asyncio

import httpx
import pytest

from role_engine import ReplayBackend
from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from role_engine.hosts.serve.security.keys import Keys
from tests.app.conftest import MakeApp
from tests.hosts.serve.serving import served

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = pytest.mark.filterwarnings("ignore")  # of gradio, about the libraries below it


def test_the_page_and_the_api_beside_it(make: MakeApp, leaky: ReplayBackend) -> None:
    with served(make(leaky, page=True)) as base:
        page = httpx.get(base)
        assert page.status_code == 200
        for element in ("role", "mode", "thinking", "status", "message", "stop", "clear"):
            assert f"role-engine-{element}" in page.text
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert httpx.get(f"{base}/v1/models").json()["data"][0]["id"] == "tiny"
        assert "error" in httpx.get(f"{base}/v1/nothing").json()


def test_with_a_key_the_page_asks_for_it(make: MakeApp, leaky: ReplayBackend) -> None:
    with served(make(leaky, page=True, keys=Keys("secret"))) as base, httpx.Client(base_url=base) as client:
        client.headers["origin"] = base  # as the page's own requests
        call = {"data": [], "fn_index": 0, "session_hash": "here"}
        assert client.post("/queue/join", json=call).status_code == 401
        assert client.post("/login", data={"username": "я", "password": "wrong"}).status_code == 400
        assert client.post("/login", data={"username": "я", "password": "secret"}).status_code == 200
        assert client.post("/queue/join", json=call).status_code == 200


def test_it_works_wherever_it_was_made(make: MakeApp, leaky: ReplayBackend) -> None:
    """Behind an `asyncio.run` this thread has no event loop, without which gradio makes a page that answers nothing."""

    async def nothing() -> None:
        pass

    asyncio.run(nothing())
    with served(make(leaky, page=True)) as base:
        asked = {"data": [], "fn_index": 0, "session_hash": "here"}
        assert httpx.post(f"{base}/queue/join", json=asked, headers={"origin": base}).status_code == 200
    with pytest.raises(RuntimeError):
        asyncio.get_event_loop()  # this thread is as it was
