"""The exact text of a prompt, and which part of it comes from where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from role_engine.errors import TemplateError
from role_engine.prompts.chat_templates import adapt_chat_template
from role_engine.prompts.frame import RoleText, role_text, with_blank_lines
from role_engine.prompts.sandbox import PROBE_VALUES, compile_template
from role_engine.prompts.template_library import PLACEHOLDER, Template, chat_stop_strings
from role_engine.roles import Example, Role

Message = Mapping[str, Any]


def chat_messages(role: RoleText, text: str, *, history: Sequence[Message] = ()) -> list[dict[str, Any]]:
    """The messages that ask `text` of a role: system, examples as turns, history, the question with the last words.

    Args:
        history: earlier messages; their leading system messages follow the role's own text.
    """
    earlier = [dict(message) for message in history]
    leading = next((i for i, message in enumerate(earlier) if message.get("role") != "system"), len(earlier))
    system = [with_blank_lines(role.lead()), *(str(message.get("content", "")) for message in earlier[:leading])]
    messages: list[dict[str, Any]] = []
    if merged := "\n\n".join(part for part in system if part):
        messages.append({"role": "system", "content": merged})
    for turn in role.examples:
        messages += [{"role": "user", "content": turn.user}, {"role": "assistant", "content": turn.assistant}]
    messages += earlier[leading:]
    asked = [text, with_blank_lines(role.last_words())]
    messages.append({"role": "user", "content": "\n\n".join(part for part in asked if part)})
    return messages


PARTS = ("frame", "system", "examples", "history", "knowledge", "reminder", "user")
"""`frame` is what the template adds: control tokens, headings, line ends."""

# Where a part begins and ends, carried through the template as noncharacters, which no text holds.
_OPEN, _NAME_END, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_MARK = re.compile(f"{_OPEN}([a-z]+){_NAME_END}|{_CLOSE}")


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A stretch of the prompt; `start` and `end` in characters, `end` exclusive."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """A prompt, ready for a model that completes text.

    Attributes:
        prompt: the whole text.
        stop: stop strings that the template implies.
        parts: the prompt, cut without gaps into named stretches (`PARTS`).
        left_out: parts that the template has no place for.
    """

    prompt: str
    stop: tuple[str, ...]
    parts: tuple[PromptPart, ...]
    left_out: tuple[str, ...] = ()


def render(
    role: Role | None,
    text: str,
    *,
    template: Template | str,
    history: Sequence[Message] = (),
    knowledge: str = "",
    user: str = "",
    char: str = "",
    today: date | None = None,
    values: Mapping[str, Any] | None = None,
    said: RoleText | None = None,
) -> RenderedPrompt:
    """The prompt that asks `text` of `role`.

    Args:
        template: one of the project's templates, or the source of a model's own chat template. A template with both
            forms is used as a chat when there are examples or a history, or no text form.
        history: earlier messages, OpenAI's form.
        knowledge: what the role's files say of the question; it stands where the role wants it.
        user, char, today: what fills the role's placeholders (see `role_text`).
        values: what the chat template is given besides the messages, e.g. `bos_token`.
        said: the role's texts, made already; then role, knowledge and placeholders are not looked at.

    Raises:
        TemplateError: the template cannot be rendered.
    """
    if said is None and role is not None:
        said = role_text(role, user=user, char=char, today=today, knowledge=knowledge.strip())
    said = said or RoleText("", "", knowledge=knowledge.strip())
    template = template if isinstance(template, Template) else Template("chat", chat=template)
    history = [_stripped_message(message) for message in history]
    turns = bool(history) or bool(said.examples)
    if template.chat is not None and (turns or template.text is None):
        return _as_chat(template.chat, _stripped(said), text, history, dict(values or {}))
    if template.text is None:
        raise TemplateError(f"The template {template.name!r} is empty.")
    return _as_text(template, _stripped(said), text, history)


def _as_chat(
    source: str, said: RoleText, text: str, history: Sequence[Message], values: dict[str, Any]
) -> RenderedPrompt:
    template = compile_template(adapt_chat_template(source))
    given = {**PROBE_VALUES, "add_generation_prompt": True, **values}
    stop = chat_stop_strings(source, values)

    def render_messages(messages: list[dict[str, Any]]) -> str:
        try:
            return template.render(messages=messages, **given)
        except Exception as error:  # a foreign template may fail in any way
            raise TemplateError(f"The chat template cannot render this chat: {error}.") from None

    prompt = render_messages(chat_messages(said, text.strip(), history=history))
    marked, parts = _read_marks(render_messages(_marked_messages(said, text, history)))
    if marked != prompt:  # the template looked into the texts: then the parts cannot be told apart
        parts = [PromptPart("frame", 0, len(prompt))]
    return RenderedPrompt(prompt, stop, tuple(parts))


def _as_text(template: Template, said: RoleText, text: str, history: Sequence[Message]) -> RenderedPrompt:
    source = template.text or ""
    has = {found[1] for found in PLACEHOLDER.finditer(source)}
    last_words = [part for part in said.last_words() if part[0] != "reminder" or "reminder" not in has]
    put = {
        "prompt": _joined([*(() if "system" in has else said.lead()), ("user", text.strip()), *last_words]),
        "system": _joined(said.lead()),
        "reminder": _joined([("reminder", said.reminder)]),
    }
    for name in [name for name, filling in put.items() if not filling]:  # nothing to say: no gap where it would stand
        source = re.sub(rf"\n\n\{{\{{\s*{name}\s*\}}\}}|\{{\{{\s*{name}\s*\}}\}}\n\n", "", source)
    prompt, parts = _read_marks(PLACEHOLDER.sub(lambda found: put[found[1]], source))
    left_out = [name for name, there in (("examples", said.examples), ("history", history)) if there]
    return RenderedPrompt(prompt, template.stop_strings, tuple(parts), tuple(left_out))


def _stripped(said: RoleText) -> RoleText:
    turns = tuple(Example(user=turn.user.strip(), assistant=turn.assistant.strip()) for turn in said.examples)
    return replace(said, system=said.system.strip(), reminder=said.reminder.strip(), examples=turns)


def _stripped_message(message: Message) -> dict[str, Any]:
    content = message.get("content")
    return {**message, "content": content.strip() if isinstance(content, str) else content}


def _marked(name: str, text: str) -> str:
    return f"{_OPEN}{name}{_NAME_END}{_unmarked(text)}{_CLOSE}"


def _unmarked(text: str) -> str:
    return text.translate({ord(mark): None for mark in (_OPEN, _NAME_END, _CLOSE)})


def _joined(parts: Sequence[tuple[str, str]]) -> str:
    """Named texts with blank lines between; a blank line belongs to what follows it."""
    filled = [(name, text) for name, text in parts if text]
    return "".join(_marked(name, ("\n\n" if i else "") + text) for i, (name, text) in enumerate(filled))


def _marked_messages(said: RoleText, text: str, history: Sequence[Message]) -> list[dict[str, Any]]:
    plain = chat_messages(said, text.strip(), history=history)
    shown = 2 * len(said.examples)
    first = 1 if plain[0]["role"] == "system" else 0
    own = len(with_blank_lines(said.lead()))
    marked: list[dict[str, Any]] = []
    for index, message in enumerate(plain):
        content = message["content"]
        if index == len(plain) - 1:
            content = _joined([("user", text.strip()), *said.last_words()])
        elif not isinstance(content, str) or not content:
            pass
        elif index < first:
            content = _joined(said.lead()) + (_marked("history", content[own:]) if len(content) > own else "")
        else:
            content = _marked("examples" if index < first + shown else "history", content)
        marked.append({**message, "content": content})
    return marked


def _read_marks(text: str) -> tuple[str, list[PromptPart]]:
    """`text` without its marks, and what they said: stretches without gaps, `frame` where nothing was marked."""
    out: list[str] = []
    parts: list[PromptPart] = []
    length, place, current = 0, 0, "frame"
    for found in [*_MARK.finditer(text), None]:
        piece = text[place : found.start() if found else len(text)]
        if piece:
            out.append(piece)
            parts.append(PromptPart(current, length, length + len(piece)))
            length += len(piece)
        if found:
            current, place = found[1] or "frame", found.end()
    return "".join(out), parts
