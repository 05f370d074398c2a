"""Markup that begins a line: AsciiDoc, reStructuredText, admonitions, definitions of links.

Of a line, its mark is free (`.. note::`, `:::tip`), or all of it (`:toc: left`, `image::plan.png[План]`, `[id]: url`).
Letters are still looked at. What a mark stands before is text, and judged as such.
"""

from __future__ import annotations

import regex

from role_engine.language.alphabets import FLAGS, LINE_END, LOOK_AHEAD, SPACE_IN_LINE
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.fences import Fence
from role_engine.language.markup.prose import is_foreign_prose
from role_engine.language.markup.tags import Markup

# What may stand before a mark on its line: blanks, quote signs, a bullet, the dots and signs of marks themselves.
LONGEST_PREFIX = 16
_PREFIX = regex.compile(
    r"[ \t]*(?:>[ \t]*)*(?:[*+\-][ \t]+|[0-9]{1,3}[.)][ \t]+)?(?P<sign>\.\.[ ]|(?:!!!|\?\?\?)\+?[ ]|===[ ])?", FLAGS
)
_BEGINS = regex.compile(r"[:\[]|[a-z][a-z\-]*::|(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):", FLAGS)
_REST = r"[^\n\r]"

# The mark is free.
_MARK = regex.compile(
    rf"""(?:
      (?P<fenced>:::+{SPACE_IN_LINE}?[A-Za-z][\w\-]*(?:\{{[^{{}}\n]*\}}|\[[^\[\]\n]*\])?)
    | (?P<alert>\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\])
    | (?P<label>(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):(?={SPACE_IN_LINE}))
    | (?P<footnote>\[\^[\w\-]+\]:?)
    | (?P<field>:[A-Za-z][\w.\-]*(?:{SPACE_IN_LINE}[\w.*\[\]\-]+){{0,3}}:)(?={SPACE_IN_LINE}|{LINE_END}|\Z)
    )""",
    FLAGS | regex.VERBOSE,
)
_FIELD_VALUE = regex.compile(rf"{SPACE_IN_LINE}*(?P<value>{_REST}*)", FLAGS)
_DIRECTIVE = regex.compile(
    rf"(?P<mark>(?P<name>[a-z][\w:.\-]*)::|\|[^|\n]+\|{SPACE_IN_LINE}[a-z]+::|_[^:\n`]+:|\[\#?[\w*]+\])", FLAGS
)
_ADMONITIONS = frozenset(
    "attention caution danger error hint important note seealso tip warning admonition topic".split()  # noqa: SIM905
)
_ADMONITION = regex.compile(r"[A-Za-z][\w\-]*", FLAGS)
# All of the line is free.
_LINE = regex.compile(
    rf"""(?:
      (?P<macro>[a-z][a-z\-]*::[^\s\[\]]*\[)
    | (?P<long>[a-z][a-z\-]*::[^\s\[\]]{{32,}}\Z)
    | (?P<link>\[[^\[\]\n^]{{1,48}}\]:{SPACE_IN_LINE}*<?(?:https?://|www\.|mailto:|/|\.{{1,2}}/|\#|[\w\-]+(?:[./][\w\-]+)+))
    )""",
    FLAGS | regex.VERBOSE,
)
# «[source,js]», «[NOTE]», «[[id]]», «[.lead]», «[section]»: alone on its line.
_ATTRIBUTES = regex.compile(
    rf"(?P<all>\[(?:\[[\w\-:.]+\]|[A-Za-z%\#.][\w%\#.\-]*(?:[,=][^\[\]\n]*)?)\]){SPACE_IN_LINE}*(?=(?P<end>\r\n|{LINE_END})|\Z)",
    FLAGS,
)
_DELIMITER = regex.compile(rf"(?P<all>(?P<sign>[\-.])(?P=sign){{3,60}}){SPACE_IN_LINE}*(?={LINE_END}|\Z)", FLAGS)
_A_LINE_END = regex.compile(LINE_END, FLAGS)
_A_CYRILLIC = regex.compile(r"\p{Script=Cyrillic}", FLAGS)
# An attribute's value is no longer than this, in words.
LONGEST_VALUE = 4


def open_line(text: str, at: int, line: str, finished: bool) -> DecidedMarkup | None:
    """The markup that begins at `at`, with `line` before it on its line; None where none does."""
    prefix = _PREFIX.fullmatch(line)
    if prefix is None or not (prefix["sign"] or _BEGINS.match(text, at)):
        return None
    limit = at + LOOK_AHEAD
    end = _A_LINE_END.search(text, at, limit)
    if end is None and len(text) < limit and not finished:
        return WAIT
    taken = _whole_line(text, at, prefix["sign"], end.start() if end else min(limit, len(text)), finished)
    if taken is None or taken is WAIT:
        return taken
    # What the line holds was looked at up to its end.
    return taken._replace(depends_until=max(taken.depends_until, end.end() if end else limit))


def _whole_line(text: str, at: int, sign: str | None, line_end: int, finished: bool) -> DecidedMarkup | None:
    limit = at + LOOK_AHEAD
    if sign:
        return _signed(text, at, sign, line_end)
    if (found := _MARK.match(text, at, limit)) is not None:
        if found.lastgroup == "field" and (value := _FIELD_VALUE.match(text, found.end(), line_end)) is not None:
            return _with_value(found.end(), value["value"])
        return DecidedMarkup(found.end(), None, "markup")
    if (found := _LINE.match(text, at, line_end)) is not None:
        return DecidedMarkup(found.end(), Markup(""), "markup")
    return _attributes(text, at, finished) if text[at] == "[" else None


def _signed(text: str, at: int, sign: str, line_end: int) -> DecidedMarkup | None:
    """Behind «.. », «!!! », «=== »."""
    if sign[0] != ".":
        found = _ADMONITION.match(text, at, line_end)
        return DecidedMarkup(found.end(), None, "markup") if found and sign[0] != "=" else None
    found = _DIRECTIVE.match(text, at, line_end)
    if found is None:
        return None
    if found["name"] is None or found["name"] in _ADMONITIONS:
        return DecidedMarkup(found.end(), None, "markup")
    return _with_value(found.end(), text[found.end() : line_end])


def _with_value(end: int, value: str) -> DecidedMarkup:
    """The mark up to `end`, and its value where that is none of language."""
    words = value.split()
    is_setting = not _A_CYRILLIC.search(value) and len(words) <= LONGEST_VALUE and not is_foreign_prose(value)
    return DecidedMarkup(end, Markup("") if words and is_setting else None, "markup")


def _attributes(text: str, at: int, finished: bool) -> DecidedMarkup | None:
    """A line of block attributes, with the block of code that it stands before."""
    limit = at + LOOK_AHEAD
    found = _ATTRIBUTES.match(text, at, limit)
    if found is None or is_foreign_prose(found["all"]):
        return None
    if len(text) < limit and not finished and found["end"] is None:
        return WAIT
    if found["end"]:
        below = found.end() + len(found["end"])
        delimiter = _DELIMITER.match(text, below, limit)
        if delimiter is not None and (delimiter.end() < len(text) or finished) and delimiter.end() < limit:
            sign, size = delimiter["sign"], len(delimiter["all"])
            return DecidedMarkup(
                delimiter.end("all"), Fence(sign, size, free=True, named=True), depends_until=delimiter.end() + 1
            )
        begun = text[below:limit].strip(" \t") if len(text) < limit and not finished else "x"
        if begun in ("", "-" * len(begun), "." * len(begun)):
            return WAIT
    return DecidedMarkup(
        found.end("all"), None, "markup", depends_until=found.end("end") if found["end"] else found.end()
    )
