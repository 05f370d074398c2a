from functools import cache

from jinja2.ext import loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

from modules import shared

jinja_env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])


@cache
def load_instruction_template_memoized(name):
    return shared.default_settings["instruction_template_str"]


def generate_chat_prompt(user_input, state, **kwargs):
    """The host's order of things: system or context, history, the user's message, the template's opening of a reply."""
    history = kwargs.get("history", state["history"])["internal"]
    continued = kwargs.get("_continue", False)
    system = state["custom_system_message"] if state["mode"] == "instruct" else state["context"]
    messages = [{"role": "system", "content": system}] if system.strip() else []
    for row in history:
        if row[0].strip():
            messages.append({"role": "user", "content": row[0]})
        if row[1].strip():
            messages.append({"role": "assistant", "content": row[1]})
    if user_input.strip() and not continued:
        messages.append({"role": "user", "content": user_input})
    begun = messages.pop()["content"] if continued else ""
    name = "instruction_template_str" if state["mode"] == "instruct" else "chat_template_str"
    template = jinja_env.from_string(state[name])
    return (
        template.render(messages=messages, add_generation_prompt=True, enable_thinking=state["enable_thinking"]) + begun
    )
