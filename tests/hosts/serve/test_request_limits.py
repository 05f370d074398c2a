"""What a request may be: refused before anything of its body is held, and where that is needed before it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from role_engine import ReplayBackend
from role_engine.hosts.serve.security.form_shape import MAX_PART_HEAD, FormShape, MultipartShape, boundary_of
from role_engine.hosts.serve.security.keys import Keys
from role_engine.hosts.serve.security.request_limits import RequestLimits
from tests.app.conftest import MakeApp

pytestmark = pytest.mark.anyio
GENERATE = ["/v1/chat/completions", "/v1/completions", "/v1/messages"]
JSON, FORM = (b"content-type", b"application/json"), (b"content-type", b"application/x-www-form-urlencoded")
PARTS = (b"content-type", b"multipart/form-data; boundary=x")


class Asked:
    """One request whose body is given out piece by piece, as far as it is asked for."""

    def __init__(self, app: ASGIApp, path: str, *headers: tuple[bytes, bytes], method: str = "POST") -> None:
        self.app, self.read = app, 0
        self.sent: list[Any] = []
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), *headers],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 5),
        }

    async def answered(self, piece: Callable[[int], bytes | None]) -> int:
        """The status of the answer to a body whose pieces are piece(0), piece(1), … up to None."""

        async def receive() -> Any:
            body = piece(self.read)
            self.read += 1
            return {"type": "http.request", "body": body or b"", "more_body": body is not None}

        async def send(message: Any) -> None:
            self.sent.append(message)

        await self.app(self.scope, receive, send)
        return int(self.sent[0]["status"])


@pytest.fixture
def app(make: MakeApp) -> ASGIApp:
    return make(ReplayBackend(["Да."]))


@pytest.fixture
def locked(make: MakeApp) -> ASGIApp:
    return make(ReplayBackend(["Да."]), keys=Keys(api="secret"))


@pytest.fixture
def limits() -> ASGIApp:
    """The limits alone, before an app that reads what it is sent: the routes of the page stand behind the gate."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["type"] == "http.request" and message["more_body"]:
            pass
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return RequestLimits(app, keys=Keys())


CHUNKED = (b"transfer-encoding", b"chunked")


@pytest.mark.parametrize("path", [*GENERATE, "/v1/role-engine/check", "/v1/role-engine/active", "/v1/nothing"])
async def test_without_the_key_nothing_is_read(locked: ASGIApp, path: str) -> None:
    for headers in ([JSON, (b"content-length", b"300000000")], [JSON, CHUNKED], [FORM, CHUNKED]):
        asked = Asked(locked, path, *headers)
        refused = (401, 415) if FORM in headers else (401,)  # a form is none of the API's, key or not
        assert await asked.answered(lambda _: b"x" * 65536) in refused
        assert asked.read == 0


@pytest.mark.parametrize(
    ("method", "path", "headers", "most"),
    [
        ("PUT", "/v1/role-engine/active", [JSON], 2**16),
        ("GET", "/v1/role-engine/stats", [JSON], 2**16),
        ("POST", "/v1/nothing", [JSON], 2**16),
        ("POST", "/reset", [JSON], 2**16),
        ("POST", "/queue/join", [JSON], 2**22),
        ("POST", "/login", [FORM], 2**12),
        ("POST", "/login/", [PARTS], 2**12),
        ("POST", "/v1/role-engine/check", [JSON], 2**20),
    ],
)
async def test_the_size_of_a_body(
    app: ASGIApp, limits: ASGIApp, method: str, path: str, headers: list[tuple[bytes, bytes]], most: int
) -> None:
    app = app if path.startswith("/v1/") else limits
    announced = Asked(app, path, *headers, (b"content-length", str(most + 1).encode()), method=method)
    assert await announced.answered(lambda _: b" ") == 413
    assert announced.read == 0
    first = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" if PARTS in headers else b" "
    counted = Asked(app, path, *headers, CHUNKED, method=method)
    assert await counted.answered(lambda number: b" " * 60_000 if number else first) == 413
    assert counted.read <= most // 60_000 + 3


