"""Control tokens in what people write: in a message `<|im_end|>` is text, and must not end it.

Unlike `neutral`, which breaks in a stranger's text whatever looks like a mark, this breaks the marks of one model only:
a user may well ask about `<xsl:template>`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from role_engine.prompts.neutral import neutralise_tokens

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
