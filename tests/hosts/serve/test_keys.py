from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from role_engine.errors import InputError, SettingsError
from role_engine.hosts.serve.security.keys import Keys, is_loopback, read_keys, refuse_open_door
from tests.app.conftest import MakeApp

CHAT: dict[str, Any] = {"messages": [{"role": "user", "content": "Кто ты?"}], "max_tokens": 9}


def client_of(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)


class TestReading:
    def test_from_the_environment(self) -> None:
        assert read_keys(environ={"ROLE_ENGINE_API_KEY": "a", "ROLE_ENGINE_ADMIN_KEY": "b"}) == Keys("a", "b")
        assert read_keys(environ={"ROLE_ENGINE_API_KEY": "", "OTHER": "b"}) == Keys()

    def test_a_file_goes_before(self, tmp_path: Path) -> None:
        file = tmp_path / "key"
        file.write_text("\ufeffsecret\n", encoding="utf-8")
        assert read_keys(file, environ={"ROLE_ENGINE_API_KEY": "a"}).api == "secret"

    def test_an_empty_file_is_not_an_open_door(self, tmp_path: Path) -> None:
        file = tmp_path / "key"
        file.write_text("\n")
        with pytest.raises(SettingsError, match="does not hold a key"):
            read_keys(file, environ={})
        with pytest.raises(InputError, match="cannot be read"):
            read_keys(tmp_path / "missing", environ={})

    def test_what_no_header_can_hold(self) -> None:
        with pytest.raises(SettingsError, match="ROLE_ENGINE_ADMIN_KEY"):
            read_keys(environ={"ROLE_ENGINE_ADMIN_KEY": "ключ"})


class TestHosts:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.1.2.3"])
    def test_this_machine(self, host: str) -> None:
        assert is_loopback(host)
        refuse_open_door(host, Keys())

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
    def test_others_need_a_key(self, host: str) -> None:
        refuse_open_door(host, Keys("key"))
        for keys in (Keys(), Keys(admin="key")):
            with pytest.raises(SettingsError, match="there is no key"):
                refuse_open_door(host, keys)

    @pytest.mark.anyio
    async def test_only_local_names(self, make: MakeApp, leaky: Any) -> None:
        async with client_of(make(leaky)) as client:
            for host in ("127.0.0.1:7861", "localhost", "LOCALHOST:1", "[::1]:7861"):
                assert (await client.get("/v1/models", headers={"host": host})).status_code == 200
            for host in ("evil.example", "127.0.0.1.evil.example:7861", ""):
                assert (await client.get("/v1/models", headers={"host": host})).status_code == 400
            answer = await client.post("/v1/messages", json=CHAT, headers={"host": "evil.example"})
            assert answer.json()["type"] == "error"
        async with client_of(make(leaky, local_only=False)) as client:
            assert (await client.get("/v1/models", headers={"host": "home.lan"})).status_code == 200


@pytest.mark.anyio
class TestApi:
    @pytest.fixture
    def app(self, make: MakeApp, leaky: Any) -> FastAPI:
        return make(leaky, keys=Keys("secret", "admin"))

    @pytest.mark.parametrize(
        "headers", [{"authorization": "Bearer secret"}, {"x-api-key": "secret"}, {"authorization": "bearer admin"}]
    )
    async def test_the_right_one(self, app: FastAPI, headers: dict[str, str]) -> None:
        async with client_of(app, **headers) as client:
            for path in ("chat/completions", "messages"):
                assert (await client.post(f"/v1/{path}", json=CHAT)).status_code == 200
            assert (await client.get("/v1/role-engine/roles")).status_code == 200

    @pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "secret"}])
    async def test_a_wrong_one(self, app: FastAPI, headers: dict[str, str]) -> None:
        async with client_of(app, **headers) as client:
            openai = await client.post("/v1/chat/completions", json={**CHAT, "model": "role:nobody"})
            anthropic = await client.post("/v1/messages", json={"role_engine": 5})
            listed = await client.get("/v1/models")
            roles = await client.get("/v1/role-engine/roles")
        assert {answer.status_code for answer in (openai, anthropic, listed, roles)} == {401}
        assert openai.json()["error"]["type"] == "authentication_error"
        assert anthropic.json()["error"]["type"] == "authentication_error"
        assert "poet" not in openai.text

    async def test_changes_need_the_admin_key(self, app: FastAPI) -> None:
        async with client_of(app, authorization="Bearer secret") as client:
            assert (await client.put("/v1/role-engine/active", json={"role": "poet"})).status_code == 401
        async with client_of(app, authorization="Bearer admin") as client:
            assert (await client.put("/v1/role-engine/active", json={"role": "poet"})).json()["role"] == "poet"
            reply = (await client.post("/v1/chat/completions", json=CHAT)).json()
        assert reply["role_engine"]["role"] == "poet"

    async def test_without_keys_a_foreign_page_changes_nothing(self, make: MakeApp, leaky: Any) -> None:
        async with client_of(make(leaky), origin="https://evil.example") as client:
            assert (await client.put("/v1/role-engine/active", json={"role": "poet"})).status_code == 403
