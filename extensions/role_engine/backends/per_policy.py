"""What is made once for each language policy and kept: masks, biases."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from role_engine.errors import RoleEngineError
from role_engine.language.policy import LanguagePolicy

logger = logging.getLogger(__name__)

KEPT_POLICIES = 4

Made = TypeVar("Made")


class PerPolicy(Generic[Made]):
    """Makes what is asked for, and keeps the last few. Thread-safe.

    Args:
        make: from a policy of which only `fields` are set; may take its time. What it raises of `RoleEngineError`, or
            for a broken file or a missing package, is logged once; nothing is made from then on.
        fields: what `make` depends on, so that policies that differ in the rest share theirs.
        what: its name in the log.

    Attributes:
        problem: why nothing can be made for this model; "" where nothing is known to be in the way.
    """

    def __init__(self, make: Callable[[LanguagePolicy], Made], fields: tuple[str, ...], what: str) -> None:
        self._make, self._fields, self._what = make, fields, what
        self._lock = Lock()
        self._kept: OrderedDict[LanguagePolicy, Made] = OrderedDict()
        self._seconds: dict[LanguagePolicy, float] = {}
        self._listener: Callable[[str], None] | None = None
        self.problem = ""

    def of(self, policy: LanguagePolicy, stage: Callable[[str], None] | None = None) -> Made | None:
        """The policy's; None where it cannot be made.

        Args:
            stage: told the name of each stage that `make` reaches. What it raises ends the making, and is raised here.
        """
        policy = self._key(policy)
        with self._lock:
            found = self._kept.get(policy)
            if found is None and not self.problem:
                self._listener, begun = stage, time.monotonic()
                try:
                    found = self._make(policy)
                    self._seconds[policy] = time.monotonic() - begun
                except (ImportError, OSError, RoleEngineError, ValueError, KeyError, TypeError) as error:
                    self.problem = str(error) or type(error).__name__
                    logger.warning("No %s for this model, the guard alone watches: %s", self._what, error)
                finally:
                    self._listener = None
            if found is not None:
                self._kept[policy] = found
                self._kept.move_to_end(policy)
                if len(self._kept) > KEPT_POLICIES:
                    dropped, _ = self._kept.popitem(last=False)
                    del self._seconds[dropped]
            return found

    def seconds(self, policy: LanguagePolicy) -> float | None:
        """How long the making of the policy's took; None: it is not made yet, or has been dropped since."""
        return self._seconds.get(self._key(policy))

    def reach(self, stage: str) -> None:
        """For `make`: the next stage begins."""
        if self._listener is not None:
            self._listener(stage)

    def _key(self, policy: LanguagePolicy) -> LanguagePolicy:
        return LanguagePolicy(**{name: getattr(policy, name) for name in self._fields})
