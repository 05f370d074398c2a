"""Long work: in a thread of its own, telling how far it is, until it is done or somebody cancels it.

It belongs to the program, not to the page that began it: a page that is closed ends nothing, and one that is opened
later finds the work where it stands. What is cancelled gets `JobCancelled` out of its next report, and cleans up behind
itself as for any other exception.
"""

from __future__ import annotations

import logging
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from role_engine.errors import RoleEngineError
from role_engine.i18n.catalogue import Language, number, say

log = logging.getLogger("role_engine")

KEPT_ENDED = 50
"""Pieces of work that are over and still known, so that a view can say what came of them."""
_PATIENCE = 5.0  # seconds that cancelled work gets at the program's end to clean up behind itself

State = Literal["running", "done", "cancelled", "failed"]


class JobCancelled(Exception):
    """Raised inside of work that is to end. No `RoleEngineError`: nobody on the way is to take it for a problem."""


@dataclass(frozen=True)
class JobMessage:
    """What work tells: a text of the catalogue, in the language of whoever reads it.

    Attributes:
        values: fill the text; among them may be other texts, and decimals.
        share: how much is done, 0 to 1; None: not known.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    share: float | None = None

    def text(self, language: Language) -> str:
        return say(language, self.key, **{name: _said(value, language) for name, value in self.values.items()})


def size_message(count: int) -> JobMessage:
    """So many bytes, in a unit that suits them."""
    unit, size = next(((unit, size) for unit, size in (("gb", 1e9), ("mb", 1e6)) if count >= size), ("kb", 1e3))
    return JobMessage(f"size {unit}", {"size": max(count / size, 0.1 if count else 0.0)})


Report = Callable[[JobMessage], None]
"""Called by work as often as it likes. Raises `JobCancelled`."""
Do = Callable[[Report], JobMessage]
"""The work itself; what it returns says what came of it."""


class Job:
    """One piece of work.

    Attributes:
        id: of its own.
        key: what is worked at.
        told: the last report, or what came of it.
        error: what ended it, where it failed; "" for a bug, which the log tells about.
    """

    def __init__(self, work_id: str, key: Hashable, do: Do) -> None:
        self.id, self.key = work_id, key
        self.told = JobMessage("work begins")
        self.state: State = "running"
        self.error = ""
        self._do = do
        self._cancel, self._over = threading.Event(), threading.Event()

    def cancel(self) -> None:
        """Let it end at its next report; once it is over this changes nothing."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over; False: it is not yet."""
        return self._over.wait(seconds)

    @property
    def cancelling(self) -> bool:
        return self.state == "running" and self._cancel.is_set()

    def run(self) -> None:
        """Do it, on this thread."""
        try:
            self.told, self.state = self._do(self._report), "done"
        except JobCancelled:
            self.state = "cancelled"
        except RoleEngineError as error:
            self.error, self.state = f"{error.message} {error.hint}".strip(), "failed"
            log.warning("%s", error)
        except Exception:
            self.state = "failed"
            log.exception("%s failed", self.key)
        finally:
            self._over.set()

    def _report(self, told: JobMessage) -> None:
        if self._cancel.is_set():
            raise JobCancelled
        self.told = told


class JobRunner:
    """The work of one program. Thread-safe. What runs when the program ends is cancelled."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._works: OrderedDict[str, Job] = OrderedDict()
        self._end = weakref.finalize(self, _cancel_all, self._works)

    def start(self, key: Hashable, do: Do) -> Job:
        """Begin what `key` names; where that is under way already, it is the running one that is returned."""
        with self._lock:
            if (running := self._running(key)) is not None:
                return running
            work = Job(secrets.token_urlsafe(9), key, do)  # it goes through browsers: nobody is to guess others'
            self._works[work.id] = work
            over = [one.id for one in self._works.values() if one.state != "running"]
            for work_id in over[: len(over) - KEPT_ENDED]:
                del self._works[work_id]
        threading.Thread(target=work.run, name="role-engine-work", daemon=True).start()
        return work

    def running(self, key: Hashable) -> Job | None:
        """What is under way for `key`."""
        with self._lock:
            return self._running(key)

    def get(self, work_id: str) -> Job | None:
        """The work of that id; None: it was long ago."""
        with self._lock:
            return self._works.get(work_id)

    def close(self) -> None:
        """Cancel everything, and give it a moment to clean up."""
        self._end()

    def _running(self, key: Hashable) -> Job | None:
        return next((one for one in self._works.values() if one.key == key and one.state == "running"), None)


def _cancel_all(works: Mapping[str, Job]) -> None:
    running = [work for work in works.values() if work.state == "running"]
    for work in running:
        work.cancel()
    for work in running:
        work.wait(_PATIENCE)


def _said(value: Any, language: Language) -> Any:
    """Values that each language writes in its own way."""
    if isinstance(value, JobMessage):
        return value.text(language)
    return number(language, value) if isinstance(value, float) else value
