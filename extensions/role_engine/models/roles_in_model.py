"""«Есть ли роли в модели»: trained, or only marked, or not at all."""

from __future__ import annotations

from role_engine.models.report import Kind, OwnToken, Roles, RoleSupport
from role_engine.prompts.chat_templates import system_support, template_problem


def role_support(
    kind: Kind, tokens: tuple[str, ...], template: str | None, added: tuple[OwnToken, ...] = ()
) -> RoleSupport:
    """The verdict, with what it rests on. Tokens and templates mean nothing to a model that was not trained on them."""
    verdict: Roles
    if kind == "instruct":
        verdict = "trained"
    elif kind == "unsure":
        verdict = "unsure"
    else:
        verdict = "tokens" if tokens or template else "none"
    problem = template_problem(template) if template is not None else None
    return RoleSupport(
        verdict=verdict,
        tokens=tokens,
        template=template is not None,
        system=system_support(template) == "native" if template is not None and problem is None else None,
        problem=problem,
        added=added,
    )
