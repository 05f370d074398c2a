"""Roles, templates, an engine of scripts, and a server of our own with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from role_engine import ReplayBackend, RoleLibrary, TemplateLibrary
from role_engine.app.engine import Engine
from role_engine.backends.base import Backend

if TYPE_CHECKING:
    from fastapi import FastAPI

CHATML = (
    "{%- for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor -%}"
    "{%- if add_generation_prompt %}<|im_start|>assistant\n{% endif -%}"
)

POET = """
name: Поэт
system: Ты — поэт по имени {{char}}.
examples: [{user: Скажи., assistant: Сказал.}]
reminder: Отвечай стихами.
greeting: "Здравствуй, {{user}}."
language: {mode: strict}
sampling: {temperature: 0.6, top_k: 7, max_new_tokens: 33}
"""

MakeApp = Callable[..., "FastAPI"]


def words(text: str) -> int:
    return len(text.split())


def engine_of(backend: Backend, **changes: Any) -> Engine:
    return Engine(**{"backend": backend, "name": "tiny", "count": words, "chat_template": CHATML, **changes})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The roles' folder: a poet, and a philosopher."""
    roles = tmp_path / "roles"
    roles.mkdir()
    (roles / "poet.yaml").write_text(POET, encoding="utf-8")
    (roles / "philosopher.yaml").write_text("name: Философ\nsystem: Ты — философ.\n", encoding="utf-8")
    return roles


@pytest.fixture
def library(folder: Path) -> RoleLibrary:
    return RoleLibrary([folder])


@pytest.fixture
def templates() -> TemplateLibrary:
    from role_engine.paths import builtin_templates

    return TemplateLibrary([builtin_templates()])


@pytest.fixture
def make(library: RoleLibrary, templates: TemplateLibrary) -> MakeApp:
    """`make(backend, …)`: the app, without the page."""
    from role_engine.hosts.serve.app import make_app

    def app(backend: Backend, *, engine: dict[str, Any] | None = None, **settings: Any) -> FastAPI:
        return make_app(engine_of(backend, **(engine or {})), library, templates, **{"page": False, **settings})

    return app


@pytest.fixture
def leaky() -> ReplayBackend:
    """Says an English word first, and Russian when asked again."""

    def script(request: Any) -> list[str]:
        return [" мир", "."] if request.prefix else ["Привет", ",", " hello", " мир", "."]

    return ReplayBackend(script)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
