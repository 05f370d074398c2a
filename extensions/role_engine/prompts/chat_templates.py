"""A model's own chat template, taught to carry a role and a reminder.

The webui renders a template many times while it shortens a long history, and takes messages away in between. What has
to stand at a certain place in the prompt must therefore be put there by the template itself: a prelude, in Jinja, that
rebinds `messages` before the model's own template looks at them.
"""

from __future__ import annotations

from functools import lru_cache

from role_engine.errors import TemplateError
from role_engine.prompts import prelude
from role_engine.prompts.sandbox import PROBE_VALUES, compile_template
from role_engine.prompts.template_traits import Support, TemplateTraits, one_line, template_traits


def system_support(template: str) -> Support:
    """Whether a chat template has a place for a system message, found by rendering one.

    Raises:
        TemplateError: the template is not valid Jinja.
    """
    return template_traits(template).system


def adapt_chat_template(template: str, *, reminder: str = "") -> str:
    """A chat template that behaves like `template`, and besides

    * where `template` has no system role, puts leading system messages before the first user message (a user message of
      their own if an assistant speaks first), and later ones before the user message that follows them;
    * where it keeps one system message only, makes one, the first, of all of them;
    * where it refuses or loses a second message of a user, or of an assistant, makes one of those that follow each
      other (not of two of the assistant's at the end: that is a reply to be continued);
    * where it refuses a chat that an assistant begins, lets the user begin it with «…»;
    * ends the last user message, or a tool result after it, with `reminder`, a blank line between; without either the
      system message carries it;
    * gives it other values where it cannot do with those that hosts give, and parts where it reads no plain text.

    What is joined has a blank line between. A message's content may be a string or a list of parts. With nothing to do,
    `template` itself is returned. The result expects the options that chat templates are rendered with (`trim_blocks`).

    Raises:
        TemplateError: `template` is not valid Jinja.
    """
    traits = template_traits(template)
    jinja = traits.values + _messages_jinja(traits) + _last_words(reminder.strip(), traits)
    # trim_blocks eats the line end after the prelude, and the template's own first line still is at a line's start.
    return f"{jinja}\n{template}" if jinja else template


@lru_cache(maxsize=128)
def template_problem(template: str) -> str | None:
    """In one line, why a chat template cannot be used, or cannot carry a role; None: it can."""
    try:
        problem = template_traits(template).problem
    except TemplateError as error:
        line = f" (line {error.line})" if error.line else ""
        return f"it {error.message.removeprefix('The chat template ').rstrip('.')}{line}"
    if problem is not None:
        return problem
    role, last = "role-engine-probe-role", "role-engine-probe-reminder"
    chat = [{"role": "system", "content": role}, {"role": "user", "content": "role-engine-probe-question"}]
    try:
        adapted = compile_template(adapt_chat_template(template, reminder=last))
        out = adapted.render(messages=chat, **{**PROBE_VALUES, "add_generation_prompt": True})
    except Exception as error:  # a foreign template may fail in any way
        return f"it fails with a role: {one_line(error)}"
    lost = [name for name, text in (("a role", role), ("a reminder", last)) if text not in out]
    return f"it leaves out {' and '.join(lost)}" if lost else None


def _messages_jinja(traits: TemplateTraits) -> str:
    """What is done to the messages whatever the reminder is."""
    return "".join(
        (
            prelude.SYSTEM_INTO_USER if traits.system == "none" else "",
            prelude.ONE_SYSTEM if traits.one_system else "",
            prelude.join_turns(traits.joins),
            prelude.USER_FIRST if traits.user_first else "",
        )
    )


def _last_words(reminder: str, traits: TemplateTraits) -> str:
    bearer = "user" if traits.system == "none" else "system"
    reminding = prelude.reminding(reminder, bearer=bearer) if reminder else ""
    return reminding + (prelude.AS_PARTS if traits.parts else "")
