"""Errors in the form that each API's clients read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from role_engine.errors import RoleError
from role_engine.hosts.http.context import Endpoint
from role_engine.hosts.http.error_forms import error_response, without_folder


def content(endpoint: Endpoint, status: int, message: str = "So.", param: str | None = None) -> Any:
    response = error_response(endpoint, status, message, param)
    assert response.status_code == status
    return json.loads(bytes(response.body))


@pytest.mark.parametrize("endpoint", ["chat", "completions"])
def test_openai(endpoint: Endpoint) -> None:
    assert content(endpoint, 400, param="model") == {
        "error": {"message": "So.", "type": "invalid_request_error", "param": "model", "code": None}
    }
    assert content(endpoint, 500)["error"]["type"] == "server_error"


def test_anthropic() -> None:
    assert content("messages", 400) == {"type": "error", "error": {"type": "invalid_request_error", "message": "So."}}
    assert content("messages", 413)["error"]["type"] == "request_too_large"
    assert content("messages", 500)["error"]["type"] == "api_error"


def test_half_a_character_is_replaced() -> None:
    assert content("chat", 400, "мир \ud800")["error"]["message"] == "мир ?"


def test_the_folder_of_a_file_is_kept_back() -> None:
    error = RoleError("Wrong.", path=Path("/home/me/roles/poet.yaml"), line=2, hint="Mend it.")
    assert without_folder(error) == "poet.yaml:2: Wrong. Mend it."
    assert without_folder(RoleError("Wrong.")) == "Wrong."
