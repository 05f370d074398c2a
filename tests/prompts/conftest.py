"""The chat templates of six families, as a model brings them and as the webui leaves them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "chat_templates"
FAMILIES = sorted(path.stem for path in FOLDER.glob("*.jinja"))
NO_SYSTEM_ROLE = {"gemma2", "mistral", "mistral-old"}
"""`mistral` has one, before the last user message, and loses it where a reply is continued."""

ONE_SYSTEM_MESSAGE = {"gemma3"}


def as_the_webui_loads_it(template: str) -> str:
    """Without its refusals: `modules/models_settings.py` of text-generation-webui does this to every template."""
    template = re.sub(r"\{\{-?\s*raise_exception\(.*?\)\s*-?\}\}", "", template, flags=re.DOTALL)
    return re.sub(r"raise_exception\([^)]*\)", "''", template)


@pytest.fixture(params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["raw", "loaded"])
def template(request: pytest.FixtureRequest, family: str) -> str:
    source = (FOLDER / f"{family}.jinja").read_text(encoding="utf-8")
    return source if request.param == "raw" else as_the_webui_loads_it(source)
