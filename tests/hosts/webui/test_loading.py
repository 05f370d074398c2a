"""Loading, reloading and unticking the extension, and what it leaves in the host, on the stub of the webui."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import httpx

from tests.hosts.webui.conftest import SCRIPT


class Client:
    """Requests to an ASGI app, one after another."""

    def __init__(self, app):
        self.app = app

    def request(self, method, path, **kwargs):
        async def ask():
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(self.app), base_url="http://127.0.0.1"
            ) as client:
                return await client.request(method, path, **kwargs)

        return asyncio.run(ask())

    def get(self, path, **kwargs):
        return self.request("GET", path, **kwargs)

    def post(self, path, **kwargs):
        return self.request("POST", path, **kwargs)

    def put(self, path, **kwargs):
        return self.request("PUT", path, **kwargs)


def api(webui, **args):
    for name, value in {"api": True, **args}.items():
        setattr(webui.shared.args, name, value)
    from modules.api.script import app

    return Client(app)


def test_roles_are_named_on_a_server_that_is_serving_already(webui):
    client = api(webui)
    assert client.get("/v1/models").json()["data"] == [
        {"id": "tiny", "object": "model", "created": 0, "owned_by": "user"}
    ]
    webui.load()
    ids = [entry["id"] for entry in client.get("/v1/models").json()["data"]]
    assert ids[:1] == ["tiny"]
    assert {"role:sage", "role:clerk"} <= set(ids)
    assert client.get("/v1/role-engine/health").json()["status"] == "ok"
    reply = client.post("/v1/chat/completions", json={"messages": [], "model": "role:sage"})
    assert reply.json()["seen"] == {"role": "sage", "body": ["messages", "model"]}


def test_a_reload_leaves_one_middleware_one_set_of_routes_and_one_wrapper(webui):
    client = api(webui)
    from modules import ui
    from modules.api import models, script

    plain = (ui.list_interface_input_elements, models.list_models_openai_format, len(script.app.routes))
    for _ in range(3):
        webui.load()
    assert len(script.app.user_middleware) == 3  # the host's own, and two of ours
    ids = [entry["id"] for entry in client.get("/v1/models").json()["data"]]
    assert len(ids) == len(set(ids))
    webui.script._extension.uninstall()
    assert (ui.list_interface_input_elements, models.list_models_openai_format, len(script.app.routes)) == plain


def test_an_unticked_extension_is_a_pass_through(webui):
    client = api(webui)
    webui.load()
    webui.extensions.state.clear()
    assert [entry["id"] for entry in client.get("/v1/models").json()["data"]] == ["tiny"]
    assert client.get("/v1/role-engine/health").status_code == 404
    assert client.post("/v1/chat/completions", json={"messages": [], "role_engine": 5}).json()["seen"] is None


def test_without_the_key_nothing_is_said(webui):
    client = api(webui, api_key="secret", admin_key="boss")
    webui.load()
    reply = client.post("/v1/chat/completions", json={"messages": [], "role_engine": {"role": "nobody"}})
    assert reply.status_code == 401
    assert "sage" not in reply.text
    assert client.get("/v1/role-engine/roles").status_code == 401
    key = {"Authorization": "Bearer secret"}
    reply = client.post("/v1/chat/completions", json={"messages": [], "role_engine": {"role": "nobody"}}, headers=key)
    assert reply.status_code == 400
    assert "sage" in reply.json()["error"]["message"]
    assert client.put("/v1/role-engine/active", json={"role": "sage"}, headers=key).status_code == 401
    boss = {"Authorization": "Bearer boss"}
    assert client.put("/v1/role-engine/active", json={"role": "sage"}, headers=boss).json()["role"] == "sage"
    assert "мудрец" in webui.prompt("Кто ты?")
    webui.load()  # as «Apply flags/extensions and restart» does
    assert "мудрец" in webui.prompt("Кто ты?")


def test_the_engine_needs_no_torch_transformers_gradio_or_webui():
    code = (
        "import sys\n"
        "for name in ('torch', 'transformers', 'gradio', 'fastapi', 'starlette', 'modules'): sys.modules[name] = None\n"
        "import role_engine.language, role_engine.roles, role_engine.prompts, role_engine.guard, role_engine.backends\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SCRIPT.parents[1])


def test_a_broken_role_takes_nothing_else_down(webui, caplog):
    (webui.user_data / "role_engine" / "roles" / "broken.yaml").write_text("name: [", encoding="utf-8")
    webui.load()
    assert "broken" in caplog.text
    assert "мудрец" in webui.prompt("Кто ты?", webui.state(**{"role_engine:role": "sage"}))
