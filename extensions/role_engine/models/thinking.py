"""Whether a model reasons before it answers, found by rendering its chat template rather than by reading it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from role_engine.errors import TemplateError
from role_engine.language.markup.reasoning_formats import REASONING_FORMATS, THINK
from role_engine.models.report import ThinkingSupport
from role_engine.prompts.chat_templates import adapt_chat_template
from role_engine.prompts.sandbox import PROBE_VALUES, compile_template

_OPENERS = tuple(one.opener for one in REASONING_FORMATS if one.use != "stripped")
_SWITCHES = ("enable_thinking", "thinking")
_MARKS = ("reasoning_content", THINK.closer, "<|channel|>analysis", *_OPENERS)


def thinking_of(template: str | None, tokens: Sequence[str]) -> ThinkingSupport:
    """What the template makes of one question with thinking on and off.

    Args:
        template: the chat template, if there is one.
        tokens: marks of reasoning in the tokenizer.
    """
    if template is not None:
        on, off = _prompt(template, True), _prompt(template, False)
        if on is not None and off is not None and on != off:
            return ThinkingSupport(verdict="switch", tokens=tuple(tokens))
        if on is not None and on.rstrip().endswith(_OPENERS):
            return ThinkingSupport(verdict="always", tokens=tuple(tokens))
    marked = template is not None and any(mark in template for mark in _MARKS)
    return ThinkingSupport(verdict="possible" if marked or tokens else "none", tokens=tuple(tokens))


def _prompt(template: str, thinking: bool) -> str | None:
    values: dict[str, Any] = {**PROBE_VALUES, "add_generation_prompt": True, **dict.fromkeys(_SWITCHES, thinking)}
    try:
        return compile_template(adapt_chat_template(template)).render(
            messages=[{"role": "user", "content": "?"}], **values
        )
    except TemplateError:
        return None
    except Exception:  # a foreign template may fail in any way
        return None
