r"""Formulas of TeX: `$x$`, `$$x$$`, `\(x\)`, `\[x\]`, `\begin{cases}…\end{cases}`, over lines where they have some.

A formula frees Latin words, Greek words and signs, for as long as formulas are. Other scripts, words out of two
alphabets and broken characters are refused there as anywhere; Russian in it (`\text{если}`) is text. What reads as
prose, and what is nothing but words, is no formula.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import regex

from role_engine.language.alphabets import CYRILLIC, FLAGS, LINE_END, LOOK_AHEAD
from role_engine.language.latin.lexicon import look_up
from role_engine.language.markup.decided import WAIT, DecidedMarkup
from role_engine.language.markup.prose import FEWEST_WORDS

# In characters; a derivation of a dozen lines has so many.
LONGEST_FORMULA = 1200
# So many small words between signs of mathematics are a label («mean squared error»), as long as none carries grammar.
LONGEST_LABEL = 4

# Where one may begin.
FORMULA_AHEAD = r"\$(?=\S)|\\[(\[]|\\begin\{"
_OPENER = regex.compile(r"\$\$?(?=[^\s$])|\$\$|\\[(\[]|\\begin\{(?P<name>[A-Za-z]{1,16}\*?)\}", FLAGS)
_PARTIAL = regex.compile(r"\$\$?|\\(?:b(?:e(?:g(?:i(?:n(?:\{[A-Za-z]{0,16}\*?)?)?)?)?)?)?", FLAGS)
_CLOSERS = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_LINE = regex.compile(LINE_END, FLAGS)
_BLANK_LINE = regex.compile(rf"{LINE_END}[ \t]*{LINE_END}", FLAGS)
_A_CYRILLIC = regex.compile(CYRILLIC, FLAGS)
_A_LETTER = regex.compile(r"\p{L}", FLAGS)
_COMMAND = regex.compile(r"\\[A-Za-z]+\*?")
# What is written with these has names for words.
_NAMED = regex.compile(r"\\(?:begin|end|operatorname|label|tag|ref|eqref|color|textcolor)\*?\{[^{}\n]*\}")
_WORD = regex.compile(r"(?<![A-Za-z])[A-Za-z]{2,}(?:['’-][A-Za-z]+)*(?![A-Za-z])")
_MATHEMATICS = regex.compile(r"[0-9=+*/^_&<>|~≤≥≠≈∈∑∫√·×÷±∞→-]|\\\\|\\[A-Za-z]{2}|[Α-Ωα-ω]")
# Between the words of a phrase.
_JOINT = regex.compile(r"[\s,.;:!?'\"()}{]*")


class Formula(NamedTuple):
    """In a formula.

    Attributes:
        closer: what ends it.
        passed: so many characters of it were let through.
        said: the end of that, which is asked whether it reads as prose.
        outer: what the formula itself stands in.
    """

    closer: str
    passed: int = 0
    said: str = ""
    outer: Any = None

    @property
    def free(self) -> bool:
        """Its letters are looked at."""
        return False


def open_formula(text: str, at: int, finished: bool) -> DecidedMarkup | None:
    """The formula that begins at `at`; one that ends there says how far was looked for it. None: nothing begins."""
    limit = at + LOOK_AHEAD
    opener = _OPENER.match(text, at)
    if opener is None or opener.end() == len(text):
        may_be = _PARTIAL.fullmatch(text, at) is not None
        return WAIT if may_be and not finished else None
    sign = opener.group()
    closer = _CLOSERS.get(sign) or f"\\end{{{opener['name']}}}"
    start = opener.end()
    closing = text.find(closer, start, limit)
    line = _LINE.search(text, start, limit) if closer == "$" else _BLANK_LINE.search(text, start, limit)
    if closing >= 0 and (line is None or closing < line.start()):
        end = closing + len(closer)
        if closer[0] == "$" and end == len(text) and not finished:
            return WAIT  # «$5 и $10» is no formula, and «$x$$» may become one of another kind
        price = closer == "$" and text[end : end + 1].isdigit()
        closed = not price and is_formula(text[start:closing], sign)
        return DecidedMarkup(end if closed else at, None, "formula", depends_until=end + 1)
    if len(text) < limit and line is None and not finished:
        return WAIT
    content = text[start : line.start() if line else limit]
    goes_on = is_formula(content, sign) and (closer != "$" or (line is None and _COMMAND.search(content) is not None))
    return DecidedMarkup(
        start if goes_on else at,
        Formula(closer) if goes_on else None,
        "formula",
        depends_until=line.end() if line else limit,
    )


def pass_formula(zone: Formula, text: str, start: int, chunk: int, end: int) -> DecidedMarkup:
    """Let text[start:end) through, white space and a chunk, as far as it is in the formula."""
    closing = text.find(zone.closer, chunk, end)
    until = closing + len(zone.closer) if closing >= 0 else end
    passed, said = zone.passed + until - start, zone.said + text[start : closing if closing >= 0 else end]
    if closing >= 0 or "`" in said:
        return DecidedMarkup(until, None, "formula")
    if len(said) >= LOOK_AHEAD:
        if passed > LONGEST_FORMULA or reads_as_prose(said):
            return DecidedMarkup(until, None, "formula")
        said = said[-LOOK_AHEAD // 2 :]
    return DecidedMarkup(until, zone._replace(passed=passed, said=said), "formula")


def leaves_formula(zone: Formula, blank: str) -> bool:
    """Whether the white space `blank` ends the formula: an empty line, or in `$x$` any line's end."""
    return (_LINE if zone.closer == "$" else _BLANK_LINE).search(blank) is not None


@lru_cache(maxsize=256)
def is_formula(content: str, opener: str = "$") -> bool:
    """Whether what stands behind `opener`, as far as it is known, is a formula and no text between two such signs."""
    if opener[0] == "$" and _A_CYRILLIC.search(content) and not _is_within_braces(content):
        return False
    return not ("`" in content or _is_nothing_but_words(content) or reads_as_prose(content))


def reads_as_prose(content: str) -> bool:
    """Whether a part of a formula is a phrase: words in a row that grammar holds together, or too many of them."""
    if not content.isascii():
        content = _A_CYRILLIC.sub("·", content)
    content = _COMMAND.sub(" ", _NAMED.sub("·", content))
    row: list[str] = []
    end = 0
    for word in _WORD.finditer(content):
        if row and not _JOINT.fullmatch(content, end, word.start()):
            row = []
        row.append(word.group())
        end = word.end()
        if len(row) >= FEWEST_WORDS and (len(row) > LONGEST_LABEL or any(look_up(one).function for one in row)):
            return True
    return False


def _is_nothing_but_words(content: str) -> bool:
    """Whether there is no sign of mathematics, and a word that is one of a language: «$healthy$»; or no word either."""
    if _MATHEMATICS.search(content):
        return False
    if not _A_LETTER.search(content):
        return True
    words = _WORD.findall(content)
    return any(len(word) > 3 and (len(words) > 1 or look_up(word).ordinary) for word in words)


def _is_within_braces(content: str) -> bool:
    """Whether all Cyrillic letters stand in braces, or behind the sign of an index."""
    depth, indexed = 0, False
    for char in content:
        depth += (char == "{") - (char == "}")
        if char in "_^":
            indexed = True
        elif not char.isalpha():
            indexed = False
        elif depth < 1 and not indexed and "\u0400" <= char <= "\u04ff":
            return False
    return True
