"""What one step through markup or code says to the scanner."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from role_engine.language.letters.exact import RefusedLetters


class DecidedMarkup(NamedTuple):
    """Text up to `end` is decided without its words being weighed; what follows stands in `zone`.

    Attributes:
        kind: `block`: it is no part of a sentence (a fence, front matter); `code`: within a sentence, and nothing in it
            is looked at; `markup`: within a sentence, and its letters are still looked at, its words are not;
            `formula`: the same, and Greek words may stand.
        refused: what must not stand even there.
        depends_until: how far the text was looked at.
        letters: of foreign prose in it; `prose`: it begins a stretch of that.
        said: inline code that was let through whole.
    """

    end: int
    zone: Any = None
    kind: Literal["block", "code", "markup", "formula"] = "block"
    refused: tuple[RefusedLetters, ...] = ()
    depends_until: int = 0
    letters: int = 0
    prose: bool = False
    said: str = ""


# More text is needed.
WAIT = DecidedMarkup(-1)
