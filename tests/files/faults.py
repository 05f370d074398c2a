"""A program that does one piece of work again and again, and each time something happens at another step of it.

    python -m tests.files.faults SCENARIO FOLDER

Steps are the calls that change the disk, counted below everything of ours: `os.open` for writing, `write`, `fsync`,
`mkdir`, `rename`, `replace`, `link`, `unlink`, `rmdir`, and the opening of files by Python's own `open`. Every attempt
is a fork in a folder of its own, FOLDER/KIND-STEP, until one comes through without reaching its step. What happens is
`kill` (the process is gone, a write half done), `full` (from there on the disk is full) or `broken` (from there on
nothing works, no removing either); the last two at every second step, to save time. One JSON line a step
tells how it ended.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

KINDS = ("kill", "full", "broken")
NAMES = ("write", "fsync", "mkdir", "rename", "replace", "link", "unlink", "rmdir", "truncate", "ftruncate")
REMOVING = ("unlink", "rmdir", "ftruncate", "truncate")
MOST = 400
OUTCOMES = {0: "done", 1: "refused", 3: "raised", -signal.SIGKILL: "killed"}


class Fault:
    """Counts steps, and strikes at one of them."""

    def __init__(self, kind: str, at: int) -> None:
        self.kind, self.at, self.count, self.reached = kind, at, 0, False

    def step(self, name: str, half: Callable[[], Any] | None = None) -> None:
        self.count += 1
        if self.count < self.at:
            return
        self.reached = True
        if self.kind == "kill":
            if half is not None:
                half()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "broken" or name not in REMOVING:
            raise OSError(errno.ENOSPC if self.kind == "full" else errno.EIO, "the test's fault")


def arm(fault: Fault) -> None:
    def wrapped(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            half = None
            if name == "write" and given[0] > 2:
                half = lambda: real(given[0], given[1][: len(given[1]) // 2])  # noqa: E731
            if name != "write" or given[0] > 2:
                fault.step(name, half)
            return real(*given, **named)

        return call

    for name in NAMES:
        setattr(os, name, wrapped(name, getattr(os, name)))
    real_open, real_io = os.open, io.open

    def os_open(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if flags & os.O_CREAT:
            fault.step("open")
        return real_open(path, flags, *given, **named)

    def io_open(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        if set(mode) & set("wxa+"):
            fault.step("open")
        return real_io(file, mode, *given, **named)

    os.open = os_open
    io.open = io_open


def attempt(act: Callable[[Path], None], folder: Path, kind: str, at: int) -> tuple[int, bool]:
    """The exit code of a fork, and whether it came as far as its step."""
    from role_engine.errors import RoleEngineError

    pid = os.fork()
    if pid == 0:
        fault = Fault(kind, at)
        arm(fault)
        code = 0
        try:
            act(folder)
        except RoleEngineError:
            code = 1
        except BaseException:
            traceback.print_exc()
            code = 3
        os._exit(code if fault.reached else code + 100)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return (code - 100, False) if code >= 100 else (code, True)


def main(scenario: str, home: Path) -> None:
    from tests.files.scenarios import SCENARIOS

    os.fsync = lambda handle: None  # it would take most of the time
    work = SCENARIOS[scenario]
    (home / "prepared").mkdir(parents=True)
    work.prepare(home / "prepared")
    for kind in KINDS:
        for step in range(1, MOST, 1 if kind == "kill" else 2):
            folder = home / f"{kind}-{step}"
            shutil.copytree(home / "prepared", folder)
            code, reached = attempt(work.act, folder, kind, step)
            told = {"kind": kind, "folder": folder.name, "reached": reached, "outcome": OUTCOMES.get(code, str(code))}
            print(json.dumps(told), flush=True)
            if not reached:
                break
        else:
            raise SystemExit(f"more than {MOST} steps")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
