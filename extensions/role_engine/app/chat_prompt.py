"""A chat as the engine reads it: the role first, the history shortened and cleaned, the reminder last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from role_engine.app.engine import Engine
from role_engine.app.history import Message, select_recent_history
from role_engine.app.refusal import RequestRefusal
from role_engine.budget import ContextWindow, RolePromptBuilder
from role_engine.errors import TemplateError
from role_engine.language.markup.reasoning_formats import TAG_FORMATS, reasoning_tail
from role_engine.language.policy import LanguagePolicy
from role_engine.prompts import RoleText, TemplateLibrary, adapt_chat_template, role_text, with_blank_lines
from role_engine.prompts.neutral import ControlTokenPattern, control_token_pattern
from role_engine.prompts.sandbox import PROBE_VALUES, compile_template
from role_engine.prompts.template_library import chat_stop_strings
from role_engine.roles import Role

# Only tags: the markers of the other formats would end the message.
_OPENERS = "|".join(re.escape(one.opener) for one in TAG_FORMATS)
_CLOSERS = "|".join(re.escape(one.closer) for one in TAG_FORMATS)
_THOUGHTS = re.compile(rf"(\s*(?:{_OPENERS}))(.*?)({_CLOSERS})", re.DOTALL)

ControlTokenUse = Literal["neutralise", "refuse", "keep"]
"""What becomes of control tokens in messages: they are broken, the request is refused, or they are tokens."""


@dataclass(frozen=True, slots=True)
class ChatPrompt:
    """A chat, ready for the engine.

    Attributes:
        prompt: the rendered text; empty for an engine that takes messages.
        messages: the same as messages, role and reminder in them.
        stop: stop strings that the template implies.
        prefix: the unfinished assistant message at the end, which the reply goes on with.
        prompt_suffix: what of the prompt's end belongs to the reply: an opened thinking tag, the prefix.
        context: what the user wrote, oldest first.
        tokens: of the prompt, prefix included; None where nobody can count them.
        left_out: what of the role had no room.
    """

    prompt: str
    messages: tuple[Message, ...]
    stop: tuple[str, ...]
    prefix: str
    prompt_suffix: str
    context: tuple[str, ...]
    tokens: int | None
    left_out: tuple[str, ...] = ()


def build_chat_prompt(
    engine: Engine,
    templates: TemplateLibrary,
    role: Role | None,
    messages: Sequence[Message],
    policy: LanguagePolicy,
    *,
    room: int,
    values: Mapping[str, Any],
    note: str = "",
    reminder: bool = True,
    teller: RolePromptBuilder | None = None,
    question: str | None = None,
    fallback: str | None = None,
    marks: ControlTokenUse = "neutralise",
) -> ChatPrompt:
    """Write the prompt of a chat.

    Args:
        messages: `{"role", "content"}`, of system, user, assistant, tool; a last one of the assistant's is continued.
        policy: earlier replies lose the sentences that it refuses.
        room: tokens to keep for the reply. What does not fit beside them goes, oldest turns first; never the role, nor
            the last turn of the user.
        values: what the chat template is given besides.
        note: what the role's text ends with.
        reminder: whether the role's reminder ends the prompt.
        teller: keeps the role inside its share of the context, and looks the question up in its files; None: the role
            says all that it has to say, and knows no files. Where even its share is too much beside the last message,
            the role gets less.
        question: what to look up; None: the user's last message.
        fallback: the settings' template, as `chat_template` takes it.
        marks: what becomes of the model's control tokens in messages.

    Raises:
        Refusal: the core of the role and the last message alone do not fit.
        TemplateError: the template cannot render this chat.
    """

    def write_prompt(said: RoleText) -> ChatPrompt:
        source = chat_template(engine, templates, role, fallback) if engine.takes_text else None
        return _written(engine, source, said, messages, policy, room, values, marks)

    if role is None or teller is None:
        said = role_text(role) if role is not None else RoleText("", "")
        return write_prompt(said.ending(note, reminder=reminder))
    question = last_question(messages) if question is None else question
    for window in ContextWindow(engine.context, engine.count, engine.name).and_tighter(role):
        told = teller.build(role, question, window, note=note, reminder=reminder)
        try:
            fits = write_prompt(told.said)
        except RequestRefusal as error:
            refusal = error
        else:
            return replace(fits, left_out=told.left_out)
    raise refusal


def last_question(messages: Sequence[Message]) -> str:
    return next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")


def _written(
    engine: Engine,
    source: str | None,
    said: RoleText,
    messages: Sequence[Message],
    policy: LanguagePolicy,
    room: int,
    values: Mapping[str, Any],
    marks: ControlTokenUse,
) -> ChatPrompt:
    last_words = with_blank_lines(said.last_words())
    earlier = list(messages)
    prefix = earlier.pop()["content"].rstrip() if earlier and earlier[-1]["role"] == "assistant" else ""
    system, turns = _system_apart(earlier)
    turns = select_recent_history(turns, engine, policy)
    system, turns = _as_text(control_token_pattern(engine.control_tokens, source or ""), marks, system, turns)
    context = tuple(message["content"] for message in turns if message["role"] == "user")
    head = _head(said, system)

    def write(shown: Sequence[Message]) -> ChatPrompt:
        chat = [*head, *shown]
        if source is None:
            chat = _with_reminder(chat, last_words)
            whole = "\n".join(message["content"] for message in chat)
            tokens = engine.count(whole) if engine.context is not None else None
            return ChatPrompt("", tuple(chat), (), prefix, prefix, context, tokens)
        prompt = _rendered(adapt_chat_template(source, reminder=last_words), chat, {**engine.template_values, **values})
        stop = chat_stop_strings(source, engine.template_values)
        tokens = engine.count(prompt + prefix)
        return ChatPrompt(prompt, tuple(chat), stop, prefix, reasoning_tail(prompt) + prefix, context, tokens)

    return _fitting(turns, write, engine.context, room)


def _system_apart(messages: list[Message]) -> tuple[str, list[Message]]:
    """The leading system messages as one text, and the rest."""
    start = next((i for i, message in enumerate(messages) if message["role"] != "system"), len(messages))
    return "\n\n".join(message["content"] for message in messages[:start] if message["content"]), messages[start:]


def _as_text(
    tokens: ControlTokenPattern, use: ControlTokenUse, system: str, turns: list[Message]
) -> tuple[str, list[Message]]:
    """System text and turns in which a control token is text; in a reply an opening block of thoughts stays one.

    Raises:
        Refusal: there is one, and `use` refuses it.
    """
    if use == "keep":
        return system, turns
    if use == "refuse":
        for text in (system, *(message["content"] for message in turns)):
            if (found := tokens.find(text)) is not None:
                raise RequestRefusal(
                    f"A message holds {found!r}, which is a control token of this model.", param="messages"
                )
        return system, turns
    return tokens.break_in(system), [{**message, "content": _broken(tokens, message)} for message in turns]


def _broken(tokens: ControlTokenPattern, message: Message) -> str:
    text = message["content"]
    thoughts = _THOUGHTS.match(text) if message["role"] == "assistant" else None
    if thoughts is None:
        return tokens.break_in(text)
    return f"{thoughts[1]}{tokens.break_in(thoughts[2])}{thoughts[3]}{tokens.break_in(text[thoughts.end() :])}"


def _head(said: RoleText, system: str) -> list[Message]:
    """What stays whatever the chat's length: role and request's own system text, then the role's examples."""
    whole = "\n\n".join(text for text in (with_blank_lines(said.lead()), system) if text)
    head = [{"role": "system", "content": whole}] if whole else []
    for turn in said.examples:
        head += [{"role": "user", "content": turn.user}, {"role": "assistant", "content": turn.assistant}]
    return head


