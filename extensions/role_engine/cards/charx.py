"""`.charx`: a zip with `card.json` and the card's assets. Read in memory; nothing in it is ever unpacked to disk."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from role_engine.cards.limits import MAX_MEMBERS, MAX_PICTURE, MAX_RATIO, MAX_TEXT, MAX_UNPACKED, SMALL
from role_engine.errors import InputError

SIGNATURE = b"PK\x03\x04"
CARD = "card.json"

_EMBEDDED = ("embeded://", "embedded://")  # the standard spells it with one d
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA lets the file say how much memory it takes


def read_card_json(raw: bytes, path: Path) -> bytes:
    """The bytes of `card.json`.

    Raises:
        InputError: not a zip, a member whose name leaves the folder, no card in it, or more than a card may have.
    """
    with _opened(raw, path) as archive:
        if CARD not in archive.namelist():
            raise InputError(f"The archive has no {CARD}.", path=path, hint="Is it a character card?")
        return _member(archive, CARD, MAX_TEXT, path)


def picture(raw: bytes, card: dict[str, Any], path: Path) -> bytes | None:
    """The main icon, where the card embeds one."""
    assets = card["data"].get("assets") if isinstance(card.get("data"), dict) else None
    icons = [
        asset
        for asset in (assets if isinstance(assets, list) else [])
        if isinstance(asset, dict) and asset.get("type") == "icon" and isinstance(asset.get("uri"), str)
    ]
    icons.sort(key=lambda asset: asset.get("name") != "main")
    with _opened(raw, path) as archive:
        for asset in icons:
            for prefix in _EMBEDDED:
                if (name := asset["uri"].removeprefix(prefix)) in archive.namelist():
                    return _member(archive, name, MAX_PICTURE, path)
    return None


def with_card_json(raw: bytes | None, card: bytes, path: Path) -> bytes:
    """The archive with another `card.json`, everything else as it is; a new archive for None."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr(_info(CARD), card)
        if raw is not None:
            left = MAX_UNPACKED
            with _opened(raw, path) as source:
                for member in source.infolist():
                    if member.filename != CARD and not member.is_dir():
                        content = _member(source, member.filename, left, path)
                        left -= len(content)
                        target.writestr(_info(member.filename), content)
    return out.getvalue()


def _info(name: str) -> zipfile.ZipInfo:
    """The same archive for the same card: no time of day in it."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _opened(raw: bytes, path: Path) -> zipfile.ZipFile:
    if raw.count(b"PK\x01\x02") > MAX_MEMBERS:  # counted before zipfile makes an object of each
        raise InputError(f"The archive holds more than {MAX_MEMBERS} files.", path=path)
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error) as error:
        raise InputError(f"The archive cannot be read: {str(error) or 'it is damaged'}.", path=path) from None
    names = [member.orig_filename for member in archive.infolist()]
    for name in names:
        if name.startswith(("/", "\\")) or ":" in name or "\0" in name or ".." in name.replace("\\", "/").split("/"):
            raise InputError(f"The archive holds a file {name!r}, which leaves its folder.", path=path)
    most = min(MAX_UNPACKED, max(SMALL, MAX_RATIO * len(raw)))
    if sum(member.file_size for member in archive.infolist()) > most:
        raise InputError(f"The archive unpacks to more than {most:,} bytes.", path=path)
    if len(set(names)) < len(names):
        raise InputError("The archive holds two files of one name.", path=path)
    return archive


def _member(archive: zipfile.ZipFile, name: str, limit: int, path: Path) -> bytes:
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise InputError(f"{name} is encrypted.", path=path)
    if info.compress_type not in _METHODS:
        raise InputError(f"{name} is packed in a way that is not read.", path=path, hint="Pack it with deflate.")
    try:
        with archive.open(info) as stream:
            content = stream.read(limit + 1)  # the size that the archive states may be a lie
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise InputError(f"{name} cannot be unpacked: {str(error) or 'it is damaged'}.", path=path) from None
    if len(content) > limit:
        raise InputError(f"{name} is larger than {limit:,} bytes.", path=path)
    return content
