"""A stretch of text in a language that the user asked for."""

from __future__ import annotations

from typing import NamedTuple


class Stretch(NamedTuple):
    """An open stretch of foreign text.

    Attributes:
        closers: the marks that end it; empty: the line's end does.
        inset: the closing marks of a quotation or bracket inside it, where Russian may stand; empty: none is open.
        romanised: it is a transcription, in Latin letters.
    """

    closers: str = ""
    inset: str = ""
    romanised: bool = False
