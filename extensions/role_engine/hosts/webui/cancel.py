"""Everyone who may end a reply in the webui, as one event."""

from __future__ import annotations

import threading
import time
from typing import Any


class HostCancel(threading.Event):
    """Set when it is set itself, when any of `events` is, or when the webui's global stop flag is.

    The flag and the events are polled: the webui has no way to be told.
    """

    POLL_SECONDS = 0.05

    def __init__(self, shared: Any, *events: threading.Event | None) -> None:
        super().__init__()
        self._shared = shared
        self._events = tuple(event for event in events if event is not None)

    def is_set(self) -> bool:
        return super().is_set() or bool(self._shared.stop_everything) or any(event.is_set() for event in self._events)

    def wait(self, timeout: float | None = None) -> bool:
        end = None if timeout is None else time.monotonic() + timeout
        while not self.is_set():
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return False
            super().wait(self.POLL_SECONDS if left is None else min(left, self.POLL_SECONDS))
        return True
