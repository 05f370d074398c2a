"""UTF-8 as an automaton over bytes that reads one character and says which class it is of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from role_engine.decoder.classes import Partition

INVALID = -(1 << 30)
"""No character goes on so."""

_NONE = 0xFFFF


@dataclass(frozen=True, eq=False)
class Utf8:
    """Nodes are numbers; node 0 stands before a character, each other one within.

    Attributes:
        steps: [nodes, 256]: the next node; or a class `c` as `-1 - c`, where the character ends; or `INVALID`.
        reach: [nodes, classes]: whether a character of that class can end the bytes read so far.
    """

    steps: NDArray[np.int32]
    reach: NDArray[np.bool_]


def utf8(classes: Partition) -> Utf8:
    """The automaton for a partition. Equal rests are one node."""
    table = np.full(0x110000, _NONE, np.uint16)
    for first, last, group in classes.runs:
        table[first : last + 1] = group
    rows: list[NDArray[np.int32]] = [np.full(256, INVALID, np.int32)]
    known: dict[bytes, int] = {}

    def nodes(steps: NDArray[np.int32]) -> NDArray[np.int32]:
        """The nodes whose bytes 80..BF lead to the rows of `steps`."""
        data, size = steps.tobytes(), steps.itemsize * 64
        return np.array([node(data[at : at + size]) for at in range(0, len(data), size)], np.int32)

    def node(key: bytes) -> int:
        if key not in known:
            row = np.full(256, INVALID, np.int32)
            row[0x80:0xC0] = np.frombuffer(key, np.int32)
            known[key] = len(rows)
            rows.append(row)
        return known[key]

    nothing = np.full(64, INVALID, np.int32)
    known[nothing.tobytes()] = INVALID
    ends = np.where(table == _NONE, INVALID, -1 - table.astype(np.int32)).reshape(-1, 64)
    seconds = nodes(ends).reshape(-1, 64)
    thirds = seconds[:16].copy()
    thirds[0, :0x20] = INVALID  # what two bytes can say, three must not
    fourths = np.concatenate([nodes(seconds), np.full(48, INVALID, np.int32)]).reshape(5, 64)
    fourths[0, :0x10] = INVALID
    rows[0][:0x80] = ends.reshape(-1)[:0x80]
    rows[0][0xC2:0xE0] = seconds[0, 2:0x20]
    rows[0][0xE0:0xF0] = nodes(thirds)
    rows[0][0xF0:0xF5] = nodes(fourths)
    steps = np.stack(rows)
    return Utf8(steps, _reach(steps, len(classes)))


def _reach(steps: NDArray[np.int32], size: int) -> NDArray[np.bool_]:
    reach = np.zeros((len(steps), size), bool)
    for number in [*range(1, len(steps)), 0]:  # what a node leads to was made before it
        targets = steps[number]
        reach[number, -1 - targets[(targets < 0) & (targets != INVALID)]] = True
        reach[number] |= reach[targets[targets > 0]].any(axis=0)
    return reach
