"""Ctrl-C in a conversation: it ends the reply, or drops the line that is typed, and never gets lost.

Python notes a signal and calls its handler later, in the main thread, between two steps of Python code. Waiting for a
key or for a server's next word is one long step: a signal that comes at its very beginning, after the last look and
before the wait, is seen when the wait is over, perhaps never. (Of Ctrl-Cs sent the moment that `input()` shows its
prompt, one in a hundred.) So a thread hears of each Ctrl-C at once, and calls the main thread until that has looked.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any

CALL: int | None = getattr(signal, "SIGURG", None)
"""The signal that calls the main thread: ignored where nobody handles it, and used by nobody here."""
_CALL_AGAIN = 0.02  # seconds


class Interrupts:
    """Who gets Ctrl-C; a context manager for the length of a conversation.

    While a line is read, it is a KeyboardInterrupt. While a reply is made, the first one ends the reply, and the second
    is a KeyboardInterrupt. At any other time it is kept for the next line; one more before that is a KeyboardInterrupt,
    for then something does not end. Outside the main thread, which alone gets signals, nothing is changed.

    Attributes:
        kept: one is kept for the next line.
    """

    def __init__(self) -> None:
        self.kept = False
        self._reading = False
        self._cancel: Event | None = None
        self._before: Any = None
        self._watch: _Watch | None = None

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            if CALL is not None:
                self._watch = _Watch(CALL, self._on_interrupt)
            else:
                self._before = signal.signal(signal.SIGINT, lambda number, frame: self._on_interrupt())
        return self

    def __exit__(self, *raised: object) -> None:
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
            self._before = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While a line is read.

        Raises:
            KeyboardInterrupt: Ctrl-C, now or since the last reply.
        """
        self._reading = True
        try:
            if self.kept:
                self.kept = False
                raise KeyboardInterrupt
            yield
        finally:
            self._reading = False

    @contextmanager
    def replying(self, cancel: Event) -> Iterator[None]:
        """While a reply is made; the first Ctrl-C sets `cancel`.

        Raises:
            KeyboardInterrupt: the second Ctrl-C; the first did not end the reply.
        """
        self._cancel = cancel
        try:
            yield
        finally:
            self._cancel = None

    def _on_interrupt(self) -> None:
        # What it raises may come out between any two steps, so the state is settled here and not where it is caught.
        if self._cancel is not None and not self._cancel.is_set():
            self._cancel.set()
        elif self._cancel is not None or self._reading or self.kept:
            self._cancel, self._reading, self.kept = None, False, False
            raise KeyboardInterrupt
        else:
            self.kept = True


class _Watch:
    """Calls `act` in the main thread soon after each Ctrl-C.

    It is the call's handler that acts, not Ctrl-C's: `input()` looks for signals once more when a handler has raised,
    and cannot bear to find another one then.
    """

    def __init__(self, call: int, act: Callable[[], None]) -> None:
        self._call, self._act, self._main = call, act, threading.get_ident()
        self._pressed = False
        self._looked = False
        handlers = {signal.SIGINT: self._on_interrupt, call: self._on_call}
        self._before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        self._told_before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._run, name="role-engine-interrupts", daemon=True)
        self._thread.start()

    def close(self) -> None:
        signal.set_wakeup_fd(self._told_before)
        os.close(self._write)
        self._thread.join()
        os.close(self._read)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        self._pressed = True

    def _on_call(self, number: int, frame: FrameType | None) -> None:
        self._looked = True
        if self._pressed:
            self._pressed = False
            self._act()

    def _run(self) -> None:
        # Handlers run in the order of their numbers, so when the call is answered, Ctrl-C's has run.
        while numbers := os.read(self._read, 4096):
            if signal.SIGINT in numbers:
                self._looked = False
                while not self._looked:
                    signal.pthread_kill(self._main, self._call)
                    time.sleep(_CALL_AGAIN)
