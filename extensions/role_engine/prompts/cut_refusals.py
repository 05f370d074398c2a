"""Refusals that somebody cut out of a chat template, put back to find out what it would refuse."""

from __future__ import annotations

from collections.abc import Callable, Collection

import jinja2
from jinja2 import nodes

from role_engine.prompts.sandbox import ENVIRONMENT


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
