"""The pieces of Jinja that stand before a model's chat template and rebind `messages` for it.

Each is one line without text of its own. A plain name that was set at the top would be seen by the model's template:
everything lives in the namespace `role_engine`, or inside a loop.
"""

from __future__ import annotations

from collections.abc import Sequence


def jinja_literal(text: str) -> str:
    """`text` as a Jinja string literal, safe anywhere in a template: no braces, quotes, `%` or line ends in it."""
    return '"' + "".join(char if char.isalnum() or char in " .,!?-—«»…" else _escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _one_line(jinja: str) -> str:
    return "".join(jinja.splitlines())


_TEXT_OF_CONTENT = (
    "(content if content is string else content | selectattr('text', 'defined') | map(attribute='text') | join('')"
    " if content is iterable else '')"
)

# Ends message `role_engine.at` with `role_engine.held`.
_APPEND_HELD = """
{%- set role_engine.content = role_engine.messages[role_engine.at]['content'] -%}
{%- if role_engine.content is string or role_engine.content is not iterable -%}
{%- set role_engine.content = (role_engine.content ~ '\\n\\n' if role_engine.content else '') ~ role_engine.held -%}
{%- else -%}
{%- set role_engine.held = ('\\n\\n' if role_engine.content else '') ~ role_engine.held -%}
{%- set role_engine.content = role_engine.content | list + [{'type': 'text', 'text': role_engine.held}] -%}
{%- endif -%}
{%- set role_engine.changed = [dict(role_engine.messages[role_engine.at], content=role_engine.content)] -%}
{%- set role_engine.after = role_engine.messages[role_engine.at + 1:] -%}
{%- set role_engine.messages = role_engine.messages[:role_engine.at] + role_engine.changed + role_engine.after -%}
"""

SYSTEM_INTO_USER = _one_line(
    """
{%- set role_engine = namespace(messages=[], held='') -%}
{%- for message in messages -%}
{%- set content = message['content'] -%}
{%- if message['role'] == 'system' -%}
{%- set text = TEXT_OF_CONTENT -%}
{%- set role_engine.held = role_engine.held ~ ('\\n\\n' if role_engine.held and text else '') ~ text -%}
{%- elif role_engine.held and message['role'] == 'user' -%}
{%- if content is string or content is not iterable -%}
{%- set content = role_engine.held ~ ('\\n\\n' ~ content if content else '') -%}
{%- else -%}
{%- set content = [{'type': 'text', 'text': role_engine.held ~ '\\n\\n'}] + content | list -%}
{%- endif -%}
{%- set role_engine.messages = role_engine.messages + [dict(message, content=content)] -%}
{%- set role_engine.held = '' -%}
{%- else -%}
{%- if role_engine.held and not role_engine.messages -%}
{%- set role_engine.messages = [{'role': 'user', 'content': role_engine.held}] -%}
{%- set role_engine.held = '' -%}
{%- endif -%}
{%- set role_engine.messages = role_engine.messages + [message] -%}
{%- endif -%}
{%- endfor -%}
{%- if role_engine.held and role_engine.messages and role_engine.messages[-1]['role'] == 'user' -%}
{%- set role_engine.at = (role_engine.messages | length) - 1 -%}
APPEND_HELD
{%- elif role_engine.held -%}
{%- set role_engine.messages = role_engine.messages + [{'role': 'user', 'content': role_engine.held}] -%}
{%- endif -%}
{%- set messages = role_engine.messages %}
""".replace("TEXT_OF_CONTENT", _TEXT_OF_CONTENT).replace("APPEND_HELD", _APPEND_HELD)
)
"""For a template without a system role: system messages lead the user message that follows them."""

ONE_SYSTEM = _one_line(
    """
{%- if messages[1:] | selectattr('role', 'equalto', 'system') | list -%}
{%- set role_engine = namespace(messages=[], held='') -%}
{%- for message in messages -%}
{%- if message['role'] == 'system' -%}
{%- set content = message['content'] -%}
{%- set text = TEXT_OF_CONTENT -%}
{%- set role_engine.held = role_engine.held ~ ('\\n\\n' if role_engine.held and text else '') ~ text -%}
{%- else -%}
{%- set role_engine.messages = role_engine.messages + [message] -%}
{%- endif -%}
{%- endfor -%}
{%- set messages = [{'role': 'system', 'content': role_engine.held}] + role_engine.messages -%}
{%- endif %}
""".replace("TEXT_OF_CONTENT", _TEXT_OF_CONTENT)
)
"""For a template that keeps one system message: all of them as the first."""

USER_FIRST = _one_line(
    """
{%- set role_engine = namespace(leading=[], messages=[], user='') -%}
{%- for message in messages -%}
{%- if message['role'] == 'system' and not role_engine.messages -%}
{%- set role_engine.leading = role_engine.leading + [message] -%}
{%- else -%}
{%- set role_engine.messages = role_engine.messages + [message] -%}
{%- endif -%}
{%- endfor -%}
{%- if role_engine.messages and role_engine.messages[0]['role'] == 'assistant' -%}
{%- set messages = role_engine.leading + [{'role': 'user', 'content': '…'}] + role_engine.messages -%}
{%- endif %}
"""
)
"""For a template that refuses a chat which an assistant begins."""

AS_PARTS = _one_line(
    """
{%- set role_engine = namespace(messages=[]) -%}
{%- for message in messages -%}
{%- set content = message['content'] -%}
{%- if content is string -%}
{%- set content = [{'type': 'text', 'text': content}] -%}
{%- endif -%}
{%- set role_engine.messages = role_engine.messages + [dict(message, content=content)] -%}
{%- endfor -%}
{%- set messages = role_engine.messages %}
"""
)
"""For a template that reads parts only."""

# What was said with a call of a tool stays by itself, and so does the last message where it is the assistant's: the
# webui has a reply continued by rendering a stand-in behind it.
_JOINED_TURNS = """
{%- set role_engine = namespace(messages=[], role='', calls=false) -%}
{%- for message in messages -%}
{%- set calls = message['tool_calls'] or message['role'] == 'assistant' and loop.last -%}
{%- if message['role'] == role_engine.role and message['role'] in ROLES and not calls and not role_engine.calls -%}
{%- set before = role_engine.messages[-1] -%}
{%- set first, second = before['content'], message['content'] -%}
{%- if (first is string or not first) and (second is string or not second) -%}
{%- set content = (first or '') ~ ('\\n\\n' if first and second else '') ~ (second or '') -%}
{%- else -%}
{%- set first = [{'type': 'text', 'text': first or ''}] if first is string or not first else first | list -%}
{%- set second = [{'type': 'text', 'text': second or ''}] if second is string or not second else second | list -%}
{%- set content = first + [{'type': 'text', 'text': '\\n\\n'}] + second -%}
{%- endif -%}
{%- set role_engine.messages = role_engine.messages[:-1] + [dict(before, content=content)] -%}
{%- else -%}
{%- set role_engine.messages = role_engine.messages + [message] -%}
{%- endif -%}
{%- set role_engine.role = message['role'] -%}
{%- set role_engine.calls = message['tool_calls'] -%}
{%- endfor -%}
{%- set messages = role_engine.messages %}
"""


def join_turns(roles: Sequence[str]) -> str:
    """Messages of these roles that follow each other become one; "" for no roles."""
    listed = ", ".join(f"'{role}'" for role in roles)
    return _one_line(_JOINED_TURNS.replace("ROLES", f"[{listed}]")) if roles else ""


_REMIND = """
{%- set role_engine = namespace(at=-1, messages=messages | list, held=REMINDER) -%}
{%- for message in messages -%}
{%- set content = message['content'] -%}
{%- set fits = content is iterable and content is not mapping -%}
{%- if message['role'] == 'user' or message['role'] == 'tool' and role_engine.at >= 0 and fits -%}
{%- set role_engine.at = loop.index0 -%}
{%- endif -%}
{%- endfor -%}
{%- if role_engine.at < 0 and (not role_engine.messages or role_engine.messages[0]['role'] != 'system') -%}
{%- set role_engine.messages = [{'role': 'BEARER', 'content': ''}] + role_engine.messages -%}
{%- endif -%}
{%- set role_engine.at = [role_engine.at, 0] | max -%}
APPEND_HELD
{%- set messages = role_engine.messages %}
"""


def reminding(reminder: str, *, bearer: str) -> str:
    """The last user message, or a tool result behind it, ends with `reminder`; a message of `bearer` where there is
    neither."""
    frame = _REMIND.replace("APPEND_HELD", _APPEND_HELD).replace("BEARER", bearer)
    return _one_line(frame.replace("REMINDER", jinja_literal(reminder)))
