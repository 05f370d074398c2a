"""The Jinja that chat templates are written for, as Hugging Face and the webui render it."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from role_engine.errors import TemplateError


class TemplateRaised(Exception):
    """The template itself refused what it was given (`raise_exception`)."""


class GenerationTag(Extension):
    """`{% generation %}…{% endgeneration %}`: marks what the model itself writes, for training. Here it is its content.

    What is set inside stays inside, as in transformers.
    """

    tags = {"generation"}  # noqa: RUF012, Jinja declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.Scope(body, lineno=line)


def chat_environment() -> ImmutableSandboxedEnvironment:
    """A sandbox with the options, tags, filters and functions that chat templates expect.

    Source: `apply_chat_template` of transformers, and `modules/chat.py` of text-generation-webui, which agree but for
    the tag `generation` and options of `tojson`: those the webui does not know.
    """
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[GenerationTag, loopcontrols]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["strftime_now"] = lambda form: datetime.now().strftime(form)
    environment.globals["raise_exception"] = _raise
    return environment


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


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
def compile_template(source: str) -> jinja2.Template:
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
