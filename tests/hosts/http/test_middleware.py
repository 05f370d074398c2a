"""A request's way through the app: what reaches it, what comes back, and who is told nothing."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from role_engine.app.resolution import Choice
from role_engine.hosts.http.context import get_current
from role_engine.hosts.http.history_cut import TextLimit
from role_engine.hosts.http.middleware import RoleEngineMiddleware
from tests.hosts.http.stub_host import HOST_USAGE, LOADED, Gate, StubHost, StubService, say

pytestmark = pytest.mark.anyio

PATHS = {"chat": "/v1/chat/completions", "completions": "/v1/completions", "messages": "/v1/messages"}


def body(**more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": "Привет"}], "prompt": "Привет", "max_tokens": 9, **more}


def events(text: str) -> list[dict[str, Any]]:
    data = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in data if line != "[DONE]"]


async def asked_directly(app: Any, path: str, receive: Any, *headers: tuple[bytes, bytes]) -> list[Any]:
    """What the app sends to a POST whose body comes from `receive`."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), *headers],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 5),
    }
    await app(scope, receive, send)
    return sent


def never() -> Any:
    """A body that nobody may ask for."""

    async def receive() -> Any:
        raise AssertionError("the body was read")

    return receive


@pytest.mark.parametrize("endpoint", PATHS)
class TestEachEndpoint:
    async def test_the_app_sees_the_choice_and_not_our_field(
        self, client: httpx.AsyncClient, host: StubHost, endpoint: str
    ) -> None:
        asked = body(role_engine={"role": "poet", "report": "full"}, model="role:philosopher:strict", temperature=None)
        reply = await client.post(PATHS[endpoint], json=asked)
        assert reply.status_code == 200
        (context,) = host.contexts
        assert context is not None
        assert (context.endpoint, context.choice, context.detail) == (endpoint, Choice("poet", "strict"), "full")
        assert context.explicit == {"messages", "prompt", "max_tokens", "model"}
        assert host.seen == [body(model=LOADED, temperature=None)]

    async def test_a_reply_carries_the_report(self, client: httpx.AsyncClient, host: StubHost, endpoint: str) -> None:
        host.script = say(tokens_prompt=30)
        reply = (await client.post(PATHS[endpoint], json=body(), headers={"x-role-engine": "poet"})).json()
        assert reply["role_engine"]["role"] == "poet"
        assert 30 in reply["usage"].values() and 4 in reply["usage"].values()

    async def test_a_stream_carries_the_report_once(
        self, client: httpx.AsyncClient, host: StubHost, endpoint: str
    ) -> None:
        reply = await client.post(PATHS[endpoint], json=body(stream=True, role_engine="poet"))
        marked = [event for event in events(reply.text) if "role_engine" in event]
        assert len(marked) == 1
        assert "finish_reason" in json.dumps(marked) or marked[0]["type"] == "message_delta"

    async def test_without_a_report_the_reply_is_the_apps_own_to_the_byte(
        self, client: httpx.AsyncClient, host: StubHost, service: StubService, endpoint: str
    ) -> None:
        host.script = lambda _: iter(["Привет", "Привет, мир."])
        for stream in (False, True):
            through = await client.post(PATHS[endpoint], json=body(stream=stream))
            service.on = False
            around = await client.post(PATHS[endpoint], json=body(stream=stream))
            service.on = True
            assert through.content == around.content
            assert through.headers == around.headers
            assert host.contexts[-2] is not None and host.contexts[-1] is None

    async def test_an_unknown_role_is_a_400_in_the_apis_own_form(
        self, client: httpx.AsyncClient, host: StubHost, endpoint: str
    ) -> None:
        reply = await client.post(PATHS[endpoint], json=body(model="role:nobody"))
        error = reply.json()["error"]
        assert reply.status_code == 400
        assert error["type"] == "invalid_request_error"
        assert "philosopher, poet" in error["message"]
        if endpoint == "messages":
            assert reply.json()["type"] == "error" and set(error) == {"type", "message"}
        else:
            assert (error["param"], error["code"]) == ("model", None)
        assert host.seen == []

    async def test_without_the_key_the_app_answers_and_no_role_is_named(
        self, client: httpx.AsyncClient, service: StubService, endpoint: str
    ) -> None:
        service.key = "secret"
        reply = await client.post(PATHS[endpoint], json=body(model="role:nobody"))
        assert (reply.status_code, reply.json()) == (401, {"detail": "Unauthorized"})
        key = {"x-api-key": "secret"} if endpoint == "messages" else {"authorization": "Bearer secret"}
        assert (await client.post(PATHS[endpoint], json=body(model="role:poet"), headers=key)).status_code == 200

    async def test_a_body_over_the_limit_is_a_413(self, service: StubService, endpoint: str) -> None:
        host = StubHost(service, max_body=1000)
        transport = httpx.ASGITransport(host.app)

        async def pieces() -> Any:  # no Content-Length announces this one
            for _ in range(20):
                yield b" " * 100

        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            announced = await client.post(PATHS[endpoint], json=body(user="x" * 1000))
            counted = await client.post(PATHS[endpoint], content=pieces())
        for reply in (announced, counted):
            assert reply.status_code == 413
            assert "1000 bytes" in reply.json()["error"]["message"]
            assert ("type" in reply.json()) == (endpoint == "messages")
        assert host.seen == []

    async def test_without_the_key_nothing_of_the_body_is_read(self, service: StubService, endpoint: str) -> None:
        service.key = "secret"
        sent = await asked_directly(StubHost(service).app, PATHS[endpoint], never())
        assert sent[0]["status"] == 401

    async def test_what_is_nested_too_deep_or_holds_too_much_is_refused_while_it_arrives(
        self, client: httpx.AsyncClient, host: StubHost, endpoint: str
    ) -> None:
        for piece, said in (
            (b"[" * 1000, "inside each other"),
            (b"1," * 60_000, "values"),
            (b"1" * 1000, "characters"),
        ):

            async def endless(piece: bytes = piece) -> Any:
                yield b'{"messages": ['
                for _ in range(10_000):
                    yield piece
                raise AssertionError("it was read to the end")

            reply = await client.post(PATHS[endpoint], content=endless())
            assert reply.status_code == 400
            assert said in reply.json()["error"]["message"]
        assert host.seen == []

    async def test_a_body_that_is_no_json_gets_the_apps_own_error(
        self, client: httpx.AsyncClient, service: StubService, endpoint: str
    ) -> None:
        for content in (b"{", b"[]", b"\xff\xfe", b'"role:nobody"', b"[" * 64):
            headers = {"content-type": "application/json"}
            through = await client.post(PATHS[endpoint], content=content, headers=headers)
            service.on = False
            around = await client.post(PATHS[endpoint], content=content, headers=headers)
            service.on = True
            assert through.status_code in (400, 422)
            assert (through.status_code, through.content) == (around.status_code, around.content)


