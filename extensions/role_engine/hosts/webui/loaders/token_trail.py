"""Which tokens a piece of text came from, where the engine tells text and tokens apart from each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from role_engine.backends.base import UNKNOWN_TOKEN


class TokenTrail:
    """Follows a reply through the ids that a logits processor has seen.

    The processor sees a token only when the next one is about to be sampled, so the last token of a piece is usually
    not among `ids` yet; then it is counted, and named by encoding the piece where that gives one token.

    Args:
        ids: the generated ids, growing while this is read.
        decode, encode: text of ids, ids of a text.
    """

    def __init__(
        self, ids: Sequence[int], decode: Callable[[list[int]], str], encode: Callable[[str], list[int]]
    ) -> None:
        self._ids, self._decode, self._encode = ids, decode, encode
        self.passed = 0

    def take(self, piece: str) -> tuple[int, ...]:
        """The ids behind the next piece; `UNKNOWN_TOKEN` for one that cannot be told."""
        seen = list(self._ids[self.passed :])
        for size in range(1, len(seen) + 1):
            if self._decode(seen[:size]).strip() == piece.strip():
                break
        else:
            size = len(seen) + 1
        found = tuple(seen[:size])
        if len(found) < size:
            named = self._encode(piece)
            last = named[0] if size == 1 and len(named) == 1 else UNKNOWN_TOKEN
            found = (*found, last)
        self.passed += size
        return found
