"""A role's texts, filled in: what the model is told before the chat, and once more right before it answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from role_engine.prompts.neutral import as_name, neutralise
from role_engine.prompts.role_jinja import JinjaBudget, render_role_jinja
from role_engine.roles import Example, Role

NOT_TO_DO = "❌"
TO_DO = "✅"
SOMEONE = "собеседник"
LANGUAGE_RULE = "Отвечай по-русски."
"""What stands after the knowledge of a role that says nothing there itself: a document may be in any language."""

_PLACEHOLDER = re.compile(r"\{\{\s*(user|char|date)\s*\}\}", re.IGNORECASE)
_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


Parts = tuple[tuple[str, str], ...]
"""Texts with the names that a bill knows them by."""


@dataclass(frozen=True, slots=True)
class RoleText:
    """What a role says in a prompt.

    Attributes:
        system: the system message: the role's own text, then what it must not do.
        reminder: the last words before the reply; may be empty.
        examples: turns that follow the system message.
        rules: the end of `system`: what the role must not do.
        knowledge: what its files say of the question; may be empty.
        place: where that stands: before the reminder, or in the system message before the rules. What the role asks
            for comes after it either way, so that a document in another language does not have the last word.
        own: where in `system` the role's own text begins; before it stands that of what it extends.
    """

    system: str
    reminder: str
    examples: tuple[Example, ...] = ()
    rules: str = ""
    knowledge: str = ""
    place: Literal["tail", "system"] = "tail"
    own: int = 0

    def lead(self) -> Parts:
        """The system message, as named parts with blank lines between."""
        if not self.knowledge or self.place == "tail":
            return _filled(("system", self.system))
        before = self.system.removesuffix(self.rules).rstrip()
        return _filled(("system", before), ("knowledge", self.knowledge), ("system", self.rules))

    def last_words(self) -> Parts:
        """What ends the last message, as named parts with blank lines between."""
        knowledge = self.knowledge if self.place == "tail" else ""
        return _filled(("knowledge", knowledge), ("reminder", self.reminder))

    def ending(self, note: str, *, reminder: bool = True) -> RoleText:
        """The same with a note at the system message's end, and with or without the reminder."""
        system, rules = ("\n\n".join(text for text in (end, note) if text) for end in (self.system, self.rules))
        return replace(self, system=system, rules=rules, reminder=self.reminder if reminder else "")


def role_text(
    role: Role, *, user: str = "", char: str = "", today: date | None = None, knowledge: str = ""
) -> RoleText:
    """Fill a role's texts in. Those of a role that was imported from a card are made neutral as well.

    Args:
        user, char: names for {{user}} and {{char}}; empty: «собеседник» and the role's own name. Control tokens and
            template marks in them are broken.
        today: for {{date}}, written out in Russian; None: the day it is.
        knowledge: what the role's files say of the question.

    Raises:
        TemplateError: a role with `jinja: true` is not valid Jinja, or costs too much.
    """
    fill_in = filler(role, user=user, char=char, today=today)
    if role.jinja:  # a block may begin in one of the texts and end in the other
        system, own = fill_in(role.system).strip(), 0
    else:
        inherited = fill_in(role.system[: role.own]).lstrip()
        own = len(inherited)
        system = (inherited + fill_in(role.system[role.own :])).strip()
    rules = "\n".join(not_to_do(fill_in(line)) for line in role.negative)
    if rules:
        system = f"{system}\n\n{rules}"
    examples = tuple(Example(user=fill_in(turn.user), assistant=fill_in(turn.assistant)) for turn in role.examples)
    reminder = fill_in(role.reminder).strip()
    said = RoleText(system, reminder, examples, rules, place=role.knowledge.place, own=own)
    return with_knowledge(said, role, knowledge)


def try_texts(role: Role) -> None:
    """Fill all of a role's texts in once, for what is wrong with them.

    Raises:
        TemplateError: as for `role_text`.
    """
    role_text(role)
    filler(role)(role.greeting)


def with_knowledge(said: RoleText, role: Role, knowledge: str) -> RoleText:
    """The same with what the role's files say; whoever says nothing of a language gets a reminder then."""
    silent = not said.reminder and role.language.mode != "off" and not (said.rules and said.place == "system")
    reminder = LANGUAGE_RULE if knowledge and silent else said.reminder
    return replace(said, knowledge=knowledge, reminder=reminder)


def filler(role: Role, *, user: str = "", char: str = "", today: date | None = None) -> Callable[[str], str]:
    """What fills one of the role's texts in; arguments and errors as for `role_text`."""
    values = {
        "user": as_name(user) or SOMEONE,
        "char": as_name(char) or as_name(role.name),
        "date": russian_date(today or date.today()),
    }

    budget = JinjaBudget()

    def fill_in(text: str) -> str:
        if role.jinja:
            return render_role_jinja(text, values, where=role.path or role.id, budget=budget)
        text = fill(text, values)
        return text if role.card is None else neutralise(text)  # after it, so that nothing is built round a name

    return fill_in


def with_blank_lines(parts: Parts) -> str:
    """Named parts as one text."""
    return "\n\n".join(text for _, text in parts)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with {{user}}, {{char}} and {{date}} replaced, once: what is put in is not looked at again."""
    return _PLACEHOLDER.sub(lambda found: values[found[1].lower()], text)


def russian_date(day: date) -> str:
    """«22 ноября 2025 года»."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year} года"


def _filled(*parts: tuple[str, str]) -> Parts:
    return tuple((name, text) for name, text in parts if text)


def not_to_do(line: str) -> str:
    """A line of `negative` as the prompt has it: «❌ …», or «✅ …» where it begins so."""
    line = " ".join(line.split())
    return line if line.startswith((NOT_TO_DO, TO_DO)) else f"{NOT_TO_DO} {line}"
