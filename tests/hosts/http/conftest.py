from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from role_engine.roles import RoleLibrary

if TYPE_CHECKING:
    from tests.hosts.http.stub_host import StubHost, StubService


@pytest.fixture
def library(tmp_path: Path) -> RoleLibrary:
    folder = tmp_path / "roles"
    folder.mkdir()
    for name, title in (("philosopher", "Философ-архитектор"), ("poet", "Поэт")):
        (folder / f"{name}.yaml").write_text(f"name: {title}\nsystem: Ты — {title.lower()}.\n", encoding="utf-8")
    return RoleLibrary([folder])


@pytest.fixture
def service(library: RoleLibrary) -> StubService:
    from tests.hosts.http.stub_host import StubService

    return StubService(library)


@pytest.fixture
def host(service: StubService) -> StubHost:
    from tests.hosts.http.stub_host import StubHost

    return StubHost(service)


@pytest.fixture
def client(host: StubHost) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(host.app), base_url="http://127.0.0.1")


@pytest.fixture
def server(host: StubHost) -> Iterator[str]:
    """The app behind a real socket; gives its base URL."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(host.app, host="127.0.0.1", port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("The server did not start.")
            thread.join(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(autouse=True)
def _fresh_event_streams() -> None:
    """sse-starlette keeps one event for the whole process, bound to the loop that first streamed."""
    sse = sys.modules.get("sse_starlette.sse")
    if sse is not None:
        sse.AppStatus.should_exit_event = None


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The Starlette that the webui pins leaves queues of its `BaseHTTPMiddleware` to the garbage collector."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
