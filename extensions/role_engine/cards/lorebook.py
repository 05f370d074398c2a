"""A lorebook: what always holds goes into the role's text, what hangs on keys into a knowledge file.

The file is Markdown, an entry under a heading with its keys, so that its words are found together with them. It is a
document like any other, so names stand in it where the card has {{char}} and {{user}}:

    ## Дракон, змей

    Живёт в пещере за рекой.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from role_engine.cards.card import Card, as_text
from role_engine.cards.key_patterns import words_of_key
from role_engine.cards.limits import MAX_ENTRIES
from role_engine.cards.placeholders import ours
from role_engine.errors import InputError
from role_engine.prompts.frame import SOMEONE, fill
from role_engine.prompts.neutral import as_name

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$", re.MULTILINE)
_HEADING_MARK = re.compile(r"^( {0,3}#{1,6}[ \t])", re.MULTILINE)
_ESCAPED = re.compile(r"^\\( {0,3}#{1,6}[ \t])", re.MULTILINE)
_DECORATOR = re.compile(r"@@(@?)([a-z_]+)(?:[ \t]+(.*))?")
_KNOWN_DECORATORS = ("activate", "dont_activate", "additional_keys")
_LONGEST_TITLE = 100
_LOGIC_OF_NOT = (1, 2)
"""SillyTavern's numbers for «not all» and «not any» of the secondary keys: those keep an entry away."""


@dataclass(frozen=True, slots=True)
class Lorebook:
    """What a book says.

    Attributes:
        pinned: the entries that always hold, a paragraph each.
        pinned_numbers: which entries those are.
        keyed: the others: number, and text in the knowledge file.
        max_tokens: what the book may cost in a prompt; None where it does not say.
    """

    pinned: str = ""
    pinned_numbers: tuple[int, ...] = ()
    keyed: tuple[tuple[int, str], ...] = ()
    max_tokens: int | None = None

    @property
    def text(self) -> str:
        """The knowledge file; "" where nothing would be in it."""
        return "\n".join(text for _, text in self.keyed)


def read_lorebook(card: Card) -> Lorebook:
    """The card's book; an empty one where it has none.

    Raises:
        InputError: the book is not built as one.
    """
    book = card.fields.get("character_book") if card.kind != "webui" else None
    if book is None:
        return Lorebook()
    return read_entries(book, card.path, where="character_book", char=ours(card.text("nickname", "name")))


def read_entries(book: Any, path: Path, *, where: str, char: str, pin: bool = True) -> Lorebook:
    """What a book says that has the form of a card's `character_book`.

    Args:
        where: what the book is called in errors.
        char: who {{char}} is.
        pin: whether what always holds is kept apart; else it stands among what hangs on keys.

    Raises:
        InputError: the book is not built as one.
    """
    entries = entries_in(book)
    if entries is None:
        raise InputError(f"`{where}` must be an object with a list of `entries`.", path=path)
    if len(entries) > MAX_ENTRIES:
        raise InputError(f"`{where}` has more than {MAX_ENTRIES:,} entries.", path=path)
    names = {"user": SOMEONE, "char": as_name(char), "date": "{{date}}"}
    pinned: list[tuple[float, int, str]] = []
    keyed: list[tuple[int, str]] = []
    for number, entry in enumerate(entries):
        at = f"{where}.entries[{number}]"
        if not isinstance(entry, dict):
            raise InputError(f"`{at}` must be an object.", path=path)
        if entry.get("enabled") is False or entry.get("disable") is True:
            continue
        decorators, content = _undecorated(ours(as_text(entry.get("content"), f"{at}.content", path)))
        if not content or "dont_activate" in decorators:
            continue
        if pin and (entry.get("constant") is True or "activate" in decorators):
            order = entry.get("insertion_order", entry.get("order"))
            pinned.append((order if isinstance(order, (int, float)) else 0, number, content))
            continue
        keys = _keys(entry, at, path) + _split(decorators.get("additional_keys", ""))
        heading = dict.fromkeys([*_split(_title(entry, at, path)), *keys])
        keyed.append((number, fill(section(heading, content), names)))
    pinned.sort()
    return Lorebook(
        "\n\n".join(text for _, _, text in pinned),
        tuple(number for _, number, _ in pinned),
        tuple(keyed),
        _token_budget(book.get("token_budget")),
    )


