"""The extension works from `extensions/` as well as from `user_data/extensions/`, and beside others."""

from __future__ import annotations

import pytest

from role_engine.bench.replies.oracle import name_foreign

from . import client
from .client import ask, chat_body
from .host import LaunchHost
from .roles_for_tests import ALPHA_SYSTEM


def test_from_the_webuis_own_extensions_folder(hosts: LaunchHost) -> None:
    host = hosts("llama.cpp", "tiny-qwen3", place="extensions")
    mark = host.recording.mark()
    reply = ask(host.client, client.CHAT, chat_body("Кто ты?", role_engine={"role": "test-alpha"}))
    assert reply.report["role"] == "test-alpha"
    assert name_foreign(reply.text) == []
    assert host.recording.prompts(mark)[0].count(ALPHA_SYSTEM) == 1


def test_the_log_names_no_error(hosts: LaunchHost, loader: str) -> None:
    host = hosts(loader, "tiny-qwen3")
    ask(host.client, client.CHAT, chat_body("Кто ты?", role_engine={"role": "test-alpha"}))
    log = host.log.read_text("utf-8", "replace")
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4000]
    assert "Failed to load the extension" not in log


def test_beside_an_extension_that_generates_itself(hosts: LaunchHost) -> None:
    """Another extension's `custom_generate_reply` becomes the inner generator: its text is guarded too."""
    host = hosts("llama.cpp", "tiny-qwen3", extensions=("recorder", "role_engine", "parrot"), others=("parrot",))
    reply = ask(host.client, client.CHAT, chat_body("Кто ты?", role_engine={"role": "none", "mode": "strict"}))
    assert "Попугай говорит" in reply.text
    assert name_foreign(reply.text) == []
    plain = ask(host.client, client.CHAT, chat_body("Кто ты?", role_engine={"role": "none", "mode": "off"}))
    assert "建立" in plain.text


@pytest.mark.parametrize("path", ["/v1/role-engine/roles", "/v1/role-engine/health"])
def test_without_it_the_host_knows_no_such_routes(hosts: LaunchHost, path: str) -> None:
    bare = hosts("llama.cpp", "tiny-qwen3", extensions=("recorder",), install=False)
    assert bare.client.get(path).status_code == 404
