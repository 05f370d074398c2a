"""Ctrl-C that ends a reply, and not the program."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def interrupt_sets(event: Event) -> Iterator[None]:
    """While it lasts the first Ctrl-C sets `event`; a second one is a KeyboardInterrupt, should nothing have ended."""
    if threading.current_thread() is not threading.main_thread():  # signals are none of its business
        yield
        return

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
