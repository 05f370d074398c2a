"""Markup inside lines whose words are no language: HTML tags and comments, shortcodes, anchors, index terms.

Letters are still looked at there: a word out of two alphabets, or of a third one, is refused in an attribute too. What
stands between the tags of an element for code is code.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, LINE_END, LOOK_AHEAD, SPACE, SPACE_IN_LINE
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.meter import Meter, measure
from role_engine.language.markup.prose import A_WORD, LONGEST_MESSAGE, ProseWatch, foreign_letters, is_foreign_prose
from role_engine.language.markup.spans import look_ahead_for_close, open_code
from role_engine.language.markup.zones import Zone

# Elements whose content is code, to their closing tag: within a line, and over any lines.
CODE_ELEMENTS = frozenset({"code", "kbd", "samp", "tt", "var"})
CODE_BLOCKS = frozenset({"pre", "script", "style"})

_ONE_BREAK = rf"{LINE_END}(?!{SPACE_IN_LINE}*{LINE_END})"
_BREAK = rf"(?:{SPACE_IN_LINE}|{_ONE_BREAK})"
_VALUE = rf"(?:\"(?:[^\"<>`\n]|{_ONE_BREAK})*\"|'(?:[^'<>`\n]|{_ONE_BREAK})*'|\{{[^<>`\n]*?\}}|[!-~--[\"'<>=`{{}}]]+)"
# «href="/page"», «required», «:class="…"», «v-if='…'», «{...props}».
_ATTRIBUTE = rf"(?:[A-Za-z_:@.\#*$][\-\w:@.\#*$()\[\]]*|\{{[^<>`{{}}\n]*\}})(?:{_BREAK}*={_BREAK}*{_VALUE})?"
_ATTRIBUTES = rf"(?:{_BREAK}++{_ATTRIBUTE})*+{_BREAK}*+"
_TAG = regex.compile(rf"<(?P<end>/)?(?P<name>[A-Za-z][A-Za-z0-9:.\-]*){_ATTRIBUTES}/?>", FLAGS)
# Unmistakably a tag, though its end is out of sight: it has an attribute with a value.
_LONG_TAG = regex.compile(
    rf"<(?P<name>[A-Za-z][A-Za-z0-9:.\-]*){_BREAK}+(?:[^<>=\"']{{0,40}}{SPACE})?[\w:@.#\-\[\]()*]+=[\"'{{]", FLAGS
)
_DECLARATION = regex.compile(r"<![A-Za-z][^<>`\n]*>", FLAGS)
_COMMENT = regex.compile(r"<!--(?P<said>.*?)-->", FLAGS | regex.DOTALL)
_CROSS_REFERENCE = regex.compile(r"<<[\w\-#./:]+(?:,[^<>\n]*)?>>", FLAGS)
_BRACES = regex.compile(
    r"""\{\{[^{}`\n]*(?:\}(?!\})[^{}`\n]*)?\}\}          # {{ name }}, {{< ref "x" >}}
      | \{%[^`\n]*?%\}
      | \{/\*[^`\n]*?\*/\}
      | \{\#[^{}`\n\s]+\}
      | \{:[^{}`\n]*\}
      | \(\(\([^()`\n]*\)\)\)
    """,
    FLAGS | regex.VERBOSE,
)
# Where in a chunk such markup may begin.
BRACES_AHEAD = r"\{[{%#:/]|\(\(\("
_OPENS_BRACES = regex.compile(BRACES_AHEAD)
# An anchor whose end is out of sight: «{/*how-is-this-better-than-…*/}», «{#…}».
_LONG_ANCHOR = regex.compile(r"(?P<opener>\{/\*|\{\#)[\w\-]+", FLAGS)
_BLANK_LINE = regex.compile(rf"{LINE_END}{SPACE_IN_LINE}*{LINE_END}", FLAGS)


class Markup(NamedTuple):
    """In markup up to `closer`, or the next empty line; with no `closer`, up to the line's end.

    `outer`: what the markup itself stands in; `meter`: what was read of it.
    """

    closer: str
    outer: Any = None
    meter: Meter = Meter()

    @property
    def free(self) -> bool:
        """Its letters are looked at."""
        return False


def open_markup(text: str, at: int, watch: ProseWatch, finished: bool) -> DecidedMarkup | None:
    """The markup that begins at `at`, or None where none does."""
    if text[at] == "<":
        return _angle(text, at, watch, finished)
    if not _OPENS_BRACES.match(text, at):
        partial = len(text) - at < 3 and not finished
        return WAIT if partial and text[at] in "{(" and text[at:] in ("{", "(", "((") else None
    taken = _quoting(_within(_BRACES, text, at, finished), text, at, watch)
    if taken is None and (long := _LONG_ANCHOR.match(text, at, at + LOOK_AHEAD)) and long.end() == at + LOOK_AHEAD:
        return DecidedMarkup(
            long.end("opener"), Markup("*/}" if long["opener"] == "{/*" else "}"), "markup", depends_until=long.end()
        )
    return taken


def _quoting(taken: DecidedMarkup | None, text: str, at: int, watch: ProseWatch) -> DecidedMarkup | None:
    """The markup that `taken` says begins at `at`, unless it is too much of foreign prose."""
    said = text[at + 1 : taken.end] if taken is not None and taken is not WAIT else ""
    if taken is None or not is_foreign_prose(said.strip("<>{}()/%#:* ")):
        return taken
    letters = foreign_letters(said)
    return taken._replace(letters=letters, prose=True) if watch.allows(letters, fewest=A_WORD) else None


def _within(pattern: regex.Pattern[str], text: str, at: int, finished: bool) -> DecidedMarkup | None:
    """Markup that ends within the look-ahead."""
    limit = at + LOOK_AHEAD
    found = pattern.match(text, at, limit)
    if found is not None:
        return DecidedMarkup(found.end(), None, "markup", depends_until=found.end())
    return WAIT if _may_go_on(pattern, text, at, limit, finished) else None


def _may_go_on(pattern: regex.Pattern[str], text: str, at: int, limit: int, finished: bool) -> bool:
    return len(text) < limit and not finished and pattern.fullmatch(text, at, partial=True) is not None


def _angle(text: str, at: int, watch: ProseWatch, finished: bool) -> DecidedMarkup | None:
    after = text[at + 1 : at + 2]
    if after == "!":
        return _comment(text, at, watch, finished)
    if after == "<":
        return _quoting(_within(_CROSS_REFERENCE, text, at, finished), text, at, watch)
    if not (after.isascii() and (after.isalpha() or after == "/")):
        return WAIT if not after and not finished else None
    limit = at + LOOK_AHEAD
    found = _TAG.match(text, at, limit)
    if found is None:
        if _may_go_on(_TAG, text, at, limit, finished):
            return WAIT
        if len(text) < limit or not _TAG.fullmatch(text, at, limit, partial=True):
            return None
        long = _LONG_TAG.match(text, at, limit)
        return DecidedMarkup(long.end("name"), Markup(">"), "markup", depends_until=limit) if long else None
    name = found["name"].lower()
    if found["end"] or found.group().endswith("/>"):
        return DecidedMarkup(found.end(), None, "markup", depends_until=found.end())
    if name in CODE_BLOCKS:
        return DecidedMarkup(
            found.end(), Zone(f"</{found['name']}>", "code", free=True), "markup", depends_until=found.end()
        )
    if name not in CODE_ELEMENTS:
        return _quoting(DecidedMarkup(found.end(), None, "markup", depends_until=found.end()), text, at, watch)
    code = open_code(text, found.end(), f"</{found['name']}>", watch, finished)
    return code or DecidedMarkup(found.end(), None, "markup", depends_until=look_ahead_for_close(text, found.end()))


def _comment(text: str, at: int, watch: ProseWatch, finished: bool) -> DecidedMarkup | None:
    limit = at + LOOK_AHEAD
    if text[at + 2 : at + 3].isalpha():
        return _quoting(_within(_DECLARATION, text, at, finished), text, at, watch)
    found = _COMMENT.match(text, at, limit)
    if found is None and _may_go_on(_COMMENT, text, at, limit, finished):
        return WAIT
    if found is None and not (len(text) >= limit and text.startswith("<!--", at)):
        return None
    said = found["said"] if found else text[at + 4 : limit]
    letters = foreign_letters(said) if is_foreign_prose(said) else 0
    if letters and not watch.allows(letters, fewest=A_WORD):
        return None
    if found:
        return DecidedMarkup(found.end(), None, "markup", depends_until=found.end(), letters=letters, prose=letters > 0)
    return DecidedMarkup(at + 4, Markup("-->"), "markup", depends_until=limit, letters=letters, prose=letters > 0)


def pass_markup(zone: Markup, text: str, start: int, chunk: int, end: int, watch: ProseWatch) -> DecidedMarkup:
    """Let text[start:end) through, white space and a chunk, as far as it is in the markup."""
    closing = text.find(zone.closer, chunk, end) if zone.closer else -1
    until = closing + len(zone.closer) if closing >= 0 else end
    meter, spent_at = measure(zone.meter, text, start, until, watch, LONGEST_MESSAGE)
    letters = meter.prose - zone.meter.prose
    ends = closing >= 0 or spent_at >= 0 or watch.spends(letters).is_spent
    return DecidedMarkup(until, zone.outer if ends else zone._replace(meter=meter), "markup", letters=letters)


def leaves_markup(zone: Markup, blank: str) -> bool:
    """Whether the white space `blank` ends the zone."""
    pattern = _BLANK_LINE if zone.closer else _LINE
    return pattern.search(blank) is not None


_LINE = regex.compile(LINE_END, FLAGS)
