"""From a role to a card, or to a character of the webui.

A role that was imported gives its card back, with those fields written anew that the user has changed in the role
since. Any other role gives a card of its own.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from role_engine.cards.card import OURS, V1_TEXTS, Card, convert
from role_engine.cards.lorebook import entries_in, entries_of, read_lorebook, section
from role_engine.cards.own_fields import DIGESTS, OWN_KEYS, digest
from role_engine.cards.placeholders import read_dialogue, write_dialogue
from role_engine.cards.sidecar import Sidecar
from role_engine.cards.to_role import optional_text
from role_engine.prompts.frame import not_to_do
from role_engine.roles import Role, RoleSource

Format = Literal["card-v2", "card-v3", "webui"]
_VERSIONS: Mapping[str, Literal["v2", "v3"]] = {"card-v2": "v2", "card-v3": "v3"}


@dataclass(frozen=True, slots=True)
class ExportedRole:
    """What a role is made of, for an export.

    Attributes:
        role: with everything that it extends.
        source: its own file.
        parent: what it extends, whole.
        kept: the card that it came from.
        knowledge: its knowledge files, name and text.
    """

    role: Role
    source: RoleSource
    parent: Role | None = None
    kept: Sidecar | None = None
    knowledge: Sequence[tuple[str, str]] = ()


def document_of(exported: ExportedRole, to: Format) -> dict[str, Any]:
    """The card's document: JSON for a card, the mapping of the YAML for a webui character."""
    kept = exported.kept
    if to == "webui":
        if kept is not None and kept.card.kind == "webui":
            return _webui_again(exported, kept)
        return _webui(exported.role)
    if kept is not None and kept.card.kind != "webui":
        return _card_again(exported, kept, _VERSIONS[to])
    return _card(exported, _VERSIONS[to])


def _card(exported: ExportedRole, to: Literal["v2", "v3"]) -> dict[str, Any]:
    """A card for a role that has none. The language rule and the rest of the frame are its system prompt."""
    role, source = exported.role, exported.source
    document = convert({"name": role.name}, "v1", to)
    data = document["data"]
    above = exported.parent.system if exported.parent is not None and "system" not in source.override else ""
    frame = "\n\n".join(part for part in (above.strip(), "\n".join(map(not_to_do, role.negative))) if part)
    data.update(
        description=(source.said.get("system") or "").strip(),
        first_mes=role.greeting.strip(),
        mes_example=write_dialogue(turn.model_dump() for turn in role.examples),
        system_prompt=f"{{{{original}}}}\n\n{frame}" if frame else "",
        post_history_instructions=role.reminder,
    )
    if exported.knowledge:
        data["character_book"] = {"extensions": {}, "entries": entries_of(exported.knowledge)}
    ours = {key: value for key in OWN_KEYS if (value := _plain(source.said.get(key), key))}
    if source.extends is not None:
        ours["extends"] = source.extends
    if source.override:
        ours["override"] = sorted(source.override)
    if [dict(turn) for turn in read_dialogue(data["mes_example"])[0]] != [turn.model_dump() for turn in role.examples]:
        ours["examples"] = [turn.model_dump() for turn in role.examples]
    texts = ("system_prompt", "post_history_instructions", "mes_example")
    ours[DIGESTS] = {field: digest(data[field]) for field in texts}
    data["extensions"][OURS] = ours
    return document


def _card_again(exported: ExportedRole, kept: Sidecar, to: Literal["v2", "v3"]) -> dict[str, Any]:
    card, now, then = kept.card, exported.source.said, kept.said
    document = convert(card.raw, card.kind, to)
    data = document["data"]
    put: dict[str, str] = {}
    if now.get("name") != then.get("name"):
        put["nickname" if data.get("nickname") else "name"] = exported.role.name
    if _text(now, "greeting") != _text(then, "greeting"):
        put["first_mes"] = exported.role.greeting
    if _text(now, "reminder") != _text(then, "reminder"):
        put["post_history_instructions"] = exported.role.reminder
    turns = [dict(turn) for turn in now.get("examples") or ()]
    if turns != [dict(turn) for turn in then.get("examples") or ()]:
        speech = read_dialogue(card.text("mes_example"))[1]
        put["mes_example"] = "\n".join(
            part for part in (write_dialogue(turns), speech and f"<START>\n{speech}") if part
        )
    pins_stand = True
    if _text(now, "system") != _text(then, "system"):
        optional = optional_text(read_dialogue(card.text("mes_example"))[1], read_lorebook(card))
        system = _text(now, "system")
        pins_stand = system.endswith(optional)
        put |= {
            "description": system.removesuffix(optional).strip() if pins_stand else system,
            **dict.fromkeys(("personality", "scenario", "system_prompt"), ""),
        }
        if not pins_stand:  # the loose dialogue stands in the text now, edited
            put["mes_example"] = write_dialogue(turns)
    data.update(put)
    for field in V1_TEXTS:  # SillyTavern writes these beside `data` once more
        if field in put and field in document:
            document[field] = put[field]
    _put_book(data, exported, card, pins_stand)
    _put_own(data, now, then)
    return document


