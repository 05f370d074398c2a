"""What a chat template can do and what it refuses, found by rendering small chats with it rather than by reading it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Literal

import jinja2
from jinja2 import nodes

from role_engine.prompts.sandbox import ENVIRONMENT, PROBE_VALUES, TemplateRaised, compile_template

Support = Literal["native", "none"]
Chat = list[dict[str, Any]]

_RULE, _LATE_RULE = "role-engine-probe-rule", "role-engine-probe-late-rule"
_ASKED, _ADDED, _ASKED_NEXT = "role-engine-probe-asked", "role-engine-probe-added", "role-engine-probe-next"
_SAID, _SAID_MORE = "role-engine-probe-said", "role-engine-probe-more"

_NOTHING = "role_engine_nothing"
"""A name that nobody gives a value: as good as not given at all."""

_OTHER_VALUES = (
    ("tools", "none", (_NOTHING, "[]")),
    ("documents", "undefined", ("[]",)),
    ("reasoning_effort", "eq('medium')", (_NOTHING, "'high'")),
)
"""Names of values, the Jinja test on what hosts give, and what a template may want instead, as Jinja expressions."""

_NOT_GIVEN = re.compile(r"'(\w+)' is undefined")
_MOST_MISSING = 4
_LONGEST_REASON = 160


@dataclass(frozen=True, slots=True)
class TemplateTraits:
    """How a chat has to be changed so that a template shows all of it.

    Attributes:
        values: Jinja to stand before the template, for values that it cannot do with as hosts give them.
        parts: it reads a message's content as a list of parts only.
        system: whether it has a place for a system message.
        one_system: of several system messages it loses or refuses some.
        joins: whose messages it refuses, or loses, where two follow each other.
        user_first: it refuses a chat that an assistant begins.
        problem: why it cannot show a plain chat at all; None: it can.
    """

    values: str = ""
    parts: bool = False
    system: Support = "native"
    one_system: bool = False
    joins: tuple[str, ...] = ()
    user_first: bool = False
    problem: str | None = None


@lru_cache(maxsize=128)
def template_traits(template: str) -> TemplateTraits:
    """The traits of a chat template.

    A refusal counts also where it was cut away. The webui deletes every `raise_exception(…)` from a template it loads,
    so that what was refused comes out in a form that the model has never seen.

    Raises:
        TemplateError: the template is not valid Jinja.
    """
    compile_template(template)
    values = _values_that_work(template)
    for parts in (False, True):
        probe = _Probe(values + template, parts)
        if probe.shows([_user(_ASKED)]):
            return _traits(probe, values)
    return TemplateTraits(problem=_Probe(template, parts=False).problem([_user(_ASKED)]))


def one_line(error: Exception) -> str:
    """What a template says of its failure, short enough for a line."""
    said = " ".join(str(error).split()) or type(error).__name__
    return said if len(said) <= _LONGEST_REASON else f"{said[:_LONGEST_REASON]}…"


def _traits(probe: _Probe, values: str) -> TemplateTraits:
    asked, answered = _user(_ASKED), _assistant(_SAID)
    talk = [asked, answered, _user(_ASKED_NEXT)]
    problem = None if probe.shows(talk) else probe.problem(talk)
    system = _system_support(probe)
    rule = [_system(_RULE)] if system == "native" else []
    joins = []
    if problem is None:
        added = [_user(_ADDED)]
        doubled = ([asked, *added], [*talk, *added], [asked, *added, *talk[1:]])
        if not all(probe.shows([*rule, *chat]) for chat in doubled):
            joins.append("user")
        if not probe.shows([*rule, asked, answered, _assistant(_SAID_MORE), talk[2]]):
            joins.append("assistant")
    late = _system(_LATE_RULE)
    orders = ([*talk[:2], late, talk[2]], [*talk, late], [late, *talk])
    return TemplateTraits(
        values=values,
        parts=probe.parts,
        system=system,
        one_system=system == "native" and not all(probe.shows([*rule, *chat]) for chat in orders),
        joins=tuple(joins),
        user_first=problem is None and not probe.shows([*rule, answered, asked]),
        problem=problem,
    )


def _system_support(probe: _Probe) -> Support:
    """`none`: it raises on a system message, or the text does not come out or comes out twice, or only while the last
    word is the user's (Mistral 7B v0.3 writes it before the last user message: a reply that is continued would have no
    role)."""
    question = [_system(_RULE), _user(_ASKED)]
    if not probe.shows(question) or probe.count(question, _RULE) != 1:
        return "none"
    out = probe.render([*question, _assistant(_SAID)])
    return "none" if out is not None and _RULE not in out else "native"


class _Probe:
    """Renders chats with a template, and with its refusals where those were cut away."""

    def __init__(self, source: str, parts: bool) -> None:
        self.parts = parts
        self._template = compile_template(source)
        self._strict = with_refusals(source, self._renders_plain_talk)

    def shows(self, chat: Chat) -> bool:
        """Whether every text of the chat comes out, and nothing of it is refused."""
        out = self.render(chat)
        if out is None or any(message["content"] not in out for message in chat):
            return False
        return self._strict is None or _try(self._strict, self._formed(chat))[0] is not None

    def count(self, chat: Chat, text: str) -> int:
        return (self.render(chat) or "").count(text)

    def render(self, chat: Chat) -> str | None:
        return _try(self._template, self._formed(chat))[0]

    def problem(self, chat: Chat) -> str:
        """In one line, why the chat does not come out."""
        error = _try(self._template, self._formed(chat))[1]
        if error is None:
            return "it leaves out what was said" if len(chat) == 1 else "it leaves out earlier messages"
        said = one_line(error)
        return f"it refuses a plain chat: {said}" if isinstance(error, TemplateRaised) else f"it fails: {said}"

    def _formed(self, chat: Chat) -> Chat:
        if not self.parts:
            return chat
        return [{**message, "content": [{"type": "text", "text": message["content"]}]} for message in chat]

    def _renders_plain_talk(self, template: jinja2.Template) -> bool:
        talk = [_user(_ASKED), _assistant(_SAID), _user(_ASKED_NEXT)]
        return all(_try(template, self._formed(talk[:length]))[0] is not None for length in (1, 2, 3))


def _values_that_work(template: str) -> str:
    """What to put before the template so that a question comes out; "" where nothing is needed, or nothing helps."""
    for values in _candidates(template):
        missing: list[str] = []
        for _ in range(_MOST_MISSING):
            before = values + "".join(missing)
            out, error = _question(before + template)
            if out is not None and _ASKED in out:
                return before
            name = _NOT_GIVEN.match(str(error)) if isinstance(error, jinja2.UndefinedError) else None
            if name is None:
                break
            missing.append(_unless(name[1], "undefined", _plain_value(name[1])))
    return ""


def _candidates(template: str) -> Iterator[str]:
    """Ways to give other values, the fewest first; of names that stand in the template."""
    named = [value for value in _OTHER_VALUES if value[0] in template]
    ways = product(*(range(len(others) + 1) for _, _, others in named))
    for way in sorted(ways, key=lambda way: (sum(map(bool, way)), way)):
        yield "".join(
            _unless(name, test, others[choice - 1])
            for (name, test, others), choice in zip(named, way, strict=True)
            if choice
        )


def _unless(name: str, test: str, expression: str) -> str:
    return f"{{%- if {name} is {test} -%}}{{%- set {name} = {expression} -%}}{{%- endif -%}}"


def _plain_value(name: str) -> str:
    """For a value that a template takes for granted: the day, for one that asks for it, else nothing."""
    return "strftime_now('%Y-%m-%d')" if "date" in name or "time" in name else "''"


def _question(source: str) -> tuple[str | None, Exception | None]:
    return _try(compile_template(source), [_user(_ASKED)])


def _try(template: jinja2.Template, chat: Sequence[dict[str, Any]]) -> tuple[str | None, Exception | None]:
    """The prompt for the chat, up to where a reply begins, or goes on; or why there is none."""
    values = {**PROBE_VALUES, "add_generation_prompt": chat[-1]["role"] != "assistant"}
    try:
        return template.render(messages=list(chat), **values), None
    except Exception as error:  # a foreign template may fail in any way; that it fails is the answer
        return None, error


def _system(text: str) -> dict[str, Any]:
    return {"role": "system", "content": text}


def _user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def _assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


def with_refusals(template: str, sound: Callable[[jinja2.Template], bool]) -> jinja2.Template | None:
    """`template` with a refusal put back into every `if` that does nothing; None: there is none.

    Hardly anybody writes an `if` without content, `elif` or `else`: it is what is left of one that raised.

    Args:
        sound: whether a template still renders what none refuses. An `if` whose refusal would change that was none: it
            writes the white space between two turns.
    """
    count = len(_emptied(ENVIRONMENT.parse(template)))
    put_back = [at for at in range(count) if sound(_refusing(template, {at}))]
    return _refusing(template, set(put_back)) if put_back else None


def _refusing(template: str, chosen: Collection[int]) -> jinja2.Template:
    tree = ENVIRONMENT.parse(template)
    for at, node in enumerate(_emptied(tree)):
        if at in chosen:
            refusal = nodes.Call(nodes.Name("raise_exception", "load"), [nodes.Const("not this")], [], None, None)
            node.body = [nodes.Output([refusal])]
    tree.set_environment(ENVIRONMENT)
    return jinja2.Template.from_code(ENVIRONMENT, ENVIRONMENT.compile(tree), ENVIRONMENT.make_globals(None))


def _emptied(tree: nodes.Template) -> list[nodes.If]:
    branches = {id(branch) for node in tree.find_all(nodes.If) for branch in node.elif_}
    return [
        node
        for node in tree.find_all(nodes.If)
        if id(node) not in branches and not node.elif_ and not node.else_ and _does_nothing(node.body)
    ]


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
