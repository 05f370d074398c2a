"""How text is cut into units: white space, and the chunk of text after it; or a stretch of plain ones at once."""

from __future__ import annotations

import re

import regex

from role_engine.language.alphabets import FLAGS, LOOK_AHEAD, PLAIN_TEXT, SPACE, SPACES, plain_text, run_end
from role_engine.language.letters.sign_loops import COMMAS
from role_engine.language.markup.tags import BRACES_AHEAD

# The end of the last chunk in a stretch of plain text that white space follows.
_LAST_CHUNK_END = regex.compile(rf"[^{SPACE}](?={SPACE}{{1,16}}[^{SPACE}]{{0,{LOOK_AHEAD}}}\Z)", FLAGS | regex.REVERSE)
_PLAIN_UNIT, _PLAIN_STRETCH = 16 + LOOK_AHEAD + 2, 1 << 16
_A_SPACE = regex.compile(SPACE, FLAGS)
_BLANK = regex.compile(f"{SPACE}{{0,{LOOK_AHEAD}}}", FLAGS)
_CHUNK = {
    "strict": regex.compile(rf"[^{SPACE}][^{SPACE}<]*", FLAGS),
    # Also before what may open code, or markup.
    "balanced": regex.compile(rf"(?:`+|\{{+|\(+|[^{SPACE}])(?:[^{SPACE}<`{{(]|(?!{BRACES_AHEAD})[{{(])*", FLAGS),
}
# In `balanced`, code or markup may begin so, which is looked at by itself.
_INDENTED = ("\n  ", "\n\t")
PLAIN_RUNS: dict[str, re.Pattern[str] | regex.Pattern[str]] = {
    "strict": PLAIN_TEXT,
    "balanced": re.compile(plain_text(without="{\r")),
}
"""What a stretch of plain text is made of, by the policy's mode."""


def find_chunk(text: str, start: int) -> int:
    """Where the white space from `start` on ends; it is read `LOOK_AHEAD` characters far."""
    return run_end(_BLANK, text, start) if text[start] in SPACES else start


def find_chunk_end(text: str, chunk: int, mode: str) -> int:
    """Where the chunk that begins at `chunk` ends; it is read `LOOK_AHEAD` characters far."""
    return run_end(_CHUNK[mode], text, chunk, chunk + LOOK_AHEAD)


def find_plain_end(text: str, start: int, before: str, weighs: bool) -> int:  # noqa: C901 - runs for every piece of text: calls would be half of the time
    """Where the units from `start` on end that hold nothing but ordinary Russian text, 0 where there are none.

    `before`: the text before them. `weighs`: in `balanced`.
    """
    first = text[start : start + _PLAIN_UNIT]
    if first[:LOOK_AHEAD].isspace() or not _A_SPACE.search(first, 1):  # a long run of spaces, or a long chunk
        return 0
    if before and not first[0].isspace() and (before[-1] not in SPACES or weighs):
        return 0
    if weighs and first[0] in " \t-" and (not before or before[-1] in "\n\r"):  # so may front matter
        return 0
    stretch = run_end(PLAIN_RUNS["balanced" if weighs else "strict"], text, start, start + _PLAIN_STRETCH)
    if weighs:
        if text.find("\n", start, stretch) >= 0:
            for mark in _INDENTED:
                if (at := text.find(mark, start, stretch)) >= 0:
                    stretch = at + 1  # the line's end ends the chunk before it
        if (at := text.find("(((", start, stretch)) >= 0:
            stretch = at
    if (commas := text.find(COMMAS, start, stretch)) >= 0:
        stretch = commas
    last = _LAST_CHUNK_END.search(text, max(start, stretch - _PLAIN_UNIT), stretch)
    if last is not None:
        return last.end()
    space = max(text.rfind(" ", start, stretch), text.rfind("\n", start, stretch), start)
    end = start + len(text[start:space].rstrip())
    return end if end > start else 0
