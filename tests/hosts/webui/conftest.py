"""A webui to test in: the stub's modules, a user_data folder with roles, the extension loaded as the webui does it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parents[2]
SCRIPT = TESTS.parent / "extensions" / "role_engine" / "script.py"
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
ROLES = {
    "sage": "name: Мудрец\nsystem: Ты — мудрец.\nreminder: Отвечай по-русски.\nnegative: [Не шути.]\n"
    'examples: [{user: "Что есть истина?", assistant: Верность сказанного бытию.}]\n',
    "clerk": "name: Писарь\nsystem: Ты — писарь.\nlanguage: {mode: strict}\ntemplate: plain\n",
}


class Webui:
    """The stub host with the extension in it."""

    def __init__(self, user_data: Path) -> None:
        from modules import chat, extensions, shared, text_generation, ui

        self.user_data = user_data
        self.chat, self.extensions, self.shared, self.generation, self.ui = (
            chat,
            extensions,
            shared,
            text_generation,
            ui,
        )
        self.script: Any = None

    def api(self) -> Any:
        """The host as the extension asks it."""
        from role_engine.hosts.webui.host_api import WebuiApi

        return WebuiApi()

    def load(self, name: str = "role_engine", **params: Any) -> ModuleType:
        """As `load_extensions` does with an extension of the user's: a lone file in a new module, then `setup()`."""
        spec = importlib.util.spec_from_file_location(f"user_ext_{name}", SCRIPT)
        assert spec is not None and spec.loader is not None
        self.script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.script)
        self.script.params.update(params)
        self.script.setup()
        self.extensions.state[name] = [True, 0, self.script]
        return self.script

    def model(self, *replies: list[str]) -> None:
        """Load a model that gives these replies, one a generation, the last again and again."""
        left = list(replies)

        def generate(prompt: str, state: dict[str, Any]) -> list[str]:
            return left.pop(0) if len(left) > 1 else left[0]

        self.shared.model, self.shared.model_name = Exllamav3Model(generate), "tiny"

    def state(self, **changes: Any) -> dict[str, Any]:
        return {
            "mode": "instruct", "name1": "You", "name2": "AI", "context": "",
            "user_bio": "", "custom_system_message": "",
            "instruction_template_str": CHATML, "chat_template_str": CHATML, "history": {"internal": [], "visible": []},
            "max_new_tokens": 100, "auto_max_new_tokens": False, "truncation_length": 2048, "seed": 1, "stream": True,
            "custom_stopping_strings": "", "enable_thinking": True, "reasoning_effort": "medium", "start_with": "",
            **changes,
        }  # fmt: skip

    def prompt(self, text: str, state: dict[str, Any] | None = None, **kwargs: Any) -> str:
        return self.script.custom_generate_chat_prompt(
            text, self.script.state_modifier(state or self.state()), **kwargs
        )

    def chat_reply(self, text: str, state: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """All yields of one reply in the chat, through the hooks in the host's order."""
        state = self.script.state_modifier(state or self.state())
        prompt = self.script.custom_generate_chat_prompt(text, state, **kwargs)
        return list(self.script.custom_generate_reply(prompt, prompt, state, ["\nYou:"], is_chat=True))


class Exllamav3Model:
    """A loader of which only text is known."""

    def __init__(self, generate: Any) -> None:
        self._generate = generate

    def __call__(self, prompt: str, state: dict[str, Any]) -> list[str]:
        return self._generate(prompt, state)


@pytest.fixture
def webui(tmp_path: Path) -> Iterator[Webui]:
    before = set(sys.modules)
    sys.path.insert(0, str(TESTS / "stub_webui"))
    try:
        from modules import shared

        shared.user_data_dir = tmp_path / "user_data"
        shared.args = SimpleNamespace(
            api=False, public_api=False, api_key=None, admin_key=None, loader="ExLlamav3", portable=False,
            model_dir=str(tmp_path / "models"),
        )  # fmt: skip
        roles = shared.user_data_dir / "role_engine" / "roles"
        roles.mkdir(parents=True)
        for name, text in ROLES.items():
            (roles / f"{name}.yaml").write_text(text, encoding="utf-8")
        templates = shared.user_data_dir / "role_engine" / "prompt-templates"
        templates.mkdir()
        (templates / "plain.jinja").write_text(
            "{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}\n{% endfor %}"
        )
        (templates / "plain.txt").write_text("{{system}}\nВопрос: {{prompt}}\nОтвет:")
        yield Webui(shared.user_data_dir)
    finally:
        sys.path.remove(str(TESTS / "stub_webui"))
        installed = sys.modules.get("role_engine.hosts.webui.extension")
        if installed is not None:
            if installed._installed is not None:
                installed._installed.uninstall()
            installed._installed = None
        for name in set(sys.modules) - before:
            if name == "modules" or name.startswith("modules."):
                del sys.modules[name]
