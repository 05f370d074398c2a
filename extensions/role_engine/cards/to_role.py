"""From a card to the keys of a role file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from role_engine.cards.card import Card
from role_engine.cards.lorebook import Lorebook, read_lorebook
from role_engine.cards.own_fields import is_as_written, own_fields, read_own
from role_engine.cards.placeholders import has_original, ours, read_dialogue, with_original
from role_engine.errors import InputError
from role_engine.roles import RoleLibrary
from role_engine.roles.role_file import RoleFileKeys

BASE = "russian"
"""What an imported role extends where nothing else is said: it brings the language rule."""

PERSONALITY, SCENARIO = "Характер", "Обстоятельства"
SPEECH, FACTS = "Примеры речи", "Сведения"
"""Headings in the role's text. Sections under the last two may give way when the context is short."""


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """A role as a card makes it.

    Attributes:
        said: the keys of the role file, without those that name files.
        knowledge: the content of its knowledge file; "" for none.
        warnings: what did not come along, or waits for the user's own hand.
    """

    said: dict[str, Any]
    knowledge: str
    warnings: tuple[str, ...]


def role_of(  # noqa: C901 - a branch for each field of a card
    card: Card, library: RoleLibrary, *, extends: str | None = None, templates: Collection[str] | None = None
) -> RoleDraft:
    """What a card says, as a role.

    Args:
        extends: the role to build on; "" for none; None: the one that the card names if role_engine wrote it, else
            `russian`, where the library has them.
        templates: names of the prompt templates there are; None: not looked at.

    Raises:
        InputError: the card has no name, or a field of it is not what it must be.
        UnknownRole: `extends` names none.
    """
    name = ours(card.text("nickname", *_name_keys(card)))
    if not name:
        raise InputError("The card has no name.", path=card.path, hint="Write one into its `name`.")
    own, warnings = read_own(card, known_roles=library.ids(), templates=templates)
    was = own_fields(card).get("extends")
    as_exported = is_as_written(card, "system_prompt") and (was is None or was in library) and extends in (None, was)
    if extends is None:
        extends = was if as_exported and was else BASE if not as_exported and BASE in library else ""
    parent = library.get(extends) if extends else None
    said: dict[str, Any] = {"name": name}
    if extends:
        said["extends"] = extends
    if as_exported and (override := _valid_override(own_fields(card))):
        said["override"] = override
    book = read_lorebook(card)
    turns, rest = read_dialogue(card.text("example_dialogue" if card.kind == "webui" else "mes_example"))
    if is_as_written(card, "mes_example"):
        turns = _valid_examples(own_fields(card)) or turns
    system = core_text(card, with_prompt=not as_exported)
    if optional := optional_text(rest, book):
        system = f"{system}\n\n{optional}".strip()
    if system or parent is None:
        said["system"] = system or "Ты — {{char}}."
    # A character has its own voice or none: words and dialogue of what it extends are another's.
    greeting = ours(card.text(*_greeting_keys(card)))
    if greeting or (parent is not None and parent.greeting):
        said["greeting"] = greeting
    if turns or (parent is not None and parent.examples):
        said["examples"] = turns
    said |= _reminder(card, parent.reminder if parent else "")
    if not as_exported and is_as_written(card, "system_prompt"):
        own.pop("negative", None)  # it stands in the system prompt
    if book.max_tokens is not None:
        own["knowledge"] = {"max_tokens": book.max_tokens, **own.get("knowledge", {})}
    said.update(own)
    try:
        RoleFileKeys.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InputError(f"The card makes no role: `{where}`: {first['msg']}.", path=card.path) from None
    return RoleDraft(said, book.text, (*card.warnings, *warnings, *_told(card, own)))


def core_text(card: Card, *, with_prompt: bool = True) -> str:
    """Who the character is: system prompt, description, personality, scenario."""
    if card.kind == "webui":
        parts = [card.text("context", "char_persona")]
        scenario = "" if card.text("context") else card.text("world_scenario")
        parts += [_headed(SCENARIO, scenario)]
    else:
        parts = [
            with_original(card.text("system_prompt"), "") if with_prompt else "",
            card.text("description"),
            _headed(PERSONALITY, card.text("personality")),
            _headed(SCENARIO, card.text("scenario")),
        ]
    return "\n\n".join(text for part in parts if (text := ours(part)))


def optional_text(speech: str, book: Lorebook) -> str:
    """What follows it: dialogue that could not be read as turns, and what the lorebook pins."""
    return "\n\n".join(part for part in (_headed(SPEECH, speech), _headed(FACTS, book.pinned)) if part)


def _headed(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text.strip()}" if text.strip() else ""


def _name_keys(card: Card) -> tuple[str, ...]:
    return ("name", "bot", "<|bot|>", "char_name") if card.kind == "webui" else ("name",)


def _greeting_keys(card: Card) -> tuple[str, ...]:
    return ("greeting", "char_greeting") if card.kind == "webui" else ("first_mes",)


def _reminder(card: Card, parents: str) -> dict[str, str]:
    """The last words. The parent's, which hold the language rule, end them."""
    text = "" if card.kind == "webui" else card.text("post_history_instructions")
    if card.kind != "webui" and is_as_written(card, "post_history_instructions"):
        return {"reminder": text} if text != parents else {}
    last = ours(with_original(text, parents))
    if last and parents and not has_original(text):
        last = f"{last}\n{parents}"
    return {"reminder": last} if last else {}


def _valid_override(own: dict[str, Any]) -> list[str]:
    try:
        return list(RoleFileKeys.model_validate({"override": own.get("override") or ()}).override)
    except ValidationError:
        return []


def _valid_examples(own: dict[str, Any]) -> list[dict[str, str]]:
    try:
        examples = RoleFileKeys.model_validate({"examples": own.get("examples")}).examples or ()
    except ValidationError:
        return []
    return [turn.model_dump() for turn in examples]


def _told(card: Card, own: dict[str, Any]) -> list[str]:
    """What the card holds that a role does not use, or that a user might not expect."""
    told = []
    if own.get("language", {}).get("mode") == "off":
        told.append("the card switches the language check off (`language.mode`)")
    if scripts := card.extensions.get("regex_scripts"):
        count = len(scripts) if isinstance(scripts, list) else 1
        told.append(f"regex scripts ({count}) are kept in the card and not run")
    if isinstance(others := card.fields.get("alternate_greetings"), list) and others:
        told.append(f"other greetings ({len(others)}) are kept in the card; the role has the first")
    return told
