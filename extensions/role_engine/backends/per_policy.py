"""What is made once for each language policy and kept: masks, biases."""

from __future__ import annotations

import logging
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
    """

    def __init__(self, make: Callable[[LanguagePolicy], Made], fields: tuple[str, ...], what: str) -> None:
        self._make, self._fields, self._what = make, fields, what
        self._lock = Lock()
        self._kept: OrderedDict[LanguagePolicy, Made] = OrderedDict()
        self._broken = False

    def of(self, policy: LanguagePolicy) -> Made | None:
        """The policy's; None where it cannot be made."""
        policy = LanguagePolicy(**{name: getattr(policy, name) for name in self._fields})
        with self._lock:
            found = self._kept.get(policy)
            if found is None and not self._broken:
                try:
                    found = self._make(policy)
                except (ImportError, OSError, RoleEngineError, ValueError, KeyError, TypeError) as error:
                    self._broken = True
                    logger.warning("No %s for this model, the guard alone watches: %s", self._what, error)
            if found is not None:
                self._kept[policy] = found
                self._kept.move_to_end(policy)
                if len(self._kept) > KEPT_POLICIES:
                    self._kept.popitem(last=False)
            return found
