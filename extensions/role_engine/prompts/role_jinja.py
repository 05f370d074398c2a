"""Jinja in a role (`jinja: true`): the part of the language that cannot run away.

A role file may come from anywhere, and Jinja's sandbox guards against reaching out, not against `{{ 'a' * 10**9 }}`,
three nested loops, or a list that holds itself twice, sixty times over. So a role gets `{{ }}`, `if`, `for`, `set`,
comparisons, `~`, `+`, `-` and a few filters; and everything that may cost more than a step is weighed before it is
done. What is weighed are characters: a text weighs as many as it has, a list what is in it weighs, as often as it is.

| bound | of what |
| --- | --- |
| `MAX_SOURCE`, `MAX_TOKENS` | the text, before it is parsed |
| `MAX_STEPS` | rounds of loops |
| `MAX_OUTPUT` | any one value, and the output |
| `MAX_WORK` | all that is joined, compared, filtered and printed |
| `MAX_SECONDS` | the whole, on a machine that is so slow that the others come too late |

All of them are for a role, not for each of its texts: they share a `JinjaBudget`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from role_engine.errors import TemplateError

MAX_SOURCE = 1_000_000
MAX_TOKENS = 5_000
MAX_OUTPUT = 2_000_000
MAX_STEPS = 10_000
MAX_WORK = 8_000_000
MAX_SECONDS = 5.0

_FILTERS = {
    # by name: how many arguments, and how much a character costs
    "capitalize": (0, 1), "d": (2, 0), "default": (2, 0), "first": (0, 0), "int": (1, 1), "last": (0, 0),
    "length": (0, 0), "count": (0, 0), "lower": (0, 1), "title": (0, 10), "trim": (0, 1), "upper": (0, 1),
}  # fmt: skip
_TESTS = ("defined", "undefined", "none", "string", "number", "odd", "even", "in", "eq", "ne", "lt", "le", "gt", "ge")
_COMPARING = ("in", "eq", "ne", "lt", "le", "gt", "ge")
_OF_NUMBERS = ("odd", "even")
"""Jinja's own do `value % 2`, which formats a text."""
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Name, nodes.Const,
    nodes.List, nodes.Tuple, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.CondExpr,
    nodes.Concat, nodes.Add, nodes.Sub, nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Test,
)  # fmt: skip
_EACH_TEXT = 20
"""What compiling a text costs besides, in tokens."""
_LONGEST_NUMBER = 18
_EACH = 8
"""What a value weighs besides its characters, so that lists of nothing weigh something too."""


class _Spent(Exception):
    """A bound is reached; the message says which."""


class JinjaBudget:
    """What the texts of one role may cost, together."""

    def __init__(self) -> None:
        self.tokens = self.steps = self.output = self.work = 0
        self.deadline: float | None = None

    def count_tokens(self, number: int = 1) -> None:
        self.tokens += number
        if self.tokens > MAX_TOKENS:
            raise _Spent(f"is made of more than {MAX_TOKENS:,} words and signs")

    def count_steps(self, number: int) -> None:
        self.steps += number
        if self.steps > MAX_STEPS:
            raise _Spent(f"goes round more than {MAX_STEPS:,} times")

    def count_output(self, number: int) -> None:
        self.output += number
        if self.output > MAX_OUTPUT:
            raise _Spent(f"makes a text of more than {MAX_OUTPUT:,} characters")

    def count_work(self, number: int) -> None:
        """Before the work is done."""
        self.work += _EACH + number
        if self.work > MAX_WORK:
            raise _Spent(f"moves more than {MAX_WORK:,} characters about")
        if self.deadline is None:
            self.deadline = time.monotonic() + MAX_SECONDS
        elif time.monotonic() > self.deadline:
            raise _Spent(f"takes longer than {MAX_SECONDS:g} seconds")


