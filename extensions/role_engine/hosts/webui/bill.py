"""What a role costs with the model that is loaded in the webui."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from role_engine.hosts.webui.templates import raw_template
from role_engine.hosts.webui.token_count import token_counter
from role_engine.prompts import bill, render
from role_engine.roles import Role

if TYPE_CHECKING:
    from role_engine.hosts.webui.extension import WebuiExtension


def role_bill(extension: WebuiExtension, role: Role, context: int) -> dict[str, Any] | None:
    """The bill of a prompt that holds the role and an empty question; None with no model to count tokens."""
    shared = extension.shared
    if shared.tokenizer is None:
        return None
    template = raw_template(extension.templates, role, shared.settings["instruction_template_str"])
    if template is None:
        return None
    rendered = render(role, "", template=template)
    return bill(rendered, token_counter(shared), context=context)
