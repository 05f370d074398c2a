"""A card out of a file: PNG, JSON, `.charx` or YAML, told by the content and not by the name."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import replace
from pathlib import Path

from role_engine.cards import charx, png
from role_engine.cards.book import Book, book_of
from role_engine.cards.card import Card, card_of
from role_engine.cards.json_reading import check_texts, read_json
from role_engine.cards.limits import MAX_FILE, MAX_PICTURE, MAX_TEXT
from role_engine.cards.other_files import refuse_other_file
from role_engine.errors import InputError
from role_engine.files import UnreadableFile, is_file, read_bounded, read_unlinked
from role_engine.roles.role_file import MAX_ROLE_FILE_BYTES
from role_engine.roles.yaml_reading import read_marked

KEYWORDS = ("ccv3", "chara")
"""Where PNGs carry cards, the first that is there counts."""

JPEG = b"\xff\xd8\xff"
_OTHER_PICTURES = {JPEG: "a JPEG", b"RIFF": "a WebP", b"GIF8": "a GIF"}


def read_card(path: Path) -> Card:
    """The card in a file, and the picture that goes with it.

    Raises:
        InputError: unreadable, damaged, no card in it, or more than a card may cost (`role_engine.cards.limits`).
        RoleError: a webui character whose YAML roles would not allow either.
    """
    found = read_card_or_book(path)
    if isinstance(found, Book):
        raise InputError(
            "This is a lorebook, not a card.",
            path=path,
            hint="Give it to a role: role-engine roles import FILE --into ROLE.",
            kind="is lorebook",
        )
    return found


def read_card_or_book(path: Path) -> Card | Book:
    """The same, where a file may be a lorebook by itself instead of a card.

    Raises:
        InputError, RoleError: as `read_card`.
    """
    raw = read_file(path, MAX_FILE)
    if raw.startswith(png.SIGNATURE):
        return _from_png(raw, path)
    if raw.startswith(charx.SIGNATURE):
        card = card_of(read_json(charx.read_card_json(raw, path), path), path)
        picture = charx.picture(raw, card.raw, path)
        return replace(card, archive=raw, picture=picture if _is_picture(picture) else None)
    for magic, name in _OTHER_PICTURES.items():
        if raw.startswith(magic):
            raise InputError(f"Is {name}; only PNG pictures carry cards.", path=path, hint="Get the PNG or the JSON.")
    text = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"{":
        document = _first_of_lines(text, path) or read_json(raw, path)
        return book_of(document, path) or _with_picture_beside(card_of(document, path))
    if text[:1] == b"[":
        _refuse_list(text, path)
    return _with_picture_beside(card_of(_read_yaml(raw, path), path))


def read_file(path: Path, limit: int, *, unlinked: bool = False) -> bytes:
    """A file's bytes.

    Args:
        unlinked: the path was resolved; what has become a link since is not read.

    Raises:
        InputError: it cannot be read, is no plain file, or holds more than `limit` bytes.
    """
    try:
        return read_unlinked(path, limit) if unlinked else read_bounded(path, limit)
    except UnreadableFile as error:
        raise InputError(error.message, path=path) from None


def _first_of_lines(text: bytes, path: Path) -> dict[str, object] | None:
    """Of a file with an object in each line, as chats are kept, the first; None for any other."""
    first, _, rest = text.partition(b"\n")
    if not (first.rstrip().endswith(b"}") and rest.lstrip()[:1] == b"{"):
        return None
    try:
        return read_json(first, path)
    except InputError:
        return None


def _refuse_list(text: bytes, path: Path) -> None:
    """
    Raises:
        InputError: it is a JSON list, which no card is.
    """
    if len(text) > MAX_TEXT:
        raise InputError(f"The card's text is larger than {MAX_TEXT:,} bytes.", path=path)
    try:
        items = json.loads(text)
    except (ValueError, RecursionError):
        return  # not JSON
    refuse_other_file(items, path)
    raise InputError("The card must be a JSON object, a mapping of keys to values.", path=path)


def _from_png(raw: bytes, path: Path) -> Card:
    found = png.texts(raw, KEYWORDS, path)
    keyword = next((keyword for keyword in KEYWORDS if keyword in found), None)
    if keyword is None:
        raise InputError(
            "This PNG carries no card.",
            path=path,
            hint="Pictures that went through a messenger or an editor lose it: get the original file.",
            kind="no card in png",
        )
    try:
        text = base64.b64decode(b"".join(found[keyword].split()), validate=True)
    except (binascii.Error, ValueError):
        raise InputError(f"The card in this PNG is damaged: `{keyword}` is not base64.", path=path) from None
    card = card_of(read_json(text, path), path)
    return replace(card, picture=png.with_texts(raw, {}, KEYWORDS, path))


def _read_yaml(raw: bytes, path: Path) -> dict[str, object]:
    if len(raw) > MAX_ROLE_FILE_BYTES:
        raise InputError(f"Is larger than {MAX_ROLE_FILE_BYTES:,} bytes.", path=path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"Is no card: neither PNG, archive nor UTF-8 text (byte {error.start})."
        raise InputError(message, path=path, kind="no card") from None
    data = read_marked(text.replace("\r\n", "\n"), path).data
    check_texts(data, path)
    return data


def _with_picture_beside(card: Card) -> Card:
    """The webui keeps a character's picture beside it, under the same name."""
    if card.kind != "webui":
        return card
    for suffix in (".png", ".jpg", ".jpeg"):
        beside = card.path.with_suffix(suffix)
        if is_file(beside) and _is_picture(picture := read_file(beside, MAX_PICTURE)):
            return replace(card, picture=picture)
    return card


def _is_picture(raw: bytes | None) -> bool:
    return raw is not None and raw.startswith((png.SIGNATURE, JPEG))
