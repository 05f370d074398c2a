"""A command on a terminal of its own: what it writes can be waited for, what it reads is typed."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EXTENSIONS = Path(__file__).resolve().parents[3] / "extensions"
SECONDS = 60.0
"""How long a test waits for what must come soon; it fails, and does not pass, when that is too short."""


class Terminal:
    """`role-engine` with a pseudo-terminal as its three streams."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self._process, self._master = process, master
        self._unread = b""

    def until(self, text: str) -> str:
        """What was written up to `text` and with it, since the last call."""
        end, sought = time.monotonic() + SECONDS, text.encode()
        while sought not in self._unread:
            assert time.monotonic() < end, f"{text!r} never came, but: {self._unread.decode('utf-8', 'replace')!r}"
            if not self._read():
                raise AssertionError(f"it left before {text!r}: {self._unread.decode('utf-8', 'replace')!r}")
        before, _, self._unread = self._unread.partition(sought)
        return (before + sought).decode().replace("\r\n", "\n")

    def type(self, line: str) -> None:
        os.write(self._master, f"{line}\n".encode())

    def end_of_input(self) -> None:
        """Ctrl-D."""
        os.write(self._master, b"\x04")

    def interrupt(self) -> None:
        """Ctrl-C, as the program gets it, and at once: whatever it does just then, it must not miss it."""
        self._process.send_signal(signal.SIGINT)

    def exit_code(self) -> int:
        """Waits for the end."""
        while self._read():
            pass
        return self._process.wait(SECONDS)

    def _read(self) -> bool:
        """Some more of what it writes; False when it has left."""
        if not select.select([self._master], [], [], 0.2)[0]:
            return self._process.poll() is None
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # Linux: the other side is closed
            return False
        self._unread += piece
        return bool(piece)


@contextmanager
def on_terminal(home: Path, *arguments: object, **environment: str) -> Iterator[Terminal]:
    """`role-engine ARGUMENTS` on a terminal, in the folder `home`, speaking Russian."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "role_engine", *map(str, arguments)],
        cwd=home, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(EXTENSIONS), "PYTHONUTF8": "1", "LANG": "ru_RU.UTF-8",
             "TERM": "dumb", "HOME": str(home), **environment},
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
