"""How much of a context a role may take.

| context | tokens of a role |
| --- | --- |
| 4k | 500–1,000 |
| 32k | 3,000–5,000 |
| 128k and more | a whole book |

Up to 32k it is the table's upper bound, and never more than a quarter; from 128k on it is half of the context; in
between, and between the rows, the bound rises evenly.
"""

from __future__ import annotations

from bisect import bisect_right

_ROWS = ((4096, 1000), (32_768, 5000), (128_000, 64_000))
"""Context, and what a role may take of it at most."""
_QUARTER, _HALF = 4, 2


def role_share(context: int, max_share: float | None = None) -> int:
    """The tokens that a role may take of `context`.

    Args:
        max_share: the share that the role's file sets itself (`budget: {max_share: 0.4}`), in place of the table's.
    """
    if max_share is not None:
        return int(context * max_share)
    contexts = [row[0] for row in _ROWS]
    at = bisect_right(contexts, context)
    if at == 0:
        return min(context // _QUARTER, _ROWS[0][1])
    if at == len(_ROWS):
        return context // _HALF
    (low, least), (high, most) = _ROWS[at - 1], _ROWS[at]
    between = least + (context - low) * (most - least) // (high - low)
    return between if context > contexts[1] else min(context // _QUARTER, between)
