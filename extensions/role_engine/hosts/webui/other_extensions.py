"""The other extensions of the webui, which have the same hooks: who renders, and who we are among them."""

from __future__ import annotations

from typing import Any


def host_prompt(own_name: str, text: str, state: dict[str, Any], kwargs: dict[str, Any]) -> str:
    """A chat's prompt, rendered by the next extension that renders prompts, else by the host."""
    from modules import chat, extensions

    for extension, name in extensions.iterator():
        hook = getattr(extension, "custom_generate_chat_prompt", None)
        if hook is not None and name != own_name:
            prompt = hook(text, state, **kwargs)
            if prompt is not None:
                return str(prompt)
    return str(chat.generate_chat_prompt(text, state, **kwargs))


def own_hook(own_name: str) -> Any:
    """Our `custom_generate_reply`, as the host knows it; None where it does not."""
    from modules import extensions

    entry = extensions.state.get(own_name)
    return getattr(entry[2], "custom_generate_reply", None) if entry else None
