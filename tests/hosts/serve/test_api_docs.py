"""`/openapi.json` and `/docs`: the document is true of what the server takes and says, and tells nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from role_engine import ReplayBackend
from role_engine.hosts.serve import docs_page
from role_engine.hosts.serve.security.keys import Keys
from tests.app.conftest import MakeApp

pytestmark = pytest.mark.anyio

MESSAGES = [{"role": "user", "content": "Кто ты?"}]
CHAT, COMPLETION, ANTHROPIC = "/v1/chat/completions", "/v1/completions", "/v1/messages"
ENGINE = "/v1/role-engine"
PATHS = {
    *(CHAT, COMPLETION, ANTHROPIC, "/v1/models", "/v1/models/{name}"),
    *(f"{ENGINE}/{name}" for name in ("roles", "roles/{name}", "active", "check", "stats", "health")),
}


@pytest.fixture
def app(make: MakeApp, leaky: ReplayBackend) -> FastAPI:
    return make(leaky)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as made:
        yield made


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    return (await client.get("/openapi.json")).json()


def client_of(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", headers=headers)


def strict(schema: Any) -> Any:
    """The same schema, where an object may have no property that is not named: an answer with more in it is not
    described."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: strict(value) for key, value in schema.items()}
    if isinstance(inner.get("properties"), dict):
        inner.setdefault("additionalProperties", False)
    return inner


def problems(document: dict[str, Any], schema: dict[str, Any], value: Any, *, all_named: bool = False) -> list[str]:
    whole = copy.deepcopy({**schema, "components": document["components"]})
    return [error.message for error in Draft202012Validator(strict(whole) if all_named else whole).iter_errors(value)]


def taken(document: dict[str, Any], path: str) -> dict[str, Any]:
    return document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]


async def test_the_document_is_valid_and_whole(document: dict[str, Any]) -> None:
    validate(document)
    assert set(document["paths"]) == PATHS
    assert set(document["paths"][f"{ENGINE}/active"]) == {"get", "put"}
    for path in (CHAT, COMPLETION, ANTHROPIC):
        post = document["paths"][path]["post"]
        assert "X-Role-Engine" in [parameter["name"] for parameter in post["parameters"]]
        assert {"400", "401", "413", "429", "503"} <= set(post["responses"])
        assert "text/event-stream" in post["responses"]["200"]["content"]
    assert "422" not in json.dumps(document), "nobody here answers that"


@pytest.mark.parametrize(
    ("method", "path", "where", "body", "status"),
    [
        ("post", CHAT, CHAT, {"messages": MESSAGES, "n": 2}, 200),
        ("post", CHAT, CHAT, {"messages": MESSAGES, "role_engine": {"role": "poet", "report": "full"}}, 200),
        ("post", CHAT, CHAT, {"messages": MESSAGES, "tools": [{"type": "function"}]}, 400),
        ("post", COMPLETION, COMPLETION, {"prompt": ["Раз", "Два"], "max_tokens": 9}, 200),
        ("post", ANTHROPIC, ANTHROPIC, {"messages": MESSAGES, "max_tokens": 9}, 200),
        ("post", ANTHROPIC, ANTHROPIC, {"messages": MESSAGES, "max_tokens": 9, "role_engine": "nobody"}, 400),
        ("get", "/v1/models", "/v1/models", None, 200),
        ("get", "/v1/models/role:poet", "/v1/models/{name}", None, 200),
        ("get", f"{ENGINE}/roles", f"{ENGINE}/roles", None, 200),
        ("get", f"{ENGINE}/roles/poet?context=500", f"{ENGINE}/roles/{{name}}", None, 200),
        ("get", f"{ENGINE}/roles/nobody", f"{ENGINE}/roles/{{name}}", None, 404),
        ("get", f"{ENGINE}/active", f"{ENGINE}/active", None, 200),
        ("put", f"{ENGINE}/active", f"{ENGINE}/active", {"role": "poet"}, 200),
        ("put", f"{ENGINE}/active", f"{ENGINE}/active", {"rol": "poet"}, 400),
        ("post", f"{ENGINE}/check", f"{ENGINE}/check", {"text": "Он внезапно建立 город."}, 200),
        ("get", f"{ENGINE}/stats", f"{ENGINE}/stats", None, 200),
        ("get", f"{ENGINE}/health", f"{ENGINE}/health", None, 200),
    ],
)
async def test_an_answer_is_as_described(
    client: httpx.AsyncClient,
    document: dict[str, Any],
    folder: Path,
    method: str,
    path: str,
    where: str,
    body: Any,
    status: int,
) -> None:
    (folder / "broken.yaml").write_text("nam: Ой\n", encoding="utf-8")
    answer = await client.request(method, path, json=body)
    assert answer.status_code == status
    responses = document["paths"][where][method]["responses"]
    described = responses.get(str(status)) or responses["default"]
    schema = described["content"]["application/json"]["schema"]
    assert problems(document, schema, answer.json(), all_named=True) == []


