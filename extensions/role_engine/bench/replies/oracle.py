"""What is wrong with a reply, judged from outside: by Unicode names and a few words, never by the check itself."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Callable

import yaml

RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
STRESS = frozenset("\u0300\u0301")
IN_EMOJI = frozenset("\ufe0e\ufe0f\u20e3")
# English that is nobody's name nor term.
GRAMMAR = frozenset(
    """
    the and is are was were of to in that this these those with from have has had been they their there which would
    could should because about into than then when where while who whose what how your our his her its but not for you
    we it
    """.split()  # noqa: SIM905
)
LONGEST_PERIOD, REPEATS = 8, 8
"""A loop: the same one to eight words or signs, eight times in a row at the end."""

_FENCE = re.compile(r"^(`{3,16}|~{3,16})([^\n`~]*)\n(.*?)(?:^\1[`~]{0,16}[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]+\1(?!`)")
_LINK = re.compile(r"https?://\S+|<[^<>\n]+>")
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_MIXED = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
_RUN = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[ ,]{1,2}[A-Za-z][A-Za-z'’]*)*")
_PART = re.compile(r"\w+|[^\w\s]")


def name_foreign(text: str) -> list[str]:
    """Every letter, mark and broken character of `text` that is not Russian, with its Unicode name."""
    return [_named(char) for char in unicodedata.normalize("NFC", text) if not _is_clean(char, RUSSIAN.__contains__)]


def find_violations(text: str, mode: str) -> list[str]:
    """What a reply holds that it may not, in words.

    `strict`: anything that `name_foreign` names. `balanced`, outside of code, formulas and addresses: letters of other
    scripts than Russian, Latin and Greek; words out of two alphabets; rows of four or more Latin words with English
    grammar among them. `off` is judged as `balanced`.
    """
    if mode == "strict":
        return name_foreign(text)
    prose = strip_code(text)
    found = [_named(char) for char in unicodedata.normalize("NFC", prose) if not _is_clean(char, _european)]
    found += [f"{match.group()!r} out of two alphabets" for match in _MIXED.finditer(prose)]
    for run in _RUN.finditer(prose):
        words = re.findall(r"[A-Za-z'’]+", run.group())
        if len(words) >= 4 and GRAMMAR & {word.lower() for word in words}:
            found.append(f"{run.group()!r} is English")
    return found


def strip_code(text: str) -> str:
    """The text without code, formulas and addresses; what stood there is a blank."""
    for pattern in (_FENCE, _CODE, _LINK, _FORMULA):
        text = pattern.sub(" ", text)
    return text


def ends_in_loop(text: str) -> bool:
    """Whether the end repeats: the same one to eight words or signs, eight times or more."""
    parts = _PART.findall(text[-4000:])
    for period in range(1, LONGEST_PERIOD + 1):
        last = parts[-period * REPEATS :]
        if len(last) == period * REPEATS and last == last[:period] * REPEATS:
            return True
    return False


def parse_code_blocks(text: str) -> list[tuple[str, bool]]:
    """The fenced blocks whose language can be parsed here, each with whether it parses."""
    found = []
    for fence in _FENCE.finditer(text):
        language = fence[2].strip().lower().split(" ")[0]
        if (parse := _PARSERS.get(language)) is not None and fence[3].strip():
            found.append((language, _parses(parse, fence[3])))
    return found


def _parses(parse: Callable[[str], object], code: str) -> bool:
    try:
        parse(code)
    except (ValueError, SyntaxError, yaml.YAMLError, RecursionError, MemoryError):
        return False
    return True


def _python(code: str) -> object:
    return ast.parse(re.sub(r"^(?:>>>|\.\.\.) ?", "", code, flags=re.MULTILINE))


_PARSERS: dict[str, Callable[[str], object]] = {
    "python": _python,
    "py": _python,
    "json": json.loads,
    "yaml": yaml.safe_load,
    "yml": yaml.safe_load,
}


def _european(char: str) -> bool:
    if char in RUSSIAN:
        return True
    return unicodedata.name(char, "").startswith(("LATIN ", "GREEK ", "MICRO ", "FEMININE ", "MASCULINE ", "OHM "))


def _is_clean(char: str, is_letter: Callable[[str], bool]) -> bool:
    category = unicodedata.category(char)
    if category.startswith("L"):
        return is_letter(char)
    if category.startswith("M"):
        return char in STRESS or char in IN_EMOJI
    if category == "Cc":
        return char in "\n\t\r"
    return char != "\ufffd" and category not in {"Co", "Cn", "Cs"}


def _named(char: str) -> str:
    return f"{char!r} {unicodedata.name(char, f'U+{ord(char):04X}')}"
