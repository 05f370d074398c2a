"""The gate before every route: who may ask for what, and what every answer bears. A browser: test_foreign_page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from role_engine.hosts.serve.chat_page.gradio_import import import_gradio
from role_engine.hosts.serve.security.keys import Keys
from tests.app.conftest import MakeApp
from tests.hosts.serve.roles_page import PageServer, page_server
from tests.hosts.serve.serving import other_site

try:
    import_gradio()
except ImportError as error:
    pytest.skip(f"the page needs gradio (the `serve` extra): {error}", allow_module_level=True)
pytestmark = pytest.mark.filterwarnings("ignore")  # of gradio, about the libraries below it

CHAT = {"messages": [{"role": "user", "content": "Кто ты?"}]}
KEY = {"authorization": "Bearer secret"}
FOREIGN: list[dict[str, str]] = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:1"},
    {"origin": "http://127.0.0.1:1", "sec-fetch-site": "same-site"},
    {"origin": "https://evil.example", "cookie": "access-token-unsecure-x=1"},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    with page_server(tmp_path_factory.mktemp("open"), {"poet": "name: Поэт\nsystem: Ты — поэт.\n"}) as started:
        yield started


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    with page_server(tmp_path_factory.mktemp("locked"), {}, keys=Keys("secret")) as started:
        yield started


@pytest.fixture
def asks(server: PageServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base, timeout=60) as client:
        yield client


def own(server: PageServer) -> dict[str, str]:
    """The headers of a request that the page makes."""
    return {"origin": server.base, "sec-fetch-site": "same-origin"}


def config_of(server: PageServer) -> dict[str, Any]:
    """What gradio tells its page of itself."""
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", httpx.get(server.base).text, re.DOTALL)
    assert found is not None
    config: dict[str, Any] = json.loads(found[1])
    return config


class TestHost:
    @pytest.mark.parametrize(
        "host",
        [
            *("[::1].evil.example", "[::1]evil", "127.0.0.1:evil", "localhost:80:90", "localhost:", "localhost:0x50"),
            *(
                "localhost:99999",
                "evil.example",
                "localhost.",
                "127.0.0.1.evil.example",
                "[::1",
                "::1",
                "evil@localhost",
            ),
            *("127.1", "2130706433", "0.0.0.0", "[::]", "", "localhost/", "localhost, evil.example"),
        ],
    )
    def test_others_are_refused(self, asks: httpx.Client, host: str) -> None:
        for path in ("/", "/v1/models", "/theme.css", "/docs"):
            reply = asks.get(path, headers={"host": host})
            assert reply.status_code == 400, path
            assert "Поэт" not in reply.text

    @pytest.mark.parametrize(
        "host", ["localhost", "LOCALHOST:9000", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:80"]
    )
    def test_this_machines_names(self, asks: httpx.Client, host: str) -> None:
        assert asks.get("/v1/models", headers={"host": host}).status_code == 200
        assert asks.get("/", headers={"host": host}).status_code == 200

    @pytest.mark.anyio
    async def test_two_of_them(self, make: MakeApp, leaky: Any) -> None:
        transport = httpx.ASGITransport(make(leaky))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            request = client.build_request("GET", "/v1/models")
            request.headers = httpx.Headers([("host", "127.0.0.1"), ("host", "evil.example")])
            assert (await client.send(request)).status_code == 400


class TestForeignPages:
    @pytest.mark.parametrize("foreign", FOREIGN, ids=str)
    def test_they_read_nothing(self, asks: httpx.Client, foreign: dict[str, str]) -> None:
        for path in (
            *("/", "/config", "/info", "/theme.css", "/docs", "/openapi.json", "/queue/data?session_hash=a"),
            *("/v1/models", "/v1/role-engine/roles", "/v1/role-engine/active", "/heartbeat/a", "/token"),
        ):
            reply = asks.get(path, headers=foreign)
            assert reply.status_code in (403, 404), path
            assert not [name for name in reply.headers if name.startswith("access-control")]
            assert reply.headers["cross-origin-resource-policy"] == "same-origin"

    @pytest.mark.parametrize("foreign", FOREIGN, ids=str)
    @pytest.mark.parametrize("kind", [None, "text/plain", "application/json", "application/x-www-form-urlencoded"])
    def test_they_change_nothing(self, server: PageServer, asks: httpx.Client, foreign: Any, kind: str | None) -> None:
        typed = {**foreign, **({"content-type": kind} if kind else {})}
        before = (server.all_files(), asks.get("/v1/role-engine/active").json(), len(server.prompts))
        body = json.dumps({"data": ["Текст", [], "", "", ""], "fn_index": 0, "session_hash": "a"})
        for path in (
            "/run/predict",
            "/queue/join",
            "/reset",
            "/cancel",
            "/component_server",
            "/call/x",
            "/api/predict",
        ):
            assert asks.post(path, content=body, headers=typed).status_code in (403, 404), path
        for path in ("/v1/chat/completions", "/v1/completions", "/v1/messages", "/v1/role-engine/check"):
            assert asks.post(path, content=json.dumps(CHAT), headers=typed).status_code == 403, path
        assert asks.put("/v1/role-engine/active", content='{"role": "poet"}', headers=typed).status_code == 403
        assert asks.post("/upload", files={"files": ("a.html", "<script>")}, headers=foreign).status_code == 403
        assert (server.all_files(), asks.get("/v1/role-engine/active").json(), len(server.prompts)) == before

    def test_no_preflight_is_answered_with_leave(self, asks: httpx.Client) -> None:
        wants = {"origin": "https://evil.example", "access-control-request-method": "PUT"}
        for path in ("/", "/run/predict", "/upload", "/v1/role-engine/active", "/v1/chat/completions"):
            reply = asks.options(path, headers=wants)
            assert reply.status_code in (403, 404)
            assert not [name for name in reply.headers if name.startswith("access-control")]

    def test_a_link_may_lead_to_the_page_and_no_frame(self, asks: httpx.Client) -> None:
        link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        for path in ("/", "/docs"):
            reply = asks.get(path, headers=link)
            assert reply.status_code == 200
            assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]
            assert asks.get(path, headers={**link, "sec-fetch-dest": "iframe"}).status_code == 403
        assert asks.get("/v1/role-engine/roles", headers=link).status_code == 403

    def test_whoever_holds_the_key_is_no_lured_page(self, locked: PageServer) -> None:
        foreign = {"origin": "https://app.example", "sec-fetch-site": "cross-site"}
        with httpx.Client(base_url=locked.base, headers=foreign) as client:
            assert client.get("/v1/models").status_code == 403
            assert client.get("/v1/models", headers={"authorization": "Bearer wrong"}).status_code == 403
            assert client.get("/v1/models", headers=KEY).status_code == 200
            assert client.post("/v1/chat/completions", json=CHAT, headers={"x-api-key": "secret"}).status_code == 200
            assert client.post("/queue/join", json={}, headers=KEY).status_code == 403  # a key is for the API


class TestPrograms:
    def test_they_have_the_api_and_not_the_page(self, asks: httpx.Client) -> None:
        assert asks.get("/v1/role-engine/roles").status_code == 200
        assert asks.post("/v1/chat/completions", json=CHAT).status_code == 200
        assert asks.get("/").status_code == 200
        call = {"data": [], "fn_index": 0, "session_hash": "a"}
        assert asks.post("/run/predict", json=call).status_code == 403
        assert asks.post("/upload", files={"files": ("a.json", "{}")}).status_code == 403
        assert asks.get("/queue/data", params={"session_hash": "a"}).status_code == 403

    def test_a_browser_that_says_little_is_known_by_its_referer(self, server: PageServer, asks: httpx.Client) -> None:
        """As browsers do on plain HTTP from another machine."""
        with asks.stream("GET", "/heartbeat/a", headers={"referer": f"{server.base}/"}) as reply:
            assert reply.status_code == 200
        assert asks.get("/heartbeat/a", headers={"referer": "http://evil.example/"}).status_code == 403

    def test_behind_a_proxy_the_public_name_is_ours(self, asks: httpx.Client) -> None:
        call = {"data": [], "fn_index": 0, "session_hash": "a"}
        behind = {"origin": "https://roles.example", "x-forwarded-host": "roles.example"}
        assert asks.post("/run/predict", json=call, headers=behind).status_code not in (403, 404)

    @pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
    def test_json_is_sent_as_json(self, server: PageServer, asks: httpx.Client, kind: str | None) -> None:
        typed = {"content-type": kind} if kind else {}
        for path in ("/v1/chat/completions", "/v1/messages", "/v1/role-engine/check"):
            reply = asks.post(path, content=b"{}", headers=typed)
            assert reply.status_code == 415
            assert "application/json" in reply.json()["error"]["message"]
        reply = asks.post("/run/predict", content=b"{}", headers={**own(server), **typed})
        assert reply.status_code == 415


class TestGradio:
    @pytest.mark.parametrize(
        "path",
        [
            *("/config", "/info", "/token", "/user", "/app_id", "/dev/reload", "/monitoring", "/startup-events"),
            *("/proxy=http://127.0.0.1:1/", "/custom_component/a/b/c", "/queue/status", "/upload_progress?upload_id=a"),
            *(
                "/file=http://evil.example/",
                "/file/etc/passwd",
                "/stream/a/1/1",
                "/call/a/b",
                "/logout",
                "/login_check",
            ),
            *("/file=HTTPS://evil.example/", "/robots.txt/", "/config/", "//upload"),
            *(
                "/file=/tmp/gradio/%2e%2e/%2e%2e/etc/passwd",
                "/file=..%2fetc",
                "/file=a%5c..%5cb",
                "/file=/tmp/gradio/%2e%2e",
            ),
            *("/static//windows/win.ini", "/assets/%2e%2e/index.html", "/assets/a%5cb", "/static/C:/x"),
        ],
    )
    def test_what_the_page_does_not_use_is_not_there(self, server: PageServer, path: str) -> None:
        for method in ("GET", "HEAD", "POST"):
            assert httpx.request(method, server.base + path, headers=own(server)).status_code == 404

    @pytest.mark.parametrize("path", ["/component_server", "/component_server/", "/api/predict", "/run/x", "/reset"])
    def test_nor_can_it_be_called(self, server: PageServer, asks: httpx.Client, path: str) -> None:
        assert asks.post(path, json={}, headers=own(server)).status_code == 404

    def test_what_is_uploaded_is_never_a_page(self, server: PageServer, asks: httpx.Client) -> None:
        page = b"<script>fetch('/v1/role-engine/roles')</script>"
        sent = asks.post("/upload", files={"files": ("evil.html", page, "text/html")}, headers=own(server))
        for method in ("GET", "HEAD"):
            reply = asks.request(method, f"/file={sent.json()[0]}", headers=own(server))
            assert reply.status_code == 200
            assert reply.headers["content-disposition"] == "attachment"
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        assert asks.get(f"/file={sent.json()[0]}", headers=link).status_code == 403
        Path(sent.json()[0]).unlink()

    def test_where_files_are_fixed_nothing_is_taken_in(self, tmp_path: Path) -> None:
        with page_server(tmp_path, {}, keys=Keys("secret", "admin")) as server:
            reply = httpx.post(f"{server.base}/upload", files={"files": ("a.json", "{}")}, headers=own(server))
            assert reply.status_code == 404

    def test_the_session_stays_at_home(self, locked: PageServer) -> None:
        with httpx.Client(base_url=locked.base) as client:
            login = {"username": "я", "password": "secret"}
            assert client.post("/login", data=login).status_code == 403
            assert client.post("/login", data=login, headers={"origin": "https://evil.example"}).status_code == 403
            reply = client.post("/login", data=login, headers=own(locked))
            assert reply.status_code == 200
            cookies = reply.headers.get_list("set-cookie")
            assert cookies
            for cookie in cookies:
                attributes = [part.strip().lower() for part in cookie.split(";")[1:]]
                assert attributes.count("samesite=strict") == attributes.count("httponly") == 1
                assert len([one for one in attributes if one.startswith("samesite")]) == 1
            assert client.get("/token", headers=own(locked)).status_code == 404
            foreign = client.post("/run/predict", json={}, headers={"origin": "https://evil.example"})
            assert foreign.status_code == 403
            assert client.get("/v1/models").status_code == 401  # the page's session is no key


def test_no_address_in_a_call_is_fetched(server: PageServer, asks: httpx.Client) -> None:
    """Nor is a file of this machine's laid out for whoever names it."""
    kinds = {one["id"]: one["type"] for one in config_of(server)["components"]}
    with other_site(b"a secret of this machine") as (address, _, asked):
        for path in (f"{address}/secret", "/etc/hostname", "relative"):
            for value in _files(path):
                for number, function in enumerate(config_of(server)["dependencies"]):
                    inputs = [kinds[one] for one in function["inputs"]]
                    if "chatbot" not in inputs and "textbox" not in inputs:
                        continue
                    data = [value if kind in ("chatbot", "textbox") else None for kind in inputs]
                    call = {"data": data, "fn_index": number, "session_hash": "ssrf"}
                    reply = asks.post("/run/predict", json=call, headers=own(server))
                    assert reply.status_code == 400, reply.text
                    assert "not uploaded here" in reply.json()["error"]["message"]
                    assert asks.post("/queue/join", json=call, headers=own(server)).status_code == 400
        assert asked == []
    assert server.prompts.count("secret") == 0


