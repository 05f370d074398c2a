"""The webui's entry: its hooks, each one call long. What they do stands in `hosts/webui/`.

The webui loads this file alone, not as part of a package, so the folder around it is imported here as `role_engine`.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def _import_package() -> None:
    """Make this folder importable as `role_engine`, whatever name the webui gave to this file and wherever it lies."""
    folder = Path(__file__).resolve().parent
    loaded = sys.modules.get("role_engine")
    if loaded is not None and Path(str(loaded.__file__)).resolve().parent == folder:
        return
    for name in [name for name in sys.modules if name == "role_engine" or name.startswith("role_engine.")]:
        del sys.modules[name]
    spec = importlib.util.spec_from_file_location(
        "role_engine", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["role_engine"] = module
    spec.loader.exec_module(module)


_import_package()

from role_engine.hosts.webui.extension import install, make_default_params  # noqa: E402

params = make_default_params()
_extension = install(name=Path(__file__).parent.name, params=params)


def setup() -> None:
    _extension.setup()


def custom_css() -> str:
    return _extension.begin_page()


def ui() -> None:
    _extension.render_panel()


def state_modifier(state: dict[str, Any]) -> dict[str, Any]:
    return _extension.copy_state(state)


def custom_generate_chat_prompt(text: str, state: dict[str, Any], **kwargs: Any) -> str:
    return _extension.render_prompt(text, state, **kwargs)


def custom_generate_reply(
    question: str, original_question: str, state: dict[str, Any], stopping_strings: Any = None, is_chat: bool = False
) -> Iterator[str]:
    return _extension.generate(question, original_question, state, stopping_strings, is_chat)
