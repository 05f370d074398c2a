"""Words out of a lorebook's keys that are regular expressions.

SillyTavern looks for `/драк(он|ошка)ов?/i` in the chat. Here entries are looked up by words, so the words that such a
pattern stands for are read out of it: alternatives, optional letters and small sets are written out, boundaries are
passed over, and what may be anything ends a word or parts two. A pattern that is nothing but that has no words.
Nothing is ever matched.
"""

from __future__ import annotations

import re

MOST_WORDS = 24
"""Of one key: a pattern may stand for thousands."""
_LONGEST_PATTERN = 2_000
_DEEPEST = 20

_DELIMITED = re.compile(r"/(.+)/[a-z]{0,8}", re.DOTALL)
_MAY_BE_PATTERN = re.compile(r"[\\\[\]|()^$*{}]")
_IS_PATTERN = re.compile(r"\\[bBwWsSdD]|\(\?|\w\|\w")
_ANY = "\ufffc"
"""Stands for a letter that may be any."""

_QUANTIFIER = re.compile(r"([?*+]|\{(\d*)(,?)(\d*)\})[?+]?")
_GROUP = re.compile(r"\?(?::|P?<\w+>|[a-z-]+:)")
_LOOK_AROUND = re.compile(r"\?<?[=!]")
_FLAGS = re.compile(r"\(\?[a-z-]+\)")
_SET = re.compile(r"\[(\^?\]?(?:\\.|[^\]\\])*)\]")
_BY_NUMBER = re.compile(r"u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,5})\}|x([0-9a-fA-F]{2})")
_NO_WIDTH = "bBAZzG"
_SPACES = {"s": " ", "n": " ", "t": " ", "r": " "}

Words = list[str]


class _NoWords(Exception):
    """Too long, too deep, or not to be read as a pattern."""


def words_of_key(key: str, *, pattern: bool = False) -> list[str]:
    """The words that a key stands for: itself where it is plain text.

    Args:
        pattern: whether the entry says of all its keys that they are patterns, as every entry of a card that
            SillyTavern wrote does. Keys without any sign of one are plain nevertheless, and what nobody would write in
            plain text makes one of any key.
    """
    key = key.strip()
    delimited = _DELIMITED.fullmatch(key)
    if delimited is None and (_MAY_BE_PATTERN if pattern else _IS_PATTERN).search(key) is None:
        return [key] if key else []
    try:
        written_out = _Reader(delimited[1] if delimited else key).read()
    except _NoWords:
        return []
    found: dict[str, str] = {}
    for text in written_out:
        cleaned = _cleaned(text)
        if cleaned is not None:
            found.setdefault(cleaned.casefold(), cleaned)
    return list(found.values())[:MOST_WORDS]


def _cleaned(text: str) -> str | None:
    """Words without the letters that may be any at their ends; None where one stands inside, or nothing is left."""
    words = [word.strip(_ANY) for word in text.split()]
    if any(_ANY in word for word in words):
        return None
    cleaned = " ".join(word for word in words if word)
    return cleaned if len(cleaned) > 1 and any(char.isalnum() for char in cleaned) else None


class _Reader:
    """Reads a pattern from left to right; each step gives the texts that it stands for, at most `MOST_WORDS`."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > _LONGEST_PATTERN:
            raise _NoWords
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    def read(self) -> Words:
        words = self._alternatives()
        if self._at < len(self._pattern):
            raise _NoWords  # a bracket that nothing opened
        return words

    def _alternatives(self) -> Words:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NoWords
        found = self._sequence()
        while self._takes("|"):
            found += self._sequence()
        self._depth -= 1
        return found[:MOST_WORDS]

    def _sequence(self) -> Words:
        texts: Words = [""]
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            piece = self._quantified(self._piece())
            texts = [text + more for text in texts for more in piece][:MOST_WORDS]
        return texts

    def _takes(self, sign: str) -> bool:
        if not self._pattern.startswith(sign, self._at):
            return False
        self._at += len(sign)
        return True

    def _piece(self) -> Words:
        if flags := _FLAGS.match(self._pattern, self._at):
            self._at = flags.end()
            return [""]
        if self._takes("("):
            return self._group()
        if found := _SET.match(self._pattern, self._at):
            self._at = found.end()
            return _letters(found[1])
        sign = self._pattern[self._at]
        self._at += 1
        if sign == "\\":
            return self._escaped()
        if sign in "^$":
            return [""]
        if sign in "[]{}*+?":
            raise _NoWords
        return [_ANY] if sign == "." else [" " if sign.isspace() else sign]

    def _group(self) -> Words:
        around = _LOOK_AROUND.match(self._pattern, self._at)
        begun = around or _GROUP.match(self._pattern, self._at)
        if begun is not None:
            self._at = begun.end()
        elif self._pattern.startswith("?", self._at):
            raise _NoWords
        words = self._alternatives()
        if not self._takes(")"):
            raise _NoWords
        return [""] if around else words

    def _escaped(self) -> Words:
        if self._at >= len(self._pattern):
            raise _NoWords
        if number := _BY_NUMBER.match(self._pattern, self._at):
            self._at = number.end()
            code = int(number[number.lastindex or 1], 16)
            return [chr(code) if code >= 32 and not 0xD800 <= code < 0xE000 else _ANY]
        sign = self._pattern[self._at]
        self._at += 1
        if sign in _NO_WIDTH:
            return [""]
        if sign in _SPACES:
            return [_SPACES[sign]]
        return [_ANY] if sign.isalnum() else [sign]

    def _quantified(self, piece: Words) -> Words:
        found = _QUANTIFIER.match(self._pattern, self._at)
        if found is None:
            return piece
        self._at = found.end()
        least = 1 if found[1] == "+" else int(found[2] or 0) if found[2] is not None else 0
        once = found[1] == "?" or (found[4] == "1" and found[3] == ",")
        if piece == [" "]:
            return [" "] if least or not once else ["", " "]
        if _ANY in piece:
            return [""] if once and not least else [_ANY if self._is_letter(found.start()) else " "]
        return piece if least else ["", *piece]

    def _is_letter(self, before: int) -> bool:
        """Whether what stands before this place is a kind of letter, and not anything at all."""
        return self._pattern[before - 1] != "."


def _letters(inside: str) -> Words:
    """A set's letters where they are few and said one by one; else any."""
    if inside.startswith("^") or re.search(r"[^\\]-.|\\[a-zA-Z]", inside):
        return [_ANY]
    letters = list(dict.fromkeys(re.sub(r"\\(.)", r"\1", inside)))
    if all(letter.isspace() or not letter.isalnum() for letter in letters):
        return [" "] if any(letter.isspace() for letter in letters) else letters[:2]
    return letters if len(letters) <= 6 else [_ANY]