async def test_what_the_app_does_not_need_to_lose_it_keeps(client: httpx.AsyncClient, host: StubHost) -> None:
    """A body without anything of ours arrives byte by byte as it was sent."""
    content = '{"messages":[{"role":"user","content":"\\ud800 мир"}],  "x": 1e400, "x": 2}'.encode()
    received: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        received.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    wrapped = RoleEngineMiddleware(app, service=host.service)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(wrapped), base_url="http://127.0.0.1") as direct:
        await direct.post(PATHS["chat"], content=content)
    assert received == [content]


async def test_a_changed_body_keeps_its_letters_and_has_its_new_length(service: StubService) -> None:
    received: list[tuple[str, bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert get_current() is not None
        received.append((dict(scope["headers"])[b"content-length"].decode(), (await receive())["body"]))

    async def receive() -> Any:
        return {"type": "http.request", "body": content}

    async def nothing(message: Any) -> None:
        raise AssertionError(message)

    content = '{"role_engine": "poet", "user": "мир", "half": "\\ud800", "temperature": 0.1}'.encode()
    scope = {"type": "http", "method": "POST", "path": PATHS["chat"], "headers": [(b"content-length", b"999")]}
    await RoleEngineMiddleware(app, service=service)(scope, receive, nothing)
    ((length, body),) = received
    assert json.loads(body) == {"user": "мир", "half": "\ud800", "temperature": 0.1}
    assert length == str(len(body))
    assert scope["headers"] == [(b"content-length", b"999")]
    assert get_current() is None


@pytest.mark.parametrize("endpoint", PATHS)
async def test_half_a_character_in_a_wrong_value_is_still_a_400(client: httpx.AsyncClient, endpoint: str) -> None:
    reply = await client.post(PATHS[endpoint], content=b'{"role_engine": {"\\ud800": "poet"}, "messages": []}')
    assert reply.status_code == 400
    assert "has no key" in reply.json()["error"]["message"]


async def test_without_a_loaded_model_the_role_is_not_taken_for_one(
    client: httpx.AsyncClient, host: StubHost, service: StubService
) -> None:
    service.model = None
    await client.post(PATHS["chat"], json=body(model="role:poet"))
    assert host.seen[0]["model"] is None


async def test_usage_and_finish_reason_in_a_stream(client: httpx.AsyncClient, host: StubHost) -> None:
    host.script = say(finish="length", tokens_delivered=9, tokens_prompt=30)
    asked = body(stream=True, stream_options={"include_usage": True})
    *_, last, usage = events((await client.post(PATHS["chat"], json=asked)).text)
    assert last["choices"][0]["finish_reason"] == "length" and "role_engine" in last
    assert usage["usage"] == {"prompt_tokens": 30, "completion_tokens": 9, "total_tokens": 39}


async def test_n_and_several_prompts(client: httpx.AsyncClient, host: StubHost) -> None:
    host.script = say(tokens_prompt=10)
    reply = (await client.post(PATHS["completions"], json=body(prompt=["a", "b"], n=3))).json()
    assert len(reply["role_engine"]["replies"]) == 6
    assert reply["usage"] == {"prompt_tokens": 20, "completion_tokens": 24, "total_tokens": 44}


async def test_an_error_of_the_app_is_not_touched(client: httpx.AsyncClient, host: StubHost) -> None:
    def fail(_: Any) -> Any:
        list(say()(_))
        raise RuntimeError("no model")

    host.script = fail
    with pytest.raises(RuntimeError, match="no model"):
        await client.post(PATHS["chat"], json=body())


async def test_other_paths_and_methods_pass(client: httpx.AsyncClient, host: StubHost) -> None:
    assert (await client.get(PATHS["chat"])).status_code == 405
    assert (await client.get("/v1/models", headers={"x-role-engine": "nobody"})).status_code == 200


async def test_behind_a_path_prefix(host: StubHost) -> None:
    transport = httpx.ASGITransport(host.app, root_path="/llm")
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        reply = await client.post("/llm" + PATHS["chat"], json=body(model="role:poet"))
    assert reply.json()["role_engine"]["role"] == "poet"


async def test_foreign_hosts_and_browsers_are_the_apps_affair(client: httpx.AsyncClient) -> None:
    wrong_host = await client.post(PATHS["chat"], json=body(model="role:nobody"), headers={"host": "evil.example"})
    assert wrong_host.json() == {"detail": "Invalid host header"}
    browser = await client.post(PATHS["chat"], json=body(model="role:nobody"), headers={"origin": "http://a.example"})
    assert browser.status_code == 400
    assert browser.headers["access-control-allow-origin"] == "*"


async def test_two_requests_at_once_do_not_mix(client: httpx.AsyncClient, host: StubHost) -> None:
    gate = Gate()
    host.script = gate
    roles = ["poet", "philosopher"] * 4
    asked = [
        client.post(PATHS["chat"], json=body(stream=bool(i % 3), role_engine=role)) for i, role in enumerate(roles)
    ]
    pending = [asyncio.ensure_future(one) for one in asked]
    while len(host.contexts) < len(roles) or not all(context and context.reports for context in host.contexts):
        await asyncio.sleep(0.01)
    gate.open.set()
    replies = await asyncio.gather(*pending)
    told = [json.loads(reply.text) if reply.text[0] == "{" else events(reply.text)[-1] for reply in replies]
    assert [one["role_engine"]["role"] for one in told] == roles


async def test_after_a_request_nothing_is_current_and_its_work_is_told_to_stop(
    client: httpx.AsyncClient, host: StubHost
) -> None:
    await client.post(PATHS["chat"], json=body())
    assert get_current() is None
    assert host.contexts[0] is not None and host.contexts[0].cancel.is_set()


async def test_error_replies_and_foreign_kinds_of_reply_pass_even_with_a_report(service: StubService) -> None:
    from role_engine.guard.report import ReplyReport

    reply = json.dumps({"choices": [{"finish_reason": "stop"}], "usage": HOST_USAGE}).encode()

    async def ask(status: int, *headers: tuple[bytes, bytes]) -> bytes:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            context = get_current()
            assert context is not None
            context.reports.append(ReplyReport(finish="stop"))
            await send({"type": "http.response.start", "status": status, "headers": list(headers)})
            await send({"type": "http.response.body", "body": reply[:9], "more_body": True})
            await send({"type": "http.response.body", "body": reply[9:]})

        transport = httpx.ASGITransport(RoleEngineMiddleware(app, service=service))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
            client.stream("POST", PATHS["chat"], json=body()) as response,
        ):
            return b"".join([part async for part in response.aiter_raw()])

    json_type = (b"content-type", b"application/json")
    assert b"role_engine" in await ask(200, json_type)
    assert await ask(500, json_type) == reply
    assert await ask(200, (b"content-type", b"text/plain")) == reply
    assert await ask(200, json_type, (b"content-encoding", b"br")) == reply
    assert await ask(200) == reply


class TestLargeChats:
    def chat(self, *contents: str, **more: Any) -> bytes:
        roles = ("user", "assistant")
        messages = [{"role": roles[i % 2], "content": content} for i, content in enumerate(contents)]
        return json.dumps({"messages": messages, **more}, ensure_ascii=False).encode()

    async def test_turns_that_cannot_fit_are_left_out_before_the_body_is_parsed(
        self, client: httpx.AsyncClient, host: StubHost, service: StubService
    ) -> None:
        service.most_text = TextLimit(1000, 1, 1000)
        content = self.chat("а" * 300, "б" * 300, "в", "г", "д", model="x")
        reply = await client.post(PATHS["chat"], content=content, headers={"content-type": "application/json"})
        assert reply.status_code == 200
        assert [message["content"] for message in host.seen[0]["messages"]] == ["в", "г", "д"]
        assert host.seen[0]["model"] == "x"

    @pytest.mark.parametrize("endpoint", PATHS)
    async def test_what_cannot_fit_at_all_is_refused(
        self, client: httpx.AsyncClient, host: StubHost, service: StubService, endpoint: str
    ) -> None:
        service.most_text = TextLimit(1000, 1, 1000)
        content = self.chat("а", "б", "в" * 600, prompt="в" * 1_300_000)
        reply = await client.post(PATHS[endpoint], content=content)
        assert reply.status_code in (400, 413)
        assert host.seen == []

    async def test_a_large_body_reaches_an_app_that_takes_it_parsed_without_its_bytes(
        self, service: StubService
    ) -> None:
        found: list[Any] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            context = get_current()
            assert context is not None
            found.append((context.body, (await receive())["body"], context.choice.role))

        async def receive() -> Any:
            return {"type": "http.request", "body": self.chat("а" * 100_000, role_engine="poet")}

        await asked_directly(RoleEngineMiddleware(app, service=service, parsed=True), PATHS["chat"], receive)
        ((body, handed_on, role),) = found
        assert (len(body["messages"][0]["content"]), handed_on, role) == (100_000, b"{}", "poet")
        assert "role_engine" not in body

    @pytest.mark.parametrize("parsed", [True, False])
    async def test_all_bodies_together_have_a_limit(self, service: StubService, parsed: bool) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            held = asyncio.get_running_loop().create_future()
            waiting.append(held)
            await held

        def body() -> Any:
            async def receive() -> Any:
                if waited:
                    await asyncio.Event().wait()
                waited.append(1)
                return {"type": "http.request", "body": self.chat("а" * 100_000)}

            waited: list[int] = []
            return receive

        waiting: list[Any] = []
        wrapped = RoleEngineMiddleware(app, service=service, parsed=parsed)
        wrapped._memory.limit = 500_000
        first = [asyncio.ensure_future(asked_directly(wrapped, PATHS["chat"], body())) for _ in range(2)]
        while len(waiting) < 2:
            await asyncio.sleep(0.01)
        sent = await asked_directly(wrapped, PATHS["chat"], body())
        assert sent[0]["status"] == 503 and (b"retry-after", b"5") in sent[0]["headers"]
        for held in waiting:
            held.set_result(None)
        await asyncio.gather(*first)
        assert wrapped._memory.taken == 0
