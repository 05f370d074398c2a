"""What a role costs with the model that is loaded in the webui."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from role_engine.app.token_usage import count_role_usage
from role_engine.hosts.webui.templates import chat_template
from role_engine.hosts.webui.window import model_window
from role_engine.roles import Role

if TYPE_CHECKING:
    from role_engine.hosts.webui.extension import WebuiExtension


def count_loaded_usage(extension: WebuiExtension, role: Role, context: int) -> dict[str, Any] | None:
    """The bill of a prompt that holds the role and an empty question; None with no model to count tokens."""
    shared = extension.shared
    if shared.tokenizer is None:
        return None
    of_model = shared.settings["instruction_template_str"]
    model, fallback = extension.find_loaded_model(), extension.settings.template
    template = chat_template(extension.templates, role, of_model, model, fallback=fallback)
    values = {"bos_token": shared.bos_token, "eos_token": shared.eos_token}
    known = {name: token for name, token in values.items() if token}
    chat = template.chat if template is not None and template.chat is not None else of_model
    return count_role_usage(extension.teller, role, chat, model_window(shared, context), values=known)