class _Meter(ImmutableSandboxedEnvironment):
    """One rendering's sandbox: its methods stand round every operation of a template that may be dear."""

    def __init__(self, budget: JinjaBudget) -> None:
        super().__init__(trim_blocks=True, lstrip_blocks=True)
        self.budget = budget
        self._weights: dict[int, tuple[Any, int]] = {}  # of lists; kept, so that no other gets the id
        for name in _OF_NUMBERS:
            self.tests[name] = self._of_numbers(self.tests[name])

    def weight(self, value: Any) -> int:
        if isinstance(value, str):
            return _EACH + len(value)
        if not isinstance(value, (list, tuple)):
            return 50  # a number, a name, Jinja's `loop`: what is printed of it is short
        known = self._weights.get(id(value))
        if known is None:
            total = _EACH
            for item in value:
                total += self.weight(item)
                if total > MAX_OUTPUT:
                    raise _Spent(f"makes a value of more than {MAX_OUTPUT:,} characters")
            known = self._weights[id(value)] = (value, total)
            self.budget.count_work(_EACH * len(value))
        return known[1]

    def weigh(self, value: Any, price: int = 1) -> Any:
        """`value`, before something is done to it that looks at all of it."""
        self.budget.count_work(price * self.weight(value))
        return value

    def charge_made(self, value: Any) -> Any:
        """`value`, which has just been made."""
        if isinstance(value, (str, list, tuple)) and self.weight(value) > MAX_OUTPUT:
            raise _Spent(f"makes a text of more than {MAX_OUTPUT:,} characters")
        if isinstance(value, int) and abs(value) >= 10**_LONGEST_NUMBER:
            raise _Spent(f"makes a number of more than {_LONGEST_NUMBER} digits")
        return value

    def charge_printed(self, value: Any) -> str:
        self.weigh(value)
        text = str(value)
        self.budget.count_work(len(text))
        return text

    def charge_loop(self, value: Any) -> Any:
        """What a loop goes over: its rounds are paid before it begins, also those that its `if` leaves out."""
        if hasattr(value, "__len__"):
            self.budget.count_steps(len(value))
        return value

    def number(self, value: Any) -> Any:
        """What `int` is asked of: a text of a million digits takes Python a while."""
        if isinstance(value, (str, list, tuple)) and self.weight(value) > 100:
            return ""
        return value

    @staticmethod
    def _of_numbers(test: Any) -> Any:
        def test_number(value: Any) -> bool:
            return isinstance(value, (int, float)) and bool(test(value))

        return test_number


def render_role_jinja(
    source: str, values: Mapping[str, str], *, where: Path | str, budget: JinjaBudget | None = None
) -> str:
    """The text of a role with `jinja: true`.

    Args:
        values: what {{user}}, {{char}} and {{date}} stand for.
        where: the role, for the error.
        budget: what is left for it; None: it is the role's only text.

    Raises:
        TemplateError: not valid Jinja, something that roles may not use, or a bound is passed.
    """
    role = Path(where).stem
    if len(source) > MAX_SOURCE:
        raise TemplateError(f"The Jinja of role {role!r} is longer than {MAX_SOURCE:,} characters.")
    budget = budget or JinjaBudget()
    try:
        if "{" not in source:  # nothing to compile, which is what takes time: a role may have thousands of examples
            budget.count_output(len(source))
            return source.removesuffix("\n")
        meter = _Meter(budget)
        _count_tokens(meter, source)
        tree = meter.parse(source)
        _refuse_the_rest(tree, role)
        code = meter.compile(_metered(tree, meter))
        template = jinja2.Template.from_code(meter, code, {})
        return "".join(_counted(template.generate(values), budget))
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            f"Role {role!r} is not valid Jinja, line {error.lineno} of its text: {_short(error.message)}."
        ) from None
    except _Spent as error:
        raise TemplateError(f"The Jinja of role {role!r} {error}.", hint="Make it simpler.") from None
    except TemplateError:
        raise
    except Exception as error:  # a template can fail in as many ways as Python
        raise TemplateError(f"The Jinja of role {role!r} fails: {_short(str(error))}.") from None


