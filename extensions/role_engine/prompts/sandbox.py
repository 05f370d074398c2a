"""The Jinja that chat templates are written for, as Hugging Face and the webui render it."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

import jinja2
from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from role_engine.errors import TemplateError


class TemplateRaised(Exception):
    """The template itself refused what it was given (`raise_exception`)."""


def chat_environment() -> ImmutableSandboxedEnvironment:
    """A sandbox with the options, filters and functions that chat templates expect.

    Source: `apply_chat_template` of transformers, and `modules/chat.py` of text-generation-webui, which agree.
    """
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
    environment.filters["tojson"] = _tojson
    environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    environment.globals["raise_exception"] = _raise
    return environment


def _tojson(value: Any, indent: int | None = None, ensure_ascii: bool = False) -> str:
    return json.dumps(value, indent=indent, ensure_ascii=ensure_ascii)


def _raise(message: str) -> NoReturn:
    raise TemplateRaised(message)


ENVIRONMENT = chat_environment()

PROBE_VALUES: dict[str, Any] = {
    "bos_token": "",
    "eos_token": "",
    "add_generation_prompt": False,
    "tools": None,
    "builtin_tools": None,
    "tools_in_user_message": False,
    "enable_thinking": True,
    "thinking": True,
    "reasoning_effort": "medium",
    "preserve_thinking": False,
    "thinking_budget": -1,
    "name1": "You",
    "name2": "AI",
    "user_bio": "",
}
"""What the webui hands to a template besides the messages; names of no consequence."""


@lru_cache(maxsize=64)
def compiled(source: str) -> jinja2.Template:
    """The template, compiled in the sandbox.

    Raises:
        TemplateError: it is not valid Jinja.
    """
    try:
        return ENVIRONMENT.from_string(source)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"The chat template is not valid Jinja: {error.message}.", line=error.lineno) from None
    except (RecursionError, MemoryError, OverflowError) as error:
        raise TemplateError(f"The chat template cannot be compiled: {error}.") from None
