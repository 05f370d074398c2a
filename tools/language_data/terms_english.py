"""Which words are ordinary English, for `build_terms.py`: such a word says little about the place where it stands."""

from __future__ import annotations

from pathlib import Path

from build_lexicon import SPELLINGS, read_list, scowl_words
from editor_words import CAPITAL_BY_SPELLING, FUNCTION_WORDS, YOUNGER_WORDS

COMMON, FREQUENT, ORDINARY, RARE = 20, 35, 60, 70
SIZES = (10, 20, 35, 40, 50, 55, 60, 70)
# Both halves of a compound at least so long: "healthcare", "workflow".
HALF = 3


class English:
    """SCOWL's words, each with the smallest size that holds it."""

    def __init__(self, scowl: Path) -> None:
        self.size: dict[str, int] = dict.fromkeys([*FUNCTION_WORDS, *CAPITAL_BY_SPELLING], SIZES[0])
        for size in SIZES:
            for spelling in SPELLINGS:
                for word in read_list(scowl / f"{spelling}-words.{size}"):
                    if word.islower():
                        self.size.setdefault(word, size)
        for word in YOUNGER_WORDS:
            self.size[word] = COMMON
        # Of people and places; they pass as names wherever they stand.
        self.names = {name for sort in ("proper-names", "upper") for name in scowl_words(scowl, sort)}

    def has(self, word: str, size: int) -> bool:
        """Is the word in the list of that size? An apostrophe's ending aside."""
        return self.size.get(word.removesuffix("'s"), RARE + 1) <= size

    def compound(self, word: str) -> bool:
        """Two frequent words written as one."""
        return any(
            self.has(word[:at], FREQUENT) and self.has(word[at:], FREQUENT) for at in range(HALF, len(word) - HALF + 1)
        )
