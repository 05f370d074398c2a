"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def trim_memory() -> None:
    """Give back what the C library keeps of freed memory; glibc alone keeps so much that it can be asked to.

    Several large bodies at once leave gaps in its heap, hundreds of megabytes after a while. Takes some milliseconds,
    in which other Python threads go on.
    """
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