def _with_reminder(chat: list[Message], reminder: str) -> list[Message]:
    last = max((i for i, message in enumerate(chat) if message["role"] in ("user", "tool")), default=None)
    if not reminder or last is None:
        return chat
    reminded = {**chat[last], "content": f"{chat[last]['content']}\n\n{reminder}"}
    return [*chat[:last], reminded, *chat[last + 1 :]]


def chat_template(engine: Engine, templates: TemplateLibrary, role: Role | None, fallback: str | None = None) -> str:
    """The model's own chat template, else the role's, else the settings' (`fallback`), else one of ours.

    Raises:
        TemplateError: there is none.
    """
    if engine.chat_template is not None:
        return engine.chat_template
    named = role.template if role is not None and role.template else fallback
    for name in (named, *engine.frames):
        if name is not None and name in templates and (chat := templates.get(name).chat) is not None:
            return chat
    raise TemplateError("This model has no chat template, and no template of ours is there to take its place.")


def _rendered(template: str, chat: list[Message], values: Mapping[str, Any]) -> str:
    given = {**PROBE_VALUES, **values, "add_generation_prompt": True}
    try:
        return compile_template(template).render(messages=chat, **given)
    except TemplateError:
        raise
    except Exception as error:  # a foreign template may fail in any way
        raise TemplateError(f"The model's chat template cannot render this chat: {error}.") from None


def _fitting(turns: list[Message], written: Any, context: int | None, room: int) -> ChatPrompt:
    """The chat with as many of its turns as fit, counted from the end; a turn begins with the user's message."""
    whole: ChatPrompt = written(turns)
    if context is None or whole.tokens is None or whole.tokens + room <= context:
        return whole
    cuts = [i for i, message in enumerate(turns) if message["role"] == "user" and i > 0]
    fits: ChatPrompt | None = None
    low, high = 0, len(cuts)
    while low < high:
        middle = (low + high) // 2
        shorter: ChatPrompt = written(turns[cuts[middle] :])
        assert shorter.tokens is not None
        if shorter.tokens + room <= context:
            fits, high = shorter, middle
        else:
            low = middle + 1
    if fits is None:
        least = written(turns[cuts[-1] :]) if cuts else whole
        raise RequestRefusal(
            f"The role and the last message take {least.tokens} tokens of {context}, and {room} are for the reply.",
            param="messages",
            hint="Shorten the message or take a shorter role.",
        )
    return fits