def entries_in(book: Any) -> list[Any] | None:
    """The entries of a `character_book`; None where it is none."""
    entries = book.get("entries", []) if isinstance(book, dict) else None
    if isinstance(entries, dict):  # as a lorebook has them that was saved by itself
        return list(entries.values())
    return entries if isinstance(entries, list) else None


def _token_budget(value: Any) -> int | None:
    """Inside the bounds of `knowledge.max_tokens`."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        return None
    return min(max(value, 16), 1_000_000)


def section(keys: Iterable[str], content: str) -> str:
    """One entry as the knowledge file has it."""
    heading = ", ".join(" ".join(key.split()) for key in keys) or "…"
    body = _HEADING_MARK.sub(r"\\\1", content.strip())  # a heading of its own would be another entry
    return f"## {heading}\n\n{body}\n"


def entries_of(files: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """Knowledge files, name and text, as entries of a book: one for each heading, its keys the heading's.

    What stands before a file's first heading is headed by the file's name.
    """
    entries: list[dict[str, Any]] = []
    for name, text in files:
        before, *pieces = _HEADING.split(text)
        for heading, content in [(name, before), *zip(pieces[::2], pieces[1::2], strict=True)]:
            if content.strip():
                entries.append(
                    {
                        "keys": _split(heading) or [name],
                        "content": _ESCAPED.sub(r"\1", content.strip()),
                        "extensions": {},
                        "enabled": True,
                        "insertion_order": len(entries),
                        "use_regex": False,
                    }
                )
    return entries


def _title(entry: Mapping[str, Any], where: str, path: Path) -> str:
    """What the entry is called: its name, else its comment, where SillyTavern has it."""
    title = ours(as_text(entry.get("name"), f"{where}.name", path))
    if not title:
        comment = ours(as_text(entry.get("comment"), f"{where}.comment", path))
        title = comment if "\n" not in comment and len(comment) <= _LONGEST_TITLE else ""
    return title


def _keys(entry: Mapping[str, Any], where: str, path: Path) -> list[str]:
    """The words that an entry is to be found by."""
    names = ["keys", "key"]
    extensions = entry.get("extensions")
    logic = entry.get("selectiveLogic", extensions.get("selectiveLogic") if isinstance(extensions, dict) else None)
    if entry.get("selective") is not False and logic not in _LOGIC_OF_NOT:
        names += ["secondary_keys", "keysecondary"]
    patterns = entry.get("use_regex") is True
    keys = [key for name in names for key in _listed(entry.get(name), where, path)]
    return [word for key in keys for word in words_of_key(ours(key), pattern=patterns)]


def _listed(value: Any, where: str, path: Path) -> list[str]:
    if isinstance(value, list):
        return [as_text(key, f"{where}.keys", path) for key in value]
    return _split(as_text(value, f"{where}.keys", path))


def _split(text: str) -> list[str]:
    return [key.strip() for key in text.split(",") if key.strip()]


def _undecorated(content: str) -> tuple[dict[str, str], str]:
    """The decorators in front of an entry's text that are known here, and the text without any.

    `@@depth 4` and the like say where in a chat the text should go, which a role has no place for. `@@@name` is the
    decorator to use when the one above it is not known; when it is, the fallbacks below it are passed over.
    """
    lines = content.split("\n")
    known: dict[str, str] = {}
    satisfied = False
    at = 0
    while at < len(lines) and (found := _DECORATOR.fullmatch(lines[at].strip())):
        fallback, name, value = found[1], found[2], found[3] or ""
        if not (fallback and satisfied):
            satisfied = name in _KNOWN_DECORATORS
            if satisfied:
                known[name] = value
        at += 1
    return known, "\n".join(lines[at:]).strip()
