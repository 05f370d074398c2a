"""What is chosen by chance, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def some(things: Sequence[Thing], number: int, seed: int) -> list[Thing]:
    """Up to `number` of `things`, in their order."""
    if len(things) <= number:
        return list(things)
    return [things[at] for at in sorted(random.Random(seed).sample(range(len(things)), number))]