def _put_book(data: dict[str, Any], exported: ExportedRole, card: Card, pins_stand: bool) -> None:
    """Entries that stand in the role as they came stay as they are, unknown keys and all."""
    was = read_lorebook(card)
    written = entries_of(exported.knowledge)
    keyed_stand = "\n".join(text for _, text in exported.knowledge).strip() == was.text.strip()
    if keyed_stand and pins_stand:
        return
    book = data.get("character_book")
    book = book if isinstance(book, dict) else {"extensions": {}}
    entries = entries_in(book) or []
    same = {text: entries[number] for number, text in was.keyed}
    stay = [
        entry
        for number, entry in enumerate(entries)
        if not (number in was.pinned_numbers and not pins_stand) and not (number in dict(was.keyed) and not keyed_stand)
    ]
    if not keyed_stand:
        stay += [same.get(section(entry["keys"], entry["content"]), entry) for entry in written]
    data["character_book"] = {**book, "entries": stay}


def _put_own(data: dict[str, Any], now: Mapping[str, Any], then: Mapping[str, Any]) -> None:
    changed = [key for key in OWN_KEYS if _plain(now.get(key), key) != _plain(then.get(key), key)]
    if not changed:
        return
    extensions = data.get("extensions")
    extensions = dict(extensions) if isinstance(extensions, dict) else {}
    ours = dict(extensions[OURS]) if isinstance(extensions.get(OURS), dict) else {}
    for key in changed:
        ours.pop(key, None)
        if value := _plain(now.get(key), key):
            ours[key] = value
    data["extensions"] = {**extensions, OURS: ours}


def _webui(role: Role) -> dict[str, Any]:
    """What the webui keeps of a character: name, greeting, and everything else as one text."""
    negative = "\n".join(map(not_to_do, role.negative))
    dialogue = write_dialogue(turn.model_dump() for turn in role.examples).removeprefix("<START>\n")
    parts = (role.system.strip(), negative, role.reminder.strip(), dialogue)
    document = {"name": role.name, "greeting": role.greeting, "context": "\n\n".join(part for part in parts if part)}
    return {key: value for key, value in document.items() if value}


def _webui_again(exported: ExportedRole, kept: Sidecar) -> dict[str, Any]:
    document = copy.deepcopy(kept.card.raw)
    now, then = exported.source.said, kept.said
    if now.get("name") != then.get("name"):
        names = [key for key in ("name", "bot", "<|bot|>", "char_name") if document.get(key)]
        document[names[0] if names else "name"] = exported.role.name
    parts = ("system", "examples", "reminder", "negative")
    if any(_plain(now.get(key), key) != _plain(then.get(key), key) for key in parts):
        own = _webui(exported.role.model_copy(update={"system": _text(now, "system") or exported.role.system}))
        document["context"] = own["context"]
        if "char_greeting" in document:  # the webui does not look there beside a `context`
            document.setdefault("greeting", document["char_greeting"])
    if _text(now, "greeting") != _text(then, "greeting"):
        document["char_greeting" if "context" not in document else "greeting"] = exported.role.greeting
    return document


def _text(said: Mapping[str, Any], key: str) -> str:
    return str(said.get(key) or "").strip()


def _plain(value: Any, key: str) -> Any:
    """A value as JSON has it. Of `knowledge` only the settings: the files travel as entries of the book."""
    if isinstance(value, Mapping):
        return {str(k): _plain(v, str(k)) for k, v in value.items() if not (key == "knowledge" and k == "files")}
    if isinstance(value, (list, tuple)):
        return [_plain(item, "") for item in value]
    return value
