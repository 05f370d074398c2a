from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from role_engine import BackendError, ReplayBackend
from role_engine.hosts.in_force import Choice
from role_engine.hosts.models import engine_for
from tests.hosts.conftest import MakeApp
from tests.hosts.serve.serving import served


def test_a_server_in_front_of_a_server(make: MakeApp, leaky: ReplayBackend) -> None:
    """The inner one guards nothing; the outer one knows it by its address alone."""
    with served(make(leaky, default=Choice(mode="off"))) as inner:
        engine = engine_for(inner)
        assert (engine.name, engine.takes_text) == ("tiny", False)
        with served(make(engine.backend, engine={"count": engine.count, "options": engine.options})) as outer:
            body = {"model": "role:poet", "messages": [{"role": "user", "content": "Кто ты?"}]}
            reply = httpx.post(f"{outer}/v1/chat/completions", json=body, timeout=30).json()
            raw = httpx.post(f"{outer}/v1/completions", json={"prompt": "Раз"}).json()
    assert reply["choices"][0]["message"]["content"] == "Привет, мир."
    assert reply["role_engine"]["rejected"] == [{"kind": "latin", "count": 1}]
    assert "Ты — поэт" in leaky.attempts[0].request.prompt
    assert "Use /v1/chat/completions" in raw["error"]["message"]


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(BackendError):
        engine_for("http://127.0.0.1:9")
    with pytest.raises(BackendError):
        engine_for(str(tmp_path))