@pytest.mark.parametrize(("hold", "ok"), [("sentence", False), ("word", True), (None, True)])
async def test_a_check_holds_sentences_where_that_is_asked(
    client: httpx.AsyncClient, hold: str | None, ok: bool
) -> None:
    text = "Утре ще отидем заедно на пазара, за да купим пресни плодове и зеленчуци за вечерята."
    verdict = (await client.post(f"{ENGINE}/check", json={"text": text, "hold": hold})).json()
    assert verdict["ok"] is ok
    assert [found["kind"] for found in verdict["late" if ok else "violations"]] == ["language"]


async def test_every_example_is_answered(client: httpx.AsyncClient, document: dict[str, Any]) -> None:
    for path in (CHAT, COMPLETION, ANTHROPIC):
        content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        for example in content["examples"].values():
            assert problems(document, content["schema"], example["value"], all_named=True) == []
            assert (await client.post(path, json=example["value"])).status_code == 200
    check = document["paths"][f"{ENGINE}/check"]["post"]["requestBody"]["content"]["application/json"]
    assert not (await client.post(f"{ENGINE}/check", json=check["example"])).json()["ok"]


@pytest.mark.parametrize(
    "body",
    [
        {"stop": "конец"},
        {"stop": ["конец", "ещё"]},
        {"stop": None, "temperature": None, "seed": None},
        {"role_engine": "poet:strict"},
        {"role_engine": {"mode": "strict", "thinking": "none", "report": "full"}},
        {"temperature": 0.5, "top_k": 20, "min_p": 0.1, "enable_thinking": False},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Кто ты?"}]}]},
        {"what_another_server_reads": [1]},
    ],
)
async def test_what_is_taken_is_described_so(
    client: httpx.AsyncClient, document: dict[str, Any], body: dict[str, Any]
) -> None:
    body = {"messages": MESSAGES, **body}
    assert problems(document, taken(document, CHAT), body) == []
    assert (await client.post(CHAT, json=body)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"messages": []},
        {"n": 99},
        {"temperature": 70},
        {"top_k": "many"},
        {"stop": ["а"] * 33},
        {"role_engine": {"rol": "poet"}},
        {"role_engine": {"mode": "loud"}},
        {"messages": [{"role": "wizard", "content": "а"}]},
    ],
)
async def test_what_is_refused_is_not_described(
    client: httpx.AsyncClient, document: dict[str, Any], body: dict[str, Any]
) -> None:
    body = {"messages": MESSAGES, **body}
    assert problems(document, taken(document, CHAT), body)
    assert (await client.post(CHAT, json=body)).status_code == 400


async def test_it_is_open_and_tells_nothing_of_this_server(make: MakeApp, leaky: ReplayBackend) -> None:
    app = make(leaky, keys=Keys("open-sesame", "the-other-key"))
    async with client_of(app) as client:
        document = (await client.get("/openapi.json")).json()
        page = await client.get("/docs")
        assert (await client.get(f"{ENGINE}/roles")).status_code == 401
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for told in (json.dumps(document, ensure_ascii=False), page.text):
        for secret in ("poet", "Поэт", "philosopher", "Философ", "tiny", "open-sesame", "the-other-key"):
            assert secret not in told
    assert document["security"] == [{"bearer": []}, {"x-api-key": []}]
    for scheme, header in (("bearer", {"authorization": "Bearer open-sesame"}), ("x-api-key", {})):
        described = document["components"]["securitySchemes"][scheme]
        headers = header or {described["name"]: "open-sesame"}
        async with client_of(app, **headers) as client:
            assert (await client.get(f"{ENGINE}/roles")).status_code == 200


async def test_without_a_key_none_is_needed(document: dict[str, Any]) -> None:
    assert {} in document["security"]


async def test_only_for_this_machines_names(app: FastAPI) -> None:
    async with client_of(app, host="evil.example") as client:
        for path in ("/docs", "/openapi.json", "/docs/swagger-ui/swagger-ui.css"):
            assert (await client.get(path)).status_code == 400


async def test_without_swagger_ui_the_page_still_lists_what_there_is(
    make: MakeApp, leaky: ReplayBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs_page, "find_spec", lambda name: None)
    async with client_of(make(leaky)) as client:
        page = await client.get("/docs")
    assert page.status_code == 200
    for path in PATHS:
        assert path in page.text
    assert 'href="openapi.json"' in page.text and "pip install" in page.text and "<script" not in page.text
