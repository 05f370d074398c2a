"""Terms and commands that a line of a list explains: «- **Council** — совет…», «hugo new theme - Создать тему»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from role_engine.language.latin.lexicon import is_common, look_up
from role_engine.language.latin.line import LineContext
from role_engine.language.latin.observations import is_command

_ITEM = r"[ \t]*(?:(?:[*+\-•–]|[0-9]{1,3}[.)])[ \t]+)?"
_EXPLAINS = r"[ \u00a0]+(?:—|–|--?)[ \u00a0]+[А-Яа-яЁё]"
_BOLD_TERM = re.compile(
    rf"{_ITEM}(?P<mark>\*\*|__)(?P<words>[A-Za-z][\w'’.\-]*(?: [\w'’.&/\-]+){{0,3}})(?P=mark)"
    rf"(?:[ \u00a0]\([^()\n]{{1,32}}\))?{_EXPLAINS}"
)
# «| bias | смещение |», of a table of terms.
_CELL = re.compile(r"\|[ \t]*(?P<words>[A-Za-z][\w'’.\-]*(?: [\w'’.&/\-]+){0,3})[ \t]*\|[ \t]*[«„\"]?[а-яё]")
_USAGE = re.compile(
    rf"{_ITEM}(?P<words>(?P<command>[a-z][\w.\-]+)(?: -{{0,2}}[\w:./=<>@]+){{1,5}})"
    rf"(?:{_EXPLAINS}|[ \u00a0]\([А-Яа-яЁё])"
)
# What arguments have, and phrases have not.
_SIGN = re.compile(r"[0-9:./=<>@_]| -")


def find_explained_terms(line: LineContext) -> Iterator[tuple[tuple[int, int], int]]:
    """The term in bold, or the command with its arguments, that begins the line and that a dash and Russian follow.

    Yields where it stands in the window, and the end of what explains it.
    """
    if not line.begins or line.stop != "cyrillic":
        return
    said = line.whole + line.after
    found = _BOLD_TERM.match(said) or _USAGE.match(said) or _CELL.match(said)
    if found is None or found.end("words") <= line.offset:
        return
    words = found["words"].split()
    if any(look_up(word).function for word in words):
        return
    if found.re is _USAGE and not (is_command(words[0]) and (_SIGN.search(found["words"]) or not is_common(words[0]))):
        return
    yield (max(found.start("words") - line.offset, 0), found.end("words") - line.offset), found.end() - line.offset
