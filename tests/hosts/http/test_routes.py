"""`/v1/role-engine/*`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from role_engine.app.resolution import Choice
from role_engine.roles import RoleLibrary
from tests.hosts.http.stub_host import StubHost, StubService

pytestmark = pytest.mark.anyio

BASE = "/v1/role-engine"
JSON = {"content-type": "application/json"}
READING = ["roles", "roles/poet", "active", "stats", "health"]


def error_of(reply: httpx.Response) -> dict[str, Any]:
    assert set(reply.json()) == {"error"}
    error: dict[str, Any] = reply.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


async def test_the_roles(client: httpx.AsyncClient) -> None:
    reply = (await client.get(f"{BASE}/roles")).json()
    assert [(role["id"], role["name"]) for role in reply["data"]] == [
        ("philosopher", "Философ-архитектор"),
        ("poet", "Поэт"),
    ]
    assert reply["errors"] == {}


async def test_a_broken_role_file_is_shown_without_its_folder(
    client: httpx.AsyncClient, library: RoleLibrary, tmp_path: Path
) -> None:
    (tmp_path / "roles" / "sage.yaml").write_text("name: Мудрец\nsistem: x\n", encoding="utf-8")
    listing = (await client.get(f"{BASE}/roles")).json()
    assert len(listing["data"]) == 2
    assert "sage.yaml:2" in listing["errors"]["sage"] and str(tmp_path) not in listing["errors"]["sage"]
    for reply in (
        await client.get(f"{BASE}/roles/sage"),
        await client.post("/v1/chat/completions", json={"model": "role:sage", "messages": []}),
    ):
        assert reply.status_code == 400
        assert "sage.yaml:2" in error_of(reply)["message"] and str(tmp_path) not in reply.text


async def test_one_role_with_its_bill(client: httpx.AsyncClient, tmp_path: Path) -> None:
    role = (await client.get(f"{BASE}/roles/poet")).json()
    assert (role["id"], role["system"], role["language"]["mode"]) == ("poet", "Ты — поэт.", "balanced")
    assert "bill" not in role and "path" not in role
    billed = (await client.get(f"{BASE}/roles/poet", params={"context": 4096})).json()
    assert billed["bill"]["context"] == 4096


async def test_the_files_of_a_role_are_names(client: httpx.AsyncClient, tmp_path: Path) -> None:
    folder = tmp_path / "roles"
    (folder / "notes.md").write_text("Заметки.", encoding="utf-8")
    (folder / "sage.png").write_bytes(b"")
    text = "name: Мудрец\nsystem: x\nknowledge: {files: [notes.md]}\ncard: sage.png\n"
    (folder / "sage.yaml").write_text(text, encoding="utf-8")
    reply = await client.get(f"{BASE}/roles/sage")
    assert (reply.json()["knowledge"]["files"], reply.json()["card"]) == (["notes.md"], "sage.png")
    assert str(tmp_path) not in reply.text


async def test_a_bill_is_left_out_where_nobody_can_count(
    client: httpx.AsyncClient, service: StubService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "count_role_usage", lambda role, context: None)
    assert "bill" not in (await client.get(f"{BASE}/roles/poet?context=4096")).json()


async def test_an_unknown_role_or_context(client: httpx.AsyncClient) -> None:
    missing = await client.get(f"{BASE}/roles/poett")
    assert missing.status_code == 404
    assert "Did you mean 'poet'" in error_of(missing)["message"]
    for context in ("0", "-1", "many", "9" * 30):
        wrong = await client.get(f"{BASE}/roles/poet", params={"context": context})
        assert wrong.status_code == 400
        assert error_of(wrong)["param"] == "context"


async def test_the_default_is_replaced_as_a_whole(client: httpx.AsyncClient, service: StubService) -> None:
    put = await client.put(f"{BASE}/active", json={"role": "poet", "mode": "strict"})
    assert put.json() == {"role": "poet", "mode": "strict", "thinking": None}
    assert (await client.get(f"{BASE}/active")).json() == put.json()
    await client.put(f"{BASE}/active", json={"role": "none"})
    assert service.default == Choice("none")


@pytest.mark.parametrize(
    ("body", "param", "says"),
    [
        ({"role": "poett"}, "role", "philosopher"),
        ({"mode": "hard"}, "mode", "strict"),
        ({"thinking": "hard"}, "thinking", "none"),
        ({"rol": "poet"}, "rol", "extra"),
        ({"role": 5}, "role", "string"),
        ([], "", "dictionary"),
    ],
)
async def test_a_wrong_default_changes_nothing(
    client: httpx.AsyncClient, service: StubService, body: Any, param: str, says: str
) -> None:
    reply = await client.put(f"{BASE}/active", json=body)
    assert reply.status_code == 400
    error = error_of(reply)
    assert error["param"] == param and says in error["message"].lower()
    assert service.default == Choice()


async def test_half_a_character_in_an_unknown_key(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    reply = await client.put(f"{BASE}/active", content=b'{"\\ud800": 1}', headers=headers)
    assert reply.status_code == 400
    error_of(reply)


async def test_check(client: httpx.AsyncClient) -> None:
    verdict = (await client.post(f"{BASE}/check", json={"text": "мир x", "context": ["x"]})).json()
    assert verdict == {
        "ok": False,
        "violations": [{"kind": "latin", "start": 4, "end": 5, "text": "x"}],
        "late": [],
    }
    off = await client.post(f"{BASE}/check", json={"text": "мир x", "mode": "off", "context": "одно сообщение"})
    assert off.json()["ok"] is True


@pytest.mark.parametrize("asked", [{"hold": "sentence"}, {"hold": "word"}, {"hold": None}, {}])
async def test_a_check_says_how_text_is_held(
    client: httpx.AsyncClient, service: StubService, asked: dict[str, str | None]
) -> None:
    assert (await client.post(f"{BASE}/check", json={"text": "мир", **asked})).status_code == 200
    assert service.held == asked.get("hold")


@pytest.mark.parametrize(
    ("content", "param"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b"{}", "text"),
        (b'{"text": 5}', "text"),
        (b'{"text": "x", "mode": "hard"}', "mode"),
        (b'{"text": "x", "hold": "line"}', "hold"),
        (b'{"text": "x", "context": [1]}', "context.0"),
        (b'{"text": "x", "txet": "y"}', "txet"),
        (b'{"text": "\xff"}', ""),
        (b'{"text": "\\ud800"}', ""),
    ],
)
async def test_a_wrong_check(client: httpx.AsyncClient, content: bytes, param: str) -> None:
    reply = await client.post(f"{BASE}/check", content=content, headers=JSON)
    assert reply.status_code == 400
    assert error_of(reply)["param"] == param


async def test_a_check_of_more_than_a_megabyte(client: httpx.AsyncClient) -> None:
    fits = await client.post(f"{BASE}/check", json={"text": "." * 2**19})
    assert fits.status_code == 200

    async def pieces() -> Any:
        for _ in range(3):
            yield b" " * 2**19

    for reply in (
        await client.post(f"{BASE}/check", json={"text": "." * 2**20}),
        await client.post(f"{BASE}/check", content=pieces(), headers=JSON),
    ):
        assert reply.status_code == 413
        assert "too large" in error_of(reply)["message"]


async def test_the_state(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{BASE}/stats")).json() == {"replies": 3}
    assert (await client.get(f"{BASE}/health")).json() == {"status": "ok", "roles": 2}


async def test_disabled_there_is_nothing(client: httpx.AsyncClient, service: StubService) -> None:
    service.on = False
    for path in READING:
        reply = await client.get(f"{BASE}/{path}")
        assert reply.status_code == 404
        error_of(reply)
    assert (await client.put(f"{BASE}/active", json={"role": "poet"})).status_code == 404


async def test_the_api_key_guards_everything(client: httpx.AsyncClient, service: StubService) -> None:
    service.key = "user"
    with_key = {"authorization": "Bearer user"}
    for path in READING:
        reply = await client.get(f"{BASE}/{path}")
        assert reply.status_code == 401
        assert error_of(reply)["type"] == "authentication_error" and "poet" not in reply.text
        assert (await client.get(f"{BASE}/{path}", headers=with_key)).status_code == 200
    assert (await client.post(f"{BASE}/check", json={"text": "x"})).status_code == 401
    assert (await client.put(f"{BASE}/active", json={})).status_code == 401
    assert (await client.put(f"{BASE}/active", json={}, headers=with_key)).status_code == 200


async def test_the_admin_key_alone_may_change_something(client: httpx.AsyncClient, service: StubService) -> None:
    service.key, service.admin_key = "user", "admin"
    for key, status in (("user", 401), ("admin", 200)):
        reply = await client.put(f"{BASE}/active", json={"role": "poet"}, headers={"authorization": f"Bearer {key}"})
        assert reply.status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("http://127.0.0.1", 200),
        ("http://127.0.0.1:7860", 200),
        ("http://evil.example", 403),
        ("http://127.0.0.1.evil.example", 403),
        ("http://127.0.0.1@evil.example", 403),
        ("null", 403),
        ("", 403),
        ("http://[", 403),
    ],
)
async def test_without_an_admin_key_a_foreign_page_may_change_nothing(
    client: httpx.AsyncClient, service: StubService, origin: str | None, status: int
) -> None:
    headers = {"origin": origin} if origin is not None else {}
    reply = await client.put(f"{BASE}/active", json={"role": "poet"}, headers=headers)
    assert reply.status_code == status
    assert service.default == (Choice("poet") if status == 200 else Choice())
    service.admin_key = "admin"
    reply = await client.put(f"{BASE}/active", json={}, headers={**headers, "authorization": "Bearer admin"})
    assert reply.status_code == 200


async def test_the_routes_are_described(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    schema = paths[f"{BASE}/check"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["properties"]) == {"text", "mode", "hold", "context"}


async def test_roles_stand_behind_the_models(client: httpx.AsyncClient, host: StubHost) -> None:
    data = (await client.get("/v1/models")).json()["data"]
    assert [model["id"] for model in data] == ["tiny-qwen3", "role:philosopher", "role:poet"]
    assert data[2] == {
        "id": "role:poet",
        "object": "model",
        "created": 0,
        "owned_by": "role_engine",
        "name": "Поэт",
        "description": "",
    }


@pytest.mark.parametrize(
    "foreign", [{"origin": "null"}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}]
)
async def test_without_a_key_a_page_of_others_reads_nothing(
    client: httpx.AsyncClient, host: StubHost, foreign: dict[str, str]
) -> None:
    for path in READING:
        reply = await client.get(f"{BASE}/{path}", headers=foreign)
        assert (reply.status_code, error_of(reply)["type"]) == (403, "permission_error")
    assert (await client.post(f"{BASE}/check", json={"text": "да"}, headers=foreign)).status_code == 403
    host.service.key = "secret"
    assert (await client.get(f"{BASE}/roles", headers=foreign)).status_code == 401
    with_key = {**foreign, "authorization": "Bearer secret"}
    assert (await client.get(f"{BASE}/roles", headers=with_key)).status_code == 200


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
async def test_json_is_sent_as_json(client: httpx.AsyncClient, host: StubHost, kind: str | None) -> None:
    """What a page of others can send without being asked whether it may."""
    typed = {"content-type": kind} if kind else {}
    before = host.service.default
    for method, path, body in (("PUT", "active", b'{"role": "poet"}'), ("POST", "check", '{"text": "да"}'.encode())):
        reply = await client.request(method, f"{BASE}/{path}", content=body, headers=typed)
        assert reply.status_code == 415
        assert "application/json" in error_of(reply)["message"]
    assert host.service.default == before
