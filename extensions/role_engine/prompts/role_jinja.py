"""Jinja in a role (`jinja: true`): the part of the language that cannot run away.

A role file may come from anywhere, and Jinja's sandbox guards against reaching out, not against `{{ 'a' * 10**9 }}` or
three nested loops. So a role gets `{{ }}`, `if`, `for`, `set`, comparisons, `~`, `+`, `-` and a few filters that never
make a text longer than what went in. Loops are counted, and so are the characters of every joined text and of the
output: the cost is bounded by steps, not by a clock, and the same role always renders the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from role_engine.errors import TemplateError

MAX_SOURCE = 1_000_000
MAX_OUTPUT = 2_000_000
MAX_STEPS = 10_000

_FILTERS = ("capitalize", "d", "default", "first", "int", "last", "length", "count", "lower", "title", "trim", "upper")
_TESTS = ("defined", "undefined", "none", "string", "number", "odd", "even", "in", "eq", "ne", "lt", "le", "gt", "ge")
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Name, nodes.Const,
    nodes.List, nodes.Tuple, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.CondExpr,
    nodes.Concat, nodes.Add, nodes.Sub, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test,
)  # fmt: skip


class _Spent(Exception):
    """A bound is reached; the message says which."""


class _Meter(ImmutableSandboxedEnvironment):
    """One rendering's sandbox: it counts what that rendering costs."""

    def __init__(self) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True)
        self.steps = 0

    def step(self) -> str:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _Spent(f"goes round more than {MAX_STEPS:,} times")
        return ""

    def bounded(self, value: Any) -> Any:
        if isinstance(value, (str, list, tuple)) and len(value) > MAX_OUTPUT:
            raise _Spent(f"makes a text of more than {MAX_OUTPUT:,} characters")
        if isinstance(value, int) and abs(value) > 10**18:
            raise _Spent("makes a number of more than 18 digits")
        return value


def render_role_jinja(source: str, values: Mapping[str, str], *, where: Path | str) -> str:
    """The text of a role with `jinja: true`.

    Args:
        values: what {{user}}, {{char}} and {{date}} stand for.
        where: the role, for the error.

    Raises:
        TemplateError: not valid Jinja, something that roles may not use, or a bound is passed.
    """
    role = Path(where).stem
    if len(source) > MAX_SOURCE:
        raise TemplateError(f"The Jinja of role {role!r} is longer than {MAX_SOURCE:,} characters.")
    meter = _Meter()
    try:
        tree = meter.parse(source)
        _refuse_the_rest(tree, role)
        template = jinja2.Template.from_code(meter, meter.compile(_metered(tree, meter)), meter.make_globals(None))
        return "".join(_counted(template.generate(values)))
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            f"Role {role!r} is not valid Jinja, line {error.lineno} of its text: {error.message}."
        ) from None
    except _Spent as error:
        raise TemplateError(f"The Jinja of role {role!r} {error}.", hint="Make it simpler.") from None
    except TemplateError:
        raise
    except Exception as error:  # a template can fail in as many ways as Python
        raise TemplateError(f"The Jinja of role {role!r} fails: {error}.") from None


def _counted(pieces: Any) -> Any:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > MAX_OUTPUT:
            raise _Spent(f"makes a text of more than {MAX_OUTPUT:,} characters")
        yield piece


def _refuse_the_rest(tree: nodes.Template, role: str) -> None:
    for node in tree.find_all(nodes.Node):
        what = None
        if not isinstance(node, _ALLOWED):
            what = type(node).__name__.lower()
        elif isinstance(node, nodes.For) and node.recursive:
            what = "a recursive loop"
        elif isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            what = f"the filter {node.name}"
        elif isinstance(node, nodes.Test) and node.name not in _TESTS:
            what = f"the test {node.name}"
        if what is not None:
            raise TemplateError(
                f"The Jinja of role {role!r} may not use {what} (line {node.lineno} of its text).",
                hint="A role has {{ }}, if, for, set, ~, +, - and simple filters.",
            )


def _metered(tree: nodes.Template, meter: _Meter) -> nodes.Template:
    """`tree` with a step in every loop and a bound round everything that joins."""
    for loop in tree.find_all(nodes.For):
        step = nodes.Call(nodes.EnvironmentAttribute("step"), [], [], None, None)
        loop.body.insert(0, nodes.Output([step]))
    for node in list(tree.find_all(nodes.Node)):
        for name, value in list(node.iter_fields()):
            if isinstance(value, (nodes.Concat, nodes.Add, nodes.Sub)):
                setattr(node, name, _bounded(value))
            elif isinstance(value, list):
                value[:] = [
                    _bounded(item) if isinstance(item, (nodes.Concat, nodes.Add, nodes.Sub)) else item for item in value
                ]
    tree.set_environment(meter)
    return tree


def _bounded(node: nodes.Expr) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute("bounded"), [node], [], None, None)
