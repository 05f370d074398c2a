"""Code that wants an event loop to be there, run where one is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def with_event_loop(make: Callable[[], Result]) -> Result:
    """What `make` returns or raises, called in a thread that has an event loop of its own, which never runs.

    Gradio makes the locks of a page where it finds an event loop, and a page without locks where it does not: outside
    of the main thread, and in it behind an `asyncio.run`. The caller's thread is left as it was.
    """

    def run() -> Result:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            return make()
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()