def _files(path: str) -> Iterator[Any]:
    """Values that gradio takes for files, bare and in a chat."""
    meta: Mapping[str, Any] = {"_type": "gradio.FileData"}
    yield {"path": path, "meta": meta}
    yield [[{"file": {"path": path, "meta": meta}, "alt_text": None}, None]]
    yield [[{"file": {"path": path}}, "а"]]
    yield [["а", {"component": "File", "value": {"path": path}, "constructor_args": {"value": path}, "props": {}}]]
    yield [["а", {"component": "image", "value": None, "constructor_args": {"value": path}, "props": {}}]]


@pytest.mark.anyio
async def test_off_loopback_names_are_free_and_pages_are_not(make: MakeApp, leaky: Any) -> None:
    """Other machines reach it by whatever name; the key in a header is what lets in, a page's origin never is."""
    transport = httpx.ASGITransport(make(leaky, local_only=False, keys=Keys("secret")))
    async with httpx.AsyncClient(transport=transport, base_url="http://roles.example") as client:
        assert (await client.get("/v1/models")).status_code == 401
        assert (await client.get("/v1/models", headers=KEY)).status_code == 200
        assert (await client.get("/v1/models", headers={"origin": "http://roles.example", **KEY})).status_code == 200
        assert (await client.get("/v1/models", headers={"origin": "http://evil.example"})).status_code == 403
        assert (await client.get("/v1/models", headers={"host": "roles.example:1:2", **KEY})).status_code == 400