def _short(said: str | None) -> str:
    said = said or "it is not"
    return said if len(said) <= 200 else f"{said[:200]}…"


def _counted(pieces: Iterable[str], budget: JinjaBudget) -> Iterator[str]:
    for piece in pieces:
        budget.count_output(len(piece))
        yield piece


def _count_tokens(meter: _Meter, source: str) -> None:
    """Before they are parsed: a megabyte of `{{ user }}` takes Python's compiler half a minute."""
    meter.budget.count_tokens(_EACH_TEXT)
    for _, kind, text in meter.lexer.tokeniter(source, None):
        if kind in ("integer", "float") and len(text) > 2 * _LONGEST_NUMBER:
            raise _Spent(f"holds a number of more than {2 * _LONGEST_NUMBER} digits")
        if kind not in ("data", "whitespace", "comment"):
            meter.budget.count_tokens()


def _refuse_the_rest(tree: nodes.Template, role: str) -> None:
    for node in tree.find_all(nodes.Node):
        what = None
        if not isinstance(node, _ALLOWED):
            what = type(node).__name__.lower()
        elif isinstance(node, nodes.For) and node.recursive:
            what = "a recursive loop"
        elif isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.node is None):
            what = f"the filter {node.name}"
        elif isinstance(node, nodes.Filter) and (
            len(node.args) > _FILTERS[node.name][0] or node.kwargs or node.dyn_args or node.dyn_kwargs
        ):
            what = f"the filter {node.name} with these arguments"
        elif isinstance(node, nodes.Test) and node.name not in _TESTS:
            what = f"the test {node.name}"
        if what is not None:
            raise TemplateError(
                f"The Jinja of role {role!r} may not use {what} (line {node.lineno} of its text).",
                hint="A role has {{ }}, if, for, set, ~, +, - and simple filters.",
            )


def _metered(tree: nodes.Template, meter: _Meter) -> nodes.Template:
    """`tree` with the meter's methods round everything that may be dear."""
    for node in [tree, *tree.find_all(nodes.Node)]:
        if isinstance(node, nodes.For):
            node.iter = _call("charge_loop", node.iter)
        elif isinstance(node, nodes.Output):
            node.nodes = [
                one if isinstance(one, nodes.TemplateData) else _call("charge_printed", one) for one in node.nodes
            ]
        elif isinstance(node, nodes.Concat):
            node.nodes = [_call("weigh", one) for one in node.nodes]
        elif isinstance(node, (nodes.Add, nodes.Sub)):
            node.left, node.right = _call("weigh", node.left), _call("weigh", node.right)
        elif isinstance(node, (nodes.Compare, nodes.Operand)):
            node.expr = _call("weigh", node.expr)
        elif isinstance(node, nodes.Test) and node.name in _COMPARING:
            node.node = _call("weigh", node.node)
            node.args = [_call("weigh", one) for one in node.args or ()]
        elif isinstance(node, nodes.Filter) and node.node is not None and (price := _FILTERS[node.name][1]):
            node.node = _call("weigh", node.node, nodes.Const(price))
            if node.name == "int":
                node.node = _call("number", node.node)
    _wrap_what_is_made(tree)
    tree.set_environment(meter)
    return tree


def _wrap_what_is_made(tree: nodes.Template) -> None:
    for node in [tree, *tree.find_all(nodes.Node)]:
        for name, value in list(node.iter_fields()):
            if _makes(value):
                setattr(node, name, _call("charge_made", value))
            elif isinstance(value, list):
                value[:] = [_call("charge_made", item) if _makes(item) else item for item in value]


def _makes(value: Any) -> bool:
    if isinstance(value, nodes.Tuple):
        return value.ctx == "load"
    if isinstance(value, nodes.Filter):
        return bool(_FILTERS[value.name][1])
    return isinstance(value, (nodes.Concat, nodes.Add, nodes.Sub, nodes.List))


def _call(method: str, *given: Any) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute(method), list(given), [], None, None)
