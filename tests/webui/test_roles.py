"""Naming a role in a request, its errors and keys, the listings, and the official clients."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import ask, chat_body, completion_body, messages_body
from .host import Host, LaunchHost
from .roles_for_tests import ALPHA_SYSTEM, BETA_SYSTEM

KEY, ADMIN = "key-of-the-tests", "admin-of-the-tests"
BODIES = {
    client.CHAT: chat_body("Кто ты?", max_tokens=24),
    client.COMPLETIONS: completion_body("Кто ты?", max_tokens=24),
    client.MESSAGES: messages_body("Кто ты?", max_tokens=24),
}
PATHS = pytest.mark.parametrize("path", list(BODIES), ids=["chat", "completions", "messages"])
STREAMS = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
WAYS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "field": ({"role_engine": {"role": "test-alpha"}}, {}),
    "header": ({}, {"X-Role-Engine": "test-alpha"}),
    "model": ({"model": "role:test-alpha"}, {}),
}


@pytest.fixture
def host(hosts: LaunchHost) -> Host:
    return hosts("llama.cpp", "tiny-qwen3", api_key=KEY, admin_key=ADMIN)


@PATHS
@STREAMS
@pytest.mark.parametrize("way", list(WAYS))
def test_a_role_can_be_named_in_three_ways(host: Host, path: str, stream: bool, way: str) -> None:
    fields, headers = WAYS[way]
    mark = host.recording.mark()
    reply = ask(host.client, path, {**BODIES[path], "stream": stream, **fields}, **headers)
    assert reply.report["role"] == "test-alpha"
    assert reply.report["mode"] == "strict", "the role's own mode is in force"
    assert name_foreign(reply.text) == []
    prompt = host.recording.prompts(mark)[0]
    assert prompt.count(ALPHA_SYSTEM) == 1, prompt


def test_field_goes_before_header_before_model_name(host: Host) -> None:
    body = {**BODIES[client.CHAT], "model": "role:test-beta:strict"}
    assert ask(host.client, client.CHAT, body).report["role"] == "test-beta"
    assert ask(host.client, client.CHAT, body, **{"X-Role-Engine": "test-alpha"}).report["role"] == "test-alpha"
    body["role_engine"] = {"role": "test-templated"}
    assert ask(host.client, client.CHAT, body, **{"X-Role-Engine": "test-alpha"}).report["role"] == "test-templated"


def test_precedence_goes_key_by_key(host: Host) -> None:
    """The model name says role and mode, the field only another role: the mode of the name stays."""
    body = {**BODIES[client.CHAT], "model": "role:test-alpha:strict", "role_engine": {"role": "test-beta"}}
    report = ask(host.client, client.CHAT, body).report
    assert (report["role"], report["mode"]) == ("test-beta", "strict")


def test_a_mode_in_the_model_name(host: Host) -> None:
    body = {**BODIES[client.CHAT], "model": "role:test-beta:strict", "max_tokens": 60}
    reply = ask(host.client, client.CHAT, body)
    assert reply.report["mode"] == "strict"
    assert name_foreign(reply.text) == []


@PATHS
@STREAMS
@pytest.mark.parametrize(
    "fields",
    [
        {"role_engine": {"role": "no-such-role"}},
        {"model": "role:no-such-role"},
        {"role_engine": {"role": "test-alpha", "rolle": 1}},
        {"role_engine": {"mode": "stric"}},
        {"role_engine": ["test-alpha"]},
    ],
    ids=["role", "model-name", "key", "mode", "not-an-object"],
)
def test_what_is_unknown_is_refused_with_the_known_ones(
    host: Host, path: str, stream: bool, fields: dict[str, Any]
) -> None:
    response = host.client.post(path, json={**BODIES[path], "stream": stream, **fields})
    assert response.status_code == 400, response.text
    answer = response.json()
    assert answer["error"]["type"] == "invalid_request_error"
    if path == client.MESSAGES:
        assert answer["type"] == "error"
    message = answer["error"]["message"]
    if "no-such-role" in str(fields):
        assert "test-alpha" in message and "test-beta" in message, message
    elif "rolle" in str(fields):
        assert "role" in message and "thinking" in message, message
    elif "stric" in str(fields):
        assert "strict" in message and "balanced" in message, message


@PATHS
def test_an_unknown_role_in_the_header(host: Host, path: str) -> None:
    response = host.client.post(path, json=BODIES[path], headers={"X-Role-Engine": "no-such-role"})
    assert response.status_code == 400
    assert "test-alpha" in response.text


@PATHS
@pytest.mark.parametrize("role", ["test-alpha", "no-such-role"])
def test_a_wrong_key_gets_401_and_no_role_names(host: Host, path: str, role: str) -> None:
    wrong = {"Authorization": "Bearer wrong", "x-api-key": "wrong"}
    response = httpx.post(
        host.url + path,
        json={**BODIES[path], "role_engine": {"role": role}},
        headers=wrong,
        timeout=30,
        trust_env=False,
    )
    assert response.status_code == 401
    assert "test-beta" not in response.text and "test-alpha" not in response.text


@pytest.mark.parametrize(
    "path", ["/v1/models", "/v1/role-engine/roles", "/v1/role-engine/roles/test-alpha", "/v1/role-engine/active"]
)
def test_the_listings_need_the_key(host: Host, path: str) -> None:
    response = httpx.get(host.url + path, timeout=30, trust_env=False)
    assert response.status_code == 401
    assert "test-alpha" not in response.text


def test_a_foreign_host_header_is_refused_before_anything_is_told(host: Host) -> None:
    response = host.client.post(
        client.CHAT,
        json={**BODIES[client.CHAT], "role_engine": {"role": "no-such-role"}},
        headers={"Host": "evil.example"},
    )
    assert response.status_code == 400
    assert "test-alpha" not in response.text


def test_models_lists_the_roles(host: Host) -> None:
    names = {model["id"] for model in host.client.get("/v1/models").json()["data"]}
    assert {"role:test-alpha", "role:test-beta"} <= names
    assert any(not name.startswith("role:") for name in names), "the host's own model is gone"


def test_the_role_routes(host: Host) -> None:
    listed = host.client.get("/v1/role-engine/roles")
    assert listed.status_code == 200 and "test-alpha" in listed.text
    one = host.client.get("/v1/role-engine/roles/test-alpha", params={"context": 4096})
    assert one.status_code == 200 and "ромашка" in str(one.json())
    assert host.client.get("/v1/role-engine/roles/no-such-role").status_code == 404
    assert host.client.get("/v1/role-engine/health").status_code == 200
    assert host.client.get("/v1/role-engine/stats").status_code == 200


def test_check_tells_what_is_wrong_with_a_text(host: Host) -> None:
    text = "Всё внезапно建立 и готово."
    verdict = host.client.post("/v1/role-engine/check", json={"text": text, "mode": "strict"}).json()
    assert verdict["ok"] is False
    assert [(found["kind"], found["text"]) for found in verdict["violations"]] == [("cjk", "建立")]
    assert text[verdict["violations"][0]["start"] : verdict["violations"][0]["end"]] == "建立"
    assert (
        host.client.post("/v1/role-engine/check", json={"text": "Всё готово.", "mode": "strict"}).json()["ok"] is True
    )


def test_the_servers_default_needs_the_admin_key_and_is_in_force(host: Host) -> None:
    put = {"role": "test-beta", "mode": "off"}
    assert host.client.put("/v1/role-engine/active", json=put).status_code == 401
    admin = {"Authorization": f"Bearer {ADMIN}"}
    before = host.client.get("/v1/role-engine/active").json()
    # Routes that change something ask for the admin key alone; the webui's own keys cannot both travel in one header.
    changed = host.client.put("/v1/role-engine/active", json=put, headers=admin)
    assert changed.status_code == 200, changed.text
    try:
        mark = host.recording.mark()
        reply = ask(host.client, client.CHAT, BODIES[client.CHAT])
        assert reply.report["role"] == "test-beta"
        assert host.recording.prompts(mark)[0].count(BETA_SYSTEM) == 1
    finally:
        keep = {key: before.get(key) for key in ("role", "mode", "thinking")}
        host.client.put("/v1/role-engine/active", json=keep, headers=admin)


@STREAMS
@pytest.mark.parametrize("way", ["field", "model"])
def test_the_openai_client(host: Host, stream: bool, way: str) -> None:
    openai = pytest.importorskip("openai", reason="pip install openai")
    arguments: dict[str, Any] = {"messages": [{"role": "user", "content": "Кто ты?"}], "max_tokens": 40, "seed": 7}
    arguments["model"] = "role:test-alpha" if way == "model" else "any"
    if way == "field":
        arguments["extra_body"] = {"role_engine": {"role": "test-alpha"}}
    with openai.OpenAI(base_url=f"{host.url}/v1", api_key=KEY, max_retries=0) as api:
        if stream:
            chunks = list(api.chat.completions.create(stream=True, **arguments))
            text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
            reports = [
                chunk.model_extra["role_engine"] for chunk in chunks if "role_engine" in (chunk.model_extra or {})
            ]
            last = [chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason]
            assert len(last) == 1 and "role_engine" in last[0].model_extra
        else:
            answer = api.chat.completions.create(**arguments)
            text, reports = answer.choices[0].message.content or "", [answer.model_extra["role_engine"]]
    assert len(reports) == 1 and reports[0]["role"] == "test-alpha"
    assert name_foreign(text) == []


def test_the_openai_client_sees_a_readable_error(host: Host) -> None:
    openai = pytest.importorskip("openai", reason="pip install openai")
    with openai.OpenAI(base_url=f"{host.url}/v1", api_key=KEY, max_retries=0) as api:
        with pytest.raises(openai.BadRequestError, match="test-alpha"):
            api.chat.completions.create(model="role:no-such-role", messages=[{"role": "user", "content": "?"}])
        with pytest.raises(openai.BadRequestError, match="test-alpha"):
            api.completions.create(model="role:no-such-role", prompt="?")


@STREAMS
def test_the_anthropic_client(host: Host, stream: bool) -> None:
    anthropic = pytest.importorskip("anthropic", reason="pip install anthropic")
    arguments: dict[str, Any] = {
        "model": "role:test-alpha",
        "max_tokens": 40,
        "messages": [{"role": "user", "content": "Кто ты?"}],
    }
    # The webui knows a key of /v1/messages only by this header; newer clients send `Authorization` instead.
    key = {"x-api-key": KEY}
    with anthropic.Anthropic(base_url=host.url, api_key=KEY, default_headers=key, max_retries=0) as api:
        if stream:
            with api.messages.stream(**arguments) as opened:
                text = "".join(opened.text_stream)
                message = opened.get_final_message()
        else:
            message = api.messages.create(**arguments)
            text = "".join(block.text for block in message.content if block.type == "text")
            assert message.model_extra["role_engine"]["role"] == "test-alpha"
        assert name_foreign(text) == []
        assert message.usage.output_tokens > 0
        with pytest.raises(anthropic.BadRequestError, match="test-alpha"):
            api.messages.create(**{**arguments, "model": "role:no-such-role"})


def test_several_replies_in_one_request(host: Host) -> None:
    """A list of prompts, or `n`: one report each."""
    body = completion_body("Море — это", n=2, max_tokens=24, role_engine={"role": "none", "mode": "strict"})
    answer = host.client.post(client.COMPLETIONS, json=body).json()
    assert len(answer["choices"]) == 2
    assert len(answer["role_engine"]["replies"]) == 2
    assert (
        sum(reply["tokens_delivered"] for reply in answer["role_engine"]["replies"])
        == answer["usage"]["completion_tokens"]
    )
    assert all(name_foreign(choice["text"]) == [] for choice in answer["choices"])
