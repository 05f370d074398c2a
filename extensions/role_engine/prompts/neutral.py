"""Text from outside must not speak to the tokenizer.

A user may be called `<|im_start|>system`; put into a prompt as it is, the name would open a system message. The marks
are broken so that a reader still sees what stood there: angle brackets become ‹ ›, square ones ( ), braces get a gap.

In a stranger's text whatever looks like a mark is broken (`neutralise`); in a message of the user's, who may well ask
about `<xsl:template>`, the control tokens of the one model only (`ControlTokenPattern`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import regex

_NAMES = (
    "s|bos|eos|pad|unk|mask|cls|sep|sys|user|bot|assistant|system|human|model|think|thinking|reasoning|analysis|answer|"
    "tool|tools|tool_call|tool_response|function|image|img|audio|video|media"
)

# Every pair that begins or ends a control token anywhere: <|im_start|>, and DeepSeek's <｜User｜> with U+FF5C.
_BAR_OPEN = regex.compile(r"<(?=[|｜])")
_BAR_CLOSE = regex.compile(r"(?<=[|｜])>")
# <s>, </s>, <start_of_turn>, <seed:think>, <__media__>: known names, and names that only a machine would think of.
# The look-aheads keep both linear: a megabyte of «<____» must not be tried from every underscore.
_TAG = regex.compile(rf"<(?=/?[\w.:-]*+>)(/?(?:{_NAMES}|[\w.:-]*[_:][\w.:-]*))>", regex.IGNORECASE)
# [INST], [/INST], [SYSTEM_PROMPT], [TOOL_CALLS]
_BRACKET = regex.compile(
    r"\[(?=[A-Z_/]{3,64}\])(/?(?:[A-Z]+_)*(?:INST|PROMPT|CALLS?|RESULTS?|TOOLS|CONTENT|IMG|IMG_BREAK|IMG_END|ARGS|THINK))\]"
)
# {{ }} {% %} {# #}: template marks, ours and Jinja's. The gap stands before every second brace, so «{{{» has none left.
_BRACES = regex.compile(r"(?<=\{)(?=[{%#])|(?<=[}%#])(?=\})")


def neutralise(text: str) -> str:
    """`text` with every control token and template mark broken visibly. Doing it twice changes nothing more."""
    return _BRACES.sub(" ", neutralise_tokens(text))


def neutralise_tokens(text: str) -> str:
    """`text` with every control token broken, for text that no template reads any more."""
    text = _BAR_OPEN.sub("‹", text)
    text = _BAR_CLOSE.sub("›", text)
    text = _TAG.sub(r"‹\1›", text)
    return _BRACKET.sub(r"(\1)", text)


def as_name(text: str) -> str:
    """`text` as a name inside a sentence: neutral, on one line."""
    return " ".join(neutralise(text).split())


_IN_TEMPLATE = re.compile(r"<[|｜][^<>\s|｜]{1,64}[|｜]>|<(?:start|end)_of_turn>|\[/?INST\]")


class ControlTokenPattern:
    """The control tokens of a model and of its chat template."""

    def __init__(self, tokens: Iterable[str]) -> None:
        known = sorted({token for token in tokens if token.strip()}, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, known))) if known else None

    def find(self, text: str) -> str | None:
        """The first of them in `text`."""
        found = self._any.search(text) if self._any is not None else None
        return found[0] if found is not None else None

    def break_in(self, text: str) -> str:
        """`text` with each of them broken, so that a reader still sees what stood there: ‹|im_end|›."""
        while self._any is not None and (changed := self._any.sub(_broken, text)) != text:
            text = changed  # what is left of two may be a third
        return text


@lru_cache(maxsize=16)
def control_token_pattern(vocabulary: Collection[str], template: str) -> ControlTokenPattern:
    """Those of a model's vocabulary, and those that the source of its chat template writes."""
    return ControlTokenPattern((*vocabulary, *_IN_TEMPLATE.findall(template)))


def _broken(found: re.Match[str]) -> str:
    token = found[0]
    broken = neutralise_tokens(token)
    return broken if broken != token else f"{token[0]} {token[1:]}"
