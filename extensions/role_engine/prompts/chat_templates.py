"""A model's own chat template, taught to carry a role and a reminder.

The webui renders a template many times while it shortens a long history, and takes messages away in between. What has
to stand at a certain place in the prompt must therefore be put there by the template itself: a prelude, in Jinja, that
rebinds `messages` before the model's own template looks at them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import jinja2
from jinja2 import nodes

from role_engine.prompts.sandbox import ENVIRONMENT, PROBE_VALUES, compiled

Support = Literal["native", "none"]

_SYSTEM_MARK = "role-engine-probe-system"
_USER_MARK = "role-engine-probe-user"


@lru_cache(maxsize=64)
def system_support(template: str) -> Support:
    """Whether a chat template has a place for a system message, found by rendering one.

    `none`: it raises on one, or the text does not come out, or only while the last word is the user's (Mistral 7B v0.3
    writes it before the last user message: a reply that is continued would have no role), or its refusal was cut away.
    The webui deletes every `raise_exception(…)` from a template it loads, so that Gemma 2's refusal is left as an `if`
    on the system role with nothing in it, and the message comes out under a role that the model has never seen.

    Raises:
        TemplateError: the template is not valid Jinja.
    """
    whole = compiled(template)
    user = {"role": "user", "content": _USER_MARK}
    system = {"role": "system", "content": _SYSTEM_MARK}
    answer = {"role": "assistant", "content": "role-engine-probe-answer"}
    if _USER_MARK not in (_rendered(whole, [user]) or ""):
        return "native"  # it wants something that we do not know: leave it as it is
    out = _rendered(whole, [system, user])
    if out is None or _SYSTEM_MARK not in out or _USER_MARK not in out:
        return "none"
    if _SYSTEM_MARK not in (_rendered(whole, [system, user, answer]) or _SYSTEM_MARK):
        return "none"
    refusing = _with_refusals(template)
    if refusing is not None and _rendered(refusing, [system, user]) is None:
        return "none"
    return "native"


def adapt_chat_template(template: str, *, reminder: str = "") -> str:
    """A chat template that behaves like `template`, and besides

    * where `template` has no system role, puts leading system messages before the first user message (a user message of
      their own if an assistant speaks first), and later ones before the user message that follows them;
    * ends the last user message, or a tool result after it, with `reminder`, a blank line between; without either the
      system message carries it.

    A message's content may be a string or a list of parts. With nothing to do, `template` itself is returned. The
    result expects the options that chat templates are rendered with (`trim_blocks`).

    Raises:
        TemplateError: `template` is not valid Jinja.
    """
    merges = system_support(template) == "none"
    reminder = reminder.strip()
    prelude = (_merge_system() if merges else "") + (_remind(reminder, as_user=merges) if reminder else "")
    # trim_blocks eats the line end after the prelude, and the template's own first line still is at a line's start.
    return f"{_one_line(prelude)}\n{template}" if prelude else template


def jinja_literal(text: str) -> str:
    """`text` as a Jinja string literal, safe anywhere in a template: no braces, quotes, `%` or line ends in it."""
    return '"' + "".join(char if char.isalnum() or char in " .,!?-—«»…" else _escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_TEXT_OF_CONTENT = (
    "(content if content is string else content | selectattr('text', 'defined') | map(attribute='text') | join('')"
    " if content is iterable else '')"
)

_MERGE_SYSTEM = """
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
APPEND_HELD
{%- elif role_engine.held -%}
{%- set role_engine.messages = role_engine.messages + [{'role': 'user', 'content': role_engine.held}] -%}
{%- endif -%}
{%- set messages = role_engine.messages %}
"""

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
{%- set role_engine.messages = [{'role': BEARER, 'content': ''}] + role_engine.messages -%}
{%- endif -%}
{%- set role_engine.at = [role_engine.at, 0] | max -%}
APPEND_HELD
{%- set messages = role_engine.messages %}
"""

# Ends message `role_engine.at` with `role_engine.held`. Everything lives in the namespace: a plain name would be seen
# by the model's template.
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


def _merge_system() -> str:
    append = "{%- set role_engine.at = (role_engine.messages | length) - 1 -%}" + _APPEND_HELD
    return _MERGE_SYSTEM.replace("TEXT_OF_CONTENT", _TEXT_OF_CONTENT).replace("APPEND_HELD", append)


def _remind(reminder: str, *, as_user: bool) -> str:
    bearer = "'user'" if as_user else "'system'"
    frame = _REMIND.replace("APPEND_HELD", _APPEND_HELD).replace("BEARER", bearer)
    return frame.replace("REMINDER", jinja_literal(reminder))


def _one_line(prelude: str) -> str:
    return "".join(line for line in prelude.splitlines())


def _rendered(template: jinja2.Template, messages: list[dict[str, str]]) -> str | None:
    try:
        return template.render(messages=messages, **PROBE_VALUES)
    except Exception:  # a foreign template may fail in any way; that it fails is the answer
        return None


def _with_refusals(template: str) -> jinja2.Template | None:
    """`template` with a refusal put back into every `if` on the system role that does nothing; None: there is none.

    Nobody writes an `if` without content, `elif` or `else`: it is what is left of one that raised.
    """
    tree = ENVIRONMENT.parse(template)
    branches = {id(branch) for node in tree.find_all(nodes.If) for branch in node.elif_}
    emptied = [
        node
        for node in tree.find_all(nodes.If)
        if id(node) not in branches
        and not node.elif_
        and not node.else_
        and _does_nothing(node.body)
        and _on_system(node.test)
    ]
    for node in emptied:
        refusal = nodes.Call(nodes.Name("raise_exception", "load"), [nodes.Const("no system role")], [], None, None)
        node.body = [nodes.Output([refusal])]
    if not emptied:
        return None
    tree.set_environment(ENVIRONMENT)
    return jinja2.Template.from_code(ENVIRONMENT, ENVIRONMENT.compile(tree), ENVIRONMENT.make_globals(None))


def _does_nothing(body: list[nodes.Node]) -> bool:
    return all(
        isinstance(node, nodes.Output)
        and all(
            (isinstance(piece, nodes.TemplateData) and not piece.data.strip())
            or (isinstance(piece, nodes.Const) and piece.value == "")
            for piece in node.nodes
        )
        for node in body
    )


def _on_system(test: nodes.Node) -> bool:
    if isinstance(test, nodes.Const):
        return test.value == "system"
    return any(const.value == "system" for const in test.find_all(nodes.Const))
