"""The system messages of the corpus: a shipped role's own text, from its first sentence to the complete prompt."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from role_engine.paths import builtin_roles
from role_engine.prompts.frame import role_text
from role_engine.prompts.sentences import sentence_spans
from role_engine.roles import Example, RoleLibrary
from tools.embedded_model.openings import NO_ROLE, OPENINGS

PLAIN: tuple[str, ...] = (
    "",
    "",
    "",
    "Ты — полезный помощник.",
    "Отвечай кратко и по-русски.",
    "Отвечай только по-русски, русскими буквами.",
    "Ты — вежливый собеседник. Отвечай по делу.",
    "The following is a conversation with an AI Large Language Model.",
)
"""System messages that name no role; the empty one stands for none."""

PLAIN_ROLE = "russian"
"""The shipped role that has no persona."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a conversation.

    Attributes:
        system: the system message, empty for none.
        examples: turns before the first question, not learned from.
        reminder: stands below the last question, empty for none.
    """

    system: str
    examples: tuple[Example, ...] = ()
    reminder: str = ""


@dataclass(frozen=True, slots=True)
class _Persona:
    whole: Frame
    own: str  # from «Ты — …» on, without what every role says
    sentences: tuple[str, ...]  # of its first paragraph


@cache
def _personas() -> dict[str, _Persona]:
    library = RoleLibrary([builtin_roles()])
    personas = {}
    for name in (*(role for role in OPENINGS if role != NO_ROLE), PLAIN_ROLE):
        text = role_text(library.get(name))
        start = max(text.system.find("Ты — "), 0)
        own = text.system[start : text.system.index("\n\n❌")]
        first = own.split("\n\n")[0]
        sentences = tuple(first[begin:end].strip() for begin, end in sentence_spans(first))
        personas[name] = _Persona(Frame(text.system, text.examples, text.reminder), own, sentences)
    return personas


def whole_frame(role: str) -> Frame:
    """The frame as the prompt of a real request has it; for `NO_ROLE`, that of the role without a persona."""
    return _personas()[role or PLAIN_ROLE].whole


def short_frame(role: str, chance: random.Random) -> Frame:
    """A few sentences of the role's text, now and then a paragraph or more, now and then with its reminder."""
    if role == NO_ROLE and chance.random() < 0.75:
        return Frame(chance.choice(PLAIN))
    persona = _personas()[role or PLAIN_ROLE]
    draw = chance.random()
    if draw < 0.35:
        system = persona.sentences[0]
    elif draw < 0.60:
        system = " ".join(persona.sentences[:2])
    elif draw < 0.96:
        system = " ".join(persona.sentences)
    else:
        system = persona.own
    return Frame(system, reminder=persona.whole.reminder if chance.random() < 0.2 else "")


def texts() -> tuple[str, ...]:
    """Everything that the frames can say, for the tokenizer."""
    said: list[str] = [text for text in PLAIN if text]
    for persona in _personas().values():
        said += [persona.whole.system, persona.whole.reminder]
        said += [turn for example in persona.whole.examples for turn in (example.user, example.assistant)]
    return tuple(said)
