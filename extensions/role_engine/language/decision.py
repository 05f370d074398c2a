"""What becomes of a window of text."""

from __future__ import annotations

from typing import NamedTuple

import regex

from role_engine.language.alphabets import FLAGS, SPACE, run_end
from role_engine.language.letters.exact import RefusedLetters

# A chunk also ends before «<», so that the tags a host reads are always looked at by themselves.
_CHUNK_REST = regex.compile(f"[^{SPACE}<]*", FLAGS)
# What may stand between two refused words of one span.
_SEPARATOR = regex.compile(rf"(?!.*{SPACE}{{2}})[^\p{{L}}\p{{M}}<]{{0,4}}", FLAGS)


class Decision(NamedTuple):
    """`end` characters of the window are decided, the spans `refused` in them are not clean.

    Attributes:
        depends_until: the decision holds only together with the text up to there (a name, because Russian follows): the
            reply must not be cut in between.
        in_free_token: the window's chunk goes on after `end`, and what follows is of the same free shape (an address).
    """

    end: int
    refused: list[RefusedLetters]
    depends_until: int = 0
    in_free_token: bool = False


def chunk_end(text: str, at: int) -> int:
    """Where the chunk that holds offset `at` ends."""
    return run_end(_CHUNK_REST, text, at)


def one_run(text: str, spans: list[RefusedLetters], end: int) -> tuple[int, list[RefusedLetters]]:
    """Join neighbouring `latin` spans, following the last one beyond `end` as far as its run goes.

    Returns the new end and the spans before it. `spans` are those of the whole window, in order.
    """
    joined: list[RefusedLetters] = []
    for span in spans:
        follows = (
            bool(joined)
            and span.kind == joined[-1].kind == "latin"
            and _SEPARATOR.fullmatch(text, joined[-1].end, span.start) is not None
        )
        if span.start >= end:
            if not follows:
                break
            end = chunk_end(text, span.end)
        if follows:
            joined[-1] = RefusedLetters("latin", joined[-1].start, span.end)
        else:
            joined.append(span)
            end = max(end, span.end)
    return end, joined
