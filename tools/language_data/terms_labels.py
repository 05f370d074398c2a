"""Words of buttons, menus and fields for `build_terms.py`, from the texts of open programs."""

from __future__ import annotations

import itertools
import json
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

# A label has so many words at most, and nothing to be filled in.
LONGEST = 3
LABEL = re.compile(r"[A-Z][A-Za-z-]*(?: (?:[A-Za-z-]+|&))*")
# A word counts where it is a label by itself and so many labels have it, or where more have it.
ALONE, TOGETHER = 4, 12


def label_words(texts: Iterable[str]) -> set[str]:
    alone: set[str] = set()
    number: Counter[str] = Counter()
    for label in {plain(text) for text in texts}:
        parts = label.casefold().split()
        if not LABEL.fullmatch(label) or len(parts) > LONGEST:
            continue
        number.update({part for part in parts if len(part) > 1})
        if len(parts) == 1:
            alone.add(parts[0])
    return {word for word, times in number.items() if times >= (ALONE if word in alone else TOGETHER)}


def plain(text: str) -> str:
    """Without a context before it, the mark of its key, and what ends it."""
    return re.sub(r"&(?=\w)|_(?=[A-Z])", "", text.rpartition("\x04")[2]).strip().rstrip(".…:")


def chromium(pack: bytes) -> Iterator[str]:
    """The texts of a `.pak` of version 5: a table of numbers and offsets, then the texts."""
    version, _encoding, number, _aliases = struct.unpack_from("<IB3xHH", pack)
    if version != 5:
        raise ValueError(f"a pack of version {version}, not 5")
    offsets = [struct.unpack_from("<HI", pack, 12 + 6 * index)[1] for index in range(number + 1)]
    for start, end in itertools.pairwise(offsets):
        yield pack[start:end].decode(errors="replace")


def catalogues(wheel: Path) -> Iterator[str]:
    """The English side of the catalogues in a wheel: `.po` files of Russian, and JSON keyed by the English text."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if "/LC_MESSAGES/" in name and name.endswith(".json"):
                yield from json.loads(archive.read(name))
            elif "/ru/LC_MESSAGES/" in name and name.endswith(".po"):
                yield from re.findall(r'^msgid "([^"\n]+)"', archive.read(name).decode(), re.MULTILINE)