@pytest.mark.parametrize(
    ("piece", "status"),
    [(b" " * 2**20, 413), (b"\r\n" + b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" * 20, 400)],
)
async def test_what_is_uploaded_is_looked_at_while_it_is_taken(limits: ASGIApp, piece: bytes, status: int) -> None:
    first = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n"
    asked = Asked(limits, "/upload", PARTS, CHUNKED)
    assert await asked.answered(lambda number: piece if number else first) == status
    assert asked.read <= 67


@pytest.mark.parametrize(
    ("path", "header"),
    [
        (GENERATE[0], FORM),
        (GENERATE[2], PARTS),
        ("/queue/join", (b"content-type", b"text/plain")),
        ("/login", JSON),
        ("/upload", JSON),
        ("/v1/role-engine/check", (b"content-type", b"application/xml")),
    ],
)
async def test_the_type_of_a_body(app: ASGIApp, limits: ASGIApp, path: str, header: tuple[bytes, bytes]) -> None:
    asked = Asked(app if path.startswith("/v1/") else limits, path, header, CHUNKED)
    assert await asked.answered(lambda _: b"x") == 415
    assert asked.read == 0


async def test_the_form_that_stopped_everybody(limits: ASGIApp) -> None:
    """390 kB of `a;a;` took three seconds; and so did whatever has as many fields in fewer bytes."""
    for piece in (b"a;" * 30, b"a&" * 30):
        asked = Asked(limits, "/login", FORM, CHUNKED)
        assert await asked.answered(lambda _, piece=piece: piece) == 400  # type: ignore[misc]
        assert asked.read == 1


@pytest.mark.parametrize("piece", [b"[" * 100, b"1," * 30_000, b'{"a":' * 100])
async def test_the_shape_of_an_event_of_the_page(limits: ASGIApp, piece: bytes) -> None:
    asked = Asked(limits, "/queue/join", JSON, CHUNKED)
    assert await asked.answered(lambda _: piece) == 400
    assert asked.read <= 2


async def test_the_head_of_a_request(app: ASGIApp) -> None:
    many = [(b"x-%d" % number, b"1") for number in range(120)]
    large = [(b"x", b"1" * 40_000)]
    for headers in (many, large):
        assert await Asked(app, "/v1/models", *headers, method="GET").answered(lambda _: None) == 431
    long = Asked(app, "/v1/models", method="GET")
    long.scope["query_string"] = b"a" * 9000
    assert await long.answered(lambda _: None) == 414


async def test_what_is_fine_passes(app: ASGIApp) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        body = {"messages": [{"role": "user", "content": "Кто ты?"}], "max_tokens": 5}
        assert (await client.post(GENERATE[2], json=body)).status_code == 200
        long = {"messages": [{"role": "user", "content": "Кто? " * 50_000}], "max_tokens": 5}
        assert (await client.post(GENERATE[2], json=long)).status_code == 200
        no_type = await client.post(GENERATE[0], content=b'{"messages": [{"role": "user", "content": "a"}]}')
        assert no_type.status_code == 415
        assert (await client.put("/v1/role-engine/active", json={"mode": "strict"})).json()["mode"] == "strict"
        assert (await client.post("/v1/role-engine/check", json={"text": "Да."})).status_code == 200


async def test_errors_of_a_large_body_name_their_place(app: ASGIApp) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        wrong = {"messages": [{"role": "wizard", "content": "а" * 70_000}]}
        assert "messages.0.role" in (await client.post(GENERATE[0], json=wrong)).json()["error"]["message"]
        for content in (b"[" + b'"a",' * 20_000 + b'"a"]', b" " * 70_000 + b"{", b"\xff" * 70_000):
            answer = await client.post(GENERATE[0], content=content, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


PART = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nvalue\r\n"
UPLOAD = PART * 3 + b"--x--\r\n"


def looked_at(body: bytes, size: int) -> str:
    shape = MultipartShape("x")
    try:
        for start in range(0, len(body), size):
            shape.feed(body[start : start + size])
        shape.end()
    except Exception as error:
        return str(error)
    return ""


@pytest.mark.parametrize("size", [1, 2, 7, 10_000])
def test_the_shape_of_a_form_in_parts(size: int) -> None:
    empty = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--x--"
    for fine in (UPLOAD, empty, UPLOAD.replace(b"value", b"\r\n--y\r\n-" * 9)):
        assert looked_at(fine, size) == ""
    assert "before its first" in looked_at(b"\r" + UPLOAD, size)
    assert "behind its last" in looked_at(UPLOAD + b"\r\n" * 9, size)
    assert "head" in looked_at(b"--x\r\n" + b"a" * (MAX_PART_HEAD + 9), size)
    assert "fields" in looked_at(PART * 20, size)
    assert "does not end" in looked_at(PART, size)


def test_boundaries() -> None:
    assert boundary_of('multipart/form-data; boundary="a b"') == "a b"
    assert boundary_of("multipart/form-data") == ""
    for wrong in ("", "я", "x" * 71):
        with pytest.raises(ValueError, match="boundary"):
            MultipartShape(wrong)
    FormShape().feed(b"username=a&password=b")
