"""Characters by what they are: the classes that every other file here builds its patterns from.

All but the Russian alphabet itself comes from Unicode properties, as the `regex` package knows them. Each class is
one bracketed set, and sets nest: `regex.compile(f"[{RUSSIAN}{LATIN}]", FLAGS)` is their union. Nesting needs `FLAGS`.
"""

from __future__ import annotations

import re

import regex

FLAGS = regex.VERSION1

# The largest look-ahead of the policy, in characters.
LOOK_AHEAD = 64

# White space. Not `\s`: that holds \v, \f and the separators U+001C..U+001F, which are control characters here.
SPACE = r"[\ \t\n\r\p{Zs}\p{Zl}\p{Zp}]"
SPACES = frozenset(regex.findall(SPACE, "".join(map(chr, range(0x3001))), FLAGS))
SPACE_IN_LINE = r"[\ \t\p{Zs}]"
LINE_END = r"[\n\r\p{Zl}\p{Zp}]"

RUSSIAN = "[А-Яа-яЁё]"
RUSSIAN_VOWELS = "АЕЁИОУЫЭЮЯаеёиоуыэюя"
CYRILLIC = r"[\p{Script=Cyrillic}]"
# Every letter of Cyrillic but the Russian ones, its own combining marks included.
OTHER_CYRILLIC = rf"[{CYRILLIC}--{RUSSIAN}]"

# The signs of kelvin, ångström and ohm are letters to Unicode and units to everybody else.
UNIT_SIGNS = r"[\u212a\u212b\u2126]"
# Those, micro and information: letters by Unicode, signs to everybody but a rule of letters.
SIGN_LETTERS = r"[\u00b5\u212a\u212b\u2126\u2139]"
# Letters of no script that only dress a Latin or Greek letter up: 𝐀, ℝ, ℓ. They count as Latin.
DRESSED = r"[\p{L}&&\p{Script=Common}&&[[\u2100-\u214F\U0001D400-\U0001D7FF]--[\u2139]]]"
LATIN = rf"[[[\p{{L}}&&\p{{Script=Latin}}]{DRESSED}]--[\uFF00-\uFFEF{UNIT_SIGNS}]]"
GREEK = rf"[[\p{{L}}&&\p{{Script=Greek}}]--{UNIT_SIGNS}]"
# Combining marks that belong to no script of their own.
MARK = r"[\p{M}&&[\p{Script=Inherited}\p{Script=Common}]]"
SOFT_HYPHEN = "\u00ad"

# Chinese, Japanese, Korean: their letters, and the punctuation and full-width forms that only their texts use.
CJK = (
    r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}"
    r"\u2FF0-\u2FFF\u3001-\u303F\u309B\u309C\u30A0\u30FB\u30FC\u3190-\u319F\u31C0-\u33FF"
    r"\uFE10-\uFE1F\uFE30-\uFE4F\uFF01-\uFFEF\U0001F200-\U0001F2FF]"
    r"--[\p{Cn}[\p{M}&&\p{Script=Inherited}]]]"
)

# Everything that belongs to a script which is none of the above, letters that dress others up (ʰ), every digit but 0-9.
OTHER_SCRIPT = (
    r"[[^\p{Script=Common}\p{Script=Inherited}\p{Script=Unknown}\p{Script=Latin}\p{Script=Cyrillic}"
    r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{C}[\p{L}&&\p{Script=Greek}]\u2126]"
    r"[\p{Nd}--[0-9\uFF10-\uFF19]][\p{Lo}&&\p{Script=Common}&&\u1C00-\u1CFF]"
    r"[\p{Lm}&&\p{Script=Common}]--\u1680]"
)

EMOJI = r"[[\p{Emoji_Presentation}\p{Extended_Pictographic}]--[©®™\p{Cn}\U0001F200-\U0001F2FF\u3000-\u33FF]]"
SKIN = r"[\p{Emoji_Modifier}]"
JOINER, TEXT_STYLE, EMOJI_STYLE, KEYCAP = "\u200d", "\ufe0e", "\ufe0f", "\u20e3"

# Controls, private use, unassigned, surrogates, invisible formatting (bidi, zero-width, tags), the replacement sign.
GARBAGE = rf"[[\p{{C}}\uFFFC\uFFFD]--[\t\n\r{SOFT_HYPHEN}]]"

# Ordinary Russian text, which no rule refuses wherever it stands. The characters that may begin something which the
# checks must look into (` $ \ < ~) are not among its marks. In `re`'s syntax too, which reads plain sets much faster.
# Its marks are those that rules, tables, ellipses and masks are made of (and quotation marks, in which nothing loops),
# and those of which many together are a loop (`letters/sign_loops.py`).
_RULING, _LOOPING = r"""*+,\-.:=>\^_|#«»„“”‚‘’‹›–—―…№°•·−→←↑↓©®™""", r"""!"%&'()/;?@\[\]{}§×÷±≈≠≤≥€₽£¥‰†‡"""
RULING_MARKS = rf"""{_RULING}<~`"""
PLAIN_MARKS = _RULING + _LOOPING
PLAIN_SPACES = " \t\n\r\u00a0\u2002-\u200a\u2028\u2029\u202f"
# What goes into brackets for one of them.
PLAIN_CHARACTERS = f"А-Яа-яЁё0-9{PLAIN_MARKS}{PLAIN_SPACES}"


def plain_text(letters: str = "", ruling: str = "", looping: str = "", *, without: str = "") -> str:
    """A pattern in `re`'s syntax: plain characters, and those that are named, in which so few signs stand together that
    they are no loop, but for commas. `without`: characters that are left out."""
    letters, ruling, looping = (
        "".join(char for char in characters if char not in without)
        for characters in (f"А-Яа-яЁё0-9{PLAIN_SPACES}{letters}", f"{_RULING}{ruling}", f"{_LOOPING}{looping}")
    )
    rest = f"[{letters}{ruling}]*"
    return rf"{rest}(?:[{looping}]{{1,5}}[{ruling}]{{0,5}}(?:[{letters}]{rest}|\Z))*"


PLAIN_TEXT = re.compile(plain_text())


def run_end(pattern: regex.Pattern[str] | re.Pattern[str], text: str, start: int, limit: int | None = None) -> int:
    """Where the run of `pattern` that begins at `start` ends; `start` itself where none does."""
    found = pattern.match(text, start, len(text) if limit is None else limit)
    return found.end() if found else start
