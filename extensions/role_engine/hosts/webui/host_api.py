"""The webui's own code, as far as this extension uses it: a typed protocol, and the webui itself behind it.

`modules` is the webui's package. It can be imported only inside of a running webui, and parts of it (the page, the API)
only where the webui has started them, so each member imports what it needs when it is used.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

Generate = Callable[..., Iterator[str]]
"""As `custom_generate_reply`: from prompt, question, state, stop strings and `is_chat` to a reply that grows."""
GeneratorName = Literal["generate_reply_custom", "generate_reply_HF"]
"""The webui's own generators: for models that sample by themselves, and for those that Transformers samples from."""


class HostShared(Protocol):
    """`modules.shared`: what the whole webui shares. The model is the one that is loaded now."""

    user_data_dir: str | Path
    args: Any
    settings: dict[str, Any]
    default_settings: dict[str, Any]
    model: Any
    model_name: str | None
    tokenizer: Any
    bos_token: str
    eos_token: str
    is_multimodal: bool
    stop_everything: bool


class HostPage(Protocol):
    """The webui's page while it is built; `boxes` are gradio's components, by their names."""

    @property
    def boxes(self) -> dict[str, Any]: ...

    @property
    def ui(self) -> Any:
        """`modules.ui`, the module: functions of it are wrapped."""
        ...

    @property
    def generate_reply(self) -> Callable[..., Iterator[Any]]:
        """The function behind each event of the page that makes a reply."""
        ...

    @property
    def load_model(self) -> Callable[..., Any]:
        """The function behind each event of the page that loads a model."""
        ...

    def list_state_boxes(self) -> Any:
        """The boxes that a request's state is gathered from."""
        ...

    def list_chat_boxes(self) -> Any:
        """The boxes that `generate_reply` reads."""
        ...

    def find_boxes(self, *names: str) -> Any:
        """Those boxes, as an event takes them."""
        ...


@dataclass(frozen=True, slots=True)
class HostServer:
    """The webui's API server.

    Attributes:
        app: the FastAPI app; it may be serving.
        check_key, check_admin_key: its own dependencies.
        models: the module that lists models; a function of it is wrapped.
    """

    app: Any
    check_key: Iterable[Any]
    check_admin_key: Iterable[Any]
    models: Any


class HostApi(Protocol):
    """What is asked of the webui."""

    @property
    def shared(self) -> HostShared: ...

    @property
    def page(self) -> HostPage: ...

    @property
    def logger(self) -> logging.Logger:
        """The webui's own log."""
        ...

    @property
    def stop_exception(self) -> type[Exception]:
        """What a logits processor raises to end a generation."""
        ...

    @property
    def template_environment(self) -> Any:
        """The Jinja environment that chat templates are compiled in; None where this webui has none."""
        ...

    def find_server(self) -> HostServer:
        """The API server. Raises ImportError where the webui was started without one."""
        ...

    def is_extension_enabled(self, name: str) -> bool: ...

    def find_hooks(self, hook: str, *, besides: str) -> Iterator[Callable[..., Any]]:
        """The enabled extensions' functions of that name, in the webui's order, but for the extension `besides`."""
        ...

    def is_model_loaded(self) -> bool: ...

    def find_generator(self, name: GeneratorName) -> Generate: ...

    def render_chat(self, text: str, state: dict[str, Any], kwargs: Mapping[str, Any]) -> str:
        """The webui's own prompt of a chat.

        Raises:
            ValueError: it stays too long.
        """
        ...

    def load_template(self, name: str) -> str:
        """One of the webui's instruction templates."""
        ...

    def list_preset_parameters(self) -> Iterable[str]:
        """The sampling parameters that a preset sets."""
        ...

    def count_tokens(self, text: str) -> int:
        """By the tokenizer of the model that is loaded; there must be one."""
        ...

    def set_seed(self, seed: int) -> int:
        """Seed what the webui seeds for a generation; a random seed for -1. Returns the seed."""
        ...


class WebuiPage:
    """Implements `HostPage`."""

    @property
    def boxes(self) -> dict[str, Any]:
        from modules import shared

        boxes: dict[str, Any] = shared.gradio
        return boxes

    @property
    def ui(self) -> Any:
        from modules import ui

        return ui

    @property
    def generate_reply(self) -> Callable[..., Iterator[Any]]:
        from modules import chat

        generate: Callable[..., Iterator[Any]] = chat.generate_chat_reply_wrapper
        return generate

    @property
    def load_model(self) -> Callable[..., Any]:
        from modules import ui_model_menu

        load: Callable[..., Any] = ui_model_menu.load_model_wrapper
        return load

    def list_state_boxes(self) -> Any:
        from modules import shared
        from modules.utils import gradio

        return gradio(shared.input_elements)

    def list_chat_boxes(self) -> Any:
        from modules.ui_chat import inputs
        from modules.utils import gradio

        return gradio(inputs)

    def find_boxes(self, *names: str) -> Any:
        from modules.utils import gradio

        return gradio(*names)


class WebuiApi:
    """Implements `HostApi` in a running webui."""

    def __init__(self) -> None:
        from modules import shared

        self.shared: HostShared = shared
        self.page: HostPage = WebuiPage()

    @property
    def logger(self) -> logging.Logger:
        from modules.logging_colors import logger

        log: logging.Logger = logger
        return log

    @property
    def stop_exception(self) -> type[Exception]:
        from modules.callbacks import StopNowException

        stop: type[Exception] = StopNowException
        return stop

    @property
    def template_environment(self) -> Any:
        from modules import chat

        return getattr(chat, "jinja_env", None)

    def find_server(self) -> HostServer:
        from modules.api import models, script

        return HostServer(script.app, script.check_key, script.check_admin_key, models)

    def is_extension_enabled(self, name: str) -> bool:
        from modules import extensions

        return bool(extensions.state.get(name, (False,))[0])

    def find_hooks(self, hook: str, *, besides: str) -> Iterator[Callable[..., Any]]:
        from modules import extensions

        for extension, name in extensions.iterator():
            found = getattr(extension, hook, None)
            if found is not None and name != besides:
                yield found

    def is_model_loaded(self) -> bool:
        from modules.utils import check_model_loaded

        return bool(check_model_loaded()[0])

    def find_generator(self, name: GeneratorName) -> Generate:
        from modules import text_generation

        generate: Generate = getattr(text_generation, name)
        return generate

    def render_chat(self, text: str, state: dict[str, Any], kwargs: Mapping[str, Any]) -> str:
        from modules import chat

        return str(chat.generate_chat_prompt(text, state, **kwargs))

    def load_template(self, name: str) -> str:
        from modules import chat

        return str(chat.load_instruction_template_memoized(name))

    def list_preset_parameters(self) -> Iterable[str]:
        from modules import presets

        names: Iterable[str] = presets.presets_params()
        return names

    def count_tokens(self, text: str) -> int:
        from modules import text_generation

        return len(text_generation.encode(text)[0])

    def set_seed(self, seed: int) -> int:
        from modules import text_generation

        return int(text_generation.set_manual_seed(seed))
