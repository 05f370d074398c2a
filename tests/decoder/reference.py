"""What a mask has to be, said slowly: decode the bytes, ask the check."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from functools import cache, lru_cache

import regex

from role_engine.language import LanguagePolicy, check
from role_engine.language.alphabets import (
    CJK,
    EMOJI,
    FLAGS,
    GARBAGE,
    GREEK,
    LATIN,
    MARK,
    OTHER_CYRILLIC,
    OTHER_SCRIPT,
    RUSSIAN_VOWELS,
    SKIN,
    SPACE_IN_LINE,
)
from role_engine.language.letters.sign_loops import sign_loops
from role_engine.language.markup.markers import ANSWER, THINKING

# A clean reply may have to go on with one of these.
_GO_ON = ("", "а", "😀", "\ufe0f", "\U000e007f", "\U000e0067\U000e007f", " ", "\U0001f1f7", "+", "1")
_MARKERS = (*THINKING, *THINKING.values(), *ANSWER)
_PENDING = regex.compile(r"(?:\u200d|[\U000E0020-\U000E007F]|\\[nrtbf]|ℹ)\Z")
# Of each of these, in this order, one will do.
_ONE_OF = (
    (rf"[{GARBAGE}--[\u200d\ufffd\U000E0020-\U000E007F]]", "\u0085"),
    (rf"[{EMOJI}--[\p{{Regional_Indicator}}{SKIN}🏴ℹ]]", "😀"),
    (f"[{CJK}]", "文"),
    (f"[{OTHER_SCRIPT}]", "ا"),
    (f"[{LATIN}]", "é"),
    (f"[{GREEK}]", "α"),
    (f"[{OTHER_CYRILLIC}]", "і"),
    (rf"[{MARK}--[\u0300\u0301\u0306\u0308\u0338\u20e3\ufe0e\ufe0f]]", "\u0302"),
    (r"[\p{Sm}--\p{ASCII}]", "∞"),
    (r"[[\p{S}\p{N}\p{P}]--[\p{Sm}\p{ASCII}\p{Emoji}\ufffd]]", "№"),
)


@cache
def _ways_on() -> dict[bytes, set[str]]:
    """Beginnings of characters, with what characters they may become, one of each sort."""
    text = "".join(map(chr, (*range(0x80, 0xD800), *range(0xE000, 0x110000))))
    alike = text
    for pattern, one in _ONE_OF:
        alike = regex.sub(pattern, one, alike, flags=FLAGS)
    found: dict[bytes, set[str]] = {}
    seen = set()
    for char, one in zip(text, alike, strict=True):
        data = char.encode()
        for size in range(1, len(data)):
            if (data[:size], one) not in seen:
                seen.add((data[:size], one))
                found.setdefault(data[:size], set()).add(char)
    return found


def follows(prefix: bytes, token: bytes, policy: LanguagePolicy) -> bool:
    """Whether some clean reply begins with `prefix` and `token`, as far as the check can say it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(prefix + token)
    except UnicodeDecodeError:
        return False
    rest = decoder.getstate()[0]
    if not rest:
        return alive(text, policy)
    ways = {*_ways_on().get(rest, ()), *(char for char in "".join(policy.allow) if char.encode().startswith(rest))}
    return any(alive(text + char, policy) for char in ways)


@lru_cache(maxsize=1 << 18)
def alive(text: str, policy: LanguagePolicy) -> bool:
    """Whether `text` is clean, or a continuation can make it so."""
    if clean(text, policy):
        return True
    probes = _GO_ON[1:] if _PENDING.search(text) else ("а",)
    if any(clean(text + more, policy) for more in probes):
        return True
    return any(clean(text + rest, policy) for rest in _rests(text, policy))


def clean(text: str, policy: LanguagePolicy) -> bool:
    """Whether the check finds nothing but signs in a loop, which the mask does not count."""
    return not [
        found
        for found in check(text, policy).violations
        if found.kind != "garbage" or sign_loops(found.text) != [(0, len(found.text))]
    ]


def _rests(text: str, policy: LanguagePolicy) -> list[str]:
    """What `text` lacks to end in a marker or a word of `allow`."""
    wanted = [*(marker for marker in _MARKERS if "<" in text), *policy.allow]
    found, ending = [], regex.sub(SPACE_IN_LINE, " ", text.lower())
    for whole in wanted:
        for size in range(1, min(len(whole), len(text) + 1)):
            if ending.endswith(whole[:size].lower()):
                found.append(whole[size:])
    return found


_ALIKE = (
    (regex.compile(rf"(?<!\\)[{LATIN}--[é]]", FLAGS), "x"),
    (regex.compile("[0-9]"), "1"),
    (regex.compile(rf"[а-яА-ЯёЁ--[{RUSSIAN_VOWELS}иИеЕ]]", FLAGS), "п"),
    (regex.compile(rf"[{RUSSIAN_VOWELS}--[иИеЕ]]", FLAGS), "а"),
    (regex.compile(f"[{CJK}--[。]]", FLAGS), "文"),
    (regex.compile(f"[{OTHER_SCRIPT}]", FLAGS), "ا"),
    (regex.compile(f"[{GREEK}]", FLAGS), "α"),
    (regex.compile(f"[{OTHER_CYRILLIC}]", FLAGS), "і"),
    (regex.compile(rf"[\p{{P}}--[\\<>|*\#。{CJK}{EMOJI}]]", FLAGS), "."),
    (regex.compile(r"(x)\1{2,}|(\.)\2{2,}|(\ )\3{2,}|(\n)\4{2,}"), r"\1\1\2\2\3\3\4\4"),
)


def kind(text: str) -> str:
    """The same for texts that no rule of `strict` can tell apart, by the check's own alphabets."""
    text = "\\" + text  # its first letter may belong to a «\n»
    for pattern, one in _ALIKE:
        text = pattern.sub(one, text)
    return text[1:]


def kinds(tokens: Sequence[bytes], prefix: str, *, each: bool = False) -> dict[object, list[int]]:
    """Token ids by what the check can tell apart behind `prefix`; `each`: every token by itself."""
    found: dict[object, list[int]] = {}
    rests = [rest.encode() for rest in rests_of_markers(prefix)]
    for number, token in enumerate(tokens):
        if token:
            told = each or b"<" in token or any(rest.startswith(token) or token.startswith(rest) for rest in rests)
            found.setdefault(token if told else _kind_of_bytes(token), []).append(number)
    return found


@lru_cache(maxsize=1 << 18)
def _kind_of_bytes(token: bytes) -> object:
    try:
        return kind(token.decode())
    except UnicodeDecodeError:
        return token


def rests_of_markers(text: str) -> list[str]:
    """What `text` lacks to end in a marker, where it ends in the beginning of one."""
    return [marker[size:] for marker in _MARKERS for size in range(1, len(marker)) if text.endswith(marker[:size])]
